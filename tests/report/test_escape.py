from __future__ import annotations

import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.report.format import Format, report
from formal.text.escape import (
    clip,
    html,
    inert,
    json_text,
    markdown,
    markdown_block,
    markdown_code,
    terminal,
    terminal_block,
    visible,
    width,
    workflow_message,
    workflow_property,
    xml,
)
from tests.report.sample import HOSTILE, hostile_file

TEXTS = st.text(st.characters(codec=None), max_size=40) | st.text("#[]:ab \n\r\t\x1b\u202e`<&|%,", max_size=20)


def is_quiet(text: str) -> bool:
    """No character that moves the cursor, turns the text or cannot be encoded; no command to a build service."""
    unseen = [c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    commands = [line for line in text.split("\n") if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)]
    return not unseen and not commands


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f >> g = h", "f >> g = h"),
        ("犬 → café", "犬 → café"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u202eevil\u2066", "\\u{202e}evil\\u{2066}"),
        ("zero\u200bwidth\ufeff", "zero\\u{200b}width\\u{feff}"),
        ("\ud800", "\\u{d800}"),
        ("\x9b31m", "\\x9b31m"),
        ("\u2028", "\\u{2028}"),
    ],
)
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", "\\::error::x"),
        ("   ::set-output name=a::b", "\\   ::set-output name=a::b"),
        ("a ::error", "a ::error"),
        ("##[error]x", "##\\[error]x"),
        ("###[x]", "###\\[x]"),
        ("a ##vso[task.setvariable]", "a ##vso\\[task.setvariable]"),
        ("## a comment", "## a comment"),
    ],
)
def test_a_line_is_no_command(text: str, shown: str) -> None:
    assert terminal(text) == shown
    assert inert(shown) == shown


@given(TEXTS)
def test_every_text_is_quiet_in_every_sink(text: str) -> None:
    for line in (terminal(text), visible(text), html(text), markdown(text), markdown_code(text)):
        assert "\n" not in line
    for block in (terminal(text), terminal_block(text), markdown_block(text), xml(text)):
        assert is_quiet(block)
    assert "\n" not in workflow_message(text)
    assert not set(workflow_property(text)) & set(":,\n\r")


@given(TEXTS)
def test_xml_gives_back_what_was_written(text: str) -> None:
    element = ElementTree.Element("a", {"b": xml(text).replace("\n", " ").replace("\t", " ")})
    element.text = xml(text)
    read = ElementTree.fromstring(ElementTree.tostring(element, encoding="unicode"))
    assert (read.text or "") == xml(text)


@given(st.recursive(TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)))
def test_json_keeps_its_values_and_has_no_command(value: object) -> None:
    text = json_text(json.dumps(value))
    assert json.loads(text) == value
    assert "##" not in text


@given(TEXTS)
def test_html_and_markdown_have_no_mark_up_of_the_text(text: str) -> None:
    assert "<" not in html(text)
    assert '"' not in html(text)
    assert not re.search(r"<(?!!-- -->)", markdown(text))
    assert not re.search(r"(?<!\\)[`*_\[\]|]", markdown(text).replace("\\\\", ""))
    inner = markdown_code(text).removeprefix("<code>").removesuffix("</code>")
    assert not set(inner) & set("<>`|*_[]\\@")


@given(st.text("`ab\n", max_size=30))
def test_a_fence_is_longer_than_what_it_holds(text: str) -> None:
    fence, *body, last = markdown_block(text).split("\n")
    assert fence == last
    assert all(fence not in line for line in body)


def test_percent_signs_of_a_text_stay_percent_signs() -> None:
    assert workflow_message("100%0A::error::x\ny") == "100%250A::error::x%0Ay"
    assert workflow_property("a:b,c") == "a%3Ab%2Cc"


def test_wide_characters_take_two_cells() -> None:
    assert width("ab") == 2
    assert width("犬猫") == 4
    assert width("e\u0301") == 1


@given(st.text(max_size=60), st.integers(8, 30))
def test_a_clipped_text_is_short_and_keeps_both_ends(text: str, limit: int) -> None:
    short = clip(text, limit)
    assert len(short) <= limit
    assert short == text or (text.startswith(short[: limit - limit // 4 - 3]) and text.endswith(short[-(limit // 4) :]))


# --- whole reports --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(Format) - {Format.GITHUB}))
def test_no_label_forges_a_report(kind: Format) -> None:
    text = report((hostile_file(),), kind)
    text.encode("utf-8")
    assert is_quiet(text)


def test_a_label_with_mark_up_is_shown_as_it_stands() -> None:
    assert "[bold]PROVED[/]" in report((hostile_file(),), Format.FULL)
    assert "<b>" not in "".join(_outside_fences(report((hostile_file(),), Format.MARKDOWN)))


def _outside_fences(page: str) -> list[str]:
    lines, fence = [], ""
    for line in page.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        else:
            lines.append(line)
    return lines


def test_annotations_are_those_of_the_findings_and_no_more() -> None:
    lines = report((hostile_file(),), Format.GITHUB).splitlines()
    assert [line[:8] for line in lines[:-1]] == ["::error "] * 4
    for line in lines[:-1]:
        head, message = line.removeprefix("::error ").split("::", 1)
        assert re.fullmatch(r"(\w+=[^:,]*)(,\w+=[^:,]*)*", head)
        assert "\r" not in message
    assert not lines[-1].lstrip().startswith("::")


def test_the_junit_document_of_a_hostile_file_can_be_read() -> None:
    root = ElementTree.fromstring(report((hostile_file(),), Format.JUNIT))
    assert root.get("errors") == "2"
    assert root.get("failures") == "2"


def test_json_keeps_hostile_names_exactly() -> None:
    document = json.loads(report((hostile_file(),), Format.JSON))
    assert document["files"][0]["claims"][0]["name"] == HOSTILE
