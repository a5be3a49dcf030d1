"""Readings: finite categories that the relation of a model is read as, and tasks as presheaves on them.

A relation with moves has two readings, equivalent as categories, and a relation without has one:

- ``torsor``: objects are images in all their orientations, arrows the turns that take one to the other;
- ``bz``: objects are images, arrows the moves between them, composed in Z/n; an orientation is not part of an object;
- ``preorder``: objects are the labels, with one arrow from x to y where x is related to y at the threshold.

What is found is closed under identities and composition; what had to be added is reported.

Source: Lawvere 1973 (categories enriched in a quantale); Mac Lane, I.2 (preorders), I.5 (groupoids of a group action).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

import numpy as np

from formal.bundle.model import Bundle
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.text import Code, Diagnostic, Label, Rejection, Severity, Span

Move = tuple[int, int, int]
"""(x, y, r): image x turned by r is image y; without moves r is 0."""


class Reading(StrEnum):
    """The word of a reading in the language."""

    TORSOR = "torsor"
    BZ = "bz"
    PREORDER = "preorder"


@dataclass(frozen=True, slots=True, eq=False)
class CategoryReading:
    """A category read off a relation, and what had to be added to make it one.

    Args:
        reading: which one it is.
        threshold: an entry counts when it is at least this; for distances, at most.
        images: n labels; object ``positions * x + a`` is the image x in its a-th position.
        positions: how many objects an image has: 4 orientations in the torsor reading, else 1.
        found: entries that reach the threshold.
        missing_identities: images whose own entry does not; added.
        composites: moves added because two others compose to them.
        example: two moves that compose to one that was not found, if any: (x, y, r) and (y, z, s).
        violated, tested: composable pairs of found moves whose composite was not found, among all such pairs.
    """

    reading: Reading
    category: Category
    bundle: Bundle
    threshold: Fraction
    images: tuple[str, ...]
    positions: int
    found: int
    missing_identities: tuple[str, ...]
    composites: int
    example: tuple[Move, Move] | None
    violated: int
    tested: int

    def diagnostics(self, at: Span | None = None) -> tuple[Diagnostic, ...]:
        """A warning that says what was added, when anything was."""
        notes = []
        what = "objects" if self.reading is Reading.PREORDER else "images"
        if self.missing_identities:
            shown = ", ".join(f"`{image}`" for image in self.missing_identities[:5])
            rest = len(self.missing_identities) - 5
            notes.append(
                f"{len(self.missing_identities)} {what} are not related to themselves: "
                f"{shown}{f' and {rest} more' if rest > 0 else ''}"
            )
        if self.example is not None:
            (x, y, r), (_, z, s) = self.example
            first, second, third = (self.images[image] for image in (x, y, z))
            if self.reading is Reading.PREORDER:
                fails = f"pairs of relations: `{first}` is related to `{second}`, which is related to `{third}`"
                added = _added(self.composites, "relation")
            else:
                fails = f"pairs of moves: `{first}` turned by {r} is `{second}`, which turned by {s} is `{third}`"
                added = _added(self.composites, "move")
            notes.append(f"composition fails for {self.violated} of {self.tested} {fails}; {added}")
        if not notes:
            return ()
        message = f"the relation of `{self.bundle.name}` is no category at the threshold {self.threshold}; it is closed"
        label = None if at is None else Label(at)
        return (Diagnostic(Code.RELATION_CLOSED, message, label, notes=tuple(notes), severity=Severity.WARNING),)


def task_presheaf(reading: CategoryReading, task: str, *, at: Span | None = None) -> SetFunctor:
    """A yes-or-no task as a presheaf: T(X) has one element where the answer is yes, else none.

    It is one when no arrow goes from an image outside the class into it.

    Args:
        task: the array ``task.NAME``, by NAME.
    Raises:
        Rejection: ``not-a-presheaf`` with the arrow that breaks it; ``unknown-name`` when there is no such task.
    """
    label = None if at is None else Label(at)
    array = reading.bundle.arrays.get(f"task.{task}")
    fits = array is not None and [reading.bundle.axes[axis] for axis in array.axes] == [reading.images]
    if array is None or not fits or array.values.dtype.kind not in "bu":
        known = sorted(name.removeprefix("task.") for name in reading.bundle.arrays if name.startswith("task."))
        message = f"`{reading.bundle.name}` has no task `{task}` with a yes or no for each image"
        raise Rejection([Diagnostic(Code.UNKNOWN_NAME, message, label, help=(f"tasks: {', '.join(known)}",))])
    member = [bool(value) for value in np.repeat(array.values, reading.positions).tolist()]
    category = reading.category
    for g in category.generators:
        if member[g.cod] and not member[g.dom]:
            inside, outside = category.objects[g.cod], category.objects[g.dom]
            message = f"the task `{task}` is no presheaf: `{inside}` is in the class, but `{outside}` is not"
            notes = (f"the arrow `{g.name}` from `{outside}` to `{inside}` would take the answer back",)
            raise Rejection([Diagnostic(Code.NOT_A_PRESHEAF, message, label, notes=notes)])
    return SetFunctor(
        task,
        category,
        True,
        tuple(("*",) if yes else () for yes in member),
        tuple((0,) if member[g.cod] else () for g in category.generators),
    )


def _added(count: int, what: str) -> str:
    return f"1 {what} is added" if count == 1 else f"{count} {what}s are added"


def required_threshold(bundle: Bundle, threshold: Fraction | None, at: Span | None) -> Fraction:
    """The threshold asked for, or else the manifest's own.

    Raises:
        Rejection: there is neither.
    """
    chosen = bundle.threshold if threshold is None else threshold
    if chosen is None:
        raise bad(bundle, at, "the manifest fixes no threshold", "say one: `category_of(m, threshold: 1/2)`")
    return chosen


def bad(bundle: Bundle, at: Span | None, what: str, *help_: str) -> Rejection:
    """The bundle does not have what a reading needs."""
    label = None if at is None else Label(at)
    return Rejection([Diagnostic(Code.BAD_BUNDLE, f"`{bundle.file}`: {what}", label, help=help_)])
