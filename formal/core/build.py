"""Finite categories from a list of arrows and a way to compose them.

The arrows are numbered breadth first from the identities along the generators, so that every arrow but an
identity comes after its parent, as ``Category`` demands.

Source: Froidure, Pin 1997, Algorithms for computing finite semigroups (the right Cayley graph).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from formal.core.category import Category, Generator

DEFAULT_LIMIT = 1_000_000
"""The most arrows, elements or search nodes that a construction makes unless told otherwise."""
MOST_COMPOSITES = 2_000_000
"""The most composites that are looked at when generators are chosen."""


class TooLarge(Exception):
    """A construction would need more than ``limit`` objects, arrows, elements or search nodes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"more than {limit}")


@dataclass(frozen=True, slots=True, eq=False)
class LazyLabels(Sequence[str]):
    """A sequence of labels, each made when it is asked for.

    Args:
        length: how many there are.
        label: the label at a position from 0.
    """

    length: int
    label: Callable[[int], str]

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        if isinstance(index, slice):
            return [self.label(i) for i in range(*index.indices(self.length))]
        if not -self.length <= index < self.length:
            raise IndexError(index)
        return self.label(int(index) % self.length)


def distinct(labels: Iterable[str]) -> tuple[str, ...]:
    """The labels in order, with primes added to those that repeat an earlier one.

    >>> distinct(["a", "b", "a", "a"])
    ('a', 'b', "a'", "a''")
    """
    listed = list(labels)
    if len(set(listed)) == len(listed):
        return tuple(listed)
    taken = set(listed)
    seen: set[str] = set()
    result: list[str] = []
    for label in listed:
        if label in seen:
            label += "'"
            while label in taken or label in seen:
                label += "'"
        seen.add(label)
        result.append(label)
    return tuple(result)


def check_size(size: int, limit: int) -> None:
    """Raise ``TooLarge`` when there would be more than ``limit`` things."""
    if size > limit:
        raise TooLarge(limit)


def build_category(
    name: str,
    objects: Sequence[str],
    arrows: Sequence[tuple[int, int]],
    compose: Callable[[int, int], int],
    identity: Sequence[int],
    generators: Sequence[tuple[str, int]] | None = None,
    labels: Sequence[str] | None = None,
    *,
    limit: int = DEFAULT_LIMIT,
) -> tuple[Category, tuple[int, ...]]:
    """A category from its arrows in any order and their composition.

    Args:
        objects: p labels, all different.
        arrows: n pairs (dom, cod), identities included.
        compose: ``compose(f, g) = f >> g`` for arrows with ``cod f = dom g``; associative.
        identity: for each object the number of its identity in ``arrows``.
        generators: (name, arrow) pairs that generate all arrows, names all different; None chooses an irredundant
            set in the order of ``arrows``, named by their labels.
        labels: n names for arrows, in the order of ``arrows``; None names them by their words.
        limit: the most arrows to accept.
    Returns:
        The category, and for each given arrow its number there.
    Raises:
        TooLarge: n > limit.
        ValueError: the generators do not generate all arrows.
    """
    check_size(len(arrows), limit)
    dom = [x for x, _ in arrows]
    cod = [y for _, y in arrows]
    if generators is None:
        chosen = generating_arrows(dom, cod, identity, compose)
        names = distinct(f"f{i + 1}" if labels is None else labels[f] for i, f in enumerate(chosen))
        generators = tuple(zip(names, chosen, strict=True))
    leaving: list[list[int]] = [[] for _ in objects]
    for _, g in generators:
        leaving[dom[g]].append(g)
    steps = [compose(f, g) for f, y in enumerate(cod) for g in leaving[y]]
    return number_arrows(name, objects, dom, cod, identity, generators, steps, labels)


