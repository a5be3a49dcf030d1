"""Representability from tables at a hundred thousand arrows and a million: decided, written down, re-checked.

Times are processor times of one process. Each is compared with the least that must be done with the same data.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from formal.certificate.write import write_certificate, write_claim
from formal.core.functor import SetFunctor
from formal.decide.decision import decide
from formal.decide.representable import action_graph, coproduct_of_representables, universal_elements
from formal.kernel import Accepted, check
from formal.smt.child import Solver
from formal.smt.solve import decide_by_smt
from formal.verify.run import check_text
from tests.benchmarks import large
from tests.benchmarks.large import Case

pytestmark = pytest.mark.benchmark(timer=time.process_time)

ROUNDS = {"rounds": 3, "iterations": 1, "warmup_rounds": 1}


def seconds(call: Callable[[], object], rounds: int = 3) -> float:
    """The least processor time of some calls."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return max(min(took), 1e-6)


def written(case: Case) -> tuple[bytes, bytes]:
    """The claim, and the certificate of its direct decision."""
    formula = large.question(case)
    decision = decide(formula)
    claim = write_claim(formula)
    return claim, write_certificate(claim, decision.value, decision.evidence, formula)


def certified(case: Case) -> Accepted:
    """The case decided, written down and re-checked."""
    accepted = check(*written(case))
    assert (accepted.verdict == "proved") is case[2]
    return accepted


def exponent(sizes: list[int], took: list[float]) -> float:
    """k such that the time grows like the k-th power of the size, by least squares."""
    return float(np.polyfit(np.log(sizes), np.log(took), 1)[0])


# --- a hundred thousand arrows --------------------------------------------------------------------


