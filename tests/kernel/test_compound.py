"""The truth tables of connectives and quantifiers: accepted exactly when what is known determines the whole."""

from __future__ import annotations

from itertools import product

import pytest

from formal.certificate.evidence import Evaluate, Evidence, Known, Search
from formal.construct.order import chain
from formal.core.functor import Functor, FunctorTransformation, Transformation
from formal.logic import formula as L  # noqa: N812
from tests.kernel.example import BOTTOM, FORK, INVOLUTION, MIXED, TOP, WALKING, accept, rejection

CONNECTIVES = {
    "and": lambda p, q: (L.And((p, q)), lambda a, b: a and b),
    "or": lambda p, q: (L.Or((p, q)), lambda a, b: a or b),
    "implies": lambda p, q: (L.Implies(p, q), lambda a, b: not a or b),
    "iff": lambda p, q: (L.Iff(p, q), lambda a, b: a == b),
} | {
    str(quantifier): lambda p, q, quantifier=quantifier, holds=holds: (
        L.Instances(quantifier, "v", ("0", "1"), (p, q)),
        holds,
    )
    for quantifier, holds in {
        L.Quantifier.FORALL: lambda a, b: a and b,
        L.Quantifier.EXISTS: lambda a, b: a or b,
        L.Quantifier.EXISTS_UNIQUE: lambda a, b: a != b,
    }.items()
}


@pytest.mark.parametrize("name", CONNECTIVES)
@pytest.mark.parametrize("known", [(), (0,), (1,), (0, 1)])
@pytest.mark.parametrize(("p", "q"), list(product([True, False], repeat=2)))
def test_two_parts(name: str, known: tuple[int, ...], p: bool, q: bool) -> None:
    formula, holds = CONNECTIVES[name](L.Truth(p), L.Truth(q))
    possible = {
        holds(a, b) for a in ([p] if 0 in known else [True, False]) for b in ([q] if 1 in known else [True, False])
    }
    parts = tuple((i, (p, q)[i], Evaluate()) for i in known)
    claimed = holds(p, q)
    determined = possible == {claimed}
    assert (rejection(formula, claimed, Known(parts)) == "") is determined
    assert rejection(formula, not claimed, Known(parts)) != ""
    assert rejection(formula, claimed, Evaluate()) == ""
    assert rejection(formula, not claimed, Evaluate()) == "value"


@pytest.mark.parametrize("value", [True, False])
def test_one_part(value: bool) -> None:
    known = Known(((0, value, Evaluate()),))
    assert rejection(L.Not(L.Truth(value)), not value, known) == ""
    assert rejection(L.Not(L.Truth(value)), value, known) == "value"
    assert rejection(L.Named("word", "word(x)", (), L.Truth(value)), value, known) == ""
    assert rejection(L.Named("word", "word(x)", (), L.Truth(value)), not value, known) == "value"


def test_nothing_at_all() -> None:
    assert rejection(L.And(()), True, Known(())) == ""
    assert rejection(L.Or(()), False, Known(())) == ""
    assert rejection(L.And(()), False, Known(())) == "value"


X = L.Variable("X", L.Objects(WALKING))
ZERO = L.Equal(X, L.ObjectConstant(WALKING, 0))


@pytest.mark.parametrize(
    ("quantifier", "value", "evidence", "rule"),
    [
        (L.Quantifier.EXISTS, True, Known(((0, True, Evaluate()),)), ""),
        (L.Quantifier.EXISTS, True, Known(((1, True, Evaluate()),)), "known"),  # it is false there
        (L.Quantifier.EXISTS, True, Known(((1, False, Evaluate()),)), "known"),  # nothing said of 0
        (L.Quantifier.FORALL, False, Known(((1, False, Evaluate()),)), ""),
        (L.Quantifier.FORALL, False, Known(((0, True, Evaluate()),), (False, Evaluate())), ""),
        (L.Quantifier.FORALL, True, Known((), (True, Evaluate())), "known"),
        (L.Quantifier.EXISTS_UNIQUE, True, Known(((0, True, Evaluate()),), (False, Evaluate())), ""),
        (L.Quantifier.EXISTS_UNIQUE, True, Known(((0, True, Evaluate()),)), "known"),
        (L.Quantifier.EXISTS_UNIQUE, True, Known(((0, True, Evaluate()), (1, False, Evaluate()))), ""),
        (L.Quantifier.EXISTS, True, Known(((2, True, Evaluate()),)), "known"),  # no such object
        (L.Quantifier.EXISTS, True, Known(((-1, True, Evaluate()),)), "known"),
        (L.Quantifier.EXISTS, True, Known((((0,), True, Evaluate()),)), "format"),  # no object at all
        (L.Quantifier.EXISTS, True, Known(((0, True, Evaluate()), (0, True, Evaluate()))), "known"),  # twice
        (L.Quantifier.EXISTS, True, Search(10, (True, Evaluate())), "format"),  # first-order
    ],
)
def test_a_quantifier(quantifier: L.Quantifier, value: bool, evidence: Evidence, rule: str) -> None:
    assert rejection(L.Quantified(quantifier, X, ZERO), value, evidence) == rule


