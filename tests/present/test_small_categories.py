"""All categories with at most four arrows, and all monoids of order at most four, through the package.

Composition tables are listed by backtracking; each becomes a presentation, is enumerated, and is counted up to
isomorphism by the least relabelling of the table that comes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations_with_replacement, permutations, product

import pytest

from formal.core.category import Category
from formal.core.presentation import Path, Presentation, Word
from formal.present import enumerate_category, proof_failures

Ends = tuple[tuple[int, int], ...]
Composites = dict[tuple[int, int], int]


def tables(objects: int, arrows: Ends) -> Iterator[Composites]:
    """Every composition of the given arrows; the first ones are the identities."""
    proper = range(objects, len(arrows))
    cells = [(f, g) for f in proper for g in proper if arrows[f][1] == arrows[g][0]]
    composite: Composites = {}
    for f, (x, y) in enumerate(arrows):
        composite[x, f] = f
        composite[f, y] = f
    triples = [(f, g, h) for f, g in cells for h in proper if arrows[g][1] == arrows[h][0]]

    def associative() -> bool:
        for f, g, h in triples:
            fg, gh = composite.get((f, g)), composite.get((g, h))
            if fg is None or gh is None:
                continue
            left, right = composite.get((fg, h)), composite.get((f, gh))
            if left is not None and right is not None and left != right:
                return False
        return True

    def fill(place: int) -> Iterator[Composites]:
        if place == len(cells):
            yield dict(composite)
            return
        f, g = cells[place]
        for h, ends in enumerate(arrows):
            if ends == (arrows[f][0], arrows[g][1]):
                composite[f, g] = h
                if associative():
                    yield from fill(place + 1)
        composite.pop((f, g), None)

    yield from fill(0)


def presented(objects: int, arrows: Ends, composite: Composites) -> Presentation:
    """A generator for each arrow that is no identity, an equation for each composite."""

    def word(f: int) -> Word:
        return () if f < objects else (f - objects,)

    return Presentation(
        "table",
        tuple(f"x{x}" for x in range(objects)),
        tuple((f"f{f}", *arrows[f]) for f in range(objects, len(arrows))),
        tuple(
            (Path(arrows[f][0], (*word(f), *word(g))), Path(arrows[f][0], word(h)))
            for (f, g), h in composite.items()
            if f >= objects and g >= objects
        ),
    )


@cache
def relabellings(objects: int, size: int) -> list[tuple[int, ...]]:
    return [(*p, *q) for p in permutations(range(objects)) for q in permutations(range(objects, size))]


def canonical(category: Category) -> tuple[object, ...]:
    """The least of all relabelled composition tables."""
    size = category.arrow_count
    cells = [
        (f, g, category.compose(f, g))
        for f in range(size)
        for g in range(size)
        if category.target(f) == category.source(g)
    ]
    return min(
        tuple(sorted((p[f], p[g], p[h]) for f, g, h in cells)) for p in relabellings(category.object_count, size)
    )


def isomorphism_classes(objects: int, size: int) -> int:
    identities = tuple((x, x) for x in range(objects))
    found: set[tuple[object, ...]] = set()
    for proper in combinations_with_replacement(product(range(objects), repeat=2), size - objects):
        arrows = identities + tuple(proper)
        for composite in tables(objects, arrows):
            category = enumerate_category(presented(objects, arrows, composite))
            assert isinstance(category, Category)
            assert category.arrow_count == size
            found.add(canonical(category))
    return len(found)


@pytest.mark.parametrize(("size", "count"), [(1, 1), (2, 3), (3, 11), (4, 55)])
def test_number_of_categories(size: int, count: int) -> None:
    assert sum(isomorphism_classes(objects, size) for objects in range(1, size + 1)) == count


@pytest.mark.parametrize(("order", "count"), [(1, 1), (2, 2), (3, 7), (4, 35)])
def test_number_of_monoids(order: int, count: int) -> None:
    assert isomorphism_classes(1, order) == count


def test_tables_come_with_proofs() -> None:
    arrows: Ends = ((0, 0), (1, 1), (0, 0), (0, 1))
    for composite in tables(2, arrows):
        category = enumerate_category(presented(2, arrows, composite))
        assert isinstance(category, Category)
        assert list(proof_failures(category)) == []
        assert list(category.failures()) == []
