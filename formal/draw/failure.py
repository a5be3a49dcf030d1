"""The diagram of a failed equation: two parallel paths that differ, as plain text.

Two paths of two arrows each are drawn as a square, others one above the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.text.escape import visible


@dataclass(frozen=True, slots=True)
class Route:
    """A path to be drawn: the object it starts from, and (arrow, object it ends in) for each step."""

    start: str
    steps: tuple[tuple[str, str], ...]


def draw_failure(left: Route, right: Route, *, width: int = 80) -> str:
    """Two parallel paths that differ.

    Args:
        width: the number of columns; a drawing that needs more is left out.
    Returns:
        Lines without trailing blanks, joined by newlines; empty when there is no room.
    """
    left, right = _visible(left), _visible(right)
    square = _square(left, right) if len(left.steps) == len(right.steps) == 2 else []
    lines = square if square and max(map(len, square)) <= width else _rows(left, right)
    return "\n".join(lines) if lines and max(map(len, lines)) <= width else ""


def _visible(route: Route) -> Route:
    return Route(visible(route.start), tuple((visible(arrow), visible(end)) for arrow, end in route.steps))


def _rows(left: Route, right: Route) -> list[str]:
    """One path above the other, stretched to one length."""
    needed = max(_length(left), _length(right))
    return [_row(left, needed), "≠", _row(right, needed)]


def _length(route: Route) -> int:
    return len(route.start) + sum(len(arrow) + len(end) + 8 for arrow, end in route.steps)


def _row(route: Route, length: int) -> str:
    if not route.steps:
        return f"{route.start} (identity)"
    spare = length - _length(route)
    text = route.start
    for index, (arrow, end) in enumerate(route.steps):
        extra = spare // len(route.steps) + (1 if index < spare % len(route.steps) else 0)
        left, right = extra // 2, extra - extra // 2
        text += f" {'─' * (2 + left)} {arrow} {'─' * (1 + right)}▶ {end}"
    return text


def _square(left: Route, right: Route) -> list[str]:
    """The first path over the top and down, the second down and along the bottom."""
    (top, corner), (down, end) = left.steps
    (side, low), (bottom, _) = right.steps
    across = max(len(top), len(bottom)) + 6
    west = max(len(route) for route in (left.start, low))
    east = max(len(corner), len(end))

    def along(start: str, arrow: str, stop: str) -> str:
        line = f" {arrow} ".center(across - 1, "─")
        return f"{start.center(west)} {line}▶ {stop.center(east)}".rstrip()

    column = west // 2
    far = west + 2 + across + east // 2

    def beside(near: str, distant: str) -> str:
        gap = far - column - len(near)
        return f"{' ' * column}{near}{' ' * max(gap, 1)}{distant}".rstrip()

    middle = beside(f"│ {side}", f"│ {down}") if side or down else beside("│", "│")
    half = (column + far) // 2
    blank = beside("│", "│")
    marked = f"{blank[:half]}≠{blank[half + 1 :]}" if len(blank) > half else blank
    return [along(left.start, top, corner), marked, middle, beside("▼", "▼"), along(low, bottom, end)]
