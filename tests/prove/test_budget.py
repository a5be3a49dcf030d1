"""What a user may choose reaches the provers and the search for counter-models."""

from __future__ import annotations

from formal.prove.prover import ProveLimits
from formal.refute.limit import SearchLimits
from formal.verify.options import Options


def test_the_usual_budgets() -> None:
    proving = Options().prove_limits()
    usual = ProveLimits()
    assert (proving.short, proving.long, proving.total) == (usual.short, usual.long, usual.total)
    assert Options().search_limits() == SearchLimits()


def test_a_smaller_budget_is_smaller_everywhere() -> None:
    proving = Options(rlimit=2_000_000, seed=3, memory_mb=512, timeout_seconds=7.0, trust_solver=True).prove_limits()
    assert (proving.short, proving.long, proving.total) == (2_000, 10_000, 400_000)
    assert (proving.seed, proving.memory, proving.seconds, proving.trust_solver) == (3, 512, 7.0, True)
    assert Options(steps=1_000_000, size=4).search_limits() == SearchLimits(max_size=4, budget=120_000)


def test_the_smallest_budget_is_one() -> None:
    smallest = Options(steps=1, rlimit=1)
    assert smallest.prove_limits().short == smallest.search_limits().budget == 1
