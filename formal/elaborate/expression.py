"""From expressions to typed values: terms, structures and formulas.

Terms and formulas share one grammar; what a name stands for follows from what is expected of it. A structure that
depends on a bound variable, such as ``y(X)``, needs the variable's value: ``NeedsValue`` travels up to the quantifier
that binds it, which then spells out its instances.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory
from formal.elaborate.scope import Definition, Model, Module, Passed, Poisoned, reject, suggestions
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
    cod_of,
    composite,
    describe,
    dom_of,
    first_variable,
    identity,
    object_image,
)
from formal.elaborate.workshop import Workshop
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Label, Rejection, Span

Constructor = Callable[["Elaborator", ast.Call], Value]
"""Builds a structure from an application such as ``op(C)``."""


class NeedsValue(Exception):
    """A structure depends on a bound variable."""

    def __init__(self, variable: logic.Variable, span: Span) -> None:
        super().__init__(variable.name)
        self.variable = variable
        self.span = span


@dataclass(slots=True)
class Budget:
    """How many expressions one claim may unfold to."""

    limit: int
    spent: int = 0

    def spend(self, span: Span) -> None:
        """Count one expression.

        Raises:
            Rejection: the limit is passed.
        """
        self.spent += 1
        if self.spent > self.limit:
            raise reject(
                Code.BUDGET_EXCEEDED,
                f"the formula unfolds to more than {self.limit} expressions",
                span,
                help=("quantify over a smaller category, or split the claim",),
            )


@dataclass(frozen=True, slots=True)
class Elaborator:
    """Elaborates the expressions of one module, under an environment of bound names."""

    module: Module
    workshop: Workshop
    constructors: Mapping[str, Constructor]
    budget: Budget
    bound: Mapping[str, Value] = field(default_factory=dict)

    # --- names ------------------------------------------------------------------------------------

    def with_bound(self, names: Mapping[str, Value]) -> Elaborator:
        """The same elaborator with more names bound."""
        return Elaborator(self.module, self.workshop, self.constructors, self.budget, {**self.bound, **names})

    def meaning(self, name: ast.Name) -> Value | Model | None:
        """What a name stands for as a variable or a declaration, if it does.

        Raises:
            Passed: it was declared, and rejected.
        """
        if name.quoted:
            return None
        if name.text in self.bound:
            return self.bound[name.text]
        known = self.module.meanings.get(name.text)
        if known is None or isinstance(known[1], Definition):
            return None
        if isinstance(known[1], Poisoned):
            raise Passed
        return known[1]

    def _unknown(self, name: ast.Name, what: str, known: Iterator[str]) -> Rejection:
        return reject(
            Code.UNKNOWN_NAME,
            f"`{name.text}` is not {what}",
            name.span,
            "not found" if what.startswith(("known", "a name")) else "",
            help=suggestions(name.text, known),
        )

    def _everything(self) -> Iterator[str]:
        yield from self.bound
        yield from self.module.meanings
        for _, category in self.module.categories():
            yield from category.objects
            yield from (g.name for g in category.generators)

    def _in_categories(self, name: ast.Name) -> ObjectOf | ArrowOf:
        """A name that is neither variable nor declaration: an object or arrow of exactly one declared category."""
        found = [
            (label, value)
            for label, category in self.module.categories()
            if (value := self.workshop.member(category, name.text)) is not None
        ]
        if not found:
            raise self._unknown(name, "known here", self._everything())
        if len(found) > 1:
            raise reject(
                Code.AMBIGUOUS_NAME,
                f"`{name.text}` belongs to several categories: " + ", ".join(f"`{label}`" for label, _ in found),
                name.span,
                help=(f"write `{found[0][0]}::{name.text}`",),
            )
        return found[0][1]

    def _member(self, category: Category, name: ast.Name, kind: type[ObjectOf] | type[ArrowOf] | None) -> Value:
        value = self.workshop.member(category, name.text)
        if value is not None and (kind is None or isinstance(value, kind)):
            return value
        if value is not None:
            raise reject(
                Code.WRONG_KIND,
                f"`{name.text}` is {describe(value)} of `{category.name}`, not "
                + ("an object" if kind is ObjectOf else "an arrow"),
                name.span,
            )
        what = {ObjectOf: "an object", ArrowOf: "a generating arrow", None: "an object or arrow"}[kind]
        known = [] if kind is ArrowOf else list(category.objects)
        known += [] if kind is ObjectOf else [g.name for g in category.generators]
        raise self._unknown(name, f"{what} of `{category.name}`", iter(known))

    # --- any value --------------------------------------------------------------------------------

    def value(self, expr: ast.Expr) -> Value:
        """Whatever the expression means, with nothing expected of it."""
        self.budget.spend(expr.span)
        match expr:
            case ast.Name():
                known = self.meaning(expr)
                if isinstance(known, Model):
                    raise reject(Code.WRONG_KIND, f"`{expr.text}` is a model, which has no value of its own", expr.span)
                return known if known is not None else self._in_categories(expr)
            case ast.Qualified(scope=scope, name=name):
                return self._member(self.category(scope), name, None)
            case ast.Call():
                return self._call(expr)
            case ast.Compose():
                return self._compose(expr, None)
            case ast.Power() | ast.TheArrow():
                return self.arrow(expr)
            case ast.Product() | ast.Sum():
                return self._combine(expr)
            case ast.SetLiteral(elements=elements):
                return SetOf(logic.FiniteSet(tuple(element.text for element in elements)))
            case ast.Poset() | ast.Monoid():
                return self.workshop.literal(expr)
            case ast.Not() | ast.Connective() | ast.Comparison() | ast.Quantified():
                return FormulaOf(self.formula(expr))
            case ast.Placeholder() | ast.Decimal() | ast.MapLiteral():
                raise reject(Code.WRONG_KIND, f"`{print_expression(expr)}` has no meaning here", expr.span)

    def _expected(self, what: str, value: Value, expr: ast.Expr) -> Rejection:
        return reject(
            Code.WRONG_KIND,
            f"expected {what}, found {describe(value)}",
            expr.span,
            f"{describe(value)}",
        )

    # --- structures -------------------------------------------------------------------------------

    def category(self, expr: ast.Expr) -> Category:
        """A finite category.

        Raises:
            Passed: it is infinite; that has been said where it is declared.
        """
        value = self.value(expr)
        if isinstance(value, InfiniteCategory):
            self.workshop.used_infinite(value)
            raise Passed
        if not isinstance(value, Category):
            raise self._expected("a category", value, expr)
        return value

    def functor(self, expr: ast.Expr) -> FunctorOf:
        """A functor between finite categories."""
        value = self.value(expr)
        if not isinstance(value, FunctorOf):
            raise self._expected("a functor", value, expr)
        return value

    def constant_functor(self, expr: ast.Expr) -> Functor:
        """A functor that does not depend on a bound variable."""
        value = self.functor(expr)
        if not isinstance(value.term, Functor):
            raise reject(
                Code.WRONG_KIND,
                "this construction needs a declared functor, not a quantified one",
                expr.span,
                help=("declare the functor, or state the claim without the construction",),
            )
        return value.term

    def set_functor(self, expr: ast.Expr) -> SetFunctor:
        """A presheaf or a copresheaf."""
        value = self.value(expr)
        if not isinstance(value, SetFunctor):
            raise self._expected("a presheaf or copresheaf", value, expr)
        return value

    def set(self, expr: ast.Expr) -> logic.SetTerm:
        """A finite set: T(X), hom(X, Y), a literal, the value of an extension."""
        value = self.value(expr)
        if not isinstance(value, SetOf):
            raise self._expected("a set", value, expr)
        return value.term

    # --- terms ------------------------------------------------------------------------------------

    def object(self, expr: ast.Expr, category: Category | None = None) -> ObjectOf:
        """An object, of the given category when one is given."""
        value = self._hinted(expr, category, ObjectOf)
        if not isinstance(value, ObjectOf):
            raise self._expected("an object", value, expr)
        if category is not None and value.category is not category:
            raise self._mismatch(expr, "object", value.category, category)
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

    def arrow(self, expr: ast.Expr, category: Category | None = None) -> ArrowOf:
        """An arrow, of the given category when one is given."""
        value: Value
        match expr:
            case ast.Compose():
                value = self._compose(expr, category)
            case ast.Power():
                value = self._power(expr, category)
            case ast.TheArrow():
                value = self._the_arrow(expr, category)
            case _:
                value = self._hinted(expr, category, ArrowOf)
        if isinstance(value, ElementOf) and value.functor.arrows is not None:
            value = self._arrow_of_element(value)
        if not isinstance(value, ArrowOf):
            raise self._expected("an arrow", value, expr)
        if category is not None and value.category is not category:
            raise self._mismatch(expr, "arrow", value.category, category)
        return value

    def _arrow_of_element(self, value: ElementOf) -> ArrowOf:
        functor = value.functor
        vertex = logic.ObjectConstant(functor.category, self.workshop.vertex(functor))
        dom, cod = (value.at, vertex) if functor.contravariant else (vertex, value.at)
        term: logic.Term = logic.ArrowOfElement(functor, value.term)
        if isinstance(value.term, logic.ElementConstant) and functor.arrows is not None:
            term = logic.ArrowConstant(functor.category, functor.arrows[value.term.value])
        return ArrowOf(functor.category, term, dom, cod)

    def _mismatch(self, expr: ast.Expr, what: str, found: Category, wanted: Category) -> Rejection:
        return reject(
            Code.CATEGORY_MISMATCH,
            f"expected an {what} of `{wanted.name}`, found an {what} of `{found.name}`",
            expr.span,
        )

    def _hinted(self, expr: ast.Expr, category: Category | None, kind: type[ObjectOf] | type[ArrowOf]) -> Value:
        """An object or arrow: names are looked up in the category that is expected."""
        if isinstance(expr, ast.Name):
            self.budget.spend(expr.span)
            known = self.meaning(expr)
            fits = isinstance(known, ObjectOf | ArrowOf | ElementOf) and expr.text in self.bound
            if category is not None and not fits:
                return self._member(category, expr, kind)
        if isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and expr.function.text == "id":
            return self._identity(expr, category)
        return self.value(expr)

    def element(self, expr: ast.Expr, functor: SetFunctor | None = None, at: logic.Term | None = None) -> ElementOf:
        """An element, of T(X) when these are given; labels are looked up there."""
        if isinstance(expr, ast.Name) and functor is not None and expr.text not in self.bound:
            self.budget.spend(expr.span)
            return self._element_named(expr, functor, at)
        if functor is not None and functor.arrows is not None:
            value: Value = (
                self.arrow(expr, functor.category)
                if not isinstance(expr, ast.Call) or self._is_arrow_call(expr)
                else self.value(expr)
            )
        else:
            value = self.value(expr)
        if isinstance(value, ArrowOf) and functor is not None and functor.arrows is not None:
            value = self._element_of_arrow(value, functor, expr)
        if not isinstance(value, ElementOf):
            raise self._expected("an element", value, expr)
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
                f"expected an element of `{value.functor.name}({self._show(at)})`, "
                f"found one of `{value.functor.name}({self._show(value.at)})`",
                expr.span,
            )

    def _is_arrow_call(self, expr: ast.Call) -> bool:
        return isinstance(expr.function, ast.Name) and expr.function.text == "id"

    def _element_of_arrow(self, value: ArrowOf, functor: SetFunctor, expr: ast.Expr) -> ElementOf:
        vertex = logic.ObjectConstant(functor.category, self.workshop.vertex(functor))
        end, at = (value.cod, value.dom) if functor.contravariant else (value.dom, value.cod)
        if end != vertex:
            raise reject(
                Code.NO_SUCH_ELEMENT,
                f"the arrow is not an element of `{functor.name}`: it "
                f"{'ends in' if functor.contravariant else 'starts from'} `{self._show(end)}`",
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
        set_name = f"{functor.name}({self._show(at)})" if at is not None else functor.name
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

    def _show(self, term: logic.Term | None) -> str:
        match term:
            case logic.ObjectConstant(category, value):
                return category.objects[value]
            case logic.Variable(name=name):
                return name
            case logic.Dom(inner):
                return f"dom({self._show(inner)})"
            case logic.Cod(inner):
                return f"cod({self._show(inner)})"
            case logic.ObjectImage(functor, inner):
                return f"{getattr(functor, 'name', '…')}({self._show(inner)})"
            case logic.ArrowConstant(category, value):
                return category.arrow_labels[value]
            case _:
                return "…"

    # --- composition ------------------------------------------------------------------------------

    def _compose(self, expr: ast.Compose, category: Category | None) -> Value:
        """A chain of compositions, of arrows or of functors; iterative, chains may be long."""
        factors: list[ast.Expr] = []
        stack: list[ast.Expr] = [expr]
        while stack:
            node = stack.pop()
            if isinstance(node, ast.Compose):
                stack += [node.second, node.first]
            else:
                factors.append(node)
        if category is None:
            first = self._structure(factors[0])
            if isinstance(first, FunctorOf):
                return self._compose_functors(factors)
            category = self._common_category(factors)
        result = self.arrow(factors[0], category)
        for previous, factor in zip(factors, factors[1:], strict=False):
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

    def _compose_functors(self, factors: list[ast.Expr]) -> Value:
        result = self.functor(factors[0])
        for factor in factors[1:]:
            following = self.value(factor)
            if isinstance(following, SetFunctor):
                if factor is not factors[-1]:
                    raise reject(Code.NOT_COMPOSABLE, "nothing can follow a functor to sets", factor.span)
                if not isinstance(result.term, Functor):
                    raise reject(Code.WRONG_KIND, "only a declared functor can be restricted along", factor.span)
                self.require_category(following.category, result.cod, factor)
                return self.workshop.restrict(result.term, following)
            if not isinstance(following, FunctorOf):
                raise self._expected("a functor", following, factor)
            self.require_category(following.dom, result.cod, factor)
            result = self.workshop.compose(result, following)
        return result

    def require_category(self, found: Category, wanted: Category, expr: ast.Expr) -> None:
        """Two categories that must be the same one.

        Raises:
            Rejection: they are not.
        """
        if found is not wanted:
            raise reject(
                Code.CATEGORY_MISMATCH,
                f"expected something on `{wanted.name}`, found it on `{found.name}`",
                expr.span,
            )

    def _common_category(self, exprs: list[ast.Expr]) -> Category | None:
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
            labels = [Label(first_expr.span, f"ends in `{self._show(first.cod)}`")]
            raise reject(
                Code.NOT_COMPOSABLE,
                f"`{print_expression(second_expr)}` cannot follow `{print_expression(first_expr)}`",
                second_expr.span,
                f"expected an arrow from `{self._show(first.cod)}`, found "
                f"`{print_expression(second_expr)}: {self._show(second.dom)} -> {self._show(second.cod)}`",
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
                f"goes from `{self._show(base.dom)}` to `{self._show(base.cod)}`",
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
            category = self._common_category([expr])
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

    def _identity(self, expr: ast.Call, category: Category | None) -> Value:
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

    # --- sums, products, applications -------------------------------------------------------------

    def _combine(self, expr: ast.Product | ast.Sum) -> Value:
        """``A * B`` or ``A + B`` of categories or of set-valued functors."""
        factors: list[ast.Expr] = []
        node: ast.Expr = expr
        while type(node) is type(expr):
            assert isinstance(node, ast.Product | ast.Sum)  # noqa: S101 - narrows the type
            factors.append(node.right)
            node = node.left
        result = self.value(node)
        for factor in reversed(factors):
            right = self.value(factor)
            if isinstance(result, InfiniteCategory) or isinstance(right, InfiniteCategory):
                self.category(factor if isinstance(right, InfiniteCategory) else node)
            product = isinstance(expr, ast.Product)
            match result, right:
                case Category(), Category():
                    result = self.workshop.combine_categories(result, right, product, expr.span)
                case SetFunctor(), SetFunctor():
                    self.require_category(right.category, result.category, factor)
                    if right.contravariant != result.contravariant:
                        raise self.wrong_variance(right, result.contravariant, factor)
                    result = self.workshop.combine_set_functors(result, right, product)
                case _:
                    raise reject(
                        Code.WRONG_KIND,
                        f"`{'*' if product else '+'}` joins two categories or two presheaves, "
                        f"not {describe(result)} and {describe(right)}",
                        expr.span,
                    )
        return result

    def wrong_variance(self, found: SetFunctor, contravariant: bool, expr: ast.Expr) -> Rejection:
        """A presheaf stands where a copresheaf is needed, or the other way round."""
        wanted = "presheaf" if contravariant else "copresheaf"
        return reject(
            Code.WRONG_VARIANCE,
            f"expected a {wanted}, but `{print_expression(expr)}` is a {'presheaf' if found.contravariant else 'copresheaf'}",
            expr.span,
            f"acts {'against' if found.contravariant else 'along'} the arrows of `{found.category.name}`",
            help=(f"a {wanted} on `op({found.category.name})` is the same thing",),
        )

    def arguments(self, expr: ast.Call, *counts: int) -> tuple[ast.Expr, ...]:
        """The positional arguments, of which there must be one of the given numbers, and no keyword.

        Raises:
            Rejection: there are not.
        """
        for keyword in expr.keywords:
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(expr.function)}` takes no argument `{keyword.name.text}`",
                keyword.span,
            )
        if len(expr.arguments) not in counts:
            wanted = " or ".join(map(str, counts))
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(expr.function)}` takes {wanted} argument{'s' if counts != (1,) else ''}, "
                f"not {len(expr.arguments)}",
                expr.span,
            )
        return expr.arguments

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
            return self._identity(expr, None)
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
        if word.text in self.module.meanings:
            raise Passed
        for name, category in self.module.categories():
            if self.workshop.member(category, word.text) is not None:
                raise reject(
                    Code.WRONG_KIND,
                    f"`{word.text}` is {describe(self._in_categories(word))} of `{name}` and cannot be applied",
                    word.span,
                )
        raise self._unknown(word, "a predicate, functor or construction", self._callables())

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

    def object_or_arrow(self, expr: ast.Expr, category: Category) -> ObjectOf | ArrowOf:
        """The argument of a functor."""
        match expr:
            case ast.Compose() | ast.Power() | ast.TheArrow():
                return self.arrow(expr, category)
            case ast.Call(function=ast.Name(text="id")):
                return self.arrow(expr, category)
            case ast.Name() if expr.text not in self.bound:
                self.budget.spend(expr.span)
                value = self._member(category, expr, None)
            case _:
                value = self.value(expr)
        if isinstance(value, ElementOf) and value.functor.arrows is not None:
            value = self._arrow_of_element(value)
        if not isinstance(value, ObjectOf | ArrowOf):
            raise self._expected(f"an object or arrow of `{category.name}`", value, expr)
        if value.category is not category:
            raise self._mismatch(expr, "object" if isinstance(value, ObjectOf) else "arrow", value.category, category)
        return value

    # --- formulas ---------------------------------------------------------------------------------

    def formula(self, expr: ast.Expr) -> logic.Formula:
        """A formula; free of other variables than the bound ones."""
        match expr:
            case ast.Not(body=body):
                return logic.Not(self.formula(body))
            case ast.Connective(operator=("and" | "or") as operator):
                parts: list[ast.Expr] = []
                node: ast.Expr = expr
                while isinstance(node, ast.Connective) and node.operator == operator:
                    parts.append(node.right)
                    node = node.left
                parts.append(node)
                formulas = self._all([*reversed(parts)])
                return logic.And(formulas) if operator == "and" else logic.Or(formulas)
            case ast.Connective(operator=operator, left=left, right=right):
                first, second = self._all([left, right])
                return logic.Implies(first, second) if operator == "implies" else logic.Iff(first, second)
            case ast.Comparison():
                return self._comparison(expr)
            case ast.Quantified():
                return self._quantified(expr, 0)
            case ast.Name(text=("true" | "false") as word) if self.meaning(expr) is None:
                return logic.Truth(word == "true")
            case _:
                value = self.value(expr)
                if not isinstance(value, FormulaOf):
                    raise self._expected("a formula", value, expr)
                return value.formula

    def _all(self, exprs: list[ast.Expr]) -> tuple[logic.Formula, ...]:
        """Several formulas; what is wrong with any of them is said at once."""
        formulas, diagnostics = [], []
        for expr in exprs:
            try:
                formulas.append(self.formula(expr))
            except Rejection as rejection:
                diagnostics += rejection.diagnostics
        if diagnostics:
            raise Rejection(diagnostics)
        return tuple(formulas)

    def _comparison(self, expr: ast.Comparison) -> logic.Formula:
        if expr.operator not in ("=", "!="):
            raise reject(
                Code.WRONG_KIND, f"`{expr.operator}` compares numbers; objects, arrows and elements use `=`", expr.span
            )
        left, right = self._pair(expr.left, expr.right)
        match left, right:
            case ObjectOf(), ObjectOf():
                if left.category is not right.category:
                    raise self._mismatch(expr.right, "object", right.category, left.category)
            case ArrowOf(), ArrowOf():
                if left.category is not right.category:
                    raise self._mismatch(expr.right, "arrow", right.category, left.category)
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
                raise reject(
                    Code.WRONG_KIND, f"{describe(left)} is compared with {describe(right)}", expr.span
                )
        assert isinstance(left, ObjectOf | ArrowOf | ElementOf)  # noqa: S101 - narrows the type
        assert isinstance(right, ObjectOf | ArrowOf | ElementOf)  # noqa: S101 - narrows the type
        equation = logic.Equal(left.term, right.term)
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
                Label(side.span, f"`{self._show(value.dom)} -> {self._show(value.cod)}`")
                for side, value in ((expr.left, left), (expr.right, right))
            ],
        )

    def _pair(self, left: ast.Expr, right: ast.Expr) -> tuple[Value, Value]:
        """Both sides of an equation; the side that is understood by itself helps with the other."""
        hard: list[Rejection] = []
        category = self._common_category([*_factors(left), *_factors(right)])
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
                return self._member(category, expr, None)
            case ast.Call(function=ast.Name(text="id")):
                return self._identity(expr, category)
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

    # --- quantifiers ------------------------------------------------------------------------------

    def _quantified(self, expr: ast.Quantified, index: int) -> logic.Formula:
        """The binders from ``index`` on, flattened: one variable each."""
        variables = [(binder, name) for binder in expr.binders for name in binder.names]
        return self._bind(expr, variables, 0)

    def _bind(
        self, expr: ast.Quantified, variables: list[tuple[ast.Binder, ast.Name]], index: int
    ) -> logic.Formula:
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
        variable, value = self._variable(binder, name)
        try:
            body = self.with_bound({name.text: value})._bind(expr, variables, index + 1)
        except NeedsValue as need:
            if need.variable is not variable:
                raise
            return self._spelled_out(expr, variables, index, variable, need.span)
        return logic.Quantified(quantifier, variable, body)

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
                x = None if dom is None else self.constant(dom, span)
                y = None if cod is None else self.constant(cod, span)
                for f in range(category.arrow_count):
                    ends = category.source(f), category.target(f)
                    if x in (None, ends[0]) and y in (None, ends[1]):
                        start, end = (logic.ObjectConstant(category, end) for end in ends)
                        arrow = ArrowOf(category, logic.ArrowConstant(category, f), start, end)
                        instances.append((category.arrow_labels[f], arrow))
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
        parts = tuple(
            self.with_bound({name.text: value})._bind(expr, variables, index + 1) for _, value in instances
        )
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
                    f"a variable runs over the objects of a category or the elements of a set, not over {describe(value)}",
                    over.span,
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
                variable = logic.Variable(name.text, logic.FunctorTransformations(start.term, end.term))
                return variable, FunctorTransformationOf(start, end, variable)
            case _:
                raise reject(
                    Code.WRONG_KIND,
                    f"a transformation goes between two presheaves or two functors, not from {describe(start)} "
                    f"to {describe(end)}",
                    dom.span.to(cod.span),
                )

    def require_same_kind(self, first: SetFunctor, second: SetFunctor, expr: ast.Expr) -> None:
        """Two set-valued functors on one category and of one variance.

        Raises:
            Rejection: they are not.
        """
        self.require_category(second.category, first.category, expr)
        if second.contravariant != first.contravariant:
            raise self.wrong_variance(second, first.contravariant, expr)


def _factors(expr: ast.Expr) -> Iterator[ast.Expr]:
    """The arrow factors at the surface of one side of an equation."""
    stack = [expr]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Compose):
            stack += [node.second, node.first]
        else:
            yield node


__all__ = ["Budget", "Constructor", "Elaborator", "NeedsValue", "Transformation"]
