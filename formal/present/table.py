"""The table of irreducible words, grown breadth first, and the relations checked at all of its arrows.

The words are numbered in shortlex order, empty ones first. ``f >> g`` is the next word, or, where the left side of a
rule is complete, what its right side leads to from the beginning of f; that is a smaller word, so it is there.
Once the table is closed and every relation holds at every arrow, its arrows are those of the presentation.

Source: Todd, Coxeter 1936, and Carmody, Leeming, Walters 1995, for tables and the checking of relations at all places;
Froidure, Pin 1997, for the order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from formal.core.category import Category, Generator
from formal.core.presentation import Presentation, Rule, Word
from formal.present.automaton import Automaton
from formal.present.limit import Meter
from formal.present.system import HistoricalRule, generators_of

Vector = NDArray[np.int32]

_UNKNOWN = -1

_LONG = 200
"""Relations with longer words are not checked before the table is closed."""


class Table:
    """The first n irreducible words and, for the first of them, where the generators lead.

    Args:
        history: the rules that the automaton speaks of.
        meter: counts the steps of the table, and of the words traced in it.
    """

    def __init__(
        self, presentation: Presentation, automaton: Automaton, history: list[HistoricalRule], meter: Meter
    ) -> None:
        self.presentation = presentation
        self.automaton = automaton
        self._history = history
        self._meter = meter
        objects = range(len(presentation.objects))
        self.dom = list(objects)
        self.parent = [-1] * len(objects)
        self.last = [-1] * len(objects)
        self._state = list(objects)
        self._steps: list[int] = []
        self._offset = [0]
        self._right: dict[int, tuple[int, tuple[int, ...]]] = {}
        self._start()

    @property
    def size(self) -> int:
        """How many words there are so far."""
        return len(self.parent)

    @property
    def closed(self) -> bool:
        """Whether all steps are known."""
        return len(self._offset) > len(self.parent)

    def grow(self, size: int) -> None:
        """Grow until there are about that many words, or the table is closed."""
        leaving, target, moves = self.automaton.leaving, self.automaton.target, self.automaton.moves
        dom, parent, last, state, steps, offset = (
            self.dom,
            self.parent,
            self.last,
            self._state,
            self._steps,
            self._offset,
        )
        before = len(steps)
        f = len(offset) - 1
        while f < len(parent) < size:
            at = state[f]
            for generator, following in zip(leaving[target[at]], moves[at], strict=True):
                if following >= 0:
                    steps.append(len(parent))
                    dom.append(dom[f])
                    parent.append(f)
                    last.append(generator)
                    state.append(following)
                else:
                    steps.append(self._rewrite(f, ~following))
            offset.append(len(steps))
            f += 1
        self._meter.spend(len(steps) - before)

    def _start(self) -> None:
        """The steps from the empty words, where numbers follow the generators, not the objects."""
        leaving, moves, slot = self.automaton.leaving, self.automaton.moves, self.automaton.slot
        for row in leaving:
            self._offset.append(self._offset[-1] + len(row))
        self._steps = [_UNKNOWN] * self._offset[-1]
        for generator, (_, x, _) in enumerate(self.presentation.generators):
            following = moves[x][slot[generator]]
            if following >= 0:
                self._steps[self._offset[x] + slot[generator]] = len(self.parent)
                self.dom.append(x)
                self.parent.append(x)
                self.last.append(generator)
                self._state.append(following)
            else:
                self._steps[self._offset[x] + slot[generator]] = self._rewrite(x, ~following)

    def _rewrite(self, f: int, number: int) -> int:
        """Where f leads by the last letter of a rule's left side, with all others of which it ends."""
        known = self._right.get(number)
        if known is None:
            rule = self._history[number]
            slots = tuple(self.automaton.slot[generator] for generator in generators_of(rule.right))
            known = self._right[number] = (len(rule.left) - 1, slots)
        depth, slots = known
        parent, steps, offset = self.parent, self._steps, self._offset
        for _ in range(depth):
            f = parent[f]
        for slot in slots:
            f = steps[offset[f] + slot]
        self._meter.spend(depth + len(slots))
        return f

    def failures(self) -> list[tuple[int, int]]:
        """The (arrow f, relation u = v) with ``f >> u != f >> v`` as far as both are known, in increasing order."""
        self._freeze()
        cods = np.array(self.automaton.target, dtype=np.int32)[np.array(self._state, dtype=np.int32)]
        order = np.argsort(cods, kind="stable").astype(np.int32)
        bounds = np.searchsorted(cods[order], np.arange(len(self.presentation.objects) + 1))
        found: list[tuple[int, int]] = []
        for index, (left, right) in enumerate(self.presentation.relations):
            arrows = order[bounds[left.dom] : bounds[left.dom + 1]]
            one, two = self._trace(arrows, left.word), self._trace(arrows, right.word)
            wrong = arrows[(one != two) & (one != _UNKNOWN) & (two != _UNKNOWN)]
            found.extend((f, index) for f in wrong.tolist())
        return sorted(found)

    def _freeze(self) -> None:
        """Arrays of the steps known; the last place of the steps stands for all that are not."""
        self._frozen = len(self._offset) - 1
        self._flat_steps = np.array([*self._steps, _UNKNOWN], dtype=np.int32)
        self._flat_offset = np.zeros(self.size, dtype=np.int64)
        self._flat_offset[: self._frozen] = self._offset[:-1]

    def _trace(self, arrows: Vector, word: Word) -> Vector:
        """Where arrows lead by a word, -1 where that is not known."""
        if not self.closed:
            # Long words wait: most of the table would lead out of it.
            return self._trace_letters(arrows, word) if len(word) <= _LONG else np.full_like(arrows, _UNKNOWN)
        base, power, rest = _periodic(word)
        if power < 4:
            return self._trace_letters(arrows, word)
        # All arrows that end where the word starts go through the base at once: a power is a few squares.
        action = np.full(self.size, _UNKNOWN, dtype=np.int32)
        action[arrows] = self._trace_letters(arrows, base)
        result = arrows
        while power:
            if power & 1:
                result = action[result]
            action = np.where(action >= 0, action[action], _UNKNOWN).astype(np.int32)
            power >>= 1
        self._meter.spend(self.size)
        return self._trace_letters(result, rest)

    def _trace_letters(self, arrows: Vector, word: Word) -> Vector:
        result = arrows
        slot = self.automaton.slot
        self._meter.spend(len(word) * (1 + len(arrows) // 16))
        for generator in word:
            place = self._flat_offset[result] + slot[generator]
            known = (result >= 0) & (result < self._frozen)
            place[~known] = -1
            result = self._flat_steps[place]
        return result

    def word(self, f: int) -> Word:
        """The generators of an irreducible word."""
        letters: list[int] = []
        while self.parent[f] >= 0:
            letters.append(self.last[f])
            f = self.parent[f]
        return tuple(reversed(letters))

    def category(self, rules: tuple[Rule, ...]) -> Category:
        """The category of a closed table."""
        presentation, automaton = self.presentation, self.automaton
        return Category(
            name=presentation.name,
            objects=presentation.objects,
            generators=tuple(
                Generator(name, dom, cod, self._steps[self._offset[dom] + automaton.slot[index]])
                for index, (name, dom, cod) in enumerate(presentation.generators)
            ),
            dom=np.array(self.dom, dtype=np.int32),
            cod=np.array(automaton.target, dtype=np.int32)[np.array(self._state, dtype=np.int32)],
            parent=np.array(self.parent, dtype=np.int32),
            last=np.array(self.last, dtype=np.int32),
            steps=np.array(self._steps, dtype=np.int32),
            presentation=presentation,
            rules=rules,
        )


def _periodic(word: Word) -> tuple[Word, int, Word]:
    """A word as ``base * power + rest``, rest shorter than base and a beginning of it, base shortest."""
    if len(word) < 16:
        return word, 1, ()
    border = [0] * len(word)
    size = 0
    for place in range(1, len(word)):
        while size and word[place] != word[size]:
            size = border[size - 1]
        size += word[place] == word[size]
        border[place] = size
    period = len(word) - border[-1]
    power, left = divmod(len(word), period)
    return word[:period], power, word[:left]
