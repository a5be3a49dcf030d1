"""The page on the paper tells what the scripts say, and its rows name what there is."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from formal.audit.result import Answer, Question
from formal.elaborate.module import Loader
from formal.text import Source
from formal.verify.run import elaborate_theorems
from tests.story.page import (
    FOLDER,
    NOTHING,
    Row,
    UnknownCarrier,
    carriers_of,
    read_audit,
    read_carriers,
    read_sections,
    render,
    without_findings,
)

SECTIONS = read_sections(FOLDER / "story.toml")
CARRIERS = read_carriers(FOLDER)
PAGE = (FOLDER / "STORY.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert without_findings(PAGE) == without_findings(render(SECTIONS, CARRIERS, NOTHING))


def test_every_theorem_is_in_some_row() -> None:
    named = {carrier for section in SECTIONS for row in section.rows for carrier in carriers_of(row, CARRIERS)}
    assert [c.name for c in CARRIERS if c.kind == "theorem" and c not in named] == []


def test_every_row_is_checked_or_refused() -> None:
    for section in SECTIONS:
        for row in section.rows:
            assert bool(row.check) != bool(row.refused), row.id


@pytest.mark.parametrize("row", [r for s in SECTIONS for r in s.rows if r.refused], ids=lambda row: row.id)
def test_what_is_not_well_formed_is_refused(row: Row) -> None:
    script = Loader(FOLDER).elaborate(Source("example", row.example))
    _, refused = elaborate_theorems(script)
    assert {str(d.code) for d in [*script.diagnostics, *refused]} == {row.refused}


def test_what_was_found_is_what_is_expected() -> None:
    assert "**" not in PAGE.split("## ", 1)[1]
    missing = [line for line in PAGE.splitlines() if line.startswith("| [") and line.endswith("|  |")]
    assert missing == []


def test_a_row_that_names_nothing_is_an_error() -> None:
    row = Row("Z1", "", "", "", "", "", ("theorem_1:no_such_claim",))
    with pytest.raises(UnknownCarrier, match="Z1: theorem_1:no_such_claim"):
        carriers_of(row, CARRIERS)


def a_claim(**changes: object) -> dict[str, object]:
    claim: dict[str, object] = {
        "kind": "theorem",
        "name": "a1_theorem_1",
        "file": "proofs/power_of_foundation_models/theorem_1_as_stated.cat",
        "outcome": "refuted",
        "expected": "refuted",
        "explanation": {"summary": "refuted: 1 object, 2 arrows, 2 elements; smallest"},
        "audit": [],
    }
    return {**claim, **changes}


def a_report(*claims: dict[str, object], diagnostics: Sequence[object] = ()) -> str:
    file = "proofs/power_of_foundation_models/theorem_1_as_stated.cat"
    return json.dumps({"files": [{"file": file, "diagnostics": list(diagnostics), "claims": list(claims)}]})


def lines_about(name: str, report: str) -> list[str]:
    page = render(SECTIONS, CARRIERS, read_audit(report))
    return [line for line in page.splitlines() if line.startswith(f"| [`{name}`]")]


def test_verdicts_come_from_the_report() -> None:
    line = lines_about("a1_theorem_1", a_report(a_claim()))[0]
    assert line.endswith("| refuted | refuted: 1 object, 2 arrows, 2 elements; smallest |")


def row(question: Question, subject: str, answer: Answer, evidence: str = "") -> dict[str, str]:
    return {"question": question, "subject": subject, "answer": answer, "evidence": evidence}


AUDIT = [
    row(Question.SATISFIABLE, "", Answer.YES, "a model of 1 object, 2 arrows"),
    row(Question.NEEDED, "assume 9", Answer.NEEDED),
    row(Question.NEEDED, "h", Answer.REDUNDANT),
    row(Question.TAUTOLOGY, "", Answer.NO),
    row(Question.CONVERSE, "assume 9", Answer.YES),
    row(Question.CONVERSE, "h", Answer.UNDECIDED),
    row(Question.CONVERSE, "", Answer.UNDECIDED),
    row(Question.OPPOSITE, "show", Answer.NO),
]


def test_audits_come_from_the_report() -> None:
    (carrier,) = (c for c in CARRIERS if c.name == "a1_theorem_1")
    found = {"code": "redundant", "primary": {"location": {"line": carrier.lines[1]}}}
    elsewhere = {"code": "unused", "primary": {"location": {"line": carrier.lines[1] + 1}}}
    line = lines_about("a1_theorem_1", a_report(a_claim(audit=AUDIT), diagnostics=(found, elsewhere)))[1]
    assert line.split(" | ")[1:] == [
        "1 object, 2 arrows",
        "assumption 9; not: `h`",
        "yes",
        "implies assumption 9; undecided: `h`",
        "no",
        "**redundant** |",
    ]


def test_a_refuted_theorem_is_asked_one_question() -> None:
    asked = [AUDIT[0], row(Question.SMALLEST, "", Answer.YES)]
    line = lines_about("a1_theorem_1", a_report(a_claim(audit=asked)))[1]
    assert line.split(" | ")[1:] == ["1 object, 2 arrows", "–", "–", "–", "–", "none |"]
