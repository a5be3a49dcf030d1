"""The scripts of this folder: every predicate, expression and range, in claims whose answers are known by hand.

Each claim goes the whole way to the kernel, and is compared with the definitions written out in `tests/exhaustive.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from formal.certificate.write import write_claim
from formal.elaborate.constructor import constructors
from formal.elaborate.module import Claim, Loader, Script
from formal.elaborate.predicate import BUILTINS, SHAPES
from formal.syntax import ast
from formal.syntax.format import format_source
from formal.syntax.parser import parse
from formal.text import Source
from formal.verdict.result import ClaimResult, FileResult, Outcome
from formal.verify.options import Options
from formal.verify.run import check_text
from tests.exhaustive import holds

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.cat"))

PREDICATES = (
    *("mono", "epi", "iso", "split_mono", "split_epi", "idempotent"),
    *("terminal", "initial", "isomorphic", "retract"),
    *("product", "coproduct", "equalizer", "coequalizer", "pullback", "pushout"),
    *(f"has {shape}" for shape in SHAPES),
    *("thin", "groupoid", "connected", "skeletal", "finite", "equivalent"),
    *("full", "faithful", "fully_faithful", "essentially_surjective", "equivalence"),
    *("adjoint", "has_left_adjoint", "has_right_adjoint"),
    *(f"preserves {shape}" for shape in SHAPES),
    *("representable", "representable by", "representable by at"),
    *("corepresentable", "corepresentable by", "corepresentable by at"),
    *("representables count", "natural", "equinumerous"),
    *("left_kan along of", "right_kan along of", "has_extension at", "extends", "preserves_colimits"),
    *("universal at", "prompts count", "prompt_number is"),
)
"""The predicates of the language, with their shapes and keywords."""

FROM_MODELS = {"category_of", "task"}
"""The constructions that read a relation bundle; their tests are in `tests/bundle`."""


@cache
def text_of(name: str) -> str:
    return (FOLDER / f"{name}.cat").read_text(encoding="utf-8")


TREES = {name: parse(Source(f"{name}.cat", text_of(name))) for name in SCRIPTS}
CLAIMS = [(name, node) for name, tree in TREES.items() for node in tree.declarations if isinstance(node, ast.ClaimDecl)]
NAMES = [(name, node.name.text) for name, node in CLAIMS]


@cache
def elaborated(name: str) -> Script:
    return Loader(FOLDER).elaborate(Source(f"{name}.cat", text_of(name)))


@cache
def checked(name: str) -> FileResult:
    return check_text(text_of(name), Options(cache=False), root=FOLDER)


def verdict(script: str, name: str) -> ClaimResult:
    return next(claim for claim in checked(script).claims if claim.name == name)


def claim_of(script: str, name: str) -> Claim:
    return next(claim for claim in elaborated(script).claims if claim.name == name)


@pytest.mark.parametrize("script", SCRIPTS)
def test_nothing_is_wrong_with_a_script(script: str) -> None:
    assert [diagnostic.message for diagnostic in elaborated(script).diagnostics] == []


@pytest.mark.parametrize(("script", "name"), NAMES)
def test_a_claim_has_its_known_answer(script: str, name: str) -> None:
    result = verdict(script, name)
    assert (result.outcome, result.certified, result.trouble) == (result.expected, True, None), result.reason


@pytest.mark.parametrize(("script", "name"), NAMES)
def test_a_claim_means_what_the_definitions_say(script: str, name: str) -> None:
    claim = claim_of(script, name)
    assert holds(claim.formula) == (claim.expected == Outcome.PROVED)


@pytest.mark.parametrize("unicode", [False, True], ids=["ascii", "unicode"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_both_spellings_mean_the_same(script: str, unicode: bool) -> None:
    source = Source(f"{script}.cat", text_of(script))
    spelled = Loader(FOLDER).elaborate(Source(f"{script}.cat", format_source(source, unicode=unicode)))
    assert spelled.diagnostics == ()
    before = [(claim.name, claim.expected, write_claim(claim.formula)) for claim in elaborated(script).claims]
    assert [(claim.name, claim.expected, write_claim(claim.formula)) for claim in spelled.claims] == before


# --- coverage -------------------------------------------------------------------------------------


def nodes(root: object) -> Iterator[object]:
    """A syntax tree's nodes; places left out."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, tuple):
            stack += node
        elif is_dataclass(node) and not isinstance(node, Source):
            yield node
            stack += [getattr(node, field.name) for field in fields(node) if field.name not in ("span", "source")]


def predicate(expr: ast.Expr) -> str | None:
    """The predicate that a formula applies at its head, with its shape or keywords."""
    match expr:
        case ast.Call(function=ast.Name(text="has" | "preserves" as word), arguments=(_, ast.Name(text=shape))):
            return f"{word} {shape}"
        case ast.Call(function=ast.Name(text=word), keywords=keywords) if word != "retract":
            return " ".join([word, *(keyword.name.text for keyword in keywords)])
        case ast.Call(function=ast.Name(text=word)):
            return word
    return None


NODES = [node for tree in TREES.values() for node in nodes(tree.declarations)]
CALLED = {n.function.text for n in NODES if isinstance(n, ast.Call) and isinstance(n.function, ast.Name)}


@pytest.mark.parametrize("word", PREDICATES)
def test_a_predicate_is_claimed_and_refuted(word: str) -> None:
    applied = [node for _, node in CLAIMS if predicate(node.formula) == word]
    assert {"proved" if node.expect is None else node.expect.text for node in applied} == {"proved", "refuted"}


def test_every_builtin_predicate_is_among_them() -> None:
    assert set(BUILTINS) <= {word.split()[0] for word in PREDICATES}


@pytest.mark.parametrize("word", sorted({*constructors(), "id", "dom", "cod"} - FROM_MODELS))
def test_a_construction_is_used(word: str) -> None:
    assert word in CALLED


FORMS: tuple[type, ...] = (*get_args(ast.Expr), *get_args(ast.Declaration))
RELATIONS = {
    *(ast.Difference, ast.Quotient, ast.Negative, ast.Interval),
    *(ast.RelationDecl, ast.WeightDecl, ast.NumberDecl),
}
ELSEWHERE = {ast.CrossCheckDecl, ast.Decimal, ast.ImportDecl, ast.ModelDecl, ast.TheoremDecl} | RELATIONS


@pytest.mark.parametrize("kind", [kind for kind in FORMS if kind not in ELSEWHERE], ids=lambda kind: kind.__name__)
def test_a_form_is_used(kind: type) -> None:
    assert any(isinstance(node, kind) for node in NODES)
