"""Composition and action of arrows by look-up, each row computed when it is first asked for.

Small structures get rows of composites; for large ones, where the rows together would have more than ``DENSE``
entries, the last arrow's word is followed through the generators' tables.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from formal.core.category import Category
from formal.core.functor import SetFunctor

DENSE = 1_000_000
"""The most entries that the rows of one structure may have together."""

Operation = Callable[[int, int], int]


class CompositionRows(dict[int, dict[int, int]]):
    """For each arrow f the row ``g |-> f >> g`` over all arrows g that start where f ends."""

    def __init__(self, category: Category) -> None:
        super().__init__()
        self.category = category
        self.parent: list[int] = category.parent.tolist()
        self.last: list[int] = category.last.tolist()
        self.leaving: list[list[int]] = [[] for _ in category.objects]
        for f in range(category.arrow_count):
            self.leaving[category.source(f)].append(f)

    def __missing__(self, f: int) -> dict[int, int]:
        category, parent, last = self.category, self.parent, self.last
        start = category.target(f)
        row = {start: f}
        for g in self.leaving[start]:
            if g != start:
                row[g] = category.step(row[parent[g]], last[g])
        self[f] = row
        return row


class ActionRows(dict[int, dict[int, int]]):
    """For each arrow f the row ``t |-> T(f)(t)`` over all elements t that f acts on."""

    def __init__(self, functor: SetFunctor) -> None:
        super().__init__()
        self.functor = functor

    def __missing__(self, f: int) -> dict[int, int]:
        functor = self.functor
        category = functor.category
        word = category.word(f)
        row = {
            t: functor.act_word(word, t)
            for t in functor.at(category.target(f) if functor.contravariant else category.source(f))
        }
        self[f] = row
        return row


def composition_rows(category: Category) -> CompositionRows | None:
    """The rows of a category, or None when they would be too large."""
    into = np.bincount(category.cod, minlength=category.object_count)
    out_of = np.bincount(category.dom, minlength=category.object_count)
    return CompositionRows(category) if int(into @ out_of) <= DENSE else None


def action_rows(functor: SetFunctor) -> ActionRows | None:
    """The rows of a set-valued functor, or None when they would be too large."""
    ends = functor.category.cod if functor.contravariant else functor.category.dom
    sizes = np.diff(np.array(functor.start))
    return ActionRows(functor) if int(sizes[ends].sum()) <= DENSE else None
