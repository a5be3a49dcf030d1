"""The audit of one theorem or claim: every question settled by the provers and the model search.

A proof has a certificate that the kernel accepted; a counter-model was evaluated again by plain enumeration.
"""

from __future__ import annotations

from dataclasses import replace

from formal.audit.claim import audit_claim
from formal.audit.result import Audit, Settled, Undecided
from formal.audit.theorem import audit
from formal.decide.decision import Exhausted, Limits, decide
from formal.elaborate.module import Claim
from formal.logic.formula import Formula
from formal.prove.configuration import configurations
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits
from formal.prove.result import Proof
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.statement.model import Obligation, Statement
from formal.text import Diagnostic, Severity
from formal.verdict.result import AuditRow, ClaimResult
from formal.verify.engines import Engines
from formal.verify.options import Options
from formal.verify.theorem import Refutation, race_within, sizes

_MOST_CONFIGURATIONS = 6
_RESOURCES = 200_000
_BUDGET = 1_500_000
_LARGEST = 6


def audit_of(
    item: Claim | Statement, result: ClaimResult, refutation: Refutation | None, options: Options, engines: Engines
) -> tuple[ClaimResult, tuple[Diagnostic, ...]]:
    """A result with the table of its audit, and what was found."""
    found = _audited(item, refutation, options, engines)
    if found is None:
        return result, ()
    rows = tuple(AuditRow(r.question.value, r.subject, r.answer.value, r.evidence, r.span) for r in found.rows)
    severity = Severity.WARNING if options.warn else Severity.ERROR
    return replace(result, audit=rows), tuple(replace(d, severity=severity) for d in found.diagnostics)


def _audited(
    item: Claim | Statement, refutation: Refutation | None, options: Options, engines: Engines
) -> Audit | None:
    if isinstance(item, Claim):
        return audit_claim(item.name, item.span, item.formula, lambda formula: _decided(formula, options))

    def settle(statement: Statement, obligation: Obligation) -> Settled:
        return _settled(statement, obligation, options, engines)

    return audit(item, settle, refutation=refutation.model if refutation is not None else None)


def _decided(formula: Formula, options: Options) -> bool | None:
    try:
        return decide(formula, limits=Limits(steps=options.steps)).value
    except Exhausted:
        return None


def _settled(statement: Statement, obligation: Obligation, options: Options, engines: Engines) -> Settled:
    proving = ProveLimits(
        short=_RESOURCES, long=0, seed=options.seed, configurations=configurations()[:_MOST_CONFIGURATIONS]
    )
    searching = SearchLimits(max_size=_LARGEST if options.size is None else options.size, budget=_BUDGET)
    sequent = first_order(statement, obligation)
    proof, model = race_within(statement, obligation, sequent, proving, searching, engines)
    if isinstance(proof, Proof):
        return proof
    if isinstance(model, CounterModel):
        return model
    reasons = [f"no counter-model with {sizes(model)}"] if isinstance(model, Searched) and model.size >= 0 else []
    return Undecided("; ".join([*reasons, "not proved"]), model)
