"""The pytest plugin: every claim of a proof script is a test.

Scripts (``*.cat``) are collected when they are named on the command line, when they lie under one of the paths of the
ini option ``formal_paths``, or everywhere with ``--formal``; never by surprise in a project that happens to have this
package installed. ``--no-formal`` switches collection off. A claim passes when its outcome is the one that the script
expects, re-checked by the kernel; an undecided one fails, as does a script that has errors.

Source: pytest documentation, Working with non-Python tests. Nothing but pytest is imported before a script is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from formal.text import Diagnostic
    from formal.verdict.result import ClaimResult, FileResult

_SUFFIX = ".cat"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``--formal``, ``--no-formal`` and the ini option ``formal_paths``."""
    group = parser.getgroup("formal", "proof scripts")
    group.addoption(
        "--formal", action="store_true", dest="formal", default=None, help="collect all proof scripts (*.cat)"
    )
    group.addoption(
        "--no-formal", action="store_false", dest="formal", help="collect no proof scripts, not even those named"
    )
    parser.addini("formal_paths", "files and folders whose proof scripts (*.cat) are collected", type="paths")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScriptFile | None:
    """A collector for a proof script that is asked for."""
    if file_path.suffix != _SUFFIX or not _is_wanted(file_path, parent):
        return None
    collector: ScriptFile = ScriptFile.from_parent(parent, path=file_path)
    return collector


def _is_wanted(path: Path, parent: pytest.Collector) -> bool:
    chosen: bool | None = parent.config.getoption("formal")
    if chosen is not None:
        return chosen
    if parent.session.isinitpath(path):
        return True
    return any(path == folder or folder in path.parents for folder in parent.config.getini("formal_paths"))


class NotAsExpected(Exception):
    """A claim's outcome is not the one that the script expects; carries the report."""


class ScriptFile(pytest.File):
    """A proof script."""

    _verdicts: dict[str, FileResult] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """A failing item when the script has errors, and an item for all that is stated and could be read."""
        from formal.elaborate.module import Loader, find_root
        from formal.text import Severity

        script = Loader(find_root(self.path)).load(self.path)
        errors = tuple(diagnostic for diagnostic in script.diagnostics if diagnostic.severity is Severity.ERROR)
        if errors:
            item: pytest.Item = ScriptItem.from_parent(self, name="script", diagnostics=errors)
            yield item
        for name, span in script.stated:
            line = span.source.position(span.start)[0]
            item = ClaimItem.from_parent(self, name=name, line=line)
            yield item

    def verdict(self, name: str) -> FileResult:
        """The result of one claim; the first to ask has all selected claims of the file decided, in one run.

        A worker of a distributed run decides only the claim that it is asked for: the others are asked elsewhere.
        """
        if self._verdicts is None:
            self._verdicts = {}
        if name not in self._verdicts:
            selected = [item.name for item in self.session.items if item.parent is self and isinstance(item, ClaimItem)]
            wanted = [name] if hasattr(self.config, "workerinput") else selected
            self._verdicts.update(self._decide(wanted))
        return self._verdicts[name]

    def _decide(self, names: list[str]) -> dict[str, FileResult]:
        from formal.verify.options import Options
        from formal.verify.run import Target, run

        files = run([Target(self.path, name) for name in names], Options())
        return {
            name: next(
                (file for file in files if any(claim.name == name and not claim.imported for claim in file.claims)),
                files[0],
            )
            for name in names
        }


class ScriptItem(pytest.Item):
    """The errors of a script, as a test that fails."""

    def __init__(self, *, diagnostics: tuple[Diagnostic, ...], **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self.diagnostics = diagnostics

    def runtest(self) -> None:
        """Fail with all errors."""
        from formal.report.diagnostic import render_plain

        raise NotAsExpected("\n\n".join(map(render_plain, self.diagnostics)))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        """The errors, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the first error is."""
        primary = self.diagnostics[0].primary
        line = None if primary is None else primary.span.source.position(primary.span.start)[0] - 1
        return self.path, line, "proof script"


class ClaimItem(pytest.Item):
    """A claim, as a test."""

    parent: ScriptFile

    def __init__(self, *, line: int, **arguments: object) -> None:
        super().__init__(**arguments)  # type: ignore[arg-type]
        self.line = line

    def runtest(self) -> None:
        """Fail unless the outcome is the expected one."""
        file = self.parent.verdict(self.name)
        claim = next((claim for claim in file.claims if claim.name == self.name), None)
        if claim is None:
            raise NotAsExpected(_without_verdict(file))
        if not claim.as_expected:
            raise NotAsExpected(_report(claim, file))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str | pytest.TerminalRepr:  # type: ignore[name-defined]
        """The report of the claim; a traceback only for an error of ours."""
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the claim stands."""
        return self.path, self.line - 1, f"claim {self.name}"


def _report(claim: ClaimResult, file: FileResult) -> str:
    from dataclasses import replace

    from formal.report.full import full_file
    from formal.report.screen import Screen

    return full_file(replace(file, diagnostics=(), claims=(claim,)), Screen(color=False)).rstrip()


def _without_verdict(file: FileResult) -> str:
    from formal.report.diagnostic import render_plain

    found = [render_plain(diagnostic) for diagnostic in file.diagnostics]
    return "\n\n".join([*([file.crashed] if file.crashed else []), *found]) or "the run gives no verdict"
