from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from formal.report.format import Format, closing, piece, report
from formal.report.screen import Screen
from formal.text import Code
from formal.verdict.result import FileResult, Outcome, Trouble
from tests.report.sample import BROKEN, COMMUTES, CRASHED, FILES, GOOD, MIXED, SLOW, STRANGE, claim

SCHEMA: dict[str, Any] = json.loads(files("formal.report").joinpath("schema/report.schema.json").read_text("utf-8"))
EVERYTHING = (*FILES, FileResult("empty.cat"))


@pytest.mark.parametrize("kind", list(Format))
def test_a_report_is_its_pieces_and_its_end(kind: Format) -> None:
    whole = report(EVERYTHING, kind)
    assert whole == "".join(piece(file, kind) for file in EVERYTHING) + closing(EVERYTHING, kind)
    assert whole.endswith("\n")


@pytest.mark.parametrize("kind", list(Format))
def test_a_report_of_nothing_says_so(kind: Format) -> None:
    text = report((), kind)
    assert text.strip()
    assert "proved" not in text or kind in (Format.JSON, Format.JSONL, Format.SARIF)


# --- full -----------------------------------------------------------------------------------------


def test_full_shows_verdicts_reasons_and_counter_examples() -> None:
    lines = report((GOOD,), Format.FULL).splitlines()
    assert lines[0] == "proofs/square.cat"
    assert lines[1] == "  ✓ commutes          proved                                   direct, certified"
    assert "    both sides are the arrow `a <= d`" in lines
    assert "  ✓ no_single_prompt  refuted, as expected                     direct, certified" in lines
    assert "      u = tom in Label(b): misses `rex` in Label(c)" in lines
    assert "        no arrow c -> b" in lines
    assert "      ▼     ▼" in lines
    assert "    │ claim again: thin(Square)" in lines
    assert lines[-1] == "✓ 2 claims in 1 file, all as expected: 1 proved, 1 refuted"


@pytest.mark.parametrize("columns", [20, 40, 80, 120])
def test_full_keeps_to_the_width_of_the_screen(columns: int) -> None:
    named = claim("x" * 90, outcome=Outcome.UNKNOWN, reason="word " * 60, statement="a" * 300)
    text = report((FileResult("f.cat", (), (named,)),), Format.FULL, Screen(columns))
    bars = [line for line in text.splitlines() if len(line) > max(columns, 20)]
    assert all("x" * 20 in line for line in bars), "only a name may be longer"


def test_full_says_when_there_is_no_certificate() -> None:
    text = report((FileResult("f.cat", (), (claim("thin", certified=False, engine="smt"),)),), Format.FULL)
    assert "smt, decided, no certificate" in text
    assert "1 decided without certificate" in text


def test_full_marks_trouble_and_asks_for_a_report() -> None:
    text = report((FileResult("f.cat", (), (STRANGE,)), CRASHED), Format.FULL)
    assert "! strange  kernel rejected the certificate" in text
    assert "step 3: not a functor" in text
    assert text.count("please report it") == 2
    assert "✓" not in text


def test_full_in_ascii_uses_ascii() -> None:
    plain = replace(GOOD, claims=(COMMUTES,))
    assert report((plain,), Format.FULL, Screen(unicode=False)).isascii()


def test_full_colours_only_when_asked() -> None:
    assert "\x1b[" not in report(FILES, Format.FULL)
    coloured = report(FILES, Format.FULL, Screen(color=True))
    assert "\x1b[1;31m" in coloured
    assert _without_colours(coloured) == report(FILES, Format.FULL)


def _without_colours(text: str) -> str:
    bare = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return "\n".join(line.rstrip() for line in bare.split("\n"))


# --- concise --------------------------------------------------------------------------------------


def test_concise_is_a_line_a_finding() -> None:
    assert report((MIXED, BROKEN, CRASHED), Format.CONCISE).splitlines()[:-1] == [
        "proofs/square.cat:3:47: warning[confusable-name] `а` looks like `a`",
        "proofs/square.cat:7:7: proved commutes",
        "proofs/square.cat:8:7: refuted no_single_prompt",
        "proofs/square.cat:9:7: refuted everything_is_rex (expected proved): fails at X = d: Label(d) has no element",
        "proofs/square.cat:10:7: unknown slow (expected proved): the solver's memory limit was reached",
        "proofs/square.cat:11:7: kernel-rejected strange: step 3: not a functor",
        "proofs/square.cat:9:12: proved thin",
        "proofs/square.cat:4:45: error[no-such-element] `rex` is not an element of `Label(b)`",
        "proofs/broken.cat: error[unreadable-file] `gone.cat` cannot be read",
        "proofs/crash.cat: crashed: the process that checked this file died (exit status -9)",
    ]


