"""Linear functions and sinusoids of several frequencies: squared errors along frequencies, and along sums of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SWEEPS = ("frequency", "share")
_THEORIES = {
    "mixture": "Bayes, mixture",
    "hull": "best point of the hull",
    "linear": "Bayes, linear",
    "sine": "Bayes, sinusoids",
    "oracle": "oracle",
}


def plot_numbers(models: Models) -> Numbers:
    """Mean squared errors along both sweeps, (seeds, places), and what was trained on."""
    (bundles,) = models.values()
    found: dict[str, NDArray[Any]] = {}
    for sweep in _SWEEPS:
        rows = [i for i, label in enumerate(bundles[0].axes["places"]) if label.startswith(sweep)]
        found[sweep] = texts([bundles[0].axes["places"][i].split("/")[1] for i in rows])
        for name in ("model", *_THEORIES):
            item = bundles[0].axes["predictors"].index(name)
            found[f"{sweep}/{name}"] = np.array([meant(b, "square.pred")[item, rows].mean(1) for b in bundles])
    frequencies = bundles[0].manifest["model"]["config"]["frequencies"]
    return {**found, "trained": np.array([min(frequencies), max(frequencies)])}


def draw_plot(numbers: Numbers) -> Figure:
    """Both sweeps on a logarithmic scale; the frequencies of the pretraining lie between two bounds."""
    figure, axes = style.panels(4.0, 2, widths=(1.5, 1))
    labels = ("frequency asked for", "share of the sinusoid")
    titles = ("Sinusoids of one frequency", "Sums with a linear function")
    for sweep, each, label, title in zip(_SWEEPS, axes, labels, titles, strict=True):
        places = range(len(numbers[sweep]))
        style.seed_curve(each, places, numbers[f"{sweep}/model"], style.LOOKS[0], "model, each seed")
        for number, (key, name) in enumerate(_THEORIES.items()):
            style.theory_line(each, places, numbers[f"{sweep}/{key}"].mean(0), name, number=number)
        each.set_title(title)
        style.named(each, numbers[sweep].tolist(), label)
        each.set(yscale="log")
    asked = [float(word) for word in numbers["frequency"]]
    low, high = numbers["trained"]
    inside = [i for i, frequency in enumerate(asked) if low <= frequency <= high]
    axes[0].axvspan(inside[0] - 0.5, inside[-1] + 0.5, color="black", alpha=0.07, linewidth=0, zorder=0)
    axes[0].annotate(
        "pretraining",
        ((inside[0] + inside[-1]) / 2, 1),
        (0, -4),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        ha="center",
        va="top",
    )
    axes[0].set_ylabel("mean squared error")
    style.legend_above(figure, columns=3)
    return figure


PICTURES = (
    Picture(
        "mixtures-frequency",
        PLOT,
        "Squared error at frequencies below, among and above those of the pretraining, and of sums, beside theory",
        ("mixtures-frequency",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
