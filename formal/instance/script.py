"""A counter-model as a proof script: its structures as declarations, the hypotheses and the goal as claims.

The formulas are the author's own, with the names of what is given replaced by what these are in the model. The script
speaks for itself: whoever runs it sees every hypothesis proved and the goal refuted, by other code than found it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from formal.elaborate.module import Loader
from formal.instance.declare import (
    declare_categories,
    declare_functor,
    declare_functor_by_rules,
    declare_inverse,
    declare_set_functor,
    declare_set_functors,
    declare_transformation,
    describe_tables,
    is_constant,
)
from formal.instance.goal import goal_text
from formal.instance.law import laws
from formal.instance.name import Names
from formal.instance.place import Inexpressible
from formal.instance.spell import spelled
from formal.instance.substitute import inverted
from formal.instance.world import World
from formal.logic.theory import Function
from formal.refute.result import CounterModel
from formal.statement.model import Constructed, Given, Hypothesis, Obligation, Origin, Purpose, Statement
from formal.syntax import ast
from formal.syntax.format import format_source
from formal.syntax.parser import parse
from formal.syntax.printer import print_expression
from formal.syntax.tree import names_in
from formal.text import Bug, Rejection, Severity, Source

GOAL = "goal"
"""The name of the claim that is refuted."""

Claim = tuple[str, str]
"""A name and a formula."""

__all__ = ["GOAL", "Inexpressible", "script_of"]


def script_of(
    statement: Statement,
    obligation: Obligation,
    model: CounterModel,
    *,
    declarations: Iterable[ast.Declaration] = (),
    without: Collection[str] = (),
    in_words: bool = True,
) -> str:
    """A script that declares a counter-model, claims the hypotheses, and claims the goal ``expect refuted``.

    Args:
        declarations: what the theorem may mention, beside the declarations in the text that it stands in.
        without: names of assumptions that are left out.
        in_words: the author's words where possible. Otherwise only the formulas of the statement and of the
            obligation count: for variants of which the syntax tree is that of the original.
    Raises:
        Inexpressible: a part of it cannot be said in the language of claims.
    """
    if not in_words:
        return _spelled_out(
            World(statement, model, Names(names_in(statement.node))), obligation, without, Inexpressible("in words")
        )
    clauses = tuple(_before(statement, obligation, without))
    goal = _clause_of(statement, obligation)
    mentioned = names_in((clauses, goal)) - _own_names(statement.node)
    context = _used((*declarations, *_declarations(statement.node.span.source)), mentioned)
    told = "\n".join(node.span.text for node in context)
    taken = names_in((statement.node, context))

    def world(context: str) -> World:
        return World(statement, model, Names(taken), context)

    try:
        script = _in_words(world(told), clauses, goal, obligation)
    except Inexpressible as lacking:
        return _spelled_out(world(""), obligation, without, lacking)
    if _is_refused(script):
        with contextlib.suppress(Inexpressible):
            other = _spelled_out(world(""), obligation, without, Inexpressible("its words"))
            return script if _is_refused(other) else other
    return script


def _is_refused(script: str) -> bool:
    """Whether claims lack some of its words, or its structures obey no law."""
    diagnostics = Loader(Path()).elaborate(Source("counter-model", script)).diagnostics
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)


def _in_words(world: World, clauses: tuple[ast.Clause, ...], goal: ast.Clause, obligation: Obligation) -> str:
    """The script in the author's own words.

    Raises:
        Inexpressible: claims have no words for a part of it.
    """
    statement = world.statement
    needed = _needed(statement, clauses, goal)
    declare_categories(world)
    claims: list[Claim] = []
    for clause in clauses:
        match clause:
            case ast.GivenClause(givens=givens):
                for given in givens:
                    _give(world, given, needed, obligation, claims)
            case ast.AssumeClause():
                said = _said(world, clause.formula, _hypotheses(world, clause, obligation))
                claims.append((_claim_name(clause.name, claims), said))
            case ast.LetClause() if clause.name.text in needed:
                _let(world, clause, obligation)
                _state(world, clause, obligation, claims)
            case ast.LetClause():
                # Nothing mentions it; that it exists is used all the same.
                with contextlib.suppress(Inexpressible):
                    _state(world, clause, obligation, claims)
            case ast.ObtainClause():
                _obtain(world, clause, obligation, claims, is_needed=not needed.isdisjoint(_names(clause)))
            case _:
                pass
    if obligation.purpose is Purpose.NATURALITY and isinstance(goal, ast.LetClause):
        _let(world, goal, obligation)
        _state(world, goal, obligation, claims)
    try:
        refuted = goal_text(world, goal, obligation)
    except Inexpressible:
        refuted = print_expression(spelled(world, obligation.formula))
    return _layout(obligation, world, claims, refuted)


def _names(clause: ast.ObtainClause) -> list[str]:
    return [name.text for name in clause.names]


def _hypotheses(world: World, node: ast.Clause | ast.Given | ast.Name, obligation: Obligation) -> list[Hypothesis]:
    """What a clause, or a part of it, lets the obligation use; steps are left out, they follow from the rest."""
    return [
        hypothesis
        for hypothesis in world.statement.available(obligation)
        if hypothesis.origin is not Origin.HAVE
        and node.span.start <= hypothesis.span.start
        and hypothesis.span.end <= node.span.end
    ]


def _said(world: World, expr: ast.Expr, hypotheses: list[Hypothesis]) -> str:
    """A formula of the author's: in these words, or spelled out."""
    try:
        return world.text(expr)
    except Inexpressible:
        if len(hypotheses) != 1:
            raise
        return print_expression(spelled(world, hypotheses[0].formula))


