"""The audit of one theorem or claim: every question settled by the provers and the model search.

All that an answer rests on has a certificate that a kernel accepted. A counter-model was evaluated again by plain
enumeration, and its script decided like any other; where there is no such script, the table says so.
"""

from __future__ import annotations

from dataclasses import replace

from formal.audit.claim import Told, audit_claim
from formal.audit.result import Audit, Fails, Holds, Row, Settled, Undecided
from formal.audit.theorem import audit, heading
from formal.elaborate.module import Claim, Script
from formal.logic.formula import Formula
from formal.prove.configuration import configurations
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.syntax import ast
from formal.text import Bug, Diagnostic, Severity
from formal.verdict.result import AuditRow, ClaimResult, Outcome
from formal.verify.decide import decide_claim
from formal.verify.theorem import Refutation, Setting, decide_obligation

_MOST_CONFIGURATIONS = 6
_RESOURCES = 200_000
_BUDGET = 1_500_000
_LARGEST = 8
_HEAD_START_SECONDS = 0.15
"""Most of what can be settled is settled within that time, by the one or the other."""


def audit_of(
    item: Claim | Statement, result: ClaimResult, refutation: Refutation | None, setting: Setting, script: Script
) -> tuple[ClaimResult, tuple[Diagnostic, ...]]:
    """A result with the table of its audit, and what was found.

    Args:
        script: where it stands.
    """
    found = _audited(item, result, refutation, setting, script)
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


def _audited(
    item: Claim | Statement,
    result: ClaimResult,
    refutation: Refutation | None,
    setting: Setting,
    script: Script,
) -> Audit | None:
    if isinstance(item, Claim):
        refuted = result.outcome is Outcome.REFUTED

        def decide(formula: Formula) -> Told | None:
            return _decided(item, formula, setting, script)

        return audit_claim(item.name, item.span, item.formula, decide, is_refuted=refuted)
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
        return elaborate(node, script.module, item.file)

    return audit(item, settle, read, refutation=refutation.model if refutation is not None else None)


def _decided(claim: Claim, formula: Formula, setting: Setting, script: Script) -> Told | None:
    """What another formula about the structures of a claim comes to; None without a certificate."""
    asked = replace(claim, formula=formula)
    file, solver = script.source.name, setting.engines.solver
    result = decide_claim(asked, file, setting.options, names=script.names, cache=setting.cache, solver=solver)
    if result.trouble is not None:
        raise Bug(f"the audit asks what else holds of the structures of `{claim.name}`: {result.reason}")
    if result.outcome not in (Outcome.PROVED, Outcome.REFUTED) or not result.certified:
        return None
    return Told(result.outcome is Outcome.PROVED, result.explanation.summary)


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
