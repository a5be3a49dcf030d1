"""Scores recomputed from raw predictions: exact, with intervals, chosen among candidates, or not comparable."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle, Scale
from formal.bundle.score import scores_of
from formal.crosscheck.measure import NotComparable, independent_trials, is_within, measured, too_little
from formal.crosscheck.model import Best, Measure, Scope, Selection
from formal.crosscheck.statistics import bonferroni, clopper_pearson, hoeffding
from formal.enriched.expression import Rational
from formal.enriched.formula import Constant
from formal.text import Source, Span
from formal.valuation import decide

SPAN = Span(Source("check.cat", "crosscheck c {}"), 11, 12)
OBJECTS = 40


def array(name: str, axes: tuple[str, ...], values: NDArray[np.int64], names: tuple[str, ...] = ()) -> Array:
    return Array(name, axes, "", values, Scale(), names)


def bundle(**arrays: Array) -> Bundle:
    label = array("label", ("image",), np.arange(OBJECTS) % 4)
    split = array("split", ("image",), np.arange(OBJECTS) % 2, ("select", "verify"))
    # Prompt k is right on the first 4 k + 12 objects.
    prompts = np.array([[i % 4 if i < 4 * k + 12 else 9 for i in range(OBJECTS)] for k in range(5)])
    known = {
        "label": label,
        "split": split,
        "prompt.pred.one": array("prompt.pred.one", ("image",), prompts[4]),
        "prompt.pred.many": array("prompt.pred.many", ("prompt", "image"), prompts),
        **arrays,
    }
    axes = {"image": tuple(f"i{i}" for i in range(OBJECTS)), "prompt": tuple("abcde"), "word": tuple("uvwxyz")}
    return Bundle("b", "b.safetensors", "product", "", "", axes, known, None, "")


def constant(value: Fraction | int) -> Constant:
    return Constant(Rational(Fraction(value)))


def measure(
    array: str = "prompt.pred.one", low: Fraction | int = 0, high: Fraction | int = 1, **more: object
) -> Measure:
    fields: dict[str, object] = {"bundle": bundle(), "score": "accuracy", **more}
    return Measure("it", SPAN, array=array, lower=constant(low), upper=constant(high), **fields)  # type: ignore[arg-type]


def test_a_sample_has_an_exact_score_and_no_interval() -> None:
    found = measured(measure())
    assert (found.value, found.correct, found.count) == (Fraction(28, 40), 28, 40)
    assert (found.lower, found.upper, found.confidence) == (None, None, None)
    assert found.score == "prompt.pred.one.accuracy"


def test_a_split_is_scored_by_itself() -> None:
    found = measured(measure(split="verify"))
    assert (found.correct, found.count, found.score) == (14, 20, "prompt.pred.one.accuracy@verify")


def test_an_error_counts_what_is_wrong() -> None:
    found = measured(measure(score="error", scope=Scope.POPULATION))
    assert (found.value, found.correct) == (Fraction(12, 40), 12)
    assert found.lower == clopper_pearson(12, 40).lower


def test_the_population_has_an_interval() -> None:
    found = measured(measure(scope=Scope.POPULATION, confidence=Fraction(99, 100)))
    bounds = clopper_pearson(28, 40, Fraction(99, 100))
    assert (found.lower, found.upper, found.confidence) == (bounds.lower, bounds.upper, Fraction(99, 100))
    assert found.independent == 40


@pytest.mark.parametrize(
    ("select", "verify", "candidates"),
    [("select", "verify", 1), ("verify", "verify", 5), (None, None, 5), (None, "verify", 5)],
)
def test_the_best_is_corrected_unless_it_was_chosen_on_other_objects(
    select: str | None, verify: str | None, candidates: int
) -> None:
    found = measured(measure("prompt.pred.many", split=verify, item=Best(select), scope=Scope.POPULATION))
    assert found.candidates == candidates
    assert found.confidence == bonferroni(Fraction(19, 20), candidates)
    assert "[e]" in found.score
    count = OBJECTS if verify is None else OBJECTS // 2
    bounds = clopper_pearson(count * 28 // 40, count, found.confidence)
    assert (found.lower, found.upper) == (bounds.lower, bounds.upper)


def test_one_item_is_scored_by_its_label() -> None:
    assert measured(measure("prompt.pred.many", item="a")).value == Fraction(12, 40)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (measure("prompt.pred.none"), "has no raw predictions `prompt.pred.none`; it has `prompt.pred.many`"),
        (measure("label"), "is no array of raw predictions"),
        (measure(split="test"), "is not scored on the split `test`; the splits are `select`, `verify`"),
        (measure(score="mae"), "has no score `mae`"),
        (measure("prompt.pred.many"), "has 5 items; say which one"),
        (measure("prompt.pred.many", item="z"), "has no item `z`"),
        (measure(item=Best(None)), "has no items to choose from"),
        (measure(score="majority", scope=Scope.POPULATION), "is no share of objects"),
    ],
)
def test_what_is_not_there_is_not_comparable(asked: Measure, reason: str) -> None:
    with pytest.raises(NotComparable, match=reason):
        measured(asked)


def test_predictions_without_truth_are_not_comparable() -> None:
    lost = array("icl.pred", ("word",), np.zeros(6, dtype=np.int64))
    with pytest.raises(NotComparable, match=r"no truth that `icl[.]pred` can be compared with"):
        measured(measure("icl.pred", bundle=bundle(**{"icl.pred": lost})))


# --- shared objects -------------------------------------------------------------------------------


def pairs(axes: tuple[str, str], shape: tuple[int, int]) -> Bundle:
    truth = np.indices(shape).sum(axis=0) % 2
    found = truth.copy()
    found[0] = 1 - found[0]
    return bundle(
        **{"task.close": array("task.close", axes, truth), "edge.pred.close": array("edge.pred.close", axes, found)}
    )


@pytest.mark.parametrize(
    ("axes", "shape", "trials"),
    [(("image", "image"), (40, 40), 20), (("image", "word"), (40, 6), 6), (("word", "image"), (6, 40), 6)],
)
def test_pairs_share_objects(axes: tuple[str, str], shape: tuple[int, int], trials: int) -> None:
    given = pairs(axes, shape)
    (score, *_) = scores_of(given, "edge.pred.close")
    assert independent_trials(given, score) == trials
    found = measured(measure("edge.pred.close", bundle=given, scope=Scope.POPULATION))
    bounds = hoeffding(found.value, trials)
    assert (found.lower, found.upper, found.independent) == (bounds.lower, bounds.upper, trials)


def test_a_part_has_fewer_independent_pairs() -> None:
    found = measured(
        measure("edge.pred.close", bundle=pairs(("image", "image"), (40, 40)), split="verify", scope=Scope.POPULATION)
    )
    assert found.independent == 10


def test_the_author_can_know_of_fewer_independent_trials_but_not_of_more() -> None:
    fewer = measured(measure(scope=Scope.POPULATION, independent=13))
    assert fewer.independent == 13
    assert fewer.lower == hoeffding(Fraction(28, 40), 13).lower
    assert measured(measure(scope=Scope.POPULATION, independent=4000)).independent == 40


# --- held against a prediction --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "scope", "holds"),
    [
        (Fraction(7, 10), Fraction(7, 10), Scope.SAMPLE, True),
        (Fraction(71, 100), 1, Scope.SAMPLE, False),
        (0, Fraction(69, 100), Scope.SAMPLE, False),
        (Fraction(71, 100), 1, Scope.POPULATION, True),
        (0, Fraction(1, 2), Scope.POPULATION, False),
        (Fraction(9, 10), 1, Scope.POPULATION, False),
    ],
)
def test_a_score_is_compared_exactly_and_an_interval_by_whether_they_meet(
    low: Fraction | int, high: Fraction | int, scope: Scope, holds: bool
) -> None:
    asked = measure(low=low, high=high, scope=scope)
    assert decide(is_within(asked, measured(asked))).truth is holds


def test_a_wide_interval_is_too_little_data_and_says_so() -> None:
    few = measured(measure(scope=Scope.POPULATION, independent=3))
    assert "too little data: the interval of 3 independent trials" in too_little(few)
    assert too_little(measured(measure(scope=Scope.POPULATION))) == ""
    assert too_little(measured(measure())) == ""


# --- some of the objects --------------------------------------------------------------------------


def test_only_chosen_objects_count() -> None:
    found = measured(measure(on=Selection(patterns=("i3?",))))
    assert (found.correct, found.count) == (0, 10)
    found = measured(measure(on=Selection(labels=frozenset({"i0", "i27", "i28", "elsewhere"}))))
    assert (found.correct, found.count) == (2, 3)


def test_chosen_objects_of_a_part_are_in_both() -> None:
    found = measured(measure(split="verify", on=Selection(labels=frozenset({"i0", "i1", "i3", "i39"}))))
    assert (found.correct, found.count) == (2, 3)
    assert found.score == "prompt.pred.one.accuracy@verify, of some objects"


def test_chosen_objects_that_are_not_there_are_not_comparable() -> None:
    with pytest.raises(NotComparable, match="none of the objects"):
        measured(measure(on=Selection(patterns=("x*",))))
    with pytest.raises(NotComparable, match="none of the objects"):
        measured(measure(split="select", on=Selection(labels=frozenset({"i1"}))))


def test_chosen_objects_have_an_interval_of_their_own() -> None:
    found = measured(measure(scope=Scope.POPULATION, on=Selection(patterns=("i2?",))))
    assert (found.correct, found.count, found.independent) == (8, 10, 10)
