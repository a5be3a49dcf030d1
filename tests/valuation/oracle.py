"""The meaning of matrices and quantities by the book: lists of fractions, one definition after the other, no speed."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain, combinations, pairwise, permutations

from formal.enriched.formula import Given, Metric
from formal.enriched.table import table_of
from formal.quantale import INFINITY, Box, Number, Quantale

Rows = list[list[Number]]


def given(quantale: Quantale, rows: Sequence[Sequence[Number | Box]], width: int | None = None) -> Given:
    """A matrix with labels of its own."""
    width = len(rows[0]) if width is None else width
    return Given(
        "M",
        quantale,
        tuple(f"r{i}" for i in range(len(rows))),
        tuple(f"c{i}" for i in range(width)),
        table_of(rows, (len(rows), width)),
    )


def compose(q: Quantale, a: Rows, b: Rows) -> Rows:
    return [[q.join(q.tensor(row[y], b[y][z]) for y in range(len(b))) for z in range(len(b[0]))] for row in a]


def residual(q: Quantale, a: Rows, b: Rows) -> Rows:
    return [
        [q.meet(q.residual(a[x][y], b[x][z]) for x in range(len(a))) for z in range(len(b[0]))]
        for y in range(len(a[0]))
    ]


def paths(size: int, first: int, last: int) -> list[tuple[int, ...]]:
    """All paths with different objects, but for the last one that may be the first."""
    if first == last:
        return [(first,)]
    inner = [x for x in range(size) if x not in (first, last)]
    ways = chain.from_iterable(permutations(inner, n) for n in range(len(inner) + 1))
    return [(first, *way, last) for way in ways]


def along(q: Quantale, rows: Rows, path: Sequence[int], by: Fraction = Fraction(0)) -> Number:
    """The composite along a path, each entry moved down by e."""
    value: Number = q.unit
    for x, y in pairwise(path):
        value = q.tensor(value, moved_down(q, rows[x][y], by))
    return value


def moved_down(q: Quantale, value: Number, by: Fraction) -> Number:
    return value + by if q is Quantale.LAWVERE else max(Fraction(0), value - by)


def closure(q: Quantale, rows: Rows) -> Rows:
    size = len(rows)
    return [[q.join(along(q, rows, path) for path in paths(size, x, z)) for z in range(size)] for x in range(size)]


def apart(a: Number, b: Number) -> Number:
    return 0 if a == b else abs(a - b)


def vector_distance(a: Sequence[Number], b: Sequence[Number], metric: Metric) -> Number:
    distances = [apart(x, y) for x, y in zip(a, b, strict=True)]
    if metric is Metric.SUP or INFINITY in distances:
        return max(distances, default=0)
    return sum(map(Fraction, distances), Fraction(0)) / 2


def distance(a: Rows, b: Rows, metric: Metric) -> Number:
    if len(a[0]) == 1:
        a, b = turned(a), turned(b)
    return max(vector_distance(x, y, metric) for x, y in zip(a, b, strict=True))


def turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def excess(q: Quantale, a: Rows, b: Rows) -> Number:
    return max(q.excess(x, y) for r, s in zip(a, b, strict=True) for x, y in zip(r, s, strict=True))


def defect(q: Quantale, rows: Rows) -> Number:
    identities = max(q.excess(q.unit, rows[x][x]) for x in range(len(rows)))
    return max(identities, excess(q, compose(q, rows, rows), rows))


def gap(rows: Rows, target: Rows, metric: Metric) -> Number:
    (vector,) = turned(target)
    return min(vector_distance(column, vector, metric) for column in turned(rows))


def is_repaired(q: Quantale, rows: Rows, by: Fraction) -> bool:
    """Whether some category lies within e: the least candidate does."""
    lowered = [[moved_down(q, value, by) for value in row] for row in rows]
    if q is Quantale.BOOLEAN and by < 1:
        lowered = rows
    return all(
        q.below(closed, (value - by if value != INFINITY else value) if q is Quantale.LAWVERE else value + by)
        for row, others in zip(closure(q, lowered), rows, strict=True)
        for closed, value in zip(row, others, strict=True)
    )


def prompt_number(q: Quantale, rows: Rows, target: Rows, within: Fraction) -> Number:
    columns, (vector,) = turned(rows), turned(target)
    for count in range(len(columns) + 1):
        for chosen in combinations(columns, count):
            joined = [q.join(column[x] for column in chosen) for x in range(len(vector))]
            if vector_distance(joined, vector, Metric.SUP) <= within:
                return count
    return INFINITY


def classes(rows: Rows, within: Fraction, metric: Metric) -> int:
    left = set(range(len(rows)))
    count = 0
    while left:
        count += 1
        chain_ = [left.pop()]
        while chain_:
            x = chain_.pop()
            near = {y for y in left if vector_distance(rows[x], rows[y], metric) <= within}
            left -= near
            chain_ += near
    return count
