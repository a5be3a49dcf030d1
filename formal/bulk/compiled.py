"""The inner loops, compiled by numba; they leave the interpreter's lock, so that threads share the rows.

Each loop runs along contiguous rows and takes four rows of the right matrix at once, so that the accumulators stay in
registers or the first cache.
"""

from __future__ import annotations

import numba
import numpy as np

_TILE = 512


@numba.njit(nogil=True, cache=True, error_model="numpy")
def compose_rows(kind, left, right, out, begin, end):  # type: ignore[no-untyped-def]
    """Rows begin to end of a composite; kinds are numbered as in ``semiring.NUMBERS``.

    Args:
        out: shape (rows of left, columns of right); filled with the bottom.
    """
    middle, columns = right.shape
    for tile in range(0, columns, _TILE):
        stop = min(tile + _TILE, columns)
        width = stop - tile
        for first in range(0, middle, 128):
            last = min(first + 128, middle)
            for x in range(begin, end):
                acc = out[x, tile:stop]
                y = first
                while y + 4 <= last:
                    a, b, c, d = left[x, y], left[x, y + 1], left[x, y + 2], left[x, y + 3]
                    p = right[y, tile:stop]
                    q = right[y + 1, tile:stop]
                    r = right[y + 2, tile:stop]
                    s = right[y + 3, tile:stop]
                    if kind == 0:
                        for z in range(width):
                            u, v, w, t = a * p[z], b * q[z], c * r[z], d * s[z]
                            u = u if u > v else v
                            w = w if w > t else t
                            u = u if u > w else w
                            acc[z] = u if u > acc[z] else acc[z]
                    elif kind == 1:
                        for z in range(width):
                            u = a if a < p[z] else p[z]
                            v = b if b < q[z] else q[z]
                            w = c if c < r[z] else r[z]
                            t = d if d < s[z] else s[z]
                            u = u if u > v else v
                            w = w if w > t else t
                            u = u if u > w else w
                            acc[z] = u if u > acc[z] else acc[z]
                    elif kind == 2:
                        for z in range(width):
                            u, v, w, t = a + p[z] - 1, b + q[z] - 1, c + r[z] - 1, d + s[z] - 1
                            u = u if u > v else v
                            w = w if w > t else t
                            u = u if u > w else w
                            acc[z] = u if u > acc[z] else acc[z]
                    else:
                        for z in range(width):
                            u, v, w, t = a + p[z], b + q[z], c + r[z], d + s[z]
                            u = u if u < v else v
                            w = w if w < t else t
                            u = u if u < w else w
                            acc[z] = u if u < acc[z] else acc[z]
                    y += 4
                while y < last:
                    a = left[x, y]
                    p = right[y, tile:stop]
                    for z in range(width):
                        if kind == 0:
                            u = a * p[z]
                        elif kind == 1:
                            u = a if a < p[z] else p[z]
                        elif kind == 2:
                            u = a + p[z] - 1
                        else:
                            u = a + p[z]
                        if kind == 3:
                            acc[z] = u if u < acc[z] else acc[z]
                        else:
                            acc[z] = u if u > acc[z] else acc[z]
                    y += 1


@numba.njit(nogil=True, cache=True)
def farthest(block, tasks, out, begin, end):  # type: ignore[no-untyped-def]
    """Raise ``out[t, p]`` to the greatest ``|tasks[t, x] - block[x, p]|`` over the rows x of a block.

    Args:
        block: shape (rows, columns).
        tasks: shape (count, rows).
        out: shape (count, columns); columns begin to end are written.
    """
    rows = block.shape[0]
    for tile in range(begin, end, _TILE):
        stop = min(tile + _TILE, end)
        for first in range(0, rows, 32):
            last = min(first + 32, rows)
            for t in range(tasks.shape[0]):
                acc = out[t, tile:stop]
                for x in range(first, last):
                    value = tasks[t, x]
                    row = block[x, tile:stop]
                    for z in range(stop - tile):
                        u = abs(value - row[z])
                        acc[z] = u if u > acc[z] else acc[z]


@numba.njit(nogil=True, cache=True)
def or_rows(left, right, out, begin, end):  # type: ignore[no-untyped-def]
    """Rows begin to end of a Boolean composite of packed matrices, eight rows of ``right`` at a time by a table.

    Args:
        left: shape (rows, bytes of the middle), bits packed as by ``numpy.packbits`` with little bit order.
        right: shape (middle, words), uint64.
        out: shape (rows, words), zero.
    Source: Arlazarov, Dinic, Kronrod, Faradzev 1970 (the method of the four Russians).
    """
    middle, words = right.shape
    table = np.zeros((256, words), dtype=np.uint64)
    for group in range(left.shape[1]):
        base = 8 * group
        for bit in range(8):
            size = 1 << bit
            if base + bit < middle:
                row = right[base + bit]
                for k in range(size):
                    for w in range(words):
                        table[size + k, w] = table[k, w] | row[w]
            else:
                for k in range(size):
                    for w in range(words):
                        table[size + k, w] = table[k, w]
        for x in range(begin, end):
            choice = left[x, group]
            if choice:
                for w in range(words):
                    out[x, w] |= table[choice, w]
