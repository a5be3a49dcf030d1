"""Predicates in theorems: the prelude's definitions, unfolded as claims unfold them, and the few built-in ones.

Source: Mac Lane, Categories for the Working Mathematician; Kashiwara and Schapira, Categories and Sheaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from formal.elaborate.constructor import natural_number, slots
from formal.elaborate.module import prelude
from formal.elaborate.predicate import arity, in_order, nearest, shape_of
from formal.elaborate.scope import Definition, Module, reject
from formal.logic import theory
from formal.logic.formula import Quantifier
from formal.logic.theory import Formula, Named, Not
from formal.statement.category import ArrowOf, Category, Elements, Karoubi, ObjectOf, Opposite, Product, Sum, Unknown
from formal.statement.category import Finite as FiniteCategory
from formal.statement.expression import Elaborator
from formal.statement.functor import Constant, Forgetful, Functor, compose
from formal.statement.law import (
    for_all,
    is_bijective,
    is_componentwise_iso,
    is_covered,
    is_iso,
    is_sum_of_representables,
    is_universal,
    natural,
    over_cases,
    undoes,
)
from formal.statement.point import FALSE, TRUE, NotExpressible, Point, conjunction, disjunction, equal
from formal.statement.set_functor import Hom, SetFunctor
from formal.statement.show import show_point
from formal.statement.transformation import SetTransformation, Transformation
from formal.statement.universal import is_colimit
from formal.statement.unknown import Law, Symbols, quantify, unknown_functor, unknown_transformation
from formal.statement.value import (
    ElementOf,
    FibreOf,
    HomOf,
    LabelsOf,
    Value,
    cases_of,
    describe,
)
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Label, Rejection

MOST_PARTS = 8
"""The most representables, or prompts, that are spelled out."""

Builtin = Callable[[Elaborator, ast.Call], Formula | None]
"""The formula, or None when the arguments are of a kind that a definition of the prelude handles."""


# --- set-valued functors --------------------------------------------------------------------------


def _universal(elaborator: Elaborator, call: ast.Call) -> Formula:
    first, second = slots(call, "", "at")
    functor = elaborator.set_functor(first)
    element = elaborator.element(second, functor)
    return is_universal(functor, element.at, element.point)


def _counted(build: Callable[[SetFunctor, int], Formula], keyword: str) -> Builtin:
    def builtin(elaborator: Elaborator, call: ast.Call) -> Formula:
        first, second = slots(call, "", keyword)
        return build(elaborator.set_functor(first), natural_number(second, most=MOST_PARTS))

    return builtin


def _least(functor: SetFunctor, count: int) -> Formula:
    covered = is_covered(functor, count)
    return covered if count == 0 else conjunction([covered, Not(is_covered(functor, count - 1))])


def _equinumerous(elaborator: Elaborator, call: ast.Call) -> Formula:
    first, second = elaborator.arguments(call, 2)
    return theory.Equinumerous(_set_sum(elaborator, first), _set_sum(elaborator, second))


def _set_sum(elaborator: Elaborator, expr: ast.Expr) -> theory.SetSum:
    value = elaborator.value(expr)
    if not isinstance(value, FibreOf | HomOf | LabelsOf):
        raise elaborator.expected("a set", value, expr)
    cases = cases_of(value)
    if any(case.condition != TRUE for case in cases):
        raise elaborator.unavailable(
            expr.span, f"the elements of `{print_expression(expr)}` are subject to a condition"
        )
    return tuple(case.variables for case in cases)


def _isomorphic(elaborator: Elaborator, call: ast.Call) -> Formula | None:
    if len(call.arguments) != 2:
        return None
    first, second = elaborator.arguments(call, 2)
    if any(isinstance(e, ast.Name) and not e.quoted and elaborator.meaning(e) is None for e in (first, second)):
        return None
    left, right = elaborator.value(first), elaborator.value(second)
    match left, right:
        case Category(), Category():
            return _isomorphic_categories(elaborator, call, left, right)
        case SetFunctor(), SetFunctor():
            return isomorphic_set_functors(elaborator, call, *elaborator.of_one_variance(left, right, second))
        case (ObjectOf(), ObjectOf()) | (Functor(), Functor()):
            return None
        case _:
            raise reject(
                Code.WRONG_KIND,
                f"`isomorphic` is about two things of one kind, not about {describe(left)} and {describe(right)}",
                call.span,
            )


def isomorphic_set_functors(elaborator: Elaborator, call: ast.Call, left: SetFunctor, right: SetFunctor) -> Formula:
    """S ≅ T. With Hom(-, P) for one of them: T has a universal element over P, by Yoneda."""
    match left, right:
        case Hom(category, at), Hom(_, other):
            return _isomorphic_objects(category, at, other)
        case (Hom(_, at), functor) | (functor, Hom(_, at)):
            return over_cases(Quantifier.EXISTS, functor.fibre(at, "u"), lambda u: is_universal(functor, at, u))

    def iso(pair: object) -> Formula:
        assert isinstance(pair, tuple)
        forth, back = pair
        return conjunction([undoes(forth, back), undoes(back, forth)])

    def make(symbols: Symbols) -> tuple[object, list[Law]]:
        forth, laws = unknown_transformation(symbols, "phi", left, right)
        back, _ = unknown_transformation(symbols, "psi", right, left, is_natural=False)
        return (forth, back), laws

    try:
        return quantify(Quantifier.EXISTS, make, _incomparable, iso)
    except NotExpressible as reason:
        raise elaborator.unavailable(call.span, f"a map between the two has no form here: {reason}") from None


def _incomparable(first: object, second: object) -> Formula:
    raise AssertionError


def _isomorphic_objects(category: Category, x: Point, y: Point) -> Formula:
    return over_cases(Quantifier.EXISTS, category.hom(x, y), lambda f: is_iso(ArrowOf(category, x, y, f)))


# --- categories -----------------------------------------------------------------------------------


def _isomorphic_categories(elaborator: Elaborator, call: ast.Call, left: Category, right: Category) -> Formula:
    """A functor that is bijective on objects and on every set of arrows."""

    def bijective(functor: Functor) -> Formula:
        on_objects = for_all(
            right.objects("Y"),
            lambda y: over_cases(Quantifier.EXISTS_UNIQUE, left.objects("X"), lambda x: equal(functor.on_object(x), y)),
        )
        return conjunction([on_objects, _fully_faithful(functor)])

    return _exists_functor(elaborator, call, left, right, bijective)


def _equivalent(elaborator: Elaborator, call: ast.Call) -> Formula:
    first, second = elaborator.arguments(call, 2)
    left, right = elaborator.category(first), elaborator.category(second)

    def equivalence(functor: Functor) -> Formula:
        surjective = for_all(
            right.objects("Z"),
            lambda z: over_cases(
                Quantifier.EXISTS, left.objects("X"), lambda x: _isomorphic_objects(right, functor.on_object(x), z)
            ),
        )
        return conjunction([_fully_faithful(functor), surjective])

    return _exists_functor(elaborator, call, left, right, equivalence)


def _fully_faithful(functor: Functor) -> Formula:
    dom, cod = functor.dom, functor.cod

    def onto(x: Point, y: Point, h: Point) -> Formula:
        return over_cases(
            Quantifier.EXISTS_UNIQUE,
            dom.hom(x, y),
            lambda f: equal(functor.on_arrow(ArrowOf(dom, x, y, f)).point, h),
        )

    return for_all(
        dom.objects("X"),
        lambda x: for_all(
            dom.objects("Y"),
            lambda y: for_all(cod.hom(functor.on_object(x), functor.on_object(y), "h"), lambda h: onto(x, y, h)),
        ),
    )


def _exists_functor(
    elaborator: Elaborator, call: ast.Call, dom: Category, cod: Category, body: Callable[[Functor], Formula]
) -> Formula:
    def holds(functor: object) -> Formula:
        assert isinstance(functor, Functor)
        return body(functor)

    try:
        return quantify(
            Quantifier.EXISTS, lambda symbols: unknown_functor(symbols, "F", dom, cod), _incomparable, holds
        )
    except NotExpressible as reason:
        raise elaborator.unavailable(
            call.span,
            f"a functor from `{dom.name}` to `{cod.name}` has no form here: {reason}",
            help=("give the functor, and say what it is: `given functor F: C -> D`, `equivalence(F)`",),
        ) from None


def _connected(elaborator: Elaborator, call: ast.Call) -> Formula:
    (argument,) = elaborator.arguments(call, 1)
    formula = connected(elaborator.category(argument))
    if formula is None:
        raise elaborator.unavailable(call.span, f"the objects of `{print_expression(argument)}` are of several shapes")
    return formula


def connected(category: Category) -> Formula | None:
    """There is an object, and any two are joined by a zigzag of arrows; None where that has no form."""
    match category:
        case Sum(left, right):
            one, two = connected(left), connected(right)
            if one is None or two is None:
                return None
            return disjunction([conjunction([one, is_empty(right)]), conjunction([two, is_empty(left)])])
        case Product(left, right):
            one, two = connected(left), connected(right)
            return None if one is None or two is None else conjunction([one, two])
        case Opposite(of) | Karoubi(of):
            return connected(of)
        case FiniteCategory(tables):
            parts = {x: x for x in range(tables.object_count)}
            for f in range(tables.arrow_count):
                old, new = parts[tables.source(f)], parts[tables.target(f)]
                parts = {x: new if part == old else part for x, part in parts.items()}
            return TRUE if len(set(parts.values())) == 1 else FALSE
    here, there = category.objects("X"), category.objects("Y")
    if len(here) != 1 or here[0].condition != TRUE:
        return None
    x, y = here[0], there[0]
    joined = over_cases(Quantifier.EXISTS, category.hom(x.point, y.point), lambda f: TRUE)
    return theory.Connected(x.variables, y.variables, joined)


def is_empty(category: Category) -> Formula:
    """There is no object."""
    return for_all(category.objects("X"), lambda x: FALSE)


def _finite(elaborator: Elaborator, call: ast.Call) -> Formula:
    (argument,) = elaborator.arguments(call, 1)
    formula = finite(elaborator.category(argument))
    if formula is None:
        raise elaborator.unavailable(call.span, "only of a given category it can be said to be finite")
    return formula


def finite(category: Category) -> Formula | None:
    """There are finitely many arrows; None where that has no form."""
    match category:
        case Unknown(symbol):
            return theory.Finite(symbol.name)
        case FiniteCategory():
            return TRUE
        case Opposite(of) | Karoubi(of):
            return finite(of)
        case Sum(left, right):
            one, two = finite(left), finite(right)
            return None if one is None or two is None else conjunction([one, two])
        case Product(left, right):
            one, two = finite(left), finite(right)
            if one is None or two is None:
                return None
            return disjunction([is_empty(left), is_empty(right), conjunction([one, two])])
        case _:
            return None


# --- words for definitions ------------------------------------------------------------------------


def _has(elaborator: Elaborator, call: ast.Call) -> Formula:
    first, second = elaborator.arguments(call, 2)
    return _defined(elaborator, call, f"has_{shape_of(second)}", (first,))


def _preserves(elaborator: Elaborator, call: ast.Call) -> Formula:
    first, second = elaborator.arguments(call, 2)
    shape = shape_of(second)
    word = "preserves_colimits_that_exist" if shape == "colimits" else f"preserves_{shape}"
    return _defined(elaborator, call, word, (first,))


def _defined(elaborator: Elaborator, call: ast.Call, word: str, arguments: tuple[ast.Expr, ...]) -> Formula:
    formula = _unfold(elaborator, prelude().definitions[word], replace(call, arguments=arguments, keywords=()), word)
    return replace(formula, text=_text(elaborator, call))


# --- natural maps ---------------------------------------------------------------------------------


def _iso(elaborator: Elaborator, call: ast.Call) -> Formula | None:
    (argument,) = elaborator.arguments(call, 1)
    if isinstance(argument, ast.Name) and elaborator.meaning(argument) is None:
        return None
    match elaborator.value(argument):
        case SetTransformation() as phi:
            return is_bijective(phi)
        case Transformation() as theta:
            return is_componentwise_iso(theta)
        case _:
            return None


def _natural(elaborator: Elaborator, call: ast.Call) -> Formula:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    if not isinstance(value, Transformation | SetTransformation):
        raise elaborator.expected("a transformation", value, argument)
    return natural(value)


# --- extensions -----------------------------------------------------------------------------------


def _has_extension(elaborator: Elaborator, call: ast.Call) -> Formula:
    """F: C -> D has a colimit weighted by the presheaf W: the colimit of F over the elements of W."""
    first, second = slots(call, "", "at")
    value, weight = elaborator.value(first), elaborator.set_functor(second)
    adapted = weight.adapted(contravariant=True)
    if adapted is None:
        raise elaborator.wrong_variance(weight, True, second)
    match value:
        case SetFunctor():
            elaborator.require_category(adapted.category, value.category, second)
            if value.adapted(contravariant=False) is None:
                raise elaborator.wrong_variance(value, False, first)
            return TRUE
        case Functor():
            elaborator.require_category(adapted.category, value.dom, second)
            diagram = compose(Forgetful(Elements(adapted)), value)
            try:
                return has_colimit(diagram)
            except NotExpressible as reason:
                raise elaborator.unavailable(call.span, f"cocones have no form here: {reason}") from None
        case _:
            raise elaborator.expected("a functor", value, first)


def has_colimit(diagram: Functor) -> Formula:
    """There are an object and a cocone of the diagram to it that every cocone factors through in just one way."""
    index, target = diagram.dom, diagram.cod

    def at(vertex: Point) -> Formula:
        def cocone(i: object) -> Formula:
            assert isinstance(i, Transformation)
            return is_colimit(diagram, vertex, i)

        return quantify(
            Quantifier.EXISTS,
            lambda symbols: unknown_transformation(
                symbols, "i", diagram, Constant(index, target, vertex, show_point(vertex))
            ),
            _incomparable,
            cocone,
        )

    return over_cases(Quantifier.EXISTS, target.objects("L"), at)


def _kan_extension(elaborator: Elaborator, call: ast.Call) -> Formula | None:
    first, _, _ = slots(call, "", "along", "of")
    if not isinstance(elaborator.value(first), SetFunctor):
        return None
    raise elaborator.unavailable(
        call.span,
        "a Kan extension with values in sets is a quotient, or a set of families",
        help=("state its universal property for the transformations at hand",),
    )


def _unavailable(message: str, help_: str) -> Builtin:
    def builtin(elaborator: Elaborator, call: ast.Call) -> Formula:
        raise elaborator.unavailable(call.span, message, help=(help_,))

    return builtin


BUILTINS: dict[str, Builtin] = {
    "universal": _universal,
    "representables": _counted(is_sum_of_representables, "count"),
    "prompts": _counted(is_covered, "count"),
    "prompt_number": _counted(_least, "is"),
    "connected": _connected,
    "finite": _finite,
    "equivalent": _equivalent,
    "equinumerous": _equinumerous,
    "isomorphic": _isomorphic,
    "has": _has,
    "preserves": _preserves,
    "iso": _iso,
    "natural": _natural,
    "has_extension": _has_extension,
    "extends": _unavailable(
        "functors on a category of presheaves have no form here",
        "say `forall X in C. …` about the values at representables",
    ),
    "preserves_colimits": _unavailable(
        "functors on a category of presheaves have no form here",
        "`preserves(F, colimits)` is about finite colimits; or give a colimit and say what F does to it",
    ),
    "left_kan": _kan_extension,
    "right_kan": _kan_extension,
}


# --- application ----------------------------------------------------------------------------------


def predicate_names(module: Module) -> Iterator[str]:
    """The predicates that a module knows."""
    yield from BUILTINS
    yield from prelude().definitions
    yield from module.definitions


def apply_predicate(elaborator: Elaborator, call: ast.Call, word: ast.Name) -> Formula | None:
    """The unfolding of a predicate applied, or None when the word is no predicate.

    Raises:
        Rejection: the arguments do not fit.
    """
    mine = elaborator.module.definitions.get(word.text, [])
    theirs = prelude().definitions.get(word.text, [])
    builtin = BUILTINS.get(word.text)
    if not mine and not theirs and builtin is None:
        return None
    if builtin is not None and not mine:
        formula = builtin(elaborator, call)
        if formula is not None:
            return formula if isinstance(formula, Named) else Named(word.text, _text(elaborator, call), formula)
    if not mine and not theirs:
        raise reject(Code.WRONG_ARGUMENTS, f"the arguments of `{word.text}` are of the wrong kinds", call.span)
    return _unfold(elaborator, mine or theirs, call, word.text)


def _text(elaborator: Elaborator, call: ast.Call) -> str:
    """The application as written, with what the parameters of a definition stand for in their places."""
    shown = [_shown(elaborator, argument) for argument in call.arguments]
    shown += [f"{keyword.name.text}: {_shown(elaborator, keyword.value)}" for keyword in call.keywords]
    return f"{print_expression(call.function)}({', '.join(shown)})"


def _shown(elaborator: Elaborator, expr: ast.Expr) -> str:
    if not elaborator.is_inside:
        return print_expression(expr)
    try:
        value = elaborator.value(expr)
    except Rejection:
        return print_expression(expr)
    match value:
        case ObjectOf(point=point) | ArrowOf(point=point) | ElementOf(point=point):
            return show_point(point)
        case Category() | Functor() | SetFunctor() | Transformation() | SetTransformation():
            return value.name
        case _:
            return print_expression(expr)


def _unfold(elaborator: Elaborator, definitions: list[Definition], call: ast.Call, word: str) -> Named:
    arguments = in_order(definitions, call, word)
    fitting = [d for d in definitions if arity(d) == len(arguments)]
    if not fitting:
        counts = " or ".join(str(n) for n in sorted({arity(d) for d in definitions}))
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{word}` takes {counts} argument{'' if counts == '1' else 's'}, not {len(arguments)}",
            call.span,
        )
    failures: list[Rejection] = []
    for definition in fitting:
        try:
            bound = _match(elaborator, definition, arguments)
        except Rejection as rejection:
            failures.append(rejection)
            continue
        return Named(word, _text(elaborator, call), _body(elaborator, definition, bound, call))
    raise failures[-1] if len(fitting) == 1 else nearest(failures)


def _body(elaborator: Elaborator, definition: Definition, bound: dict[str, Value], call: ast.Call) -> Formula:
    """The right-hand side of a definition for these arguments.

    Raises:
        Rejection: it is being unfolded already, so it is defined by itself.
    """
    unfolding = elaborator.shared.budget.unfolding
    if any(definition.node is node for node in unfolding):
        chain = [*unfolding[[definition.node is node for node in unfolding].index(True) :], definition.node]
        raise reject(
            Code.CYCLIC_DEFINITION,
            f"`{definition.node.name.text}` is defined by itself",
            definition.node.name.span,
            secondary=[Label(call.span, "used here")],
            notes=(" -> ".join(f"`{node.name.text}`" for node in chain),),
        )
    unfolding.append(definition.node)
    try:
        return inside(elaborator, definition, bound).formula(definition.node.body)
    finally:
        unfolding.pop()


def inside(elaborator: Elaborator, definition: Definition, bound: dict[str, Value]) -> Elaborator:
    """The elaborator of a definition's text, where only its parameters are bound."""
    return Elaborator(definition.module, elaborator.shared, bound, frozenset(bound), True)


