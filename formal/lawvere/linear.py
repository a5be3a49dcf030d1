"""Atoms of linear arithmetic: points and Farkas multipliers, weights in hulls and separating functionals.

Sums of entries that are known within bounds are intervals; what is accepted holds for all of them.

Source: Farkas 1902; Schrijver, Theory of Linear and Integer Programming (1986), section 7.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from formal.lawvere.matrix import Matrix, columns
from formal.lawvere.number import Interval, add, is_point, multiply, negate, point, weight
from formal.lawvere.reading import Ledger, Undecided, array, demand, natural, rational, rationals


def combination(coefficients: Sequence[Fraction], values: Sequence[Interval], ledger: Ledger) -> Interval:
    """The sum of multiples."""
    total = point(Fraction(0))
    for coefficient, value in zip(coefficients, values, strict=True):
        if coefficient:
            total = add(total, multiply(point(coefficient), value))
            ledger.spend(2 * weight(total[0]) + weight(total[1]))
    return total


def row(of: Matrix, x: int) -> list[Interval]:
    """A row of a matrix."""
    return [of.entry(x, y) for y in range(of.width)]


def column(of: Matrix) -> list[Interval]:
    """The only column of a matrix."""
    return [of.entry(x, 0) for x in range(len(of.lower))]


# --- soft prompts and soft weights ----------------------------------------------------------------


class Inequalities:
    """``<coefficients, unknowns> >= bound``, each by its number: the last unknown may be a threshold."""

    def __init__(self, size: int, listed: list[tuple[list[Interval], Interval]], ledger: Ledger) -> None:
        self.size, self.listed, self.ledger = size, listed, ledger

    def check_point(self, fields: Sequence[Any]) -> bool:
        """A solution: all inequalities hold."""
        unknowns = rationals(fields[0], self.size)
        for coefficients, bound in self.listed:
            value = combination(unknowns, coefficients, self.ledger)
            demand(bool(value[0] >= bound[1]), "evidence", "a point that is not known to be a solution")
        return True

    def check_multipliers(self, fields: Sequence[Any]) -> bool:
        """Non-negative multiples add up to ``0 >= something positive``: there is no solution."""
        listed = [array(item, 2) for item in array(fields[0])]
        chosen = [self.listed[natural(number, len(self.listed))] for number, _ in listed]
        multiples = [rational(multiple) for _, multiple in listed]
        demand(min(multiples, default=0) >= 0, "evidence", "a negative multiple")
        for y in range(self.size):
            total = combination(multiples, [coefficients[y] for coefficients, _ in chosen], self.ledger)
            demand(bool(total[0] == 0 == total[1]), "evidence", "multiples that do not cancel the unknowns")
        bound = combination(multiples, [bound for _, bound in chosen], self.ledger)
        demand(bool(bound[0] > 0), "evidence", "multiples that contradict nothing")
        return False


def soft_prompt(
    features: Matrix, task: Matrix, margin: Fraction, threshold: Fraction | None, ledger: Ledger
) -> Inequalities:
    """For task(x) = 1 ``<features(x), p> - t >= margin``, for task(x) = 0 ``-<features(x), p> + t >= 0``."""
    ledger.spend(20 * features.size)
    listed = []
    for x, value in enumerate(column(task)):
        if not is_point(value) or value[0] not in (0, 1):
            raise Undecided("carrier", "a task that is not known to be zero or one")
        values = row(features, x) + ([point(Fraction(-1))] if threshold is None else [])
        bound = (margin if value[0] == 1 else Fraction(0)) + (
            0 if threshold is None else threshold * (2 * value[0] - 1)
        )
        listed.append((values if value[0] == 1 else [negate(entry) for entry in values], point(bound)))
    return Inequalities(features.width + (threshold is None), listed, ledger)


def soft_weight(features: Matrix, target: Matrix, within: Fraction, ledger: Ledger) -> Inequalities:
    """``<features(x), p> >= target(x) - within`` and ``-<features(x), p> >= -target(x) - within``, by turns."""
    ledger.spend(20 * features.size)
    listed = []
    for x, value in enumerate(column(target)):
        values, slack = row(features, x), point(-within)
        listed.append((values, add(value, slack)))
        listed.append(([negate(entry) for entry in values], add(negate(value), slack)))
    return Inequalities(features.width, listed, ledger)


# --- hulls ----------------------------------------------------------------------------------------


def check_weights(
    points: Matrix, vertices: Sequence[Matrix], within: Fraction, shared: bool, fields: Any, ledger: Ledger
) -> bool:
    """A convex combination within e of each row of the points."""
    listed = array(fields[0], len(points.lower))
    for x, weights in enumerate(listed):
        factors = rationals(weights, len(vertices[0].lower) if shared else len(vertices))
        used = [i for i, factor in enumerate(factors) if factor]
        corners = [row(vertices[0], i) if shared else row(vertices[i], x) for i in used]
        ledger.spend(len(factors) + 20 * (1 + len(corners)) * (1 + points.width))
        total = combination(factors, [point(1)] * len(factors), ledger)[0]
        demand(
            min(factors, default=0) >= 0 and total == 1, "evidence", "weights that are negative or do not add up to 1"
        )
        for here, there in zip(row(points, x), columns(corners, points.width), strict=True):
            low, high = add(combination([factors[i] for i in used], there, ledger), negate(here))
            demand(bool(-within <= low and high <= within), "evidence", "a combination that is too far away")
    return True


def check_separation(
    points: Matrix, vertices: Sequence[Matrix], within: Fraction, shared: bool, fields: Any, ledger: Ledger
) -> bool:
    """``<normal, point> - e |normal|_1 > <normal, vertex>`` for every vertex: a row outside its hull."""
    x = natural(fields[0], len(points.lower))
    normal = rationals(fields[1], points.width)
    corners = _corners(vertices, x, shared)
    ledger.spend(20 * (1 + len(corners)) * (1 + points.width))
    length = combination([abs(entry) for entry in normal], [point(1)] * len(normal), ledger)[0]
    level = combination(normal, row(points, x), ledger)[0] - within * length
    holds = all(level > combination(normal, corner, ledger)[1] for corner in corners)
    demand(holds, "evidence", "a functional that does not separate")
    return False


def _corners(vertices: Sequence[Matrix], x: int, shared: bool) -> list[list[Interval]]:
    if shared:
        return [row(vertices[0], y) for y in range(len(vertices[0].lower))]
    return [row(of, x) for of in vertices]
