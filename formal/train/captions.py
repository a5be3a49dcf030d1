"""Shapes with captions: what a model of text and images does with combinations that it has not seen.

An image encoder and captions are trained together, by a sigmoid of inner products, so that the degrees Phi(b, c) say
whether caption b is true of image c. Four conditions: captions are *atomic*, one vector each, or made of *words*, sums
of a vector for each word; and beside, or not, the *category* of captions is learnt too, all 25 of them with all that
they entail, also those of which no image was shown. An image is depicted by the caption that represents Phi(-, c).

Source: On the Power of Foundation Models, Theorem 3; Radford et al. 2021 and Zhai et al. 2023 (sigmoid loss) for
learning from pairs of text and image.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.shape import CAPTIONS, FULL, HELD_OUT, SIDE, entailment, images, words
from formal.train.trainer import Plan, Run

NONE = len(CAPTIONS)
"""The caption that depicts an image where there is none."""
_FIRST_FULL = len(CAPTIONS) - len(FULL)


@dataclass(frozen=True, slots=True)
class Condition:
    """How captions are represented, and whether what they entail is learnt beside."""

    name: str
    is_made_of_words: bool
    has_category: bool


CONDITIONS = (
    Condition("atomic", is_made_of_words=False, has_category=False),
    Condition("category", is_made_of_words=False, has_category=True),
    Condition("words", is_made_of_words=True, has_category=False),
    Condition("both", is_made_of_words=True, has_category=True),
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        channels, features: of the image encoder.
        noise: of the images, a standard deviation.
        steps, batch, rate: of training.
        each: images of each combination that the relation is about; ``tests`` more of them to measure accuracies.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    channels: tuple[int, int] = (16, 32)
    features: int = 32
    noise: float = 0.1
    steps: int = 1500
    batch: int = 96
    rate: float = 3e-3
    each: int = 3
    tests: int = 50
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            channels=(64, 128), features=128, steps=4_000, batch=1024, rate=1e-3, half=True, compiled=True
        ),
    }
)


class Degrees(nn.Module):
    """Logits of how far captions are true of images, and follow from captions.

    Args:
        image: an encoder of images, giving so many ``features``.
        is_made_of_words: whether a caption is the sum of its words' vectors.
    """

    vocabulary: Tensor

    def __init__(self, image: nn.Module, features: int, *, is_made_of_words: bool) -> None:
        super().__init__()
        self.image = image
        numbers = words() if is_made_of_words else torch.arange(len(CAPTIONS))[:, None]
        self.register_buffer("vocabulary", numbers)
        self.true = nn.Embedding(int(numbers.max()) + 1, features)
        self.entailing = nn.Embedding(int(numbers.max()) + 1, features)
        self.level = nn.Parameter(torch.zeros(()))
        self.caption_level = nn.Parameter(torch.zeros(()))

    def forward(self, drawn: Tensor) -> Tensor:
        """How far each caption is true of each image, shape (captions, n)."""
        found: Tensor = self._captions(self.true) @ self.image(drawn).T / self._scale + self.level
        return found

    def entailed(self) -> Tensor:
        """How far the row is entailed by the column, shape (captions, captions)."""
        return self._captions(self.true) @ self._captions(self.entailing).T / self._scale + self.caption_level

    def _captions(self, vectors: nn.Embedding) -> Tensor:
        found: Tensor = vectors(self.vocabulary).sum(1)
        return found

    @property
    def _scale(self) -> float:
        return float(self.true.embedding_dim**0.5)


def encoder(inputs: int, channels: tuple[int, int], features: int) -> nn.Module:
    """A small convolutional encoder of images with some channels."""
    a, b = channels
    return nn.Sequential(
        nn.Conv2d(inputs, a, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(a, b, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear((SIDE // 2) ** 2 * b, features),
    )


class _Both(nn.Module):
    """The two relations at once, so that a single call is compiled."""

    def __init__(self, model: Degrees) -> None:
        super().__init__()
        self.model = model

    def forward(self, drawn: Tensor) -> tuple[Tensor, Tensor]:
        return self.model(drawn), self.model.entailed()


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train one model in each condition; export a bundle for each."""
    c = configuration
    return tuple(
        trained("captions", c, run, condition, lambda: encoder(3, c.channels, c.features)) for condition in CONDITIONS
    )


