"""Which way up a digit is: rotation prediction, by two models whose relations are not equivalent categories.

*BZ/4.* A head tells each image's orientation, f(x) in Z/4, and relates all images: y turned by f(x) - f(y) is x. There
is one component; orientation is read off by any prompt that is read rightly, and no digit is even a presheaf.

*Torsor.* An encoder turns along with its images and relates x and y by r where y turned by r looks like x. Every image
is an orbit of its own, so a digit takes as many prompts as it has images.

Source: Gidaris, Singh, Komodakis 2018 (rotation prediction); Wu et al. 2018 (instance discrimination).
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import Tensor
from torch.nn import functional

from formal.bundle.move import READS
from formal.bundle.write import Content
from formal.train.digit import CLASSES, TURNS, Digits, batch, digits, noisy, turned
from formal.train.encoder import Classifier, Encoder, contrast, directions
from formal.train.experiment import Contents, Experiment
from formal.train.trainer import Plan, Run

MOST = 65535
UNDETERMINED = -1


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        objects: how many held-out images the relations are between.
        channels, features: of the encoders.
        noise: of the views of an image, a standard deviation.
        steps, batch, rate: of training the head, of fine tuning it, and from scratch: the same for all.
        few_steps: of fine tuning on prompts only.
        torsor_features, torsor_steps, torsor_batch, torsor_rate, temperature: of training the encoder that turns along.
        threshold: from where on the encoder relates two images.
        prompts: how many images of each digit are prompts, in turn; ``lan_prompts`` where Lan is compared with heads.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    objects: int = 100
    channels: tuple[int, int, int] = (12, 24, 24)
    features: int = 48
    noise: float = 0.1
    steps: int = 900
    batch: int = 100
    rate: float = 3e-3
    few_steps: int = 300
    torsor_features: int = 32
    torsor_steps: int = 1800
    torsor_batch: int = 100
    torsor_rate: float = 3e-3
    temperature: float = 0.25
    threshold: str = "0.96"
    prompts: tuple[int, ...] = (1, 5, 20, 40)
    lan_prompts: int = 20
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            channels=(64, 128, 128),
            features=256,
            steps=6_000,
            batch=512,
            rate=1e-3,
            torsor_features=128,
            torsor_steps=6_000,
            torsor_batch=350,
            torsor_rate=1e-3,
            half=True,
            compiled=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train the head and the encoder, and export a bundle for each."""
    training, held_out = (part.to(run.device) for part in digits())
    return head(configuration, run, training, held_out), torsor(configuration, run, training, held_out)


EXPERIMENT = Experiment(
    name="rotation",
    title="which way up a digit is: a head that tells, an encoder that turns along",
    paper="On the Power of Foundation Models, Theorems 1 and 2 and Corollary 1",
    scales=SCALES,
    run=run,
)


# --- BZ/4 -----------------------------------------------------------------------------------------


