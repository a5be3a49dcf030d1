"""General-purpose in-context learning in its finite core: what becomes of a learner as it sees more functions.

Functions from 8 points to {0, 1}; contexts are the 6561 partial functions. For K = 4, 24, 96, 208 of the 256 functions
a learner is trained to complete contexts of these functions. Where none of them extends the context, two things may
happen: it is answered by one of the functions seen (a retraction onto these), or as if all functions were possible (the
values that were given, and doubt elsewhere). The order parameter is how often the answer agrees with its context, and
how confident it is where the context is open.

Source: Kirsch et al. 2022; RELATIONS.md, sections 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.context import TableLearner
from formal.train.experiment import Contents, Experiment
from formal.train.order_parameter import MOST, order_parameter
from formal.train.partial_function import OPEN, contexts, counts, functions, text
from formal.train.trainer import Plan, Run

NONE = "none"
"""How contexts are called that no function extends that was ever seen."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        points: on which functions are given.
        seen: how many functions are seen, increasing; each learner has seen those of the one before.
        width, layers: of the learner.
        steps, batch, rate: of training it.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    points: int = 8
    seen: tuple[int, ...] = (4, 24, 96, 208)
    width: int = 128
    layers: int = 3
    steps: int = 2000
    batch: int = 256
    rate: float = 3e-3
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            seen=(1, 2, 4, 8, 16, 24, 32, 64, 96, 128, 208, 240),
            width=1024,
            layers=4,
            steps=3_000,
            batch=4096,
            rate=1e-3,
            half=True,
        ),
    }
)


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train a learner for each number of seen functions and export what all of them say of all contexts."""
    c = configuration
    given, every = contexts(c.points), functions(c.points)
    order = torch.randperm(len(every), generator=run.generator("order")).numpy()
    found: dict[int, NDArray[np.uint8]] = {}
    for number in c.seen:
        model = run.build(f"seen{number}", lambda: TableLearner(c.points, width=c.width, layers=c.layers))
        plan = Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)
        run.fit(f"seen{number}", model, completion(every[order[:number]], c.batch), plan)
        found[number] = exported(model, given)
    first = {number: counts(given, every[order[:number]])[0] > 0 for number in c.seen}
    labels = [
        f"{next((str(k) for k in c.seen if first[k][i]), NONE)}/{int((s != OPEN).sum())}/{text(s)}"
        for i, s in enumerate(given)
    ]
    seen, unseen = every[order[: c.seen[0]]], every[order[c.seen[-1] :]]
    furthest = unseen[int((unseen[:, None] != seen[None]).sum(-1).min(-1).argmax())]
    orders = {number: order_parameter(given, found[number], every[order[:number]]) for number in c.seen}
    axes = {"rows": labels, "columns": [f"x{i}" for i in range(c.points)], "seen": [f"k{k}" for k in c.seen]}
    stacked = {
        key: np.stack([getattr(orders[k], key) for k in c.seen])
        for key in ("agrees", "retracts", "confidence", "error")
    }
    arrays = {
        "relation": Content(found[c.seen[-1]], ("rows", "columns"), "relation", scale=f"q/{MOST}"),
        f"relation.k{c.seen[0]}": Content(found[c.seen[0]], ("rows", "columns"), "relation", scale=f"q/{MOST}"),
        "task.seen": Content(seen[0].astype(np.uint8), ("columns",), "task"),
        "task.unseen": Content(furthest.astype(np.uint8), ("columns",), "task"),
        "yes": Content(np.ones(len(given), dtype=np.uint8), ("rows",), "label"),
        "nought": Content(np.zeros(len(given), dtype=np.uint8), ("rows",), "label", scale=f"q/{MOST}"),
        **{
            f"{key}.pred": Content(stacked[key].astype(np.uint8), ("seen", "rows"), "prediction", truth="yes")
            for key in ("agrees", "retracts")
        },
        **{
            f"{key}.pred": Content(
                np.rint(stacked[key] * MOST).astype(np.uint8),
                ("seen", "rows"),
                "prediction",
                scale=f"q/{MOST}",
                truth="nought",
            )
            for key in ("confidence", "error")
        },
    }
    table: list[tuple[str, float | str]] = []
    for k in c.seen:
        off, is_open = ~first[k], (given == OPEN).any(1)
        each = orders[k]
        table += [
            (f"{k} seen: contexts that none extends", str(int(off.sum()))),
            (f"{k} seen: answers there that agree with the context", _mean(each.agrees[off])),
            (f"{k} seen: answers there that are a function seen", _mean(each.retracts[off])),
            (f"{k} seen: confidence there where the context is open", _mean(each.confidence[off & is_open])),
            (f"{k} seen: the median of that confidence", _median(each.confidence[off & is_open])),
            (f"{k} seen: mean error to Bayes on the others", _mean(each.error[~off])),
        ]
    contents = Contents(
        name="gpicl",
        kind="product",
        reads="probability that the value is 1 at a point, for the greatest number of seen functions",
        axes=axes,
        axis_names={"rows": "context", "columns": "point", "seen": "number of seen functions"},
        arrays=arrays,
        family="multilayer perceptron on contexts",
        kernel={"id": "probability", "params": {}},
        data={"generator": f"all functions from {c.points} points to 0 and 1", "order": order.tolist()},
        found=tuple(table),
    )
    return (contents,)


EXPERIMENT = Experiment(
    name="gpicl",
    title="completing functions of 8 bits, after seeing few or most of them",
    paper="General-Purpose In-Context Learning by Meta-Learning Transformers, section 4.1: its phases",
    scales=SCALES,
    run=run,
)


def completion(among: NDArray[np.int8], batch: int) -> Any:
    """Cross-entropy of all values of functions drawn from a class, from contexts of all sizes alike."""
    table = torch.from_numpy(among)

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        device = next(model.parameters()).device
        chosen = table[torch.randint(len(table), (batch,), generator=generator)]
        given = hidden(chosen, generator)
        return functional.binary_cross_entropy_with_logits(model(given.to(device)).float(), chosen.float().to(device))

    return loss


def hidden(chosen: Tensor, generator: torch.Generator) -> Tensor:
    """Functions with values left open: how many is drawn first, from all numbers alike, then which."""
    n, points = chosen.shape
    kept = torch.randint(points + 1, (n, 1), generator=generator)
    places = torch.rand(n, points, generator=generator).argsort(1).argsort(1)
    return torch.where(places < kept, chosen, torch.full_like(chosen, OPEN))


def exported(model: Any, given: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Probabilities that values are 1, in multiples of 1/255, shape (contexts, points)."""
    with torch.no_grad():
        logits = model(torch.from_numpy(given).to(next(model.parameters()).device))
        return np.asarray((torch.sigmoid(logits.double()) * MOST).round().cpu().numpy().astype(np.uint8))


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _median(values: NDArray[Any]) -> float:
    return float(np.median(values)) if len(values) else float("nan")
