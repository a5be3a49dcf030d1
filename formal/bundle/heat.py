"""Heat maps of matrices: as text for a terminal, and as a self-contained SVG picture.

A matrix larger than the picture is shown by the means of blocks of its entries. What is shown is scaled from its least
to its greatest value, which the caption names.

Source: W3C, Scalable Vector Graphics 2; Portable Network Graphics (third edition); Smith, van der Walt 2015 for the
colours (viridis).
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from formal.text.escape import clip, html, terminal, width

Floats = NDArray[np.float64]

_SHADES = " ░▒▓█"
_ASCII = " .:-=+*#%@"
_MOST_PIXELS = 512
_MOST_LABELS = 32
_LABEL = 14
_VIRIDIS = ("440154", "482878", "3e4a89", "31688e", "26828e", "1f9e89", "35b779", "6ece58", "b5de2b", "fde725")


def shrunk(values: Floats, rows: int, columns: int) -> Floats:
    """A matrix of at most so many rows and columns: means of blocks of about equal size.

    Infinite entries count as the greatest finite one.
    """
    finite = np.isfinite(values)
    greatest = float(values[finite].max()) if finite.any() else 0.0
    found = np.where(finite, values, greatest)
    for axis, most in enumerate((rows, columns)):
        if found.shape[axis] > most:
            starts = np.linspace(0, found.shape[axis], most + 1).astype(int)
            sums = np.add.reduceat(found, starts[:-1], axis=axis)
            sizes = np.diff(starts)
            found = sums / (sizes[:, None] if axis == 0 else sizes[None, :])
    return np.asarray(found)


def range_of(values: Floats) -> tuple[float, float]:
    """The least and the greatest finite entry; 0 and 0 when there is none."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def _levels(values: Floats, low: float, high: float, count: int) -> NDArray[np.intp]:
    """Each value as a number from 0 to count - 1."""
    share = (values - low) / (high - low) if high > low else np.full(values.shape, 0.5)
    return np.clip((share * count).astype(np.intp), 0, count - 1)


# --- text -----------------------------------------------------------------------------------------


def text_heat(
    values: Floats, rows: Sequence[str], columns: Sequence[str], *, wide: int = 80, tall: int = 32, unicode: bool = True
) -> list[str]:
    """Lines of a heat map, none wider than ``wide`` cells.

    Args:
        values: shape (rows, columns).
        rows, columns: labels; those of rows stand at the left where each row has a line.
        unicode: whether shades may be used; else ASCII.
    """
    if not values.size:
        return ["(no entries)"]
    shades = _SHADES if unicode else _ASCII
    labelled = len(rows) <= tall
    names = [clip(terminal(row), _LABEL) for row in rows] if labelled else []
    margin = max(map(width, names), default=0) + 1 if labelled else 0
    room = wide - margin - 2
    doubled = 2 * len(columns) <= room
    small = shrunk(values, tall, room // 2 if doubled else room)
    low, high = range_of(small)
    lines = []
    for i, line in enumerate(_levels(small, low, high, len(shades))):
        name = f"{names[i]}{' ' * (margin - width(names[i]))}" if labelled else ""
        lines.append(f"{name}|{''.join(shades[level] * (2 if doubled else 1) for level in line)}|")
    scale = "".join(shades)
    means = "" if small.shape == values.shape else ", means of blocks"
    lines.append(f"{' ' * margin} {low:.4g} `{scale}` {high:.4g}{means}")
    return lines


# --- picture --------------------------------------------------------------------------------------


def svg_heat(values: Floats, rows: Sequence[str], columns: Sequence[str], *, title: str) -> str:
    """A heat map as SVG: one pixel an entry, means of blocks beyond 512; labels where there are at most 32."""
    small = shrunk(values, _MOST_PIXELS, _MOST_PIXELS) if values.size else np.zeros((1, 1))
    low, high = range_of(small)
    height, breadth = small.shape
    side = max(height, breadth)
    cell = max(1, min(24, 560 // side)) if side < 560 else 1
    names_left = [html(clip(row, 24)) for row in rows] if len(rows) <= _MOST_LABELS else []
    names_top = [html(clip(column, 24)) for column in columns] if len(columns) <= _MOST_LABELS else []
    left = 24 + max((7 * width(name) for name in names_left), default=0)
    top = 52 + max((6 * width(name) for name in names_top), default=0)
    enlarged = small.repeat(cell, axis=0).repeat(cell, axis=1)  # by us: not every viewer keeps pixels sharp
    picture = base64.b64encode(_png(enlarged, low, high)).decode()
    legend = base64.b64encode(_png(np.linspace(0, 1, 64)[None], 0, 1)).decode()
    total = (max(left + breadth * cell, 360) + 24, top + height * cell + 64)
    size = max(7, min(11, cell - 1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total[0]} {total[1]}" '
        f'width="{total[0]}" height="{total[1]}" role="img">',
        f"<title>{html(title)}</title>",
        "<style>svg { color-scheme: light dark; background: #ffffff } .paper { fill: #ffffff } "
        'text { font-family: ui-sans-serif, system-ui, "DejaVu Sans", sans-serif; fill: #1c2330 } '
        "@media (prefers-color-scheme: dark) { svg { background: #12161d } .paper { fill: #12161d } "
        "text { fill: #e6e9ef } }</style>",
        f'<rect class="paper" width="{total[0]}" height="{total[1]}"/>',
        f'<text x="24" y="28" font-size="14" font-weight="600">{html(clip(title, 90))}</text>',
        _image(picture, left, top, breadth * cell, height * cell),
    ]
    for i, name in enumerate(names_left):
        y = top + i * cell + cell / 2 + size / 3
        parts.append(f'<text x="{left - 6}" y="{y:.1f}" font-size="{size}" text-anchor="end">{name}</text>')
    for j, name in enumerate(names_top):
        x = left + j * cell + cell / 2 + size / 3
        parts.append(f'<text transform="translate({x:.1f} {top - 6}) rotate(-90)" font-size="{size}">{name}</text>')
    below = top + height * cell + 28
    shown = f"{len(rows)} rows, {len(columns)} columns"
    if (height, breadth) != values.shape and values.size:
        shown += f", means of blocks: {height} by {breadth}"
    parts += [
        f'<text x="{left}" y="{below}" font-size="11">{shown}</text>',
        f'<text x="{left}" y="{below + 20}" font-size="11">{low:.4g}</text>',
        _image(legend, left + 60, below + 10, 128, 12),
        f'<text x="{left + 196}" y="{below + 20}" font-size="11">{high:.4g}</text>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _image(data: str, x: float, y: float, breadth: float, height: float) -> str:
    return (
        f'<image x="{x}" y="{y}" width="{breadth}" height="{height}" preserveAspectRatio="none" '
        f'style="image-rendering: pixelated" href="data:image/png;base64,{data}"/>'
    )


def _png(values: Floats, low: float, high: float) -> bytes:
    """The picture of a matrix, one pixel an entry, in 256 colours."""
    ramp = np.array([[int(colour[k : k + 2], 16) for k in (0, 2, 4)] for colour in _VIRIDIS], dtype=np.float64)
    places = np.linspace(0, len(ramp) - 1, 256)
    palette = np.stack([np.interp(places, range(len(ramp)), ramp[:, k]) for k in range(3)], axis=1)
    pixels = _levels(values, low, high, 256).astype(np.uint8)
    lines = np.concatenate([np.zeros((len(pixels), 1), dtype=np.uint8), pixels], axis=1)
    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 3, 0, 0, 0)
    chunks = [
        (b"IHDR", header),
        (b"PLTE", np.round(palette).astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )
