"""Declarations: what a theorem is given and what it constructs, as tables of the counter-model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from formal.core.functor import Functor
from formal.instance.construction import restricted_fibration
from formal.instance.name import quoted
from formal.instance.place import (
    NOWHERE,
    Fibration,
    Inexpressible,
    Place,
    category_text,
    fibration,
    generator_key,
    map_text,
    name_of,
    place,
    set_functor_text,
)
from formal.instance.substitute import Values, substitute
from formal.instance.world import Route, World
from formal.logic.theory import Function, Sort, SortKind
from formal.statement.model import Constructed, Given
from formal.statement.show import spelled_name
from formal.syntax import ast
from formal.syntax.printer import print_expression

MOST_ROWS = 12
"""The most values of a function symbol that are noted."""

Key = TypeVar("Key")


def constants(world: World) -> Iterator[tuple[str, Function]]:
    """The objects, arrows and elements that are one thing with one name, in the order of the theorem."""
    things: list[Given | Constructed] = [*world.statement.givens, *world.statement.constructed]
    for thing in things:
        for function in thing.functions:
            if function.name == thing.name and not function.parameters and function.name in world.model.functions:
                yield thing.name, function


def declare_categories(world: World, *, lettered: bool = False) -> None:
    """All categories of the model, their objects and arrows called as the theorem calls them.

    Args:
        lettered: no objects are called by numbers.
    """
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
        if lettered:
            named[0].update({x: world.names.object() for x in range(finite.objects) if x not in named[0]})
        made = world.places[symbol.name] = place(symbol.name, finite, *named, world.names)
        if lettered or any(given.name == symbol.name for given in world.statement.givens):
            world.blocks.append(category_text(symbol.name, made))
    for name, function in constants(world):
        sort = function.result.sort
        if sort.kind is SortKind.OBJECT:
            at = world.places[sort.owner]
            _settle(world, name, at.object(at.object_at[world.value(function, ()),]))
        elif sort.kind is SortKind.ARROW:
            at = world.places[sort.owner]
            _settle(world, name, at.arrow(at.arrow_called[world.value(function, ()),]))


def describe_tables(world: World, functions: Iterable[Function]) -> None:
    """Note the values of function symbols that the script does not declare."""
    for function in functions:
        table = world.model.functions.get(function.name)
        if table is None or function.name in world.declared or is_constant(world, function.name):
            continue
        rows = []
        for key, value in table.items():
            arguments = [_called(world, p.type.sort, n) for p, n in zip(function.explicit, key, strict=True)]
            term = f"{spelled_name(function.name)}({', '.join(arguments)})" if key else function.name
            rows.append(f"{term} is {_called(world, function.result.sort, value)}")
        if len(rows) <= MOST_ROWS:
            world.notes += rows


def _called(world: World, sort: Sort, number: int) -> str:
    """What an individual of the model is called."""
    match sort.kind:
        case SortKind.OBJECT:
            place = world.places[sort.owner]
            return print_expression(place.object(place.object_at[number,]))
        case SortKind.ARROW:
            place = world.places[sort.owner]
            return print_expression(place.arrow(place.arrow_called[number,]))
        case SortKind.ELEMENT:
            made = world.fibrations[sort.owner]
            return quoted(made.functor.labels[made.elements.index((number,))])


def _settle(world: World, name: str, value: ast.Expr) -> None:
    """Let a name of the theorem stand for something, and say so where that is another name."""
    if not (isinstance(value, ast.Name) and value.text == name):
        world.values[name] = value
        world.notes.append(f"{name} is {print_expression(value)}")


def is_constant(world: World, name: str) -> bool:
    """Whether something is one object, arrow or element of an unknown category or set-valued functor."""
    return any(known == name for known, _ in constants(world))


def declare_set_functor(world: World, name: str, base: ast.Expr, *, contravariant: bool) -> None:
    """A presheaf or copresheaf, and the names of its elements.

    One on a constructed category comes from another category of the model by a functor, and is called by its values.
    """
    over, text = world.place(world.written(base)), world.text(base)
    (symbol,) = (symbol for symbol in world.statement.set_functors if symbol.name == name)
    if any(given.name == symbol.category.name for given in world.statement.givens):
        _declared_set_functor(world, name, over, text, contravariant)
        return
    if symbol.contravariant != contravariant:
        raise Inexpressible(f"`{name}`, which lives on an opposite category")
    source = world.places[symbol.category.name]
    along = _functor(world, f"{name}_at", over, source)
    whole = fibration(name, world.model.set_functors[name], source, contravariant, {}, world.names)
    made = world.fibrations[name] = restricted_fibration(along, over, whole)
    world.blocks.append(set_functor_text(name, made, text))


def declare_set_functors(world: World) -> None:
    """All set-valued functors of the model, on the categories of the model, not on their opposites."""
    for symbol in world.statement.set_functors:
        base = symbol.category.name
        _declared_set_functor(world, symbol.name, world.places[base], base, symbol.contravariant)


def _declared_set_functor(world: World, name: str, base: Place, over: str, contravariant: bool) -> None:
    labels: dict[int, str] = {}
    named = [(n, f) for n, f in constants(world) if f.result.sort.kind is SortKind.ELEMENT]
    for element, function in named:
        if function.result.sort.owner == name:
            labels.setdefault(world.value(function, ()), element)
    made = fibration(name, world.model.set_functors[name], base, contravariant, labels, world.names)
    world.fibrations[name] = made
    world.blocks.append(set_functor_text(name, made, over))
    for element, function in named:
        if function.result.sort.owner == name:
            label = labels[world.value(function, ())]
            _settle(world, element, name_of(label))
            at = made.functor.base[made.functor.labels.index(label)]
            identity = ast.Call(NOWHERE, ast.Name(NOWHERE, "id"), (made.base.object(at),))
            acting = ast.Call(NOWHERE, ast.Name(NOWHERE, name), (identity,))
            world.placed[label] = ast.Call(NOWHERE, acting, (name_of(label),))


def declare_functor(world: World, name: str, dom: ast.Expr, cod: ast.Expr) -> None:
    """A functor by its table."""
    start, end = world.place(world.written(dom)), world.place(world.written(cod))
    functor = _functor(world, name, start, end)
    source = functor.dom
    world.routes[name] = Route(functor, start, end)
    if world.is_unknown(start) and world.is_unknown(end):
        world.declared |= {f"{name}.ob": name, f"{name}.ar": name}
    pairs = zip(source.objects, functor.objects, strict=True)
    entries = [f"{quoted(x)} |-> {print_expression(end.object(y))}" for x, y in pairs]
    entries += [
        f"{generator_key(source, g)} |-> {print_expression(end.arrow(f))}" for g, f in enumerate(functor.generators)
    ]
    world.blocks.append(f"functor {name}: {world.text(dom)} -> {world.text(cod)} {{ {', '.join(entries)} }}")


def _functor(world: World, name: str, start: Place, end: Place) -> Functor:
    """A functor of the model, by its values at objects and at generating arrows."""
    source = start.category

    def symbol(suffix: str, label: str) -> str:
        return f"{name}({_bare(label)})" if start.is_finite else f"{name}.{suffix}"

    objects = tuple(
        _found(end.object_at, world.values_of(symbol("ob", label), numbers), name)
        for label, numbers in zip(source.objects, start.objects, strict=True)
    )
    generators = tuple(
        _found(
            end.arrow_at,
            (
                objects[g.dom],
                objects[g.cod],
                world.values_of(symbol("ar", source.arrow_labels[g.arrow]), start.arguments[g.arrow]),
            ),
            name,
        )
        for g in source.generators
    )
    return Functor(name, source, end.category, objects, generators)


def declare_functor_by_rules(world: World, clause: ast.LetClause, dom: ast.Expr, cod: ast.Expr) -> None:
    """A functor that the author constructs: the rules with the objects and generating arrows of the model put in."""
    start, end = world.place(world.written(dom)), world.place(world.written(cod))
    source, name = start.category, clause.name.text
    of_arrows = [rule for rule in clause.rules if rule.typing is not None]
    of_objects = [rule for rule in clause.rules if rule.typing is None]
    if not of_arrows and not start.is_finite:
        of_objects, of_arrows = of_objects[:1], of_objects[1:]
    entries = []
    for label, numbers in zip(source.objects, start.objects, strict=True):
        rule = _rule(of_objects, label, name)
        if isinstance(rule.value, ast.Description):
            value: ast.Expr = end.object(_found(end.object_at, world.values_of(f"{name}.ob", numbers), name))
        else:
            value = world.written(substitute(rule.value, Values({rule.variable.text: name_of(label)})))
        entries.append(f"{quoted(label)} |-> {print_expression(value)}")
    for g, generator in enumerate(source.generators):
        rule = _rule(of_arrows, source.arrow_labels[generator.arrow], name)
        if isinstance(rule.value, ast.Description):
            numbers = world.values_of(f"{name}.ar", start.arguments[generator.arrow])
            value = end.arrow(_found(end.arrow_called, numbers, name))
        else:
            value = world.written(substitute(rule.value, Values(_arguments(rule, start, g))))
        entries.append(f"{generator_key(source, g)} |-> {print_expression(value)}")
    world.blocks.append(f"functor {name}: {world.text(dom)} -> {world.text(cod)} {{ {', '.join(entries)} }}")
    world.routes[name] = world.evaluated(name, start, end)


def _rule(rules: Sequence[ast.Rule], label: str, name: str) -> ast.Rule:
    """The rule for a constant, else the rule for all."""
    found = [rule for rule in rules if rule.variable.text == _bare(label)] or list(rules)
    if not found:
        raise Inexpressible(f"the construction `{name}`")
    return found[0]


def _arguments(rule: ast.Rule, start: Place, g: int) -> dict[str, ast.Expr]:
    """What the variables of a rule for arrows stand for, at a generating arrow."""
    generator = start.category.generators[g]
    found: dict[str, ast.Expr] = {rule.variable.text: start.generator(g)}
    if rule.typing is not None:
        for side, x in ((rule.typing.dom, generator.dom), (rule.typing.cod, generator.cod)):
            if isinstance(side, ast.Name):
                found.setdefault(side.text, start.object(x))
    return found


def _bare(label: str) -> str:
    """A constant as the name of a symbol has it."""
    return label.removeprefix("(").removesuffix(")") if "->" in label else label


def _found(there: Mapping[Key, int], key: Key, name: str) -> int:
    """What has these numbers in the codomain."""
    if key not in there:
        raise Inexpressible(f"`{name}`")
    return there[key]


def declare_transformation(world: World, name: str, kind: str, dom: ast.Expr, cod: ast.Expr) -> None:
    """A transformation or a mere family, by its table.

    Args:
        kind: ``transformation`` or ``family``.
    """
    given = dom, cod
    dom, cod = _with_constants(world, dom), _with_constants(world, cod)
    entries = _entries(world, name, name, world.written(dom), world.written(cod))
    if (dom, cod) != given:
        # A component then ends at the value of a functor, in logic at the object itself.
        world.declared.pop(name, None)
    world.blocks.append(f"{kind} {name}: {world.text(dom)} => {world.text(cod)} {{ {', '.join(entries)} }}")


def _with_constants(world: World, expr: ast.Expr) -> ast.Expr:
    """``constant(Z, J)``, the functor with one value, as a functor of the script: claims have no word for it."""
    match expr:
        case ast.Call(function=ast.Name(text="constant"), arguments=(at, over)) if not isinstance(at, ast.SetLiteral):
            return name_of(_constant(world, world.written(at), world.written(over)))
        case _:
            return expr


def _constant(world: World, at: ast.Expr, over: ast.Expr) -> str:
    found = world.object(at)
    if found is None:
        raise Inexpressible(f"the functor `constant({print_expression(at)}, {print_expression(over)})`")
    (cod, x), dom = found, world.place(over)
    value = print_expression(cod.object(x))
    name = f"everywhere_{value}"
    if name in world.routes:
        return name
    source = dom.category
    functor = Functor(name, source, cod.category, (x,) * source.object_count, (x,) * len(source.generators))
    world.routes[name] = Route(functor, dom, cod)
    entries = [f"{quoted(label)} |-> {value}" for label in source.objects]
    entries += [f"{generator_key(source, g)} |-> id({value})" for g in range(len(source.generators))]
    ends = f"{print_expression(over)} -> {print_expression(world.expression(cod))}"
    world.blocks.append(f"functor {name}: {ends} {{ {', '.join(entries)} }}")
    return name


def declare_inverse(world: World, name: str, dom: ast.Expr, cod: ast.Expr) -> None:
    """The inverse of an isomorphism, under a name of its own; the author calls it ``phi^-1``."""
    called = world.names.like(f"{name}_inverse")
    entries = _entries(world, called, f"{name}^-1", world.written(cod), world.written(dom))
    world.blocks.append(f"transformation {called}: {world.text(cod)} => {world.text(dom)} {{ {', '.join(entries)} }}")
    world.inverses[name] = name_of(called)


def _entries(world: World, name: str, symbol: str, dom: ast.Expr, cod: ast.Expr) -> list[str]:
    """The components of a transformation between two functors, or two set-valued functors, of the model."""
    routes = world.route(dom), world.route(cod)
    if routes[0] is not None and routes[1] is not None:
        if world.is_unknown(routes[0].dom) and world.is_unknown(routes[0].cod):
            _tell(world, symbol, name)
        return _components(world, name, symbol, routes[0], routes[1])
    start, end = world.fibration(dom), world.fibration(cod)
    start = start or world.constant_fibration(dom, end)
    end = end or world.constant_fibration(cod, start)
    if start is None or end is None:
        raise Inexpressible(f"`{name}: {print_expression(dom)} => {print_expression(cod)}`")
    if world.is_unknown(start.base) and start.shape_count == 1:
        _tell(world, symbol, name)
    return _maps(world, name, symbol, start, end)


def _tell(world: World, symbol: str, name: str) -> None:
    """A function symbol of one argument is written as the application of what is declared."""
    if [len(function.explicit) for function in world.symbols(symbol)] == [1]:
        world.declared[symbol] = name


def _components(world: World, name: str, symbol: str, dom: Route, cod: Route) -> list[str]:
    entries = []
    source = dom.dom
    for x, (label, numbers) in enumerate(zip(source.category.objects, source.objects, strict=True)):
        ends = dom.functor.objects[x], cod.functor.objects[x]
        found = world.values_of(f"{symbol}({label})" if source.is_finite else symbol, numbers)
        f = _found(dom.cod.arrow_at, (*ends, found), name)
        entries.append(f"{quoted(label)} |-> {print_expression(dom.cod.arrow(f))}")
    return entries


def _maps(world: World, name: str, symbol: str, dom: Fibration, cod: Fibration) -> list[str]:
    if dom.base.is_finite:
        raise Inexpressible(f"`{name}`")
    entries = []
    for x, label in enumerate(dom.base.category.objects):
        images = []
        for s in dom.functor.at(x):
            shape = f"{symbol}.{dom.shapes[s] + 1}" if dom.shape_count > 1 else symbol
            numbers = world.values_of(shape, dom.base.objects[x] + dom.elements[s])
            images.append(cod.functor.labels[_found(cod.element_at, (x, numbers), name)])
        if images:
            entries.append(f"{quoted(label)} |-> {map_text(dom.functor.elements[x], images)}")
    return entries
