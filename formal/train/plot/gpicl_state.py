"""Learning in context by transformers and LSTMs: accuracy against the size of state, and against parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import Floats, meant, share_right, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELLS = {"transformer": "transformer, width × layers", "lstm": "LSTM, width × layers"}
_AXES = {"state": ("State size", "numbers kept between two examples"), "parameters": ("Parameters", "parameters")}

_APART = 0.4
"""How far apart learners of equal size are drawn, in powers of two."""


def plot_numbers(models: Models) -> Numbers:
    """Accuracy at the last picture: (seeds, learners); their sizes: (learners,); how many labels there are."""
    (bundles,) = models.values()
    first = bundles[0]
    size = meant(first, "size").astype(np.int64)
    return {
        "learners": texts(first.axes["rows"]),
        "last": np.array([share_right(each, "icl.pred", "last") for each in bundles]),
        "labels": np.array(len(np.unique(first.arrays["last"].values))),
        **{name: size[:, column] for column, name in enumerate(first.axes["sizes"])},
    }


def draw_plot(numbers: Numbers) -> Figure:
    """The same accuracies twice, against either size."""
    figure, axes = style.panels(4.2, 2)
    for each, (size, (title, across)) in zip(axes, _AXES.items(), strict=True):
        for look, (cell, name) in zip(style.LOOKS, _CELLS.items(), strict=False):
            _draw_learners(each, numbers, cell, _side_by_side(numbers[size]), look, name)
        style.bound_line(each, 1 / int(numbers["labels"]), "guessing")
        low, high = _room(numbers[size])
        powers = range(low, high + 1, 2)
        each.set_xticks(powers, [f"$2^{{{power}}}$" for power in powers])
        each.set(title=title, xlabel=across, ylabel="share right, last picture", ylim=(0.27, 0.82))
        each.set_xlim(low - 0.5, high + 0.8)
    style.legend_above(figure, columns=3)
    return figure


def _room(sizes: Floats) -> tuple[int, int]:
    """Powers of two around the sizes."""
    return int(np.floor(np.log2(sizes.min()))), int(np.ceil(np.log2(sizes.max())))


def _side_by_side(sizes: Floats) -> Floats:
    """Logarithms of sizes, those that are equal moved apart."""
    places = np.log2(sizes.astype(float))
    for size in np.unique(sizes):
        equal = np.flatnonzero(sizes == size)
        places[equal] += _APART * (np.arange(len(equal)) - (len(equal) - 1) / 2)
    return np.asarray(places)


def _draw_learners(axes: Axes, numbers: Numbers, cell: str, places: Floats, look: style.Look, name: str) -> None:
    """Points of the learners of one kind, and what each is: below them for LSTMs, else above and below in turn."""
    chosen = [i for i, learner in enumerate(numbers["learners"]) if str(learner).startswith(cell)]
    style.seed_points(axes, places[chosen], numbers["last"][:, chosen], look, name, width=0.05)
    for number, i in enumerate(chosen):
        shown = str(numbers["learners"][i]).rpartition("-")[2].replace("x", "×")
        found = numbers["last"][:, i]
        is_above = cell == "transformer" and number % 2 == 0
        at, offset, side = (found.max(), 4, "bottom") if is_above else (found.min(), -4, "top")
        place = (float(places[i]), float(at))
        axes.annotate(shown, place, (0, offset), textcoords="offset points", ha="center", va=side, fontsize=8)


PICTURES = (
    Picture(
        "gpicl-state",
        PLOT,
        "Accuracy on unseen tasks against the size of state and against parameters",
        ("gpicl-state",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its picture."""
