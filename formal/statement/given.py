"""``given``: unknown structures and their laws."""

from __future__ import annotations

from formal.elaborate.scope import distinct, reject
from formal.logic.theory import CategorySymbol, Role, category_symbol, set_functor_symbol
from formal.statement.adjunction import (
    counit_is_universal,
    transposition,
    triangle_at_left,
    triangle_at_right,
    unit_is_universal,
)
from formal.statement.category import Opposite, Unknown
from formal.statement.draft import Draft, KanExtension, Limit
from formal.statement.functor import Constant, Functor, Identity, compose
from formal.statement.law import inverse_laws
from formal.statement.model import Hypothesis, Origin
from formal.statement.point import NotExpressible
from formal.statement.set_functor import SetFunctor, UnknownSet, restrict, turn
from formal.statement.transformation import SetTransformation, Transformation
from formal.statement.universal import is_kan_extension, is_limiting, is_pointwise
from formal.statement.unknown import (
    Law,
    Symbols,
    unknown_arrow,
    unknown_element,
    unknown_functor,
    unknown_object,
    unknown_transformation,
)
from formal.statement.value import FibreOf, HomOf, describe
from formal.syntax import ast
from formal.text import Code


def given(draft: Draft, node: ast.Given) -> None:
    """Elaborate one given.

    Raises:
        Rejection, Passed: it is wrong, or speaks of something that is.
    """
    match node:
        case ast.Parameter():
            distinct(node.names)
            for name in node.names:
                draft.reserve(name)
            for name in node.names:
                _parameter(draft, node, name)
        case ast.UniversalGiven(kind="adjunction"):
            _adjunction(draft, node)
        case ast.UniversalGiven(kind=("limit" | "colimit")):
            _limit(draft, node)
        case ast.UniversalGiven():
            _kan_extension(draft, node)


def names_of(node: ast.Given) -> tuple[ast.Name, ...]:
    """The names that a given declares."""
    match node:
        case ast.Parameter(names=names):
            return names
        case ast.UniversalGiven(names=names, roles=roles):
            return (*names, *(role.name for role in roles))


def _parameter(draft: Draft, node: ast.Parameter, name: ast.Name) -> None:
    elaborator = draft.elaborator
    try:
        match node.kind:
            case "category":
                _category(draft, node, name)
            case "object":
                assert node.base is not None
                symbols = Symbols(Role.GIVEN)
                thing, laws = unknown_object(symbols, name.text, elaborator.category(node.base))
                draft.give(name, "object", node, thing, symbols.functions)
                draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)
            case "arrow" | "isomorphism arrow":
                _arrow(draft, node, name)
            case "element":
                _element(draft, node, name)
            case "functor":
                assert node.dom is not None
                assert node.cod is not None
                symbols = Symbols(Role.GIVEN)
                dom, cod = elaborator.category(node.dom), elaborator.category(node.cod)
                functor, laws = unknown_functor(symbols, name.text, dom, cod)
                draft.give(name, "functor", node, functor, symbols.functions)
                draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)
            case "presheaf" | "copresheaf":
                _set_functor(draft, node, name)
            case "transformation" | "family" | "isomorphism":
                assert node.dom is not None
                assert node.cod is not None
                ends = elaborator.parallel(node.dom, node.cod)
                _transformation(draft, node, name, *ends)
            case kind:
                raise reject(Code.WRONG_KIND, f"`{kind}` is no kind of given", node.span)
    except NotExpressible as reason:
        raise elaborator.unavailable(node.span, f"`{name.text}` has no form here: {reason}") from None


def _category(draft: Draft, node: ast.Parameter, name: ast.Name) -> None:
    symbol = category_symbol(name.text)
    _add_category(draft, symbol, name)
    draft.give(name, "category", node, Unknown(symbol))


def _add_category(draft: Draft, symbol: CategorySymbol, name: ast.Name) -> None:
    draft.categories.append(symbol)
    draft.laws += [Hypothesis(law.name, law.formula, Origin.LAW, name.span) for law in symbol.laws]


