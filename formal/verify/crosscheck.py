"""A cross-check: every formula of it decided and re-checked by the kernel, then what they come to.

Raw predictions are scored anew each time, and a score is a number in a formula. So what a cache may remember is the
verdict on a formula, as of any claim. A formula that occurs in several rows is decided once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from formal.certificate.enriched import write_enriched_claim
from formal.crosscheck.compare import agreement_of_seeds, ground, judge, overall
from formal.crosscheck.measure import NotComparable, is_within, measured, too_little
from formal.crosscheck.model import CrossCheck, Measure, Question, Row
from formal.elaborate.enriched import RelationClaim
from formal.enriched.formula import Formula, Quantity
from formal.explain.quantity import box
from formal.quantale import INFINITY, Number
from formal.smt.child import Solver
from formal.store.cache import Cache
from formal.valuation import HasParameter, Limits
from formal.valuation.domain import Rationals
from formal.valuation.enclosure import Undefined
from formal.valuation.evaluate import Evaluator
from formal.valuation.limit import Budget, Exhausted
from formal.verdict.crosscheck import explanation
from formal.verdict.result import (
    ClaimResult,
    CrossCheckItem,
    CrossCheckResult,
    CrossCheckRow,
    Outcome,
    Part,
    Role,
    Told,
    Trouble,
)
from formal.verify.enriched import decide_relation_claim
from formal.verify.options import Options

_BITS = 128
"""To which irrational numbers are enclosed where their values are told."""


def decide_crosscheck(
    check: CrossCheck, file: str, options: Options, *, cache: Cache | None = None, solver: Solver | None = None
) -> ClaimResult:
    """What a cross-check finds; its certificates are in ``parts``.

    Args:
        cache: verdicts on formulas remembered; None remembers none.
        solver: a running one to be used again.
    """
    started = time.perf_counter()
    decider = _Decider(check, file, options, cache, solver)
    rows = tuple(_row(number, row, decider) for number, row in enumerate(check.rows, 1))
    outcome = overall(rows)
    tasks = [row.task for row in check.rows]
    seeds = agreement_of_seeds(tasks, rows, check.models, check.seeds) if check.models else ""
    found = CrossCheckResult(check.theorem, check.pin, rows, seeds)
    reason = _reason(rows, outcome)
    troubles = [item for row in rows for item in row.items if item.trouble is not None]
    results = list(decider.results.values())
    return replace(
        undecided_crosscheck(check, file),
        outcome=outcome,
        reason=troubles[0].reason if troubles else reason if outcome is not Outcome.AGREES else "",
        trouble=troubles[0].trouble if troubles else None,
        certified=bool(results) and all(result.certified for result in results),
        explanation=explanation(found, check.expected, reason),
        resources=(("steps", sum(amount for result in results for _, amount in result.resources)),),
        seconds=time.perf_counter() - started,
        cached=bool(results) and all(result.cached for result in results),
        parts=tuple(decider.parts),
        crosscheck=found,
    )


def undecided_crosscheck(check: CrossCheck, file: str) -> ClaimResult:
    """The result before anything is known: never as expected."""
    return ClaimResult(
        check.name,
        file,
        check.span,
        check.doc,
        check.statement,
        check.expected,
        Outcome.NOT_COMPARABLE,
        crosscheck=CrossCheckResult(check.theorem, check.pin, ()),
    )


def _reason(rows: Sequence[CrossCheckRow], outcome: Outcome) -> str:
    """Why the whole came out so: the reason of the first row that did."""
    decisive = [row for row in rows if row.outcome is outcome]
    if not decisive:
        return "there is nothing to compare"
    where = f"{decisive[0].subject}: " if decisive[0].subject and outcome is not Outcome.AGREES else ""
    more = f" ({len(decisive)} of {len(rows)} rows)" if len(rows) > 1 else ""
    return f"{where}{decisive[0].reason}{more}"


# --- formulas -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Decider:
    """Decides the formulas of one cross-check, each once, and keeps their certificates."""

    check: CrossCheck
    file: str
    options: Options
    cache: Cache | None = None
    solver: Solver | None = None
    results: dict[bytes, ClaimResult] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def decide(self, formula: Formula, name: str, blank: CrossCheckItem) -> ClaimResult:
        """The verdict on a formula.

        Args:
            name: of its certificate, if it has none yet.
            blank: the item that it belongs to.
        """
        written = write_enriched_claim(formula)
        if written not in self.results:
            claim = RelationClaim(name, blank.span, "", blank.statement, str(Outcome.PROVED), formula)
            result = decide_relation_claim(
                claim, self.file, self.options, cache=self.cache, solver=self.solver, written=written
            )
            self.results[written] = result
            if result.certified:
                verdict, ends = str(result.outcome), (result.claim_digest, result.certificate_digest)
                self.parts.append(Part(name, verdict, result.claim, result.certificate, *ends))
        return self.results[written]


def _row(number: int, row: Row, decider: _Decider) -> CrossCheckRow:
    items = []
    for index, item in enumerate(row.items, 1):
        role = Role.MEASURE if isinstance(item, Measure) else item.role
        on = ground(role, is_licensed=bool(decider.check.theorem))
        blank = CrossCheckItem(role, on, item.statement, item.span, Outcome.NOT_COMPARABLE)
        name = f"row {number} item {index} {role}"
        items.append(_answered(item, name, blank, decider))
    finding = judge(items)
    return CrossCheckRow(row.subject, row.seed, tuple(items), finding.outcome, finding.reason, finding.undecided)


def _answered(item: Question | Measure, name: str, blank: CrossCheckItem, decider: _Decider) -> CrossCheckItem:
    match item:
        case Question():
            return _asked(item, name, blank, decider)
        case Measure():
            return _measured(item, name, blank, decider)


def _asked(item: Question, name: str, blank: CrossCheckItem, decider: _Decider) -> CrossCheckItem:
    told = tuple(value for word, quantity in item.values for value in _told(word, quantity))
    blank = replace(blank, values=told, predicted=_predicted(item.predicted))
    return _concluded(blank, decider.decide(item.formula, name, blank))


def _measured(item: Measure, name: str, blank: CrossCheckItem, decider: _Decider) -> CrossCheckItem:
    """A score held against its prediction; not comparable where there is none, or too little data for it."""
    try:
        found = measured(item)
    except NotComparable as nothing:
        return replace(blank, reason=str(nothing))
    said = ""
    if item.because is not None:
        said, formula = item.because
        basis = decider.decide(formula, f"{name} readout", blank)
        if basis.outcome is Outcome.REFUTED and basis.trouble is None:
            reason = f"the valuation does not confirm that {said}"
            return replace(blank, outcome=Outcome.UNKNOWN, trouble=Trouble.ENGINES_DISAGREE, reason=reason)
        if basis.outcome is not Outcome.PROVED:
            return _concluded(blank, basis)
    blank = replace(blank, measured=found, predicted=_predicted((item.lower, item.upper)), reason=said)
    result = _concluded(blank, decider.decide(is_within(item, found), name, blank))
    lacking = too_little(found)
    if result.outcome is Outcome.PROVED and lacking:
        return replace(result, outcome=Outcome.NOT_COMPARABLE, reason=lacking)
    return result


def _concluded(item: CrossCheckItem, result: ClaimResult) -> CrossCheckItem:
    """The item with a verdict; why it is undecided, or in trouble, is said instead of what else there was to say."""
    is_open = result.trouble is not None or result.outcome not in (Outcome.PROVED, Outcome.REFUTED)
    reason = result.reason if is_open else item.reason
    return replace(item, outcome=result.outcome, reason=reason, trouble=result.trouble, certified=result.certified)


def _told(name: str, quantity: Quantity) -> tuple[Told, ...]:
    """The value of a quantity; nothing when it has none, or takes too long."""
    limits = Limits()
    try:
        value = Evaluator(Rationals(_BITS), limits, Budget(limits.steps)).quantity(quantity).box()
    except (Undefined, Exhausted, HasParameter):
        return ()
    return (Told(name, box(value), _finite(value.lower), _finite(value.upper)),)


def _predicted(ends: tuple[Quantity, Quantity] | None) -> tuple[Told, ...]:
    """The ends of what is predicted; nothing when one of them has no value."""
    if ends is None:
        return ()
    told = (*_told("least", ends[0]), *_told("greatest", ends[1]))
    return told if len(told) == 2 else ()


def _finite(value: Number) -> Fraction | None:
    return None if value == INFINITY else Fraction(value)
