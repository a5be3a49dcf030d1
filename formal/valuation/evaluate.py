"""The value of every part of a formula: quantities as intervals, then truth by Kleene's connectives.

The evaluator works over any ``Domain``. For rational numbers it uses machine numbers where they are exact or only
propose; for the numbers of another domain, such as polynomials in a parameter on a cell of its range, it uses nothing
but their arithmetic and comparisons, and asks of them no more than an ordered field has (see ``domain``). To decide a
formula on a cell:

    evaluator = Evaluator(domain, limits, Budget(limits.steps))
    truth = evaluator.truth(formula)

Whatever comparisons raise passes through, and the evaluator is then to be thrown away. What has no value over other
domains than the rationals raises ``Undefined`` inside, and its atom is unknown: the least repair for products, singular
values within a tolerance. Evidence over other domains is given only where it consists of rational numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from formal.enriched.evidence import OfAtom, OfQuantity, Path
from formal.enriched.formula import (
    And,
    Classes,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    InHull,
    Matrix,
    Not,
    Or,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.valuation import quantity as q
from formal.valuation.classes import classes
from formal.valuation.cover import prompt_number
from formal.valuation.domain import Domain, Interval
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Grid
from formal.valuation.limit import Budget, Exhausted, Limits
from formal.valuation.matrix import Grids
from formal.valuation.order import Truth, compare
from formal.valuation.rank import rank
from formal.valuation.repair import repair
from formal.valuation.soft import decide_hull, decide_inequalities, soft_prompt, soft_weight


@dataclass(slots=True)
class Findings:
    """What an evaluation leaves behind, in the order in which it was found.

    Args:
        values: of quantities, by place.
        evidence: by place.
        doubts: why an atom is unknown, by place.
    """

    values: list[tuple[Path, Interval]] = field(default_factory=list)
    evidence: list[tuple[Path, OfQuantity | OfAtom]] = field(default_factory=list)
    doubts: list[tuple[Path, str]] = field(default_factory=list)


class Evaluator:
    """Evaluates formulas over one domain within one budget; matrices are evaluated once."""

    def __init__(self, domain: Domain, limits: Limits, budget: Budget) -> None:
        self.findings = Findings()
        self.grids = Grids(domain, budget)
        self._domain = domain
        self._limits = limits
        self._budget = budget

    # --- formulas ---------------------------------------------------------------------------------

    def truth(self, formula: Formula) -> Truth:
        """The truth value; parts of a conjunction or disjunction are not looked at once it is known.

        Raises:
            HasParameter: of this domain.
        """
        known: list[Truth] = []
        stack: list[tuple[Formula, Path, int]] = [(formula, (), 0)]
        while stack:
            node, path, position = stack.pop()
            match node:
                case Not(of):
                    if position == 0:
                        stack += [(node, path, 1), (of, (*path, 0), 0)]
                    else:
                        value = known.pop()
                        known.append(None if value is None else not value)
                case And(parts) | Or(parts):
                    decisive = isinstance(node, Or)
                    # The truth so far: the neutral one, then joined with that of the part just evaluated.
                    if position == 0:
                        known.append(not decisive)
                    else:
                        last, before = known.pop(), known.pop()
                        known.append(_joined(before, last, decisive))
                    if position < len(parts) and known[-1] is not decisive:
                        stack += [(node, path, position + 1), (parts[position], (*path, position), 0)]
                case Compare() | SoftPrompt() | SoftWeight() | InHull():
                    known.append(self._atom(node, path))
                case _:
                    assert_never(node)
        (truth,) = known
        return truth

    def _atom(self, atom: Compare | SoftPrompt | SoftWeight | InHull, path: Path) -> Truth:
        try:
            truth = self._decide(atom, path)
        except (Undefined, Exhausted) as doubt:
            self.findings.doubts.append((path, str(doubt)))
            return None
        if truth is None:
            reason = "neither a solution nor a contradiction was found that holds for all numbers within the bounds"
            if isinstance(atom, Compare):
                reason = "what is known of the two sides overlaps: it may hold for some numbers and not for others"
            self.findings.doubts.append((path, reason))
        return truth

    def _decide(self, atom: Compare | SoftPrompt | SoftWeight | InHull, path: Path) -> Truth:
        found: OfAtom | None
        match atom:
            case Compare(left, order, right):
                return compare(self.quantity(left, (*path, 0)), order, self.quantity(right, (*path, 1)))
            case SoftPrompt(features, task, margin, threshold):
                system = soft_prompt(self.grids.grid(features), self.grids.grid(task), margin, threshold)
                truth, found = decide_inequalities(system, self._budget)
            case SoftWeight(features, target, within):
                system = soft_weight(self.grids.grid(features), self.grids.grid(target), within)
                truth, found = decide_inequalities(system, self._budget)
            case InHull(points, vertices, within, shared):
                corners = [self.grids.grid(each) for each in vertices]
                truth, found = decide_hull(self.grids.grid(points), corners, within, shared, self._budget)
            case _:
                assert_never(atom)
        if found is not None:
            self.findings.evidence.append((path, found))
        return truth

    # --- quantities -------------------------------------------------------------------------------

    def quantity(self, quantity: Quantity, path: Path = ()) -> Interval:
        """The value of a quantity.

        Raises:
            Undefined: it has none, or none that can be computed in this domain.
            Exhausted: the budget is spent.
        """
        known: list[Interval] = []
        stack: list[tuple[Quantity, Path, bool]] = [(quantity, path, False)]
        while stack:
            node, place, is_ready = stack.pop()
            if isinstance(node, Combined) and not is_ready:
                stack.append((node, place, True))
                parts = node.operands
                stack.extend((parts[i], (*place, i), False) for i in reversed(range(len(parts))))
                continue
            if isinstance(node, Combined):
                first = len(known) - len(node.operands)
                value = q.combine(node.operation, known[first:])
                del known[first:]
            else:
                value = self._measure(node, place)
            self.findings.values.append((place, value))
            known.append(value)
        return known[0]

    def _measure(
        self,
        node: Constant | Entry | Distance | Excess | Defect | Gap | Repair | PromptNumber | Classes | Rank,
        place: Path,
    ) -> Interval:
        grid, budget = self.grids.grid, self._budget
        found: OfQuantity | None
        match node:
            case Constant(value):
                return self._domain.interval(value)
            case Entry(of, row, column):
                return grid(of).entry(row, column)
            case Distance(left, right, metric):
                a, b = grid(left), grid(right)
                return q.ZERO if a is b else q.distance(a, b, metric, budget)
            case Excess(left, right):
                a, b = grid(left), grid(right)
                return q.ZERO if a is b else q.excess(self._essential(left, right, a), b, budget)
            case Defect(of):
                return q.defect(grid(of), budget)
            case Gap(of, target, metric):
                a, b = grid(of), grid(target)
                if b.shape[1] != 1 or b.shape[0] != a.shape[0]:
                    a, b = a.transposed(), b.transposed()
                return q.gap(a, b, metric, budget)
            case Classes(of, within, metric):
                return classes(grid(of), within, metric, budget)
            case Repair(of):
                number, found = repair(grid(of), self._domain.bits, budget)
            case PromptNumber(of, target, within):
                number, found = prompt_number(grid(of), grid(target), within, budget, self._limits.branches)
            case Rank(of, within):
                number, found = rank(grid(of), within, budget)
            case _:
                assert_never(node)
        if found is not None:
            self.findings.evidence.append((place, found))
        return number

    def _essential(self, left: Matrix, right: Matrix, values: Grid) -> Grid:
        """``C A`` to be compared with A: the diagonal of C says nothing then, being at most the unit.

        Only where entries are intervals does that make a difference.
        """
        if values.is_exact or not isinstance(left, Composite) or right not in (left.left, left.right):
            return values
        first, second = self.grids.grid(left.left), self.grids.grid(left.right)
        if right is left.right:
            first = q.without_diagonal(first)
        if right is left.left:
            second = q.without_diagonal(second)
        return q.composed(first, second, self._budget)


def _joined(before: Truth, last: Truth, decisive: bool) -> Truth:
    """Two truth values of which one value decides."""
    if decisive in (before, last):
        return decisive
    return None if before is None or last is None else not decisive
