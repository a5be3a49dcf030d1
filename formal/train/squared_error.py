"""Squared errors of functions as arrays of a bundle: one a predictor, a place and a function, and their means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from formal.bundle.write import Content

LEVELS = 2**16 - 1
ROOTS = ("model", "hull", "residual")
"""How far the model is from the truth, the truth from the hull, and the model from the hull."""


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


def roots(found: Mapping[str, Sequence[Tensor]], highest: float, axes: tuple[str, str]) -> Content:
    """Roots of the mean squared errors of ``ROOTS``, places by these, as degrees; they obey the triangle inequality.

    So the first is at least the second less the third: RELATIONS.md, lemma L3, in the mean over all contexts.
    """
    means = torch.stack([torch.stack([place.mean() for place in found[name]]) for name in ROOTS], dim=1)
    return degrees(means.sqrt(), highest**0.5, axes)


def values(found: Mapping[str, Sequence[Tensor]], span: float) -> dict[str, Content]:
    """Values of predictors as relations, that of ``model`` the main one: -span to span as degrees from 0 to 1.

    Args:
        found: for each predictor and place the values, shape (functions, questions).
    """
    return {
        "relation" if name == "model" else f"relation.{name}": degrees(
            torch.cat(list(places)), span, ("rows", "columns"), lowest=-span
        )
        for name, places in found.items()
    }


def degrees(values: Tensor, highest: float, axes: tuple[str, str], *, lowest: float = 0.0) -> Content:
    """Numbers from the lowest to the highest, as 0 to 1; those beyond as the nearest of these."""
    share = ((values - lowest) / (highest - lowest)).clamp(0, 1).numpy()
    return Content(np.rint(share * LEVELS).astype(np.uint16), axes, "relation", scale=f"q/{LEVELS}")
