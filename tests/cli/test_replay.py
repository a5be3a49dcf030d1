from __future__ import annotations

from pathlib import Path

import pytest

from formal.cli import main
from formal.store.replay import Finding, Replayed, ReplayReport


@pytest.mark.parametrize(
    ("findings", "status"),
    [
        ([], 5),
        ([Finding.ACCEPTED, Finding.ACCEPTED], 0),
        ([Finding.SAME], 0),
        ([Finding.SAME, Finding.DIFFERENT], 1),
        ([Finding.OBSOLETE], 1),
        ([Finding.MISSING], 1),
        ([Finding.REJECTED, Finding.DIFFERENT, Finding.SAME], 4),
    ],
)
def test_the_exit_status_follows_from_the_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], findings: list[Finding], status: int
) -> None:
    asked = []

    def replay(directory: Path, *, lock: Path | None) -> ReplayReport:
        asked.append((directory, lock))
        return ReplayReport(tuple(Replayed(f"a.cat:c{i}", finding) for i, finding in enumerate(findings)))

    monkeypatch.setattr("formal.store.replay.replay", replay)
    assert main(["replay", "certs", "--lock", "old.lock"]) == status
    assert asked == [(Path("certs"), Path("old.lock"))]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(findings) + 1
    assert [line.split()[0] for line in lines[:-1]] == findings


def test_names_cannot_forge_findings(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "x\n\x1b[2Jsame  y\n::error::z ##[error]"
    report = ReplayReport((Replayed(hostile, Finding.REJECTED, hostile, hostile),))
    monkeypatch.setattr("formal.store.replay.replay", lambda directory, *, lock: report)
    assert main(["replay", "certs"]) == 4
    text = capsys.readouterr().out
    assert text.count("\n") == 2
    assert "\x1b" not in text
    assert "##[" not in text


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    assert main(["replay", str(tmp_path)]) == 5


def test_a_damaged_certificate_is_rejected(tmp_path: Path) -> None:
    (tmp_path / "claim-0123456789abcdef.json").write_text("{")
    assert main(["replay", str(tmp_path)]) == 4


def test_a_lock_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "proofs.lock").write_text("[]")
    assert main(["replay", str(tmp_path)]) == 2
