"""Charts of points and lines as self-contained SVG pictures, the same bytes for the same numbers.

Text follows the colours of the reader's page, light or dark. Series differ by colour and by the shape of their marks,
so that they are told apart in print and by those who see few colours.

Source: W3C, Scalable Vector Graphics 2; Okabe, Ito 2008 (colours that all can tell apart).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from formal.text.escape import html, width

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b07aa1", "#a07800", "#56a5d8")
_TALL, _LEFT, _RIGHT, _HEAD, _FOOT = 210, 58, 22, 34, 62
_LETTER = 6.2
_RADIUS = 3.6
_STYLE = (
    "svg { color-scheme: light dark; background: #ffffff } .paper { fill: #ffffff } "
    'text { font-family: ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; font-size: 11px; fill: #1c2330 } '
    ".name { font-size: 12px; font-weight: 600 } .grid { stroke: #d5dae2 } .axis { stroke: #6b7483 } "
    "@media (prefers-color-scheme: dark) { svg { background: #12161d } .paper { fill: #12161d } "
    "text { fill: #e6e9ef } .grid { stroke: #2b323d } .axis { stroke: #8a93a3 } }"
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """What is shown in one colour.

    Args:
        name: in the legend.
        points: a mark each.
        line: what a line joins, in order.
    """

    name: str
    points: tuple[Point, ...] = ()
    line: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes.

    Args:
        title: above it.
        across, up: the words at its axes.
        ticks, levels: values of x and of y, in order, with what stands there; the axes end at the first and the last
            level, and half a step, ``margin``, beyond the first and the last tick.
        series: in the order of the legend; series of one name have one colour in all panels.
        wide: of the drawing, in pixels.
    """

    title: str
    across: str
    up: str
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]
    margin: float = 0.5
    wide: int = 330


def numbers(*values: float) -> tuple[tuple[float, str], ...]:
    """Ticks that say their values."""
    return tuple((value, f"{value:g}") for value in values)


def words(*texts: str) -> tuple[tuple[float, str], ...]:
    """Ticks at 0, 1, 2 that say something."""
    return tuple((float(place), text) for place, text in enumerate(texts))


def svg_chart(title: str, panels: Sequence[Panel]) -> str:
    """Panels beside each other under one legend; the title is for readers that do not see.

    Raises:
        ValueError: a point lies beyond the axes.
    """
    every = [series for panel in panels for series in panel.series]
    names = list(dict.fromkeys(series.name for series in every))
    marked = frozenset(series.name for series in every if series.points)
    breadth = sum(_LEFT + panel.wide + _RIGHT for panel in panels)
    legend, rows = _legend(names, marked, breadth)
    top = 14 + 20 * rows
    height = top + _HEAD + _TALL + _FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {breadth} {height}" '
        f'width="{breadth}" height="{height}" role="img">',
        f"<title>{html(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{breadth}" height="{height}"/>',
        *legend,
    ]
    left = 0
    for panel in panels:
        parts += _panel(panel, names, left + _LEFT, top + _HEAD)
        left += _LEFT + panel.wide + _RIGHT
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(names: Sequence[str], marked: frozenset[str], breadth: int) -> tuple[list[str], int]:
    """A mark, or a line where there are no marks, and the name of each series; and the rows that they take."""
    parts, x, row = [], 16.0, 1
    for place, name in enumerate(names):
        needed = 32 + _LETTER * width(name)
        if x > 16 and x + needed > breadth:
            x, row = 16.0, row + 1
        y = 20 * row - 4
        sign = _mark(place, x, y) if name in marked else _stroke(place, (x - 8, y), (x + 6, y))
        parts += [sign, f'<text x="{x + 10:.1f}" y="{y + 4}">{html(name)}</text>']
        x += needed
    return parts, row


def _panel(panel: Panel, names: Sequence[str], left: int, top: int) -> list[str]:
    first, last = panel.ticks[0][0] - panel.margin, panel.ticks[-1][0] + panel.margin
    low, high = panel.levels[0][0], panel.levels[-1][0]
    right, bottom = left + panel.wide, top + _TALL

    def place(point: Point) -> Point:
        if not (first <= point[0] <= last and low <= point[1] <= high):
            raise ValueError(f"{panel.title}: {point} lies beyond the axes")
        return (
            left + (point[0] - first) / (last - first) * panel.wide,
            bottom - (point[1] - low) / (high - low) * _TALL,
        )

    parts = [f'<text class="name" x="{left}" y="{top - 14}">{html(panel.title)}</text>']
    for value, text in panel.levels:
        y = place((first, value))[1]
        parts.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{html(text)}</text>')
    parts.append(f'<line class="axis" x1="{left}" y1="{bottom}" x2="{right}" y2="{bottom}"/>')
    for value, text in panel.ticks:
        x = place((value, low))[0]
        parts.append(f'<line class="axis" x1="{x:.1f}" y1="{bottom}" x2="{x:.1f}" y2="{bottom + 4}"/>')
        for row, line in enumerate(text.split("\n")):
            parts.append(f'<text x="{x:.1f}" y="{bottom + 17 + 13 * row}" text-anchor="middle">{html(line)}</text>')
    middle = (left + right) / 2
    parts.append(f'<text x="{middle:.1f}" y="{bottom + 48}" text-anchor="middle">{html(panel.across)}</text>')
    parts.append(
        f'<text transform="translate({left - 40} {(top + bottom) / 2:.1f}) rotate(-90)" '
        f'text-anchor="middle">{html(panel.up)}</text>'
    )
    for series in panel.series:
        index = names.index(series.name)
        parts += [_stroke(index, *ends) for ends in pairwise(map(place, series.line))]
        parts += [_mark(index, *place(point)) for point in series.points]
    return parts


def _colour(index: int) -> str:
    return _COLOURS[index % len(_COLOURS)]


def _stroke(index: int, start: Point, end: Point) -> str:
    return (
        f'<line x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}" '
        f'stroke="{_colour(index)}" stroke-width="1.6" stroke-linecap="round"/>'
    )


def _mark(index: int, x: float, y: float) -> str:
    """A disc, a square, a diamond, a triangle, a ring, a cross."""
    colour, r = _colour(index), _RADIUS
    match index % 6:
        case 0:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}"/>'
        case 1:
            return f'<rect x="{x - r + 0.4:.1f}" y="{y - r + 0.4:.1f}" width="6.4" height="6.4" fill="{colour}"/>'
        case 2:
            shape = f"M{x:.1f} {y - 4.6:.1f}l4.6 4.6l-4.6 4.6l-4.6 -4.6z"
        case 3:
            shape = f"M{x:.1f} {y - 4.2:.1f}l4.4 7.6l-8.8 0z"
        case 4:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="none" stroke="{colour}" stroke-width="1.8"/>'
        case _:
            return (
                f'<path d="M{x - r:.1f} {y - r:.1f}l7.2 7.2m0 -7.2l-7.2 7.2" '
                f'fill="none" stroke="{colour}" stroke-width="1.8"/>'
            )
    return f'<path d="{shape}" fill="{colour}"/>'
