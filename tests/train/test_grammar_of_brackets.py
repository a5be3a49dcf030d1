"""Bounded brackets: the automaton, the exact probabilities, the trees of continuations."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.train.grammar import END, Grammar, bounded_dyck, parts
from tests.train.support import WHY

DYCK = bounded_dyck(2, depth=2)


@pytest.mark.parametrize(("kinds", "depth", "count"), [(2, 1, 3), (2, 2, 7), (3, 4, 121)])
def test_states_are_the_stacks(kinds: int, depth: int, count: int) -> None:
    states = bounded_dyck(kinds, depth).states
    assert len(states) == len(set(states)) == count == sum(kinds**d for d in range(depth + 1))


def test_the_rows_at_the_scale_of_a_gpu_tell_all_121_states_apart() -> None:
    """Without training: the histories reach every state, and what follows them is another for each."""
    autoregressive = pytest.importorskip("formal.train.autoregressive", reason=WHY, exc_type=ImportError)
    c = autoregressive.SCALES["gpu"]
    grammar, deeper = bounded_dyck(c.kinds, c.depth), bounded_dyck(c.kinds, c.depth + 1)
    histories = grammar.histories(c.history, c.each)
    words = tuple(dict.fromkeys((*grammar.words(c.full, c.closing), *deeper.words(c.full, c.closing))))
    first = {grammar.state(history): history for history in histories}
    assert set(first) == set(grammar.states)
    rows = {tuple(grammar.distribution(state, words)) for state in first}
    assert len(rows) == 121


def test_probabilities_of_the_published_grammar() -> None:
    assert DYCK.probability("", "(") == Fraction(2, 5)
    assert DYCK.probability("", END) == Fraction(3, 10)
    assert DYCK.probability("[", "]") == Fraction(11, 20)
    assert DYCK.probability("[(", "(") == 0
    assert DYCK.probability("()[", "])") == 0


@pytest.mark.parametrize("grammar", [DYCK, bounded_dyck(3, depth=3)])
def test_words_of_a_tree_are_a_partition(grammar: Grammar) -> None:
    words = grammar.words(full=2, closing=4)
    assert not any(a != b and b.startswith(a) for a, b in product(words, words))
    for state in grammar.states:
        assert sum(grammar.distribution(state, words)) == 1


@given(st.lists(st.integers(0, 1), min_size=1, max_size=5), st.integers(0, 4))
def test_the_chain_rule(choices: list[int], cut: int) -> None:
    word = "".join(DYCK.tokens[2 * choice] for choice in choices) + ")"
    left, right = word[:cut], word[cut:]
    if DYCK.probability("", left) > 0:
        assert DYCK.probability("", word) == DYCK.probability("", left) * DYCK.probability(left, right)


def test_histories_are_the_beginnings_of_words() -> None:
    histories = DYCK.histories(7)
    assert len(histories) == 297
    assert list(map(len, histories)) == sorted(map(len, histories))
    assert len(DYCK.histories(7, each=2)) <= 2 * len(DYCK.states)


def test_no_history_after_the_end() -> None:
    for text in (")", "(]", "((("):
        with pytest.raises(ValueError, match="no beginning"):
            DYCK.state(text)


def test_the_automaton_draws_what_the_grammar_says() -> None:
    chances, after = DYCK.automaton
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    row = DYCK.states.index("(")
    assert DYCK.states[after[row, DYCK.tokens.index(")")]] == ""
    assert after[0, DYCK.tokens.index(END)] == len(DYCK.states)


def test_parts_of_words() -> None:
    assert parts(["()", "($"]) == ("(", "()", "($")


def test_probabilities_leave_room() -> None:
    with pytest.raises(ValueError, match="open with a probability"):
        Grammar(("()",), 1, (Fraction(1),), (Fraction(1, 2),))
