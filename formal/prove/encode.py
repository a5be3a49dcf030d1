"""A problem as quantified SMT-LIB text, in one of several encodings with one of several sorts of triggers.

- **ends**: ``dom`` and ``cod`` of an arrow and ``at`` of an element are functions; variables that a type determines are
  replaced by them, and an axiom holds where the ends that remain agree.
- **hom**: f: x -> y is a predicate of three things. Associativity holds without premises: adjoin to every hom-set a
  zero, the composite of what is not composable.
- **guarded hom**: the same, with the premises.

Functions are total on the sorts without indices: where arguments do not fit, any value will do. That needs sorts which
are not empty. A sort without closed terms has no instances, so its axioms are left out; where every closed term is
typed only up to equations, or need not denote, variables are guarded by the predicate ``i`` of what denotes. A proof
from any encoding is only a hint: the instances that it uses are checked as typed ones.

Source: Claessen, Lillieström, Smallbone, Sort it out with monotonicity (2011); Detlefs, Nelson, Saxe, Simplify (2005),
for triggers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from formal.herbrand.problem import Axiom, Function, Problem, Term, Type
from formal.prove.smtlib import Symbols, conjunction, implication
from formal.prove.term import (
    IllSorted,
    Sort,
    Typing,
    arguments,
    sort_of,
    substitute,
    substitute_matrix,
    subterms,
    terms_of,
)
from formal.prove.universe import Universe, inhabited, reachable, solved


class Encoding(StrEnum):
    """How an arrow's ends are said."""

    ENDS = "ends"
    HOM = "hom"
    GUARDED_HOM = "guarded hom"