def _state(world: World, node: ast.Clause | ast.Given | ast.Name, obligation: Obligation, claims: list[Claim]) -> None:
    """Claim what is known of something, spelled out."""
    for hypothesis in _hypotheses(world, node, obligation):
        text = print_expression(spelled(world, hypothesis.formula))
        if text != "true":
            claims.append((_fresh(_as_name(hypothesis.name), claims), text))


def _spelled_out(world: World, obligation: Obligation, without: Collection[str], lacking: Inexpressible) -> str:
    """The script in objects, arrows and elements only: nothing is declared but categories and set-valued functors.

    Raises:
        Inexpressible: not even so; it says what words were lacking.
    """
    statement = world.statement
    laws = {law.name for c in statement.categories for law in c.laws}
    laws |= {law.name for t in statement.set_functors for law in t.laws}
    declare_categories(world, lettered=True)
    declare_set_functors(world)
    describe_tables(world, statement.functions())
    claims: list[Claim] = []
    try:
        for hypothesis in statement.available(obligation):
            if hypothesis.origin is Origin.HAVE or hypothesis.name in laws or hypothesis.name in without:
                continue
            text = print_expression(spelled(world, hypothesis.formula))
            claims.append((_fresh(_as_name(hypothesis.name), claims), text))
        refuted = print_expression(spelled(world, obligation.formula))
    except Inexpressible as further:
        raise Inexpressible(f"{lacking}, nor spelled out {further}") from None
    return _layout(obligation, world, claims, refuted)


# --- which clauses --------------------------------------------------------------------------------


def _clause_of(statement: Statement, obligation: Obligation) -> ast.Clause:
    """The clause that an obligation comes from."""
    place = obligation.span
    for clause in statement.node.clauses:
        if clause.span.start <= place.start and place.end <= clause.span.end:
            return clause
    raise Bug(f"the obligation `{obligation.name}` of `{statement.name}` comes from no clause")


def _before(statement: Statement, obligation: Obligation, without: Collection[str]) -> Iterator[ast.Clause]:
    """The clauses that the obligation may rest on, without some assumptions."""
    goal = _clause_of(statement, obligation)
    used = {(h.span.start, h.span.end): h.name for h in statement.hypotheses[: obligation.available]}
    dropped = {h.span.start for h in statement.hypotheses if h.name in without}
    for clause in statement.node.clauses:
        inside = any(clause.span.start <= start and end <= clause.span.end for start, end in used)
        if clause is goal or not (clause.span.start < goal.span.start or inside):
            continue
        if isinstance(clause, ast.AssumeClause) and any(
            clause.span.start <= start < clause.span.end for start in dropped
        ):
            continue
        yield clause


@lru_cache(maxsize=8)
def _declarations(source: Source) -> tuple[ast.Declaration, ...]:
    """What is declared and defined in the text that a theorem stands in; a file has many theorems."""
    try:
        return parse(source).declarations
    except Rejection:
        return ()


def _own_names(node: ast.TheoremDecl) -> frozenset[str]:
    """What the theorem declares itself: there a name of the script means something else."""
    names: set[str] = set()
    for clause in node.clauses:
        match clause:
            case ast.GivenClause(givens=givens):
                for given in givens:
                    names |= {name.text for name in given.names}
                    if isinstance(given, ast.UniversalGiven):
                        names |= {role.name.text for role in given.roles}
            case ast.LetClause(name=name):
                names.add(name.text)
            case ast.ObtainClause(names=obtained):
                names |= {name.text for name in obtained}
            case _:
                pass
    return frozenset(names)


