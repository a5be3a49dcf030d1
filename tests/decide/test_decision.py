"""The direct decision agrees with plain enumeration on everything small, and gives evidence for it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.evidence import Evaluate, Known, Search
from formal.core.functor import SetFunctor
from formal.decide.decision import KERNEL_NODES, Exhausted, Limits, decide
from formal.logic import formula as L  # noqa: N812
from formal.text import Bug
from tests import exhaustive
from tests.decide.referee import accepts
from tests.strategies import closed_formulas, concrete_category, hom_functor

SMALL = settings(max_examples=200, suppress_health_check=list(HealthCheck))

ARROW = concrete_category((1, 1), [(0, 1, (0,))])
SPAN = concrete_category((1, 1, 1), [(0, 1, (0,)), (0, 2, (0,))])
CYCLE = concrete_category((4,), [(0, 0, (1, 2, 3, 0))])
FORALL, EXISTS, UNIQUE = L.Quantifier


@SMALL
@given(closed_formulas, st.sampled_from([0, 10, 20_000]))
def test_agrees_with_the_definitions(formula: L.Formula, evaluate: int) -> None:
    decision = decide(formula, limits=Limits(evaluate=evaluate))
    assert decision.value == exhaustive.holds(formula)
    assert accepts(formula, decision.value, decision.evidence)


def terminal(C, X) -> L.Formula:  # noqa: N803
    W = L.Variable("W", L.Objects(C))  # noqa: N806
    f = L.Variable("f", L.Arrows(C, W, X))
    return L.Named("terminal", "terminal(X)", (), L.Quantified(FORALL, W, L.Quantified(UNIQUE, f, L.Truth(True))))


def test_a_true_existential_shows_its_witness() -> None:
    X = L.Variable("X", L.Objects(ARROW))  # noqa: N806
    decision = decide(L.Quantified(EXISTS, X, terminal(ARROW, X)))
    assert decision.value
    assert decision.evidence == Known(((1, True, Evaluate()),))


def test_a_false_universal_shows_its_counter_example() -> None:
    X = L.Variable("X", L.Objects(ARROW))  # noqa: N806
    decision = decide(L.Quantified(FORALL, X, terminal(ARROW, X)))
    assert not decision.value
    match decision.evidence:
        case Known(((0, False, Known(((0, False, Known(((0, False, _),))),))),)):
            pass
        case Known(((0, False, _),)):
            pass
        case other:
            pytest.fail(repr(other))


def test_two_values_refute_uniqueness() -> None:
    f = L.Variable("f", L.Arrows(CYCLE))
    decision = decide(L.Quantified(UNIQUE, f, L.Truth(True)))
    assert decision.evidence == Known(((0, True, Evaluate()), (1, True, Evaluate())))


def test_instances_share_evidence_beyond_the_limit_of_evaluation() -> None:
    X = L.Variable("X", L.Objects(SPAN))  # noqa: N806
    f = L.Variable("f", L.Arrows(SPAN, X, X))
    formula = L.Quantified(FORALL, X, L.Quantified(FORALL, f, L.Equal(f, L.Identity(SPAN, X))))
    assert decide(formula).evidence == Evaluate()
    once = decide(formula, limits=Limits(evaluate=4)).evidence
    assert once == Known((), (True, Evaluate()))


def test_an_existential_for_each_instance_names_the_exceptions() -> None:
    X = L.Variable("X", L.Objects(ARROW))  # noqa: N806
    Y = L.Variable("Y", L.Objects(ARROW))  # noqa: N806
    formula = L.Quantified(FORALL, X, L.Quantified(EXISTS, Y, L.Equal(X, Y)))
    evidence = decide(formula, limits=Limits(evaluate=0)).evidence
    zero, one = (Known(((value, True, Evaluate()),)) for value in (0, 1))
    assert evidence == Known(((1, True, one),), (True, zero))


def test_a_range_of_transformations_is_searched() -> None:
    regular = hom_functor(CYCLE, 0, True)
    phi = L.Variable("phi", L.Transformations(regular, regular))
    t = L.ElementConstant(regular, 0)
    formula = L.Quantified(FORALL, phi, L.Equal(L.Apply(phi, t), L.Apply(phi, t)))
    assert decide(formula).evidence == Evaluate()
    spelt_out = decide(formula, limits=Limits(evaluate=0))
    assert spelt_out.evidence == Search(KERNEL_NODES, (True, Evaluate()))
    fixed = L.Quantified(EXISTS, phi, L.Equal(L.Apply(phi, t), L.ElementConstant(regular, 2)))
    match decide(fixed).evidence:
        case Known(((images, True, Evaluate()),), None):
            assert images[0] == 2
        case other:
            pytest.fail(repr(other))


def test_the_budget_of_steps() -> None:
    f, g = (L.Variable(name, L.Arrows(CYCLE)) for name in "fg")
    formula = L.Quantified(FORALL, f, L.Quantified(FORALL, g, L.Equal(f, f)))
    steps = decide(formula).steps
    assert decide(formula, limits=Limits(steps=steps)).steps == steps
    with pytest.raises(Exhausted, match=f"more than {steps - 1} steps"):
        decide(formula, limits=Limits(steps=steps - 1))


def test_the_budget_of_a_search() -> None:
    four = SetFunctor("T", ARROW, True, (("a", "b", "c", "d"),) * 2, ((0, 0, 0, 0),))
    phi = L.Variable("phi", L.Transformations(four, four))
    with pytest.raises(Exhausted, match="more than 3 nodes"):
        decide(L.Quantified(FORALL, phi, L.Truth(True)), limits=Limits(nodes=3))


def test_deep_nesting_is_no_crash() -> None:
    formula: L.Formula = L.Truth(True)
    for _ in range(50_000):
        formula = L.Not(formula)
    with pytest.raises(Exhausted, match="nested too deeply"):
        decide(formula)


def test_long_composites_are_no_nesting() -> None:
    f: L.Term = L.ArrowConstant(CYCLE, 1)
    for _ in range(20_000):
        f = L.Composite(CYCLE, f, L.ArrowConstant(CYCLE, 1))
    assert decide(L.Equal(f, L.ArrowConstant(CYCLE, 1))).value


def test_a_variable_bound_within_its_scope_is_a_bug() -> None:
    X = L.Variable("X", L.Objects(ARROW))  # noqa: N806
    with pytest.raises(Bug):
        decide(L.Quantified(FORALL, X, L.Quantified(EXISTS, X, L.Truth(True))))
