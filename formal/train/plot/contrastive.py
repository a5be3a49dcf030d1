"""Contrastive training: clusters, reading by prompts, the defect of the cosine, the kernel; trained and not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, clusters, composition_failure, is_called, meant, texts
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_KINDS = {
    "trained": ("relation", "prompt.pred.nearest_of_k"),
    "random": ("relation.random", "random.prompt.pred.nearest_of_k"),
}
_NAMES = {"trained": "trained", "random": "random weights"}
_CUT = 0.6
"""Where the claims relate images: at nearness 3/5."""


def plot_numbers(models: Models) -> Numbers:
    """By weights: clusters, and whether each is of one digit (seeds, cuts); reading (seeds, prompts); failures."""
    (bundles,) = models.values()
    cuts = np.round(np.arange(4, 21) * 0.05, 2)
    numbers = {"cut": cuts, "prompts": texts(bundles[0].axes["prompts"])}
    for kind, (relation, prediction) in _KINDS.items():
        count, pure = np.zeros((2, len(bundles), len(cuts)), dtype=np.int64)
        for seed, bundle in enumerate(bundles):
            near, digit = meant(bundle, relation), bundle.arrays["label"].values
            for place, cut in enumerate(cuts):
                classes = clusters(near >= cut - 1e-9)
                count[seed, place] = len(np.unique(classes))
                pure[seed, place] = (digit[classes] == digit).all()
        numbers[f"{kind}.clusters"], numbers[f"{kind}.pure"] = count, pure.astype(bool)
        numbers[f"{kind}.reading"] = np.array([_reading(bundle, prediction) for bundle in bundles])
        failures = [composition_failure(meant(bundle, f"{relation}.cosine")) for bundle in bundles]
        numbers[f"{kind}.failure"] = np.array(failures)
    return numbers


def draw_plot(numbers: Numbers) -> Figure:
    """Clusters as nearness is cut, reading by the nearest prompt, and the defect of the cosine."""
    figure, (left, middle, right) = style.panels(3.3, 3, widths=(1.2, 1, 0.8))
    for place, (kind, look) in enumerate(zip(_KINDS, style.LOOKS, strict=False)):
        name, pure = _NAMES[kind], numbers[f"{kind}.pure"]
        count = numbers[f"{kind}.clusters"].astype(float)
        left.plot(numbers["cut"], count.mean(0), color=look.colour, linestyle=look.dashes)
        for seed, row in enumerate(count):
            style.seed_points(left, numbers["cut"][pure[seed]], row[None, pure[seed]], look)
        style.seed_curve(middle, range(len(numbers["prompts"])), numbers[f"{kind}.reading"], look, name)
        style.seed_points(right, [place], numbers[f"{kind}.failure"][:, None], look, width=0.14)
    left.set(title="Clusters of 100 images", xlabel="related from this nearness on", ylabel="clusters")
    left.set(xlim=(0.16, 1.04), ylim=(-3, 103))
    left.annotate("marked where each\nis of one digit", (0.19, 82), color=style.INK)
    middle.set_title("Digit of the nearest prompt")
    style.named(middle, numbers["prompts"].tolist(), "prompts a digit")
    style.shares(middle)
    right.set(title="Failure of the cosine", ylabel="greatest failure", ylim=(-0.02, 0.52))
    style.named(right, ["trained", "random"], "weights")
    style.legend_above(figure)
    return figure


def heat_numbers(models: Models) -> Numbers:
    """The kernel of seed 0, trained and not, its images by digit and by cluster; and the digits in that order."""
    (bundles,) = models.values()
    first = bundles[0]
    digit = first.arrays["label"].values
    order = np.lexsort((clusters(meant(first, "relation") >= _CUT - 1e-9), digit))
    kernels = {kind: meant(first, relation)[np.ix_(order, order)] for kind, (relation, _) in _KINDS.items()}
    return {"digit": digit[order], **kernels}


def draw_heat(numbers: Numbers) -> Figure:
    """The angular kernel of a hundred images, with random weights and trained."""
    figure, axes = style.panels(4.1, 2)
    digits = [str(digit) for digit in numbers["digit"]]
    for each, kind, title in zip(axes, ("random", "trained"), ("Before training", "After training"), strict=True):
        image = style.heat_map(each, numbers[kind])
        each.set_title(title)
        style.blocks(each, digits, along="x")
        style.blocks(each, digits, along="y")
        each.set(xlabel="image, by digit", ylabel="image, by digit", aspect="equal")
    style.colour_bar(figure, image, axes, "exp(−angle)")
    return figure


def _reading(bundle: Bundle, prediction: str) -> Floats:
    """The share of the images to verify on that each number of prompts reads rightly."""
    verify = is_called(bundle, "split", "verify")
    return (bundle.arrays[prediction].values == bundle.arrays["heldout.label"].values)[:, verify].mean(1)


PICTURES = (
    Picture(
        "contrastive",
        PLOT,
        "Clusters, reading by prompts and the defect of the cosine, trained and with random weights",
        ("contrastive",),
        plot_numbers,
        draw_plot,
    ),
    Picture(
        "contrastive",
        HEAT_MAP,
        "The angular kernel of a hundred images by digit, before and after training",
        ("contrastive",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its pictures."""
