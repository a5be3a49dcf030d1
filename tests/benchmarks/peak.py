"""What the machine can do at most: products and maxima on numbers that stay in the first cache."""

from __future__ import annotations

import numba


@numba.njit(nogil=True, cache=True)
def peak(rounds, values):  # type: ignore[no-untyped-def]
    """Products and maxima on numbers that stay in the first cache: what the machine can do at most.

    Args:
        values: 2048 numbers; ``rounds`` sweeps of four products and four maxima a number.
    """
    acc = values.copy()
    for k in range(rounds):
        a = 1.0 - 1e-9 * k
        b, c, d = a * 0.5, a * 0.25, a * 0.125
        for z in range(values.shape[0]):
            v = values[z]
            u, w, s, t = a * v, b * v, c * v, d * v
            u = u if u > w else w
            s = s if s > t else t
            u = u if u > s else s
            acc[z] = u if u > acc[z] else acc[z]
    return acc[0]
