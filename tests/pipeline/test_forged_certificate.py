"""Evidence for one claim, offered for another that differs in one thing: accepted only where that one is true, too."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.evidence import Evaluate
from formal.certificate.write import write_certificate, write_claim
from formal.core.functor import SetFunctor
from formal.decide.decision import Limits, decide
from formal.kernel import Rejected, check
from formal.logic import formula as L  # noqa: N812
from formal.text import Bug
from tests import exhaustive
from tests.hostile.test_certificate import formulas
from tests.pipeline.mutant import entries, mutants
from tests.strategies import categories, set_functors

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))


def assert_rejected_or_true(formula: L.Formula, evaluate: int) -> None:
    decision = decide(formula, limits=Limits(evaluate=evaluate))
    claim = write_claim(formula)
    certificate = write_certificate(claim, decision.value, decision.evidence, formula)
    for mutant in islice(mutants(formula), 40):
        other = write_claim(mutant)
        if other == claim:
            continue
        with pytest.raises(Rejected, match="another claim"):
            check(other, certificate)
        try:
            carried_over = write_certificate(other, decision.value, decision.evidence, mutant)
            accepted = check(other, carried_over)
        except (Rejected, Bug):
            continue
        assert accepted.verdict == ("proved" if exhaustive.holds(mutant) else "refuted"), (formula, mutant)


@FEW
@given(formulas, st.sampled_from([0, 20_000]))
def test_the_evidence_of_another_claim(formula: L.Formula, evaluate: int) -> None:
    assert_rejected_or_true(formula, evaluate)


@pytest.mark.slow
@MANY
@given(formulas, st.sampled_from([0, 20_000]))
def test_the_evidence_of_another_claim_at_length(formula: L.Formula, evaluate: int) -> None:
    assert_rejected_or_true(formula, evaluate)


@st.composite
def mutilated(draw: st.DrawFn) -> SetFunctor:
    """A set-valued functor, or one with an entry changed."""
    functor = draw(set_functors(draw(categories()), draw(st.booleans())))
    return draw(st.sampled_from([functor, *entries(functor)]))


def is_functorial(functor: SetFunctor) -> bool:
    category = functor.category
    for index, generator in enumerate(category.generators):
        # A generator may be equal to an identity or to another one.
        for t in functor.at(functor.ends(index)[0]):
            if functor.act(index, t) != functor.act_arrow(generator.arrow, t):
                return False
    for f in range(category.arrow_count):
        for g in range(category.arrow_count):
            if category.target(f) == category.source(g):
                first, then = (g, f) if functor.contravariant else (f, g)
                start = category.target(g) if functor.contravariant else category.source(f)
                both = category.compose(f, g)
                for t in functor.at(start):
                    if functor.act_arrow(both, t) != functor.act_arrow(then, functor.act_arrow(first, t)):
                        return False
    return True


@settings(FEW, max_examples=200)
@given(mutilated())
def test_a_table_is_accepted_just_if_it_is_a_functor(functor: SetFunctor) -> None:
    claim = write_claim(L.Covered(functor, 99))
    certificate = write_certificate(claim, True, Evaluate(), L.Covered(functor, 99))
    if is_functorial(functor):
        assert check(claim, certificate).trusted == ()
    else:
        with pytest.raises(Rejected, match="functorial"):
            check(claim, certificate)
