"""Expressions of a theorem that stand for structures, objects, arrows and elements.

The sibling of ``formal.elaborate.term`` and ``formal.elaborate.composition``: the same words, in unknown categories.
Ends are compared letter by letter, after what is interpreted has disappeared.
"""

from __future__ import annotations

from itertools import pairwise

from formal.elaborate.scope import reject
from formal.elaborate.value import ArrowOf as ClaimArrow
from formal.statement.category import (
    ArrowOf,
    Category,
    Elements,
    Finite,
    Karoubi,
    ObjectOf,
    Opposite,
    Product,
    Sum,
    opposite,
    turned_arrow,
)
from formal.statement.functor import Functor, Identity, compose
from formal.statement.names import Names, arrow_in, object_in, turned_object
from formal.statement.point import Atom, Point, Tuple
from formal.statement.set_functor import ProductSet, SetFunctor, SumSet, restrict
from formal.statement.show import show_point
from formal.statement.transformation import (
    IdentityMaps,
    IdentityTransformation,
    SetTransformation,
    Transformation,
    Vertical,
    VerticalMaps,
)
from formal.statement.value import (
    ElementOf,
    Value,
    describe,
)
from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.syntax.tree import factors_of, operands
from formal.text import Code, Diagnostic, Label, Rejection, Source

MOST_FACTORS = 64
"""A composite of more arrows is nested too deeply for everything that reads it."""


