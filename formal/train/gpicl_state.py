"""What learning in context is limited by: the numbers that a learner keeps between two examples, or its parameters.

Transformers by width and depth and LSTMs by width are trained on so many tasks that learning is general. What they
answer rightly at the end of a sequence of an unseen task is held against state size and against parameter count. Two
learners are *opposed* when one has the larger state and the other one has more parameters: exactly one of the two
sizes then orders the pair as its accuracies are ordered, unless these are equal.

Source: Kirsch et al. 2022, 4.3; Kendall 1938 (concordant pairs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from formal.bundle.write import Content
from formal.train.context import state_size
from formal.train.experiment import Contents, Experiment
from formal.train.glyph import shown, words
from formal.train.projected import Sizes, Variant, answers, prediction, sequences, tasks, trained
from formal.train.trainer import Plan, Run

SIZES = ("state", "parameters")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        sizes: of sequences.
        glyphs: how many drawn classes the pictures show; 0 for scikit-learn's digits, as many as there are labels.
        tasks: how many are trained on.
        sequences: how many test sequences there are.
        steps, rate: of training each model.
        transformers: their widths and depths.
        lstms: likewise.
        heads, batch: of all.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    sizes: Sizes = field(default_factory=Sizes)
    glyphs: int = 0
    tasks: int = 2**13
    sequences: int = 512
    steps: int = 2000
    rate: float = 3e-3
    transformers: tuple[tuple[int, int], ...] = ((16, 1), (32, 1), (64, 1), (16, 2), (32, 2), (16, 4))
    lstms: tuple[tuple[int, int], ...] = ((16, 1), (32, 1), (64, 1), (128, 1), (64, 2))
    heads: int = 4
    batch: int = 64
    half: bool = False
    compiled: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """All learners."""
        like = Variant("", self.tasks, heads=self.heads, batch=self.batch)
        return (
            *(replace(like, name=f"transformer-{w}x{n}", width=w, layers=n) for w, n in self.transformers),
            *(replace(like, name=f"lstm-{w}x{n}", cell="lstm", width=w, layers=n) for w, n in self.lstms),
        )


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            sizes=Sizes(labels=10, features=32, length=100),
            glyphs=256,
            tasks=2**16,
            sequences=1024,
            steps=2_000,
            rate=1e-3,
            transformers=((32, 1), (128, 1), (32, 2), (64, 2), (128, 2), (64, 4)),
            lstms=((64, 1), (256, 1), (1024, 1)),
            batch=128,
            half=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train each learner on the same tasks, and test all on the same sequences of unseen tasks of held-out pictures."""
    c = configuration
    training, held_out = (part.to(run.device) for part in shown(c.glyphs, c.sizes.labels, run.generator("glyphs")))
    pixels = training.pixels.shape[-1]
    known, fresh = (
        tasks(c.sizes, number, pixels, training.classes, run.generator(purpose)).to(run.device)
        for number, purpose in ((c.tasks, "seen tasks"), (c.sequences, "unseen tasks"))
    )
    test = sequences(c.sizes, fresh, torch.arange(c.sequences), held_out, run.generator("test pictures"))
    labels = test.labels.cpu().numpy()
    told: list[NDArray[np.int64]] = []
    size: list[tuple[int, int]] = []
    for variant in c.variants:
        plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled and variant.cell == "transformer")
        model = trained(run, c.sizes, variant, prediction(c.sizes, variant, known, training), plan)
        told.append(answers(model, test).numpy())
        parameters = sum(each.numel() for each in model.parameters())
        size.append((state_size(variant.cell, variant.width, variant.layers, c.sizes.length), parameters))
    return (_contents(c, labels, np.stack(told), np.array(size)),)


def opposed(sizes: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The pairs of learners whose sizes, shape (learners, 2), are in opposite orders: the larger state comes second.

    >>> opposed(np.array([[1, 9], [2, 5], [3, 5], [3, 7]]))
    [(0, 1), (0, 2), (0, 3)]
    """
    found = [(i, j) if sizes[i, 0] < sizes[j, 0] else (j, i) for i, j in combinations(range(len(sizes)), 2)]
    return [(i, j) for i, j in found if sizes[i, 0] < sizes[j, 0] and sizes[i, 1] > sizes[j, 1]]


def better(right: Sequence[int], pairs: list[tuple[int, int]]) -> NDArray[np.uint8]:
    """Twice the degree to which the second one of each pair is better: 0, 2, or 1 where they are equal."""
    return np.array([1 + int(np.sign(right[j] - right[i])) for i, j in pairs], dtype=np.uint8)


def _contents(
    c: Configuration, labels: NDArray[np.int64], told: NDArray[np.int64], size: NDArray[np.int64]
) -> Contents:
    names = [variant.name for variant in c.variants]
    right = (told == labels).sum(1)
    pairs = opposed(size)
    second = better(right[:, -1].tolist(), pairs)
    of_state = np.full(len(pairs), 2, dtype=np.uint8)
    order = np.stack([of_state, 2 - of_state])
    table: list[tuple[str, float | str]] = [
        (f"{name}: state, parameters, accuracy at the end", f"{state}, {parameters}, {last / c.sequences:.3f}")
        for name, (state, parameters), last in zip(names, size.tolist(), right[:, -1].tolist(), strict=True)
    ]
    table.append(("opposed pairs; ordered by state size", f"{len(pairs)}; {int((second == 2).sum())}"))
    return Contents(
        name="gpicl-state",
        kind="product",
        reads="share of right answers to the picture at a place of a sequence of an unseen task",
        axes={
            "rows": names,
            "columns": [str(at + 1) for at in range(c.sizes.length)],
            "sizes": SIZES,
            "pairs": [f"{names[i]}|{names[j]}" for i, j in pairs],
            "cells": [str(i) for i in range(c.sequences)],
        },
        axis_names={"rows": "learner", "columns": "place", "pairs": "opposed pair", "cells": "sequence"},
        arrays={
            "relation": Content(right.astype(np.uint16), ("rows", "columns"), "relation", scale=f"q/{c.sequences}"),
            "size": Content(size.astype(np.int32), ("rows", "sizes"), "size"),
            "relation.order": Content(order, ("sizes", "pairs"), "relation", scale="q/2"),
            "task.better": Content(second, ("pairs",), "task", scale="q/2"),
            "last": Content(labels[:, -1].astype(np.uint8), ("cells",), "label"),
            "icl.pred": Content(told[:, :, -1].astype(np.uint8), ("rows", "cells"), "prediction", truth="last"),
        },
        family="causal transformers and LSTMs",
        kernel={"id": "accuracy", "params": {}},
        data={"generator": f"{words(c.glyphs, c.sizes.labels)}, projected and relabelled", "tasks": c.tasks},
        found=tuple(table),
    )


EXPERIMENT = Experiment(
    name="gpicl-state",
    title="learning in context by transformers and LSTMs: state size, or parameters",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, section 4.3: state size",
    scales=SCALES,
    run=run,
)
