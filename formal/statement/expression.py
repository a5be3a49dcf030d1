"""Expressions of a theorem to typed values: structures, points and formulas.

The sibling of ``formal.elaborate.expression``: the same syntax and the same words, read in unknown categories. Ends are
compared letter by letter, after what is interpreted has disappeared.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

from formal.core.category import Category as FiniteTables
from formal.core.presentation import InfiniteCategory
from formal.elaborate.scope import Passed, distinct, reject
from formal.elaborate.value import ArrowOf as ClaimArrow
from formal.logic.formula import Quantifier
from formal.logic.theory import And, Formula, Iff, Implies, Not, Or, Term, Truth, Variable
from formal.statement.category import (
    ArrowOf,
    Category,
    Elements,
    Finite,
    ObjectOf,
    Opposite,
    Product,
    Sum,
    opposite,
    turned_arrow,
)
from formal.statement.functor import Functor, Identity, compose
from formal.statement.law import over_cases, same_transformation
from formal.statement.names import Names, turned_object
from formal.statement.point import Atom, Case, NotExpressible, Point, Tuple, equal, is_comparable, solve_point
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
from formal.statement.unknown import Law, Symbols, quantify, unknown_functor, unknown_transformation
from formal.statement.value import (
    ActionOf,
    ElementOf,
    FibreOf,
    FormulaOf,
    HomOf,
    LabelsOf,
    Schema,
    Value,
    cases_of,
    describe,
    points_of,
    substitute_typed,
)
from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.text import Code, Diagnostic, Label, Rejection, Source

MOST_FACTORS = 64
"""A composite of more arrows is nested too deeply for everything that reads it."""

Thing: TypeAlias = object
"""What a quantifier over functors or transformations binds."""


class Elaborator(Names):
    """Elaborates the expressions of a theorem, under an environment of names."""

    # --- values -----------------------------------------------------------------------------------

    def value(self, expr: ast.Expr) -> Value:
        """Whatever the expression means, with nothing expected of it."""
        self.shared.budget.spend(expr.span)
        match expr:
            case ast.Name():
                known = self.meaning(expr)
                return known if known is not None else self.in_categories(expr)
            case ast.Qualified(scope=scope, name=name):
                return self.member_of(self.category(scope), name)
            case ast.Call():
                return self._call(expr)
            case ast.Compose():
                return self._compose(expr, None)
            case ast.Power():
                return self._power(expr, None)
            case ast.TheArrow():
                return self._the_arrow(expr, None)
            case ast.Product() | ast.Sum():
                return self._combine(expr)
            case ast.SetLiteral(elements=elements):
                return LabelsOf(tuple(name.text for name in distinct(elements)))
            case ast.Poset() | ast.Monoid():
                return self.written_out(expr)
            case ast.Not() | ast.Connective() | ast.Comparison() | ast.Quantified():
                return FormulaOf(self.formula(expr))
            case ast.Placeholder() | ast.Decimal() | ast.MapLiteral():
                raise reject(Code.WRONG_KIND, f"`{print_expression(expr)}` has no meaning here", expr.span)

    def written_out(self, expr: ast.Expr) -> Category:
        """A finite category, built as claims build it."""
        value = self.as_claim().value(expr)
        if isinstance(value, InfiniteCategory):
            raise self.unavailable(expr.span, f"`{print_expression(expr)}` is infinite")
        assert isinstance(value, FiniteTables)
        return self.finite(value, expr.span)

    def _call(self, expr: ast.Call) -> Value:
        if isinstance(expr.function, ast.Name):
            known = self.meaning(expr.function)
            return self._call_word(expr, expr.function) if known is None else self._apply(known, expr)
        return self._apply(self.value(expr.function), expr)

    def _call_word(self, expr: ast.Call, word: ast.Name) -> Value:
        """A word of the language, or a defined predicate."""
        from formal.statement.constructor import CONSTRUCTORS
        from formal.statement.predicate import apply_predicate, predicate_names

        if word.text == "id":
            return self._identity(expr, None)
        if word.text in ("dom", "cod"):
            (argument,) = self.arguments(expr, 1)
            arrow = self.arrow(argument)
            return ObjectOf(arrow.category, arrow.dom if word.text == "dom" else arrow.cod)
        if word.text in CONSTRUCTORS:
            return CONSTRUCTORS[word.text](self, expr)
        predicate = apply_predicate(self, expr, word)
        if predicate is not None:
            return FormulaOf(predicate)
        if word.text in self.module.meanings:
            raise Passed
        raise self.unknown(word, "a predicate, functor or construction", [*CONSTRUCTORS, *predicate_names(self.module)])

    def _apply(self, function: Value, expr: ast.Call) -> Value:
        if isinstance(function, Schema):
            return self._apply_schema(function, expr)
        (argument,) = self.arguments(expr, 1)
        match function:
            case Functor():
                value = self.object_or_arrow(argument, function.dom)
                if isinstance(value, ObjectOf):
                    return ObjectOf(function.cod, function.on_object(value.point))
                return function.on_arrow(value)
            case SetFunctor():
                value = self.object_or_arrow(argument, function.category)
                return FibreOf(function, value.point) if isinstance(value, ObjectOf) else ActionOf(function, value)
            case ActionOf(functor, arrow):
                element = self.element(argument, functor, functor.source(arrow))
                return ElementOf(functor, functor.target(arrow), functor.act(arrow, element.point))
            case SetTransformation():
                element = self.element(argument, function.dom)
                return ElementOf(function.cod, element.at, function.apply(element.at, element.point))
            case Transformation():
                return function.component(self.object(argument, function.dom.dom).point)
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"`{print_expression(expr.function)}` is {describe(function)} and cannot be applied",
                    expr.function.span,
                )

    def _apply_schema(self, schema: Schema, expr: ast.Call) -> Value:
        """What is chosen for some arguments; those that follow from the types of the others may be left out."""
        counts = tuple(range(schema.required, len(schema.arguments) + 1))
        given = self.arguments(expr, *counts)
        found: dict[Variable, Term] = {}
        free = frozenset(schema.variables)
        for pattern, argument in zip(schema.arguments[len(schema.arguments) - len(given) :], given, strict=True):
            value = (
                self.element(argument, pattern.functor)
                if isinstance(pattern, ElementOf)
                else self.like(pattern, argument)
            )
            fits = all(
                solve_point(p, q, free, found) for p, q in zip(points_of(pattern), points_of(value), strict=True)
            )
            if not fits:
                raise reject(
                    Code.WRONG_ENDS,
                    f"`{print_expression(argument)}` does not fit `{schema.name}`",
                    argument.span,
                    f"expected {_show_type(substitute_typed(pattern, found))}, found {_show_type(value)}",
                )
        return substitute_typed(schema.result, found)

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
        factors: list[ast.Expr] = []
        node: ast.Expr = expr
        while isinstance(node, ast.Product | ast.Sum) and type(node) is type(expr):
            factors.append(node.right)
            node = node.left
        result = self.value(node)
        is_product = isinstance(expr, ast.Product)
        for factor in reversed(factors):
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
        if category is not None and value.category != category:
            if value.category == opposite(category):
                return turned_object(value)
            raise self.mismatch(expr, "object", value.category, category)
        return value

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
        if value.category != category:
            if value.category == opposite(category):
                return turned_object(value) if isinstance(value, ObjectOf) else turned_arrow(value)
            raise self.mismatch(expr, "object" if isinstance(value, ObjectOf) else "arrow", value.category, category)
        return value

    # --- arrows -----------------------------------------------------------------------------------

    def arrow(self, expr: ast.Expr, category: Category | None = None) -> ArrowOf:
        """An arrow, of the given category when one is given."""
        value = self._as_arrow(self._hinted(expr, category))
        if not isinstance(value, ArrowOf):
            raise self.expected("an arrow", value, expr)
        if category is not None and value.category != category:
            raise self.mismatch(expr, "arrow", value.category, category)
        return value

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
            case ObjectOf(found, point):
                if category is not None and found == opposite(category):
                    found = category
                return found.identity_arrow(point)
            case _:
                raise self.expected("an object", value, argument)

    def _compose(self, expr: ast.Compose, category: Category | None) -> Value:
        """A chain of compositions, of arrows, of functors or of transformations."""
        factors: list[ast.Expr] = []
        stack: list[ast.Expr] = [expr]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Compose):
                stack += [node.second, node.first]
            else:
                factors.append(node)
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
        if value.functor == functor:
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

    # --- formulas ---------------------------------------------------------------------------------

    def formula(self, expr: ast.Expr) -> Formula:
        """A formula."""
        match expr:
            case ast.Not(body=body):
                return Not(self.formula(body))
            case ast.Connective(operator=("and" | "or") as operator):
                parts: list[ast.Expr] = []
                node: ast.Expr = expr
                while isinstance(node, ast.Connective) and node.operator == operator:
                    parts.append(node.right)
                    node = node.left
                formulas = self.formulas([node, *reversed(parts)])
                return And(formulas) if operator == "and" else Or(formulas)
            case ast.Connective(operator=operator, left=left, right=right):
                first, second = self.formulas([left, right])
                return Implies(first, second) if operator == "implies" else Iff(first, second)
            case ast.Comparison():
                return self._comparison(expr)
            case ast.Quantified():
                return self._quantified(expr)
            case ast.Name(text=("true" | "false") as word) if self.meaning(expr) is None:
                return Truth(word == "true")
            case _:
                value = self.value(expr)
                if not isinstance(value, FormulaOf):
                    raise self.expected("a formula", value, expr)
                return value.formula

    def formulas(self, exprs: list[ast.Expr]) -> tuple[Formula, ...]:
        """Several formulas; what is wrong with any of them is said at once."""
        formulas: list[Formula] = []
        diagnostics: list[Diagnostic] = []
        for expr in exprs:
            try:
                formulas.append(self.formula(expr))
            except Rejection as rejection:
                diagnostics += rejection.diagnostics
                if self.shared.budget.is_spent:
                    break
        if diagnostics:
            raise Rejection(diagnostics)
        return tuple(formulas)

    def _comparison(self, expr: ast.Comparison) -> Formula:
        if expr.operator not in ("=", "!="):
            raise reject(
                Code.WRONG_KIND, f"`{expr.operator}` compares numbers; objects, arrows and elements use `=`", expr.span
            )
        left, right = self._pair(expr.left, expr.right)
        match left, right:
            case ObjectOf(), ObjectOf():
                if not is_comparable(left.point, right.point):
                    raise self.unavailable(
                        expr.span, f"objects of `{left.category.name}` can be compared only over one object"
                    )
            case ArrowOf(), ArrowOf():
                self._require_parallel(expr, left, right)
            case ElementOf(), ElementOf():
                if left.at != right.at:
                    raise reject(
                        Code.NOT_PARALLEL,
                        "the two sides are elements over different objects",
                        expr.span,
                        secondary=[
                            Label(side.span, f"in `{value.functor.name}({show_point(value.at)})`")
                            for side, value in ((expr.left, left), (expr.right, right))
                        ],
                    )
            case ((FibreOf() | HomOf() | LabelsOf() | Category() | Functor() | SetFunctor()), _):
                raise reject(
                    Code.WRONG_KIND,
                    f"`=` compares objects, arrows and elements, not {describe(left)} and {describe(right)}",
                    expr.span,
                    help=("use `equinumerous` for sets and `isomorphic` for categories, functors and presheaves",),
                )
            case _:
                raise reject(Code.WRONG_KIND, f"{describe(left)} is compared with {describe(right)}", expr.span)
        assert isinstance(left, ObjectOf | ArrowOf | ElementOf)
        assert isinstance(right, ObjectOf | ArrowOf | ElementOf)
        equation = equal(left.point, right.point)
        return equation if expr.operator == "=" else Not(equation)

    def _require_parallel(self, expr: ast.Comparison, left: ArrowOf, right: ArrowOf) -> None:
        if (left.dom, left.cod) != (right.dom, right.cod):
            raise reject(
                Code.NOT_PARALLEL,
                "the two sides are not parallel",
                expr.span,
                secondary=[
                    Label(side.span, f"`{show_point(value.dom)} -> {show_point(value.cod)}`")
                    for side, value in ((expr.left, left), (expr.right, right))
                ],
                notes=("in a theorem ends have to be the same letter by letter",),
            )

    def _pair(self, left: ast.Expr, right: ast.Expr) -> tuple[Value, Value]:
        """Both sides of an equation; the side that is understood by itself helps with the other."""
        failures: list[Rejection] = []
        for first, second, swap in ((left, right, False), (right, left, True)):
            try:
                value = self._hinted(first, None)
            except Rejection as rejection:
                failures.append(rejection)
                continue
            other = self.like(value, second)
            return (other, value) if swap else (value, other)
        raise failures[0]

    def like(self, value: Value, expr: ast.Expr) -> Value:
        """An expression from which the same kind of thing is expected as the value is."""
        match value:
            case ObjectOf(category=category):
                return self.object(expr, category)
            case ArrowOf(category=category):
                return self.arrow(expr, category)
            case ElementOf(functor=functor, at=at):
                return self.element(expr, functor, at)
            case _:
                return self.value(expr)

    # --- quantifiers ------------------------------------------------------------------------------

    def _quantified(self, expr: ast.Quantified) -> Formula:
        variables = [(binder, name) for binder in expr.binders for name in binder.names]
        if expr.quantifier == "exists!" and len(variables) > 1:
            raise reject(
                Code.WRONG_ARGUMENTS,
                "`exists!` binds one variable",
                expr.span,
                help=("nest it: `exists X in C. exists! f: X -> Y. …`",),
            )
        return self._bind(expr, variables, 0)

    def _bind(self, expr: ast.Quantified, variables: list[tuple[ast.Binder, ast.Name]], index: int) -> Formula:
        if index == len(variables):
            return self.formula(expr.body)
        binder, name = variables[index]
        self.require_free(name)
        quantifier = Quantifier(expr.quantifier)

        def body(value: Thing) -> Formula:
            assert isinstance(value, Value)
            return self.with_bound({name.text: value})._bind(expr, variables, index + 1)

        match binder:
            case ast.Typing(kind=("functor" | "transformation")):
                make, same = self.unknown_of(binder, name)
                if quantifier is Quantifier.EXISTS_UNIQUE and binder.kind == "functor":
                    raise self.unavailable(
                        expr.span,
                        "`exists!` of functors would compare arrows over objects that need not be the same",
                        help=("say `isomorphic` instead",),
                    )
                try:
                    return quantify(quantifier, make, same, body)
                except NotExpressible as reason:
                    raise self.unavailable(binder.span, f"`{name.text}` has no form here: {reason}") from None
            case _:
                cases, value_of = self.range_of(binder, name.text)
                return over_cases(quantifier, cases, lambda point: body(value_of(point)))

    def require_free(self, name: ast.Name) -> None:
        """A name that is about to be bound.

        Raises:
            Rejection: it is bound already.
        """
        if name.text in self.variables:
            raise reject(Code.DUPLICATE_NAME, f"`{name.text}` is bound already", name.span)

    def unknown_of(
        self, binder: ast.Typing, name: ast.Name
    ) -> tuple[Callable[[Symbols], tuple[Thing, list[Law]]], Callable[[Thing, Thing], Formula]]:
        """How to make the functor or transformation that a binder names, and when two are the same."""
        if binder.kind == "functor":
            dom, cod = self.category(binder.dom), self.category(binder.cod)
            return (lambda symbols: unknown_functor(symbols, name.text, dom, cod)), _never
        start, end = self.parallel(binder.dom, binder.cod)
        return (lambda symbols: unknown_transformation(symbols, name.text, start, end)), _same

    def parallel(self, dom: ast.Expr, cod: ast.Expr) -> tuple[Functor, Functor] | tuple[SetFunctor, SetFunctor]:
        """The two ends of a transformation.

        Raises:
            Rejection: they are not two functors, or two set-valued ones, on the same categories.
        """
        start, end = self.value(dom), self.value(cod)
        match start, end:
            case SetFunctor(), SetFunctor():
                return self.of_one_variance(start, end, cod)
            case Functor(), Functor():
                self.require_category(end.dom, start.dom, cod)
                self.require_category(end.cod, start.cod, cod)
                return start, end
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"a transformation goes between two presheaves or two functors, not from {describe(start)} "
                    f"to {describe(end)}",
                    dom.span.to(cod.span),
                )

    def range_of(self, binder: ast.Binder, name: str) -> tuple[tuple[Case, ...], Callable[[Point], Value]]:
        """The points that a binder's variable runs over, and what kind of thing each of them is."""
        match binder:
            case ast.Membership(range=over):
                value = self.value(over)
                match value:
                    case Category():
                        return value.objects(name), lambda point: ObjectOf(value, point)
                    case FibreOf(functor, at):
                        return cases_of(value, name), lambda point: ElementOf(functor, at, point)
                    case HomOf(category, start, end):
                        return cases_of(value, name), lambda point: ArrowOf(category, start, end, point)
                    case _:
                        raise reject(
                            Code.WRONG_KIND,
                            "a variable runs over objects of a category or elements of a set, not over "
                            f"{describe(value)}",
                            over.span,
                        )
            case ast.Typing(dom=dom, cod=cod):
                source, target = self.ends(dom, cod)
                cases = source.category.hom(source.point, target.point, name)
                return cases, lambda point: ArrowOf(source.category, source.point, target.point, point)

    def ends(self, dom: ast.Expr, cod: ast.Expr) -> tuple[ObjectOf, ObjectOf]:
        """The two ends of an arrow, in one category; either may settle which."""
        try:
            source = self.object(dom)
        except Rejection:
            target = self.object(cod)
            return self.object(dom, target.category), target
        return source, self.object(cod, source.category)


def _same(first: object, second: object) -> Formula:
    assert isinstance(first, Transformation | SetTransformation)
    assert isinstance(second, Transformation | SetTransformation)
    return same_transformation(first, second)


def _never(first: object, second: object) -> Formula:
    raise AssertionError


def _show_type(value: Value) -> str:
    match value:
        case ArrowOf(_, dom, cod, _):
            return f"`{show_point(dom)} -> {show_point(cod)}`"
        case ElementOf(functor, at, _):
            return f"an element of `{functor.name}({show_point(at)})`"
        case _:
            return describe(value)


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
