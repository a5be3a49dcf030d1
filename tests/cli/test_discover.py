from __future__ import annotations

from pathlib import Path

import pytest

from formal.cli.discover import BadPath, Selected, discover, scripts_below


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    names = ("b.cat", "a.cat", "notes.txt", ".hidden.cat", "sub/c.cat", ".git/d.cat", "sub/.e/f.cat", "sub.cat/g.cat")
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.chdir(root)
    return root


def test_a_folder_means_its_scripts_sorted_without_hidden_ones(project: Path) -> None:
    found = [selected.path.as_posix() for selected in discover(["."])]
    assert found == ["a.cat", "b.cat", "sub/c.cat", "sub.cat/g.cat"]


def test_the_default_is_proofs_or_here(project: Path) -> None:
    assert len(discover([])) == 4
    (project / "proofs").mkdir()
    (project / "proofs" / "p.cat").write_text("")
    assert discover([]) == (Selected(Path("proofs/p.cat")),)


def test_a_claim_of_a_script(project: Path) -> None:
    assert discover(["a.cat:x", "a.cat:y", "a.cat:x", "b.cat"]) == (
        Selected(Path("a.cat"), "x"),
        Selected(Path("a.cat"), "y"),
        Selected(Path("b.cat")),
    )


@pytest.mark.parametrize("paths", [["a.cat", "a.cat:x"], ["a.cat:x", "./a.cat", "a.cat:y"]])
def test_a_whole_script_includes_its_claims(project: Path, paths: list[str]) -> None:
    assert discover(paths) == (Selected(Path("a.cat")),)


def test_a_script_named_twice_is_taken_once(project: Path) -> None:
    assert len(discover([".", "a.cat", "sub", "sub/../a.cat"])) == 4


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("gone.cat", "`gone.cat` does not exist"),
        ("gone.cat:x", "`gone.cat` does not exist"),
        ("gone", "`gone` does not exist"),
        ("a.cat:", "has no claim's name"),
        ("notes.txt", "is not a proof script"),
        ("notes.txt:x", "does not exist"),
        ("sub:x", "does not exist"),
        ("", "empty"),
        ("x" * 5000, "cannot be read"),
        ("a\0.cat", "does not exist"),
    ],
)
def test_a_bad_path_is_rejected(project: Path, path: str, why: str) -> None:
    with pytest.raises(BadPath, match=why):
        discover([path])


def test_links_do_not_lead_out_of_the_folder(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.cat").write_text("")
    (project / "out.cat").symlink_to(outside / "secret.cat")
    (project / "outfolder").symlink_to(outside)
    (project / "broken.cat").symlink_to(project / "gone.cat")
    (project / "loop").symlink_to(project)
    (project / "again.cat").symlink_to(project / "a.cat")
    (project / "notes.cat").symlink_to(project / "notes.txt")
    assert [path.name for path in scripts_below(project)] == ["a.cat", "b.cat", "notes.cat", "c.cat", "g.cat"]


def test_a_file_with_a_colon_in_its_name(project: Path) -> None:
    (project / "odd:name.cat").write_text("")
    assert discover(["odd:name.cat"]) == (Selected(Path("odd:name.cat")),)
    assert discover(["odd:name.cat:x"]) == (Selected(Path("odd:name.cat"), "x"),)
