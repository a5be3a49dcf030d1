"""Statements like a given one: with fewer hypotheses, or with another goal.

A variant is a statement in its own right: what is left out or put in, is so in its clauses, too, so that a
counter-model of a variant can be written as a script like that of any theorem.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from formal.statement.model import Given, Hypothesis, Obligation, Origin, Purpose, Statement
from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.text import Bug, Rejection, Source, Span


@dataclass(frozen=True, slots=True)
class Assumption:
    """What can be left out: a hypothesis of the author's, or that something given is an isomorphism.

    Args:
        subject: its name.
        formula: what it says, all parts together; of an isomorphism, that what is called its inverse is one.
        names: the hypotheses that it consists of.
    """

    subject: str
    span: Span
    formula: Formula
    names: frozenset[str]
    is_isomorphism: bool = False


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
        names = frozenset(part.name for part in parts)
        result.append(Assumption(name, isomorphisms[name], formula, names, is_isomorphism=True))
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
    dropped = [hypothesis for hypothesis in statement.hypotheses if hypothesis.name in names]
    plain = frozenset(h.name.partition(".")[0] for h in dropped if h.origin is Origin.GIVEN)
    clauses = tuple(_without(clause, plain) for clause in statement.node.clauses if not _says(clause, dropped))
    changed = replace(statement, hypotheses=tuple(kept), givens=tuple(_plain(g, plain) for g in statement.givens))
    return _with_clauses(changed, clauses)


def without_given(statement: Statement, name: str) -> Statement:
    """The statement without one thing that is given and that nothing mentions, and without its laws."""
    kept = tuple(h for h in statement.hypotheses if h.origin is not Origin.GIVEN or h.name.partition(".")[0] != name)
    givens = tuple(given for given in statement.givens if given.name != name)
    clauses: list[ast.Clause] = []
    for clause in statement.node.clauses:
        if isinstance(clause, ast.GivenClause):
            others: list[ast.Given] = []
            for given in clause.givens:
                names = tuple(each for each in given.names if each.text != name)
                if names == given.names or names:
                    others.append(replace(given, names=names))
            clause = replace(clause, givens=tuple(others))
        clauses.append(clause)
    return _with_clauses(replace(statement, hypotheses=kept, givens=givens), tuple(clauses))


def rests_on_others(hypothesis: Hypothesis) -> bool:
    """Whether a hypothesis was justified by those before it."""
    return hypothesis.origin in (Origin.HAVE, Origin.OBTAINED) or bool(hypothesis.obligation)


def bare(statement: Statement) -> Statement:
    """The statement without assumptions, isomorphisms, and all that rests on them."""
    return without(statement, frozenset(name for a in assumptions(statement) for name in a.names))


def with_hypothesis(statement: Statement, name: str, formula: Formula, said: ast.Expr, span: Span) -> Statement:
    """The statement with one more hypothesis.

    Args:
        said: the formula, as the author would write it.
    """
    added = Hypothesis(name, formula, Origin.ASSUMED, span)
    clause = ast.AssumeClause(span, ast.Name(span, name), said)
    changed = replace(statement, hypotheses=(*statement.hypotheses, added))
    return _with_clauses(changed, (*statement.node.clauses, clause))


def with_goal(statement: Statement, name: str, goal: Formula, said: ast.Expr) -> tuple[Statement, Obligation]:
    """The statement with one goal only, which is that a formula follows from all hypotheses.

    Args:
        said: the formula, as the author would write it.
    """
    end = statement.node.span.end
    span = Span(statement.node.span.source, end, end)
    kept = [clause for clause in statement.node.clauses if not isinstance(clause, ast.ShowClause)]
    changed = _with_clauses(statement, (*kept, ast.ShowClause(span, None, said)))
    obligation = Obligation(name, Purpose.SHOW, goal, span, len(statement.hypotheses))
    return replace(changed, obligations=(obligation,)), obligation


def question_of(statement: Statement, isomorphism: str) -> ast.TheoremDecl:
    """A theorem that says of something that it is invertible; nothing is obtained or shown on the way."""
    clauses = statement.node.clauses
    kept = [c for c in clauses if isinstance(c, ast.GivenClause | ast.LetClause | ast.AssumeClause)]
    end = statement.node.span.end
    shown = ast.ShowClause(Span(statement.node.span.source, end, end), None, spoken(f"iso({isomorphism})"))
    return replace(statement.node, clauses=(*kept, shown))


def unjustified(statement: Statement) -> Statement:
    """The statement without what rests on obligations of its own."""
    return replace(statement, hypotheses=tuple(h for h in statement.hypotheses if not rests_on_others(h)))


def expected_refuted(statement: Statement) -> Statement:
    """The statement, of which it is expected that it fails: so that a counter-model is looked for first."""
    node = statement.node
    return replace(statement, node=replace(node, expect=ast.Name(node.name.span, "refuted")))


def again(statement: Statement, obligation: Obligation) -> Obligation:
    """An obligation of another statement, about this one."""
    return replace(obligation, available=len(statement.hypotheses))


def said_by(statement: Statement, assumption: Assumption) -> ast.Expr:
    """An assumption as the author says it; that something given is an isomorphism as one would."""
    for clause in statement.node.clauses:
        if isinstance(clause, ast.AssumeClause) and _covers(clause.span, assumption.span):
            return clause.formula
    return spoken(f"iso({assumption.subject})")


def goal_said(statement: Statement, goal: Obligation) -> ast.Expr:
    """A goal as the author says it."""
    for clause in statement.node.clauses:
        if isinstance(clause, ast.ShowClause) and _covers(clause.span, goal.span):
            return clause.formula
    raise Bug(f"the goal `{goal.name}` of `{statement.name}` comes from no clause")


def spoken(text: str) -> ast.Expr:
    """A formula that is given as a text; one that says nothing where the text is none of the language's."""
    try:
        return parse_expression(Source("formula", text))
    except Rejection:
        return unspoken(text)


