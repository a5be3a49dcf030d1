"""Scores recomputed from raw predictions, as exact counts; what the manifest states of them is a claim to be checked.

An array of the role ``prediction``, or named ``prompt.pred.NAME``, ``finetune.pred.NAME``, ``icl.pred``, is held
against its truth: the array that ``truth`` names in its description, else ``task.NAME``, else ``PREFIX.label``, else
``label``. Its axes are those of the truth, with one axis of classes after them (the class is the first greatest entry)
or one of items, say prompts, before them. Whole numbers are compared for equality; degrees against yes or no count as
yes from 1/2 on; degrees against degrees have distances. The array ``split`` parts the objects.

A measurement is stated as ``"prompt.pred.digit_3.accuracy": 0.93``, with ``@test`` behind it for one split, ``[P]`` for
one item, the part ``pred`` or the score ``accuracy`` left out, and nested objects for the dots. A decimal number states
a score rounded to its last digit; a fraction ``"93/100"`` states it exactly.

Source: ISO 80000-1, B.2 (rounding), for the last digit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle, Scale
from formal.enriched.table import Table, table_of_floats, table_of_integers

PREDICTION = "prediction"
_HALF = Fraction(1, 2)
_MOST_MEASUREMENTS = 10_000
_MOST_SCORES = 10_000
_MOST_PARTS = 64
_MOST_DEGREES = 2**20
_MOST_NESTED = 16
_MOST_DIGITS = 40
_COUNTED = ("accuracy", "error", "majority")
_MEASURED = ("sup", "tv", "mae")
_STATED = re.compile(r"(?P<what>[^\[\]@]+)(?:\[(?P<item>.*)\])?(?:@(?P<split>[^@]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Score:
    """How predictions compare with the truth, on all objects or on one part.

    Args:
        array, truth: names of the two arrays.
        split: the part's name; None for all objects.
        item: the label along the axis before those of the truth; None when there is none.
        count: how many objects are compared.
        correct: how many are right; None where degrees are compared with degrees.
        values: by name. ``accuracy``, ``error`` and ``majority``, the share of the most frequent truth, which is what
            guessing reaches; for degrees ``sup``, the greatest difference, ``tv``, half of the sum of differences, and
            ``mae``, their mean.
    """

    array: str
    truth: str
    split: str | None
    item: str | None
    count: int
    correct: int | None
    values: Mapping[str, Fraction]

    @property
    def accuracy(self) -> Fraction | None:
        """The share of right predictions; None where degrees are compared with degrees, or nothing is."""
        return self.values.get("accuracy")


class Agreement(StrEnum):
    """How a stated measurement compares with its recomputation."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement that the manifest states, and what the raw predictions give.

    Args:
        name: its key, dots for nesting.
        stated: as written.
        recomputed: exactly; None when it is not comparable.
        reason: why it is not; empty otherwise.
    """

    name: str
    stated: str
    recomputed: Fraction | None
    agreement: Agreement
    reason: str = ""


def predictions(bundle: Bundle) -> tuple[str, ...]:
    """The names of the arrays of raw predictions, in order."""
    return tuple(name for name, array in sorted(bundle.arrays.items()) if _is_prediction(array))


def splits(bundle: Bundle) -> tuple[str, ...]:
    """The names of the parts of the objects, by their numbers; none when there is no array ``split``."""
    array = bundle.arrays.get("split")
    return () if array is None else tuple(array.called(int(code)) for code in np.unique(array.values))


def scores(bundle: Bundle) -> tuple[Score, ...]:
    """The scores of all raw predictions: on all objects, then on each part; items one by one."""
    return tuple(score for name in predictions(bundle) for score in scores_of(bundle, name))


def scores_of(bundle: Bundle, name: str) -> tuple[Score, ...]:
    """The scores of one array of raw predictions; none when it has no truth to compare with, or is too large.

    At most 10 000 scores are given, of at most 64 parts; degrees are compared up to 2^20 at a time.

    Raises:
        KeyError: there is no such array.
    """
    array = bundle.arrays[name]
    compared = _comparison(bundle, array)
    if compared is None:
        return ()
    truth, shape = compared
    items: tuple[str | None, ...] = bundle.axes[array.axes[0]] if shape == "items" else (None,)
    rows = array.values if shape == "items" else array.values[None]
    classes = bundle.axes[array.axes[-1]] if shape == "classes" else None
    parts = [_Part(None, slice(None)), *_parts(bundle, truth)]
    if len(items) * len(parts) > _MOST_SCORES:
        return ()
    found = []
    for part in parts:
        wanted = truth.values[part.chosen]
        for item, row in zip(items, rows, strict=True):
            compared_ = _compare(array, row[part.chosen], truth, wanted, classes)
            if compared_ is None:
                return ()
            found.append(Score(name, truth.name, part.name, item, int(wanted.size), *compared_))
    return tuple(found)


def selected(bundle: Bundle, name: str, *, select: str, verify: str) -> tuple[Score, Score]:
    """The best item on one part of the objects, and its score on another: the honest best of N.

    Args:
        name: an array of predictions with one row an item, say a prompt.
        select, verify: names of two parts.
    Returns:
        the scores of the first item of the greatest accuracy on ``select``: there, and on ``verify``.
    Raises:
        KeyError: there is no such array, part or accuracy.
    """
    found = {(score.split, score.item): score for score in scores_of(bundle, name) if score.accuracy is not None}
    candidates = [score for (split, _), score in found.items() if split == select]
    if not candidates:
        raise KeyError(select)
    best = max(candidates, key=lambda score: score.accuracy or Fraction(0))
    return best, found[verify, best.item]


# --- comparing ------------------------------------------------------------------------------------


def _is_prediction(array: Array) -> bool:
    return array.role == PREDICTION or "pred" in array.name.split(".")


def _comparison(bundle: Bundle, array: Array) -> tuple[Array, str] | None:
    """The truth of predictions, and what they have beside its axes: ``items``, ``classes`` or nothing."""
    for name in _truths(bundle, array.name):
        truth = bundle.arrays.get(name)
        if truth is None or truth.name == array.name or not array.values.ndim or not truth.values.size:
            continue
        if truth.axes == array.axes:
            return truth, ""
        if truth.axes == array.axes[1:]:
            return truth, "items"
        if truth.axes == array.axes[:-1] and _is_discrete(truth):
            return truth, "classes"
    return None


def _truths(bundle: Bundle, name: str) -> Iterator[str]:
    described = bundle.manifest.get("arrays", {}).get(name, {})
    if isinstance(described, Mapping) and isinstance(described.get("truth"), str):
        yield described["truth"]
        return
    parts = name.split(".")
    where = parts.index("pred") if "pred" in parts else len(parts)
    task = ".".join(parts[where + 1 :])
    if task:
        yield f"task.{task}"
    if where:
        yield ".".join([*parts[:where], "label"])
    yield "label"


def _is_discrete(array: Array) -> bool:
    return array.values.dtype.kind in "bui" and array.scale == Scale()


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    name: str | None
    chosen: slice | NDArray[np.bool_]


def _parts(bundle: Bundle, truth: Array) -> Iterator[_Part]:
    split = bundle.arrays.get("split")
    if split is None or split.axes != truth.axes[:1] or not _is_discrete(split):
        return
    for code in np.unique(split.values).tolist()[:_MOST_PARTS]:
        yield _Part(split.called(int(code)), split.values == code)


def _compare(
    array: Array, found: NDArray[Any], truth: Array, wanted: NDArray[Any], classes: tuple[str, ...] | None
) -> tuple[int | None, Mapping[str, Fraction]] | None:
    """Right ones and values; None where there is too much to compare.

    Args:
        found, wanted: parts of the two arrays; of one shape, or the first has one more axis, of classes.
    """
    count = int(wanted.size)
    right = _right(array, found, wanted, classes) if _is_discrete(truth) else None
    if not count:
        return None if right is None else 0, {}
    if right is not None:
        correct = int(right.sum())
        most = int(np.unique(wanted, return_counts=True)[1].max())
        shares = (Fraction(correct, count), Fraction(count - correct, count), Fraction(most, count))
        return correct, dict(zip(_COUNTED, shares, strict=True))
    if count > _MOST_DEGREES:
        return None
    left, right_ = _table(array, found), _table(truth, wanted)
    common = math.lcm(left.denominator, right_.denominator)
    differences = abs(left.lower * (common // left.denominator) - right_.lower * (common // right_.denominator)).ravel()
    total = Fraction(int(differences.sum()), common)
    return None, dict(zip(_MEASURED, (Fraction(int(differences.max()), common), total / 2, total / count), strict=True))


def _table(array: Array, values: NDArray[Any]) -> Table:
    row, scale = values.reshape(1, -1), array.scale
    table = table_of_floats if values.dtype.kind == "f" else table_of_integers
    return table(row, slope=scale.slope, offset=scale.offset)


def _right(
    array: Array, found: NDArray[Any], wanted: NDArray[Any], classes: tuple[str, ...] | None
) -> NDArray[np.bool_] | None:
    """Where predictions are right; None when a degree is predicted for what is not yes or no."""
    if classes is not None:
        best = found.argmax(axis=-1) if array.scale.slope >= 0 else found.argmin(axis=-1)
        numbered = all(label.isdecimal() and len(label) < 10 for label in classes)
        codes = np.array([int(label) for label in classes] if numbered else range(len(classes)), dtype=np.int64)
        return np.asarray(codes[best] == wanted)
    if _is_discrete(array):
        return np.asarray(found.astype(np.int64) == wanted.astype(np.int64))
    if np.isin(wanted, (0, 1)).all():
        return np.asarray(array.scale.at_least(found, _HALF) == wanted.astype(bool))
    return None


# --- what the manifest states ---------------------------------------------------------------------


def measurements(bundle: Bundle) -> tuple[Measurement, ...]:
    """The measurements of the manifest, each beside its recomputation."""
    stated = list(_stated(bundle.measurements))
    if not stated:
        return ()
    known = _known(bundle)
    return tuple(_measurement(name, value, known) for name, value in stated)


def disagreements(bundle: Bundle) -> Iterator[str]:
    """What of the measurements does not agree with the raw predictions, in words."""
    count = sum(1 for _ in _stated(bundle.measurements))
    if count > _MOST_MEASUREMENTS:
        yield f"the manifest has more than {_MOST_MEASUREMENTS} measurements"
        return
    for found in measurements(bundle):
        if found.agreement is Agreement.DISAGREES and found.recomputed is not None:
            yield (
                f"the measurement `{found.name[:80]}` is stated as {found.stated[:40]}, "
                f"but the raw predictions give {found.recomputed} = {float(found.recomputed):.6g}"
            )


def _stated(section: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in section.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping) and depth < _MOST_NESTED:
            yield from _stated(value, f"{name}.", depth + 1)
        else:
            yield name, value


def _known(bundle: Bundle) -> dict[tuple[str, str | None, str | None], Fraction]:
    """All recomputed scores, by name with and without ``pred`` and the score, item and split."""
    known: dict[tuple[str, str | None, str | None], Fraction] = {}
    for score in scores(bundle):
        names = [score.array, score.array.replace(".pred", "", 1)]
        for measure, value in score.values.items():
            for name in names:
                known[f"{name}.{measure}", score.item, score.split] = value
        if score.accuracy is not None:
            for name in names:
                known.setdefault((name, score.item, score.split), score.accuracy)
    return known


def _measurement(name: str, value: Any, known: Mapping[tuple[str, str | None, str | None], Fraction]) -> Measurement:
    stated = value if isinstance(value, str) else repr(value)
    parsed = _STATED.fullmatch(name)
    if parsed is None:
        return Measurement(name, stated, None, Agreement.NOT_COMPARABLE, "it names no score")
    what = parsed["what"].removesuffix(".value")
    recomputed = known.get((what, parsed["item"], parsed["split"]))
    if recomputed is None:
        names = sorted({name for name, _, _ in known})
        close = get_close_matches(what, names, n=1, cutoff=0.8)
        reason = "there are no raw predictions for it"
        if what in names:
            reason = "the raw predictions have no such split or item"
        elif close:
            reason += f"; is `{close[0]}` meant?"
        return Measurement(name, stated, None, Agreement.NOT_COMPARABLE, reason)
    interval = _interval(value)
    if interval is None:
        return Measurement(name, stated, recomputed, Agreement.DISAGREES, "it is no number")
    agrees = interval[0] <= recomputed <= interval[1]
    return Measurement(name, stated, recomputed, Agreement.AGREES if agrees else Agreement.DISAGREES)


def _interval(value: Any) -> tuple[Fraction, Fraction] | None:
    """The numbers that round to a stated one; None when it is no number."""
    text = value.strip() if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or len(text) > _MOST_DIGITS:
        return None
    if re.fullmatch(r"-?\d{1,18}/[1-9]\d{0,17}", text):
        return Fraction(text), Fraction(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or abs(exponent) > _MOST_DIGITS:
        return None
    middle = Fraction(number)
    if isinstance(value, int) or exponent >= 0:
        return middle, middle
    half = Fraction(1, 2 * 10**-exponent)
    return middle - half, middle + half
