"""Expressions that stand for structures: categories, functors, set-valued functors, sets."""

from __future__ import annotations

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.elaborate.names import Names
from formal.elaborate.scope import Passed, reject
from formal.elaborate.value import FunctorOf, SetOf, Value, describe
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.tree import operands
from formal.text import Code


class Structures(Names):
    """Structures by their expressions."""

    def category(self, expr: ast.Expr) -> Category:
        """A finite category.

        Raises:
            Passed: it is infinite; that has been said where it is declared.
        """
        return self.finite(self.value(expr), expr)

    def finite(self, value: Value, expr: ast.Expr) -> Category:
        """The finite category that an expression has turned out to be.

        Raises:
            Passed: it is infinite; that has been said where it is declared.
        """
        if isinstance(value, InfiniteCategory):
            self.workshop.used_infinite(value)
            raise Passed
        if not isinstance(value, Category):
            raise self.expected("a category", value, expr)
        return value

    def functor(self, expr: ast.Expr) -> FunctorOf:
        """A functor between finite categories."""
        value = self.value(expr)
        if not isinstance(value, FunctorOf):
            raise self.expected("a functor", value, expr)
        return value

    def constant_functor(self, expr: ast.Expr) -> Functor:
        """A functor that does not depend on a bound variable."""
        return self.declared(self.functor(expr), expr)

    def declared(self, value: FunctorOf, expr: ast.Expr) -> Functor:
        """The table of the functor that an expression has turned out to be.

        Raises:
            Rejection: it depends on a bound variable.
        """
        declared = self.workshop.declared(value)
        if declared is None:
            raise reject(
                Code.WRONG_KIND,
                "this construction needs a declared functor, not a quantified one",
                expr.span,
                help=("declare the functor, or state the claim without the construction",),
            )
        return declared

    def set_functor(self, expr: ast.Expr) -> SetFunctor:
        """A presheaf or a copresheaf."""
        value = self.value(expr)
        if not isinstance(value, SetFunctor):
            raise self.expected("a presheaf or copresheaf", value, expr)
        return value

    def set(self, expr: ast.Expr) -> logic.SetTerm:
        """A finite set: T(X), hom(X, Y), a literal, the value of an extension."""
        value = self.value(expr)
        if not isinstance(value, SetOf):
            raise self.expected("a set", value, expr)
        return value.term

    def of_one_variance(self, first: SetFunctor, second: SetFunctor, expr: ast.Expr) -> tuple[SetFunctor, SetFunctor]:
        """Both of one variance: what is constant takes that of the other.

        Raises:
            Rejection: ``second``, which ``expr`` stands for, is of the other variance, and neither is constant.
        """
        if first.contravariant != second.contravariant:
            adapted = self.workshop.adapt(second, contravariant=first.contravariant)
            if adapted is not None:
                return first, adapted
            first = self.workshop.adapt(first, contravariant=second.contravariant) or first
        self.require_same_kind(first, second, expr)
        return first, second

    def combine(self, expr: ast.Product | ast.Sum) -> Value:
        """``A * B`` or ``A + B`` of categories or of set-valued functors."""
        first, *others = operands(expr)
        result = self.value(first)
        for factor in others:
            right = self.value(factor)
            if isinstance(result, InfiniteCategory) or isinstance(right, InfiniteCategory):
                self.category(factor if isinstance(right, InfiniteCategory) else first)
            product = isinstance(expr, ast.Product)
            match result, right:
                case Category(), Category():
                    result = self.workshop.combine_categories(result, right, product, expr.span)
                case SetFunctor(), SetFunctor():
                    self.require_category(right.category, result.category, factor)
                    result, right = self.of_one_variance(result, right, factor)
                    result = self.workshop.combine_set_functors(result, right, product)
                case _:
                    raise reject(
                        Code.WRONG_KIND,
                        f"`{'*' if product else '+'}` joins two categories or two presheaves, "
                        f"not {describe(result)} and {describe(right)}",
                        expr.span,
                    )
        return result
