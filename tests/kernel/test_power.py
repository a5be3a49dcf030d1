"""High powers of one letter are followed by squaring: with the same result as letter by letter, and as strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.group import cyclic
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.decide.representable import coproduct_of_representables
from formal.kernel.category import MANY, Word, walk
from formal.kernel.reading import Ledger, Limits
from formal.logic import formula as L  # noqa: N812
from tests.benchmarks.large import regular, torus
from tests.kernel.example import accept, rejection

SIZE = 7
maps = st.lists(st.lists(st.integers(0, SIZE - 1), min_size=SIZE, max_size=SIZE), min_size=2, max_size=2)
words = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 5 * MANY)), max_size=4)


@dataclass(frozen=True)
class Letters:
    """Two maps of a set to itself."""

    maps: list[list[int]]
    ledger: Ledger = field(default_factory=lambda: Ledger(Limits()))

    def follow(self, word: Word, things: Sequence[int]) -> Sequence[int]:
        for g in word:
            things = [self.maps[g][t] for t in things]
        return things

    def table(self, g: int) -> dict[int, int]:
        return dict(enumerate(self.maps[g]))


@given(maps, words)
def test_squaring_is_letter_by_letter(letters: list[list[int]], powers: list[tuple[int, int]]) -> None:
    word = tuple(g for g, n in powers for _ in range(n))
    acting = Letters(letters)
    assert walk(word, range(SIZE), acting) == list(acting.follow(word, range(SIZE)))


@given(st.integers(MANY, 100_000))
def test_squaring_takes_few_steps(n: int) -> None:
    acting = Letters([[(t + 1) % SIZE for t in range(SIZE)]])
    assert walk((0,) * n, range(SIZE), acting) == [(t + n) % SIZE for t in range(SIZE)]
    assert acting.ledger.steps <= MANY * SIZE


def acted_on(category: Category, order: int, *, contravariant: bool) -> SetFunctor:
    """The points of a circle, turned by the only generator."""
    labels = tuple(f"p{k}" for k in range(order))
    turned = tuple((k + 1) % order for k in range(order))
    return SetFunctor("Circle", category, contravariant, (labels,), (turned,))


@pytest.mark.parametrize("contravariant", [True, False])
def test_action_of_a_large_cyclic_group(contravariant: bool) -> None:
    group = cyclic(3 * MANY)
    for order in (1, 3, MANY, 3 * MANY):
        functor = acted_on(group, order, contravariant=contravariant)
        value, evidence = coproduct_of_representables(functor, 1)
        accepted = accept(L.CoproductOfRepresentables(functor, 1), value, evidence)
        assert accepted.trusted == ()
    for order in (2 * MANY, 5, 3 * MANY - 1):
        functor = acted_on(group, order, contravariant=contravariant)
        value, evidence = coproduct_of_representables(functor, order)
        rejected = rejection(L.CoproductOfRepresentables(functor, order), value, evidence)
        assert rejected == "functorial"


def test_table_of_a_large_group() -> None:
    group = torus(MANY + 1, 3)
    functor = regular(group)
    value, evidence = coproduct_of_representables(functor, 1)
    assert accept(L.CoproductOfRepresentables(functor, 1), value, evidence).trusted == ()
    for entry in (1, 50, 2 * MANY, len(group.steps) - 1):
        steps = group.steps.copy()
        steps[entry] = (steps[entry] + 1) % group.arrow_count
        broken = regular(replace(group, steps=steps))
        assert rejection(L.CoproductOfRepresentables(broken, 1), value, evidence) in {"table", "associative"}
