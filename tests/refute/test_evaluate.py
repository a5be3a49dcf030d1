"""The plain evaluator against hand-computed truth values."""

from __future__ import annotations

from itertools import product

import pytest

from formal.logic.formula import Quantifier
from formal.logic.theory import Equal, Formula, Function, FunctionQuantified, Quantified, Role, Type, Variable
from formal.refute.evaluate import TooManyFunctions, holds
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor
from tests.refute.random_theory import C, T
from tests.statement.theorem import statement

GROUP = FiniteCategory(1, (0, 0), (0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0})
IDEMPOTENT = FiniteCategory(1, (0, 0), (0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1})
INTERVAL = FiniteCategory(2, (0, 1, 0), (0, 1, 1), {(0, 0): 0, (1, 1): 1, (0, 2): 2, (2, 1): 2})
DISCRETE = FiniteCategory(2, (0, 1), (0, 1), {(0, 0): 0, (1, 1): 1})
EMPTY = FiniteCategory(0, (), (), {})
TRIVIAL = FiniteSetFunctor((0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 0, (1, 1): 1})
REGULAR = FiniteSetFunctor((0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0})


def model(category: FiniteCategory, presheaf: FiniteSetFunctor | None = None) -> CounterModel:
    return CounterModel({"C": category}, {"T": presheaf} if presheaf else {}, {}, 0, True, 0)


def truth(claim: str, category: FiniteCategory, presheaf: FiniteSetFunctor | None = None) -> bool:
    given = "given category C, presheaf T on C" if presheaf else "given category C"
    return holds(statement(f"{given} show {claim}").obligations[-1].formula, model(category, presheaf))


@pytest.mark.parametrize(
    ("claim", "category", "expected"),
    [
        ("groupoid(C)", GROUP, True),
        ("groupoid(C)", IDEMPOTENT, False),
        ("groupoid(C)", EMPTY, True),
        ("thin(C)", GROUP, False),
        ("thin(C)", INTERVAL, True),
        ("has(C, terminal)", INTERVAL, True),
        ("has(C, terminal)", DISCRETE, False),
        ("has(C, terminal)", EMPTY, False),
        ("has(C, products)", INTERVAL, True),
        ("has(C, products)", GROUP, False),
        ("connected(C)", INTERVAL, True),
        ("connected(C)", DISCRETE, False),
        ("connected(C)", EMPTY, False),
        ("finite(C)", EMPTY, True),
        ("forall X, Y in C. equinumerous(hom(X, Y), hom(Y, X))", INTERVAL, False),
        ("forall X, Y in C. equinumerous(hom(X, Y), hom(Y, X))", DISCRETE, True),
    ],
)
def test_categories(claim: str, category: FiniteCategory, expected: bool) -> None:
    assert truth(claim, category) is expected


@pytest.mark.parametrize(
    ("claim", "presheaf", "expected"),
    [
        ("representable(T)", REGULAR, True),
        ("representable(T)", TRIVIAL, False),
        ("exists X in C. isomorphic(T, y(X))", REGULAR, True),
        ("exists X in C. isomorphic(T, y(X))", TRIVIAL, False),
        ("forall X in C. equinumerous(T(X), hom(X, X))", TRIVIAL, True),
        ("forall S: T => T. iso(S)", REGULAR, True),
        ("forall S: T => T. iso(S)", TRIVIAL, False),
    ],
)
def test_set_functors_on_a_group(claim: str, presheaf: FiniteSetFunctor, expected: bool) -> None:
    assert truth(claim, GROUP, presheaf) is expected


def second_order(quantifier: Quantifier, matrix: Formula, function: Function) -> bool:
    return holds(FunctionQuantified(quantifier, (function,), matrix), model(INTERVAL))


def test_quantifiers_over_functions_run_through_all_tables() -> None:
    """Of the four functions on two objects one, and only one, takes 0 to 1 and 1 to 0."""
    x = Variable("x", Type(C.objects))
    r = Function("r", (x,), Type(C.objects), Role.SKOLEM)
    tables = list(product(range(2), repeat=2))
    y, z = Variable("y", Type(C.objects)), Variable("z", Type(C.objects))
    moves = Quantified(Quantifier.FORALL, (z,), Quantified(Quantifier.EXISTS_UNIQUE, (y,), Equal(r(y), z)))
    fixes = Quantified(Quantifier.EXISTS, (y,), Equal(r(y), y))
    assert second_order(Quantifier.EXISTS, moves, r) is any(sorted(t) == [0, 1] for t in tables)
    assert second_order(Quantifier.FORALL, moves, r) is all(sorted(t) == [0, 1] for t in tables)
    assert second_order(Quantifier.FORALL, fixes, r) is all(t[0] == 0 or t[1] == 1 for t in tables)


def test_functions_into_an_empty_set() -> None:
    """There is no function that picks an arrow from 1 to 0, and all of them are alike."""
    x, y = Variable("x", Type(C.objects)), Variable("y", Type(C.objects))
    pick = Function("pick", (x, y), Type(C.arrows, (x, y)), Role.SKOLEM)
    true = Quantified(Quantifier.FORALL, (x,), Equal(x, x))
    assert not second_order(Quantifier.EXISTS, true, pick)
    assert second_order(Quantifier.FORALL, Quantified(Quantifier.EXISTS, (x, y), Equal(pick(x, y), pick(x, y))), pick)


def test_budget() -> None:
    with pytest.raises(TooManyFunctions):
        holds(C.laws[2].formula, model(GROUP), budget=10)


def test_laws_that_fail_are_seen() -> None:
    wrong = FiniteCategory(1, (0, 0, 0), (0, 0, 0), {(f, g): f or g for f in range(3) for g in range(3)} | {(1, 1): 2})
    assert not holds(C.laws[2].formula, model(wrong))
    assert holds(C.laws[0].formula, model(wrong))
    bad = FiniteSetFunctor((0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1})
    assert not holds(T.laws[1].formula, model(GROUP, bad))
    assert holds(T.laws[0].formula, model(GROUP, bad))
