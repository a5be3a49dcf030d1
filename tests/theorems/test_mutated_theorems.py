"""Theorems with one thing changed: what is proved of them has no small counter-model, and its certificate passes.

The prover and the search for models share the elaboration of statements and nothing else.
"""

from __future__ import annotations

from collections import Counter

import pytest

from formal import herbrand
from formal.prove.configuration import configurations
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import Proof
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel
from formal.refute.search import search
from tests.theorems.theorem_mutant import Mutant, mutants

PROVE = ProveLimits(short=20_000, long=0, configurations=configurations()[:6])
SEARCH = SearchLimits(max_size=5, max_objects=3, budget=200_000)


def found_out(prover: Prover, mutant: Mutant) -> str:
    """``proved``, ``refuted`` or ``open``; never two of them."""
    sequent = first_order(mutant.statement, mutant.obligation)
    proof = prover.prove(sequent, PROVE)
    model = search(mutant.statement, mutant.obligation, SEARCH)
    if not isinstance(proof, Proof):
        return "refuted" if isinstance(model, CounterModel) else "open"
    assert not isinstance(model, CounterModel), f"{mutant} is proved, and has the counter-model {model}"
    accepted = herbrand.check(proof.claim, proof.certificate)
    assert accepted.obligation == mutant.obligation.name
    assert accepted.instances == len(proof.instances)
    return "proved"


def test_what_is_proved_of_a_few_mutants_has_no_counter_model() -> None:
    with Prover() as prover:
        counts = Counter(found_out(prover, mutant) for mutant in mutants(16, seed=1))
    assert counts["proved"]
    assert counts["refuted"] >= 4


@pytest.mark.slow
def test_what_is_proved_of_mutants_has_no_counter_model() -> None:
    with Prover() as prover:
        counts = Counter((mutant.kind, found_out(prover, mutant)) for mutant in mutants(200, seed=0))
    for (kind, answer), number in sorted(counts.items()):
        print(f"{number:4} {kind}: {answer}")
    assert counts.total() == 200
    assert sum(number for (_, answer), number in counts.items() if answer == "proved") >= 20
    assert sum(number for (_, answer), number in counts.items() if answer == "refuted") >= 60


def test_the_same_mutants_for_the_same_seed() -> None:
    assert [*map(str, mutants(8, seed=3))] == [*map(str, mutants(8, seed=3))]
