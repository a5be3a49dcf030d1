"""A decoder that reads examples of a function one after another and predicts each value before it is told.

A sequence is x_1, f(x_1), x_2, f(x_2), …, a token each. With *repeated* places the token of a value says its place
again, so that no layer is needed to bring the two together; without, it is as in the papers.

Source: Garg, Tsipras, Liang, Valiant 2022, What Can Transformers Learn In-Context?; Yadlowsky, Doshi, Tripuraneni 2023.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from formal.train.context import SequenceLearner
from formal.train.trainer import Plan, Run

Draw = Callable[[int, torch.Generator], tuple[Tensor, Tensor]]
"""Draws functions, and of each a row of places and the values told there: shapes (n, k, d) and (n, k), on the device of
the generator."""
_ROWS = 4096
"""Sequences in one pass when answers are read off."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """Who learns, and how; configurations of experiments extend it.

    Args:
        repeated: whether the token of a value says its place again.
        width, layers, heads: of the transformer.
        steps, batch, rate, half, compiled: of its training.
    """

    repeated: bool = True
    width: int = 64
    layers: int = 3
    heads: int = 4
    steps: int = 3_000
    batch: int = 64
    rate: float = 2e-3
    half: bool = False
    compiled: bool = False


def tokens(x: Tensor, y: Tensor, *, repeated: bool) -> Tensor:
    """A row of tokens: (x, 0, 0) for a place, (0, y, 1) for a value, or (x, y, 1).

    Args:
        x, y: shapes (n, k, d) and (n, j), where j is k or k - 1, if the last place is asked for.
    Returns:
        shape (n, k + j, d + 2), float32.
    """
    n, k, d = x.shape
    j = y.shape[1]
    found = torch.zeros(n, k + j, d + 2, device=x.device)
    found[:, 0::2, :d] = x.float()
    found[:, 1::2, d] = y.float()
    found[:, 1::2, d + 1] = 1.0
    if repeated:
        found[:, 1::2, :d] = x[:, :j].float()
    return found


def learnt(c: Decoder, run: Run, stage: str, draw: Draw, *, dimension: int, examples: int) -> SequenceLearner:
    """A model that predicts each value from those before, by the mean of all squared errors.

    Args:
        dimension: of a place.
        examples: how many values are told before the last one that is asked for.
    """
    model = run.build(
        stage,
        lambda: SequenceLearner(
            dimension + 2,
            1,
            2 * examples + 1,
            cell="transformer",
            width=c.width,
            layers=c.layers,
            heads=c.heads,
        ),
    )

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        seed = int(torch.randint(2**62, (), generator=generator))
        x, y = draw(c.batch, torch.Generator(run.device).manual_seed(seed))
        found = model(tokens(x, y[:, :-1], repeated=c.repeated))[:, 0::2, 0]
        return (found.float() - y.float()).square().mean()

    run.fit(stage, model, loss, Plan(c.steps, c.rate, half=c.half, compiled=c.compiled))
    return model


def answers(model: SequenceLearner, x: Tensor, y: Tensor, asked: Tensor, *, repeated: bool) -> Tensor:
    """What a model predicts after some examples, one question at a time.

    Args:
        x, y, asked: shapes (n, k, d), (n, k) and (n, q, d); on any device.
    Returns:
        shape (n, q), float64, on the device of what is asked.
    """
    device = next(model.parameters()).device
    n, q = asked.shape[:2]
    places = torch.cat([x[:, None].expand(n, q, *x.shape[1:]), asked[:, :, None]], dim=2).flatten(0, 1)
    rows = tokens(places, y[:, None].expand(n, q, -1).flatten(0, 1), repeated=repeated)
    with torch.no_grad():
        found = [model(part.to(device))[:, -1, 0].double() for part in torch.split(rows, _ROWS)]
    return torch.cat(found).reshape(n, q).to(asked.device)
