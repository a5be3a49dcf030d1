"""The Boolean reading of a relation: a preorder, x <= y where x is related to y at a threshold.

Source: Lawvere 1973 (a category enriched in truth values is a preorder); Mac Lane, I.2.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle
from formal.bundle.reading import CategoryReading, Move, Reading, bad, required_threshold
from formal.core.build import build_category
from formal.text import Code, Diagnostic, Label, Rejection, Span

MOST_ARROWS, MOST_OBJECTS = 200_000, 2_000
_Bits = NDArray[np.bool_]


def preorder_category(bundle: Bundle, threshold: Fraction | None = None, *, at: Span | None = None) -> CategoryReading:
    """Read a relation as a preorder: one arrow from x to y where the entry [x, y] reaches the threshold, closed.

    Args:
        threshold: exact; the manifest's own, fixed before the data, when left out. Degrees count from it on, distances
            (``lawvere``) up to it.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the relation is not one between the objects of one list, there is no threshold, or too many arrows.
    """
    array = _square_relation(bundle, at)
    chosen = required_threshold(bundle, threshold, at)
    objects = bundle.axes[array.axes[0]]
    reached = array.scale.at_most if bundle.kind == "lawvere" else array.scale.at_least
    found = reached(array.values, chosen)
    _require_few(bundle, int(found.sum()), len(objects), at)
    identity = np.eye(len(objects), dtype=bool)
    started = found | identity
    ways = _ways(started, started)
    closed = _closure(started)
    _require_few(bundle, int(closed.sum()), len(objects), at)
    pairs = np.argwhere(closed).tolist()
    number = {(x, y): f for f, (x, y) in enumerate(pairs)}
    generators = np.argwhere(found & ~identity).tolist()
    category = build_category(
        f"category_of({bundle.name})",
        list(objects),
        [(x, y) for x, y in pairs],
        lambda f, g: number[pairs[f][0], pairs[g][1]],
        [number[x, x] for x in range(len(objects))],
        [(f"{objects[x]} is related to {objects[y]}", number[x, y]) for x, y in generators],
    )[0]
    lacking = np.where(started, 0.0, ways)
    return CategoryReading(
        Reading.PREORDER,
        category,
        bundle,
        chosen,
        objects,
        1,
        int(found.sum()),
        tuple(objects[x] for x in np.flatnonzero(~np.diagonal(found)).tolist()),
        int(closed.sum() - started.sum()),
        _example(started, lacking),
        int(lacking.sum()),
        int(ways.sum()),
    )


def _require_few(bundle: Bundle, arrows: int, objects: int, at: Span | None) -> None:
    if arrows <= MOST_ARROWS and objects <= MOST_OBJECTS:
        return
    message = (
        f"the preorder of `{bundle.name}` has {arrows} arrows between {objects} objects; "
        f"at most {MOST_ARROWS} arrows between {MOST_OBJECTS} objects are read as a category"
    )
    label = None if at is None else Label(at)
    help_ = ("choose another threshold, or speak of the relation itself: `relation_of(m)`",)
    raise Rejection([Diagnostic(Code.BUDGET_EXCEEDED, message, label, help=help_)])


def _square_relation(bundle: Bundle, at: Span | None) -> Array:
    array = bundle.arrays.get("relation")
    if array is None or len(array.axes) != 2:
        raise bad(bundle, at, "there is no relation with two axes")
    if bundle.axes[array.axes[0]] != bundle.axes[array.axes[1]]:
        raise bad(
            bundle,
            at,
            "the relation is not one between the objects of one list",
            "a rectangular array is a profunctor: `relation_of(m)`",
        )
    return array


def _ways(left: _Bits, right: _Bits) -> NDArray[np.float64]:
    """For each x and z the number of y with (x, y) and (y, z); exact, as there are fewer than 2^53."""
    return np.asarray(left.astype(np.float64) @ right.astype(np.float64))


def _closure(relation: _Bits) -> _Bits:
    """The least transitive relation above a reflexive one, by squaring."""
    closed = relation
    while True:
        further = _ways(closed, closed) > 0
        if np.array_equal(further, closed):
            return closed
        closed = further


def _example(started: _Bits, lacking: NDArray[Any]) -> tuple[Move, Move] | None:
    """The first two relations that compose to one that was not found."""
    if not lacking.any():
        return None
    x, z = np.argwhere(lacking > 0)[0].tolist()
    y = int(np.flatnonzero(started[x] & started[:, z])[0])
    return (x, y, 0), (y, z, 0)
