"""Handwritten digits, 8 by 8 pixels, as scikit-learn brings them: some to train on, the rest held out.

Source: Alpaydin, Kaynak 1998 (UCI optical recognition of handwritten digits).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from sklearn.datasets import load_digits
from torch import Tensor
from torch.nn import functional

TRAINING = 1400
"""The first so many of 1797 are trained on."""
CLASSES = 10
TURNS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Digits:
    """Images, shape (n, 1, 8, 8), from 0 to 1, and which digit each shows, shape (n,)."""

    images: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> Digits:
        """The same on a device."""
        return Digits(self.images.to(device), self.labels.to(device))

    def first_of_each(self, count: int) -> Tensor:
        """The numbers of the first so many images of each digit, digit by digit; fewer where there are fewer."""
        found = [torch.nonzero(self.labels == digit)[:count, 0] for digit in range(CLASSES)]
        return torch.cat(found)


def digits() -> tuple[Digits, Digits]:
    """1400 digits to train on, and 397 held out."""
    known = load_digits()
    images = torch.from_numpy(known.images).float()[:, None] / 16
    labels = torch.from_numpy(known.target).long()
    return Digits(images[:TRAINING], labels[:TRAINING]), Digits(images[TRAINING:], labels[TRAINING:])


def turned(images: Tensor, turns: Tensor) -> Tensor:
    """Each image turned by as many quarter turns, anticlockwise.

    Args:
        images: shape (n, 1, 8, 8).
        turns: shape (n,), from 0 to 3.
    """
    all_turns = torch.stack([torch.rot90(images, r, (2, 3)) for r in range(TURNS)])
    return all_turns[turns, torch.arange(len(images), device=images.device)]


def noisy(images: Tensor, noise: float, generator: torch.Generator) -> Tensor:
    """The images with normal noise of a standard deviation on every pixel."""
    return images + noise * torch.randn(images.shape, generator=generator).to(images.device)


def shifted(images: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Each image moved by up to so many pixels along both axes; what comes in from outside is black."""
    n, _, height, width = images.shape
    moves = torch.randint(0, 2 * most + 1, (n, 2), generator=generator).to(images.device)
    padded = functional.pad(images, (most, most, most, most))
    rows = moves[:, :1] + torch.arange(height, device=images.device)
    columns = moves[:, 1:] + torch.arange(width, device=images.device)
    each = torch.arange(n, device=images.device)[:, None, None]
    return padded[each, 0, rows[:, :, None], columns[:, None, :]][:, None]


def batch(count: int, size: int, generator: torch.Generator) -> Tensor:
    """The numbers of a batch, all different, shape (min(size, count),)."""
    return torch.randperm(count, generator=generator)[:size]
