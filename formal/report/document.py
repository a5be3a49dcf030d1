"""The report as JSON: one document, or one record a line.

The format is versioned and published as JSON Schema, ``report.schema.json`` in this package's ``schema`` folder.
Within a version fields are added, never removed or changed. Every character beyond ASCII is written as ``\\u…``.

Source: JSON Schema 2020-12; RFC 8259; jsonlines.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from formal import __version__
from formal.report.crosscheck import comparison_object, crosscheck_object
from formal.report.verdict import Standing, standing, tally
from formal.text import Diagnostic, Label, Span
from formal.text.escape import json_text
from formal.verdict.result import ClaimResult, FileResult, ObligationResult, Outcome, exit_code

VERSION = 1
Json = dict[str, Any]


def document(files: Sequence[FileResult]) -> str:
    """The whole report as one JSON document."""
    body = {
        "format": "formal-report",
        "version": VERSION,
        "tool": _tool(),
        **_summary(files),
        "files": [
            {
                "file": file.file,
                "crashed": file.crashed or None,
                "diagnostics": [diagnostic_object(d) for d in file.messages],
                "claims": [claim_object(c) for c in file.claims],
            }
            for file in files
        ],
    }
    return json_text(json.dumps(body, indent=2, allow_nan=False))


def record_lines(file: FileResult) -> Iterator[str]:
    """One JSON object a line for each diagnostic and each claim of a file."""
    for diagnostic in file.messages:
        yield _line({"type": "diagnostic", "file": file.file, **diagnostic_object(diagnostic)})
    if file.crashed:
        yield _line({"type": "crash", "file": file.file, "message": file.crashed})
    for claim in file.claims:
        yield _line({"type": "claim", **claim_object(claim)})


def record_end(files: Sequence[FileResult]) -> Iterator[str]:
    """The last record: the summary. A stream without it was cut off."""
    yield _line({"type": "summary", "version": VERSION, "tool": _tool(), **_summary(files)})


def _line(record: Json) -> str:
    return json_text(json.dumps(record, allow_nan=False, separators=(",", ":")))


def _tool() -> Json:
    return {"name": "formal", "version": __version__}


def _summary(files: Sequence[FileResult]) -> Json:
    numbers = tally(files)
    return {
        "exit_code": int(exit_code(files)),
        "summary": {
            "files": numbers.files,
            "claims": numbers.claims,
            "theorems": numbers.theorems,
            "crosschecks": numbers.crosschecks,
            **{name.replace(" ", "_"): number for name, number in numbers.outcomes},
            "as_expected": numbers.count(Standing.EXPECTED),
            "not_as_expected": numbers.count(Standing.UNEXPECTED),
            "inconclusive": numbers.count(Standing.INCONCLUSIVE),
            "certified": numbers.certified,
            "uncertified": numbers.uncertified,
            "cached": numbers.cached,
            "errors": numbers.errors,
            "warnings": numbers.warnings,
            "crashed_files": numbers.crashed,
            "dropped": numbers.dropped,
        },
    }


def location_object(span: Span) -> Json:
    """Lines and columns from 1, in code points; the end is the position after the last character."""
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {
        "file": span.source.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }


def _label(label: Label) -> Json:
    return {"location": location_object(label.span), "message": label.message}


def diagnostic_object(diagnostic: Diagnostic) -> Json:
    """A diagnostic as JSON values."""
    return {
        "code": str(diagnostic.code),
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        "primary": None if diagnostic.primary is None else _label(diagnostic.primary),
        "secondary": [_label(label) for label in diagnostic.secondary],
        "help": list(diagnostic.help),
        "notes": list(diagnostic.notes),
    }


def claim_object(claim: ClaimResult) -> Json:
    """A claim's verdict as JSON values; the certificate is referred to by its digest.

    A claim in trouble has the outcome ``unknown``, whatever a route said of it.
    """
    return {
        "kind": "crosscheck" if claim.crosscheck is not None else "theorem" if claim.is_theorem else "claim",
        "name": claim.name,
        "file": claim.file,
        "location": location_object(claim.span),
        "doc": claim.doc,
        "statement": claim.statement,
        "expected": str(claim.expected),
        "outcome": str(claim.outcome if claim.trouble is None else Outcome.UNKNOWN),
        "standing": str(standing(claim)),
        "reason": claim.reason,
        "trouble": None if claim.trouble is None else str(claim.trouble),
        "engine": claim.engine,
        "certified": claim.certified,
        "claim_digest": claim.claim_digest,
        "certificate_digest": claim.certificate_digest,
        "explanation": {
            "summary": claim.explanation.summary,
            "lines": [{"depth": line.depth, "text": line.text} for line in claim.explanation.lines],
            "drawing": claim.explanation.drawing,
            "script": claim.explanation.script,
            "comparisons": [comparison_object(each) for each in claim.explanation.comparisons],
        },
        "resources": dict(claim.resources),
        "solver": claim.solver,
        "seconds": round(claim.seconds, 6),
        "cached": claim.cached,
        "imported": claim.imported,
        "obligations": [_obligation(obligation) for obligation in claim.obligations],
        "certificates": [
            {
                "name": part.name,
                "verdict": part.verdict,
                "claim_digest": part.claim_digest,
                "certificate_digest": part.certificate_digest,
            }
            for part in claim.parts
        ],
        "audit": [
            {
                "question": row.question,
                "subject": row.subject,
                "answer": row.answer,
                "evidence": row.evidence,
                "location": location_object(row.span),
                "script": row.script,
            }
            for row in claim.audit
        ],
        "crosscheck": None if claim.crosscheck is None else crosscheck_object(claim.crosscheck, location_object),
    }


def _obligation(obligation: ObligationResult) -> Json:
    """What a theorem consists of, as JSON values."""
    return {
        "name": obligation.name,
        "purpose": obligation.purpose,
        "location": location_object(obligation.span),
        "statement": obligation.statement,
        "outcome": str(obligation.outcome if obligation.trouble is None else Outcome.UNKNOWN),
        "reason": obligation.reason,
        "trouble": None if obligation.trouble is None else str(obligation.trouble),
        "engine": obligation.engine,
        "certified": obligation.certified,
        "instances": obligation.instances,
        "resources": dict(obligation.resources),
        "seconds": round(obligation.seconds, 6),
        "cached": obligation.cached,
    }
