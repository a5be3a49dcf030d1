"""Tasks of in-context learning that are made of pictures: a random projection, and some classes in a random order.

A sequence shows a task's projected pictures, each with the label of the one before; the label of each is asked for.
Where a set has as many classes as there are labels, their order is a permutation of labels.

Source: Kirsch, Harrison, Sohl-Dickstein, Metz 2022, General-Purpose In-Context Learning by Meta-Learning Transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from formal.train.context import Cell, SequenceLearner
from formal.train.digit import Digits
from formal.train.trainer import Loss, Plan, Run

_CHUNK = 1024
"""Sequences in one pass when answers are read off."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """What all sequences of an experiment have in common.

    Args:
        labels: how many there are.
        features: of a projected picture.
        length: of a sequence; the last picture is the query.
    """

    labels: int = 3
    features: int = 8
    length: int = 16


@dataclass(frozen=True, slots=True)
class Variant:
    """One learner of a sweep, and how it is trained.

    Args:
        name: how the bundle calls it.
        tasks: how many it is trained on.
        cell, width, layers, heads: of the model; an LSTM has no heads.
        batch: sequences in one step.
        epsilon: of Adam.
        biased: in what share of a batch the classes of a task come in the order of their numbers.
    """

    name: str
    tasks: int
    cell: Cell = "transformer"
    width: int = 48
    layers: int = 2
    heads: int = 4
    batch: int = 64
    epsilon: float = 1e-8
    biased: float = 0.0


def learner(sizes: Sizes, variant: Variant) -> SequenceLearner:
    """The model of a variant, with random weights."""
    v, features = variant, sizes.features + sizes.labels
    return SequenceLearner(
        features, sizes.labels, sizes.length, cell=v.cell, width=v.width, layers=v.layers, heads=v.heads
    )


def trained(run: Run, sizes: Sizes, variant: Variant, loss: Loss, plan: Plan) -> SequenceLearner:
    """The model of a variant after its training, a stage of the variant's name."""
    model = run.build(variant.name, lambda: learner(sizes, variant))
    run.fit(variant.name, model, loss, plan)
    return model


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """As many pictures of each class, centred pixels: shape (classes, each, pixels)."""

    pixels: Tensor

    @property
    def classes(self) -> int:
        """How many there are."""
        return len(self.pixels)

    def to(self, device: torch.device) -> Pictures:
        """The same on a device."""
        return Pictures(self.pixels.to(device))


def pictures(known: Digits, classes: Sequence[int]) -> Pictures:
    """Some of the digits, a class each, as many of each as there are of the rarest: the first ones."""
    found = [known.images[known.labels == digit].flatten(1) * 2 - 1 for digit in classes]
    each = min(map(len, found))
    return Pictures(torch.stack([one[:each] for one in found]))


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Random tasks.

    Args:
        projections: shape (n, pixels, features).
        classes: what each label means in each task, shape (n, labels).
    """

    projections: Tensor
    classes: Tensor

    def __len__(self) -> int:
        return len(self.classes)

    def to(self, device: torch.device) -> Tasks:
        """The same on a device."""
        return Tasks(self.projections.to(device), self.classes.to(device))


def tasks(sizes: Sizes, number: int, pixels: int, classes: int, generator: torch.Generator) -> Tasks:
    """So many tasks for pictures of so many pixels in so many classes, drawn at random."""
    projections = torch.randn(number, pixels, sizes.features, generator=generator) / pixels**0.5
    order = torch.rand(number, classes, generator=generator).argsort(1)
    return Tasks(projections, order[:, : sizes.labels].clone())


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """Sequences of one task each: tokens, shape (n, length, features + labels), and their labels, (n, length)."""

    tokens: Tensor
    labels: Tensor


def sequences(
    sizes: Sizes, known: Tasks, which: Tensor, shown: Pictures, generator: torch.Generator, biased: int = 0
) -> Sequences:
    """Sequences of pictures drawn at random, all labels alike.

    Args:
        which: the task of each sequence, shape (n,).
        biased: in so many of the sequences, the first ones, the classes are in the order of their numbers.
    """
    device, n = known.classes.device, len(which)
    labels = torch.randint(sizes.labels, (n, sizes.length), generator=generator)
    copies = torch.randint(shown.pixels.shape[1], (n, sizes.length), generator=generator)
    which, labels, copies = which.to(device), labels.to(device), copies.to(device)
    classes = known.classes[which]
    if biased:
        classes = torch.cat([classes[:biased].sort(1).values, classes[biased:]])
    return Sequences(
        tokens(shown.pixels[classes.gather(1, labels), copies], known.projections[which], labels, sizes.labels), labels
    )


def tokens(images: Tensor, projections: Tensor, labels: Tensor, number: int) -> Tensor:
    """A projected picture beside the label of the picture before.

    Args:
        images: shape (n, length, pixels).
        projections: shape (n, pixels, features).
        labels: shape (n, length); ``number`` of them are different.
    Returns:
        shape (n, length, features + number).
    """
    before = functional.one_hot(labels, number).float().roll(1, 1)
    before[:, 0] = 0.0
    return torch.cat([torch.bmm(images, projections), before], dim=2)


def prediction(sizes: Sizes, variant: Variant, known: Tasks, shown: Pictures) -> Loss:
    """The loss of a variant: cross-entropy of the labels at all places, of pictures and tasks drawn at random.

    Its value is that of the sequences that are not biased, so that variants can be compared; its gradient is of all.
    """
    biased = round(variant.biased * variant.batch)

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        which = torch.randint(len(known), (variant.batch,), generator=generator)
        drawn = sequences(sizes, known, which, shown, generator, biased)
        told = model(drawn.tokens).float()
        value = functional.cross_entropy(told.flatten(0, 1), drawn.labels.flatten())
        if not biased:
            return value
        fair = functional.cross_entropy(told[biased:].flatten(0, 1), drawn.labels[biased:].flatten())
        return value + (fair - value).detach()

    return loss


def answers(model: Any, given: Sequences) -> Tensor:
    """The label that is held most likely at each place, shape (n, length), on the CPU."""
    with torch.no_grad():
        return torch.cat([model(part).argmax(-1) for part in torch.split(given.tokens, _CHUNK)]).cpu()
