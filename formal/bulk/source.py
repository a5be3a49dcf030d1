"""Matrices by blocks: those at hand, and those too large to be, whose entries are computed when asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formal.bulk.semiring import Floats


class Source(Protocol):
    """A matrix that is read in blocks; the same block has the same entries whenever it is read."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""

    def block(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
        """The entries in some rows and columns, given by their numbers; shape (rows, columns), contiguous."""


@dataclass(frozen=True, slots=True, eq=False)
class ArraySource:
    """A matrix at hand, a file mapped into memory included."""

    values: NDArray[Any]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.values.shape
        return int(rows), int(columns)

    def block(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
        """The entries in some rows and columns."""
        return np.ascontiguousarray(self.values[np.ix_(rows, columns)], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class KernelSource:
    """``kernel(left[x], right[y])`` for embeddings of the rows and of the columns.

    Args:
        left, right: shapes (n, d) and (m, d).
        kernel: of shapes (a, d) and (b, d), giving (a, b).
    """

    left: NDArray[Any]
    right: NDArray[Any]
    kernel: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.left.shape[0]), int(self.right.shape[0])

    def block(self, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Floats:
        """The entries in some rows and columns."""
        return np.ascontiguousarray(self.kernel(self.left[rows], self.right[columns]), dtype=np.float64)
