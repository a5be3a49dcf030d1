"""What differs between two bundles: axes, arrays entry by entry, and what the manifests say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from formal.bundle.law import doubles, exact_entry
from formal.bundle.manifest import canonical
from formal.bundle.model import Array, Bundle
from formal.quantale import INFINITY, Number

_DERIVED = ("axes", "arrays", "digest", "name")


@dataclass(frozen=True, slots=True)
class AxisDifference:
    """Labels that only one of two axes has; both empty when only their order differs."""

    axis: str
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArrayDifference:
    """How an array differs.

    Args:
        what: in words, when the two cannot be compared entry by entry, or differ in more than entries; else empty.
        entries: how many of the entries that both have differ.
        compared: how many both have: those whose labels occur in both.
        greatest: the greatest difference, exactly; None when nothing is compared or all are equal.
        where: the labels of the entry where it is.
        values: the two numbers there.
    """

    array: str
    what: str
    entries: int = 0
    compared: int = 0
    greatest: Number | None = None
    where: tuple[str, ...] = ()
    values: tuple[Number, Number] | None = None


@dataclass(frozen=True, slots=True)
class ManifestDifference:
    """A value of the manifests that differs; dots for nesting, None where one has none."""

    key: str
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two bundles; empty when they are the same up to their names."""

    axes: tuple[AxisDifference, ...]
    arrays: tuple[ArrayDifference, ...]
    manifest: tuple[ManifestDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.axes or self.arrays or self.manifest)


def difference(first: Bundle, second: Bundle) -> Difference:
    """Compare two bundles; entries of arrays by the labels of their axes, in whatever order these are."""
    axes = tuple(
        AxisDifference(
            axis,
            tuple(label for label in first.axes.get(axis, ()) if label not in set(second.axes.get(axis, ()))),
            tuple(label for label in second.axes.get(axis, ()) if label not in set(first.axes.get(axis, ()))),
        )
        for axis in sorted({*first.axes, *second.axes})
        if first.axes.get(axis) != second.axes.get(axis)
    )
    names = sorted({*first.arrays, *second.arrays})
    arrays = tuple(found for name in names if (found := _array(first, second, name)) is not None)
    plain = [{k: v for k, v in bundle.manifest.items() if k not in _DERIVED} for bundle in (first, second)]
    manifest = tuple(_manifest(plain[0], plain[1]))
    return Difference(axes, arrays, manifest)


def _array(first: Bundle, second: Bundle, name: str) -> ArrayDifference | None:
    a, b = first.arrays.get(name), second.arrays.get(name)
    if a is None or b is None:
        return ArrayDifference(name, f"is in the {'second' if a is None else 'first'} bundle only")
    if len(a.axes) != len(b.axes):
        return ArrayDifference(name, f"has {len(a.axes)} axes in the first bundle and {len(b.axes)} in the second")
    words = [
        f"has the {what} {one} in the first bundle and {other} in the second"
        for what, one, other in (
            ("role", a.role, b.role),
            ("axes", ", ".join(a.axes), ", ".join(b.axes)),
            ("names", ", ".join(a.names) or "none", ", ".join(b.names) or "none"),
            ("dtype", a.values.dtype.str, b.values.dtype.str),
        )
        if one != other
    ]
    compared = _entries(first, second, a, b)
    if compared.entries or words:
        what = "; ".join(words)
        return ArrayDifference(
            name, what, compared.entries, compared.compared, compared.greatest, compared.where, compared.values
        )
    return None


def _entries(first: Bundle, second: Bundle, a: Array, b: Array) -> ArrayDifference:
    places = [_common(first.axes[x], second.axes[y]) for x, y in zip(a.axes, b.axes, strict=True)]
    here, there = np.ix_(*(p[0] for p in places)), np.ix_(*(p[1] for p in places))
    left, right = doubles(a)[here], doubles(b)[there]
    if not left.size:
        return ArrayDifference(a.name, "", 0, 0)
    with np.errstate(invalid="ignore"):
        gaps = np.nan_to_num(np.abs(left - right), nan=0.0, posinf=np.inf)
    if a.scale != b.scale:
        gaps = np.where(gaps < 2.0**-48, 0.0, gaps)  # what rounding to doubles may make
    count = int(np.count_nonzero(gaps))
    if not count:
        return ArrayDifference(a.name, "", 0, int(left.size))
    index = np.unravel_index(int(gaps.argmax()), gaps.shape)
    at_a = [int(p[0][i]) for p, i in zip(places, index, strict=True)]
    at_b = [int(p[1][i]) for p, i in zip(places, index, strict=True)]
    one, other = exact_entry(a, *at_a), exact_entry(b, *at_b)
    greatest = INFINITY if INFINITY in (one, other) else abs(Fraction(one) - Fraction(other))
    where = tuple(first.axes[axis][i] for axis, i in zip(a.axes, at_a, strict=True))
    return ArrayDifference(a.name, "", count, int(left.size), greatest, where, (one, other))


def _common(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """The places of the labels that both lists have, in the order of the first."""
    place = {label: i for i, label in enumerate(second)}
    pairs = [(i, place[label]) for i, label in enumerate(first) if label in place]
    return [i for i, _ in pairs], [j for _, j in pairs]


def _manifest(first: Mapping[str, Any], second: Mapping[str, Any], prefix: str = "") -> Iterator[ManifestDifference]:
    for key in sorted({*first, *second}):
        one, other = first.get(key), second.get(key)
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            yield from _manifest(one, other, f"{prefix}{key}.")
        elif key not in first or key not in second or canonical(one) != canonical(other):
            yield ManifestDifference(
                f"{prefix}{key}",
                canonical(one) if key in first else None,
                canonical(other) if key in second else None,
            )
