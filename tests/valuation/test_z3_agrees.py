"""Z3, asked about the support of a certificate, confirms it; and contradicts what is not so."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from formal.enriched.expression import Rational
from formal.enriched.formula import (
    Compare,
    Constant,
    Defect,
    Formula,
    Gap,
    InHull,
    Metric,
    Order,
    PromptNumber,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.process.child import Process
from formal.quantale import Box, Quantale
from formal.smt.child import Solver
from formal.valuation import decide
from formal.valuation.smt import Answer, Question, ask, questions
from tests.valuation.oracle import given

HALF = Fraction(1, 2)
COSINES = [[Fraction(1), Fraction(9, 10), Fraction(1, 5)], [Fraction(9, 10), Fraction(1), Fraction(4, 5)],
           [Fraction(1, 5), Fraction(4, 5), Fraction(1)]]  # fmt: skip
DISTANCES = [[0, 1, 5], [1, 0, 2], [5, 2, 0]]
TASK = [[Fraction(1)], [Fraction(0)], [Fraction(1)]]
PLANE = [[Fraction(0), Fraction(0)], [Fraction(1), Fraction(1)], [Fraction(2), Fraction(2)]]


@pytest.fixture(scope="module")
def process() -> Iterator[Process]:
    with Solver() as found:
        yield found


def answered(question: Question, process: Process) -> Answer:
    return ask(question, process, resources=50_000_000, memory=1024, seed=0, seconds=60)


def at_most(quantity: object, bound: Fraction) -> Formula:
    return Compare(quantity, Order.AT_MOST, Constant(Rational(bound)))  # type: ignore[arg-type]


def formulas() -> Iterator[tuple[str, Formula, bool]]:
    cosines, distances = given(Quantale.PRODUCT, COSINES), given(Quantale.LAWVERE, DISTANCES)
    task = given(Quantale.PRODUCT, TASK)
    for metric in Metric:
        yield f"far-{metric}", at_most(Gap(cosines, task, metric), Fraction(1, 3)), False
        yield f"near-{metric}", at_most(Gap(cosines, task, metric), Fraction(2)), True
    boxes = [[Box(v - Fraction(1, 20), v) for v in row] for row in COSINES]
    yield "boxes", at_most(Gap(given(Quantale.PRODUCT, boxes), task), Fraction(1, 3)), False
    for quantale in (Quantale.PRODUCT, Quantale.LUKASIEWICZ, Quantale.GODEL):
        yield f"triple-{quantale.value}", at_most(Defect(given(quantale, COSINES)), Fraction(0)), False
    for quantale in (Quantale.LUKASIEWICZ, Quantale.GODEL):
        yield f"path-{quantale.value}", at_most(Repair(given(quantale, COSINES)), Fraction(0)), False
    yield "triple-distances", at_most(Defect(distances), Fraction(0)), False
    yield "path-distances", at_most(Repair(distances), Fraction(1, 2)), False
    boolean = given(Quantale.BOOLEAN, [[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1]])
    every = given(Quantale.BOOLEAN, [[1], [1], [1], [1]])
    yield "fewer", at_most(PromptNumber(boolean, every, Fraction(0)), Fraction(2)), False
    alternating = given(Quantale.BOOLEAN, [[1], [0], [1]])
    first = given(Quantale.BOOLEAN, [[1], [0], [0]])
    plane = given(Quantale.LAWVERE, PLANE)
    yield "soft-refuted", SoftPrompt(plane, alternating, HALF, None), False
    yield "soft-proved", SoftPrompt(plane, first, HALF, None), True
    yield "weight-refuted", SoftWeight(plane, given(Quantale.LAWVERE, [[1], [1], [2]]), Fraction(1, 5)), False
    yield "weight-proved", SoftWeight(plane, given(Quantale.LAWVERE, [[0], [1], [2]]), Fraction(0)), True
    yield "hull-proved", InHull(given(Quantale.LAWVERE, [[HALF, HALF]]), (plane,), Fraction(0), shared=True), True
    yield "hull-refuted", InHull(given(Quantale.LAWVERE, [[1, 0]]), (plane,), Fraction(1, 3), shared=True), False


@pytest.mark.parametrize(("formula", "truth"), [case[1:] for case in formulas()], ids=[case[0] for case in formulas()])
def test_z3_confirms(formula: Formula, truth: bool, process: Process) -> None:
    decision = decide(formula)
    assert decision.truth is truth
    asked = questions(formula, decision)
    assert len(asked) == 1
    assert answered(asked[0], process) is Answer.CONFIRMED


def test_what_is_not_linear_is_not_asked() -> None:
    formula = at_most(Repair(given(Quantale.PRODUCT, COSINES)), Fraction(0))
    assert questions(formula, decide(formula)) == ()


def test_z3_contradicts_what_is_not_so(process: Process) -> None:
    wrong = Question((), b"(declare-const x Real)\n(assert (< 0.0 x))\n", "unsat", "QF_LRA")
    assert answered(wrong, process) is Answer.CONTRADICTED
    unreadable = Question((), b"(assert", "unsat", "QF_LRA")
    assert answered(unreadable, process) is Answer.UNKNOWN
