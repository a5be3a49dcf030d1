"""Composition of matrices of rationals at the speed of machine numbers, and exactly.

Three ways, whichever applies: where only the order of entries matters (min), they are replaced by their ranks; where
numerators are short, 64-bit integers hold all results; else floats propose, for every pair (x, z), the few y whose
tensors may be greatest, their rounding being bounded, and integers decide among these.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formal.quantale import Quantale
from formal.valuation import operation
from formal.valuation.domain import INFINITE
from formal.valuation.grid import Array, floats, is_integral, is_rational, kinds, largest
from formal.valuation.limit import Budget

_MINIMAL = 16384
"""Fewer tensors than this are not worth converting for."""
_ROUNDING = 2.0**-48
"""Relative error of a sum or product of two floats that are within 2^-52 each, with room to spare."""

Words = NDArray[np.int64]


def compose(quantale: Quantale, left: Array, right: Array, denominator: int, budget: Budget) -> Array:
    """``join over y of left(x, y) (x) right(y, z)``, entries over one denominator (for the product any)."""
    size = left.shape[0] * left.shape[1] * right.shape[1]
    budget.spend(size + 1)
    if size >= _MINIMAL:
        for way in (_by_ranks, _by_words, _by_floats):
            found = way(quantale, left, right, denominator)
            if found is not None:
                return found
    return operation.compose(quantale, left, right, denominator)


# --- ranks ----------------------------------------------------------------------------------------


def ranked(*arrays: Array) -> tuple[Array, list[Words]]:
    """Distinct entries in ascending order, and each array with the numbers of its entries in that order."""
    together = np.concatenate([array.ravel() for array in arrays])
    values = sorted(set(together.tolist()))
    ranks = {value: rank for rank, value in enumerate(values)}
    distinct = np.empty(len(values), dtype=object)
    distinct[:] = values
    numbered = [
        np.fromiter((ranks[value] for value in array.ravel().tolist()), np.int64, array.size).reshape(array.shape)
        for array in arrays
    ]
    return distinct, numbered


def _by_ranks(quantale: Quantale, left: Array, right: Array, denominator: int) -> Array | None:
    if quantale not in (Quantale.BOOLEAN, Quantale.GODEL) or not is_rational(left, right):
        return None
    values, (a, b) = ranked(left, right)
    joined = np.zeros((a.shape[0], b.shape[1]), dtype=np.int64)
    for y in range(a.shape[1]):
        np.maximum(joined, np.minimum(a[:, y, None], b[None, y, :]), out=joined)
    result: Array = values[joined]
    return result


# --- words ----------------------------------------------------------------------------------------

FAR = 1 << 61
"""Stands for infinity; sums of two shorter numerators stay below it."""


def words(values: Array, limit: int) -> Words | None:
    """Integers (and infinity) below a limit as machine words; None when some are not."""
    if not kinds(values) <= {int, type(INFINITE)}:
        return None
    listed = [FAR if value is INFINITE else value for value in values.ravel().tolist()]
    if any(abs(value) >= limit and value != FAR for value in listed):
        return None
    return np.array(listed, dtype=np.int64).reshape(values.shape)


def unwords(values: Words) -> Array:
    """The same as Python integers."""
    result: Array = values.astype(object)
    result[values >= FAR] = INFINITE
    return result


def _by_words(quantale: Quantale, left: Array, right: Array, denominator: int) -> Array | None:
    if quantale is Quantale.PRODUCT:
        if not is_integral(left, right) or largest(left) * largest(right) >= FAR:
            return None
    elif denominator >= FAR // 4:
        return None
    a, b = words(left, FAR // 4), words(right, FAR // 4)
    if a is None or b is None:
        return None
    shape = (a.shape[0], b.shape[1])
    if quantale is Quantale.LAWVERE:
        joined = np.full(shape, FAR, dtype=np.int64)
        for y in range(a.shape[1]):
            np.minimum(joined, a[:, y, None] + b[None, y, :], out=joined)
    else:
        joined = np.zeros(shape, dtype=np.int64)
        for y in range(a.shape[1]):
            step = a[:, y, None] * b[None, y, :] if quantale is Quantale.PRODUCT else a[:, y, None] + b[None, y, :]
            np.maximum(joined, step if quantale is Quantale.PRODUCT else step - denominator, out=joined)
    return unwords(joined)


# --- floats ---------------------------------------------------------------------------------------


def _by_floats(quantale: Quantale, left: Array, right: Array, denominator: int) -> Array | None:
    if quantale not in (Quantale.PRODUCT, Quantale.LUKASIEWICZ, Quantale.LAWVERE) or not is_rational(left, right):
        return None
    a, b = floats(left, denominator), floats(right, denominator)
    if a is None or b is None:
        return None
    result = np.empty((a.shape[0], b.shape[1]), dtype=object)
    result.fill(operation.bottom(quantale))
    proposed = np.full(result.shape, np.inf if quantale is Quantale.LAWVERE else 0.0)
    join = operation.better(quantale)
    for y in range(a.shape[1]):
        join(proposed, _tensor(quantale, a[:, y, None], b[None, y, :]), out=proposed)
    # All values are at least 0 and finite ones are no smaller than 1e-200, so that an error is relative to the value,
    # except for Lukasiewicz' difference, where it is relative to 1.
    if quantale is Quantale.LAWVERE:
        bound = np.where(np.isinf(proposed), -1.0, proposed * (1 + _ROUNDING))
    elif quantale is Quantale.PRODUCT:
        bound = np.where(proposed == 0, np.inf, proposed * (1 - _ROUNDING))
    else:
        bound = np.maximum(proposed - _ROUNDING, -_ROUNDING)
    for y in range(a.shape[1]):
        step = _tensor(quantale, a[:, y, None], b[None, y, :])
        at, to = np.nonzero(step <= bound if quantale is Quantale.LAWVERE else step >= bound)
        if len(at):
            decided = operation.tensor(quantale, left[at, y], right[y, to], denominator)
            result[at, to] = join(result[at, to], decided)
    return result


def _tensor(quantale: Quantale, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    match quantale:
        case Quantale.PRODUCT:
            return a * b
        case Quantale.LUKASIEWICZ:
            return a + b - 1
        case _:
            return a + b
