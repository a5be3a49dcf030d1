"""Mixtures of two classes of functions: which class a context is from, and what is said where it is from neither.

*Finite.* Affine functions of three bits and thresholds of the number that the bits write, 16 each, half and half: the
coproduct F1 + F2 of presheaves on the 6561 contexts. The Bayes predictor of the coproduct is, in each context, a convex
combination of those of the parts, with the weights that their cardinalities have. Sums modulo 2 of one of each are
outside; contexts that only those extend are undetermined.

*Continuous.* Linear functions and sinusoids of one frequency, half and half, with Gaussian coefficients: posterior
means are exact. A sweep leads from the one class to the other through sums of both, which the hull does not contain.

Source: Yadlowsky, Doshi, Tripuraneni 2023, Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in
Transformer Models; RELATIONS.md, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import lcm
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from formal.bundle.write import Content
from formal.train.context import TableLearner
from formal.train.experiment import Contents, Experiment
from formal.train.gpicl import completion, exported
from formal.train.order_parameter import MOST
from formal.train.partial_function import (
    OPEN,
    affine,
    bayes,
    combinations,
    contexts,
    counts,
    functions,
    of_all,
    others,
    text,
    thresholds,
)
from formal.train.regression import Regression, regress, sinusoid_mixture
from formal.train.trainer import Plan, Run

GROUPS = ("affine", "threshold", "xor", "random")


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        dimension: functions are given on as many bits.
        width, layers, steps, batch, rate: of the learner on partial functions.
        probes: how many values of functions of each group are asked for, and the fewest that are told before.
        common: the most points in a context, among those that both classes extend, whose hull is exported.
        regression: the mixtures of functions of real numbers, one learner each.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    dimension: int = 3
    width: int = 128
    layers: int = 3
    steps: int = 2000
    batch: int = 256
    rate: float = 3e-3
    probes: int = 512
    told: int = 6
    common: int = 3
    regression: tuple[Regression, ...] = field(default_factory=lambda: (sinusoid_mixture(),))
    half: bool = False
    compiled: bool = False


def _large(mixture: Regression) -> Regression:
    """At the sizes of the paper."""
    return replace(mixture, width=256, layers=12, heads=8, steps=6_000, batch=256, rate=3e-4, half=True, compiled=True)


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            width=1024,
            layers=4,
            steps=5_000,
            batch=4096,
            rate=1e-3,
            half=True,
            compiled=True,
            regression=(_large(sinusoid_mixture()),),
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train on the finite mixture and on each continuous one."""
    return finite(configuration, run), *(regress(each, run) for each in configuration.regression)


EXPERIMENT = Experiment(
    name="mixtures",
    title="two classes of functions in one pretraining: selection inside, nothing outside",
    paper="Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in Transformer Models",
    scales=SCALES,
    run=run,
)


