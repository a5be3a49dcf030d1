"""The operations of the five quantales on arrays of scalars, entry by entry, all over one denominator.

The numerator of 1 is the denominator. Formulas are those of ``formal.quantale``, which is about single numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from formal.quantale import Quantale
from formal.valuation.domain import INFINITE, Infinite, Scalar
from formal.valuation.grid import Array, filled, kinds, objects


def unit(quantale: Quantale, denominator: int) -> Scalar:
    """The numerator of the neutral element."""
    return 0 if quantale is Quantale.LAWVERE else denominator


def bottom(quantale: Quantale) -> Scalar:
    """The numerator of the least element."""
    return INFINITE if quantale is Quantale.LAWVERE else 0


def tensor(quantale: Quantale, a: Array, b: Array, denominator: int) -> Array:
    """``a (x) b``; for the product over the product of the denominators."""
    result: Array
    match quantale:
        case Quantale.PRODUCT:
            result = a * b
        case Quantale.LUKASIEWICZ:
            result = np.maximum(a + b - denominator, 0)
        case Quantale.LAWVERE:
            result = a + b
        case _:
            result = np.minimum(a, b)
    return result


def better(quantale: Quantale) -> Any:
    """The numpy function that gives joins of two."""
    return np.minimum if quantale is Quantale.LAWVERE else np.maximum


def worse(quantale: Quantale) -> Any:
    """The numpy function that gives meets of two."""
    return np.maximum if quantale is Quantale.LAWVERE else np.minimum


def residual(quantale: Quantale, a: Array, b: Array, denominator: int) -> Array:
    """``[a, b]``; for the product as numbers, over the denominator 1."""
    match quantale:
        case Quantale.PRODUCT:
            return pointwise(_quotient, a, b)
        case Quantale.LUKASIEWICZ:
            result: Array = np.minimum(b - a + denominator, denominator)
            return result
        case Quantale.LAWVERE:
            return beyond(b, a)
        case _:
            return pointwise(lambda x, y: denominator if x <= y else y, a, b)


def excess(quantale: Quantale, a: Array, b: Array) -> Array:
    """By how much a fails to be at most b, in the order of the quantale."""
    return beyond(b, a) if quantale is Quantale.LAWVERE else beyond(a, b)


def beyond(a: Array, b: Array) -> Array:
    """By how much a is greater than b, as numbers; 0 where it is not."""
    if Infinite in kinds(a) or Infinite in kinds(b):
        return pointwise(_beyond, a, b)
    result: Array = np.maximum(a - b, 0)
    return result


def apart(a: Array, b: Array) -> Array:
    """The distance ``|a - b|``, which is 0 from infinity to infinity."""
    if Infinite in kinds(a) or Infinite in kinds(b):
        return pointwise(lambda x, y: _beyond(x, y) if x > y else _beyond(y, x), a, b)
    result: Array = np.abs(a - b)
    return result


def greatest(values: Array, axis: int | None = None) -> Any:
    """The greatest entries, at least 0; of no entries 0."""
    if axis is None:
        return max(values.ravel().tolist(), default=0)
    other = 1 - axis
    if values.shape[axis] == 0:
        return objects([0] * values.shape[other], (values.shape[other],))
    return np.maximum.reduce(values, axis=axis)


def pointwise(function: Callable[[Scalar, Scalar], Scalar], a: Array, b: Array) -> Array:
    """A function of two scalars on two arrays, broadcast."""
    result: Array = np.asarray(np.frompyfunc(function, 2, 1)(a, b), dtype=object)
    return result


def compose(quantale: Quantale, left: Array, right: Array, denominator: int) -> Array:
    """``join over y of left(x, y) (x) right(y, z)`` for numbers of any kind: as many tensors as it takes."""
    result = filled((left.shape[0], right.shape[1]), bottom(quantale))
    join = better(quantale)
    for y in range(left.shape[1]):
        join(result, tensor(quantale, left[:, y, None], right[None, y, :], denominator), out=result)
    return result


def _quotient(a: Scalar, b: Scalar) -> Scalar:
    if a <= b:
        return 1
    return Fraction(b, a) if isinstance(a, int) and isinstance(b, int) else b / a


def _beyond(a: Scalar, b: Scalar) -> Scalar:
    if a is INFINITE:
        return 0 if b is INFINITE else INFINITE
    return a - b if a > b else 0
