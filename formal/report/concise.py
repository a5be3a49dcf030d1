"""One line a finding, ``file:line:column: verdict name``: for editors, ``grep`` and small screens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formal.report.verdict import Standing, standing, tally, why
from formal.text import Diagnostic
from formal.text.escape import clip, terminal
from formal.verdict.result import ClaimResult, FileResult


def concise_file(file: FileResult) -> Iterator[str]:
    """The lines of one file, diagnostics first."""
    for diagnostic in file.messages:
        kind = f"{diagnostic.severity}[{diagnostic.code}]"
        yield terminal(f"{place(diagnostic, file)}: {kind} {clip(diagnostic.message)}")
    if file.crashed:
        yield terminal(f"{file.file}: crashed: {clip(file.crashed)}")
    for claim in file.claims:
        yield terminal(_claim(claim))


def place(diagnostic: Diagnostic, file: FileResult) -> str:
    """``file:line:column``, or the file alone."""
    return file.file if diagnostic.primary is None else str(diagnostic.primary.span)


def _claim(claim: ClaimResult) -> str:
    line = f"{claim.span}: {claim.outcome if claim.trouble is None else claim.trouble} {claim.name}"
    if standing(claim) is Standing.EXPECTED:
        return line
    if claim.trouble is None:
        line = f"{line} (expected {claim.expected})"
    reason = why(claim)
    return f"{line}: {clip(reason)}" if reason else line


def concise_end(files: Sequence[FileResult]) -> Iterator[str]:
    """The summary line."""
    yield tally(files).sentence()
