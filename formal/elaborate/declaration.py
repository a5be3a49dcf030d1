"""Declarations: categories from presentations, functors, presheaves and transformations from their values.

What is given on objects and generating arrows is checked here: ends, values that are missing, equations, squares.
Every failure is yielded with the equation or the square that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formal.construct.label import atom
from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory, Path, Presentation, Undecided
from formal.elaborate.expression import Elaborator
from formal.elaborate.scope import distinct, duplicate, reject, suggestions
from formal.elaborate.value import ArrowOf, FunctorOf, FunctorTransformationOf, ObjectOf, TransformationOf, describe
from formal.present import enumerate_category
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.syntax.tree import factors_of
from formal.text import Code, Diagnostic, Label, Rejection, Span

LONGEST_PATH = 100_000
_PLAIN = re.compile(r"[\w']+|\([\w']+ -> [\w']+\)")


# --- categories -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Route:
    """A path of a presentation under construction."""

    dom: int
    cod: int
    word: tuple[int, ...]


class _Presenting:
    """A category declaration on its way to a presentation; collects what is wrong."""

    def __init__(self, node: ast.CategoryDecl) -> None:
        self.node = node
        self.diagnostics: list[Diagnostic] = []
        self.places: dict[str, ast.Name] = {}
        self.objects: dict[str, int] = {}
        self.generators: dict[str, int] = {}
        self.ends: list[tuple[str, int, int]] = []
        self.declared: list[ast.Name] = []
        self.broken: set[str] = set()

    def presentation(self) -> tuple[Presentation, tuple[Span, ...]]:
        """The presentation, and for each of its relations the span of the equation.

        Raises:
            Rejection: all that is wrong with the declaration.
        """
        for name in self.node.objects:
            if self._new(name):
                self.objects[name.text] = len(self.objects)
        for decl in self.node.arrows:
            self._arrows(decl)
        relations: list[tuple[Path, Path]] = []
        spans: list[Span] = []
        for equation in self.node.equations:
            try:
                routes = [self._side(side) for side in equation.sides]
            except Rejection as rejection:
                self.diagnostics += rejection.diagnostics
                continue
            if any(route is None for route in routes):
                continue
            first, *others = [route for route in routes if route is not None]
            for other, side in zip(others, equation.sides[1:], strict=True):
                if (first.dom, first.cod) != (other.dom, other.cod):
                    self.diagnostics.append(self._not_parallel(equation, first, other, side))
                    continue
                relations.append((Path(first.dom, first.word), Path(other.dom, other.word)))
                spans.append(equation.span)
        if self.diagnostics:
            raise Rejection(self.diagnostics)
        labels = tuple(self.objects)
        return Presentation(self.node.name.text, labels, tuple(self.ends), tuple(relations)), tuple(spans)

    def _new(self, name: ast.Name) -> bool:
        known = self.places.get(name.text)
        if known is not None:
            self.diagnostics.append(duplicate(name, known.span))
            return False
        self.places[name.text] = name
        return True

    def _arrows(self, decl: ast.ArrowDecl) -> None:
        ends = []
        for end in (decl.dom, decl.cod):
            if end.text in self.objects:
                ends.append(self.objects[end.text])
            else:
                self.diagnostics.append(
                    Diagnostic(
                        Code.UNKNOWN_NAME,
                        f"`{end.text}` is not an object of `{self.node.name.text}`",
                        Label(end.span, "not found"),
                        help=suggestions(end.text, self.objects),
                    )
                )
        for name in decl.names:
            if not self._new(name):
                continue
            if len(ends) < 2:
                self.broken.add(name.text)
                continue
            self.generators[name.text] = len(self.ends)
            self.ends.append((name.text, ends[0], ends[1]))
            self.declared.append(name)

    def _type(self, dom: int, cod: int) -> str:
        labels = list(self.objects)
        return f"{labels[dom]} -> {labels[cod]}"

    def _not_parallel(self, equation: ast.EquationDecl, first: _Route, other: _Route, side: ast.Expr) -> Diagnostic:
        return Diagnostic(
            Code.NOT_PARALLEL,
            "the two sides of the equation are not parallel",
            Label(side.span, f"`{self._type(other.dom, other.cod)}`"),
            (Label(equation.sides[0].span, f"`{self._type(first.dom, first.cod)}`"),),
        )

    def _side(self, expr: ast.Expr) -> _Route | None:
        """The path that one side of an equation is; None when it speaks of a broken declaration."""
        factors: list[tuple[ast.Expr, _Route]] = []
        for node in factors_of(expr):
            route = self._factor(node)
            if route is None:
                return None
            factors.append((node, route))
        word: list[int] = []
        for index, (node, route) in enumerate(factors):
            if index and factors[index - 1][1].cod != route.dom:
                raise Rejection([self._not_composable(factors[index - 1], (node, route))])
            word += route.word
            if len(word) > LONGEST_PATH:
                raise reject(Code.BUDGET_EXCEEDED, f"the path is longer than {LONGEST_PATH} arrows", expr.span)
        return _Route(factors[0][1].dom, factors[-1][1].cod, tuple(word))

    def _not_composable(self, first: tuple[ast.Expr, _Route], second: tuple[ast.Expr, _Route]) -> Diagnostic:
        labels = list(self.objects)
        (before, before_route), (after, after_route) = first, second
        fitting = [name for name, dom, _ in self.ends if dom == before_route.cod and name != print_expression(after)]
        close = [name for name, dom, cod in self.ends if dom == before_route.cod and cod == after_route.cod]
        chosen = close or fitting
        secondary = [Label(before.span, f"ends in `{labels[before_route.cod]}`")]
        if isinstance(after, ast.Name) and after.text in self.places:
            secondary.append(Label(self.places[after.text].span, "declared here"))
        return Diagnostic(
            Code.NOT_COMPOSABLE,
            f"`{print_expression(after)}` cannot follow `{print_expression(before)}`",
            Label(
                after.span,
                f"expected an arrow from `{labels[before_route.cod]}`, "
                f"found `{print_expression(after)}: {self._type(after_route.dom, after_route.cod)}`",
            ),
            tuple(secondary),
            help=(
                (f"`{chosen[0]}: {self._type(*self.ends[self.generators[chosen[0]]][1:])}` has the right ends",)
                if len(chosen) == 1
                else ()
            ),
        )

    def _factor(self, expr: ast.Expr) -> _Route | None:
        match expr:
            case ast.Name(text=text):
                if text in self.broken:
                    return None
                if text in self.generators:
                    generator = self.generators[text]
                    _, dom, cod = self.ends[generator]
                    return _Route(dom, cod, (generator,))
                if text in self.objects:
                    raise reject(
                        Code.WRONG_KIND,
                        f"`{text}` is an object, not an arrow",
                        expr.span,
                        help=(f"write `id({text})`",),
                    )
                raise reject(
                    Code.UNKNOWN_NAME,
                    f"`{text}` is not a generating arrow of `{self.node.name.text}`",
                    expr.span,
                    "not found",
                    help=suggestions(text, self.generators),
                )
            case ast.Call(function=ast.Name(text="id"), arguments=(ast.Name(text=text) as at,)):
                if text not in self.objects:
                    raise reject(
                        Code.UNKNOWN_NAME,
                        f"`{text}` is not an object of `{self.node.name.text}`",
                        at.span,
                        "not found",
                        help=suggestions(text, self.objects),
                    )
                return _Route(self.objects[text], self.objects[text], ())
            case ast.TheArrow(dom=ast.Name() as dom, cod=ast.Name() as cod):
                return self._the_generator(expr, dom, cod)
            case ast.Power(base=base, exponent=exponent):
                return self._power(expr, base, exponent)
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"`{print_expression(expr)}` is not a path of generating arrows",
                    expr.span,
                    help=("a path is made of arrow names, `id(X)`, `>>` and powers",),
                )

    def _the_generator(self, expr: ast.Expr, dom: ast.Name, cod: ast.Name) -> _Route | None:
        ends = []
        for end in (dom, cod):
            if end.text not in self.objects:
                raise reject(
                    Code.UNKNOWN_NAME,
                    f"`{end.text}` is not an object of `{self.node.name.text}`",
                    end.span,
                    help=suggestions(end.text, self.objects),
                )
            ends.append(self.objects[end.text])
        fitting = [index for index, (_, x, y) in enumerate(self.ends) if [x, y] == ends]
        if len(fitting) != 1:
            code = Code.SEVERAL_ARROWS if fitting else Code.NO_SUCH_ARROW
            count = f"{len(fitting)} generating arrows" if fitting else "no generating arrow"
            verb = "are" if fitting else "is"
            raise reject(code, f"there {verb} {count} from `{dom.text}` to `{cod.text}`", expr.span)
        return _Route(ends[0], ends[1], (fitting[0],))

    def _power(self, expr: ast.Expr, base: ast.Expr, exponent: int) -> _Route | None:
        route = self._side(base)
        if route is None:
            return None
        if exponent < 0:
            raise reject(
                Code.NOT_INVERTIBLE,
                f"`{print_expression(base)}` has no inverse in a presentation",
                expr.span,
                help=("declare the inverse as an arrow, with two equations",),
            )
        if exponent != 1 and route.dom != route.cod:
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(base)}` cannot follow itself",
                base.span,
                f"goes `{self._type(route.dom, route.cod)}`",
            )
        if len(route.word) * exponent > LONGEST_PATH:
            raise reject(Code.BUDGET_EXCEEDED, f"the path is longer than {LONGEST_PATH} arrows", expr.span)
        return _Route(route.dom, route.cod, route.word * exponent)


def category(elaborator: Elaborator, node: ast.CategoryDecl) -> Category | InfiniteCategory:
    """The category that a declaration presents, finite or provably not.

    Raises:
        Rejection: the declaration is wrong, or the budget ran out.
    """
    presentation, spans = _Presenting(node).presentation()
    result = enumerate_category(presentation)
    if isinstance(result, Undecided):
        raise reject(
            Code.BUDGET_EXCEEDED,
            f"`{node.name.text}` is not known to be finite after {result.budget}",
            node.name.span,
            "declared here",
            help=("add the equations that are missing, or write the category with fewer generators",),
        )
    if isinstance(result, InfiniteCategory):
        elaborator.workshop.declared_infinite(result, node.name.span)
    else:
        elaborator.workshop.equations[result] = spans
    return result


def infinite(found: InfiniteCategory, span: Span) -> Diagnostic:
    """A category is infinite: the loop whose powers are all distinct."""
    presentation = found.presentation
    name = " >> ".join(presentation.generators[g][0] for g in found.loop)
    prefix = " >> ".join(presentation.generators[g][0] for g in found.prefix)
    at = presentation.objects[presentation.generators[found.loop[0]][1]]
    loop = name if len(found.loop) == 1 else f"({name})"
    powers = f"{prefix} >> {loop}^n" if prefix else f"{loop}^n"
    return Diagnostic(
        Code.INFINITE_CATEGORY,
        f"`{presentation.name}` has infinitely many arrows",
        Label(span, f"`{name}` is a loop at `{at}` whose powers are all distinct"),
        notes=(f"no two of the arrows `{powers}`, n = 1, 2, 3, …, are equal",),
        help=(f"add an equation such as `{name if len(found.loop) == 1 else loop}^2 = {name}`",),
    )


# --- values on objects and generators -------------------------------------------------------------


class _Values:
    """The entries of a declaration, sorted into values of objects, of generators, and of other arrows."""

    def __init__(self, elaborator: Elaborator, dom: Category, entries: Iterable[ast.Entry], owner: ast.Name) -> None:
        self.dom = dom
        self.owner = owner
        self.diagnostics: list[Diagnostic] = []
        self.objects: dict[int, ast.Entry] = {}
        self.generators: dict[int, ast.Entry] = {}
        self.others: list[tuple[int, ast.Entry]] = []
        for entry in entries:
            try:
                self._sort(elaborator, entry)
            except Rejection as rejection:
                self.diagnostics += rejection.diagnostics

    def _sort(self, elaborator: Elaborator, entry: ast.Entry) -> None:
        key = elaborator.object_or_arrow(entry.key, self.dom)
        number = elaborator.constant(key.term, entry.key.span)
        if isinstance(key, ObjectOf):
            self._add(self.objects, number, entry)
            return
        named = [
            index
            for index, generator in enumerate(self.dom.generators)
            if isinstance(entry.key, ast.Name) and generator.name == entry.key.text
        ]
        equal = [index for index, generator in enumerate(self.dom.generators) if generator.arrow == number]
        for index in named or equal[:1]:
            self._add(self.generators, index, entry)
        if not named and not equal:
            self.others.append((number, entry))

    def _add(self, table: dict[int, ast.Entry], number: int, entry: ast.Entry) -> None:
        known = table.get(number)
        if known is not None:
            raise reject(
                Code.DUPLICATE_NAME,
                f"`{print_expression(entry.key)}` is given two values",
                entry.key.span,
                secondary=[Label(known.key.span, "first given here")],
            )
        table[number] = entry

    def missing(self, kind: str, names: list[str]) -> None:
        """Say which values are missing."""
        if names:
            shown = ", ".join(f"`{name}`" for name in names[:6]) + (", …" if len(names) > 6 else "")
            self.diagnostics.append(
                Diagnostic(
                    Code.MISSING_VALUE,
                    f"`{self.owner.text}` gives no value for {shown}",
                    Label(self.owner.span, f"{kind} of `{self.dom.name}` without a value"),
                    help=(f"add `{_key(names[0])} |-> …`",),
                )
            )

    def finish(self, more: Iterable[Diagnostic] = ()) -> None:
        """Raise all that has been found wrong."""
        self.diagnostics += more
        if self.diagnostics:
            raise Rejection(self.diagnostics)


def _key(label: str) -> str:
    """An object or arrow as one would write it in an entry: in quotes unless it is a name, a number or ``(X -> Y)``."""
    if _PLAIN.fullmatch(label):
        return label
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _typed(name: str, dom: str, cod: str) -> str:
    """``f: X -> Y``; a name such as ``(X -> Y)`` says it already."""
    return name if name.startswith("(") else f"{name}: {dom} -> {cod}"


def _applied(functor: str, arrow: str) -> str:
    """``F(f)``, without doubled parentheses."""
    return f"{functor}{arrow}" if arrow.startswith("(") and arrow.endswith(")") else f"{functor}({arrow})"


def _relation_text(category: Category, word: tuple[int, ...], dom: int) -> str:
    if not word:
        return f"id({category.objects[dom]})"
    return " >> ".join(category.generators[g].name for g in word)


def _equations(
    elaborator: Elaborator, category: Category
) -> Iterator[tuple[int, tuple[int, ...], tuple[int, ...], Span | None]]:
    """What a functor out of the category has to respect: (dom, left word, right word, where it is declared)."""
    if category.presentation is not None:
        spans = elaborator.workshop.equations.get(category, ())
        for index, (left, right) in enumerate(category.presentation.relations):
            yield left.dom, left.word, right.word, spans[index] if index < len(spans) else None
        return
    for f in range(category.arrow_count):
        word = category.word(f)
        for g in category.leaving[category.target(f)]:
            composite = category.step(f, g)
            normal = category.word(composite)
            if normal != (*word, g):
                yield category.source(f), (*word, g), normal, None


def functor(elaborator: Elaborator, node: ast.FunctorDecl) -> Functor:
    """The functor that a declaration gives.

    Raises:
        Rejection: values are missing or have wrong ends, or an equation breaks.
    """
    dom, cod = elaborator.category(node.dom), elaborator.category(node.cod)
    values = _Values(elaborator, dom, node.entries, node.name)
    objects: dict[int, int] = {}
    for x, entry in values.objects.items():
        try:
            objects[x] = elaborator.constant_object(entry.value, cod)[1]
        except Rejection as rejection:
            values.diagnostics += rejection.diagnostics
    broken = bool(values.diagnostics)
    values.missing("objects", [label for x, label in enumerate(dom.objects) if x not in values.objects])
    generators: dict[int, int] = {}
    absent: list[str] = []
    for index, generator in enumerate(dom.generators):
        ends = objects.get(generator.dom), objects.get(generator.cod)
        given = values.generators.get(index)
        if given is None:
            fitting = cod.hom(*ends) if ends[0] is not None and ends[1] is not None else ()  # type: ignore[arg-type]
            if len(fitting) == 1:
                generators[index] = fitting[0]
            else:
                absent.append(generator.name)
            continue
        try:
            image = elaborator.constant(elaborator.arrow(given.value, cod).term, given.value.span)
        except Rejection as rejection:
            values.diagnostics += rejection.diagnostics
            continue
        found = cod.source(image), cod.target(image)
        if None not in ends and found != ends:
            values.diagnostics.append(_wrong_ends(cod, generator.name, found, ends, given))
            continue
        generators[index] = image
    if not broken:
        values.missing("generating arrows", absent)
    values.finish()
    result = Functor(
        node.name.text,
        dom,
        cod,
        tuple(objects[x] for x in range(dom.object_count)),
        tuple(generators[g] for g in range(len(dom.generators))),
    )
    values.finish(_functor_failures(elaborator, result, node.name))
    for f, entry in values.others:
        image = elaborator.constant(elaborator.arrow(entry.value, cod).term, entry.value.span)
        if image != result.arrows[f]:
            values.diagnostics.append(
                Diagnostic(
                    Code.NOT_FUNCTORIAL,
                    f"`{node.name.text}` gives `{dom.arrow_labels[f]}` another value than its generators do",
                    Label(entry.value.span, f"the generators give `{cod.arrow_labels[result.arrows[f]]}`"),
                )
            )
    values.finish()
    return result


def _wrong_ends(
    cod: Category, name: str, found: tuple[int, int], wanted: tuple[int | None, int | None], entry: ast.Entry
) -> Diagnostic:
    x, y = (cod.objects[end] if end is not None else "?" for end in wanted)
    return Diagnostic(
        Code.WRONG_ENDS,
        f"the value of `{name}` has wrong ends",
        Label(
            entry.value.span,
            f"expected an arrow `{x} -> {y}`, found `{cod.objects[found[0]]} -> {cod.objects[found[1]]}`",
        ),
    )


def _functor_failures(elaborator: Elaborator, result: Functor, name: ast.Name) -> Iterator[Diagnostic]:
    dom, cod = result.dom, result.cod
    for start, left, right, span in _equations(elaborator, dom):
        images = []
        for word in (left, right):
            image = result.objects[start]
            for generator in word:
                image = cod.compose(image, result.generators[generator])
            images.append(image)
        if images[0] != images[1]:
            sides = [_relation_text(dom, word, start) for word in (left, right)]
            yield Diagnostic(
                Code.NOT_FUNCTORIAL,
                f"`{name.text}` does not respect `{sides[0]} = {sides[1]}`",
                Label(name.span, "this functor"),
                (Label(span, "the equation"),) if span is not None else (),
                notes=(
                    f"`{name.text}({sides[0]})` is `{cod.arrow_labels[images[0]]}`",
                    f"`{name.text}({sides[1]})` is `{cod.arrow_labels[images[1]]}`",
                ),
            )
            return


def set_functor(elaborator: Elaborator, node: ast.SetFunctorDecl) -> SetFunctor:
    """The presheaf or copresheaf that a declaration gives.

    Raises:
        Rejection: values are missing or not in the sets, or an equation breaks.
    """
    base = elaborator.category(node.base)
    contravariant = node.kind == "presheaf"
    values = _Values(elaborator, base, node.entries, node.name)
    sets: dict[int, tuple[ast.Name, ...]] = {}
    for x, entry in values.objects.items():
        try:
            sets[x] = _set(entry.value)
        except Rejection as rejection:
            values.diagnostics += rejection.diagnostics
    broken = bool(values.diagnostics)
    values.missing("objects", [label for x, label in enumerate(base.objects) if x not in values.objects])
    elements = tuple(tuple(name.text for name in sets.get(x, ())) for x in range(base.object_count))
    tables: list[tuple[int, ...]] = []
    absent: list[str] = []
    for index, generator in enumerate(base.generators):
        source, target = (generator.cod, generator.dom) if contravariant else (generator.dom, generator.cod)
        given = values.generators.get(index)
        if given is None:
            if elements[source] and source in sets:
                absent.append(generator.name)
            tables.append(())
            continue
        try:
            names = tuple(_applied(node.name.text, base.objects[x]) for x in (source, target))
            tables.append(_map(given.value, elements[source], elements[target], names))
        except Rejection as rejection:
            tables.append(())
            if source in sets and target in sets:
                turned = _turned_round(given.value, elements[source], elements[target])
                wrong = _wrong_way(node, base, index, given.value.span)
                values.diagnostics += [wrong] if turned else rejection.diagnostics
    if not broken:
        values.missing("generating arrows", absent)
    for _, entry in values.others:
        values.diagnostics.append(
            Diagnostic(
                Code.WRONG_KIND,
                f"`{print_expression(entry.key)}` is a composite: its map follows from the generating arrows",
                Label(entry.key.span),
                help=("leave it out",),
            )
        )
    values.finish()
    result = SetFunctor(node.name.text, base, contravariant, elements, tuple(tables))
    values.finish(_set_functor_failures(elaborator, result, node.name))
    return result


def _set(expr: ast.Expr) -> tuple[ast.Name, ...]:
    if isinstance(expr, ast.MapLiteral) and not expr.maplets:
        return ()
    if not isinstance(expr, ast.SetLiteral):
        raise reject(Code.WRONG_KIND, "the value at an object is a set such as `{a, b}`", expr.span)
    return distinct(expr.elements)


def _turned_round(expr: ast.Expr, source: tuple[str, ...], target: tuple[str, ...]) -> bool:
    """Whether a map leads from the target to the source."""
    maplets = expr.maplets if isinstance(expr, ast.MapLiteral) else ()
    return bool(maplets) and all(m.source.text in target and m.target.text in source for m in maplets)


def _wrong_way(node: ast.SetFunctorDecl, base: Category, index: int, span: Span) -> Diagnostic:
    """The map of a generator leads along it where the functor is contravariant, or against it where it is not."""
    generator = base.generators[index]
    dom, cod = base.objects[generator.dom], base.objects[generator.cod]
    contravariant = node.kind == "presheaf"
    ends = [_applied(node.name.text, x) for x in ((cod, dom) if contravariant else (dom, cod))]
    return Diagnostic(
        Code.WRONG_VARIANCE,
        f"the map of `{generator.name}` leads the wrong way",
        Label(span, f"expected a map from `{ends[0]}` to `{ends[1]}`"),
        help=(
            f"a {node.kind} acts {'against' if contravariant else 'along'} `{generator.name}: {dom} -> {cod}`; "
            f"a {'copresheaf acts along' if contravariant else 'presheaf acts against'} it",
        ),
    )


def _map(expr: ast.Expr, source: tuple[str, ...], target: tuple[str, ...], names: tuple[str, ...]) -> tuple[int, ...]:
    """A map between two sets that are called by the names, as positions."""
    if isinstance(expr, ast.SetLiteral) and not expr.elements:
        maplets: tuple[ast.Maplet, ...] = ()
    elif isinstance(expr, ast.MapLiteral):
        maplets = expr.maplets
    else:
        raise reject(Code.WRONG_KIND, "the value at an arrow is a map such as `{a |-> b}`", expr.span)
    diagnostics: list[Diagnostic] = []
    images: dict[str, int] = {}
    first: dict[str, ast.Maplet] = {}
    for maplet in maplets:
        for name, labels, called in zip((maplet.source, maplet.target), (source, target), names, strict=True):
            if name.text not in labels:
                shown = ", ".join(labels[:12]) + (", …" if len(labels) > 12 else "")
                diagnostics.append(
                    Diagnostic(
                        Code.NO_SUCH_ELEMENT,
                        f"`{name.text}` is not an element of `{called}`",
                        Label(name.span, f"`{called}` is {{{shown}}}"),
                        help=suggestions(name.text, labels),
                    )
                )
        if maplet.source.text in first:
            diagnostics.append(duplicate(maplet.source, first[maplet.source.text].source.span))
            continue
        first[maplet.source.text] = maplet
        if maplet.source.text in source and maplet.target.text in target:
            images[maplet.source.text] = target.index(maplet.target.text)
    missing = [label for label in source if label not in first]
    if missing and not diagnostics:
        shown = ", ".join(f"`{label}`" for label in missing[:6]) + (", …" if len(missing) > 6 else "")
        diagnostics.append(
            Diagnostic(
                Code.MISSING_VALUE,
                f"the map gives no value for {shown}",
                Label(expr.span, f"a map from `{names[0]}` to `{names[1]}`"),
            )
        )
    if diagnostics:
        raise Rejection(diagnostics)
    return tuple(images[label] for label in source)


def _set_functor_failures(elaborator: Elaborator, result: SetFunctor, name: ast.Name) -> Iterator[Diagnostic]:
    base = result.category
    for start, left, right, span in _equations(elaborator, base):
        end = base.generators[(left or right)[-1]].cod if left or right else start
        for element in result.at(end if result.contravariant else start):
            images = [result.act_word(word, element) for word in (left, right)]
            if images[0] != images[1]:
                sides = [_relation_text(base, word, start) for word in (left, right)]
                yield Diagnostic(
                    Code.NOT_FUNCTORIAL,
                    f"`{name.text}` does not respect `{sides[0]} = {sides[1]}`",
                    Label(name.span, f"at the element `{result.labels[element]}`"),
                    (Label(span, "the equation"),) if span is not None else (),
                    notes=tuple(
                        f"`{name.text}({side})({result.labels[element]})` is `{result.labels[image]}`"
                        for side, image in zip(sides, images, strict=True)
                    ),
                )
                return


def transformation(elaborator: Elaborator, node: ast.TransformationDecl) -> TransformationOf | FunctorTransformationOf:
    """The transformation (or mere family) that a declaration gives.

    Raises:
        Rejection: values are missing, or a square does not commute.
    """
    dom, cod = elaborator.value(node.dom), elaborator.value(node.cod)
    match dom, cod:
        case SetFunctor(), SetFunctor():
            adapted = elaborator.workshop.adapt(cod, contravariant=dom.contravariant)
            if adapted is None:
                adapted, dom = cod, elaborator.workshop.adapt(dom, contravariant=cod.contravariant) or dom
            elaborator.require_same_kind(dom, adapted, node.cod)
            return _between_sets(elaborator, node, dom, adapted)
        case FunctorOf(), FunctorOf():
            elaborator.require_category(cod.dom, dom.dom, node.cod)
            elaborator.require_category(cod.cod, dom.cod, node.cod)
            return _between_functors(elaborator, node, dom, cod)
        case _:
            raise reject(
                Code.WRONG_KIND,
                f"a transformation goes between two presheaves or two functors, not from {describe(dom)} "
                f"to {describe(cod)}",
                node.dom.span.to(node.cod.span),
            )


def _between_sets(
    elaborator: Elaborator, node: ast.TransformationDecl, dom: SetFunctor, cod: SetFunctor
) -> TransformationOf:
    base = dom.category
    values = _Values(elaborator, base, node.entries, node.name)
    images: list[int] = []
    absent: list[str] = []
    for x, label in enumerate(base.objects):
        entry = values.objects.get(x)
        if entry is None:
            if dom.elements[x]:
                absent.append(label)
            continue
        try:
            table = _component(entry.value, dom, cod, x)
        except Rejection as rejection:
            values.diagnostics += rejection.diagnostics
            continue
        images += [cod.start[x] + position for position in table]
    values.missing("objects", absent)
    for entry in [*values.generators.values(), *(entry for _, entry in values.others)]:
        values.diagnostics.append(
            Diagnostic(Code.WRONG_KIND, "a transformation is given on objects, not on arrows", Label(entry.key.span))
        )
    values.finish()
    result = Transformation(node.name.text, dom, cod, tuple(images))
    if node.kind == "transformation":
        for generator, element in result.failures():
            raise Rejection([_not_natural(node, result, generator, element)])
    return TransformationOf(dom, cod, result)


def _component(expr: ast.Expr, dom: SetFunctor, cod: SetFunctor, x: int) -> tuple[int, ...]:
    if isinstance(expr, ast.SetLiteral | ast.MapLiteral):
        names = tuple(_applied(atom(functor.name), dom.category.objects[x]) for functor in (dom, cod))
        return _map(expr, dom.elements[x], cod.elements[x], names)
    raise reject(Code.WRONG_KIND, "a component is a map such as `{a |-> b}`", expr.span)


def _not_natural(node: ast.TransformationDecl, phi: Transformation, generator: int, element: int) -> Diagnostic:
    g = phi.dom.category.generators[generator]
    objects = phi.dom.category.objects
    source, target = phi.dom.ends(generator)
    label = phi.dom.labels[element]
    first = phi.images[phi.dom.act(generator, element)]
    second = phi.cod.act(generator, phi.images[element])
    name = node.name.text
    return Diagnostic(
        Code.NOT_NATURAL,
        f"`{name}` is not natural at `{_typed(g.name, objects[g.dom], objects[g.cod])}`",
        Label(
            node.name.span,
            f"the square of `{g.name}` does not commute at `{label}` in `{phi.dom.name}({objects[source]})`",
        ),
        notes=(
            f"`{_applied(phi.dom.name, g.name)}`, then `{name}({objects[target]})`, to `{phi.cod.labels[first]}`",
            f"`{name}({objects[source]})`, then `{_applied(phi.cod.name, g.name)}`, to `{phi.cod.labels[second]}`",
        ),
        help=("declare it with `family` if naturality is not meant",),
    )


def _between_functors(
    elaborator: Elaborator, node: ast.TransformationDecl, dom: FunctorOf, cod: FunctorOf
) -> FunctorTransformationOf:
    start, end = elaborator.workshop.declared(dom), elaborator.workshop.declared(cod)
    if start is None or end is None:
        raise reject(Code.WRONG_KIND, "a transformation is declared between declared functors", node.dom.span)
    base, target = start.dom, start.cod
    values = _Values(elaborator, base, node.entries, node.name)
    components: list[int] = []
    absent: list[str] = []
    for x, label in enumerate(base.objects):
        entry = values.objects.get(x)
        wanted = start.objects[x], end.objects[x]
        if entry is None:
            fitting = target.hom(*wanted)
            if len(fitting) == 1:
                components.append(fitting[0])
            else:
                absent.append(label)
            continue
        try:
            arrow: ArrowOf = elaborator.arrow(entry.value, target)
            component = elaborator.constant(arrow.term, entry.value.span)
        except Rejection as rejection:
            values.diagnostics += rejection.diagnostics
            continue
        found = target.source(component), target.target(component)
        if found != wanted:
            values.diagnostics.append(_wrong_ends(target, label, found, wanted, entry))
        components.append(component)
    values.missing("objects", absent)
    values.finish()
    result = FunctorTransformation(node.name.text, start, end, tuple(components))
    if node.kind == "transformation":
        for generator in result.failures():
            g = base.generators[generator]
            left = target.compose(start.generators[generator], components[g.cod])
            right = target.compose(components[g.dom], end.generators[generator])
            raise reject(
                Code.NOT_NATURAL,
                f"`{node.name.text}` is not natural at `{_typed(g.name, base.objects[g.dom], base.objects[g.cod])}`",
                node.name.span,
                f"the square of `{g.name}` does not commute",
                notes=(
                    f"one way round it is `{target.arrow_labels[left]}`",
                    f"the other way round it is `{target.arrow_labels[right]}`",
                ),
                help=("declare it with `family` if naturality is not meant",),
            )
    return FunctorTransformationOf(dom, cod, result)
