"""Nearness of digits by their pixels, and what is related at the threshold of the claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import clusters, meant
from formal.train.plot.picture import HEAT_MAP, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CUT = 0.72
"""The least hundredth at which no two digits are joined, as in the claims."""


def heat_numbers(models: Models) -> Numbers:
    """The kernel, images by digit and by cluster; and the digits in that order."""
    ((bundle,),) = models.values()
    near, digit = meant(bundle, "relation"), bundle.arrays["label"].values
    order = np.lexsort((clusters(near >= _CUT), digit))
    return {"near": near[np.ix_(order, order)], "digit": digit[order]}


def draw_heat(numbers: Numbers) -> Figure:
    """The kernel of two hundred images, and the relation at the threshold."""
    figure, (left, right) = style.panels(4.1, 2)
    digits = [str(digit) for digit in numbers["digit"]]
    image = style.heat_map(left, numbers["near"], colours=32)
    style.heat_map(right, numbers["near"] >= _CUT, colours=2)
    left.set_title("Nearness of pixels")
    right.set_title(f"Related at {_CUT}")
    for each in (left, right):
        style.blocks(each, digits, along="x")
        style.blocks(each, digits, along="y")
        each.set(xlabel="image, by digit", ylabel="image, by digit", aspect="equal")
    style.colour_bar(figure, image, (left, right), "exp(−angle)")
    return figure


PICTURES = (
    Picture(
        "digits-pixels",
        HEAT_MAP,
        "Nearness of two hundred images of digits by their pixels, and which are related at .72",
        ("digits-pixels",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its picture."""
