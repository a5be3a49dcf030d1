"""Categories and set-valued functors of a counter-model, as core data with names.

A model has numbers; a script has names. A ``Place`` is a category with names, whose objects and arrows remember their
numbers in the model; a ``Fibration`` does the same for a set-valued functor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from formal.construct.order import codiscrete, poset
from formal.core.build import build_category, generating_arrows
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.draw.relation import power_text, relations
from formal.instance.name import Names, quoted
from formal.refute.result import FiniteCategory, FiniteSetFunctor
from formal.syntax import ast
from formal.text import Source, Span

NOWHERE = Span(Source("<counter-model>", ""), 0, 0)
Numbers = tuple[int, ...]
"""What something in a constructed structure is made of, in the numbers of the model."""


class Inexpressible(Exception):
    """A part of a counter-model for which claims have no words.

    Args:
        part: what it is, in words.
    """

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


def name_of(text: str) -> ast.Name:
    """A name as an expression."""
    plain = quoted(text) == text
    return ast.Name(NOWHERE, text, not plain)


# --- categories -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A category.

    Args:
        category: with p objects and n arrows.
        objects: shape (p,), numbers in the model: what a function symbol takes for an object, and gives.
        arrows: shape (n,), numbers in the model that, with the ends, tell which arrow it is.
        arguments: shape (n,), what a function symbol takes for an arrow, ends included: ``(x, y, f)`` for f: x -> y.
        is_finite: it is written out, not part of the model: function symbols have one value for each label.
    """

    category: Category
    objects: tuple[Numbers, ...]
    arrows: tuple[Numbers, ...]
    arguments: tuple[Numbers, ...]
    is_finite: bool = False

    @cached_property
    def object_at(self) -> Mapping[Numbers, int]:
        """The object with given numbers."""
        return {numbers: x for x, numbers in enumerate(self.objects)}

    @cached_property
    def arrow_at(self) -> Mapping[tuple[int, int, Numbers], int]:
        """The arrow with given ends (objects of the category) and numbers."""
        category = self.category
        return {(category.source(f), category.target(f), numbers): f for f, numbers in enumerate(self.arrows)}

    @cached_property
    def arrow_called(self) -> Mapping[Numbers, int]:
        """The arrow with given numbers, for a category of the model."""
        return {numbers: f for f, numbers in enumerate(self.arrows)}

    def object(self, x: int) -> ast.Name:
        """An object as an expression."""
        return name_of(self.category.objects[x])

    def arrow(self, f: int) -> ast.Expr:
        """An arrow as an expression: ``id(P)``, ``(P -> Q)`` in an order, else a path of generators."""
        category = self.category
        dom, cod = self.object(category.source(f)), self.object(category.target(f))
        word = category.word(f)
        if not word:
            return ast.Call(NOWHERE, ast.Name(NOWHERE, "id"), (dom,))
        if all(_is_nameless(category, g) for g in word) and category.hom(category.source(f), category.target(f)) == (
            f,
        ):
            return ast.TheArrow(NOWHERE, dom, cod)
        first, *others = (self.generator(g) for g in word)
        path = first
        for generator in others:
            path = ast.Compose(NOWHERE, path, generator)
        return path

    def generator(self, g: int) -> ast.Expr:
        """A generating arrow as an expression."""
        category = self.category
        generator = category.generators[g]
        if _is_nameless(category, g):
            return ast.TheArrow(NOWHERE, self.object(generator.dom), self.object(generator.cod))
        return name_of(generator.name)


def _is_nameless(category: Category, g: int) -> bool:
    """Whether a generator is known by its ends only."""
    generator = category.generators[g]
    return generator.name == f"({category.objects[generator.dom]} -> {category.objects[generator.cod]})"


def place(
    name: str,
    finite: FiniteCategory,
    objects: Mapping[int, str],
    arrows: Mapping[int, str],
    names: Names,
) -> Place:
    """A category of a model with names.

    An order without named arrows is known by its objects; else generators are chosen, named arrows first.

    Args:
        objects, arrows: the names that are settled, by number.
        names: where the others come from.
    """
    count = finite.objects
    pairs = tuple(zip(finite.dom, finite.cod, strict=True))
    thin = len(set(pairs)) == len(pairs)
    proper = [ends for ends in pairs[count:] if ends[0] != ends[1]]
    if thin and not arrows:
        ordered = not any((y, x) in set(proper) for x, y in proper)
        complete = len(pairs) == count**2
        if ordered or complete:
            chain = count > 1 and len(proper) == count * (count - 1) // 2 and not objects
            labels = [objects.get(x) or ("" if chain else names.object()) for x in range(count)]
            if chain and ordered:
                height = [sum(y == x for _, y in proper) for x in range(count)]
                labels = [str(h) for h in height]
                order = sorted(range(count), key=lambda x: height[x])
                category = poset([labels[x] for x in order], [(i, i + 1) for i in range(count - 1)], name=name)
                return _thin(category, order, pairs)
            category = poset(labels, proper, name=name) if ordered else codiscrete(labels)
            return _thin(category, range(count), pairs)
    labels = [objects.get(x) or names.object() for x in range(count)]
    candidates = [*arrows, *(f for f in range(count, len(pairs)) if f not in arrows)]

    def compose(f: int, g: int) -> int:
        return finite.composite[f, g]

    chosen = generating_arrows(finite.dom, finite.cod, range(count), compose, candidates)
    generators = [(arrows.get(f) or names.arrow(), f) for f in chosen]
    category, number = build_category(name, labels, pairs, compose, range(count), generators)
    where = sorted(range(len(pairs)), key=lambda f: number[f])
    return _place(category, range(count), where, pairs)


