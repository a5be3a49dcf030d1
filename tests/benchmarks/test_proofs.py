"""A whole run over ``proofs/``, the process from its start to its end: cold, from the cache, by both engines."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.benchmark,
    pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs the processor time of a child process"),
]

PROOFS = Path(__file__).parents[2] / "proofs"
WARM_ROUNDS = 5


@dataclass(frozen=True)
class Run:
    """What a process took, in seconds, and what it printed last."""

    elapsed: float
    processor: float
    last: str


def run(folder: Path, *arguments: str) -> Run:
    """Run a program in a folder; its children's processor time is counted too."""
    environment = {**os.environ, "PYTHONPATH": str(PROOFS.parent), "NO_COLOR": "1"}
    with (folder / "output").open("w+b") as output:
        start = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], cwd=folder, env=environment, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode()
    assert process.returncode == 0, text
    return Run(elapsed, usage.ru_utime + usage.ru_stime, " ".join(text.split("\n\n")[-1].split()))


def check(folder: Path, *options: str) -> Run:
    """``formal check proofs``."""
    result = run(folder, "-m", "formal", "check", "proofs", *options)
    assert "all as expected" in result.last
    return result


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the scripts in a project of its own, with a cache of its own."""
    shutil.copytree(PROOFS, tmp_path / "proofs")
    (tmp_path / "pyproject.toml").touch()
    return tmp_path


def test_cold_and_warm(project: Path) -> None:
    empty = run(project, "-c", "pass")
    numpy = run(project, "-c", "import numpy, rich, click")
    run(project, "-m", "formal", "--help")  # the package is compiled
    cold = check(project)
    warm = [check(project) for _ in range(WARM_ROUNDS)]
    elapsed, processor = (statistics.median(took) for took in ([r.elapsed for r in warm], [r.processor for r in warm]))
    assert all("from cache" in result.last for result in warm)
    print(
        f"\nempty program {empty.processor:.2f} s, importing numpy, rich and click {numpy.processor:.2f} s\n"
        f"cold {cold.elapsed:.2f} s ({cold.processor:.2f} s of a processor): {cold.last}\n"
        f"warm {elapsed:.2f} s ({processor:.2f} s of a processor), {cold.processor / processor:.1f} times less"
    )
    assert cold.elapsed <= 60
    assert processor <= 2


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_jobs(project: Path, jobs: str) -> None:
    """Two processes have the modules to load twice: they are for work that takes many seconds."""
    run(project, "-m", "formal", "--help")
    result = check(project, "--no-cache", "-j", jobs)
    print(f"\n{jobs} at once: {result.elapsed:.2f} s ({result.processor:.2f} s of a processor)")
    assert result.elapsed <= 60


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["direct", "both"])
def test_engines(project: Path, engine: str) -> None:
    result = run(project, "-m", "formal", "check", "proofs", "--no-cache", "--engine", engine)
    print(f"\n{engine}: {result.elapsed:.2f} s ({result.processor:.2f} s of a processor): {result.last}")
