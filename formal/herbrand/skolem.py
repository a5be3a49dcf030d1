"""Skolem form: universal formulas that have a model with empty sorts allowed, if the formulas they come from have one.

1. Negation normal form. Where there is exactly one tuple, one is named, and all others are equal to it; where there
   is not, there is none, or there are two different ones. A formula that is copied gets new bound variables.
2. A conjunction at the top, also below quantifiers, is divided. Its parts keep all universal variables above them,
   used or not: where one of their sorts is empty, nothing is said.
3. An existential variable becomes a function of the universal variables above it. Below a disjunction there need not
   be a value: the function comes with the literal ``defined``.
4. Universal quantifiers below a disjunction move to the front. This weakens the formula where the sort is empty, which
   is sound.

Source: Chang and Lee, Symbolic Logic and Mechanical Theorem Proving (1973), sections 3.4 and 4.2.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from formal.herbrand.claim import Claim, Formula, read_claim
from formal.herbrand.problem import Axiom, Function, Matrix, Problem, Term, Type
from formal.herbrand.reading import Ledger, Limits, Rejected, demand
from formal.herbrand.term import Telescope, explicit_names

DEFAULT = Limits()
TRUE: Formula = ("and",)
FALSE: Formula = ("or",)


def read(claim: bytes, *, limits: Limits = DEFAULT) -> Problem:
    """The axioms of a claim, laws included, and its negated goal in Skolem form.

    Raises:
        Rejected: the claim cannot be read, or is not well-typed.
    """
    return read_problem(claim, limits)[1]


def read_problem(claim: bytes, limits: Limits) -> tuple[Claim, Problem]:
    """A claim, and its Skolem form."""
    ledger = Ledger(limits.claim)
    try:
        found = read_claim(claim, ledger, limits)
        return found, skolemise(found, sha256(claim).hexdigest(), ledger)
    except RecursionError:
        raise Rejected("limit", "the caller has left too little stack") from None


def skolemise(claim: Claim, digest: str, ledger: Ledger) -> Problem:
    """The Skolem form of a claim."""
    result = Problem(dict(claim.functions), {}, digest)
    for title, formula in (*claim.axioms.items(), ("goal", ("not", claim.goal))):
        normal = negation_normal_form(formula, ledger)
        _Skolemisation(title, result, ledger).divide(normal, (), {})
    return result


def negation_normal_form(formula: Formula, ledger: Ledger) -> Formula:
    """A closed formula with negation in literals only, every bound variable having a name of its own."""
    return _Normal(ledger).form(formula, True, {})


def fresh(name: str, taken: Container[str], ledger: Ledger) -> str:
    """The first of ``name``, ``name#2``, ``name#3``, … that is not taken."""
    found, number = name, 1
    while found in taken:
        ledger.spend()
        number += 1
        found = f"{name}#{number}"
    return found


@dataclass(slots=True)
class _Normal:
    """Negation normal form of one formula: and, or, literals, quantifiers; no name is bound twice."""

    ledger: Ledger
    taken: set[str] = field(default_factory=set)

    def form(self, formula: Formula, sign: bool, names: Mapping[str, Term]) -> Formula:
        """The normal form of a formula (``sign``) or of its negation, with new names for its free variables."""
        self.ledger.spend()
        kind, *parts = formula
        match kind:
            case "true" | "false":
                return TRUE if (kind == "true") is sign else FALSE
            case "=":
                return ("=" if sign else "!=", *(_rename(side, names, self.ledger) for side in parts))
            case "not":
                return self.form(parts[0], not sign, names)
            case "and" | "or":
                return _junction("and" if (kind == "and") is sign else "or", (self.form(p, sign, names) for p in parts))
            case "implies":
                return self.form(("or", ("not", parts[0]), parts[1]), sign, names)
            case "iff":
                left, right = parts
                no_left, no_right = ("not", left), ("not", right)
                one, other = ((no_left, right), (left, no_right)) if sign else ((left, right), (no_left, no_right))
                return self.form(("and", ("or", *one), ("or", *other)), True, names)
            case "exists!":
                return self._exactly_one(parts[0], parts[1], sign, names)
            case _:
                kind = "forall" if (kind == "forall") is sign else "exists"
                return self._bind(kind, parts[0], parts[1], sign, names)

    def _bind(self, kind: str, telescope: Telescope, body: Formula, sign: bool, names: Mapping[str, Term]) -> Formula:
        renamed, inner = self._fresh(telescope, names)
        return (kind, renamed, self.form(body, sign, inner))

    def _exactly_one(self, telescope: Telescope, body: Formula, sign: bool, names: Mapping[str, Term]) -> Formula:
        one, first = self._fresh(telescope, names)
        other, second = self._fresh(telescope, names)
        equations = [("=" if sign else "!=", b, a) for (a, _), (b, _) in zip(one, other, strict=True)]
        here = self.form(body, True, first)
        if sign:
            unique = _junction("or", (self.form(body, False, second), _junction("and", equations)))
            return ("exists", one, _junction("and", (here, ("forall", other, unique))))
        different = _junction("and", (here, self.form(body, True, second), _junction("or", equations)))
        none = self._bind("forall", telescope, body, False, names)
        return _junction("or", (none, ("exists", one, ("exists", other, different))))

    def _fresh(self, telescope: Telescope, names: Mapping[str, Term]) -> tuple[Telescope, dict[str, Term]]:
        """A telescope with names that are not taken."""
        self.ledger.spend(len(names))
        inner, renamed = dict(names), []
        for variable, type_ in telescope:
            found = fresh(variable, self.taken, self.ledger)
            self.taken.add(found)
            renamed.append((found, _rename_type(type_, inner, self.ledger)))
            inner[variable] = found
        return tuple(renamed), inner


