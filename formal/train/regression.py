"""Learning functions of real numbers in context: families with Gaussian coefficients, whose posterior means are exact.

A family has features, x or sin(w x), cos(w x), and independent standard normal coefficients of them. Values come with
normal noise. What a sequence model predicts is held against the Bayes predictor of the mixture, against an oracle that
knows which features a function uses and how, and against the *hull*: the best convex combination of the families'
predictors, with one weight in each context.

Source: Rasmussen, Williams 2006, 2.1 (posterior mean and evidence); Yadlowsky, Doshi, Tripuraneni 2023; RELATIONS.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from formal.bundle.write import Content
from formal.train import gaussian
from formal.train.context import SequenceLearner
from formal.train.experiment import Contents
from formal.train.sequence import tokens
from formal.train.squared_error import values
from formal.train.trainer import Plan, Run


@dataclass(frozen=True, slots=True)
class Family:
    """A class of functions.

    Args:
        name: of it.
        frequency: w of sinusoids; 0 for functions that are linear in x.
    """

    name: str
    frequency: float = 0.0


@dataclass(frozen=True, slots=True)
class Regression:
    """A mixture of families in equal parts, and who learns it.

    Args:
        name: of the mixture; its bundle is called ``mixtures-NAME``.
        families: two; x is uniform in [-sqrt 3, sqrt 3].
        examples: how many values come before the one that is asked for.
        noise: a standard deviation.
        sweep: the shares of the second family in sums of both.
        functions, questions: how many functions at each place of the sweep, and of each how many values are asked for.
        shown: how many functions of the middle of the sweep the relations are between.
        span: relations hold values from -span to span, as 0 to 1.
        width, layers, heads, steps, batch, rate, half, compiled: as elsewhere.
    """

    name: str
    families: tuple[Family, Family]
    examples: int = 10
    noise: float = 0.05
    sweep: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    functions: int = 256
    questions: int = 8
    shown: int = 32
    span: float = 6.0
    width: int = 48
    layers: int = 3
    heads: int = 4
    steps: int = 2500
    batch: int = 64
    rate: float = 2e-3
    half: bool = False
    compiled: bool = False

    def features(self, x: Tensor) -> Tensor:
        """Of all families, shape (…, p) from (…, 1)."""
        waves = [family.frequency for family in self.families if family.frequency]
        return torch.cat([x, *(wave for w in waves for wave in (torch.sin(w * x), torch.cos(w * x)))], dim=-1)

    def scales(self, family: Family) -> Tensor:
        """The standard deviations of all features' coefficients in a family, shape (p,)."""
        waves = [each for each in self.families if each.frequency]
        found = torch.zeros(1 + 2 * len(waves), dtype=torch.float64)
        at = 1 + 2 * waves.index(family) if family.frequency else 0
        found[at : at + 2 if family.frequency else 1] = 1.0
        return found

    def draw(self, number: int, generator: torch.Generator) -> Tensor:
        """Standard deviations for functions of the mixture, shape (number, p)."""
        which = torch.randint(len(self.families), (number,), generator=generator)
        # Nothing uses these; the batches of the committed bundles were drawn behind them.
        torch.rand(number, generator=generator)
        return torch.stack([self.scales(family) for family in self.families])[which]

    def placed(self, place: float, number: int) -> Tensor:
        """Standard deviations for functions at a place of the sweep, shape (number, p)."""
        left, right = (self.scales(family) for family in self.families)
        return ((1 - place) * left + place * right).expand(number, -1)


