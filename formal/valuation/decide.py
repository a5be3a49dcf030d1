"""Deciding a formula exactly: its truth value, the evidence that the kernel needs, and the values of its quantities."""

from __future__ import annotations

from dataclasses import dataclass

from formal.enriched.evidence import Evidence, Path
from formal.enriched.formula import Formula
from formal.quantale import Box
from formal.valuation.domain import Rationals
from formal.valuation.enclosure import HasParameter
from formal.valuation.evaluate import Evaluator
from formal.valuation.limit import Budget, Limits
from formal.valuation.order import Truth
from formal.valuation.parts import is_refinable, parameters


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a formula.

    Args:
        truth: True when it holds for all numbers in the boxes, False when for none; None when neither is known.
        evidence: for the kernel, by place.
        reason: why it is unknown; empty otherwise.
        steps: elementary operations used.
        bits: to how many binary digits irrational numbers were enclosed.
        values: the boxes of all quantities that were computed, by place.
        doubts: why single atoms are unknown, by place.
    """

    truth: Truth
    evidence: Evidence
    reason: str
    steps: int
    bits: int
    values: tuple[tuple[Path, Box], ...]
    doubts: tuple[tuple[Path, str], ...]


def decide(formula: Formula, limits: Limits = Limits()) -> Decision:  # noqa: B008
    """Decide a formula without parameters.

    Irrational numbers are enclosed more and more closely until it is decided or the precisions are used up.

    Raises:
        HasParameter: a number is left open in it.
    """
    open_numbers = parameters(formula)
    if open_numbers:
        raise HasParameter(open_numbers[0].name)
    precisions = limits.precisions if is_refinable(formula) else limits.precisions[:1]
    budget = Budget(limits.steps)
    decision = None
    for bits in precisions:
        evaluator = Evaluator(Rationals(bits), limits, budget)
        truth = evaluator.truth(formula)
        findings = evaluator.findings
        reason = "" if truth is not None else findings.doubts[0][1]
        decision = Decision(
            truth,
            tuple(findings.evidence),
            reason,
            budget.spent,
            bits,
            tuple((path, value.box()) for path, value in findings.values),
            tuple(findings.doubts),
        )
        if truth is not None:
            break
    if decision is None:
        raise ValueError("no precision to decide with")
    return decision
