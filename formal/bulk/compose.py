"""Composition of matrices over a quantale, how far a relation is from being closed under it, and its closure.

The defect of a relation R is the greatest of ``(R R)(x, z) - R(x, z)`` (for distances, of the negative) and of what
identities lack. It is no matrix product that a BLAS knows: N^3 tensors and as many comparisons.

Source: Lawvere 1973; RELATIONS of the (max, x) semiring: Mohri 2002, Semiring frameworks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bulk.excess import ABSOLUTE, RELATIVE, UNDERFLOW, excess
from formal.bulk.semiring import LARGEST, NUMBERS, Floats, doubles, rounding, tensor
from formal.bulk.work import OnProgress, blocks, compiled, in_blocks
from formal.quantale import Quantale

_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Defect:
    """The least e within which a matrix is a category, exactly, and where it is reached.

    Args:
        value: e, a rational number; 0 for a category.
        triple: (x, y, z) with ``R(x, y) (x) R(y, z)`` more than ``R(x, z)`` by e, or (x, x, x) for an identity that
            lacks e; None when e is 0.
    """

    value: Fraction
    triple: tuple[int, int, int] | None


def composite(
    left: NDArray[Any],
    right: NDArray[Any],
    quantale: Quantale,
    *,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> Floats:
    """``join over y of left(x, y) (x) right(y, z)`` in doubles; each entry is the rounded value of an exact one.

    Products and sums of float32 entries, and all minima, are exact. Memory: the result and 16 bytes an entry of the
    operands.

    Args:
        left, right: shapes (n, m) and (m, k).
    Raises:
        ValueError: the shapes do not fit, or entries are not exact as doubles.
    """
    a, b = doubles(left), doubles(right)
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not compose")
    out = np.full((a.shape[0], b.shape[1]), float(quantale.bottom))
    if compiled():
        from formal.bulk.compiled import compose_rows

        def work(begin: int, end: int) -> None:
            compose_rows(NUMBERS[quantale], a, b, out, begin, end)

        in_blocks(work, a.shape[0], size=32, threads=threads, on_progress=on_progress)
    else:

        def by_numpy(begin: int, end: int) -> None:
            rows = out[begin:end]
            join = np.minimum if quantale is Quantale.LAWVERE else np.maximum
            for y in range(a.shape[1]):
                join(rows, tensor(quantale, a[begin:end, y, None], b[y]), out=rows)

        in_blocks(by_numpy, a.shape[0], size=16, threads=threads, on_progress=on_progress)
    return out


def defect(
    relation: NDArray[Any],
    quantale: Quantale,
    *,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> Defect:
    """How far a square matrix is from being a category: exact, though most of the work is done in doubles.

    Entries whose rounded defect is within the bound of the greatest are computed again in rational numbers.

    Args:
        relation: shape (n, n), entries in the carrier of the quantale.
    Raises:
        ValueError: it is not square, entries are not exact as doubles or finite ones are too large, or the defect is
            infinite: a distance is, and the way around is not.
    """
    matrix = doubles(relation)
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a relation is square, this matrix has the shape {matrix.shape}")
    if (np.isfinite(matrix) & (np.abs(matrix) > LARGEST)).any():
        raise ValueError(f"finite entries are at most {LARGEST:.4g}")
    if np.isinf(np.diagonal(matrix)).any():
        raise ValueError("the defect is infinite: an object is at an infinite distance from itself")
    sign = -1 if quantale is Quantale.LAWVERE else 1
    # A leg that is an identity with the unit composes to the other leg: it never exceeds, and is left out.
    proper = matrix.copy()
    proper[np.diag_indices_from(proper)] = [
        float(quantale.bottom if entry == quantale.unit else entry) for entry in np.diagonal(matrix).tolist()
    ]
    twice = composite(proper, proper, quantale, threads=threads, on_progress=on_progress)
    with np.errstate(invalid="ignore"):
        lacking = sign * (twice - matrix)
    if np.isposinf(lacking).any():
        raise ValueError("the defect is infinite: the way around an infinite distance is finite")
    np.nan_to_num(lacking, copy=False, nan=0.0)
    finite = matrix[np.isfinite(matrix)]
    slack = 2 * rounding(quantale, float(finite.max(initial=1.0)))
    best = Fraction(0)
    triple: tuple[int, int, int] | None = None
    for x in range(matrix.shape[0]):
        lack = sign * (Fraction(quantale.unit) - _exact(matrix[x, x]))
        if lack > best:
            best, triple = lack, (x, x, x)
    threshold = max(float(lacking.max(initial=0.0)), float(best)) - slack
    # One rounding never takes a tensor below an entry that it exceeds; two may.
    least = -slack if quantale is Quantale.LUKASIEWICZ else 0.0
    for x, y, z in _greatest(matrix, proper, lacking >= max(threshold, least), quantale):
        whole = quantale.tensor(_exact(matrix[x, y]), _exact(matrix[y, z]))
        found = Fraction(quantale.excess(whole, _exact(matrix[x, z])))
        if found > best:
            best, triple = found, (x, y, z)
    return Defect(best, triple)


def _greatest(
    matrix: Floats, proper: Floats, pairs: NDArray[np.bool_], quantale: Quantale
) -> Iterator[tuple[int, int, int]]:
    """Triples (x, y, z) among which the excess is greatest, x and z from some pairs; of equal entries one triple.

    Args:
        proper: the matrix without identities that have the unit.
    """
    kept: list[tuple[float, int, int, int]] = []
    top = 0.0
    for x in np.flatnonzero(pairs.any(axis=1)).tolist():
        targets = np.flatnonzero(pairs[x])
        for begin, end in blocks(len(targets), _WIDTH):
            columns = targets[begin:end]
            first, second = proper[x, :, None], proper[:, columns]
            with np.errstate(invalid="ignore"):
                found = excess(quantale, first, second, matrix[x, columns])
            np.nan_to_num(found, copy=False, nan=0.0)
            top = max(top, float(found.max(initial=0.0)))
            floor = top - RELATIVE * top - ABSOLUTE
            promising = found > 0
            if quantale is Quantale.PRODUCT and floor <= 0:
                promising |= (first > 0) & (second > 0) & (first * second < UNDERFLOW)
            for y, k in np.argwhere(promising & (found >= floor)).tolist():
                kept.append((float(found[y, k]), x, y, int(columns[k])))
            kept = _distinct(kept, floor, matrix)
    yield from ((x, y, z) for _, x, y, z in kept)


def _distinct(
    kept: list[tuple[float, int, int, int]], floor: float, matrix: Floats
) -> list[tuple[float, int, int, int]]:
    """Those that still reach the floor, the first of those with the same three entries."""
    first: dict[tuple[float, float, float], tuple[float, int, int, int]] = {}
    for item in kept:
        _, x, y, z = item
        if item[0] >= floor:
            first.setdefault((float(matrix[x, y]), float(matrix[y, z]), float(matrix[x, z])), item)
    return list(first.values())


def _exact(value: float) -> Fraction:
    return Fraction(float(value))


def closure(
    relation: NDArray[Any],
    quantale: Quantale,
    *,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> Floats:
    """The free category on a matrix, in doubles: identities, and composites along all paths, by repeated squaring.

    At most log2 n compositions; fewer when nothing changes any more. Paths of k entries are rounded k - 1 times.

    Args:
        relation: shape (n, n).
    """
    current = doubles(relation).copy()
    np.fill_diagonal(current, float(quantale.unit))
    length = 1
    while length < current.shape[0]:
        further = composite(current, current, quantale, threads=threads, on_progress=on_progress)
        if np.array_equal(further, current):
            break
        current = further
        length *= 2
    return current
