"""The structures of a counter-model, each under the name that the author gave it, and what expressions stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from formal.construct.functor import compose_functors, identity_functor
from formal.construct.hom import corepresentable, representable
from formal.construct.opposite import opposite_functor
from formal.core.category import Category
from formal.core.functor import Functor
from formal.elaborate.module import Loader
from formal.elaborate.value import FunctorOf
from formal.instance.construction import (
    comma_place,
    constant_fibration,
    elements_place,
    finite_place,
    opposite_place,
    product_fibration,
    product_place,
    restricted_fibration,
    sum_fibration,
    turned_fibration,
)
from formal.instance.name import Names
from formal.instance.place import Fibration, Inexpressible, Numbers, Place, simple_fibration
from formal.instance.substitute import Values, substitute
from formal.logic.theory import Function
from formal.refute.result import CounterModel
from formal.statement.model import Statement
from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.syntax.tree import names_in
from formal.text import Source


@dataclass(frozen=True, slots=True)
class Route:
    """A functor between places."""

    functor: Functor
    dom: Place
    cod: Place


@dataclass
class World:
    """A counter-model on its way to a script.

    Args:
        context: declarations of the author's that the theorem mentions.
        values: what stands for the names of the theorem.
        inverses: what stands for ``phi^-1``.
        placed: for the labels of elements, ``T(id(X))(t)``.
        declared: the function symbols for which the script has a functor or a transformation, with its name.
        opaque: the names that claims have no words for.
        blocks: declarations, in order.
        notes: what a reader may wonder about, such as that two given objects are the same.
    """

    statement: Statement
    model: CounterModel
    names: Names
    context: str = ""
    places: dict[str, Place] = field(default_factory=dict)
    fibrations: dict[str, Fibration] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    values: dict[str, ast.Expr] = field(default_factory=dict)
    inverses: dict[str, ast.Expr] = field(default_factory=dict)
    placed: dict[str, ast.Expr] = field(default_factory=dict)
    declared: dict[str, str] = field(default_factory=dict)
    opaque: set[str] = field(default_factory=set)
    blocks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def value(self, function: Function, numbers: Numbers) -> int:
        """One value of a function symbol.

        Args:
            numbers: of all parameters; what the types of others tell is not an argument.
        Raises:
            Inexpressible: the model has no such value.
        """
        table = self.model.functions.get(function.name, {})
        explicit = set(function.explicit)
        pairs = zip(function.parameters, numbers, strict=False)
        arguments = tuple(number for parameter, number in pairs if parameter in explicit)
        if len(numbers) != len(function.parameters) or arguments not in table:
            raise Inexpressible(f"`{function.name}`")
        return table[arguments]

    def values_of(self, symbol: str, numbers: Numbers) -> Numbers:
        """The numbers that the symbols of one name give together: ``F.ob``, or ``F.ob.1``, ``F.ob.2``, … for pairs.

        Raises:
            Inexpressible: the model has no such value.
        """
        return tuple(self.value(function, numbers) for function in self.symbols(symbol))

    def symbols(self, symbol: str) -> tuple[Function, ...]:
        """The function symbols of one name: itself, or its numbered parts."""
        known = self._functions
        if symbol in known:
            return (known[symbol],)
        parts: list[Function] = []
        while (part := f"{symbol}.{len(parts) + 1}") in known:
            parts.append(known[part])
        return tuple(parts)

    @cached_property
    def _functions(self) -> Mapping[str, Function]:
        return {function.name: function for function in self.statement.functions()}

    def written(self, expr: ast.Expr) -> ast.Expr:
        """An expression of the author's, about the model."""
        return substitute(expr, Values(self.values, self.inverses, self.placed))

    def text(self, expr: ast.Expr) -> str:
        """An expression of the author's, about the model, as text.

        Raises:
            Inexpressible: it mentions something that claims have no words for.
        """
        written = self.written(expr)
        unknown = sorted(names_in((expr, written)) & self.opaque)
        if unknown:
            raise Inexpressible(f"`{unknown[0]}`")
        return print_expression(written)

    def is_unknown(self, place: Place) -> bool:
        """Whether a category is one of the statement's unknown ones, not built from them."""
        return any(self.places.get(name) is place for name in self.model.categories)

    def applied(self, expr: ast.Expr) -> str:
        """A functor of the author's as it is written before an argument."""
        text = self.text(expr)
        return text if isinstance(self.written(expr), ast.Name) else f"({text})"

    def expression(self, place: Place) -> ast.Expr:
        """How the script calls a place."""
        for text, known in self.places.items():
            if known is place:
                return parse_expression(Source("place", text))
        raise Inexpressible(f"the category `{place.category.name}`")

    # --- what expressions of the script stand for -------------------------------------------------

    def place(self, expr: ast.Expr) -> Place:
        """The category that an expression stands for; the same expression is the same place.

        Raises:
            Inexpressible: it is built in a way that is not known here.
        """
        key = print_expression(expr)
        if key not in self.places:
            self.places[key] = self._built(expr)
        return self.places[key]

    def _built(self, expr: ast.Expr) -> Place:
        match expr:
            case ast.Call(function=ast.Name(text="op"), arguments=(ast.Call(function=ast.Name(text="op")) as inner,)):
                return self.place(inner.arguments[0])
            case ast.Call(function=ast.Name(text="op"), arguments=(inner,)):
                return opposite_place(self.place(inner))
            case ast.Product(left=left, right=right):
                return product_place(self.place(left), self.place(right))
            case ast.Call(function=ast.Name(text="elements"), arguments=(over,)):
                fibration = self.fibration(over)
                if fibration is not None:
                    return elements_place(fibration)
            case ast.Call(function=ast.Name(text="comma"), arguments=(left, right)):
                start, end = self.route(left), self.route(right)
                if start is not None and end is not None:
                    return comma_place(start.functor, end.functor, start.dom, end.dom, start.cod)
            case _:
                finite = self._finite(expr)
                if finite is not None:
                    return finite_place(finite)
        raise Inexpressible(f"the category `{print_expression(expr)}`")

    def _finite(self, expr: ast.Expr) -> Category | None:
        """A category that is written out, such as ``chain(2)``, or that the author declared."""
        text = f"{self.context}\ncategory _written_out = {print_expression(expr)}\n"
        known = Loader(Path()).elaborate(Source("context", text)).module.meanings.get("_written_out")
        return known[1] if known is not None and isinstance(known[1], Category) else None

    def route(self, expr: ast.Expr) -> Route | None:
        """The functor that an expression stands for; None when it is none between categories that are known here."""
        match expr:
            case ast.Name(text=name):
                return self.routes.get(name)
            case ast.Call(function=ast.Name(text="id"), arguments=(over,)) if not self._is_object(over):
                at = self.place(over)
                return Route(identity_functor(at.category), at, at)
            case ast.Call(function=ast.Name(text="op"), arguments=(ast.Name() as inner,)):
                turned = self.routes.get(inner.text)
                if turned is None:
                    return None
                dom, cod = opposite_place(turned.dom), opposite_place(turned.cod)
                return Route(opposite_functor(turned.functor, dom.category, cod.category), dom, cod)
            case ast.Compose(first=first, second=second):
                start, end = self.route(first), self.route(second)
                if start is None or end is None:
                    return None
                return Route(compose_functors(start.functor, _from(end.functor, start.cod)), start.dom, end.cod)
            case _:
                return None

    def _is_object(self, expr: ast.Expr) -> bool:
        return self.object(expr) is not None

    def evaluated(self, name: str, dom: Place, cod: Place) -> Route:
        """A functor that is declared already by expressions.

        Raises:
            Inexpressible: the declaration is refused.
        """
        text = "\n".join([self.context, *self.blocks])
        known = Loader(Path()).elaborate(Source("context", text)).module.meanings.get(name)
        if known is None or not isinstance(known[1], FunctorOf) or not isinstance(known[1].term, Functor):
            raise Inexpressible(f"the functor `{name}`")
        found = known[1].term
        arrow = {label: f for f, label in enumerate(cod.category.arrow_labels)}
        objects = tuple(cod.category.objects.index(found.cod.objects[y]) for y in found.objects)
        generators = tuple(arrow[found.cod.arrow_labels[f]] for f in found.generators)
        return Route(Functor(name, dom.category, cod.category, objects, generators), dom, cod)

    def fibration(self, expr: ast.Expr) -> Fibration | None:
        """The set-valued functor that an expression stands for; None when it is none that is known here."""
        match expr:
            case ast.Name(text=name):
                return self.fibrations.get(name)
            case ast.Call(function=ast.Name(text="y"), arguments=(at,)):
                return self._homs(at, contravariant=True)
            case ast.Call(function=ast.Name(text="hom"), arguments=(ast.Placeholder(), at)):
                return self._homs(at, contravariant=True)
            case ast.Call(function=ast.Name(text="hom"), arguments=(at, ast.Placeholder())):
                return self._homs(at, contravariant=False)
            case ast.Call(function=ast.Name(text="op"), arguments=(inner,)):
                turned = self.fibration(inner)
                return None if turned is None else turned_fibration(turned, opposite_place(turned.base))
            case (
                ast.Call(function=ast.Name(text="restrict"), arguments=(along, over))
                | ast.Compose(first=along, second=over)
            ):
                route, fibration = self.route(along), self.fibration(over)
                if route is None or fibration is None:
                    return None
                return restricted_fibration(route.functor, route.dom, fibration)
            case ast.Product(left=left, right=right) | ast.Sum(left=left, right=right):
                first, second = self.fibration(left), self.fibration(right)
                if first is None or second is None:
                    return None
                return (product_fibration if isinstance(expr, ast.Product) else sum_fibration)(first, second)
            case _:
                return None

    def constant_fibration(self, expr: ast.Expr, like: Fibration | None) -> Fibration | None:
        """constant({a, b}, C) and empty(C), of the variance of another set-valued functor."""
        match expr:
            case ast.Call(function=ast.Name(text="constant"), arguments=(ast.SetLiteral(elements=names), over)):
                labels = tuple(name.text for name in names)
            case ast.Call(function=ast.Name(text="empty"), arguments=(over,)):
                labels = ()
            case _:
                return None
        contravariant = like is None or like.functor.contravariant
        return constant_fibration(labels, self.place(over), contravariant=contravariant)

    def _homs(self, at: ast.Expr, *, contravariant: bool) -> Fibration | None:
        found = self.object(at)
        if found is None:
            return None
        base, x = found
        functor = (representable if contravariant else corepresentable)(base.category, x)
        return simple_fibration(functor, base, tuple(base.arrows[f] for f in functor.arrows or ()))

    def object(self, expr: ast.Expr) -> tuple[Place, int] | None:
        """The object that an expression such as ``P`` or ``F(P)`` stands for; None for anything else."""
        match expr:
            case ast.Name(text=label):
                for base in self.places.values():
                    if label in base.category.objects:
                        return base, base.category.objects.index(label)
            case ast.Call(function=function, arguments=(argument,)):
                route, inner = self.route(function), self.object(argument)
                if route is not None and inner is not None and inner[1] < len(route.functor.objects):
                    return route.cod, route.functor.objects[inner[1]]
            case _:
                pass
        return None


def _from(functor: Functor, dom: Place) -> Functor:
    """The functor from an equal copy of its domain."""
    return Functor(functor.name, dom.category, functor.cod, functor.objects, functor.generators)
