from fractions import Fraction

import numpy as np
import pytest

from formal.bundle import (
    Agreement,
    Content,
    bundle_bytes,
    bundle_from_bytes,
    measurements,
    predictions,
    scores,
    scores_of,
    selected,
)
from formal.text import Code, Rejection

N = 10
ROWS = [f"i{x}" for x in range(N)]
LABEL = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
RIGHT = [0, 0, 1, 1, 1, 1, 1, 2, 0, 0]  # 7 of 10; the first five: 4 of 5
ARRAYS = {
    "label": Content(LABEL, ("rows",), "label"),
    "split": Content([0] * 5 + [1] * 5, ("rows",), "split", names=("train", "test")),
    "task.one": Content([int(y == 1) for y in LABEL], ("rows",), "task"),
    "icl.pred": Content(RIGHT, ("rows",), "prediction"),
    "prompt.pred.one": Content([[0, 0, 0, 1, 1, 1, 1, 0, 0, 0], [1] * N], ("prompts", "rows"), "prediction"),
    "finetune.pred.one": Content(np.array([0.5, *[0.0] * 2, *[0.75] * 4, *[0.0] * 3]), ("rows",), "prediction"),
    "head.pred": Content(np.eye(3)[RIGHT] * 5 - 2, ("rows", "classes"), "prediction"),
}
AXES = {"rows": ROWS, "prompts": ["P", "Q"], "classes": ["0", "1", "2"]}


def built(arrays=ARRAYS, axes=AXES, **sections):
    return bundle_from_bytes(bundle_bytes("m", kind="product", axes=axes, arrays=arrays, **sections), "m")


def test_scores_are_counts():
    bundle = built()
    assert predictions(bundle) == ("finetune.pred.one", "head.pred", "icl.pred", "prompt.pred.one")
    whole, train, test = scores_of(bundle, "icl.pred")
    assert (whole.split, train.split, test.split) == (None, "train", "test")
    assert (whole.correct, whole.count, whole.accuracy) == (7, 10, Fraction(7, 10))
    assert (train.accuracy, test.accuracy) == (Fraction(4, 5), Fraction(3, 5))
    assert whole.values["majority"] == Fraction(4, 10)
    assert whole.values["error"] == Fraction(3, 10)
    assert whole.truth == "label"


def test_items_classes_and_degrees():
    bundle = built()
    assert [s.accuracy for s in scores_of(bundle, "head.pred")] == [s.accuracy for s in scores_of(bundle, "icl.pred")]
    found = {(s.item, s.split): s.accuracy for s in scores_of(bundle, "prompt.pred.one")}
    assert found["P", None] == 1
    assert found["Q", "test"] == Fraction(2, 5)
    # 0.5 counts as yes, so one of ten is wrong.
    assert scores_of(bundle, "finetune.pred.one")[0].accuracy == Fraction(9, 10)
    assert len(scores(bundle)) == 3 + 3 + 3 + 6


def test_the_best_is_chosen_on_one_part_and_scored_on_another():
    chosen, verified = selected(built(), "prompt.pred.one", select="train", verify="test")
    assert (chosen.item, verified.item) == ("P", "P")
    assert verified.split == "test"
    with pytest.raises(KeyError):
        selected(built(), "prompt.pred.one", select="nowhere", verify="test")


def test_degrees_have_distances():
    axes = {"columns": ["a", "b", "c"]}
    arrays = {
        "task.t": Content(np.array([0.5, 0.5, 0]), ("columns",), "task"),
        "prompt.pred.t": Content(np.array([0.25, 0.5, 0.25]), ("columns",), "prediction"),
    }
    (score,) = scores(built(arrays, axes))
    assert score.values == {"sup": Fraction(1, 4), "tv": Fraction(1, 4), "mae": Fraction(1, 6)}
    assert (score.correct, score.accuracy) == (None, None)


def test_predictions_without_a_truth_have_no_scores():
    other = Content([0, 1], ("classes",), "prediction")
    assert scores(built({"x.pred": other}, {"classes": ["0", "1"]})) == ()


