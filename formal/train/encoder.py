"""A small convolutional encoder of small images.

Source: LeCun et al. 1998, for the shape of it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Encoder(nn.Module):
    """Three convolutions, two of them followed by pooling, and a linear map to features.

    Args:
        channels: of the three convolutions.
        features: how many.
        side: of the square images, a multiple of 4.
    """

    def __init__(self, channels: tuple[int, int, int], features: int, side: int = 8) -> None:
        super().__init__()
        a, b, c = channels
        self.layers = nn.Sequential(
            nn.Conv2d(1, a, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(a, b, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(b, c, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(c * (side // 4) ** 2, features),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Features of images of shape (n, 1, side, side); shape (n, features)."""
        found: Tensor = self.layers(images)
        return found


class Classifier(nn.Module):
    """An encoder and a linear head.

    Args:
        encoder: giving so many ``features``.
        classes: how many the head tells apart.
    """

    def __init__(self, encoder: Encoder, features: int, classes: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(features, classes)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of the classes, shape (n, classes)."""
        logits: Tensor = self.head(functional.relu(self.encoder(images)))
        return logits


def directions(features: Tensor) -> Tensor:
    """Features of length 1."""
    return functional.normalize(features, dim=-1)


def contrast(left: Tensor, right: Tensor, temperature: float) -> Tensor:
    """InfoNCE, both ways: each row of one list has to pick its partner, the same row of the other, among all.

    Args:
        left, right: shape (n, d), of length 1.
        temperature: of the softmax.
    Source: van den Oord et al. 2018; Radford et al. 2021 for both ways.
    """
    logits = left @ right.T / temperature
    wanted = torch.arange(len(left), device=left.device)
    return (functional.cross_entropy(logits, wanted) + functional.cross_entropy(logits.T, wanted)) / 2
