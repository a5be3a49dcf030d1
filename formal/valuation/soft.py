"""Claims of linear arithmetic: soft prompts, soft weights and hulls, with a solution or a proof that there is none.

Floats propose (HiGHS by way of SciPy): a point with some slack, which is rounded and then checked with rational
numbers; or which inequalities contradict each other, from which exact multiples are computed. Where floats are too
coarse, the exact simplex method decides, starting from what they propose.

Source: Farkas 1902; Schrijver 1986, Theory of Linear and Integer Programming, section 7.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.enriched.evidence import HullWeights, Multipliers, Point, Separation
from formal.valuation.domain import Infinite, Scalar
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, divided, is_rational, kinds, objects
from formal.valuation.limit import Budget
from formal.valuation.linear import (
    PRIMES,
    Contradiction,
    Solution,
    integral_rows,
    pivots_modulo,
    solve_integers,
    solve_nonnegative,
)
from formal.valuation.order import Truth

_ROUNDINGS = (4, 8, 12, 16, 24, 32, 44)
"""Binary digits after the point to which a proposed solution is rounded, until it is one."""
_CLEAR = 1e-7
"""How much slack a solution in floats must have to be rounded."""
_WIDEST = 400
"""The most equations that the exact simplex method is tried on."""


@dataclass(frozen=True, slots=True)
class Inequalities:
    """``coefficients z >= bounds``, row by row; entries may be intervals.

    Args:
        lower, upper: shape (n, m), numbers; the same object when known.
        least, greatest: bounds, n each.
    """

    lower: Array
    upper: Array
    least: list[Scalar]
    greatest: list[Scalar]

    @property
    def is_exact(self) -> bool:
        """Whether all numbers are known."""
        return self.lower is self.upper and self.least is self.greatest


def soft_prompt(features: Grid, task: Grid, margin: Fraction, threshold: Fraction | None) -> Inequalities:
    """For task 1 ``<features, p> - t >= margin``, for task 0 ``-<features, p> + t >= 0``; t known or the last unknown.

    Raises:
        Undefined: the task is not known to be zero or one somewhere.
    """
    _demand_finite(features)
    low, high = _numbers(features)
    rows, uppers, bounds = [], [], []
    for x in range(features.shape[0]):
        value = task.entry(x, 0)
        if not value.is_point or (value.lower != 0 and value.lower != 1):
            raise Undefined("a task that is not known to be zero or one")
        is_one = bool(value.lower == 1)
        ends = (low[x], high[x]) if is_one else (-high[x], -low[x])
        last = [] if threshold is not None else [Fraction(-1 if is_one else 1)]
        rows.append([*ends[0].tolist(), *last])
        uppers.append([*ends[1].tolist(), *last])
        bound = margin if is_one else Fraction(0)
        bounds.append(bound if threshold is None else bound + (threshold if is_one else -threshold))
    shape = (len(rows), features.shape[1] + (threshold is None))
    lower = objects([value for row in rows for value in row], shape)
    upper = lower if features.is_exact else objects([value for row in uppers for value in row], shape)
    return Inequalities(lower, upper, bounds, bounds)


def soft_weight(features: Grid, target: Grid, within: Fraction) -> Inequalities:
    """``<features, p> >= target - e`` and ``-<features, p> >= -target - e``, by turns."""
    _demand_finite(features)
    _demand_finite(target)
    low, high = _numbers(features)
    lower = np.empty((2 * features.shape[0], features.shape[1]), dtype=object)
    lower[0::2], lower[1::2] = low, -high
    upper = lower
    if not features.is_exact:
        upper = np.empty_like(lower)
        upper[0::2], upper[1::2] = high, -low
    least: list[Scalar] = []
    greatest: list[Scalar] = []
    for x in range(target.shape[0]):
        value = target.entry(x, 0)
        least += [value.lower - within, -value.upper - within]
        greatest += [value.upper - within, -value.lower - within]
    return Inequalities(lower, upper, least, least if target.is_exact else greatest)


def _demand_finite(*grids: Grid) -> None:
    if any(Infinite in kinds(end) for grid in grids for end in (grid.lower, grid.upper)):
        raise Undefined("linear arithmetic with infinite numbers")


def _numbers(grid: Grid) -> tuple[Array, Array]:
    low = objects([divided(value, grid.denominator) for value in grid.lower.ravel().tolist()], grid.shape)
    if grid.is_exact:
        return low, low
    return low, objects([divided(value, grid.denominator) for value in grid.upper.ravel().tolist()], grid.shape)


# --- inequalities ---------------------------------------------------------------------------------


def decide_inequalities(system: Inequalities, budget: Budget) -> tuple[Truth, Point | Multipliers | None]:
    """Whether there is a solution, for all numbers in the intervals; or neither is known."""
    height, width = system.lower.shape
    budget.spend(40 * height * (width + 1) + 1)
    candidates: Sequence[int] = ()
    if is_rational(system.lower, system.upper):
        proposal = _propose(system)
        if proposal is not None:
            point = _rounded_point(system, proposal.solution, budget) if proposal.slack > _CLEAR else None
            if point is not None:
                return True, Point(point)
            candidates = proposal.tight
            if system.is_exact and proposal.slack < 0:
                multiples = _contradiction(system, candidates[: width + 1], budget)
                if multiples is not None:
                    return False, multiples
    if not system.is_exact:
        return _decide_loosely(system, candidates, budget)
    if width + 1 > _WIDEST:
        return None, None
    # The multipliers that contradict it: non-negative, cancelling the unknowns, with bounds that add up to one.
    scaled = np.concatenate([system.lower.T, objects(system.least, (1, height))], axis=0)
    found = solve_nonnegative(scaled, [Fraction(0)] * width + [Fraction(1)], candidates, budget)
    if isinstance(found, Solution):
        return False, _multipliers(found.entries)
    last = found.y[-1]
    return True, _point([-value / last for value in found.y[:-1]])


def _contradiction(system: Inequalities, rows: Sequence[int], budget: Budget) -> Multipliers | None:
    """The multiples of some inequalities that cancel the unknowns, if there is one way to and it is a contradiction."""
    count = len(rows)
    chosen = system.lower[list(rows)].T
    common = math.lcm(1, *(Fraction(value).denominator for value in chosen.ravel().tolist()))
    integers = objects([int(value * common) for value in chosen.ravel().tolist()], chosen.shape)
    budget.spend(4 * count**3 + count * len(integers) + 1)
    independent, columns = pivots_modulo(integers, PRIMES[0])
    if len(columns) != count - 1:
        return None
    (last,) = set(range(count)) - set(columns)
    solved = solve_integers(integers[np.ix_(independent, columns)], integers[independent, last][:, None])
    if solved is None:
        return None
    values, determinant = solved
    multiples = [Fraction(0)] * count
    multiples[last] = Fraction(1)
    for column, value in zip(columns, values[:, 0].tolist(), strict=True):
        multiples[column] = Fraction(-value, determinant)
    if min(multiples) < 0 or any(integers.dot(objects(multiples, (count,))).tolist()):
        return None
    if not sum(m * system.least[x] for m, x in zip(multiples, rows, strict=True)) > 0:
        return None
    return _multipliers({x: m for m, x in zip(multiples, rows, strict=True) if m})


def _multipliers(entries: dict[int, Scalar]) -> Multipliers | None:
    if not all(isinstance(value, Fraction) for value in entries.values()):
        return None
    return Multipliers(tuple(sorted(entries.items())))


def _point(values: Sequence[Scalar]) -> Point | None:
    return Point(tuple(values)) if all(isinstance(value, Fraction) for value in values) else None


def _decide_loosely(
    system: Inequalities, candidates: Sequence[int], budget: Budget
) -> tuple[Truth, Point | Multipliers | None]:
    """For intervals: inequalities whose coefficients are known may contradict each other whatever the others are."""
    known = [
        x
        for x, (a, b) in enumerate(zip(system.lower.tolist(), system.upper.tolist(), strict=True))
        if all(p == q for p, q in zip(a, b, strict=True))
    ]
    width = system.lower.shape[1]
    if not known or width + 1 > _WIDEST:
        return None, None
    a = np.concatenate([system.lower[known].T, objects([system.least[x] for x in known], (1, len(known)))], axis=0)
    places = {x: i for i, x in enumerate(known)}
    first = [places[x] for x in candidates if x in places]
    found = solve_nonnegative(a, [Fraction(0)] * width + [Fraction(1)], first, budget)
    if isinstance(found, Solution):
        return False, _multipliers({known[i]: value for i, value in found.entries.items()})
    return None, None


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What floats find: a solution with so much slack, and the inequalities that limit it."""

    solution: NDArray[np.float64]
    slack: float
    tight: list[int]


