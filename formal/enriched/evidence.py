"""Why an atom holds or fails: what the kernel needs where evaluating again would mean searching.

An atom without evidence here is evaluated by the kernel itself, with exact intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

# --- quantities -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Branch:
    """No choice of columns covers an object and the rest: for each column that covers the object, why not.

    A column p *fits* when it exceeds the target nowhere by more than e; it *covers* x when it fits and reaches the
    target at x to within e. A leaf, without children though columns cover the object, stands where none may be chosen
    any more.

    Args:
        object: the number of a row that no column chosen so far covers.
        children: (column, branch), one for each column that covers the object; empty at a leaf.
    """

    object: int
    children: tuple[tuple[int, Branch], ...]


@dataclass(frozen=True, slots=True)
class PromptCover:
    """Columns whose join is within e of the target, and why fewer do not do; for oo, the row that none covers.

    Args:
        columns: the prompts; None when the number is oo, or no bound on it is known.
        fewer: a tree of depth at most ``least - 1`` that refutes so many prompts; None where there is nothing to
            refute.
        least: a lower bound; as many as there are columns when left out.
    """

    columns: tuple[int, ...] | None
    fewer: Branch | None
    least: int | None = None

    @property
    def is_infinite(self) -> bool:
        """Whether it says that the number is oo."""
        return self.columns is None and self.least is None

    @property
    def bound(self) -> int | None:
        """The lower bound; None for oo."""
        return len(self.columns) if self.least is None and self.columns is not None else self.least


@dataclass(frozen=True, slots=True)
class RepairBounds:
    """Bounds ``lower <= e <= upper`` on the least e within which some category lies; equal where it is rational.

    The kernel checks ``upper``: the closure of the matrix moved down by it (in the order of the quantale, cut off at
    the bottom) is nowhere more than the matrix moved up. And ``lower``: for every e below it the composite along the
    path, each entry moved down by e, is more than the entry from its first to its last object moved up by e; the path
    is None when lower is 0; a path of one object is its identity.

    Args:
        path: the numbers of its objects.
    """

    lower: Fraction
    upper: Fraction
    path: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class RankBounds:
    """Why there are exactly r singular values greater than e.

    Exactly (e = 0): a non-singular minor of r rows and columns, and each row of the matrix as a combination of
    those rows. Otherwise: ``subspace`` of dimension r on which ``|M v| > e |v|``, and matrices ``left``, ``right`` of
    inner dimension r with ``|M - left right|`` (Frobenius, hence spectral) at most e.

    Args:
        minor: rows and columns; None in the second case.
        subspace: r vectors, one a row, with as many entries as the matrix has columns; None in the first case.
        left, right: shapes (rows, r) and (r, columns).
    """

    minor: tuple[tuple[int, ...], tuple[int, ...]] | None
    subspace: tuple[tuple[Fraction, ...], ...] | None
    left: tuple[tuple[Fraction, ...], ...]
    right: tuple[tuple[Fraction, ...], ...]


# --- linear arithmetic ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """A solution: the coordinates of the prompt, then the threshold if that is open."""

    coordinates: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Multipliers:
    """Farkas: non-negative multiples of these inequalities add up to ``0 >= something positive``.

    Inequalities are numbered as the atom states them: 2 x for the lower and 2 x + 1 for the upper bound at object x
    (``SoftWeight``), x for the one at object x (``SoftPrompt``).
    """

    multiples: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class HullWeights:
    """For each row of the points the weights of the vertices: at least 0, of sum 1."""

    weights: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class Separation:
    """A row of the points outside its hull: ``<normal, point> - e |normal|_1 > <normal, vertex>`` for every vertex."""

    row: int
    normal: tuple[Fraction, ...]


OfQuantity = PromptCover | RepairBounds | RankBounds
OfAtom = Point | Multipliers | HullWeights | Separation

Path = tuple[int, ...]
"""The way from the formula to a quantity or atom: numbers of children, in the order of the fields of each node."""

Evidence = tuple[tuple[Path, OfQuantity | OfAtom], ...]
"""What the kernel needs, by place; places without an entry are evaluated."""


# --- parameters -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Algebraic:
    """The one root of a square-free polynomial in an interval with rational ends; a rational number has degree 1.

    Args:
        polynomial: integer coefficients, constant term first.
        lower, upper: the root is the only one with lower <= root <= upper; equal for a rational number.
    """

    polynomial: tuple[int, ...]
    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class Cell:
    """A set of parameters on which a claim is constant: one number, or all numbers strictly between two.

    Args:
        lower, upper: equal for one number.
        sample: a number of the cell; rational unless the cell is one algebraic number.
        truth: of the claim there; None when it could not be decided.
    """

    lower: Algebraic
    upper: Algebraic
    sample: Algebraic
    truth: Literal["true", "false", "unknown"]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """The range of a parameter in cells, in order, without a gap: points and open intervals by turns."""

    parameter: str
    cells: tuple[Cell, ...]