def _used(declarations: Iterable[ast.Declaration], mentioned: Collection[str]) -> tuple[ast.Declaration, ...]:
    """The declarations and definitions that are mentioned, directly or by others, in their order."""
    skipped = ast.ImportDecl | ast.ClaimDecl | ast.TheoremDecl | ast.ModelDecl
    known = {node.name.text: node for node in declarations if not isinstance(node, skipped)}
    found: set[str] = set()
    todo = [name for name in known if name in mentioned]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            inside = names_in(known[name])
            todo += [other for other in known if other in inside]
    return tuple(node for name, node in known.items() if name in found)


def _needed(statement: Statement, clauses: tuple[ast.Clause, ...], goal: ast.Clause) -> frozenset[str]:
    """The names that hypotheses and goal mention, directly or by what is constructed."""
    made = {clause.name.text: clause for clause in clauses if isinstance(clause, ast.LetClause)}
    rest = [_mentioning(statement, goal)]
    skipped = ast.LetClause | ast.HaveClause | ast.ObtainClause
    rest += [_mentioning(statement, clause) for clause in clauses if not isinstance(clause, skipped)]
    names: set[str] = set()
    while rest:
        new = names_in(rest.pop()) - names
        names |= new
        rest += [_mentioning(statement, made[name]) for name in sorted(new) if name in made]
    return frozenset(names)


def _mentioning(statement: Statement, clause: ast.Clause) -> object:
    """The parts of a clause by which it mentions others.

    What is declared by its table needs its ends only, not what it was constructed from.
    """
    match clause:
        case ast.GivenClause(givens=givens):
            return tuple(
                (given.base, given.dom, given.cod)
                if isinstance(given, ast.Parameter)
                else (given.left, given.right, given.of, given.along)
                for given in givens
            )
        case ast.LetClause(kind="transformation" | "family") if _functions(statement, clause.name.text):
            return clause.dom, clause.cod
        case _:
            return clause


# --- declarations ---------------------------------------------------------------------------------


def _functions(statement: Statement, name: str) -> tuple[Function, ...]:
    things: tuple[Given | Constructed, ...] = (*statement.givens, *statement.constructed)
    for thing in things:
        if thing.name == name:
            return thing.functions
    return ()


def _give(world: World, given: ast.Given, needed: frozenset[str], obligation: Obligation, claims: list[Claim]) -> None:
    """Declare what is given, and claim what no declaration ensures; what cannot be declared is spelled out."""
    if isinstance(given, ast.UniversalGiven):
        roles = {role.role.text: role.name.text for role in given.roles}
        if roles.keys() & {"transpose", "inverse"} and not needed.isdisjoint(roles.values()):
            _conceal(world, list(roles.values()))
            _state(world, given, obligation, claims)
        else:
            for label, text in laws(world, given):
                claims.append((_fresh(label, claims), text))
        return
    for name in given.names:
        try:
            for label, text in _declared(world, given, name):
                claims.append((_fresh(label, claims), text))
            if name.text in world.inverses:
                _state_inverse(world, name, obligation, claims)
        except Inexpressible:
            _conceal(world, [name.text])
            _state(world, name, obligation, claims)


def _state_inverse(world: World, name: ast.Name, obligation: Obligation, claims: list[Claim]) -> None:
    """Claim that the inverse of an isomorphism, which is declared by its own table, undoes it on both sides."""
    titles = {f"{name.text}.inverse": f"{name.text}_is_undone", f"{name.text}.inverse_first": f"{name.text}_undoes"}
    for hypothesis in _hypotheses(world, name, obligation):
        if hypothesis.name in titles:
            text = print_expression(spelled(world, hypothesis.formula))
            claims.append((_fresh(titles[hypothesis.name], claims), text))


def _conceal(world: World, names: list[str]) -> None:
    """Claims have no words for these: note their values instead."""
    world.opaque.update(names)
    describe_tables(world, [f for name in names for f in _functions(world.statement, name)])


