"""Scores recomputed from raw predictions, with what they say of the population, and held against a prediction.

Source: as for ``formal.crosscheck.statistics``; best of N: Bonferroni's inequality, or selection on one part of the
objects and verification on another.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np

from formal.bundle.model import Array, Bundle, Scale
from formal.bundle.score import Score, predictions, scores_of, splits
from formal.crosscheck.model import Best, Measure, Scope
from formal.crosscheck.statistics import WIDEST, bonferroni, rate
from formal.enriched.expression import Rational
from formal.enriched.formula import And, Compare, Constant, Formula, Order
from formal.verdict.result import MeasuredRate

SCORES = ("accuracy", "error", "majority", "sup", "tv", "mae")
_RATES = ("accuracy", "error")


class NotComparable(Exception):
    """There is no measured value; says why, in a sentence without a full stop."""


def measured(measure: Measure) -> MeasuredRate:
    """The score, recomputed; with its interval where it speaks of the population.

    Raises:
        NotComparable: there are no raw predictions for it, or no objects.
    """
    score, candidates = _score(measure)
    name = _name(measure, score)
    if not score.count:
        raise NotComparable(f"no objects are scored by `{name}`")
    value = score.values.get(measure.score)
    if value is None:
        known = ", ".join(f"`{each}`" for each in score.values)
        raise NotComparable(f"`{score.array}` has no score `{measure.score}`, only {known}")
    correct = None if score.correct is None or measure.score not in _RATES else int(value * score.count)
    exact = MeasuredRate(name, correct, score.count, value)
    if measure.scope is Scope.SAMPLE:
        return exact
    if correct is None:
        raise NotComparable(f"`{measure.score}` is no share of objects, so nothing is known of the population")
    trials = independent_trials(measure.bundle, score)
    if measure.independent is not None:
        trials = min(trials, measure.independent)
    if not trials:
        raise NotComparable(f"no two of the {score.count} values that `{name}` compares are independent")
    confidence = bonferroni(measure.confidence, candidates)
    bounds = rate(correct, score.count, trials, confidence)
    return MeasuredRate(name, correct, score.count, value, bounds.lower, bounds.upper, confidence, trials, candidates)


def is_within(measure: Measure, found: MeasuredRate) -> Formula:
    """That the score lies in the predicted interval; for the population, that the two intervals meet.

    Nothing agrees with an interval whose ends are the wrong way round.
    """
    least = found.value if found.lower is None else found.lower
    most = found.value if found.upper is None else found.upper
    return And(
        (
            Compare(measure.lower, Order.AT_MOST, Constant(Rational(most))),
            Compare(Constant(Rational(least)), Order.AT_MOST, measure.upper),
            Compare(measure.lower, Order.AT_MOST, measure.upper),
        )
    )


def too_little(found: MeasuredRate) -> str:
    """Why an interval says too little to agree with anything; empty when it does not.

    That it does not meet a prediction is a finding however wide it is.
    """
    if found.lower is None or found.upper is None or found.upper - found.lower <= WIDEST:
        return ""
    return f"too little data: the interval of {found.independent} independent trials is wider than {WIDEST}"


def independent_trials(bundle: Bundle, score: Score) -> int:
    """How many of the compared entries share no object: objects of an axis, over how often the axis occurs."""
    axes = bundle.arrays[score.truth].axes
    others = math.prod(len(bundle.axes[axis]) for axis in axes[1:])
    sizes = {axis: len(bundle.axes[axis]) for axis in axes}
    sizes[axes[0]] = min(sizes[axes[0]], score.count // others if others else 0)
    return min(sizes[axis] // times for axis, times in Counter(axes).items())


def _score(measure: Measure) -> tuple[Score, int]:
    """The score, and how many items it was chosen from on the same objects."""
    bundle, array = measure.bundle, measure.array
    if array not in bundle.arrays:
        known = ", ".join(f"`{name}`" for name in predictions(bundle)[:8])
        what = f"; it has {known}" if known else ""
        raise NotComparable(f"`{bundle.file}` has no raw predictions `{array}`{what}")
    if array not in predictions(bundle):
        raise NotComparable(f"`{array}` of `{bundle.file}` is no array of raw predictions")
    found = {(score.split, score.item): score for score in scores_of(bundle, array)}
    if not found:
        raise NotComparable(f"`{bundle.file}` has no truth that `{array}` can be compared with")
    items = list(dict.fromkeys(item for _, item in found))
    parts = (measure.split, *([measure.item.select] if isinstance(measure.item, Best) else []))
    for part in parts:
        if (part, items[0]) not in found:
            known = ", ".join(f"`{name}`" for name in splits(bundle)) or "none"
            raise NotComparable(f"`{array}` is not scored on the split `{part}`; the splits are {known}")
    if measure.on is not None:
        found = _chosen(measure, next(iter(found.values())).truth)
    match measure.item:
        case Best(select=select):
            chosen = _best(found, items, select, array)
            return found[measure.split, chosen], 1 if _are_disjoint(select, measure.split) else len(items)
        case item if item is None and items != [None]:
            raise NotComparable(f"`{array}` has {len(items)} items; say which one, or take the best of them")
        case item:
            if (measure.split, item) not in found:
                raise NotComparable(f"`{array}` has no item `{item}`")
            return found[measure.split, item], 1


def _chosen(measure: Measure, truth: str) -> dict[tuple[str | None, str | None], Score]:
    """The scores of some objects of the part, as if they were that part."""
    bundle, on = measure.bundle, measure.on
    axis = bundle.arrays[truth].axes[0]
    chosen = np.array([on is not None and label in on for label in bundle.axes[axis]], dtype=bool)
    if measure.split is not None:
        split = bundle.arrays["split"]
        chosen &= np.array([split.called(int(code)) == measure.split for code in split.values.tolist()], dtype=bool)
    if not chosen.any():
        raise NotComparable(f"`{measure.array}` is scored on none of the objects that are asked for")
    part = Array("split", (axis,), "split", chosen.astype(np.int64), Scale(), ("other", "chosen"))
    scores = scores_of(replace(bundle, arrays={**bundle.arrays, "split": part}), measure.array)
    return {(measure.split, score.item): score for score in scores if score.split == "chosen"}


def _best(
    found: dict[tuple[str | None, str | None], Score], items: list[str | None], select: str | None, array: str
) -> str | None:
    """The first item of the greatest accuracy on a part of the objects."""
    if items == [None]:
        raise NotComparable(f"`{array}` has no items to choose from")
    scores = [found[select, item] for item in items]
    if any(score.accuracy is None for score in scores):
        raise NotComparable(f"`{array}` has no accuracy to choose by")
    return max(scores, key=lambda score: score.accuracy or Fraction(0)).item


def _are_disjoint(select: str | None, verify: str | None) -> bool:
    """Two named parts share no object unless they are the same; the whole shares objects with every part."""
    return select is not None and verify is not None and select != verify


def _name(measure: Measure, score: Score) -> str:
    item = "" if score.item is None else f"[{score.item}]"
    split = "" if measure.split is None else f"@{measure.split}"
    some = "" if measure.on is None else ", of some objects"
    return f"{score.array}.{measure.score}{item}{split}{some}"