class Triggers(StrEnum):
    """When an axiom is instantiated."""

    AUTOMATIC = "automatic"
    """As the solver sees fit."""
    TERMS = "terms"
    """Where terms like those of the axiom occur."""
    GENERATORS = "generators"
    """The same, but axioms with Skolem functions for everything that fits: they make new terms."""
    GUARDS = "guards"
    """For everything that fits."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """The text, and what its names mean.

    Args:
        axioms: by quantifier name, with terms in the quantified variables for the explicit ones.
        functions: by function name: the problem's, or ``INDEX kind owner position`` for an end.
    """

    text: bytes
    axioms: dict[str, tuple[Axiom, tuple[Term, ...]]]
    functions: dict[str, str]
    typing: Typing


_NOTHING: Mapping[str, Term] = MappingProxyType({})
INDEX = "index "
"""How the name of a function begins that gives an index of a type: ``dom``, ``cod``, ``at``."""


def encode(
    universe: Universe,
    problem: Problem,
    introduced: frozenset[str],
    encoding: Encoding,
    triggers: Triggers,
    seeded: int,
) -> Encoded:
    """Write a problem.

    Args:
        universe: closed terms; the first ``seeded`` are made known to the solver.
        introduced: the Skolem functions of the problem.
    """
    writer = _Writer(problem, Symbols(problem), introduced, encoding, triggers, inhabited(universe), reachable(problem))
    text = "\n".join([*writer.declarations(), *writer.typing(), *writer.seeds(universe, seeded), *writer.axioms(), ""])
    functions = {smt: name for name, smt in writer.symbols.functions.items()}
    return Encoded(text.encode("ascii"), writer.quantifiers, functions, universe.typing)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The quantified variables of an axiom: their SMT-LIB names and sorts, guards, and atoms to be used as triggers."""

    values: dict[str, Term]
    sorts: dict[str, Sort]
    guards: tuple[str, ...]
    atoms: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Writer:
    problem: Problem
    symbols: Symbols
    introduced: frozenset[str]
    encoding: Encoding
    triggers: Triggers
    inhabited: frozenset[Sort]
    reachable: frozenset[Sort]
    quantifiers: dict[str, tuple[Axiom, tuple[Term, ...]]] = field(default_factory=dict)

    def declarations(self) -> Iterator[str]:
        """Sorts, functions, ends and typing predicates."""
        symbols = self.symbols
        yield from symbols.declarations()
        for smt in symbols.sorts.values():
            yield f"(declare-fun i{smt} ({smt}) Bool)"
        for sort, base in self._indexed().items():
            smt = symbols.sorts[sort]
            if self.encoding is Encoding.ENDS:
                for position in range(len(base)):
                    name = f"{smt}i{position}"
                    symbols.functions[_index_name(sort, position)] = name
                    yield f"(declare-fun {name} ({smt}) {base[position]})"
            else:
                yield f"(declare-fun h{smt} ({' '.join([smt, *base])}) Bool)"

    def _indexed(self) -> dict[Sort, list[str]]:
        """The sorts with indices, and the sorts of these."""
        found: dict[Sort, list[str]] = {}
        for function in self.problem.functions.values():
            types = dict(function.parameters)
            for type_ in (*types.values(), function.result):
                if type_.indices:
                    sorts = [self._object_sort(index, types) for index in type_.indices]
                    found.setdefault(sort_of(type_), sorts)
        return found

    def _object_sort(self, index: Term, types: Mapping[str, Type]) -> str:
        type_ = types[index] if isinstance(index, str) else self.problem.functions[str(index[0])].result
        return self.symbols.sorts[sort_of(type_)]

    # --- variables ---------------------------------------------------------------------------------

    def _scope(
        self,
        telescope: tuple[tuple[str, Type], ...],
        explicit: Iterable[str],
        solved: Mapping[str, Term] = _NOTHING,
        *,
        guarded: bool = True,
    ) -> _Scope:
        """Variables for a telescope, but those that are solved for."""
        ends = self.encoding is Encoding.ENDS or not guarded
        kept = [(name, type_) for name, type_ in telescope if name in explicit or not ends]
        free = [(name, type_) for name, type_ in kept if name not in solved]
        values: dict[str, Term] = {name: f"v{number}" for number, (name, _) in enumerate(free)}
        values |= {name: substitute(term, values) for name, term in solved.items()}
        sorts = {str(values[name]): sort_of(type_) for name, type_ in free}
        guards: list[str] = []
        atoms: dict[str, frozenset[str]] = {}
        if self.encoding is Encoding.ENDS:
            for name, type_ in kept:
                for position, index in enumerate(type_.indices):
                    if isinstance(index, str):
                        values.setdefault(index, (_index_name(sort_of(type_), position), values[name]))
        for name, type_ in kept:
            value = values[name]
            variable = self.symbols.term(value)
            smt = self.symbols.sorts[sort_of(type_)]
            if sort_of(type_) not in self.inhabited:
                guards.append(f"(i{smt} {variable})")
            if self.encoding is Encoding.ENDS:
                for position, index in enumerate(type_.indices):
                    left: Term = (_index_name(sort_of(type_), position), value)
                    right = substitute(index, values)
                    if left != right:
                        guards.append(self.symbols.matrix(("=", left, right)))
                atoms[f"(i{smt} {variable})"] = frozenset(_variables(value))
            elif not type_.indices:
                atoms[f"(i{smt} {variable})"] = frozenset(_variables(value))
            elif guarded:
                indices = [substitute(index, values) for index in type_.indices]
                atom = f"(h{smt} {variable} {' '.join(map(self.symbols.term, indices))})"
                guards.append(atom)
                atoms[atom] = frozenset(v for term in (value, *indices) for v in _variables(term))
        return _Scope(values, sorts, tuple(guards), atoms)

    # --- axioms ------------------------------------------------------------------------------------

    def typing(self) -> Iterator[str]:
        """Of which type the value of a function is, where its arguments fit and it denotes."""
        for number, function in enumerate(self.problem.functions.values()):
            scope = self._scope(function.parameters, function.explicit)
            term = (function.name, *(scope.values[name] for name in function.explicit))
            guards = list(scope.guards)
            if not function.defined:
                guards.append(self.symbols.defined(term))
            text = implication(guards, self._typed(function, term, scope.values))
            yield self._quantified(
                text, scope, f"t{number}", [_cover([self.symbols.term(term)], scope, frozenset(_variables(term)))]
            )

    def _typed(self, function: Function, term: Term, values: Mapping[str, Term]) -> str:
        sort = sort_of(function.result)
        smt = self.symbols.sorts[sort]
        indices = [substitute(index, values) for index in function.result.indices]
        found = [f"(i{smt} {self.symbols.term(term)})"]
        if self.encoding is Encoding.ENDS:
            ends = (((_index_name(sort, p), term), index) for p, index in enumerate(indices))
            found += [self.symbols.matrix(("=", left, right)) for left, right in ends]
        elif indices:
            found.append(f"(h{smt} {' '.join(map(self.symbols.term, [term, *indices]))})")
        return conjunction(found)

    def seeds(self, universe: Universe, count: int) -> Iterator[str]:
        """Ground atoms in which closed terms occur."""
        for number, term in enumerate(universe.terms):
            if number >= count:
                return
            atom = f"(i{self.symbols.sorts[sort_of(universe.typing.type_of(term))]} {self.symbols.term(term)})"
            conditions = universe.typing.conditions([term])
            yield f"(assert {implication(map(self.symbols.matrix, conditions), atom)})"

    def axioms(self) -> Iterator[str]:
        """The axioms that have instances."""
        for number, axiom in enumerate(self.problem.axioms.values()):
            if any(sort_of(type_) not in self.reachable for _, type_ in axiom.variables):
                continue
            free = self.encoding is Encoding.HOM and axiom.name.endswith(".associativity") and self._is_law(axiom)
            known = solved(axiom, objects_known=self.encoding is not Encoding.ENDS and not free)
            scope = self._scope(axiom.variables, axiom.explicit, known, guarded=not free)
            text = implication(scope.guards, self.symbols.matrix(_rename(axiom, scope.values)))
            name = f"q{number}"
            self.quantifiers[name] = (axiom, tuple(scope.values[variable] for variable in axiom.explicit))
            yield self._quantified(text, scope, name, self._patterns(axiom, scope))

    def _is_law(self, axiom: Axiom) -> bool:
        return axiom.name.rpartition(".")[0] in {owner for _, owner in self.symbols.sorts}

    def _quantified(self, text: str, scope: _Scope, name: str, patterns: list[list[str]]) -> str:
        if not scope.sorts:
            return f"(assert {text})"
        variables = " ".join(f"({variable} {self.symbols.sorts[sort]})" for variable, sort in scope.sorts.items())
        marks = "".join(f" :pattern ({' '.join(pattern)})" for pattern in patterns)
        return f"(assert (forall ({variables}) (! {text} :qid {name}{marks})))"

    # --- triggers ----------------------------------------------------------------------------------

    def _patterns(self, axiom: Axiom, scope: _Scope) -> list[list[str]]:
        if self.triggers is Triggers.AUTOMATIC or not scope.sorts:
            return []
        terms = list(terms_of(_rename(axiom, scope.values)))
        generates = any(str(s[0]) in self.introduced for t in terms for s in subterms(t) if not isinstance(s, str))
        law = self._is_law(axiom)
        if (self.triggers is Triggers.GUARDS and not law) or (self.triggers is Triggers.GENERATORS and generates):
            return [_cover([], scope)]
        candidates: dict[Term, frozenset[str]] = {}
        for term in terms:
            for subterm in subterms(term):
                heads = {str(s[0]) for s in subterms(subterm) if not isinstance(s, str)}
                if isinstance(subterm, str) or heads & self.introduced or str(subterm[0]).startswith(INDEX):
                    continue
                if variables := frozenset(_variables(subterm)):
                    candidates.setdefault(subterm, variables)
        whole = [t for t, variables in candidates.items() if len(variables) == len(scope.sorts)]
        least = [t for t in whole if not any(s in whole for s in subterms(t) if s != t)]
        if least:
            return [[self.symbols.term(term)] for term in least[:4]]
        chosen: list[str] = []
        covered: frozenset[str] = frozenset()
        while best := max(candidates, key=lambda t: len(candidates[t] - covered), default=None):
            if candidates[best] <= covered:
                break
            chosen.append(self.symbols.term(best))
            covered |= candidates[best]
        return [_cover(chosen, scope, covered)]


