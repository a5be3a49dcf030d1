"""Structures that the solver is to find: transformations, functors, isomorphisms and equivalences, one-hot.

For each element s and each possible image t there is a variable that says ``phi(s) = t``; exactly one t for each s
where the guard is true; naturality and functoriality are clauses over the generators. When the guard is false all of
these variables may be false.

Source: Mac Lane, Categories for the Working Mathematician, I.3, I.4, IV.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.smt.problem import Clauses, Model
from formal.smt.value import Choice, FunctorValue, Value


def one_of(clauses: Clauses, guard: int, values: Iterable[int]) -> Choice:
    """A choice of exactly one of the values where the guard is true, of at most one elsewhere."""
    listed = list(values)
    literals = clauses.fresh_block(len(listed))
    clauses.add(-guard, *literals)
    clauses.at_most_one(None, literals)
    return Choice(dict(zip(listed, literals, strict=True)))


def chosen(value: Value, model: Model) -> int:
    """The value that a model chooses."""
    if isinstance(value, int):
        return value
    return next(v for v, literal in value.literals.items() if model[abs(literal)] == (literal > 0))


def transformation(clauses: Clauses, guard: int, dom: SetFunctor, cod: SetFunctor) -> list[Choice]:
    """A natural transformation to be found: for each element of ``dom`` its image.

    Size: for each generator the number of elements in its source set, times those of ``cod`` there.
    """
    clauses.reserve(sum(3 * len(s) * len(t) for s, t in zip(dom.elements, cod.elements, strict=True)))
    images = [one_of(clauses, guard, cod.at(x)) for x in dom.base]
    for generator in range(len(dom.category.generators)):
        source, _ = dom.ends(generator)
        moved = [(t, cod.act(generator, t)) for t in cod.at(source)]
        clauses.reserve(3 * len(moved) * len(dom.elements[source]))
        for s in dom.at(source):
            before, after = images[s].literals, images[dom.act(generator, s)].literals
            for t, gt in moved:
                clauses.add(-before[t], after[gt])
    return images


def set_isomorphism(clauses: Clauses, guard: int, left: SetFunctor, right: SetFunctor) -> list[Choice]:
    """A natural isomorphism to be found: a natural transformation that is bijective over each object."""
    images = transformation(clauses, guard, left, right)
    _bijective(clauses, guard, images, range(right.size))
    return images


def _bijective(clauses: Clauses, guard: int, images: Sequence[Choice], onto: Iterable[int]) -> None:
    preimages: dict[int, list[int]] = {value: [] for value in onto}
    for image in images:
        for value, literal in image.literals.items():
            preimages[value].append(literal)
    for literals in preimages.values():
        clauses.add(-guard, *literals)
        clauses.at_most_one(guard, literals)


def functor(clauses: Clauses, guard: int, dom: Category, cod: Category) -> FunctorValue:
    """A functor to be found: for each object and each arrow of ``dom`` its image.

    Size: the number of pairs (arrow, generator that can follow) of ``dom``, times the composable pairs of ``cod``.
    """
    p, n = dom.object_count, dom.arrow_count
    following: list[list[int]] = [[] for _ in cod.objects]
    for m in range(cod.arrow_count):
        following[cod.source(m)].append(m)
    pair_count = sum(len(following[cod.target(h)]) for h in range(cod.arrow_count))
    proper_steps = sum(len(dom.leaving[dom.target(f)]) for f in range(p, n))
    clauses.reserve(4 * proper_steps * pair_count + 9 * n * cod.arrow_count)
    objects = [one_of(clauses, guard, range(cod.object_count)) for _ in range(p)]
    arrows = objects + [one_of(clauses, guard, range(cod.arrow_count)) for _ in range(p, n)]
    for f in range(p, n):
        dom_literals, cod_literals = objects[dom.source(f)].literals, objects[dom.target(f)].literals
        for h, literal in arrows[f].literals.items():
            clauses.add(-literal, dom_literals[cod.source(h)])
            clauses.add(-literal, cod_literals[cod.target(h)])
    if proper_steps:
        composites = [(h, m, cod.compose(h, m)) for h in range(cod.arrow_count) for m in following[cod.target(h)]]
        for f in range(p, n):
            for generator in dom.leaving[dom.target(f)]:
                second = dom.generators[generator].arrow
                if second < p:
                    continue
                first_is, second_is = arrows[f].literals, arrows[second].literals
                composite_is = arrows[dom.step(f, generator)].literals
                for h, m, hm in composites:
                    # An identity of `dom` has only identities for its image: then there may be no third literal.
                    third = (composite_is[hm],) if hm in composite_is else ()
                    clauses.add(-first_is[h], -second_is[m], *third)
    return FunctorValue(cod, objects, arrows)


def read_images(images: Sequence[Value], model: Model) -> tuple[int, ...]:
    """The images, or components, that a model chooses."""
    return tuple(chosen(image, model) for image in images)


def read_functor(value: FunctorValue, dom: Category, model: Model) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The images of objects and generators that a model chooses."""
    return (
        tuple(chosen(image, model) for image in value.objects),
        tuple(chosen(value.arrows[g.arrow], model) for g in dom.generators),
    )


