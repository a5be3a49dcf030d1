"""Models that read a context: an MLP on a partial function, and a causal transformer or an LSTM on examples in a row.

Source: Kirsch et al. 2022, General-Purpose In-Context Learning by Meta-Learning Transformers; Garg et al. 2022.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from torch import Tensor, nn

from formal.train.partial_function import OPEN

Cell = Literal["transformer", "lstm"]


class TableLearner(nn.Module):
    """From a partial function the logits of all its values, those that it says and those that it does not.

    Args:
        points: on which functions are given.
        width, layers: of the hidden layers.
    """

    def __init__(self, points: int, *, width: int, layers: int) -> None:
        super().__init__()
        sizes = [3 * points, *([width] * layers)]
        hidden = [part for a, b in pairwise(sizes) for part in (nn.Linear(a, b), nn.ReLU())]
        self.layers = nn.Sequential(*hidden, nn.Linear(sizes[-1], points))

    def forward(self, contexts: Tensor) -> Tensor:
        """Logits that values are 1, shape (n, points); contexts as in ``partial_function``, shape (n, points)."""
        given = nn.functional.one_hot(contexts.long(), OPEN + 1).flatten(1).float()
        found: Tensor = self.layers(given)
        return found


class SequenceLearner(nn.Module):
    """From the beginning of a row of tokens, vectors each, an output at each of them.

    Args:
        features, outputs: numbers in a token, and in an output.
        length: the most tokens.
        cell: a causal transformer, or an LSTM, whose state between tokens is 2 * layers * width numbers.
        width, layers, heads: of either; an LSTM has no heads.
    """

    def __init__(
        self, features: int, outputs: int, length: int, *, cell: Cell, width: int, layers: int, heads: int
    ) -> None:
        super().__init__()
        self.embedding = nn.Linear(features, width)
        self.head = nn.Linear(width, outputs)
        self.cell = cell
        self.inner: nn.LSTM | nn.TransformerEncoder
        if cell == "lstm":
            self.inner = nn.LSTM(width, width, layers, batch_first=True)
            return
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.inner = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)

    def forward(self, tokens: Tensor) -> Tensor:
        """Shape (n, t, outputs) from (n, t, features): the output at a token depends on those up to it."""
        inner = self.embedding(tokens)
        if isinstance(self.inner, nn.LSTM):
            found: Tensor = self.inner(inner)[0]
        else:
            inner = inner + self.position[: inner.shape[1]]
            mask = nn.Transformer.generate_square_subsequent_mask(
                inner.shape[1], device=inner.device, dtype=inner.dtype
            )
            found = self.inner(inner, mask=mask, is_causal=True)
        output: Tensor = self.head(found)
        return output


def state_size(cell: Cell, width: int, layers: int, length: int) -> int:
    """How many numbers a model keeps between two tokens: keys and values of all before, or the LSTM's states.

    Source: Kirsch et al. 2022, section 4.3 (accessible state).
    """
    return 2 * layers * width * (length if cell == "transformer" else 1)
