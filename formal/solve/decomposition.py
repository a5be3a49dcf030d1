"""Solving a claim for its parameter: the range is divided into cells until the claim has one truth value on each.

The evaluator of ``formal.valuation`` runs once a cell, over functions of the parameter. Where a comparison is not the
same all over a cell, the cell is split at the roots of the difference, and its parts are evaluated afresh.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from formal.enriched.evidence import Algebraic, Cell, Decomposition, Evidence
from formal.enriched.expression import Applied, Expression, Operation, Unknown
from formal.enriched.formula import Formula
from formal.solve.carrier import require_values, symbolic_entries
from formal.solve.cell import Region, Split
from formal.solve.certifiable import certifiable, dependent
from formal.solve.domain import Functions
from formal.solve.line import Line, Root
from formal.solve.polynomial import bits
from formal.solve.solution import Solution, Status, pieces_of
from formal.valuation.enclosure import HasParameter, Undefined, enclose
from formal.valuation.evaluate import Evaluator, Findings
from formal.valuation.limit import Budget, Exhausted, Limits
from formal.valuation.parts import expressions, parameters
from formal.valuation.walk import postorder

_MOST_CELLS = 4000
_MOST_BITS = 4096
"""To which the kernel encloses irrational constants."""
_FUNCTIONS = (Operation.SQRT, Operation.EXP, Operation.LOG)
_NARROW = Fraction(1, 1 << 40)
"""Undecided intervals that are shorter are not looked at more closely."""
_SHORT = 40
"""Bits of the polynomial of an undecided number that is looked at more closely."""
_TRUTHS: dict[Status, Literal["true", "false", "unknown"]] = {Status.HOLDS: "true", Status.FAILS: "false"}


class NotOneParameter(Exception):
    """A claim leaves no number open, or several. Carries their names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        found = ", ".join(f"`{name}`" for name in names)
        super().__init__(f"the claim has the parameters {found}" if names else "the claim has no parameter")


@dataclass(frozen=True, slots=True)
class _Found:
    """What an evaluation says of a cell."""

    lower: Root
    upper: Root
    sample: Root
    status: Status
    reason: str
    evidence: Evidence


def solve(formula: Formula, limits: Limits = Limits()) -> Solution:  # noqa: B008
    """The numbers of the parameter's range for which a formula holds, exactly.

    Args:
        limits: of all cells together; cells that are not reached any more are unknown.
    Raises:
        NotOneParameter: the formula has no parameter, or more than one.
    """
    open_numbers = parameters(formula)
    if len(open_numbers) != 1:
        raise NotOneParameter(tuple(parameter.name for parameter in open_numbers))
    return _Solver(formula, open_numbers[0], limits).run()


