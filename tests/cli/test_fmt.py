from __future__ import annotations

import io
from pathlib import Path

import pytest

from formal.cli import main

UGLY = "category   Sq = poset( a<b<d , a<c < d )   # kept\nclaim  t:   thin( Sq )\n"
TIDY = "category Sq = poset(a < b < d, a < c < d)  # kept\nclaim t: thin(Sq)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ugly.cat").write_text(UGLY)
    (tmp_path / "tidy.cat").write_text(TIDY)
    return tmp_path


def test_scripts_are_formatted_in_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt"]) == 0
    assert (folder / "ugly.cat").read_text() == TIDY
    assert capsys.readouterr().err == "1 script changed, 1 left as they are\n"
    assert main(["fmt", "--check"]) == 0


def test_check_writes_nothing_and_names_the_scripts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", "."]) == 1
    assert capsys.readouterr().out == "ugly.cat\n"
    assert (folder / "ugly.cat").read_text() == UGLY


def test_a_tidy_script_is_not_written(folder: Path) -> None:
    before = (folder / "tidy.cat").stat().st_mtime_ns
    assert main(["fmt", "tidy.cat"]) == 0
    assert (folder / "tidy.cat").stat().st_mtime_ns == before


def test_errors_leave_the_script_alone_and_the_others_are_formatted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.cat").write_text("category C {\n  objects a, b\n  arrows f: a > b\n}\n")
    (folder / "latin.cat").write_bytes(b"# caf\xe9\n")
    assert main(["fmt"]) == 2
    error = capsys.readouterr().err
    assert "error[syntax]" in error
    assert "bad.cat:3:15" in error
    assert "`latin.cat` is not UTF-8" in error
    assert (folder / "bad.cat").read_text().startswith("category C {\n")
    assert (folder / "ugly.cat").read_text() == TIDY


@pytest.mark.parametrize(("text", "status"), [(UGLY, 1), (TIDY, 0), (TIDY.replace("\n", "\r\n"), 1), ("claim", 2)])
def test_standard_input(
    text: str, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments, expected in ((["fmt", "-"], 2 if status == 2 else 0), (["fmt", "--check", "-"], status)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert main(arguments) == expected
        assert capsys.readouterr().out == (TIDY if arguments == ["fmt", "-"] and status != 2 else "")


def test_symbols_can_be_converted_both_ways(folder: Path) -> None:
    ascii_text = "claim t: forall X in Sq. exists f: X -> X. not f != f\n"
    path = folder / "tidy.cat"
    path.write_text(ascii_text)
    assert main(["fmt", "--unicode", "tidy.cat"]) == 0
    assert path.read_text() == "claim t: ∀ X ∈ Sq. ∃ f: X → X. ¬f ≠ f\n"
    assert main(["fmt", "--ascii", "tidy.cat"]) == 0
    assert path.read_text() == ascii_text


def test_a_link_stays_a_link(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "link.cat").symlink_to(folder / "ugly.cat")
    assert main(["fmt", "sub/link.cat"]) == 0
    assert (folder / "sub" / "link.cat").is_symlink()
    assert (folder / "ugly.cat").read_text() == TIDY
