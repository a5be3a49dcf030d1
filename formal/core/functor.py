"""Functors between finite categories, set-valued functors, and natural transformations.

Source: Mac Lane, Categories for the Working Mathematician, I.3, I.4, III.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from formal.core.category import Category


@dataclass(frozen=True, eq=False)
class Functor:
    """A covariant functor; a contravariant one starts from the opposite category.

    Args:
        objects: for each object of ``dom`` its image, an object number of ``cod``.
        generators: for each generator of ``dom`` its image, an arrow number of ``cod``.
    """

    name: str
    dom: Category
    cod: Category
    objects: tuple[int, ...]
    generators: tuple[int, ...]

    @cached_property
    def arrows(self) -> tuple[int, ...]:
        """For each arrow of ``dom`` its image."""
        images = list(self.objects)
        for f in range(self.dom.object_count, self.dom.arrow_count):
            images.append(self.cod.compose(images[int(self.dom.parent[f])], self.generators[int(self.dom.last[f])]))
        return tuple(images)

    @cached_property
    def is_identity(self) -> bool:
        """Whether it is the identity functor of ``dom``."""
        return (
            self.dom is self.cod
            and self.objects == tuple(range(self.dom.object_count))
            and self.generators == tuple(g.arrow for g in self.dom.generators)
        )

    def failures(self) -> Iterator[tuple[int, int]]:
        """Pairs (arrow f, generator g) of ``dom`` with ``F(f >> g) != F(f) >> F(g)``."""
        images = self.arrows
        for f in range(self.dom.arrow_count):
            for g in self.dom.leaving[self.dom.target(f)]:
                if images[self.dom.step(f, g)] != self.cod.compose(images[f], self.generators[g]):
                    yield f, g


@dataclass(frozen=True, eq=False)
class SetFunctor:
    """A functor from a finite category to finite sets: a presheaf (contravariant) or a copresheaf.

    Elements are numbered through all the sets: those of object X are ``start[X] … start[X + 1] - 1``.

    Args:
        elements: for each object the labels of its elements, different within one object.
        action: for each generator g: X -> Y a table over its source set, as positions in the target set:
            ``T(g): T(Y) -> T(X)`` for a presheaf, ``T(g): T(X) -> T(Y)`` for a copresheaf.
        arrows: only for Hom(-, P) and Hom(P, -): the arrow that each (numbered) element is.
    """

    name: str
    category: Category
    contravariant: bool
    elements: tuple[tuple[str, ...], ...]
    action: tuple[tuple[int, ...], ...]
    arrows: tuple[int, ...] | None = None

    @cached_property
    def start(self) -> tuple[int, ...]:
        """Shape (p + 1,): where the elements of each object begin."""
        result = [0]
        for labels in self.elements:
            result.append(result[-1] + len(labels))
        return tuple(result)

    @property
    def size(self) -> int:
        """The number of all elements."""
        return self.start[-1]

    @cached_property
    def base(self) -> tuple[int, ...]:
        """For each element its object."""
        return tuple(x for x, labels in enumerate(self.elements) for _ in labels)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """For each element its label."""
        return tuple(label for labels in self.elements for label in labels)

    @cached_property
    def of_arrow(self) -> dict[int, int]:
        """For Hom(-, P) and Hom(P, -): the element that an arrow is."""
        return {arrow: element for element, arrow in enumerate(self.arrows or ())}

    def at(self, x: int) -> range:
        """The elements of T(X)."""
        return range(self.start[x], self.start[x + 1])

    def ends(self, generator: int) -> tuple[int, int]:
        """The objects (from, to) between whose sets the generator acts, variance considered."""
        g = self.category.generators[generator]
        return (g.cod, g.dom) if self.contravariant else (g.dom, g.cod)

    def act(self, generator: int, element: int) -> int:
        """T(g)(t) for a generator g and a numbered element t of the right set."""
        source, target = self.ends(generator)
        return self.start[target] + self.action[generator][element - self.start[source]]

    def act_word(self, word: tuple[int, ...], element: int) -> int:
        """T(w)(t) for a path w; for a presheaf the last generator acts first."""
        for generator in reversed(word) if self.contravariant else word:
            element = self.act(generator, element)
        return element

    def act_arrow(self, arrow: int, element: int) -> int:
        """T(f)(t)."""
        return self.act_word(self.category.word(arrow), element)


@dataclass(frozen=True, eq=False)
class Transformation:
    """A family of maps ``S(X) -> T(X)``, natural unless ``failures`` yields.

    Args:
        images: for each (numbered) element of ``dom`` the (numbered) element of ``cod`` over the same object.
    """

    name: str
    dom: SetFunctor
    cod: SetFunctor
    images: tuple[int, ...]

    def failures(self) -> Iterator[tuple[int, int]]:
        """Pairs (generator g, element s) with ``phi(S(g)(s)) != T(g)(phi(s))``."""
        for generator in range(len(self.dom.category.generators)):
            source, _ = self.dom.ends(generator)
            for s in self.dom.at(source):
                if self.images[self.dom.act(generator, s)] != self.cod.act(generator, self.images[s]):
                    yield generator, s


@dataclass(frozen=True, eq=False)
class FunctorTransformation:
    """A family of arrows ``F(X) -> G(X)`` of the common codomain, natural unless ``failures`` yields."""

    name: str
    dom: Functor
    cod: Functor
    components: tuple[int, ...]

    def failures(self) -> Iterator[int]:
        """Generators g: X -> Y with ``F(g) >> phi(Y) != phi(X) >> G(g)``."""
        category, target = self.dom.dom, self.dom.cod
        for index, g in enumerate(category.generators):
            left = target.compose(self.dom.generators[index], self.components[g.cod])
            right = target.compose(self.components[g.dom], self.cod.generators[index])
            if left != right:
                yield index
