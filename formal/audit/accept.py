"""Findings that the author knows of: ``accept redundant(h): "reason"``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from formal.audit.result import Answer, Finding, Question, Row
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label

_ASKED = {
    Code.VACUOUS: Question.SATISFIABLE,
    Code.REDUNDANT: Question.NEEDED,
    Code.TAUTOLOGY: Question.TAUTOLOGY,
    Code.CIRCULAR: Question.CIRCULAR,
    Code.UNUSED: Question.USED,
}


def accepted(node: ast.TheoremDecl, rows: Sequence[Row], findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings, those marked that a clause accepts; and a finding for each clause that accepts none.

    A clause about a question that is undecided is let be: with more resources there may be something to accept.
    """
    result = list(findings)
    for clause in node.clauses:
        if not isinstance(clause, ast.AcceptClause):
            continue
        matching = [i for i, finding in enumerate(result) if _matches(clause, finding)]
        for i in matching:
            result[i] = replace(result[i], accepted=clause.reason.text)
        if not matching and not any(_is_open(clause, row) for row in rows):
            result.append(Finding(_unused(clause), clause.finding.text))
    return tuple(result)


def _matches(clause: ast.AcceptClause, finding: Finding) -> bool:
    is_of_kind = finding.diagnostic.code == clause.finding.text
    return is_of_kind and (clause.subject is None or clause.subject.text == finding.subject)


def _is_open(clause: ast.AcceptClause, row: Row) -> bool:
    """Whether the clause may yet be right."""
    asked = next((question for code, question in _ASKED.items() if code == clause.finding.text), None)
    same = clause.subject is None or clause.subject.text == row.subject
    return row.question is asked and same and row.answer is Answer.UNDECIDED


def _unused(clause: ast.AcceptClause) -> Diagnostic:
    known = [str(code) for code in _ASKED]
    help_text = "leave the clause out" if clause.finding.text in known else f"a finding is one of {', '.join(known)}"
    subject = f"({clause.subject.text})" if clause.subject is not None else ""
    return Diagnostic(
        Code.UNUSED_ACCEPT,
        f"there is no finding `{clause.finding.text}{subject}` to accept",
        Label(clause.span),
        help=(help_text,),
    )
