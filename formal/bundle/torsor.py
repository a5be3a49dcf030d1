"""The torsor reading of a relation graded by turns: images in all their orientations, and the turns between them.

The model's relation says which image, turned by r quarter turns, is which. Its thresholded entries, closed under
identities and composition, are sets of moves ``moves(x, y)``, a category enriched in subsets of Z/4. Objects of the
torsor category are pairs (image, orientation), and ``Hom((x, a), (y, b))`` is the set of turns r that take x turned by
a to y turned by b: ``a + r - b`` in ``moves(x, y)``. An image without symmetry has four isomorphic objects without
automorphisms: a free orbit, a Z/4-torsor.

Source: Lawvere 1973 (categories enriched in a quantale); Mac Lane, I.5 (groupoids of a group action).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from formal.bundle.model import Array, Bundle
from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.text import Code, Diagnostic, Label, Rejection, Severity, Span

READS = "entry [x,y,r]: evidence that y turned by r quarter turns is x"

Move = tuple[int, int, int]
"""(x, y, r): image x turned by r is image y."""


@dataclass(frozen=True, slots=True, eq=False)
class TorsorReading:
    """A category of oriented images, and what had to be added to make it one.

    Args:
        threshold: an entry counts as a move when it is at least this.
        images: n labels; the object of image x turned by a has the number ``turns * x + a``.
        turns: the order of the group, 4.
        found: entries that reach the threshold.
        missing_identities: images whose own entry does not; added.
        composites: moves added because two others compose to them.
        example: two moves that compose to one that was not found, if any: (x, y, r) and (y, z, s).
        violated, tested: composable pairs of found moves whose composite was not found, among all such pairs.
    """

    category: Category
    bundle: Bundle
    threshold: Fraction
    images: tuple[str, ...]
    turns: int
    found: int
    missing_identities: tuple[str, ...]
    composites: int
    example: tuple[Move, Move] | None
    violated: int
    tested: int

    def diagnostics(self, at: Span | None = None) -> tuple[Diagnostic, ...]:
        """A warning that says what was added, when anything was."""
        notes = []
        if self.missing_identities:
            shown = ", ".join(f"`{image}`" for image in self.missing_identities[:5])
            rest = len(self.missing_identities) - 5
            notes.append(
                f"{len(self.missing_identities)} images are not related to themselves: "
                f"{shown}{f' and {rest} more' if rest > 0 else ''}"
            )
        if self.example is not None:
            (x, y, r), (_, z, s) = self.example
            first, second, third = (self.images[image] for image in (x, y, z))
            notes.append(
                f"composition fails for {self.violated} of {self.tested} pairs of moves: `{first}` turned by {r} is "
                f"`{second}`, which turned by {s} is `{third}`; {self.composites} moves are added"
            )
        if not notes:
            return ()
        message = f"the relation of `{self.bundle.name}` is no category at the threshold {self.threshold}; it is closed"
        label = None if at is None else Label(at)
        return (Diagnostic(Code.RELATION_CLOSED, message, label, notes=tuple(notes), severity=Severity.WARNING),)


def torsor_category(bundle: Bundle, threshold: Fraction | None = None, *, at: Span | None = None) -> TorsorReading:
    """Read a relation graded by Z/4 as a category of oriented images.

    Args:
        threshold: exact; the manifest's own, fixed before the data, when left out.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the bundle has no such relation, or no threshold.
    """
    array = _graded_relation(bundle, at)
    chosen = bundle.threshold if threshold is None else threshold
    if chosen is None:
        raise _bad(bundle, at, "the manifest fixes no threshold")
    images = bundle.axes[array.axes[0]]
    turns = array.values.shape[2]
    entries = np.argwhere(array.scale.at_least(array.values, chosen)).tolist()
    found = {(y, x, r) for x, y, r in entries}
    missing = [x for x in range(len(images)) if (x, x, 0) not in found]
    identities = {(x, x, 0) for x in range(len(images))}
    violated, tested, example = _violations(found | identities, turns)
    moves = _closure(found | identities, turns)
    return TorsorReading(
        category=_unfold(f"category_of({bundle.name})", images, turns, moves),
        bundle=bundle,
        threshold=chosen,
        images=images,
        turns=turns,
        found=len(found),
        missing_identities=tuple(images[x] for x in missing),
        composites=len(moves) - len(found | identities),
        example=example,
        violated=violated,
        tested=tested,
    )


def task_presheaf(reading: TorsorReading, task: str, *, at: Span | None = None) -> SetFunctor:
    """A yes-or-no task as a presheaf: T(X) has one element where the answer is yes, else none.

    It is one when no arrow goes from an image outside the class into it.

    Args:
        task: the array ``task.NAME``, by NAME.
    Raises:
        Rejection: ``not-a-presheaf`` with the arrow that breaks it; ``unknown-name`` when there is no such task.
    """
    label = None if at is None else Label(at)
    array = reading.bundle.arrays.get(f"task.{task}")
    if array is None or array.values.shape != (len(reading.images),) or array.values.dtype.kind not in "bu":
        known = sorted(name.removeprefix("task.") for name in reading.bundle.arrays if name.startswith("task."))
        message = f"`{reading.bundle.name}` has no task `{task}` with a yes or no for each image"
        raise Rejection([Diagnostic(Code.UNKNOWN_NAME, message, label, help=(f"tasks: {', '.join(known)}",))])
    member = [bool(value) for value in np.repeat(array.values, reading.turns).tolist()]
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


def _bad(bundle: Bundle, at: Span | None, what: str) -> Rejection:
    label = None if at is None else Label(at)
    return Rejection([Diagnostic(Code.BAD_BUNDLE, f"`{bundle.file}`: {what}", label)])


def _graded_relation(bundle: Bundle, at: Span | None) -> Array:
    """The relation [x, y, r], when it is one between images of one list, graded by Z/4."""
    array = bundle.arrays.get("relation")
    if bundle.kind != "graded-monoid" or bundle.monoid != "Z/4" or array is None:
        raise _bad(bundle, at, "there is no relation graded by Z/4")
    if bundle.reads != READS:
        raise _bad(bundle, at, f"an entry of the relation has to read `{READS}`")
    if len(array.axes) != 3 or bundle.axes[array.axes[0]] != bundle.axes[array.axes[1]]:
        raise _bad(bundle, at, "the relation is not one between the images of one list")
    if array.values.shape[2] != 4:
        raise _bad(bundle, at, "the relation does not have four moves")
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


def _unfold(name: str, images: tuple[str, ...], turns: int, moves: set[Move]) -> Category:
    """The category of pairs (image, orientation), generated by quarter turns and by the moves between images."""
    arrows: list[tuple[int, int]] = []
    number: dict[tuple[int, int, int], int] = {}
    turn: list[int] = []
    for x, y, s in sorted(moves):
        for a in range(turns):
            for b in range(turns):
                r = (s + b - a) % turns
                dom, cod = turns * x + a, turns * y + b
                number[dom, cod, r] = len(arrows)
                arrows.append((dom, cod))
                turn.append(r)
    objects = [f"{image}@{a}" for image in images for a in range(turns)]
    generators = [
        (f"turn {objects[turns * x + a]}", number[turns * x + a, turns * x + (a + 1) % turns, 1])
        for x in range(len(images))
        for a in range(turns)
    ]
    generators += [
        (f"{images[x]} turned by {s} is {images[y]}", number[turns * x, turns * y, s])
        for x, y, s in sorted(moves)
        if (x, s) != (y, 0)
    ]

    def compose(f: int, g: int) -> int:
        return number[arrows[f][0], arrows[g][1], (turn[f] + turn[g]) % turns]

    identity = [number[x, x, 0] for x in range(len(objects))]
    return build_category(name, objects, arrows, compose, identity, generators)[0]
