"""Random sentences about one category with a presheaf and a few given things, and all its small structures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Connected,
    Equal,
    Equinumerous,
    Formula,
    Function,
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    Role,
    SortKind,
    Term,
    Type,
    Variable,
    category_symbol,
    set_functor_symbol,
    type_of,
)
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor
from tests.refute.every_structure import categories, presheaves

C = category_symbol("C")
T = set_functor_symbol("T", C, contravariant=True)
OBJECT = Type(C.objects)
P = Function("P", (), OBJECT, Role.GIVEN)
U = Function("u", (), Type(T.elements, (P(),)), Role.GIVEN)
_x = Variable("x", OBJECT)
M = Function("m", (_x,), Type(C.arrows, (_x, P())), Role.GIVEN)
"""An arrow from every object to P: its type is not known before P is."""
_o = Variable("o", OBJECT)
E = Function("e", (_o,), OBJECT, Role.GIVEN)
"""A function on objects: terms in types that are not known before a model is."""

SIGNATURES = {"none": (), "point": (P, U), "cocone": (P, M), "map": (E,)}


def arrow(dom: Term, cod: Term) -> Type:
    return Type(C.arrows, (dom, cod))


def element(place: Term) -> Type:
    return Type(T.elements, (place,))


# --- sentences ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Scope:
    variables: tuple[Variable, ...]
    functions: tuple[Function, ...]


def random_sentence(random: Random, functions: tuple[Function, ...], depth: int) -> Formula:
    """A closed formula, of the second order now and then."""
    return _formula(random, _Scope((), functions), depth)


def _formula(random: Random, scope: _Scope, depth: int) -> Formula:
    if depth == 0:
        return _atom(random, scope)
    kind = random.choice(
        ["and", "or", "implies", "iff", "not", "named", *["quantified"] * 8, "function", "equal", "many"]
    )
    match kind:
        case "and":
            return And((_formula(random, scope, depth - 1), _formula(random, scope, depth - 1)))
        case "or":
            return Or((_formula(random, scope, depth - 1), _formula(random, scope, depth - 1)))
        case "implies":
            return Implies(_formula(random, scope, depth - 1), _formula(random, scope, depth - 1))
        case "iff":
            return Iff(_formula(random, scope, depth - 1), _formula(random, scope, depth - 1))
        case "not":
            return Not(_formula(random, scope, depth - 1))
        case "named":
            return Named("p", "p", _formula(random, scope, depth - 1))
        case "quantified":
            telescope = _telescope(random, scope)
            quantifier = random.choice(list(Quantifier))
            return Quantified(quantifier, telescope, _formula(random, _with(scope, *telescope), depth - 1))
        case "function":
            function = _function(random)
            inner = _Scope(scope.variables, (*scope.functions, function))
            quantifier = random.choice([Quantifier.FORALL, Quantifier.EXISTS])
            return FunctionQuantified(quantifier, (function,), _formula(random, inner, depth - 1))
        case "equinumerous":
            sides = [tuple(_telescope(random, scope) for _ in range(random.randint(0, 2))) for _ in range(2)]
            return Equinumerous(*sides)
        case _:
            return _connected(random, scope, depth)


def _connected(random: Random, scope: _Scope, depth: int) -> Formula:
    x, y = Variable("x", OBJECT), Variable("y", OBJECT)
    left: tuple[Variable, ...] = (x,)
    right: tuple[Variable, ...] = (y,)
    if random.random() < 0.5:
        left, right = (x, Variable("s", element(x))), (y, Variable("t", element(y)))
    return Connected(left, right, _formula(random, _with(scope, *left, *right), depth - 1))


def _with(scope: _Scope, *variables: Variable) -> _Scope:
    return _Scope((*scope.variables, *variables), scope.functions)


def _function(random: Random) -> Function:
    x = Variable("x", OBJECT)
    t = Variable("t", element(x))
    return random.choice(
        [
            Function("phi", (x, t), element(x), Role.SKOLEM),
            Function("k", (x,), arrow(x, x), Role.SKOLEM),
            Function("r", (x,), OBJECT, Role.SKOLEM),
            Function("s", (x,), element(x), Role.SKOLEM),
        ]
    )


def _telescope(random: Random, scope: _Scope) -> tuple[Variable, ...]:
    """Variables of types that the scope allows, after those that they need."""
    objects = [term for term in _terms(scope) if type_of(term) == OBJECT]
    found: list[Variable] = []

    def place() -> Term:
        if objects and random.random() < 0.7:
            return random.choice(objects)
        found.append(Variable(f"x{len(found)}", OBJECT))
        return found[-1]

    match random.choice(list(SortKind)):
        case SortKind.OBJECT:
            found.append(Variable("x", OBJECT))
        case SortKind.ARROW:
            type_ = arrow(place(), place())
            found.append(Variable("f", type_))
        case SortKind.ELEMENT:
            type_ = element(place())
            found.append(Variable("t", type_))
    return tuple(found)


def _atom(random: Random, scope: _Scope) -> Formula:
    terms = _terms(scope)
    if not terms:
        return Or(())
    left = random.choice(terms)
    return Equal(left, random.choice([term for term in terms if type_of(term) == type_of(left)]))


def _terms(scope: _Scope) -> list[Term]:
    """Terms over the scope, functions nested at most twice."""
    terms: list[Term] = list(scope.variables)
    for _ in range(2):
        more: list[Term] = [C.identity(t) for t in terms if type_of(t) == OBJECT]
        more += [C.composition(f, g) for f in terms for g in terms if _composable(f, g)]
        more += [T.action(f, t) for f in terms for t in terms if _acts(f, t)]
        for function in scope.functions:
            choices = [[t for t in terms if type_of(t).sort == p.type.sort] for p in function.explicit]
            more += [function(*arguments) for arguments in product(*choices)]
        terms += [term for term in more if term not in terms]
        if len(terms) > 60:
            break
    return terms


def _composable(f: Term, g: Term) -> bool:
    one, other = type_of(f), type_of(g)
    return one.sort == other.sort == C.arrows and one.indices[1] == other.indices[0]


def _acts(f: Term, t: Term) -> bool:
    one, other = type_of(f), type_of(t)
    return one.sort == C.arrows and other.sort == T.elements and one.indices[1] == other.indices[0]


# --- structures -----------------------------------------------------------------------------------


@cache
def structures(signature: str, size: int) -> tuple[CounterModel, ...]:
    """All structures of a size."""
    found: list[CounterModel] = []
    for elements in range(size + 1):
        for category in categories(size - elements):
            for presheaf in presheaves(category, elements):
                found += [
                    CounterModel({"C": category}, {"T": presheaf}, functions, size, True, 0)
                    for functions in _tables(signature, category, presheaf)
                ]
    return tuple(found)


def _tables(
    signature: str, category: FiniteCategory, presheaf: FiniteSetFunctor
) -> Iterator[dict[str, dict[tuple[int, ...], int]]]:
    objects = range(category.objects)
    if signature == "none":
        yield {}
    elif signature == "map":
        for values in product(objects, repeat=category.objects):
            yield {"e": {(x,): value for x, value in enumerate(values)}}
    elif signature == "point":
        for u, place in enumerate(presheaf.at):
            yield {"P": {(): place}, "u": {(): u}}
    else:
        ends = list(zip(category.dom, category.cod, strict=True))
        for p in objects:
            options = [[f for f, between in enumerate(ends) if between == (x, p)] for x in objects]
            for values in product(*options):
                yield {"P": {(): p}, "m": {(x,): value for x, value in enumerate(values)}}
