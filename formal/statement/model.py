"""A theorem statement, elaborated: unknown structures, hypotheses, and everything that has to be proved."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formal.logic.theory import CategorySymbol, Formula, Function, SetFunctorSymbol
from formal.syntax import ast
from formal.text import Span


class Origin(StrEnum):
    """Why a hypothesis may be used."""

    LAW = "law"
    """A law of a category or of a set-valued functor."""
    GIVEN = "given"
    """A law of something else that is given: of a functor, a transformation, an adjunction, a cone."""
    ASSUMED = "assumed"
    LET = "let"
    """The definition of something constructed."""
    OBTAINED = "obtained"
    HAVE = "have"
    """A step, or a fact about something constructed; an obligation of its own."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """Something that may be used.

    Args:
        name: unique in the statement: ``C.associativity``, ``F.composition``, the author's name of an assumption,
            or ``assume 1`` for the first unnamed one.
        obligation: for a step, the name of the obligation that justifies it; empty otherwise.
    """

    name: str
    formula: Formula
    origin: Origin
    span: Span
    obligation: str = ""


class Purpose(StrEnum):
    """Where an obligation comes from."""

    SHOW = "show"
    HAVE = "have"
    NATURALITY = "naturality"
    FUNCTORIALITY = "functoriality"
    EXISTENCE = "existence"
    """That there is exactly one of what is defined by a property, or one of what is obtained."""
    COCONE = "cocone"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that has to be proved.

    Args:
        name: unique in the statement: ``show``, ``show 2``, the author's name of a step, ``psi: naturality``.
        available: how many of the statement's hypotheses may be used: those before this number.
    """

    name: str
    purpose: Purpose
    formula: Formula
    span: Span
    available: int


@dataclass(frozen=True, slots=True)
class Given:
    """One thing that is given, by one name.

    Args:
        kind: ``category``, ``object``, ``arrow``, ``element``, ``functor``, ``presheaf``, ``copresheaf``,
            ``transformation``, ``family``; larger givens (an adjunction, a cone) are taken apart into these.
        parameter: what it was declared with: ``base`` after ``in`` or ``on``, ``dom`` and ``cod`` after ``:``; made up
            for a part of a larger given.
        functions: the symbols that it consists of: none for a category or a set-valued functor; ``F.ob`` and ``F.ar``
            for a functor between categories that are not interpreted; one for objects, arrows, elements and for a
            transformation.
    """

    name: str
    kind: str
    span: Span
    parameter: ast.Parameter
    functions: tuple[Function, ...] = ()


@dataclass(frozen=True, slots=True)
class Constructed:
    """Something that ``let`` or ``obtain`` introduces.

    Args:
        expression: for an abbreviation, what it abbreviates; it is substituted and has no symbol.
        functions: otherwise its symbols, determined or chosen by hypotheses.
    """

    name: str
    kind: str
    span: Span
    functions: tuple[Function, ...] = ()
    expression: ast.Expr | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A theorem, elaborated.

    Args:
        node: the syntax it was elaborated from.
        hypotheses: laws first, then in the order of the clauses.
        obligations: in the order of the clauses.
        unused: names that are given, constructed or assumed and that nothing mentions.
    """

    name: str
    file: str
    node: ast.TheoremDecl
    categories: tuple[CategorySymbol, ...]
    set_functors: tuple[SetFunctorSymbol, ...]
    givens: tuple[Given, ...]
    constructed: tuple[Constructed, ...]
    hypotheses: tuple[Hypothesis, ...]
    obligations: tuple[Obligation, ...]
    unused: tuple[ast.Name, ...] = ()

    def available(self, obligation: Obligation) -> tuple[Hypothesis, ...]:
        """What may be used for an obligation."""
        return self.hypotheses[: obligation.available]

    def functions(self) -> tuple[Function, ...]:
        """All function symbols: of the categories, of the set-valued functors, given, constructed."""
        return (
            *(f for c in self.categories for f in (c.identity, c.composition)),
            *(t.action for t in self.set_functors),
            *(f for g in self.givens for f in g.functions),
            *(f for c in self.constructed for f in c.functions),
        )
