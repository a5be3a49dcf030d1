"""The order parameter of learning in context: what becomes of contexts that no function seen extends.

A learner may pull them back to the functions seen, or keep what they say and leave open what they leave open. The pair
of agreement and confidence tells these apart.

Source: RELATIONS.md, sections 3 and 4; Kirsch et al. 2022, 4.1 (the phases).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formal.train.partial_function import OPEN, bayes, text

MOST = 255
"""Probabilities are exported as multiples of 1/255: no multiple is 1/2, so rounding keeps what is more likely."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What a learner does with each context; shape (contexts,) each.

    Args:
        agrees: whether the more likely values are those that the context says, everywhere.
        retracts: whether the more likely values are a function seen.
        confidence: the mean of |2 p - 1| over the points where the context is open; 0 if there are none.
        error: the mean difference to the Bayes predictor of the seen functions; 0 where none extends the context.
    """

    agrees: NDArray[np.bool_]
    retracts: NDArray[np.bool_]
    confidence: NDArray[np.float64]
    error: NDArray[np.float64]


def order_parameter(given: NDArray[np.int8], found: NDArray[np.uint8], seen: NDArray[np.int8]) -> Order:
    """The order parameter of answers: probabilities as multiples of 1/255, shape (contexts, points)."""
    probability = found / MOST
    likely = (2 * found.astype(np.int64) > MOST).astype(np.int8)
    is_open = given == OPEN
    names = {text(f) for f in seen}
    ideal = bayes(given, seen)
    return Order(
        agrees=np.asarray((is_open | (likely == given)).all(1)),
        retracts=np.array([text(f) in names for f in likely]),
        confidence=(np.abs(2 * probability - 1) * is_open).sum(1) / np.maximum(is_open.sum(1), 1),
        error=np.nan_to_num(np.abs(probability - ideal)).mean(1),
    )
