"""The least counter-model has the size that trying all structures finds; where there is none, there is none."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.logic.theory import Formula
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel
from formal.refute.search import search
from tests.refute.every_structure import categories, is_satisfied, statement_of
from tests.refute.random_theory import SIGNATURES, C, T, random_sentence, structures

LARGEST = 3


def least_size(signature: str, requirements: list[tuple[Formula, bool]]) -> int | None:
    """The size of the least structure that satisfies the requirements, by trying all."""
    for size in range(LARGEST + 1):
        if any(is_satisfied(model, requirements) for model in structures(signature, size)):
            return size
    return None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(SIGNATURES)), st.integers(0, 2**32), st.integers(1, 4))
def test_least_size_of_random_sentences(signature: str, seed: int, depth: int) -> None:
    random = Random(seed)
    functions = SIGNATURES[signature]
    hypothesis = random_sentence(random, functions, depth)
    goal = random_sentence(random, functions, depth)
    statement = statement_of((C,), (T,), functions, (hypothesis,), goal)
    found = search(statement, statement.obligations[0], SearchLimits(max_size=LARGEST))
    least = least_size(signature, [(hypothesis, True), (goal, False)])
    if least is None:
        assert not isinstance(found, CounterModel)
        assert (found.size, found.exhausted) == (LARGEST, False)
    else:
        assert isinstance(found, CounterModel)
        assert (found.size, found.smallest) == (least, True)


def test_trying_all_tables_finds_all_monoids() -> None:
    """1, 2 and 11 monoids with a fixed neutral element on 1 to 3 points (OEIS A058153, divided by n)."""
    monoids = [sum(1 for c in categories(size) if c.objects == 1) for size in range(1, 4)]
    assert monoids == [1, 2, 11]


@pytest.mark.parametrize("signature", sorted(SIGNATURES))
def test_there_are_structures_to_compare_with(signature: str) -> None:
    assert any(structures(signature, size) for size in range(LARGEST + 1))
