"""How long enumeration takes, next to a plain Todd–Coxeter procedure and naive completion in the same run."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from formal.core.category import Category
from formal.core.presentation import Presentation
from formal.present import enumerate_category
from tests.present import known

pytestmark = pytest.mark.benchmark

SMALL = [
    (known.alternating_5(), 60),
    (known.coxeter_a(4), 120),
    (known.simplex(4), 456),
    (known.grid(6, 6), 441),
    (known.projective_special_linear_2_7(), 168),
]
LARGE = [
    (known.grid(25, 25), 105_625),
    (known.cyclic(100_000), 100_000),
    (known.abelian(100, 1000), 100_000),
    (known.coxeter("H4", {(0, 1): 5, (1, 2): 3, (2, 3): 3}, 4), 14_400),
]


def name(value: object) -> str | None:
    return getattr(value, "name", None)


def todd_coxeter(presentation: Presentation) -> int:
    """The number of arrows, by a plain dense table: relations traced at every node, coincidences merged."""
    ends = [cod for _, _, cod in presentation.generators]
    rows: list[list[int]] = []
    where: list[int] = []
    merged: list[int] = []

    def new(x: int) -> int:
        rows.append([-1] * len(ends))
        where.append(x)
        merged.append(len(merged))
        return len(merged) - 1

    def find(node: int) -> int:
        while merged[node] != node:
            merged[node] = merged[merged[node]]
            node = merged[node]
        return node

    def step(node: int, generator: int) -> int:
        if rows[node][generator] < 0:
            rows[node][generator] = new(ends[generator])
        return find(rows[node][generator])

    def merge(one: int, two: int) -> None:
        pairs = deque([(one, two)])
        while pairs:
            one, two = sorted(map(find, pairs.popleft()))
            if one == two:
                continue
            merged[two] = one
            for generator, after in enumerate(rows[two]):
                if after >= 0:
                    if rows[one][generator] >= 0:
                        pairs.append((rows[one][generator], after))
                    else:
                        rows[one][generator] = after

    for x in range(len(presentation.objects)):
        new(x)
    node = 0
    while node < len(rows):
        for left, right in presentation.relations:
            if find(node) == node and where[node] == left.dom:
                ends_of = []
                for path in (left, right):
                    at = node
                    for generator in path.word:
                        at = step(at, generator)
                    ends_of.append(at)
                merge(*ends_of)
        if find(node) == node:
            for generator, (_, x, _) in enumerate(presentation.generators):
                if where[node] == x and find(node) == node:
                    step(node, generator)
        node += 1
    return sum(find(index) == index for index in range(len(rows)))


def naive_completion(presentation: Presentation) -> int:
    """The number of irreducible words after Knuth–Bendix completion with a list of rules and no index."""
    rules: list[tuple[str, str]] = []

    def normal(word: str) -> str:
        changed = True
        while changed:
            changed = False
            for left, right in rules:
                if left in word:
                    word, changed = word.replace(left, right, 1), True
        return word

    todo = deque(
        ("".join(map(chr, left.word)), "".join(map(chr, right.word))) for left, right in presentation.relations
    )
    while todo:
        small, big = sorted(map(normal, todo.popleft()), key=lambda word: (len(word), word))
        if small == big:
            continue
        for left, right in [rule for rule in rules if big in rule[0]]:
            rules.remove((left, right))
            todo.append((left, right))
        rules.append((big, small))
        for left, right in rules:
            for (one, to), (two, into) in {((left, right), (big, small)), ((big, small), (left, right))}:
                for shared in range(1, min(len(one), len(two))):
                    if one.endswith(two[:shared]):
                        todo.append((to + two[shared:], one[:-shared] + into))
        todo = deque(sorted(todo, key=lambda pair: len(pair[0]) + len(pair[1])))
    lefts = [left for left, _ in rules]
    words = [("", x) for x in range(len(presentation.objects))]
    for word, end in words:
        for generator, (_, x, y) in enumerate(presentation.generators):
            longer = word + chr(generator)
            if x == end and not any(longer.endswith(left) for left in lefts):
                words.append((longer, y))
    return len(words)


@pytest.mark.parametrize(("presentation", "arrows"), SMALL + LARGE, ids=name)
def test_enumerate_category(benchmark: BenchmarkFixture, presentation: Presentation, arrows: int) -> None:
    benchmark.group = presentation.name
    category = benchmark.pedantic(enumerate_category, (presentation,), rounds=3)
    assert isinstance(category, Category)
    assert category.arrow_count == arrows
    assert benchmark.stats is None or benchmark.stats.stats.median <= (0.1 if arrows < 500 else 5)


@pytest.mark.parametrize(("presentation", "arrows"), [*SMALL, LARGE[0]], ids=name)
def test_todd_coxeter(benchmark: BenchmarkFixture, presentation: Presentation, arrows: int) -> None:
    benchmark.group = presentation.name
    assert benchmark.pedantic(todd_coxeter, (presentation,), rounds=1) == arrows


@pytest.mark.parametrize(("presentation", "arrows"), SMALL, ids=name)
def test_naive_completion(benchmark: BenchmarkFixture, presentation: Presentation, arrows: int) -> None:
    benchmark.group = presentation.name
    assert benchmark.pedantic(naive_completion, (presentation,), rounds=1) == arrows


def test_growth_is_near_linear(benchmark: BenchmarkFixture) -> None:
    """Steps of the enumeration for growing grids, not time: they are the same on every machine."""
    benchmark.group = "growth"
    sizes = [8, 12, 16, 24]
    categories = benchmark.pedantic(lambda: [enumerate_category(known.grid(n, n)) for n in sizes], rounds=1)
    tables = [len(category.steps) / category.arrow_count for category in categories if isinstance(category, Category)]
    assert all(later / earlier < 1.2 for earlier, later in pairwise(tables))