def match_definition(elaborator: Elaborator, call: ast.Call) -> tuple[Definition, dict[str, Value]] | None:
    """The definition that an application unfolds to, and what its parameters stand for; None if there is none."""
    if not isinstance(call.function, ast.Name) or elaborator.meaning(call.function) is not None:
        return None
    word = call.function.text
    definitions = elaborator.module.definitions.get(word, []) or prelude().definitions.get(word, [])
    if not definitions:
        return None
    arguments = in_order(definitions, call, word)
    for definition in definitions:
        if arity(definition) == len(arguments):
            try:
                return definition, _match(elaborator, definition, arguments)
            except Rejection:
                continue
    return None


def _match(elaborator: Elaborator, definition: Definition, arguments: list[ast.Expr]) -> dict[str, Value]:
    """Bind the parameters of a definition to the arguments, inferring what its types mention."""
    bound: dict[str, Value] = {}
    rest = iter(arguments)
    hint = _common_category(elaborator, arguments)
    for parameter in definition.node.parameters:
        for name in parameter.names:
            bound[name.text] = _argument(elaborator, definition, parameter, next(rest), bound, hint)
    return bound


def _common_category(elaborator: Elaborator, arguments: list[ast.Expr]) -> Category | None:
    """The category of the first argument that is an object or an arrow by itself."""
    for argument in arguments:
        if isinstance(argument, ast.Name) and not argument.quoted:
            known = elaborator.meaning(argument)
            if isinstance(known, ObjectOf | ArrowOf):
                return known.category
    return None


