"""Workflow commands that a build service shows beside the lines concerned.

Only what needs attention is annotated. Every text is escaped, so that no label can issue a command of its own.

Source: GitHub, workflow commands for GitHub Actions, "Setting an error message".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formal.report.verdict import Standing, is_error, phrase, standing, tally, why
from formal.text import Span
from formal.text.escape import terminal, workflow_message, workflow_property
from formal.verdict.result import ClaimResult, FileResult


def annotation_lines(file: FileResult) -> Iterator[str]:
    """One command for each diagnostic and each claim that is not as expected."""
    for diagnostic in file.messages:
        span = None if diagnostic.primary is None else diagnostic.primary.span
        parts = [diagnostic.message]
        if diagnostic.primary is not None and diagnostic.primary.message:
            parts.append(diagnostic.primary.message)
        parts += [f"help: {text}" for text in diagnostic.help]
        parts += [f"note: {text}" for text in diagnostic.notes]
        yield _command("error" if is_error(diagnostic) else "warning", span, file.file, str(diagnostic.code), parts)
    if file.crashed:
        yield _command("error", None, file.file, "crashed", [file.crashed])
    for claim in file.claims:
        if standing(claim) is not Standing.EXPECTED:
            title = f"{claim.name}: {phrase(claim)}"
            yield _command("error", claim.span, claim.file, title, _parts(claim))


def annotation_end(files: Sequence[FileResult]) -> Iterator[str]:
    """The summary, as an ordinary line."""
    yield terminal(tally(files).sentence())


def _parts(claim: ClaimResult) -> list[str]:
    reason = why(claim)
    lines = [f"{'  ' * line.depth}{line.text}" for line in claim.explanation.lines]
    return [*([reason] if reason else []), claim.statement, *lines]


def _command(kind: str, span: Span | None, file: str, title: str, parts: Sequence[str]) -> str:
    properties = [("file", file if span is None else span.source.name)]
    if span is not None:
        line, column = span.source.position(span.start)
        end_line, end_column = span.source.position(max(span.start, span.end - 1))
        properties += [("line", str(line)), ("endLine", str(end_line))]
        if line == end_line:
            properties += [("col", str(column)), ("endColumn", str(end_column))]
    properties.append(("title", title))
    head = ",".join(f"{key}={workflow_property(value)}" for key, value in properties)
    message = workflow_message("\n".join(parts))
    return f"::{kind} {head}::{message}"
