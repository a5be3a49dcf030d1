"""Small coloured shapes with captions: 6 by 6 pixels, four shapes, four colours, and what may be said of them.

A caption says a colour, a shape, both, or neither; it entails all that say less. Four combinations, one of each colour
and of each shape, are held out: no image of them is ever shown in training.

Source: Lake, Baroni 2018 for held-out combinations; Spivak 2014 for orders as categories.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

SIDE = 6
COLOURS = ("red", "green", "blue", "yellow")
SHAPES = ("disc", "ring", "cross", "bars")
HELD_OUT = (("red", "cross"), ("green", "disc"), ("blue", "bars"), ("yellow", "ring"))
ANY = ("coloured", "thing")
_RGB = {"red": (1.0, 0.0, 0.0), "green": (0.0, 1.0, 0.0), "blue": (0.0, 0.0, 1.0), "yellow": (1.0, 1.0, 0.0)}
_PIXELS = {
    "disc": (".##.", "####", "####", ".##."),
    "ring": ("####", "#..#", "#..#", "####"),
    "cross": ("#..#", ".##.", ".##.", "#..#"),
    "bars": ("#.#.", "#.#.", "#.#.", "#.#."),
}


@dataclass(frozen=True, slots=True)
class Caption:
    """What may be said of an image: a colour, a shape; nothing of either where it is None.

    >>> str(Caption("red", "disc")), str(Caption("red", None)), str(Caption(None, "disc")), str(Caption(None, None))
    ('red disc', 'red thing', 'coloured disc', 'coloured thing')
    """

    colour: str | None
    shape: str | None

    def __str__(self) -> str:
        """The two words."""
        return f"{self.colour or ANY[0]} {self.shape or ANY[1]}"

    def says(self, less: Caption) -> bool:
        """Whether this caption entails another one."""
        return less.colour in (None, self.colour) and less.shape in (None, self.shape)

    @property
    def is_full(self) -> bool:
        """Whether it says both."""
        return self.colour is not None and self.shape is not None

    @property
    def is_held_out(self) -> bool:
        """Whether no image of it is shown."""
        return (self.colour, self.shape) in HELD_OUT


FULL = tuple(Caption(*pair) for pair in product(COLOURS, SHAPES))
CAPTIONS = (
    Caption(None, None),
    *(Caption(colour, None) for colour in COLOURS),
    *(Caption(None, shape) for shape in SHAPES),
    *FULL,
)
"""All 25, those that say both last."""


def entailment() -> NDArray[np.uint8]:
    """Shape (captions, captions): 1 where the row is entailed by the column."""
    return np.array([[more.says(less) for more in CAPTIONS] for less in CAPTIONS], dtype=np.uint8)


def words() -> Tensor:
    """The numbers of the two words of each caption, shape (captions, 2), among colours, shapes and the two general."""
    vocabulary = (*COLOURS, *SHAPES, *ANY)
    return torch.tensor([[vocabulary.index(word) for word in str(caption).split()] for caption in CAPTIONS])


def images(which: Tensor, noise: float, generator: torch.Generator) -> Tensor:
    """Draw images: a shape at a random place, in a random brightness, with noise.

    Args:
        which: numbers of full captions in ``FULL``, shape (n,).
        noise: a standard deviation; colours are between 0 and 1.
    Returns:
        shape (n, 3, 6, 6), on the CPU.
    """
    patterns = torch.stack([_pattern(caption) for caption in FULL])
    n = len(which)
    room = SIDE - patterns.shape[-1] + 1
    places = torch.randint(0, room, (n, 2), generator=generator)
    canvas = torch.zeros(n, 3, SIDE, SIDE)
    rows = places[:, 0, None] + torch.arange(patterns.shape[-2])
    columns = places[:, 1, None] + torch.arange(patterns.shape[-1])
    each = torch.arange(n)[:, None, None, None]
    canvas[each, torch.arange(3)[:, None, None], rows[:, None, :, None], columns[:, None, None, :]] = patterns[which]
    brightness = 0.7 + 0.3 * torch.rand(n, 1, 1, 1, generator=generator)
    return canvas * brightness + noise * torch.randn(canvas.shape, generator=generator)


def _pattern(caption: Caption) -> Tensor:
    """A coloured shape, shape (3, 4, 4)."""
    drawn = torch.tensor([[float(pixel == "#") for pixel in row] for row in _PIXELS[str(caption.shape)]])
    return torch.tensor(_RGB[str(caption.colour)])[:, None, None] * drawn
