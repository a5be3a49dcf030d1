"""Quantities by their definitions, in fractions and by exhaustion: slow, and unlike the kernel."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from math import inf
from typing import Any

from formal.quantale import Number, Quantale

Rows = list[list[Number]]


def compose(q: Quantale, a: Rows, b: Rows, width: int) -> Rows:
    return [[q.join(q.tensor(row[y], b[y][z]) for y in range(len(b))) for z in range(width)] for row in a]


def residual(q: Quantale, a: Rows, b: Rows, left: int, right: int) -> Rows:
    return [
        [q.meet(q.residual(x[y], z[k]) for x, z in zip(a, b, strict=True)) for k in range(right)] for y in range(left)
    ]


def closure(q: Quantale, a: Rows) -> Rows:
    """The join over all paths without circles, one by one."""
    size = len(a)

    def along(path: tuple[int, ...]) -> Number:
        value: Number = q.unit
        for x, y in pairwise(path):
            value = q.tensor(value, a[x][y])
        return value

    def paths(x: int, y: int) -> Iterable[tuple[int, ...]]:
        if x == y:
            yield (x,)
        others = [z for z in range(size) if z not in (x, y)]
        for length in range(len(others) + 1):
            for middle in permutations(others, length):
                yield (x, *middle, y)

    return [[q.join(along(path) for path in paths(x, y)) for y in range(size)] for x in range(size)]


def far(a: Number, b: Number) -> Number:
    return 0 if a == b else abs(a - b)


def apart(a: Iterable[Number], b: Iterable[Number], metric: str) -> Number:
    gaps = [far(x, y) for x, y in zip(a, b, strict=True)]
    if metric == "tv":
        return inf if inf in gaps else Fraction(sum(gaps)) / 2
    return max(gaps, default=0)


def distance(a: Rows, b: Rows, metric: str) -> Number:
    if a and len(a[0]) == 1:
        a, b = [[row[0] for row in a]], [[row[0] for row in b]]
    return max((apart(x, y, metric) for x, y in zip(a, b, strict=True)), default=0)


def excess(q: Quantale, a: Rows, b: Rows) -> Number:
    return max((q.excess(x, y) for r, s in zip(a, b, strict=True) for x, y in zip(r, s, strict=True)), default=0)


def defect(q: Quantale, a: Rows) -> Number:
    units = [q.excess(q.unit, row[x]) for x, row in enumerate(a)]
    return max([0, *units, excess(q, compose(q, a, a, len(a)), a)])


def gap(a: Rows, target: list[Number], metric: str) -> Number:
    return min((apart(column, target, metric) for column in zip(*a, strict=True)), default=inf)


def is_repaired(q: Quantale, a: Rows, e: Fraction) -> bool:
    """Whether some category lies within e: the closure of the matrix moved down is not above it moved up."""
    if q is Quantale.BOOLEAN:
        entries = [[[v for v in (0, 1) if far(v, entry) <= e] for entry in row] for row in a]
        choices = product(*(cell for row in entries for cell in row))
        size = len(a)
        return any(defect(q, [list(c[i * size : (i + 1) * size]) for i in range(size)]) == 0 for c in choices)
    if q is Quantale.LAWVERE:
        down: Rows = [[entry + e for entry in row] for row in a]
        return all(
            far(k, x) <= e or k > x for r, s in zip(closure(q, down), a, strict=True) for k, x in zip(r, s, strict=True)
        )
    down = [[max(Fraction(0), entry - e) for entry in row] for row in a]
    return all(k <= x + e for r, s in zip(closure(q, down), a, strict=True) for k, x in zip(r, s, strict=True))


def prompt_number(q: Quantale, a: Rows, target: list[Number], e: Fraction, width: int) -> Number:
    """The fewest columns whose join is within e, all sets tried."""
    for size in range(width + 1):
        for chosen in combinations(range(width), size):
            if all(far(q.join(row[p] for p in chosen), t) <= e for row, t in zip(a, target, strict=True)):
                return size
    return inf


def classes(a: Rows, e: Fraction, metric: str) -> int:
    groups: list[set[int]] = []
    for x, row in enumerate(a):
        near = [g for g in groups if any(apart(row, a[y], metric) <= e for y in g)]
        groups = [g for g in groups if g not in near] + [{x}.union(*near)]
    return len(groups)


def solve(a: Any) -> int:
    """The rank, by sympy."""
    import sympy

    return int(sympy.Matrix(a).rank()) if a and a[0] else 0
