"""What is said to shorten the plateau before learning in context: larger batches, a smaller epsilon, a biased order.

Before a learner learns in context its loss stays at that of guessing for a while. Curves of the loss are told, each
point the mean of some steps in a row, and the step at which the loss is below a level for the first time. They are
measurements: no theorem says anything of them.

Source: Kirsch et al. 2022, 4.4.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.glyph import shown, words
from formal.train.projected import Sizes, Variant, learner, prediction, tasks
from formal.train.trainer import Plan, Run

DIGITS = 10_000
"""Losses are told in units of 1/10000 nat."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        sizes: of sequences.
        glyphs: how many drawn classes the pictures show; 0 for scikit-learn's digits, as many as there are labels.
        tasks: how many are trained on.
        steps, rate: of training each model; the rate is constant.
        points: of a curve.
        level: in nats; the plateau ends where the loss is below it.
        width, layers, heads, batch: of all learners, but for what is changed.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    sizes: Sizes = field(default_factory=Sizes)
    glyphs: int = 0
    tasks: int = 2**13
    steps: int = 2500
    rate: float = 1e-3
    points: int = 80
    level: float = 1.0
    width: int = 32
    layers: int = 2
    heads: int = 4
    batch: int = 32
    half: bool = False
    compiled: bool = False

    @property
    def variants(self) -> tuple[Variant, ...]:
        """The learner as it is, and with one thing changed."""
        plain = Variant("plain", self.tasks, "transformer", self.width, self.layers, self.heads, self.batch)
        return (
            plain,
            replace(plain, name="batch-4x", batch=4 * self.batch),
            replace(plain, name="epsilon-1e-4", epsilon=1e-4),
            replace(plain, name="epsilon-1e-12", epsilon=1e-12),
            replace(plain, name="biased-1/4", biased=0.25),
        )


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            sizes=Sizes(labels=10, features=32, length=100),
            glyphs=256,
            tasks=2**16,
            steps=3_000,
            rate=3e-4,
            points=100,
            level=2.0,
            width=256,
            layers=4,
            heads=8,
            batch=64,
            half=True,
            compiled=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train the learner with each of the changes, on the same tasks, and tell the curves of the loss."""
    c = configuration
    training = shown(c.glyphs, c.sizes.labels, run.generator("glyphs"))[0].to(run.device)
    known = tasks(c.sizes, c.tasks, training.pixels.shape[-1], training.classes, run.generator("seen tasks"))
    known = known.to(run.device)
    curves: list[NDArray[np.int64]] = []
    for variant in c.variants:
        model = run.build("learner", lambda v=variant: learner(c.sizes, v))  # type: ignore[misc]
        plan = Plan(c.steps, c.rate, "constant", half=c.half, compiled=c.compiled, epsilon=variant.epsilon)
        losses = run.fit(variant.name.replace("/", "-"), model, prediction(c.sizes, variant, known, training), plan)
        curves.append(thinned(losses.numpy(), c.points))
    return (_contents(c, np.stack(curves)),)


def thinned(losses: NDArray[np.float64], points: int) -> NDArray[np.int64]:
    """Means of steps in a row, in units of 1/10000, at most so many; each but the last of as many steps."""
    window = -(-len(losses) // points)
    return np.array([round(float(losses[i : i + window].mean()) * DIGITS) for i in range(0, len(losses), window)])


def ends(curve: NDArray[np.int64], level: float, steps: int) -> int:
    """The first step of the first point of a curve that is below a level; the number of steps where none is."""
    below = np.flatnonzero(curve < level * DIGITS)
    return int(below[0]) * -(-steps // len(curve)) if len(below) else steps


def _contents(c: Configuration, curves: NDArray[np.int64]) -> Contents:
    names = [variant.name for variant in c.variants]
    end = [ends(curve, c.level, c.steps) for curve in curves]
    window = -(-c.steps // c.points)
    return Contents(
        name="gpicl-interventions",
        kind="lawvere",
        reads="mean loss in nats, over the steps from this one on",
        axes={
            "rows": names,
            "columns": [str(at * window) for at in range(curves.shape[1])],
            "steps": ["end", "last"],
        },
        axis_names={"rows": "learner", "columns": "step", "steps": "where the plateau is over, and training"},
        arrays={
            "relation": Content(curves.astype(np.uint16), ("rows", "columns"), "relation", scale=f"q/{DIGITS}"),
            "plateau": Content(np.array([[e, c.steps] for e in end], dtype=np.int32), ("rows", "steps"), "count"),
        },
        family="causal transformer",
        kernel={"id": "loss", "params": {"level": str(c.level)}},
        data={"generator": f"{words(c.glyphs, c.sizes.labels)}, projected and relabelled", "tasks": c.tasks},
        found=tuple(
            (f"{name}: the plateau ends at step; loss at the end", f"{at}; {curve[-1] / DIGITS:.3f}")
            for name, at, curve in zip(names, end, curves, strict=True)
        ),
    )


EXPERIMENT = Experiment(
    name="gpicl-interventions",
    title="what is said to shorten the plateau before learning in context",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, section 4.4: interventions",
    scales=SCALES,
    run=run,
)
