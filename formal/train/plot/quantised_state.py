"""Learners in context with a state of bits: how far from Bayes, and how many rows, beside their bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, meant
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def plot_numbers(models: Models) -> Numbers:
    """Greatest and mean errors to Bayes, and counts of rows: (seeds, bits); how many rows Bayes and functions have."""
    (bundles,) = models.values()
    first = bundles[0]
    bits = [int(label.removeprefix("b")) for label in first.axes["bits"]]
    ideal = meant(first, "relation.ideal")
    return {
        "bits": np.array(bits),
        "contexts": np.array(_rows(ideal)),
        "functions": np.array(2 ** ideal.shape[1]),
        "greatest": np.array([[_errors(each, b).max() for b in bits] for each in bundles]),
        "mean": np.array([[_errors(each, b).mean() for b in bits] for each in bundles]),
        "rows": np.array([[_rows(meant(each, f"relation.b{b}")) for b in bits] for each in bundles]),
    }


def _errors(bundle: Bundle, bits: int) -> Floats:
    return np.abs(meant(bundle, f"relation.b{bits}") - meant(bundle, "relation.ideal"))


def _rows(values: Floats) -> int:
    return len(np.unique(values, axis=0))


def bound(states: int, functions: int, contexts: int) -> float:
    """The least distance to Bayes of so many rows: 1/2 where they are fewer than functions, 1/4 than contexts."""
    if states < functions:
        return 0.5
    return 0.25 if states < contexts else 0.0


def draw_plot(numbers: Numbers) -> Figure:
    """Distances to Bayes and different rows by the bits of state."""
    figure, (errors, rows) = style.panels(3.6, 2)
    bits, functions, contexts = numbers["bits"], int(numbers["functions"]), int(numbers["contexts"])
    states = [2 ** int(b) for b in bits]
    for look, (key, name) in zip(style.LOOKS, (("greatest", "greatest error"), ("mean", "mean error")), strict=False):
        style.seed_curve(errors, range(len(bits)), numbers[key], look, name)
    least = [bound(each, functions, contexts) for each in states]
    style.theory_line(errors, range(len(bits)), least, "least greatest error possible")
    errors.set(title="Distance to Bayes", ylabel="difference of probabilities", ylim=(-0.02, 0.56))
    style.seed_curve(rows, range(len(bits)), numbers["rows"], style.LOOKS[2], "different rows")
    style.theory_line(rows, range(len(bits)), states, "states, the most rows", number=1)
    style.bound_line(rows, contexts, f"{contexts} contexts")
    rows.set_yscale("log", base=2)
    rows.set_yticks(states, [f"{s}" for s in states])
    rows.set(title="Rows", ylabel="number")
    for each in (errors, rows):
        style.named(each, [f"{b}" for b in bits], "bits of state")
    style.legend_above(figure, columns=3)
    return figure


PICTURES = (
    Picture(
        "quantised-state",
        PLOT,
        "Distance to Bayes, and different rows, by the bits of state, beside their bounds",
        ("quantised-state",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its picture."""
