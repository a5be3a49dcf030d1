"""Mixtures of two classes of functions: what is right inside and outside, and the sweep between them, beside theory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_GROUPS = {
    "affine/supported": "affine",
    "threshold/supported": "threshold",
    "xor/supported": "sum modulo 2,\nF(s) ≠ ∅",
    "xor/undetermined": "sum modulo 2,\nF(s) = ∅",
    "random/supported": "other,\nF(s) ≠ ∅",
    "random/undetermined": "other,\nF(s) = ∅",
}
_THEORIES = {
    "mixture": "Bayes, mixture",
    "hull": "best point of the hull",
    "linear": "Bayes, linear",
    "sine": "Bayes, sinusoid",
    "oracle": "oracle",
}


def plot_numbers(models: Models) -> Numbers:
    """What is right of each group: (seeds, groups); the squared error of each predictor at each λ: (seeds, λ)."""
    finite, bundles = models.values()
    sweep = sorted({label.split("/")[0] for label in bundles[0].axes["cells"]}, key=float)
    return (
        {"sweep": texts(sweep)}
        | {name: np.array([_errors(each, name, sweep) for each in bundles]) for name in ("model", *_THEORIES)}
        | {f"right.{name}": np.array([_right(each, name) for each in finite]) for name in ("icl", "bayes")}
    )


def _right(bundle: Bundle, predictor: str) -> list[float]:
    """The share of right answers in each group; the half of those that both values are equally likely in."""
    likely, value = meant(bundle, f"{predictor}.pred"), bundle.arrays["value"].values
    right = np.where(np.abs(likely - 0.5) < 1e-6, 0.5, (likely > 0.5) == value)
    groups = np.array([label.rpartition("/")[0] for label in bundle.axes["probes"]])
    return [float(right[groups == group].mean()) for group in _GROUPS]


def _errors(bundle: Bundle, predictor: str, sweep: Sequence[str]) -> list[float]:
    squares = meant(bundle, "square.pred")[bundle.axes["predictors"].index(predictor)]
    places = np.array([label.split("/")[0] for label in bundle.axes["cells"]])
    return [float(squares[places == at].mean()) for at in sweep]


def draw_plot(numbers: Numbers) -> Figure:
    """Answers by group; the whole sweep, and once more without what knows one class only."""
    figure, axes = style.mosaic(6.6, (("finite", "finite"), ("sweep", "near")))
    _draw_finite(axes["finite"], numbers)
    shown = (tuple(_THEORIES), ("mixture", "hull", "oracle"))
    titles = ("Continuous: from linear to sinusoid", "Without Bayes of one class")
    for each, keys, title in zip((axes["sweep"], axes["near"]), shown, titles, strict=True):
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


def _draw_finite(axes: Axes, numbers: Numbers) -> None:
    """What is right inside the mixture, at the left, and outside."""
    for place, share in enumerate(numbers["right.bayes"].mean(0)):
        style.theory_line(axes, (place - 0.3, place + 0.3), (share, share), "Bayes, mixture")
    style.seed_points(axes, range(len(_GROUPS)), numbers["right.icl"], style.LOOKS[0])
    axes.axvline(1.5, color=style.PALE, linewidth=0.8)
    axes.set_title("Finite: one value, after six or seven others")
    style.named(axes, list(_GROUPS.values()), "function asked for: two classes of the mixture, and functions outside")
    style.shares(axes, "share right")


PICTURES = (
    Picture(
        "mixtures",
        PLOT,
        "Answers inside and outside a mixture, and squared error from linear functions to sinusoids, beside theory",
        ("mixtures", "mixtures-sinusoid"),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
