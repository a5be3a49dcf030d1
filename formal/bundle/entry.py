"""Entries of arrays: which are numbers, and which are values of a quantale; exact, whatever they are stored as."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Scale
from formal.quantale import Quantale

QUANTALES = {
    "product": Quantale.PRODUCT,
    "min": Quantale.GODEL,
    "godel": Quantale.GODEL,
    "lukasiewicz": Quantale.LUKASIEWICZ,
    "lawvere": Quantale.LAWVERE,
    "bool": Quantale.BOOLEAN,
    "boolean": Quantale.BOOLEAN,
}
"""The quantale that a kind of base stands for in a manifest."""

_OUTSIDE = {
    Quantale.BOOLEAN: "that are neither 0 nor 1",
    Quantale.LAWVERE: "that are negative",
}


def not_finite(values: NDArray[Any], *, infinity: bool = False) -> NDArray[np.bool_]:
    """Where stored values are no numbers.

    Args:
        values: any shape.
        infinity: whether the distance oo is one.
    """
    if values.dtype.kind != "f":
        return np.zeros(values.shape, dtype=bool)
    wrong = np.asarray(~np.isfinite(values))
    return np.asarray(wrong & (values != np.inf)) if infinity else wrong


def outside(values: NDArray[Any], scale: Scale, quantale: Quantale) -> NDArray[np.bool_]:
    """Where the meaning of stored values is not in the carrier of a quantale; false where they are no numbers.

    Args:
        values: any shape.
    """
    zero, one = Fraction(0), Fraction(1)
    with np.errstate(invalid="ignore"):
        below = ~scale.at_least(values, zero)
        match quantale:
            case Quantale.LAWVERE:
                wrong = below
            case Quantale.BOOLEAN:
                wrong = ~(
                    (~below & scale.at_most(values, zero)) | (scale.at_least(values, one) & scale.at_most(values, one))
                )
            case _:
                wrong = below | ~scale.at_most(values, one)
    return np.asarray(wrong & ~not_finite(values, infinity=True))


def what_is_outside(quantale: Quantale) -> str:
    """The words for entries that ``outside`` finds."""
    return _OUTSIDE.get(quantale, "outside [0, 1]")


def unfit(array: Array, quantale: Quantale | None) -> list[tuple[str, NDArray[np.intp]]]:
    """What is wrong with the entries of an array, in words, each with the coordinates of all such entries.

    Args:
        quantale: whose values they ought to be; None for any numbers.
    Returns:
        pairs of words that continue "3 entries ..." and coordinates, shape (entries, axes).
    """
    infinity = quantale is Quantale.LAWVERE and array.scale == Scale()
    found = [("that are no numbers", np.argwhere(not_finite(array.values, infinity=infinity)))]
    if quantale is not None:
        found.append((what_is_outside(quantale), np.argwhere(outside(array.values, array.scale, quantale))))
    return [(words, where) for words, where in found if len(where)]