def sinusoid_mixture() -> Regression:
    """Linear functions of a number, and sinusoids of one frequency."""
    return Regression("sinusoid", (Family("linear"), Family("sine", frequency=3.0)))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Contexts and questions.

    Args:
        scale: standard deviations of the coefficients, shape (n, p).
        x, y: what is told, with noise, shapes (n, k, 1) and (n, k).
        asked, truth: where values are asked for and what they are, without noise; shapes (n, q, 1) and (n, q).
    """

    scale: Tensor
    x: Tensor
    y: Tensor
    asked: Tensor
    truth: Tensor


def sample(c: Regression, scale: Tensor, questions: int, generator: torch.Generator) -> Sample:
    """Functions with coefficients of these standard deviations, and what is told and asked of them."""
    n = len(scale)
    x = (2 * torch.rand(n, c.examples + questions, 1, generator=generator, dtype=torch.float64) - 1) * 3**0.5
    coefficients = scale * torch.randn(scale.shape, generator=generator, dtype=torch.float64)
    values = torch.einsum("nkp,np->nk", c.features(x), coefficients)
    noise = c.noise * torch.randn(n, c.examples, generator=generator, dtype=torch.float64)
    k = c.examples
    return Sample(scale, x[:, :k], values[:, :k] + noise, x[:, k:], values[:, k:])


def posterior(c: Regression, given: Sample, scale: Tensor) -> tuple[Tensor, Tensor]:
    """Posterior means of what is asked, and the logarithm of the evidence of what is told.

    Args:
        scale: standard deviations of the coefficients a priori, shape (n, p) or (1, p).
    Returns:
        shapes (n, q) and (n,).
    """
    return gaussian.posterior(c.features(given.x), given.y, c.features(given.asked), scale, c.noise)


def regress(c: Regression, run: Run) -> Contents:
    """Train on a mixture and hold what is predicted along the sweep against what is exact."""
    stage = f"regression-{c.name}"
    length = 2 * c.examples + 1
    model = run.build(
        stage,
        lambda: SequenceLearner(3, 1, length, cell="transformer", width=c.width, layers=c.layers, heads=c.heads),
    )

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        given = sample(c, c.draw(c.batch, generator), 1, generator)
        row = _tokens(given, given.asked[:, 0]).to(run.device)
        wanted = torch.cat([given.y, given.truth], dim=1).float().to(run.device)
        return (model(row)[:, 0::2, 0].float() - wanted).square().mean()

    run.fit(stage, model, loss, Plan(c.steps, c.rate, half=c.half, compiled=c.compiled))
    rows: list[str] = []
    errors: dict[str, list[NDArray[np.float64]]] = {}
    shown: dict[str, Tensor] = {}
    middle = c.sweep[len(c.sweep) // 2]
    table: list[tuple[str, float | str]] = []
    for place in c.sweep:
        generator = run.generator(stage, "sweep", str(place))
        given = sample(c, c.placed(place, c.functions), c.questions, generator)
        parts = [posterior(c, given, c.scales(family)[None]) for family in c.families]
        means, evidences = torch.stack([m for m, _ in parts]), torch.stack([e for _, e in parts])
        said = {
            "model": _asked(model, given),
            "mixture": gaussian.mixed(means, evidences)[0],
            "oracle": posterior(c, given, given.scale)[0],
            "hull": gaussian.hull_point(means, given.truth),
            **{family.name: mean for family, mean in zip(c.families, means, strict=True)},
        }
        rows += [f"{place:g}/{i}" for i in range(c.functions)]
        for name, answer in said.items():
            errors.setdefault(name, []).append((answer - given.truth).square().mean(1).numpy())
        if place == middle:
            shown = {name: answer[: c.shown] for name, answer in {**said, "truth": given.truth}.items()}
        words = "  ".join(f"{name} {errors[name][-1].mean():.4f}" for name in said)
        table.append((f"squared error at {place:g}", words))
    names = tuple(errors)
    square = np.stack([np.concatenate(errors[name]) for name in names]).astype(np.float32)
    return Contents(
        name=f"mixtures-{c.name}",
        kind="product",
        reads=f"predicted value, from -{c.span:g} to {c.span:g} as 0 to 1, in the middle of the sweep",
        axes={
            "rows": [f"{middle:g}/{i}" for i in range(c.shown)],
            "columns": [f"q{i}" for i in range(c.questions)],
            "cells": rows,
            "predictors": names,
        },
        axis_names={"rows": "context", "columns": "question", "cells": "place of the sweep", "predictors": "predictor"},
        arrays={
            **values({name: [answer] for name, answer in shown.items()}, c.span),
            "square.pred": Content(square, ("predictors", "cells"), "prediction", truth="nought"),
            "nought": Content(np.zeros(len(rows), dtype=np.float32), ("cells",), "label"),
        },
        family="causal transformer",
        kernel={"id": "regression", "params": {"span": str(c.span)}},
        data={
            "generator": " + ".join(family.name for family in c.families) + f", {c.examples} examples each",
            "noise": str(c.noise),
        },
        found=tuple(table),
    )


def _asked(model: Any, given: Sample) -> Tensor:
    """What the model answers, one question at a time; shape (n, q), float64."""
    device = next(model.parameters()).device
    with torch.no_grad():
        answers = [
            model(_tokens(given, question).to(device))[:, -1, 0].double().cpu() for question in given.asked.unbind(1)
        ]
    return torch.stack(answers, dim=1)


def _tokens(given: Sample, question: Tensor) -> Tensor:
    return tokens(torch.cat([given.x, question[:, None]], dim=1), given.y, repeated=False)
