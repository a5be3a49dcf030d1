"""The numbers that were published for the language model of bounded Dyck-2, from its bundle.

Rows are histories, columns continuations; a task is a coweight, a row. Total variation is over the continuations that
are complete: four letters long, or ended by ``$``.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open

from formal.enriched.expression import Rational
from formal.enriched.formula import (
    Classes,
    Compare,
    Constant,
    Distance,
    Gap,
    Given,
    Metric,
    Opposite,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Restriction,
)
from formal.enriched.table import table_of_floats, table_of_integers
from formal.quantale import Box, Quantale
from formal.smt.child import Solver
from formal.valuation import decide
from formal.valuation.explain import NoPrompt, Representatives, explain
from formal.valuation.smt import Answer, ask, questions

MODELS = Path(__file__).parents[2] / "proofs" / "models"
NOTHING = Fraction(0)


class Bundle:
    """Arrays and labels of a bundle."""

    def __init__(self, path: Path) -> None:
        with safe_open(path, "numpy") as file:
            self.arrays: dict[str, Any] = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            axes = json.loads(file.metadata()["manifest"])["axes"]
        self.rows, self.columns = (tuple(axes[axis]["labels"]) for axis in ("rows", "columns"))

    def matrix(self, name: str, rows: tuple[str, ...]) -> Given:
        values = self.arrays[name].reshape(len(rows), len(self.columns))
        return Given(name, Quantale.PRODUCT, rows, self.columns, table_of_floats(values))


@pytest.fixture(scope="module")
def dyck() -> Bundle:
    return Bundle(MODELS / "dyck2-lm" / "dyck2-lm-seed0.safetensors")


def value(quantity: Quantity) -> Box:
    return dict(decide(Compare(quantity, Order.AT_MOST, Constant(Rational(NOTHING)))).values)[0,]


def rounded(quantity: Quantity, digits: int = 4) -> float:
    box = value(quantity)
    assert box.is_point
    return round(float(box.lower), digits)


def complete(bundle: Bundle, name: str, rows: tuple[str, ...]) -> Restriction:
    columns = tuple(i for i, word in enumerate(bundle.columns) if len(word) == 4 or word.endswith("$"))
    return Restriction(bundle.matrix(name, rows), tuple(range(len(rows))), columns)


def test_the_distance_of_the_model_from_the_ideal(dyck: Bundle) -> None:
    own, ideal = complete(dyck, "relation", dyck.rows), complete(dyck, "relation.ideal", dyck.rows)
    assert rounded(Distance(own, ideal, Metric.TV)) == 0.0385
    everywhere = Distance(dyck.matrix("relation", dyck.rows), dyck.matrix("relation.ideal", dyck.rows))
    assert rounded(everywhere) == 0.0378


@pytest.mark.parametrize(
    ("task", "theory", "measured"),
    [
        ("after_open_round", 0.0, 0.0144),
        ("after_two_square", 0.0, 0.0133),
        ("half_round_half_square", 0.3988, 0.3971),
        ("mostly_round", 0.1196, 0.1192),
    ],
)
def test_the_gaps_of_tasks(dyck: Bundle, task: str, theory: float, measured: float) -> None:
    target = complete(dyck, f"task.{task}", (task,))
    ideal, own = (complete(dyck, name, dyck.rows) for name in ("relation.ideal", "relation"))
    assert rounded(Gap(ideal, target, Metric.TV)) == theory
    assert rounded(Gap(own, target, Metric.TV)) == measured
    turned = Gap(Opposite(own), Opposite(target), Metric.TV)
    assert value(turned) == value(Gap(own, target, Metric.TV))


def test_states_are_classes_and_rank(dyck: Bundle) -> None:
    ideal, own = (dyck.matrix(name, dyck.rows) for name in ("relation.ideal", "relation"))
    assert value(Classes(ideal, NOTHING)) == Box.point(7)
    assert value(Rank(ideal, NOTHING)) == Box.point(7)
    formula = Compare(Classes(ideal, NOTHING), Order.EQUAL, Constant(Rational(Fraction(7))))
    ((_, classes),) = explain(formula, decide(formula))
    assert isinstance(classes, Representatives)
    states = dyck.arrays["state"]
    assert all(len({int(states[x]) for x in rows}) == 1 for rows in classes.classes)
    # The model's own relation has as many singular values above a tolerance between the seventh and the eighth.
    assert value(Rank(own, Fraction(1))) == Box.point(7)
    sizes = np.linalg.svd(dyck.arrays["relation"].astype(float), compute_uv=False)
    assert sizes[7] < 1 < sizes[6]


def test_few_continuations_refute_all_prompts(dyck: Bundle) -> None:
    target = complete(dyck, "task.half_round_half_square", ("task",))
    own = complete(dyck, "relation", dyck.rows)
    formula = Compare(Gap(own, target), Order.AT_MOST, Constant(Rational(Fraction(1, 20))))
    decision = decide(formula)
    assert decision.truth is False
    refutations = [detail for _, detail in explain(formula, decision) if isinstance(detail, NoPrompt)]
    assert len(refutations) == 1
    assert len(refutations[0].objects) <= 2
    assert len(refutations[0].by) == 297
    (question,) = questions(formula, decision)
    with Solver() as process:
        assert ask(question, process, resources=10**9, memory=2048, seed=0, seconds=60) is Answer.CONFIRMED


def test_prompt_numbers_and_two_object_certificates_of_rotated_digits() -> None:
    bundle = Bundle(MODELS / "rotation-digits" / "rotation-digits-seed0.safetensors")
    numerators = bundle.arrays["relation"].astype(np.int64)
    # The greatest evidence over the moves, at the threshold fixed beforehand: 2 q / 65535 - 1 >= .96.
    related = 2 * numerators.max(axis=2) * 100 >= 65535 * 196
    labels = bundle.rows
    matrix = Given("R", Quantale.BOOLEAN, labels, bundle.columns, table_of_integers(related))
    for digit in (0, 7):
        task = bundle.arrays[f"task.digit_{digit}"].reshape(-1, 1).astype(np.int64)
        target = Given("T", Quantale.BOOLEAN, labels, ("task",), table_of_integers(task))
        formula = Compare(Gap(matrix, target), Order.AT_MOST, Constant(Rational(NOTHING)))
        decision = decide(formula)
        assert decision.truth is False
        (few,) = (detail for _, detail in explain(formula, decision) if isinstance(detail, NoPrompt))
        assert len(few.objects) <= 2
        number = decide(Compare(PromptNumber(matrix, target, NOTHING), Order.AT_MOST, Constant(Rational(Fraction(1)))))
        assert number.truth is False
