"""Images and captions in four conditions of training, with either encoder: what is told, and the profunctors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import is_called, meant
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_CONDITIONS = ("atomic", "words", "both", "category")
_MEASURES = {
    "top.pred.caption": "right among all 16 captions",
    "choice.pred.caption": "right among the 12 shown, or the 4 not shown",
    "detector.pred.unseen": "told whether it was shown",
}
_IMAGES = ("shown", "never")
_CAPTIONS = ("one word\nor none", "both,\nshown", "both,\nnever")
_LEFT = ("ideal", "both")
_NOTE = (
    "Captions: 9 leave the colour\nor the shape open, 12 were\nshown with images, 4 never.\n\n"
    "Images: 3 of each of the 12\ncombinations shown, and of\nthe 4 that never were."
)
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


def heat_numbers(models: Models) -> Numbers:
    """What is true, and the profunctor of each condition for seed 0: captions by images; and the parts of either."""
    firsts = [bundles[0] for bundles in models.values()]
    words = np.array([is_general(caption) for caption in firsts[0].axes["caption"]])
    caption_part = np.where(words, 0, 1 + firsts[0].arrays["caption.part"].values)
    image_part = firsts[0].arrays["image.part"].values
    order = np.ix_(np.argsort(caption_part, kind="stable"), np.argsort(image_part, kind="stable"))
    names = ("ideal", *_CONDITIONS)
    relations = [meant(firsts[0], "relation.ideal"), *(meant(each, "relation") for each in firsts)]
    return {name: relation[order] for name, relation in zip(names, relations, strict=True)} | {
        "caption.part": np.sort(caption_part),
        "image.part": np.sort(image_part),
    }


def is_general(caption: str) -> bool:
    """Whether a caption leaves the colour or the shape open."""
    return caption.startswith("coloured") or caption.endswith("thing")


def draw_heat(numbers: Numbers) -> Figure:
    """The five profunctors, captions and images that were never shown last."""
    figure, axes = style.mosaic(5.4, (("ideal", "atomic", "words"), ("both", "category", "note")))
    for name, each in axes.items():
        if name == "note":
            each.set_axis_off()
            each.annotate(_NOTE, (0.06, 0.95), xycoords="axes fraction", va="top")
            continue
        image = style.heat_map(each, numbers[name])
        each.set_title("What is true" if name == "ideal" else f"{name}, seed 0")
        style.blocks(each, [_IMAGES[part] for part in numbers["image.part"]], along="x")
        style.blocks(each, [_CAPTIONS[part] for part in numbers["caption.part"]], along="y")
        each.set(xlabel="image of a combination", ylabel="caption" if name in _LEFT else "")
        each.tick_params(labelleft=name in _LEFT)
    style.colour_bar(figure, image, list(axes.values()), "degree to which the caption is true")
    return figure


def _pictures(folder: str, title: str) -> tuple[Picture, ...]:
    bundles = tuple(f"{folder}-{condition}" for condition in _CONDITIONS)
    return (
        Picture(folder, PLOT, title, bundles, plot_numbers, draw_plot),
        Picture(
            folder, HEAT_MAP, f"{title}: which captions are true of which images", bundles, heat_numbers, draw_heat
        ),
    )


PICTURES = (
    *_pictures("captions", "Captions of shapes in four conditions of training"),
    *_pictures("factored", "Captions of shapes by images that are encoded in parts"),
)
"""Of ``captions`` and of ``factored``."""