def unspoken(text: str) -> ast.Expr:
    """What stands for a formula that has no words: a script has to spell out what it means."""
    return ast.Name(Span(Source("formula", text), 0, len(text)), text, quoted=True)


def _with_clauses(statement: Statement, clauses: tuple[ast.Clause, ...]) -> Statement:
    return replace(statement, node=replace(statement.node, clauses=clauses))


def _covers(whole: Span, part: Span) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _says(clause: ast.Clause, hypotheses: Collection[Hypothesis]) -> bool:
    """Whether a clause assumes one of the hypotheses."""
    return isinstance(clause, ast.AssumeClause) and any(_covers(clause.span, h.span) for h in hypotheses)


def _plain(given: Given, names: Collection[str]) -> Given:
    """Something given, without an inverse if it is one of these."""
    inverse = f"{given.name}^-1"
    if given.name not in names:
        return given
    kept = tuple(f for f in given.functions if f.name != inverse and not f.name.startswith(f"{inverse}."))
    return replace(given, functions=kept)


def _without(clause: ast.Clause, names: Collection[str]) -> ast.Clause:
    """A clause in which these are not given as isomorphisms."""
    if not isinstance(clause, ast.GivenClause):
        return clause
    givens: list[ast.Given] = []
    for given in clause.givens:
        if not (isinstance(given, ast.Parameter) and given.kind.startswith("isomorphism")):
            givens.append(given)
            continue
        plain = "arrow" if given.kind == "isomorphism arrow" else "transformation"
        for name in given.names:
            kind = plain if name.text in names else given.kind
            givens.append(replace(given, kind=kind, names=(name,)))
    return replace(clause, givens=tuple(givens))


def shows(statement: Statement) -> tuple[Obligation, ...]:
    """The goals."""
    return tuple(o for o in statement.obligations if o.purpose is Purpose.SHOW)


# --- degenerate models ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A formula, and how one writes it."""

    formula: Formula
    text: str


def is_discrete(category: CategorySymbol) -> Said:
    """Every arrow is an identity; true of the empty category."""
    x, y = (Variable(name, Type(category.objects)) for name in "xy")
    f = Variable("f", Type(category.arrows, (x, y)))
    z = Variable("z", Type(category.objects))
    g = Variable("g", Type(category.arrows, (z, z)))
    formula = And((_forall((x, y, f), Equal(x, y)), _forall((z, g), Equal(g, category.identity(z)))))
    name = category.name
    return Said(formula, f"((forall x, y in {name}, f: x -> y. x = y) and (forall z in {name}, g: z -> z. g = id(z)))")


def is_empty(functor: SetFunctorSymbol) -> Said:
    """It has no elements at all."""
    x = Variable("x", Type(functor.category.objects))
    t = Variable("t", Type(functor.elements, (x,)))
    text = f"(forall x in {functor.category.name}, t in {functor.name}(x). false)"
    return Said(_forall((x, t), Truth(False)), text)


def no_objects(category: CategorySymbol) -> Said:
    """It is the empty category."""
    formula = _forall((Variable("x", Type(category.objects)),), Truth(False))
    return Said(formula, f"(forall x in {category.name}. false)")


def somewhere_degenerate(statement: Statement) -> Said:
    """Some category is empty or discrete, or some set-valued functor is empty."""
    return _or([*map(is_discrete, statement.categories), *map(is_empty, statement.set_functors)])


def degenerate(statement: Statement) -> Said:
    """All categories are discrete, or one is empty, or some set-valued functor is."""
    discrete = [is_discrete(category) for category in statement.categories]
    everywhere = Said(And(tuple(one.formula for one in discrete)), f"({' and '.join(one.text for one in discrete)})")
    empty = [*map(no_objects, statement.categories), *map(is_empty, statement.set_functors)]
    return _or([everywhere, *empty] if discrete else empty)


def contradiction() -> Said:
    """What never holds."""
    return Said(Truth(False), "false")


def _or(parts: Sequence[Said]) -> Said:
    return Said(Or(tuple(part.formula for part in parts)), " or ".join(part.text for part in parts) or "false")


def _forall(variables: tuple[Variable, ...], body: Formula) -> Formula:
    return Quantified(Quantifier.FORALL, variables, body)