def _set_functor(draft: Draft, node: ast.Parameter, name: ast.Name) -> None:
    """A presheaf or a copresheaf; one on op(C) is one of the other variance on C."""
    assert node.base is not None
    base = draft.elaborator.category(node.base)
    turned = isinstance(base, Opposite)
    plain = base.of if isinstance(base, Opposite) else base
    symbols = Symbols(Role.GIVEN)
    laws: list[Law] = []
    along: Functor | None = None
    if isinstance(plain, Unknown):
        symbol = plain.symbol
    else:
        symbol = category_symbol(f"{name.text}_base")
        draft.reserve(ast.Name(name.span, symbol.name), is_thing=False)
        _add_category(draft, symbol, name)
        along, laws = unknown_functor(symbols, f"{name.text}_at", plain, Unknown(symbol))
    found = set_functor_symbol(name.text, symbol, (node.kind == "presheaf") != turned)
    draft.set_functors.append(found)
    draft.laws += [Hypothesis(law.name, law.formula, Origin.LAW, name.span) for law in found.laws]
    functor: SetFunctor = UnknownSet(found)
    functor = functor if along is None else restrict(along, functor)
    draft.give(name, node.kind, node, turn(functor) if turned else functor, symbols.functions)
    draft.suppose_laws(f"{name.text}_at", laws, Origin.GIVEN, name.span)


def _arrow(draft: Draft, node: ast.Parameter, name: ast.Name) -> None:
    assert node.dom is not None
    assert node.cod is not None
    dom, cod = draft.elaborator.ends(node.dom, node.cod)
    symbols = Symbols(Role.GIVEN)
    arrow, laws = unknown_arrow(symbols, name.text, dom.category, dom.point, cod.point)
    if node.kind == "isomorphism arrow":
        back, more = unknown_arrow(symbols, f"{name.text}^-1", dom.category, cod.point, dom.point)
        first, second = inverse_laws(arrow, back)
        laws += [*((f"inverse_{label}", law) for label, law in more), ("inverse", first), ("inverse_first", second)]
        draft.elaborator.shared.inverses[arrow.point] = back.point
        draft.elaborator.shared.inverses[back.point] = arrow.point
    draft.give(name, "arrow", node, arrow, symbols.functions)
    draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)


def _element(draft: Draft, node: ast.Parameter, name: ast.Name) -> None:
    assert node.base is not None
    fibre = draft.elaborator.value(node.base)
    symbols = Symbols(Role.GIVEN)
    match fibre:
        case FibreOf(functor, at):
            element, laws = unknown_element(symbols, name.text, functor, at)
            draft.give(name, "element", node, element, symbols.functions)
        case HomOf(category, dom, cod):
            arrow, laws = unknown_arrow(symbols, name.text, category, dom, cod)
            draft.give(name, "arrow", node, arrow, symbols.functions)
        case _:
            raise reject(
                Code.WRONG_KIND,
                f"an element belongs to a set such as `T(X)`, not to {describe(fibre)}",
                node.base.span,
            )
    draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)


def _transformation(
    draft: Draft, node: ast.Parameter, name: ast.Name, dom: Functor | SetFunctor, cod: Functor | SetFunctor
) -> Transformation | SetTransformation:
    symbols = Symbols(Role.GIVEN)
    phi, laws = unknown_transformation(
        symbols,
        name.text,
        dom,
        cod,
        is_natural=node.kind != "family",
        is_isomorphism=node.kind == "isomorphism",
    )
    kind = "family" if node.kind == "family" else "transformation"
    draft.give(name, kind, node, phi, symbols.functions)
    draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)
    return phi


# --- by universal properties ----------------------------------------------------------------------


def _part(node: ast.UniversalGiven, kind: str, name: ast.Name) -> ast.Parameter:
    """The parameter that a part of a larger given would be declared by."""
    return ast.Parameter(node.span, kind, (name,))


def _transformation_part(
    draft: Draft, node: ast.UniversalGiven, name: ast.Name, dom: Functor, cod: Functor
) -> Transformation:
    phi = _transformation(draft, _part(node, "transformation", name), name, dom, cod)
    assert isinstance(phi, Transformation)
    return phi


def _adjunction(draft: Draft, node: ast.UniversalGiven) -> None:
    assert node.left is not None
    assert node.right is not None
    elaborator = draft.elaborator
    left, right = elaborator.functor(node.left), elaborator.functor(node.right)
    elaborator.require_category(right.dom, left.cod, node.right)
    elaborator.require_category(right.cod, left.dom, node.right)
    roles: dict[str, ast.Name] = {}
    for role in node.roles:
        if role.role.text in roles:
            raise reject(Code.DUPLICATE_NAME, f"the {role.role.text} is named twice", role.span)
        roles[role.role.text] = role.name
        draft.reserve(role.name)
    mixed = {"unit", "counit"} & roles.keys() and {"transpose", "inverse"} & roles.keys()
    if mixed:
        raise reject(
            Code.WRONG_ARGUMENTS,
            "an adjunction is given by unit and counit, or by a transpose and its inverse",
            node.span,
        )
    try:
        if "transpose" in roles or "inverse" in roles:
            _transposes(draft, node, left, right, roles)
        else:
            _unit_and_counit(draft, node, left, right, roles)
    except NotExpressible as reason:
        raise elaborator.unavailable(node.span, f"the adjunction has no form here: {reason}") from None


