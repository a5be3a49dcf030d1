"""An obligation in many-sorted first-order logic: dependent sorts become predicates.

``ob.C(x)`` says that x is an object of C, ``hom.C(x, y, f)`` that f is an arrow x -> y, ``el.T(x, t)`` that t is an
element over x. Axioms say of which type the values of each function are, and quantifiers are guarded by the type of
their variable. So a sort may be empty although no domain of first-order logic is, and a function has some value, no
matter which, where its arguments do not fit.

Nothing is lost: a model of the obligation becomes one of the plain form when one element is adjoined to each sort;
and a model of the plain form one of the obligation, when it is restricted to what the predicates hold of, with a copy
of an arrow for every two objects that it goes between.

Source: Enderton, A Mathematical Introduction to Logic, section 4.3 (relativised quantifiers).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from formal.herbrand.claim import Claim, Formula, read_claim
from formal.herbrand.problem import Term, Type
from formal.herbrand.reading import Ledger, Limits
from formal.herbrand.term import explicit_names

PlainFormula = tuple[Any, ...]
"""``("forall" | "exists", ((variable, sort), …), A)``, ``("and" | "or", A, …)``, ``("not", A)``, ``("implies", A, B)``,
``("iff", A, B)``, ``("=", s, t)``, ``("holds", predicate, t, …)``."""

Telescope = Sequence[tuple[str, Type]]
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plain:
    """An obligation without dependent sorts.

    Args:
        sorts: names: ``Ob.C``, ``Ar.C``, ``El.T``.
        predicates: names, with the sorts of their arguments.
        functions: names, with the sorts of their arguments and of their values.
        typing: named formulas: which predicates hold of what.
        axioms: named formulas: laws and hypotheses.
        goal: what follows from all of them.
    """

    theorem: str
    obligation: str
    sorts: tuple[str, ...]
    predicates: tuple[tuple[str, tuple[str, ...]], ...]
    functions: tuple[tuple[str, tuple[str, ...], str], ...]
    typing: tuple[tuple[str, PlainFormula], ...]
    axioms: tuple[tuple[str, PlainFormula], ...]
    goal: PlainFormula


def plain(claim: bytes) -> Plain:
    """The plain form of a claim.

    Raises:
        formal.herbrand.Rejected: the claim is not well-formed.
    """
    limits = Limits()
    read = read_claim(claim, Ledger(limits.claim), limits)
    categories = tuple(read.categories)
    functors = tuple(read.set_functors.items())
    predicates: list[tuple[str, tuple[str, ...]]] = [(f"ob.{c}", (f"Ob.{c}",)) for c in categories]
    predicates += [(f"hom.{c}", (f"Ob.{c}", f"Ob.{c}", f"Ar.{c}")) for c in categories]
    predicates += [(f"el.{t}", (f"Ob.{c}", f"El.{t}")) for t, c in functors]
    return Plain(
        read.theorem,
        read.obligation,
        (*(f"{kind}.{c}" for c in categories for kind in ("Ob", "Ar")), *(f"El.{t}" for t, _ in functors)),
        tuple(predicates),
        tuple(_functions(read)),
        tuple(_typing(read)),
        tuple((name, _relativised(formula, {})) for name, formula in read.axioms.items()),
        _relativised(read.goal, {}),
    )


def _functions(claim: Claim) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for function in claim.functions.values():
        types = dict(function.parameters)
        domain = tuple(_sort(types[name]) for name in function.explicit)
        yield function.name, domain, _sort(function.result)


def _typing(claim: Claim) -> Iterator[tuple[str, PlainFormula]]:
    for category in claim.categories:
        place, arrow = Type("Ob", category), Type("Hom", category, ("x", "y"))
        ends = _conjunction(_is("x", place), _is("y", place))
        telescope = [("x", place), ("y", place), ("f", arrow)]
        yield f"ends in {category}", _guarded("forall", telescope, ends, {})
    for functor, category in claim.set_functors.items():
        place, element = Type("Ob", category), Type("El", functor, ("x",))
        telescope = [("x", place), ("t", element)]
        yield f"places in {functor}", _guarded("forall", telescope, _is("x", place), {})
    for function in claim.functions.values():
        value: Term = (function.name, *function.explicit)
        result = _is(value, function.result)
        yield f"type of {function.name}", _guarded("forall", function.parameters, result, {})


def _relativised(formula: Formula, values: Values) -> PlainFormula:
    """A formula with guarded quantifiers, and other names for some variables; the stack is as deep as its brackets."""
    kind, *parts = formula
    match kind:
        case "true" | "false":
            return ("and",) if kind == "true" else ("or",)
        case "=":
            return ("=", *(_renamed(side, values) for side in parts))
        case "exists!":
            telescope, body = parts
            other = {name: f"{name}\0" for name, _ in telescope}  # no claim has such a name
            same = _conjunction(*(("=", twin, name) for name, twin in other.items()))
            again = [(other[name], _renamed_type(type_, {**values, **other})) for name, type_ in telescope]
            unique = _implication(_relativised(body, {**values, **other}), same)
            once = _conjunction(_relativised(body, values), _guarded("forall", again, unique, {}))
            return _guarded("exists", telescope, once, values)
        case "forall" | "exists":
            return _guarded(kind, parts[0], _relativised(parts[1], values), values)
        case _:
            return (kind, *(_relativised(part, values) for part in parts))


def _guarded(kind: str, telescope: Telescope, body: PlainFormula, values: Values) -> PlainFormula:
    """A quantifier; objects that a guard of another variable mentions need none."""
    explicit = explicit_names(tuple(telescope))
    typed = [(name, _renamed_type(type_, values)) for name, type_ in telescope]
    guard = _conjunction(*(_is(name, type_) for name, type_ in typed if name in explicit))
    body = _implication(guard, body) if kind == "forall" else _conjunction(guard, body)
    return (kind, tuple((name, _sort(type_)) for name, type_ in typed), body) if typed else body


def _conjunction(*parts: PlainFormula) -> PlainFormula:
    flat = [item for part in parts for item in (part[1:] if part[0] == "and" else (part,))]
    return flat[0] if len(flat) == 1 else ("and", *flat)


def _implication(premise: PlainFormula, conclusion: PlainFormula) -> PlainFormula:
    return conclusion if premise == ("and",) else ("implies", premise, conclusion)


def _is(term: Term, type_: Type) -> PlainFormula:
    """That a term is of a type."""
    return ("holds", f"{type_.kind.lower()}.{type_.owner}", *type_.indices, term)


def _sort(type_: Type) -> str:
    return f"{'Ar' if type_.kind == 'Hom' else type_.kind}.{type_.owner}"


def _renamed_type(type_: Type, values: Values) -> Type:
    return Type(type_.kind, type_.owner, tuple(_renamed(index, values) for index in type_.indices))


def _renamed(term: Term, values: Values) -> Term:
    if isinstance(term, str):
        return values.get(term, term)
    return (term[0], *(_renamed(argument, values) for argument in term[1:]))  # type: ignore[arg-type]
