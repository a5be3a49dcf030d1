"""Claims about relations with values in a quantale: matrices, quantities computed from them, comparisons of these.

A weight, a presheaf A with values in the quantale, is a matrix with one column: A(x) in row x. A coweight, a covariant
F, is a matrix with one row. A relation C has objects for rows and the same objects for columns, C(x, y) being read
from x to y; a profunctor has two lists. Composition, ``(R S)(x, z) = join over y of R(x, y) (x) S(y, z)``, and the
residual along rows, ``(A \\ R)(p) = meet over x of [A(x), R(x, p)]``, give all of the theory:

- C is a category when the identity is at most C and C C is at most C; A is a presheaf when C A is at most A;
- A is represented by p when A is the column p of C; its degree is ``(A \\ C) A``;
- the Yoneda extension of F at A is F A; Lan_K F is F E(K-, -) and Ran_K F(e) the meet of the [E(e, Kc), F(c)];
- coverage of X by objects S is C(X, S) C(S, X).

Every predicate of the language is a comparison of quantities, and each quantity is defined here, once.

Source: Lawvere 1973; Kelly 1982, Basic concepts of enriched category theory, chapters 1, 3, 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from formal.enriched.expression import Expression
from formal.enriched.table import Table
from formal.quantale import Quantale

# --- matrices -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Symbol:
    """The entry in a row and column is this expression; the table has a box around it, or [0, 0] with a parameter."""

    row: int
    column: int
    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A matrix by its entries.

    Args:
        name: as the script calls it.
        rows, columns: labels, all different within each list.
        table: shape (rows, columns), values in the carrier of the quantale.
        symbols: entries that are no rational numbers, in order of row and column.
    """

    name: str
    quantale: Quantale
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    table: Table
    symbols: tuple[Symbol, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """``join over y of left(x, y) (x) right(y, z)``."""

    left: Matrix
    right: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """``(left \\ right)(y, z) = meet over x of [left(x, y), right(x, z)]``: the greatest X with
    left X at most right.
    """

    left: Matrix
    right: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Opposite:
    """``C(y, x)``: rows and columns exchanged."""

    of: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """The free category: the join of all composites of entries along paths, the empty path included. Square."""

    of: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Restriction:
    """Rows and columns by their numbers, in any order, repeated or not: the restriction along functions into them."""

    of: Matrix
    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AtLeast:
    """The Boolean matrix of the entries that are at least a level, in the order of the quantale."""

    of: Matrix
    level: Fraction


Matrix = Given | Composite | Residual | Opposite | Closure | Restriction | AtLeast

# --- quantities -----------------------------------------------------------------------------------


class Metric(StrEnum):
    """How far apart two matrices of one shape are, as numbers. The distance from oo to oo is 0."""

    SUP = "sup"
    """the greatest ``|a - b|`` of all entries"""
    TV = "tv"
    """total variation: the greatest over rows of ``sum over columns |a - b| / 2``; a vector counts as one row"""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """The value of a matrix at a row and a column."""

    of: Matrix
    row: int
    column: int


@dataclass(frozen=True, slots=True, eq=False)
class Distance:
    """How far apart two matrices of one shape are."""

    left: Matrix
    right: Matrix
    metric: Metric = Metric.SUP


@dataclass(frozen=True, slots=True, eq=False)
class Excess:
    """The least number e with ``left <= right`` moved up by e (down, in the quantale of Lawvere), at every entry."""

    left: Matrix
    right: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Defect:
    """The least e within which a square matrix C is a category: ``unit <= C(x, x)`` and ``C C <= C``, moved by e."""

    of: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """The least distance from a target, a matrix with one column, to a column of a matrix: to a representable.

    For coweights, which are rows, both are taken opposite; total variation then is over the entries of the vector.
    """

    of: Matrix
    target: Matrix
    metric: Metric = Metric.SUP


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """The least e such that some category has all entries within e of the entries of a square matrix."""

    of: Matrix


@dataclass(frozen=True, slots=True, eq=False)
class PromptNumber:
    """The least number of columns p_1 ... p_k of a matrix whose join is within e of a target with one column.

    It is oo when no join of columns is.
    """

    of: Matrix
    target: Matrix
    within: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """The number of classes of rows, two rows being together when a chain of rows, each within e of the next, joins
    them (e in the metric). At e = 0 these are the classes of equal rows: Nerode's, for histories by continuations.
    """

    of: Matrix
    within: Fraction
    metric: Metric = Metric.SUP


@dataclass(frozen=True, slots=True, eq=False)
class Rank:
    """The number of singular values that are greater than e; at e = 0 the rank over the rational numbers."""

    of: Matrix
    within: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """An operation of arithmetic on quantities: ``+ - * / negate min max abs``."""

    operation: str
    operands: tuple[Quantity, ...]


Quantity = Constant | Entry | Distance | Excess | Defect | Gap | Repair | PromptNumber | Classes | Rank | Combined

# --- formulas -------------------------------------------------------------------------------------


class Order(StrEnum):
    """How two quantities compare, as numbers."""

    EQUAL = "="
    AT_MOST = "<="
    LESS = "<"


@dataclass(frozen=True, slots=True, eq=False)
class Compare:
    """``left <= right`` and the like; ``left = right within e`` is ``abs(left - right) <= e``."""

    left: Quantity
    order: Order
    right: Quantity


@dataclass(frozen=True, slots=True, eq=False)
class SoftPrompt:
    """Some point p of R^d, and some threshold t if none is given, read a task off the features of the objects.

    For every object x with task(x) = 1: ``<features(x), p> >= t + margin``; with task(x) = 0:
    ``<features(x), p> <= t``. The margin is positive. Linear arithmetic: refuted on at most d + 2 objects (Farkas;
    Kirchberger 1903).

    Args:
        features: shape (objects, d), any numbers; the quantale is not used.
        task: one column of zeros and ones.
        threshold: t; None leaves it open.
    """

    features: Matrix
    task: Matrix
    margin: Fraction
    threshold: Fraction | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SoftWeight:
    """Some point p of R^d has ``|<features(x), p> - target(x)| <= within`` for every object x."""

    features: Matrix
    target: Matrix
    within: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class InHull:
    """Every row of ``points`` is within e (sup) of a convex combination of vertices, with its own weights for each row.

    Args:
        points: shape (contexts, columns).
        vertices: k matrices of that shape, the predictions of k sources: the hull of their rows s is meant for row s
            of the points. Or a single one with as many columns and any number of rows: all of its rows are meant.
        shared: whether ``vertices`` is such a single one.
    """

    points: Matrix
    vertices: tuple[Matrix, ...]
    within: Fraction
    shared: bool


@dataclass(frozen=True, slots=True, eq=False)
class Not:
    """Negation."""

    of: Formula


@dataclass(frozen=True, slots=True, eq=False)
class And:
    """Conjunction; true when empty."""

    of: tuple[Formula, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Or:
    """Disjunction; false when empty."""

    of: tuple[Formula, ...]


Atom = Compare | SoftPrompt | SoftWeight | InHull
Formula = Atom | Not | And | Or
"""Implication and equivalence are unfolded; quantifiers over objects are conjunctions and disjunctions.

A formula about boxes is proved when it holds for all numbers in them, refuted when for none, and else unknown:
connectives are Kleene's.
"""