def _thin(category: Category, order: Sequence[int], pairs: tuple[tuple[int, int], ...]) -> Place:
    """The place of a thin category whose i-th object is ``order[i]`` in the model."""
    number = {ends: f for f, ends in enumerate(pairs)}
    arrows = [number[order[category.source(f)], order[category.target(f)]] for f in range(category.arrow_count)]
    return _place(category, order, arrows, pairs)


def _place(
    category: Category, objects: Sequence[int], arrows: Sequence[int], pairs: tuple[tuple[int, int], ...]
) -> Place:
    """A category of the model, by the number of each object and arrow, and the ends of the arrows in the model."""
    arguments = tuple((*pairs[f], f) for f in arrows)
    return Place(category, tuple((x,) for x in objects), tuple((f,) for f in arrows), arguments)


def category_text(name: str, of: Place) -> str:
    """The declaration of a category that is no construction on others."""
    category = of.category
    labels = [quoted(label) for label in category.objects]
    if all(_is_nameless(category, g) for g in range(len(category.generators))):
        return f"category {name} = {_order_text(category, labels)}"
    ends = [f"{labels[g.dom]} -> {labels[g.cod]}" for g in category.generators]
    arrows = [f"{quoted(g.name)}: {where}" for g, where in zip(category.generators, ends, strict=True)]
    generators = [quoted(g.name) for g in category.generators]

    def path(dom: int, word: tuple[int, ...]) -> str:
        return power_text(word, generators) if word else f"id({labels[dom]})"

    equations = [f"{path(a.dom, a.word)} = {path(b.dom, b.word)}" for a, b in relations(category)]
    text = f"objects {', '.join(labels)} arrows {', '.join(arrows)}"
    if equations:
        text += f" equations {', '.join(equations)}"
    return f"category {name} {{ {text} }}"


def _order_text(category: Category, labels: list[str]) -> str:
    if not category.generators:
        return f"discrete({', '.join(labels)})"
    if category.object_count > 1 and category.arrow_count == category.object_count**2:
        return f"codiscrete({', '.join(labels)})"
    if labels == [str(x) for x in range(len(labels))]:
        return f"chain({len(labels)})"
    covered = {end for g in category.generators for end in (g.dom, g.cod)}
    pairs = [f"{labels[g.dom]} < {labels[g.cod]}" for g in category.generators]
    return f"poset({', '.join([*pairs, *(label for x, label in enumerate(labels) if x not in covered)])})"


# --- set-valued functors --------------------------------------------------------------------------


@dataclass(frozen=True)
class Fibration:
    """A set-valued functor.

    Args:
        base: the place that it lives on.
        elements: shape (size,), numbers in the model; of an arrow for y(P) and hom(P, -).
        shapes: shape (size,), which case an element is of; the cases of S + T are those of S, then those of T.
        shape_count: how many cases there are.
    """

    functor: SetFunctor
    base: Place
    elements: tuple[Numbers, ...]
    shapes: tuple[int, ...]
    shape_count: int = 1

    @cached_property
    def element_at(self) -> Mapping[tuple[int, Numbers], int]:
        """The element over an object of the base with given numbers."""
        return {(self.functor.base[t], numbers): t for t, numbers in enumerate(self.elements)}


def fibration(
    name: str, finite: FiniteSetFunctor, base: Place, contravariant: bool, elements: Mapping[int, str], names: Names
) -> Fibration:
    """A set-valued functor of a model with names.

    Args:
        base: of one number an object and an arrow: a category of the model, or its opposite.
        elements: the names that are settled, by number.
    """
    numbers = [[t for t, x in enumerate(finite.at) if (x,) == at] for at in base.objects]
    label = {t: elements.get(t) or names.element() for fibre in numbers for t in fibre}
    action = []
    for generator in base.category.generators:
        source, target = generator.cod, generator.dom
        if not contravariant:
            source, target = target, source
        (f,) = base.arrows[generator.arrow]
        action.append(tuple(numbers[target].index(finite.action[f, t]) for t in numbers[source]))
    labels = tuple(tuple(label[t] for t in fibre) for fibre in numbers)
    functor = SetFunctor(name, base.category, contravariant, labels, tuple(action))
    return simple_fibration(functor, base, tuple((t,) for fibre in numbers for t in fibre))


def simple_fibration(functor: SetFunctor, base: Place, elements: tuple[Numbers, ...]) -> Fibration:
    """A set-valued functor whose elements are of one case."""
    return Fibration(functor, base, elements, (0,) * functor.size)


def set_functor_text(name: str, of: Fibration, base: str) -> str:
    """The declaration of a set-valued functor that is no construction on others."""
    functor, category = of.functor, of.base.category
    entries = [
        f"{quoted(x)} |-> {{{', '.join(map(quoted, labels))}}}"
        for x, labels in zip(category.objects, functor.elements, strict=True)
    ]
    for index in range(len(category.generators)):
        source, target = functor.ends(index)
        images = [functor.elements[target][t] for t in functor.action[index]]
        if images:
            entries.append(f"{generator_key(category, index)} |-> {map_text(functor.elements[source], images)}")
    kind = "presheaf" if functor.contravariant else "copresheaf"
    return f"{kind} {name} on {base} {{ {', '.join(entries)} }}"


def generator_key(category: Category, g: int) -> str:
    """A generating arrow as an entry of a declaration names it."""
    name = category.generators[g].name
    if _is_nameless(category, g):
        generator = category.generators[g]
        return f"({quoted(category.objects[generator.dom])} -> {quoted(category.objects[generator.cod])})"
    return quoted(name)


def map_text(sources: Sequence[str], images: Sequence[str]) -> str:
    """A map between sets of labels."""
    pairs = (f"{quoted(s)} |-> {quoted(t)}" for s, t in zip(sources, images, strict=True))
    return f"{{{', '.join(pairs)}}}"
