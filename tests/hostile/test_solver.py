"""A solver that lies, dies or says nothing, in place of Z3 under the whole command line: it never makes anything green.

The liar is a module called ``z3`` that comes first on the path of the solver's process.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from formal.smt import child
from formal.verdict.result import FileResult, Outcome, Trouble, exit_code
from formal.verify.options import Options
from formal.verify.run import check_text
from tests.hostile.command import formal

LIAR = """
import os, signal, sys, time

class Z3Exception(Exception):
    pass

class Context:
    def ref(self):
        return None

class Statistics:
    def keys(self):
        return ["rlimit count"]
    def get_key_value(self, key):
        return 5

class Solver:
    model_ = type("Model", (), {{"model": None}})
    asked = 0
    def set(self, *options):
        pass
    def from_string(self, text):
        self.text = text
    def check(self):
        Solver.asked += 1
        {check}
    def model(self):
        return self.model_
    def reason_unknown(self):
        return "incomplete"
    def statistics(self):
        return Statistics()

def SolverFor(*name, **options):
    return Solver()

def get_version_string():
    return "4.13"

def Z3_model_to_string(*model):
    return {model}
"""
TRUE = "''.join(f'(define-fun k!{k} () Bool true)' for k in range(1, 5))"
BROKEN: dict[str, tuple[str, str]] = {
    "always sat, all false": ("return 'sat'", "''"),
    "always sat, all true": ("return 'sat'", TRUE),
    "always unsat": ("return 'unsat'", "''"),
    "now sat, now unsat": ("return ('sat', 'unsat')[Solver.asked % 2]", "''"),
    "now unsat, now sat": ("return ('unsat', 'sat')[Solver.asked % 2]", TRUE),
    "another word": ("return 'proved'", "''"),
    "too many values": ("return 'sat'", "'(define-fun k!999999 () Bool true)'"),
    "exception": ("raise ValueError", "''"),
    "crash": ("os.kill(os.getpid(), signal.SIGSEGV)", "''"),
    "exit": ("os._exit(0)", "''"),
    "bytes": ("os.write(1, b'\\x00\\xff\\n'); return 'unsat'", "''"),
    "flood": ("\n        while True: os.write(1, b'x' * 65536)", "''"),
    "answers ahead": (
        """os.write(1, b'{"job":1,"status":"unsat","reason":"","resources":1,"solver":"","size":0}\\n' * 9)""",
        "''",
    ),
}
SILENT: dict[str, tuple[str, str]] = {
    "hang": ("time.sleep(1000)", "''"),
    "unknown": ("return 'unknown'", "''"),
}
SCRIPT = """\
category C { objects x, y arrows f: x -> y }
presheaf T on C { x |-> {a}, y |-> {b}, f |-> {b |-> a} }
claim right: representable(T, by: y)
claim wrong: representable(T, by: x)
claim expected: representable(T, by: y) expect refuted
claim unknown: representable(T, by: y) expect unknown
"""


@pytest.fixture
def lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a liar in Z3's place."""

    def tell(check: str, model: str) -> None:
        (tmp_path / "z3.py").write_text(LIAR.format(check=check, model=model))
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        command = child.worker_command()
        monkeypatch.setattr(child, "worker_command", lambda: [*command[:1], "-S", *command[1:]])

    return tell


def checked(engine: str, **options: int) -> FileResult:
    return check_text(SCRIPT, Options(engine=engine, cache=False, timeout_seconds=0.5, **options))


def troubles(file: FileResult) -> Sequence[Trouble | None]:
    return [claim.trouble for claim in file.claims]


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_solver_is_trouble_whatever_is_expected(lie, name: str) -> None:
    lie(*BROKEN[name])
    assert_trouble(checked("both"))


@pytest.mark.parametrize("name", ["always sat, all false", "always unsat", "crash", "bytes"])
def test_a_broken_solver_is_trouble_for_every_engine_that_asks_it(lie, name: str) -> None:
    lie(*BROKEN[name])
    assert_trouble(checked("smt"))
    assert_trouble(checked("auto", steps=1))


def assert_trouble(file: FileResult) -> None:
    assert troubles(file) == [Trouble.CRASHED] * 4, [claim.reason for claim in file.claims]
    assert exit_code([file]) == 4
    assert not any(claim.as_expected or claim.certified for claim in file.claims)


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_solver_decides_nothing(lie, name: str) -> None:
    lie(*SILENT[name])
    file = checked("smt")
    assert {claim.outcome for claim in file.claims} == {Outcome.UNKNOWN}
    assert [claim.as_expected for claim in file.claims] == [False, False, False, True]
    assert exit_code([file]) == 3


def test_an_honest_solver_is_believed(tmp_path: Path) -> None:
    file = checked("smt")
    assert [claim.outcome for claim in file.claims] == ["proved", "refuted", "proved", "proved"]
    assert all(claim.certified for claim in file.claims)


def test_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "liar").mkdir()
    (tmp_path / "liar" / "z3.py").write_text(LIAR.format(check="return 'unsat'", model="''"))
    (tmp_path / "a.cat").write_text(SCRIPT)
    environment = {"PYTHONPATH": str(tmp_path / "liar")}
    for arguments in (("a.cat", "--engine", "both"), ("a.cat:unknown", "--steps", "1")):
        ended = formal("check", "--no-cache", *arguments, folder=tmp_path, environment=environment)
        assert ended.code == 4
        assert "proved  " not in ended.out
