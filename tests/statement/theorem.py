"""Theorems for tests: from a text to a statement, and its parts as text."""

from __future__ import annotations

from pathlib import Path

from formal.elaborate.module import Loader
from formal.statement.elaborate import elaborate
from formal.statement.model import Statement
from formal.statement.show import show_formula
from formal.text import Rejection, Source


def statement(clauses: str, declarations: str = "") -> Statement:
    """The statement of a theorem with these clauses, in a script with these declarations."""
    source = Source("test.cat", f"{declarations}\ntheorem test {{\n{clauses}\n}}\n")
    script = Loader(Path()).elaborate(source)
    if script.diagnostics:
        raise Rejection(script.diagnostics)
    return elaborate(script.theorems[0], script.module, "test.cat")


def shown(clauses: str, declarations: str = "") -> str:
    """What the last obligation says, in full."""
    return show_formula(statement(clauses, declarations).obligations[-1].formula, unfold=True)


def hypotheses(found: Statement) -> dict[str, str]:
    """The hypotheses by name, in full, without the laws of categories and set-valued functors."""
    return {h.name: show_formula(h.formula, unfold=True) for h in found.hypotheses if h.origin != "law"}


def codes(clauses: str, declarations: str = "") -> list[tuple[str, str]]:
    """What is wrong with the clauses: each code with the text that it is about."""
    try:
        statement(clauses, declarations)
    except Rejection as rejection:
        return [(str(d.code), d.primary.span.text if d.primary is not None else "") for d in rejection.diagnostics]
    return []