EXPERIMENT = Experiment(
    name="captions",
    title="shapes with captions, four combinations of which are never shown",
    paper="On the Power of Foundation Models, Theorem 3",
    scales=SCALES,
    run=run,
)


def trained(title: str, c: Configuration, run: Run, condition: Condition, image: Callable[[], nn.Module]) -> Contents:
    """Train a model in one condition, with an image encoder made when it is asked for; what becomes a bundle."""
    name = condition.name
    model = run.build(name, lambda: Degrees(image(), c.features, is_made_of_words=condition.is_made_of_words))
    run.fit(name, _Both(model), _loss(c, condition), Plan(c.steps, c.rate, half=c.half, compiled=c.compiled))

    generator = run.generator("objects")
    shown = torch.arange(len(FULL)).repeat_interleave(c.each)
    objects = images(shown, c.noise, generator)
    tried = torch.arange(len(FULL)).repeat_interleave(c.tests)
    tests = images(tried, c.noise, generator)
    fits, measured = (_degrees(model, drawn.to(run.device)) for drawn in (objects, tests))
    order = entailment()
    with torch.no_grad():
        entailed = torch.sigmoid(model.entailed().double()).cpu().numpy()
    learnt = Content(entailed.astype(np.float32), ("caption", "caption"), "relation")

    is_unseen = np.array([caption.is_held_out for caption in FULL])
    named = [f"{'unseen' if is_unseen[i] else 'seen'} {FULL[i]} {j}" for i in range(len(FULL)) for j in range(c.each)]
    kinds = ("seen", "unseen")
    caption_part = np.array([int(caption.is_held_out) for caption in CAPTIONS], dtype=np.uint8)
    arrays = {
        "relation": Content(fits.astype(np.float32), ("caption", "image"), "relation"),
        "relation.ideal": Content(order[:, _FIRST_FULL + shown.numpy()], ("caption", "image"), "ideal"),
        "relation.caption.ideal": Content(order, ("caption", "caption"), "ideal"),
        "caption.part": Content(caption_part, ("caption",), "split", names=kinds),
        "image.part": Content(is_unseen[shown].astype(np.uint8), ("image",), "split", names=kinds),
        "image.label": _label(shown, "image"),
        "image.pred.caption": Content(_likeliest(fits), ("image",), "prediction", truth="image.label"),
        "label": _label(tried, "test"),
        "split": Content(is_unseen[tried].astype(np.uint8), ("test",), "split", names=kinds),
        "unseen.label": Content(is_unseen[tried].astype(np.uint8), ("test",), "label", names=kinds),
        "top.pred.caption": Content(_likeliest(measured), ("test",), "prediction", truth="label"),
        "choice.pred.caption": Content(
            _of_its_part(measured, is_unseen[tried]), ("test",), "prediction", truth="label"
        ),
        "depicted.pred.caption": Content(
            _depicting(measured, order, caption_part >= 0), ("test",), "prediction", truth="label"
        ),
        "detector.pred.unseen": Content(
            (_depicting(measured, order, caption_part == 0) == NONE).astype(np.uint8),
            ("test",),
            "prediction",
            truth="unseen.label",
        ),
    }
    if condition.has_category:
        arrays["relation.caption"] = learnt
    return Contents(
        name=f"{title}-{name}",
        kind="product",
        reads="degree to which a caption is true of an image",
        axes={
            "caption": [str(caption) for caption in CAPTIONS],
            "image": named,
            "test": [f"{FULL[int(i)]} {j % c.tests}" for j, i in enumerate(tried)],
        },
        arrays=arrays,
        family=f"convolutional image encoder, captions {'made of words' if condition.is_made_of_words else 'atomic'}",
        kernel={"id": "sigmoid", "params": {"threshold": "1/2"}},
        data={
            "generator": "4 shapes in 4 colours, 6 by 6 pixels, at random places, with noise; fresh in every batch",
            "held out": [" ".join(pair) for pair in HELD_OUT],
            "condition": name,
        },
        found=_table(name, arrays, fits, order, caption_part),
    )


