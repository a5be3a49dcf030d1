"""Writing and re-checking certificates at scale: a hundred thousand arrows, a hundred thousand elements."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from itertools import product

import pytest

from formal.certificate.evidence import BadComponent, Evaluate, Evidence, Forest
from formal.certificate.write import write_certificate, write_claim
from formal.construct.group import cyclic
from formal.construct.order import chain
from formal.core.build import number_arrows
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.core.presentation import Path, Presentation
from formal.kernel import check
from formal.logic import formula as L  # noqa: N812
from formal.present.enumerate import enumerate_category

pytestmark = pytest.mark.benchmark


def grid(side: int) -> Category:
    """The product of two chains; (side (side + 1) / 2) ** 2 arrows."""
    places = list(product(range(side), repeat=2))
    number = {place: x for x, place in enumerate(places)}
    arrows = [(x, number[k, m]) for x, (i, j) in enumerate(places) for k in range(i, side) for m in range(j, side)]
    index = {arrow: f for f, arrow in enumerate(arrows)}
    covers = [(x, number[to]) for x, (i, j) in enumerate(places) for to in ((i + 1, j), (i, j + 1)) if to in number]
    leaving: dict[int, list[int]] = {x: [y for a, y in covers if a == x] for x in range(len(places))}
    steps = [index[x, z] for x, y in arrows for z in leaving[y]]
    generators = [(f"g{x}-{y}", index[x, y]) for x, y in covers]
    identities = [index[x, x] for x in range(len(places))]
    labels = [f"{i},{j}" for i, j in places]
    dom, cod = [x for x, _ in arrows], [y for _, y in arrows]
    return number_arrows("grid", labels, dom, cod, identities, generators, steps)[0]


def copies(category: Category, count: int) -> tuple[L.Formula, Evidence]:
    """A presheaf of ``count`` copies of the terminal one, that is, of Hom(-, top); and why."""
    labels = tuple(f"t{i}" for i in range(count))
    table = tuple(range(count))
    functor = SetFunctor("T", category, True, (labels,) * category.object_count, (table,) * len(category.generators))
    parent, generator = list(range(functor.size)), [-1] * functor.size
    for g, (x, y) in enumerate((g.dom, g.cod) for g in category.generators):
        for i in table:
            parent[functor.start[x] + i], generator[functor.start[x] + i] = functor.start[y] + i, g
    top = functor.at(category.object_count - 1)
    return L.CoproductOfRepresentables(functor, count), Forest(tuple(top), tuple(parent), tuple(generator))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def round_trip(formula: L.Formula, value: bool, evidence: Evidence) -> tuple[str, ...]:
    """Write and check; what was trusted."""
    claim = write_claim(formula)
    return check(claim, write_certificate(claim, value, evidence, formula)).trusted


def test_a_hundred_thousand_arrows_and_elements(benchmark: Callable[..., object]) -> None:
    """105 625 arrows, 100 000 elements; all axioms are proved, none is trusted."""
    formula, evidence = copies(grid(25), 160)
    assert benchmark(lambda: round_trip(formula, True, evidence)) == ()


def test_a_million_arrows(benchmark: Callable[..., object]) -> None:
    """1 089 936 arrows, 208 800 elements."""
    category = grid(58)
    assert category.arrow_count > 1_000_000
    formula, evidence = copies(category, 60)
    assert benchmark.pedantic(lambda: round_trip(formula, True, evidence), rounds=1) == ()  # type: ignore[attr-defined]


def test_it_grows_linearly(benchmark: Callable[..., object]) -> None:
    """Four times the arrows cost at most eight times as much, and reading JSON is a good part of it."""
    small, large = copies(grid(18), 100), copies(grid(25), 207)
    times = [min(seconds(lambda c=c: round_trip(c[0], True, c[1])) for _ in range(3)) for c in (small, large)]
    claim = write_claim(large[0])
    reading = min(seconds(lambda: json.loads(claim)) for _ in range(3))
    print(f"\n{times[0]:.3f} s, {times[1]:.3f} s; reading alone {reading:.3f} s")
    benchmark(lambda: None)
    assert times[1] < 8 * times[0]


def test_a_cyclic_group_of_a_hundred_thousand(benchmark: Callable[..., object]) -> None:
    """One generator and one equation, as long as there are arrows."""
    category = cyclic(100_000)
    half = 50_000
    labels = tuple(f"t{i}" for i in range(half))
    turn = tuple((i + 1) % half for i in range(half))
    functor = SetFunctor("Half", category, True, (labels,), (turn,))
    evidence = BadComponent((True,) * half, (True,) * half, ((0, 0),))
    benchmark(lambda: round_trip(L.CoproductOfRepresentables(functor, 1), False, evidence))


def test_a_presented_grid(benchmark: Callable[..., object]) -> None:
    """A presented 6 x 6 grid of commuting squares, 441 arrows: its table is proved, not trusted."""
    side = 6
    places = {place: x for x, place in enumerate(product(range(side), repeat=2))}
    steps = [(x, (i + 1, j)) for (i, j), x in places.items()] + [(x, (i, j + 1)) for (i, j), x in places.items()]
    moves = [(f"g{x}-{places[to]}", x, places[to]) for x, to in steps if to in places]
    number = {(x, y): g for g, (_, x, y) in enumerate(moves)}
    squares = []
    for (i, j), x in places.items():
        if (i + 1, j + 1) in places:
            right, up, corner = places[i + 1, j], places[i, j + 1], places[i + 1, j + 1]
            ways = [Path(x, (number[x, middle], number[middle, corner])) for middle in (right, up)]
            squares.append((ways[0], ways[1]))
    category = enumerate_category(Presentation("grid", tuple(map(str, range(side**2))), tuple(moves), tuple(squares)))
    assert isinstance(category, Category)
    assert category.arrow_count == 441
    assert benchmark(lambda: round_trip(L.Connected(category), True, Evaluate())) == ()


def test_plain_exhaustion(benchmark: Callable[..., object]) -> None:
    """All triples of composable arrows of a chain of 20: some ten thousand, by evaluation."""
    category = chain(20)
    x = [L.Variable(f"x{i}", L.Objects(category)) for i in range(4)]
    f = [L.Variable(f"f{i}", L.Arrows(category, x[i], x[i + 1])) for i in range(3)]
    left = L.Composite(category, L.Composite(category, f[0], f[1]), f[2])
    right = L.Composite(category, f[0], L.Composite(category, f[1], f[2]))
    formula: L.Formula = L.Equal(left, right)
    for variable in (f[2], x[3], f[1], x[2], f[0], x[1], x[0]):
        formula = L.Quantified(L.Quantifier.FORALL, variable, formula)
    assert benchmark(lambda: round_trip(formula, True, Evaluate())) == ()
