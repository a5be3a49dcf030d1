"""The masked language model: its language composes exactly, and orders of unmasking are told apart."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest

from tests.train.support import WHY

np = pytest.importorskip("numpy")
pytest.importorskip("torch", reason=WHY)

from formal.train.masked import Sentences, chained, refines, tasks_of  # noqa: E402

FOUR = Sentences(4)


def test_degrees_of_the_language_compose_to_equal_rationals() -> None:
    for x in FOUR.objects:
        for y in filter(lambda each: refines(each, x), FOUR.objects):
            for z in filter(lambda each: refines(each, y), FOUR.objects):
                assert FOUR.chance(x, y) * FOUR.chance(y, z) == FOUR.chance(x, z)


def test_what_a_masked_word_may_become_has_probability_one() -> None:
    for x in FOUR.objects:
        assert sum(FOUR.chance(x, word) for word in FOUR.words) == 1
        assert FOUR.chance(x, x) == 1


def test_objects_are_the_maskings_of_balanced_words() -> None:
    assert len(FOUR.words) == 8
    assert "([)]" not in FOUR.words
    assert len(FOUR.objects) == len(set(FOUR.objects)) == 91
    assert FOUR.objects[0] == "____"


@pytest.mark.parametrize("length", [0, 3, -2])
def test_lengths_that_no_balanced_word_has(length: int) -> None:
    with pytest.raises(ValueError, match="even"):
        Sentences(length)


def test_all_orders_give_the_language_when_single_tokens_are_exact() -> None:
    two = Sentences(2)
    told = np.zeros((len(two.objects), 2, 4))
    for x, text in enumerate(two.objects):
        for place in range(2):
            for number, token in enumerate("()[]"):
                filled = text[:place] + token + text[place + 1 :]
                told[x, place, number] = float(two.chance(text, filled)) if filled in two.objects else 0.0
    exact = np.array([[float(two.chance(x, y)) for y in two.objects] for x in two.objects])
    for order in permutations(range(2)):
        assert np.allclose(chained(two.objects, told, order), exact)


def test_orders_differ_when_single_tokens_do_not_fit_together() -> None:
    two = Sentences(2)
    told = np.full((len(two.objects), 2, 4), 0.25)
    told[two.objects.index("(_"), 1, 1] = 1.0
    start, end = two.objects.index("__"), two.objects.index("()")
    assert chained(two.objects, told, (0, 1))[start, end] == 0.25
    assert chained(two.objects, told, (1, 0))[start, end] == 0.0625


def test_tasks_are_distributions_of_words() -> None:
    for task in tasks_of(FOUR).values():
        assert sum(task.values()) == 1
    assert tasks_of(FOUR)["all_of_one_kind"]["[[]]"] == Fraction(1, 10)
