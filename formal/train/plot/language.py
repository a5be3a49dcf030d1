"""The relation of a language model beside that of its grammar: histories by Nerode class, continuations by length.

Source: Nerode 1958 (histories are equivalent when all continuations are): in the grammar rows of one class are equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.train.plot import style
from formal.train.plot.measure import meant, texts
from formal.train.plot.picture import HEAT_MAP, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_RELATIONS = {"ideal": "relation.ideal", "model": "relation"}
_PROBABILITIES = (0, 0.001, 0.01, 0.05, 0.2, 0.5, 1)
_DIFFERENCES = (0, 0.001, 0.005, 0.02, 0.04)
_POWER = 0.35
"""Of the scale of probabilities: most are below 1/20."""


def heat_numbers(models: Models) -> Numbers:
    """Both relations of seed 0 in the order drawn, and the class of each row and the length of each column."""
    (bundles,) = models.values()
    first = bundles[0]
    histories, continuations = first.axes["rows"], first.axes["columns"]
    state = first.arrays["state"].values
    shortest = {s: min((h for h, t in zip(histories, state, strict=True) if t == s), key=len) for s in np.unique(state)}
    down = sorted(range(len(histories)), key=lambda h: (state[h], len(histories[h]), histories[h]))
    across = sorted(range(len(continuations)), key=lambda w: (len(continuations[w]), continuations[w]))
    relations = {key: meant(first, name)[np.ix_(down, across)] for key, name in _RELATIONS.items()}
    return relations | {
        "class": texts([shortest[state[h]] for h in down]),
        "length": np.array([len(continuations[w]) for w in across]),
    }


def draw_heat(numbers: Numbers) -> Figure:
    """The grammar, the model, and how far they are apart."""
    figure, axes = style.panels(5.2, 3)
    apart = np.abs(numbers["model"] - numbers["ideal"])
    style.heat_map(axes[0], numbers["ideal"], power=_POWER, colours=32)
    relation = style.heat_map(axes[1], numbers["model"], power=_POWER, colours=32)
    difference = style.heat_map(axes[2], apart, high=_DIFFERENCES[-1], power=0.5, colours=12)
    for each, title in zip(axes, ("Grammar", "Model, seed 0", "Difference"), strict=True):
        each.set(title=title, xlabel="continuation, by tokens")
        style.blocks(each, ["1, 2" if length < 3 else str(length) for length in numbers["length"]], along="x")
        style.blocks(each, [name or "empty" for name in numbers["class"]], along="y")
    for each in axes[1:]:
        each.tick_params(labelleft=False)
    axes[0].set_ylabel("history, by class (open brackets)")
    style.colour_bar(figure, relation, axes[:2], "p(continuation | history)", _PROBABILITIES, below=True)
    style.colour_bar(figure, difference, axes[2:], "absolute difference", _DIFFERENCES, below=True)
    return figure


PICTURES = tuple(
    Picture(
        name,
        HEAT_MAP,
        "Probabilities of continuations after histories, in the grammar and in the model, by Nerode class",
        (name,),
        heat_numbers,
        draw_heat,
    )
    for name in ("autoregressive-lm", "dyck2-lm")
)
"""Of each language model."""
