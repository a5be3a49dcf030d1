"""The audit of one theorem or claim: every question settled by the provers and the model search.

A proof has a certificate that the kernel accepted. A counter-model was evaluated again by plain enumeration, and its
script decided like any other; where there is no such script, the table says so.
"""

from __future__ import annotations

from dataclasses import replace

from formal.audit.claim import audit_claim
from formal.audit.result import Audit, Fails, Holds, Row, Settled, Undecided
from formal.audit.theorem import audit, heading
from formal.decide.decision import Exhausted, Limits, decide
from formal.elaborate.module import Claim
from formal.elaborate.scope import Module
from formal.logic.formula import Formula
from formal.prove.configuration import configurations
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.syntax import ast
from formal.text import Bug, Diagnostic, Severity
from formal.verdict.result import AuditRow, ClaimResult, Outcome
from formal.verify.theorem import Refutation, Setting, decide_obligation

_MOST_CONFIGURATIONS = 6
_RESOURCES = 200_000
_BUDGET = 1_500_000
_LARGEST = 6
_HEAD_START_SECONDS = 0.15
"""Most of what can be settled is settled within that time, by the one or the other."""


def audit_of(
    item: Claim | Statement, result: ClaimResult, refutation: Refutation | None, setting: Setting, module: Module
) -> tuple[ClaimResult, tuple[Diagnostic, ...]]:
    """A result with the table of its audit, and what was found.

    Args:
        module: the names of the script.
    """
    found = _audited(item, refutation, setting, module)
    if found is None:
        return result, ()
    rows = tuple(
        AuditRow(row.question.value, row.subject, row.answer.value, row.evidence, row.span, _script(item, row))
        for row in found.rows
    )
    severity = Severity.WARNING if setting.options.warn else Severity.ERROR
    return replace(result, audit=rows), tuple(replace(d, severity=severity) for d in found.diagnostics)


def _script(item: Claim | Statement, row: Row) -> str:
    """The script of a row, which says in its first line what it shows."""
    first, newline, rest = row.script.partition("\n")
    if isinstance(item, Claim) or not first.startswith("# A counter-model"):
        return row.script
    return f"# {heading(item, row)}{newline}{rest}"


def _audited(item: Claim | Statement, refutation: Refutation | None, setting: Setting, module: Module) -> Audit | None:
    if isinstance(item, Claim):
        return audit_claim(item.name, item.span, item.formula, lambda formula: _decided(formula, setting))
    options = setting.options
    proving, searching = options.prove_limits(), options.search_limits()
    short, chosen = min(proving.short, _RESOURCES), configurations()[:_MOST_CONFIGURATIONS]
    largest = _LARGEST if options.size is None else options.size
    frugal = replace(
        setting,
        proving=replace(proving, short=short, long=0, cases=1, configurations=chosen),
        searching=replace(searching, max_size=largest, budget=min(searching.budget, _BUDGET)),
        head_start=_HEAD_START_SECONDS,
    )

    def settle(statement: Statement, obligation: Obligation) -> Settled:
        return _settled(statement, obligation, frugal)

    def read(node: ast.TheoremDecl) -> Statement:
        return elaborate(node, module, item.file)

    return audit(item, settle, read, refutation=refutation.model if refutation is not None else None)


def _decided(formula: Formula, setting: Setting) -> bool | None:
    try:
        return decide(formula, limits=Limits(steps=setting.options.steps)).value
    except Exhausted:
        return None


def _settled(statement: Statement, obligation: Obligation, setting: Setting) -> Settled:
    """What a variant of a theorem comes to.

    Raises:
        Bug: two of our parts contradict each other.
    """
    found = decide_obligation(statement, obligation, setting)
    result = found.result
    if result.trouble is not None:
        raise Bug(f"the audit asks for `{obligation.name}` of `{statement.name}`: {result.reason}")
    if result.outcome is Outcome.PROVED and result.certified:
        return Holds(result.instances)
    if found.refutation is not None:
        return Fails(found.refutation.model, found.refutation.script)
    if found.not_replayed is not None:
        return Fails(found.not_replayed.model, doubt=found.not_replayed.reason)
    return Undecided(result.reason)
