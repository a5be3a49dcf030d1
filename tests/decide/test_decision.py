"""The direct decision agrees with plain enumeration, on everything small."""

from hypothesis import HealthCheck, given, settings

from formal.decide.decision import decide
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive
from tests.strategies import closed_formulas

SMALL = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@SMALL
@given(closed_formulas)
def test_agrees_with_the_definitions(formula: L.Formula) -> None:
    assert decide(formula).value == exhaustive.holds(formula)
