"""Moves: which image turned by r quarter turns is which, as a model's relation graded by Z/4 says at a threshold.

Source: Lawvere 1973 (categories enriched in the subsets of a monoid).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle
from formal.bundle.reading import CategoryReading, Move, Reading, bad, required_threshold
from formal.core.category import Category
from formal.text import Code, Diagnostic, Label, Rejection, Span

MOST_MOVES, MOST_IMAGES = 50_000, 1_000
READS = "entry [x,y,r]: evidence that y turned by r quarter turns is x"


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """Moves between images, closed under identities and composition.

    Args:
        images: n labels.
        turns: the order of the group, 4.
        closed: (x, y, r): image x turned by r is image y.
    """

    images: tuple[str, ...]
    turns: int
    closed: frozenset[Move]


def read_moves(
    reading: Reading,
    bundle: Bundle,
    threshold: Fraction | None,
    build: Callable[[Moves], Category],
    *,
    at: Span | None = None,
) -> CategoryReading:
    """A category made from the moves of a relation graded by Z/4 at a threshold, closed.

    Args:
        threshold: exact, an entry counts as a move when it is at least this; the manifest's own when left out.
        build: the category of such a reading.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the bundle has no such relation, or no threshold.
    """
    array = graded_relation(bundle, at)
    chosen = required_threshold(bundle, threshold, at)
    images = bundle.axes[array.axes[0]]
    turns = array.values.shape[2]
    reached = array.scale.at_least(array.values, chosen)
    found = np.ascontiguousarray(reached.transpose(2, 1, 0))  # found[r, x, y]: x turned by r is y
    _require_few(bundle, int(found.sum()), len(images), at)
    started = found.copy()
    started[0] |= np.eye(len(images), dtype=bool)
    ways = _ways(started)
    lacking = np.where(started, 0, ways)
    closed = _closure(started, ways)
    _require_few(bundle, int(closed.sum()), len(images), at)
    moves = Moves(images, turns, frozenset((x, y, r) for r, x, y in np.argwhere(closed).tolist()))
    return CategoryReading(
        reading,
        build(moves),
        bundle,
        chosen,
        images,
        turns if reading is Reading.TORSOR else 1,
        int(found.sum()),
        tuple(images[x] for x in np.flatnonzero(~np.diagonal(found[0])).tolist()),
        int(closed.sum()) - int(started.sum()),
        _example(started, lacking),
        int(lacking.sum()),
        int(ways.sum()),
    )


def _require_few(bundle: Bundle, count: int, images: int, at: Span | None) -> None:
    if count <= MOST_MOVES and images <= MOST_IMAGES:
        return
    message = (
        f"the relation of `{bundle.name}` has {count} moves between {images} images at the threshold; "
        f"at most {MOST_MOVES} moves between {MOST_IMAGES} images are read as a category"
    )
    label = None if at is None else Label(at)
    raise Rejection([Diagnostic(Code.BUDGET_EXCEEDED, message, label, help=("choose a higher threshold",))])


def graded_relation(bundle: Bundle, at: Span | None) -> Array:
    """The relation [x, y, r], when it is one between images of one list, graded by Z/4.

    Raises:
        Rejection: it is not.
    """
    array = bundle.arrays.get("relation")
    if bundle.kind != "graded-monoid" or bundle.monoid != "Z/4" or array is None:
        raise bad(bundle, at, "there is no relation graded by Z/4")
    if bundle.reads != READS:
        raise bad(bundle, at, f"an entry of the relation has to read `{READS}`")
    if len(array.axes) != 3 or bundle.axes[array.axes[0]] != bundle.axes[array.axes[1]]:
        raise bad(bundle, at, "the relation is not one between the images of one list")
    if array.values.shape[2] != 4:
        raise bad(bundle, at, "the relation does not have four moves")
    return array


def _ways(moves: NDArray[np.bool_]) -> NDArray[np.int64]:
    """For each t, x and z in how many ways x turned by r is some y, which turned by s is z, and r + s = t.

    Args:
        moves: shape (turns, images, images).
    """
    turns = len(moves)
    numbers = moves.astype(np.float32)  # exact: fewer than 2^24 images stand between two
    ways = np.zeros(moves.shape, dtype=np.int64)
    for r in range(turns):
        for s in range(turns):
            ways[(r + s) % turns] += (numbers[r] @ numbers[s]).astype(np.int64)
    return ways


def _closure(moves: NDArray[np.bool_], ways: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The least set above moves with identities that is closed under composition, by squaring."""
    closed, further = moves, ways > 0
    while not np.array_equal(closed, further):
        closed = further
        further = _ways(closed) > 0
    return closed


def _example(moves: NDArray[np.bool_], lacking: NDArray[np.int64]) -> tuple[Move, Move] | None:
    """The first two moves that compose to one that was not found."""
    starts = np.flatnonzero(lacking.any(axis=(0, 2)))
    if not len(starts):
        return None
    x, turns = int(starts[0]), len(moves)
    for y, r in np.argwhere(moves[:, x].T).tolist():
        for z, s in np.argwhere(moves[:, y].T).tolist():
            if lacking[(r + s) % turns, x, z]:
                return (x, y, r), (y, z, s)
    return None