@dataclass(slots=True)
class _Skolemisation:
    """Universal formulas for one formula in negation normal form, and its Skolem functions."""

    title: str
    result: Problem
    ledger: Ledger
    parts: int = 0

    def divide(self, formula: Formula, above: Telescope, values: Mapping[str, Term]) -> None:
        """Add the parts of a formula that is under no disjunction."""
        self.ledger.spend(1 + len(above) + len(values))
        match formula:
            case ("and", *parts):
                for part in parts:
                    self.divide(part, above, values)
            case ("forall", telescope, body):
                self.divide(body, (*above, *self._types(telescope, values)), values)
            case ("exists", telescope, body):
                self.divide(body, above, {**values, **self._functions(telescope, above, values, defined=True)})
            case _:
                for front, matrix in self._clauses(formula, above, values):
                    self.parts += 1
                    name = self.title if self.parts == 1 else f"{self.title}#{self.parts}"
                    demand(name not in self.result.axioms, "names", "two axioms have one name")
                    variables = (*above, *front)
                    self.result.axioms[name] = Axiom(name, variables, explicit_names(variables), matrix)

    def _clauses(
        self, formula: Formula, above: Telescope, values: Mapping[str, Term]
    ) -> list[tuple[Telescope, Matrix]]:
        """A formula under a disjunction as universal formulas: their further variables, and their matrices.

        What a conjunction says without a variable must not be said only for its values, since there may be none:
        ``A or (B and forall m. C)`` is ``A or B``, and for all m, ``A or C``.
        """
        self.ledger.spend(1 + len(above) + len(values))
        match formula:
            case ("forall", telescope, body):
                typed = self._types(telescope, values)
                return [((*typed, *front), m) for front, m in self._clauses(body, (*above, *typed), values)]
            case ("exists", telescope, body):
                chosen = self._functions(telescope, above, values, defined=False)
                denote: list[tuple[Telescope, Matrix]] = [((), ("defined", term)) for term in chosen.values()]
                return _together([*denote, *self._clauses(body, above, {**values, **chosen})])
            case ("and", *parts):
                return _together([clause for part in parts for clause in self._clauses(part, above, values)])
            case ("or", *parts):
                product: list[tuple[Telescope, Matrix]] = [((), FALSE)]
                for clauses in [self._clauses(part, above, values) for part in parts]:
                    self.ledger.spend(len(product) * len(clauses))
                    product = [((*f, *g), _junction("or", (m, n))) for f, m in product for g, n in clauses]
                return product
            case _:
                return [((), (formula[0], *(_rename(side, values, self.ledger) for side in formula[1:])))]

    def _types(self, telescope: Telescope, values: Mapping[str, Term]) -> Telescope:
        return tuple((variable, _rename_type(type_, values, self.ledger)) for variable, type_ in telescope)

    def _functions(
        self, telescope: Telescope, above: Telescope, values: Mapping[str, Term], *, defined: bool
    ) -> dict[str, Term]:
        """Skolem functions of the universal variables above: their applications, by existential variable."""
        functions = self.result.functions
        explicit = explicit_names(above)
        chosen: dict[str, Term] = {}
        for variable, type_ in telescope:
            self.ledger.spend(1 + len(above))
            name = fresh(f"{self.title}.{variable}", functions, self.ledger)
            result = _rename_type(type_, {**values, **chosen}, self.ledger)
            functions[name] = Function(name, above, result, explicit, defined)
            chosen[variable] = (name, *explicit)
        return chosen


def _together(clauses: list[tuple[Telescope, Matrix]]) -> list[tuple[Telescope, Matrix]]:
    """Clauses for the same variables as one."""
    found: dict[Telescope, list[Matrix]] = {}
    for front, matrix in clauses:
        found.setdefault(front, []).append(matrix)
    return [(front, _junction("and", matrices)) for front, matrices in found.items()]


def _junction(kind: str, parts: Any) -> Formula:
    """A conjunction or disjunction, flat; of one part, that part."""
    flat: list[Formula] = []
    for part in parts:
        flat += part[1:] if part[0] == kind else [part]
    return flat[0] if len(flat) == 1 else (kind, *flat)


def _rename_type(type_: Type, values: Mapping[str, Term], ledger: Ledger) -> Type:
    return Type(type_.kind, type_.owner, tuple(_rename(index, values, ledger) for index in type_.indices))


def _rename(term: Term, values: Mapping[str, Term], ledger: Ledger) -> Term:
    """A term with values for some variables; the stack is as deep as its brackets."""
    ledger.spend()
    if isinstance(term, str):
        return values.get(term, term)
    return (term[0], *(_rename(argument, values, ledger) for argument in term[1:]))  # type: ignore[arg-type]
