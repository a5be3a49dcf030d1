"""Core data printed as proof scripts: a category by its generators and all that its table says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation


def path(category: Category, f: int, start: int | None = None) -> str:
    """An arrow as a composite of generators, or an identity."""
    word = category.word(f)
    return (
        " >> ".join(category.generators[g].name for g in word)
        if word
        else f"id({category.objects[category.source(f)]})"
    )


def category_text(name: str, category: Category) -> str:
    """A presentation of the category: each edge of the Cayley graph that is not in the tree is an equation."""
    lines = [f"category {name} {{"]
    if category.objects:
        lines.append(f"  objects {', '.join(category.objects)}")
    if category.generators:
        ends = (f"{g.name}: {category.objects[g.dom]} -> {category.objects[g.cod]}" for g in category.generators)
        lines.append(f"  arrows {', '.join(ends)}")
    equations = []
    for f in range(category.arrow_count):
        for g in category.leaving[category.target(f)]:
            h = category.step(f, g)
            if int(category.parent[h]) != f or int(category.last[h]) != g:
                left = " >> ".join(category.generators[i].name for i in (*category.word(f), g))
                equations.append(f"{left} = {path(category, h)}")
    if equations:
        lines.append(f"  equations {', '.join(equations)}")
    return "\n".join([*lines, "}"])


def _maps(functor: SetFunctor) -> Iterable[str]:
    for g, generator in enumerate(functor.category.generators):
        ends = (generator.cod, generator.dom) if functor.contravariant else (generator.dom, generator.cod)
        source, target = (functor.elements[x] for x in ends)
        if source:
            pairs = (f"{t} |-> {target[u]}" for t, u in zip(source, functor.action[g], strict=True))
            yield f"{generator.name} |-> {{{', '.join(pairs)}}}"


def set_functor_text(name: str, functor: SetFunctor, on: str) -> str:
    """A presheaf or copresheaf with its sets and the maps of the generators."""
    objects = zip(functor.category.objects, functor.elements, strict=True)
    entries = [*(f"{x} |-> {{{', '.join(labels)}}}" for x, labels in objects), *_maps(functor)]
    word = "presheaf" if functor.contravariant else "copresheaf"
    return f"{word} {name} on {on} {{\n  {', '.join(entries)}\n}}"


def functor_text(name: str, functor: Functor, dom: str, cod: str) -> str:
    """A functor by the images of objects and generators."""
    entries = [
        f"{dom}::{x} |-> {cod}::{functor.cod.objects[y]}"
        for x, y in zip(functor.dom.objects, functor.objects, strict=True)
    ]
    entries = [f"{x} |-> {functor.cod.objects[y]}" for x, y in zip(functor.dom.objects, functor.objects, strict=True)]
    entries += [
        f"{g.name} |-> {path(functor.cod, f)}" for g, f in zip(functor.dom.generators, functor.generators, strict=True)
    ]
    return f"functor {name}: {dom} -> {cod} {{ {', '.join(entries)} }}"


def transformation_text(name: str, phi: Transformation, dom: str, cod: str) -> str:
    """A transformation by its components."""
    labels = [label for fibre in phi.cod.elements for label in fibre]
    entries = []
    for x, fibre in enumerate(phi.dom.elements):
        pairs = (f"{s} |-> {labels[phi.images[e]]}" for s, e in zip(fibre, phi.dom.at(x), strict=True))
        if fibre:
            entries.append(f"{phi.dom.category.objects[x]} |-> {{{', '.join(pairs)}}}")
    return f"transformation {name}: {dom} => {cod} {{ {', '.join(entries)} }}"


def script(declarations: Sequence[str], claims: Sequence[str]) -> str:
    """Declarations, then claims called c0, c1, …."""
    return "\n".join([*declarations, *(f"claim c{index}: {text}" for index, text in enumerate(claims)), ""])