class _Solver:
    def __init__(self, formula: Formula, parameter: Unknown, limits: Limits) -> None:
        self._formula, self._reasons = certifiable(formula, parameter)
        self._parameter = parameter
        self._limits = limits
        self._budget = Budget(limits.steps)
        self._line = Line(parameter.lower, parameter.upper, self._budget.spend)
        self._entries = symbolic_entries(formula)
        self._dependent = dependent(formula)
        self._precision = limits.precisions[0]
        self._count = 0

    def run(self) -> Solution:
        low, high = self._line.low, self._line.high
        found = self._cells(low, low)
        if low is not high:
            found += [*self._cells(low, high), *self._cells(high, high)]
        for precision in self._limits.precisions[1:]:
            if not any(map(_is_worth_more, found)):
                break
            self._precision = precision
            found = [
                part
                for cell in found
                for part in (self._cells(cell.lower, cell.upper) if _is_worth_more(cell) else [cell])
            ]
        return self._solution(found)

    def _cells(self, lower: Root, upper: Root) -> list[_Found]:
        """A cell, or its parts when it is split; in order."""
        found: list[_Found] = []
        stack = [(lower, upper)]
        while stack:
            left, right = stack.pop()
            self._count += 1
            try:
                found.append(self._evaluate(left, right))
            except Split as split:
                ends = (left, *split.roots, right)
                parts = [(ends[i], ends[j]) for i in range(len(ends)) for j in (i, i + 1) if j < len(ends)]
                stack += reversed(parts[1:-1])
        return found

    def _evaluate(self, lower: Root, upper: Root) -> _Found:
        region = Region(self._line, lower, upper, self._budget.spend)
        sample = lower if region.is_point or region.sample is None else Root.rational(region.sample)
        if self._count > _MOST_CELLS:
            return _Found(lower, upper, sample, Status.UNKNOWN, f"more than {_MOST_CELLS} cells", ())
        domain = Functions(self._parameter, region, self._precision)
        try:
            for given in self._entries:
                require_values(given, domain)
        except (Undefined, Exhausted) as doubt:
            status = Status.UNDEFINED if isinstance(doubt, Undefined) else Status.UNKNOWN
            return _Found(lower, upper, sample, status, str(doubt), ())
        evaluator = Evaluator(domain, self._limits, self._budget)
        # Whatever floating-point operations comparisons lead to are not numpy's to warn about.
        with np.errstate(all="ignore"):
            truth = evaluator.truth(self._formula)
        findings = evaluator.findings
        if truth is None:
            place, reason = findings.doubts[0]
            reason = self._reasons.get(place, reason)
            status = Status.UNDEFINED if reason == "division by zero" else Status.UNKNOWN
            return _Found(lower, upper, sample, status, reason, ())
        return _Found(lower, upper, sample, Status.HOLDS if truth else Status.FAILS, "", self._independent(findings))

    def _independent(self, findings: Findings) -> Evidence:
        """Evidence that is the same on all cells."""
        return tuple((path, found) for path, found in findings.evidence if path not in self._dependent)

    def _solution(self, found: list[_Found]) -> Solution:
        known: dict[int, Algebraic] = {}

        def data(root: Root) -> Algebraic:
            return known.setdefault(id(root), root.algebraic())

        cells = tuple(
            Cell(data(cell.lower), data(cell.upper), data(cell.sample), _TRUTHS.get(cell.status, "unknown"))
            for cell in found
        )
        decomposition = Decomposition(self._parameter.name, cells)
        evidence = {path: each for cell in found for path, each in cell.evidence}
        return Solution(
            self._parameter,
            decomposition,
            pieces_of(decomposition, tuple(c.status for c in found), tuple(c.reason for c in found)),
            tuple(sorted(evidence.items(), key=lambda item: item[0])),
            min(_MOST_BITS, 2 * self._precision + 64 + _places(self._formula)),
            self._budget.spent,
        )


def _is_worth_more(cell: _Found) -> bool:
    """Whether more binary digits of constants may decide a cell, at least a part of it that is worth it."""
    if cell.status is not Status.UNKNOWN:
        return False
    if cell.lower is cell.upper:
        # Where constants in bounds met is no number that anybody asks about.
        return bits(cell.lower.polynomial) <= _SHORT
    return cell.upper.lower - cell.lower.upper > _NARROW


def _places(formula: Formula) -> int:
    """How many bits after the binary point irrational constants begin, at most: the kernel rounds to a fixed place."""
    most = 0
    for constant in (c for expression in expressions(formula) for c in _constants(expression)):
        try:
            low = abs(Fraction(enclose(constant, 64).lower))
        except (HasParameter, Undefined):
            continue
        if low:
            most = max(most, low.denominator.bit_length() - low.numerator.bit_length())
    return most


def _constants(expression: Expression) -> list[Expression]:
    """The largest parts of an expression without a parameter, and the roots, exponentials and logarithms in it."""
    found: list[Expression] = []
    is_closed: dict[int, bool] = {}
    for node in postorder(expression, _operands):
        parts = _operands(node)
        is_closed[id(node)] = not isinstance(node, Unknown) and all(is_closed[id(part)] for part in parts)
        if not is_closed[id(node)]:
            found += [part for part in parts if is_closed[id(part)]]
        elif isinstance(node, Applied) and (node is expression or node.operation in _FUNCTIONS):
            found.append(node)
    return found


def _operands(expression: Expression) -> tuple[Expression, ...]:
    return expression.operands if isinstance(expression, Applied) else ()
