"""Arrays of a bundle as matrices over a quantale, exactly as stored.

A float is the dyadic rational that it is, an integer is mapped by the array's scale, and where ``NAME.lo`` and
``NAME.hi`` stand beside an array its entries are boxes.

Source: Lawvere 1973, Metric spaces, generalized logic, and closed categories; Kelly 1982 for weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.entry import QUANTALES, unfit
from formal.bundle.model import Array, Bundle
from formal.bundle.move import READS as TURNS
from formal.enriched.formula import Given
from formal.enriched.table import Integers, Table, table_of_floats, table_of_integers
from formal.quantale import INFINITY, Quantale
from formal.text import Code, Diagnostic, Label, Rejection, Span

MOST_ENTRIES = 2**22
"""Of a matrix: each becomes an exact number, which takes about a hundred bytes."""

_POINT = "*"
"""The only column of a weight, and the only row of a coweight."""


def matrix(
    bundle: Bundle,
    array: str = "relation",
    *,
    move: str | None = None,
    quantale: Quantale | None = None,
    boxes: bool = True,
    at: Span | None = None,
) -> Given:
    """An array with two axes as a relation (equal labels) or a profunctor.

    Args:
        array: its name. It has two axes, or three, the last one of moves.
        move: a label of the third axis; left out, moves are forgotten: an entry is the join over all of them. In a
            relation that says which image turned by r is which, rows are the images that are turned and columns what
            they become.
        quantale: whose values the entries are; when left out that of the manifest's base, and ``product`` for a
            relation graded by a monoid.
        boxes: whether ``ARRAY.lo`` and ``ARRAY.hi``, where there are any, make the entries boxes.
        at: the place in a script that asks for it.
    Raises:
        Rejection: ``unknown-name``, ``wrong-arguments``, ``budget-exceeded``, or ``bad-bundle`` when entries are no
            values of the quantale.

    A matrix of floats with p and q decimal exponents apart has integers of that many digits: all are exact.
    """
    ends = [name for name in (f"{array}.lo", f"{array}.hi") if name in bundle.arrays] if boxes else []
    names = ends if len(ends) == 2 else [array]
    found = [_array(bundle, name, "array", at) for name in names]
    chosen = _quantale(bundle, quantale, at)
    first = found[0]
    if len(first.axes) not in (2, 3):
        raise _wrong(f"`{first.name}` of `{bundle.name}` has {_axes(first)}; a matrix has two", at)
    if len(first.axes) == 2 and move is not None:
        raise _wrong(f"`{first.name}` of `{bundle.name}` has no moves, but {_axes(first)}", at)
    slices = [_slice(bundle, one, move, chosen, at) for one in found]
    for one in slices:
        _require_values(bundle, one, chosen, at)
    rows, columns = (bundle.axes[axis] for axis in slices[0].axes)
    table = _boxed([_table(one) for one in slices], bundle, array, at)
    return Given(array if move is None else f"{array}[{move}]", chosen, rows, columns, table)


def vector(
    bundle: Bundle,
    task: str,
    *,
    covariant: bool | None = None,
    quantale: Quantale | None = None,
    at: Span | None = None,
) -> Given:
    """A task as a weight, a presheaf with values in the quantale, or as a coweight, which is covariant.

    Args:
        task: the array ``task.NAME``, by NAME or in full; it has one axis.
        covariant: whether it is a coweight. When left out, it is one if its axis is that of the relation's columns and
            not of its rows: ``K[h, -]`` is covariant in continuations.
        quantale: as for ``matrix``.
        at: the place in a script that asks for it.
    Returns:
        shape (n, 1) for a weight and (1, n) for a coweight, with the labels of the axis.
    Raises:
        Rejection: as ``matrix`` does.
    """
    name = task if task in bundle.arrays else f"task.{task}"
    found = _array(bundle, name, "task", at)
    chosen = _quantale(bundle, quantale, at)
    if len(found.axes) != 1:
        raise _wrong(f"`{name}` of `{bundle.name}` has {_axes(found)}; a task has one", at)
    ends = [bundle.arrays[f"{name}.{end}"] for end in ("lo", "hi") if f"{name}.{end}" in bundle.arrays]
    parts = ends if len(ends) == 2 else [found]
    for part in parts:
        _require_values(bundle, part, chosen, at)
    if covariant is None:
        covariant = _is_covariant(bundle, found.axes[0])
    columns = [_reshaped(part, (1, -1) if covariant else (-1, 1)) for part in parts]
    labels, point = bundle.axes[found.axes[0]], (_POINT,)
    table = _boxed([_table(part) for part in columns], bundle, name, at)
    shown = name.removeprefix("task.")
    return Given(shown, chosen, point if covariant else labels, labels if covariant else point, table)


def features(bundle: Bundle, name: str, *, at: Span | None = None) -> Given:
    """A feature of each object as a row of numbers of any size; the quantale of the result means nothing.

    Args:
        name: an array with two axes, objects and coordinates, as a rule of the role ``embedding``.
        at: the place in a script that asks for it.
    Returns:
        shape (objects, d).
    Raises:
        Rejection: as ``matrix`` does, but for numbers that are not finite only.
    """
    full = next((n for n in (name, f"embedding.{name}", f"features.{name}") if n in bundle.arrays), name)
    found = _array(bundle, full, "embedding", at)
    if len(found.axes) != 2:
        raise _wrong(f"`{full}` of `{bundle.name}` has {_axes(found)}; features have two", at)
    _require_values(bundle, found, None, at)
    rows, columns = (bundle.axes[axis] for axis in found.axes)
    return Given(name, Quantale.PRODUCT, rows, columns, _boxed([_table(found)], bundle, full, at))


def members(bundle: Bundle, part: str, array: str = "split", *, at: Span | None = None) -> tuple[str, ...]:
    """The labels of the objects in a part, in their order.

    Args:
        part: the name of a number, its digits when it has none.
        array: with one axis, of whole numbers, such as ``split`` or ``label``.
        at: the place in a script that asks for it.
    Raises:
        Rejection: ``unknown-name`` or ``wrong-arguments``.
    """
    found = _array(bundle, array, "array", at)
    if len(found.axes) != 1 or found.values.dtype.kind not in "iub":
        raise _wrong(f"`{array}` of `{bundle.name}` does not number one list of objects", at)
    codes = [found.called(int(code)) for code in found.values.tolist()]
    if part not in codes:
        raise unknown(bundle, "part", part, dict.fromkeys(codes), at)
    return tuple(label for label, code in zip(bundle.axes[found.axes[0]], codes, strict=True) if code == part)


# --- what is asked for ----------------------------------------------------------------------------


def listed(names: Iterable[str], most: int = 8) -> str:
    """Names in backticks, the first few of them."""
    known = list(names)
    shown = ", ".join(f"`{name[:40]}`" for name in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown


def unknown(bundle: Bundle, what: str, name: str, known: Iterable[str], at: Span | None) -> Rejection:
    """There is no such thing in a bundle; the nearest name that there is, or else all of them, for help."""
    names = list(known)
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    help_ = [f"did you mean `{close[0]}`?"] if close else []
    help_ += [f"there are {listed(names)}" if names else "there are none"]
    message = f"`{bundle.name}` has no {what} `{name[:80]}`"
    return Rejection([Diagnostic(Code.UNKNOWN_NAME, message, _label(at), help=tuple(help_))])


def _label(at: Span | None) -> Label | None:
    return None if at is None else Label(at)


def _wrong(message: str, at: Span | None, *help_: str) -> Rejection:
    return Rejection([Diagnostic(Code.WRONG_ARGUMENTS, message, _label(at), help=help_)])


def _axes(array: Array) -> str:
    return f"{len(array.axes)} {'axis' if len(array.axes) == 1 else 'axes'} ({listed(array.axes)})"


def _array(bundle: Bundle, name: str, what: str, at: Span | None) -> Array:
    found = bundle.arrays.get(name)
    if found is not None:
        return found
    if what == "task":
        tasks = [n.removeprefix("task.") for n in sorted(bundle.arrays) if n.startswith("task.")]
        raise unknown(bundle, what, name.removeprefix("task."), tasks, at)
    raise unknown(bundle, what, name, sorted(bundle.arrays), at)


def _quantale(bundle: Bundle, quantale: Quantale | None, at: Span | None) -> Quantale:
    if quantale is not None:
        return quantale
    if bundle.kind == "graded-monoid":
        return Quantale.PRODUCT
    if bundle.kind not in QUANTALES:
        words = listed(dict.fromkeys(str(one.value) for one in QUANTALES.values()))
        message = f"the relation of `{bundle.name}` has the base `{bundle.kind[:40]}`, which is no quantale of numbers"
        raise _wrong(message, at, f"say which one its entries are read in: {words}")
    return QUANTALES[bundle.kind]


def _slice(bundle: Bundle, array: Array, move: str | None, quantale: Quantale, at: Span | None) -> Array:
    """The entries of one move, or the join over all: the change of base that takes a set of moves to its join."""
    if len(array.axes) == 2:
        return array
    moves = bundle.axes[array.axes[2]]
    if move is None and not moves:
        raise _wrong(f"`{array.name}` of `{bundle.name}` has no moves", at)
    if move is None:
        greatest = (quantale is Quantale.LAWVERE) == (array.scale.slope < 0)
        values, axes = array.values.max(axis=2) if greatest else array.values.min(axis=2), array.axes[:2]
    elif move in moves:
        values, axes = array.values[:, :, moves.index(move)], array.axes[:2]
    else:
        raise unknown(bundle, "move", move, moves, at)
    if bundle.reads == TURNS:
        values, axes = values.T, (axes[1], axes[0])
    return Array(array.name, axes, array.role, values, array.scale)


def _reshaped(array: Array, shape: tuple[int, int]) -> Array:
    return Array(array.name, array.axes, array.role, array.values.reshape(shape), array.scale)


def _is_covariant(bundle: Bundle, axis: str) -> bool:
    """Whether a vector along an axis is a row of the relation and no column."""
    relation = bundle.arrays.get("relation")
    if relation is None or len(relation.axes) < 2:
        return False
    rows, columns = relation.axes[:2]
    return axis == columns != rows


# --- numbers --------------------------------------------------------------------------------------


def _require_values(bundle: Bundle, array: Array, quantale: Quantale | None, at: Span | None) -> None:
    if array.values.size > MOST_ENTRIES:
        message = f"`{array.name}` of `{bundle.name}` has {array.values.size} entries; at most {MOST_ENTRIES} are exact"
        raise Rejection([Diagnostic(Code.BUDGET_EXCEEDED, message, _label(at))])
    failures = list(unfit(bundle, array, quantale))
    if failures:
        note = () if quantale is None else (f"they are read in the quantale `{quantale.value}`",)
        raise Rejection(
            Diagnostic(Code.BAD_BUNDLE, f"`{bundle.file}`: {failure}", _label(at), notes=note) for failure in failures
        )


def _table(array: Array) -> Table:
    values, scale = array.values, array.scale
    if values.dtype.kind != "f":
        return table_of_integers(values, slope=scale.slope, offset=scale.offset)
    infinite = np.isposinf(values)
    if not infinite.any():
        return table_of_floats(values, slope=scale.slope, offset=scale.offset)
    finite: NDArray[Any] = np.where(infinite, 0, values)
    table = table_of_floats(finite, slope=scale.slope, offset=scale.offset)
    lower = table.lower.copy()
    lower[infinite] = INFINITY
    return Table(lower, lower, table.denominator)


def _boxed(ends: list[Table], bundle: Bundle, name: str, at: Span | None) -> Table:
    """One table as it is; of two the one of the boxes from the first to the second."""
    if len(ends) == 1:
        return ends[0]
    first, second = ends
    denominator = math.lcm(first.denominator, second.denominator)
    lower = _times(first.lower, denominator // first.denominator)
    upper = _times(second.lower, denominator // second.denominator)
    if lower.shape != upper.shape or not (lower <= upper).all():
        message = f"`{bundle.file}`: array `{name}.lo` is not at most `{name}.hi`"
        raise Rejection([Diagnostic(Code.BAD_BUNDLE, message, _label(at))])
    return Table(lower, upper, denominator)


def _times(integers: Integers, factor: int) -> Integers:
    return integers if factor == 1 else integers * factor