@pytest.mark.parametrize("name", large.HUNDRED_THOUSAND)
def test_decision(benchmark: BenchmarkFixture, name: str) -> None:
    """The decision with its witnesses, nothing kept from before, next to scipy's strong components of the same graph.

    That scipy is loaded once, and its matrix made, is not counted.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    make = large.HUNDRED_THOUSAND[name]
    case = make()
    functor, _, value = case
    graph = action_graph(functor).graph
    matrix = csr_matrix((np.ones(len(graph.tail)), (graph.tail, graph.head)), shape=(graph.size, graph.size))
    took: list[float] = []

    def fresh() -> tuple[tuple[SetFunctor, int], dict[str, object]]:
        return make()[:2], {}

    def decided(functor: SetFunctor, count: int) -> bool:
        start = time.process_time()
        answer, _ = coproduct_of_representables(functor, count)
        took.append(time.process_time() - start)
        return answer

    benchmark.group = name
    assert benchmark.pedantic(decided, setup=fresh, rounds=5) is value
    floor = seconds(lambda: connected_components(matrix, connection="strong"))
    median = statistics.median(took)
    benchmark.extra_info.update(seconds=round(median, 4), times_scipy_components=round(median / floor, 1))
    print(f"\n{name}: decided in {median:.4f} s, {median / floor:.0f} times scipy's strong components")
    assert large.size(case) > 100_000
    assert median <= 0.1


@pytest.mark.parametrize("name", large.HUNDRED_THOUSAND)
def test_certificate(benchmark: BenchmarkFixture, name: str) -> None:
    """Deciding, writing and re-checking, next to reading the same bytes as JSON and writing them again."""
    case = large.HUNDRED_THOUSAND[name]()
    benchmark.group = name
    accepted = benchmark.pedantic(certified, (case,), **ROUNDS)
    claim, certificate = written(case)
    whole, writing = seconds(lambda: certified(case)), seconds(lambda: written(case))
    floor = seconds(lambda: [json.dumps(json.loads(data)) for data in (claim, certificate)])
    megabytes = (len(claim) + len(certificate)) / 1e6
    benchmark.extra_info.update(
        seconds=round(whole, 3),
        megabytes=round(megabytes, 2),
        times_json=round(whole / floor, 1),
        steps=accepted.steps,
        trusted=list(accepted.trusted),
    )
    print(
        f"\n{name}: {megabytes:.1f} MB written in {writing:.2f} s, checked in {whole - writing:.2f} s, together "
        f"{whole / floor:.1f} times reading and writing JSON; trusted: {'; '.join(accepted.trusted) or 'nothing'}"
    )
    assert whole <= 5


_CHILD = """
import sys
from pathlib import Path
from tests.benchmarks import large
from tests.benchmarks.test_scale import certified
certified(vars(large)[sys.argv[1]][sys.argv[2]]())
print(*(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""


def peak_megabytes(cases: str, name: str) -> int:
    """What a process of its own needs to decide, write and re-check a case."""
    done = subprocess.run([sys.executable, "-c", _CHILD, cases, name], capture_output=True, text=True, check=True)
    return int(done.stdout) // 1024


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux says how much memory a process had")
@pytest.mark.parametrize("name", large.HUNDRED_THOUSAND)
def test_memory(name: str) -> None:
    peak = peak_megabytes("HUNDRED_THOUSAND", name)
    print(f"\n{name}: {peak} MiB")
    assert peak <= 2000


SCRIPT = """
category Grid = chain(25) * chain(25)
presheaf Pairs on Grid = constant({a, b}, Grid)
claim one_prompt: representable(y("(24, 24)"))
claim no_prompt:  representable(Pairs) expect refuted
"""


def test_script(benchmark: BenchmarkFixture) -> None:
    """From a script to its verdicts and their explanations, next to enumerating its category alone."""
    benchmark.group = "script, 105 625 arrows"
    file = benchmark.pedantic(check_text, (SCRIPT,), rounds=2, warmup_rounds=1)
    assert all(claim.as_expected and claim.certified for claim in file.claims)
    took, floor = seconds(lambda: check_text(SCRIPT), 2), seconds(lambda: large.grid(25))
    print(f"\nscript: {took:.2f} s, {took / floor:.1f} times enumerating the category alone")
    assert took <= 5


def test_all_universal_elements(benchmark: BenchmarkFixture) -> None:
    functor, _, _ = large.torus_represented(250, 400)
    assert len(benchmark(universal_elements, functor)) == 100_000


# --- a million arrows -----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", large.MILLION)
def test_million(benchmark: BenchmarkFixture, name: str) -> None:
    case = large.MILLION[name]()
    benchmark.group = name
    accepted = benchmark.pedantic(certified, (case,), rounds=1)
    peak = peak_megabytes("MILLION", name) if sys.platform.startswith("linux") else 0
    benchmark.extra_info.update(steps=accepted.steps, mebibytes=peak, trusted=list(accepted.trusted))
    print(f"\n{name}: {benchmark.stats.stats.min:.1f} s, {peak} MiB" if benchmark.stats else "")


# --- growth ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", large.GROWING)
def test_growth(benchmark: BenchmarkFixture, name: str) -> None:
    """The exponents with which the times of the decision, and of all up to the kernel's verdict, grow."""
    make, parameters = large.GROWING[name]
    cases = [make(parameter) for parameter in parameters]
    sizes = [large.size(case) for case in cases]
    decide(large.question(cases[-1]))  # scipy is loaded

    def measured() -> tuple[list[float], list[float]]:
        deciding = [seconds(lambda case=case: coproduct_of_representables(case[0], case[1])) for case in cases]
        return deciding, [seconds(lambda case=case: certified(case), 2) for case in cases]

    deciding, whole = benchmark.pedantic(measured, rounds=1)
    grows = {"decision": exponent(sizes, deciding), "certificate": exponent(sizes, whole)}
    benchmark.extra_info.update({key: round(k, 2) for key, k in grows.items()}, sizes=sizes)
    print(f"\n{name}: sizes {sizes}, decision grows as n^{grows['decision']:.2f}, all as n^{grows['certificate']:.2f}")
    assert max(grows.values()) < 1.4


# --- engines --------------------------------------------------------------------------------------

MIDDLE: dict[str, Callable[[], Case]] = {
    "grid, 11 025 arrows, represented": lambda: large.grid_represented(14),
    "grid, 11 025 arrows, not represented": lambda: large.grid_labelled(14, 50),
    "group, 10 000 arrows, represented": lambda: large.torus_represented(100, 100),
    "group, 10 000 arrows, not represented": lambda: large.torus_fixed(100, 100),
}
"""Ten thousand arrows, and up to as many elements."""


@pytest.mark.parametrize("name", MIDDLE)
def test_engines(benchmark: BenchmarkFixture, name: str) -> None:
    """Z3 with its translation, in a running child process, next to the direct decision: elapsed times."""
    case = MIDDLE[name]()
    formula = large.question(case)
    benchmark.group = "engines"
    with Solver() as solver:
        decide_by_smt(formula, solver=solver)
        took = []
        for _ in range(3):
            start = time.perf_counter()
            assert decide_by_smt(formula, solver=solver).value is case[2]
            took.append(time.perf_counter() - start)
    assert benchmark.pedantic(decide, (formula,), **ROUNDS).value is case[2]
    direct = seconds(lambda: decide(formula))
    benchmark.extra_info.update(smt=round(min(took), 3), direct=round(direct, 4))
    print(f"\n{name}: Z3 {min(took):.3f} s, direct {direct:.4f} s: {min(took) / direct:.0f} times")
    assert min(took) <= 2


SMALL: dict[str, Callable[[], Case]] = {
    "grid, 3025 arrows, represented": lambda: large.grid_represented(10),
    "grid, 3025 arrows, not represented": lambda: large.grid_labelled(10, 30),
    "group, 900 arrows, represented": lambda: large.torus_represented(30, 30),
    "group, 900 arrows, not represented": lambda: large.torus_fixed(30, 30),
}
"""What the definition can be evaluated on."""


@pytest.mark.parametrize("name", SMALL)
def test_definition(benchmark: BenchmarkFixture, name: str) -> None:
    """All universal elements by strong components, next to trying each (P, u)."""
    functor, _, value = SMALL[name]()
    benchmark.group = "definition"
    found = benchmark(universal_elements, functor)
    start = time.process_time()
    assert large.universal_by_pairs(functor) == list(found)
    plain = time.process_time() - start
    took = seconds(lambda: universal_elements(functor))
    assert bool(found) is value
    benchmark.extra_info["times_faster"] = round(plain / took)
    print(f"\n{name}: {took * 1000:.2f} ms, pair by pair {plain * 1000:.2f} ms: {plain / took:.0f} times")
