"""``let``: abbreviations, things described by a property, transformations and functors by rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import islice

from formal.elaborate.scope import reject
from formal.logic.formula import Quantifier
from formal.logic.theory import Formula, Role, Telescope
from formal.statement.category import ArrowCase, ArrowOf, Category, ObjectOf
from formal.statement.draft import Draft
from formal.statement.expression import Elaborator
from formal.statement.functor import Functor, Table
from formal.statement.law import forall, is_identity, natural, over_cases
from formal.statement.model import Origin, Purpose
from formal.statement.point import TRUE, Cases, NotExpressible, Point, conjunction, equal, implication, nodes_of
from formal.statement.set_functor import SetFunctor
from formal.statement.show import show_point
from formal.statement.transformation import Components, Maps, SetTransformation, Transformation
from formal.statement.unknown import Law, Symbols, functor_laws, label_of, shape_name
from formal.statement.value import ElementOf, Typed, Value, describe, points_of
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code

MOST_NODES = 1000
"""Abbreviations of abbreviations grow fast: each is put in wherever it is used."""


def let(draft: Draft, node: ast.LetClause) -> None:
    """Elaborate a construction.

    Raises:
        Rejection, Passed: it is wrong, or speaks of something that is.
    """
    draft.reserve(node.name)
    try:
        if node.rules:
            _by_rules(draft, node)
        elif isinstance(node.value, ast.Description):
            _described(draft, node, node.value)
        else:
            assert node.value is not None
            _abbreviation(draft, node, node.value)
    except NotExpressible as reason:
        raise draft.elaborator.unavailable(node.span, f"`{node.name.text}` has no form here: {reason}") from None


# --- terms ----------------------------------------------------------------------------------------


def _abbreviation(draft: Draft, node: ast.LetClause, expr: ast.Expr) -> None:
    elaborator = draft.elaborator
    value: Value
    match node.kind:
        case "functor":
            assert node.dom is not None
            assert node.cod is not None
            functor = elaborator.functor(expr)
            elaborator.require_category(functor.dom, elaborator.category(node.dom), expr)
            elaborator.require_category(functor.cod, elaborator.category(node.cod), expr)
            value = functor
        case "transformation" | "family":
            assert node.dom is not None
            assert node.cod is not None
            ends = elaborator.parallel(node.dom, node.cod)
            value = elaborator.value(expr)
            if not isinstance(value, Transformation | SetTransformation):
                raise elaborator.expected("a transformation", value, expr)
            if (value.dom, value.cod) != ends:
                raise reject(
                    Code.WRONG_ENDS,
                    f"`{print_expression(expr)}` has other ends than `{node.name.text}`",
                    expr.span,
                    f"goes from `{value.dom.name}` to `{value.cod.name}`",
                )
        case _ if node.dom is not None and node.cod is not None:
            dom, cod = elaborator.ends(node.dom, node.cod)
            arrow = elaborator.arrow(expr, dom.category)
            _require_ends(arrow, dom.point, cod.point, expr, node.name.text)
            value = arrow
        case _:
            value = elaborator.value(expr)
    if sum(1 for point in points_of(value) for _ in islice(nodes_of(point), MOST_NODES)) >= MOST_NODES:
        raise reject(Code.BUDGET_EXCEEDED, f"`{node.name.text}` stands for more than {MOST_NODES} symbols", expr.span)
    draft.construct(node.name, kind_of(value), value, expression=expr)
    if isinstance(value, ArrowOf) and value.point not in elaborator.shared.inverses:
        _remember_inverse(draft, expr, value)


def _remember_inverse(draft: Draft, expr: ast.Expr, value: ArrowOf) -> None:
    """An abbreviation of something invertible is invertible."""
    back = draft.elaborator.inverse_if_known(expr, value)
    if back is not None:
        draft.elaborator.shared.inverses[value.point] = back.point


def kind_of(value: Value) -> str:
    """What a thing is listed as."""
    match value:
        case SetFunctor():
            return "presheaf" if value.contravariant else "copresheaf"
        case SetTransformation():
            return "transformation"
        case _:
            return describe(value).split(" ", 1)[1]


def _require_ends(arrow: ArrowOf, dom: Point, cod: Point, expr: ast.Expr, name: str) -> None:
    if (arrow.dom, arrow.cod) != (dom, cod):
        raise reject(
            Code.WRONG_ENDS,
            f"`{print_expression(expr)}` has other ends than `{name}`",
            expr.span,
            f"expected `{show_point(dom)} -> {show_point(cod)}`, "
            f"found `{show_point(arrow.dom)} -> {show_point(arrow.cod)}`",
        )


# --- descriptions ---------------------------------------------------------------------------------


def _described(draft: Draft, node: ast.LetClause, value: ast.Description) -> None:
    """``let m := the f: X -> Y. …``: an obligation that there is exactly one, then its property and uniqueness."""
    elaborator = draft.elaborator
    symbols = Symbols(Role.LET)
    (bound,) = value.binder.names
    cases, value_of = _range(elaborator, value.binder, bound)
    if node.dom is not None and node.cod is not None:
        dom, cod = elaborator.ends(node.dom, node.cod)
        sample = value_of(cases[0].point) if cases else None
        if isinstance(sample, ArrowOf):
            _require_ends(sample, dom.point, cod.point, node.dom, node.name.text)

    def holds(point: Point) -> Formula:
        return elaborator.with_bound({bound.text: value_of(point)}).formula(value.body)

    name = node.name.text
    existence = f"{name}: existence"
    draft.demand(existence, Purpose.EXISTENCE, over_cases(Quantifier.EXISTS_UNIQUE, cases, holds), value.span)
    chosen, condition = symbols.point(name, (), cases)
    thing = value_of(chosen)
    draft.construct(node.name, kind_of(thing), thing, symbols.functions)
    draft.suppose(f"{name}.definition", conjunction([condition, holds(chosen)]), Origin.LET, node.span, existence)
    again, _ = _range(elaborator, value.binder, bound)
    unique = over_cases(Quantifier.FORALL, again, lambda other: implication(holds(other), equal(other, chosen)))
    draft.suppose(f"{name}.unique", unique, Origin.LET, node.span, existence)


def _range(elaborator: Elaborator, binder: ast.Binder, name: ast.Name) -> tuple[Cases, Callable[[Point], Value]]:
    elaborator.require_free(name)
    if isinstance(binder, ast.Typing) and binder.kind != "arrow":
        raise elaborator.unavailable(
            binder.span,
            "`the` describes an object, an arrow or an element",
            help=("construct it by a rule, or `obtain` it from a hypothesis",),
        )
    return elaborator.range_of(binder, name.text)


# --- rules ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Made:
    """What the rules of one construction have made."""

    symbols: Symbols
    definitions: list[Formula]
    properties: list[tuple[Formula, Formula, Formula]]
    """For each description: that there is exactly one, its property, its uniqueness."""


def _by_rules(draft: Draft, node: ast.LetClause) -> None:
    assert node.dom is not None
    assert node.cod is not None
    made = _Made(Symbols(Role.LET), [], [])
    if node.kind == "functor":
        dom, cod = draft.elaborator.category(node.dom), draft.elaborator.category(node.cod)
        functor = _functor(draft, node, dom, cod, made)
        _announce(draft, node, "functor", functor, made)
        laws = functor_laws(functor)
        _oblige(draft, node, "functoriality", Purpose.FUNCTORIALITY, laws)
        return
    start, end = draft.elaborator.parallel(node.dom, node.cod)
    phi: Transformation | SetTransformation
    if isinstance(start, Functor) and isinstance(end, Functor):
        phi = _components(draft, node, start, end, made)
    else:
        assert isinstance(start, SetFunctor)
        assert isinstance(end, SetFunctor)
        phi = _maps(draft, node, start, end, made)
    _announce(draft, node, node.kind, phi, made)
    if node.kind == "transformation":
        _oblige(draft, node, "naturality", Purpose.NATURALITY, [("naturality", natural(phi))])


def _announce(draft: Draft, node: ast.LetClause, kind: str, value: Value, made: _Made) -> None:
    """The obligations of descriptions, then the thing with its definition."""
    name = node.name.text
    existence = ""
    if made.properties:
        existence = f"{name}: existence"
        draft.demand(existence, Purpose.EXISTENCE, conjunction([one for one, _, _ in made.properties]), node.span)
    draft.construct(node.name, kind, value, made.symbols.functions)
    definition = conjunction([*made.definitions, *(holds for _, holds, _ in made.properties)])
    if definition != TRUE:
        draft.suppose(f"{name}.definition", definition, Origin.LET, node.span, existence)
    unique = conjunction([unique for _, _, unique in made.properties])
    if unique != TRUE:
        draft.suppose(f"{name}.unique", unique, Origin.LET, node.span, existence)


def _oblige(draft: Draft, node: ast.LetClause, label: str, purpose: Purpose, laws: list[Law]) -> None:
    """Laws that have to be shown, unless they hold by themselves, and may be used afterwards."""
    laws = [(name, law) for name, law in laws if law != TRUE]
    if not laws:
        return
    name = f"{node.name.text}: {label}"
    draft.demand(name, purpose, conjunction([law for _, law in laws]), node.span)
    draft.suppose_laws(node.name.text, laws, Origin.HAVE, node.span, name)


def _components(draft: Draft, node: ast.LetClause, start: Functor, end: Functor, made: _Made) -> Components:
    name = node.name.text
    shapes = start.dom.objects(node.rules[0].variable.text)
    cases = []
    for number, case in enumerate(shapes):
        rule = _rule_for(node.rules, case.point, node.name)
        here = ObjectOf(start.dom, case.point)
        dom, cod = start.on_object(case.point), end.on_object(case.point)
        bound: dict[str, Value] = {} if label_of(case.point) == rule.variable.text else {rule.variable.text: here}
        if rule.typing is not None:
            raise reject(Code.WRONG_KIND, "a component belongs to an object: write `X |-> …`", rule.typing.span)
        place = _Place(
            shape_name(name, "", len(shapes), number, case.point),
            case.variables,
            case.condition,
            start.cod.hom(dom, cod),
            ArrowOf(start.cod, dom, cod, case.point),
        )
        cases.append((case, _value(draft, made, rule, bound, place)))
    return Components(name, start, end, tuple(cases))


def _maps(draft: Draft, node: ast.LetClause, start: SetFunctor, end: SetFunctor, made: _Made) -> Maps:
    name = node.name.text
    shapes = [(x, s) for x in start.category.objects("X") for s in start.fibre(x.point, node.rules[0].variable.text)]
    cases = []
    for number, (x, s) in enumerate(shapes):
        rule = _rule_for(node.rules, s.point, node.name)
        element = ElementOf(start, x.point, s.point)
        arrow = start.as_arrow(x.point, s.point)
        bound: dict[str, Value] = {}
        if label_of(s.point) != rule.variable.text:
            bound[rule.variable.text] = element if arrow is None else arrow
        if rule.typing is not None:
            if arrow is None:
                raise reject(
                    Code.WRONG_KIND, f"an element of `{start.name}` is no arrow: write `t |-> …`", rule.typing.span
                )
            bound |= _ends_of(draft, rule.typing, arrow)
        place = _Place(
            name if len(shapes) == 1 else f"{name}.{number + 1}",
            (*x.variables, *s.variables),
            conjunction([x.condition, s.condition]),
            end.fibre(x.point),
            ElementOf(end, x.point, s.point),
        )
        cases.append((x, s, _value(draft, made, rule, bound, place)))
    return Maps(name, start, end, tuple(cases))


def _functor(draft: Draft, node: ast.LetClause, dom: Category, cod: Category, made: _Made) -> Table:
    """The values at objects are terms, put in for ``H(X)``: the types of arrows depend on them."""
    name = node.name.text
    of_arrows = [rule for rule in node.rules if rule.typing is not None]
    of_objects = [rule for rule in node.rules if rule.typing is None]
    if not of_arrows and of_objects and dom.objects() and label_of(dom.objects()[0].point) is None:
        of_arrows, of_objects = of_objects[1:], of_objects[:1]
    objects = []
    for number, case in enumerate(shapes := dom.objects("X")):
        rule = _rule_for(of_objects, case.point, node.name)
        here = ObjectOf(dom, case.point)
        bound: dict[str, Value] = {} if label_of(case.point) == rule.variable.text else {rule.variable.text: here}
        place = _Place(
            shape_name(name, "ob", len(shapes), number, case.point),
            case.variables,
            case.condition,
            cod.objects(),
            ObjectOf(cod, case.point),
        )
        objects.append((case, _value(draft, made, rule, bound, place)))
    partial = Table(name, dom, cod, tuple(objects), ())
    arrows = []
    for number, shape in enumerate(arrow_shapes := list(dom.arrows())):
        arrows.append((shape, _arrow_value(draft, node, of_arrows, shape, partial, made, number, len(arrow_shapes))))
    return Table(name, dom, cod, tuple(objects), tuple(arrows))


def _arrow_value(
    draft: Draft,
    node: ast.LetClause,
    rules: list[ast.Rule],
    shape: ArrowCase,
    partial: Table,
    made: _Made,
    number: int,
    count: int,
) -> Point:
    arrow, name, cod = shape.arrow, node.name.text, partial.cod
    dom, end = partial.on_object(arrow.dom), partial.on_object(arrow.cod)
    constant = label_of(arrow.point)
    if is_identity(arrow):
        return cod.identity(dom)
    rule = _rule_for(rules, arrow.point, node.name)
    bound: dict[str, Value] = {} if constant == rule.variable.text else {rule.variable.text: arrow}
    if rule.typing is not None:
        bound |= _ends_of(draft, rule.typing, arrow)

    place = _Place(
        shape_name(name, "ar", count, number, arrow.point),
        shape.variables,
        shape.condition,
        cod.hom(dom, end),
        ArrowOf(cod, dom, end, arrow.point),
    )
    return _value(draft, made, rule, bound, place)


def _rule_for(rules: Iterable[ast.Rule], point: Point, name: ast.Name) -> ast.Rule:
    """The rule of a constant by its name, else the rule whose variable stands for all of them.

    Raises:
        Rejection: there is none.
    """
    rules = list(rules)
    label = label_of(point)
    for rule in rules:
        if label is not None and rule.variable.text == label:
            return rule
    general = [rule for rule in rules if label is None or len(rules) == 1]
    if not general:
        what = f"at `{show_point(point)}`" if label is not None else "for arrows"
        raise reject(Code.MISSING_VALUE, f"`{name.text}` has no value {what}", name.span)
    if len(general) > 1:
        raise reject(Code.WRONG_ARGUMENTS, f"`{name.text}` has two values", general[1].span)
    return general[0]


def _ends_of(draft: Draft, typing: ast.Typing, arrow: ArrowOf) -> dict[str, Value]:
    """The names that ``f: X -> Y`` introduces for the ends of f; what is known already must be that end."""
    bound: dict[str, Value] = {}
    for expr, point in ((typing.dom, arrow.dom), (typing.cod, arrow.cod)):
        if isinstance(expr, ast.Name) and not expr.quoted and expr.text not in draft.elaborator.bound:
            if expr.text in bound and bound[expr.text] != ObjectOf(arrow.category, point):
                raise reject(Code.WRONG_ENDS, f"`{expr.text}` would be both ends", expr.span)
            bound[expr.text] = ObjectOf(arrow.category, point)
            continue
        found = draft.elaborator.object(expr, arrow.category)
        if found.point != point:
            raise reject(
                Code.WRONG_ENDS,
                f"`{print_expression(expr)}` is not the end of every arrow that the rule is about",
                expr.span,
                f"expected `{show_point(point)}`",
            )
    return bound


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value is wanted.

    Args:
        label: what its symbol is called.
        telescope: what it depends on.
        condition: under which it is asked for.
        target: what it may be.
        like: something of the same type, with any point.
    """

    label: str
    telescope: Telescope
    condition: Formula
    target: Cases
    like: Typed

    def over(self, body: Formula) -> Formula:
        """For all values of the telescope."""
        return forall(self.telescope, implication(self.condition, body))


