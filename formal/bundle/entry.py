"""Entries of arrays: which are numbers, and which are values of a quantale; exact, whatever they are stored as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle, Scale
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
    return np.asarray(wrong & ~not_finite(values))


def unfit(bundle: Bundle, array: Array, quantale: Quantale | None) -> Iterator[str]:
    """What is wrong with the entries of an array, each in words with the labels of the first such entry.

    Args:
        quantale: whose values they ought to be; None for any numbers.
    """
    infinity = quantale is Quantale.LAWVERE and array.scale == Scale()
    yield from told(
        bundle, array, "that is no number", "that are no numbers", not_finite(array.values, infinity=infinity)
    )
    match quantale:
        case None:
            return
        case Quantale.BOOLEAN:
            one, several = "that is neither 0 nor 1", "that are neither 0 nor 1"
        case Quantale.LAWVERE:
            one, several = "that is negative", "that are negative"
        case _:
            one = several = "outside [0, 1]"
    yield from told(bundle, array, one, several, outside(array.values, array.scale, quantale))


def told(bundle: Bundle, array: Array, one: str, several: str, wrong: NDArray[np.bool_]) -> Iterator[str]:
    """That entries are wrong, when there are any: how many, and where the first is.

    Args:
        one, several: what is wrong with one entry, and with several.
        wrong: which are, of the array's shape.
    """
    count = int(np.count_nonzero(wrong))
    if count:
        place = coordinates(bundle, array, np.unravel_index(int(wrong.argmax()), wrong.shape))
        which = f"1 entry {one}, at" if count == 1 else f"{count} entries {several}, the first at"
        yield f"array `{array.name[:80]}` has {which} {place}"


def coordinates(bundle: Bundle, array: Array, where: Iterable[Any]) -> str:
    """The labels of an entry: ``[cat, dog]``."""
    labels = [bundle.axes[axis][int(index)][:40] or '""' for axis, index in zip(array.axes, where, strict=True)]
    return f"[{', '.join(labels)}]"
