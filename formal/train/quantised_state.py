"""Learners in context whose state is some bits: as many rows as states, and how far from Bayes that leaves them.

A history says the values of an unknown function at some points, one after another. There are 3^points contexts that a
history can come to, and the Bayes predictor of all functions answers no two of them alike. A learner that keeps b bits
between two examples has at most 2^b rows. With fewer states than contexts it is at least 1/4 from Bayes, with fewer
states than functions at least 1/2: one row then answers two histories that say different things of a point. Both
bounds are attained, by rows that are written down here. A state of real numbers has no such bound.

Source: RELATIONS.md, section 3; Kirsch et al. 2022, 4.3 (accessible state); Bengio, Léonard, Courville 2013
(straight-through gradients); Nerode 1958.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations, product
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.partial_function import OPEN, of_all
from formal.train.trainer import Plan, Run

MOST = 65534
"""Probabilities are exported as multiples of 1/65534, of which 1/2 is one."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        points: of the functions.
        bits: the sizes of states, a learner each, increasing.
        real: of how many real numbers the state of the learner without bits is.
        width: of the hidden layers.
        steps, rate: of training each learner.
        noise: a standard deviation, of what is added to the numbers whose signs are the bits, in training.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    points: int = 3
    bits: tuple[int, ...] = (1, 2, 3, 4, 5, 6)
    real: int = 2
    width: int = 64
    steps: int = 3000
    rate: float = 3e-3
    noise: float = 0.3
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(points=4, bits=(1, 2, 3, 4, 5, 6, 7, 8), width=512, steps=3_000, rate=1e-3),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """All orders in which some of the values of a function are told.

    Args:
        examples: the numbers 2 x + y of the examples of each, the shorter histories first.
        before: the number of each history without its last example, shape (n,); of the empty one 0.
        last: its last example, shape (n,); of the empty one 0.
        contexts: what each comes to, a partial function, shape (n, points).
    """

    examples: tuple[tuple[int, ...], ...]
    before: NDArray[np.int64]
    last: NDArray[np.int64]
    contexts: NDArray[np.int8]

    def levels(self) -> list[slice]:
        """The histories of each length."""
        lengths = [len(one) for one in self.examples]
        ends = [0, *(i for i in range(1, len(lengths)) if lengths[i] != lengths[i - 1]), len(lengths)]
        return [slice(a, b) for a, b in pairwise(ends)]

    def labels(self) -> list[str]:
        """Such as ``b=1 a=0``: the points are letters; of the empty one ``.``."""
        return [" ".join(f"{chr(97 + e // 2)}={e % 2}" for e in one) or "." for one in self.examples]


