"""Prompt numbers: the fewest columns whose join is within e of a target, as a set cover, with a tree that fewer fail.

A column fits when it exceeds the target nowhere by more than e; a fitting column covers the objects at which it
reaches the target to within e. Objects where the bottom already does so need no column. Branching is on the object
that the fewest columns cover; columns that cover no more than another one of the same object share its branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from formal.enriched.evidence import Branch, PromptCover
from formal.valuation import operation
from formal.valuation.domain import INFINITE, Interval
from formal.valuation.grid import Array, Grid, aligned, filled, scaled
from formal.valuation.limit import Budget


@dataclass(frozen=True, slots=True)
class Instance:
    """Which columns cover which objects, as sets of bits.

    Args:
        needed: the objects that need a column.
        covered: for each fitting column the needed objects that it covers.
    """

    needed: int
    covered: dict[int, int]

    def columns_at(self, x: int) -> list[int]:
        """The columns that cover an object."""
        return [column for column, objects in self.covered.items() if objects >> x & 1]


def prompt_number(
    of: Grid, target: Grid, within: Fraction, budget: Budget, branches: int
) -> tuple[Interval, PromptCover | None]:
    """The number of prompts, and why; an interval when entries are boxes or the search was cut short."""
    hopeful, careful = instances(of, target, within, budget)
    lacking = _uncovered(hopeful)
    if lacking is not None:
        return Interval.point(INFINITE), PromptCover(None, Branch(lacking, ()))
    chosen = None if _uncovered(careful) is not None else smallest_cover(careful)
    if chosen is None:
        lower, tree, _ = _refute_most(hopeful, _greedy(hopeful), budget, branches)
        return Interval(Fraction(lower), INFINITE), PromptCover(None, tree, lower)
    lower, tree, better = _refute_most(hopeful, chosen, budget, branches)
    if better is not None and hopeful is careful:
        chosen = better
    return Interval(Fraction(lower), Fraction(len(chosen))), PromptCover(chosen, tree, lower)


def instances(of: Grid, target: Grid, within: Fraction, budget: Budget) -> tuple[Instance, Instance]:
    """What columns may cover, and what they must; the same when entries are known."""
    of, target = aligned(of, target)
    budget.spend(4 * of.lower.size + 1)
    quantale = of.quantale
    bound = scaled(within, of.denominator)
    nothing = filled((target.shape[0], 1), operation.bottom(quantale))
    lawvere = operation.better(quantale) is np.minimum
    least, most = (of.upper, of.lower) if lawvere else (of.lower, of.upper)
    low, high = (target.upper, target.lower) if lawvere else (target.lower, target.upper)

    def build(fitting: Array, reaching: Array, over: Array, under: Array) -> Instance:
        fits = _at_most(operation.excess(quantale, fitting, over), bound).all(axis=0)
        covers = _at_most(operation.excess(quantale, under, reaching), bound)
        needs = ~_at_most(operation.excess(quantale, under, nothing), bound)[:, 0]
        needed = _bits(needs)
        return Instance(needed, {p: _bits(covers[:, p] & needs) for p in np.nonzero(fits)[0].tolist()})

    careful = build(most, least, low, high)
    if of.is_exact and target.is_exact:
        return careful, careful
    return build(least, most, high, low), careful


def _at_most(values: Array, bound: object) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray(values <= bound, dtype=bool)


def _bits(flags: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> int:
    return sum(1 << int(x) for x in np.nonzero(flags)[0])


def _elements(bits: int) -> list[int]:
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def _uncovered(instance: Instance) -> int | None:
    """A needed object that no column covers."""
    union = 0
    for objects in instance.covered.values():
        union |= objects
    left = instance.needed & ~union
    return _elements(left)[0] if left else None


def _greedy(instance: Instance) -> tuple[int, ...]:
    left, chosen = instance.needed, []
    while left:
        column = max(instance.covered, key=lambda p: ((instance.covered[p] & left).bit_count(), -p))
        chosen.append(column)
        left &= ~instance.covered[column]
    return tuple(sorted(chosen))


def smallest_cover(instance: Instance) -> tuple[int, ...]:
    """A small cover of all needed objects, which exists: a smallest one, as far as integer programming tells."""
    greedy = _greedy(instance)
    if len(greedy) <= 1:
        return greedy
    proposed = _programmed(instance)
    if proposed is not None and len(proposed) < len(greedy):
        union = 0
        for column in proposed:
            union |= instance.covered[column]
        if not instance.needed & ~union:
            return proposed
    return greedy


def _programmed(instance: Instance) -> tuple[int, ...] | None:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    columns = _maximal(instance)
    objects = _elements(instance.needed)
    rows, places = [], []
    for row, x in enumerate(objects):
        for place, column in enumerate(columns):
            if instance.covered[column] >> x & 1:
                rows.append(row)
                places.append(place)
    matrix = csr_matrix((np.ones(len(rows)), (rows, places)), shape=(len(objects), len(columns)))
    found = milp(
        np.ones(len(columns)),
        integrality=np.ones(len(columns)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, lb=1),
        options={"node_limit": 500},
    )
    if found.x is None:
        return None
    return tuple(sorted(columns[place] for place in np.nonzero(found.x > 0.5)[0].tolist()))


def _maximal(instance: Instance) -> list[int]:
    """The columns that do not cover less than another one; of those that cover the same, the first."""
    kept: list[int] = []
    for column in sorted(instance.covered, key=lambda p: (-instance.covered[p].bit_count(), p)):
        mine = instance.covered[column]
        if mine and not any(mine & ~instance.covered[other] == 0 for other in kept):
            kept.append(column)
    return sorted(kept)


# --- fewer do not do ------------------------------------------------------------------------------


class _TooMany(Exception):
    """The tree has too many branches."""


def _refute_most(
    instance: Instance, chosen: tuple[int, ...], budget: Budget, branches: int
) -> tuple[int, Branch | None, tuple[int, ...] | None]:
    """A lower bound, the tree for it, and a smaller cover if the search came upon one."""
    best: tuple[int, ...] | None = None
    count = len(chosen)
    while count > 0:
        try:
            tree, cover = _search(instance, count - 1, budget, branches)
        except _TooMany:
            count = (count + 1) // 2 if count > 1 else 0
            continue
        if cover is None:
            return count, tree, best
        best = cover
        count = len(cover)
    return 0, None, best


@dataclass(slots=True)
class _Frame:
    """A node of the search: its object, the columns to try, and what their branches came to."""

    left: int
    depth: int
    object: int
    columns: list[int]
    taken: tuple[int, ...]
    done: list[tuple[int, Branch]]


def _search(
    instance: Instance, most: int, budget: Budget, branches: int
) -> tuple[Branch | None, tuple[int, ...] | None]:
    """A tree that refutes covers by at most so many columns, or a cover.

    Raises:
        _TooMany: the tree is too large.
    """
    refuted: dict[tuple[int, int], Branch] = {}
    covering = {x: instance.columns_at(x) for x in _elements(instance.needed)}
    hardest = sorted(covering, key=lambda x: (len(covering[x]), x))
    made = 0

    def frame(left: int, depth: int, taken: tuple[int, ...]) -> _Frame:
        budget.spend(len(instance.covered) + 1)
        x = next(x for x in hardest if left >> x & 1)
        columns = sorted(covering[x], key=lambda p: (-(instance.covered[p] & left).bit_count(), p)) if depth else []
        return _Frame(left, depth, x, columns, taken, [])

    if not instance.needed:
        return None, ()
    stack = [frame(instance.needed, most, ())]
    while True:
        top = stack[-1]
        if len(top.done) == len(top.columns):
            branch = Branch(top.object, tuple(top.done))
            made += 1
            if made > branches:
                raise _TooMany
            refuted[top.left, top.depth] = branch
            stack.pop()
            if not stack:
                return branch, None
            stack[-1].done.append((stack[-1].columns[len(stack[-1].done)], branch))
            continue
        column = top.columns[len(top.done)]
        left = top.left & ~instance.covered[column]
        if not left:
            return None, tuple(sorted({*top.taken, column}))
        known = refuted.get((left, top.depth - 1)) or _dominating(instance, top, column)
        if known is not None:
            top.done.append((column, known))
        else:
            stack.append(frame(left, top.depth - 1, (*top.taken, column)))


def _dominating(instance: Instance, frame: _Frame, column: int) -> Branch | None:
    """The branch of a column tried before that covers all that this one does: it refutes this one too."""
    mine = instance.covered[column] & frame.left
    for other, branch in frame.done:
        if mine & ~instance.covered[other] == 0:
            return branch
    return None
