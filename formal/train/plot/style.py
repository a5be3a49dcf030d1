"""The one look of all pictures, and what they are made of: points of seeds, curves, theory, heat maps.

Pictures are 800 pixels wide, the width of a README. Series differ by colour, by mark and by line, and the colours by
their lightness too, so that they are told apart in print and by those who see few colours. Seeds are points, their
means lines, theory black lines; a matrix is drawn in a scale of colours whose lightness increases evenly.

Source: Tol 2021, Colour schemes ("high contrast"); Nuñez, Anderton, Renslow 2018 (cividis).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from formal.train.plot.measure import Floats

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.image import AxesImage

WIDTH = 800 / 96
"""Of every picture, in inches of 96 pixels."""

IMAGE_DOTS = 192
"""Of matrices, an inch: two for each pixel."""

INK, PALE = "#1c2330", "#8a93a3"
_RULES: Mapping[Any, Any] = MappingProxyType(
    {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": "#4d5563",
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#dfe3e8",
        "grid.linewidth": 0.7,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "legend.handlelength": 2.2,
        "lines.linewidth": 1.4,
        "image.interpolation": "nearest",
        "image.aspect": "auto",
        "figure.constrained_layout.w_pad": 0.06,
        "figure.constrained_layout.wspace": 0.04,
        "svg.fonttype": "path",
        "svg.hashsalt": "formal",
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """How one series looks: a colour, a mark, a dashing of its line, as matplotlib writes them."""

    colour: str
    mark: str
    dashes: str | tuple[int, tuple[int, ...]]
    is_filled: bool = True


LOOKS = (
    Look("#004488", "o", "-"),
    Look("#bb5566", "s", (0, (5, 2))),
    Look("#cc9922", "D", (0, (1, 1))),
    Look("#111111", "^", (0, (4, 1, 1, 1))),
    Look("#6699cc", "o", (0, (8, 2)), is_filled=False),
    Look("#994455", "s", (0, (2, 2)), is_filled=False),
)
"""Of the first, the second, ... series."""


THEORIES = (
    ("#000000", "-"),
    ("#bb5566", (0, (5, 2))),
    ("#997700", (0, (4, 1, 1, 1))),
    ("#5577aa", (0, (1, 1))),
    ("#777777", (0, (9, 2))),
)
"""Colours and dashings of lines of theory."""


@contextmanager
def in_style() -> Iterator[None]:
    """Within it figures have this look, whatever the settings of matplotlib are; they are as before afterwards."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_RULES)
        yield


def panels(
    height: float, columns: int = 1, rows: int = 1, *, widths: Sequence[float] | None = None
) -> tuple[Figure, tuple[Axes, ...]]:
    """A figure, and its axes row by row.

    Args:
        height: in inches of 96 pixels.
        widths: of the columns, in relation to each other; equal when left out.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, tuple(figure.subplots(rows, columns, squeeze=False, width_ratios=widths).ravel())


def mosaic(height: float, places: Sequence[Sequence[str]]) -> tuple[Figure, Mapping[str, Axes]]:
    """A figure, and its axes by name.

    Args:
        height: in inches of 96 pixels.
        places: rows of names; what a name fills is one pair of axes.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return figure, figure.subplot_mosaic([list(row) for row in places])


def spread(places: Any, values: Floats, width: float) -> tuple[Floats, Floats]:
    """Where the points of seeds are drawn, side by side.

    Args:
        places: n numbers.
        values: of shape (seeds, n).
        width: from one seed to the next.
    Returns:
        The places and the values, one a point, place by place.
    """
    seeds = len(values)
    shift = width * (np.arange(seeds) - (seeds - 1) / 2)
    return (np.asarray(places, dtype=float)[:, None] + shift).ravel(), values.T.ravel()


def seed_points(axes: Axes, places: Any, values: Floats, look: Look, label: str = "", *, width: float = 0.08) -> None:
    """A point for each seed; arguments as of ``spread``."""
    x, y = spread(places, values, width)
    _marks(axes, x, y, look, label)


def seed_curve(axes: Axes, places: Any, values: Floats, look: Look, label: str = "", *, width: float = 0.06) -> None:
    """A point for each seed and a line through their means; arguments as of ``spread``."""
    axes.plot(np.asarray(places, dtype=float), values.mean(0), color=look.colour, linestyle=look.dashes, zorder=2)
    x, y = spread(places, values, width)
    _marks(axes, x, y, look, label, look.dashes)


def _marks(axes: Axes, x: Floats, y: Floats, look: Look, label: str, dashes: Any = "none") -> None:
    """Marks; the line stands in the legend only, where one is given."""
    face = look.colour if look.is_filled else "white"
    style: dict[str, Any] = {"marker": look.mark, "markersize": 4.6, "markerfacecolor": face, "color": look.colour}
    axes.plot(x, y, linestyle="none", markeredgecolor=look.colour, markeredgewidth=1.1, zorder=3, **style)
    if label:
        axes.plot([], [], linestyle=dashes, label=label, markeredgecolor=look.colour, **style)


