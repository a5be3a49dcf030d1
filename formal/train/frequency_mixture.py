"""Linear functions and sinusoids of several frequencies, half and half: asked about frequencies beyond, and about sums.

A linear function is w x, a sinusoid a sin(v x) + b cos(v x) with one of a few frequencies v; coefficients are standard
normal, places uniform in [-sqrt 3, sqrt 3], and values come with normal noise. One sweep goes over frequencies, below,
among, between and above those of the pretraining; another from linear functions to sinusoids through sums of both. The
oracle knows the frequency and the shares. The *hull* of the two classes holds, in each context, the mixtures of their
Bayes predictors.

Source: Yadlowsky, Doshi, Tripuraneni 2023, Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in
Transformer Models; RELATIONS.md, sections 2 to 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from formal.train.experiment import Contents, Experiment
from formal.train.gaussian import class_posterior, hull_point, mixed, posterior
from formal.train.sequence import Decoder, Draw, answers, learnt
from formal.train.squared_error import ROOTS, curve, mean_square, nought, roots, squares, values
from formal.train.trainer import Run

CLASSES = ("linear", "sine")
REACH = 3**0.5
"""Places lie between -REACH and REACH, with variance 1."""


@dataclass(frozen=True, slots=True)
class Configuration(Decoder):
    """Sizes of a run.

    Args:
        frequencies: of the pretraining.
        asked: frequencies of the one sweep.
        shares: of sinusoids along the other.
        noise: the standard deviation of what is told.
        examples: how many values are told before the one that is asked for.
        functions, questions: how many functions are drawn at each place of a sweep, and of each how many values are
            asked for.
        shown: how many functions at each place the relations are between.
        span: relations hold values from -span to span, as 0 to 1.
        highest: mean squared errors up to this are drawn as curves, as 0 to 1; higher ones as it.

    The decoder and its training are as in ``Decoder``.
    """

    frequencies: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 5.0)
    asked: tuple[float, ...] = (0.125, 0.25, 0.5, 1.0, 2.5, 3.0, 5.0, 6.0, 8.0, 12.0)
    shares: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    noise: float = 0.1
    examples: int = 12
    functions: int = 64
    questions: int = 8
    shown: int = 4
    span: float = 8.0
    highest: float = 8.0


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            examples=40,
            repeated=False,
            width=256,
            layers=12,
            heads=8,
            steps=5_000,
            batch=256,
            rate=3e-4,
            half=True,
            compiled=True,
        ),
    }
)


def features(x: Tensor, frequencies: Sequence[float] | Tensor) -> Tensor:
    """x, and sine and cosine of each frequency; shape (n, k, 1 + 2 f).

    Args:
        x: shape (n, k, 1).
        frequencies: the same of all functions, f of them, or those of each, shape (n, f).
    """
    speed = torch.as_tensor(frequencies, dtype=x.dtype, device=x.device).reshape(-1, 1, _many(frequencies))
    return torch.cat([x, torch.sin(x * speed), torch.cos(x * speed)], dim=-1)


def _many(frequencies: Sequence[float] | Tensor) -> int:
    return frequencies.shape[1] if isinstance(frequencies, Tensor) else len(frequencies)


def cases(frequencies: int) -> tuple[Tensor, Tensor]:
    """Standard deviations of the features' coefficients: of linear functions, and of sinusoids for each frequency."""
    one = torch.eye(frequencies, dtype=torch.float64)
    linear = torch.zeros(1, 1 + 2 * frequencies, dtype=torch.float64)
    linear[0, 0] = 1.0
    return linear, torch.cat([torch.zeros(frequencies, 1, dtype=torch.float64), one, one], dim=1)


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Sums of a linear function and a sinusoid: what is told, with noise, and what is asked for.

    Args:
        frequency: of each function, shape (n, 1).
        share: of the sinusoid.
        x, y, asked, truth: shapes (n, k, 1), (n, k), (n, q, 1) and (n, q), float64.
    """

    frequency: Tensor
    share: float
    x: Tensor
    y: Tensor
    asked: Tensor
    truth: Tensor

    @property
    def scale(self) -> Tensor:
        """Standard deviations of the coefficients of x, sine and cosine, shape (1, 3)."""
        return torch.tensor([[1 - self.share, self.share, self.share]], dtype=torch.float64)


def sample(c: Configuration, frequency: Tensor, share: float, generator: torch.Generator) -> Sample:
    """Functions (1 - share) linear + share sinusoid of these frequencies, shape (n, 1), and what is told and asked."""
    n = len(frequency)
    x = (2 * torch.rand(n, c.examples + c.questions, 1, generator=generator, dtype=torch.float64) - 1) * REACH
    coefficients = torch.randn(n, 3, 1, generator=generator, dtype=torch.float64)
    scale = torch.tensor([[1 - share], [share], [share]], dtype=torch.float64)
    values = (features(x, frequency) @ (scale * coefficients))[..., 0]
    noise = c.noise * torch.randn(n, c.examples, generator=generator, dtype=torch.float64)
    k = c.examples
    return Sample(frequency, share, x[:, :k], values[:, :k] + noise, x[:, k:], values[:, k:])


def drawn(c: Configuration) -> Draw:
    """Batches of sequences of linear functions and sinusoids."""
    known = torch.tensor(c.frequencies)

    def draw(number: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        device = generator.device
        x = (2 * torch.rand(number, c.examples + 1, 1, generator=generator, device=device) - 1) * REACH
        frequency = known.to(device)[torch.randint(len(known), (number, 1), generator=generator, device=device)]
        is_linear = torch.rand(number, 1, generator=generator, device=device) < 0.5
        scale = torch.cat([is_linear, ~is_linear, ~is_linear], dim=1).float()
        coefficients = scale * torch.randn(number, 3, generator=generator, device=device)
        y = (features(x, frequency) @ coefficients[..., None])[..., 0]
        return x, y + c.noise * torch.randn(y.shape, generator=generator, device=device)

    return draw


def exact(c: Configuration, given: Sample) -> dict[str, Tensor]:
    """What the Bayes predictors of the classes, of the mixture and of the oracle say; shapes (n, q)."""
    told, asked = features(given.x, c.frequencies), features(given.asked, c.frequencies)
    found = [class_posterior(told, given.y, asked, each, c.noise) for each in cases(len(c.frequencies))]
    means, evidences = (torch.stack(parts) for parts in zip(*found, strict=True))
    known = features(given.x, given.frequency), given.y, features(given.asked, given.frequency)
    return {
        **dict(zip(CLASSES, means, strict=True)),
        "mixture": mixed(means, evidences)[0],
        "oracle": posterior(*known, given.scale, c.noise)[0],
    }


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train on the mixture; ask along both sweeps."""
    c = configuration
    model = learnt(c, run, "model", drawn(c), dimension=1, examples=c.examples)
    places: list[str] = []
    errors: dict[str, list[Tensor]] = {}
    shown: dict[str, list[Tensor]] = {}

    def ask(place: str, given: Sample) -> None:
        said = answers(model, given.x, given.y, given.asked, repeated=c.repeated)
        ideal = exact(c, given)
        parts = torch.stack([ideal[each] for each in CLASSES])
        wrong = {"model": said, **ideal, "hull": hull_point(parts, given.truth)}
        far = {"excess": said - ideal["mixture"], "residual": said - hull_point(parts, said)}
        for each, difference in {**{name: answer - given.truth for name, answer in wrong.items()}, **far}.items():
            errors.setdefault(each, []).append(mean_square(difference))
        for each in ("model", "truth", *CLASSES, "mixture"):
            answer = given.truth if each == "truth" else wrong[each]
            shown.setdefault(each, []).append(answer[: c.shown])
        places.append(place)

    for frequency in c.asked:
        speed = torch.full((c.functions, 1), frequency, dtype=torch.float64)
        ask(f"frequency/{frequency:g}", sample(c, speed, 1.0, run.generator("frequency", str(frequency))))
    for share in c.shares:
        generator = run.generator("share", str(share))
        chosen = torch.randint(len(c.frequencies), (c.functions, 1), generator=generator)
        speed = torch.tensor(c.frequencies, dtype=torch.float64)[chosen]
        ask(f"share/{share:g}", sample(c, speed, share, generator))

    names = tuple(errors)
    return (
        Contents(
            name="mixtures-frequency",
            kind="product",
            reads=f"predicted value of functions along the sweeps, from -{c.span:g} to {c.span:g} as 0 to 1",
            axes={
                "rows": [f"{place}/{i}" for place in places for i in range(c.shown)],
                "columns": [f"q{i}" for i in range(c.questions)],
                "places": places,
                "functions": [str(i) for i in range(c.functions)],
                "predictors": names,
                "roots": ROOTS,
            },
            axis_names={
                "rows": "function of a sweep",
                "columns": "question",
                "places": "place of a sweep",
                "functions": "function",
                "predictors": "predictor, or how far the model is from the mixture's or the hull",
                "roots": "root of a mean squared distance",
            },
            arrays={
                **values(shown, c.span),
                "relation.curve": curve(errors, c.highest, ("places", "predictors")),
                "relation.root": roots(errors, c.highest, ("places", "roots")),
                "square.pred": squares(errors, ("predictors", "places", "functions"), truth="nought"),
                "nought": nought("places", len(places), c.functions),
            },
            family="causal transformer",
            kernel={"id": "regression", "params": {"span": str(c.span), "highest": str(c.highest)}},
            data={
                "generator": "linear functions of a number, and sinusoids of frequencies "
                + ", ".join(f"{each:g}" for each in c.frequencies),
                "noise": str(c.noise),
            },
            found=tuple(
                (
                    f"squared error at {place}",
                    "  ".join(f"{name} {errors[name][i].mean():.4f}" for name in names),
                )
                for i, place in enumerate(places)
            ),
        ),
    )


EXPERIMENT = Experiment(
    name="mixtures-frequency",
    title="linear functions and sinusoids of several frequencies: asked about others, and about sums",
    paper="Pretraining Data Mixtures Enable Narrow Model Selection Capabilities in Transformer Models",
    scales=SCALES,
    run=run,
)
