"""A learner with a state of bits is a finite automaton, and its rows are as far from Bayes as they have to be."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from formal.train.partial_function import of_all
from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)


def test_histories_come_to_all_contexts() -> None:
    from formal.train.quantised_state import histories

    every = histories(3)
    assert len(every.examples) == 79
    assert len(np.unique(every.contexts, axis=0)) == 27
    assert [level.stop - level.start for level in every.levels()] == [1, 6, 24, 48]
    for i, one in enumerate(every.examples[1:], start=1):
        assert every.examples[every.before[i]] == one[:-1]
        assert every.last[i] == one[-1]


@pytest.mark.parametrize("size", [1, 2, 4])
def test_the_automaton_answers_as_the_learner_does(size: int) -> None:
    from formal.train.quantised_state import MOST, Learner, _told, histories, machine

    torch.manual_seed(size)
    every = histories(3)
    model = Learner(3, size, width=8, bits=True)
    automaton = machine(model, size)
    states = automaton.states(every)
    assert len(np.unique(automaton.answers[states], axis=0)) <= 2**size
    with torch.no_grad():
        logits = model(_told(every, torch.device("cpu")), torch.zeros(79, size))
    assert np.abs(torch.sigmoid(logits).numpy() - automaton.answers[states] / MOST).max() < 1e-4


def test_rounding_keeps_a_gradient() -> None:
    from formal.train.quantised_state import Learner

    model = Learner(2, 3, width=4, bits=True)
    values = torch.tensor([-0.5, 0.0, 2.0], requires_grad=True)
    found = model.rounded(values)
    assert found.tolist() == [-1, 1, 1]
    (gradient,) = torch.autograd.grad(found.sum(), values)
    assert torch.allclose(gradient, 1 - torch.tanh(values.detach()) ** 2)


def test_eight_rows_are_a_quarter_from_bayes_and_no_four_are_nearer_than_a_half() -> None:
    """The second part for two points: all ways to give nine contexts three rows, each row as good as it can be."""
    from formal.train.quantised_state import a_row_for_each_function, histories

    contexts = histories(3).contexts
    rows = a_row_for_each_function(contexts)
    assert len(np.unique(rows, axis=0)) == 8
    assert np.abs(rows - of_all(contexts)).max() == 0.25
    ideal = np.unique(of_all(histories(2).contexts), axis=0)
    best = 1.0
    for given in product(range(3), repeat=len(ideal) - 1):
        which = np.array([0, *given])
        best = min(best, max(float(np.ptp(ideal[which == row], axis=0).max()) / 2 for row in set(which)))
    assert best == 0.5
