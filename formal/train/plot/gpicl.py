"""Learning in context, the finite core: the order parameter as the number of seen functions grows, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import meant
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MEASURES = {
    "agrees": "agrees with the context",
    "retracts": "is a function seen",
    "confidence": "confidence where the context is open",
}


def plot_numbers(models: Models) -> Numbers:
    """Means over the contexts that no seen function extends: (seeds, numbers of seen functions)."""
    (bundles,) = models.values()
    seen = np.array([int(label.removeprefix("k")) for label in bundles[0].axes["seen"]])
    return {"seen": seen} | {key: np.array([_off_support(each, key, seen) for each in bundles]) for key in _MEASURES}


def _off_support(bundle: Bundle, key: str, seen: NDArray[np.int64]) -> list[float]:
    """The mean of a measure for each number of functions seen."""
    off, is_open = _contexts(bundle.axes["rows"], seen)
    where = off & is_open if key == "confidence" else off
    return [float(row[each].mean()) for row, each in zip(meant(bundle, f"{key}.pred"), where, strict=True)]


def _contexts(labels: tuple[str, ...], seen: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where none of the functions seen extends a context (seen, contexts), and where a context leaves points open.

    Labels are ``first/size/values``: the first function that extends it, or ``none``.
    """
    parts = [label.split("/") for label in labels]
    first = np.array([np.inf if part[0] == "none" else int(part[0]) for part in parts])
    return first > seen[:, None], np.array(["." in part[2] for part in parts])


def draw_plot(numbers: Numbers) -> Figure:
    """The order parameter: off support, does the answer keep to the context, or to the functions seen?"""
    figure, (axes,) = style.panels(3.5)
    for look, (key, name) in zip(style.LOOKS, _MEASURES.items(), strict=False):
        style.seed_curve(axes, range(len(numbers["seen"])), numbers[key], look, name)
    axes.set_title("Contexts that no seen function extends")
    style.named(axes, [f"{seen}" for seen in numbers["seen"]], "functions seen, of 256")
    style.shares(axes, "share of contexts; mean confidence")
    style.legend_above(figure)
    return figure


def heat_numbers(models: Models) -> Numbers:
    """Of seed 0, for the 256 contexts that tell all eight values: these, and the answers; points by functions."""
    (bundles,) = models.values()
    first = bundles[0]
    whole = [row for row, label in enumerate(first.axes["rows"]) if "." not in label.split("/")[2]]
    told = np.array([[int(value) for value in first.axes["rows"][row].split("/")[2]] for row in whole])
    few, many = (meant(first, key)[whole] for key in ("relation.k4", "relation"))
    seen = np.array([first.axes["rows"][row].startswith("4/") for row in whole])
    order = np.lexsort((*told.T[::-1], *(few > 0.5).T[::-1]))
    return {"told": told[order].T, "few": few[order].T, "many": many[order].T, "seen": np.flatnonzero(seen[order])}


def draw_heat(numbers: Numbers) -> Figure:
    """What contexts say, and what learners of 4 and of 208 functions answer."""
    figure, axes = style.panels(4.6, 1, 3)
    titles = {
        "told": "What the context says",
        "few": "Answers after 4 functions",
        "many": "Answers after 208 functions",
    }
    for each, (key, title) in zip(axes, titles.items(), strict=True):
        image = style.heat_map(each, numbers[key])
        each.set(title=title, ylabel="point", yticks=range(8), yticklabels=[f"{point}" for point in range(8)])
        each.set_xticks(numbers["seen"], ["seen"] * len(numbers["seen"]))
    axes[-1].set_xlabel("256 functions, all eight values told; those of one answer after 4 functions stand together")
    style.colour_bar(figure, image, axes, "probability of the value 1")
    return figure


PICTURES = (
    Picture(
        "gpicl",
        PLOT,
        "Answers in contexts that no seen function extends, as the number of seen functions grows",
        ("gpicl",),
        plot_numbers,
        draw_plot,
    ),
    Picture(
        "gpicl",
        HEAT_MAP,
        "Answers to contexts that tell a whole function, after 4 and after 208 functions seen",
        ("gpicl",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its pictures."""
