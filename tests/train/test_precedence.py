"""Claims come before runs: what a bundle carries of them, and what is newer."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.bundle import bundle_from_bytes
from formal.bundle.read import read_bundle
from formal.bundle.write import Content, bundle_bytes
from formal.text import Code, Rejection
from formal.train.catalogue import EXPERIMENTS
from formal.train.precedence import newer_claims, require_older_claims, statements

MODELS = Path(__file__).parents[2] / "proofs" / "models"

SCRIPT = """relation R on {a, b} over product { a -> b = 0.5 }
weight W on R { a |-> 1, b |-> 1 }
claim near: R(a, b) <= 1/2   # as it was
claim far: W(a) >= 1/3 expect proved
"""


def script(folder: Path, text: str) -> Path:
    path = folder / "claims.cat"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# as it was", "# in other words"),
        ("claim near:", "## Now with a comment.\nclaim near:"),
        ("expect proved", "expect refuted"),
        ("<= 1/2", "<=   1/2 expect refuted"),
    ],
)
def test_expectations_comments_and_blanks_change_no_statement(tmp_path: Path, old: str, new: str) -> None:
    before = statements(script(tmp_path, SCRIPT))
    assert list(before) == ["near", "far"]
    assert statements(script(tmp_path, SCRIPT.replace(old, new))) == before


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("<= 1/2", "<= 1/3", {"near"}),
        ("a -> b = 0.5", "a -> b = 0.4", {"near", "far"}),
        ("b |-> 1 }", "b |-> 0 }", {"far"}),
        ("claim near", "claim new: R(b, a) = 0\nclaim near", {"new"}),
    ],
)
def test_what_says_something_else_is_newer(tmp_path: Path, old: str, new: str, changed: set[str]) -> None:
    before = statements(script(tmp_path, SCRIPT))
    data = bundle_bytes(
        "m", kind="product", axes={"x": ["a"]}, arrays={"v": Content([1.0], ("x",), "task")}, claims=before
    )
    bundle = bundle_from_bytes(data, "m")
    path = script(tmp_path, SCRIPT.replace(old, new))
    assert set(newer_claims(bundle, path)) == changed
    with pytest.raises(Rejection) as caught:
        require_older_claims(bundle, path)
    assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {Code.BAD_BUNDLE}
    assert len(caught.value.diagnostics) == len(changed)


TRAINED = [name for name in EXPERIMENTS if any((MODELS / name).glob("*.safetensors"))]


def test_there_are_trained_models() -> None:
    assert "autoregressive-lm" in TRAINED


@pytest.mark.parametrize("name", TRAINED)
def test_no_claim_about_a_trained_model_is_newer_than_its_run(name: str) -> None:
    bundles = sorted((MODELS / name).glob("*.safetensors"))
    found = [read_bundle(path) for path in bundles]
    assert len({bundle.seeds for bundle in found}) >= 3
    for bundle in found:
        require_older_claims(bundle, MODELS / name / "claims.cat")
