"""Sets of objects by patterns and by parts of a model's data, and the inclusions of what is restricted to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.bundle.write import Content, write_bundle
from formal.elaborate.module import Loader
from formal.text import Code, Source
from formal.valuation import decide

DECLARED = """
model m from "m.safetensors"
relation K = relation_of(m)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    write_bundle(
        folder / "m.safetensors",
        "m",
        kind="product",
        axes={"image": ["cat", "cow", "dog", "pig"]},
        arrays={
            "relation": Content(
                [[1.0, 0.5, 0, 0], [0, 1, 0, 0.25], [0, 0, 1, 0], [0, 0, 0, 1]], ("image",) * 2, "relation"
            ),
            "split": Content([0, 1, 0, 1], ("image",), "split", names=("seen", "new")),
            "label": Content([3, 3, 7, 7], ("image",), "label"),
            "task.odd": Content([0.5, 0.5, 1, 0], ("image",), "task"),
        },
    )
    return folder


def codes_of(root: Path, text: str) -> list[Code]:
    return [one.code for one in Loader(root).elaborate(Source("text", DECLARED + text), root / "t.cat").diagnostics]


@pytest.mark.parametrize(
    ("claim", "truth"),
    [
        ('restrict(K, part(m, "new"))(cow, pig) = 1/4', True),
        ('restrict(K, part(m, 3, array: "label"))(cat, cow) = 1/2', True),
        ('restrict(K, matching("c*"))(cat, cow) = 1/2', True),
        ('restrict(K, matching("c*", "p*")) = restrict(K, {cat, cow, pig})', True),
        ('restrict(K, rows: part(m, "seen"), columns: matching("?o?"))(cat, cow) = 1/2', True),
        ('coverage(K, part(m, "seen"), of: cow) = 0', True),
        ('forall x in restrict(K, part(m, "seen")). K(x, pig) = 0', True),
        ('forall x in restrict(K, part(m, "new")). K(x, pig) = 0', False),
        ('forall x in part(m, "seen"), y in part(m, "new"). K(x, y) <= 1/2', True),
        ('exists x in part(m, "new"). K(x, pig) = 0', False),
    ],
)
def test_sets_of_objects(root: Path, claim: str, truth: bool) -> None:
    script = Loader(root).elaborate(Source("text", f"{DECLARED}claim c: {claim}\n"), root / "t.cat")
    assert not script.diagnostics, script.diagnostics
    (found,) = script.relation_claims
    assert decide(found.formula).truth is truth


@pytest.mark.parametrize(
    "declared",
    [
        'functor J = inclusion(K, part(m, "seen"))',
        "functor J = inclusion(K, {dog, cat})",
        'relation S = restrict(K, {dog, cat})  functor J: S -> K = inclusion(K, part(m, "seen"))',
    ],
)
def test_an_inclusion_is_that_of_the_restriction(root: Path, declared: str) -> None:
    claim = "fully_faithful(J) and lan(V, along: J)(cat) = 3/4 and lan(V, along: J)(cow) = 0"
    weight = 'relation T = restrict(K, part(m, "seen"))  weight V on T { cat |-> 3/4, dog |-> 1/2 }'
    script = Loader(root).elaborate(
        Source("text", f"{DECLARED}{declared}\n{weight}\nclaim c: {claim}\n"), root / "t.cat"
    )
    assert not script.diagnostics, script.diagnostics
    (found,) = script.relation_claims
    assert decide(found.formula).truth is True


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('relation S = restrict(K, part(m, "sen"))', Code.UNKNOWN_NAME),
        ('relation S = restrict(K, part(m, "new", array: "lable"))', Code.UNKNOWN_NAME),
        ('relation S = restrict(K, part(m, "new", array: "task.odd"))', Code.WRONG_ARGUMENTS),
        ('relation S = restrict(K, part(m, "new", array: "relation"))', Code.WRONG_ARGUMENTS),
        ("relation S = restrict(K, part(m))", Code.WRONG_ARGUMENTS),
        ('relation S = restrict(restrict(K, {cat}), part(m, "new"))', Code.UNKNOWN_NAME),
        ('relation S = restrict(K, matching("x*"))', Code.UNKNOWN_NAME),
        ("relation S = restrict(K, matching({cat}))", Code.WRONG_KIND),
        ("functor J = inclusion(K, {cat, cat})", Code.DUPLICATE_NAME),
        ("relation S = restrict(K, {cat})  functor J: S -> K = inclusion(K, {dog})", Code.WRONG_SHAPE),
        ("relation S = restrict(K, {cat})  functor J: S -> S = inclusion(K, {cat})", Code.WRONG_SHAPE),
    ],
)
def test_what_is_wrong_is_said(root: Path, text: str, code: Code) -> None:
    assert codes_of(root, text) == [code]


def test_a_degree_is_asked_on_a_relation(root: Path) -> None:
    declared = "profunctor P from {a, b} to {u, v} over product {}  weight W on P { a |-> 1, b |-> 0 }\n"
    assert codes_of(root, f"{declared}claim c: degree(W) = 0") == [Code.WRONG_KIND]
