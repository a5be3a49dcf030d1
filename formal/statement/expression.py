"""Expressions of a theorem to typed values: structures, points and formulas.

The sibling of ``formal.elaborate.expression``: the same syntax and the same words, read in unknown categories. Ends are
compared letter by letter, after what is interpreted has disappeared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from formal.core.category import Category as FiniteTables
from formal.core.presentation import InfiniteCategory
from formal.elaborate.names import all_of
from formal.elaborate.scope import Passed, distinct, reject
from formal.logic.formula import Quantifier
from formal.logic.theory import And, Formula, Iff, Implies, Not, Or, Term, Truth, Variable
from formal.statement.category import (
    ArrowOf,
    Category,
    ObjectOf,
)
from formal.statement.functor import Functor
from formal.statement.law import over_cases, same_transformation
from formal.statement.point import Case, NotExpressible, Point, equal, is_comparable, solve_point
from formal.statement.set_functor import SetFunctor
from formal.statement.show import show_point
from formal.statement.term import Terms
from formal.statement.transformation import (
    SetTransformation,
    Transformation,
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
from formal.syntax.printer import print_expression
from formal.syntax.tree import operands
from formal.text import Code, Label, Rejection

Thing: TypeAlias = object
"""What a quantifier over functors or transformations binds."""


class Elaborator(Terms):
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
            case (
                ast.Placeholder()
                | ast.Decimal()
                | ast.MapLiteral()
                | ast.Difference()
                | ast.Quotient()
                | ast.Negative()
                | ast.Interval()
            ):
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

    # --- formulas ---------------------------------------------------------------------------------

    def formula(self, expr: ast.Expr) -> Formula:
        """A formula."""
        match expr:
            case ast.Not(body=body):
                return Not(self.formula(body))
            case ast.Connective(operator=("and" | "or") as operator):
                formulas = all_of(operands(expr), self.formula, self.shared.budget)
                return And(formulas) if operator == "and" else Or(formulas)
            case ast.Connective(operator=operator, left=left, right=right):
                first, second = all_of((left, right), self.formula, self.shared.budget)
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

    def _comparison(self, expr: ast.Comparison) -> Formula:
        if expr.operator not in ("=", "!="):
            raise reject(
                Code.WRONG_KIND, f"`{expr.operator}` compares numbers; objects, arrows and elements use `=`", expr.span
            )
        if expr.tolerance is not None:
            raise reject(Code.WRONG_KIND, "`within` is for numbers; terms are equal or not", expr.tolerance.span)
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
