"""The reading that a script asks for by its word, or the only one that fits."""

from __future__ import annotations

from fractions import Fraction

from formal.bundle.delooping import delooping_category
from formal.bundle.model import Bundle
from formal.bundle.preorder import preorder_category
from formal.bundle.reading import CategoryReading, Reading
from formal.bundle.torsor import torsor_category
from formal.text import Span


def read_as(
    bundle: Bundle, threshold: Fraction | None = None, reading: Reading | None = None, *, at: Span | None = None
) -> CategoryReading:
    """The category of the relations that reach a threshold.

    Args:
        threshold: exact; the manifest's own when left out.
        reading: which one; ``torsor`` for a relation graded by moves and ``preorder`` for one without when left out.
        at: the place in a script that asks for it.
    Raises:
        Rejection: the bundle cannot be read so.
    """
    relation = bundle.arrays.get("relation")
    has_moves = relation is None or len(relation.axes) != 2
    match reading if reading is not None else Reading.TORSOR if has_moves else Reading.PREORDER:
        case Reading.TORSOR:
            return torsor_category(bundle, threshold, at=at)
        case Reading.BZ:
            return delooping_category(bundle, threshold, at=at)
        case Reading.PREORDER:
            return preorder_category(bundle, threshold, at=at)
