"""Places where nothing can be written, or where somebody else has written first: the verdict is the same."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from formal.cli import main
from tests.hostile.command import PROJECT, formal

SCRIPT = "category C = chain(2)\nclaim yes: thin(C)\nclaim no: groupoid(C) expect refuted\n"
ENDLESS = """
    CREATE VIEW verdict AS WITH RECURSIVE row(number, key, digest, size, value) AS
    (SELECT 1, 1, 1, 1, 1 UNION ALL SELECT number + 1, 1, 1, 1, 1 FROM row) SELECT * FROM row
"""
TABLE = "CREATE TABLE verdict (number, key, digest, size, value)"
TRIGGER = "CREATE TRIGGER t AFTER INSERT ON verdict BEGIN DELETE FROM verdict; END"


def database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in (*statements, "PRAGMA user_version = 1"):
        connection.execute(statement)
    connection.commit()
    connection.close()


def read_only(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o500)


CACHES: dict[str, Callable[[Path], object]] = {
    "a file for the folder": lambda folder: folder.write_text("x"),
    "a link to nowhere": lambda folder: folder.symlink_to("/nonexistent/cache"),
    "a link to itself": lambda folder: folder.symlink_to(folder),
    "read-only": read_only,
}
DATABASES: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "noise": lambda path: path.write_bytes(random.Random(1).randbytes(100_000)),
    "a full device": lambda path: path.symlink_to("/dev/full"),
    "an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "an endless view": lambda path: database(path, ENDLESS),
    "a trigger": lambda path: database(path, TABLE, TRIGGER),
    "another table": lambda path: database(path, "CREATE TABLE verdict (key)"),
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "a.cat").write_text(SCRIPT)
    return tmp_path


def assert_checked(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        assert main(["check", "a.cat", "-o", "concise"]) == 0
        assert capsys.readouterr().out.splitlines()[:2] == ["a.cat:2:7: proved yes", "a.cat:3:7: refuted no"]


@pytest.mark.parametrize("name", CACHES)
def test_no_place_for_a_cache(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    CACHES[name](project / ".formal")
    assert_checked(capsys)


@pytest.mark.parametrize("name", DATABASES)
def test_no_cache_in_its_place(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (project / ".formal").mkdir()
    DATABASES[name](project / ".formal" / "cache.sqlite")
    assert_checked(capsys)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_full_disk_is_said(project: Path) -> None:
    for arguments in (["check", "a.cat"], ["check", "a.cat", "-o", "json"], ["show", "C", "--in", "a.cat"]):
        with open("/dev/full", "w") as full:
            ended = subprocess.run(
                [sys.executable, "-m", "formal", *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
                check=False,
            )
        assert (ended.returncode, ended.stderr.count(b"\n"), b"No space left" in ended.stderr) == (2, 1, True)


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_devices_are_written_to_and_not_replaced(project: Path) -> None:
    link = project / "device"
    link.symlink_to("/dev/full")
    assert main(["check", "a.cat", "--output-file", "device"]) == 2
    assert link.is_char_device()


@pytest.mark.parametrize("folder", ["/dev/null/certificates", "a.cat/certificates", "/proc/certificates"])
def test_certificates_that_cannot_be_written(project: Path, folder: str) -> None:
    ended = formal("check", "a.cat", "--certificates", folder, folder=project)
    assert (ended.code, ended.out) == (2, "")
    assert "certificates cannot be written" in ended.err


def test_runs_that_are_killed_while_others_write(project: Path) -> None:
    nots = "\n".join(f"claim c{i}: {'not ' * (2 * i)}thin(C)" for i in range(60))
    (project / "a.cat").write_text(f"category C = chain(2)\n{nots}\n")
    command = [sys.executable, "-m", "formal", "check", "a.cat", "-o", "concise"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    for delay in (0.35, 0.5):
        runs = [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)
            for _ in range(3)
        ]
        time.sleep(delay)
        for run in runs[:2]:
            run.send_signal(signal.SIGKILL)
        outputs = [run.communicate()[0].decode() for run in runs]
        assert runs[2].returncode == 0, outputs[2]
        assert "60 claims in 1 file, all as expected: 60 proved" in outputs[2]
    ended = formal("check", "a.cat", "-o", "json", folder=project)
    assert (ended.code, ended.report["summary"]["cached"]) == (0, 60)
    connection = sqlite3.connect(project / ".formal" / "cache.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