def _argument(
    elaborator: Elaborator,
    definition: Definition,
    parameter: ast.Parameter,
    argument: ast.Expr,
    bound: dict[str, Value],
    hint: Category | None,
) -> Value:
    is_unknown_name = isinstance(argument, ast.Name) and (argument.quoted or elaborator.meaning(argument) is None)
    match parameter.kind:
        case "category":
            return elaborator.category(argument)
        case "object":
            given = elaborator.object(
                argument, _known_category(parameter.base, bound) or (hint if is_unknown_name else None)
            )
            _unify(elaborator, definition, parameter.base, given.category, bound, argument)
            return given
        case "arrow":
            arrow = elaborator.arrow(argument, hint if is_unknown_name else None)
            _unify(elaborator, definition, parameter.base, arrow.category, bound, argument)
            _unify(elaborator, definition, parameter.dom, ObjectOf(arrow.category, arrow.dom), bound, argument)
            _unify(elaborator, definition, parameter.cod, ObjectOf(arrow.category, arrow.cod), bound, argument)
            return arrow
        case "element":
            fibre = None if parameter.base is None else inside(elaborator, definition, bound).value(parameter.base)
            if not isinstance(fibre, FibreOf):
                raise reject(Code.WRONG_KIND, "an element's type is a set such as `T(X)`", parameter.span)
            return elaborator.element(argument, fibre.functor, fibre.at)
        case "functor":
            functor = elaborator.functor(argument)
            _unify(elaborator, definition, parameter.dom, functor.dom, bound, argument)
            _unify(elaborator, definition, parameter.cod, functor.cod, bound, argument)
            return functor
        case "presheaf" | "copresheaf":
            contravariant = parameter.kind == "presheaf"
            found = elaborator.set_functor(argument)
            adapted = found.adapted(contravariant)
            if adapted is None:
                raise elaborator.wrong_variance(found, contravariant, argument)
            _unify(elaborator, definition, parameter.base, adapted.category, bound, argument)
            return adapted
        case "transformation":
            value = elaborator.value(argument)
            if not isinstance(value, Transformation | SetTransformation):
                raise elaborator.expected("a transformation", value, argument)
            _unify(elaborator, definition, parameter.dom, value.dom, bound, argument)
            _unify(elaborator, definition, parameter.cod, value.cod, bound, argument)
            return value
        case kind:
            raise reject(Code.WRONG_KIND, f"`{kind}` is no kind of parameter", parameter.span)


def _known_category(expr: ast.Expr | None, bound: dict[str, Value]) -> Category | None:
    value = bound.get(expr.text) if isinstance(expr, ast.Name) else None
    return value if isinstance(value, Category) else None


def _unify(
    elaborator: Elaborator,
    definition: Definition,
    pattern: ast.Expr | None,
    value: Value,
    bound: dict[str, Value],
    argument: ast.Expr,
) -> None:
    """A name that the parameter's type mentions: inferred when new, else it must be the same."""
    if pattern is None:
        return
    if isinstance(pattern, ast.Name) and pattern.text not in bound and pattern.text not in definition.known:
        bound[pattern.text] = value
        return
    within = inside(elaborator, definition, bound)
    wanted: Value = within.object(pattern, value.category) if isinstance(value, ObjectOf) else within.value(pattern)
    if wanted != value:
        raise reject(
            Code.WRONG_ENDS if isinstance(value, ObjectOf) else Code.CATEGORY_MISMATCH,
            f"`{print_expression(argument)}` does not fit the other arguments of `{definition.node.name.text}`",
            argument.span,
            f"`{print_expression(pattern)}` would have to be two different things",
        )
