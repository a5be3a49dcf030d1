"""Learning digits in context: accuracy, and the phases, as the number of tasks grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, texts
from formal.train.plot.picture import PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PARTS = {"seen": "Tasks of the training", "unseen": "Tasks never seen"}
_ENDS = {"first": "first image", "last": "last image"}
_GAIN = 0.1
"""From which on a gain counts, as in the claims."""


def plot_numbers(models: Models) -> Numbers:
    """Accuracy by part and end: (seeds, numbers of tasks)."""
    (bundles,) = models.values()
    shares = {f"{part}.{end}": np.array([_share(b, part, end) for b in bundles]) for part in _PARTS for end in _ENDS}
    return {"tasks": texts(bundles[0].axes["rows"]), **shares}


def _share(bundle: Bundle, part: str, end: str) -> Floats:
    cells = [label.startswith(f"{part}/{end}/") for label in bundle.axes["cells"]]
    right = bundle.arrays["icl.pred"].values == bundle.arrays["digit"].values
    return np.asarray(right[:, cells].mean(1))


def phases(seen: Floats, unseen: Floats) -> list[str]:
    """The phase at each number of tasks, by the mean gains on seen and on unseen tasks; "" where they say none.

    Source: Kirsch et al. 2022: memorisation gains nothing within a sequence, identification on seen tasks only, general
    learning on unseen tasks too.
    """
    return [
        "general learning" if of_unseen >= _GAIN else "identification" if of_seen >= _GAIN else "memorisation"
        for of_seen, of_unseen in zip(seen.mean(0), unseen.mean(0), strict=True)
    ]


def draw_plot(numbers: Numbers) -> Figure:
    """Accuracy at both ends of a sequence, and the gain from one to the other with the phases that it tells."""
    figure, axes = style.mosaic(6.2, (("seen", "unseen"), ("phases", "phases")))
    powers = [f"$2^{{{task.removeprefix('2^')}}}$" for task in numbers["tasks"]]
    for part, title in _PARTS.items():
        for look, (end, name) in zip(style.LOOKS, _ENDS.items(), strict=False):
            style.seed_curve(axes[part], range(len(powers)), numbers[f"{part}.{end}"], look, name)
        axes[part].set_title(title)
        style.named(axes[part], powers, "tasks in training")
        style.shares(axes[part], "share right")
    _draw_phases(axes["phases"], powers, *(numbers[f"{part}.last"] - numbers[f"{part}.first"] for part in _PARTS))
    style.legend_above(figure, columns=5)
    return figure


def _draw_phases(axes: Axes, powers: Sequence[str], seen: Floats, unseen: Floats) -> None:
    """The gains, and bands where they tell a phase."""
    style.seed_curve(axes, range(len(powers)), seen, style.LOOKS[2], "gain on seen tasks")
    style.seed_curve(axes, range(len(powers)), unseen, style.LOOKS[3], "gain on unseen tasks")
    style.bound_line(axes, _GAIN, "gain that counts")
    axes.set_title("Phases: the gain from the first image to the last")
    axes.set(ylabel="last less first image", ylim=(-0.1, 0.72))
    style.named(axes, powers, "tasks in training")
    style.bands(axes, phases(seen, unseen))


PICTURES = (
    Picture(
        "gpicl-digits",
        PLOT,
        "Accuracy at the first and the last image, and the phases that their difference tells, by the number of tasks",
        ("gpicl-digits",),
        plot_numbers,
        draw_plot,
    ),
)
"""Its pictures."""
