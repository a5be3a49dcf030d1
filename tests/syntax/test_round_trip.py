"""Printing and formatting keep the meaning: reading the result gives the same tree."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.syntax import ast
from formal.syntax.format import format_source
from formal.syntax.layout import WIDTH
from formal.syntax.parser import parse, parse_expression, read
from formal.syntax.printer import print_expression
from formal.syntax.spelling import SPELLINGS
from formal.syntax.tree import same_up_to_spans
from formal.text import Rejection, Source
from tests.syntax.trees import expressions, scripts

ROOT = Path(__file__).parent.parent.parent
SCRIPTS = sorted(
    path
    for folder in ("formal", "proofs", "tests/cases")
    for path in (ROOT / folder).rglob("*.cat")
    if "syntax/err" not in path.as_posix()
)


@given(expressions, st.booleans())
@settings(max_examples=300, deadline=None)
def test_reading_what_is_printed_gives_the_expression(expr: ast.Expr, unicode: bool) -> None:
    text = print_expression(expr, unicode=unicode)
    assert same_up_to_spans(parse_expression(Source("printed", text)), expr), text


@given(expressions)
@settings(max_examples=100, deadline=None)
def test_no_pair_of_parentheses_can_be_left_out(expr: ast.Expr) -> None:
    text = print_expression(expr)
    opened: list[int] = []
    quoted = False
    for place, character in enumerate(text):
        if character == '"' and (not quoted or (len(text[:place]) - len(text[:place].rstrip("\\"))) % 2 == 0):
            quoted = not quoted
        elif character == "(" and not quoted:
            opened.append(place)
        elif character == ")" and not quoted:
            start = opened.pop()
            without = text[:start] + " " + text[start + 1 : place] + " " + text[place + 1 :]
            assert not _reads_as(without, expr), (text, without)


def _reads_as(text: str, expr: ast.Expr) -> bool:
    try:
        return same_up_to_spans(parse_expression(Source("printed", text)), expr)
    except Rejection:
        return False


def _check_formatting(text: str, unicode: bool | None) -> None:
    source = Source("script", text)
    formatted = Source("formatted", format_source(source, unicode=unicode))
    before, after = parse(source), parse(formatted)
    assert same_up_to_spans(before.declarations, after.declarations)
    assert [comment.text for comment in before.comments] == [comment.text for comment in after.comments]
    assert format_source(formatted, unicode=unicode) == formatted.text
    assert format_source(formatted) == formatted.text
    assert all(line == line.rstrip() for line in formatted.text.split("\n"))


@given(scripts(), st.sampled_from([None, True, False]))
@settings(max_examples=150, deadline=None)
def test_formatting_keeps_the_tree_and_does_nothing_twice(text: str, unicode: bool | None) -> None:
    _check_formatting(text, unicode)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_formatting_the_scripts_of_this_project(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for unicode in (None, True, False):
        _check_formatting(text, unicode)


@given(scripts())
@settings(max_examples=100, deadline=None)
def test_spellings_are_converted_throughout(text: str) -> None:
    for unicode in (True, False):
        words = read(Source("formatted", format_source(Source("script", text), unicode=unicode)), "script").words
        # The name of an argument, as in `gap(W, in: K)`, is a name and keeps its spelling.
        symbols = {
            word.text
            for word, after in pairwise(words)
            if word.type in SPELLINGS and (word.type, after.type) != ("IN", "COLON")
        }
        assert symbols <= {pair[unicode] for pair in SPELLINGS.values()}


def test_lines_that_can_break_keep_to_the_width() -> None:
    claim = "claim a: forall X in C. " + " and ".join(f"f_{n}(X) = g_{n}(X)" for n in range(40))
    category = "category C { objects " + ", ".join(f"object_{n}" for n in range(60)) + " }"
    presheaf = "presheaf T on C { x |-> {" + ", ".join(f"element_{n}" for n in range(60)) + "} }"
    alias = "category P = poset(" + ", ".join(f"a_{n} < b_{n} < c_{n}" for n in range(30)) + ")"
    parameters = ", ".join(f"object X_{n} in C" for n in range(30))
    define = f"define d({parameters}) := {' >> '.join(['f'] * 60)} = f"
    text = format_source(Source("script", "\n".join((claim, category, presheaf, alias, define))))
    assert max(map(len, text.split("\n"))) <= WIDTH
