"""What a sample of triples says of composition in a relation that is too large to be composed.

Triples that share objects are not independent, so only disjoint ones count: of N objects there are floor(N / 3).

Source: Clopper and Pearson 1934 (exact binomial bounds).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formal.bulk.semiring import rounding, tensor
from formal.bulk.source import Source
from formal.quantale import Quantale


@dataclass(frozen=True, slots=True)
class RateBound:
    """How often something happens, at most.

    Args:
        violations, trials: what was seen.
        upper: the rate is at most this, with the confidence asked for.
        confidence: such as 0.95.
    """

    violations: int
    trials: int
    upper: float
    confidence: float


def rate_bound(violations: int, trials: int, confidence: float = 0.95) -> RateBound:
    """The one-sided bound of Clopper and Pearson on the rate of independent trials.

    >>> round(rate_bound(0, 132).upper, 3)
    0.022

    Raises:
        ValueError: there are more violations than trials, or the confidence is not between 0 and 1.
    """
    if not 0 <= violations <= trials or not 0 < confidence < 1:
        raise ValueError(f"{violations} of {trials} trials at the confidence {confidence} make no sense")
    if violations == trials:
        return RateBound(violations, trials, 1.0, confidence)
    from scipy.special import betaincinv

    upper = float(betaincinv(violations + 1, trials - violations, confidence))
    return RateBound(violations, trials, upper, confidence)


def sampled_violations(
    source: Source,
    quantale: Quantale,
    *,
    within: float = 0.0,
    seed: int = 0,
    confidence: float = 0.95,
    chunk: int = 1024,
) -> RateBound:
    """How many of floor(N / 3) disjoint random triples x, y, z have ``R(x, y) (x) R(y, z)`` more than e above R(x, z).

    Differences within the rounding of doubles count as no violation.

    Args:
        source: square; three entries are read for each triple, in blocks of ``chunk`` triples at the most.
        within: e, in the units of the entries.
    Raises:
        ValueError: the matrix is not square, or has fewer than three objects.
    """
    rows, columns = source.shape
    if rows != columns or rows < 3:
        raise ValueError(f"triples of objects need a square matrix of at least three, not {(rows, columns)}")
    order = np.random.default_rng(seed).permutation(rows)[: rows // 3 * 3].reshape(-1, 3)
    sign = -1 if quantale is Quantale.LAWVERE else 1
    violations = 0
    # A block of k rows and k columns is read for k entries on its diagonal, so small blocks read the least.
    for triples in np.array_split(order, max(1, len(order) // min(chunk, 32))):
        x, y, z = triples.T
        first, second, whole = (
            np.diagonal(source.block(np.ascontiguousarray(a), np.ascontiguousarray(b)))
            for a, b in ((x, y), (y, z), (x, z))
        )
        with np.errstate(invalid="ignore"):
            lacking = sign * (tensor(quantale, first, second) - whole)
        slack = rounding(quantale, float(max(1.0, np.abs(whole[np.isfinite(whole)]).max(initial=0.0))))
        violations += int(np.count_nonzero(lacking > within + slack))
    return rate_bound(violations, len(order), confidence)
