"""Squared errors of functions as arrays of a bundle: one a predictor, a place and a function, and their means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from formal.bundle.write import Content

LEVELS = 2**16 - 1


def mean_square(differences: Tensor) -> Tensor:
    """The mean of the squares in each row, shape (n,) from (n, q)."""
    return differences.square().mean(1)


def squares(found: Mapping[str, Sequence[Tensor]], axes: tuple[str, str, str], *, truth: str) -> Content:
    """Squared errors of predictors at places, one a function; in two bytes each, in steps of a power of 2.

    Args:
        found: for each predictor and place the errors, shape (functions,).
    """
    values = torch.stack([torch.stack(list(places)) for places in found.values()]).numpy()
    steps = 2 ** int(np.floor(np.log2(LEVELS / max(values.max(), 1 / LEVELS))))
    return Content(np.rint(values * steps).astype(np.uint16), axes, "prediction", scale=f"q/{steps}", truth=truth)


def nought(axis: str, places: int, functions: int) -> Content:
    """What squared errors are held against."""
    return Content(np.zeros((places, functions), dtype=np.uint8), (axis, "functions"), "label", scale="q/255")


def curve(found: Mapping[str, Sequence[Tensor]], highest: float, axes: tuple[str, str]) -> Content:
    """Mean squared errors, places by predictors, as degrees: 0 to the highest are 0 to 1."""
    means = torch.stack([torch.stack([place.mean() for place in places]) for places in found.values()], dim=1)
    return degrees(means, highest, axes)


def degrees(values: Tensor, highest: float, axes: tuple[str, str], *, lowest: float = 0.0) -> Content:
    """Numbers from the lowest to the highest, as 0 to 1; those beyond as the nearest of these."""
    share = ((values - lowest) / (highest - lowest)).clamp(0, 1).numpy()
    return Content(np.rint(share * LEVELS).astype(np.uint16), axes, "relation", scale=f"q/{LEVELS}")
