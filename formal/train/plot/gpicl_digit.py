"""Learning digits in context: accuracy, and the phases, as the number of tasks grows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from formal.bundle import Bundle
from formal.train.plot import style
from formal.train.plot.measure import Floats, meant, texts
from formal.train.plot.picture import HEAT_MAP, PLOT, Models, Numbers, Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PARTS = {"seen": "Tasks of the training", "unseen": "Tasks never seen"}
_ENDS = {"first": "first image", "last": "last image"}
_LEAST = 0.25
"""At the lower end of the scale of accuracy: below guessing."""
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
    """The phase at each number of tasks, by the gains on seen and on unseen tasks; "between" where seeds disagree.

    Args:
        seen, unseen: of shape (seeds, numbers of tasks).

    Source: Kirsch et al. 2022: memorisation gains nothing within a sequence, identification on seen tasks only, general
    learning on unseen tasks too.
    """
    told = np.where(unseen >= _GAIN, "general learning", np.where(seen >= _GAIN, "identification", "memorisation"))
    return [str(column[0]) if len(set(column.tolist())) == 1 else "between" for column in told.T]


def draw_plot(numbers: Numbers) -> Figure:
    """Accuracy at both ends of a sequence, and the gain from one to the other with the phases that it tells."""
    figure, axes = style.mosaic(6.2, (("seen", "unseen"), ("phases", "phases")))
    powers = _powers(numbers)
    for part, title in _PARTS.items():
        for look, (end, name) in zip(style.LOOKS, _ENDS.items(), strict=False):
            style.seed_curve(axes[part], range(len(powers)), numbers[f"{part}.{end}"], look, name)
        axes[part].set_title(title)
        style.named(axes[part], powers, "tasks in training")
        style.shares(axes[part], "share right")
    _draw_phases(axes["phases"], powers, *(numbers[f"{part}.last"] - numbers[f"{part}.first"] for part in _PARTS))
    style.legend_above(figure, columns=5)
    return figure


def _powers(numbers: Numbers) -> list[str]:
    """The numbers of tasks as they are printed."""
    return [f"$2^{{{task.removeprefix('2^')}}}$" for task in numbers["tasks"]]


def _draw_phases(axes: Axes, powers: Sequence[str], seen: Floats, unseen: Floats) -> None:
    """The gains, and bands where they tell a phase."""
    style.seed_curve(axes, range(len(powers)), seen, style.LOOKS[2], "gain on seen tasks")
    style.seed_curve(axes, range(len(powers)), unseen, style.LOOKS[3], "gain on unseen tasks")
    style.bound_line(axes, _GAIN, "gain that counts")
    axes.set_title("Phases: the gain from the first image to the last")
    axes.set(ylabel="last less first image", ylim=(-0.1, 0.72))
    style.named(axes, powers, "tasks in training")
    style.bands(axes, phases(seen, unseen))


def heat_numbers(models: Models) -> Numbers:
    """The share right at each place, the mean of the seeds: (numbers of tasks, places) for either part."""
    (bundles,) = models.values()
    mean = np.mean([meant(each, "relation") for each in bundles], axis=0)
    columns = bundles[0].axes["columns"]
    parts = {part: mean[:, [label.startswith(f"{part}/") for label in columns]] for part in _PARTS}
    return {"tasks": texts(bundles[0].axes["rows"]), **parts}


def draw_heat(numbers: Numbers) -> Figure:
    """Accuracy by the number of tasks and by the place in a sequence."""
    figure, axes = style.panels(2.9, 2)
    for each, (part, title) in zip(axes, _PARTS.items(), strict=True):
        image = style.heat_map(each, numbers[part], low=_LEAST)
        places = range(0, numbers[part].shape[1], 3)
        each.set_xticks(places, [str(place + 1) for place in places])
        each.set_yticks(range(len(numbers["tasks"])), _powers(numbers))
        each.set(title=title, xlabel="place of the image in its sequence", ylabel="tasks in training")
    style.colour_bar(figure, image, axes, "share right (guessing: .33)")
    return figure


PICTURES = (
    Picture(
        "gpicl-digits",
        PLOT,
        "Accuracy at the first and the last image, and the phases that their difference tells, by the number of tasks",
        ("gpicl-digits",),
        plot_numbers,
        draw_plot,
    ),
    Picture(
        "gpicl-digits",
        HEAT_MAP,
        "Accuracy by the number of tasks in training and by the place in a sequence",
        ("gpicl-digits",),
        heat_numbers,
        draw_heat,
    ),
)
"""Its pictures."""
