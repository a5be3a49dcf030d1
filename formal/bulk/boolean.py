"""Boolean matrices with eight entries a byte, and their composition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bulk.work import OnProgress, compiled, in_blocks


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """A Boolean matrix in words of 64 entries, the first entry in the lowest bit; bits beyond the last are 0.

    Args:
        words: shape (rows, ceil(columns / 64)).
        columns: how many entries a row has.
    """

    words: NDArray[np.uint64]
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return int(self.words.shape[0]), self.columns

    def at_most(self, other: Packed) -> bool:
        """Whether every entry of this one is one of the other's."""
        return self.shape == other.shape and not bool((self.words & ~other.words).any())


def pack(matrix: NDArray[Any]) -> Packed:
    """A matrix of truth values, or of numbers of which 0 is false; 1/8 byte an entry."""
    rows, columns = matrix.shape
    octets = np.packbits(matrix.astype(bool), axis=1, bitorder="little")
    padded = np.zeros((rows, -(-columns // 64) * 8), dtype=np.uint8)
    padded[:, : octets.shape[1]] = octets
    return Packed(padded.view("<u8").astype(np.uint64, copy=False), columns)


def unpack(packed: Packed) -> NDArray[np.bool_]:
    """The matrix, one byte an entry."""
    octets = np.ascontiguousarray(packed.words.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=packed.columns, bitorder="little").astype(bool)


def compose_packed(
    left: Packed, right: Packed, *, threads: int | None = None, on_progress: OnProgress | None = None
) -> Packed:
    """The Boolean composite: (x, z) when some y has both (x, y) and (y, z).

    Memory: the result; 16 KiB for every 64 columns in each thread.

    Raises:
        ValueError: the shapes do not fit.
    """
    if left.columns != right.shape[0]:
        raise ValueError(f"shapes {left.shape} and {right.shape} do not compose")
    rows = left.shape[0]
    out = np.zeros((rows, right.words.shape[1]), dtype=np.uint64)
    if compiled():
        from formal.bulk.compiled import or_rows

        choices = np.ascontiguousarray(left.words.astype("<u8", copy=False)).view(np.uint8)
        used = np.ascontiguousarray(choices[:, : -(-left.columns // 8)])
        words = np.ascontiguousarray(right.words)

        def work(begin: int, end: int) -> None:
            or_rows(used, words, out, begin, end)

        in_blocks(work, rows, size=max(256, -(-rows // 8)), threads=threads, on_progress=on_progress)
    else:
        # Sums of at most 2^24 ones are exact in float32, which is what a BLAS is fastest at.
        dense = unpack(right).astype(np.float32)
        member = unpack(left)

        def by_blas(begin: int, end: int) -> None:
            product = member[begin:end].astype(np.float32) @ dense
            out[begin:end] = pack(product > 0.5).words

        in_blocks(by_blas, rows, size=1024, threads=1, on_progress=on_progress)
    return Packed(out, right.columns)
