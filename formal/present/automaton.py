"""The automaton of irreducible words: a word is irreducible when no left side of a rule is a factor of it.

A state is an object (nothing of the word matters), or a proper beginning of a left side: the longest one with which
the word ends. The irreducible words are infinitely many just when the automaton has a loop.

Source: Aho, Corasick 1975; Book, Otto, String-Rewriting Systems, 2.1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from formal.core.presentation import Presentation, Word
from formal.present.system import System, generators_of


@dataclass(frozen=True, slots=True)
class Automaton:
    """The states are numbered, the p objects first.

    Args:
        leaving: for each object the generators that start there, in increasing order.
        slot: for each generator its position in there.
        target: for each state the object that its words end in.
        moves: for each state and each generator that can follow, in the order of ``leaving``, the next state, or
            ``~i`` where the left side of rule i (of the system's history) is complete.
    """

    leaving: tuple[tuple[int, ...], ...]
    slot: tuple[int, ...]
    target: list[int]
    moves: list[list[int]]

    def loop(self) -> tuple[int, Word, Word] | None:
        """An object, a shortest word from there to a state on a loop, and a shortest loop there; None without loops."""
        objects = range(len(self.leaving))
        came = self._reach(objects)
        after_a_loop = self._after_a_loop(came)
        for state in came:
            if state in after_a_loop:
                back = self._reach([state], until=state)
                if -1 in back:
                    start, prefix = self._way(came, state)
                    return start, prefix, (*self._way(back, back[-1][0])[1], back[-1][1])
        return None

    def _reach(self, starts: Iterable[int], until: int = -1) -> dict[int, tuple[int, int]]:
        """Breadth first, the state and the generator by which each state is first reached; (-1, -1) for a start.

        Args:
            until: a state at whose first being reached again to stop; that step is filed under -1.
        """
        came = dict.fromkeys(starts, (-1, -1))
        queue = list(came)
        for state in queue:
            for generator, following in zip(self.leaving[self.target[state]], self.moves[state], strict=True):
                if following < 0:
                    continue
                if following == until:
                    came[-1] = (state, generator)
                    return came
                if following not in came:
                    came[following] = (state, generator)
                    queue.append(following)
        return came

    @staticmethod
    def _way(came: dict[int, tuple[int, int]], state: int) -> tuple[int, Word]:
        """Where the way to a state starts, and its word."""
        letters: list[int] = []
        while came[state][0] >= 0:
            state, generator = came[state]
            letters.append(generator)
        return state, tuple(reversed(letters))

    def _after_a_loop(self, reachable: Iterable[int]) -> set[int]:
        """The states that are on a loop, or reached from one."""
        entering = dict.fromkeys(reachable, 0)
        for state in entering:
            for following in self.moves[state]:
                if following >= 0:
                    entering[following] += 1
        free = [state for state, count in entering.items() if count == 0]
        for state in free:
            for following in self.moves[state]:
                if following >= 0:
                    entering[following] -= 1
                    if entering[following] == 0:
                        free.append(following)
        return set(entering).difference(free)


def leaving_generators(presentation: Presentation) -> tuple[tuple[int, ...], ...]:
    """For each object the generators that start there, in increasing order."""
    rows: list[list[int]] = [[] for _ in presentation.objects]
    for generator, (_, dom, _) in enumerate(presentation.generators):
        rows[dom].append(generator)
    return tuple(map(tuple, rows))


def build_automaton(presentation: Presentation, system: System) -> Automaton:
    """The automaton of the words that are irreducible under the active rules of a system."""
    leaving = leaving_generators(presentation)
    slot = [0] * len(presentation.generators)
    for row in leaving:
        for position, generator in enumerate(row):
            slot[generator] = position
    ends = [cod for _, _, cod in presentation.generators]

    object_count = len(presentation.objects)
    target = list(range(object_count))
    # Where the states lead along left sides alone; the rest is inherited from shorter ends of the words.
    children: list[dict[int, int]] = [{} for _ in range(object_count)]
    for number in system.active:
        word = generators_of(system.history[number].left)
        state = presentation.generators[word[0]][1]
        for generator in word[:-1]:
            following = children[state].get(generator)
            if following is None:
                following = children[state][generator] = len(target)
                target.append(ends[generator])
                children.append({})
            state = following
        children[state][word[-1]] = ~number

    moves: list[list[int]] = [[] for _ in target]
    for x in range(object_count):
        moves[x] = [children[x].get(generator, ends[generator]) for generator in leaving[x]]
    # (state, the state of its longest proper end)
    queue = deque(
        (following, ends[generator])
        for x in range(object_count)
        for generator, following in children[x].items()
        if following >= 0
    )
    while queue:
        state, shorter = queue.popleft()
        own = children[state]
        moves[state] = list(moves[shorter])
        for generator, following in own.items():
            position = slot[generator]
            if following >= 0:
                queue.append((following, moves[state][position]))
            moves[state][position] = following
    return Automaton(leaving, tuple(slot), target, moves)
