"""The grammar: LALR(1) without conflicts, every terminal named, and the tables that are stored for it."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from formal.syntax.builder import Builder
from formal.syntax.grammar import START_SYMBOLS, derive, grammar_path, lark, vocabulary
from formal.syntax.keyword import DECLARATIONS
from formal.syntax.spelling import SPELLINGS, SYMBOLS, spell
from formal.syntax.table import stored_parser, table_text
from formal.syntax.word import END, split
from formal.text import Source

TEXT = grammar_path().read_text(encoding="utf-8")
TABLE = grammar_path().with_suffix(".table.json")


def test_there_is_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    from lark import Lark, logger

    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(caplog.handler)
    try:
        Lark("start: IF start | IF start ELSE start | X\nIF: /i/\nELSE: /e/\nX: /x/", parser="lalr", debug=True)
        assert "conflict" in caplog.text, "Lark logs conflicts"
        caplog.clear()
        Lark(TEXT, parser="lalr", start=list(START_SYMBOLS), keep_all_tokens=True, debug=True)
        assert "conflict" not in caplog.text
    finally:
        logger.removeHandler(caplog.handler)
        logger.setLevel(before)


def test_every_terminal_is_named() -> None:
    defined = set(re.findall(r"^([A-Z_]+)(?:\.\d+)?:", TEXT, re.MULTILINE))
    assert {terminal.name for terminal in derive().terminals} == defined


def test_every_rule_is_built_and_nothing_else() -> None:
    built = {rule.alias or str(rule.origin.name) for rule in derive().rules}
    methods = {name for name in vars(Builder) if not name.startswith("_")}
    assert {name for name in built if not name.startswith("_")} == methods


def test_spellings_are_those_of_the_grammar() -> None:
    patterns = {terminal.name: terminal.pattern.to_regexp() for terminal in lark().terminals}
    for name, spellings in SPELLINGS.items():
        assert all(re.fullmatch(patterns[name], spelling) for spelling in spellings)
    for name, spelling in SYMBOLS.items():
        assert re.fullmatch(patterns[name], spelling)
    for text, name in vocabulary().keywords.items():
        assert spell(name) == text
    assert set(patterns) == {
        *SPELLINGS,
        *SYMBOLS,
        *vocabulary().keywords.values(),
        *("IMPLIES", "IFF", "NAME", "INTEGER", "RATIONAL", "STRING", "COMMENT", "BLANK"),
    }


def test_every_declaration_begins_with_a_keyword_of_its_own() -> None:
    beginnings = set(re.findall(r"^[a-z_]+_(?:decl|alias): ([A-Z]+) (?:name|quoted)", TEXT, re.MULTILINE))
    beginnings |= set(re.findall(r"^_(?:set_functor|transformation): ([A-Z]+) \| ([A-Z]+)$", TEXT, re.MULTILINE)[0])
    assert beginnings <= DECLARATIONS


@pytest.mark.parametrize(
    "text",
    [
        "claim a: forall X in C, phi: S => T. exists! f: X -> Y. not f != g and f >> g^-1 = id(X) # why\n",
        'category P = poset(a < b) * {x |-> "y \\" z", * |-> 12} + 1/2 0.05 A::b (x ∘ y) ≠ ≤ ⇒ ↦ → ∀ ∃ ∃! ∈ ¬ ∧ ∨ :=',
        "notes android inside orbit forall_ exists' iffy implied in_ x' α_1 2cat 12 12x x- < - < -> |-> <= < = =>",
    ],
)
def test_words_are_those_that_lark_finds(text: str) -> None:
    ours, _ = split(Source("words", text), vocabulary())
    keywords = vocabulary().keywords
    found = [(keywords.get(word.text, word.type), word.text) for word in ours if word.type != END]
    assert found == [(token.type, str(token)) for token in derive().lex(text)]


def test_the_stored_table_is_the_derived_one() -> None:
    stored, derived = stored_parser(TABLE, TEXT, None), derive()
    assert stored is not None, "run `make grammar`"
    left: Any = stored.parser.parser._parse_table
    right: Any = derived.parser.parser._parse_table
    partner = {left.start_states[start]: right.start_states[start] for start in START_SYMBOLS}
    pending = list(partner)
    while pending:
        state = pending.pop()
        ours, theirs = left.states[state], right.states[partner[state]]
        assert ours.keys() == {str(symbol) for symbol in theirs}
        for symbol, (_, target) in ours.items():
            _, other = theirs[symbol]
            if isinstance(target, int):
                if target not in partner:
                    pending.append(target)
                assert partner.setdefault(target, other) == other
            else:
                assert target == other
                assert target.alias == other.alias
    assert len(partner) == len(left.states) == len(right.states)


def test_a_table_of_another_grammar_is_not_used(tmp_path: Path) -> None:
    assert stored_parser(TABLE, TEXT + "\n// changed", None) is None
    assert stored_parser(tmp_path / "missing.json", TEXT, None) is None
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    assert stored_parser(broken, TEXT, None) is None
    fresh = tmp_path / "fresh.json"
    fresh.write_text(table_text(derive(), TEXT), encoding="utf-8")
    assert stored_parser(fresh, TEXT, None) is not None


def test_lark_is_loaded_when_a_text_is_read_and_not_before() -> None:
    script = (
        "import sys, formal.syntax.parser, formal.syntax.printer, formal.syntax.format, formal.syntax.mistake\n"
        "assert 'lark' not in sys.modules\n"
        "from formal.text import Source\n"
        "formal.syntax.parser.parse(Source('a', 'claim a: true'))\n"
        "assert 'lark' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
