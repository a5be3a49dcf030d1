"""That the work grows with the size and not with its square, by counting executed lines: the same on every machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from math import log
from types import FrameType
from typing import Any

import pytest

from formal.certificate.write import write_certificate, write_claim
from formal.core.category import Category
from formal.decide.decision import decide
from formal.decide.representable import coproduct_of_representables
from formal.kernel import check
from formal.present import enumerate_category
from tests.benchmarks import large
from tests.benchmarks.large import Case
from tests.present import known

SIZES: dict[str, tuple[Callable[[int], Case], tuple[int, ...]]] = {
    "group, represented": (lambda n: large.torus_represented(n, 10), (80, 160, 320, 640)),
    "group, not represented": (lambda n: large.torus_fixed(n, 10), (80, 160, 320, 640)),
    "grid, represented": (large.grid_represented, (4, 6, 8, 10)),
    "grid, not represented": (lambda n: large.grid_labelled(n, n * n), (3, 5, 7, 9)),
    "turns, many prompts": (large.turns_labelled, (10, 20, 40, 80)),
}
"""Cases of growing size, each small enough for the algorithms that are written in Python throughout."""


def lines(call: Callable[[], object]) -> int:
    """How many lines of Python are executed in a call, one for each element of a comprehension."""
    count = 0

    def tracing(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return tracing

    before = sys.gettrace()
    sys.settrace(tracing)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def exponents(sizes: list[int], counts: list[int]) -> list[float]:
    """For each step from one size to the next the power of their ratio by which the count grows."""
    points = zip(sizes, counts, strict=True)
    return [log(after / before) / log(big / small) for (small, before), (big, after) in pairwise(points)]


@pytest.mark.parametrize("name", SIZES)
def test_decision_takes_linear_work(name: str) -> None:
    make, parameters = SIZES[name]
    cases = [make(parameter) for parameter in parameters]
    counts = [lines(lambda case=case: coproduct_of_representables(case[0], case[1])) for case in cases]
    assert max(exponents([large.size(case) for case in cases], counts)) < 1.15


@pytest.mark.parametrize("name", SIZES)
def test_certificate_takes_near_linear_work(name: str) -> None:
    make, parameters = SIZES[name]
    cases = [make(parameter) for parameter in parameters]
    counts: list[int] = []
    steps: list[int] = []
    for case in cases:
        formula = large.question(case)
        decision = decide(formula)
        claim = write_claim(formula)
        certificate = write_certificate(claim, decision.value, decision.evidence, formula)
        accepted = check(claim, certificate)
        assert (accepted.verdict == "proved") is case[2]
        assert accepted.trusted == ()
        steps.append(accepted.steps)
        counts.append(lines(lambda formula=formula: write_claim(formula)))
    sizes = [large.size(case) for case in cases]
    assert max(exponents(sizes, steps)) < 1.3
    assert max(exponents(sizes, counts)) < 1.15


def test_the_definition_takes_quadratic_work() -> None:
    """The measure tells linear from quadratic: trying each pair (P, u) is not linear."""
    cases = [large.torus_represented(n, 2) for n in (5, 10, 20)]
    counts = [lines(lambda case=case: large.universal_by_pairs(case[0])) for case in cases]
    assert min(exponents([large.size(case) for case in cases], counts)) > 1.5


def test_enumeration_takes_near_linear_work() -> None:
    sizes: list[int] = []
    counts: list[int] = []
    for side in (4, 6, 8, 10):
        presentation = known.grid(side, side)
        counts.append(lines(lambda presentation=presentation: enumerate_category(presentation)))
        category = enumerate_category(presentation)
        assert isinstance(category, Category)
        sizes.append(category.arrow_count + len(category.steps))
    assert max(exponents(sizes, counts)) < 1.3
