"""The command line over the real pipeline, from scripts to certificates and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formal.cli import main

SCRIPT = """\
category C = chain(2)
claim yes: thin(C)
claim no: groupoid(C) expect refuted
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "c.cat").write_text(SCRIPT)
    return tmp_path


def test_claims_are_checked_locked_and_replayed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--certificates", "certs", "--lock", "-o", "concise"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "c.cat:2:7: proved yes",
        "c.cat:3:7: refuted no",
        "2 claims in 1 file, all as expected: 1 proved, 1 refuted",
    ]
    assert set(json.loads((folder / "proofs.lock").read_text())["claims"]) == {"c.cat:yes", "c.cat:no"}
    assert main(["replay", "certs"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 certificates: 2 same"

    (folder / "c.cat").write_text(SCRIPT.replace("chain(2)", "chain(3)"))
    assert main(["check", "--lock", "-o", "concise"]) == 0
    assert main(["replay", "certs"]) == 1
    assert "2 certificates: 2 obsolete" in capsys.readouterr().out


def test_a_verdict_from_the_cache_is_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = []
    for arguments in ([], [], ["--no-cache"]):
        assert main(["check", "-o", "json", *arguments]) == 0
        reports.append(json.loads(capsys.readouterr().out)["files"][0]["claims"])
    assert [[claim["cached"] for claim in claims] for claims in reports] == [[False] * 2, [True] * 2, [False] * 2]
    for claims in reports:
        assert [(c["outcome"], c["certified"], c["certificate_digest"]) for c in claims] == [
            (c["outcome"], True, c["certificate_digest"]) for c in reports[0]
        ]


def test_one_claim_or_a_part_of_them_is_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "c.cat:no", "-o", "concise"]) == 0
    assert "yes" not in capsys.readouterr().out
    assert main(["check", "c.cat:nothing"]) == 2
    assert "has no claim `nothing`" in capsys.readouterr().out
    found: list[str] = []
    for part in (1, 2, 3):
        main(["check", "--shard", f"{part}/3", "-o", "jsonl"])
        records = map(json.loads, capsys.readouterr().out.splitlines())
        found += [record["name"] for record in records if record["type"] == "claim"]
    assert sorted(found) == ["no", "yes"]


def test_a_wrong_expectation_is_1_and_shows_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c.cat").write_text("category C { objects a, b arrows f: a -> b }\nclaim no: isomorphic(a, b)\n")
    assert main(["check"]) == 1
    text = capsys.readouterr().out
    assert "refuted, expected proved" in text
    assert "this script reproduces it:" in text


def test_the_script_of_a_counter_example_reproduces_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "c.cat").write_text("category C { objects a, b arrows f: a -> b }\nclaim no: isomorphic(a, b)\n")
    assert main(["check", "-o", "json"]) == 1
    claims = json.loads(capsys.readouterr().out)["files"][0]["claims"]
    (folder / "again.cat").write_text(claims[0]["explanation"]["script"])
    assert main(["check", "again.cat", "-o", "concise"]) == 0
    assert "refuted" in capsys.readouterr().out


def test_the_doctor_finds_all_well(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    assert "all is well" in capsys.readouterr().out
