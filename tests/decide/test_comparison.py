"""Isomorphic, equivalent, connected: with what shows it."""

from formal.certificate.evidence import Equivalence, Evaluate, Invariant, Isomorphism
from formal.core.functor import SetFunctor
from formal.decide.comparison import connected, distinguishing_rounds, equivalent, isomorphic
from tests.strategies import concrete_category

LOOP = concrete_category((3,), [(0, 0, (1, 2, 2))])
POINT = concrete_category((1,), [])
EMPTY = concrete_category((), [])
TWO = concrete_category((1, 1), [])
INVERSE = concrete_category((1, 1), [(0, 1, (0,)), (1, 0, (0,))])


def on_loop(*action: int) -> SetFunctor:
    return SetFunctor("T", LOOP, False, (tuple(f"t{t}" for t in range(len(action))),), (action,))


def test_an_isomorphism_is_shown() -> None:
    left, right = on_loop(1, 2, 2), on_loop(0, 0, 1)
    assert isomorphic(left, right, nodes=100) == (True, Isomorphism((2, 1, 0)))


def test_different_sizes_are_seen_at_once() -> None:
    assert isomorphic(on_loop(0, 1), on_loop(0), nodes=100) == (False, Invariant(0))


def test_rounds_are_as_few_as_can_be() -> None:
    assert isomorphic(on_loop(0, 1), on_loop(1, 1), nodes=100) == (False, Invariant(1))
    # Two trees each: the same degrees, but what is next to what differs.
    left, right = on_loop(0, 0, 0, 1, 4, 4, 4, 5), on_loop(0, 0, 0, 1, 4, 4, 4, 2)
    assert isomorphic(left, right, nodes=100) == (False, Invariant(2))


def test_what_refinement_does_not_see_is_left_to_the_kernel() -> None:
    """A permutation with two cycles of length 3, and one with a cycle of length 6."""
    cycle = concrete_category((6,), [(0, 0, (1, 2, 3, 4, 5, 0))])
    names = (tuple(f"t{t}" for t in range(6)),)
    left, right = (SetFunctor("T", cycle, True, names, (a,)) for a in ((1, 2, 0, 4, 5, 3), (1, 2, 3, 4, 5, 0)))
    assert distinguishing_rounds(left, right) is None
    assert isomorphic(left, right, nodes=100) == (False, Evaluate())


def test_categories() -> None:
    assert isomorphic(TWO, TWO, nodes=100)[0]
    assert isomorphic(POINT, TWO, nodes=100) == (False, Invariant(0))
    four = concrete_category((4,), [(0, 0, (1, 2, 3, 0))])
    klein = concrete_category((4,), [(0, 0, (1, 0, 3, 2)), (0, 0, (2, 3, 0, 1))])
    assert isomorphic(four, klein, nodes=100) == (False, Evaluate())
    two, idempotent = (concrete_category((2,), [(0, 0, images)]) for images in ((1, 0), (0, 0)))
    assert isomorphic(two, idempotent, nodes=100) == (False, Invariant(1))
    value, evidence = equivalent(INVERSE, POINT, nodes=100)
    assert value
    assert isinstance(evidence, Equivalence)
    assert equivalent(TWO, POINT, nodes=100) == (False, Evaluate())


def test_connected() -> None:
    assert connected(POINT)
    assert connected(INVERSE)
    assert not connected(TWO)
    assert not connected(EMPTY)
