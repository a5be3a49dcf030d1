"""The structures of a counter-model, each under the name that the author gave it, and what expressions stand for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from formal.construct.functor import compose_functors, identity_functor
from formal.construct.hom import corepresentable, representable
from formal.construct.opposite import opposite_functor
from formal.construct.presheaf import product_of, restrict
from formal.core.functor import Functor
from formal.instance.name import Names
from formal.instance.place import Fibration, Inexpressible, Numbers, Place, opposite_place, product_place
from formal.instance.substitute import Values, substitute
from formal.logic.theory import Function
from formal.refute.result import CounterModel
from formal.statement.model import Statement
from formal.syntax import ast
from formal.syntax.printer import print_expression


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
        values: what stands for the names of the theorem.
        inverses: what stands for ``phi^-1``.
        placed: for the labels of elements, ``T(id(X))(t)``.
        blocks: declarations, in order.
        notes: what a reader may wonder about, such as that two given objects are the same.
    """

    statement: Statement
    model: CounterModel
    names: Names
    places: dict[str, Place] = field(default_factory=dict)
    fibrations: dict[str, Fibration] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    values: dict[str, ast.Expr] = field(default_factory=dict)
    inverses: dict[str, ast.Expr] = field(default_factory=dict)
    placed: dict[str, ast.Expr] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def table(self, function: Function) -> Mapping[Numbers, int]:
        """The values of a function symbol.

        Raises:
            Inexpressible: the model says nothing of it.
        """
        found = self.model.functions.get(function.name)
        if found is None:
            raise Inexpressible(f"`{function.name}`, of which the model says nothing")
        return found

    def value(self, function: Function, numbers: Numbers) -> int:
        """One value of a function symbol.

        Raises:
            Inexpressible: it takes other arguments.
        """
        found = self.table(function).get(numbers)
        if found is None:
            raise Inexpressible(f"`{function.name}`")
        return found

    def written(self, expr: ast.Expr) -> ast.Expr:
        """An expression of the author's, about the model."""
        return substitute(expr, Values(self.values, self.inverses, self.placed))

    def text(self, expr: ast.Expr) -> str:
        """An expression of the author's, about the model, as text."""
        return print_expression(self.written(expr))

    # --- what expressions of the script stand for -------------------------------------------------

    def place(self, expr: ast.Expr) -> Place:
        """The category that an expression stands for.

        Raises:
            Inexpressible: it is built in a way that is not known here.
        """
        match expr:
            case ast.Name(text=name) if name in self.places:
                return self.places[name]
            case ast.Call(function=ast.Name(text="op"), arguments=(inner,)):
                return self._opposite(inner)
            case ast.Product(left=left, right=right):
                return product_place(self.place(left), self.place(right))
            case _:
                raise Inexpressible(f"the category `{print_expression(expr)}`")

    def _opposite(self, inner: ast.Expr) -> Place:
        if isinstance(inner, ast.Call) and isinstance(inner.function, ast.Name) and inner.function.text == "op":
            return self.place(inner.arguments[0])
        key = f"op({print_expression(inner)})"
        if key not in self.places:
            self.places[key] = opposite_place(self.place(inner))
        return self.places[key]

    def route(self, expr: ast.Expr) -> Route | None:
        """The functor that an expression stands for; None when it is none between categories that are known here."""
        match expr:
            case ast.Name(text=name):
                return self.routes.get(name)
            case ast.Call(function=ast.Name(text="id"), arguments=(over,)) if not self._is_object(over):
                at = self.place(over)
                return Route(identity_functor(at.category), at, at)
            case ast.Call(function=ast.Name(text="op"), arguments=(inner,)):
                turned = self.route(inner)
                if turned is None or not isinstance(inner, ast.Name):
                    return None
                dom, cod = opposite_place(turned.dom), opposite_place(turned.cod)
                return Route(opposite_functor(turned.functor, dom.category, cod.category), dom, cod)
            case ast.Compose(first=first, second=second):
                start, end = self.route(first), self.route(second)
                if start is None or end is None:
                    return None
                moved = _same_category(end.functor, start.cod)
                return Route(compose_functors(start.functor, moved), start.dom, end.cod)
            case _:
                return None

    def _is_object(self, expr: ast.Expr) -> bool:
        return isinstance(expr, ast.Name) and any(expr.text in p.category.objects for p in self.places.values())

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
            case ast.Call(function=ast.Name(text="restrict"), arguments=(along, over)):
                return self._restricted(along, over)
            case ast.Compose(first=along, second=over):
                return self._restricted(along, over)
            case ast.Product(left=left, right=right):
                return self._product(left, right)
            case _:
                return None

    def _homs(self, at: ast.Expr, *, contravariant: bool) -> Fibration | None:
        for base in self.places.values():
            if isinstance(at, ast.Name) and at.text in base.category.objects:
                x = base.category.objects.index(at.text)
                functor = (representable if contravariant else corepresentable)(base.category, x)
                return Fibration(functor, base, tuple(base.arrows[f] for f in functor.arrows or ()))
        return None

    def _restricted(self, along: ast.Expr, over: ast.Expr) -> Fibration | None:
        route, fibration = self.route(along), self.fibration(over)
        if route is None or fibration is None:
            return None
        moved = Functor(
            route.functor.name,
            route.functor.dom,
            fibration.functor.category,
            route.functor.objects,
            route.functor.generators,
        )
        numbers = tuple(fibration.elements[t] for y in moved.objects for t in fibration.functor.at(y))
        return Fibration(restrict(moved, fibration.functor), route.dom, numbers)

    def _product(self, left: ast.Expr, right: ast.Expr) -> Fibration | None:
        first, second = self.fibration(left), self.fibration(right)
        if first is None or second is None:
            return None
        numbers = tuple(
            first.elements[s] + second.elements[t]
            for x in range(first.base.category.object_count)
            for s in first.functor.at(x)
            for t in second.functor.at(x)
        )
        return Fibration(product_of(first.functor, second.functor), first.base, numbers)


def _same_category(functor: Functor, dom: Place) -> Functor:
    """The functor from an equal copy of its domain: opposite categories are built where they are needed."""
    return Functor(functor.name, dom.category, functor.cod, functor.objects, functor.generators)
