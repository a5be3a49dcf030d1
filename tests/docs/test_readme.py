"""README shows what happens: every command in it is run, and prints what stands below it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from formal.cli import main
from formal.syntax.format import format_source
from formal.text import Source

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n\$ formal (.*)\n((?:.*\n)*?)```", README)
SCRIPTS = re.findall(r"```cat(?: .*)?\n((?:.*\n)*?)```", README)


def _without_times(text: str) -> str:
    """What is shown, less the time that a claim says when it takes a tenth of a second or more."""
    return re.sub(r" +((?:direct|proof|search), certified)(?:, \d+\.\d s)?$", r" \1", text, flags=re.MULTILINE)


@pytest.mark.parametrize(("command", "shown"), CONSOLE, ids=[command for command, _ in CONSOLE])
def test_a_command_prints_what_is_shown(
    command: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "proofs" / "examples", tmp_path / "proofs" / "examples")
    shutil.copytree(ROOT / "proofs" / "models" / "dyck2-lm", tmp_path / "proofs" / "models" / "dyck2-lm")
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "brackets.cat").write_text(next(script for script in SCRIPTS if script.startswith("model lm")))
    (tmp_path / "mine.cat").write_text(next(script for script in SCRIPTS if "claim commutes: f >> k" in script))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    main([*command.split(), "--no-cache"])
    assert _without_times(capsys.readouterr().out) == _without_times(shown)


def test_the_example_is_the_script_that_is_checked() -> None:
    script = (ROOT / "proofs" / "examples" / "prompt.cat").read_text(encoding="utf-8")
    without_comments = "".join(line for line in script.splitlines(keepends=True) if not line.startswith("#"))
    shown, checked = (format_source(Source("prompt.cat", text)).split() for text in (SCRIPTS[0], without_comments))
    assert shown == checked


def test_the_two_commands_are_those_that_are_run_in_ci() -> None:
    install, test = re.findall(r"```sh\n(.*)\n```", README)
    assert install.endswith(".venv/bin/formal check proofs")
    assert test in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page",
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "proofs").rglob("*.md")],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_every_page_that_is_linked_exists(page: Path) -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`(?!\])", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)#\s]+)[^)]*\)", prose):
        assert (page.parent / target).exists(), target
