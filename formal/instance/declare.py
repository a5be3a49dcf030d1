"""Declarations: what a theorem is given and what it constructs, as tables of the counter-model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from formal.core.functor import Functor
from formal.instance.name import quoted
from formal.instance.place import (
    NOWHERE,
    Fibration,
    Inexpressible,
    Numbers,
    category_text,
    fibration,
    generator_key,
    map_text,
    name_of,
    place,
    set_functor_text,
)
from formal.instance.world import Route, World
from formal.logic.theory import Function, SortKind
from formal.statement.model import Constructed, Given
from formal.syntax import ast
from formal.syntax.printer import print_expression


def constants(world: World) -> Iterator[tuple[str, Function]]:
    """The objects, arrows and elements that have a name, in the order of the theorem."""
    things: list[Given | Constructed] = [*world.statement.givens, *world.statement.constructed]
    for thing in things:
        if len(thing.functions) == 1 and not thing.functions[0].parameters:
            (function,) = thing.functions
            if function.name in world.model.functions:
                yield thing.name, function


def declare_categories(world: World) -> None:
    """All categories of the model, their objects and arrows called as the theorem calls them."""
    objects: dict[str, dict[int, str]] = {}
    arrows: dict[str, dict[int, str]] = {}
    for name, function in constants(world):
        sort = function.result.sort
        number = world.value(function, ())
        if sort.kind is SortKind.OBJECT:
            objects.setdefault(sort.owner, {}).setdefault(number, name)
        elif sort.kind is SortKind.ARROW and number >= world.model.categories[sort.owner].objects:
            arrows.setdefault(sort.owner, {}).setdefault(number, name)
    for symbol in world.statement.categories:
        finite = world.model.categories[symbol.name]
        named = objects.get(symbol.name, {}), arrows.get(symbol.name, {})
        made = world.places[symbol.name] = place(symbol.name, finite, *named, world.names)
        world.blocks.append(category_text(symbol.name, made))
    for name, function in constants(world):
        sort = function.result.sort
        if sort.kind is SortKind.OBJECT:
            at = world.places[sort.owner]
            _settle(world, name, at.object(at.object_at[world.value(function, ()),]))
        elif sort.kind is SortKind.ARROW:
            at = world.places[sort.owner]
            _settle(world, name, at.arrow(at.arrow_at[world.value(function, ()),]))


def _settle(world: World, name: str, value: ast.Expr) -> None:
    """Let a name of the theorem stand for something, and say so where that is another name."""
    if not (isinstance(value, ast.Name) and value.text == name):
        world.values[name] = value
        world.notes.append(f"{name} is {print_expression(value)}")


def declare_set_functor(world: World, name: str, base: ast.Expr, *, contravariant: bool) -> None:
    """A presheaf or copresheaf, and the names of its elements."""
    labels: dict[int, str] = {}
    named = [(n, f) for n, f in constants(world) if f.result.sort.kind is SortKind.ELEMENT]
    for element, function in named:
        if function.result.sort.owner == name:
            labels.setdefault(world.value(function, ()), element)
    made = fibration(
        name, world.model.set_functors[name], world.place(world.written(base)), contravariant, labels, world.names
    )
    world.fibrations[name] = made
    world.blocks.append(set_functor_text(name, made, world.text(base)))
    for element, function in named:
        if function.result.sort.owner == name:
            label = labels[world.value(function, ())]
            _settle(world, element, name_of(label))
            at = made.functor.base[made.functor.labels.index(label)]
            identity = ast.Call(NOWHERE, ast.Name(NOWHERE, "id"), (made.base.object(at),))
            acting = ast.Call(NOWHERE, ast.Name(NOWHERE, name), (identity,))
            world.placed[label] = ast.Call(NOWHERE, acting, (name_of(label),))


def declare_functor(world: World, name: str, dom: ast.Expr, cod: ast.Expr, functions: Sequence[Function]) -> None:
    """A functor by its table."""
    start, end = world.place(world.written(dom)), world.place(world.written(cod))
    on_objects = [f for f in functions if f.result.sort.kind is SortKind.OBJECT]
    on_arrows = [f for f in functions if f.result.sort.kind is SortKind.ARROW]
    objects = tuple(_found(end.object_at, world, on_objects, numbers, name) for numbers in start.objects)
    generators = tuple(
        _found(end.arrow_at, world, on_arrows, start.arrows[g.arrow], name) for g in start.category.generators
    )
    world.routes[name] = Route(Functor(name, start.category, end.category, objects, generators), start, end)
    entries = [
        f"{quoted(x)} |-> {print_expression(end.object(y))}"
        for x, y in zip(start.category.objects, objects, strict=True)
    ]
    entries += [
        f"{generator_key(start.category, g)} |-> {print_expression(end.arrow(f))}" for g, f in enumerate(generators)
    ]
    world.blocks.append(f"functor {name}: {world.text(dom)} -> {world.text(cod)} {{ {', '.join(entries)} }}")


def _found(
    there: Mapping[Numbers, int], world: World, functions: Sequence[Function], numbers: Numbers, name: str
) -> int:
    """What the functions give together, in the codomain."""
    found = there.get(tuple(world.value(f, numbers) for f in functions))
    if found is None:
        raise Inexpressible(f"the functor `{name}`")
    return found


def declare_transformation(
    world: World, name: str, kind: str, dom: ast.Expr, cod: ast.Expr, functions: Sequence[Function]
) -> None:
    """A transformation or a mere family, by its table.

    Args:
        kind: ``transformation`` or ``family``.
    """
    written = world.written(dom), world.written(cod)
    head = f"{kind} {name}: {print_expression(written[0])} => {print_expression(written[1])}"
    routes = world.route(written[0]), world.route(written[1])
    if routes[0] is not None and routes[1] is not None:
        entries = _components(world, name, routes[0], routes[1], functions)
    else:
        fibrations = world.fibration(written[0]), world.fibration(written[1])
        if fibrations[0] is None or fibrations[1] is None:
            raise Inexpressible(f"the {kind} `{name}: {world.text(dom)} => {world.text(cod)}`")
        entries = _maps(world, name, fibrations[0], fibrations[1], functions)
    world.blocks.append(f"{head} {{ {', '.join(entries)} }}")


def _components(world: World, name: str, dom: Route, cod: Route, functions: Sequence[Function]) -> list[str]:
    entries = []
    for label, numbers in zip(dom.dom.category.objects, dom.dom.objects, strict=True):
        f = _found(dom.cod.arrow_at, world, functions, numbers, name)
        entries.append(f"{quoted(label)} |-> {print_expression(dom.cod.arrow(f))}")
    return entries


def _maps(world: World, name: str, dom: Fibration, cod: Fibration, functions: Sequence[Function]) -> list[str]:
    entries = []
    for x, label in enumerate(dom.base.category.objects):
        images = []
        for s in dom.functor.at(x):
            numbers = tuple(world.value(f, dom.elements[s]) for f in functions)
            found = cod.element_at.get((x, numbers))
            if found is None:
                raise Inexpressible(f"the transformation `{name}`")
            images.append(cod.functor.labels[found])
        if images:
            entries.append(f"{quoted(label)} |-> {map_text(dom.functor.elements[x], images)}")
    return entries
