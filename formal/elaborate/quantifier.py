"""Quantifiers. Where a structure depends on the variable, such as ``y(X)``, the instances are spelled out."""

from __future__ import annotations

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.elaborate.names import NeedsValue
from formal.elaborate.scope import reject
from formal.elaborate.sentence import Formulas
from formal.elaborate.value import (
    ArrowOf,
    ElementOf,
    FunctorOf,
    FunctorTransformationOf,
    ObjectOf,
    SetOf,
    TransformationOf,
    Value,
    describe,
)
from formal.logic import formula as logic
from formal.syntax import ast
from formal.text import Code, Rejection, Span

SPARSE = 8
"""From so many times more pairs of objects than arrows on, quantifiers run over arrows and not over pairs."""

Bound = dict[str, Value]
"""What names are bound to."""


class Quantifiers(Formulas):
    """Quantified formulas by their expressions."""

    def quantified(self, expr: ast.Quantified) -> logic.Formula:
        """The binders from ``index`` on, flattened: one variable each."""
        variables = [(binder, name) for binder in expr.binders for name in binder.names]
        return self._bind(expr, variables, 0)

    def _bind(self, expr: ast.Quantified, variables: list[tuple[ast.Binder, ast.Name]], index: int) -> logic.Formula:
        if index == len(variables):
            return self.formula(expr.body)
        binder, name = variables[index]
        quantifier = logic.Quantifier(expr.quantifier)
        if quantifier is logic.Quantifier.EXISTS_UNIQUE and len(variables) > 1:
            raise reject(
                Code.WRONG_ARGUMENTS,
                "`exists!` binds one variable",
                expr.span,
                help=("nest it: `exists X in C. exists! f: X -> Y. …`",),
            )
        if name.text in self.bound:
            raise reject(Code.DUPLICATE_NAME, f"`{name.text}` is bound already", name.span)
        fused = self._all_arrows(variables[index : index + 3])
        if fused is not None:
            try:
                body = self.with_bound(fused[1])._bind(expr, variables, index + 3)
                return logic.Quantified(quantifier, fused[0], body)
            except NeedsValue as need:
                if need.variable is not fused[0]:
                    raise
            except Rejection:
                pass  # said again below, in terms of X and Y
        variable, value = self._variable(binder, name)
        try:
            body = self.with_bound({name.text: value})._bind(expr, variables, index + 1)
        except NeedsValue as need:
            if need.variable is not variable:
                raise
            return self._spelled_out(expr, variables, index, variable, need.span)
        return logic.Quantified(quantifier, variable, body)

    def _all_arrows(self, variables: list[tuple[ast.Binder, ast.Name]]) -> tuple[logic.Variable, Bound] | None:
        """``X in C, Y in C, f: X -> Y`` as one variable f over all arrows, where most pairs of objects have none.

        There are then as many instances as arrows, not as pairs of objects; X and Y are the ends of f.
        """
        match variables:
            case [
                (ast.Membership(range=over), ast.Name(text=x)),
                (ast.Membership(range=again), ast.Name(text=y)),
                (ast.Typing(kind="arrow", dom=ast.Name(text=dom), cod=ast.Name(text=cod)), ast.Name(text=f)),
            ] if (dom, cod) in ((x, y), (y, x)) and len({x, y, f} - self.bound.keys()) == 3:
                category = self.value(over)
                if not isinstance(category, Category) or self.value(again) is not category:
                    return None
                if category.object_count**2 < SPARSE * category.arrow_count:
                    return None
                arrow = logic.Variable(f, logic.Arrows(category))
                start, end = logic.Dom(arrow), logic.Cod(arrow)
                ends: Bound = {dom: ObjectOf(category, start), cod: ObjectOf(category, end)}
                return arrow, {**ends, f: ArrowOf(category, arrow, start, end)}
            case _:
                return None

    def _spelled_out(
        self,
        expr: ast.Quantified,
        variables: list[tuple[ast.Binder, ast.Name]],
        index: int,
        variable: logic.Variable,
        span: Span,
    ) -> logic.Formula:
        """The quantifier as its instances, because a structure depends on the variable."""
        name = variables[index][1]
        instances: list[tuple[str, Value]] = []
        match variable.range:
            case logic.Objects(category):
                for x, label in enumerate(category.objects):
                    instances.append((label, ObjectOf(category, logic.ObjectConstant(category, x))))
            case logic.Arrows(category, dom, cod):
                start = None if dom is None else self.constant(dom, span)
                end = None if cod is None else self.constant(cod, span)
                instances += [
                    (category.arrow_labels[f], self.workshop.arrow(category, f))
                    for f in range(category.arrow_count)
                    if start in (None, category.source(f)) and end in (None, category.target(f))
                ]
            case logic.Elements(functor, at):
                x = self.constant(at, span)
                over = logic.ObjectConstant(functor.category, x)
                for t in functor.at(x):
                    element = ElementOf(functor, logic.ElementConstant(functor, t), over)
                    instances.append((functor.labels[t], element))
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"this construction depends on `{name.text}`, which runs over functors or transformations",
                    span,
                    help=("state the claim without the construction",),
                )
        parts = tuple(self.with_bound({name.text: value})._bind(expr, variables, index + 1) for _, value in instances)
        labels = tuple(label for label, _ in instances)
        return logic.Instances(logic.Quantifier(expr.quantifier), name.text, labels, parts)

    def _variable(self, binder: ast.Binder, name: ast.Name) -> tuple[logic.Variable, Value]:
        match binder:
            case ast.Membership(range=over):
                return self._member_variable(name, over)
            case ast.Typing(kind="functor", dom=dom, cod=cod):
                start, end = self.category(dom), self.category(cod)
                variable = logic.Variable(name.text, logic.Functors(start, end))
                return variable, FunctorOf(start, end, variable)
            case ast.Typing(kind="transformation", dom=dom, cod=cod):
                return self._transformation_variable(name, dom, cod)
            case ast.Typing(dom=dom, cod=cod):
                try:
                    source = self.object(dom)
                    target = self.object(cod, source.category)
                except Rejection:
                    target = self.object(cod)
                    source = self.object(dom, target.category)
                category = source.category
                variable = logic.Variable(name.text, logic.Arrows(category, source.term, target.term))
                return variable, ArrowOf(category, variable, source.term, target.term)

    def _member_variable(self, name: ast.Name, over: ast.Expr) -> tuple[logic.Variable, Value]:
        value = self.value(over)
        match value:
            case Category() | InfiniteCategory():
                category = value if isinstance(value, Category) else self.category(over)
                variable = logic.Variable(name.text, logic.Objects(category))
                return variable, ObjectOf(category, variable)
            case SetOf(term=logic.Fibre(functor, at)):
                variable = logic.Variable(name.text, logic.Elements(functor, at))
                return variable, ElementOf(functor, variable, at)
            case SetOf(term=logic.Hom(category, dom, cod)):
                variable = logic.Variable(name.text, logic.Arrows(category, dom, cod))
                return variable, ArrowOf(category, variable, dom, cod)
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"a variable runs over objects of a category or elements of a set, not over {describe(value)}",
                    over.span,
                )

    def between(self, start: FunctorOf, end: FunctorOf) -> logic.FunctorTransformations:
        """The natural transformations between two functors."""
        return logic.FunctorTransformations(
            self.workshop.declared(start) or start.term, self.workshop.declared(end) or end.term
        )

    def _transformation_variable(self, name: ast.Name, dom: ast.Expr, cod: ast.Expr) -> tuple[logic.Variable, Value]:
        start, end = self.value(dom), self.value(cod)
        match start, end:
            case SetFunctor(), SetFunctor():
                self.require_same_kind(start, end, cod)
                variable = logic.Variable(name.text, logic.Transformations(start, end))
                return variable, TransformationOf(start, end, variable)
            case FunctorOf(), FunctorOf():
                self.require_category(end.dom, start.dom, cod)
                self.require_category(end.cod, start.cod, cod)
                variable = logic.Variable(name.text, self.between(start, end))
                return variable, FunctorTransformationOf(start, end, variable)
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"a transformation goes between two presheaves or two functors, not from {describe(start)} "
                    f"to {describe(end)}",
                    dom.span.to(cod.span),
                )
