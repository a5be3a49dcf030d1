"""Rotation prediction: coverage by k prompts, what heads and networks tell, and both relations as matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import meant, share_right
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BUNDLES = ("rotation-torsor", "rotation-head")
_MOST = 50
"""Prompts a digit, in the curve of coverage: more than any digit has images."""
_TURNS = ("0°", "90°", "180°", "270°")
_READ_OUTS = ("prompt", "probe", "finetune", "scratch")


def plot_numbers(models: Models) -> Numbers:
    """Coverage (k) and what k prompts read (seeds, k tried); what is told rightly (seeds, ways); the greatest class."""
    torsors, heads = models.values()
    sizes = np.bincount(torsors[0].arrays["heldout.label"].values)
    told = {
        "orientation": [share_right(each, "head.pred.orientation", "heldout.orientation") for each in heads],
        "best": [share_right(each, "prompt.pred.orientation", "heldout.orientation").max() for each in heads],
    } | {way: [share_right(each, f"{way}.pred.digit", "heldout.label") for each in heads] for way in _READ_OUTS}
    return {
        "coverage": np.array([np.minimum(k, sizes).sum() / sizes.sum() for k in range(_MOST + 1)]),
        "prompts": np.array([int(k) for k in torsors[0].axes["prompts"]]),
        "read": np.array([share_right(each, "prompt.pred.digit_of_k", "heldout.label") for each in torsors]),
        "told": np.array(list(told.values())).T,
        "majority": np.array(sizes.max() / sizes.sum()),
    }


def draw_plot(numbers: Numbers) -> Figure:
    """Left: images read by k prompts a digit. Right: what heads and networks tell."""
    figure, (left, right) = style.panels(3.6, 2)
    look = style.LOOKS[0]
    style.theory_line(left, range(_MOST + 1), numbers["coverage"], "predicted: orbits covered")
    style.seed_points(left, numbers["prompts"], numbers["read"], look, "measured, each seed", width=0.7)
    left.set(title="Torsor: digits read by k prompts each", xlabel="k, prompts a digit", xlim=(-1.5, _MOST + 1))
    style.shares(left, "share of held-out images")
    style.seed_points(right, range(6), numbers["told"], look, width=0.12)
    style.theory_line(right, (1.6, 5.4), (numbers["majority"],) * 2, "most frequent digit", number=1)
    right.axvline(1.5, color=style.PALE, linewidth=0.8)
    for x, text in ((0.5, "orientation"), (3.5, "digit")):
        right.annotate(text, (x, 1.045), ha="center", va="bottom", annotation_clip=False)
    right.set_title("BZ/4: what is told rightly", pad=20)
    names = ("head", "best\nprompt", "best\nread-out", "linear\nprobe", "fine-\ntuned", "from\nscratch")
    style.named(right, names, "told by")
    style.shares(right, "share of held-out images")
    style.legend_above(figure)
    return figure


def heat_numbers(models: Models) -> Numbers:
    """Of seed 0: nearness at the best turn and what is related, by digit; the turns told, by orientation."""
    torsor, head = (bundles[0] for bundles in models.values())
    digit, orientation = torsor.arrays["label"].values, head.arrays["orientation"].values
    by_digit = np.argsort(digit, kind="stable")
    near = meant(torsor, "relation").max(-1)[np.ix_(by_digit, by_digit)]
    assert torsor.threshold is not None
    related = np.argwhere((near >= float(torsor.threshold)) & ~np.eye(len(near), dtype=bool))
    told = meant(head, "relation").argmax(-1)
    by_turn = np.lexsort((told[0], orientation))
    return {
        "near": near,
        "digit": digit[by_digit],
        "lookalikes": related,
        "turn": told[np.ix_(by_turn, by_turn)],
        "orientation": orientation[by_turn],
    }


def draw_heat(numbers: Numbers) -> Figure:
    """Left: no two images are related. Right: all are, by one turn each."""
    figure, (left, right) = style.panels(4.9, 2)
    near = style.heat_map(left, numbers["near"])
    row, column = numbers["lookalikes"].T
    left.plot(column, row, "o", color="white", fillstyle="none", markersize=6, markeredgewidth=1.1)
    digits = [str(digit) for digit in numbers["digit"]]
    turn = style.heat_map(right, numbers["turn"], low=-0.5, high=3.5, colours=4)
    turns = [_TURNS[each] for each in numbers["orientation"]]
    for each, names, label in ((left, digits, "image, by digit"), (right, turns, "image, by orientation")):
        style.blocks(each, names, along="x")
        style.blocks(each, names, along="y")
        each.set(xlabel=label, ylabel=label, aspect="equal")
    left.set_title("Torsor: nearness at the best turn")
    right.set_title("BZ/4: the turn between two images")
    style.colour_bar(figure, near, (left,), "cosine; rings: related, at .96 or more", below=True)
    style.colour_bar(
        figure, turn, (right,), "turn of the column's image that gives the row's", range(4), _TURNS, below=True
    )
    return figure


PICTURES = (
    Picture(
        "rotation",
        PLOT,
        "Coverage by k prompts a digit, and accuracies in the reading BZ/4",
        _BUNDLES,
        plot_numbers,
        draw_plot,
    ),
    Picture(
        "rotation",
        HEAT_MAP,
        "Which images are related, and by which turn, in both readings of rotation",
        _BUNDLES,
        heat_numbers,
        draw_heat,
    ),
)
"""Its pictures."""