class Terms(Names):
    """Structures and typed points by their expressions."""

    # --- structures -------------------------------------------------------------------------------

    def category(self, expr: ast.Expr) -> Category:
        """A category."""
        value = self.value(expr)
        if not isinstance(value, Category):
            raise self.expected("a category", value, expr)
        return value

    def functor(self, expr: ast.Expr) -> Functor:
        """A functor between categories."""
        value = self.value(expr)
        if not isinstance(value, Functor):
            raise self.expected("a functor", value, expr)
        return value

    def set_functor(self, expr: ast.Expr) -> SetFunctor:
        """A presheaf or a copresheaf."""
        value = self.value(expr)
        if not isinstance(value, SetFunctor):
            raise self.expected("a presheaf or copresheaf", value, expr)
        return value

    def of_one_variance(self, first: SetFunctor, second: SetFunctor, expr: ast.Expr) -> tuple[SetFunctor, SetFunctor]:
        """Both on one category and of one variance: what is constant takes that of the other.

        Raises:
            Rejection: ``second``, which ``expr`` stands for, does not fit.
        """
        self.require_category(second.category, first.category, expr)
        adapted = second.adapted(first.contravariant)
        if adapted is not None:
            return first, adapted
        other = first.adapted(second.contravariant)
        if other is None:
            raise self.wrong_variance(second, first.contravariant, expr)
        return other, second

    def _combine(self, expr: ast.Product | ast.Sum) -> Value:
        """``A * B`` or ``A + B`` of categories or of set-valued functors."""
        first, *others = operands(expr)
        result = self.value(first)
        is_product = isinstance(expr, ast.Product)
        for factor in others:
            right = self.value(factor)
            match result, right:
                case Category(), Category():
                    result = Product(result, right) if is_product else Sum(result, right)
                case SetFunctor(), SetFunctor():
                    left, other = self.of_one_variance(result, right, factor)
                    result = ProductSet(left, other) if is_product else SumSet(left, other)
                case _:
                    raise reject(
                        Code.WRONG_KIND,
                        f"`{'*' if is_product else '+'}` joins two categories or two presheaves, "
                        f"not {describe(result)} and {describe(right)}",
                        expr.span,
                    )
        return result

    # --- objects ----------------------------------------------------------------------------------

    def object(self, expr: ast.Expr, category: Category | None = None) -> ObjectOf:
        """An object, of the given category when one is given."""
        value = self._hinted(expr, category)
        if not isinstance(value, ObjectOf):
            raise self.expected("an object", value, expr)
        if category is None:
            return value
        found = object_in(category, value)
        if found is None:
            raise self.mismatch(expr, "object", value.category, category)
        return found

    def member_point(self, category: Category, name: ast.Name) -> ObjectOf | ArrowOf | None:
        """The object or arrow of a category that a label stands for: ``a``, or ``"(X, t)"`` in ``elements(T)``."""
        match category:
            case Opposite(of):
                value = self.member_point(of, name)
                if isinstance(value, ArrowOf):
                    return turned_arrow(value)
                return None if value is None else turned_object(value)
            case Finite(tables):
                found = self.shared.workshop.member(tables, name.text)
                if found is None:
                    return None
                number = self.as_claim().constant(found.term, name.span)
                if isinstance(found, ClaimArrow):
                    return category.arrow_at(number)
                return ObjectOf(category, category.object_at(number))
            case Product(left, right) if name.quoted and (parts := _parts(name.text)) is not None:
                return category.pair(self.object_or_arrow(parts[0], left), self.object_or_arrow(parts[1], right))
            case Karoubi(of):
                value = self.member_point(of, name)
                if isinstance(value, ArrowOf):
                    return category.arrow_of(value)
                return None if value is None else category.object_of(value)
            case Elements(functor) if name.quoted and (parts := _parts(name.text)) is not None:
                try:
                    at = self.object(parts[0], functor.category)
                    element = self.element(parts[1], functor, at.point)
                except Rejection as rejection:
                    messages = [Diagnostic(d.code, d.message, Label(name.span)) for d in rejection.diagnostics]
                    raise Rejection(messages) from None
                return ObjectOf(category, Tuple((at.point, element.point)))
            case _:
                return None

    def _hinted(self, expr: ast.Expr, category: Category | None) -> Value:
        """Names are looked up in the category that is expected."""
        match expr:
            case ast.Name() if category is not None and (expr.quoted or self.meaning(expr) is None):
                self.shared.budget.spend(expr.span)
                return self.member_of(category, expr)
            case ast.Call(function=ast.Name(text="id") as word) if self.meaning(word) is None:
                return self._identity(expr, category)
            case ast.Compose():
                return self._compose(expr, category)
            case ast.Power():
                return self._power(expr, category)
            case ast.TheArrow():
                return self._the_arrow(expr, category)
            case _:
                return self.value(expr)

    def object_or_arrow(self, expr: ast.Expr, category: Category) -> ObjectOf | ArrowOf:
        """The argument of a functor; one of C will do for op(C)."""
        value = self._as_arrow(self._hinted(expr, category))
        if not isinstance(value, ObjectOf | ArrowOf):
            raise self.expected(f"an object or arrow of `{category.name}`", value, expr)
        if isinstance(value, ArrowOf) and value.category == opposite(category):
            return turned_arrow(value)
        found = object_in(category, value) if isinstance(value, ObjectOf) else arrow_in(category, value)
        if found is None:
            raise self.mismatch(expr, "object" if isinstance(value, ObjectOf) else "arrow", value.category, category)
        return found

    # --- arrows -----------------------------------------------------------------------------------

    def arrow(self, expr: ast.Expr, category: Category | None = None) -> ArrowOf:
        """An arrow, of the given category when one is given."""
        value = self._as_arrow(self._hinted(expr, category))
        if not isinstance(value, ArrowOf):
            raise self.expected("an arrow", value, expr)
        if category is None:
            return value
        found = arrow_in(category, value)
        if found is None:
            raise self.mismatch(expr, "arrow", value.category, category)
        return found

    def _as_arrow(self, value: Value) -> Value:
        """An element of Hom(-, P) or Hom(P, -) is an arrow."""
        if isinstance(value, ElementOf):
            return value.functor.as_arrow(value.at, value.point) or value
        return value

    def _identity(self, expr: ast.Call, category: Category | None) -> Value:
        """``id(X)``: an identity arrow, or the identity of a category, of a functor or of a presheaf."""
        (argument,) = self.arguments(expr, 1)
        value = self._hinted(argument, category)
        match value:
            case Category():
                return Identity(value)
            case Functor():
                return IdentityTransformation(value)
            case SetFunctor():
                return IdentityMaps(value)
            case ObjectOf():
                at = value if category is None else object_in(category, value) or value
                return at.category.identity_arrow(at.point)
            case _:
                raise self.expected("an object", value, argument)

    def _compose(self, expr: ast.Compose, category: Category | None) -> Value:
        """A chain of compositions, of arrows, of functors or of transformations."""
        factors = [*factors_of(expr)]
        if len(factors) > MOST_FACTORS:
            raise reject(Code.BUDGET_EXCEEDED, f"more than {MOST_FACTORS} arrows are composed", expr.span)
        first = self._as_arrow(self._first_of(factors, category))
        match first:
            case Functor():
                return self._compose_functors(first, factors)
            case Transformation() | SetTransformation():
                return self._compose_transformations(first, factors)
            case ArrowOf():
                for previous, factor in pairwise(factors):
                    first = self._follow(first, previous, self.arrow(factor, first.category), factor)
                return first
            case _:
                raise self.expected("an arrow", first, factors[0])

    def _first_of(self, factors: list[ast.Expr], category: Category | None) -> Value:
        """The first factor; where its name does not settle the category, a later one may."""
        try:
            return self._hinted(factors[0], category)
        except Rejection:
            if category is not None:
                raise
            for factor in factors[1:]:
                try:
                    other = self._as_arrow(self.value(factor))
                except Rejection:
                    continue
                if isinstance(other, ArrowOf):
                    return self._hinted(factors[0], other.category)
            raise

    def _compose_functors(self, result: Functor, factors: list[ast.Expr]) -> Value:
        for factor in factors[1:]:
            following = self.value(factor)
            if isinstance(following, SetFunctor):
                if factor is not factors[-1]:
                    raise reject(Code.NOT_COMPOSABLE, "nothing can follow a functor to sets", factor.span)
                self.require_category(following.category, result.cod, factor)
                return restrict(result, following)
            if not isinstance(following, Functor):
                raise self.expected("a functor", following, factor)
            self.require_category(following.dom, result.cod, factor)
            result = compose(result, following)
        return result

    def _compose_transformations(
        self, result: Transformation | SetTransformation, factors: list[ast.Expr]
    ) -> Transformation | SetTransformation:
        for previous, factor in pairwise(factors):
            following = self.value(factor)
            match result, following:
                case Transformation(), Transformation() if result.cod == following.dom:
                    result = Vertical(result, following)
                case SetTransformation(), SetTransformation() if result.cod == following.dom:
                    result = VerticalMaps(result, following)
                case _, (Transformation() | SetTransformation()):
                    raise reject(
                        Code.NOT_COMPOSABLE,
                        f"`{print_expression(factor)}` cannot follow `{print_expression(previous)}`",
                        factor.span,
                        f"expected a transformation from `{result.cod.name}`, found one from `{following.dom.name}`",
                    )
                case _:
                    raise self.expected("a transformation", following, factor)
        return result

    def _follow(self, first: ArrowOf, first_expr: ast.Expr, second: ArrowOf, second_expr: ast.Expr) -> ArrowOf:
        if first.cod != second.dom:
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(second_expr)}` cannot follow `{print_expression(first_expr)}`",
                second_expr.span,
                f"expected an arrow from `{show_point(first.cod)}`, found "
                f"`{print_expression(second_expr)}: {show_point(second.dom)} -> {show_point(second.cod)}`",
                secondary=[Label(first_expr.span, f"ends in `{show_point(first.cod)}`")],
            )
        return first.category.composite(first, second)

    def _power(self, expr: ast.Power, category: Category | None) -> Value:
        count = abs(expr.exponent)
        if count > MOST_FACTORS:
            raise reject(Code.BUDGET_EXCEEDED, f"the exponent is more than {MOST_FACTORS}", expr.span)
        base = self.inverse(expr.base, category) if expr.exponent < 0 else self._hinted(expr.base, category)
        if count == 1:
            return base
        base = self._as_arrow(base)
        if not isinstance(base, ArrowOf):
            raise self.expected("an arrow", base, expr.base)
        if base.dom != base.cod:
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(expr.base)}` cannot follow itself",
                expr.base.span,
                f"goes from `{show_point(base.dom)}` to `{show_point(base.cod)}`",
            )
        result = base.category.identity_arrow(base.dom)
        for step in range(count):
            result = base.category.composite(result, base) if step else base
        return result

    def inverse(self, expr: ast.Expr, category: Category | None = None) -> Value:
        """The inverse of something that is declared as an isomorphism, or made of such.

        Raises:
            Rejection: it is not known to be invertible.
        """
        value = self._as_arrow(self._hinted(expr, category))
        match value:
            case Transformation() | SetTransformation():
                back = value.inverse()
                if back is not None:
                    return back
            case ArrowOf(found, dom, cod, point):
                if point in self.shared.inverses:
                    return ArrowOf(found, cod, dom, self.shared.inverses[point])
                made = self._inverse_of_made(expr, value)
                if made is not None:
                    return made
        raise reject(
            Code.NOT_INVERTIBLE,
            f"`{print_expression(expr)}` is not known to be an isomorphism",
            expr.span,
            help=("declare it with `isomorphism`, or name its inverse: `let g := the g: Y -> X. …`",),
        )

    def inverse_if_known(self, expr: ast.Expr, value: ArrowOf) -> ArrowOf | None:
        """The inverse of what an expression stands for, where it is made of isomorphisms."""
        try:
            back = self._inverse_of_made(expr, value)
        except Rejection:
            return None
        return back

    def _inverse_of_made(self, expr: ast.Expr, value: ArrowOf) -> ArrowOf | None:
        """The inverse of a composite, of an identity, of a value of a functor, of a component."""
        match expr:
            case ast.Compose(first=first, second=second):
                one, two = self.inverse(first, value.category), self.inverse(second, value.category)
                assert isinstance(one, ArrowOf)
                assert isinstance(two, ArrowOf)
                return value.category.composite(two, one)
            case ast.Power(base=base, exponent=-1):
                return self.arrow(base)
            case ast.Call(function=ast.Name(text="id") as word) if self.meaning(word) is None:
                return value
            case ast.Call(function=function, arguments=(argument,)) if not isinstance(function, ast.Name) or (
                self.meaning(function) is not None
            ):
                match self.value(function):
                    case Functor() as functor:
                        back = self.inverse(argument, functor.dom)
                        assert isinstance(back, ArrowOf)
                        return functor.on_arrow(back)
                    case Transformation() as phi if (psi := phi.inverse()) is not None:
                        return psi.component(self.object(argument, phi.dom.dom).point)
        return None

    def _the_arrow(self, expr: ast.TheArrow, category: Category | None) -> ArrowOf:
        dom = self.object(expr.dom, category)
        cod = self.object(expr.cod, dom.category)
        found = dom.category
        turn = isinstance(found, Opposite)
        base = found.of if isinstance(found, Opposite) else found
        if not isinstance(base, Finite):
            raise self.unavailable(
                expr.span,
                f"nobody knows the arrows from `{show_point(dom.point)}` to `{show_point(cod.point)}`",
                help=("bind the arrow, or describe it: `let f := the f: X -> Y. …`",),
            )
        cases = found.hom(dom.point, cod.point)
        ends = f"`{show_point(dom.point)}` to `{show_point(cod.point)}`"
        if not cases:
            raise reject(Code.NO_SUCH_ARROW, f"there is no arrow from {ends} in `{found.name}`", expr.span)
        if len(cases) > 1:
            raise reject(
                Code.SEVERAL_ARROWS,
                f"there are {len(cases)} arrows from {ends} in `{found.name}`",
                expr.span,
                help=("name the one that is meant",),
            )
        assert turn or found is base
        return ArrowOf(found, dom.point, cod.point, cases[0].point)

    # --- elements ---------------------------------------------------------------------------------

    def element(self, expr: ast.Expr, functor: SetFunctor, at: Point | None = None) -> ElementOf:
        """An element of T(X); an arrow will do for one of Hom(-, P) or Hom(P, -)."""
        value = self._element_value(expr, functor, at)
        if isinstance(value, ArrowOf):
            place = at if at is not None and functor.as_arrow(at, value.point) == value else functor.place_of(value)
            if place is None:
                ends = f"{show_point(value.dom)} -> {show_point(value.cod)}"
                raise reject(
                    Code.NO_SUCH_ELEMENT, f"the arrow `{ends}` is not an element of `{functor.name}`", expr.span
                )
            value = ElementOf(functor, place, value.point)
        if not isinstance(value, ElementOf):
            raise self.expected("an element", value, expr)
        place = self._place(value, functor, at)
        if place is None:
            raise reject(
                Code.WRONG_KIND,
                f"expected an element of `{functor.name}`, found one of `{value.functor.name}`",
                expr.span,
            )
        if at is not None and place != at:
            raise reject(
                Code.NO_SUCH_ELEMENT,
                f"expected an element of `{functor.name}({show_point(at)})`, "
                f"found one of `{functor.name}({show_point(place)})`",
                expr.span,
            )
        return ElementOf(functor, place, value.point)

    def _place(self, value: ElementOf, functor: SetFunctor, at: Point | None) -> Point | None:
        """The X for which an element is one of T(X): restrictions are carried out, arrows are elements."""
        if value.functor.adapted(functor.contravariant) == functor:
            return value.at
        if at is not None and functor.reduced(at) == value.functor.reduced(value.at):
            return at
        place = functor.lifted(*value.functor.reduced(value.at))
        arrow = value.functor.as_arrow(value.at, value.point)
        return functor.place_of(arrow) if place is None and arrow is not None else place

    def _element_value(self, expr: ast.Expr, functor: SetFunctor, at: Point | None) -> Value:
        if isinstance(expr, ast.Name) and (expr.quoted or self.meaning(expr) is None) and at is not None:
            for case in functor.fibre(at):
                if isinstance(case.point, Atom) and case.point.label == expr.text:
                    return ElementOf(functor, at, case.point)
        if isinstance(expr, ast.Call | ast.Name):
            return self.value(expr)
        return self._hinted(expr, None)


def _parts(label: str) -> tuple[ast.Expr, ast.Expr] | None:
    """The two expressions of ``(X, t)``."""
    if not (label.startswith("(") and label.endswith(")")):
        return None
    depth = 0
    for index, character in enumerate(label[1:-1], 1):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            first, second = label[1:index].strip(), label[index + 1 : -1].strip()
            try:
                return parse_expression(Source("label", first)), parse_expression(Source("label", second))
            except Rejection:
                return None
    return None
