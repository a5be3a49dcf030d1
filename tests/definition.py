"""Definitions that the exhaustive evaluator refers to, written out."""

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor


def generated(functor: SetFunctor, roots: tuple[int, ...] | list[int]) -> list[int]:
    """The elements T(f)(u), one for each root u and each arrow f that acts on it."""
    category = functor.category
    end = category.target if functor.contravariant else category.source
    return [functor.act_arrow(f, u) for u in roots for f in range(category.arrow_count) if end(f) == functor.base[u]]


def closed(category: Category, part: tuple[int, ...]) -> bool:
    """Whether no arrow joins the objects of the part to others."""
    return all((category.source(f) in part) == (category.target(f) in part) for f in range(category.arrow_count))


def equivalence(functor: Functor) -> bool:
    """Whether a functor is full, faithful and essentially surjective."""
    dom, cod, image = functor.dom, functor.cod, functor.objects
    bijective = all(
        sorted(functor.arrows[f] for f in dom.hom(x, y)) == list(cod.hom(image[x], image[y]))
        for x in range(dom.object_count)
        for y in range(dom.object_count)
    )
    return bijective and all(
        any(cod.inverse(f) is not None for x in image for f in cod.hom(x, y)) for y in range(cod.object_count)
    )