def _floats(values: Sequence[Scalar]) -> NDArray[np.float64] | None:
    try:
        return np.array([float(value) for value in values], dtype=np.float64)
    except OverflowError:
        return None


def _propose(system: Inequalities) -> _Proposal | None:
    """The solution with the most slack, up to 1."""
    from scipy.optimize import linprog

    height, width = system.lower.shape
    coefficients, bounds = _floats(system.lower.ravel().tolist()), _floats(system.greatest)
    if coefficients is None or bounds is None or not height:
        return None
    rows = coefficients.reshape(height, width)
    sizes = np.maximum(np.abs(rows).max(axis=1, initial=0.0), np.abs(bounds))
    sizes[sizes == 0] = 1.0
    matrix = np.concatenate([-rows, sizes[:, None]], axis=1) / sizes[:, None]
    objective = np.zeros(width + 1)
    objective[-1] = -1.0
    found: Any = linprog(
        objective,
        A_ub=matrix,
        b_ub=-bounds / sizes,
        bounds=[(None, None)] * width + [(None, 1.0)],
        method="highs",
    )
    if found.x is None:
        return None
    marginals = np.abs(found.ineqlin.marginals)
    tight = np.argsort(-marginals, kind="stable")
    return _Proposal(found.x[:-1], float(found.x[-1]), [int(i) for i in tight if marginals[i] > 1e-12])


