"""The column of a matrix that is nearest to each of many targets: which tasks have a prompt, for large relations.

The matrix is read in blocks of rows. After each block columns that are already farther from a target than some column
is over all rows cannot be the nearest, and are not read again when no target needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bulk.semiring import LARGEST, Floats, doubles
from formal.bulk.source import ArraySource, Source
from formal.bulk.work import OnProgress, blocks, compiled, in_blocks


@dataclass(frozen=True, slots=True)
class Nearest:
    """The column p with the least ``max over x of |T(x) - R(x, p)|``, the first of several.

    Args:
        column: p.
        gap: that distance, an exact rational number.
        row: an x where it is reached.
    """

    column: int
    gap: Fraction
    row: int


def nearest_columns(
    source: Source | NDArray[Any],
    targets: NDArray[Any],
    *,
    block_bytes: int = 2**28,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> list[Nearest]:
    """For each target the nearest column, and how far it is: exact.

    Memory: a block of the matrix, and 8 bytes for each target and column.

    Args:
        source: shape (n, m).
        targets: shape (count, n).
        block_bytes: of the blocks of the matrix in doubles.
    Raises:
        ValueError: the shapes do not fit, or entries are infinite or too large.
    """
    matrix = ArraySource(source) if isinstance(source, np.ndarray) else source
    tasks = doubles(targets)
    rows, columns = matrix.shape
    if tasks.shape[1] != rows or not columns:
        raise ValueError(f"targets of the shape {tasks.shape} do not fit a matrix of the shape {(rows, columns)}")
    # A difference of doubles of size at most 2 s is off by at most 2^-53 of that.
    size = max(1.0, _size(tasks))
    alive = np.arange(columns)
    farthest = np.zeros((len(tasks), columns))
    height = max(1, min(rows, block_bytes // (8 * columns)))
    ceiling = np.full(len(tasks), np.inf)
    slack = 0.0
    for begin, end in blocks(rows, height):
        chosen = np.arange(begin, end)
        block = matrix.block(chosen, alive)
        size = max(size, _size(block))
        slack = 4 * size * 2.0**-53
        farthest = _raise(block, np.ascontiguousarray(tasks[:, begin:end]), farthest, threads)
        if begin == 0 and end < rows:
            ceiling = _ceilings(matrix, tasks, alive[np.argmin(farthest, axis=1)], height) + slack
        keep = (farthest <= ceiling[:, None] + slack).any(axis=0)
        if not keep.all():
            alive, farthest = alive[keep], np.ascontiguousarray(farthest[:, keep])
        if on_progress is not None:
            on_progress(end, rows)
    return [_decide(matrix, task, alive, found, slack) for task, found in zip(tasks, farthest, strict=True)]


def _size(values: Floats) -> float:
    """The greatest absolute value."""
    size = float(np.abs(values).max(initial=0.0))
    if not size <= LARGEST:
        raise ValueError(f"entries are finite here, and at most {LARGEST:.4g}")
    return size


def _raise(block: Floats, tasks: Floats, farthest: Floats, threads: int | None) -> Floats:
    """The greatest differences, those in this block included."""
    if compiled():
        from formal.bulk.compiled import farthest as sweep

        def work(begin: int, end: int) -> None:
            sweep(block, tasks, farthest, begin, end)

        in_blocks(work, block.shape[1], size=1024, threads=threads)
        return farthest

    def by_numpy(begin: int, end: int) -> None:
        for t, task in enumerate(tasks):
            found = np.abs(task[:, None] - block[:, begin:end]).max(axis=0, initial=0.0)
            np.maximum(farthest[t, begin:end], found, out=farthest[t, begin:end])

    in_blocks(by_numpy, block.shape[1], size=256, threads=threads)
    return farthest


def _ceilings(matrix: Source, tasks: Floats, candidates: NDArray[np.intp], height: int) -> Floats:
    """How far one promising column for each target is from it over all rows: the nearest is no farther."""
    distinct, where = np.unique(candidates, return_inverse=True)
    found = np.zeros(len(tasks))
    for begin, end in blocks(matrix.shape[0], height):
        block = matrix.block(np.arange(begin, end), distinct)
        found = np.maximum(found, np.abs(tasks[:, begin:end].T - block[:, where]).max(axis=0))
    return found


def _decide(matrix: Source, task: Floats, alive: NDArray[np.intp], found: Floats, slack: float) -> Nearest:
    """Among the columns whose rounded distance is about the least, the first with the least exact one."""
    best: Nearest | None = None
    every = np.arange(matrix.shape[0])
    for number in np.flatnonzero(found <= found.min() + 2 * slack).tolist():
        column = int(alive[number])
        values = matrix.block(every, np.array([column]))[:, 0]
        differences = np.abs(task - values)
        gap, row = Fraction(0), 0
        for x in np.flatnonzero(differences >= differences.max() - slack).tolist():
            exact = abs(Fraction(float(task[x])) - Fraction(float(values[x])))
            if exact > gap:
                gap, row = exact, x
        if best is None or gap < best.gap:
            best = Nearest(column, gap, row)
        if best.gap == 0:
            break
    assert best is not None
    return best
