"""The kernel, which shares no code with the valuation, accepts its verdicts with its evidence, and no others."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.expression import Rational
from formal.enriched.formula import (
    And,
    Classes,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    InHull,
    Matrix,
    Metric,
    Not,
    Opposite,
    Or,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    SoftPrompt,
    SoftWeight,
)
from formal.lawvere import Rejected, check
from formal.quantale import INFINITY, Box, Number, Quantale
from formal.valuation import decide
from tests.valuation.oracle import given

SIZE = 3
LEVELS = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1))


class Choice(random.Random):
    """Random formulas."""

    def value(self, q: Quantale) -> Number:
        match q:
            case Quantale.BOOLEAN:
                return Fraction(self.randint(0, 1))
            case Quantale.LAWVERE:
                return Fraction(self.randint(0, 16), self.choice((1, 2, 4)))
            case _:
                return Fraction(self.randint(0, 6), 6)

    def entry(self, q: Quantale, finite: bool) -> Number | Box:
        if q is Quantale.LAWVERE and not finite and self.random() < 0.15:
            return INFINITY
        value = self.value(q)
        if q is not Quantale.BOOLEAN and self.random() < 0.1:
            return Box(value, value + 1 if q is Quantale.LAWVERE else Fraction(1))
        return value

    def block(self, q: Quantale, rows: int, columns: int, finite: bool = False) -> Matrix:
        return given(q, [[self.entry(q, finite) for _ in range(columns)] for _ in range(rows)])

    def square(self, q: Quantale) -> Matrix:
        base = self.block(q, SIZE, SIZE)
        shapes: tuple[Callable[[], Matrix], ...] = (
            lambda: Closure(base),
            lambda: Composite(base, base),
            lambda: Residual(base, self.block(q, SIZE, SIZE)),
            lambda: Opposite(base),
            lambda: base,
            lambda: base,
        )
        return self.choice(shapes)()

    def quantity(self, q: Quantale) -> Quantity:
        of, target = self.square(q), self.block(q, SIZE, 1)
        metric, within = self.choice(tuple(Metric)), self.choice(LEVELS)
        shapes: tuple[Callable[[], Quantity], ...] = (
            lambda: Entry(of, 0, 1),
            lambda: Distance(of, self.square(q), metric),
            lambda: Excess(Composite(of, target), target),
            lambda: Excess(self.square(q), of),
            lambda: Defect(of),
            lambda: Gap(of, target, metric),
            lambda: Repair(of),
            lambda: Repair(self.block(q, SIZE, SIZE)),
            lambda: PromptNumber(of, target, within),
            lambda: Classes(of, within, metric),
            lambda: Combined("-", (Gap(of, target), Defect(of))),
            lambda: Combined("max", (Gap(of, target), PromptNumber(of, target, within))),
            lambda: Rank(self.block(q, SIZE, 2, finite=True), within),
        )
        return self.choice(shapes)()

    def atom(self) -> Formula:
        q = self.choice(tuple(Quantale))
        match self.randint(0, 8):
            case 0:
                task = given(Quantale.BOOLEAN, [[self.randint(0, 1)] for _ in range(SIZE)])
                threshold = self.choice((None, *LEVELS))
                return SoftPrompt(self.block(q, SIZE, 2, finite=True), task, Fraction(1, 2), threshold)
            case 1:
                target = self.block(q, SIZE, 1, finite=True)
                return SoftWeight(self.block(q, SIZE, 2, finite=True), target, self.choice(LEVELS))
            case 2:
                corners = tuple(self.block(q, 2, 2, finite=True) for _ in range(3))
                return InHull(self.block(q, 2, 2, finite=True), corners, self.choice(LEVELS), shared=False)
            case _:
                level = self.choice((*LEVELS, Fraction(2), Fraction(3)))
                return Compare(self.quantity(q), self.choice(tuple(Order)), Constant(Rational(level)))

    def formula(self) -> Formula:
        match self.randint(0, 5):
            case 0:
                return Not(self.atom())
            case 1:
                return And(tuple(self.atom() for _ in range(self.randint(0, 3))))
            case 2:
                return Or((self.atom(), And((self.atom(), Not(self.atom())))))
            case _:
                return self.atom()


@pytest.mark.parametrize("seed", range(20))
def test_verdicts_pass_and_opposite_ones_do_not(seed: int) -> None:
    choice = Choice(seed)
    decided = 0
    for _ in range(40):
        formula = choice.formula()
        decision = decide(formula)
        if decision.truth is None:
            assert decision.reason
            continue
        decided += 1
        claim = write_enriched_claim(formula)
        verdict, other = ("proved", "refuted") if decision.truth else ("refuted", "proved")
        assert check(claim, write_enriched_certificate(claim, verdict, decision.evidence)).verdict == verdict
        with pytest.raises(Rejected):
            check(claim, write_enriched_certificate(claim, other, decision.evidence))
    assert decided > 20
