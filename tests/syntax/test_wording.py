"""What a claim says, as a digest: what changes it, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.syntax.parser import parse
from formal.syntax.wording import read_wordings, wordings
from formal.text import Code, Rejection, Source
from formal.text.file import MOST_BYTES

SCRIPT = """model m from "m.safetensors"
relation R = relation_of(m)
weight W on R { a |-> 1, b |-> 1 }
relation 2nd on {a, b} over product { a -> b = 0.5 }
claim near: R(a, b) <= 1/2   # as it was
claim far: W(a) >= 1/3 expect proved
claim aside: 2nd(a, b) = 0
"""


def digests(text: str) -> dict[str, str]:
    return {each.name.text: each.digest for each in wordings(parse(Source("claims.cat", text)))}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# as it was", "# in other words"),
        ("claim near:", "## Now with a comment.\nclaim near:"),
        ("expect proved", "expect refuted"),
        ("<= 1/2", "<=   1/2 expect refuted"),
        ("expect proved", "expect # for a reason\nproved"),
        ("claim near", "claim new: R(b, a) = 0\nclaim near"),
    ],
)
def test_expectations_comments_blanks_and_other_claims_change_no_digest(old: str, new: str) -> None:
    before, after = digests(SCRIPT), digests(SCRIPT.replace(old, new))
    assert list(before) == ["near", "far", "aside"]
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("<= 1/2", "<= 1/3", {"near"}),
        ("m.safetensors", "n.safetensors", {"near", "far"}),
        ("b |-> 1 }", "b |-> 0 }", {"far"}),
        ("a -> b = 0.5", "a -> b = 0.4", {"aside"}),
    ],
)
def test_what_is_changed_changes_all_that_speaks_of_it(old: str, new: str, changed: set[str]) -> None:
    before, after = digests(SCRIPT), digests(SCRIPT.replace(old, new))
    assert {name for name in before if before[name] != after[name]} == changed


def test_blanks_in_quotes_are_part_of_what_is_said() -> None:
    script = 'relation R on {"a b", "a  b"} over bool {}\nclaim c: R("a b", "# no comment") = 0'
    (before,) = digests(script).values()
    for other in (script.replace('R("a b"', 'R("a  b"'), script.replace("no comment", "no  comment")):
        assert list(digests(other).values()) != [before]


@pytest.mark.parametrize("imported", [False, True])
def test_a_claim_hides_no_declaration_of_its_name(imported: bool) -> None:
    models, claims = SCRIPT.split("claim near", 1)
    claims = f"claim near{claims}claim R: 2nd(b, a) = 0\nclaim m: 2nd(b, a) = 0\n"

    def said(models: str) -> dict[str, str]:
        if not imported:
            return digests(models + claims)
        trees = [parse(Source(name, text)) for name, text in (("claims.cat", claims), ("models.cat", models))]
        return {each.name.text: each.digest for each in wordings(trees[0], trees[1:])}

    before, after = said(models), said(models.replace("relation_of(m)", "closure(relation_of(m))"))
    assert {name for name in before if before[name] != after[name]} == {"near", "far", "R"}


def test_the_models_that_a_claim_speaks_of() -> None:
    found = {each.name.text: each for each in wordings(parse(Source("claims.cat", SCRIPT)))}
    assert found["far"].mentions == {"far", "W", "R", "m"}
    assert {name: set(each.bundles) for name, each in found.items()} == {
        "near": {"m.safetensors"},
        "far": {"m.safetensors"},
        "aside": set(),
    }


def test_what_is_imported_is_part_of_what_is_said(tmp_path: Path) -> None:
    first, second = SCRIPT.split("claim near", 1)
    (tmp_path / "base.cat").write_text('model m from "m.safetensors"\n', encoding="utf-8")
    text = first.replace('model m from "m.safetensors"', 'import "base.cat"')
    (tmp_path / "models.cat").write_text(text, encoding="utf-8")
    path = tmp_path / "claims.cat"
    path.write_text(f'import "models.cat"\nclaim near{second}', encoding="utf-8")
    assert {each.name.text: each.digest for each in read_wordings(path)} == digests(SCRIPT)
    assert digests(path.read_text(encoding="utf-8")) != digests(SCRIPT)


def test_imports_that_lead_nowhere_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "out.cat").write_text(SCRIPT, encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    path = folder / "claims.cat"
    path.write_text('import "../out.cat"\nimport "none.cat"\nimport "claims.cat"\nclaim c: far(a)', encoding="utf-8")
    (found,) = read_wordings(path)
    assert (found.mentions, found.bundles) == ({"c"}, set())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff", Code.UNREADABLE_FILE),
        (b"claim", Code.SYNTAX),
        pytest.param(b"#" * (MOST_BYTES + 1), Code.FILE_TOO_LARGE, id="large"),
    ],
)
def test_what_is_no_script_is_refused(tmp_path: Path, data: bytes, code: Code) -> None:
    (tmp_path / "base.cat").write_bytes(data)
    path = tmp_path / "claims.cat"
    path.write_text('import "base.cat"', encoding="utf-8")
    for wrong in (path, tmp_path / "base.cat"):
        with pytest.raises(Rejection) as caught:
            read_wordings(wrong)
        assert {diagnostic.code for diagnostic in caught.value.diagnostics} == {code}


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without end")
def test_a_file_without_end_is_not_read() -> None:
    with pytest.raises(Rejection, match="no regular file"):
        read_wordings(Path("/dev/zero"))
