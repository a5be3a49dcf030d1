"""High powers of one letter are followed by squaring: with the same result as letter by letter, and as strictly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.group import cyclic
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.decide.representable import coproduct_of_representables
from formal.kernel.category import MANY, Things, Word, cost, walk
from formal.kernel.reading import Ledger, Limits
from formal.logic import formula as L  # noqa: N812
from tests.benchmarks.large import regular, torus
from tests.kernel.example import accept, rejection

SIZE = 7
maps = st.lists(st.lists(st.integers(0, SIZE - 1), min_size=SIZE, max_size=SIZE), min_size=2, max_size=2)
words = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 5 * MANY)), max_size=4)


@given(maps, words)
def test_squaring_is_letter_by_letter(letters: list[list[int]], powers: list[tuple[int, int]]) -> None:
    word = [g for g, n in powers for _ in range(n)]

    def few(word: Word, things: Things) -> Things:
        for g in word:
            things = [letters[g][t] for t in things]
        return things

    squared = walk(Ledger(Limits()), word, range(SIZE), few, lambda g: dict(enumerate(letters[g])))
    assert list(squared) == list(few(tuple(word), range(SIZE)))


@given(st.integers(MANY, 10_000))
def test_squaring_costs_little(n: int) -> None:
    assert cost([0] * n) <= 2 * n.bit_length() < n


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
