"""Proving: small ground instances beside quantified problems."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import Proof
from tests.prove import textbook

GOALS = (
    textbook.fully_faithful_reflects_isos,
    textbook.isos_compose,
    textbook.solution_is_universal_element,
)
WAYS = {
    "ground": "z3 ground, 1000 instances",
    "ends": "z3 ends, terms triggers, steady",
    "hom": "z3 hom, automatic triggers, steady, 40 terms",
}


@pytest.mark.benchmark(group="prove")
@pytest.mark.parametrize("goal", GOALS, ids=lambda g: g.__name__)
@pytest.mark.parametrize("way", WAYS)
def test_prove(benchmark: BenchmarkFixture, goal: textbook.Goal, way: str) -> None:
    limits = ProveLimits(short=1_000_000, long=0, configurations=(WAYS[way],))
    with Prover() as prover:
        result = benchmark.pedantic(  # type: ignore[no-untyped-call]
            prover.prove, (goal(), limits), rounds=3, warmup_rounds=1
        )
    assert isinstance(result, Proof)