F = L.Variable("f", L.Arrows(WALKING, X, None))


def test_ranges_depend_on_variables() -> None:
    formula = L.Quantified(L.Quantifier.FORALL, X, L.Quantified(L.Quantifier.EXISTS_UNIQUE, F, L.Equal(F, F)))
    only = Known(((1, True, Evaluate()),))
    assert rejection(formula, False, Known(((0, False, Evaluate()),))) == ""
    assert rejection(formula, True, Known(((0, True, Evaluate()), (1, True, only)))) == "known"
    assert rejection(formula, False, Known(((1, False, only),))) == "known"


PHI = L.Variable("phi", L.Transformations(FORK, FORK))
T = L.Variable("t", L.Elements(FORK, L.ObjectConstant(WALKING, 1)))
IDENTICAL = L.Quantified(L.Quantifier.FORALL, T, L.Equal(L.Apply(PHI, T), T))


@pytest.mark.parametrize(
    ("value", "evidence", "rule"),
    [
        (True, Known((((0, 1, 2), True, Evaluate()),), (False, Evaluate())), ""),
        (True, Evaluate(), ""),
        (True, Known((((0, 2, 1), True, Evaluate()),), (False, Evaluate())), "known"),
        (True, Known((((0, 1, 0), True, Evaluate()),), (False, Evaluate())), "natural"),
        (True, Known((((0, 1), True, Evaluate()),), (False, Evaluate())), "format"),
        (True, Known((((0, 1, True), True, Evaluate()),), (False, Evaluate())), "format"),
        (True, Known(((0, True, Evaluate()),), (False, Evaluate())), "format"),
        (False, Search(10, (False, Evaluate())), "search"),
    ],
)
def test_transformations(value: bool, evidence: Evidence, rule: str) -> None:
    assert rejection(L.Quantified(L.Quantifier.EXISTS_UNIQUE, PHI, IDENTICAL), value, evidence) == rule


def test_a_search_is_exhaustive_within_its_bound() -> None:
    """There are four endomorphisms of Fork: b |-> b, and c and d anywhere."""
    formula = L.Quantified(L.Quantifier.FORALL, PHI, L.Equal(PHI, PHI))
    assert rejection(formula, True, Search(10, (True, Evaluate()))) == ""
    assert rejection(formula, True, Search(3, (True, Evaluate()))) == "limit"
    assert rejection(formula, False, Search(10, (True, Evaluate()))) == "value"


def test_functors_and_their_transformations() -> None:
    three = chain(3)
    upper = L.Variable("G", L.Functors(WALKING, three))
    injective = L.Not(
        L.Equal(
            L.ObjectImage(upper, L.ObjectConstant(WALKING, 0)),
            L.ObjectImage(upper, L.ObjectConstant(WALKING, 1)),
        )
    )
    some = L.Quantified(L.Quantifier.EXISTS, upper, injective)
    assert rejection(some, True, Evaluate()) == ""
    assert rejection(some, True, Known(((((0, 2), (three.hom(0, 2)[0],)), True, Evaluate()),))) == ""
    assert rejection(some, True, Known(((((0, 2), (three.hom(0, 1)[0],)), True, Evaluate()),))) == "functor"
    assert rejection(some, True, Known(((((2, 0), (0,)), True, Evaluate()),))) == "functor"
    below = L.Variable("H", L.Functors(WALKING, three))
    pointwise = L.Quantified(
        L.Quantifier.EXISTS,
        L.Variable("phi", L.FunctorTransformations(upper, below)),
        L.Truth(True),
    )
    least = L.Quantified(L.Quantifier.EXISTS_UNIQUE, upper, L.Quantified(L.Quantifier.FORALL, below, pointwise))
    assert rejection(least, True, Evaluate()) == ""
    assert rejection(least, True, Known(((((0, 0), (0,)), True, Evaluate()),), (False, Evaluate()))) == ""


