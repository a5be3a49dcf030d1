"""Cross-checks in every format: three groups, numbers exact, nothing forged by a label, never the word `proved`."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

import formal.report
from formal.report.annotation import annotation_lines
from formal.report.concise import concise_file
from formal.report.document import document, record_lines
from formal.report.full import full_end, full_file
from formal.report.junit import junit
from formal.report.markdown import markdown_page
from formal.report.sarif import sarif
from formal.report.screen import Screen
from formal.report.verdict import phrase, route, tally
from formal.text import Source, Span
from formal.verdict.crosscheck import explanation, said
from formal.verdict.result import (
    ClaimResult,
    CrossCheckItem,
    CrossCheckResult,
    CrossCheckRow,
    FileResult,
    Ground,
    MeasuredRate,
    Outcome,
    Role,
    Told,
    Trouble,
)
from tests.report.sample import COMMUTES, HOSTILE

SCHEMA = json.loads((Path(formal.report.__file__).parent / "schema" / "report.schema.json").read_text(encoding="utf-8"))
SPAN = Span(Source("check.cat", "crosscheck gaps {}"), 11, 15)
THIRD = Told("gap(Half)", "about 0.333333", Fraction(1, 3), Fraction(1, 3))
RATE = MeasuredRate(
    "prompt.pred.one.accuracy@verify",
    *(30, 40, Fraction(3, 4), Fraction(29, 50), Fraction(7, 8), Fraction(199, 200)),
    independent=40,
    candidates=10,
)
ITEMS = (
    CrossCheckItem(Role.PREMISE, Ground.PREMISE, "close: distance(K, Ideal) <= 1/25", SPAN, Outcome.PROVED),
    CrossCheckItem(Role.IDEAL, Ground.THEOREM, "corepresentable(Half)", SPAN, Outcome.REFUTED),
    CrossCheckItem(Role.OWN, Ground.MEASURED, "corepresentable(Own)", SPAN, Outcome.REFUTED),
    CrossCheckItem(
        *(Role.PREDICT, Ground.THEOREM, "gap(Half) in [0, 1/2]", SPAN, Outcome.PROVED),
        values=(THIRD,),
        predicted=(Told("least", "0", Fraction(0), Fraction(0)), Told("greatest", "infinity", None, None)),
    ),
    CrossCheckItem(Role.MEASURE, Ground.MEASURED, "accuracy in [1/2, 1]", SPAN, Outcome.PROVED, measured=RATE),
)


def result(
    outcome: Outcome, expected: Outcome = Outcome.AGREES, *, rows: int = 1, pin: str = "", text: str = "it is so"
) -> ClaimResult:
    told = tuple(
        CrossCheckRow(f"T = {n}" if rows > 1 else "", "s0", ITEMS, outcome, f"{text} {n}") for n in range(rows)
    )
    found = CrossCheckResult("L1: gaps differ", pin, told, "1 seed: at least 3 are asked for")
    return ClaimResult(
        "gaps",
        "check.cat",
        SPAN,
        "",
        "by L1",
        expected,
        outcome,
        reason="" if outcome is Outcome.AGREES else text,
        certified=True,
        explanation=explanation(found, expected, text),
        crosscheck=found,
    )


AGREES = result(Outcome.AGREES)
DISAGREES = result(Outcome.DISAGREES)
PINNED = result(Outcome.DISAGREES, Outcome.DISAGREES, pin="known since May")
MISSING = result(Outcome.NOT_COMPARABLE)
ALL = FileResult("check.cat", (), (COMMUTES, AGREES, DISAGREES, PINNED, MISSING))


def test_json_is_valid_and_exact() -> None:
    report = json.loads(document([ALL]))
    jsonschema.validate(report, SCHEMA)
    assert [claim["kind"] for claim in report["files"][0]["claims"]] == ["claim", *["crosscheck"] * 4]
    assert [claim["outcome"] for claim in report["files"][0]["claims"]] == [
        *("proved", "agrees", "disagrees", "disagrees", "not comparable")
    ]
    assert (report["summary"]["crosschecks"], report["summary"]["proved"]) == (4, 1)
    assert (report["summary"]["disagrees"], report["summary"]["not_comparable"]) == (2, 1)
    found = report["files"][0]["claims"][1]["crosscheck"]
    (row,) = found["rows"]
    assert [(item["role"], item["ground"]) for item in row["items"]] == [
        (str(item.role), str(item.ground)) for item in ITEMS
    ]
    assert row["items"][3]["values"][0]["lower"] == {"exact": "1/3", "decimal": 1 / 3}
    assert row["items"][3]["predicted"][1]["upper"] is None
    assert row["items"][4]["measured"]["confidence"] == {"exact": "199/200", "decimal": 0.995}
    for line in record_lines(ALL):
        jsonschema.validate(json.loads(line), {"$ref": "#/$defs/record", "$defs": SCHEMA["$defs"]})


def test_json_of_numbers_too_long_or_too_large_has_none() -> None:
    huge = Told("x", "a number", Fraction(7**5000), Fraction(1, 7**5000))
    item = replace(ITEMS[3], values=(huge,))
    assert AGREES.crosscheck is not None
    row = replace(AGREES.crosscheck.rows[0], items=(item,))
    claim = replace(AGREES, crosscheck=replace(AGREES.crosscheck, rows=(row,)))
    report = json.loads(document([FileResult("check.cat", (), (claim,))]))
    jsonschema.validate(report, SCHEMA)
    told = report["files"][0]["claims"][0]["crosscheck"]["rows"][0]["items"][0]["values"][0]
    assert (told["lower"], told["upper"]) == ({"exact": None, "decimal": None}, {"exact": None, "decimal": 0.0})


@pytest.mark.parametrize(
    ("claim", "words", "ground"),
    [
        (AGREES, "agrees", ("direct", "certified")),
        (DISAGREES, "disagrees, expected agrees", ("direct", "certified")),
        (PINNED, "disagrees, as pinned", ("direct", "certified")),
        (MISSING, "not comparable, expected agrees", ("direct",)),
        (replace(AGREES, trouble=Trouble.CRASHED), "crashed", ("direct",)),
    ],
)
def test_the_finding_in_words(claim: ClaimResult, words: str, ground: tuple[str, ...]) -> None:
    assert phrase(claim) == words
    assert route(claim) == ground


def test_the_last_line_counts_cross_checks_by_themselves() -> None:
    assert tally([ALL]).sentence() == (
        "1 claim and 4 cross-checks in 1 file: 2 not as expected (1 proved, 1 agrees, 2 disagrees, 1 not comparable)"
    )
    alone = FileResult("check.cat", (), (AGREES,))
    assert tally([alone]).sentence() == "1 cross-check in 1 file, all as expected: 1 agrees"


def test_the_terminal_shows_the_groups_and_what_is_the_same_in_all_rows_once() -> None:
    text = full_file(FileResult("check.cat", (), (result(Outcome.AGREES, rows=3),)), Screen(200))
    lines = [line.strip() for line in text.splitlines()]
    assert lines.count("theorem, which cannot fail on data: L1: gaps differ") == 1
    assert lines.count("premise close: distance(K, Ideal) <= 1/25: proved") == 1
    assert "gap(Half) is about 0.333333, predicted from 0 to infinity" in lines
    assert "measure accuracy in [1/2, 1]: as predicted" in lines
    assert [line for line in lines if line.startswith("T = ")] == ["T = 0: agrees", "T = 1: agrees", "T = 2: agrees"]
    assert "1 seed: at least 3 are asked for" in lines
    assert "✓ 1 cross-check in 1 file, all as expected: 1 agrees" in full_end(
        [FileResult("check.cat", (), (AGREES,))], Screen(200)
    )


def test_a_pin_is_told_whether_it_holds_or_not() -> None:
    assert "pinned as disagrees: known since May" in full_file(FileResult("c", (), (PINNED,)), Screen(120))
    wrong = result(Outcome.AGREES, Outcome.DISAGREES, pin="known since May")
    assert "was pinned as disagrees: known since May" in full_file(FileResult("c", (), (wrong,)), Screen(120))
    assert phrase(wrong) == "agrees, expected disagrees"


def test_a_score_says_what_it_rests_on() -> None:
    assert said(RATE) == (
        "prompt.pred.one.accuracy@verify is 30 of 40 = 0.75, in the population [0.58, 0.875] with confidence 0.995 "
        "by 40 independent trials, the best of 10 on the same objects"
    )


def test_only_what_is_not_as_expected_is_a_failure() -> None:
    root = ElementTree.fromstring(junit([ALL]))
    cases = root.findall(".//testcase")
    assert [[child.get("type") for child in case] for case in cases] == [[], [], ["disagrees"], [], ["not comparable"]]
    log: Any = json.loads(sarif([ALL]))
    assert [found["ruleId"] for found in log["runs"][0]["results"]] == ["not-as-expected"] * 2
    commands = list(annotation_lines(ALL))
    assert [line.startswith("::error") for line in commands] == [True, True]
    assert "premise, which carries the content" in commands[0]
    assert [line.split(": ", 1)[1].split(" ")[0] for line in concise_file(ALL)] == [
        *("proved", "agrees", "disagrees", "disagrees", "not")
    ]


def test_the_page_has_a_table() -> None:
    page = markdown_page([ALL])
    assert page.count("| about | rests on | statement | verdict | found |") == 4
    assert "| premise that carries the content |" not in page
    rows = [line for line in page.splitlines() if line.startswith("|  | ")]
    assert [row.split(" | ")[1] for row in rows[:5]] == ["premise", "theorem", "measured", "theorem", "measured"]


def test_no_label_forges_output() -> None:
    claim = result(Outcome.DISAGREES, text=HOSTILE, pin=HOSTILE)
    assert claim.crosscheck is not None
    item = replace(ITEMS[3], statement=HOSTILE, reason=HOSTILE, values=(replace(THIRD, name=HOSTILE, value=HOSTILE),))
    row = replace(claim.crosscheck.rows[0], subject=HOSTILE, seed=HOSTILE, items=(item,))
    found = replace(claim.crosscheck, theorem=HOSTILE, seeds=HOSTILE, rows=(row,))
    claim = replace(claim, crosscheck=found, explanation=explanation(found, claim.expected, HOSTILE))
    file = FileResult("c", (), (claim,))
    jsonschema.validate(json.loads(document([file])), SCHEMA)
    page = markdown_page([file])
    assert not any(forged in page for forged in ("\x1b", "\u202e", "<b>"))
    table = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.count(" | ") for line in table if not line.startswith("|---")} == {4}
    shown = full_file(file, Screen(120)) + "\n".join(annotation_lines(file))
    assert not any(forged in shown for forged in ("\x1b", "\r"))
    ElementTree.fromstring(junit([file]))


def test_a_single_row_is_told_under_its_subject() -> None:
    assert AGREES.crosscheck is not None
    row = replace(AGREES.crosscheck.rows[0], subject="T = Half")
    told = explanation(replace(AGREES.crosscheck, rows=(row,)), Outcome.AGREES, "").lines
    lines = [(line.depth, line.text) for line in told]
    assert lines[:3] == [
        (0, "theorem, which cannot fail on data: L1: gaps differ"),
        (0, "T = Half: agrees"),
        (1, "theorem, which cannot fail on data"),
    ]
