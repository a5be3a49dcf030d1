"""``obtain``: what a universal property gives for a cocone, or what a hypothesis says exists."""

from __future__ import annotations

from dataclasses import dataclass, field

from formal.elaborate.scope import distinct, reject
from formal.logic.formula import Quantifier
from formal.logic.theory import (
    Formula,
    Function,
    Named,
    Quantified,
    Role,
    SortKind,
    Telescope,
    Term,
    Type,
    Variable,
    substitute_type,
)
from formal.statement.category import ArrowOf, ObjectOf, Unknown
from formal.statement.construction import kind_of
from formal.statement.draft import Draft, KanExtension, Limit
from formal.statement.expression import Elaborator
from formal.statement.functor import Constant, after
from formal.statement.law import forall, natural, same_transformation
from formal.statement.model import Origin, Purpose
from formal.statement.point import TRUE, NotExpressible, conjunction, implication, substitute_formula, variables_of
from formal.statement.predicate import inside, match_definition
from formal.statement.set_functor import UnknownSet
from formal.statement.transformation import Transformation
from formal.statement.universal import factors_through, mediates, unique_mediator
from formal.statement.unknown import Symbols, quantify, unknown_transformation
from formal.statement.value import ElementOf, Schema, Typed, Value, describe, points_of
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Rejection


def obtain(draft: Draft, node: ast.ObtainClause) -> None:
    """Elaborate a choice.

    Raises:
        Rejection, Passed: it is wrong, or speaks of something that is.
    """
    distinct(node.names)
    for name in node.names:
        draft.reserve(name)
    try:
        match node.source:
            case ast.Call(function=ast.Name(text="universal"), arguments=(ast.Name() as subject, cone)) if (
                subject.text in draft.universals
            ):
                _mediator(draft, node, subject, cone)
            case _:
                _choose(draft, node)
    except NotExpressible as reason:
        raise draft.elaborator.unavailable(node.span, f"it has no form here: {reason}") from None


# --- universal properties -------------------------------------------------------------------------


def _mediator(draft: Draft, node: ast.ObtainClause, subject: ast.Name, cone: ast.Expr) -> None:
    if len(node.names) != 1:
        raise reject(Code.WRONG_ARGUMENTS, "a universal property gives one thing", node.names[1].span)
    draft.elaborator.meaning(subject)
    value = draft.elaborator.value(cone)
    if not isinstance(value, Transformation):
        raise reject(
            Code.WRONG_KIND,
            f"expected a transformation, found {describe(value)}",
            cone.span,
            help=("declare it before: `let q: D => constant(Z, J) := X |-> …`",),
        )
    match draft.universals[subject.text]:
        case Limit() as limit:
            _through_limit(draft, node, limit, value, cone)
        case KanExtension() as extension:
            _through_extension(draft, node, extension, value, cone)


def _is_cone(draft: Draft, node: ast.ObtainClause, cone: Transformation) -> str:
    """The obligation that the transformation is natural; its name, or nothing where it is natural by itself."""
    law = natural(cone)
    if law == TRUE:
        return ""
    name = f"{node.names[0].text}: cocone"
    draft.demand(name, Purpose.COCONE, law, node.source.span)
    return name


def _through_limit(draft: Draft, node: ast.ObtainClause, limit: Limit, cone: Transformation, expr: ast.Expr) -> None:
    (name,) = node.names
    near, far = (cone.dom, cone.cod) if limit.is_colimit else (cone.cod, cone.dom)
    if near != limit.diagram or not isinstance(far, Constant):
        wanted = f"`{limit.diagram.name} => constant(Z, {limit.diagram.dom.name})`"
        if not limit.is_colimit:
            wanted = f"`constant(Z, {limit.diagram.dom.name}) => {limit.diagram.name}`"
        raise reject(
            Code.WRONG_ENDS,
            f"`{print_expression(expr)}` is no {'co' if limit.is_colimit else ''}cone of `{limit.diagram.name}`",
            expr.span,
            f"expected {wanted}, found `{cone.dom.name} => {cone.cod.name}`",
        )
    obligation = _is_cone(draft, node, cone)
    category = limit.diagram.cod
    ends = (limit.vertex, far.value) if limit.is_colimit else (far.value, limit.vertex)
    symbols = Symbols(Role.OBTAINED)
    point, condition = symbols.point(name.text, (), category.hom(*ends, name.text))
    draft.construct(name, "arrow", ArrowOf(category, *ends, point), symbols.functions)
    equations = factors_through(limit.diagram, limit.vertex, limit.legs, cone, limit.is_colimit)
    holds = conjunction([condition, equations(point)])
    draft.suppose(f"{name.text}.equation", holds, Origin.OBTAINED, node.span, obligation)
    unique = unique_mediator(equations, category, ends, point)
    draft.suppose(f"{name.text}.unique", unique, Origin.OBTAINED, node.span, obligation)


