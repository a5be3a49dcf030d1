from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.report.diagnostic import COLUMNS, render_plain, render_rich
from formal.text import Code, Diagnostic, Label, Severity, Source, Span
from formal.text.escape import width

TEXT = """\
category C {
  objects   A, B, C, D
  arrows    f: A -> B, g: C -> D
  arrows\tk: B -> D, 犬猫: A -> D

  equations f >> g = h
  equations f >> g >>
     k =
     h
}
"""
SOURCE = Source("proofs/square.cat", TEXT)


def span(word: str, after: str = "", source: Source = SOURCE) -> Span:
    start = source.text.index(word, source.text.index(after) if after else 0)
    return Span(source, start, start + len(word))


def shown(message: str, primary: Label | None, *secondary: Label, **rest: tuple[str, ...]) -> list[str]:
    return render_plain(Diagnostic(Code.NOT_COMPOSABLE, message, primary, secondary, **rest)).split("\n")


def test_a_diagnostic_with_two_labels_and_help() -> None:
    f = span("f", "f >> g = h")
    g = span("g", "g = h")
    assert shown(
        "`g` cannot follow `f`",
        Label(g, "expected an arrow from `B`, found `g: C -> D`"),
        Label(f),
        help=("`k: B -> D` has the right ends",),
    ) == [
        "error[not-composable]: `g` cannot follow `f`",
        "  --> proofs/square.cat:6:18",
        "   |",
        " 6 |   equations f >> g = h",
        "   |             -    ^ expected an arrow from `B`, found `g: C -> D`",
        "   = help: `k: B -> D` has the right ends",
    ]


def test_several_messages_on_a_line_hang_below_it() -> None:
    f, g, h = (span(name, "f >> g = h") for name in "fgh")
    assert shown("x", Label(g, "second"), Label(f, "first"), Label(h, "third"))[3:] == [
        " 6 |   equations f >> g = h",
        "   |             -    ^   - third",
        "   |             |    |",
        "   |             |    second",
        "   |             first",
    ]


def test_lines_between_are_left_out_unless_it_is_one() -> None:
    near = shown("x", Label(span("k: B")), Label(span("objects")))
    assert near[3:] == [
        " 2 |   objects   A, B, C, D",
        "   |   -------",
        " 3 |   arrows    f: A -> B, g: C -> D",
        " 4 |   arrows    k: B -> D, 犬猫: A -> D",
        "   |             ^^^^",
    ]
    far = shown("x", Label(span("h", "f >> g = h")), Label(span("objects")))
    assert far[5] == "..."


def test_a_span_of_several_lines_is_bracketed() -> None:
    whole = Span(SOURCE, TEXT.index("f >> g >>"), TEXT.index("     h") + 6)
    assert shown("x", Label(whole, "the equation"), Label(span("k ="), "here"))[3:] == [
        " 7 |     equations f >> g >>",
        "   |  _____________^",
        " 8 | |      k =",
        "   | |      --- here",
        " 9 | |      h",
        "   | |______^ the equation",
    ]


def test_wide_characters_and_tabs_keep_the_marks_in_place() -> None:
    assert shown("x", Label(span("犬猫"), "here"), Label(span("k: B")))[3:] == [
        " 4 |   arrows    k: B -> D, 犬猫: A -> D",
        "   |             ----       ^^^^ here",
    ]


def test_the_end_of_the_text_has_a_mark() -> None:
    end = Span(SOURCE, len(TEXT), len(TEXT))
    assert shown("x", Label(end, "expected `}`"))[-2:] == [
        " 11 |",
        "    | ^ expected `}`",
    ]


def test_another_file_has_a_heading_of_its_own() -> None:
    other = Source("other.cat", "category C\n")
    assert shown("x", Label(span("f", "f >>")), Label(span("C", source=other), "first declared here"))[-4:] == [
        "  ::: other.cat:1:10",
        "   |",
        " 1 | category C",
        "   |          - first declared here",
    ]


def test_a_diagnostic_without_a_place() -> None:
    assert shown("gone", None, notes=("one\ntwo",)) == [
        "error[not-composable]: gone",
        "   = note: one",
        "           two",
    ]


def test_a_long_line_is_shown_around_the_span() -> None:
    source = Source("long.cat", "x" * 1_000_000 + " bad " + "y" * 1_000_000)
    line, marks = shown("x", Label(span("bad", source=source), "here"))[3:]
    assert width(line) < COLUMNS + 20
    at = marks.index("^^^")
    assert line[at : at + 3] == "bad"
    assert "......" not in line
    assert line.endswith("...")


def test_what_cannot_be_seen_is_named_and_marked() -> None:
    source = Source("evil.cat", "\u202eevil\x1b[2J")
    assert shown("x\x1b[0m", Label(span("evil", source=source)))[-2:] == [
        " 1 | \\u{202e}evil\\x1b[2J",
        "   |         ^^^^",
    ]


def test_a_warning_is_called_one() -> None:
    text = render_plain(Diagnostic(Code.CONFUSABLE_NAME, "m", None, severity=Severity.WARNING))
    assert text == "warning[confusable-name]: m"


@pytest.mark.parametrize("label", ["[bold]PROVED[/bold]", "\x1b[31mred", "[link=file:///etc]x[/link]"])
def test_rich_text_is_never_read_as_mark_up(label: str) -> None:
    source = Source(label, label)
    diagnostic = Diagnostic(Code.SYNTAX, label, Label(Span(source, 0, 3), label), help=(label,), notes=(label,))
    assert "\n".join(line.rstrip() for line in render_rich(diagnostic).plain.split("\n")) == render_plain(diagnostic)


LINES = st.lists(st.text("ab \t犬\u0301\u202e\x1b#[:", max_size=12), min_size=1, max_size=6).map("\n".join)


@given(LINES, st.data())
def test_every_span_is_shown(text: str, data: st.DataObject) -> None:
    source = Source("any.cat", text)
    offsets = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    labels = [
        Label(Span(source, *data.draw(offsets)), message)
        for message in data.draw(st.lists(st.text("mn", max_size=3), min_size=1))
    ]
    result = render_plain(Diagnostic(Code.SYNTAX, "m", labels[0], tuple(labels[1:])))
    assert "^" in result
    assert "\x1b" not in result
    assert "\u202e" not in result
    for label in labels:
        assert label.message in result