@pytest.mark.parametrize("name", ["icl.pred.accuracy", "icl.pred", "icl.accuracy", "icl"])
@pytest.mark.parametrize("value", [0.7, "7/10", "0.70"])
def test_measurements_agree(name, value):
    (found,) = measurements(built(measurements={name: value}))
    assert (found.agreement, found.recomputed) == (Agreement.AGREES, Fraction(7, 10))


def test_measurements_of_parts_and_items():
    stated = {"icl": {"accuracy@train": "4/5", "error@test": 0.4}, "prompt.one[Q]@test": 0.4, "prompt.one.error[P]": 0}
    found = measurements(built(measurements=stated))
    assert {m.agreement for m in found} == {Agreement.AGREES}
    assert len(found) == 4


def test_a_decimal_states_its_last_digit():
    third = {"label": Content([1, 1, 0], ("rows",), "label"), "icl.pred": Content([1, 1, 1], ("rows",), "prediction")}
    axes = {"rows": ["a", "b", "c"]}
    for value in (0.667, "0.67", 0.6667, "2/3"):
        (found,) = measurements(built(third, axes, measurements={"icl": value}))
        assert found.agreement is Agreement.AGREES
    for value in (0.66, 0.668, "667/1000", 1, True, "high", [0.667]):
        with pytest.raises(Rejection) as caught:
            built(third, axes, measurements={"icl": value})
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.code is Code.BAD_BUNDLE
        assert "the raw predictions give 2/3 = 0.666667" in diagnostic.message


def test_scores_that_disagree_are_refused_all_at_once():
    with pytest.raises(Rejection) as caught:
        built(measurements={"icl.accuracy": 0.71, "prompt": {"one[Q]": 0.9}, "finetune.one": 0.9})
    assert [d.message for d in caught.value.diagnostics] == [
        "`m`: the measurement `icl.accuracy` is stated as 0.71, but the raw predictions give 7/10 = 0.7",
        "`m`: the measurement `prompt.one[Q]` is stated as 0.9, but the raw predictions give 2/5 = 0.4",
    ]


def test_what_cannot_be_compared_says_why():
    stated = {"seconds": 16, "icl.acuracy": 0.7, "icl.accuracy@valid": 0.5, "prompt.one": 0.5}
    found = {m.name: (m.agreement, m.reason) for m in measurements(built(measurements=stated))}
    assert {agreement for agreement, _ in found.values()} == {Agreement.NOT_COMPARABLE}
    assert found["seconds"][1] == "there are no raw predictions for it"
    assert found["icl.acuracy"][1].endswith("is `icl.accuracy` meant?")
    assert found["icl.accuracy@valid"][1] == "the raw predictions have no such split or item"
    assert found["prompt.one"][1] == "the raw predictions have no such split or item"


def test_the_truth_may_be_named():
    from dataclasses import replace

    arrays = {**ARRAYS, "icl.pred": replace(ARRAYS["icl.pred"], truth="task.one")}
    assert scores_of(built(arrays), "icl.pred")[0].truth == "task.one"
    gone = {**ARRAYS, "icl.pred": replace(ARRAYS["icl.pred"], truth="task.none")}
    assert scores_of(built(gone), "icl.pred") == ()


def test_many_parts_and_items_are_bounded():
    count = 5000
    axes = {"rows": [str(x) for x in range(count)], "prompts": [str(x) for x in range(200)]}
    arrays = {
        "label": Content(np.zeros(count, "|u1"), ("rows",), "label"),
        "split": Content(np.arange(count), ("rows",), "split"),
        "icl.pred": Content(np.zeros(count, "|u1"), ("rows",), "prediction"),
        "prompt.pred": Content(np.zeros((200, count), "|u1"), ("prompts", "rows"), "prediction"),
    }
    bundle = built(arrays, axes)
    assert len(scores_of(bundle, "icl.pred")) == 65
    assert scores_of(bundle, "prompt.pred") == ()