def histories(points: int) -> Histories:
    """All histories of different points.

    >>> found = histories(2)
    >>> len(found.examples), found.labels()[:4], found.contexts[5].tolist()
    (13, ['.', 'a=0', 'a=1', 'b=0'], [0, 0])
    """
    examples = tuple(
        tuple(2 * x + y for x, y in zip(order, values, strict=True))
        for length in range(points + 1)
        for order in permutations(range(points), length)
        for values in product((0, 1), repeat=length)
    )
    number = {one: i for i, one in enumerate(examples)}
    contexts = np.full((len(examples), points), OPEN, dtype=np.int8)
    for i, one in enumerate(examples):
        for example in one:
            contexts[i, example // 2] = example % 2
    before = np.array([number[one[:-1]] for one in examples])
    return Histories(examples, before, np.array([one[-1] if one else 0 for one in examples]), contexts)


class Learner(nn.Module):
    """A state, how an example changes it, and what it answers.

    Args:
        points: of the functions.
        size: of the state: bits, each -1 or 1, or real numbers between these.
        width: of the hidden layers.
        bits: whether the state is rounded to bits.
    """

    def __init__(self, points: int, size: int, *, width: int, bits: bool) -> None:
        super().__init__()
        self.start = nn.Parameter(torch.randn(size))
        self.move = nn.Sequential(nn.Linear(size + 2 * points, width), nn.GELU(), nn.Linear(width, size))
        self.read = nn.Sequential(nn.Linear(size, width), nn.GELU(), nn.Linear(width, points))
        self.bits = bits
        self.points = points

    def rounded(self, values: Tensor) -> Tensor:
        """The signs of numbers, with the gradient of the hyperbolic tangent; this itself where there are no bits."""
        soft = torch.tanh(values)
        if not self.bits:
            return soft
        return soft + (torch.where(values < 0, -1.0, 1.0) - soft).detach()

    def first(self) -> Tensor:
        """The state before all examples, shape (size,)."""
        return self.rounded(self.start)

    def after(self, state: Tensor, example: Tensor, noise: Tensor | float = 0.0) -> Tensor:
        """The states after an example, shape (n, size), from states, shape (n, size), and examples, shape (n,)."""
        told = functional.one_hot(example, 2 * self.points).to(state.dtype)
        return self.rounded(self.move(torch.cat([state, told], 1)) + noise)

    def forward(self, told: Told, noise: Tensor) -> Tensor:
        """Logits that values are 1, shape (histories, points)."""
        states = [self.first()[None]]
        for level, before, last in told.steps:
            states.append(self.after(torch.cat(states)[before], last, noise[level]))
        found: Tensor = self.read(torch.cat(states))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Histories as tensors, and what Bayes answers.

    Args:
        steps: for each length from 1 on which histories, what they extend, and by what.
        ideal: shape (histories, points).
    """

    steps: tuple[tuple[slice, Tensor, Tensor], ...]
    ideal: Tensor


def _told(every: Histories, device: torch.device) -> Told:
    steps = tuple(
        (level, torch.from_numpy(every.before[level]).to(device), torch.from_numpy(every.last[level]).to(device))
        for level in every.levels()[1:]
    )
    return Told(steps, torch.from_numpy(of_all(every.contexts)).float().to(device))


def _loss(told: Told, size: int, noise: float) -> Any:
    """Cross-entropy to Bayes, the mean over all histories and points: the expected one over all functions."""

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        drawn = noise * torch.randn(len(told.ideal), size, generator=generator).to(told.ideal.device)
        return functional.binary_cross_entropy_with_logits(model(told, drawn).float(), told.ideal)

    return loss


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """A learner as a finite automaton with 2^b states, the numbers whose binary digits are its bits.

    Args:
        first: the state before all examples.
        after: the state after an example, shape (states, examples).
        answers: multiples of 1/MOST, shape (states, points).
    """

    first: int
    after: NDArray[np.int64]
    answers: NDArray[np.uint16]

    def states(self, every: Histories) -> NDArray[np.int64]:
        """The state that each history leads to, shape (histories,)."""
        found = np.full(len(every.examples), self.first)
        for level in every.levels()[1:]:
            found[level] = self.after[found[every.before[level]], every.last[level]]
        return found


def machine(model: Learner, size: int) -> Machine:
    """The automaton that a learner is whose state is bits."""
    device = model.start.device
    with torch.no_grad():
        states = torch.arange(2**size, device=device)
        bits = (states[:, None] >> torch.arange(size, device=device) & 1).float() * 2 - 1
        after = [model.after(bits, torch.full_like(states, e)) for e in range(2 * model.points)]
        answers = _stored(torch.sigmoid(model.read(bits)))
        return Machine(int(_number(model.first()[None])), np.stack([_numbers(one) for one in after], 1), answers)


def _number(state: Tensor) -> int:
    return int(_numbers(state)[0])


def _numbers(states: Tensor) -> NDArray[np.int64]:
    places = 2 ** torch.arange(states.shape[1], device=states.device)
    return np.asarray(((states > 0).long() * places).sum(1).cpu().numpy())


def _stored(probabilities: Tensor) -> NDArray[np.uint16]:
    return np.asarray((probabilities.double() * MOST).round().cpu().numpy().astype(np.uint16))


def a_row_for_each_function(contexts: NDArray[np.int8]) -> NDArray[np.float64]:
    """Rows, 2^points different ones, that are 1/4 from Bayes: what is not said is answered like a 0."""
    return np.where(contexts == 1, 0.75, 0.25)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train a learner for each number of bits, and one without; export what each answers after every history."""
    c = configuration
    every = histories(c.points)
    told = _told(every, run.device)
    ideal = of_all(every.contexts)
    found: dict[str, NDArray[np.uint16]] = {}
    states: list[NDArray[np.int64]] = []
    plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)
    for size in c.bits:
        model = run.build(f"bits{size}", lambda b=size: Learner(c.points, b, width=c.width, bits=True))  # type: ignore[misc]
        run.fit(f"bits{size}", model, _loss(told, size, c.noise), plan)
        automaton = machine(model, size)
        states.append(automaton.states(every))
        found[f"b{size}"] = automaton.answers[states[-1]]
    free = run.build("real", lambda: Learner(c.points, c.real, width=c.width, bits=False))
    run.fit("real", free, _loss(told, c.real, 0.0), plan)
    with torch.no_grad():
        found["real"] = _stored(torch.sigmoid(free(told, torch.zeros(len(ideal), c.real, device=run.device))))
    return (_contents(c, every, found, np.stack(states)),)


