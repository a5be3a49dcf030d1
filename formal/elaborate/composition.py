"""Arrows made of arrows: chains of compositions, powers, the arrow between two objects; composites of functors."""

from __future__ import annotations

from itertools import pairwise

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.elaborate.scope import reject
from formal.elaborate.term import Terms
from formal.elaborate.value import ArrowOf, ElementOf, FunctorOf, ObjectOf, Value, composite, identity
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.syntax.tree import factors_of
from formal.text import Code, Label


class Compositions(Terms):
    """Arrows by their expressions."""

    def arrow(self, expr: ast.Expr, category: Category | None = None) -> ArrowOf:
        """An arrow, of the given category when one is given."""
        value: Value
        match expr:
            case ast.Compose():
                value = self.compose(expr, category)
            case ast.Power():
                value = self._power(expr, category)
            case ast.TheArrow():
                value = self._the_arrow(expr, category)
            case _:
                value = self.hinted(expr, category, ArrowOf)
        if isinstance(value, ElementOf) and self.is_of_arrows(value.functor):
            value = self.arrow_of_element(value)
        if not isinstance(value, ArrowOf):
            raise self.expected("an arrow", value, expr)
        if category is not None and value.category is not category:
            raise self.mismatch(expr, "arrow", value.category, category)
        return value

    def compose(self, expr: ast.Compose, category: Category | None) -> Value:
        """A chain of compositions, of arrows or of functors; iterative, chains may be long."""
        factors = [*factors_of(expr)]
        if category is None:
            first = self._structure(factors[0])
            if isinstance(first, FunctorOf):
                return self._compose_functors(first, factors)
            category = self.common_category(factors)
        result = self.arrow(factors[0], category)
        for previous, factor in pairwise(factors):
            result = self._follow(result, previous, self.arrow(factor, result.category), factor)
        return result

    def _structure(self, expr: ast.Expr) -> Value | None:
        """The functor that a factor of a composite is, if it is one."""
        if isinstance(expr, ast.Name):
            known = self.meaning(expr)
            return known if isinstance(known, FunctorOf) else None
        if isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name):
            name = expr.function.text
            if name == "id" and len(expr.arguments) == 1:
                argument = expr.arguments[0]
                inner = self.meaning(argument) if isinstance(argument, ast.Name) else None
                names_category = isinstance(inner, Category) or (
                    isinstance(argument, ast.Call)
                    and isinstance(argument.function, ast.Name)
                    and argument.function.text in self.constructors
                )
                return self.value(expr) if names_category else None
            if name in self.constructors and self.meaning(expr.function) is None:
                value = self.value(expr)
                return value if isinstance(value, FunctorOf) else None
        return None

    def _compose_functors(self, result: FunctorOf, factors: list[ast.Expr]) -> Value:
        for factor in factors[1:]:
            following = self.value(factor)
            if isinstance(following, SetFunctor):
                if factor is not factors[-1]:
                    raise reject(Code.NOT_COMPOSABLE, "nothing can follow a functor to sets", factor.span)
                declared = self.workshop.declared(result)
                if declared is None:
                    raise reject(Code.WRONG_KIND, "only a declared functor can be restricted along", factor.span)
                self.require_category(following.category, result.cod, factor)
                return self.workshop.restrict(declared, following)
            if not isinstance(following, FunctorOf):
                raise self.expected("a functor", following, factor)
            self.require_category(following.dom, result.cod, factor)
            result = self.workshop.compose(result, following)
        return result

    def common_category(self, exprs: list[ast.Expr]) -> Category | None:
        """The one category to which the names of some arrow expressions can belong, if they settle it."""
        candidates: list[Category] | None = None
        for expr in exprs:
            match expr:
                case ast.Power(base=base):
                    expr = base
                case ast.Call(function=ast.Name(text="id"), arguments=(argument,)):
                    expr = argument
                case _:
                    pass
            names = [expr] if isinstance(expr, ast.Name) else []
            if isinstance(expr, ast.TheArrow):
                names = [end for end in (expr.dom, expr.cod) if isinstance(end, ast.Name)]
            for name in names:
                known = self.meaning(name)
                if isinstance(known, ObjectOf | ArrowOf):
                    return known.category
                if known is not None:
                    continue
                having = [c for _, c in self.module.categories() if self.workshop.member(c, name.text) is not None]
                if having:
                    candidates = having if candidates is None else [c for c in candidates if c in having]
        return candidates[0] if candidates is not None and len(candidates) == 1 else None

    def _follow(self, first: ArrowOf, first_expr: ast.Expr, second: ArrowOf, second_expr: ast.Expr) -> ArrowOf:
        if first.cod != second.dom:
            category = first.category
            labels = [Label(first_expr.span, f"ends in `{self.show(first.cod)}`")]
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(second_expr)}` cannot follow `{print_expression(first_expr)}`",
                second_expr.span,
                f"expected an arrow from `{self.show(first.cod)}`, found "
                f"`{print_expression(second_expr)}: {self.show(second.dom)} -> {self.show(second.cod)}`",
                secondary=labels,
                help=self._with_ends(category, first.cod, second.cod),
            )
        return ArrowOf(first.category, composite(first.category, first.term, second.term), first.dom, second.cod)

    def _with_ends(self, category: Category, dom: logic.Term, cod: logic.Term) -> tuple[str, ...]:
        if not isinstance(dom, logic.ObjectConstant) or not isinstance(cod, logic.ObjectConstant):
            return ()
        fitting = [g.name for g in category.generators if (g.dom, g.cod) == (dom.value, cod.value)]
        ends = f"{category.objects[dom.value]} -> {category.objects[cod.value]}"
        return (f"`{fitting[0]}: {ends}` has the right ends",) if len(fitting) == 1 else ()

    def _power(self, expr: ast.Power, category: Category | None) -> ArrowOf:
        base = self.arrow(expr.base, category)
        if expr.exponent < 0:
            value = self.constant(base.term, expr.base.span)
            inverse = base.category.inverse(value)
            if inverse is None:
                raise reject(
                    Code.NOT_INVERTIBLE, f"`{print_expression(expr.base)}` is not an isomorphism", expr.base.span
                )
            base = ArrowOf(base.category, logic.ArrowConstant(base.category, inverse), base.cod, base.dom)
        count = abs(expr.exponent)
        if count != 1 and base.dom != base.cod:
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(expr.base)}` cannot follow itself",
                expr.base.span,
                f"goes from `{self.show(base.dom)}` to `{self.show(base.cod)}`",
            )
        self.workshop.require_exponent(count, expr.span)
        result = identity(base.category, base.dom)
        square = base.term
        while count:
            if count & 1:
                result = composite(base.category, result, square)
            count >>= 1
            if count:
                square = composite(base.category, square, square)
        return ArrowOf(base.category, result, base.dom, base.cod)

    def _the_arrow(self, expr: ast.TheArrow, category: Category | None) -> ArrowOf:
        if category is None:
            category = self.common_category([expr])
        dom = self.object(expr.dom, category)
        cod = self.object(expr.cod, dom.category)
        category = dom.category
        x, y = self.constant(dom.term, expr.dom.span), self.constant(cod.term, expr.cod.span)
        arrows = category.hom(x, y)
        ends = f"`{category.objects[x]}` to `{category.objects[y]}`"
        if not arrows:
            raise reject(Code.NO_SUCH_ARROW, f"there is no arrow from {ends} in `{category.name}`", expr.span)
        if len(arrows) > 1:
            names = [f"`{category.arrow_labels[f]}`" for f in arrows[:5]]
            raise reject(
                Code.SEVERAL_ARROWS,
                f"there are {len(arrows)} arrows from {ends} in `{category.name}`",
                expr.span,
                notes=("they are " + ", ".join(names) + (", …" if len(arrows) > 5 else ""),),
                help=("name the one that is meant",),
            )
        return ArrowOf(category, logic.ArrowConstant(category, arrows[0]), dom.term, cod.term)
