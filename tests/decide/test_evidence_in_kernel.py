"""The kernel accepts the evidence of every decision, and never for the opposite."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.write import write_certificate, write_claim
from formal.decide.decision import Limits, decide
from formal.kernel import Rejected, check
from formal.logic import formula as L  # noqa: N812
from tests.strategies import categories, closed_formulas, set_functors

SMALL = settings(max_examples=200, suppress_health_check=list(HealthCheck))


def assert_certified(formula: L.Formula, limits: Limits) -> None:
    decision = decide(formula, limits=limits)
    claim = write_claim(formula)
    accepted = check(claim, write_certificate(claim, decision.value, decision.evidence, formula))
    assert accepted.verdict == ("proved" if decision.value else "refuted")
    with pytest.raises(Rejected):
        check(claim, write_certificate(claim, not decision.value, decision.evidence, formula))


@SMALL
@given(closed_formulas, st.sampled_from([0, 10, 20_000]))
def test_every_decision_is_certified(formula: L.Formula, evaluate: int) -> None:
    assert_certified(formula, Limits(evaluate=evaluate))


@st.composite
def atoms(draw: st.DrawFn) -> L.Formula:
    one, other = draw(categories(most_objects=2)), draw(categories(most_objects=2))
    contravariant = draw(st.booleans())
    left, right = draw(set_functors(one, contravariant, "S")), draw(set_functors(one, contravariant, "T"))
    return draw(
        st.one_of(
            st.builds(L.Covered, st.just(left), st.integers(0, 4)),
            st.builds(L.CoproductOfRepresentables, st.just(left), st.integers(0, 4)),
            st.just(L.Isomorphic(left, right)),
            st.sampled_from([L.Isomorphic(one, other), L.Equivalent(one, other), L.Connected(one)]),
        )
    )


@SMALL
@given(atoms())
def test_every_decision_about_structures_is_certified(formula: L.Formula) -> None:
    assert_certified(formula, Limits())