def _unit_and_counit(
    draft: Draft, node: ast.UniversalGiven, left: Functor, right: Functor, roles: dict[str, ast.Name]
) -> None:
    unit, counit = roles.get("unit"), roles.get("counit")
    eta = epsilon = None
    if unit is not None:
        eta = _transformation_part(draft, node, unit, Identity(left.dom), compose(left, right))
    if counit is not None:
        epsilon = _transformation_part(draft, node, counit, compose(right, left), Identity(left.cod))
    if eta is not None and epsilon is not None and unit is not None and counit is not None:
        laws = [(unit, "triangle", triangle_at_left(left, eta, epsilon))]
        laws += [(counit, "triangle", triangle_at_right(right, eta, epsilon))]
    elif eta is not None and unit is not None:
        laws = [(unit, "universal", unit_is_universal(left, right, eta))]
    else:
        assert epsilon is not None
        assert counit is not None
        laws = [(counit, "universal", counit_is_universal(left, right, epsilon))]
    for name, label, formula in laws:
        draft.suppose_laws(name.text, [(label, formula)], Origin.GIVEN, node.span)


def _transposes(
    draft: Draft, node: ast.UniversalGiven, left: Functor, right: Functor, roles: dict[str, ast.Name]
) -> None:
    """Natural bijections between Hom(F(X), Y) and Hom(X, G(Y)), inverse to each other."""
    one, other = roles.get("transpose"), roles.get("inverse")
    sharp = one.text if one is not None else f"{other.text}^-1" if other is not None else ""
    flat = other.text if other is not None else f"{sharp}^-1"
    there, back = Symbols(Role.GIVEN), Symbols(Role.GIVEN)
    forth_map, back_map, laws = transposition(there, back, sharp, flat, left, right)
    for name, text, schema, symbols in ((one, sharp, forth_map, there), (other, flat, back_map, back)):
        label = name if name is not None else ast.Name(node.span, text)
        draft.give(label, "family", _part(node, "family", label), schema, symbols.functions)
    for title, law in laws:
        draft.suppose(title, law, Origin.GIVEN, node.span)


def _limit(draft: Draft, node: ast.UniversalGiven) -> None:
    assert node.of is not None
    (name,), (role,) = node.names, node.roles
    elaborator = draft.elaborator
    diagram = elaborator.functor(node.of)
    is_colimit = node.kind == "colimit"
    draft.reserve(name)
    draft.reserve(role.name)
    try:
        symbols = Symbols(Role.GIVEN)
        vertex, laws = unknown_object(symbols, name.text, diagram.cod)
        draft.give(name, "object", _part(node, "object", name), vertex, symbols.functions)
        draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)
        constant = Constant(diagram.dom, diagram.cod, vertex.point, name.text)
        ends = (diagram, constant) if is_colimit else (constant, diagram)
        legs = _transformation_part(draft, node, role.name, *ends)
        universal = is_limiting(diagram, vertex.point, legs, is_colimit)
    except NotExpressible as reason:
        raise elaborator.unavailable(node.span, f"the {node.kind} has no form here: {reason}") from None
    draft.suppose(f"{name.text}.universal", universal, Origin.GIVEN, node.span)
    draft.universals[name.text] = Limit(diagram, vertex.point, legs, is_colimit)


def _kan_extension(draft: Draft, node: ast.UniversalGiven) -> None:
    assert node.of is not None
    assert node.along is not None
    (name,), (role,) = node.names, node.roles
    elaborator = draft.elaborator
    of, along = elaborator.functor(node.of), elaborator.functor(node.along)
    elaborator.require_category(along.dom, of.dom, node.along)
    is_left = "left" in node.kind
    draft.reserve(name)
    draft.reserve(role.name)
    try:
        symbols = Symbols(Role.GIVEN)
        functor, laws = unknown_functor(symbols, name.text, along.cod, of.cod)
        draft.give(name, "functor", _part(node, "functor", name), functor, symbols.functions)
        draft.suppose_laws(name.text, laws, Origin.GIVEN, name.span)
        whole = compose(along, functor)
        unit = _transformation_part(draft, node, role.name, *((of, whole) if is_left else (whole, of)))
        is_extension = is_pointwise if node.kind.startswith("pointwise") else is_kan_extension
        universal = is_extension(functor, along, of, unit, is_left)
    except NotExpressible as reason:
        raise elaborator.unavailable(node.span, f"the extension has no form here: {reason}") from None
    draft.suppose(f"{name.text}.universal", universal, Origin.GIVEN, node.span)
    draft.universals[name.text] = KanExtension(functor, along, of, unit, is_left, node.kind.startswith("pointwise"))
