"""Moves: which image turned by r quarter turns is which, as a model's relation graded by Z/4 says at a threshold.

Source: Lawvere 1973 (categories enriched in the subsets of a monoid).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from formal.bundle.model import Array, Bundle
from formal.bundle.reading import CategoryReading, Move, Reading, bad, required_threshold
from formal.core.category import Category
from formal.text import Span

READS = "entry [x,y,r]: evidence that y turned by r quarter turns is x"


@dataclass(frozen=True, slots=True, eq=False)
class Moves:
    """The moves that were found, closed under identities and composition, and what closing them added.

    Args:
        threshold: an entry counts as a move when it is at least this.
        turns: the order of the group, 4.
        closed: all moves.
    """

    bundle: Bundle
    threshold: Fraction
    images: tuple[str, ...]
    turns: int
    closed: frozenset[Move]
    found: int
    missing_identities: tuple[str, ...]
    composites: int
    example: tuple[Move, Move] | None
    violated: int
    tested: int

    def reading(self, reading: Reading, category: Category, positions: int) -> CategoryReading:
        """A category made from the moves, with what is known of them."""
        return CategoryReading(
            reading,
            category,
            self.bundle,
            self.threshold,
            self.images,
            positions,
            self.found,
            self.missing_identities,
            self.composites,
            self.example,
            self.violated,
            self.tested,
        )


def closed_moves(bundle: Bundle, threshold: Fraction | None = None, *, at: Span | None = None) -> Moves:
    """The moves of a relation graded by Z/4 at a threshold, closed.

    Args:
        threshold: exact; the manifest's own, fixed before the data, when left out.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the bundle has no such relation, or no threshold.
    """
    array = graded_relation(bundle, at)
    chosen = required_threshold(bundle, threshold, at)
    images = bundle.axes[array.axes[0]]
    turns = array.values.shape[2]
    entries = np.argwhere(array.scale.at_least(array.values, chosen)).tolist()
    found = {(y, x, r) for x, y, r in entries}
    missing = [x for x in range(len(images)) if (x, x, 0) not in found]
    started = found | {(x, x, 0) for x in range(len(images))}
    violated, tested, example = _violations(started, turns)
    closed = _closure(started, turns)
    return Moves(
        bundle,
        chosen,
        images,
        turns,
        frozenset(closed),
        len(found),
        tuple(images[x] for x in missing),
        len(closed) - len(started),
        example,
        violated,
        tested,
    )


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


def _violations(moves: set[Move], turns: int) -> tuple[int, int, tuple[Move, Move] | None]:
    """How many composable pairs have a composite that is not among the moves, among how many, and the first such."""
    leaving: dict[int, list[Move]] = {}
    for move in sorted(moves):
        leaving.setdefault(move[0], []).append(move)
    violated = tested = 0
    example: tuple[Move, Move] | None = None
    for first in sorted(moves):
        for second in leaving[first[1]]:
            tested += 1
            if (first[0], second[1], (first[2] + second[2]) % turns) not in moves:
                violated += 1
                example = example or (first, second)
    return violated, tested, example


def _closure(moves: set[Move], turns: int) -> set[Move]:
    """The least set that contains the moves and is closed under composition."""
    leaving: dict[int, list[tuple[int, int]]] = {}
    for x, y, r in sorted(moves):
        leaving.setdefault(x, []).append((y, r))
    closed = set(moves)
    queue = deque(sorted(moves))
    while queue:
        x, y, r = queue.popleft()
        for z, s in leaving[y]:
            composite = (x, z, (r + s) % turns)
            if composite not in closed:
                closed.add(composite)
                queue.append(composite)
    return closed
