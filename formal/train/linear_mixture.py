"""Dense and sparse linear functions, each alone and half and half: three pretrainings, held against what is exact.

A dense function has d standard normal coefficients, a sparse one s of them, all others 0; places are standard normal
too, and values come with normal noise. Three decoders are trained: on dense functions, on sparse ones, on the mixture.
*Learning curves* hold them, after k examples, against least squares, Lasso, and the Bayes predictors of either class
and of the mixture; for dense functions that one is the ridge regression with the variance of the noise as its penalty.
A *sweep* asks the model of the mixture for functions with 1, …, d coefficients, an oracle knowing how many.

Source: Yadlowsky, Doshi, Tripuraneni 2023, Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in
Transformer Models; Garg et al. 2022 (the classes); RELATIONS.md, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.gaussian import (
    class_posterior,
    hull_point,
    lasso,
    least_squares,
    mixed,
    sparse,
    supports,
)
from formal.train.sequence import Decoder, Draw, answers, learnt
from formal.train.squared_error import ROOTS, curve, mean_square, nought, roots, squares, values
from formal.train.trainer import Run

CLASSES = ("dense", "sparse")
MODELS = ("model", "dense model", "sparse model")
"""Of the mixture, and of either class."""


@dataclass(frozen=True, slots=True)
class Configuration(Decoder):
    """Sizes of a run.

    Args:
        dimension, nonzero: of a place, and how many coefficients of a sparse function are not 0.
        noise: the standard deviation of what is told.
        told: after how many examples the curves ask; the greatest is how long sequences are.
        counts, after: how many coefficients are not 0 along the sweep, and how many examples are told there.
        functions, questions: how many functions are drawn at each place of a curve or of the sweep, and of each how
            many values are asked for.
        shown: how many functions at each place of the sweep the relations are between.
        span: relations hold values from -span to span, as 0 to 1.
        highest: mean squared errors up to this are drawn as curves, as 0 to 1; higher ones as it.

    The decoders and their training are as in ``Decoder``.
    """

    dimension: int = 5
    nonzero: int = 2
    noise: float = 0.1
    told: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 8)
    counts: tuple[int, ...] = (1, 2, 3, 4, 5)
    after: int = 4
    functions: int = 64
    questions: int = 8
    shown: int = 6
    span: float = 16.0
    highest: float = 16.0


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            dimension=20,
            told=(1, 2, 5, 10, 15, 20, 25, 30, 40),
            counts=(1, 2, 3, 4, 5, 6, 7, 20),
            after=10,
            shown=4,
            span=64.0,
            highest=64.0,
            repeated=False,
            width=256,
            layers=12,
            heads=8,
            steps=3_000,
            batch=256,
            rate=3e-4,
            half=True,
            compiled=True,
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Contexts and questions: what is told, with noise, and where values are asked for and what they are without.

    Args:
        x, y, asked, truth: shapes (n, k, d), (n, k), (n, q, d) and (n, q), float64.
    """

    x: Tensor
    y: Tensor
    asked: Tensor
    truth: Tensor

    def after(self, examples: int) -> Sample:
        """The same when only the first examples are told."""
        return Sample(self.x[:, :examples], self.y[:, :examples], self.asked, self.truth)


def sample(c: Configuration, scale: Tensor, examples: int, generator: torch.Generator) -> Sample:
    """Functions with coefficients of these standard deviations, shape (n, d), and what is told and asked of them."""
    n, device = len(scale), generator.device
    x, asked = (
        torch.randn(n, many, c.dimension, generator=generator, dtype=torch.float64, device=device)
        for many in (examples, c.questions)
    )
    coefficients = scale * torch.randn(scale.shape, generator=generator, dtype=torch.float64, device=device)
    noise = c.noise * torch.randn(n, examples, generator=generator, dtype=torch.float64, device=device)
    y, truth = ((places @ coefficients[..., None])[..., 0] for places in (x, asked))
    return Sample(x, y + noise, asked, truth)