def _through_extension(
    draft: Draft, node: ast.ObtainClause, given: KanExtension, gamma: Transformation, expr: ast.Expr
) -> None:
    (name,) = node.names
    near, far = (gamma.dom, gamma.cod) if given.is_left else (gamma.cod, gamma.dom)
    other = after(given.along, far)
    if near != given.of or other is None:
        wanted = f"{given.of.name} => {given.along.name} >> G"
        if not given.is_left:
            wanted = f"{given.along.name} >> G => {given.of.name}"
        raise reject(
            Code.WRONG_ENDS,
            f"the universal property of `{given.functor.name}` is about other transformations",
            expr.span,
            f"expected `{wanted}`, found `{gamma.dom.name} => {gamma.cod.name}`",
        )
    obligation = _is_cone(draft, node, gamma)
    ends = (given.functor, other) if given.is_left else (other, given.functor)
    symbols = Symbols(Role.OBTAINED)
    alpha, laws = unknown_transformation(symbols, name.text, *ends)
    assert isinstance(alpha, Transformation)
    draft.construct(name, "transformation", alpha, symbols.functions)
    draft.suppose_laws(name.text, laws, Origin.OBTAINED, node.span, obligation)

    def holds(beta: object) -> Formula:
        assert isinstance(beta, Transformation)
        return mediates(given.along, given.unit, gamma, beta, given.is_left)

    def agrees(beta: object) -> Formula:
        assert isinstance(beta, Transformation)
        return implication(holds(beta), same_transformation(beta, alpha))

    draft.suppose(f"{name.text}.equation", holds(alpha), Origin.OBTAINED, node.span, obligation)
    unique = quantify(
        Quantifier.FORALL,
        lambda made: unknown_transformation(made, "beta", *ends),
        lambda first, second: TRUE,
        agrees,
    )
    draft.suppose(f"{name.text}.unique", unique, Origin.OBTAINED, node.span, obligation)


