"""Dense and sparse linear functions: learning curves beside theory, and the sweep over numbers of coefficients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, meant, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SWEEP = "sweep.svg"
_CLASSES = ("dense", "sparse")
_MODELS = {"model": "model of the mixture", "dense model": "model of dense", "sparse model": "model of sparse"}
_THEORIES = {
    "mixture": "Bayes, mixture",
    "dense": "Bayes, dense (ridge)",
    "sparse": "Bayes, sparse",
    "lasso": "Lasso",
    "least squares": "least squares",
}
_SWEPT = {
    "mixture": "Bayes, mixture",
    "dense": "Bayes, dense",
    "sparse": "Bayes, sparse",
    "oracle": "oracle",
    "hull": "best point of the hull",
}


def curve_numbers(models: Models) -> Numbers:
    """Mean squared errors after k examples, (seeds, k), of each predictor on functions of each class."""
    (bundles,) = models.values()
    told = [label.split("/")[1] for label in bundles[0].axes["places"] if label.startswith(_CLASSES[0])]
    return {"told": texts(told)} | {
        f"{group}/{name}": np.array([_errors(each, name, [f"{group}/{k}" for k in told]) for each in bundles])
        for group in _CLASSES
        for name in (*_MODELS, *_THEORIES)
    }


def _errors(bundle: Bundle, predictor: str, places: Sequence[str]) -> Floats:
    rows = [bundle.axes["places"].index(place) for place in places]
    if predictor == "least squares":
        return np.asarray(meant(bundle, "least.pred")[rows].mean(1))
    return np.asarray(meant(bundle, "square.pred")[bundle.axes["predictors"].index(predictor), rows].mean(1))


def draw_curves(numbers: Numbers) -> Figure:
    """Functions of either class, on a logarithmic scale."""
    figure, axes = style.panels(4.3, 2)
    told = [int(k) for k in numbers["told"]]
    for group, each in zip(_CLASSES, axes, strict=True):
        for look, (key, name) in zip(style.LOOKS, _MODELS.items(), strict=False):
            style.seed_curve(each, told, numbers[f"{group}/{key}"], look, f"{name}, each seed", width=0.09)
        for number, (key, name) in enumerate(_THEORIES.items()):
            style.theory_line(each, told, numbers[f"{group}/{key}"].mean(0), name, number=number)
        each.set_title(f"On {group} functions")
        each.set(yscale="log", xlabel="examples told", xticks=told, xticklabels=list(numbers["told"]))
    axes[0].set_ylabel("mean squared error")
    style.legend_above(figure, columns=3)
    return figure


def sweep_numbers(models: Models) -> Numbers:
    """Mean squared errors along the sweep, (seeds, counts), and the bound of L3."""
    (bundles,) = models.values()
    found = {
        name: np.array([meant(each, "sweep.pred")[each.axes["answers"].index(name)].mean(1) for each in bundles])
        for name in ("model", "residual", *_SWEPT)
    }
    bound = np.maximum(np.sqrt(found["hull"]) - np.sqrt(found.pop("residual")), 0) ** 2
    return {"counts": texts(bundles[0].axes["counts"]), "bound": bound} | found


def draw_sweep(numbers: Numbers) -> Figure:
    """The whole sweep, and once more without what knows one class only."""
    figure, axes = style.panels(3.7, 2)
    places = range(len(numbers["counts"]))
    shown = (tuple(_SWEPT), ("mixture", "oracle", "hull"))
    titles = ("From sparse to dense", "Without Bayes of one class")
    for each, keys, title in zip(axes, shown, titles, strict=True):
        style.seed_curve(each, places, numbers["model"], style.LOOKS[0], "model, each seed")
        for number, (key, name) in enumerate(_SWEPT.items()):
            if key in keys:
                style.theory_line(each, places, numbers[key].mean(0), name, number=number)
        style.seed_points(each, places, numbers["bound"], style.LOOKS[2], "bound of L3, each seed")
        each.set_title(title)
        style.named(each, numbers["counts"].tolist(), "coefficients that are not 0")
        highest = max(float(numbers["model"].max()), *(float(numbers[key].mean(0).max()) for key in keys))
        each.set(ylabel="mean squared error", ylim=(-0.04 * highest, 1.06 * highest))
    style.legend_above(figure, columns=3)
    return figure


PICTURES = (
    Picture(
        "mixtures-sparse",
        PLOT,
        "Squared error after more and more examples of dense and of sparse linear functions, of models and of theory",
        ("mixtures-sparse",),
        curve_numbers,
        draw_curves,
    ),
    Picture(
        "mixtures-sparse",
        SWEEP,
        "Squared error from sparse to dense linear functions, of the model and of what theory predicts",
        ("mixtures-sparse",),
        sweep_numbers,
        draw_sweep,
    ),
)
"""Its pictures."""
