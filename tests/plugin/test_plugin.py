"""The pytest plugin: which scripts it collects, and what becomes of each outcome.

The scripts are not read and nothing is decided here: a pipeline stands in that answers by a claim's name.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from types import ModuleType

import pytest

from formal.text import Code, Diagnostic, Label, Severity, Source, Span
from formal.verdict.result import ClaimResult, Explanation, FileResult, Line, Outcome, Trouble

pytest_plugins = "pytester"

ANSWERS = {
    "holds": (Outcome.PROVED, Outcome.PROVED, None),
    "fails": (Outcome.REFUTED, Outcome.PROVED, None),
    "fails_as_said": (Outcome.REFUTED, Outcome.REFUTED, None),
    "open": (Outcome.UNKNOWN, Outcome.PROVED, None),
    "open_as_said": (Outcome.UNKNOWN, Outcome.UNKNOWN, None),
    "rejected": (Outcome.PROVED, Outcome.PROVED, Trouble.KERNEL_REJECTED),
}


@dataclass(frozen=True)
class FakeTarget:
    path: object
    claim: str | None = None


@dataclass(frozen=True)
class FakeScript:
    source: Source
    claims: tuple[ClaimResult, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def stated(self) -> tuple[tuple[str, Span], ...]:
        return tuple((claim.name, claim.span) for claim in self.claims)


def answer(source: Source, name: str) -> ClaimResult:
    start = source.text.index(f"claim {name}:") + 6
    outcome, expected, trouble = ANSWERS.get(name, (Outcome.PROVED, Outcome.PROVED, None))
    return ClaimResult(
        name,
        source.name,
        Span(source, start, start + len(name)),
        "",
        "full(Corner)",
        expected,
        outcome,
        trouble=trouble,
        certified=outcome is not Outcome.UNKNOWN,
        reason="the budget ran out" if outcome is Outcome.UNKNOWN else "",
        explanation=Explanation("an arrow is not hit", (Line(0, "namely (0 -> 1)"),)),
    )


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str | None]]:
    """The pipeline that stands in; gives what it was asked for, run by run."""
    asked: list[list[str | None]] = []

    class Loader:
        def __init__(self, root: object) -> None:
            pass

        def load(self, path: object) -> FakeScript:
            source = Source("script.cat", path.read_text())  # type: ignore[attr-defined]
            names = [line.split()[1].rstrip(":") for line in source.text.splitlines() if line.startswith("claim ")]
            wrong = source.text.find("wrong")
            label = Label(Span(source, max(wrong, 0), max(wrong, 0) + 5), "what is this?")
            severity = Severity.WARNING if "slightly" in source.text else Severity.ERROR
            diagnostic = Diagnostic(Code.SYNTAX, "`wrong` is no declaration", label, severity=severity)
            claims = tuple(answer(source, name) for name in names)
            return FakeScript(source, claims, (diagnostic,) if wrong >= 0 else ())

    def run(targets: list[FakeTarget], options: object) -> tuple[FileResult, ...]:
        asked.append([target.claim for target in targets])
        script = Loader(None).load(targets[0].path)
        if "crash" in script.source.text:
            return (FileResult("script.cat", crashed="the process died"),)
        names = {target.claim for target in targets}
        return (FileResult("script.cat", (), tuple(claim for claim in script.claims if claim.name in names)),)

    modules = {
        "formal.elaborate.module": {"Loader": Loader, "find_root": lambda path: path.parent},
        "formal.verify.options": {"Options": object},
        "formal.verify.run": {"Target": FakeTarget, "run": run},
    }
    for name, contents in modules.items():
        module = ModuleType(name)
        vars(module).update(contents)
        monkeypatch.setitem(sys.modules, name, module)
    # Other plugins would be imported anew, with their assertions rewritten, in every inner run.
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:benchmark -p no:cacheprovider")
    return asked


def script(pytester: pytest.Pytester, *names: str, name: str = "script", extra: str = "") -> None:
    pytester.makefile(".cat", **{name: extra + "\n" + "\n".join(f"claim {claim}: true" for claim in names)})


def test_a_claim_is_a_test(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, *ANSWERS)
    result = pytester.runpytest("script.cat", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=3, failed=3)
    assert runs == [list(ANSWERS)]


def test_a_failure_shows_the_explanation_and_no_traceback(
    pytester: pytest.Pytester, runs: list[list[str | None]]
) -> None:
    script(pytester, "fails")
    result = pytester.runpytest("script.cat")
    result.stdout.fnmatch_lines(["*claim fails*", "*refuted*", "*an arrow is not hit*", "*namely (0 -> 1)*"])
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*NotAsExpected*")


def test_an_undecided_claim_fails_with_the_reason(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "open")
    result = pytester.runpytest("script.cat")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the budget ran out*"])


def test_one_claim_can_be_selected(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", "fails")
    pytester.runpytest("script.cat::holds").assert_outcomes(passed=1)
    assert runs == [["holds"]]


def test_deselected_claims_are_not_decided(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", "fails", "open")
    pytester.runpytest("script.cat", "-k", "holds").assert_outcomes(passed=1, deselected=2)
    assert runs == [["holds"]]


def test_collecting_decides_nothing(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", "fails")
    result = pytester.runpytest("script.cat", "--collect-only", "-q")
    result.stdout.fnmatch_lines(["script.cat::holds", "script.cat::fails"])
    assert runs == []


def test_a_script_with_errors_has_a_failing_item(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", extra="wrong")
    result = pytester.runpytest("script.cat")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*error[[]syntax[]]*", "*what is this?*"])


def test_a_warning_fails_nothing(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", extra="slightly wrong")
    pytester.runpytest("script.cat").assert_outcomes(passed=1)


def test_a_crash_fails_every_claim(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds", "fails_as_said", extra="crash")
    result = pytester.runpytest("script.cat")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*the process died*"])


def test_scripts_are_not_collected_by_surprise(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds")
    assert pytester.runpytest().ret == pytest.ExitCode.NO_TESTS_COLLECTED
    assert pytester.runpytest(".").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_scripts_are_collected_when_asked_for(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds")
    pytester.runpytest("--formal").assert_outcomes(passed=1)


def test_scripts_under_the_paths_of_the_ini_file_are_collected(
    pytester: pytest.Pytester, runs: list[list[str | None]]
) -> None:
    for folder in ("proofs", "other"):
        pytester.mkdir(folder)
        script(pytester, "holds", name=f"{folder}/script")
    pytester.makeini("[pytest]\nformal_paths = proofs")
    pytester.runpytest().assert_outcomes(passed=1)


def test_collection_is_switched_off(pytester: pytest.Pytester, runs: list[list[str | None]]) -> None:
    script(pytester, "holds")
    pytester.makeini("[pytest]\nformal_paths = .")
    assert pytester.runpytest("--no-formal").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_the_plugin_is_light() -> None:
    """Loaded in every run of pytest, it must cost nothing: only the package's own version is imported with it."""
    code = (
        "import sys, pytest; before = set(sys.modules); import formal.pytest_plugin;"
        "print(sorted(m for m in set(sys.modules) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['formal', 'formal.pytest_plugin']"


def test_real_scripts_are_decided(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:benchmark -p no:cacheprovider")
    pytester.makefile(".toml", pyproject="")
    pytester.makefile(
        ".cat",
        script="category Square = poset(a < b < d, a < c < d)\n"
        "claim has_a_top: terminal(d)\n"
        "claim has_none: exists X in Square. initial(X) and terminal(X) expect refuted\n"
        "claim wrong: terminal(a)\n",
        broken="claim broken: terminal(nothing)\n",
    )
    result = pytester.runpytest("script.cat", "broken.cat")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*error[[]unknown-name[]]*"])
    result.stdout.fnmatch_lines(["*terminal(a)*", "*at W = `b`, there is no `f: b -> a`*"])