def head(c: Configuration, run: Run, training: Digits, held_out: Digits) -> Contents:
    """A head that tells orientations, on images that each lie in an orientation drawn at random."""
    given = torch.randint(0, TURNS, (len(held_out),), generator=run.generator("orientations"))
    objects = turned(held_out.images, given.to(run.device))
    model = run.build("head", lambda: Classifier(Encoder(c.channels, c.features), c.features, TURNS))
    plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)
    run.fit("head", model, _turning_loss(c, training), plan)
    told = _decided(model, objects)
    relation = (told[: c.objects, None] - told[None, : c.objects]) % TURNS
    # Prompts are the objects of the relation: x lies as P lies, turned by what the head says is between them.
    lies = (given.numpy()[: c.objects, None] + told[None, :] - told[: c.objects, None]) % TURNS

    labels = held_out.labels.cpu().numpy()
    seen = torch.randint(0, TURNS, (len(training),), generator=run.generator("seen orientations"))
    shown = turned(training.images, seen.to(run.device))
    readout = _best_readout(_decided(model, shown), training.labels.cpu().numpy())[told]
    scratch = run.build("scratch", lambda: Classifier(Encoder(c.channels, c.features), c.features, CLASSES))
    tuned = run.build("tuned", lambda: Classifier(copy.deepcopy(model.encoder), c.features, CLASSES))
    run.fit("scratch", scratch, _naming_loss(c, training), plan)
    run.fit("finetune", tuned, _naming_loss(c, training), plan)
    probe = _probe(_features(model.encoder, shown), training.labels)
    predictions = {
        "prompt.pred.digit": readout,
        "finetune.pred.digit": _decided(tuned, objects),
        "scratch.pred.digit": _decided(scratch, objects),
        "probe.pred.digit": probe.predict(_features(model.encoder, objects)),
    }
    names = [f"digit-{i}" for i in range(len(held_out))]
    arrays = {
        "relation": Content(np.eye(TURNS, dtype=np.uint8)[relation], ("rows", "columns", "moves"), "relation"),
        "label": Content(labels[: c.objects], ("rows",), "label"),
        "orientation": Content(given.numpy()[: c.objects], ("rows",), "label"),
        "heldout.label": Content(labels, ("heldout",), "label"),
        "heldout.orientation": Content(given.numpy(), ("heldout",), "label"),
        "prompt.pred.orientation": Content(
            lies.astype(np.uint8), ("columns", "heldout"), "prediction", truth="heldout.orientation"
        ),
        "head.pred.orientation": Content(told, ("heldout",), "prediction", truth="heldout.orientation"),
        **{
            name: Content(found.astype(np.int32), ("heldout",), "prediction", truth="heldout.label")
            for name, found in predictions.items()
        },
        **_digit_tasks(labels[: c.objects]),
        **{
            f"task.orientation_{r}": Content((given.numpy()[: c.objects] == r).astype(np.uint8), ("rows",), "task")
            for r in range(TURNS)
        },
    }
    right = told == given.numpy()
    accuracy = {name: float((found == labels).mean()) for name, found in predictions.items()}
    return Contents(
        name="rotation-head",
        kind="graded-monoid",
        monoid="Z/4",
        reads=READS,
        axes={"rows": names[: c.objects], "columns": names[: c.objects], "moves": list("0123"), "heldout": names},
        axis_names={"rows": "image", "columns": "image", "moves": "quarter turns", "heldout": "image"},
        arrays=arrays,
        family="convolutional encoder with a head of four orientations",
        kernel={"id": "difference-of-orientations", "params": {"threshold": "0.5"}},
        data={
            "generator": "scikit-learn load_digits: 1400 to train on, 397 held out, each in a random orientation",
            "objects": "the first of those held out",
        },
        found=(
            ("orientation told rightly", float(right.mean())),
            ("prompts that read orientation as well", float(right[: c.objects].mean())),
            ("digits by the best read-out of turns", accuracy["prompt.pred.digit"]),
            ("digits in the majority", float(np.bincount(labels).max() / len(labels))),
            ("digits fine-tuned", accuracy["finetune.pred.digit"]),
            ("digits from scratch", accuracy["scratch.pred.digit"]),
            ("digits by a linear probe", accuracy["probe.pred.digit"]),
        ),
    )


def _turning_loss(c: Configuration, training: Digits) -> Any:
    """Cross-entropy of the orientation, drawn at random for each image of a batch."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        chosen = batch(len(training), c.batch, generator)
        turns = torch.randint(0, TURNS, (len(chosen),), generator=generator)
        views = noisy(training.images[chosen], c.noise, generator)
        found = model(turned(views, turns.to(views.device)))
        return functional.cross_entropy(found.float(), turns.to(found.device))

    return loss


def _naming_loss(c: Configuration, training: Digits) -> Any:
    """Cross-entropy of the digit, in an orientation drawn at random."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        chosen = batch(len(training), c.batch, generator)
        turns = torch.randint(0, TURNS, (len(chosen),), generator=generator)
        views = noisy(training.images[chosen], c.noise, generator)
        found = model(turned(views, turns.to(views.device)))
        return functional.cross_entropy(found.float(), training.labels[chosen])

    return loss


