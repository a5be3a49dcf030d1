"""The kernel for theorems beside Z3: five textbook proofs, from bytes to an answer."""

from __future__ import annotations

import pytest
import z3
from pytest_benchmark.fixture import BenchmarkFixture

from formal.herbrand import check
from formal.prove.export import to_smtlib
from tests.herbrand.example import EXAMPLES

pytestmark = [pytest.mark.benchmark, pytest.mark.benchmark(group="five textbook proofs")]


def test_the_kernel_checks_their_certificates(benchmark: BenchmarkFixture) -> None:
    files = [(example.claim, example.certificate) for example in EXAMPLES]
    accepted = benchmark(lambda: [check(claim, certificate).instances for claim, certificate in files])
    assert accepted == [len(example.instances) for example in EXAMPLES]


def test_z3_proves_them_anew(benchmark: BenchmarkFixture) -> None:
    texts = [to_smtlib(example.claim) for example in EXAMPLES]

    def prove() -> list[z3.CheckSatResult]:
        answers = []
        for text in texts:
            solver = z3.SolverFor("UF")
            solver.from_string(text)
            answers.append(solver.check())
        return answers

    assert benchmark(prove) == [z3.unsat] * len(EXAMPLES)
