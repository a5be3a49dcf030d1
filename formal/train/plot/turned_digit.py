"""Turned digits: which images are related by some turn, at the threshold of the claims and at one half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import meant
from formal.train.plot.picture import HEAT_MAP, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CUTS = (0.96, 0.5)


def heat_numbers(models: Models) -> Numbers:
    """Nearness at the best turn, images by digit; and the digits in that order."""
    ((bundle,),) = models.values()
    digit = bundle.arrays["label"].values
    order = np.argsort(digit, kind="stable")
    return {"near": meant(bundle, "relation").max(-1)[np.ix_(order, order)], "digit": digit[order]}


def draw_heat(numbers: Numbers) -> Figure:
    """Related at either threshold, light, or not, dark."""
    figure, axes = style.panels(4.6, 2)
    digits = [str(digit) for digit in numbers["digit"]]
    for each, cut, title in zip(axes, _CUTS, ("Related at .96, the threshold", "Related at ½"), strict=True):
        style.heat_map(each, numbers["near"] >= cut, colours=2)
        style.blocks(each, digits, along="x")
        style.blocks(each, digits, along="y")
        each.set(title=title, xlabel="image, by digit", ylabel="image, by digit", aspect="equal")
    return figure


PICTURES = (
    Picture(
        "rotation-digits",
        HEAT_MAP,
        "Which of a hundred images are related by some turn, at .96 and at one half",
        ("rotation-digits",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its picture."""
