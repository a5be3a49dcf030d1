"""Intervals for rates: against SciPy's, against exact tails, and how often they contain the truth."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from formal.crosscheck.statistics import (
    DIGITS,
    Interval,
    bonferroni,
    clopper_pearson,
    disjoint_tuples,
    hoeffding,
    hoeffding_boxes,
    hoeffding_radius,
    rate,
)

CONFIDENCES = (Fraction(9, 10), Fraction(19, 20), Fraction(99, 100), Fraction(999, 1000))
STEP = Fraction(1, 10**DIGITS)


@st.composite
def counts(draw: st.DrawFn, most: int = 400) -> tuple[int, int]:
    trials = draw(st.integers(1, most))
    return draw(st.integers(0, trials)), trials


@given(counts(), st.sampled_from(CONFIDENCES))
def test_clopper_pearson_is_that_of_scipy_rounded_outwards(count: tuple[int, int], confidence: Fraction) -> None:
    found = clopper_pearson(*count, confidence)
    theirs = binomtest(*count).proportion_ci(float(confidence), method="exact")
    assert float(found.lower) <= theirs.low <= float(found.lower) + 2.1 * float(STEP)
    assert float(found.upper) - 2.1 * float(STEP) <= theirs.high <= float(found.upper)


def tail_at_least(successes: int, trials: int, p: Fraction) -> Fraction:
    """The exact probability of so many successes or more."""
    total = sum(
        math.comb(trials, k) * p.numerator**k * (p.denominator - p.numerator) ** (trials - k)
        for k in range(successes, trials + 1)
    )
    return Fraction(total, p.denominator**trials)


@given(counts(40), st.sampled_from(CONFIDENCES))
def test_the_ends_of_clopper_pearson_are_where_the_tails_are_half_of_the_error(
    count: tuple[int, int], confidence: Fraction
) -> None:
    successes, trials = count
    found, half = clopper_pearson(successes, trials, confidence), (1 - confidence) / 2
    if successes:
        assert tail_at_least(successes, trials, found.lower) <= half
        assert tail_at_least(successes, trials, found.lower + 3 * STEP) > half
    else:
        assert found.lower == 0
    if successes < trials:
        assert tail_at_least(trials - successes, trials, 1 - found.upper) <= half
        assert tail_at_least(trials - successes, trials, 1 - found.upper + 3 * STEP) > half
    else:
        assert found.upper == 1


@pytest.mark.parametrize("trials", [5, 30, 132])
@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.97])
def test_clopper_pearson_contains_the_true_rate_as_often_as_it_says(trials: int, p: float) -> None:
    # Not a simulation: the sum over all outcomes is the probability itself.
    covered = sum(
        binom.pmf(k, trials, p) for k in range(trials + 1) if Fraction(p) in clopper_pearson(k, trials, Fraction(9, 10))
    )
    assert covered >= 0.9


def test_nothing_tried_says_nothing() -> None:
    assert clopper_pearson(0, 0) == Interval(Fraction(0), Fraction(1))


@pytest.mark.parametrize("wrong", [(3, 2), (-1, 2)])
def test_more_successes_than_trials_make_no_sense(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="make no sense"):
        clopper_pearson(*wrong)


@pytest.mark.parametrize("confidence", [Fraction(0), Fraction(1), Fraction(2)])
def test_certainty_is_no_confidence(confidence: Fraction) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        clopper_pearson(1, 2, confidence)
    with pytest.raises(ValueError, match="between 0 and 1"):
        hoeffding_radius(10, confidence=confidence)
    with pytest.raises(ValueError, match="between 0 and 1"):
        bonferroni(confidence, 2)


def test_zero_of_132_disjoint_triples_leave_two_and_a_half_percent() -> None:
    assert disjoint_tuples(397, 3) == 132
    one_sided = clopper_pearson(0, 132, Fraction(9, 10)).upper
    assert round(float(one_sided), 3) == 0.022


@given(st.integers(1, 10**6), st.integers(1, 10**5), st.sampled_from(CONFIDENCES))
def test_hoeffding_s_radius_is_just_large_enough(samples: int, entries: int, confidence: Fraction) -> None:
    radius = hoeffding_radius(samples, entries, confidence)
    error = 2 * entries * math.exp(-2 * samples * float(radius) ** 2)
    smaller = 2 * entries * math.exp(-2 * samples * float(max(radius - 2 * STEP, Fraction(0))) ** 2)
    assert error <= float(1 - confidence) * (1 + 1e-9) <= smaller * (1 + 1e-6)


def test_a_confidence_next_to_certainty_still_has_a_radius() -> None:
    assert hoeffding_radius(10, 1, 1 - Fraction(1, 10**400)) > hoeffding_radius(10, 1, 1 - Fraction(1, 10**300))


def test_boxes_hold_all_rates_at_once() -> None:
    rng = np.random.default_rng(20)
    truth = np.array([[0.5, 0.25, 0.25], [0.1, 0.9, 0.0], [1.0, 0.0, 0.0]])
    confidence, runs, kept = Fraction(9, 10), 400, 0
    for _ in range(runs):
        drawn = [20, 50, 30]
        counted = [rng.multinomial(n, row).tolist() for n, row in zip(drawn, truth, strict=True)]
        boxes = hoeffding_boxes(counted, drawn, confidence)
        kept += all(
            Fraction(p) in box
            for row, found in zip(truth, boxes, strict=True)
            for p, box in zip(row, found, strict=True)
        )
    # The chance that a sound method keeps fewer of 400 is below one in a thousand.
    assert kept >= binom.ppf(0.001, runs, float(confidence))


def test_each_row_has_the_radius_of_its_own_sample() -> None:
    first, second = hoeffding_boxes([[50, 50], [500, 500]], [100, 1000])
    assert first[0].width == 2 * hoeffding_radius(100, 4)
    assert second[0].width == 2 * hoeffding_radius(1000, 4)


def test_a_count_above_its_sample_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="not between 0 and 3"):
        hoeffding_boxes([[4]], [3])


def test_the_best_of_many_needs_the_corrected_interval() -> None:
    # Prompts that guess: the true rate is 1/2 for all of them, and the best looks better than it is.
    rng = np.random.default_rng(7)
    runs, candidates, objects, confidence = 400, 50, 100, Fraction(19, 20)
    best = rng.binomial(objects, 0.5, size=(runs, candidates)).max(axis=1).tolist()
    half = Fraction(1, 2)
    naive = sum(half in clopper_pearson(k, objects, confidence) for k in best) / runs
    corrected = sum(half in clopper_pearson(k, objects, bonferroni(confidence, candidates)) for k in best) / runs
    assert naive < 0.6
    assert corrected >= 0.95


def test_an_average_over_tuples_is_bounded_by_the_disjoint_ones() -> None:
    # x = y for all pairs of n objects from two equally likely classes: pairs share objects, so n^2 of them are not
    # n^2 independent ones. The true rate of distinct pairs is 1/2.
    rng = np.random.default_rng(3)
    objects, runs, kept, narrow = 20, 300, 0, 0
    for _ in range(runs):
        bits = rng.integers(0, 2, objects)
        ones = int(bits.sum())
        same = ones * (ones - 1) + (objects - ones) * (objects - ones - 1)
        pairs = objects * (objects - 1)
        kept += Fraction(1, 2) in rate(same, pairs, disjoint_tuples(objects, 2), Fraction(9, 10))
        narrow += Fraction(1, 2) in clopper_pearson(same, pairs, Fraction(9, 10))
    assert kept >= 0.9 * runs
    assert narrow < 0.9 * runs


def test_independent_trials_have_exact_bounds() -> None:
    assert rate(92, 100, 100) == clopper_pearson(92, 100)
    assert rate(92, 100, 50) == hoeffding(Fraction(92, 100), 50)


def test_the_ends_of_an_interval_are_in_order() -> None:
    with pytest.raises(ValueError, match="no number lies between"):
        Interval(Fraction(1), Fraction(0))
