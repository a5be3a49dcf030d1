"""Learning in context on other pictures than those trained on, beside the nearest neighbour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS = {
    "trained": "The digits trained on",
    "digits": "Other digits",
    "glyphs": "Drawn glyphs",
    "points": "Random points",
}
_PLACES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 80, 100)
"""Of the pictures that are shown, where a sequence has them."""


def plot_numbers(models: Models) -> Numbers:
    """For each kind the share right at each place: (seeds, learners, places)."""
    (bundles,) = models.values()
    columns = bundles[0].axes["columns"]
    found = np.array([meant(each, "relation") for each in bundles])
    kinds = {kind: found[:, :, [label.startswith(f"{kind}/") for label in columns]] for kind in _KINDS}
    labels = len(np.unique(bundles[0].arrays["trained.label"].values))
    return {"learners": texts(bundles[0].axes["rows"]), "labels": np.array(labels), **kinds}


def draw_plot(numbers: Numbers) -> Figure:
    """Accuracy along a sequence, for each kind of pictures."""
    figure, axes = style.panels(5.6, 2, 2)
    *tasks, nearest = (str(learner) for learner in numbers["learners"])
    for each, (kind, title) in zip(axes, _KINDS.items(), strict=True):
        places = [place for place in _PLACES if place <= numbers[kind].shape[2]]
        found = numbers[kind][:, :, np.array(places) - 1]
        for i, (look, name) in enumerate(zip(style.LOOKS, tasks, strict=False)):
            label = f"$2^{{{name.removeprefix('2^')}}}$ tasks"
            style.seed_curve(each, places, found[:, i], look, label, width=0.1)
        style.theory_line(each, places, found[:, -1].mean(0), f"{nearest} neighbour")
        style.bound_line(each, 1 / int(numbers["labels"]), "guessing")
        each.set(title=title, xlabel="place of the picture in its sequence")
        style.shares(each, "share right")
    style.legend_above(figure, columns=5)
    return figure


PICTURES = (
    Picture(
        "gpicl-transfer",
        PLOT,
        "Accuracy along sequences of unseen tasks, of the pictures trained on and of others",
        ("gpicl-transfer",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its picture."""
