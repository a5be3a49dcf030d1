"""Names of arrows and paths, and counts of things, as people read them."""

from __future__ import annotations

from itertools import groupby

from formal.core.category import Category

_FACTORS = 8
_ENTRIES = 6
_LENGTH = 160


def clipped(text: str, limit: int = _LENGTH) -> str:
    """The text, or its beginning and end around ``…`` when it is longer than ``limit`` characters.

    It is cut between words where there are any nearby.
    """
    if len(text) <= limit:
        return text
    tail = limit // 4
    start, end = text[: limit - tail - 3], text[-tail:]
    space = start.rfind(" ", len(start) * 3 // 4)
    start = start[:space] if space >= 0 else start
    space = end.find(" ", 0, tail // 4)
    return f"{start} … {end[space + 1 :]}"


def counted(count: int, noun: str) -> str:
    """``1 arrow``, ``3 arrows``; the plural's ``s`` stands in the place of a ``|``, or at the end."""
    stem, _, rest = noun.partition("|")
    return f"{count} {stem}{'' if count == 1 else 's'}{rest}"


def listed(items: list[str], limit: int = _ENTRIES) -> str:
    """``a, b, c and 17 more``."""
    if len(items) <= limit + 1:
        return ", ".join(items)
    return f"{', '.join(items[:limit])} and {len(items) - limit} more"


def word_name(category: Category, word: tuple[int, ...]) -> str:
    """A non-empty path of generators, with powers for repetitions: ``s >> r^3``."""
    factors = []
    for generator, run in groupby(word):
        name, power = category.generators[generator].name, sum(1 for _ in run)
        factors.append(name if power == 1 else f"{name}^{power}")
    if len(factors) > _FACTORS:
        factors[_FACTORS - 2 : -1] = ["…"]
    return " >> ".join(factors)


def arrow_name(category: Category, f: int) -> str:
    """The label of an arrow; without one ``id(X)`` or its path."""
    if category.labels is not None:
        return clipped(category.labels[f])
    if f < category.object_count:
        return f"id({clipped(category.objects[f])})"
    return clipped(word_name(category, category.word(f)))