def _declared(world: World, given: ast.Parameter, name: ast.Name) -> list[Claim]:
    """Declare one thing; what no declaration ensures, as claims.

    Raises:
        Inexpressible: claims have no words for it; then nothing is declared.
    """
    match given.kind, given.base, given.dom, given.cod:
        case ("presheaf" | "copresheaf") as kind, base, _, _ if base is not None:
            declare_set_functor(world, name.text, base, contravariant=kind == "presheaf")
        case "functor", _, dom, cod if dom is not None and cod is not None:
            declare_functor(world, name.text, dom, cod)
        case ("transformation" | "family") as kind, _, dom, cod if dom is not None and cod is not None:
            declare_transformation(world, name.text, kind, dom, cod)
        case "isomorphism", _, dom, cod if dom is not None and cod is not None:
            declare_transformation(world, name.text, "transformation", dom, cod)
            if name.text in inverted(world.statement.node):
                declare_inverse(world, name.text, dom, cod)
            return [(f"{name.text}_is_iso", f"iso({name.text})")]
        case "isomorphism arrow", _, _, _ if is_constant(world, name.text):
            return [(f"{name.text}_is_iso", f"iso({world.text(name)})")]
        case (("object" | "arrow" | "element"), _, _, _) if is_constant(world, name.text):
            pass
        case "category", _, _, _:
            pass
        case kind, _, _, _:
            raise Inexpressible(f"the {kind} `{name.text}`")
    return []


def _let(world: World, clause: ast.LetClause, obligation: Obligation) -> None:
    """Declare what is constructed; an abbreviation is put in where it stands."""
    name = clause.name.text
    functions = _functions(world.statement, name)
    if not functions and clause.value is not None and not isinstance(clause.value, ast.Description):
        world.values[name] = world.written(clause.value)
    elif clause.kind in ("transformation", "family") and clause.dom is not None and clause.cod is not None:
        doubtful = obligation.purpose is Purpose.NATURALITY and _clause_of(world.statement, obligation) is clause
        kind = "family" if doubtful else clause.kind
        declare_transformation(world, name, kind, clause.dom, clause.cod)
    elif clause.kind == "functor" and clause.dom is not None and clause.cod is not None:
        declare_functor_by_rules(world, clause, clause.dom, clause.cod)
    elif not is_constant(world, name):
        raise Inexpressible(f"the construction `{name}`")


def _obtain(
    world: World, clause: ast.ObtainClause, obligation: Obligation, claims: list[Claim], *, is_needed: bool
) -> None:
    """Objects, arrows and elements have names already; claims have no word for choices that depend on something."""
    opaque = [name for name in _names(clause) if not is_constant(world, name)]
    if is_needed:
        _conceal(world, opaque)
    for hypothesis in _hypotheses(world, clause, obligation):
        try:
            text = print_expression(spelled(world, hypothesis.formula))
        except Inexpressible:
            # That it is the only one follows from the universal property, which is claimed.
            if is_needed and not hypothesis.name.endswith(".unique"):
                raise
            continue
        if text != "true":
            claims.append((_fresh(_as_name(hypothesis.name), claims), text))


# --- the text -------------------------------------------------------------------------------------


def _claim_name(name: ast.Name | None, claims: list[Claim]) -> str:
    """The author's name of an assumption, or ``hypothesis_1``, ``hypothesis_2``, …"""
    taken = {known for known, _ in claims} | {GOAL}
    if name is not None and name.text not in taken:
        return name.text
    number = 1
    while f"hypothesis_{number}" in taken:
        number += 1
    return f"hypothesis_{number}"


def _fresh(name: str, claims: list[Claim]) -> str:
    """A name that no claim has, numbered from the second on."""
    taken = {known for known, _ in claims} | {GOAL}
    number, result = 1, name
    while result in taken:
        number += 1
        result = f"{name}_{number}"
    return result


def _as_name(name: str) -> str:
    """The name of a hypothesis as one of a claim."""
    return re.sub("[^A-Za-z0-9_]+", "_", name.replace("^-1", "_inverse")).strip("_")


def _layout(obligation: Obligation, world: World, claims: list[Claim], refuted: str) -> str:
    which = "" if obligation.purpose is Purpose.SHOW else f", {obligation.name}"
    lines = [f"# A counter-model of {world.statement.name}{which}."]
    lines += [f"# Here {', '.join(world.notes)}."] if world.notes else []
    lines.append("")
    lines += [world.context, "", *world.blocks, ""]
    if claims:
        lines += ["# What is assumed holds:", *(f"claim {name}: {text}" for name, text in claims), ""]
    lines += ["# and what is to be shown fails:" if claims else "# What is to be shown fails:"]
    lines.append(f"claim {GOAL}: {refuted} expect refuted")
    return format_source(Source("counter-model", "\n".join(lines) + "\n"), unicode=False)
