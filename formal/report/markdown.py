"""The report as a Markdown page, for job summaries and comments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formal.report.crosscheck import crosscheck_table
from formal.report.diagnostic import render_plain
from formal.report.verdict import Standing, phrase, route, standing, tally, why
from formal.text.escape import clip, markdown, markdown_block, markdown_code
from formal.verdict.result import ClaimResult, FileResult

_MARKS = {
    Standing.EXPECTED: "✅",
    Standing.UNEXPECTED: "❌",
    Standing.INCONCLUSIVE: "❓",
    Standing.TROUBLE: "💥",
}


def markdown_page(files: Sequence[FileResult]) -> str:
    """A heading, a table a file, and details of what needs attention."""
    numbers = tally(files)
    lines = ["# formal check", "", f"{'✅' if numbers.all_well else '❌'} **{markdown(numbers.sentence())}**", ""]
    for file in files:
        lines += _file(file)
    return "\n".join(lines).rstrip("\n") + "\n"


def _file(file: FileResult) -> Iterator[str]:
    yield f"## {markdown(file.file)}"
    yield ""
    for diagnostic in file.messages:
        yield markdown_block(render_plain(diagnostic), "text")
        yield ""
    if file.crashed:
        yield f"💥 {markdown(file.crashed)}"
        yield ""
    if file.claims:
        yield "| | claim | verdict | decided | why |"
        yield "|---|---|---|---|---|"
        for claim in file.claims:
            cells = (
                _MARKS[standing(claim)],
                markdown_code(clip(claim.name)),
                phrase(claim),
                markdown(clip(", ".join(route(claim)))),
                markdown(clip(why(claim))),
            )
            yield f"| {' | '.join(cells)} |"
        yield ""
    for claim in file.claims:
        if claim.audit:
            yield from _audit(claim)
    for claim in file.claims:
        if claim.crosscheck is not None:
            yield from crosscheck_table(claim, claim.crosscheck)
    for claim in file.claims:
        if standing(claim) is not Standing.EXPECTED and claim.crosscheck is None:
            yield from _details(claim)


def _audit(claim: ClaimResult) -> Iterator[str]:
    yield f"### audit of {markdown_code(clip(claim.name))}"
    yield ""
    yield "| question | about | answer | evidence |"
    yield "|---|---|---|---|"
    for row in claim.audit:
        cells = (row.question, markdown(clip(row.subject)), row.answer, markdown(clip(row.evidence)))
        yield f"| {' | '.join(cells)} |"
    yield ""


def _details(claim: ClaimResult) -> Iterator[str]:
    yield f"### {_MARKS[standing(claim)]} {markdown_code(clip(claim.name))}: {phrase(claim)}"
    yield ""
    if claim.doc:
        yield markdown(" ".join(claim.doc.split()))
        yield ""
    lines = [claim.statement, *(f"{'  ' * (line.depth + 1)}{line.text}" for line in claim.explanation.lines)]
    yield markdown_block("\n".join(lines), "text")
    yield ""
    for block in (claim.explanation.drawing, claim.explanation.script):
        if block.strip():
            yield markdown_block(block.strip("\n"), "text")
            yield ""
