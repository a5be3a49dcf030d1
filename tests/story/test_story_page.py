"""The page on the paper tells what the scripts say, and its rows name what there is."""

from __future__ import annotations

import json

import pytest

from formal.elaborate.module import Loader
from formal.text import Source
from formal.verify.run import elaborate_theorems
from tests.story.page import (
    FOLDER,
    Row,
    UnknownCarrier,
    carriers_of,
    read_carriers,
    read_report,
    read_sections,
    render,
    without_findings,
)

SECTIONS = read_sections(FOLDER / "story.toml")
CARRIERS = read_carriers(FOLDER)
PAGE = (FOLDER / "STORY.md").read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert without_findings(PAGE) == without_findings(render(SECTIONS, CARRIERS, {}))


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


def test_findings_come_from_the_report() -> None:
    claim = {
        "kind": "theorem",
        "name": "a1_theorem_1",
        "file": "proofs/power_of_foundation_models/theorem_1_as_stated.cat",
        "outcome": "refuted",
        "expected": "refuted",
        "explanation": {"summary": "refuted: 1 object, 2 arrows, 2 elements; smallest"},
    }
    found = read_report(json.dumps({"files": [{"claims": [claim]}]}))
    line = next(line for line in render(SECTIONS, CARRIERS, found).splitlines() if "`a1_theorem_1`" in line)
    assert line.endswith("| refuted | refuted: 1 object, 2 arrows, 2 elements; smallest |")
