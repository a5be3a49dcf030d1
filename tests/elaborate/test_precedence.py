"""Claims that are newer than the run that they judge are refused, and none of them is decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.bundle.write import Content, write_bundle
from formal.elaborate.module import Loader, Script
from formal.syntax.wording import read_wordings
from formal.text import Code

HEAD = 'model m from "m.safetensors"\nrelation R = relation_of(m)\n'
CLAIMS = """claim near: R(a, b) <= 1/2
claim far: R(b, a) >= 1/3
crosscheck both over k in {m} {
  by "nothing"
  measure distance(relation_of(k), relation_of(k)) in [0, 0]
}
"""
RELATION = Content([[1.0, 0.5], [0.75, 1.0]], ("objects", "objects"), "relation")


def trained(folder: Path, name: str = "m", claims: str = HEAD + CLAIMS) -> None:
    """A bundle that carries what a script states now."""
    path = folder / "claims.cat"
    path.write_text(claims, encoding="utf-8")
    before = {each.name.text: each.digest for each in read_wordings(path)}
    arrays = {"relation": RELATION}
    write_bundle(
        folder / f"{name}.safetensors", name, kind="product", axes={"objects": ["a", "b"]}, arrays=arrays, claims=before
    )


def loaded(folder: Path, text: str, name: str = "claims.cat") -> Script:
    (folder / name).write_text(text, encoding="utf-8")
    return Loader(folder).load(folder / name)


def refused(script: Script) -> dict[str, str]:
    """The claims that are newer than a run, with what is said of each; there is nothing else to say."""
    assert {diagnostic.code for diagnostic in script.diagnostics} <= {Code.NEWER_THAN_RUN}
    found = {}
    for diagnostic in script.diagnostics:
        assert diagnostic.primary is not None
        found[diagnostic.primary.span.text] = diagnostic.message
    assert script.dropped == len(found)
    assert not set(found) & {name for name, _ in script.stated}
    return found


def test_claims_from_before_the_run_are_decided(tmp_path: Path) -> None:
    trained(tmp_path)
    script = loaded(tmp_path, HEAD + CLAIMS.replace("1/2", "1/2 expect refuted"))
    assert refused(script) == {}
    assert [name for name, _ in script.stated] == ["near", "far", "both"]


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("<= 1/2", "<= 1/3", {"near"}),
        ("[0, 0]", "[0, 1]", {"both"}),
        ("relation R = relation_of(m)", "relation R = closure(relation_of(m))", {"near", "far"}),
        ("claim near", "claim new: R(b, a) = 0\nclaim near", {"new"}),
        ("crosscheck both", "crosscheck other", {"other"}),
        ("R(a, b) <= 1/2", "R(b, b) = R(b, b)", {"near"}),
        ("claim near", "claim new: thin(Two)\nclaim near", set()),
        ("claim far: R(b, a) >= 1/3\n", "", set()),
    ],
)
def test_a_claim_that_is_newer_is_refused(tmp_path: Path, old: str, new: str, names: set[str]) -> None:
    trained(tmp_path)
    head = "category Two = chain(2)\n" if "Two" in new else ""
    assert set(refused(loaded(tmp_path, head + (HEAD + CLAIMS).replace(old, new)))) == names


def test_second_thoughts_have_a_script_and_names_of_their_own(tmp_path: Path) -> None:
    trained(tmp_path)
    assert refused(loaded(tmp_path, HEAD + "claim later: R(a, b) = 1/2", "afterwards.cat")) == {}
    found = refused(loaded(tmp_path, HEAD + "claim later: R(a, b) = 1/2\nclaim near: R(a, b) = 1/2", "afterwards.cat"))
    assert found == {"near": "`near` says something else than before the run of `m.safetensors`"}


def test_claims_about_a_later_run_are_not_held_against_an_earlier_one(tmp_path: Path) -> None:
    trained(tmp_path)
    more = 'model n from "n.safetensors"\nrelation N = relation_of(n)\nclaim of_n: N(a, b) = 1/2\n'
    trained(tmp_path, "n", HEAD + CLAIMS + more)
    assert refused(loaded(tmp_path, HEAD + CLAIMS + more)) == {}
    both = "claim of_both: R(a, b) = N(a, b)\n"
    found = refused(loaded(tmp_path, HEAD + CLAIMS + more + both))
    assert found == {"of_both": "`of_both` is newer than the run of `m.safetensors` and of 1 more bundle"}


def test_an_import_hides_nothing(tmp_path: Path) -> None:
    trained(tmp_path)
    loaded(tmp_path, HEAD, "models.cat")
    assert refused(loaded(tmp_path, f'import "models.cat"\n{CLAIMS}')) == {}
    newer = f'import "models.cat"\n{CLAIMS}claim new: R(b, a) = 0'
    assert set(refused(loaded(tmp_path, newer))) == {"new"}
    loaded(tmp_path, HEAD.replace("relation_of(m)", "closure(relation_of(m))"), "models.cat")
    assert set(refused(loaded(tmp_path, f'import "models.cat"\n{CLAIMS}'))) == {"near", "far"}


def test_the_name_of_a_claim_hides_no_relation(tmp_path: Path) -> None:
    claims = f"category Two = chain(2)\n{HEAD}{CLAIMS}claim R: thin(Two)\n"
    trained(tmp_path, claims=claims)
    assert refused(loaded(tmp_path, claims)) == {}
    assert set(refused(loaded(tmp_path, f"{claims}claim new: R(b, a) = 0"))) == {"new"}
    changed = claims.replace("R = relation_of(m)", "R = closure(relation_of(m))")
    assert set(refused(loaded(tmp_path, changed))) == {"near", "far", "R"}


def test_a_bundle_without_digests_is_judged_by_anything(tmp_path: Path) -> None:
    (tmp_path / "claims.cat").write_text("", encoding="utf-8")
    for claims in ([], ["near"], {}):
        write_bundle(
            tmp_path / "m.safetensors",
            "m",
            kind="product",
            axes={"objects": ["a", "b"]},
            arrays={"relation": RELATION},
            claims=claims,
        )
        assert refused(loaded(tmp_path, HEAD + CLAIMS)) == {}
