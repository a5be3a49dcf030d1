"""SARIF 2.1.0: diagnostics and unexpected verdicts as results of a static analysis.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) 2.1.0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from formal import __version__
from formal.report.verdict import Standing, is_error, phrase, standing, why
from formal.text import Code, Diagnostic, Label, Span
from formal.text.escape import json_text, terminal_block, visible
from formal.verdict.result import ClaimResult, ExitCode, FileResult, exit_code

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CLAIM_RULES = {
    Standing.UNEXPECTED: "A claim's verdict is not the one that its script expects.",
    Standing.INCONCLUSIVE: "A claim could be neither proved nor refuted within its limits.",
    Standing.TROUBLE: "formal crashed, contradicted itself, or wrote a certificate that its kernel rejects.",
}
Json = dict[str, Any]


def sarif(files: Sequence[FileResult]) -> str:
    """The report as a SARIF log with one run."""
    rules = [str(code) for code in Code] + [str(which) for which in _CLAIM_RULES]
    index = {rule: number for number, rule in enumerate(rules)}
    code = exit_code(files)
    run = {
        "tool": {
            "driver": {
                "name": "formal",
                "version": __version__,
                "rules": [
                    *({"id": str(c), "help": {"text": f"Run `formal explain {c}`."}} for c in Code),
                    *({"id": str(w), "shortDescription": {"text": text}} for w, text in _CLAIM_RULES.items()),
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": code is not ExitCode.INTERNAL, "exitCode": int(code)}],
        "results": [{**result, "ruleIndex": index[result["ruleId"]]} for file in files for result in _results(file)],
    }
    return json_text(json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, allow_nan=False))


def _results(file: FileResult) -> Iterator[Json]:
    for diagnostic in file.messages:
        yield _diagnostic(diagnostic, file)
    if file.crashed:
        yield {
            "ruleId": str(Standing.TROUBLE),
            "level": "error",
            "message": {"text": terminal_block(file.crashed)},
            "locations": [{"physicalLocation": _artifact(file.file)}],
        }
    for claim in file.claims:
        if standing(claim) is not Standing.EXPECTED:
            yield _claim(claim)


def _diagnostic(diagnostic: Diagnostic, file: FileResult) -> Json:
    parts = [diagnostic.message]
    if diagnostic.primary is not None and diagnostic.primary.message:
        parts.append(diagnostic.primary.message)
    parts += [f"help: {text}" for text in diagnostic.help] + [f"note: {text}" for text in diagnostic.notes]
    primary = diagnostic.primary
    result: Json = {
        "ruleId": str(diagnostic.code),
        "level": "error" if is_error(diagnostic) else "warning",
        "message": {"text": terminal_block("\n".join(parts))},
        "locations": [{"physicalLocation": _artifact(file.file) if primary is None else _place(primary.span)}],
    }
    if diagnostic.secondary:
        result["relatedLocations"] = [_related(number, label) for number, label in enumerate(diagnostic.secondary)]
    return result


def _related(number: int, label: Label) -> Json:
    related: Json = {"id": number, "physicalLocation": _place(label.span)}
    if label.message:
        related["message"] = {"text": visible(label.message)}
    return related


def _claim(claim: ClaimResult) -> Json:
    reason = why(claim)
    lines = [f"`{claim.name}` is {phrase(claim)}" + (f": {reason}" if reason else ""), claim.statement]
    lines += [f"{'  ' * line.depth}{line.text}" for line in claim.explanation.lines]
    return {
        "ruleId": str(standing(claim)),
        "level": "error",
        "message": {"text": terminal_block("\n".join(lines))},
        "locations": [
            {
                "physicalLocation": _place(claim.span),
                "logicalLocations": [{"name": visible(claim.name), "kind": "claim"}],
            }
        ],
    }


def _artifact(name: str) -> Json:
    return {"artifactLocation": {"uri": quote(name.encode("utf-8", "backslashreplace"))}}


def _place(span: Span) -> Json:
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {**_artifact(span.source.name), "region": region}
