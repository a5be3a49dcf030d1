"""The examples of the documentation are true.

A block ``cat`` is a whole script: nothing is wrong with it, and every claim comes out as expected, certified. A block
``cat error[code]`` (or ``warning[code]``; several stand one after another) gives exactly these diagnostics, and its
other claims come out as expected. A block ``cat prelude`` quotes the definitions of the predicates. A block ``python``
with prompts is a doctest; blocks of one page share their names. Paths in examples are relative to the repository.
"""

from __future__ import annotations

import doctest
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

import formal.api
from formal.verify.options import Options
from formal.verify.run import check_text

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PRELUDE = (ROOT / "formal" / "elaborate" / "prelude.cat").read_text(encoding="utf-8")
_FENCE = re.compile(r"^( *)(```+)(\w*)([^\n]*)\n(.*?)^\1\2[ \t]*$", re.MULTILINE | re.DOTALL)
_PATH = re.compile(r"`((?:formal|tests|proofs|docs|grammar)/[\w./-]*)`")
_NAME_IN_FILE = re.compile(r"`(\w+)`(?: of| in) `([\w/]+\.py)`")
_MARK = re.compile(r"(?:error|warning)\[[a-z-]+\]")


@dataclass(frozen=True)
class Block:
    """A fenced block: its page, its line, its language with what follows it, and its text."""

    page: Path
    line: int
    language: str
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, found.start()) + 1, found[3], found[4].strip(), dedent(found[5]))
        for found in _FENCE.finditer(text)
    ]


BLOCKS = [block for page in PAGES for block in blocks(page)]
SCRIPTS = [block for block in BLOCKS if block.language == "cat" and block.mark != "prelude"]
QUOTES = [block for block in BLOCKS if block.language == "cat" and block.mark == "prelude"]


def test_the_pages_have_examples() -> None:
    assert {"README.md", "language.md", "adding-a-predicate.md"} <= {block.page.name for block in SCRIPTS}


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_a_script_does_what_the_page_says(block: Block) -> None:
    assert _MARK.sub("", block.mark).strip() == "", "what follows `cat` names diagnostics"
    file = check_text(block.text, Options(cache=False), root=ROOT)
    said = Counter(f"{diagnostic.severity}[{diagnostic.code}]" for diagnostic in file.diagnostics)
    assert said == Counter(_MARK.findall(block.mark)), [diagnostic.message for diagnostic in file.diagnostics]
    wrong = [claim.name for claim in file.claims if not claim.as_expected or not claim.certified]
    assert wrong == []


@pytest.mark.parametrize("block", QUOTES, ids=str)
def test_a_quoted_definition_is_that_of_the_prelude(block: Block) -> None:
    for definition in block.text.strip().split("\n\n"):
        assert definition in PRELUDE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [path for path in _PATH.findall(text) if not (ROOT / path).exists()] == []
    named = [(name, ROOT / path) for name, path in _NAME_IN_FILE.findall(text)]
    assert [name for name, path in named if name not in path.read_text(encoding="utf-8")] == []


def python(page: Path) -> list[Block]:
    return [block for block in blocks(page) if block.language == "python" and ">>>" in block.text]


@pytest.mark.parametrize("page", [page for page in PAGES if python(page)], ids=lambda page: page.name)
def test_python_does_what_the_page_says(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    parser, runner, names = doctest.DocTestParser(), doctest.DocTestRunner(), {}
    for block in python(page):
        test = parser.get_doctest(block.text, names, str(block), page.name, block.line)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


def test_the_examples_of_the_interface_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(formal.api)
    assert found.attempted > 0
    assert found.failed == 0
