"""Shapes: how many objects, arrows and elements a finite structure has, and where, up to renaming.

A shape of a category is the matrix of the numbers of its arrows that are no identities; with set-valued functors on
it, also the number of elements over each object. Where there are arrows from x to y and from y to z there is one from
x to z; where there is an arrow, elements over the end it acts from have images over the other.

Shapes are listed up to isomorphism: matrices exactly, numbers of elements up to the exchange of objects that look
alike (a shape may then be listed more than once, never left out).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice, pairwise, permutations, product

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class CategoryShape:
    """Numbers of arrows and elements.

    Args:
        arrows: ``arrows[x][y]``, those from x to y that are no identities.
        fibres: ``fibres[t][x]``, the elements of the t-th set-valued functor over x.
    """

    arrows: Matrix
    fibres: Matrix = ()

    @property
    def objects(self) -> int:
        """How many objects it has."""
        return len(self.arrows)

    def arrow_count(self) -> int:
        """How many arrows that are no identities it has."""
        return sum(map(sum, self.arrows))

    def element_count(self) -> int:
        """How many elements the set-valued functors have."""
        return sum(map(sum, self.fibres))


Shape = tuple[CategoryShape, ...]


class Shapes:
    """The shapes of a list of categories, by size; each list is made once.

    Args:
        variances: for every category, for every set-valued functor on it: whether it is contravariant.
        discrete: for every category, whether only shapes without arrows are listed.
    """

    def __init__(
        self,
        variances: tuple[tuple[bool, ...], ...],
        discrete: tuple[bool, ...],
        max_objects: int | None,
        max_arrows: int | None,
    ) -> None:
        self.variances = variances
        self._discrete = discrete
        self._max_objects = max_objects
        self._max_arrows = max_arrows
        self._matrices: dict[tuple[int, int], tuple[Matrix, ...]] = {}
        self._parts: dict[tuple[int, int], tuple[CategoryShape, ...]] = {}

    def is_cut(self, size: int) -> bool:
        """Whether there are shapes of this size beyond the limits on objects or arrows."""
        return bool(self.variances) and (
            (self._max_objects is not None and size > self._max_objects)
            or (self._max_arrows is not None and size - 1 > self._max_arrows)
        )

    def largest(self, size: int) -> tuple[int, int, int]:
        """The most objects, arrows that are no identities, and elements of structures of at most this size."""
        if not self.variances or size < 1:
            return (0, 0, 0)
        return size, size - 1, size - 1 if any(self.variances) else 0

    def part(self, index: int, size: int) -> tuple[CategoryShape, ...]:
        """The shapes of one category with its set-valued functors."""
        found = self._parts.get((index, size))
        if found is None:
            found = self._parts[index, size] = tuple(self._list_part(index, size))
        return found

    def _list_part(self, index: int, size: int) -> Iterator[CategoryShape]:
        variances = self.variances[index]
        for elements in range(size + 1 if variances else 1):
            for objects in range(size - elements + 1):
                arrows = size - elements - objects
                if _exceeds(objects, self._max_objects) or _exceeds(arrows, self._max_arrows):
                    continue
                if (arrows and self._discrete[index]) or (size and not objects):
                    continue
                for matrix in self.matrices(objects, arrows):
                    if is_transitive(matrix):
                        for fibres in _fibres(matrix, variances, elements):
                            yield CategoryShape(matrix, fibres)

    def matrices(self, objects: int, arrows: int) -> tuple[Matrix, ...]:
        """The square matrices of natural numbers with this sum, one of each isomorphism class, least first."""
        found = self._matrices.get((objects, arrows))
        if found is not None:
            return found
        if not arrows:
            found = (((0,) * objects,) * objects,)
        else:
            larger = {
                canonical(_increased(matrix, x, y))
                for matrix in self.matrices(objects, arrows - 1)
                for x, y in product(range(objects), repeat=2)
            }
            found = tuple(sorted(larger))
        self._matrices[objects, arrows] = found
        return found


def _exceeds(number: int, limit: int | None) -> bool:
    return limit is not None and number > limit


def splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """The tuples of so many natural numbers with this sum, the even ones (with the least maximum) first."""
    yield from sorted(_splits(total, parts), key=lambda split: (max(split, default=0), split))


def _splits(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if not parts:
        if not total:
            yield ()
        return
    for first in range(total + 1):
        for rest in _splits(total - first, parts - 1):
            yield (first, *rest)


def is_transitive(matrix: Matrix) -> bool:
    """Whether arrows that can be composed have somewhere to go."""
    n = range(len(matrix))
    return all(
        x == z or matrix[x][z] for x in n for y in n if x != y and matrix[x][y] for z in n if z != y and matrix[y][z]
    )


def canonical(matrix: Matrix) -> Matrix:
    """The matrix with its objects in the order that makes it greatest among those sorted by how they look."""
    look = [_look(matrix, x) for x in range(len(matrix))]
    order = sorted(range(len(matrix)), key=lambda x: look[x], reverse=True)
    classes = [tuple(group) for _, group in groupby(order, key=lambda x: look[x])]
    arrangements = [[group] if _are_twins(matrix, group) else list(permutations(group)) for group in classes]
    return max(_permuted(matrix, sum(choice, ())) for choice in product(*arrangements))


def automorphisms(shape: CategoryShape, limit: int) -> list[tuple[int, ...]]:
    """Permutations of the objects that keep all numbers, without the identity: exchanges of neighbours that look
    alike, and up to ``limit`` others."""
    n = range(shape.objects)
    columns = [tuple(fibre[x] for fibre in shape.fibres) for x in n]
    look = [(_look(shape.arrows, x), columns[x]) for x in n]
    found: list[tuple[int, ...]] = []
    classes: dict[object, list[int]] = {}
    for x in n:
        classes.setdefault(look[x], []).append(x)
    others: list[list[int]] = []
    for group in classes.values():
        if _are_twins(shape.arrows, tuple(group)):
            for x, y in pairwise(group):
                swap = list(n)
                swap[x], swap[y] = y, x
                found.append(tuple(swap))
        else:
            others.append(group)
    for choice in islice(product(*(permutations(group) for group in others)), limit):
        image = list(n)
        for group, places in zip(others, choice, strict=True):
            for x, y in zip(group, places, strict=True):
                image[x] = y
        if image != list(n) and all(
            shape.arrows[x][y] == shape.arrows[image[x]][image[y]] for x, y in product(n, repeat=2)
        ):
            found.append(tuple(image))
    return found


def _look(matrix: Matrix, x: int) -> tuple[object, ...]:
    """What does not change when objects are renamed: loops, and arrows to and from others."""
    n = range(len(matrix))
    out = sorted((matrix[x][y] for y in n if y != x), reverse=True)
    into = sorted((matrix[y][x] for y in n if y != x), reverse=True)
    return matrix[x][x], tuple(out), tuple(into)


def _are_twins(matrix: Matrix, group: tuple[int, ...]) -> bool:
    """Whether any two of these objects can be exchanged without moving the others."""
    n = range(len(matrix))
    return all(
        matrix[x][x] == matrix[y][y]
        and matrix[x][y] == matrix[y][x]
        and all(matrix[x][z] == matrix[y][z] and matrix[z][x] == matrix[z][y] for z in n if z not in (x, y))
        for x, y in pairwise(group)
    )


def _permuted(matrix: Matrix, order: tuple[int, ...]) -> Matrix:
    return tuple(tuple(matrix[x][y] for y in order) for x in order)


def _increased(matrix: Matrix, x: int, y: int) -> Matrix:
    rows = [list(row) for row in matrix]
    rows[x][y] += 1
    return tuple(map(tuple, rows))


def _fibres(matrix: Matrix, variances: tuple[bool, ...], elements: int) -> Iterator[Matrix]:
    """Numbers of elements with this sum, such that the actions have images to choose."""
    objects = len(matrix)
    n = range(objects)
    arrows = [(x, y) for x in n for y in n if x != y and matrix[x][y]]
    twins = [(x, x + 1) for x in range(objects - 1) if _are_twins(matrix, (x, x + 1))]
    for flat in splits(elements, len(variances) * objects):
        fibres = tuple(flat[t * objects : (t + 1) * objects] for t in range(len(variances)))
        if any(tuple(f[x] for f in fibres) < tuple(f[y] for f in fibres) for x, y in twins):
            continue
        if all(
            fibre[x if contravariant else y] or not fibre[y if contravariant else x]
            for fibre, contravariant in zip(fibres, variances, strict=True)
            for x, y in arrows
        ):
            yield fibres
