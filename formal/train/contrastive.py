"""Which digits are near each other: an encoder that is trained to tell two views of one image from those of others.

Nearness is exp(-angle) of features, a category by the triangle inequality; the cosine is none, and its defect and its
closure tell by how much. Random weights are the control: a category too, but of pixels. A task, "is it a seven?", takes
as many prompts as its images have clusters.

Source: van den Oord et al. 2018 (InfoNCE); Chen et al. 2020 (SimCLR); Lawvere 1973 for nearness as a category.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor

from formal.bundle.kernel import kernel_matrix
from formal.bundle.write import Content
from formal.train.digit import CLASSES, Digits, batch, digits, noisy, shifted
from formal.train.encoder import Encoder, contrast, directions
from formal.train.experiment import Contents, Experiment
from formal.train.trainer import Plan, Run

SELECT = 200
"""Held-out images to take prompts from; the others are what they are tried on."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        objects: how many held-out images the relations are between.
        channels, features: of the encoder.
        noise, shift: of the views of an image: a standard deviation, and pixels.
        steps, batch, rate, temperature: of training.
        prompts: how many images of each digit are prompts, in turn.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    objects: int = 100
    channels: tuple[int, int, int] = (16, 32, 32)
    features: int = 32
    noise: float = 0.1
    shift: int = 1
    steps: int = 1000
    batch: int = 128
    rate: float = 3e-3
    temperature: float = 0.5
    prompts: tuple[int, ...] = (1, 2, 5, 10)
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            channels=(64, 128, 128),
            features=64,
            steps=10_000,
            batch=1024,
            rate=1e-3,
            half=True,
            compiled=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train the encoder; read relations off it, and off another one that was not trained."""
    c = configuration
    training, held_out = (part.to(run.device) for part in digits())
    encoder = run.build("encoder", lambda: Encoder(c.channels, c.features))
    control = run.build("control", lambda: Encoder(c.channels, c.features))
    plan = Plan(c.steps, c.rate, schedule="cosine", half=c.half, compiled=c.compiled)
    run.fit("contrast", encoder, _loss(c, training), plan)

    labels = held_out.labels.cpu().numpy()
    points = {"": _features(encoder, held_out.images), "random.": _features(control, held_out.images)}
    split = (np.arange(len(held_out)) >= SELECT).astype(np.int32)
    names = [f"digit-{i}" for i in range(len(held_out))]
    n = c.objects
    arrays = {
        "label": Content(labels[:n], ("rows",), "label"),
        "embedding": Content(points[""][:n], ("rows", "features"), "embedding"),
        "embedding.random": Content(points["random."][:n], ("rows", "features"), "embedding"),
        "heldout.label": Content(labels, ("heldout",), "label"),
        "split": Content(split, ("heldout",), "split", names=("select", "verify")),
        **{
            f"task.digit_{digit}": Content((labels[:n] == digit).astype(np.uint8), ("rows",), "task")
            for digit in range(CLASSES)
        },
    }
    table: list[tuple[str, float | str]] = []
    for prefix, found in points.items():
        ending = f".{prefix[:-1]}" if prefix else ""
        shown = prefix[:-1] or "trained"
        near, cosine = (kernel_matrix(found[:n], found[:n], kernel) for kernel in ("angular", "cosine"))
        arrays[f"relation{ending}"] = Content(near, ("rows", "columns"), "relation")
        arrays[f"relation{ending}.cosine"] = Content(cosine.astype(np.float32), ("rows", "columns"), "relation")
        triples = (cosine[:, :, None] * cosine[None]) - cosine[:, None, :]
        table.append(
            (f"{shown}: cosine fails on triples, at most by", f"{(triples > 0).mean():.4f}  {triples.max():.4f}")
        )
        readings = np.stack([_nearest(found, labels, split, count) for count in c.prompts])
        arrays[f"{prefix}prompt.pred.nearest_of_k"] = Content(
            readings.astype(np.int32), ("prompts", "heldout"), "prediction", truth="heldout.label"
        )
        rates = [float((reading == labels)[split == 1].mean()) for reading in readings]
        table.append(
            (
                f"{shown}: digit of the nearest of {', '.join(map(str, c.prompts))} prompts a digit",
                "  ".join(f"{rate:.4f}" for rate in rates),
            )
        )
    contents = Contents(
        name="contrastive",
        kind="product",
        reads="exp(-angle) between the features of two images",
        axes={
            "rows": names[:n],
            "columns": names[:n],
            "heldout": names,
            "prompts": list(map(str, c.prompts)),
            "features": [f"f{i}" for i in range(c.features)],
        },
        axis_names={"rows": "image", "columns": "image", "heldout": "image", "prompts": "prompts a digit"},
        arrays=arrays,
        family="convolutional encoder, InfoNCE",
        kernel={"id": "angular", "params": {"scale": "1"}},
        data={
            "generator": "scikit-learn load_digits: 1400 to train on, 397 held out",
            "views": f"shifts by up to {c.shift} pixel, noise {c.noise}",
            "split": f"the first {SELECT} held out to select prompts from, the others to verify",
        },
        found=tuple(table),
    )
    return (contents,)


EXPERIMENT = Experiment(
    name="contrastive",
    title="nearness of digits, learnt from pairs of views",
    paper="On the Power of Foundation Models, Theorem 1 and its remark that every model defines a category",
    scales=SCALES,
    run=run,
)


def _loss(c: Configuration, training: Digits) -> Any:
    """InfoNCE between two views of the images of a batch."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        images = training.images[batch(len(training), c.batch, generator)]
        views = [noisy(shifted(images, c.shift, generator), c.noise, generator) for _ in range(2)]
        left, right = (directions(model(view).float()) for view in views)
        return contrast(left, right, c.temperature)

    return loss


def _features(encoder: Encoder, images: Tensor) -> NDArray[np.float32]:
    with torch.no_grad():
        return np.asarray(encoder(images).float().cpu().numpy())


def _nearest(
    points: NDArray[np.float32], labels: NDArray[np.int64], split: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """The digit of the nearest prompt by angle, prompts being the first so many images of each digit to select from."""
    prompts = np.concatenate([np.flatnonzero((labels == d) & (split == 0))[:count] for d in range(CLASSES)])
    readout = KNeighborsClassifier(1, metric="cosine").fit(points[prompts], labels[prompts])
    return np.asarray(readout.predict(points))
