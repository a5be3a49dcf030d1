"""JUnit XML, one suite a file, one case a claim.

``unknown`` is a failure, never a skip; trouble and a file that cannot be read are errors.

Source: the Jenkins xUnit schema, junit-10.xsd.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from formal.report.diagnostic import render_plain
from formal.report.verdict import Standing, is_error, phrase, standing, why, word
from formal.text.escape import xml
from formal.verdict.result import ClaimResult, FileResult


def junit(files: Sequence[FileResult]) -> str:
    """The report as an XML document."""
    root = Element("testsuites", name="formal")
    total = [0, 0, 0]
    for file in files:
        suite = SubElement(root, "testsuite", name=xml(file.file))
        counts = _suite(suite, file)
        seconds = sum(claim.seconds for claim in file.claims)
        for key, value in zip(("tests", "failures", "errors"), counts, strict=True):
            suite.set(key, str(value))
        suite.set("skipped", "0")
        suite.set("time", f"{seconds:.3f}")
        total = [a + b for a, b in zip(total, counts, strict=True)]
    for key, value in zip(("tests", "failures", "errors"), total, strict=True):
        root.set(key, str(value))
    root.set("time", f"{sum(claim.seconds for file in files for claim in file.claims):.3f}")
    indent(root)
    body: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _suite(suite: Element, file: FileResult) -> tuple[int, int, int]:
    """Fill a suite; give the numbers of cases, failures and errors."""
    cases = failures = errors = 0
    wrong = [diagnostic for diagnostic in file.messages if is_error(diagnostic)]
    if wrong:
        case = SubElement(suite, "testcase", name="(script)", classname=xml(file.file), time="0.000")
        message = "; ".join(f"{d.code}: {d.message}" for d in wrong)
        SubElement(case, "error", type=str(wrong[0].code), message=xml(message)).text = xml(
            "\n\n".join(render_plain(d) for d in wrong)
        )
        cases, errors = 1, 1
    if file.crashed:
        case = SubElement(suite, "testcase", name="(process)", classname=xml(file.file), time="0.000")
        SubElement(case, "error", type="crashed", message=xml(file.crashed))
        cases, errors = cases + 1, errors + 1
    for claim in file.claims:
        cases += 1
        case = SubElement(
            suite,
            "testcase",
            name=xml(claim.name),
            classname=xml(claim.file),
            file=xml(claim.span.source.name),
            line=str(claim.span.source.position(claim.span.start)[0]),
            time=f"{claim.seconds:.3f}",
        )
        how = standing(claim)
        if how is Standing.TROUBLE:
            errors += 1
            SubElement(case, "error", type=str(claim.trouble), message=xml(_message(claim))).text = xml(_body(claim))
        elif how is not Standing.EXPECTED:
            failures += 1
            SubElement(case, "failure", type=word(claim), message=xml(_message(claim))).text = xml(_body(claim))
    warnings = [render_plain(d) for d in file.messages if not is_error(d)]
    if warnings:
        SubElement(suite, "system-out").text = xml("\n\n".join(warnings))
    return cases, failures, errors


def _message(claim: ClaimResult) -> str:
    reason = why(claim)
    return f"{phrase(claim)}: {reason}" if reason else phrase(claim)


def _body(claim: ClaimResult) -> str:
    explanation = claim.explanation
    lines = [claim.statement, *(f"{'  ' * line.depth}{line.text}" for line in explanation.lines)]
    for block in (explanation.drawing, explanation.script):
        if block.strip():
            lines += ["", block.strip("\n")]
    return "\n".join(lines)
