"""The language model of brackets: distances from five tasks, and the relation beside that of the grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, is_called, meant
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TASKS = {
    "after_open_round": "after (",
    "after_two_square": "after [[",
    "mostly_round": ".85 ( + .15 [",
    "half_round_half_square": "½ ( + ½ [",
    "deeper": "a deeper\ngrammar",
}
_WAYS = {"prompt": "best hard prompt", "soft": "soft prompt", "finetune": "fine-tuned"}
_BOUND = 0.05
"""The threshold of the claims."""


def plot_numbers(models: Models) -> Numbers:
    """The gap of each task in the grammar (tasks), and how far each way stays away from it (seeds, tasks)."""
    (bundles,) = models.values()
    ways = {
        way: np.array([[_away(each, task, meant(each, f"{way}.pred.{task}")) for task in _TASKS] for each in bundles])
        for way in _WAYS
    }
    ideal = meant(bundles[0], "relation.ideal")
    return {"gap": np.array([_away(bundles[0], task, ideal) for task in _TASKS]), **ways}


def _away(bundle: Bundle, task: str, rows: Floats) -> float:
    """The least total variation between a task and a row, over complete continuations."""
    complete = is_called(bundle, "split", "complete")
    wanted = meant(bundle, f"task.{task}")[complete]
    return float(np.abs(np.atleast_2d(rows)[:, complete] - wanted).sum(1).min() / 2)


def draw_plot(numbers: Numbers) -> Figure:
    """Distances from five tasks, in theory and by three ways to reach them."""
    figure, (axes,) = style.panels(3.5)
    for place, gap in enumerate(numbers["gap"]):
        style.theory_line(axes, (place - 0.4, place + 0.4), (gap, gap), "gap in the grammar: what a row can reach")
    for way, (key, name) in enumerate(_WAYS.items()):
        places = np.arange(len(_TASKS)) + 0.26 * (way - 1)
        style.seed_points(axes, places, numbers[key], style.LOOKS[way], name, width=0.06)
    style.bound_line(axes, _BOUND, "threshold of the claims")
    axes.set_title("Distance from the task")
    style.named(axes, list(_TASKS.values()), "task: two states, two mixtures, and one outside the hull")
    axes.set(ylabel="total variation", ylim=(-0.02, 0.58))
    style.legend_above(figure, columns=3)
    return figure


PICTURES = (
    Picture(
        "autoregressive-lm",
        PLOT,
        "Distance from five tasks, by prompts and by fine tuning",
        ("autoregressive-lm",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
