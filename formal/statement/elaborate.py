"""Theorem statements: what is given, what may be used, and what has to be shown.

Source: docs/decisions/0011-theorems-are-theories-with-dependent-sorts.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

from formal.elaborate.module import MOST_EXPRESSIONS
from formal.elaborate.names import Budget
from formal.elaborate.scope import Module, Passed, reject
from formal.statement.construction import let
from formal.statement.draft import Draft
from formal.statement.expression import Elaborator
from formal.statement.given import given, names_of
from formal.statement.model import Obligation, Origin, Purpose, Statement
from formal.statement.names import Shared
from formal.statement.obtain import obtain
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection


def elaborate(node: ast.TheoremDecl, module: Module, file: str) -> Statement:
    """The statement of a theorem.

    Args:
        node: the theorem as it was written.
        module: the names of its script: categories and definitions are known to the theorem.
        file: the script, as reports call it.
    Raises:
        Rejection: with everything that is wrong, in source order.
    """
    shared = Shared(Budget(MOST_EXPRESSIONS, node.name.span))
    draft = Draft(Elaborator(module, shared))
    for clause in node.clauses:
        match clause:
            case ast.GivenClause(givens=givens):
                for part in givens:
                    _attempt(draft, names_of(part), lambda part=part: given(draft, part))  # type: ignore[misc]
            case ast.AssumeClause() | ast.HaveClause() | ast.ShowClause():
                names = () if clause.name is None else (clause.name,)
                _attempt(draft, names, lambda clause=clause: _formula(draft, clause))  # type: ignore[misc]
            case ast.LetClause():
                _attempt(draft, (clause.name,), lambda clause=clause: let(draft, clause))  # type: ignore[misc]
            case ast.ObtainClause():
                _attempt(draft, clause.names, lambda clause=clause: obtain(draft, clause))  # type: ignore[misc]
            case ast.AcceptClause():
                pass
        if shared.budget.is_spent:
            break
    if not any(isinstance(clause, ast.ShowClause) for clause in node.clauses):
        draft.diagnostics += reject(
            Code.MISSING_VALUE, f"`{node.name.text}` shows nothing", node.name.span, help=("add a clause `show …`",)
        ).diagnostics
    if draft.diagnostics:
        raise Rejection(draft.diagnostics)
    return _statement(node, file, draft)


def _attempt(draft: Draft, names: Sequence[ast.Name], declare: Callable[[], None]) -> None:
    """Elaborate one clause; what is wrong is collected, and its names are passed over from then on."""
    try:
        declare()
    except Passed:
        draft.poison(names)
    except Rejection as rejection:
        draft.diagnostics += rejection.diagnostics
        draft.poison(names)
    except RecursionError:
        message = "this is nested too deeply, what it is defined by included"
        place = draft.elaborator.shared.budget.place
        draft.diagnostics.append(Diagnostic(Code.NESTING_TOO_DEEP, message, None if place is None else Label(place)))
        draft.poison(names)


def _formula(draft: Draft, clause: ast.AssumeClause | ast.HaveClause | ast.ShowClause) -> None:
    if clause.name is not None:
        draft.reserve(clause.name, is_thing=False)
    formula = draft.elaborator.formula(clause.formula)
    match clause:
        case ast.AssumeClause():
            name = clause.name.text if clause.name is not None else draft.fresh("assume", numbered=True)
            draft.suppose(name, formula, Origin.ASSUMED, clause.span)
            draft.sources[name] = draft.elaborator, clause.formula
        case ast.HaveClause():
            name = clause.name.text if clause.name is not None else draft.fresh("have")
            draft.demand(name, Purpose.HAVE, formula, clause.span)
            draft.suppose(name, formula, Origin.HAVE, clause.span, name)
            draft.sources[name] = draft.elaborator, clause.formula
        case ast.ShowClause():
            name = clause.name.text if clause.name is not None else draft.fresh("show")
            draft.demand(name, Purpose.SHOW, formula, clause.span)


def _statement(node: ast.TheoremDecl, file: str, draft: Draft) -> Statement:
    before = len(draft.laws)
    return Statement(
        node.name.text,
        file,
        node,
        tuple(draft.categories),
        tuple(draft.set_functors),
        tuple(draft.givens),
        tuple(draft.constructed),
        (*draft.laws, *draft.hypotheses),
        tuple(Obligation(o.name, o.purpose, o.formula, o.span, o.available + before) for o in draft.obligations),
        tuple(name for name in draft.things if name.text not in _used(node, draft.elaborator.shared.mentioned)),
    )


def _used(node: ast.TheoremDecl, mentioned: Set[str]) -> set[str]:
    """The names that are used: those that are mentioned; those that come together with one; and those whose being
    there says something: isomorphisms, and the parts of an adjunction."""
    used = set(mentioned)
    for clause in node.clauses:
        match clause:
            case ast.GivenClause(givens=givens):
                for part in givens:
                    names = {name.text for name in names_of(part)}
                    if isinstance(part, ast.Parameter):
                        says_something = part.kind.startswith("isomorphism")
                    else:
                        says_something = not part.names or bool(names & mentioned)
                    if says_something:
                        used |= names
            case ast.ObtainClause(names=obtained):
                together = {name.text for name in obtained}
                if together & mentioned:
                    used |= together
    return used
