"""Names in expressions, and what is said when they do not fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self, TypeVar

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.elaborate.complaint import Complaints
from formal.elaborate.relation import MatrixOf, ObjectMapOf, ParameterOf
from formal.elaborate.relation import describe as describe_enriched
from formal.elaborate.scope import Definition, Model, Module, Passed, Poisoned, reject, suggestions
from formal.elaborate.value import ArrowOf, ObjectOf, Value, describe
from formal.elaborate.workshop import Workshop
from formal.logic import formula as logic
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection, Span

if TYPE_CHECKING:
    from formal.elaborate.expression import Elaborator

T = TypeVar("T")

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
    """How many expressions one declaration may unfold to, and the definitions that are being unfolded.

    Args:
        place: of the declaration; what it unfolds to may stand in another file.
    """

    limit: int
    place: Span | None = None
    spent: int = 0
    unfolding: list[ast.DefineDecl] = field(default_factory=list)

    @property
    def is_spent(self) -> bool:
        """Whether the limit is passed."""
        return self.spent > self.limit

    def spend(self, span: Span, count: int = 1) -> None:
        """Count one expression, or several.

        Raises:
            Rejection: the limit is passed.
        """
        self.spent += count
        if self.is_spent:
            raise reject(
                Code.BUDGET_EXCEEDED,
                f"the formula unfolds to more than {self.limit} expressions",
                self.place or span,
                help=("quantify over a smaller category, or split the claim",),
            )


def all_of(exprs: Iterable[ast.Expr], build: Callable[[ast.Expr], T], budget: Budget) -> tuple[T, ...]:
    """What is built from each of several expressions.

    Raises:
        Rejection: all that is wrong with any of them, up to where the budget is spent.
    """
    built: list[T] = []
    wrong: list[Diagnostic] = []
    for expr in exprs:
        try:
            built.append(build(expr))
        except Rejection as rejection:
            wrong += rejection.diagnostics
            if budget.is_spent:
                break
    if wrong:
        raise Rejection(wrong)
    return tuple(built)


@dataclass(frozen=True, slots=True)
class Names(Complaints, ABC):
    """The first layer of elaboration: a module's names under an environment of bound ones."""

    module: Module
    workshop: Workshop
    constructors: Mapping[str, Constructor]
    budget: Budget
    bound: Mapping[str, Value] = field(default_factory=dict)

    @abstractmethod
    def value(self, expr: ast.Expr) -> Value:
        """Whatever the expression means, with nothing expected of it."""

    @abstractmethod
    def formula(self, expr: ast.Expr) -> logic.Formula:
        """A formula; free of other variables than the bound ones."""

    @abstractmethod
    def arrow(self, expr: ast.Expr, category: Category | None = None) -> ArrowOf:
        """An arrow, of the given category when one is given."""

    def with_bound(self, names: Mapping[str, Value]) -> Self:
        """The same elaborator with more names bound."""
        return replace(self, bound={**self.bound, **names})

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
        if known is None or isinstance(known[1], Definition | MatrixOf | ObjectMapOf | ParameterOf):
            return None
        if isinstance(known[1], Poisoned):
            raise Passed
        return known[1]

    def require_finite(self, name: ast.Name) -> None:
        """A name that is looked for among finite categories is none of a relation, weight or parameter.

        Raises:
            Rejection: it is.
        """
        known = self.module.meanings.get(name.text)
        if known is not None and isinstance(known[1], MatrixOf | ObjectMapOf | ParameterOf) and not name.quoted:
            raise reject(
                Code.MIXED_CLAIM,
                f"`{name.text}` is {describe_enriched(known[1])}, and what is said here is about categories",
                name.span,
            )

    def unknown(self, name: ast.Name, what: str, known: Iterator[str]) -> Rejection:
        """A name that stands for nothing of the kind that is expected."""
        self.require_finite(name)
        later = self.module.later.get(name.text)
        return reject(
            Code.UNKNOWN_NAME,
            f"`{name.text}` is not {what}",
            name.span,
            "not found" if what.startswith(("known", "a name")) else "",
            secondary=() if later is None else [Label(later, "declared only here")],
            help=suggestions(name.text, known) if later is None else ("move the declaration up, before its use",),
        )

    def _everything(self) -> Iterator[str]:
        yield from ("true", "false")
        yield from self.bound
        yield from self.module.meanings
        for _, category in self.module.categories():
            yield from category.objects
            yield from (g.name for g in category.generators)

    def in_categories(self, name: ast.Name) -> ObjectOf | ArrowOf:
        """A name that is neither variable nor declaration: an object or arrow of exactly one declared category."""
        found = [
            (label, value)
            for label, category in self.module.categories()
            if (value := self.workshop.member(category, name.text)) is not None
        ]
        if not found and self.module.may_have_been(name.text):
            raise Passed
        if not found:
            raise self.unknown(name, "known here", self._everything())
        if len(found) > 1:
            raise reject(
                Code.AMBIGUOUS_NAME,
                f"`{name.text}` belongs to several categories: " + ", ".join(f"`{label}`" for label, _ in found),
                name.span,
                help=("write " + " or ".join(f"`{label}::{name.text}`" for label, _ in found[:3]),),
            )
        return found[0][1]

    def member_of(self, category: Category, name: ast.Name, kind: type[ObjectOf] | type[ArrowOf] | None) -> Value:
        """The object or arrow of a category that a name stands for."""
        value = self.workshop.member(category, name.text)
        if value is None:
            declared = self.meaning(name)
            if isinstance(declared, SetFunctor):
                value = self.workshop.object_of_presheaf(category, declared)
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
        raise self.unknown(name, f"{what} of `{category.name}`", iter(known))

    # --- complaints -------------------------------------------------------------------------------

    def expected(self, what: str, value: Value, expr: ast.Expr) -> Rejection:
        """Another kind of thing stands where ``what`` is expected."""
        return reject(
            Code.WRONG_KIND,
            f"expected {what}, found {describe(value)}",
            expr.span,
            f"{describe(value)}",
        )

    def require_category(self, found: Category, wanted: Category, expr: ast.Expr) -> None:
        """Two categories that must be the same one.

        Raises:
            Rejection: they are not.
        """
        if found is not wanted:
            raise self.elsewhere(expr, found, wanted)

    def require_same_kind(self, first: SetFunctor, second: SetFunctor, expr: ast.Expr) -> None:
        """Two set-valued functors on one category and of one variance.

        Raises:
            Rejection: they are not.
        """
        self.require_category(second.category, first.category, expr)
        if second.contravariant != first.contravariant:
            raise self.wrong_variance(second, first.contravariant, expr)

    def show(self, term: logic.Term | None) -> str:
        """A term, for people."""
        match term:
            case logic.ObjectConstant(category, value):
                return category.objects[value]
            case logic.Variable(name=name):
                return name
            case logic.Dom(inner):
                return f"dom({self.show(inner)})"
            case logic.Cod(inner):
                return f"cod({self.show(inner)})"
            case logic.ObjectImage(functor, inner):
                return f"{getattr(functor, 'name', '…')}({self.show(inner)})"
            case logic.ArrowConstant(category, value):
                return category.arrow_labels[value]
            case _:
                return "…"
