"""Symmetry breaking: of structures that differ by renaming, ask for one that comes first.

A symmetry of a shape renames individuals and with them the entries of all tables. For every symmetry that we choose,
the tables, read in one fixed order, have to be no later than their renamed copies; the first of all copies passes.

Source: Crawford, Ginsberg, Luks, Roy, Symmetry-breaking predicates for search problems (1996).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from formal.refute.ground import FALSE, TRUE, Frame, Literal, Table, World, literal_of
from formal.refute.shape import CategoryShape, automorphisms

_LONGEST = 24
_MOST_AUTOMORPHISMS = 24


@dataclass(frozen=True, slots=True)
class Kind:
    """What a number in a table names.

    Args:
        family: 0 for objects, 1 for arrows of a category, 2 for elements of a set-valued functor.
        owner: the number of the category or of the set-valued functor.
    """

    family: int
    owner: int


@dataclass(frozen=True, slots=True)
class Column:
    """A table with what its arguments and values name."""

    table: Table
    arguments: tuple[Kind, ...]
    value: Kind


Renaming = dict[Kind, dict[int, int]]
"""New numbers by kind; what is not mentioned keeps its own."""


def break_symmetry(world: World, columns: Sequence[Column]) -> None:
    """Require the tables to come first among some of their copies.

    Args:
        columns: in the order in which tables are compared.
    """
    for renaming in _renamings(world.frame):
        _come_first(world, list(_compared(columns, renaming)))


def _renamings(frame: Frame) -> Iterator[Renaming]:
    set_functor = 0
    for category, shape in enumerate(frame.shapes):
        objects = shape.objects
        own = range(set_functor, set_functor + len(shape.fibres))
        set_functor += len(shape.fibres)
        for row in frame.homs[category]:
            for hom in row:
                for f, g in pairwise([f for f in hom if f >= objects]):
                    yield {Kind(1, category): {f: g, g: f}}
        for t in own:
            for fibre in frame.fibres[t]:
                for a, b in pairwise(fibre):
                    yield {Kind(2, t): {a: b, b: a}}
        for image in automorphisms(shape, _MOST_AUTOMORPHISMS):
            yield _along(frame, category, shape, own, image)


def _along(frame: Frame, category: int, shape: CategoryShape, own: Sequence[int], image: tuple[int, ...]) -> Renaming:
    """A permutation of objects, extended to arrows and elements in their order."""
    objects = range(shape.objects)
    homs = frame.homs[category]
    arrows = {f: g for x in objects for y in objects for f, g in zip(homs[x][y], homs[image[x]][image[y]], strict=True)}
    renaming: Renaming = {Kind(0, category): dict(enumerate(image)), Kind(1, category): arrows}
    for t in own:
        fibres = frame.fibres[t]
        renaming[Kind(2, t)] = {a: b for x in objects for a, b in zip(fibres[x], fibres[image[x]], strict=True)}
    return renaming


def _compared(columns: Sequence[Column], renaming: Renaming) -> Iterator[tuple[Literal, Literal]]:
    """Pairs of literals: an entry and the entry that replaces it."""
    for column in columns:
        rows = column.table.rows
        arguments = [renaming.get(kind, {}) for kind in column.arguments]
        values = renaming.get(column.value, {})
        for key, value in rows.items():
            if isinstance(value, int):
                continue
            other = tuple([new.get(number, number) for new, number in zip(arguments, key, strict=True)])
            image = rows.get(other)
            if image is None:
                return
            for number, literal in value[:-1]:
                renamed = literal_of(image, values.get(number, number))
                if renamed != literal:
                    yield literal, renamed


def _come_first(world: World, pairs: list[tuple[Literal, Literal]]) -> None:
    """The first literals are lexicographically at least the second ones."""
    equal = TRUE
    for here, there in pairs[:_LONGEST]:
        world.require((-equal, here, -there))
        if (here == TRUE and there == FALSE) or here == -there:
            return
        if here == there:
            continue
        following = world.fresh()
        world.require((-equal, -here, -there, following))
        world.require((-equal, here, there, following))
        equal = following
