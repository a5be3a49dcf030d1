"""Formulas: connectives and comparisons. The side of an equation that is understood by itself helps with the other."""

from __future__ import annotations

from abc import abstractmethod

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.elaborate.composition import Compositions
from formal.elaborate.names import all_of
from formal.elaborate.restricted import spelled_out
from formal.elaborate.scope import reject
from formal.elaborate.value import ArrowOf, ElementOf, FormulaOf, ObjectOf, SetOf, Value, describe
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.tree import factors_of, operands
from formal.text import Code, Label, Rejection


class Formulas(Compositions):
    """Formulas by their expressions."""

    @abstractmethod
    def quantified(self, expr: ast.Quantified) -> logic.Formula:
        """A quantified formula."""

    def formula(self, expr: ast.Expr) -> logic.Formula:
        """A formula; free of other variables than the bound ones."""
        match expr:
            case ast.Not(body=body):
                return logic.Not(self.formula(body))
            case ast.Connective(operator=("and" | "or") as operator):
                formulas = all_of(operands(expr), self.formula, self.budget)
                return logic.And(formulas) if operator == "and" else logic.Or(formulas)
            case ast.Connective(operator=operator, left=left, right=right):
                first, second = all_of((left, right), self.formula, self.budget)
                return logic.Implies(first, second) if operator == "implies" else logic.Iff(first, second)
            case ast.Comparison():
                return self._comparison(expr)
            case ast.Quantified():
                return self.quantified(expr)
            case ast.Name(text=("true" | "false") as word) if self.meaning(expr) is None:
                return logic.Truth(word == "true")
            case _:
                value = self.value(expr)
                if not isinstance(value, FormulaOf):
                    raise self.expected("a formula", value, expr)
                return value.formula

    def _comparison(self, expr: ast.Comparison) -> logic.Formula:
        if expr.operator not in ("=", "!="):
            raise reject(
                Code.WRONG_KIND, f"`{expr.operator}` compares numbers; objects, arrows and elements use `=`", expr.span
            )
        if expr.tolerance is not None:
            raise reject(Code.WRONG_KIND, "`within` is for numbers; terms are equal or not", expr.tolerance.span)
        left, right = self._pair(expr.left, expr.right)
        match left, right:
            case ObjectOf(), ObjectOf():
                if left.category is not right.category:
                    raise self.mismatch(expr.right, "object", right.category, left.category)
            case ArrowOf(), ArrowOf():
                if left.category is not right.category:
                    raise self.mismatch(expr.right, "arrow", right.category, left.category)
                self._require_parallel(expr, left, right)
            case ElementOf(), ElementOf():
                if left.functor is not right.functor:
                    raise reject(
                        Code.WRONG_KIND,
                        f"an element of `{left.functor.name}` is compared with one of `{right.functor.name}`",
                        expr.span,
                    )
            case (SetOf(), SetOf()) | (Category(), Category()) | (SetFunctor(), SetFunctor()):
                raise reject(
                    Code.WRONG_KIND,
                    f"`=` compares objects, arrows and elements, not {describe(left)} and {describe(right)}",
                    expr.span,
                    help=("use `equinumerous` for sets and `isomorphic` for categories and presheaves",),
                )
            case _:
                raise reject(Code.WRONG_KIND, f"{describe(left)} is compared with {describe(right)}", expr.span)
        assert isinstance(left, ObjectOf | ArrowOf | ElementOf)
        assert isinstance(right, ObjectOf | ArrowOf | ElementOf)
        equation = spelled_out(logic.Equal(left.term, right.term), self.workshop.homs)
        return equation if expr.operator == "=" else logic.Not(equation)

    def _require_parallel(self, expr: ast.Comparison, left: ArrowOf, right: ArrowOf) -> None:
        if left.dom == right.dom and left.cod == right.cod:
            return
        if not all(isinstance(t, logic.ObjectConstant) for t in (left.dom, left.cod, right.dom, right.cod)):
            return
        raise reject(
            Code.NOT_PARALLEL,
            "the two sides are not parallel",
            expr.span,
            secondary=[
                Label(side.span, f"`{self.show(value.dom)} -> {self.show(value.cod)}`")
                for side, value in ((expr.left, left), (expr.right, right))
            ],
        )

    def _pair(self, left: ast.Expr, right: ast.Expr) -> tuple[Value, Value]:
        """Both sides of an equation; the side that is understood by itself helps with the other."""
        hard: list[Rejection] = []
        category = self.common_category([*factors_of(left), *factors_of(right)])
        for first, second, swap in ((left, right, False), (right, left, True)):
            try:
                value = self._side(first, category)
            except Rejection as rejection:
                hard.append(rejection)
                continue
            other = self._like(value, second)
            return (other, value) if swap else (value, other)
        raise hard[0] if len(hard[0].diagnostics) else hard[1]

    def _side(self, expr: ast.Expr, category: Category | None) -> Value:
        match expr:
            case ast.Compose() | ast.Power() | ast.TheArrow() if category is not None:
                return self.arrow(expr, category)
            case ast.Name() if category is not None and self.meaning(expr) is None:
                return self.member_of(category, expr, None)
            case ast.Call(function=ast.Name(text="id")):
                return self.identity_of(expr, category)
            case _:
                return self.value(expr)

    def _like(self, value: Value, expr: ast.Expr) -> Value:
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
