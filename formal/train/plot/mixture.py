"""Mixtures of two classes of functions: squared error along the sweep between them, beside what theory predicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_THEORIES = {
    "mixture": "Bayes, mixture",
    "hull": "best point of the hull",
    "linear": "Bayes, linear",
    "sine": "Bayes, sinusoid",
    "oracle": "oracle",
}


def plot_numbers(models: Models) -> Numbers:
    """Mean squared error of each predictor at each λ: (seeds, λ)."""
    (bundles,) = models.values()
    sweep = sorted({label.split("/")[0] for label in bundles[0].axes["cells"]}, key=float)
    return {"sweep": texts(sweep)} | {
        name: np.array([_errors(each, name, sweep) for each in bundles]) for name in ("model", *_THEORIES)
    }


def _errors(bundle: Bundle, predictor: str, sweep: Sequence[str]) -> list[float]:
    squares = meant(bundle, "square.pred")[bundle.axes["predictors"].index(predictor)]
    places = np.array([label.split("/")[0] for label in bundle.axes["cells"]])
    return [float(squares[places == at].mean()) for at in sweep]


def draw_plot(numbers: Numbers) -> Figure:
    """The whole sweep, and once more without what knows one class only."""
    figure, axes = style.panels(3.7, 2)
    shown = (tuple(_THEORIES), ("mixture", "hull", "oracle"))
    titles = ("From linear to sinusoid", "Without Bayes of one class")
    for each, keys, title in zip(axes, shown, titles, strict=True):
        style.seed_curve(each, range(len(numbers["sweep"])), numbers["model"], style.LOOKS[0], "model, each seed")
        for number, (key, name) in enumerate(_THEORIES.items()):
            if key in keys:
                style.theory_line(each, range(len(numbers["sweep"])), numbers[key].mean(0), name, number=number)
        each.set_title(title)
        style.named(each, numbers["sweep"].tolist(), "λ: 0 is linear, 1 a sinusoid")
        highest = max(float(numbers[key].mean(0).max()) for key in keys)
        each.set(ylabel="mean squared error", ylim=(-0.03 * highest, 1.1 * max(highest, float(numbers["model"].max()))))
    style.legend_above(figure, columns=3)
    return figure


PICTURES = (
    Picture(
        "mixtures",
        PLOT,
        "Squared error from linear functions to sinusoids, of the model and of what theory predicts",
        ("mixtures-sinusoid",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