def _best_readout(told: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each turn the most frequent digit: the best that any function of turns can say. Shape (4,)."""
    counts = np.zeros((TURNS, CLASSES), dtype=np.int64)
    np.add.at(counts, (told, labels), 1)
    return np.asarray(counts.argmax(axis=1))


# --- torsor ---------------------------------------------------------------------------------------


def torsor(c: Configuration, run: Run, training: Digits, held_out: Digits) -> Contents:
    """An encoder for which every image in every orientation is a thing of its own."""
    encoder = run.build("torsor", lambda: Encoder(c.channels, c.torsor_features))
    plan = Plan(c.torsor_steps, c.torsor_rate, schedule="cosine", half=c.half, compiled=c.compiled)
    run.fit("torsor", encoder, _instance_loss(c, training), plan)
    copies = noisy(held_out.images, c.noise, run.generator("copies"))
    cosine = turned_cosines(encoder, held_out.images, copies)
    stored = np.round(np.clip(cosine, 0, 1) * MOST).astype(np.uint16)
    related = stored >= float(c.threshold) * MOST
    labels = held_out.labels.cpu().numpy()
    readings = np.stack([_reading(related[:, :, 0], held_out, count) for count in c.prompts])

    prompts = held_out.first_of_each(c.lan_prompts)
    lan = _reading(related[:, :, 0], held_out, c.lan_prompts)
    determined = np.flatnonzero(lan != UNDETERMINED)
    few = Digits(held_out.images[prompts], held_out.labels[prompts])
    tuned = run.build("tuned-on-prompts", lambda: Classifier(copy.deepcopy(encoder), c.torsor_features, CLASSES))
    run.fit("finetune-on-prompts", tuned, _upright_loss(c, few), Plan(c.few_steps, c.rate / 3, half=c.half))
    probe = _probe(_features(encoder, few.images), few.labels)
    by = {"finetune.pred.lan": _decided(tuned, copies), "probe.pred.lan": probe.predict(_features(encoder, copies))}

    names = [f"digit-{i}" for i in range(len(held_out))]
    n = c.objects
    arrays = {
        "relation": Content(stored[:n, :n], ("rows", "columns", "moves"), "relation", scale=f"q/{MOST}"),
        "label": Content(labels[:n], ("rows",), "label"),
        "embedding": Content(_features(encoder, held_out.images[:n]), ("rows", "features"), "embedding"),
        "heldout.label": Content(labels, ("heldout",), "label"),
        "prompt.pred.digit_of_k": Content(
            readings.astype(np.int32), ("prompts", "heldout"), "prediction", truth="heldout.label"
        ),
        "lan": Content(lan[determined], ("determined",), "label"),
        **{
            name: Content(found[determined].astype(np.int32), ("determined",), "prediction", truth="lan")
            for name, found in by.items()
        },
        **_digit_tasks(labels[:n]),
    }
    own = np.eye(len(held_out), dtype=bool)
    others = related & ~own[:, :, None]
    others[own, 1:] |= related[own, 1:]
    covered = [float(np.minimum(np.bincount(labels), count).sum() / len(labels)) for count in c.prompts]
    table: list[tuple[str, float | str]] = [
        ("images not related to their copies", float((~related[own, 0]).mean())),
        ("relations between different things", f"{int(others.sum())} of {related.size - len(held_out)}"),
    ]
    table += [
        (f"{count} prompts a digit: covered, read rightly", f"{predicted:.4f}  {float((found == labels).mean()):.4f}")
        for count, predicted, found in zip(c.prompts, covered, readings, strict=True)
    ]
    table += [
        (f"agreement with Lan, {name.split('.')[0]}", f"{int((found == lan)[determined].sum())} of {len(determined)}")
        for name, found in by.items()
    ]
    return Contents(
        name="rotation-torsor",
        kind="graded-monoid",
        monoid="Z/4",
        reads=READS,
        axes={
            "rows": names[:n],
            "columns": names[:n],
            "moves": list("0123"),
            "heldout": names,
            "determined": [names[i] for i in determined],
            "prompts": list(map(str, c.prompts)),
            "features": [f"f{i}" for i in range(c.torsor_features)],
        },
        axis_names={"rows": "image", "columns": "image", "moves": "quarter turns", "heldout": "image"},
        arrays=arrays,
        family="convolutional encoder, instance discrimination, equivariant pairing",
        kernel={"id": "equivariant-cosine", "params": {"threshold": c.threshold}},
        data={
            "generator": "scikit-learn load_digits: 1400 to train on, 397 held out; columns are noisy copies of rows",
            "objects": "the first of those held out",
            "prompts": "the first images held out of each digit, upright",
        },
        found=tuple(table),
    )


def _instance_loss(c: Configuration, training: Digits) -> Any:
    """InfoNCE between two views of images in all orientations; an image that is turned is another thing."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        images = training.images[batch(len(training), c.torsor_batch, generator)]
        views = [noisy(images, c.noise, generator) for _ in range(2)]
        every = [torch.cat([torch.rot90(view, r, (2, 3)) for r in range(TURNS)]) for view in views]
        left, right = (directions(model(view).float()) for view in every)
        return contrast(left, right, c.temperature)

    return loss


def _upright_loss(c: Configuration, few: Digits) -> Any:
    """Cross-entropy of the digit on upright images, with noise."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        chosen = batch(len(few), c.batch, generator)
        found = model(noisy(few.images[chosen], c.noise, generator))
        return functional.cross_entropy(found.float(), few.labels[chosen])

    return loss


def turned_cosines(encoder: Encoder, rows: Tensor, columns: Tensor) -> NDArray[np.float64]:
    """How much column y, turned by r, looks like row x: the mean cosine over all turns of both.

    Returns:
        shape (rows, columns, 4).
    """
    with torch.no_grad():
        left, right = (
            torch.stack([directions(encoder(torch.rot90(images, r, (2, 3))).double()) for r in range(TURNS)])
            for images in (rows, columns)
        )
        found = [torch.stack([left[s] @ right[(s + r) % TURNS].T for s in range(TURNS)]).mean(0) for r in range(TURNS)]
    return np.asarray(torch.stack(found, dim=-1).cpu().numpy())


def _reading(related: NDArray[np.bool_], held_out: Digits, count: int) -> NDArray[np.int64]:
    """The digit of the prompts that a column is related to; undetermined without any, or when they disagree."""
    prompts = held_out.first_of_each(count).cpu().numpy()
    digit = held_out.labels.cpu().numpy()[prompts]
    votes = np.stack([related[prompts[digit == each]].any(axis=0) for each in range(CLASSES)])
    return np.where(votes.sum(axis=0) == 1, votes.argmax(axis=0), UNDETERMINED)


# --- both -----------------------------------------------------------------------------------------


def _digit_tasks(labels: NDArray[np.int64]) -> dict[str, Content]:
    return {
        f"task.digit_{digit}": Content((labels == digit).astype(np.uint8), ("rows",), "task")
        for digit in range(CLASSES)
    }


def _decided(model: Any, images: Tensor) -> NDArray[np.int64]:
    with torch.no_grad():
        return np.asarray(model(images).argmax(dim=1).cpu().numpy())


def _features(encoder: Encoder, images: Tensor) -> NDArray[np.float32]:
    with torch.no_grad():
        return np.asarray(encoder(images).float().cpu().numpy())


def _probe(features: NDArray[np.float32], labels: Tensor) -> Pipeline:
    """A logistic head on features that stay as they are."""
    head: Pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return head.fit(features, labels.cpu().numpy())
