"""Plain-text listings of categories, functors, set-valued functors and transformations.

Lines are at most 80 columns wide, but for the first, which has the names.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.draw.diagram import Drawable
from formal.draw.name import arrow_name, counted
from formal.draw.relation import relation_texts
from formal.text.escape import visible

_WIDTH = 80
_ROWS = 24


def draw_text(value: Drawable) -> str:
    """List what a structure is given by, on objects and generating arrows; long lists are cut short."""
    match value:
        case Category():
            lines = _category(value)
        case Functor():
            lines = _functor(value)
        case SetFunctor():
            lines = _set_functor(value)
        case Transformation():
            lines = _transformation(value)
        case _:
            assert_never(value)
    return "\n".join(line.rstrip() for line in lines)


def _category(category: Category) -> list[str]:
    sizes = f"{counted(category.object_count, 'object')}, {counted(category.arrow_count, 'arrow')}"
    ends = [f"{category.objects[g.dom]} -> {category.objects[g.cod]}" for g in category.generators]
    pairs = zip(category.generators, ends, strict=True)
    arrows = [g.name if g.name == f"({where})" else f"{g.name}: {where}" for g, where in pairs]
    lines = [visible(f"category {category.name}: {sizes}")]
    lines += _clause("objects", category.objects)
    lines += _clause("arrows", arrows)
    lines += _clause("equations", relation_texts(category))
    return lines


def _functor(functor: Functor) -> list[str]:
    dom, cod = functor.dom, functor.cod
    pairs = [(dom.objects[x], cod.objects[y]) for x, y in enumerate(functor.objects)]
    pairs += [(dom.generators[g].name, arrow_name(cod, f)) for g, f in enumerate(functor.generators)]
    return [visible(f"functor {functor.name}: {dom.name} -> {cod.name}"), *_table(pairs)]


def _set_functor(functor: SetFunctor) -> list[str]:
    category = functor.category
    kind = "presheaf" if functor.contravariant else "copresheaf"
    pairs = [(category.objects[x], f"{{{', '.join(labels)}}}") for x, labels in enumerate(functor.elements)]
    for index, generator in enumerate(category.generators):
        source, target = functor.ends(index)
        images = [functor.elements[target][t] for t in functor.action[index]]
        maplets = [f"{s} |-> {t}" for s, t in zip(functor.elements[source], images, strict=True)]
        if maplets:
            pairs.append((generator.name, ", ".join(maplets)))
    return [visible(f"{kind} {functor.name} on {category.name}"), *_table(pairs)]


def _transformation(transformation: Transformation) -> list[str]:
    dom, cod = transformation.dom, transformation.cod
    pairs = []
    for x, name in enumerate(dom.category.objects):
        maplets = [f"{dom.labels[s]} |-> {cod.labels[transformation.images[s]]}" for s in dom.at(x)]
        if maplets:
            pairs.append((name, ", ".join(maplets)))
    return [visible(f"transformation {transformation.name}: {dom.name} => {cod.name}"), *_table(pairs)]


def _table(pairs: list[tuple[str, str]]) -> list[str]:
    """Two columns, ``key |-> value``; a long value goes on below itself."""
    shown = [(visible(key), visible(value)) for key, value in pairs[:_ROWS]]
    column = min(max((len(key) for key, _ in shown), default=0), _WIDTH // 3)
    lines = []
    for key, value in shown:
        head = f"  {_cut(key, column).ljust(column)}  "
        lines += _wrapped(head, value.split(", "))
    if len(pairs) > _ROWS:
        lines.append(f"  and {len(pairs) - _ROWS} more")
    return lines


def _clause(word: str, items: Iterable[str]) -> list[str]:
    shown = [visible(item) for item in items]
    if not shown:
        return []
    head = f"  {word.ljust(9)} "
    if len(shown) > _ROWS * 3:
        shown[_ROWS * 3 :] = [f"and {len(shown) - _ROWS * 3} more"]
    return _wrapped(head, shown)


def _wrapped(head: str, items: list[str]) -> list[str]:
    """Items separated by commas, broken between items, each line indented to the width of the head."""
    lines = [head]
    for index, item in enumerate(items):
        text = _cut(item, _WIDTH - len(head) - 1) + ("," if index < len(items) - 1 else "")
        if lines[-1] != head and len(lines[-1]) + len(text) + 1 > _WIDTH and lines[-1].strip():
            lines.append(" " * len(head))
        gap = "" if lines[-1] == head or not lines[-1].strip() else " "
        lines[-1] += gap + text
    return lines


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"
