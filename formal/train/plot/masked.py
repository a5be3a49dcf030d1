"""The masked language model: distance from the language, failure of composition, and the relations themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import composition_failure, meant
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

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


PICTURES = (
    Picture(
        "masked-lm",
        PLOT,
        "Distance from the language, and failure of composition",
        ("masked-lm",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