def _loss(c: Configuration, condition: Condition) -> Any:
    """Cross-entropy of each degree between a seen caption and a seen image; and of each entailment, if it is learnt."""
    seen = torch.tensor([i for i, caption in enumerate(FULL) if not caption.is_held_out])
    named = torch.tensor([i for i, caption in enumerate(CAPTIONS) if not caption.is_held_out])
    order = torch.from_numpy(entailment()).float()

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        device = next(model.parameters()).device
        which = seen[torch.randint(0, len(seen), (c.batch,), generator=generator)]
        logits, entailed = model(images(which, c.noise, generator).to(device))
        wanted = order[:, _FIRST_FULL + which]
        found = functional.binary_cross_entropy_with_logits(logits.float()[named.to(device)], wanted[named].to(device))
        if condition.has_category:
            found = found + functional.binary_cross_entropy_with_logits(entailed.float(), order.to(device))
        return found

    return loss


def _label(which: Tensor, axis: str) -> Content:
    """Which caption says all of an image, by number among all captions."""
    return Content((which.numpy() + _FIRST_FULL).astype(np.uint8), (axis,), "label", names=tuple(map(str, CAPTIONS)))


def _degrees(model: Degrees, drawn: Tensor) -> NDArray[np.float64]:
    with torch.no_grad():
        return np.asarray(torch.sigmoid(model(drawn).double()).cpu().numpy())


def _likeliest(fits: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The truest of the captions that say all, for each image."""
    return np.asarray(_FIRST_FULL + fits[_FIRST_FULL:].argmax(0), dtype=np.uint8)


def _of_its_part(fits: NDArray[np.float64], is_unseen: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The same among those held out for images of these, and among the others for the others."""
    held = np.array([caption.is_held_out for caption in CAPTIONS])[:, None]
    full = np.array([caption.is_full for caption in CAPTIONS])[:, None]
    return np.asarray(np.where(full & (held == is_unseen), fits, -1.0).argmax(0), dtype=np.uint8)


def _depicting(fits: NDArray[np.float64], order: NDArray[np.uint8], is_known: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The caption that represents each image within less than 1/2, on those captions that are known; else ``NONE``."""
    known = np.flatnonzero(is_known)
    gaps = np.abs(fits[known][:, None] - order[np.ix_(known, known)][:, :, None]).max(0)
    return np.where(gaps.min(0) < 0.5, known[gaps.argmin(0)], NONE).astype(np.uint8)


def _table(
    name: str,
    arrays: dict[str, Content],
    fits: NDArray[np.float64],
    order: NDArray[np.uint8],
    caption_part: NDArray[np.uint8],
) -> tuple[tuple[str, float | str], ...]:
    values = {key: np.asarray(content.values) for key, content in arrays.items()}
    tests, shown = values["split"], values["image.part"]

    def rate(pred: str, truth: str, part: int) -> float:
        return float((values[pred] == values[truth])[tests == part].mean())

    exact = values["relation.ideal"]
    known = ((0, caption_part == 0), (1, caption_part >= 0))
    full = [float((fits - exact)[np.ix_(caption_part <= part, shown == part)].max()) for part in (0, 1)]
    faithful = [float((exact - fits)[np.ix_(caption_part <= part, shown == part)].max()) for part in (0, 1)]
    violated = [_violation(fits[np.ix_(rows, shown == part)], order[np.ix_(rows, rows)]) for part, rows in known]
    return tuple(
        (f"{name}: {words}", f"{seen:.4f}  {unseen:.4f}")
        for words, seen, unseen in (
            ("not full by, on seen and unseen images", full[0], full[1]),
            ("not faithful by", faithful[0], faithful[1]),
            ("entailments violated by at most", violated[0], violated[1]),
            ("right caption of all sixteen", *(rate("top.pred.caption", "label", part) for part in (0, 1))),
            ("right caption of those of its part", *(rate("choice.pred.caption", "label", part) for part in (0, 1))),
            ("depicted by its own caption", *(rate("depicted.pred.caption", "label", part) for part in (0, 1))),
            ("rightly told seen or unseen", *(rate("detector.pred.unseen", "unseen.label", part) for part in (0, 1))),
        )
    )


def _violation(fits: NDArray[np.float64], order: NDArray[np.uint8]) -> float:
    """The most by which a caption is truer of an image than one that it entails."""
    return float(((order[:, :, None] * fits[None]).max(1) - fits).max())
