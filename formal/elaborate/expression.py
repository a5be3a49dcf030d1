"""From expressions to typed values: terms, structures and formulas.

Terms and formulas share one grammar; what a name stands for follows from what is expected of it. A structure that
depends on a bound variable, such as ``y(X)``, needs the variable's value: ``NeedsValue`` travels up to the quantifier
that binds it, which then spells out its instances. The layers, each in its file: names, structures, terms,
compositions, sentences, quantifiers; here they meet.
"""

from __future__ import annotations

from collections.abc import Iterator

from formal.core.functor import FunctorTransformation, SetFunctor
from formal.elaborate.quantifier import Quantifiers
from formal.elaborate.scope import Model, Passed, distinct, reject
from formal.elaborate.value import (
    ActionOf,
    ArrowOf,
    ElementOf,
    FormulaOf,
    FunctorOf,
    FunctorTransformationOf,
    ObjectOf,
    SetOf,
    TransformationOf,
    Value,
    action,
    apply,
    arrow_image,
    describe,
    object_image,
)
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code


class Elaborator(Quantifiers):
    """Elaborates the expressions of one module, under an environment of bound names."""

    def value(self, expr: ast.Expr) -> Value:
        """Whatever the expression means, with nothing expected of it."""
        self.budget.spend(expr.span)
        match expr:
            case ast.Name():
                known = self.meaning(expr)
                if isinstance(known, Model):
                    raise reject(Code.WRONG_KIND, f"`{expr.text}` is a model, which has no value of its own", expr.span)
                return known if known is not None else self.in_categories(expr)
            case ast.Qualified(scope=scope, name=name):
                return self.member_of(self.category(scope), name, None)
            case ast.Call():
                return self._call(expr)
            case ast.Compose():
                return self.compose(expr, None)
            case ast.Power() | ast.TheArrow():
                return self.arrow(expr)
            case ast.Product() | ast.Sum():
                return self.combine(expr)
            case ast.SetLiteral(elements=elements):
                return SetOf(logic.FiniteSet(tuple(name.text for name in distinct(elements))))
            case ast.Poset() | ast.Monoid():
                return self.workshop.literal(expr)
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

    def _call(self, expr: ast.Call) -> Value:
        if isinstance(expr.function, ast.Name):
            known = self.meaning(expr.function)
            if known is None:
                return self._call_word(expr, expr.function)
            if isinstance(known, Model):
                raise reject(Code.WRONG_KIND, "a model cannot be applied", expr.function.span)
            return self._apply(known, expr)
        return self._apply(self.value(expr.function), expr)

    def _call_word(self, expr: ast.Call, word: ast.Name) -> Value:
        """A word of the language, or a defined predicate."""
        if word.text == "id":
            return self.identity_of(expr, None)
        if word.text in ("dom", "cod"):
            (argument,) = self.arguments(expr, 1)
            arrow = self.arrow(argument)
            return ObjectOf(arrow.category, arrow.dom if word.text == "dom" else arrow.cod)
        constructor = self.constructors.get(word.text)
        if constructor is not None:
            return constructor(self, expr)
        predicate = self.workshop.predicate(self, expr, word)
        if predicate is not None:
            return FormulaOf(predicate)
        self.require_finite(word)
        if word.text in self.module.meanings:
            raise Passed
        for name, category in self.module.categories():
            if self.workshop.member(category, word.text) is not None:
                raise reject(
                    Code.WRONG_KIND,
                    f"`{word.text}` is {describe(self.in_categories(word))} of `{name}` and cannot be applied",
                    word.span,
                )
        raise self.unknown(word, "a predicate, functor or construction", self._callables())

    def _callables(self) -> Iterator[str]:
        yield from self.constructors
        yield from self.workshop.predicate_names(self.module)
        yield from self.bound
        yield from self.module.meanings

    def _apply(self, function: Value, expr: ast.Call) -> Value:
        (argument,) = self.arguments(expr, 1)
        match function:
            case FunctorOf(dom=dom, cod=cod, term=term):
                value = self.object_or_arrow(argument, dom)
                if isinstance(value, ObjectOf):
                    return ObjectOf(cod, object_image(term, value.term))
                image = arrow_image(term, value.term)
                return ArrowOf(cod, image, object_image(term, value.dom), object_image(term, value.cod))
            case SetFunctor(category=category):
                value = self.object_or_arrow(argument, category)
                if isinstance(value, ObjectOf):
                    return SetOf(logic.Fibre(function, value.term))
                return ActionOf(function, value)
            case ActionOf(functor=functor, arrow=arrow):
                source, target = (arrow.cod, arrow.dom) if functor.contravariant else (arrow.dom, arrow.cod)
                element = self.element(argument, functor, source)
                return ElementOf(functor, action(functor, arrow.term, element.term), target)
            case TransformationOf(dom=start, cod=end, term=phi):
                element = self.element(argument, start)
                return ElementOf(end, apply(phi, end, element.term), element.at)
            case FunctorTransformationOf(dom=start_functor, cod=end_functor, term=theta):
                at = self.object(argument, start_functor.dom)
                component: logic.Term = logic.Component(theta, at.term)
                if isinstance(theta, FunctorTransformation) and isinstance(at.term, logic.ObjectConstant):
                    component = logic.ArrowConstant(start_functor.cod, theta.components[at.term.value])
                return ArrowOf(
                    start_functor.cod,
                    component,
                    object_image(start_functor.term, at.term),
                    object_image(end_functor.term, at.term),
                )
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"`{print_expression(expr.function)}` is {describe(function)} and cannot be applied",
                    expr.function.span,
                )
