"""The masked language model: distance from the language, failure of composition, and the relations themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import composition_failure, meant
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RELATIONS = {
    "relation": "trained,\nleft to right",
    "relation.backwards": "trained,\nright to left",
    "relation.untrained": "random\nweights",
}
_BOUND = 0.05
"""What was claimed of the relation from left to right."""


def plot_numbers(models: Models) -> Numbers:
    """The greatest difference from the language, and the failure of composition: (seeds, relations)."""
    (bundles,) = models.values()
    ideal = meant(bundles[0], "relation.ideal")
    found = [[meant(each, key) for key in _RELATIONS] for each in bundles]
    return {
        "distance": np.array([[np.abs(each - ideal).max() for each in row] for row in found]),
        "failure": np.array([[composition_failure(each) for each in row] for row in found]),
    }


def draw_plot(numbers: Numbers) -> Figure:
    """How far relations are from the language, and from being composed."""
    figure, axes = style.panels(3.3, 2)
    titles = {"distance": "Distance from the language", "failure": "Failure of composition"}
    for each, (key, title) in zip(axes, titles.items(), strict=True):
        for place, look in zip(range(len(_RELATIONS)), style.LOOKS, strict=False):
            style.seed_points(each, [place], numbers[key][:, place : place + 1], look, width=0.12)
        style.bound_line(each, _BOUND, "bound that was claimed of the first")
        each.set_title(title)
        style.named(each, list(_RELATIONS.values()), "relation")
    axes[0].set(ylabel="greatest difference of degrees", ylim=(-0.03, 1.05))
    axes[1].set(ylabel="greatest r(x, y) r(y, z) − r(x, z)", ylim=(-0.003, 0.086))
    style.legend_above(figure)
    return figure


def heat_numbers(models: Models) -> Numbers:
    """Relations of seed 0, how far the two orders are apart, and how many tokens each object masks."""
    (bundles,) = models.values()
    first = bundles[0]
    masked = np.array([string.count("_") for string in first.axes["string"]])
    order = np.argsort(-masked, kind="stable")
    relations = {key: meant(first, key)[np.ix_(order, order)] for key in ("relation.ideal", *_RELATIONS)}
    return relations | {"masked": masked[order]}


def draw_heat(numbers: Numbers) -> Figure:
    """The language, a trained model, random weights, and the difference between two orders of unmasking."""
    figure, axes = style.panels(7.2, 2, 2)
    apart = np.abs(numbers["relation"] - numbers["relation.backwards"])
    most = float(np.ceil(100 * apart.max()) / 100)
    shown = {
        "Language": numbers["relation.ideal"],
        "Trained, seed 0, left to right": numbers["relation"],
        "Random weights, seed 0": numbers["relation.untrained"],
        "Trained: difference of the two orders": apart,
    }
    names = [str(masked) for masked in numbers["masked"]]
    for each, (title, values) in zip(axes, shown.items(), strict=True):
        image = style.heat_map(each, values, high=most) if values is apart else style.heat_map(each, values, power=0.5)
        style.blocks(each, names, along="x")
        style.blocks(each, names, along="y")
        each.set(title=title, xlabel="y, by tokens masked", ylabel="x, by tokens masked", aspect="equal")
        if values is apart:
            style.colour_bar(figure, image, (each,), "absolute difference")
        else:
            style.colour_bar(figure, image, (each,), "p(y | x)", (0, 0.01, 0.05, 0.2, 0.5, 1))
    return figure


PICTURES = (
    Picture(
        "masked-lm",
        PLOT,
        "Distance from the language, and failure of composition",
        ("masked-lm",),
        plot_numbers,
        draw_plot,
    ),
    Picture(
        "masked-lm",
        HEAT_MAP,
        "Probabilities of words with masked tokens, in the language, trained and with random weights",
        ("masked-lm",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its pictures."""
