"""Composition on a GPU, or wherever PyTorch runs: the same bits as on the CPU.

A product, sum, minimum or maximum of two doubles is rounded once, in one way (IEEE 754), and maxima do not depend on
the order in which they are taken; so the entries are the same bits on every device that has doubles. Devices without
them (Apple's) are refused rather than answered inexactly.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bulk.semiring import Floats, doubles
from formal.quantale import Quantale


def composite(
    left: NDArray[Any],
    right: NDArray[Any],
    quantale: Quantale,
    *,
    device: str = "cuda",
    block_bytes: int = 2**30,
) -> Floats:
    """``join over y of left(x, y) (x) right(y, z)``, as :func:`formal.bulk.composite` gives it, by PyTorch.

    Memory on the device: the operands and the result in doubles, and ``block_bytes``.

    Args:
        left, right: shapes (n, m) and (m, k).
        device: of PyTorch, such as ``cuda`` or ``cpu``.
    Raises:
        ImportError: PyTorch is not installed.
        ValueError: the shapes do not fit, or the device has no doubles.
    """
    try:
        import torch
    except ImportError as error:
        raise ImportError("composition on a GPU needs PyTorch: pip install torch") from error
    a, b = doubles(left), doubles(right)
    if a.shape[1] != b.shape[0]:
        raise ValueError(f"shapes {a.shape} and {b.shape} do not compose")
    if device.startswith("mps"):
        raise ValueError(f"the device {device} has no doubles")
    first = torch.from_numpy(a).to(device)
    second = torch.from_numpy(np.ascontiguousarray(b.T)).to(device)
    out = torch.full((a.shape[0], b.shape[1]), float(quantale.bottom), dtype=torch.float64, device=device)
    middle = a.shape[1]
    rows = max(1, min(a.shape[0], 64))
    columns = max(1, block_bytes // (8 * rows * max(1, middle)))
    for x in range(0, a.shape[0], rows):
        for z in range(0, b.shape[1], columns):
            p, q = first[x : x + rows, None, :], second[None, z : z + columns, :]
            match quantale:
                case Quantale.PRODUCT:
                    legs = p * q
                case Quantale.LUKASIEWICZ:
                    legs = (p + q - 1).clamp_min(0)
                case Quantale.LAWVERE:
                    legs = p + q
                case _:
                    legs = torch.minimum(p, q)
            if middle:
                out[x : x + rows, z : z + columns] = (
                    legs.amin(dim=2) if quantale is Quantale.LAWVERE else legs.amax(dim=2)
                )
    found: Floats = out.cpu().numpy()
    return found
