"""Glyphs: small pictures of strokes, drawn by a program, as many classes and copies as are asked for.

A class is some strokes, each a quadratic curve through random points. A copy moves these points a little and the whole
by up to a pixel, and is rendered by the distance of pixels to the strokes.

Source: Lake, Salakhutdinov, Tenenbaum 2015 (characters as programs of strokes); Foley et al. 1990 (Bézier curves).
"""

from __future__ import annotations

import torch
from torch import Tensor

from formal.train.digit import digits
from formal.train.projected import Pictures, pictures

SIDE = 8
STROKES = 3
COPIES = 160
"""Of each class: some to train on, the rest held out."""
TRAINING = 120
_POINTS = 8
"""Of a stroke, to which distances are measured."""
_WIDTH = 0.7
"""Of a stroke, in pixels: where the ink is down to 1/e."""
_CHUNK = 4096


def shown(number: int, labels: int, generator: torch.Generator) -> tuple[Pictures, Pictures]:
    """Pictures to train on and pictures held out: so many glyphs, or, where that is 0, one digit for each label."""
    if number:
        return glyphs(number, generator)
    training, held_out = digits()
    return pictures(training, range(labels)), pictures(held_out, range(labels))


def words(number: int, labels: int) -> str:
    """What is shown, for a manifest."""
    return f"{number} drawn glyphs" if number else f"scikit-learn digits 0 to {labels - 1}"


def glyphs(classes: int, generator: torch.Generator) -> tuple[Pictures, Pictures]:
    """Random glyphs, those to train on and those held out: the same classes."""
    drawn = copies(prototypes(classes, generator), COPIES, generator)
    return Pictures(drawn[:, :TRAINING]), Pictures(drawn[:, TRAINING:])


def prototypes(classes: int, generator: torch.Generator) -> Tensor:
    """Ends and middles of strokes, in pixels from the corner: shape (classes, strokes, 3, 2)."""
    return 1 + (SIDE - 3) * torch.rand(classes, STROKES, 3, 2, generator=generator)


def copies(known: Tensor, number: int, generator: torch.Generator) -> Tensor:
    """As many copies of each class, centred pixels from -1 to 1: shape (classes, number, SIDE^2)."""
    classes = len(known)
    points = known[:, None] + 0.35 * torch.randn(classes, number, *known.shape[1:], generator=generator)
    points = points + (2 * torch.rand(classes, number, 1, 1, 2, generator=generator) - 1)
    flat = points.flatten(0, 1)
    return torch.cat([_rendered(part) for part in torch.split(flat, _CHUNK)]).view(classes, number, -1)


def _rendered(points: Tensor) -> Tensor:
    """Pictures of strokes, shape (n, SIDE^2), from their points, shape (n, strokes, 3, 2)."""
    t = torch.linspace(0, 1, _POINTS)[:, None]
    curve = (
        points[:, :, None, 0] * (1 - t) ** 2 + points[:, :, None, 1] * 2 * t * (1 - t) + points[:, :, None, 2] * t**2
    )
    pixels = torch.cartesian_prod(torch.arange(SIDE), torch.arange(SIDE)).float()
    distance = torch.cdist(curve.flatten(1, 2), pixels.expand(len(points), -1, -1)).amin(1)
    return 2 * torch.exp(-((distance / _WIDTH) ** 2)) - 1
