"""Equations between paths that present a category: those it was given by, or those read off its table.

Read off a table: every path ``word(f) + g`` that is not the word of its arrow, equal to that word. Where each of
these equations makes its path smaller in shortlex order, those suffice whose left sides contain no other left side.

Source: Book, Otto, String-Rewriting Systems, 1.1, 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

import numpy as np

from formal.core.category import Category
from formal.core.presentation import Path, Word

Relation = tuple[Path, Path]

_TABLE = 4_000
_NAME = re.compile(r"[^\W\d][\w']*\Z")


def relations(category: Category) -> tuple[Relation, ...]:
    """Equations that, with the generators, present the category; O(n g) words for n arrows and g generators."""
    if category.presentation is not None:
        return category.presentation.relations
    found: list[tuple[int, Word, Word]] = []
    words = [category.word(f) for f in range(category.arrow_count)]
    for f, word in enumerate(words):
        for generator in category.leaving[category.target(f)]:
            path, normal = (*word, generator), words[category.step(f, generator)]
            if path != normal:
                found.append((category.source(f), path, normal))
    if all((len(normal), normal) < (len(path), path) for _, path, normal in found):
        reducible = {path for _, path, _ in found}
        found = [item for item in found if item[1][1:] not in reducible]
    return tuple((Path(dom, path), Path(dom, normal)) for dom, path, normal in found)


def path_text(category: Category, path: Path) -> str:
    """``f >> g``, ``r^4``, or ``id(X)``."""
    if not path.word:
        return f"id({category.objects[path.dom]})"
    return power_text(path.word, [generator.name for generator in category.generators])


def power_text(word: Word, names: Sequence[str]) -> str:
    """A non-empty path by the names of the generators, with powers for repetitions: ``s >> r^3``."""
    runs = ((names[generator], sum(1 for _ in run)) for generator, run in groupby(word))
    return " >> ".join(name if power == 1 else f"{name}^{power}" for name, power in runs)


def is_thin(category: Category) -> bool:
    """Whether any two parallel arrows are equal."""
    pairs = category.dom.astype(np.int64) * max(category.object_count, 1) + category.cod
    return len(np.unique(pairs)) == category.arrow_count


def is_order(category: Category) -> bool:
    """Whether a category with an object is a partial order whose generators are named ``(a -> b)``."""
    named = all(g.name == f"({category.objects[g.dom]} -> {category.objects[g.cod]})" for g in category.generators)
    if not (category.objects and named and is_thin(category)):
        return False
    return not any(g.dom == g.cod or category.hom(g.cod, g.dom) for g in category.generators)


def generator_label(category: Category, generator: int, *, thin: bool) -> str:
    """The label of a generator in a picture; none in a thin category for a name that only tells the ends."""
    name = category.generators[generator].name
    return "" if thin and not _NAME.match(name) else name


def relation_texts(category: Category) -> list[str]:
    """``f >> g = h``, one text an equation, or ``every diagram commutes``.

    Nothing for a large category that was not presented.
    """
    if category.presentation is None:
        if category.arrow_count * len(category.generators) > _TABLE:
            return []
        found = relations(category)
        if found and is_thin(category):
            return ["every diagram commutes"]
    else:
        found = category.presentation.relations
    return [f"{path_text(category, left)} = {path_text(category, right)}" for left, right in found]
