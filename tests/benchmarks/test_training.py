"""Training by stages, with their checks, beside a plain loop over the same batches: time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.train.support import WHY

STEPS = 60
ROOM = 1.25
"""How much more memory stages may take than the plain loop."""


@pytest.mark.benchmark(group="training", timer=time.process_time)
@pytest.mark.parametrize("way", ["plain", "stages", "stages-with-checkpoints"])
def test_steps_of_a_language_model(benchmark: Any, way: Any, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    from formal.train.machine import reproducible
    from tests.benchmarks.loop import Configuration, trained

    c, device = Configuration(), torch.device("cpu")
    with reproducible(device):
        found = benchmark.pedantic(trained, (way, c, STEPS, device, tmp_path), rounds=3, warmup_rounds=1)
    assert 0 < found < 2
    if benchmark.stats is not None:
        benchmark.extra_info["tokens a second"] = round(STEPS * c.batch * c.length / benchmark.stats["mean"])


@pytest.mark.benchmark(group="training")
def test_memory_of_a_language_model(benchmark: Any) -> None:
    """The peak of a process that does nothing else, or of what it allocates on a GPU, for each way."""
    torch = pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    from tests.benchmarks.loop import WAYS

    device = "cuda" if torch.cuda.is_available() else "cpu"

    def measure() -> dict[str, dict[str, float]]:
        place = Path(__file__).parents[2]
        command = [sys.executable, "-m", "tests.benchmarks.loop"]
        runs = {
            way: subprocess.run([*command, way, device, str(STEPS)], cwd=place, capture_output=True, check=True).stdout
            for way in WAYS
        }
        return {way: json.loads(output) for way, output in runs.items()}

    found = benchmark.pedantic(measure, rounds=1)
    for way, numbers in found.items():
        assert 0 < numbers["loss"] < 2
        assert 0 < numbers["bytes"] <= ROOM * found["plain"]["bytes"], way
        benchmark.extra_info[way] = {
            "MiB": round(numbers["bytes"] / 2**20),
            "MiB before": round(numbers["before"] / 2**20),
            "tokens a second": round(numbers["tokens a second"]),
        }
    print(f"\n{device}: {json.dumps(benchmark.extra_info, indent=1)}")
