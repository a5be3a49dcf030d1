"""What a relation predicts of the nearest-prompt read-out: against plain enumeration, and against another program's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.bundle.model import Bundle
from formal.bundle.read import read_bundle
from formal.bundle.score import scores_of
from formal.crosscheck.readout import nearest, readout
from formal.enriched.formula import Given
from formal.enriched.table import table_of
from formal.quantale import Box, Quantale
from formal.text import Rejection
from formal.valuation import decide

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pixels() -> Bundle:
    return read_bundle(ROOT / "proofs/models/digits-pixels/digits-pixels.safetensors")


@pytest.mark.parametrize("count", [1, 2, 5, 10])
def test_the_relation_predicts_what_another_program_measured(pixels: Bundle, count: int) -> None:
    predicted = readout(pixels, prompts=count, select="select", verify="verify")
    (score,) = [s for s in scores_of(pixels, f"prompt.pred.nearest_of_{count}") if s.split == "verify"]
    assert score.accuracy is not None
    assert score.accuracy in predicted.accuracy
    assert predicted.undetermined == 0
    assert decide(predicted.formula).truth is True


def relation(quantale: Quantale, rows: list[list[Fraction | Box]]) -> Given:
    labels = tuple(f"x{i}" for i in range(len(rows)))
    return Given("R", quantale, labels, labels, table_of(rows, (len(rows), len(rows))))


VALUES = st.sampled_from([Fraction(k, 4) for k in range(5)])


@settings(deadline=None)
@given(
    st.sampled_from([Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ, Quantale.LAWVERE]),
    st.lists(st.lists(VALUES, min_size=4, max_size=4), min_size=4, max_size=4),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.dictionaries(st.integers(0, 2), st.lists(st.integers(0, 3), unique=True, min_size=1), min_size=1),
)
def test_every_object_is_read_as_its_nearest_prompts_say(
    quantale: Quantale, rows: list[list[Fraction]], classes: list[int], prompts: dict[int, list[int]]
) -> None:
    found = nearest(relation(quantale, [list(row) for row in rows]), range(4), classes, prompts)
    pick = min if quantale is Quantale.LAWVERE else max
    for place in range(4):
        best = pick(rows[place][p] for places in prompts.values() for p in places)
        winners = {which for which, places in prompts.items() if any(rows[place][p] == best for p in places)}
        assert (place in found.right) == (winners == {classes[place]})
        assert (place in found.wrong) == (classes[place] not in winners)
    assert decide(found.formula).truth is True
    assert found.accuracy.lower == Fraction(len(found.right), 4)
    assert found.accuracy.upper == 1 - Fraction(len(found.wrong), 4)


def test_boxes_that_overlap_determine_nothing() -> None:
    wide = Box(Fraction(1, 4), Fraction(3, 4))
    rows: list[list[Fraction | Box]] = [[Fraction(1), wide, Fraction(1, 2)]] * 3
    found = nearest(relation(Quantale.PRODUCT, rows), [0], [0], {0: [1], 1: [2]})
    assert found.undetermined == 1
    found = nearest(relation(Quantale.PRODUCT, rows), [0], [0], {0: [0], 1: [1, 2]})
    assert found.right == (0,)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"prompts": 0}, "at least one prompt"),
        ({"prompts": 1, "label": "lable"}, "has no classes `lable`"),
        ({"prompts": 1, "select": "train"}, "has no part `train`"),
        ({"prompts": 1, "relation": "features"}, "does not relate the objects"),
    ],
)
def test_what_is_missing_is_said(pixels: Bundle, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(Rejection) as rejected:
        readout(pixels, **arguments)  # type: ignore[arg-type]
    assert message in rejected.value.diagnostics[0].message
