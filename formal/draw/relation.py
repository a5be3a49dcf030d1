"""Equations between paths that present a category: those it was given by, or those read off its table.

Read off a table: every path ``word(f) + g`` that is not the word of its arrow, equal to that word. Where each of
these equations makes its path smaller in shortlex order, those suffice whose left sides contain no other left side.

Source: Book, Otto, String-Rewriting Systems, 1.1, 2.2.
"""

from __future__ import annotations

from formal.core.category import Category
from formal.core.presentation import Path, Word

Relation = tuple[Path, Path]


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
    """``f >> g``, or ``id(X)``."""
    if not path.word:
        return f"id({category.objects[path.dom]})"
    return " >> ".join(category.generators[generator].name for generator in path.word)
