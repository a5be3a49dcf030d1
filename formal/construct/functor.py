"""Identity, composite and constant functors.

Source: Mac Lane, Categories for the Working Mathematician, I.3.
"""

from __future__ import annotations

from formal.construct.label import atom
from formal.core.category import Category
from formal.core.functor import Functor


def identity_functor(category: Category) -> Functor:
    """id(C): C -> C."""
    return Functor(
        f"id({category.name})",
        category,
        category,
        tuple(range(category.object_count)),
        tuple(g.arrow for g in category.generators),
    )


def compose_functors(first: Functor, second: Functor) -> Functor:
    """F >> G: first F, then G; F must end where G starts."""
    return Functor(
        f"{atom(first.name)} >> {atom(second.name)}",
        first.dom,
        second.cod,
        tuple(second.objects[y] for y in first.objects),
        tuple(second.cod.trace(second.objects[first.cod.source(f)], image_word(second, f)) for f in first.generators),
    )


def image_word(functor: Functor, arrow: int) -> list[int]:
    """F(f) as a word of generators of the codomain; not always the word of that arrow."""
    return [h for g in functor.dom.word(arrow) for h in functor.cod.word(functor.generators[g])]


def constant_functor(dom: Category, cod: Category, value: int) -> Functor:
    """The functor that sends everything to one object of ``cod`` and its identity."""
    return Functor(
        f"constant({cod.objects[value]})", dom, cod, (value,) * dom.object_count, (value,) * len(dom.generators)
    )
