"""Finite categories as right Cayley graphs.

A category is given by its objects, its generating arrows, and the right action of the generators on
all arrows: ``step(f, g) = f >> g``. Arrows are numbered, identities first; every other arrow has a
parent and a last generator, ``f = parent(f) >> last(f)``, with ``parent(f) < f``. The size is the number
of pairs (arrow, generator that can follow it), never the square of the number of arrows.

Source: Carmody, Leeming, Walters 1995 (left Kan extensions by enumeration); Froidure, Pin 1997.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from formal.core.presentation import Presentation, Rule

IntArray = NDArray[np.int32]


def _plain(values: IntArray) -> list[int]:
    result: list[int] = values.tolist()
    return result


@dataclass(frozen=True, slots=True)
class Generator:
    """A generating arrow ``name: dom -> cod`` (object numbers); ``arrow`` is its number as an arrow.

    A generator may be equal to an identity or to another generator: the equations may say so.
    """

    name: str
    dom: int
    cod: int
    arrow: int


@dataclass(frozen=True, eq=False)
class Category:
    """A finite category with p objects, g generators and n arrows.

    Args:
        name: how reports call it.
        objects: p labels, all different.
        generators: g generating arrows.
        dom: shape (n,), the object that each arrow starts from; ``dom[x] = x`` for x < p.
        cod: shape (n,), the object that each arrow ends in.
        parent: shape (n,), -1 for identities, else an arrow with a smaller number.
        last: shape (n,), -1 for identities, else the generator with ``f = parent[f] >> last[f]``.
        steps: shape (s,), the concatenation over all arrows f of ``f >> g`` for g in ``leaving[cod f]``.
        labels: n names for arrows, or None: then an arrow is named by its word.
        presentation: for a presented category, what it was given by; None for a constructed one.
        rules: for a presented category, derived rewrite rules under which each arrow's word is its normal form:
            for every arrow f and generator g that can follow it, either ``word(f) + (g,)`` is ``word(f >> g)``, or
            it ends with the left side of some rule. They prove that the arrows are those of the presentation.
    Two categories are the same only if they are the same object.
    """

    name: str
    objects: tuple[str, ...]
    generators: tuple[Generator, ...]
    dom: IntArray
    cod: IntArray
    parent: IntArray
    last: IntArray
    steps: IntArray
    labels: Sequence[str] | None = None
    presentation: Presentation | None = None
    rules: tuple[Rule, ...] = ()

    @property
    def object_count(self) -> int:
        """p."""
        return len(self.objects)

    @property
    def arrow_count(self) -> int:
        """n, identities included."""
        return len(self.dom)

    @cached_property
    def leaving(self) -> tuple[tuple[int, ...], ...]:
        """For each object the generators that start there, in increasing order."""
        result: list[list[int]] = [[] for _ in self.objects]
        for index, generator in enumerate(self.generators):
            result[generator.dom].append(index)
        return tuple(map(tuple, result))

    @cached_property
    def slot(self) -> tuple[int, ...]:
        """For each generator its position in ``leaving[dom]``."""
        result = [0] * len(self.generators)
        for row in self.leaving:
            for position, generator in enumerate(row):
                result[generator] = position
        return tuple(result)

    @cached_property
    def offset(self) -> IntArray:
        """Shape (n + 1,): the steps of arrow f are ``steps[offset[f]:offset[f + 1]]``."""
        degree = np.array([len(row) for row in self.leaving], dtype=np.int32)
        result = np.zeros(self.arrow_count + 1, dtype=np.int32)
        np.cumsum(degree[self.cod], out=result[1:])
        return result

    def step(self, f: int, generator: int) -> int:
        """``f >> g`` for a generator that starts where f ends."""
        return self._step_list[self._offset_list[f] + self.slot[generator]]

    @cached_property
    def _step_list(self) -> list[int]:
        return _plain(self.steps)

    @cached_property
    def _offset_list(self) -> list[int]:
        return _plain(self.offset)

    @cached_property
    def _dom_list(self) -> list[int]:
        return _plain(self.dom)

    @cached_property
    def _cod_list(self) -> list[int]:
        return _plain(self.cod)

    @cached_property
    def _parent_list(self) -> list[int]:
        return _plain(self.parent)

    @cached_property
    def _last_list(self) -> list[int]:
        return _plain(self.last)

    def source(self, f: int) -> int:
        """The object that f starts from, as a plain int."""
        return self._dom_list[f]

    def target(self, f: int) -> int:
        """The object that f ends in, as a plain int."""
        return self._cod_list[f]

    def word(self, f: int) -> tuple[int, ...]:
        """The generators whose composite f is, first to last; () for an identity."""
        parent, last = self._parent_list, self._last_list
        letters: list[int] = []
        while parent[f] >= 0:
            letters.append(last[f])
            f = parent[f]
        letters.reverse()
        return tuple(letters)

    def compose(self, f: int, g: int) -> int:
        """``f >> g``, first f, then g; f must end where g starts."""
        for generator in self.word(g):
            f = self.step(f, generator)
        return f

    def trace(self, f: int, word: Sequence[int]) -> int:
        """f followed by a word of generators."""
        for generator in word:
            f = self.step(f, generator)
        return f

    @cached_property
    def _homs(self) -> dict[tuple[int, int], tuple[int, ...]]:
        table: dict[tuple[int, int], list[int]] = {}
        for f, ends in enumerate(zip(self._dom_list, self._cod_list, strict=True)):
            table.setdefault(ends, []).append(f)
        return {ends: tuple(arrows) for ends, arrows in table.items()}

    def hom(self, x: int, y: int) -> tuple[int, ...]:
        """The arrows from x to y, in increasing order."""
        return self._homs.get((x, y), ())

    @cached_property
    def arrow_labels(self) -> Sequence[str]:
        """n names: the given labels, else ``id(X)`` and words such as ``f >> g``."""
        if self.labels is not None:
            return self.labels
        names = [f"id({label})" for label in self.objects]
        for f in range(self.object_count, self.arrow_count):
            generator = self.generators[self._last_list[f]].name
            parent = self._parent_list[f]
            names.append(generator if parent < self.object_count else f"{names[parent]} >> {generator}")
        return names

    def inverse(self, f: int) -> int | None:
        """The two-sided inverse of f, or None."""
        x, y = self.source(f), self.target(f)
        for g in self.hom(y, x):
            if self.compose(f, g) == x and self.compose(g, f) == y:
                return g
        return None

    def failures(self) -> Iterator[str]:
        """Every violation of the axioms of a category, in words; quadratic, for tests and small inputs."""
        for f in range(self.object_count):
            if self.source(f) != f or self.target(f) != f or self._parent_list[f] != -1:
                yield f"arrow {f} is not the identity of object {f}"
        for f in range(self.object_count, self.arrow_count):
            if not self._parent_list[f] < f or self.step(self._parent_list[f], self._last_list[f]) != f:
                yield f"arrow {f} is not its parent followed by its last generator"
        for index, generator in enumerate(self.generators):
            if self.step(generator.dom, index) != generator.arrow:
                yield f"generator {generator.name} is not its own arrow"
        for f in range(self.arrow_count):
            for g in range(self.arrow_count):
                if self.target(f) != self.source(g):
                    continue
                fg = self.compose(f, g)
                if self.source(fg) != self.source(f) or self.target(fg) != self.target(g):
                    yield f"the composite of {f} and {g} has wrong ends"
                for h in self.leaving[self.target(g)]:
                    if self.step(fg, h) != self.compose(f, self.step(g, h)):
                        yield f"({f} >> {g}) >> generator {h} is not {f} >> ({g} >> generator {h})"
