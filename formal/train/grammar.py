"""Bounded Dyck languages: nested brackets of k kinds, at most some depth, as a probabilistic automaton.

A state is the stack of brackets that are open; at depth 0 a word may end, at the greatest depth it has to close. All
probabilities are rational, and those of words from a state follow by dynamic programming over their prefixes.

Source: Hewitt et al. 2020, RNNs can generate bounded hierarchical languages (Dyck-(k, m)); Rabin 1963 (automata).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

END = "$"
PAIRS = ("()", "[]", "{}")
_LOWEST = {2: ("8/20", "6/20"), 3: ("6/20", "5/20", "3/20")}
_MIDDLE = {2: ("5/20", "4/20"), 3: ("4/20", "3/20", "2/20")}


@dataclass(frozen=True)
class Grammar:
    """The bounded Dyck language of some kinds of brackets and a greatest depth.

    A word opens a bracket of kind i with the i-th probability of ``lowest`` at depth 0 and ends there with what is
    left; in between it opens with those of ``middle`` and closes with what is left; at the greatest depth it closes.

    Raises:
        ValueError: probabilities do not leave room, or the depth is not positive.

    >>> brackets = bounded_dyck(2, depth=2)
    >>> brackets.states
    ('', '(', '[', '((', '([', '[(', '[[')
    >>> brackets.probability("(", ")$")
    Fraction(33, 200)
    """

    pairs: tuple[str, ...]
    depth: int
    lowest: tuple[Fraction, ...]
    middle: tuple[Fraction, ...]

    def __post_init__(self) -> None:
        if self.depth < 1 or not (len(self.pairs) == len(self.lowest) == len(self.middle)):
            raise ValueError("a grammar has a positive depth, and probabilities for each kind of brackets")
        if not (0 < sum(self.lowest) < 1 and 0 < sum(self.middle) < 1):
            raise ValueError("brackets open with a probability between 0 and 1")

    @property
    def tokens(self) -> tuple[str, ...]:
        """The brackets, kind by kind, and the end."""
        return (*(token for pair in self.pairs for token in pair), END)

    @cached_property
    def states(self) -> tuple[str, ...]:
        """The stacks of open brackets: 1 + k + … + k^depth of them, shorter ones first."""
        found = [""]
        for stack in found:
            if len(stack) < self.depth:
                found += [stack + pair[0] for pair in self.pairs]
        return tuple(found)

    def steps(self, stack: str) -> dict[str, tuple[Fraction, str | None]]:
        """The tokens that may come next, with their probabilities and the state after; None after the end."""
        opening = self.lowest if not stack else self.middle if len(stack) < self.depth else ()
        found: dict[str, tuple[Fraction, str | None]] = {
            pair[0]: (chance, stack + pair[0]) for pair, chance in zip(self.pairs, opening, strict=bool(opening))
        }
        left = 1 - sum(opening, Fraction(0))
        if stack:
            closing = next(pair[1] for pair in self.pairs if pair[0] == stack[-1])
            found[closing] = (left, stack[:-1])
        else:
            found[END] = (left, None)
        return found

    def state(self, history: str) -> str:
        """The state that a history without an end leads to.

        Raises:
            ValueError: it is no beginning of a word.
        """
        stack: str | None = ""
        for token in history:
            found = None if stack is None else self.steps(stack).get(token)
            stack = None if found is None else found[1]
            if stack is None:
                raise ValueError(f"`{history}` is no beginning of a word without its end")
        return stack or ""

    def probability(self, history: str, word: str) -> Fraction:
        """How likely a history goes on with a word, which may end with the end."""
        return self.distribution(self.state(history), [word])[0]

    def distribution(self, stack: str, words: Sequence[str]) -> list[Fraction]:
        """The probability of each word from a state: that of its longest proper prefix times that of the last token."""
        known: dict[str, tuple[Fraction, str | None]] = {"": (Fraction(1), stack)}

        def extend(word: str) -> tuple[Fraction, str | None]:
            start = max(length for length in range(len(word) + 1) if word[:length] in known)
            for length in range(start, len(word)):
                chance, state = known[word[:length]]
                step = None if state is None else self.steps(state).get(word[length])
                known[word[: length + 1]] = (Fraction(0), None) if step is None else (chance * step[0], step[1])
            return known[word]

        return [extend(word)[0] for word in words]

    def histories(self, longest: int, each: int | None = None) -> tuple[str, ...]:
        """Beginnings of words without their end, shorter ones first, at most ``each`` of one state."""
        found, count = [""], {"": 1}
        for history in found:
            if len(history) == longest:
                break
            for token, (_, state) in self.steps(self.state(history)).items():
                if state is None or (each is not None and count.get(state, 0) >= each):
                    continue
                count[state] = count.get(state, 0) + 1
                found.append(history + token)
        return tuple(found)

    def words(self, full: int, closing: int) -> tuple[str, ...]:
        """The leaves of a tree of continuations: words that are long enough, or end; no one begins another.

        Args:
            full: words are at least this long, unless they end.
            closing: words of closing brackets only go on to this length.
        """
        closes = {pair[1] for pair in self.pairs}
        found: list[str] = []
        open_: list[tuple[str, frozenset[str]]] = [("", frozenset(self.states))]
        for word, states in open_:
            goes_on = len(word) < full or (len(word) < closing and closes.issuperset(word))
            if word.endswith(END) or not goes_on:
                found.append(word)
                continue
            for token in self.tokens:
                after = {self.steps(state)[token][1] for state in states if token in self.steps(state)}
                if after:
                    open_.append((word + token, frozenset(state for state in after if state is not None)))
        return tuple(found)

    @cached_property
    def automaton(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Next tokens and next states by number; the state after the end is the last, and ends again.

        Returns:
            probabilities, shape (states + 1, tokens), and states, the same shape.
        """
        number: dict[str | None, int] = {state: i for i, state in enumerate(self.states)}
        number[None] = len(self.states)
        chances = np.zeros((len(number), len(self.tokens)))
        after = np.full(chances.shape, number[None], dtype=np.int64)
        for state in self.states:
            for token, (chance, target) in self.steps(state).items():
                place = number[state], self.tokens.index(token)
                chances[place], after[place] = float(chance), number[target]
        chances[number[None], -1] = 1.0
        return chances, after


def bounded_dyck(kinds: int, depth: int) -> Grammar:
    """The grammar of the experiments, for two or three kinds of brackets; probabilities are multiples of 1/20."""
    lowest = tuple(Fraction(text) for text in _LOWEST[kinds])
    return Grammar(PAIRS[:kinds], depth, lowest, tuple(Fraction(text) for text in _MIDDLE[kinds]))


def parts(words: Sequence[str]) -> tuple[str, ...]:
    """The words and all that they begin with but the empty word, shorter ones first, in the order of the words."""
    found = {word[:length]: None for word in words for length in range(1, len(word) + 1)}
    return tuple(sorted(found, key=len))
