"""The SMT route agrees with plain enumeration on everything small, and its evidence convinces a referee."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.logic import formula as L  # noqa: N812
from formal.smt.solve import Solver, SolverLimits, decide_by_smt, evidence_from
from tests import exhaustive
from tests.decide.referee import accepts
from tests.strategies import closed_formulas


@pytest.fixture(scope="module")
def solver():
    with Solver() as running:
        yield running


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(closed_formulas, st.booleans())
def test_agrees_with_the_definitions(solver: Solver, formula: L.Formula, few_structures: bool) -> None:
    limits = SolverLimits(structures=30) if few_structures else SolverLimits()
    answer = decide_by_smt(formula, limits, solver=solver)
    if few_structures and answer.value is None:
        assert answer.reason == "budget"
        return
    assert answer.value is exhaustive.holds(formula)
    evidence = evidence_from(answer, formula)
    assert (evidence is None) == (not answer.by_model)
    if evidence is not None:
        assert accepts(formula, answer.value, evidence)