# --- choices --------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """The way down through ``forall … exists …``.

    Args:
        telescope: the universal variables so far, of first order.
        arguments: what they stand for, one for each bound name.
        laws: of the functors and transformations that are chosen.
    """

    telescope: Telescope = ()
    arguments: tuple[Typed, ...] = ()
    laws: list[Formula] = field(default_factory=list)


def _choose(draft: Draft, node: ast.ObtainClause) -> None:
    """Functions that choose, for all values of the universal variables, what is said to exist."""
    elaborator, expr, obligation = _source(draft, node)
    walk = _Walk()
    chosen: list[tuple[ast.Name, Value, tuple[Function, ...]]] = []
    while len(chosen) < len(node.names):
        elaborator, expr = unfolded(elaborator, expr)
        match expr:
            case ast.Quantified(quantifier="forall", body=body):
                for binder in expr.binders:
                    elaborator = _over(elaborator, binder, walk)
                expr = body
            case ast.Quantified(body=body):
                for binder in expr.binders:
                    elaborator = _pick(elaborator, node, binder, walk, chosen)
                expr = body
            case _ if not chosen:
                _choose_in_formula(draft, node, walk, elaborator.formula(expr), obligation)
                return
            case _:
                raise _too_many_names(node.names[len(chosen)])
    formula = forall(walk.telescope, conjunction([*walk.laws, elaborator.formula(expr)]))
    _announce(draft, node, [(n, _schema(n.text, walk, v), f) for n, v, f in chosen], formula, obligation)


def _announce(
    draft: Draft,
    node: ast.ObtainClause,
    chosen: list[tuple[ast.Name, Value, tuple[Function, ...]]],
    formula: Formula,
    obligation: str,
) -> None:
    for name, value, functions in chosen:
        draft.construct(name, kind_of(value.result if isinstance(value, Schema) else value), value, functions)
    label = ", ".join(name.text for name in node.names)
    draft.suppose(f"{label}.property", formula, Origin.OBTAINED, node.span, obligation)


def _too_many_names(name: ast.Name) -> Rejection:
    return reject(
        Code.WRONG_ARGUMENTS,
        f"nothing is said to exist that could be called `{name.text}`",
        name.span,
        help=("a choice needs a formula `forall … exists …`, without a premise between the two",),
    )


def _source(draft: Draft, node: ast.ObtainClause) -> tuple[Elaborator, ast.Expr, str]:
    """The formula, the names that it knows, and the obligation that it holds (none for a hypothesis)."""
    match node.source:
        case ast.Name(text=text) if text in draft.sources:
            return (*draft.sources[text], "")
        case ast.Name(text=text) as name if draft.elaborator.meaning(name) is None:
            raise draft.elaborator.unknown(name, "the name of an assumption or of a step", draft.sources)
        case expr:
            obligation = f"{node.names[0].text}: existence"
            draft.demand(obligation, Purpose.EXISTENCE, draft.elaborator.formula(expr), expr.span)
            return draft.elaborator, expr, obligation


def unfolded(elaborator: Elaborator, expr: ast.Expr) -> tuple[Elaborator, ast.Expr]:
    """What a defined predicate means, with the names that its text knows."""
    while isinstance(expr, ast.Call):
        found = match_definition(elaborator, expr)
        if found is None:
            break
        definition, bound = found
        elaborator, expr = inside(elaborator, definition, bound), definition.node.body
    return elaborator, expr


def _over(elaborator: Elaborator, binder: ast.Binder, walk: _Walk) -> Elaborator:
    """Universal variables, on which what is chosen depends."""
    if isinstance(binder, ast.Typing) and binder.kind != "arrow":
        raise elaborator.unavailable(
            binder.span, "a choice cannot depend on functors or transformations", help=("give them, and then obtain",)
        )
    for name in binder.names:
        cases, value_of = elaborator.range_of(binder, name.text)
        if len(cases) != 1 or cases[0].condition != TRUE:
            raise elaborator.unavailable(
                binder.span, f"a choice cannot depend on `{name.text}`: it is of several shapes, or under a condition"
            )
        value = value_of(cases[0].point)
        assert isinstance(value, Typed)
        walk.telescope = (*walk.telescope, *cases[0].variables)
        walk.arguments = (*walk.arguments, value)
        elaborator = elaborator.with_bound({name.text: value})
    return elaborator


def _pick(
    elaborator: Elaborator,
    node: ast.ObtainClause,
    binder: ast.Binder,
    walk: _Walk,
    chosen: list[tuple[ast.Name, Value, tuple[Function, ...]]],
) -> Elaborator:
    """What is said to exist, by the names that the author gives it."""
    for bound in binder.names:
        if len(chosen) == len(node.names):
            raise reject(
                Code.WRONG_ARGUMENTS, f"`{bound.text}` is said to exist, too, and has no name", node.names[-1].span
            )
        name = node.names[len(chosen)]
        symbols = Symbols(Role.OBTAINED, walk.telescope)
        value: Value
        if isinstance(binder, ast.Typing) and binder.kind != "arrow":
            if walk.telescope:
                raise elaborator.unavailable(
                    binder.span, f"`{bound.text}` would be chosen anew for every value of other variables"
                )
            make, _ = elaborator.unknown_of(binder, name)
            thing, laws = make(symbols)
            assert isinstance(thing, Value)
            value = thing
            walk.laws += [law for _, law in laws]
        else:
            cases, value_of = elaborator.range_of(binder, name.text)
            point, condition = symbols.point(name.text, (), cases)
            value = value_of(point)
            walk.laws.append(condition)
        chosen.append((name, value, symbols.functions))
        elaborator = elaborator.with_bound({bound.text: value})
    return elaborator


def _choose_in_formula(draft: Draft, node: ast.ObtainClause, walk: _Walk, formula: Formula, obligation: str) -> None:
    """The same for a predicate that is built in: its unfolding, variable by variable."""
    names = list(node.names)
    found: dict[Variable, Term] = {}
    chosen: list[tuple[ast.Name, Value, tuple[Function, ...]]] = []
    while names:
        match formula:
            case Named(body=body):
                formula = body
            case Quantified(Quantifier.FORALL, variables, body):
                walk.telescope = (*walk.telescope, *variables)
                walk.arguments = (*walk.arguments, *(_typed(draft, v, v.type) for v in variables))
                formula = body
            case Quantified(_, variables, body) if len(variables) <= len(names):
                for variable in variables:
                    name = names.pop(0)
                    symbols = Symbols(Role.OBTAINED, walk.telescope)
                    term = symbols.term(name.text, (), variable, found)
                    found[variable] = term
                    value = _typed(draft, term, substitute_type(variable.type, found))
                    chosen.append((name, _schema(name.text, walk, value), symbols.functions))
                formula = body
            case Quantified(_, variables):
                raise reject(
                    Code.WRONG_ARGUMENTS,
                    f"`{variables[len(names)].name}` is said to exist, too, and has no name",
                    node.names[-1].span,
                )
            case _:
                raise _too_many_names(names[0])
    _announce(draft, node, chosen, forall(walk.telescope, substitute_formula(formula, found)), obligation)


def _typed(draft: Draft, term: Term, type_: Type) -> Typed:
    """A term of the theory as a value of the language."""
    match type_.sort.kind:
        case SortKind.ELEMENT:
            functor = next(UnknownSet(symbol) for symbol in draft.set_functors if symbol.name == type_.sort.owner)
            return ElementOf(functor, type_.indices[0], term)
        case _:
            category = next(Unknown(symbol) for symbol in draft.categories if symbol.name == type_.sort.owner)
            if type_.sort.kind is SortKind.OBJECT:
                return ObjectOf(category, term)
            dom, cod = type_.indices
            return ArrowOf(category, dom, cod, term)


def _schema(name: str, walk: _Walk, value: Value) -> Value:
    """What is chosen, as something to be applied to the values of the universal variables."""
    if not walk.arguments:
        return value
    assert isinstance(value, Typed)
    needed = frozenset(walk.telescope)
    required = len(walk.arguments)
    for count in range(1, len(walk.arguments)):
        last = walk.arguments[len(walk.arguments) - count :]
        if needed <= {v for argument in last for point in points_of(argument) for v in variables_of(point)}:
            required = count
            break
    return Schema(name, walk.telescope, walk.arguments, required, value)
