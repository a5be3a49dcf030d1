"""What a relation predicts of the read-out that gives an object the class of its nearest prompt.

Prompts are objects with a class each. The degree to which an object x belongs to a class is the join of the R(x, p)
over the prompts p of that class: the Yoneda extension of a coproduct of representables. The read-out is right where the
degree of the true class is above that of every other, wrong where another is above it, and not determined where these
are equal, or boxes overlap. So a relation alone predicts an interval for the accuracy.

Source: the extension is Kelly 1982, section 4.1, in a quantale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from formal.bundle.matrix import matrix
from formal.bundle.model import Array, Bundle
from formal.crosscheck.statistics import Interval
from formal.enriched.formula import And, Compare, Composite, Entry, Formula, Given, Matrix, Order, Quantity, Restriction
from formal.enriched.table import Table
from formal.quantale import Box, Quantale
from formal.text import Code, Diagnostic, Label, Rejection, Span


@dataclass(frozen=True, slots=True, eq=False)
class Readout:
    """The prediction, and the formula that says so.

    Args:
        right, wrong: the objects of which it is determined, by their numbers; the others are not determined.
        count: how many objects are read.
        formula: for each object that is determined, that the degree of its class is above, or below, all others.
    """

    right: tuple[int, ...]
    wrong: tuple[int, ...]
    count: int
    formula: Formula

    @property
    def undetermined(self) -> int:
        """Of how many objects the relation does not say whether they are read rightly."""
        return self.count - len(self.right) - len(self.wrong)

    @property
    def accuracy(self) -> Interval:
        """What the accuracy lies in: all that is not determined counts as wrong, or as right."""
        least = Fraction(len(self.right), self.count)
        return Interval(least, least + Fraction(self.undetermined, self.count))

    @property
    def sentence(self) -> str:
        """The same in words."""
        return (
            f"by the relation {len(self.right)} of {self.count} objects are read rightly, {len(self.wrong)} wrongly, "
            f"{self.undetermined} are not determined"
        )


def readout(
    bundle: Bundle,
    *,
    prompts: int,
    select: str | None = None,
    verify: str | None = None,
    relation: str = "relation",
    move: str | None = None,
    label: str = "label",
    at: Span | None = None,
) -> Readout:
    """The prediction of a bundle's relation.

    Args:
        prompts: how many a class, at the most: the first objects of the class on the part ``select``.
        select, verify: names of parts of the objects; None for all of them.
        relation: the array with a row for each object that is read, and a column for each that may be a prompt.
        move: of a graded relation.
        label: the array of classes.
        at: the place in a script that asks for it.
    Raises:
        Rejection: an array or part is missing, the relation is not square, or nothing is left to read.
    """
    given = matrix(bundle, relation, move=move, at=at)
    classes = bundle.arrays.get(label)
    if classes is None or len(classes.axes) != 1 or classes.values.dtype.kind not in "bui":
        raise _wrong(f"`{bundle.name}` has no classes `{label}`, an array of whole numbers along one axis", at)
    if given.rows != given.columns or bundle.axes[classes.axes[0]] != given.rows:
        raise _wrong(f"`{relation}` of `{bundle.name}` does not relate the objects that `{label}` gives classes", at)
    if prompts < 1:
        raise _wrong("a read-out has at least one prompt a class", at)
    named = classes.values.tolist()
    chosen: dict[int, list[int]] = {}
    for place in _part(bundle, classes, select, at):
        among = chosen.setdefault(named[place], [])
        if len(among) < prompts:
            among.append(place)
    read = list(_part(bundle, classes, verify, at))
    if not read or not chosen:
        raise _wrong(f"`{bundle.name}` has no objects to read, or none to read them by", at)
    return nearest(given, read, [named[place] for place in read], chosen)


def nearest(relation: Given, read: Sequence[int], classes: Sequence[int], prompts: dict[int, list[int]]) -> Readout:
    """The prediction of a square relation.

    Args:
        read: the objects that are read, by their numbers, and ``classes`` theirs.
        prompts: for each class the numbers of its prompts.
    """
    right: list[int] = []
    wrong: list[int] = []
    said: list[Formula] = []
    for which in sorted(set(classes)):
        objects = [place for place, found in zip(read, classes, strict=True) if found == which]
        own = prompts.get(which, [])
        others = sorted(place for other, places in prompts.items() if other != which for place in places)
        if not own or not others:
            (right if own else wrong).extend(objects)
            continue
        degrees = [_degrees(relation, objects, columns) for columns in (own, others)]
        for index, place in enumerate(objects):
            joins = [_join(relation, place, columns) for columns in (own, others)]
            for low, high, found_ in ((1, 0, right), (0, 1, wrong)):
                if _is_below(joins[low], joins[high], relation.quantale):
                    found_.append(place)
                    entries = [Entry(degree, index, 0) for degree in degrees]
                    said.append(_below(entries[low], entries[high], relation.quantale))
    return Readout(tuple(sorted(right)), tuple(sorted(wrong)), len(read), And(tuple(said)))


def _degrees(relation: Given, objects: list[int], columns: list[int]) -> Matrix:
    """For each of some objects the join of its entries in some columns: their composite with a column of units."""
    labels = tuple(relation.columns[place] for place in columns)
    units = np.empty((len(columns), 1), dtype=object)
    units.fill(relation.quantale.unit)
    ones = Given("units", relation.quantale, labels, ("*",), Table(units, units, 1))
    return Composite(Restriction(relation, tuple(objects), tuple(columns)), ones)


def _join(relation: Given, row: int, columns: list[int]) -> Box:
    """The least and greatest join of some entries of a row."""
    boxes = [relation.table.box(row, column) for column in columns]
    pick = min if relation.quantale is Quantale.LAWVERE else max
    return Box(pick(box.lower for box in boxes), pick(box.upper for box in boxes))


def _is_below(low: Box, high: Box, quantale: Quantale) -> bool:
    """Whether one value is strictly below another in the order of the quantale, for all numbers in the boxes."""
    return low.lower > high.upper if quantale is Quantale.LAWVERE else low.upper < high.lower


def _below(low: Quantity, high: Quantity, quantale: Quantale) -> Compare:
    return Compare(high, Order.LESS, low) if quantale is Quantale.LAWVERE else Compare(low, Order.LESS, high)


def _part(bundle: Bundle, classes: Array, name: str | None, at: Span | None) -> Iterable[int]:
    """The numbers of the objects of a part, in order."""
    if name is None:
        return range(len(classes.values))
    split = bundle.arrays.get("split")
    if split is None or split.axes != classes.axes:
        raise _wrong(f"`{bundle.name}` has no `split` of the objects that `{classes.name}` gives classes", at)
    chosen = [place for place, code in enumerate(split.values.tolist()) if split.called(int(code)) == name]
    if not chosen:
        raise _wrong(f"the split of `{bundle.name}` has no part `{name[:80]}`", at)
    return chosen


def _wrong(message: str, at: Span | None) -> Rejection:
    return Rejection([Diagnostic(Code.WRONG_ARGUMENTS, message, None if at is None else Label(at))])
