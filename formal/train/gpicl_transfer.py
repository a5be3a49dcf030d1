"""Learning in context on pictures of other kinds than those trained on.

Learners are trained on tasks made of a few digits, few tasks or many, and tested on tasks made of the same digits, of
other digits, of drawn glyphs, and of random points with noise around them. Beside them stands the nearest neighbour
among the examples of a sequence, which learns from these alone: how hard a set is.

Source: Kirsch et al. 2022, 4.1 (unseen data sets); Cover, Hart 1967 (nearest neighbours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from formal.bundle.write import Content
from formal.train.digit import CLASSES, digits
from formal.train.experiment import Contents, Experiment
from formal.train.glyph import glyphs, shown, words
from formal.train.projected import (
    Pictures,
    Sequences,
    Sizes,
    Variant,
    answers,
    pictures,
    prediction,
    sequences,
    tasks,
    trained,
)
from formal.train.trainer import Plan, Run

NEAREST = "nearest"
"""How the row of the nearest neighbour is called."""
FRESH = 300
"""Classes of glyphs, and of points, that are drawn for the test."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        sizes: of sequences.
        glyphs: how many drawn classes the pictures show that are trained on; 0 for digits, one for each label.
        exponents: a learner for 2^k tasks, for each of these k.
        sequences: how many test sequences of each kind there are.
        noise: a standard deviation, around random points whose coordinates have 1.
        steps, rate: of training each learner.
        width, layers, heads, batch: of all.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    sizes: Sizes = field(default_factory=Sizes)
    glyphs: int = 0
    exponents: tuple[int, ...] = (0, 8, 13)
    sequences: int = 256
    noise: float = 0.5
    steps: int = 4000
    rate: float = 3e-3
    width: int = 32
    layers: int = 2
    heads: int = 4
    batch: int = 64
    half: bool = False
    compiled: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """A learner for each number of tasks."""
        return tuple(
            Variant(f"2^{k}", 2**k, "transformer", self.width, self.layers, self.heads, self.batch)
            for k in self.exponents
        )


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            sizes=Sizes(labels=10, features=32, length=100),
            glyphs=1024,
            exponents=(0, 2, 4, 6, 8, 10, 12, 14, 16),
            sequences=1024,
            steps=2_000,
            rate=1e-3,
            width=256,
            layers=4,
            heads=8,
            batch=128,
            half=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train a learner for each number of tasks, and test all on sequences of unseen tasks of each kind of pictures."""
    c = configuration
    training, held_out = shown(c.glyphs, c.sizes.labels, run.generator("glyphs"))
    training = training.to(run.device)
    tests = {kind: _sequences(c, run, kind, part) for kind, part in kinds(c, run, held_out).items()}
    told: dict[str, list[Tensor]] = {kind: [] for kind in tests}
    for variant in c.variants:
        known = tasks(
            c.sizes, variant.tasks, training.pixels.shape[-1], training.classes, run.generator("seen", variant.name)
        )
        plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)
        model = trained(run, c.sizes, variant, prediction(c.sizes, variant, known.to(run.device), training), plan)
        for kind, test in tests.items():
            told[kind].append(answers(model, test))
    found = {kind: torch.stack([*told[kind], nearest(test, c.sizes.features)]).numpy() for kind, test in tests.items()}
    return (_contents(c, found, {kind: test.labels.cpu().numpy() for kind, test in tests.items()}),)


def kinds(c: Configuration, run: Run, held_out: Pictures) -> dict[str, Pictures]:
    """The pictures of the tests: held out, of the classes trained on; digits, glyphs and points of other classes."""
    drawn, _ = glyphs(FRESH, run.generator("other glyphs"))
    return {
        "trained": held_out,
        "digits": pictures(digits()[1], range(0 if c.glyphs else c.sizes.labels, CLASSES)),
        "glyphs": drawn,
        "points": points(c.noise, held_out.pixels.shape[-1], run.generator("points")),
    }


def points(noise: float, pixels: int, generator: torch.Generator) -> Pictures:
    """Random points, a class each, with normal noise around them."""
    centres = torch.randn(FRESH, 1, pixels, generator=generator)
    return Pictures(centres + noise * torch.randn(FRESH, 64, pixels, generator=generator))


def _sequences(c: Configuration, run: Run, kind: str, part: Pictures) -> Sequences:
    generator = run.generator("test", kind)
    fresh = tasks(c.sizes, c.sequences, part.pixels.shape[-1], part.classes, generator)
    return sequences(c.sizes, fresh.to(run.device), torch.arange(c.sequences), part.to(run.device), generator)


def nearest(given: Sequences, features: int) -> Tensor:
    """The label of the nearest picture before, at each place, shape (n, length), on the CPU; at the first one 0."""
    seen = given.tokens[:, :, :features]
    distances = torch.cdist(seen, seen)
    length = distances.shape[1]
    later = torch.ones(length, length, dtype=torch.bool, device=distances.device).triu()
    found = given.labels.gather(1, distances.masked_fill(later, torch.inf)[:, 1:].argmin(2))
    return torch.cat([torch.zeros_like(found[:, :1]), found], dim=1).cpu()


def _contents(
    c: Configuration, told: Mapping[str, NDArray[np.int64]], labels: Mapping[str, NDArray[np.int64]]
) -> Contents:
    names = [*(variant.name for variant in c.variants), NEAREST]
    right = {kind: (told[kind] == labels[kind]).sum(1) for kind in told}
    curves = np.concatenate(list(right.values()), axis=1).astype(np.uint16)
    return Contents(
        name="gpicl-transfer",
        kind="product",
        reads="share of right answers to the picture at a place of a sequence of an unseen task",
        axes={
            "rows": names,
            "columns": [f"{kind}/{at + 1}" for kind in told for at in range(c.sizes.length)],
            "cells": [str(i) for i in range(c.sequences)],
        },
        axis_names={"rows": "number of tasks", "columns": "place", "cells": "sequence"},
        arrays={
            "relation": Content(curves, ("rows", "columns"), "relation", scale=f"q/{c.sequences}"),
            **{f"{kind}.label": Content(labels[kind][:, -1].astype(np.uint8), ("cells",), "label") for kind in told},
            **{
                f"{kind}.pred": Content(
                    told[kind][:, :, -1].astype(np.uint8), ("rows", "cells"), "prediction", truth=f"{kind}.label"
                )
                for kind in told
            },
        },
        family="causal transformer",
        kernel={"id": "accuracy", "params": {}},
        data={"generator": f"{words(c.glyphs, c.sizes.labels)}, projected and relabelled", "test": list(told)},
        found=tuple(
            (f"{name}: accuracy at the first and the last picture of {kind}", f"{ends[0]:.3f} -> {ends[-1]:.3f}")
            for i, name in enumerate(names)
            for kind in told
            for ends in [right[kind][i] / c.sequences]
        ),
    )


EXPERIMENT = Experiment(
    name="gpicl-transfer",
    title="learning in context on tasks of other pictures than those trained on",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, section 4.1: unseen data sets",
    scales=SCALES,
    run=run,
)
