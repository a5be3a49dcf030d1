"""``formal solve`` and ``formal check`` on claims with a parameter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formal.cli import main

SCRIPT = """\
parameter p in [0, 1]
parameter q in [0, 1/2]
relation R on {cat, dog, pet} over product { cat -> dog = p, dog -> pet = p, cat -> pet = 1/2 }
relation S on {cat, dog, pet} over product { cat -> dog = p, dog -> pet = q, cat -> pet = 1/4 }
claim composes: is_category(R) expect refuted
claim tolerant: is_category(R, within: 1/2)
claim single: is_category(R, within: p/3)
claim surd: sqrt(2) * p <= 1 expect refuted
relation T on {cat, dog} over godel { cat -> dog = 1/2 }
claim plain: is_category(T)
category C = chain(2)
claim finite: thin(C)
"""
BOTH = SCRIPT + "claim both: is_category(S)\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "r.cat").write_text(SCRIPT)
    return tmp_path


def test_an_answer_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "composes", "--cells"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "composes: is_category(R)",
        "  parameter p in [0, 1]",
        "  it holds for p in [0, sqrt(2)/2]",
        "  it fails for p in (sqrt(2)/2, 1]",
        "  certified: the kernel re-checked 5 cells",
        "  Z3 proves the same of all 2 pieces",
        "  cells:",
        "    true    {0}",
        "    true    (0, sqrt(2)/2)",
        "    true    {sqrt(2)/2}",
        "    false   (sqrt(2)/2, 1)",
        "    false   {1}",
    ]


@pytest.mark.parametrize("words", [["r.cat:tolerant"], ["r.cat::tolerant"], ["tolerant", "--in", "r.cat"]])
def test_a_claim_is_named(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert main(["solve", *words, "--no-smt"]) == 0
    assert "it holds for all p in [0, 1]" in capsys.readouterr().out


def test_an_answer_as_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "composes", "-o", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["parameter"] == {"name": "p", "lower": "0", "upper": "1"}
    assert (document["outcome"], document["certified"]) == ("refuted", True)
    assert (document["holds"], document["fails"]) == ("[0, sqrt(2)/2]", "(sqrt(2)/2, 1]")
    end = document["pieces"][0]["upper"]
    assert (end["polynomial"], end["decimal"]) == (["-1", "0", "2"], "0.707106781186…")
    assert [cell["truth"] for cell in document["cells"]] == ["true", "true", "true", "false", "false"]
    assert document["smt"]["agreement"] == "proved"


def test_what_is_not_decided_is_inconclusive(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "surd", "--no-smt"]) == 3
    assert "it is open for p in (r1, r2]" in capsys.readouterr().out
    assert main(["solve", "composes", "--steps", "100", "--no-smt"]) == 3
    assert "because more than 100 steps" in capsys.readouterr().out


def test_parameters_are_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "r.cat").write_text(BOTH)
    assert main(["solve", "both"]) == 2
    error = capsys.readouterr().err
    assert "leaves 2 numbers open: `p`, `q`" in error
    assert "--set q=1/2" in error
    assert main(["solve", "both", "--set", "q=1/2", "--no-smt"]) == 0
    out = capsys.readouterr().out
    assert "parameter p in [0, 1], q = 1/2" in out
    assert "it holds for p in [0, 1/2]" in out
    assert main(["solve", "both", "--set", "p=0.75", "--no-smt"]) == 0
    assert "it holds for q in [0, 1/3]" in capsys.readouterr().out
    assert main(["solve", "both", "--set", "p=1", "--set", "q=1/3"]) == 0
    assert "both: refuted, no parameter is open" in capsys.readouterr().out
    assert main(["solve", "plain", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["outcome"] == "proved"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing"], "no script here has a claim `nothing`"),
        (["r.cat:nothing"], "has no claim `nothing` about relations"),
        (["r.cat:compose"], "did you mean `composes`?"),
        (["none.cat:composes"], "`none.cat` does not exist"),
        (["finite"], "is not about relations"),
        (["composes", "--set", "r=1"], "has no parameter `r`; it has `p` and `q`"),
        (["composes", "--set", "p"], "is not of the form"),
        (["composes", "--set", "p=1/0"], "is not of the form"),
        (["composes", "--set", "p=1", "--set", "p=1"], "given twice"),
        (["composes", "--set", "q=3"], "`q` is set to 3, which does not lie between 0 and 1/2"),
    ],
)
def test_bad_input(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert main(["solve", *words]) == 2
    assert message in capsys.readouterr().err


def test_a_check_is_about_the_whole_range(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "r.cat", "-o", "concise", "--no-cache", "--certificates", "certificates"]) == 1
    assert capsys.readouterr().out.splitlines()[:5] == [
        "r.cat:5:7: refuted composes",
        "r.cat:6:7: proved tolerant",
        "r.cat:7:7: refuted single (expected proved): it fails for p = 1",
        "r.cat:8:7: refuted surd",
        "r.cat:10:7: proved plain",
    ]
    assert main(["replay", "certificates"]) == 0
