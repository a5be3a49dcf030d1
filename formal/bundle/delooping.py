"""The BZ/n reading of a relation graded by turns: images, and the moves between them, composed in Z/n.

``Hom(x, y)`` is the set of turns r such that x turned by r is y; orientations are no part of objects. The group itself
is the case of one image, the category BZ/n with one object. A head that tells orientations, k_f(x, y) = f(y) - f(x),
relates all images: whatever separates classes of images is then no presheaf.

Source: Lawvere 1973 (categories enriched in the subsets of a monoid); Mac Lane, I.2 (a monoid as a category).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from formal.bundle.model import Bundle
from formal.bundle.move import Moves, read_moves
from formal.bundle.reading import CategoryReading, Reading
from formal.core.build import build_category
from formal.core.category import Category
from formal.text import Span


def delooping_category(bundle: Bundle, threshold: Fraction | None = None, *, at: Span | None = None) -> CategoryReading:
    """Read a relation graded by Z/n as a category whose objects are the images.

    Args:
        threshold: exact; the manifest's own, fixed before the data, when left out.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the bundle has no such relation, or no threshold.
    """
    deloop = partial(_deloop, f"category_of({bundle.name})")
    return read_moves(Reading.BZ, bundle, threshold, deloop, at=at)


def _deloop(name: str, moves: Moves) -> Category:
    """The category of images and of the moves between them."""
    images, turns = moves.images, moves.turns
    arrows = sorted(moves.closed)
    number = {move: f for f, move in enumerate(arrows)}

    def compose(f: int, g: int) -> int:
        (x, _, r), (_, z, s) = arrows[f], arrows[g]
        return number[x, z, (r + s) % turns]

    return build_category(
        name,
        list(images),
        [(x, y) for x, y, _ in arrows],
        compose,
        [number[x, x, 0] for x in range(len(images))],
        [(f"{images[x]} turned by {r} is {images[y]}", f) for f, (x, y, r) in enumerate(arrows) if (x, r) != (y, 0)],
    )[0]