def number_arrows(
    name: str,
    objects: Sequence[str],
    dom: Sequence[int],
    cod: Sequence[int],
    identity: Sequence[int],
    generators: Sequence[tuple[str, int]],
    steps: Sequence[int],
    labels: Sequence[str] | None = None,
) -> tuple[Category, tuple[int, ...]]:
    """A category from arrows in any order and the right action of the generators: the fast path, linear in ``steps``.

    Args:
        dom, cod, identity, generators, labels: as for ``build_category``; dom and cod have shape (n,).
        steps: the concatenation over all given arrows f of ``f >> g`` for the generators g that start at ``cod f``, in
            the order of ``generators``; plain ints.
    Returns:
        The category, and for each given arrow its number there.
    Raises:
        ValueError: the generators do not generate all arrows.
    """
    leaving: list[list[int]] = [[] for _ in objects]
    for index, (_, g) in enumerate(generators):
        leaving[dom[g]].append(index)
    offset = [0]
    for y in cod:
        offset.append(offset[-1] + len(leaving[y]))
    if offset[-1] != len(steps):
        raise ValueError(f"{name}: {len(steps)} steps where {offset[-1]} are due")

    number = [-1] * len(dom)
    for x, f in enumerate(identity):
        number[f] = x
    order = list(identity)
    parent = [-1] * len(order)
    last = [-1] * len(order)
    numbered_steps: list[int] = []
    for position, f in enumerate(order):  # grows while it is read: a queue
        for g, h in zip(leaving[cod[f]], steps[offset[f] : offset[f + 1]], strict=True):
            k = number[h]
            if k < 0:
                k = number[h] = len(order)
                order.append(h)
                parent.append(position)
                last.append(g)
            numbered_steps.append(k)
    if len(order) != len(dom):
        missed = number.index(-1)
        raise ValueError(f"{name}: the generators do not generate arrow {missed if labels is None else labels[missed]}")
    category = Category(
        name=name,
        objects=tuple(objects),
        generators=tuple(Generator(label, dom[g], cod[g], number[g]) for label, g in generators),
        dom=np.array([dom[f] for f in order], dtype=np.int32),
        cod=np.array([cod[f] for f in order], dtype=np.int32),
        parent=np.array(parent, dtype=np.int32),
        last=np.array(last, dtype=np.int32),
        steps=np.array(numbered_steps, dtype=np.int32),
        labels=None if labels is None else LazyLabels(len(order), lambda f: labels[order[f]]),
    )
    return category, tuple(number)


def generating_arrows(
    dom: Sequence[int],
    cod: Sequence[int],
    identity: Sequence[int],
    compose: Callable[[int, int], int],
    candidates: Iterable[int] | None = None,
) -> tuple[int, ...]:
    """An irredundant set of arrows that generates all: none of them is a composite of others.

    In a category whose only endomorphisms are identities it is the set of arrows that are not a composite of two
    non-identities.

    Args:
        dom, cod, identity, compose: as for ``build_category``.
        candidates: arrows among which to choose, the most welcome first; they generate all arrows. None takes all
            arrows in order.
    Raises:
        TooLarge: more than ``MOST_COMPOSITES`` composites would have to be looked at.
    """
    steps: dict[int, int] = {}
    count = len(dom)

    def after(f: int, g: int) -> int:
        key = f * count + g
        if key not in steps:
            check_size(len(steps), MOST_COMPOSITES)
            steps[key] = compose(f, g)
        return steps[key]

    ending: list[list[int]] = [[] for _ in identity]
    leaving: list[list[int]] = [[] for _ in identity]
    reached: set[int] = set()

    def reach(arrows: list[int]) -> None:
        while arrows:
            f = arrows.pop()
            if f not in reached:
                reached.add(f)
                ending[cod[f]].append(f)
                arrows.extend(after(f, g) for g in leaving[cod[f]])

    reach(list(identity))
    chosen: list[int] = []
    for g in range(len(dom)) if candidates is None else candidates:
        if g not in reached:
            chosen.append(g)
            leaving[dom[g]].append(g)
            reach([after(f, g) for f in ending[dom[g]]])

    def redundant(g: int) -> bool:
        """Whether g is a composite of the other generators that are left."""
        queue = [identity[dom[g]]]
        seen = set(queue)
        while queue:
            f = queue.pop()
            for h in leaving[cod[f]]:
                fh = after(f, h)
                if h != g and fh not in seen:
                    if fh == g:
                        return True
                    seen.add(fh)
                    queue.append(fh)
        return False

    for g in reversed(chosen):
        if redundant(g):
            leaving[dom[g]].remove(g)
    return tuple(g for g in chosen if g in leaving[dom[g]])
