"""Seeded statements: every fault is found where it is marked, and nothing is found that is not marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from formal.audit.result import Audit, Question, Settle
from formal.audit.theorem import FINDING, audit
from formal.elaborate.module import Loader
from formal.statement.elaborate import elaborate
from formal.statement.model import Statement
from formal.syntax import ast
from tests.audit.services import services
from tests.cases.case import marked

FOLDER = Path(__file__).parent.parent / "cases" / "audit"


@pytest.fixture(scope="module")
def settle() -> Iterator[Settle]:
    with services() as settle:
        yield settle


ASKED = {
    "vacuous": (Question.SATISFIABLE,),
    "circular": (Question.CIRCULAR,),
    "unused": (Question.USED,),
    "redundant": (Question.NEEDED, Question.TAUTOLOGY),
}
"""What is asked of the statements in a file; where nothing is listed, all that may be a finding."""


def audits(path: Path, settle: Settle) -> list[Audit]:
    script = Loader(FOLDER).load(path)
    assert not script.diagnostics
    questions = ASKED.get(path.stem, FINDING)

    def read(node: ast.TheoremDecl) -> Statement:
        return elaborate(node, script.module, path.name)

    return [audit(read(node), settle, read, questions=questions) for node in script.theorems]


@pytest.mark.parametrize("path", sorted(FOLDER.glob("err/*.cat")), ids=lambda path: path.stem)
def test_every_fault_is_found_where_it_is_marked_and_no_other(path: Path, settle: Settle) -> None:
    found = Counter(
        (diagnostic.primary.span.source.position(diagnostic.primary.span.start)[0], f"error[{diagnostic.code}]")
        for each in audits(path, settle)
        for diagnostic in each.diagnostics
        if diagnostic.primary is not None and diagnostic.code == path.stem
    )
    assert found == marked(path)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("ok/*.cat")), ids=lambda path: path.stem)
def test_nothing_is_found_in_a_clean_statement(path: Path, settle: Settle) -> None:
    for each in audits(path, settle):
        assert each.diagnostics == (), each.name


def test_there_are_sixty_seeded_statements() -> None:
    seeded = [FOLDER / "err" / f"{code}.cat" for code in ("vacuous", "redundant", "circular")]
    assert sum(sum(marked(path).values()) for path in seeded) >= 60
