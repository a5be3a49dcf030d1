"""Partial functions from a finite set to {0, 1}: the contexts of in-context learning, exactly.

A context says some values of an unknown function. A class of functions is a presheaf on contexts ordered by extension,
F(s) = {f in F extending s}, a coproduct of representables, one for each f; a mixture of classes is a coproduct, where a
function that two classes share counts twice. The Bayes predictor is a ratio of cardinalities of F, and says nothing
where F(s) is empty: s is then undetermined.

Source: RELATIONS.md, section 2; Mac Lane, Moerdijk 1992, I.1 (presheaves); Bernardo, Smith 1994, 5.1 (prediction).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

OPEN = 2
"""The value of a context where it says nothing."""
_SIGNS = "01."


def contexts(points: int) -> NDArray[np.int8]:
    """All partial functions on some points, shape (3^points, points), entries 0, 1 and ``OPEN``; the empty one last.

    >>> [text(s) for s in contexts(1)]
    ['0', '1', '.']
    """
    numbers = np.arange(3**points)
    places = 3 ** np.arange(points - 1, -1, -1)
    return (numbers[:, None] // places % 3).astype(np.int8)


def functions(points: int) -> NDArray[np.int8]:
    """All total functions, shape (2^points, points)."""
    return (np.arange(2**points)[:, None] >> np.arange(points - 1, -1, -1) & 1).astype(np.int8)


def text(context: Sequence[int] | NDArray[np.int8]) -> str:
    """A context as signs, ``.`` where it is open."""
    return "".join(_SIGNS[int(value)] for value in context)


def extensions(given: NDArray[np.int8], among: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Which functions extend which contexts, shape (contexts, functions)."""
    clashes = [(given == bit).astype(np.int32) @ (among == 1 - bit).astype(np.int32).T for bit in (0, 1)]
    return np.asarray(clashes[0] + clashes[1] == 0)


def counts(given: NDArray[np.int8], among: NDArray[np.int8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cardinalities of the presheaf of a class.

    Returns:
        how many functions extend each context, shape (contexts,); how many of these are 1 at each point, (contexts,
        points). Their ratio is the Bayes predictor.

    >>> total, ones = counts(contexts(2), affine(1))
    >>> [(text(s), int(n), m.tolist()) for s, n, m in zip(contexts(2), total, ones)][2]
    ('0.', 2, [0, 1])
    """
    known = extensions(given, among).astype(np.int64)
    return known.sum(axis=1), known @ among.astype(np.int64)


def bayes(given: NDArray[np.int8], among: NDArray[np.int8]) -> NDArray[np.float64]:
    """How likely each point is 1, for a function drawn from the class: NaN where nothing extends the context."""
    total, ones = counts(given, among)
    with np.errstate(invalid="ignore"):
        return np.asarray(ones / total[:, None].astype(np.float64))


def of_all(given: NDArray[np.int8]) -> NDArray[np.float64]:
    """The Bayes predictor of the class of all functions: what the context says, and 1/2 where it is open."""
    return np.where(given == OPEN, 0.5, given).astype(np.float64)


@lru_cache(maxsize=8)
def _bits(dimension: int) -> NDArray[np.int8]:
    return functions(dimension)


def affine(dimension: int) -> NDArray[np.int8]:
    """The affine functions x |-> a x + b on F_2^dimension, shape (2^(dimension + 1), 2^dimension), all different."""
    bits = _bits(dimension)
    linear = bits.astype(np.int64) @ bits.T.astype(np.int64) % 2
    return np.concatenate([linear, 1 - linear]).astype(np.int8)


def thresholds(points: int) -> NDArray[np.int8]:
    """The functions x |-> [x >= t] on 0, …, points - 1 and their complements, shape (2 points, points)."""
    above = np.arange(points)[None, :] >= np.arange(points)[:, None]
    return np.concatenate([above, ~above]).astype(np.int8)


def combinations(left: NDArray[np.int8], right: NDArray[np.int8]) -> NDArray[np.int8]:
    """The sums modulo 2 of a function of one class and one of another, each once, that are in neither class."""
    sums = np.unique((left[:, None] ^ right[None, :]).reshape(-1, left.shape[1]), axis=0)
    return others(sums, np.concatenate([left, right]))


def others(among: NDArray[np.int8], excluded: NDArray[np.int8]) -> NDArray[np.int8]:
    """The functions of a class that are not in another."""
    out = {text(f) for f in excluded}
    return among[[text(f) not in out for f in among]]