def test_declared_structures_are_checked() -> None:
    three = chain(3)
    identity = Functor("I", WALKING, WALKING, (0, 1), (2,))
    wrong = Functor("W", WALKING, WALKING, (0, 1), (0,))
    image = L.ObjectImage(identity, L.ObjectConstant(WALKING, 0))
    assert rejection(L.Equal(image, L.ObjectConstant(WALKING, 0)), True, Evaluate()) == ""
    of_wrong = L.ObjectImage(wrong, L.ObjectConstant(WALKING, 0))
    assert rejection(L.Equal(of_wrong, of_wrong), True, Evaluate()) == "functor"
    start = L.ElementConstant(FORK, 1)
    swap = Transformation("swap", FORK, FORK, (0, 2, 1))
    assert rejection(L.Equal(L.Apply(swap, L.Apply(swap, start)), start), True, Evaluate()) == ""
    up = Functor("up", WALKING, three, (0, 1), (three.hom(0, 1)[0],))
    top = Functor("top", WALKING, three, (2, 2), (2,))
    rise = FunctorTransformation("rise", up, top, (three.hom(0, 2)[0], three.hom(1, 2)[0]))
    at = L.Component(rise, L.ObjectConstant(WALKING, 1))
    assert rejection(L.Equal(L.Dom(at), L.ObjectConstant(three, 1)), True, Evaluate()) == ""


def test_families_that_are_not_natural_may_be_spoken_of() -> None:
    family = Transformation("family", MIXED, MIXED, (1, 0, 2))
    start = L.ElementConstant(MIXED, 0)
    assert rejection(L.Equal(L.Apply(family, start), L.ElementConstant(MIXED, 1)), True, Evaluate()) == ""


def test_composites_that_do_not_compose_have_no_value() -> None:
    up = L.ArrowConstant(WALKING, 2)
    assert rejection(L.Equal(L.Composite(WALKING, up, up), up), False, Evaluate()) == "composite"
    g = L.Variable("g", L.Arrows(WALKING))
    some = L.Quantified(L.Quantifier.EXISTS, g, L.Equal(L.Composite(WALKING, g, up), L.Composite(WALKING, up, g)))
    assert rejection(some, False, Evaluate()) == "composite"
    element = L.ElementConstant(TOP, 0)
    assert rejection(L.Equal(L.Action(TOP, up, element), element), True, Evaluate()) == "action"


def test_elements_of_hom_functors_are_arrows() -> None:
    element = L.ElementConstant(BOTTOM, 1)
    arrow = L.ArrowOfElement(BOTTOM, element)
    assert rejection(L.Equal(arrow, L.ArrowConstant(WALKING, 2)), True, Evaluate()) == ""
    assert rejection(L.Equal(L.ElementOfArrow(BOTTOM, arrow), element), True, Evaluate()) == ""
    other = L.ElementOfArrow(BOTTOM, L.Identity(WALKING, L.ObjectConstant(WALKING, 1)))
    assert rejection(L.Equal(other, other), True, Evaluate()) == "hom"
    mixed = L.ArrowOfElement(MIXED, L.ElementConstant(MIXED, 1))
    assert rejection(L.Equal(mixed, mixed), True, Evaluate()) == "hom"


def test_depth_costs_no_stack() -> None:
    formula: L.Formula = L.Truth(True)
    evidence: Evidence = Evaluate()
    for _ in range(4_000):
        formula = L.Not(formula)
    assert accept(formula, True, Evaluate()).verdict == "proved"
    for i in range(4_000):
        evidence = Known(((0, i % 2 == 0, evidence),))
    assert accept(formula, True, evidence).verdict == "proved"
    term: L.Term = L.Identity(INVOLUTION, L.ObjectConstant(INVOLUTION, 0))
    for _ in range(4_001):
        term = L.Composite(INVOLUTION, term, L.ArrowConstant(INVOLUTION, 1))
    assert accept(L.Equal(term, L.ArrowConstant(INVOLUTION, 1)), True, Evaluate()).verdict == "proved"
