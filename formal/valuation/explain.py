"""What a person wants to see of a decided formula: where a quantity is reached, and why a bound fails.

Everything is by numbers of rows and columns; whoever prints it knows the labels. Values are exact, or boxes where
entries are; the choice of what to show may follow the lower ends of boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.enriched.evidence import (
    HullWeights,
    Multipliers,
    OfAtom,
    OfQuantity,
    Path,
    Point,
    PromptCover,
    RankBounds,
    RepairBounds,
    Separation,
)
from formal.enriched.formula import (
    Classes,
    Compare,
    Composite,
    Defect,
    Distance,
    Excess,
    Formula,
    Gap,
    InHull,
    Matrix,
    Metric,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import Box, Number, Quantale
from formal.valuation import operation
from formal.valuation.classes import partitions
from formal.valuation.cover import Instance, smallest_cover
from formal.valuation.decide import Decision
from formal.valuation.domain import Interval, Rationals, number_of
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, aligned, divided, exact, greatest
from formal.valuation.limit import Budget, Exhausted, Limits
from formal.valuation.matrix import Grids
from formal.valuation.parts import places
from formal.valuation.quantity import apart, composed, excesses, gaps, totals
from formal.valuation.rank import singular_values

_PAIRS = 64
"""How many objects are tried in pairs."""


@dataclass(frozen=True, slots=True)
class NearestPrompt:
    """The column that is nearest to the target.

    Args:
        prompt: its number.
        distance: the gap, which is the least tolerance within which the target is representable.
        object: the row where the worst distance is reached.
    """

    prompt: int
    distance: Box
    object: int


@dataclass(frozen=True, slots=True)
class NoPrompt:
    """No column is within a bound of the target, as these few objects show.

    Args:
        bound: the tolerance.
        objects: rows such that every column is further away than the bound on them alone; as few as were found.
        by: for each column the one of these rows where it is furthest away, or their number of columns is 0.
    """

    bound: Number
    objects: tuple[int, ...]
    by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorstEntry:
    """Where two matrices differ most, or one is most in excess of the other.

    Args:
        row, column: of the entry; in total variation the row, and no column.
        middle: for a composite, the object through which it is reached.
        left, right: the entries, unless it is a whole row.
        amount: by how much.
    """

    row: int
    column: int | None
    middle: int | None
    left: Box | None
    right: Box | None
    amount: Box


@dataclass(frozen=True, slots=True)
class WorstTriple:
    """Objects whose composite is most in excess of the entry from the first to the last; three times the same one for
    an identity that is missing.
    """

    objects: tuple[int, int, int]
    composite: Box
    entry: Box
    amount: Box


@dataclass(frozen=True, slots=True)
class Prompts:
    """The fewest columns whose join is within the bound of the target; None when there are none."""

    columns: tuple[int, ...] | None
    missing: int | None
    """A row that no column covers, when there are none."""


@dataclass(frozen=True, slots=True)
class CriticalPath:
    """The path that forces the repair, and between what numbers it lies; None when nothing is forced."""

    objects: tuple[int, ...] | None
    least: Box


@dataclass(frozen=True, slots=True)
class Representatives:
    """Classes of rows, each by its rows, the first one to represent it; in order of these."""

    classes: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SingularValues:
    """As floats, greatest first, beside the rows and columns of a minor that is not zero."""

    values: tuple[float, ...]
    minor: tuple[tuple[int, ...], tuple[int, ...]] | None


@dataclass(frozen=True, slots=True)
class Solved:
    """A prompt in feature space; the threshold last when it is open."""

    coordinates: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Objects whose inequalities contradict each other, with the multiples that show it."""

    objects: tuple[int, ...]
    multiples: tuple[Fraction, ...]