def _contents(
    c: Configuration, every: Histories, found: dict[str, NDArray[np.uint16]], states: NDArray[np.int64]
) -> Contents:
    ideal = of_all(every.contexts)
    is_said = every.contexts != OPEN
    right = {
        name: (~is_said | ((2 * rows.astype(np.int64) > MOST) == (every.contexts == 1))).all(1)
        for name, rows in found.items()
    }
    table: list[tuple[str, float | str]] = []
    for name, rows in found.items():
        error = np.abs(rows / MOST - ideal)
        table += [
            (f"{name}: different rows", str(len(np.unique(rows, axis=0)))),
            (f"{name}: greatest, mean error to Bayes", f"{error.max():.3f}, {error.mean():.3f}"),
            (f"{name}: histories all of whose values are recalled", float(right[name].mean())),
        ]
    scale, axes = f"q/{MOST}", ("rows", "columns")
    quarter = a_row_for_each_function(every.contexts)
    arrays = {
        "relation": Content(found[f"b{c.bits[-1]}"], axes, "relation", scale=scale),
        **{f"relation.{name}": Content(rows, axes, "relation", scale=scale) for name, rows in found.items()},
        "relation.ideal": Content((2 * ideal).astype(np.uint8), axes, "ideal", scale="q/2"),
        "relation.constant": Content(np.ones(ideal.shape, dtype=np.uint8), axes, "relation", scale="q/2"),
        "relation.quarter": Content((4 * quarter).astype(np.uint8), axes, "relation", scale="q/4"),
        "state": Content(states.astype(np.uint8), ("bits", "rows"), "state"),
        "yes": Content(np.ones(len(ideal), dtype=np.uint8), ("rows",), "label"),
        "recalls.pred": Content(
            np.stack(list(right.values())).astype(np.uint8), ("learners", "rows"), "prediction", truth="yes"
        ),
    }
    return Contents(
        name="quantised-state",
        kind="product",
        reads="probability that the value is 1 at a point, after a history",
        axes={
            "rows": every.labels(),
            "columns": [chr(97 + x) for x in range(c.points)],
            "learners": list(found),
            "bits": [f"b{b}" for b in c.bits],
        },
        axis_names={"rows": "history", "columns": "point", "learners": "state", "bits": "bits of state"},
        arrays=arrays,
        family="recurrent network with a state of bits",
        kernel={"id": "probability", "params": {}},
        data={"generator": f"all histories of values of all functions from {c.points} points to 0 and 1"},
        found=tuple(table),
    )


EXPERIMENT = Experiment(
    name="quantised-state",
    title="learners in context that keep a few bits, against Bayes",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, section 4.3: state size",
    scales=SCALES,
    run=run,
)
