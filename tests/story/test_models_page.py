"""The page on trained models says what scripts and bundles say, loses no claim, and marks what was not expected."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.story import number
from tests.story.finding import (
    NOTHING,
    Report,
    claims_asked,
    claims_cell,
    item_asked,
    item_cell,
    read_report,
    rows_cell,
)
from tests.story.material import FOLDER, every_check, read_material, unplaced
from tests.story.models import cells_of, difference, main, render, without_findings
from tests.story.result import STATUS, Check, Named, NamesNothing, Row, named, rows
from tests.story.statement import Item, Statement, Trained, read_statements

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
FOLDERS = frozenset(re.findall(r"(?m)^\| \[`([\w-]+)`\]\(\1\) \|", PAGE))
"""Those that the page tells of; a folder that is newer is told of when the page is written again, which CI asks for."""

MATERIAL = read_material(only=FOLDERS)
ROWS = [row for check in every_check(MATERIAL) for row in rows(check, MATERIAL.statements)]


def test_the_page_is_up_to_date() -> None:
    wrong = difference(without_findings(PAGE), without_findings(render(MATERIAL)))
    assert not wrong, wrong


def test_a_page_without_findings_differs_only_in_cells_of_findings() -> None:
    plain = without_findings(PAGE)
    assert without_findings(plain) == plain
    differ = [(a, b) for a, b in zip(plain.split("\n"), PAGE.split("\n"), strict=True) if a != b and b[:1] != "|"]
    assert differ == []


def test_every_line_of_a_table_has_a_finding_for_each_of_its_seeds() -> None:
    told = _findings(PAGE)
    missing = [row.says for row in ROWS if not any(_is_told(row, cells) for cells in told.get(_name(row), []))]
    assert missing == []


def _is_told(row: Row, cells: dict[str, str]) -> bool:
    return all(cells.get(column, "") for column in ([f"seed {seed}" for seed in row.seeds] or ["found"]))


def _name(row: Row) -> str:
    first = row.named[0].statement
    return f"[{row.says}]({first.script}.cat#L{first.line})" if row.is_whole else row.says


def _findings(page: str) -> dict[str, list[dict[str, str]]]:
    """The cells of all lines of the tables of findings, by column, under what the line says."""
    found: dict[str, list[dict[str, str]]] = {}
    columns: list[str] = []
    for line in page.split("\n"):
        cells = cells_of(line)
        if cells[1:3] == ["status", "asked"]:
            columns = cells
        elif not line.startswith("|"):
            columns = []
        elif columns and not line.startswith("|---"):
            found.setdefault(cells[0].removesuffix(" †"), []).append(dict(zip(columns, cells, strict=True)))
    return found


def test_exactly_what_was_not_expected_is_marked() -> None:
    told = _findings(PAGE)
    for row in ROWS:
        if row.is_whole:
            (cells,) = told[_name(row)]
            columns = {seed: "found" if seed is None else f"seed {seed}" for seed in (row.seeds or (None,))}
            marked = {seed for seed, column in columns.items() if "**" in cells[column]}
            pinned = {seed for seed in columns if any(each.pin is not None for each in row.of(seed))}
            assert marked <= pinned, row.says
            for each in row.named:
                seeds = set(each.statement.seeds or [each.seed])
                assert each.statement.pin is None or seeds & marked, (row.says, each.statement.name)


def test_no_claim_is_lost() -> None:
    placed = {each.statement for check in every_check(MATERIAL) for each in named(check, MATERIAL.statements)}
    assert [f"{each.script}:{each.name}" for each in MATERIAL.statements if each not in placed] == []


def test_every_pattern_names_something() -> None:
    for result in MATERIAL.results:
        for check in result.checks:
            assert named(check, MATERIAL.statements)
    scripts = {check.script for result in MATERIAL.table.results for check in result.checks}
    there = {script for script in scripts if (FOLDER / script).parent.is_dir()}
    assert [script for script in sorted(there) if not (FOLDER / f"{script}.cat").exists()] == []


def test_a_folder_that_results_speak_of_is_told_of_as_a_whole() -> None:
    told = {check.script.partition("/")[0] for result in MATERIAL.results for check in result.checks}
    lost = [f"{each.script}: {each.name}" for each in unplaced(MATERIAL) if (each.folder or each.script) in told]
    assert lost == [], "no result names these claims: add them to proofs/models/results.toml"


def test_every_result_has_three_seeds_or_says_why_not() -> None:
    for result in MATERIAL.results:
        statements = [each.statement for check in result.checks for each in named(check, MATERIAL.statements)]
        bundles = [bundle for each in statements for bundle in each.bundles if bundle.trained != "no"]
        seeds = {seed for bundle in bundles for seed in bundle.seeds}
        assert (len(seeds) >= 3) != bool(result.fewer), result.id


def test_every_status_is_one_of_the_legend() -> None:
    assert {row.status for row in ROWS} | {result.status for result in MATERIAL.results} <= set(STATUS)


def test_every_refuted_expectation_has_a_reason() -> None:
    bare = [
        f"{check.script}: {each.statement.name}"
        for check in every_check(MATERIAL)
        for each in named(check, MATERIAL.statements)
        if each.statement.pin == "" and not check.why
    ]
    assert bare == []


def test_a_comment_above_an_expectation_says_whether_it_is_pinned() -> None:
    older = {each.script for each in MATERIAL.statements if each.older}
    text = {script: (FOLDER / f"{script}.cat").read_text(encoding="utf-8").split("\n") for script in older}
    mute = [
        f"{each.script}: {each.name}"
        for each in MATERIAL.statements
        if each.script in older and each.expected == "refuted" and each.pin is None
        if re.match(r"# (?!-)", text[each.script][each.line - 2])
    ]
    assert mute == [], "begin the comment with `pinned:` where a run refuted what was expected"


def test_numbers_are_not_written_by_hand() -> None:
    for result in MATERIAL.table.results:
        words = (result.claim, result.premise, result.short, result.finding, *(check.says for check in result.checks))
        assert [text for text in words if re.search(r"\d\.\d|\.\d|\d ?%", text)] == [], result.id


def test_the_links_of_the_page_lead_somewhere() -> None:
    for target, line in re.findall(r"\]\(((?!http|#)[^)#]+)(?:#L(\d+))?[^)]*\)", PAGE):
        path = FOLDER / target
        assert path.exists(), target
        if line:
            words = path.read_text(encoding="utf-8").split("\n")[int(line) - 1]
            assert re.match(r"\s*(claim|crosscheck) ", words), (target, line, words)
    headings = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^#+ (.*)", PAGE)}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) <= headings


# --- findings -------------------------------------------------------------------------------------

BUNDLE = Trained("f", "b0", (0,), "yes", "cpu", "cpu", "", (), {"c": "digest"})


def statement(name: str = "c_0", kind: str = "claim", expected: str = "proved", pin: str | None = None) -> Statement:
    return Statement("f/claims", name, kind, expected, pin, 3, (BUNDLE,), True)


def told(name: str, lower: str | None, upper: str | None = None) -> dict[str, object]:
    ends = [None if end is None else {"exact": end, "decimal": 0.0} for end in (lower, upper or lower)]
    return {"name": name, "value": "in words", "lower": ends[0], "upper": ends[1]}


def compared(left: object, order: str, right: object, *, holds: bool | None = True, within: object = None) -> object:
    return {"left": left, "order": order, "right": right, "within": within, "holds": holds}


def claim(outcome: str, *comparisons: object) -> dict[str, object]:
    return {"outcome": outcome, "explanation": {"comparisons": list(comparisons)}}


def of(**claims: object) -> Report:
    return Report({("f/claims", name): found for name, found in claims.items()})  # type: ignore[misc]


GAP = told("the gap", "5/16")


@pytest.mark.parametrize(
    ("found", "cell", "asked"),
    [
        (claim("proved", compared(GAP, "<=", told("0.5", "1/2"))), "proved .3125", "≤ .5"),
        (claim("proved", compared(told("1/4", "1/4"), "<=", GAP)), "proved .3125", "≥ .25"),
        (claim("proved", compared(GAP, "<=", told("0.25", "1/4"), holds=False)), "proved .3125", "> .25"),
        (claim("refuted", compared(GAP, "<=", told("0.25", "1/4"), holds=False)), "**refuted** .3125", "≤ .25"),
        (
            claim("proved", compared(GAP, "=", GAP, within=told("1/4", "1/4"))),
            "proved .3125 against .3125",
            "= the other ± .25",
        ),
        (claim("proved", compared(told("the gap", "1/3", "1/2"), "<", told("1", "1"))), "proved [.333, .5]", "< 1"),
        (claim("proved", compared(told("the number", None), "<", told("1", "1"))), "proved ∞", "< 1"),
        (claim("unknown"), "**unknown**", ""),
    ],
)
def test_a_claim_is_told_with_its_value(found: object, cell: str, asked: str) -> None:
    assert claims_cell([statement()], of(c_0=found)) == cell
    assert claims_asked([statement()], of(c_0=found)) == asked


def test_claims_in_one_cell_are_counted() -> None:
    several = [statement(f"c_{place}") for place in range(3)]
    values = {f"c_{place}": claim("proved", compared(told("n", str(place)), "=", told("7", "7"))) for place in range(3)}
    values["c_1"]["outcome"] = "refuted"
    several[1] = statement("c_1", expected="refuted", pin="why")
    assert claims_cell(several, of(**values)) == "2 proved, 1 **refuted**: 0, 1, 2"


def test_what_was_expected_before_a_run_is_not_what_is_pinned() -> None:
    assert statement(expected="refuted", pin="").before == "proved"
    assert statement(expected="proved", pin="").before == "refuted"
    assert statement(expected="refuted").before == "refuted"
    assert statement(kind="crosscheck", expected="not comparable", pin="").before == "agrees"


SCORE = {
    "value": {"exact": "361/397"},
    "lower": {"exact": "877/1000"},
    "upper": {"exact": "935/1000"},
    "confidence": {"exact": "1999/2000"},
    "independent": 397,
    "candidates": 100,
}
MEASURE = {
    "role": "measure",
    "outcome": "refuted",
    "location": {"line": 4, "column": 3},
    "statement": "accuracy(m, x) in [19/20, 1]",
    "values": [],
    "predicted": [told("least", "19/20"), told("greatest", "1")],
    "measured": SCORE,
}
PREMISE: dict[str, object] = {
    **MEASURE,
    "role": "premise",
    "location": {"line": 3, "column": 3},
    "statement": "d <= 1/20",
    "predicted": [],
}
PREMISE |= {"measured": None, "values": [told("d", "1/32")], "outcome": "proved"}


@pytest.mark.parametrize(
    ("outcome", "word", "pin", "marked"),
    [
        ("disagrees", "disagrees", None, "**disagrees**"),
        ("disagrees", "disagrees", "", "**disagrees**"),
        ("not comparable", "not comparable", None, "**not comparable**"),
    ],
)
def test_a_cross_check_is_told_with_its_interval(outcome: str, word: str, pin: str | None, marked: str) -> None:
    items = (Item("premise", "d", (3, 3), True), Item("measure", "x", (4, 3), True))
    check = Statement(
        "f/claims", "c", "crosscheck", "agrees" if pin is None else word, pin, 2, (), False, ("",), (0,), items
    )
    row = {"outcome": outcome, "items": [PREMISE, MEASURE]}
    report = of(c={"crosscheck": {"rows": [row]}})
    pairs = [(check, report.row(check, 0, 0))]
    assert rows_cell(pairs) == marked
    assert item_cell(check, row, 0) == "holds .0312"
    assert item_cell(check, row, 1) == f"{marked} .9093 [.877, .935]"
    assert item_asked(pairs, 0) == "≤ .05"
    assert item_asked(pairs, 1) == "[.95, 1]; 99.95 %, 397 trials, best of 100"
    assert report.row(check, 0, 1) is None
    assert NOTHING.row(check, 0, 0) is None


def test_agreement_that_was_not_expected_is_marked() -> None:
    items = (Item("measure", "x", (4, 3), True),)
    row = {"outcome": "agrees", "items": [{**MEASURE, "outcome": "proved"}]}
    check = Statement("f/claims", "c", "crosscheck", "agrees", "it does", 2, (), False, ("",), (0,), items)
    assert rows_cell([(check, row)]) == "**agrees**"
    assert item_cell(check, row, 0).startswith("**agrees** .9093")
    of_others = Statement("f/claims", "c", "crosscheck", "disagrees", None, 2, (), False, ("",), (0, 1), items)
    assert rows_cell([(of_others, row)]) == "agrees"


def test_two_quantities_of_a_cross_check_stand_against_each_other() -> None:
    both = {
        **PREMISE,
        "statement": "C(x, y) <= 1/2 * C(x, z)",
        "values": [told("C(x, y)", "1/2"), told("C(x, z)", "1")],
    }
    items = (Item("premise", "d", (3, 3), True),)
    check = Statement("f/claims", "c", "crosscheck", "agrees", None, 2, (), False, ("",), (0,), items)
    row = {"outcome": "agrees", "items": [both]}
    assert item_cell(check, row, 0) == "holds .5 against 1"
    assert item_asked([(check, row)], 0) == "≤ the other"


def test_a_report_is_read_by_script() -> None:
    files = [
        {"file": "proofs/models/f/claims.cat", "claims": [{"name": "c", "outcome": "proved"}]},
        {"file": "proofs/examples/claims.cat", "claims": [{"name": "c"}]},
        {"file": "proofs/models/lemmas.cat", "claims": [{"name": "L1"}]},
    ]
    assert set(read_report(json.dumps({"files": files})).claims) == {("f/claims", "c"), ("lemmas", "L1")}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1/3", ".3333"),
        ("7", "7"),
        ("-1/20", "-.05"),
        ("0.00004218", "4.22e-5"),
        ("0.99999", "≈ 1"),
        ("0.0304198", ".0304"),
        ("12.34567", "12.3457"),
        ("1/2", ".5"),
        ("-0.99999", "≈ -1"),
        ("1e-12", "1e-12"),
        ("0.00099996", ".001"),
    ],
)
def test_numbers_are_rounded(value: str, text: str) -> None:
    assert number.rounded(Fraction(value)) == text


@given(st.fractions(max_denominator=10**9))
def test_rounding_moves_a_number_little(value: Fraction) -> None:
    text = number.rounded(value)
    moved = abs(Fraction(text.removeprefix("≈ ")) - value)
    assert moved <= Fraction(1, 20_000)
    assert moved * 200 <= abs(value)


@given(st.fractions(max_denominator=10**9), st.fractions(min_value=0, max_denominator=10**9))
def test_an_interval_that_is_told_contains_the_given_one(lower: Fraction, width: Fraction) -> None:
    ends = [Fraction(end) for end in number.outward(lower, lower + width).strip("[]").split(", ")]
    assert ends[0] <= lower
    assert lower + width <= ends[1]


def test_intervals_are_rounded_outwards() -> None:
    assert number.outward(Fraction("0.87667"), Fraction("0.93568")) == "[.876, .936]"
    assert number.outward(Fraction("-0.0001"), Fraction(1)) == "[-.001, 1]"


# --- scripts and bundles --------------------------------------------------------------------------

SCRIPT = """
## Said once.
claim a_0: 1 = 2 expect refuted
# pinned: because of this,
# and of that
claim a_1: 1 = 2 expect refuted
claim a_2: 1 = 2 expect refuted  # pinned after the run, which refuted it
claim b_2: 1 = 2 expect refuted

