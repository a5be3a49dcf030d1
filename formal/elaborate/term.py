"""Expressions that stand for terms: objects, arrows, elements. Names are looked up where they are expected."""

from __future__ import annotations

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.elaborate.names import NeedsValue
from formal.elaborate.scope import reject, suggestions
from formal.elaborate.structure import Structures
from formal.elaborate.value import ArrowOf, ElementOf, ObjectOf, Value, first_variable, identity, object_image
from formal.logic import formula as logic
from formal.syntax import ast
from formal.text import Code, Span


class Terms(Structures):
    """Objects and elements by their expressions, and the names among the arrows."""

    def object(self, expr: ast.Expr, category: Category | None = None) -> ObjectOf:
        """An object, of the given category when one is given."""
        value = self.hinted(expr, category, ObjectOf)
        if category is not None and isinstance(value, SetFunctor):
            value = self.workshop.object_of_presheaf(category, value) or value
        if not isinstance(value, ObjectOf):
            raise self.expected("an object", value, expr)
        if category is not None and value.category is not category:
            raise self.mismatch(expr, "object", value.category, category)
        return value

    def constant_object(self, expr: ast.Expr, category: Category | None = None) -> tuple[Category, int]:
        """An object whose value is known.

        Raises:
            NeedsValue: it depends on a bound variable.
        """
        value = self.object(expr, category)
        return value.category, self.constant(value.term, expr.span)

    def constant(self, term: logic.Term, span: Span) -> int:
        """The number of a closed object, arrow or element term.

        Raises:
            NeedsValue: it depends on a bound variable.
        """
        match term:
            case logic.ObjectConstant(_, value) | logic.ArrowConstant(_, value) | logic.ElementConstant(_, value):
                return value
        variable = first_variable(term)
        if variable is None:
            raise reject(Code.WRONG_KIND, "the value is not known here", span)
        raise NeedsValue(variable, span)

    def hinted(self, expr: ast.Expr, category: Category | None, kind: type[ObjectOf] | type[ArrowOf]) -> Value:
        """An object or arrow: names are looked up in the category that is expected."""
        if isinstance(expr, ast.Name):
            self.budget.spend(expr.span)
            known = self.meaning(expr)
            fits = isinstance(known, ObjectOf | ArrowOf | ElementOf) and expr.text in self.bound
            if category is not None and not fits:
                return self.member_of(category, expr, kind)
        if isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and expr.function.text == "id":
            return self.identity_of(expr, category)
        return self.value(expr)

    def identity_of(self, expr: ast.Call, category: Category | None) -> Value:
        """``id(X)``: an identity arrow, or the identity functor of a category."""
        (argument,) = self.arguments(expr, 1)
        if category is None:
            if isinstance(argument, ast.Name | ast.Call | ast.Product | ast.Sum):
                value = self.value(argument)
                if isinstance(value, Category):
                    return self.workshop.identity(value)
                if isinstance(value, InfiniteCategory):
                    return self.workshop.identity(self.category(argument))
            at = self.object(argument)
        else:
            at = self.object(argument, category)
        return ArrowOf(at.category, identity(at.category, at.term), at.term, at.term)

    def object_or_arrow(self, expr: ast.Expr, category: Category) -> ObjectOf | ArrowOf:
        """The argument of a functor."""
        match expr:
            case ast.Compose() | ast.Power() | ast.TheArrow():
                return self.arrow(expr, category)
            case ast.Call(function=ast.Name(text="id")):
                return self.arrow(expr, category)
            case ast.Name() if expr.text not in self.bound:
                self.budget.spend(expr.span)
                value = self.member_of(category, expr, None)
            case _:
                value = self.value(expr)
        if isinstance(value, ElementOf) and self.is_of_arrows(value.functor):
            value = self.arrow_of_element(value)
        if isinstance(value, SetFunctor):
            value = self.workshop.object_of_presheaf(category, value) or value
        if not isinstance(value, ObjectOf | ArrowOf):
            raise self.expected(f"an object or arrow of `{category.name}`", value, expr)
        if value.category is not category:
            raise self.mismatch(expr, "object" if isinstance(value, ObjectOf) else "arrow", value.category, category)
        return value

    def is_of_arrows(self, functor: SetFunctor) -> bool:
        """Whether the elements are arrows: of Hom(-, P), Hom(P, -), and their restrictions along functors."""
        return functor.arrows is not None or functor in self.workshop.homs

    def arrow_of_element(self, value: ElementOf) -> ArrowOf:
        """An element of Hom(-, P) or Hom(P, -), or of a restriction of these, as the arrow that it is."""
        functor = value.functor
        if functor in self.workshop.homs:
            return self.workshop.homs[functor].arrow(value)
        vertex = logic.ObjectConstant(functor.category, self.workshop.vertex(functor))
        dom, cod = (value.at, vertex) if functor.contravariant else (vertex, value.at)
        term: logic.Term = logic.ArrowOfElement(functor, value.term)
        if isinstance(value.term, logic.ElementConstant) and functor.arrows is not None:
            term = logic.ArrowConstant(functor.category, functor.arrows[value.term.value])
        return ArrowOf(functor.category, term, dom, cod)

    def element(self, expr: ast.Expr, functor: SetFunctor | None = None, at: logic.Term | None = None) -> ElementOf:
        """An element, of T(X) when these are given; labels are looked up there."""
        if isinstance(expr, ast.Name) and functor is not None and expr.text not in self.bound:
            self.budget.spend(expr.span)
            return self._element_named(expr, functor, at)
        known = self.bound.get(expr.text) if isinstance(expr, ast.Name) else None
        if isinstance(known, ElementOf) and known.functor == functor:
            value: Value = self.value(expr)
        elif functor is not None and self.is_of_arrows(functor):
            over = self.workshop.homs[functor].category if functor in self.workshop.homs else functor.category
            value = (
                self.arrow(expr, over)
                if not isinstance(expr, ast.Call) or self._is_arrow_call(expr)
                else self.value(expr)
            )
        else:
            value = self.value(expr)
        if isinstance(value, ArrowOf) and functor is not None and functor in self.workshop.homs:
            value = self._element_of_restriction(value, functor, at, expr)
        elif isinstance(value, ArrowOf) and functor is not None and functor.arrows is not None:
            value = self._element_of_arrow(value, functor, expr)
        if not isinstance(value, ElementOf):
            raise self.expected("an element", value, expr)
        if functor is not None and value.functor is not functor:
            raise reject(
                Code.WRONG_KIND,
                f"expected an element of `{functor.name}`, found one of `{value.functor.name}`",
                expr.span,
            )
        self._require_fibre(value, at, expr)
        return value

    def _require_fibre(self, value: ElementOf, at: logic.Term | None, expr: ast.Expr) -> None:
        if at is not None and value.at != at:
            raise reject(
                Code.NO_SUCH_ELEMENT,
                f"expected an element of `{value.functor.name}({self.show(at)})`, "
                f"found one of `{value.functor.name}({self.show(value.at)})`",
                expr.span,
            )

    def _is_arrow_call(self, expr: ast.Call) -> bool:
        return isinstance(expr.function, ast.Name) and expr.function.text == "id"

    def _element_of_restriction(
        self, value: ArrowOf, functor: SetFunctor, at: logic.Term | None, expr: ast.Expr
    ) -> ElementOf:
        hom = self.workshop.homs[functor]
        place = hom.place(value)
        if place is None and at is not None and object_image(hom.along, at) in (value.dom, value.cod):
            place = at
        term = None if place is None else hom.element(value.term, place)
        if place is None or term is None:
            raise reject(
                Code.NO_SUCH_ELEMENT,
                f"the arrow is not an element of `{functor.name}`: it goes from `{self.show(value.dom)}` "
                f"to `{self.show(value.cod)}`",
                expr.span,
            )
        return ElementOf(functor, term, place)

    def _element_of_arrow(self, value: ArrowOf, functor: SetFunctor, expr: ast.Expr) -> ElementOf:
        vertex = logic.ObjectConstant(functor.category, self.workshop.vertex(functor))
        end, at = (value.cod, value.dom) if functor.contravariant else (value.dom, value.cod)
        if end != vertex:
            raise reject(
                Code.NO_SUCH_ELEMENT,
                f"the arrow is not an element of `{functor.name}`: it "
                f"{'ends in' if functor.contravariant else 'starts from'} `{self.show(end)}`",
                expr.span,
            )
        term: logic.Term = logic.ElementOfArrow(functor, value.term)
        if isinstance(value.term, logic.ArrowConstant):
            term = logic.ElementConstant(functor, functor.of_arrow[value.term.value])
        return ElementOf(functor, term, at)

    def _element_named(self, name: ast.Name, functor: SetFunctor, at: logic.Term | None) -> ElementOf:
        where: list[int] = list(range(functor.category.object_count))
        if isinstance(at, logic.ObjectConstant):
            where = [at.value]
        found = [
            functor.start[x] + functor.elements[x].index(name.text) for x in where if name.text in functor.elements[x]
        ]
        if len(found) == 1:
            x = functor.base[found[0]]
            constant = logic.ObjectConstant(functor.category, x)
            if at is not None and at != constant:
                self.constant(at, name.span)
            return ElementOf(functor, logic.ElementConstant(functor, found[0]), constant)
        if functor.arrows is not None and not found:
            value = self.arrow(name, functor.category)
            result = self._element_of_arrow(value, functor, name)
            self._require_fibre(result, at, name)
            return result
        set_name = f"{functor.name}({self.show(at)})" if at is not None else functor.name
        if found:
            if at is not None:
                self.constant(at, name.span)
            raise reject(
                Code.AMBIGUOUS_NAME,
                f"`{name.text}` is an element of several sets of `{functor.name}`: over "
                + ", ".join(f"`{functor.category.objects[functor.base[e]]}`" for e in found),
                name.span,
                help=(f"bind it first: `exists t in {functor.name}(X). …`",),
            )
        labels = [label for x in where for label in functor.elements[x]]
        raise reject(
            Code.NO_SUCH_ELEMENT,
            f"`{name.text}` is not an element of `{set_name}`",
            name.span,
            help=suggestions(name.text, labels),
            notes=(f"the elements are {{{', '.join(labels[:20])}{', …' if len(labels) > 20 else ''}}}",),
        )