def drawn(c: Configuration, classes: tuple[str, ...]) -> Draw:
    """Batches of sequences of functions of some classes, in equal parts."""
    counts = torch.tensor([c.dimension if each == "dense" else c.nonzero for each in classes])

    def draw(number: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        device = generator.device
        chosen = counts.to(device)[torch.randint(len(classes), (number,), generator=generator, device=device)]
        order = torch.rand(number, c.dimension, generator=generator, device=device).argsort(1).argsort(1)
        scale = (order < chosen[:, None]).float()
        coefficients = scale * torch.randn(scale.shape, generator=generator, device=device)
        x = torch.randn(number, max(c.told) + 1, c.dimension, generator=generator, device=device)
        y = (x @ coefficients[..., None])[..., 0]
        return x, y + c.noise * torch.randn(y.shape, generator=generator, device=device)

    return draw


def exact(c: Configuration, given: Sample, device: torch.device) -> dict[str, Tensor]:
    """What the Bayes predictors of the classes and of the mixture say; shapes (n, q)."""
    found = [bayes(c, given, nonzero, device) for nonzero in (c.dimension, c.nonzero)]
    means, evidences = (torch.stack(parts) for parts in zip(*found, strict=True))
    return {**dict(zip(CLASSES, means, strict=True)), "mixture": mixed(means, evidences)[0]}


def bayes(c: Configuration, given: Sample, nonzero: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Posterior means and evidence for a number of coefficients that are not 0: a sum over all supports."""
    x, y, asked = given.x.to(device), given.y.to(device), given.asked.to(device)
    mean, evidence = class_posterior(x, y, asked, supports(c.dimension, nonzero).to(device), c.noise)
    return mean.cpu(), evidence.cpu()


Say = Callable[[str, Sample], Tensor]
"""What a model, by its name, answers."""
Errors = dict[str, list[Tensor]]
"""For each predictor, at each place, a squared error for each function."""


def curves(c: Configuration, run: Run, said: Say) -> tuple[list[str], Errors, Errors]:
    """Places, squared errors there, and squared distances of each model to Bayes of what it was trained on."""
    places: list[str] = []
    errors: Errors = {}
    excess: Errors = {}
    for name, nonzero in zip(CLASSES, (c.dimension, c.nonzero), strict=True):
        generator = run.generator("curve", name)
        whole = sample(c, sparse(c.functions, c.dimension, nonzero, generator), max(c.told), generator)
        for k in c.told:
            given = whole.after(k)
            learners, ideal = {each: said(each, given) for each in MODELS}, exact(c, given, run.device)
            others = {
                "lasso": lasso(given.x, given.y, given.asked, c.noise),
                "least squares": least_squares(given.x, given.y, given.asked),
            }
            for each, answer in {**learners, **ideal, **others}.items():
                errors.setdefault(each, []).append(mean_square(answer - given.truth))
            for each, best in zip(MODELS, ("mixture", *CLASSES), strict=True):
                excess.setdefault(each, []).append(mean_square(learners[each] - ideal[best]))
            places.append(f"{name}/{k}")
    return places, errors, excess


def sweep(c: Configuration, run: Run, said: Say) -> tuple[Errors, Errors]:
    """Squared errors along the sweep, with how far the model is from the hull; and some of the values themselves."""
    errors: Errors = {}
    shown: Errors = {}
    for count in c.counts:
        generator = run.generator("sweep", str(count))
        given = sample(c, sparse(c.functions, c.dimension, count, generator), c.after, generator)
        model, ideal = said("model", given), exact(c, given, run.device)
        parts = torch.stack([ideal[each] for each in CLASSES])
        oracle = bayes(c, given, count, run.device)[0]
        answered = {"model": model, **ideal, "oracle": oracle, "hull": hull_point(parts, given.truth)}
        for each, answer in answered.items():
            errors.setdefault(each, []).append(mean_square(answer - given.truth))
        errors.setdefault("residual", []).append(mean_square(hull_point(parts, model) - model))
        for each, answer in {"model": model, "truth": given.truth, **ideal}.items():
            shown.setdefault(each, []).append(answer[: c.shown])
    return errors, shown


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train on the mixture and on either class; ask after more and more examples, and along the sweep."""
    c = configuration
    training = {"model": CLASSES, "dense model": ("dense",), "sparse model": ("sparse",)}
    models = {
        name: learnt(c, run, name, drawn(c, classes), dimension=c.dimension, examples=max(c.told))
        for name, classes in training.items()
    }

    def said(name: str, given: Sample) -> Tensor:
        return answers(models[name], given.x, given.y, given.asked, repeated=c.repeated)

    places, errors, excess = curves(c, run, said)
    swept, shown = sweep(c, run, said)

    least = torch.stack(errors.pop("least squares"))
    return (
        Contents(
            name="mixtures-sparse",
            kind="product",
            reads=f"predicted value of functions along the sweep, from -{c.span:g} to {c.span:g} as 0 to 1",
            axes={
                "rows": [f"{count}/{i}" for count in c.counts for i in range(c.shown)],
                "columns": [f"q{i}" for i in range(c.questions)],
                "places": places,
                "counts": [str(count) for count in c.counts],
                "functions": [str(i) for i in range(c.functions)],
                "predictors": tuple(errors),
                "learners": MODELS,
                "answers": tuple(swept),
                "roots": ROOTS,
            },
            axis_names={
                "rows": "function of the sweep",
                "columns": "question",
                "places": "class and number of examples",
                "counts": "coefficients that are not 0",
                "functions": "function",
                "predictors": "predictor",
                "learners": "model",
                "answers": "predictor, or how far the model is from the hull",
                "roots": "root of a mean squared distance",
            },
            arrays={
                **values(shown, c.span),
                "relation.curve": curve(errors, c.highest, ("places", "predictors")),
                "relation.excess": curve(excess, c.highest, ("places", "learners")),
                "relation.sweep": curve(swept, c.highest, ("counts", "answers")),
                "relation.root": roots(swept, c.highest, ("counts", "roots")),
                "square.pred": squares(errors, ("predictors", "places", "functions"), truth="nought"),
                "excess.pred": squares(excess, ("learners", "places", "functions"), truth="nought"),
                "least.pred": Content(least.float().numpy(), ("places", "functions"), "prediction", truth="nought"),
                "nought": nought("places", len(places), c.functions),
                "sweep.pred": squares(swept, ("answers", "counts", "functions"), truth="sweep.nought"),
                "sweep.nought": nought("counts", len(c.counts), c.functions),
            },
            family="causal transformer",
            kernel={"id": "regression", "params": {"span": str(c.span), "highest": str(c.highest)}},
            data={
                "generator": f"linear functions of {c.dimension} numbers, all coefficients or {c.nonzero} of them",
                "noise": str(c.noise),
            },
            found=_table(places, {**errors, "least squares": list(least)}, excess, c.counts, swept),
        ),
    )


def _table(
    places: list[str], errors: Errors, excess: Errors, counts: tuple[int, ...], swept: Errors
) -> tuple[tuple[str, float | str], ...]:
    def words(found: Errors, i: int) -> str:
        return "  ".join(f"{name} {values[i].mean():.4f}" for name, values in found.items())

    return (
        *((f"squared error at {place}", words(errors, i)) for i, place in enumerate(places)),
        *((f"excess at {place}", words(excess, i)) for i, place in enumerate(places)),
        *((f"squared error of {count} coefficients", words(swept, i)) for i, count in enumerate(counts)),
    )


EXPERIMENT = Experiment(
    name="mixtures-sparse",
    title="dense and sparse linear functions, alone and half and half: learning curves and a sweep between them",
    paper="Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in Transformer Models",
    scales=SCALES,
    run=run,
)
