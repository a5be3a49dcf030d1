"""Theorems: finding proofs beside re-checking them, searching with the hypotheses beside searching without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from formal import herbrand
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import Proof
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.refute.search import search
from formal.verify.options import Options
from formal.verify.run import check_text
from tests.theorems.proved_library import statements, true_obligations
from tests.theorems.stability import sample

pytestmark = pytest.mark.benchmark

LIMITS = ProveLimits(short=50_000, long=0)
ROUNDS = {"rounds": 3, "iterations": 1, "warmup_rounds": 1}


def repeated(benchmark: BenchmarkFixture, work: Callable[[], object]) -> None:
    benchmark.pedantic(work, **ROUNDS)  # type: ignore[no-untyped-call]


@pytest.mark.benchmark(group="twelve obligations of the library")
def test_prove(benchmark: BenchmarkFixture) -> None:
    """Proofs found, made least, and checked."""
    sequents = sample(12)
    with Prover() as prover:
        repeated(benchmark, lambda: [prover.prove(sequent, LIMITS) for sequent in sequents])
        assert all(isinstance(prover.prove(sequent, LIMITS), Proof) for sequent in sequents)


@pytest.mark.benchmark(group="twelve obligations of the library")
def test_re_check(benchmark: BenchmarkFixture) -> None:
    """The kernel alone."""
    with Prover() as prover:
        found = [prover.prove(sequent, LIMITS) for sequent in sample(12)]
    proofs = [proof for proof in found if isinstance(proof, Proof)]
    assert len(proofs) == 12
    repeated(benchmark, lambda: [herbrand.check(proof.claim, proof.certificate) for proof in proofs])


@pytest.mark.benchmark(group="twelve obligations of the library")
def test_write_in_first_order(benchmark: BenchmarkFixture) -> None:
    """What is asked, without an answer."""
    every = true_obligations()
    chosen = every[:: len(every) // 12][:12]
    repeated(benchmark, lambda: [first_order(statement, obligation) for statement, obligation in chosen])


@pytest.mark.benchmark(group="twelve falsehoods of the library")
def test_refute(benchmark: BenchmarkFixture) -> None:
    """Counter-models found and evaluated, not replayed."""
    false = [s for s in statements() if s.node.expect is not None and s.node.expect.text == "refuted"]
    chosen = [(s, s.obligations[-1]) for s in false[:: len(false) // 12][:12]]
    limits = SearchLimits(max_size=8)
    repeated(benchmark, lambda: [search(statement, obligation, limits) for statement, obligation in chosen])
    found = [search(statement, obligation, limits) for statement, obligation in chosen]
    assert sum(isinstance(model, CounterModel) for model in found) == 12


@pytest.mark.benchmark(group="twelve falsehoods of the library")
def test_refute_without_hypotheses(benchmark: BenchmarkFixture) -> None:
    """The least of it: structures in which the goal fails, whatever is assumed."""
    false = [s for s in statements() if s.node.expect is not None and s.node.expect.text == "refuted"]
    chosen = [(s, s.obligations[-1]) for s in false[:: len(false) // 12][:12]]
    limits = SearchLimits(max_size=8)

    def work() -> list[CounterModel | Searched]:
        return [
            search(s, o, limits, without=frozenset(h.name for h in s.hypotheses if h.origin == "assumed"))
            for s, o in chosen
        ]

    repeated(benchmark, work)


@pytest.mark.benchmark(group="from a script to a verdict")
@pytest.mark.parametrize("what", ["proved", "refuted"])
def test_whole(benchmark: BenchmarkFixture, what: str) -> None:
    """Elaborated, decided, re-checked or replayed; processes are started anew."""
    wanted, shown = ("iso(f)", "mono(f)") if what == "proved" else ("mono(f)", "iso(f)")
    text = f"theorem t {{ given category C, object X, Y in C, arrow f: X -> Y assume {wanted} show {shown} }}"
    text += f" expect {what}"
    repeated(benchmark, lambda: check_text(text, Options(cache=False)))
    (claim,) = check_text(text, Options(cache=False)).claims
    assert claim.as_expected
    assert claim.certified