@dataclass(frozen=True, slots=True)
class Mixture:
    """For each row the vertices that take part, with their weights."""

    weights: tuple[tuple[tuple[int, Fraction], ...], ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """A row outside its hull, and a functional that is greater there than on all vertices."""

    row: int
    normal: tuple[Fraction, ...]


Detail = (
    NearestPrompt
    | NoPrompt
    | WorstEntry
    | WorstTriple
    | Prompts
    | CriticalPath
    | Representatives
    | SingularValues
    | Solved
    | Conflict
    | Mixture
    | Outside
)


def explain(
    formula: Formula,
    decision: Decision,
    limits: Limits = Limits(),  # noqa: B008
) -> tuple[tuple[Path, Detail], ...]:
    """What there is to see of each quantity and atom that was evaluated, by place.

    What would cost more than the limits is left out.
    """
    budget = Budget(limits.steps)
    grids = Grids(Rationals(decision.bits), budget)
    known: dict[Path, OfQuantity | OfAtom] = dict(decision.evidence)
    values = dict(decision.values)
    found: list[tuple[Path, Detail]] = []
    for path, node in places(formula):
        try:
            if isinstance(node, Compare):
                refuted = _no_prompt(node, path, values, grids)
                found.extend(((*path, side), detail) for side, detail in refuted)
            elif isinstance(node, (SoftPrompt, SoftWeight, InHull)):
                detail = _of_atom(node, known.get(path))
                if detail is not None:
                    found.append((path, detail))
            elif path in values:
                shown = _of_quantity(node, known.get(path), values[path], grids, budget)  # type: ignore[arg-type]
                if shown is not None:
                    found.append((path, shown))
        except (Exhausted, Undefined):
            continue
    return tuple(found)


def determined(left: Matrix, right: Matrix, limits: Limits = Limits()) -> tuple[tuple[int, int], ...]:  # noqa: B008
    """The places (row, column) where two matrices of one shape are known to agree: what a bracket leaves no choice."""
    grids = Grids(Rationals(limits.precisions[-1]), Budget(limits.steps))
    a, b = aligned(grids.grid(left), grids.grid(right))
    _, most = apart(a, b)
    return tuple((int(x), int(y)) for x, y in np.argwhere(np.asarray(most == 0, dtype=bool)).tolist())


# --- atoms ----------------------------------------------------------------------------------------


def _of_atom(atom: SoftPrompt | SoftWeight | InHull, evidence: OfQuantity | OfAtom | None) -> Detail | None:
    match evidence:
        case Point(coordinates):
            return Solved(coordinates)
        case Multipliers(multiples):
            share = 2 if isinstance(atom, SoftWeight) else 1
            return Conflict(tuple(i // share for i, _ in multiples), tuple(multiple for _, multiple in multiples))
        case HullWeights(weights):
            return Mixture(tuple(tuple((i, w) for i, w in enumerate(row) if w) for row in weights))
        case Separation(row, normal):
            return Outside(row, normal)
        case _:
            return None


def _no_prompt(atom: Compare, path: Path, values: dict[Path, Box], grids: Grids) -> list[tuple[int, NoPrompt]]:
    """Why no column is near enough, where a gap is compared with something smaller."""
    found = []
    for side, node, other in ((0, atom.left, 1), (1, atom.right, 0)):
        gap, bound = values.get((*path, side)), values.get((*path, other))
        if isinstance(node, Gap) and gap is not None and bound is not None and gap.lower > bound.upper:
            of, target = upright(grids.grid(node.of), grids.grid(node.target))
            found.append((side, _fewest(of, target, node.metric, bound.upper)))
    return found


def upright(of: Grid, target: Grid) -> tuple[Grid, Grid]:
    """A matrix and a target with one column; coweights are turned."""
    if target.shape[1] == 1 and target.shape[0] == of.shape[0]:
        return aligned(of, target)
    return aligned(of.transposed(), target.transposed())


def _fewest(of: Grid, target: Grid, metric: Metric, bound: Number) -> NoPrompt:
    least, _ = apart(of, target)
    level = bound * of.denominator * (2 if metric is Metric.TV else 1)
    if metric is Metric.SUP:
        chosen = _refuting_singly(np.asarray(least > level, dtype=bool))
    else:
        chosen = _refuting_together(least, level)
    few = least[list(chosen)]
    by = tuple(chosen[max(range(len(chosen)), key=lambda i: few[i, p])] for p in range(of.shape[1])) if chosen else ()
    return NoPrompt(bound, chosen, by)


def _refuting_singly(refutes: NDArray[np.bool_]) -> tuple[int, ...]:
    """Few rows such that each column is refuted by one of them: one or two if that is possible."""
    count = refutes.shape[1]
    every = (1 << count) - 1
    sets = {x: int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little") for x, row in enumerate(refutes)}
    for x, refuted in sets.items():
        if refuted == every:
            return (x,)
    # If a pair does, one of it refutes at least half.
    halves = [x for x, refuted in sets.items() if 2 * refuted.bit_count() >= count]
    for x in halves:
        for y, refuted in sets.items():
            if sets[x] | refuted == every:
                return tuple(sorted((x, y)))
    return smallest_cover(Instance(every, sets))


def _refuting_together(least: Array, level: Any) -> tuple[int, ...]:
    """Few rows whose distances add up to more than a level in every column."""
    approximate = np.array([[float(min(v, 10**30)) for v in row] for row in least.tolist()])
    rows, columns = approximate.shape
    if columns == 0:
        return ()
    order = np.argsort(-approximate.min(axis=1), kind="stable")

    def suffices(chosen: tuple[int, ...]) -> bool:
        return all(value > level for value in np.add.reduce(least[list(chosen)], axis=0).tolist())

    if rows and suffices((int(order[0]),)):
        return (int(order[0]),)
    promising = np.argsort(-approximate.mean(axis=1), kind="stable")[:_PAIRS].tolist()
    pairs = sorted(
        combinations(sorted(promising), 2),
        key=lambda pair: -float((approximate[pair[0]] + approximate[pair[1]]).min()),
    )
    if pairs and suffices(pairs[0]):
        return pairs[0]
    chosen: list[int] = []
    total = np.zeros(columns)
    capped = float(level)
    while not (chosen and suffices(tuple(sorted(chosen)))) and len(chosen) < rows:
        gains = np.minimum(total[None, :] + approximate, capped * 1.0001).sum(axis=1)
        gains[chosen] = -1.0
        best = int(np.argmax(gains))
        chosen.append(best)
        total += approximate[best]
    return tuple(sorted(chosen))


# --- quantities -----------------------------------------------------------------------------------


def _of_quantity(
    node: Quantity, evidence: OfQuantity | OfAtom | None, value: Box, grids: Grids, budget: Budget
) -> Detail | None:
    match node:
        case Gap(of, target, metric):
            return _nearest(*upright(grids.grid(of), grids.grid(target)), metric, budget)
        case Distance(left, right, metric):
            return _most_distant(*aligned(grids.grid(left), grids.grid(right)), metric)
        case Excess(left, right):
            return _most_excessive(left, *aligned(grids.grid(left), grids.grid(right)), grids)
        case Defect(of):
            return _worst_triple(grids.grid(of), budget)
        case PromptNumber() if isinstance(evidence, PromptCover):
            missing = evidence.fewer.object if evidence.is_infinite and evidence.fewer is not None else None
            return Prompts(evidence.columns, missing)
        case Repair():
            return CriticalPath(evidence.path if isinstance(evidence, RepairBounds) else None, value)
        case Classes(of, within, metric):
            return _representatives(grids.grid(of), within, metric, budget)
        case Rank(of):
            minor = evidence.minor if isinstance(evidence, RankBounds) else None
            return SingularValues(singular_values(grids.grid(of)), minor)
        case _:
            return None


def _nearest(of: Grid, target: Grid, metric: Metric, budget: Budget) -> NearestPrompt | None:
    distances = gaps(of, target, metric, budget)
    if not distances or not of.shape[0]:
        return None
    prompt = min(range(len(distances)), key=lambda p: (distances[p].upper, p))
    least, _ = apart(of, target)
    column = least[:, prompt].tolist()
    return NearestPrompt(prompt, distances[prompt].box(), max(range(len(column)), key=lambda x: column[x]))


def _box(lower: Any, upper: Any, denominator: int) -> Box:
    return Interval(divided(lower, denominator), divided(upper, denominator)).box()


def _most_distant(a: Grid, b: Grid, metric: Metric) -> WorstEntry | None:
    if not a.lower.size:
        return None
    low, high = apart(a, b)
    if metric is Metric.SUP:
        x, y = greatest(low)
        amount = _box(low[x, y], high[x, y], a.denominator)
        return WorstEntry(x, y, None, a.entry(x, y).box(), b.entry(x, y).box(), amount)
    axis = 0 if a.shape[1] == 1 else 1
    sums = [totals(each, metric, axis).tolist() for each in (low, high)]
    x = max(range(len(sums[0])), key=lambda i: sums[0][i])
    return WorstEntry(x, None, None, None, None, _box(sums[0][x], sums[1][x], 2 * a.denominator))


def _most_excessive(left: Matrix, a: Grid, b: Grid, grids: Grids) -> WorstEntry | None:
    if not a.lower.size:
        return None
    low, high = excesses(a, b)
    x, z = greatest(low)
    middle = None
    if isinstance(left, Composite):
        middle = _middle(grids.grid(left.left), grids.grid(left.right), x, z)
    amount = _box(low[x, z], high[x, z], a.denominator)
    return WorstEntry(x, z, middle, a.entry(x, z).box(), b.entry(x, z).box(), amount)


def _middle(left: Grid, right: Grid, x: int, z: int) -> int | None:
    """The object through which a composite is greatest."""
    left, right = aligned(left, right)
    steps = operation.tensor(left.quantale, left.lower[x, :], right.lower[:, z], left.denominator).tolist()
    if not steps:
        return None
    choose = min if left.quantale is Quantale.LAWVERE else max
    return choose(range(len(steps)), key=lambda y: steps[y])


def _worst_triple(of: Grid, budget: Budget) -> WorstTriple | None:
    if not of.lower.size:
        return None
    square = composed(of, of, budget)
    a, b = aligned(square, of)
    low, high = excesses(a, b)
    x, z = greatest(low)
    amount = _box(low[x, z], high[x, z], a.denominator)
    unit = operation.unit(of.quantale, of.denominator)
    units = exact(np.array([[unit]] * of.shape[0], dtype=object), of.denominator, of.quantale)
    lower = np.diagonal(of.lower)[:, None]
    upper = lower if of.is_exact else np.diagonal(of.upper)[:, None]
    lacks, most = excesses(units, Grid(lower, upper, of.denominator, of.quantale))
    w, _ = greatest(lacks)
    lacking = _box(lacks[w, 0], most[w, 0], of.denominator)
    if lacking.lower >= amount.lower and lacking.upper > 0:
        return WorstTriple((w, w, w), Box.point(number_of(Fraction(of.quantale.unit))), of.entry(w, w).box(), lacking)
    y = _middle(of, of, x, z)
    if amount.upper == 0 or y is None:
        return None
    return WorstTriple((x, y, z), square.entry(x, z).box(), of.entry(x, z).box(), amount)


def _representatives(of: Grid, within: Fraction, metric: Metric, budget: Budget) -> Representatives:
    classes: dict[int, list[int]] = {}
    for x, first in enumerate(partitions(of, within, metric, budget)[0]):
        classes.setdefault(first, []).append(x)
    return Representatives(tuple(tuple(rows) for _, rows in sorted(classes.items())))
