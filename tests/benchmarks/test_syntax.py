"""How fast scripts are read and laid out, each next to another way in the same run."""

from __future__ import annotations

from typing import Any

import pytest

from formal.syntax.builder import Builder
from formal.syntax.format import format_source
from formal.syntax.grammar import derive, grammar_path, vocabulary
from formal.syntax.parser import parse
from formal.syntax.printer import print_expression
from formal.syntax.table import stored_parser
from formal.syntax.word import split
from formal.text import Source

pytestmark = pytest.mark.benchmark

SCRIPT = Source(
    "generated",
    "".join(
        f"presheaf T{number} on C {{ a |-> {{x, y, z}}, (a -> b) |-> {{x |-> y, y |-> z}} }}\n"
        f"claim c{number}: forall X in C, f: X -> Y. T(f)(t) = u and f >> g = h\n"
        for number in range(200)
    ),
)


@pytest.mark.parametrize("way", ["stored table", "derived from the grammar"])
def test_start(benchmark: Any, way: str) -> None:
    path = grammar_path()
    text = path.read_text(encoding="utf-8")
    if way == "stored table":
        parser = benchmark(stored_parser, path.with_suffix(".table.json"), text, Builder())
    else:
        parser = benchmark.pedantic(derive, (Builder(),), rounds=3)
    assert parser is not None


def test_splitting_into_words(benchmark: Any) -> None:
    words, _ = benchmark(split, SCRIPT, vocabulary())
    assert len(words) == 200 * 60 + 1


def test_splitting_into_words_by_lark(benchmark: Any) -> None:
    parser = derive()
    words = benchmark(lambda: list(parser.lex(SCRIPT.text)))
    assert len(words) == 200 * 60


def test_reading(benchmark: Any) -> None:
    assert len(benchmark(parse, SCRIPT).declarations) == 400


def test_reading_by_way_of_a_tree_of_larks(benchmark: Any) -> None:
    """Only the tree: the transformer that would have to follow is not even counted."""
    parser = derive()
    keywords = vocabulary().keywords

    def tree() -> Any:
        words, _ = split(SCRIPT, vocabulary())
        interactive: Any = parser.parse_interactive("", start="script")
        for word in words:
            word.type = keywords.get(word.text, word.type)
            result = interactive.feed_token(word)
        return result

    assert len(benchmark(tree).children) == 400


def test_formatting(benchmark: Any) -> None:
    assert benchmark(format_source, SCRIPT) == SCRIPT.text


def test_printing(benchmark: Any) -> None:
    formulas = [declaration.formula for declaration in parse(SCRIPT).declarations if hasattr(declaration, "formula")]
    assert len(benchmark(lambda: [print_expression(formula) for formula in formulas])) == 200
