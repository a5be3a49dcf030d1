"""Kernels: degrees and distances of points of a vector space, computed in float64.

With angle and |x - y| a metric, ``exp(-angle)`` and ``exp(-|x - y|)`` satisfy K(x, y) K(y, z) <= K(x, z): a category
over the product quantale, by the triangle inequality. The cosine and the Gaussian kernel satisfy no such law. What is
computed is rounded, so of the first two the law holds up to a few units in the last place: the defect says how many.

Source: Lawvere 1973 (metric spaces as categories); Schölkopf, Smola 2002 for the kernels; Kahan 2006, How futile are
mindless assessments of roundoff, for the angle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Kernel = Literal["angular", "cosine", "rbf", "laplace"]
KERNELS: tuple[Kernel, ...] = ("angular", "cosine", "rbf", "laplace")
KernelFunction = Callable[[Floats, Floats], Floats]
"""Of shapes (a, d) and (b, d), giving (a, b)."""


def kernel_matrix(
    left: NDArray[Any], right: NDArray[Any], kernel: Kernel | KernelFunction, scale: float = 1.0
) -> Floats:
    """The kernel of each row of one list of points with each row of another.

    ``angular``: exp(-angle / scale), the angle in radians; ``cosine``: the cosine, 0 where it is negative;
    ``rbf``: exp(-|x - y|^2 / (2 scale^2)); ``laplace``: exp(-|x - y| / scale).

    Args:
        left, right: shapes (a, d) and (b, d), finite.
        kernel: by its word, or a function of the two arrays; the scale is not used for a function.
        scale: positive, in the units of the distance.
    Returns:
        shape (a, b), float64.
    Raises:
        ValueError: shapes do not fit, a number is not finite, the scale is not positive, a point has no direction.
    """
    from scipy.spatial.distance import cdist

    a, b = points(left), points(right)
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"points of {a.shape[1]} and of {b.shape[1]} coordinates have no kernel")
    if callable(kernel):
        found = np.asarray(kernel(a, b), dtype=np.float64)
        if found.shape != (len(a), len(b)):
            raise ValueError(f"the kernel gives the shape {found.shape}, not {(len(a), len(b))}")
        return found
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"the scale is {scale}; it has to be positive")
    match kernel:
        case "angular":
            u, v = directions(a), directions(b)
            return np.asarray(np.exp(-2 * np.arctan2(cdist(u, v), cdist(u, -v)) / scale))
        case "cosine":
            u, v = directions(a), directions(b)
            half = cdist(u, v) / 2
            return np.asarray(np.clip(1 - 2 * half * half, 0.0, 1.0))
        case "rbf":
            return np.asarray(np.exp(-((cdist(a, b) / scale) ** 2) / 2))
        case "laplace":
            return np.asarray(np.exp(-cdist(a, b) / scale))
        case _:
            raise ValueError(f"there is no kernel `{kernel}`; there are {', '.join(KERNELS)}, or a function")


def points(values: Any) -> Floats:
    """Points as float64, shape (n, d).

    Raises:
        ValueError: there are not two axes, or a number is not finite.
    """
    found = np.ascontiguousarray(values, dtype=np.float64)
    if found.ndim != 2:
        raise ValueError(f"points have the shape (n, d), not {found.shape}")
    if not np.isfinite(found).all():
        row, column = np.argwhere(~np.isfinite(found))[0].tolist()
        raise ValueError(f"the point {row} has {found[row, column]} for its coordinate {column}")
    return found


def directions(values: Floats) -> Floats:
    """The points of length 1 in the same directions.

    Raises:
        ValueError: a point is the origin.
    """
    largest = np.abs(values).max(axis=1, initial=0.0)
    if not largest.all():
        raise ValueError(f"the point {int(np.flatnonzero(largest == 0)[0])} is zero and has no direction")
    scaled = values / largest[:, None]  # so that squares neither overflow nor vanish
    return np.asarray(scaled / np.linalg.norm(scaled, axis=1)[:, None])
