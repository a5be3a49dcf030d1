"""Classes of rows: two are together when a chain of rows, each within e of the next, joins them.

Floats settle the pairs that are clearly near or clearly apart; the others are decided exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from formal.enriched.formula import Metric
from formal.valuation.domain import Interval
from formal.valuation.grid import Array, Grid, floats, is_rational
from formal.valuation.limit import Budget
from formal.valuation.quantity import apart, totals

Partition = tuple[int, ...]
"""For each row the first row of its class."""

_ROUNDING = 2.0**-46


def classes(of: Grid, within: Fraction, metric: Metric, budget: Budget) -> Interval:
    """The number of classes."""
    coarse, fine = partitions(of, within, metric, budget)
    low = Fraction(len(set(coarse)))
    return Interval.point(low) if coarse is fine else Interval(low, Fraction(len(set(fine))))


def partitions(of: Grid, within: Fraction, metric: Metric, budget: Budget) -> tuple[Partition, Partition]:
    """The classes when rows count as near whenever they may be, and when only those that must be; once if alike."""
    rows, columns = of.shape
    if of.is_exact and within == 0 and is_rational(of.lower):
        budget.spend(rows * columns + 1)
        first: dict[tuple[object, ...], int] = {}
        found = tuple(first.setdefault(tuple(row), x) for x, row in enumerate(of.lower.tolist()))
        return found, found
    budget.spend(rows * rows * columns + 1)
    bound = within * of.denominator * (2 if metric is Metric.TV else 1)
    near, surely = _Forest(rows), _Forest(rows)
    approximate = floats(of.lower, of.denominator) if of.is_exact and is_rational(of.lower) else None
    if approximate is not None and not np.isfinite(approximate).all():
        approximate = None
    for x in range(rows - 1):
        if approximate is not None:
            linked, open_ = _filtered(approximate, x, within, metric)
            for y in linked:
                near.join(x, y)
            candidates = [y for y in open_ if not near.is_joined(x, y)]
        else:
            candidates = list(range(x + 1, rows))
        if not candidates:
            continue
        least, most = apart(_rows(of, [x]), _rows(of, candidates))
        for y, distance in zip(candidates, totals(least, metric, 1).tolist(), strict=True):
            if distance <= bound:
                near.join(x, y)
        if least is not most:
            for y, distance in zip(candidates, totals(most, metric, 1).tolist(), strict=True):
                if distance <= bound:
                    surely.join(x, y)
    coarse = near.partition()
    return coarse, coarse if of.is_exact else surely.partition()


def _rows(of: Grid, rows: Sequence[int]) -> Grid:
    lower: Array = of.lower[list(rows)]
    return Grid(lower, lower if of.is_exact else of.upper[list(rows)], of.denominator, of.quantale)


def _filtered(values: NDArray[np.float64], x: int, within: Fraction, metric: Metric) -> tuple[list[int], list[int]]:
    """The later rows that are surely within the distance, and those that may be."""
    differences = np.abs(values[x + 1 :] - values[x])
    distances = differences.max(axis=1, initial=0.0) if metric is Metric.SUP else differences.sum(axis=1) / 2
    width = values.shape[1] if metric is Metric.TV else 1
    slack = _ROUNDING * width * (float(np.abs(values).max(initial=0.0)) + float(within)) + 1e-290
    linked = np.nonzero(distances < float(within) - slack)[0] + x + 1
    open_ = np.nonzero(np.abs(distances - float(within)) <= slack)[0] + x + 1
    return linked.tolist(), open_.tolist()


class _Forest:
    """Disjoint sets of numbers, by union and find."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def _root(self, x: int) -> int:
        while self._parent[x] != x:
            self._parent[x] = self._parent[self._parent[x]]
            x = self._parent[x]
        return x

    def join(self, x: int, y: int) -> None:
        a, b = sorted((self._root(x), self._root(y)))
        self._parent[b] = a

    def is_joined(self, x: int, y: int) -> bool:
        return self._root(x) == self._root(y)

    def partition(self) -> Partition:
        return tuple(self._root(x) for x in range(len(self._parent)))
