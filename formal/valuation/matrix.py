"""Matrices evaluated to grids, end by end.

As numbers, composition grows with both of its matrices in all five quantales, and the residual grows with the right
one and falls with the left one. So ends are computed from ends.
"""

from __future__ import annotations

from typing import assert_never

import numpy as np

from formal.enriched.formula import AtLeast, Closure, Composite, Given, Matrix, Opposite, Residual, Restriction
from formal.quantale import Quantale
from formal.valuation import operation
from formal.valuation.closure import closure
from formal.valuation.domain import Domain
from formal.valuation.grid import Array, Grid, aligned, exact, filled, scaled, without_floats
from formal.valuation.limit import Budget
from formal.valuation.quantity import composed
from formal.valuation.walk import postorder


def operands(matrix: Matrix) -> tuple[Matrix, ...]:
    """The matrices that one is computed from."""
    match matrix:
        case Given():
            return ()
        case Composite(left, right) | Residual(left, right):
            return (left, right)
        case Opposite(of) | Closure(of) | Restriction(of) | AtLeast(of):
            return (of,)
        case _:
            assert_never(matrix)


class Grids:
    """The grids of matrices, each evaluated once."""

    def __init__(self, domain: Domain, budget: Budget) -> None:
        self._domain = domain
        self._budget = budget
        self._known: dict[int, tuple[Matrix, Grid]] = {}

    def grid(self, matrix: Matrix) -> Grid:
        """The values of a matrix.

        Raises:
            Exhausted, HasParameter, Undefined: see there.
        """
        for node in postorder(matrix, lambda m: () if id(m) in self._known else operands(m)):
            if id(node) not in self._known:
                self._known[id(node)] = (node, self._evaluate(node))
        return self._known[id(matrix)][1]

    def _evaluate(self, matrix: Matrix) -> Grid:
        match matrix:
            case Given():
                return self._given(matrix)
            case Composite():
                return composed(self.grid(matrix.left), self.grid(matrix.right), self._budget)
            case Residual():
                return self._residual(self.grid(matrix.left), self.grid(matrix.right))
            case Opposite():
                return self.grid(matrix.of).transposed()
            case Closure():
                return self._closure(self.grid(matrix.of))
            case Restriction():
                self._budget.spend(len(matrix.rows) * len(matrix.columns))
                return self.grid(matrix.of).restricted(matrix.rows, matrix.columns)
            case AtLeast():
                return self._at_least(self.grid(matrix.of), matrix)
            case _:
                assert_never(matrix)

    def _given(self, matrix: Given) -> Grid:
        table = matrix.table
        self._budget.spend(table.lower.size)
        lawvere = matrix.quantale is Quantale.LAWVERE
        lower = without_floats(table.lower) if lawvere else table.lower
        intervals = [(symbol, self._domain.interval(symbol.value)) for symbol in matrix.symbols]
        if not intervals and table.is_exact:
            return exact(lower, table.denominator, matrix.quantale)
        lower = lower.copy()
        upper = (without_floats(table.upper) if lawvere else table.upper).copy()
        for symbol, value in intervals:
            at = symbol.row, symbol.column
            lower[at] = scaled(value.lower, table.denominator)
            upper[at] = lower[at] if value.is_point else scaled(value.upper, table.denominator)
        is_exact = table.is_exact and all(value.is_point for _, value in intervals)
        return Grid(lower, lower if is_exact else upper, table.denominator, matrix.quantale)

    def _residual(self, left: Grid, right: Grid) -> Grid:
        quantale = left.quantale
        left, right = aligned(left, right)
        denominator = 1 if quantale is Quantale.PRODUCT else left.denominator

        def end(a: Array, b: Array) -> Array:
            self._budget.spend(4 * a.shape[0] * a.shape[1] * b.shape[1])
            result = filled((a.shape[1], b.shape[1]), operation.unit(quantale, denominator))
            meet = operation.worse(quantale)
            for x in range(a.shape[0]):
                step = operation.residual(quantale, a[x, :, None], b[x, None, :], left.denominator)
                meet(result, step, out=result)
            return result

        lower = end(left.upper, right.lower)
        if left.is_exact and right.is_exact:
            return exact(lower, denominator, quantale)
        return Grid(lower, end(left.lower, right.upper), denominator, quantale)

    def _closure(self, of: Grid) -> Grid:
        lower, denominator = closure(of.quantale, of.lower, of.denominator, self._budget)
        if of.is_exact:
            return exact(lower, denominator, of.quantale)
        return Grid(lower, closure(of.quantale, of.upper, of.denominator, self._budget)[0], denominator, of.quantale)

    def _at_least(self, of: Grid, matrix: AtLeast) -> Grid:
        bound = scaled(matrix.level, of.denominator)
        turned = of.quantale is Quantale.LAWVERE

        def end(values: Array) -> Array:
            holds = np.asarray(values <= bound if turned else values >= bound, dtype=bool)
            result: Array = holds.astype(np.int64).astype(object)
            return result

        least, most = (of.upper, of.lower) if turned else (of.lower, of.upper)
        lower = end(least)
        return exact(lower, 1, Quantale.BOOLEAN) if of.is_exact else Grid(lower, end(most), 1, Quantale.BOOLEAN)
