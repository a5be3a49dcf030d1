"""A decoder-only transformer: the next token from those before it, after a prefix that may be learnt.

Source: Vaswani et al. 2017; Radford et al. 2019 (GPT-2) for the decoder; Lester et al. 2021 for learnt prefixes.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Decoder(nn.Module):
    """Next-token logits after each beginning of a sequence, the empty one included.

    A sequence is preceded by a prefix of feature vectors: by default a learnt one of length 1, the start. A soft prompt
    is another prefix.

    Args:
        tokens: how many there are.
        length: the most positions, the prefix's included.
        width, layers, heads: as in a transformer; the inner layer is four times as wide.
    """

    def __init__(self, tokens: int, length: int, *, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(tokens, width)
        self.start = nn.Parameter(torch.randn(1, width) * 0.02)
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, tokens)

    def features(self, sequences: Tensor, prefix: Tensor | None = None) -> Tensor:
        """What the model makes of each beginning of a sequence.

        Args:
            sequences: shape (n, t), numbers of tokens.
            prefix: shape (m, width); the start when left out.
        Returns:
            shape (n, t + 1, width).
        """
        before = self.start if prefix is None else prefix
        first = before.expand(len(sequences), -1, -1)
        inner = torch.cat([first, self.embedding(sequences)], dim=1)
        inner = inner + self.position[: inner.shape[1]]
        mask = nn.Transformer.generate_square_subsequent_mask(inner.shape[1], device=inner.device, dtype=inner.dtype)
        found: Tensor = self.layers(inner, mask=mask, is_causal=True)
        return found[:, len(before) - 1 :]

    def forward(self, sequences: Tensor, prefix: Tensor | None = None) -> Tensor:
        """Logits of the next token, shape (n, t + 1, tokens); arguments as for ``features``."""
        logits: Tensor = self.head(self.features(sequences, prefix))
        return logits