def finite(c: Configuration, run: Run) -> Contents:
    """The finite mixture: what is said of contexts that a class extends, and of values of four groups of functions."""
    points = 2**c.dimension
    given = contexts(points)
    parts = (affine(c.dimension), thresholds(points))
    mixture = np.concatenate(parts)
    model = run.build("finite", lambda: TableLearner(points, width=c.width, layers=c.layers))
    run.fit("finite", model, completion(mixture, c.batch), Plan(c.steps, c.rate, half=c.half, compiled=c.compiled))
    found = exported(model, given)
    ideal = bayes(given, mixture)
    totals = [counts(given, part)[0] for part in parts]
    levels = np.select([(totals[0] > 0) & (totals[1] > 0), totals[0] > 0, totals[1] > 0], [0, 1, 2], 3)
    names = ("both", "affine", "threshold")
    supported = levels < 3
    labels = [
        f"{names[k]}/{int((s != OPEN).sum())}/{text(s)}"
        for k, s in zip(levels[supported], given[supported], strict=True)
    ]
    common = (levels == 0) & ((given != OPEN).sum(1) <= c.common)
    both = given[common]
    error = np.nan_to_num(np.abs(found / MOST - ideal))
    mean_error = error.mean(1)[supported]
    is_selected = _is_selected(found, ideal)[supported]
    groups = {
        "affine": parts[0],
        "threshold": parts[1],
        "xor": combinations(*parts),
        "random": others(others(functions(points), mixture), combinations(*parts)),
    }
    asked = _questions(groups, c, run, given, supported)
    said = found[asked.contexts, asked.points]
    best = np.where(np.isnan(ideal), of_all(given), ideal)[asked.contexts, asked.points]
    residual = _residual(found[common] / MOST, both, parts)
    table: tuple[tuple[str, float | str], ...] = (
        *_told(asked, said, best),
        ("contexts that neither class extends", str(int((~supported).sum()))),
        ("mean error to Bayes on the others", float(mean_error.mean())),
        ("99th percentile of that error", float(np.quantile(mean_error, 0.99))),
        ("greatest error", float(error.max())),
        ("contexts where all that Bayes is sure of is said", float(is_selected.mean())),
        ("hull residual where both classes are possible, mean", float(residual.mean())),
    )
    exact_error = np.rint(mean_error * MOST).astype(np.uint8)
    nought = np.zeros(len(labels), dtype=np.uint8)
    arrays = {
        "relation": Content(found[supported], ("rows", "columns"), "relation", scale=f"q/{MOST}"),
        "relation.common": Content(found[common], ("common", "columns"), "relation", scale=f"q/{MOST}"),
        "relation.affine": _exact(both, parts[0]),
        "relation.threshold": _exact(both, parts[1]),
        "ideal.common": _exact(both, mixture),
        "error.pred": Content(exact_error, ("rows",), "prediction", scale=f"q/{MOST}", truth="nought"),
        "nought": Content(nought, ("rows",), "label", scale=f"q/{MOST}"),
        "selected.pred": Content(is_selected.astype(np.uint8), ("rows",), "prediction", truth="yes"),
        "yes": Content(np.ones(len(labels), dtype=np.uint8), ("rows",), "label"),
        "value": Content(asked.truth.astype(np.uint8), ("probes",), "label"),
        "icl.pred": Content(said, ("probes",), "prediction", scale=f"q/{MOST}", truth="value"),
        "bayes.pred": Content(best.astype(np.float32), ("probes",), "prediction", truth="value"),
    }
    axes = {
        "rows": (labels, "context of a class"),
        "columns": ([f"x{i}" for i in range(points)], "point"),
        "common": ([text(s) for s in both], "context of both classes"),
        "probes": (asked.labels, "question"),
    }
    return Contents(
        name="mixtures",
        kind="product",
        reads="probability that the value is 1 at a point",
        axes={axis: of for axis, (of, _) in axes.items()},
        axis_names={axis: name for axis, (_, name) in axes.items()},
        arrays=arrays,
        family="multilayer perceptron on contexts",
        kernel={"id": "probability", "params": {}},
        data={
            "generator": f"{len(parts[0])} affine functions of {c.dimension} bits, {len(parts[1])} thresholds",
            "sums modulo 2": len(groups["xor"]),
            "other functions": len(groups["random"]),
        },
        found=table,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Questions:
    """Values of functions that are asked for, after others were told; shape (questions,) each.

    Args:
        labels: GROUP/supported/NUMBER, or GROUP/undetermined/NUMBER where no function of the mixture fits.
        contexts: which context is told.
        points: where the value is asked for.
        truth: what it is.
    """

    labels: tuple[str, ...]
    contexts: NDArray[np.int64]
    points: NDArray[np.int64]
    truth: NDArray[np.int64]


def _questions(
    groups: Mapping[str, NDArray[np.int8]],
    c: Configuration,
    run: Run,
    given: NDArray[np.int8],
    supported: NDArray[np.bool_],
) -> Questions:
    """Questions about each group of functions, as many of each."""
    place = {text(s): i for i, s in enumerate(given)}
    found: list[tuple[str, int, int, int]] = []
    for name in GROUPS:
        for number, (f, kept, asked) in enumerate(_probes(groups[name], c, run.generator("probes", name))):
            row = place[text(np.where(kept, f, OPEN))]
            label = f"{name}/{'supported' if supported[row] else 'undetermined'}/{number}"
            found.append((label, row, asked, int(f[asked])))
    labels, rows, points, truth = zip(*found, strict=True)
    return Questions(labels, np.array(rows), np.array(points), np.array(truth))


def _told(asked: Questions, said: NDArray[np.uint8], best: NDArray[np.float64]) -> tuple[tuple[str, float], ...]:
    """What of the answers is right, by groups; ``best`` is what Bayes says."""
    right = (2 * said.astype(int) > MOST) == asked.truth
    group, fits, _ = np.array([label.split("/") for label in asked.labels]).T
    inside, lost = np.isin(group, GROUPS[:2]), fits == "undetermined"
    bayes_right = _right(best[inside], asked.truth[inside])
    return (
        ("inside the mixture: right answers", float(right[inside].mean())),
        ("inside the mixture: right answers of Bayes, ties counted as yes", bayes_right),
        ("inside the mixture: what Bayes expects of itself", float(np.maximum(best, 1 - best)[inside].mean())),
        ("sums modulo 2: right answers", float(right[group == "xor"].mean())),
        ("other functions: right answers", float(right[group == "random"].mean())),
        ("sums modulo 2, undetermined: right answers", float(right[(group == "xor") & lost].mean())),
        ("sums modulo 2, undetermined: how many of the questions", float(lost[group == "xor"].mean())),
    )


def _exact(given: NDArray[np.int8], among: NDArray[np.int8]) -> Content:
    """The Bayes predictor of a class on contexts that it extends, exactly."""
    total, ones = counts(given, among)
    common = lcm(*np.unique(total).tolist())
    dtype = np.uint8 if common <= np.iinfo(np.uint8).max else np.int32
    exact = (ones * (common // total)[:, None]).astype(dtype)
    return Content(exact, ("common", "columns"), "ideal", scale=f"q/{common}")


def _is_selected(found: NDArray[np.uint8], ideal: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the more likely values are right wherever the Bayes predictor is sure."""
    likely = 2 * found.astype(np.int64) > MOST
    return np.asarray(((ideal != 1) | likely).all(1) & ((ideal != 0) | ~likely).all(1))


def _residual(
    found: NDArray[np.float64], given: NDArray[np.int8], parts: tuple[NDArray[np.int8], NDArray[np.int8]]
) -> NDArray[np.float64]:
    """The mean difference to the nearest convex combination of the two predictors, one weight a context."""
    left, right = (bayes(given, part) for part in parts)
    weights = np.linspace(0, 1, 101)[:, None, None]
    return np.asarray(np.abs(weights * left + (1 - weights) * right - found).mean(-1).min(0))


def _probes(
    among: NDArray[np.int8], c: Configuration, generator: torch.Generator
) -> list[tuple[NDArray[np.int8], NDArray[np.bool_], int]]:
    """Functions drawn from a class, the points that are told, how many drawn first, and one that is asked for."""
    number, points = c.probes, among.shape[1]
    chosen = torch.randint(len(among), (number,), generator=generator).tolist()
    kept = torch.randint(c.told, points, (number, 1), generator=generator)
    places = torch.rand(number, points, generator=generator).argsort(1).argsort(1)
    told, asked = (places < kept).numpy(), (places == kept).int().argmax(1).tolist()
    return [(among[f], mask, place) for f, mask, place in zip(chosen, told, asked, strict=True)]


def _right(best: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    return float(((best >= 0.5) == truth.astype(bool)).mean())
