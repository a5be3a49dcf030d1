"""What pictures show of bundles: meanings of arrays, shares that are right, failures of composition, clusters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from formal.bundle import Bundle

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def meant(bundle: Bundle, name: str) -> Floats:
    """The numbers that an array stands for, in its shape."""
    array = bundle.arrays[name]
    return np.asarray(array.values.astype(np.float64) * float(array.scale.slope) + float(array.scale.offset))


def share_right(bundle: Bundle, prediction: str, truth: str) -> Floats:
    """The share of right predictions along the last axis."""
    right = bundle.arrays[prediction].values == bundle.arrays[truth].values
    return np.asarray(right.mean(-1, dtype=np.float64))


def is_called(bundle: Bundle, name: str, word: str) -> NDArray[np.bool_]:
    """Where an array of names, such as a split, has this one."""
    array = bundle.arrays[name]
    return np.asarray(array.values == array.names.index(word))


def texts(words: Sequence[str]) -> NDArray[np.str_]:
    """Words as an array."""
    return np.asarray(words, dtype=np.str_)


def composition_failure(relation: Floats) -> float:
    """The greatest r(x, y) r(y, z) - r(x, z), and 0 at least; r is square.

    Source: Lawvere 1973 (categories over ([0, 1], ·) are those where it is 0).
    """
    return max(0.0, *(float((np.outer(relation[:, y], relation[y]) - relation).max()) for y in range(len(relation))))


def clusters(related: NDArray[np.bool_]) -> Integers:
    """For each item the first one of its class, in the equivalence that a symmetric relation generates."""
    items = len(related)
    names = np.arange(items)
    closed = related | np.eye(items, dtype=bool)
    while True:
        least = np.where(closed, names, items).min(1)
        if (least == names).all():
            return names
        names = least