def _value(draft: Draft, made: _Made, rule: ast.Rule, bound: dict[str, Value], place: _Place) -> Point:
    """The value of a rule: a new symbol, defined by an equation or by a property.

    Objects are put in instead: the types of arrows mention them, and are compared letter by letter.
    """
    inside = draft.elaborator.with_bound(bound)
    if isinstance(rule.value, ast.Description):
        return _described_value(made, inside, rule.value, place)
    point = _expect(inside, rule.value, place)
    if isinstance(place.like, ObjectOf) or len(place.target) != 1 or place.condition != TRUE:
        return point
    chosen, _ = made.symbols.point(place.label, place.telescope, place.target)
    made.definitions.append(place.over(equal(chosen, point)))
    return chosen


def _expect(inside: Elaborator, expr: ast.Expr, place: _Place) -> Point:
    match place.like:
        case ObjectOf(category=category):
            return inside.object(expr, category).point
        case ArrowOf(category, dom, cod, _):
            arrow = inside.arrow(expr, category)
            _require_ends(arrow, dom, cod, expr, place.label)
            return arrow.point
        case ElementOf(functor, at, _):
            return inside.element(expr, functor, at).point


def _described_value(made: _Made, inside: Elaborator, value: ast.Description, place: _Place) -> Point:
    (name,) = value.binder.names
    cases, value_of = _range(inside, value.binder, name)
    for case in cases:
        if _as_arrow(value_of(case.point)) != _as_arrow(replace(place.like, point=case.point)):
            raise reject(
                Code.WRONG_ENDS,
                f"`{name.text}` does not belong where the value of `{place.label}` belongs",
                value.binder.span,
            )

    def holds(point: Point) -> Formula:
        return inside.with_bound({name.text: value_of(point)}).formula(value.body)

    one = place.over(over_cases(Quantifier.EXISTS_UNIQUE, cases, holds))
    chosen, condition = made.symbols.point(place.label, place.telescope, cases)
    again, _ = _range(inside, value.binder, name)
    unique = over_cases(Quantifier.FORALL, again, lambda other: implication(holds(other), equal(other, chosen)))
    made.properties.append((one, place.over(conjunction([condition, holds(chosen)])), place.over(unique)))
    return chosen


def _as_arrow(value: Value) -> Value:
    if isinstance(value, ElementOf):
        return value.functor.as_arrow(value.at, value.point) or value
    return value
