"""The semiring of a quantale on arrays of floats: its join is a maximum or minimum, its tensor one operation."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.quantale import Quantale

Floats = NDArray[np.float64]

NUMBERS = {
    Quantale.PRODUCT: 0,
    Quantale.GODEL: 1,
    Quantale.BOOLEAN: 1,
    Quantale.LUKASIEWICZ: 2,
    Quantale.LAWVERE: 3,
}
"""How compiled code tells them apart."""


LARGEST = 2.0**1000
"""Of finite entries: sums and differences of larger ones may be beyond all doubles."""


def tensor(quantale: Quantale, a: Floats, b: Floats) -> Floats:
    """The tensor entry by entry, rounded to nearest where it is not exact; shapes as numpy broadcasts them."""
    match quantale:
        case Quantale.PRODUCT:
            return a * b
        case Quantale.LUKASIEWICZ:
            return np.maximum(a + b - 1, 0)
        case Quantale.LAWVERE:
            return a + b
        case _:
            return np.minimum(a, b)


def rounding(quantale: Quantale, largest: float) -> float:
    """A bound on the error of a tensor of two floats of at most ``largest``, and on that of a difference after it.

    A product, sum or difference of doubles is off by at most half a unit in the last place, 2^-53 of its size (or
    2^-1075 where it underflows); a minimum is exact. Łukasiewicz' tensor rounds twice.
    """
    sizes = {Quantale.PRODUCT: largest * largest, Quantale.LUKASIEWICZ: 4.0, Quantale.LAWVERE: 2 * largest}
    size = max(sizes.get(quantale, 0.0), largest)
    return float(4 * size * 2.0**-53 + 2.0**-1073)


def doubles(matrix: NDArray[Any]) -> Floats:
    """A matrix as contiguous doubles, exactly.

    Raises:
        ValueError: it is no matrix, or its entries are no floats, bits or integers of at most 32 bits, or not finite.
    """
    if matrix.ndim != 2:
        raise ValueError(f"a matrix has two axes, this array has {matrix.ndim}")
    if matrix.dtype.kind not in "fbui" or (matrix.dtype.kind == "f" and matrix.dtype.itemsize > 8):
        raise ValueError(f"entries of the type {matrix.dtype} are not exact as doubles")
    if matrix.dtype.kind in "ui" and matrix.dtype.itemsize > 4:
        raise ValueError(f"entries of the type {matrix.dtype} are not exact as doubles")
    values = np.ascontiguousarray(matrix, dtype=np.float64)
    if np.isnan(values).any():
        raise ValueError("an entry is no number")
    return values
