"""Statements like a given one: with fewer hypotheses, or with another goal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    CategorySymbol,
    Equal,
    Formula,
    Or,
    Quantified,
    SetFunctorSymbol,
    Truth,
    Type,
    Variable,
)
from formal.statement.model import Hypothesis, Obligation, Origin, Purpose, Statement
from formal.syntax import ast
from formal.text import Span


@dataclass(frozen=True, slots=True)
class Assumption:
    """What can be left out: a hypothesis of the author's, or that something given is an isomorphism.

    Args:
        subject: its name.
        formula: what it says, all parts together.
        names: the hypotheses that it consists of.
    """

    subject: str
    span: Span
    formula: Formula
    names: frozenset[str]


def assumptions(statement: Statement) -> tuple[Assumption, ...]:
    """What can be left out, in the order of the clauses."""
    inverses: dict[str, list[Hypothesis]] = {}
    result: list[Assumption] = []
    isomorphisms = {
        name.text: name.span
        for clause in statement.node.clauses
        if isinstance(clause, ast.GivenClause)
        for given in clause.givens
        if isinstance(given, ast.Parameter) and given.kind.startswith("isomorphism")
        for name in given.names
    }
    for hypothesis in statement.hypotheses:
        owner, _, law = hypothesis.name.partition(".")
        if hypothesis.origin is Origin.ASSUMED:
            result.append(
                Assumption(hypothesis.name, hypothesis.span, hypothesis.formula, frozenset({hypothesis.name}))
            )
        elif hypothesis.origin is Origin.GIVEN and owner in isomorphisms and law.startswith("inverse"):
            inverses.setdefault(owner, []).append(hypothesis)
    for name, parts in inverses.items():
        formula = And(tuple(part.formula for part in parts))
        result.append(Assumption(name, isomorphisms[name], formula, frozenset(part.name for part in parts)))
    return tuple(sorted(result, key=lambda assumption: assumption.span.start))


def without(statement: Statement, names: Collection[str]) -> Statement:
    """The statement without some hypotheses, and without the steps and choices that may rest on them."""
    kept: list[Hypothesis] = []
    is_missing = False
    for hypothesis in statement.hypotheses:
        if hypothesis.name in names:
            is_missing = True
        elif not (is_missing and rests_on_others(hypothesis)):
            kept.append(hypothesis)
    return replace(statement, hypotheses=tuple(kept))


def rests_on_others(hypothesis: Hypothesis) -> bool:
    """Whether a hypothesis was justified by those before it."""
    return hypothesis.origin in (Origin.HAVE, Origin.OBTAINED) or bool(hypothesis.obligation)


def bare(statement: Statement) -> Statement:
    """The statement without assumptions, isomorphisms, and all that rests on them."""
    return without(statement, frozenset(name for a in assumptions(statement) for name in a.names))


def with_goal(statement: Statement, name: str, goal: Formula, span: Span) -> Obligation:
    """That a formula follows from all hypotheses."""
    return Obligation(name, Purpose.SHOW, goal, span, len(statement.hypotheses))


def with_hypothesis(statement: Statement, name: str, formula: Formula, span: Span) -> Statement:
    """The statement with one more hypothesis."""
    added = Hypothesis(name, formula, Origin.ASSUMED, span)
    return replace(statement, hypotheses=(*statement.hypotheses, added))


def again(statement: Statement, obligation: Obligation) -> Obligation:
    """An obligation of another statement, about this one."""
    return replace(obligation, available=len(statement.hypotheses))


def shows(statement: Statement) -> tuple[Obligation, ...]:
    """The goals."""
    return tuple(o for o in statement.obligations if o.purpose is Purpose.SHOW)


# --- degenerate models ----------------------------------------------------------------------------


def is_discrete(category: CategorySymbol) -> Formula:
    """Every arrow is an identity; true of the empty category."""
    x, y = (Variable(name, Type(category.objects)) for name in "xy")
    f = Variable("f", Type(category.arrows, (x, y)))
    z = Variable("z", Type(category.objects))
    g = Variable("g", Type(category.arrows, (z, z)))
    return And((_forall((x, y, f), Equal(x, y)), _forall((z, g), Equal(g, category.identity(z)))))


def is_empty(functor: SetFunctorSymbol) -> Formula:
    """It has no elements at all."""
    x = Variable("x", Type(functor.category.objects))
    t = Variable("t", Type(functor.elements, (x,)))
    return _forall((x, t), Truth(False))


def no_objects(category: CategorySymbol) -> Formula:
    """It is the empty category."""
    return _forall((Variable("x", Type(category.objects)),), Truth(False))


def somewhere_degenerate(statement: Statement) -> Formula:
    """Some category is empty or discrete, or some set-valued functor is empty."""
    return Or((*map(is_discrete, statement.categories), *map(is_empty, statement.set_functors)))


def degenerate(statement: Statement) -> Formula:
    """All categories are discrete, or one is empty, or some set-valued functor is."""
    discrete = And(tuple(map(is_discrete, statement.categories)))
    return Or((discrete, *map(no_objects, statement.categories), *map(is_empty, statement.set_functors)))


def _forall(variables: tuple[Variable, ...], body: Formula) -> Formula:
    return Quantified(Quantifier.FORALL, variables, body)
