"""How long the command line takes to start: processor time of a fresh interpreter, against an empty program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROUNDS = 7


def processor_seconds(*arguments: str) -> float:
    """User and system time of one process."""
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_utime + usage.ru_stime


@pytest.mark.benchmark
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs the processor time of a child process")
def test_help_takes_little_processor_time() -> None:
    idle = min(processor_seconds("-c", "pass") for _ in range(ROUNDS))
    shown = min(processor_seconds("-m", "formal", "--help") for _ in range(ROUNDS))
    kernel = min(processor_seconds("-c", "import formal.kernel") for _ in range(ROUNDS))
    print(f"\nempty program {idle:.3f} s, import formal.kernel {kernel:.3f} s, formal --help {shown:.3f} s")
    assert shown <= 0.15


@pytest.mark.benchmark
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs the processor time of a child process")
def test_a_small_script_takes_a_few_times_what_loading_numpy_takes(tmp_path: Path) -> None:
    script = tmp_path / "small.cat"
    script.write_text("category C = chain(3)\nclaim thin: thin(C)\nclaim one: groupoid(C) expect refuted\n")
    numpy = min(processor_seconds("-c", "import numpy") for _ in range(ROUNDS))
    checked = min(processor_seconds("-m", "formal", "check", "--no-cache", str(script)) for _ in range(ROUNDS))
    print(f"\nimport numpy {numpy:.3f} s, formal check of two claims {checked:.3f} s")
    assert checked <= 10 * numpy