def _rounded_point(system: Inequalities, solution: NDArray[np.float64], budget: Budget) -> tuple[Fraction, ...] | None:
    """The shortest rounding of a proposed solution that is a solution whatever the intervals' numbers are."""
    for digits in _ROUNDINGS:
        one = 1 << digits
        point = [Fraction(round(float(value) * one), one) for value in solution]
        budget.spend(10 * system.lower.size + 1)
        if is_solution(system, point):
            return tuple(point)
    return None


def is_solution(system: Inequalities, point: Sequence[Scalar]) -> bool:
    """Whether a point satisfies all inequalities, for all numbers in the intervals."""
    # A coefficient that is multiplied by something negative is at its worst at its upper end.
    worst = system.lower
    if system.lower is not system.upper:
        worst = system.lower.copy()
        negative = [y for y, value in enumerate(point) if value < 0]
        worst[:, negative] = system.upper[:, negative]
    values = worst.dot(objects(list(point), (len(point),))) if len(point) else [Fraction(0)] * len(worst)
    return all(value >= bound for value, bound in zip(list(values), system.greatest, strict=True))


# --- hulls ----------------------------------------------------------------------------------------


def decide_hull(
    points: Grid, vertices: Sequence[Grid], within: Fraction, shared: bool, budget: Budget
) -> tuple[Truth, HullWeights | Separation | None]:
    """Whether every row of the points is within e of the hull that is meant for it."""
    _demand_finite(points, *vertices)
    here, corners = _numbers(points), [_numbers(grid) for grid in vertices]
    weights: list[tuple[Fraction, ...] | None] = []
    is_open = False
    for x in range(points.shape[0]):
        hull = _Hull(
            here[0][x],
            here[1][x],
            corners[0][0] if shared else np.array([low[x] for low, _ in corners], dtype=object),
            corners[0][1] if shared else np.array([high[x] for _, high in corners], dtype=object),
            within,
            points.is_exact and all(grid.is_exact for grid in vertices),
        )
        truth, found = hull.decide(budget)
        if truth is False:
            rational = found is not None and all(isinstance(value, Fraction) for value in found)
            return False, Separation(x, tuple(found)) if found is not None and rational else None
        is_open |= truth is None
        rational = found is not None and all(isinstance(value, Fraction) for value in found)
        weights.append(tuple(found) if found is not None and rational else None)
    if is_open:
        return None, None
    known = [found for found in weights if found is not None]
    return True, HullWeights(tuple(known)) if len(known) == len(weights) else None


