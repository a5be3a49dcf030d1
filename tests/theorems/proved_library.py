"""The theorems of the library and of the repaired paper, elaborated."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from formal.elaborate.module import Loader, Script
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.text import Rejection, Source
from formal.verify.run import elaborate_theorems

PROOFS = Path(__file__).parent.parent.parent / "proofs"
FILES = (
    *sorted((PROOFS / "library").glob("*.cat")),
    *sorted((PROOFS / "power_of_foundation_models").glob("*_repaired.cat")),
)


@cache
def scripts() -> tuple[Script, ...]:
    """The scripts that state theorems."""
    loader = Loader(PROOFS.parent)
    loaded = [loader.load(path) for path in FILES]
    return tuple(script for script in loaded if script.theorems)


@cache
def statements() -> tuple[Statement, ...]:
    """Their theorems, in order."""
    found: list[Statement] = []
    for script in scripts():
        theorems, wrong = elaborate_theorems(script)
        assert not wrong, wrong
        found += theorems
    return tuple(found)


def true_obligations() -> list[tuple[Statement, Obligation]]:
    """All that has to be proved of theorems that are expected to be."""
    return [(s, o) for s in statements() if s.node.expect is None for o in s.obligations]


def with_text(statement: Statement, text: str) -> Statement | None:
    """The theorem with another text, among the definitions of its script; None where that is refused."""
    source = statement.node.span.source
    try:
        script = Loader(PROOFS.parent).elaborate(
            Source(source.name, _without_theorems(source.name) + text), PROOFS.parent / source.name
        )
        return None if script.diagnostics else elaborate(script.theorems[0], script.module, source.name)
    except Rejection:
        return None


@cache
def _without_theorems(name: str) -> str:
    """A script's other declarations; comments that documented theorems document nothing."""
    script = next(script for script in scripts() if script.source.name == name)
    text = script.source.text
    for node in reversed(script.theorems):
        text = text[: node.span.start] + text[node.span.end :]
    return text.replace("##", "#")