# --- json -----------------------------------------------------------------------------------------


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("results", [(), (GOOD,), EVERYTHING])
def test_json_follows_its_schema(results: tuple[FileResult, ...]) -> None:
    document = json.loads(report(results, Format.JSON))
    Draft202012Validator(SCHEMA).validate(document)
    assert [file["file"] for file in document["files"]] == [file.file for file in results]


def test_jsonl_follows_its_schema_and_ends_with_the_summary() -> None:
    records = [json.loads(line) for line in report(EVERYTHING, Format.JSONL).splitlines()]
    validator = Draft202012Validator({"$ref": "#/$defs/record", "$defs": SCHEMA["$defs"]})
    for record in records:
        validator.validate(record)
    assert [record["type"] for record in records].count("summary") == 1
    assert records[-1]["type"] == "summary"


def test_the_schema_rejects_a_trouble_that_is_called_proved() -> None:
    document = json.loads(report((FileResult("f.cat", (), (STRANGE,)),), Format.JSON))
    document["files"][0]["claims"][0]["outcome"] = "proved"
    assert not Draft202012Validator(SCHEMA).is_valid(document)


def test_json_calls_no_trouble_proved() -> None:
    for trouble in Trouble:
        found = json.loads(report((FileResult("f.cat", (), (replace(STRANGE, trouble=trouble),)),), Format.JSON))
        assert found["files"][0]["claims"][0]["outcome"] == "unknown"
        assert found["exit_code"] == 4
        assert found["summary"]["proved"] == 0


# --- junit ----------------------------------------------------------------------------------------


def test_junit_counts_unknown_as_a_failure_and_trouble_as_an_error() -> None:
    root = ElementTree.fromstring(report((MIXED, BROKEN, CRASHED), Format.JUNIT))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("8", "2", "3")
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["slow"].find("failure") is not None
    assert cases["strange"].find("error") is not None
    assert cases["commutes"].find("*") is None
    assert cases["no_single_prompt"].find("*") is None
    assert list(root.iter("skipped")) == []
    errors = [error.get("type") for error in root.iter("error")]
    assert errors == ["kernel-rejected", "no-such-element", "crashed"]


# --- sarif ----------------------------------------------------------------------------------------


def test_sarif_has_a_rule_for_each_result_and_places() -> None:
    run = json.loads(report(EVERYTHING, Format.SARIF))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules) >= len(Code)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    found = [result["ruleId"] for result in run["results"]]
    assert sorted(found) == sorted(
        [
            "confusable-name",
            "no-such-element",
            "unreadable-file",
            "not-as-expected",
            "inconclusive",
            "trouble",
            "trouble",
        ]
    )
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 9, "startColumn": 7, "endLine": 9, "endColumn": 24}
    assert run["invocations"][0] == {"executionSuccessful": False, "exitCode": 4}


# --- github ---------------------------------------------------------------------------------------


def test_github_annotates_what_needs_attention() -> None:
    lines = report((MIXED, BROKEN, CRASHED), Format.GITHUB).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 6
    assert sum(line.startswith("::warning ") for line in lines) == 1
    assert lines[1] == (
        "::error file=proofs/square.cat,line=9,endLine=9,col=7,endColumn=23,"
        "title=everything_is_rex%3A refuted%2C expected proved::"
        "fails at X = d: Label(d) has no element%0Aforall X in Square. exists t in Label(X). t = t%0AX = d"
    )
    assert report((GOOD,), Format.GITHUB).count("\n") == 1


# --- markdown -------------------------------------------------------------------------------------


def test_markdown_has_a_row_for_each_claim() -> None:
    text = report((MIXED,), Format.MARKDOWN)
    rows = [line for line in text.splitlines() if line.startswith("| ") and "claim" not in line]
    assert len(rows) == len(MIXED.claims)
    assert all(row.count("|") - row.count("\\|") == 6 for row in rows)


def test_an_undecided_claim_is_never_shown_as_proved() -> None:
    for found in (Outcome.UNKNOWN, Outcome.BOUNDED):
        for expected in (Outcome.UNKNOWN, Outcome.REFUTED):
            file = FileResult("f.cat", (), (replace(SLOW, outcome=found, expected=expected),))
            for kind in set(Format) - {Format.JSON, Format.JSONL, Format.SARIF}:
                assert "proved" not in report((file,), kind)
