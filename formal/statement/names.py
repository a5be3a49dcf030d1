"""Names in the expressions of a theorem, and what is said when they do not fit."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from formal.core.category import Category as FiniteTables
from formal.elaborate.complaint import Complaints
from formal.elaborate.constructor import constructors
from formal.elaborate.expression import Elaborator as ClaimElaborator
from formal.elaborate.module import prelude
from formal.elaborate.names import Budget
from formal.elaborate.scope import Definition, Module, Passed, Poisoned, reject, suggestions
from formal.elaborate.workshop import Workshop
from formal.logic.theory import Formula
from formal.statement.category import ArrowOf, Category, Finite, Karoubi, ObjectOf, opposite
from formal.statement.point import Point
from formal.statement.value import Value, describe
from formal.syntax import ast
from formal.text import Code, Rejection, Span

MOST_ARROWS = 100
"""A finite category in a theorem is spelled out, arrow by arrow."""


@dataclass(slots=True)
class Shared:
    """What the elaboration of one theorem shares.

    Args:
        workshop: builds the finite categories that are written out.
        mentioned: the names of the theorem that something mentions.
        inverses: the inverses of arrows that are known as isomorphisms.
        broken: names whose declaration was rejected.
    """

    budget: Budget
    workshop: Workshop = field(default_factory=lambda: Workshop(prelude))
    mentioned: set[str] = field(default_factory=set)
    inverses: dict[Point, Point] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Names(Complaints, ABC):
    """The first layer of elaboration: names under an environment of declared and bound ones.

    Args:
        module: whose definitions apply.
        bound: what the names of the theorem, and of quantifiers, stand for.
        variables: those of the names that quantifiers, rules or parameters bind: they cannot be bound again, and hide
            what the theorem declares by the same name.
        is_inside: whether this is the body of a definition: its names are not those of the theorem.
    """

    module: Module
    shared: Shared
    bound: Mapping[str, Value] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()
    is_inside: bool = False

    @abstractmethod
    def value(self, expr: ast.Expr) -> Value:
        """Whatever the expression means, with nothing expected of it."""

    @abstractmethod
    def formula(self, expr: ast.Expr) -> Formula:
        """A formula."""

    @abstractmethod
    def member_point(self, category: Category, name: ast.Name) -> ObjectOf | ArrowOf | None:
        """The object or arrow of a category that a label stands for."""

    def with_bound(self, names: Mapping[str, Value]) -> Self:
        """The same elaborator with more variables."""
        return replace(self, bound={**self.bound, **names}, variables=self.variables | names.keys())

    def with_declared(self, names: Mapping[str, Value]) -> Self:
        """The same elaborator with more declared names."""
        return replace(self, bound={**self.bound, **names})

    def meaning(self, name: ast.Name) -> Value | None:
        """What a name stands for as a variable or a declaration, if it does.

        Raises:
            Passed: it was declared, and rejected.
            Rejection: it is declared in the script, and theorems cannot speak of it.
        """
        if name.quoted:
            return None
        if name.text in self.bound:
            if not self.is_inside and name.text not in self.variables:
                self.shared.mentioned.add(name.text)
            return self.bound[name.text]
        if name.text in self.shared.broken and not self.is_inside:
            raise Passed
        known = self.module.meanings.get(name.text)
        if known is None or isinstance(known[1], Definition):
            return None
        if isinstance(known[1], Poisoned):
            raise Passed
        if isinstance(known[1], FiniteTables):
            return self.finite(known[1], name.span)
        raise self.unavailable(
            name.span,
            f"`{name.text}` is declared in the script; a theorem can speak only of its categories",
            help=("put it after `given`",),
        )

    def finite(self, tables: FiniteTables, span: Span) -> Finite:
        """A finite category, spelled out.

        Raises:
            Rejection: it is too large for that.
        """
        if tables.arrow_count > MOST_ARROWS:
            raise reject(
                Code.BUDGET_EXCEEDED,
                f"`{tables.name}` has {tables.arrow_count} arrows; in a theorem at most {MOST_ARROWS} are spelled out",
                span,
            )
        return Finite(tables)

    def as_claim(self) -> ClaimElaborator:
        """The elaborator of claims, for categories that are written out."""
        return ClaimElaborator(self.module, self.shared.workshop, constructors(), self.shared.budget)

    def finite_categories(self) -> Iterator[tuple[str, Finite]]:
        """The finite categories that have a name."""
        seen: set[int] = set()
        for name, value in self.bound.items():
            if isinstance(value, Finite) and id(value.tables) not in seen:
                seen.add(id(value.tables))
                yield name, value
        for name, tables in self.module.categories():
            if id(tables) not in seen and tables.arrow_count <= MOST_ARROWS:
                yield name, Finite(tables)

    def in_categories(self, name: ast.Name) -> ObjectOf | ArrowOf:
        """A name that is neither variable nor declaration: an object or arrow of exactly one finite category."""
        found = [(label, v) for label, c in self.finite_categories() if (v := self.member_point(c, name)) is not None]
        if not found:
            if self.module.may_have_been(name.text):
                raise Passed
            raise self.unknown(name, "known here")
        if len(found) > 1:
            raise reject(
                Code.AMBIGUOUS_NAME,
                f"`{name.text}` belongs to several categories: " + ", ".join(f"`{label}`" for label, _ in found),
                name.span,
                help=("write " + " or ".join(f"`{label}::{name.text}`" for label, _ in found[:3]),),
            )
        return found[0][1]

    def member_of(self, category: Category, name: ast.Name) -> ObjectOf | ArrowOf:
        """The object or arrow of a category that a name stands for."""
        value = self.member_point(category, name)
        if value is None:
            if isinstance(category, Finite):
                raise self.unknown(name, f"an object or arrow of `{category.name}`", category.tables.objects)
            raise self.unknown(name, "known here")
        return value

    # --- complaints -------------------------------------------------------------------------------

    def unknown(self, name: ast.Name, what: str, known: Iterable[str] = ()) -> Rejection:
        """A name that stands for nothing of the kind that is expected."""
        candidates = [*known, *self.bound, *self.module.meanings]
        return reject(
            Code.UNKNOWN_NAME,
            f"`{name.text}` is not {what}",
            name.span,
            "not found",
            help=suggestions(name.text, candidates),
        )

    def unavailable(self, span: Span, message: str, *, help: Iterable[str] = ()) -> Rejection:  # noqa: A002
        """Something that claims know and theorems do not."""
        return reject(Code.NOT_IN_THEOREMS, message, span, "not available in theorems", help=help)

    def expected(self, what: str, value: Value, expr: ast.Expr) -> Rejection:
        """Another kind of thing stands where ``what`` is expected."""
        return reject(Code.WRONG_KIND, f"expected {what}, found {describe(value)}", expr.span, describe(value))

    def require_category(self, found: Category, wanted: Category, expr: ast.Expr) -> None:
        """Two categories that must be the same one.

        Raises:
            Rejection: they are not.
        """
        if found != wanted:
            raise self.elsewhere(expr, found, wanted)


def turned_object(value: ObjectOf) -> ObjectOf:
    """An object as one of the opposite category."""
    return ObjectOf(opposite(value.category), value.point)


def object_in(category: Category, value: ObjectOf) -> ObjectOf | None:
    """An object as one of a category: one of C will do for op(C), and for karoubi(C)."""
    match category:
        case _ if value.category == category:
            return value
        case _ if value.category == opposite(category):
            return turned_object(value)
        case Karoubi(of) if (within := object_in(of, value)) is not None:
            return category.object_of(within)
        case _:
            return None


def arrow_in(category: Category, value: ArrowOf) -> ArrowOf | None:
    """An arrow as one of a category: one of C will do for karoubi(C)."""
    match category:
        case _ if value.category == category:
            return value
        case Karoubi(of) if (within := arrow_in(of, value)) is not None:
            return category.arrow_of(within)
        case _:
            return None
