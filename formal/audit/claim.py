"""The audit of a claim with hypotheses: ``A implies B``, perhaps below ``forall``, about structures at hand.

Does A ever hold? Does B hold without it? Both are claims of the same kind, decided by whoever decides claims.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formal.audit.result import Answer, Audit, Finding, Question, Row
from formal.logic.formula import Formula, Implies, Not, Quantified, Quantifier, Variable
from formal.text import Code, Diagnostic, Label, Span


@dataclass(frozen=True, slots=True)
class Told:
    """The truth value of a closed formula, and why in a sentence."""

    value: bool
    reason: str


Decide = Callable[[Formula], Told | None]
"""Decides closed formulas; None when the truth value is not known."""


@dataclass(frozen=True, slots=True)
class _Conditional:
    """``forall VARIABLES. premise implies conclusion``."""

    variables: tuple[Variable, ...]
    premise: Formula
    conclusion: Formula

    def always(self, body: Formula) -> Formula:
        """The body, for all values of the variables."""
        for variable in reversed(self.variables):
            body = Quantified(Quantifier.FORALL, variable, body)
        return body


def audit_claim(name: str, span: Span, formula: Formula, decide: Decide, *, is_refuted: bool = False) -> Audit | None:
    """Ask whether the hypothesis of a claim is ever met, and whether it is needed.

    Args:
        span: where the claim is.
        formula: closed.
        decide: decides closed formulas about the same structures.
        is_refuted: the claim fails; then nothing is asked that presupposes its truth.
    Returns:
        None for a claim that has no hypothesis.
    """
    conditional = _conditional(formula)
    if conditional is None:
        return None
    rows: list[Row] = []
    findings: list[Finding] = []
    never = decide(conditional.always(Not(conditional.premise)))
    rows.append(_row(Question.SATISFIABLE, {True: Answer.NO, False: Answer.YES}, never, span))
    if never is not None and never.value:
        message = f"the hypothesis of `{name}` never holds"
        findings.append(_finding(Code.VACUOUS, message, "this says nothing", "correct the hypothesis", span))
    elif not is_refuted:
        needless = decide(conditional.always(conditional.conclusion))
        rows.append(_row(Question.NEEDED, {True: Answer.REDUNDANT, False: Answer.NEEDED}, needless, span))
        if needless is not None and needless.value:
            message = f"`{name}` holds without its hypothesis"
            findings.append(_finding(Code.REDUNDANT, message, "not needed", "claim the conclusion", span))
    return Audit(name, tuple(rows), tuple(findings))


def _conditional(formula: Formula) -> _Conditional | None:
    """The claim as a conditional; predicates are left folded: their premises are no hypotheses of the author's."""
    variables: list[Variable] = []
    while isinstance(formula, Quantified) and formula.quantifier is Quantifier.FORALL:
        variables.append(formula.variable)
        formula = formula.body
    match formula:
        case Implies(premise, conclusion):
            return _Conditional(tuple(variables), premise, conclusion)
        case _:
            return None


def _row(question: Question, answers: dict[bool, Answer], told: Told | None, span: Span) -> Row:
    if told is None:
        return Row(question, "", Answer.UNDECIDED, "not decided within the budget", span)
    reason = told.reason.removeprefix("it fails: ").removeprefix("it holds: ")
    return Row(question, "", answers[told.value], reason, span)


def _finding(code: Code, message: str, label: str, help_text: str, span: Span) -> Finding:
    return Finding(Diagnostic(code, message, Label(span, label), help=(help_text,)), "")
