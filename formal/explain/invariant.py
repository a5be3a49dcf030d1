"""Numbers that isomorphic structures share: what differs, in words that a person would use.

Source: Mac Lane, Categories for the Working Mathematician, I.5, IV.4; Spivak, Category Theory for the Sciences, 4.3.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.draw.name import arrow_name, counted
from formal.explain.candidate import orbits
from formal.explain.phrase import set_name

_ARROWS = 400
_ACTIONS = 40_000


def set_functor_difference(left: SetFunctor, right: SetFunctor) -> str:
    """The first invariant in which two set-valued functors on one category differ; empty when all agree."""
    category = left.category
    for x in range(category.object_count):
        a, b = len(left.at(x)), len(right.at(x))
        if a != b:
            return f"`{set_name(left, x)}` has {counted(a, 'element')}, `{set_name(right, x)}` has {b}"
    a, b = len(orbits(left).sources), len(orbits(right).sources)
    if a != b:
        return f"it takes {counted(a, 'element')} to generate `{left.name}`, and {b} to generate `{right.name}`"
    if category.arrow_count > _ARROWS or category.arrow_count * max(left.size, 1) > _ACTIONS:
        return ""
    for difference in _action_differences(left, right):
        return difference
    return ""


def _action_differences(left: SetFunctor, right: SetFunctor) -> Iterator[str]:
    """Arrows whose images differ in size, then pairs of parallel arrows that agree on differently many elements."""
    category = left.category

    def maps(functor: SetFunctor) -> list[tuple[int, ...]]:
        tables = []
        for f in range(category.arrow_count):
            source = category.target(f) if functor.contravariant else category.source(f)
            tables.append(tuple(functor.act_arrow(f, t) for t in functor.at(source)))
        return tables

    s, t = maps(left), maps(right)
    for f in range(category.object_count, category.arrow_count):
        a, b = len(set(s[f])), len(set(t[f]))
        if a != b:
            name = arrow_name(category, f)
            yield f"`{left.name}({name})` takes {counted(a, 'value')}, `{right.name}({name})` takes {b}"
    for f in range(category.arrow_count):
        for g in category.hom(category.source(f), category.target(f)):
            if g <= f:
                continue
            a = sum(map(int.__eq__, s[f], s[g]))
            b = sum(map(int.__eq__, t[f], t[g]))
            if a == b:
                continue
            name = arrow_name(category, g)
            if f < category.object_count:
                yield f"`{left.name}({name})` fixes {counted(a, 'element')}, `{right.name}({name})` fixes {b}"
            else:
                pair = f"`{arrow_name(category, f)}` and `{name}`"
                yield f"{pair} act alike on {counted(a, 'element')} of `{left.name}` and on {b} of `{right.name}`"


def category_difference(left: Category, right: Category) -> str:
    """The first invariant in which two categories differ; empty when all agree."""
    for noun, a, b in _category_numbers(left, right):
        if a != b:
            return f"`{left.name}` has {counted(a, noun)}, `{right.name}` has {b}"
    return ""


def _category_numbers(left: Category, right: Category) -> Iterator[tuple[str, int, int]]:
    yield "object", left.object_count, right.object_count
    yield "arrow", left.arrow_count, right.arrow_count
    yield "endomorphism", _endomorphisms(left), _endomorphisms(right)
    homs = Counter(_hom_sizes(left)), Counter(_hom_sizes(right))
    for size in sorted({*homs[0], *homs[1]}):
        yield f"hom-set| of {counted(size, 'arrow')}", homs[0][size], homs[1][size]
    if left.arrow_count > _ARROWS:
        return
    yield "isomorphism", _isomorphisms(left), _isomorphisms(right)
    powers = Counter(_powers(left)), Counter(_powers(right))
    for index, period in sorted({*powers[0], *powers[1]}):
        noun = f"endomorphism| with {index + period} different powers"
        if (index, period) == (0, 2):
            noun = "involution"
        elif (index, period) == (1, 1):
            noun = "idempotent| other than identities"
        elif index == 0:
            noun = f"automorphism| of order {period}"
        yield noun, powers[0][index, period], powers[1][index, period]
    yield "pair| of commuting endomorphisms", _commuting(left), _commuting(right)


def _endomorphisms(category: Category) -> int:
    return int(np.count_nonzero(category.dom == category.cod))


def _hom_sizes(category: Category) -> list[int]:
    pairs = category.dom.astype(np.int64) * max(category.object_count, 1) + category.cod
    sizes: list[int] = np.unique(pairs, return_counts=True)[1].tolist()
    return sizes


def _isomorphisms(category: Category) -> int:
    return sum(category.inverse(f) is not None for f in range(category.arrow_count))


def _powers(category: Category) -> Iterator[tuple[int, int]]:
    """For each endomorphism how many powers come before the cycle of its powers, and the cycle's length."""
    for f in range(category.arrow_count):
        if category.source(f) != category.target(f):
            continue
        seen = {category.source(f): 0}
        power = f
        while power not in seen:
            seen[power] = len(seen)
            power = category.compose(power, f)
        yield seen[power], len(seen) - seen[power]


def _commuting(category: Category) -> int:
    count = 0
    for x in range(category.object_count):
        loops = category.hom(x, x)
        count += sum(category.compose(f, g) == category.compose(g, f) for f in loops for g in loops)
    return count


def isomorphism_classes(category: Category) -> tuple[tuple[int, ...], ...]:
    """The objects, sorted into classes of isomorphic ones."""
    classes: list[list[int]] = []
    for x in range(category.object_count):
        for members in classes:
            if any(category.inverse(f) is not None for f in category.hom(members[0], x)):
                members.append(x)
                break
        else:
            classes.append([x])
    return tuple(map(tuple, classes))


def equivalence_difference(left: Category, right: Category) -> str:
    """An invariant of equivalence in which two categories differ; empty when all agree."""
    if max(left.arrow_count, right.arrow_count) > _ARROWS:
        return ""
    a, b = isomorphism_classes(left), isomorphism_classes(right)
    if len(a) != len(b):
        noun = counted(len(a), "object")
        return f"`{left.name}` has {noun} up to isomorphism, `{right.name}` has {len(b)}"
    homs = Counter(_skeleton_homs(left, a)), Counter(_skeleton_homs(right, b))
    for size in sorted({*homs[0], *homs[1]}):
        if homs[0][size] != homs[1][size]:
            noun = counted(homs[0][size], f"hom-set| of {counted(size, 'arrow')}")
            return f"up to isomorphism `{left.name}` has {noun}, `{right.name}` has {homs[1][size]}"
    # Skeletal categories are equivalent when they are isomorphic.
    skeletal = len(a) == left.object_count and len(b) == right.object_count
    return category_difference(left, right) if skeletal else ""


def _skeleton_homs(category: Category, classes: tuple[tuple[int, ...], ...]) -> Iterator[int]:
    for first in classes:
        for second in classes:
            yield len(category.hom(first[0], second[0]))