@dataclass(frozen=True, slots=True)
class _Hull:
    """A point, c numbers, and k vertices, shape (k, c); upper ends where they are intervals."""

    point: Array
    point_upper: Array
    vertices: Array
    vertices_upper: Array
    within: Fraction
    is_exact: bool

    def decide(self, budget: Budget) -> tuple[Truth, list[Scalar] | None]:
        """Whether the point is within e of the hull, with weights or a separating functional."""
        count, width = self.vertices.shape
        budget.spend(200 * (count + 1) * (width + 1))
        if count == 0:
            return False, [Fraction(0)] * width
        candidates: list[int] = []
        if is_rational(self.point, self.point_upper, self.vertices, self.vertices_upper):
            vertex = self._near_vertex()
            if vertex is not None:
                return True, [Fraction(int(i == vertex)) for i in range(count)]
            proposal = self._propose()
            if proposal is not None:
                weights, normal, distance = proposal
                if distance < float(self.within) - _CLEAR:
                    for digits in _ROUNDINGS:
                        rounded = _normalised(weights, digits)
                        if rounded is not None and self.is_near(rounded):
                            return True, list(rounded)
                if distance > float(self.within):
                    for digits in _ROUNDINGS:
                        one = 1 << digits
                        functional = [Fraction(round(float(value) * one), one) for value in normal]
                        if self.is_separated(functional):
                            return False, list(functional)
                candidates = [i for i in np.argsort(-weights, kind="stable").tolist() if weights[i] > 1e-9]
                projected = self._projection(candidates, budget) if self.is_exact else None
                if projected is not None and min(projected) >= 0 and self.is_near(projected):
                    return True, projected
                if projected is not None:
                    rest = self.point - objects(projected, (count,)).dot(self.vertices)
                    if self.is_separated(rest.tolist()):
                        return False, rest.tolist()
        if not self.is_exact:
            return None, None
        return self._simplex(candidates, budget)

    def _near_vertex(self) -> int | None:
        """A vertex that is near enough by itself, if the one that is closest in floats is."""
        distances = np.abs(self.vertices.astype(np.float64) - self.point.astype(np.float64)).max(axis=1, initial=0.0)
        closest = int(distances.argmin())
        sides = (self.point_upper - self.vertices[closest], self.vertices_upper[closest] - self.point)
        return closest if all(bool((side <= self.within).all()) for side in sides) else None

    def is_near(self, weights: Sequence[Scalar]) -> bool:
        """Whether the combination with these weights is within e of the point, for all numbers in the intervals."""
        factors = objects(list(weights), (len(weights),))
        low, high = factors.dot(self.vertices), factors.dot(self.vertices_upper)
        return all(
            a - q >= -self.within and b - p <= self.within
            for a, b, p, q in zip(list(low), list(high), self.point, self.point_upper, strict=True)
        )

    def is_separated(self, normal: Sequence[Scalar]) -> bool:
        """Whether a functional is greater on all points within e than on all vertices."""
        level = sum(
            (
                n * (p if n >= 0 else q) - self.within * abs(n)
                for n, p, q in zip(normal, self.point, self.point_upper, strict=True)
            ),
            start=Fraction(0),
        )
        return all(
            level > sum((n * (b if n >= 0 else a) for n, a, b in zip(normal, low, high, strict=True)), Fraction(0))
            for low, high in zip(self.vertices.tolist(), self.vertices_upper.tolist(), strict=True)
        )

    def _propose(self) -> tuple[NDArray[np.float64], NDArray[np.float64], float] | None:
        """Weights of the nearest combination, a functional that shows it to be nearest, and the distance."""
        from scipy.optimize import linprog

        count, width = self.vertices.shape
        point, vertices = _floats(self.point.tolist()), _floats(self.vertices.ravel().tolist())
        if point is None or vertices is None:
            return None
        matrix = vertices.reshape(count, width).T
        column = np.ones((width, 1))
        found: Any = linprog(
            np.append(np.zeros(count), 1.0),
            A_ub=np.block([[matrix, -column], [-matrix, -column]]),
            b_ub=np.concatenate([point, -point]),
            A_eq=np.append(np.ones(count), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0, None)] * (count + 1),
            method="highs",
        )
        if found.x is None:
            return None
        marginals = found.ineqlin.marginals
        return found.x[:-1], marginals[:width] - marginals[width:], float(found.x[-1])

    def _projection(self, support: Sequence[int], budget: Budget) -> list[Scalar] | None:
        """Weights of the point nearest in the Euclidean sense on the affine hull of some vertices, exactly.

        They solve the equations of Lagrange; None when they do not determine the weights.
        """
        size, width = len(support), self.vertices.shape[1]
        budget.spend(1000 * (size + 1) ** 2 * (size + width))
        corners = self.vertices[list(support)]
        system = np.empty((size + 1, size + 2), dtype=object)
        system.fill(Fraction(1))
        system[:size, :size] = corners.dot(corners.T)
        system[size, size] = Fraction(0)
        system[:size, size + 1] = corners.dot(self.point)
        integers = integral_rows(system)
        solved = solve_integers(integers[:, : size + 1], integers[:, size + 1 :])
        if solved is None:
            return None
        values, determinant = solved
        weights: list[Scalar] = [Fraction(0)] * len(self.vertices)
        for i, value in zip(support, values[:size, 0].tolist(), strict=True):
            weights[i] = Fraction(value, determinant)
        return weights

    def _simplex(self, candidates: Sequence[int], budget: Budget) -> tuple[Truth, list[Scalar] | None]:
        """Exactly: ``V^T w + s = point + e``, ``s + s' = 2 e``, ``sum w = 1``; without s where e is 0."""
        count, width = self.vertices.shape
        one, zero = Fraction(1), Fraction(0)
        is_loose = self.within != 0
        size, unknowns = (2 * width + 1, count + 2 * width) if is_loose else (width + 1, count)
        if size > _WIDEST:
            return None, None
        a = np.empty((size, unknowns), dtype=object)
        a.fill(zero)
        a[:width, :count] = self.vertices.T
        a[width, :count] = one
        right: list[Scalar] = [value + self.within for value in self.point.tolist()] + [one]
        if is_loose:
            for y in range(width):
                a[y, count + y] = a[width + 1 + y, count + y] = a[width + 1 + y, count + width + y] = one
            right += [2 * self.within] * width
            candidates = [*candidates, *range(count, unknowns)]
        found = solve_nonnegative(a, right, candidates, budget)
        if isinstance(found, Contradiction):
            return False, list(found.y[:width])
        return True, [found.entries.get(i, zero) for i in range(count)]


def _normalised(weights: NDArray[np.float64], digits: int) -> list[Fraction] | None:
    """Weights rounded so that they are at least 0 and add up to 1: the greatest one takes what is left."""
    one = 1 << digits
    rounded = [Fraction(max(0, round(float(value) * one)), one) for value in weights]
    greatest = max(range(len(rounded)), key=lambda i: (rounded[i], -i))
    rounded[greatest] += 1 - sum(rounded)
    return rounded if rounded[greatest] >= 0 else None
