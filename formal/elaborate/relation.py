"""What names of the enriched layer stand for: matrices over a quantale, maps of objects, parameters; how they are read.

A weight is a matrix with one column and a coweight one with one row; both know the relation that they are on.

Source: Kelly 1982, Basic concepts of enriched category theory, chapter 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from formal.enriched.expression import Unknown
from formal.enriched.formula import Composite, Defect, Excess, Given, Matrix, Opposite, Quantity, Restriction
from formal.quantale import Quantale
from formal.text import Span

POINT = "*"
"""The label of the only column of a weight, and of the only row of a coweight."""
MOST_ENTRIES = 1_000_000
"""Of a matrix."""


class Kind(StrEnum):
    """What a matrix is called; the value is the word for it."""

    RELATION = "relation"
    PROFUNCTOR = "profunctor"
    WEIGHT = "weight"
    COWEIGHT = "coweight"
    FEATURES = "matrix of features"


@dataclass(frozen=True, slots=True, eq=False)
class MatrixOf:
    """A matrix with what elaboration knows of it.

    Args:
        name: as the script writes it.
        quantale: of its values; of features it means nothing.
        rows, columns: their labels.
        base: for weights and coweights the relation or profunctor that they are on, where one was named.
    """

    name: str
    kind: Kind
    quantale: Quantale
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    matrix: Matrix
    base: MatrixOf | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What a vector has an entry for."""
        return self.columns if self.kind is Kind.COWEIGHT else self.rows

    @property
    def is_vector(self) -> bool:
        """Whether it is a weight or a coweight."""
        return self.kind in (Kind.WEIGHT, Kind.COWEIGHT)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectMapOf:
    """A map from the objects of a relation to those of another one.

    Args:
        images: for each object of ``dom`` the number of its image.
    """

    name: str
    dom: MatrixOf
    cod: MatrixOf
    images: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ParameterOf:
    """``parameter p in [0, 1]``.

    Args:
        value: what it is set to from outside; None leaves it open.
    """

    unknown: Unknown
    value: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A place where a relation is taken for a category, or a weight or coweight for a presheaf on it.

    Args:
        word: what is called so only there, such as ``lan``.
        vector: None where the relation itself is meant.
    """

    word: str
    span: Span
    relation: MatrixOf
    vector: MatrixOf | None = None

    @property
    def failure(self) -> Quantity:
        """By how much it is none: the defect of the relation, or the excess of ``C A`` over A."""
        return Defect(self.relation.matrix) if self.vector is None else presheaf_excess(self.vector, self.relation)


EnrichedValue = MatrixOf | ObjectMapOf | ParameterOf


def describe(value: EnrichedValue) -> str:
    """What kind of thing it is, with its article, for diagnostics."""
    match value:
        case MatrixOf(kind=kind):
            return f"a {kind}"
        case ObjectMapOf():
            return "a functor between relations"
        case ParameterOf():
            return "a parameter"


# --- matrices from matrices -----------------------------------------------------------------------


def opposite(value: MatrixOf) -> MatrixOf:
    """Rows and columns exchanged; a weight on C becomes a coweight on the opposite of C."""
    kinds = {Kind.WEIGHT: Kind.COWEIGHT, Kind.COWEIGHT: Kind.WEIGHT}
    return MatrixOf(
        f"opposite({value.name})",
        kinds.get(value.kind, value.kind),
        value.quantale,
        value.columns,
        value.rows,
        turned(value.matrix),
        None if value.base is None else opposite(value.base),
    )


def turned(matrix: Matrix) -> Matrix:
    """The opposite matrix."""
    return matrix.of if isinstance(matrix, Opposite) else Opposite(matrix)


def selected(value: MatrixOf, rows: Sequence[int] | None = None, columns: Sequence[int] | None = None) -> MatrixOf:
    """The entries in some rows and columns, all where None is given; of the same kind, on the same base."""
    all_rows, all_columns = range(len(value.rows)), range(len(value.columns))
    rows = all_rows if rows is None else rows
    columns = all_columns if columns is None else columns
    if list(rows) == list(all_rows) and list(columns) == list(all_columns):
        return value
    return replace(
        value,
        rows=tuple(value.rows[i] for i in rows),
        columns=tuple(value.columns[j] for j in columns),
        matrix=Restriction(value.matrix, tuple(rows), tuple(columns)),
    )


def composed(left: MatrixOf, right: MatrixOf, name: str) -> MatrixOf:
    """``left >> right``; the columns of the first are the rows of the second."""
    kind, base = Kind.PROFUNCTOR, None
    if left.kind is Kind.COWEIGHT and right.kind is not Kind.WEIGHT:
        kind, base = Kind.COWEIGHT, right
    elif right.kind is Kind.WEIGHT and left.kind is not Kind.COWEIGHT:
        kind, base = Kind.WEIGHT, left
    elif left.rows == right.columns:
        kind = Kind.RELATION
    return MatrixOf(name, kind, left.quantale, left.rows, right.columns, Composite(left.matrix, right.matrix), base)


def presheaf_excess(vector: MatrixOf, relation: MatrixOf) -> Quantity:
    """By how much a weight A fails to be a presheaf, ``C A <= A``; a coweight F, ``F C <= F``. Kelly 1982, 1.4."""
    pair = (relation, vector) if vector.kind is Kind.WEIGHT else (vector, relation)
    return Excess(Composite(*(part.matrix for part in pair)), vector.matrix)


def given(value: Given, kind: Kind, name: str, base: MatrixOf | None = None) -> MatrixOf:
    """A matrix by its entries, called by a name."""
    value = replace(value, name=name)
    return MatrixOf(name, kind, value.quantale, value.rows, value.columns, value, base)


@dataclass(slots=True)
class Places:
    """Where labels stand in lists of labels; each list is looked through once."""

    _known: dict[int, tuple[tuple[str, ...], Mapping[str, int]]] = field(default_factory=dict)

    def of(self, labels: tuple[str, ...]) -> Mapping[str, int]:
        """For each label its number."""
        known = self._known.get(id(labels))
        if known is None:
            known = labels, {label: index for index, label in enumerate(labels)}
            self._known[id(labels)] = known
        return known[1]

    def permutation(self, wanted: Iterable[str], labels: tuple[str, ...]) -> list[int] | None:
        """The numbers of some labels in a list; None when one of them is not there."""
        places = self.of(labels)
        found = [places.get(label) for label in wanted]
        return None if None in found else [place for place in found if place is not None]
