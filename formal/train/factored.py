"""Shapes with captions once more, by images that are encoded in parts: their shape from grey pixels, and their colour.

With captions made of words, colours and shapes meet only in a sum, on either side, so that a combination is nothing
new. Conditions, captions and images are those of ``captions``, where one encoder sees shape and colour at once.

Source: On the Power of Foundation Models, Theorem 3; Andreas 2019 for composition on both sides.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import torch
from torch import Tensor, nn

from formal.train.captions import CONDITIONS, Configuration, encoder, trained
from formal.train.captions import SCALES as WHOLE
from formal.train.experiment import Contents, Experiment
from formal.train.trainer import Run

SCALES = MappingProxyType({scale: replace(c, steps=max(c.steps, 4000), tests=25) for scale, c in WHOLE.items()})


class Parts(nn.Module):
    """The features of a shape, then those of a colour: neither part sees the other's pixels.

    Args:
        channels: of the encoder of shapes.
        features: how many, of both parts together.
    """

    def __init__(self, channels: tuple[int, int], features: int) -> None:
        super().__init__()
        half = features // 2
        self.shape = encoder(1, channels, half)
        self.colour = nn.Sequential(nn.Linear(3, channels[1]), nn.ReLU(), nn.Linear(channels[1], features - half))

    def forward(self, drawn: Tensor) -> Tensor:
        """Shape (n, features), of images of shape (n, 3, side, side)."""
        grey, light = drawn.amax(1, keepdim=True), drawn.mean((2, 3))
        return torch.cat([self.shape(grey), self.colour(light)], dim=1)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train one model in each condition; export a bundle for each."""
    c = configuration
    return tuple(
        trained("factored", c, run, condition, lambda: Parts(c.channels, c.features)) for condition in CONDITIONS
    )


EXPERIMENT = Experiment(
    name="factored",
    title="shapes with captions, by images encoded in parts",
    paper="On the Power of Foundation Models, Theorem 3",
    scales=SCALES,
    run=run,
)
