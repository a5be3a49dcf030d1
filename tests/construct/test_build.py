from __future__ import annotations

from itertools import product as tuples

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.union_find import quotient
from formal.core.build import TooLarge, build_category, distinct, generating_arrows
from formal.core.category import Category
from tests.construct.construct_samples import CATEGORIES, is_category


def shuffled(category: Category, order: list[int]) -> tuple[Category, tuple[int, ...]]:
    """The category again, from its arrows in another order, with generators of its own choice."""
    place = {f: i for i, f in enumerate(order)}
    return build_category(
        category.name,
        category.objects,
        [(category.source(f), category.target(f)) for f in order],
        lambda f, g: place[category.compose(order[f], order[g])],
        [place[x] for x in range(category.object_count)],
        labels=[category.arrow_labels[f] for f in order],
    )


@given(st.data())
def test_any_order_of_arrows_gives_the_same_category(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(CATEGORIES))
    order = data.draw(st.permutations(range(category.arrow_count)))
    built, number = shuffled(category, order)
    assert is_category(built)
    assert [built.arrow_labels[number[i]] for i in range(len(order))] == [category.arrow_labels[f] for f in order]
    given_number = dict(zip(order, number, strict=True))
    for f, g in tuples(range(category.arrow_count), repeat=2):
        if category.target(f) == category.source(g):
            assert given_number[category.compose(f, g)] == built.compose(given_number[f], given_number[g])


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
@pytest.mark.parametrize("direction", [1, -1])
def test_chosen_generators_generate_and_none_is_a_composite_of_others(category: Category, direction: int) -> None:
    n, p = category.arrow_count, category.object_count
    ends = category.dom.tolist(), category.cod.tolist()
    chosen = generating_arrows(*ends, range(p), category.compose, range(n)[::direction])

    def generated(letters: tuple[int, ...]) -> set[int]:
        reached = set(range(p))
        while True:
            more = {
                category.compose(f, g) for f in reached for g in letters if category.target(f) == category.source(g)
            }
            if more <= reached:
                return reached
            reached |= more

    assert len(generated(chosen)) == n
    for g in chosen:
        assert g not in generated(tuple(h for h in chosen if h != g))


def test_a_category_that_its_generators_do_not_generate_is_an_error() -> None:
    with pytest.raises(ValueError, match="do not generate"):
        build_category("Z2", ["o"], [(0, 0), (0, 0)], lambda f, g: f ^ g, [0], [])


def test_too_many_arrows() -> None:
    with pytest.raises(TooLarge) as raised:
        build_category("Z2", ["o"], [(0, 0), (0, 0)], lambda f, g: f ^ g, [0], limit=1)
    assert raised.value.limit == 1


@given(st.lists(st.sampled_from(["a", "b", "a'", "a''"])))
def test_distinct_labels_keep_what_was_different(labels: list[str]) -> None:
    result = distinct(labels)
    assert len(set(result)) == len(labels)
    for i, label in enumerate(labels):
        if label not in labels[:i]:
            assert result[i] == label


@given(st.data())
def test_quotient_is_the_smallest_congruence(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 7))
    members = st.integers(0, n - 1)
    maps = data.draw(st.lists(st.lists(members, min_size=n, max_size=n), max_size=2))
    pairs = data.draw(st.lists(st.tuples(members, members), max_size=4))
    successors = [[image[x] for image in maps] for x in range(n)]
    representatives, position = quotient(n, pairs, successors)

    related = {(x, x) for x in range(n)} | set(pairs)
    while True:
        more = {(y, x) for x, y in related}
        more |= {(x, z) for x, y in related for w, z in related if y == w}
        more |= {(image[x], image[y]) for x, y in related for image in maps}
        if more <= related:
            break
        related |= more
    assert all((position[x] == position[y]) == ((x, y) in related) for x in range(n) for y in range(n))
    assert representatives == [min(x for x in range(n) if position[x] == c) for c in range(len(representatives))]