def theory_line(axes: Axes, x: Any, y: Any, label: str = "", *, number: int = 0) -> None:
    """What theory predicts: a line without marks, black, or of the ``number``-th look when there are several."""
    colour, dashes = THEORIES[number]
    axes.plot(x, y, color=colour, linestyle=dashes, linewidth=1.4, label=label or None, zorder=2.5)


def bound_line(axes: Axes, value: float, label: str = "") -> None:
    """A threshold, all across."""
    axes.axhline(value, color="#5a6270", linestyle=(0, (1, 1.6)), linewidth=1.3, label=label or None, zorder=1.5)


def bands(axes: Axes, names: Sequence[str]) -> None:
    """Runs of equal names at 0, 1, 2, ... as bands of light grey, darker from one to the next, each with its name."""
    runs = _runs(names)
    _, top = axes.get_ylim()
    for number, (start, end) in enumerate(runs):
        axes.axvspan(start - 0.5, end - 0.5, color="black", alpha=0.02 + 0.05 * number, linewidth=0, zorder=0)
        axes.annotate(
            names[start], ((start + end - 1) / 2, top), (0, -4), textcoords="offset points", ha="center", va="top"
        )


def legend_above(figure: Figure, *axes: Axes, columns: int = 4) -> None:
    """One legend for all axes, above them; labels that occur twice stand once."""
    found: dict[str, Artist] = {}
    for each in axes or figure.axes:
        for handle, label in zip(*each.get_legend_handles_labels(), strict=True):
            found.setdefault(str(label), handle)
    figure.legend(list(found.values()), list(found), loc="outside upper left", ncols=min(columns, len(found)))


def shares(axes: Axes, label: str = "share of images") -> None:
    """Shares upwards, from 0 to 1, with room for marks at either end."""
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    axes.set_ylabel(label)


def named(axes: Axes, names: Sequence[str], label: str, *, margin: float = 0.5) -> None:
    """Names at 0, 1, 2, ... along the lower axis."""
    axes.set_xticks(range(len(names)), list(names))
    axes.set_xlim(-margin, len(names) - 1 + margin)
    axes.set_xlabel(label)


def heat_map(
    axes: Axes, values: NDArray[Any], *, low: float = 0, high: float = 1, power: float = 1, colours: int = 64
) -> AxesImage:
    """A matrix as an image, its first row above.

    Args:
        low, high: the ends of the scale.
        power: colours go with this power of the numbers: below 1 small ones are told apart better.
        colours: in the scale; 64 are as many as are told apart, and make small files.
    Raises:
        ValueError: a number lies beyond the scale.
    """
    from matplotlib import colormaps
    from matplotlib.colors import PowerNorm

    slack = 1e-6 * (high - low)
    if not ((values >= low - slack) & (values <= high + slack)).all():
        raise ValueError("a number lies beyond the scale of colours")
    axes.grid(visible=False)
    axes.spines[:].set_visible(True)
    scale = colormaps["cividis"].resampled(colours)
    return axes.imshow(np.clip(values, low, high), norm=PowerNorm(power, low, high), cmap=scale)


def colour_bar(
    figure: Figure,
    image: AxesImage,
    axes: Sequence[Axes],
    label: str,
    ticks: Sequence[float] = (),
    names: Sequence[str] = (),
    *,
    below: bool = False,
) -> None:
    """The scale of colours of heat maps, at their right or below; ticks, where given, say their values or names."""
    place = "bottom" if below else "right"
    slim = 24 * len(axes) if below else 28
    bar = figure.colorbar(image, ax=list(axes), label=label, location=place, pad=0.015, aspect=slim, fraction=0.05)
    if bar.solids is not None:
        bar.solids.set_rasterized(True)
    bar.outline.set_linewidth(0.6)
    if ticks:
        bar.set_ticks(list(ticks), labels=list(names) or [f"{tick:g}" for tick in ticks])


def blocks(axes: Axes, names: Sequence[str], *, along: str, colour: str = "white", width: float = 0.9) -> None:
    """Bounds between runs of equal names, and each name in the middle of its run.

    Args:
        names: one a row or column, in the order drawn.
        along: ``x`` or ``y``.
    """
    runs = _runs(names)
    rule = axes.axvline if along == "x" else axes.axhline
    for start, _ in runs[1:]:
        rule(start - 0.5, color=colour, linewidth=width)
    middles = [(start + end - 1) / 2 for start, end in runs]
    (axes.set_xticks if along == "x" else axes.set_yticks)(middles, [names[start] for start, _ in runs])
    axes.tick_params(axis="x" if along == "x" else "y", length=0)


def _runs(names: Sequence[str]) -> list[tuple[int, int]]:
    """Where runs of equal names start and end."""
    starts = [i for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    return list(zip(starts, [*starts[1:], len(names)], strict=True))


def refuse_hidden(figure: Figure) -> None:
    """Every point of every line lies within its axes.

    Raises:
        ValueError: one does not, or is no number.
    """
    for axes in figure.axes:
        (left, right), (bottom, top) = sorted(axes.get_xlim()), sorted(axes.get_ylim())
        for line in axes.lines:
            if line.get_transform() == axes.transData:
                x, y = (np.asarray(each, dtype=float) for each in line.get_data())
                if not ((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).all():
                    raise ValueError(f"{axes.get_title(loc='left')}: a point lies beyond the axes")
