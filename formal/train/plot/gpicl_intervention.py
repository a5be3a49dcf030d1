"""Curves of the loss before learning in context, plain and with what is said to shorten the plateau."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_NAMES = {
    "plain": "plain",
    "batch-4x": "batch × 4",
    "epsilon-1e-4": "ε = 10⁻⁴",
    "epsilon-1e-12": "ε = 10⁻¹²",
    "biased-1/4": "a quarter in one order",
}


def plot_numbers(models: Models) -> Numbers:
    """Losses: (seeds, learners, points); where the plateau ends: (seeds, learners); the steps of the points."""
    (bundles,) = models.values()
    first = bundles[0]
    return {
        "learners": texts(first.axes["rows"]),
        "steps": np.array([int(label) for label in first.axes["columns"]]),
        "losses": np.array([meant(each, "relation") for each in bundles]),
        "ends": np.array([meant(each, "plateau")[:, 0] for each in bundles]),
        "level": np.array(float(first.manifest["kernel"]["params"]["level"])),
    }


def draw_plot(numbers: Numbers) -> Figure:
    """The mean curves of the seeds, and the end of the plateau of each."""
    figure, (curves, ends) = style.panels(3.8, 2, widths=(1.5, 1))
    for i, (look, learner) in enumerate(zip(style.LOOKS, numbers["learners"], strict=False)):
        curve = numbers["losses"][:, i].mean(0)
        curves.plot(numbers["steps"], curve, color=look.colour, linestyle=look.dashes, label=_NAMES[str(learner)])
        style.seed_points(ends, [i], numbers["ends"][:, [i]], look, width=0.15)
    style.bound_line(curves, float(numbers["level"]), "end of the plateau")
    curves.set(title="Loss, mean of the seeds", xlabel="step", ylabel="nats")
    ends.set(title="End of the plateau", ylabel="step", ylim=(0, int(numbers["steps"][-1]) * 1.1))
    style.named(ends, ["plain", "batch\n× 4", "ε\n10⁻⁴", "ε\n10⁻¹²", "biased"], "")
    style.legend_above(figure, columns=6)
    return figure


PICTURES = (
    Picture(
        "gpicl-interventions",
        PLOT,
        "The loss before learning in context, and where its plateau ends, plain and with four changes",
        ("gpicl-interventions",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its picture."""