def _cover(chosen: list[str], scope: _Scope, covered: frozenset[str] = frozenset()) -> list[str]:
    """Complete a trigger by typing atoms so that it has all variables."""
    for atom, variables in scope.atoms.items():
        if not variables <= covered:
            chosen = [*chosen, atom]
            covered |= variables
    return chosen


def _rename(axiom: Axiom, values: Mapping[str, Term]) -> tuple[object, ...]:
    return substitute_matrix(axiom.matrix, values)


def _variables(term: Term) -> Iterator[str]:
    return (t for t in subterms(term) if isinstance(t, str))


def _index_name(sort: Sort, position: int) -> str:
    return f"{INDEX}{sort[0]} {sort[1]} {position}"


def decode(encoded: Encoded, quantifier: str, bindings: Mapping[str, Term]) -> tuple[str, tuple[Term, ...]] | None:
    """The instance that an instantiation amounts to; None where it is one of a typing axiom.

    Args:
        bindings: by variable, terms in the solver's names.
    Raises:
        IllSorted: it has no term for some variable, or one that is no term of the problem.
    """
    if quantifier not in encoded.axioms:
        return None
    axiom, terms = encoded.axioms[quantifier]
    try:
        return axiom.name, tuple(_decode(term, bindings, encoded) for term in terms)
    except KeyError as missing:
        raise IllSorted(f"{axiom.name} without {missing}") from missing


def _decode(term: Term, bindings: Mapping[str, Term], encoded: Encoded) -> Term:
    """A term in the solver's names, or one of ours in variables that are bound to such."""
    if isinstance(term, str):
        return _decode(bindings[term], {}, encoded)
    if term[0] in encoded.typing.functions:
        return (term[0], *(_decode(part, bindings, encoded) for part in arguments(term)))
    head, parts = encoded.functions.get(str(term[0])), arguments(term)
    if head is None:
        raise IllSorted(f"a term of the solver's own: {term[0]}")
    decoded = tuple(_decode(part, {}, encoded) for part in parts)
    if not head.startswith(INDEX):
        return (head, *decoded)
    return encoded.typing.type_of(decoded[0]).indices[int(head.rpartition(" ")[2])]
