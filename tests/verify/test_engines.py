"""One child process serves a whole run, and another takes its place when it dies."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from formal.process.child import Process
from formal.smt import child
from formal.valuation import smt
from formal.verdict.result import ClaimResult, Trouble
from formal.verify.options import Options
from formal.verify.run import check_text

SCRIPT = """
relation D on {a, b, c} over lawvere { a -> b = 1, b -> c = 2, a -> c = 7/2 }
weight X on D { a |-> 3, b |-> 2, c |-> 0 }
category C = chain(3)
claim triangle: is_category(D) expect refuted
claim order:    thin(C)
claim prompt:   representable(X) expect refuted
claim repaired: repair(D) = 1/6
"""
ENGINES = ["direct+smt"] * 4


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    honest = subprocess.Popen

    def start(*arguments: Any, **keywords: Any) -> subprocess.Popen[bytes]:
        found.append(honest(*arguments, **keywords))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    return found


def checked() -> tuple[ClaimResult, ...]:
    file = check_text(SCRIPT, Options(engine="both", cache=False))
    assert not file.diagnostics, file.diagnostics
    return file.claims


def test_all_claims_share_a_solver_and_leave_none_behind(started: list[subprocess.Popen[bytes]]) -> None:
    assert [claim.engine for claim in checked()] == ENGINES
    assert [process.returncode is not None for process in started] == [True]


def test_a_solver_that_dies_is_started_again(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = smt.ask

    def deadly(question: smt.Question, process: Process, **limits: Any) -> smt.Answer:
        answer = honest(question, process, **limits)
        process.interrupt()
        started[-1].wait()
        return answer

    monkeypatch.setattr(smt, "ask", deadly)
    assert [claim.engine for claim in checked()] == ENGINES
    assert len(started) > 2


def test_a_solver_that_cannot_be_asked_confirms_nothing(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, silent = smt.ask, [True]

    def fails_once(question: smt.Question, process: Process, **limits: Any) -> smt.Answer:
        return honest(question, process, **limits | ({"seconds": 0.0} if silent and silent.pop() else {}))

    monkeypatch.setattr(smt, "ask", fails_once)
    found = checked()
    assert [claim.engine for claim in found] == ["direct", *ENGINES[1:]]
    assert all(claim.as_expected for claim in found)
    assert all(process.returncode is not None for process in started)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("raise SystemExit(1)", id="crash"),
        pytest.param("print('not a header', flush=True)", id="garbage"),
        pytest.param(
            'print(\'{"job":1,"status":"proved","reason":"","resources":0,"solver":"","size":0}\', flush=True)',
            id="another-word",
        ),
    ],
)
def test_a_broken_solver_is_trouble_whatever_is_expected(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    command = [sys.executable, "-S", "-c", f"import sys; sys.stdin.readline(); {program}; sys.stdin.read()"]
    monkeypatch.setattr(child, "worker_command", lambda: command)
    script = """
    relation D on {a, b, c} over lawvere { a -> b = 1, b -> c = 2, a -> c = 7/2 }
    claim triangle: is_category(D) expect refuted
    claim unknown:  is_category(D) expect unknown
    crosscheck both { predict defect(D) in [1/2, 1/2] }
    """
    file = check_text(script, Options(engine="both", cache=False))
    assert not file.diagnostics
    assert [claim.trouble for claim in file.claims] == [Trouble.CRASHED] * 3
    assert not any(claim.as_expected or claim.certified for claim in file.claims)
