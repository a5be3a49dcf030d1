"""Images and captions in four conditions of training, with either encoder: what is told, and the profunctors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import is_called
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CONDITIONS = ("atomic", "words", "both", "category")
_MEASURES = {
    "top.pred.caption": "right among all 16 captions",
    "choice.pred.caption": "right among the 12 shown, or the 4 not shown",
    "detector.pred.unseen": "told whether it was shown",
}
_PARTS = {"seen": "Combinations that were shown", "unseen": "Combinations never shown"}


def plot_numbers(models: Models) -> Numbers:
    """What is right of each part, by measure: (seeds, conditions)."""
    return {
        f"{part}.{key}": np.array([[_share(each, key, part) for each in bundles] for bundles in models.values()]).T
        for part in _PARTS
        for key in _MEASURES
    }


def _share(bundle: Bundle, key: str, part: str) -> float:
    truth = "unseen.label" if key.endswith("unseen") else "label"
    right = bundle.arrays[key].values == bundle.arrays[truth].values
    return float(right[is_called(bundle, "split", part)].mean())


def draw_plot(numbers: Numbers) -> Figure:
    """What is said of images of combinations that were shown, and of those that never were."""
    figure, axes = style.panels(3.5, 2)
    for each, (part, title) in zip(axes, _PARTS.items(), strict=True):
        for shift, (key, name) in enumerate(_MEASURES.items()):
            places = np.arange(len(_CONDITIONS)) + 0.27 * (shift - 1)
            style.seed_points(each, places, numbers[f"{part}.{key}"], style.LOOKS[shift], name, width=0.06)
        each.set_title(title)
        style.named(each, _CONDITIONS, "captions in training")
        style.shares(each, "share of test images")
    style.legend_above(figure)
    return figure


def _pictures(folder: str, title: str) -> tuple[Picture, ...]:
    bundles = tuple(f"{folder}-{condition}" for condition in _CONDITIONS)
    return (Picture(folder, PLOT, title, bundles, plot_numbers, draw_plot),)


PICTURES = (
    *_pictures("captions", "Captions of shapes in four conditions of training"),
    *_pictures("factored", "Captions of shapes by images that are encoded in parts"),
)
"""Of ``captions`` and of ``factored``."""