# pinned, but not to the next

claim c_2: 1 = 1
crosscheck d for T in {x, y} {
  premise near: 1 <= 2
  measure accuracy(T, "p.pred.q", of: population) in [0, 1]
}
expect disagrees because "pinned after the run: it is too small"
crosscheck e { predict 1 <= 2 }
expect disagrees because "so it was expected"
# pinned: it was expected to disagree
crosscheck f { predict 1 <= 2 }
"""


def test_pins_and_items_are_read_from_scripts(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "claims.cat").write_text(SCRIPT, encoding="utf-8")
    found = {each.name: each for each in read_statements(tmp_path, {})}
    pins = {name: each.pin for name, each in found.items()}
    assert pins == {
        "a_0": None,
        "a_1": "because of this, and of that",
        "a_2": "",
        "b_2": None,
        "c_2": None,
        "d": "it is too small",
        "e": None,
        "f": "it was expected to disagree",
    }
    assert found["f"].before == "disagrees"
    assert found["d"].tasks == ("x", "y")
    assert [(item.role, item.words, item.shared) for item in found["d"].items] == [
        ("premise", "near", True),
        ("measure", "accuracy of `p.pred.q`", False),
    ]
    assert found["a_1"].line == 6


def test_a_script_whose_models_are_not_trained_yet_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "claims.cat").write_text('model m from "m.safetensors"\nclaim a: 1 = 1\n', encoding="utf-8")
    assert read_statements(tmp_path, {}) == ()


def test_names_are_taken_apart() -> None:
    statements = [
        statement(name) for name in ("full_on_words1", "full_on_words0", "at_24_1", "at_4", "at_24_0", "no_5_2")
    ]
    check = Check("f/claims", ("full_on_{each}{seed}",), "full, {each}", "E")
    (row,) = rows(check, statements)
    assert (row.says, row.seeds) == ("full, words", (0, 1))
    check = Check("f/claims", ("at_{each}", "at_{each}_{seed}"), "at {each}", "E")
    assert [(row.says, row.seeds) for row in rows(check, statements)] == [("at 4", ()), ("at 24", (0, 1))]
    check = Check("f/claims", ("no_*_{seed}",), "no", "E")
    assert named(check, statements) == (Named(statements[5], "", 2),)
    with pytest.raises(NamesNothing, match="f/claims: other"):
        named(Check("f/claims", ("other",), "", "E"), statements)


def test_the_page_is_compared_with_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.json"
    report.write_text('{"files": []}', encoding="utf-8")
    before = (FOLDER / "README.md").read_bytes()
    assert main([str(report), "--check"]) == 1
    assert "python -m tests.story.models report.json" in capsys.readouterr().err
    assert (FOLDER / "README.md").read_bytes() == before


def test_nothing_is_said_of_pages_that_are_the_same() -> None:
    assert difference("a\nb\n", "a\nb\n") == ""
    assert "-b" in difference("a\nb\n", "a\nc\n")
