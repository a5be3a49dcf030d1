"""Large relations: composition beside numpy's broadcast and SciPy's shortest paths, and beside the machine's peak."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.sparse.csgraph import floyd_warshall

from formal.bulk import closure, compose_packed, composite, defect, nearest_columns, pack
from formal.bulk.work import cores
from formal.quantale import Quantale

pytestmark = pytest.mark.benchmark

ONCE = {"rounds": 1, "iterations": 1}
THRICE = {"rounds": 3, "iterations": 1, "warmup_rounds": 1}
SIZE = 2000


def relation(size: int = SIZE) -> np.ndarray:
    return np.random.default_rng(0).random((size, size)).astype(np.float32)


def measured(benchmark: BenchmarkFixture, work: Callable[[], object], rounds: dict[str, int] = THRICE) -> None:
    benchmark.pedantic(work, **rounds)  # type: ignore[no-untyped-call]


def by_broadcast(matrix: np.ndarray, quantale: Quantale) -> np.ndarray:
    """One row at a time, ``(R[x, :, None] (x) R).max(axis=0)``: what one writes first in numpy."""
    wide = matrix.astype(np.float64)
    match quantale:
        case Quantale.PRODUCT:
            return np.array([(row[:, None] * wide).max(axis=0) for row in wide])
        case Quantale.LAWVERE:
            return np.array([(row[:, None] + wide).min(axis=0) for row in wide])
        case _:
            return np.array([np.minimum(row[:, None], wide).max(axis=0) for row in wide])


def peak_of_the_machine() -> float:
    """Products and maxima a second on all cores, on numbers that stay in the first cache."""
    from concurrent.futures import ThreadPoolExecutor

    from tests.benchmarks.peak import peak

    values = np.random.default_rng(0).random(2048)
    peak(1, values)
    rounds = 100_000
    started = time.perf_counter()
    with ThreadPoolExecutor(cores()) as executor:
        list(executor.map(lambda _: peak(rounds, values), range(cores())))
    return 8.0 * rounds * len(values) * cores() / (time.perf_counter() - started)


@pytest.mark.parametrize("quantale", [Quantale.PRODUCT, Quantale.GODEL, Quantale.LAWVERE], ids=lambda q: q.value)
@pytest.mark.parametrize("route", ["ours", "numpy"])
@pytest.mark.benchmark(group="composition of 2000 objects")
def test_compose(benchmark: BenchmarkFixture, quantale: Quantale, route: str) -> None:
    matrix = relation()
    if route == "numpy":
        measured(benchmark, lambda: by_broadcast(matrix, quantale), ONCE)
    else:
        measured(benchmark, lambda: composite(matrix, matrix, quantale))
        benchmark.extra_info["operations a second"] = f"{2.0 * SIZE**3 / benchmark.stats['min']:.3g}"
        benchmark.extra_info["peak of the machine"] = f"{peak_of_the_machine():.3g}"


@pytest.mark.benchmark(group="defect of 2000 objects, exact")
def test_defect(benchmark: BenchmarkFixture) -> None:
    matrix = relation()
    measured(benchmark, lambda: defect(matrix, Quantale.PRODUCT))


@pytest.mark.parametrize("route", ["ours", "scipy"])
@pytest.mark.benchmark(group="closure of distances, 1000 objects")
def test_closure(benchmark: BenchmarkFixture, route: str) -> None:
    distances = relation(1000).astype(np.float64)
    np.fill_diagonal(distances, 0)
    if route == "scipy":
        measured(benchmark, lambda: floyd_warshall(distances))
    else:
        measured(benchmark, lambda: closure(distances, Quantale.LAWVERE))


@pytest.mark.parametrize("density", [0.001, 0.5])
@pytest.mark.benchmark(group="Boolean composition of 10000 objects")
def test_boolean(benchmark: BenchmarkFixture, density: float) -> None:
    packed = pack(np.random.default_rng(0).random((10_000, 10_000), dtype=np.float32) < density)
    measured(benchmark, lambda: compose_packed(packed, packed))


@pytest.mark.benchmark(group="100 tasks, 10000 objects")
def test_nearest(benchmark: BenchmarkFixture) -> None:
    rng = np.random.default_rng(0)
    matrix, tasks = rng.random((10_000, 10_000), dtype=np.float32), rng.random((100, 10_000), dtype=np.float32)
    measured(benchmark, lambda: nearest_columns(matrix, tasks), ONCE)


STREAMED = """
import numpy as np, resource
from formal.bulk import KernelSource, nearest_columns, sampled_violations
from formal.quantale import Quantale
points = np.random.default_rng(0).normal(size=(100_000, 8)).astype(np.float32)
points /= np.linalg.norm(points, axis=1, keepdims=True)
source = KernelSource(points, points, lambda a, b: np.exp(-np.arccos(np.clip(a @ b.T, -1, 1))))
known = source.block(np.arange(100_000), np.arange(5)).T
tasks = np.concatenate([known, np.random.default_rng(1).random((5, 100_000))])
found = nearest_columns(source, tasks)
bound = sampled_violations(source, Quantale.PRODUCT, within=1e-6)
print([answer.column for answer in found[:5]], bound)
print("peak of memory: ", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "MiB")
"""


@pytest.mark.benchmark(group="10 tasks, 100000 objects, streamed")
def test_streamed(benchmark: BenchmarkFixture) -> None:
    """In a process of its own, whose memory is limited to 4 GiB: it dies if it needs more."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (4 * 2**30, 4 * 2**30))

    def work() -> None:
        command = [sys.executable, "-c", STREAMED]
        done = subprocess.run(command, check=True, capture_output=True, text=True, preexec_fn=limited)
        benchmark.extra_info["found"] = done.stdout

    measured(benchmark, work, ONCE)