def category_isomorphism(clauses: Clauses, guard: int, left: Category, right: Category) -> FunctorValue:
    """An isomorphism of categories to be found: a functor that is bijective on arrows."""
    found = functor(clauses, guard, left, right)
    _bijective(clauses, guard, [c for c in found.arrows if isinstance(c, Choice)], range(right.arrow_count))
    return found


def equivalence(clauses: Clauses, guard: int, left: Category, right: Category) -> FunctorValue:
    """An equivalence to be found: a functor that is full, faithful and essentially surjective."""
    found = functor(clauses, guard, left, right)
    objects = [c.literals for c in found.objects if isinstance(c, Choice)]
    arrows = [c.literals for c in found.arrows if isinstance(c, Choice)]
    for x in range(left.object_count):
        for y in range(left.object_count):
            hom = left.hom(x, y)
            clauses.reserve(right.arrow_count * (len(hom) * (len(hom) + 1) + 4))
            for h in range(right.arrow_count):
                preimages = [arrows[f][h] for f in hom if h in arrows[f]]
                # Full: an arrow between the images of x and y is the image of one from x to y.
                clauses.add(-guard, -objects[x][right.source(h)], -objects[y][right.target(h)], *preimages)
                # Faithful: of at most one.
                clauses.at_most_one(guard, preimages)
    for y in range(right.object_count):
        isomorphic = [z for z in range(right.object_count) if _isomorphic_objects(right, y, z)]
        clauses.add(-guard, *(images[z] for images in objects for z in isomorphic))
    return found


def _isomorphic_objects(category: Category, x: int, y: int) -> bool:
    return any(category.inverse(f) is not None for f in category.hom(x, y))


def components(clauses: Clauses, guard: int, dom: Functor, cod: Functor) -> list[Choice]:
    """A natural transformation between functors to be found: for each object an arrow ``F(X) -> G(X)``."""
    source, target = dom.dom, dom.cod
    result = [one_of(clauses, guard, target.hom(dom.objects[x], cod.objects[x])) for x in range(source.object_count)]
    for index, g in enumerate(source.generators):
        before, after = result[g.dom].literals, result[g.cod].literals
        lower: dict[int, list[int]] = {}
        for h, literal in before.items():
            lower.setdefault(target.compose(h, cod.generators[index]), []).append(literal)
        for k, literal in after.items():
            # The square commutes: the component at the source is one that makes both paths equal.
            clauses.add(-literal, *lower.get(target.compose(dom.generators[index], k), ()))
    return result


def is_bijective(left: SetFunctor, right: SetFunctor, images: Sequence[int]) -> bool:
    """Whether a transformation, given by its images, is bijective over each object."""
    return left.size == right.size == len(set(images))


def is_category_isomorphism(candidate: Functor) -> bool:
    """Whether a functor is bijective on arrows."""
    return candidate.dom.arrow_count == candidate.cod.arrow_count == len(set(candidate.arrows))


def is_equivalence(candidate: Functor) -> bool:
    """Whether a functor is full, faithful and essentially surjective."""
    dom, cod, objects, arrows = candidate.dom, candidate.cod, candidate.objects, candidate.arrows
    for x in range(dom.object_count):
        for y in range(dom.object_count):
            images = [arrows[f] for f in dom.hom(x, y)]
            if sorted(images) != sorted(cod.hom(objects[x], objects[y])):
                return False
    image = set(objects)
    return all(any(_isomorphic_objects(cod, y, z) for z in image) for y in range(cod.object_count))
