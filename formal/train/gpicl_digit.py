"""General-purpose in-context learning of digits: memorisation, task identification, general learning.

A task is a random linear projection of the images and a random permutation of the labels. A sequence shows a task's
images, each with the label of the one before; the label of each is asked for. What is gained inside a sequence, on
tasks that were trained on and on others, tells three phases apart: no gain, a gain on seen tasks only, a gain on all.

Source: Kirsch, Harrison, Sohl-Dickstein, Metz 2022, General-Purpose In-Context Learning by Meta-Learning Transformers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.digit import Digits, digits
from formal.train.experiment import Contents, Experiment
from formal.train.projected import Sequences, Sizes, Variant, answers, tokens, trained
from formal.train.trainer import Plan, Run

PLACES = ("first", "last")
KINDS = ("seen", "unseen")
PIXELS = 64


def phases(exponents: Sequence[int], like: Variant) -> tuple[Variant, ...]:
    """The sweep over numbers of tasks, powers of 2."""
    return tuple(replace(like, name=f"2^{k}", tasks=2**k) for k in exponents)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        classes: the digits 0, …, classes - 1 are shown.
        features: of a projected image.
        length: of a sequence; the last image is the query.
        sequences: how many test sequences of each kind there are.
        steps, rate: of training each model.
        exponents: the sweep is over 2^k tasks for these k.
        width, layers, heads, batch: of its models.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    classes: int = 3
    features: int = 8
    length: int = 16
    sequences: int = 256
    steps: int = 1500
    rate: float = 3e-3
    exponents: tuple[int, ...] = (0, 2, 4, 6, 8, 10)
    width: int = 48
    layers: int = 2
    heads: int = 4
    batch: int = 64
    half: bool = False
    compiled: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All models."""
        like = Variant("", 1, width=self.width, layers=self.layers, heads=self.heads, batch=self.batch)
        return phases(self.exponents, like)


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            classes=10,
            features=64,
            length=100,
            sequences=1024,
            steps=2_000,
            rate=1e-3,
            exponents=(0, 2, 4, 6, 8, 10, 12, 14, 16),
            width=256,
            layers=4,
            heads=8,
            batch=256,
            half=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train each variant, and test it on sequences of seen and of unseen tasks, with images held out."""
    c = configuration
    sizes = Sizes(c.classes, c.features, c.length)
    training, held_out = (_some(part, c.classes).to(run.device) for part in digits())
    fresh = tasks(c, c.sequences, run.generator("unseen tasks")).to(run.device)
    pool = {
        number: tasks(c, number, run.generator("seen tasks", str(number))).to(run.device)
        for number in sorted({variant.tasks for variant in c.variants})
    }
    chosen = torch.randint(len(held_out), (c.sequences, c.length), generator=run.generator("test images")).to(
        run.device
    )
    images, shown = _flat(held_out)[chosen], held_out.labels[chosen]
    digit = shown.cpu().numpy()
    told: list[NDArray[np.uint8]] = []
    curves: list[NDArray[np.float64]] = []
    table: list[tuple[str, float | str]] = []
    for variant in c.variants:
        known = pool[variant.tasks]
        plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)
        model = trained(run, sizes, variant, _loss(c, variant, known, training), plan)
        again = torch.randint(len(known), (c.sequences,), generator=run.generator("seen again", variant.name)).to(
            run.device
        )
        found = {
            "seen": _answers(c, model, known, again, images, shown),
            "unseen": _answers(c, model, fresh, torch.arange(c.sequences, device=run.device), images, shown),
        }
        right = {kind: found[kind] == digit for kind in KINDS}
        curves.append(np.concatenate([right[kind].mean(0) for kind in KINDS]))
        told.append(np.concatenate([found[kind][:, at] for kind in KINDS for at in (0, -1)]).astype(np.uint8))
        gains = {kind: float(right[kind][:, -1].mean() - right[kind][:, 0].mean()) for kind in KINDS}
        ends = "  ".join(f"{kind} {right[kind][:, 0].mean():.3f} -> {right[kind][:, -1].mean():.3f}" for kind in KINDS)
        table.append((f"{variant.name}: accuracy at the first and the last image", ends))
        table.append((f"{variant.name}: phase", phase(gains["seen"], gains["unseen"])))
    names = [variant.name for variant in c.variants]
    cells = [f"{kind}/{place}/{i}" for kind in KINDS for place in PLACES for i in range(c.sequences)]
    truth = np.concatenate([digit[:, at] for _ in KINDS for at in (0, -1)])
    contents = Contents(
        name="gpicl-digits",
        kind="product",
        reads="share of right answers to the image at a place of a sequence",
        axes={
            "rows": names,
            "columns": [f"{kind}/{at + 1}" for kind in KINDS for at in range(c.length)],
            "cells": cells,
        },
        axis_names={"rows": "number of tasks", "columns": "place", "cells": "question"},
        arrays={
            "relation": Content(np.stack(curves), ("rows", "columns"), "relation"),
            "digit": Content(truth.astype(np.uint8), ("cells",), "label"),
            "icl.pred": Content(np.stack(told), ("rows", "cells"), "prediction", truth="digit"),
        },
        family="causal transformer",
        kernel={"id": "accuracy", "params": {}},
        data={"generator": f"scikit-learn digits 0 to {c.classes - 1}, projected and relabelled", "task": "random"},
        found=tuple(table),
    )
    return (contents,)


EXPERIMENT = Experiment(
    name="gpicl-digits",
    title="digits projected and relabelled: from memorisation to general learning",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, sections 4.1 to 4.4",
    scales=SCALES,
    run=run,
)


def phase(seen: float, unseen: float, *, least: float = 0.1) -> str:
    """The phase that gains of accuracy inside a sequence tell, from which on a gain counts."""
    if unseen >= least:
        return "general learning"
    return "task identification" if seen >= least else "memorisation"


@dataclass(frozen=True, slots=True, eq=False)
class Tasks:
    """Random tasks.

    Args:
        projections: shape (n, pixels, features).
        labels: of each digit in each task, shape (n, classes).
    """

    projections: Tensor
    labels: Tensor

    def __len__(self) -> int:
        return len(self.labels)

    def to(self, device: torch.device) -> Tasks:
        """The same on a device."""
        return Tasks(self.projections.to(device), self.labels.to(device))


def tasks(c: Configuration, number: int, generator: torch.Generator) -> Tasks:
    """So many tasks, drawn at random."""
    projections = torch.randn(number, PIXELS, c.features, generator=generator) / PIXELS**0.5
    return Tasks(projections, torch.rand(number, c.classes, generator=generator).argsort(1))


def rows(c: Configuration, task: Tasks, which: Tensor, images: Tensor, shown: Tensor) -> tuple[Tensor, Tensor]:
    """Sequences of tokens, a projected image beside the label of the image before, and the labels.

    Args:
        which: the task of each sequence, shape (n,).
        images: shape (n, length, pixels).
        shown: the digit that each image shows, shape (n, length).
    Returns:
        shapes (n, length, features + classes) and (n, length).
    """
    labels = task.labels[which].gather(1, shown)
    return tokens(images, task.projections[which], labels, c.classes), labels


def _loss(c: Configuration, variant: Variant, known: Tasks, training: Digits) -> Any:
    """Cross-entropy of the labels at all places, of images and tasks drawn at random."""
    pixels, digit = _flat(training), training.labels

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        device = digit.device
        which = torch.randint(len(known), (variant.batch,), generator=generator).to(device)
        chosen = torch.randint(len(digit), (variant.batch, c.length), generator=generator).to(device)
        row, labels = rows(c, known, which, pixels[chosen], digit[chosen])
        return functional.cross_entropy(model(row).float().flatten(0, 1), labels.flatten())

    return loss


def _answers(c: Configuration, model: Any, task: Tasks, which: Tensor, images: Tensor, shown: Tensor) -> NDArray[Any]:
    """Which digit each answer means: labels are permuted back; shape (n, length)."""
    told = answers(model, Sequences(*rows(c, task, which, images, shown)))
    return np.asarray(task.labels[which].argsort(1).cpu().gather(1, told).numpy())


def _some(known: Digits, classes: int) -> Digits:
    chosen = known.labels < classes
    return Digits(known.images[chosen], known.labels[chosen])


def _flat(known: Digits) -> Tensor:
    """Pixels of images, centred; shape (n, pixels)."""
    return known.images.flatten(1) * 2 - 1
