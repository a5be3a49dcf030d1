"""Constructions at the sizes that proof scripts reach, each next to the plain way of doing the same."""

from __future__ import annotations

import random

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from formal.construct.elements import elements_category
from formal.construct.group import cyclic
from formal.construct.hom import representable
from formal.construct.kan import lan
from formal.construct.order import chain, discrete
from formal.construct.presheaf import constant
from formal.construct.product import product
from formal.construct.union_find import quotient
from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor

pytestmark = pytest.mark.benchmark


def product_by_composing(left: Category, right: Category) -> Category:
    """The product from a list of its arrows and their composition."""
    m, q = right.arrow_count, right.object_count
    arrows = [(f, g) for f in range(left.arrow_count) for g in range(m)]
    generators = [(f"{a.name} {y}", a.arrow * m + y) for a in left.generators for y in range(q)]
    generators += [(f"{x} {b.name}", x * m + b.arrow) for x in range(left.object_count) for b in right.generators]
    category, _ = build_category(
        "product",
        [f"{x} {y}" for x in left.objects for y in right.objects],
        [(left.source(f) * q + right.source(g), left.target(f) * q + right.target(g)) for f, g in arrows],
        lambda f, g: left.compose(f // m, g // m) * m + right.compose(f % m, g % m),
        [x * m + y for x in range(left.object_count) for y in range(q)],
        generators,
    )
    return category


@pytest.mark.benchmark(group="product of chains, 10 × 10: 3025 arrows")
@pytest.mark.parametrize("build", [product, product_by_composing], ids=lambda f: f.__name__)
def test_product(benchmark: BenchmarkFixture, build: type[Category]) -> None:
    ten = chain(10)
    result = benchmark(build, ten, ten)
    assert result.arrow_count == 3025


@pytest.mark.benchmark(group="product of chains, 25 × 25: 105 625 arrows")
@pytest.mark.parametrize("build", [product, product_by_composing], ids=lambda f: f.__name__)
def test_large_product(benchmark: BenchmarkFixture, build: type[Category]) -> None:
    many = chain(25)
    result = benchmark.pedantic(build, (many, many), rounds=2)
    assert result.arrow_count == 105_625


def schema() -> tuple[Category, Category, Functor]:
    """Graphs, and graphs whose vertices have a town in a country, related by forgetting the towns."""
    graph, _ = build_category(
        "Graph", ["E", "V"], [(0, 0), (1, 1), (0, 1), (0, 1)], max, [0, 1], [("source", 2), ("target", 3)]
    )
    ends = [(0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (0, 1), (1, 2), (2, 3), (0, 2), (0, 2), (1, 3), (0, 3), (0, 3)]
    words = ["", "", "", "", "s", "t", "a", "b", "sa", "ta", "ab", "sab", "tab"]
    number = {(word, ends[f][0]): f for f, word in enumerate(words)}
    located, _ = build_category(
        "Located",
        ["E", "V", "Town", "Country"],
        ends,
        lambda f, g: number[words[f] + words[g], ends[f][0]],
        [0, 1, 2, 3],
        [("source", 4), ("target", 5), ("town", 6), ("country", 7)],
    )
    return graph, located, Functor("forget", graph, located, (0, 1), (4, 5))


def random_graph(graph: Category, edges: int, vertices: int) -> SetFunctor:
    """A graph as a copresheaf on E ⇉ V."""
    draw = random.Random(1)
    source, target = (tuple(draw.randrange(vertices) for _ in range(edges)) for _ in range(2))
    labels = tuple(f"e{i}" for i in range(edges)), tuple(f"v{i}" for i in range(vertices))
    return SetFunctor("G", graph, False, labels, (source, target))


def lan_by_all_arrows(functor: SetFunctor, along: Functor) -> int:
    """The size of the left Kan extension: all pairs (x, k: K(c) -> d), modulo all (F(g)(x), k) ~ (x, K(g) >> k)."""
    target = along.cod
    nodes = [
        (x, k)
        for x in range(functor.size)
        for k in range(target.arrow_count)
        if target.source(k) == along.objects[functor.base[x]]
    ]
    number = {node: n for n, node in enumerate(nodes)}
    pairs = [
        (number[functor.act_arrow(g, x), k], number[x, target.compose(along.arrows[g], k)])
        for g in range(functor.category.arrow_count)
        for x in functor.at(functor.category.source(g))
        for k in range(target.arrow_count)
        if target.source(k) == target.target(along.arrows[g])
    ]
    return len(quotient(len(nodes), pairs)[0])


@pytest.mark.benchmark(group="left Kan extension: 1000 edges to 3000 rows")
@pytest.mark.parametrize("route", ["generators", "all arrows"])
def test_left_kan_extension(benchmark: BenchmarkFixture, route: str) -> None:
    graph, _, along = schema()
    functor = random_graph(graph, 1000, 667)
    if route == "generators":
        size = benchmark(lambda: lan(functor, along).size)
    else:
        size = benchmark(lan_by_all_arrows, functor, along)
    assert size == 3001
    assert route == "all arrows" or benchmark.stats is None or benchmark.stats.stats.median <= 0.5


@pytest.mark.benchmark(group="elements of a constant presheaf: 93 775 arrows")
@pytest.mark.parametrize("route", ["elements", "the same as a product"])
def test_elements(benchmark: BenchmarkFixture, route: str) -> None:
    grid = product(chain(10), chain(10))
    labels = [str(i) for i in range(31)]
    if route == "elements":
        functor = constant(labels, grid, contravariant=True)
        result = benchmark.pedantic(lambda: elements_category(functor).category, rounds=2)
    else:
        points = discrete(labels)
        result = benchmark.pedantic(lambda: product(grid, points), rounds=2)
    assert result.arrow_count == 93_775


@pytest.mark.benchmark(group="Hom(-, o) in the cyclic group of order 2000")
@pytest.mark.parametrize("route", ["left Cayley graph", "composites"])
def test_representable(benchmark: BenchmarkFixture, route: str) -> None:
    group = cyclic(2000)
    rotation = group.generators[0].arrow
    if route == "left Cayley graph":
        action = benchmark(lambda: representable(group, 0).action)
    else:
        action = benchmark.pedantic(lambda: (tuple(group.compose(rotation, f) for f in range(2000)),), rounds=2)
    assert action == ((*range(1, 2000), 0),)
