"""The command line over a run that is played: what it asks for, what it prints, how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from formal.cli import main
from formal.text import Code, Diagnostic, Rejection
from formal.verdict.result import ClaimResult, FileResult, Outcome
from formal.verify.options import Options
from tests.report.sample import BROKEN, COMMUTES, CRASHED, GOOD, NO_SINGLE_PROMPT, SLOW, STRANGE, WRONG, hostile_file


@dataclass(frozen=True)
class Target:
    path: Path
    claim: str | None = None


@dataclass
class Play:
    """A run that gives what it is told to, and remembers what it was asked."""

    files: tuple[FileResult, ...] = (GOOD,)
    error: BaseException | None = None
    targets: Sequence[Target] = ()
    options: Options = field(default_factory=Options)

    def run(
        self, targets: Sequence[Target], options: Options, *, on_file: Callable[[FileResult], None]
    ) -> tuple[FileResult, ...]:
        self.targets, self.options = targets, options
        for index, file in enumerate(self.files):
            if self.error is not None and index == 1:
                raise self.error
            on_file(file)
        if self.error is not None:
            raise self.error
        return self.files


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Play:
    played = Play()
    module = types.ModuleType("formal.verify.run")
    module.Target, module.run = Target, played.run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "formal.verify.run", module)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "square.cat").write_text("category C = chain(2)\n")
    monkeypatch.setenv("COLUMNS", "80")
    return played


def files_of(*claims: ClaimResult) -> tuple[FileResult, ...]:
    return (FileResult("square.cat", (), claims),)


@pytest.mark.parametrize(
    ("files", "status"),
    [
        (files_of(COMMUTES, NO_SINGLE_PROMPT), 0),
        (files_of(COMMUTES, replace(SLOW, expected=Outcome.UNKNOWN)), 0),
        (files_of(COMMUTES, WRONG), 1),
        (files_of(SLOW, WRONG), 1),
        ((BROKEN,), 2),
        ((BROKEN, *files_of(WRONG, SLOW)), 2),
        (files_of(SLOW, COMMUTES), 3),
        (files_of(STRANGE, WRONG, SLOW), 4),
        ((BROKEN, *files_of(STRANGE)), 4),
        ((CRASHED, GOOD), 4),
        ((FileResult("square.cat"),), 5),
        ((GOOD, FileResult("square.cat")), 0),
    ],
)
def test_the_exit_status_is_the_worst_of_what_was_found(play: Play, files: tuple[FileResult, ...], status: int) -> None:
    play.files = files
    assert main(["check"]) == status


def test_options_are_handed_on(play: Play, tmp_path: Path) -> None:
    arguments = "-j 3 --fail-fast --shard 2/5 --engine both --seed 7 --steps 5 --rlimit 9 --memory 512 --timeout 1.5"
    assert main(["check", *arguments.split(), "--no-cache", "--certificates", "certs", "square.cat:x"]) == 0
    assert play.options == Options(
        engine="both",
        jobs=3,
        fail_fast=True,
        shard=(2, 5),
        seed=7,
        steps=5,
        rlimit=9,
        memory_mb=512,
        timeout_seconds=1.5,
        cache=False,
        certificates=Path("certs"),
    )
    assert play.targets == [Target(Path("square.cat"), "x")]


def test_what_is_left_open_keeps_its_default(play: Play) -> None:
    main(["check"])
    assert play.options == Options()


def test_no_number_of_jobs_means_one_a_processor(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0, 2, 3}, raising=False)
    main(["check", "-j", "0"])
    assert play.options.jobs == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "gone.cat"],
        ["check", "square.cat:"],
        ["check", "--shard", "0/2"],
        ["check", "--shard", "3/2"],
        ["check", "--shard", "x"],
        ["check", "--engine", "magic"],
        ["check", "--output", "yaml"],
        ["check", "--output-file", "no/such/folder/report.xml"],
        ["check", "--lock", "square.cat:x"],
        ["check", "--jobs", "-1"],
        ["nonsense"],
        ["explain", "not-composble"],
        ["fmt", "gone.cat"],
        ["fmt", "-", "square.cat"],
        ["fmt", "square.cat:x"],
        ["show", "X", "--in", "gone.cat"],
        ["replay", "gone"],
        [],
    ],
)
def test_a_wrong_use_is_2_and_says_why(play: Play, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.strip()
    assert "Traceback" not in error


def test_nothing_selected_is_5_and_still_a_report(
    play: Play, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["check", "empty", "--output", "json"]) == 5
    printed = capsys.readouterr()
    assert json.loads(printed.out)["exit_code"] == 5
    assert "nothing to check" in printed.err


@pytest.mark.parametrize("files", [(), (GOOD, GOOD)])
def test_an_interruption_is_130(play: Play, capsys: pytest.CaptureFixture[str], files: tuple[FileResult, ...]) -> None:
    play.files, play.error = files, KeyboardInterrupt()
    assert main(["check", "--output", "json"]) == 130
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "interrupted: " in printed.err
    assert "Traceback" not in printed.err


@pytest.mark.parametrize("error", [RuntimeError("\x1b[2Jsurprise"), MemoryError(), RecursionError(), AssertionError()])
def test_a_crash_is_4_and_asks_for_a_report(
    play: Play, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    play.error = error
    assert main(["check"]) == 4
    message = capsys.readouterr().err
    assert "Traceback" in message
    assert "please report it" in message
    assert "\x1b" not in message


def test_a_rejection_is_2_and_shows_its_diagnostics(play: Play, capsys: pytest.CaptureFixture[str]) -> None:
    play.error = Rejection([Diagnostic(Code.UNREADABLE_FILE, "`x` cannot be read", None)])
    assert main(["check"]) == 2
    assert "error[unreadable-file]: `x` cannot be read" in capsys.readouterr().err


def test_a_report_can_be_written_to_a_file(play: Play, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    assert main(["check", "--output", "json", "--output-file", "report.json"]) == 0
    assert json.loads(target.read_text())["summary"]["claims"] == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "2 claims in 1 file" in printed.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.json", "square.cat"]


@pytest.mark.parametrize("kind", ["full", "concise", "json", "jsonl", "junit", "sarif", "github", "markdown"])
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_printing_while_running_gives_the_same_report(
    play: Play, capsys: pytest.CaptureFixture[str], kind: str, jobs: str
) -> None:
    from formal.report.format import Format, report
    from formal.report.screen import Screen

    play.files = (GOOD, BROKEN, hostile_file())
    main(["check", "-j", jobs, "--output", kind])
    assert capsys.readouterr().out == report(play.files, Format(kind), Screen(at_length=False))


def test_colours_are_used_when_asked_for(play: Play, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    main(["check"])
    assert "\x1b[" not in capsys.readouterr().out
    main(["check", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "fmt", "explain", "show", "replay", "doctor"])
def test_help_has_examples_or_exit_statuses(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, "--help"]) == 0
    text = capsys.readouterr().out
    assert "formal " in text
    assert "Example" in text or "Exit status" in text


def test_codes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    for spelling in ("not-composable", "error[not-composable]", "NOT_COMPOSABLE"):
        assert main(["explain", spelling]) == 0
        assert capsys.readouterr().out.startswith("not-composable\n")
    assert main(["explain"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(Code)


def test_an_unknown_code_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "not-composble"]) == 2
    assert "did you mean `not-composable`?" in capsys.readouterr().err


def test_a_reader_that_goes_away_is_no_failure() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "formal", "explain"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert error == ""


def test_the_pre_commit_hooks_are_commands(play: Play) -> None:
    from formal.cli.command import formal

    hooks = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
    entries = re.findall(r"^  entry: formal (.*)$", hooks.read_text(), re.MULTILINE)
    assert len(entries) == 2
    for entry in entries:
        name, *options = entry.split()
        formal.commands[name].make_context(name, [*options, "square.cat"])


# --- watching -------------------------------------------------------------------------------------


def test_a_change_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from formal.cli.watch import state

    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.cat").write_text("x")
    first = state(["."], ["a.cat"])
    assert state(["."], ["a.cat"]) == first
    (tmp_path / "notes.txt").write_text("x")
    assert state(["."], ["a.cat"]) == first
    (tmp_path / "b.cat").write_text("x")
    second = state(["."], ["a.cat"])
    assert second != first
    (tmp_path / "b.cat").write_text("longer")
    assert state(["."], ["a.cat"]) != second
    (tmp_path / "b.cat").unlink()
    assert state(["."], ["a.cat"]) == first
    assert state(["gone.cat"], []) == frozenset()


def test_watching_checks_again_after_a_change(
    play: Play, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waits: list[Sequence[str]] = []

    def wait(paths: Sequence[str], files: Sequence[str]) -> None:
        waits.append(files)
        if len(waits) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("formal.cli.watch.wait_for_change", wait)
    assert main(["check", "--watch", "--output", "concise"]) == 130
    assert waits == [[GOOD.file], [GOOD.file]]
    assert capsys.readouterr().out.count("2 claims in 1 file") == 2
