"""Obligations of theorems, and the instances that prove them, as canonical bytes.

The formats are described in ``formal/herbrand/README.md``; the kernel that reads them shares no code with this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, assert_never

from formal.certificate.write import digest
from formal.logic.theory import (
    And,
    Application,
    Axiom,
    Connected,
    Equal,
    Equinumerous,
    Finite,
    Formula,
    Function,
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    SortKind,
    Term,
    Truth,
    Type,
    Variable,
)
from formal.text import Bug

SORTS = {SortKind.OBJECT: "Ob", SortKind.ARROW: "Hom", SortKind.ELEMENT: "El"}
"""How a claim writes the kinds of sorts."""

GOAL = "goal"
"""What the negated goal is called in certificates; no axiom may have this name."""


class Obligation(Protocol):
    """What a claim states: from the axioms follows the goal. See ``formal.prove.result.Sequent``."""

    @property
    def theorem(self) -> str: ...  # noqa: D102
    @property
    def obligation(self) -> str: ...  # noqa: D102
    @property
    def categories(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def set_functors(self) -> Sequence[tuple[str, str, bool]]: ...  # noqa: D102
    @property
    def functions(self) -> Sequence[Function]: ...  # noqa: D102
    @property
    def axioms(self) -> Sequence[Axiom]: ...  # noqa: D102
    @property
    def goal(self) -> Formula: ...  # noqa: D102


def write_theorem_claim(sequent: Obligation) -> bytes:
    """Write down a first-order obligation: canonical JSON in ASCII.

    Bound variables keep their names where these are unique in the formula; others are numbered: ``x``, ``x_2``, ….
    An axiom called ``goal`` is written as ``assume goal``.

    Raises:
        Bug: a second-order formula, or a variable that nothing binds.
    """
    item = _Items(
        (
            ("axioms", [(axiom_name(axiom.name), _Closed(axiom.formula)) for axiom in sequent.axioms]),
            ("categories", list(sequent.categories)),
            ("format", "formal-theorem/1"),
            ("functions", [_Symbol(function) for function in sequent.functions]),
            ("goal", _Closed(sequent.goal)),
            ("obligation", sequent.obligation),
            ("set_functors", [(t, c, "contravariant" if v else "covariant") for t, c, v in sequent.set_functors]),
            ("theorem", sequent.theorem),
        )
    )
    return _write(item)


def write_herbrand_certificate(claim: bytes, instances: Sequence[tuple[str, Sequence[object]]]) -> bytes:
    """Write down the instances of axioms that refute the negated goal.

    Args:
        claim: the bytes of the claim.
        instances: names of axioms of the Skolem form, with a term for each explicit variable; a term is a tuple of a
            function's name and its explicit arguments.
    """
    item = _Items(
        (
            ("claim", digest(claim)),
            ("format", "formal-herbrand/1"),
            ("instances", [(name, list(terms)) for name, terms in instances]),
        )
    )
    return _write(item)


def axiom_name(name: str) -> str:
    """The name of an axiom in a claim."""
    return f"assume {GOAL}" if name == GOAL else name


# --- JSON, without recursion, since formulas and terms may be deep ---------------------------------


@dataclass(frozen=True, slots=True)
class _Raw:
    """JSON text."""

    text: str


@dataclass(frozen=True, slots=True)
class _Items:
    """An object, its keys sorted."""

    items: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class _Closed:
    """A closed formula."""

    formula: Formula


@dataclass(frozen=True, slots=True)
class _Symbol:
    """A function symbol."""

    function: Function


@dataclass(slots=True)
class _Names:
    """Unique names for the bound variables of a formula."""

    taken: dict[str, None]

    def bind(self, scope: Scope, variables: Sequence[Variable]) -> Scope:
        """The scope inside a binder of these variables."""
        return {**scope, **{variable: self._fresh(variable.name) for variable in variables}}

    def _fresh(self, name: str) -> str:
        fresh, number = name, 1
        while fresh in self.taken:
            number += 1
            fresh = f"{name}_{number}"
        self.taken[fresh] = None
        return fresh


Scope = Mapping[Variable, str]


@dataclass(frozen=True, slots=True)
class _Scoped:
    """A part of a formula, a type or a term, with what its variables are called."""

    part: Formula | Type | Term | tuple[Variable, ...]
    scope: Scope
    names: _Names


def _write(item: object) -> bytes:
    """Canonical JSON."""
    pieces: list[str] = []
    stack: list[Iterator[object]] = [iter((item,))]
    while stack:
        for part in stack[-1]:
            match part:
                case _Raw(text):
                    pieces.append(text)
                case str():
                    pieces.append(json.dumps(part))
                case _:
                    stack.append(_pieces(part))
                    break
        else:
            stack.pop()
    return "".join(pieces).encode("ascii")


def _pieces(item: object) -> Iterator[object]:
    """What JSON is written for something, in order."""
    match item:
        case _Items(items):
            for index, (key, value) in enumerate(items):
                yield _Raw("," if index else "{")
                yield key
                yield _Raw(":")
                yield value
            yield _Raw("}")
        case tuple() | list():
            yield _Raw("[")
            for index, part in enumerate(item):
                if index:
                    yield _Raw(",")
                yield part
            yield _Raw("]")
        case _Closed(formula):
            yield _Scoped(formula, {}, _Names({}))
        case _Symbol(function):
            names = _Names({})
            scope = names.bind({}, function.parameters)
            parameters = _Scoped(function.parameters, scope, names)
            yield (function.name, parameters, _Scoped(function.result, scope, names))
        case _Scoped(part, scope, names):
            yield _shape(part, scope, names)
        case _:
            raise Bug(f"not a part of a claim: {type(item).__name__}")


def _shape(part: Formula | Type | Term | tuple[Variable, ...], scope: Scope, names: _Names) -> object:
    """What a formula, a type, a term or a telescope looks like, its own parts still to be written."""
    match part:
        case tuple():
            return [(scope[variable], _Scoped(variable.type, scope, names)) for variable in part]
        case Type(sort, indices):
            return [SORTS[sort.kind], sort.owner, *(_Scoped(index, scope, names) for index in indices)]
        case Variable():
            if part not in scope:
                raise Bug(f"nothing binds the variable {part.name}")
            return scope[part]
        case Application(function, arguments):
            return [function.name, *(_Scoped(argument, scope, names) for argument in arguments)]
        case Truth(value):
            return ["true" if value else "false"]
        case Equal(left, right):
            return ["=", _Scoped(left, scope, names), _Scoped(right, scope, names)]
        case Not(body):
            return ["not", _Scoped(body, scope, names)]
        case And(parts):
            return ["and", *(_Scoped(item, scope, names) for item in parts)]
        case Or(parts):
            return ["or", *(_Scoped(item, scope, names) for item in parts)]
        case Implies(left, right):
            return ["implies", _Scoped(left, scope, names), _Scoped(right, scope, names)]
        case Iff(left, right):
            return ["iff", _Scoped(left, scope, names), _Scoped(right, scope, names)]
        case Quantified(quantifier, variables, body):
            inner = names.bind(scope, variables)
            return [quantifier.value, _Scoped(variables, inner, names), _Scoped(body, inner, names)]
        case Named(body=body):
            return _Scoped(body, scope, names)
        case FunctionQuantified() | Equinumerous() | Connected() | Finite():
            raise Bug(f"a second-order formula in a first-order claim: {type(part).__name__}")
        case _:
            assert_never(part)
