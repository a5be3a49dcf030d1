"""Predicates: the prelude's definitions, and the few that the language itself cannot define.

A predicate applied unfolds to a formula. Definitions of one name are told apart by the number and the kinds of their
arguments; keyword arguments fill the last places, in the order given in ``KEYWORDS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.elaborate.constructor import natural_number, presheaf, slots
from formal.elaborate.expression import Elaborator
from formal.elaborate.scope import Definition, reject, suggestions
from formal.elaborate.value import (
    ArrowOf,
    ElementOf,
    FunctorOf,
    FunctorTransformationOf,
    ObjectOf,
    SetOf,
    TransformationOf,
    Value,
    action,
    apply,
    describe,
    object_image,
)
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Label, Rejection

KEYWORDS: dict[str, tuple[str, ...]] = {
    "retract": ("of",),
    "representable": ("by", "at"),
    "corepresentable": ("by", "at"),
    "left_kan": ("along", "of"),
    "right_kan": ("along", "of"),
}

SHAPES = (
    "terminal",
    "products",
    "equalizers",
    "pullbacks",
    "limits",
    "initial",
    "coproducts",
    "coequalizers",
    "pushouts",
    "colimits",
)
"""What a category may have, and a functor preserve."""

Builtin = Callable[[Elaborator, ast.Call], logic.Formula | None]
"""The formula, or None when the arguments are of a kind that a definition of the prelude handles."""


# --- atoms of the logic ---------------------------------------------------------------------------


def _universal(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = slots(call, "", "at")
    functor = elaborator.set_functor(first)
    return logic.Universal(functor, elaborator.element(second, functor).term)


def _representables(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = slots(call, "", "count")
    return logic.CoproductOfRepresentables(elaborator.set_functor(first), natural_number(second, most=1_000_000))


def _prompts(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = slots(call, "", "count")
    return logic.Covered(elaborator.set_functor(first), natural_number(second, most=1_000_000))


def _prompt_number(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = slots(call, "", "is")
    functor, count = elaborator.set_functor(first), natural_number(second, most=1_000_000)
    covered = logic.Covered(functor, count)
    if count == 0:
        return covered
    return logic.And((covered, logic.Not(logic.Covered(functor, count - 1))))


def _connected(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    (argument,) = elaborator.arguments(call, 1)
    return logic.Connected(elaborator.category(argument))


def _finite(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    match value:
        case InfiniteCategory():
            elaborator.workshop.asked_finite(value)
            return logic.Finite(value)
        case Category():
            if value.presentation is not None:
                return logic.Finite(value)
            return logic.Truth(True, f"{value.name} is built from finite categories")
        case _:
            raise reject(Code.WRONG_KIND, f"expected a category, found {describe(value)}", argument.span)


def _equivalent(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = elaborator.arguments(call, 2)
    return logic.Equivalent(elaborator.category(first), elaborator.category(second))


def _equinumerous(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = elaborator.arguments(call, 2)
    return logic.Equinumerous(elaborator.set(first), elaborator.set(second))


def _isomorphic(elaborator: Elaborator, call: ast.Call) -> logic.Formula | None:
    if len(call.arguments) != 2 or not any(_is_structure(elaborator, argument) for argument in call.arguments):
        return None
    first, second = elaborator.arguments(call, 2)
    left, right = elaborator.value(first), elaborator.value(second)
    match left, right:
        case ((Category() | InfiniteCategory()), (Category() | InfiniteCategory())):
            return logic.Isomorphic(elaborator.finite(left, first), elaborator.finite(right, second))
        case SetFunctor(), SetFunctor():
            left, right = elaborator.of_one_variance(left, right, second)
            return logic.Isomorphic(left, right)
        case (FunctorOf(), FunctorOf()):
            return None
        case _:
            raise reject(
                Code.WRONG_KIND,
                f"`isomorphic` is about two things of one kind, not about {describe(left)} and {describe(right)}",
                call.span,
            )


def _is_structure(elaborator: Elaborator, expr: ast.Expr) -> bool:
    """Whether the expression is a category, a functor or a set-valued functor rather than a term."""
    match expr:
        case ast.Name():
            known = elaborator.meaning(expr)
            return known is not None and not isinstance(known, ObjectOf | ArrowOf | ElementOf)
        case ast.Call(function=ast.Name() as word):
            known = elaborator.meaning(word)
            return known is None and word.text not in ("id", "dom", "cod", "extension")
        case ast.Call() | ast.Qualified():
            return False
        case ast.Product() | ast.Sum() | ast.Poset() | ast.Monoid() | ast.Compose():
            return True
        case _:
            return False


# --- words for definitions ------------------------------------------------------------------------


def shape_of(expr: ast.Expr) -> str:
    """The kind of limit or colimit that a word stands for.

    Raises:
        Rejection: it stands for none.
    """
    if not isinstance(expr, ast.Name) or expr.text not in SHAPES:
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{print_expression(expr)}` is no kind of limit or colimit",
            expr.span,
            help=("one of " + ", ".join(SHAPES),),
        )
    return expr.text


def _has(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = elaborator.arguments(call, 2)
    return _defined(elaborator, call, f"has_{shape_of(second)}", (first,))


def _preserves(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = elaborator.arguments(call, 2)
    shape = shape_of(second)
    word = "preserves_colimits_that_exist" if shape == "colimits" else f"preserves_{shape}"
    return _defined(elaborator, call, word, (first,))


def _defined(elaborator: Elaborator, call: ast.Call, word: str, arguments: tuple[ast.Expr, ...]) -> logic.Formula:
    definitions = elaborator.workshop.prelude().definitions[word]
    formula = _unfold(elaborator, definitions, replace(call, arguments=arguments, keywords=()), word)
    return replace(formula, text=_text(elaborator, call))


# --- natural maps ---------------------------------------------------------------------------------


def _iso(elaborator: Elaborator, call: ast.Call) -> logic.Formula | None:
    (argument,) = elaborator.arguments(call, 1)
    if isinstance(argument, ast.Name) and elaborator.meaning(argument) is None:
        return None
    if not isinstance(argument, ast.Name):
        return None
    match elaborator.meaning(argument):
        case TransformationOf() as phi:
            return bijective(phi)
        case FunctorTransformationOf() as theta:
            return _componentwise_iso(theta)
        case _:
            return None


def bijective(phi: TransformationOf) -> logic.Formula:
    """Every component of phi is a bijection: a natural transformation with that is an isomorphism."""
    category = phi.dom.category
    x = logic.Variable("X", logic.Objects(category))
    t = logic.Variable("t", logic.Elements(phi.cod, x))
    s = logic.Variable("s", logic.Elements(phi.dom, x))
    unique = logic.Quantified(logic.Quantifier.EXISTS_UNIQUE, s, logic.Equal(apply(phi.term, phi.cod, s), t))
    every = logic.Quantified(logic.Quantifier.FORALL, t, unique)
    return logic.Quantified(logic.Quantifier.FORALL, x, every)


def _componentwise_iso(theta: FunctorTransformationOf) -> logic.Formula:
    target = theta.dom.cod
    x = logic.Variable("X", logic.Objects(theta.dom.dom))
    start, end = object_image(theta.dom.term, x), object_image(theta.cod.term, x)
    inverse = logic.Variable("g", logic.Arrows(target, end, start))
    component = logic.Component(theta.term, x)
    body = logic.And(
        (
            logic.Equal(logic.Composite(target, component, inverse), logic.Identity(target, start)),
            logic.Equal(logic.Composite(target, inverse, component), logic.Identity(target, end)),
        )
    )
    exists = logic.Quantified(logic.Quantifier.EXISTS, inverse, body)
    return logic.Quantified(logic.Quantifier.FORALL, x, exists)


def _natural(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    match value:
        case TransformationOf(dom=dom, cod=cod, term=phi):
            category = dom.category
            x, y = (logic.Variable(name, logic.Objects(category)) for name in ("X", "Y"))
            f = logic.Variable("f", logic.Arrows(category, x, y))
            s = logic.Variable("s", logic.Elements(dom, y if dom.contravariant else x))
            left = apply(phi, cod, action(dom, f, s))
            right = action(cod, f, apply(phi, cod, s))
            variables = [x, y, f, s]
            body: logic.Formula = logic.Equal(left, right)
        case FunctorTransformationOf(dom=start, cod=end, term=theta):
            category, target = start.dom, start.cod
            x, y = (logic.Variable(name, logic.Objects(category)) for name in ("X", "Y"))
            f = logic.Variable("f", logic.Arrows(category, x, y))
            first = logic.Composite(target, logic.ArrowImage(start.term, f), logic.Component(theta, y))
            second = logic.Composite(target, logic.Component(theta, x), logic.ArrowImage(end.term, f))
            variables = [x, y, f]
            body = logic.Equal(first, second)
        case _:
            raise reject(Code.WRONG_KIND, f"expected a transformation, found {describe(value)}", argument.span)
    for variable in reversed(variables):
        body = logic.Quantified(logic.Quantifier.FORALL, variable, body)
    return body


# --- extensions -----------------------------------------------------------------------------------


def _has_extension(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = slots(call, "", "at")
    value = elaborator.value(first)
    weight = presheaf(elaborator, second)
    match value:
        case SetFunctor():
            elaborator.require_category(weight.category, value.category, second)
            if elaborator.workshop.adapt(value, contravariant=False) is None:
                raise elaborator.wrong_variance(value, False, first)
            return logic.Truth(True, "sets have all small colimits")
        case FunctorOf():
            functor = elaborator.constant_functor(first)
            elaborator.require_category(weight.category, functor.dom, second)
            cocones = elaborator.workshop.cocones(functor, weight, call.span)
            return logic.CoproductOfRepresentables(cocones, 1)
        case _:
            raise reject(Code.WRONG_KIND, f"expected a functor, found {describe(value)}", first.span)


def _extends(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    first, second = elaborator.arguments(call, 2)
    extension, functor = elaborator.value(first), elaborator.value(second)
    match extension, functor:
        case FunctorOf(), FunctorOf():
            yoneda = elaborator.workshop.yoneda_into(extension.dom, first)
            elaborator.require_category(functor.dom, yoneda.dom, second)
            elaborator.require_category(functor.cod, extension.cod, second)
            restricted = elaborator.workshop.compose(FunctorOf(yoneda.dom, yoneda.cod, yoneda), extension)
            theta = logic.Variable("theta", elaborator.between(restricted, functor))
            body = _componentwise_iso(FunctorTransformationOf(restricted, functor, theta))
            return logic.Quantified(logic.Quantifier.EXISTS, theta, body)
        case SetFunctor(), SetFunctor():
            yoneda = elaborator.workshop.yoneda_into(extension.category, first)
            elaborator.require_category(functor.category, yoneda.dom, second)
            restricted_sets = elaborator.workshop.restrict(yoneda, extension)
            left, right = elaborator.of_one_variance(restricted_sets, functor, second)
            return logic.Isomorphic(left, right)
        case _:
            raise reject(
                Code.WRONG_KIND,
                f"expected two functors, found {describe(extension)} and {describe(functor)}",
                call.span,
            )


def _preserves_colimits(elaborator: Elaborator, call: ast.Call) -> logic.Formula:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    match value:
        case FunctorOf():
            functor = elaborator.constant_functor(argument)
            parts = elaborator.workshop.canonical_cocones(functor, argument)
            return logic.Instances(
                logic.Quantifier.FORALL,
                "W",
                tuple(label for label, _, _ in parts),
                tuple(
                    logic.Universal(cocones, logic.ElementConstant(cocones, element)) for _, cocones, element in parts
                ),
            )
        case SetFunctor():
            copresheaf = elaborator.workshop.adapt(value, contravariant=False)
            if copresheaf is None:
                raise elaborator.wrong_variance(value, False, argument)
            yoneda = elaborator.workshop.yoneda_into(copresheaf.category, argument)
            restricted = elaborator.workshop.restrict(yoneda, copresheaf)
            extended = elaborator.workshop.kan("lan", restricted, yoneda, call.span)
            return logic.Isomorphic(extended, copresheaf)
        case _:
            raise reject(Code.WRONG_KIND, f"expected a functor, found {describe(value)}", argument.span)


def _kan_extension(name: str) -> Builtin:
    def build(elaborator: Elaborator, call: ast.Call) -> logic.Formula | None:
        first, second, third = slots(call, "", "along", "of")
        value = elaborator.value(first)
        if not isinstance(value, SetFunctor):
            return None
        along, functor = elaborator.constant_functor(second), elaborator.set_functor(third)
        elaborator.require_category(value.category, along.cod, first)
        elaborator.require_category(functor.category, along.dom, third)
        value, functor = _variance_of(elaborator, value, functor, third)
        return logic.Isomorphic(value, elaborator.workshop.kan(name, functor, along, call.span))

    return build


def _variance_of(
    elaborator: Elaborator, value: SetFunctor, functor: SetFunctor, expr: ast.Expr
) -> tuple[SetFunctor, SetFunctor]:
    adapted = elaborator.workshop.adapt(functor, contravariant=value.contravariant)
    if adapted is not None:
        return value, adapted
    other = elaborator.workshop.adapt(value, contravariant=functor.contravariant)
    if other is None:
        raise elaborator.wrong_variance(functor, value.contravariant, expr)
    return other, functor


BUILTINS: dict[str, Builtin] = {
    "universal": _universal,
    "representables": _representables,
    "prompts": _prompts,
    "prompt_number": _prompt_number,
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
    "extends": _extends,
    "preserves_colimits": _preserves_colimits,
    "left_kan": _kan_extension("lan"),
    "right_kan": _kan_extension("ran"),
}


# --- application ----------------------------------------------------------------------------------


def apply_predicate(elaborator: Elaborator, call: ast.Call, word: ast.Name) -> logic.Formula | None:
    """The unfolding of a predicate applied, or None when the word is no predicate.

    Raises:
        Rejection: the arguments do not fit.
    """
    mine = elaborator.module.definitions.get(word.text, [])
    theirs = elaborator.workshop.prelude().definitions.get(word.text, [])
    builtin = BUILTINS.get(word.text)
    if not mine and not theirs and builtin is None:
        return None
    if builtin is not None and not mine:
        formula = builtin(elaborator, call)
        if formula is not None:
            if isinstance(formula, logic.Named):
                return formula
            return logic.Named(word.text, _text(elaborator, call), (), formula)
    if not mine and not theirs:
        raise reject(Code.WRONG_ARGUMENTS, f"the arguments of `{word.text}` are of the wrong kinds", call.span)
    return _unfold(elaborator, mine or theirs, call, word.text)


def _text(elaborator: Elaborator, call: ast.Call) -> str:
    """The application as written, with what the parameters of a definition stand for in their places."""
    shown = [_shown(elaborator, argument) for argument in call.arguments]
    shown += [f"{keyword.name.text}: {_shown(elaborator, keyword.value)}" for keyword in call.keywords]
    return f"{print_expression(call.function)}({', '.join(shown)})"


def _shown(elaborator: Elaborator, expr: ast.Expr) -> str:
    value = elaborator.bound.get(expr.text) if isinstance(expr, ast.Name) else None
    match value:
        case Category(name=name) | SetFunctor(name=name):
            return name
        case FunctorOf(term=Functor(name=name)):
            return name
        case ObjectOf(term=logic.ObjectConstant(category, x)):
            return category.objects[x]
        case ArrowOf(term=logic.ArrowConstant(category, f)):
            return category.arrow_labels[f]
        case ElementOf(term=logic.ElementConstant(functor, t)):
            return functor.labels[t]
        case ObjectOf(term=logic.Variable(name=name)) | ArrowOf(term=logic.Variable(name=name)):
            return name
        case _:
            return print_expression(expr)


def _unfold(elaborator: Elaborator, definitions: list[Definition], call: ast.Call, word: str) -> logic.Named:
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
            bound, values = _match(elaborator, definition, arguments)
        except Rejection as rejection:
            failures.append(rejection)
            continue
        return logic.Named(word, print_expression(call), tuple(values), _body(elaborator, definition, bound, call))
    raise failures[-1] if len(fitting) == 1 else nearest(failures)


def in_order(definitions: list[Definition], call: ast.Call, word: str) -> list[ast.Expr]:
    """The arguments by position; keywords fill the last places, and none may be left out before one that is given.

    Raises:
        Rejection: a keyword is not known, given twice, or given without an earlier one.
    """
    names = KEYWORDS.get(word, ())
    places = max(map(arity, definitions)) - len(names)
    open_names = names[max(0, len(call.arguments) - places) :]
    named: dict[str, ast.Keyword] = {}
    for keyword in call.keywords:
        name = keyword.name.text
        if name not in open_names or name in named:
            given = "no argument" if name not in names else "no second"
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{word}` takes {given} `{name}:`",
                keyword.span,
                help=suggestions(name, names) if name not in names else (),
            )
        named[name] = keyword
    for index, name in enumerate(open_names):
        later = [other for other in open_names[index + 1 :] if other in named]
        if name not in named and later:
            raise reject(
                Code.WRONG_ARGUMENTS, f"`{word}` takes `{later[0]}:` only with `{name}:`", named[later[0]].span
            )
    return [*call.arguments, *(named[name].value for name in open_names if name in named)]


def _body(elaborator: Elaborator, definition: Definition, bound: dict[str, Value], call: ast.Call) -> logic.Formula:
    """The right-hand side of a definition for these arguments.

    Raises:
        Rejection: it is being unfolded already, so it is defined by itself.
    """
    unfolding = elaborator.budget.unfolding
    if any(definition.node is node for node in unfolding):
        chain = [*unfolding[[definition.node is node for node in unfolding].index(True) :], definition.node]
        raise reject(
            Code.CYCLIC_DEFINITION,
            f"`{definition.node.name.text}` is defined by itself",
            definition.node.name.span,
            secondary=[Label(call.span, "used here")],
            notes=(" -> ".join(f"`{node.name.text}`" for node in chain),),
        )
    inside = Elaborator(definition.module, elaborator.workshop, elaborator.constructors, elaborator.budget, bound)
    unfolding.append(definition.node)
    try:
        return inside.formula(definition.node.body)
    finally:
        unfolding.pop()


def nearest(failures: list[Rejection]) -> Rejection:
    """Among several definitions the complaint that is not merely about the kind of thing, if there is one."""
    for failure in failures:
        if all(d.code is not Code.WRONG_KIND for d in failure.diagnostics):
            return failure
    return failures[0]


def arity(definition: Definition) -> int:
    """How many parameters a definition has."""
    return sum(len(parameter.names) for parameter in definition.node.parameters)


def _match(
    elaborator: Elaborator, definition: Definition, arguments: list[ast.Expr]
) -> tuple[dict[str, Value], list[Value]]:
    """Bind the parameters of a definition to the arguments, inferring what its types mention."""
    bound: dict[str, Value] = {}
    values: list[Value] = []
    common = elaborator.common_category([a for a in arguments if isinstance(a, ast.Name | ast.TheArrow)])
    rest = iter(arguments)
    for parameter in definition.node.parameters:
        for name in parameter.names:
            argument = next(rest)
            value = _argument(elaborator, definition, parameter, argument, bound, common)
            bound[name.text] = value
            values.append(value)
    return bound, values


def _argument(
    elaborator: Elaborator,
    definition: Definition,
    parameter: ast.Parameter,
    argument: ast.Expr,
    bound: dict[str, Value],
    common: Category | None,
) -> Value:
    """One argument; ``common`` is the category to which the names among all of them belong, if they settle it."""
    if not (isinstance(argument, ast.Name) and elaborator.meaning(argument) is None):
        common = None
    match parameter.kind:
        case "category":
            return elaborator.category(argument)
        case "object":
            given = elaborator.object(argument, _known_category(parameter.base, bound) or common)
            _unify(definition, elaborator, parameter.base, given.category, bound, argument)
            return given
        case "arrow":
            category = _known_category(parameter.base, bound) or common
            for end in (parameter.dom, parameter.cod):
                known = bound.get(end.text) if isinstance(end, ast.Name) else None
                if isinstance(known, ObjectOf):
                    category = known.category
            arrow = elaborator.arrow(argument, category)
            _unify(definition, elaborator, parameter.base, arrow.category, bound, argument)
            _unify(definition, elaborator, parameter.dom, ObjectOf(arrow.category, arrow.dom), bound, argument)
            _unify(definition, elaborator, parameter.cod, ObjectOf(arrow.category, arrow.cod), bound, argument)
            return arrow
        case "element":
            inside = Elaborator(
                definition.module, elaborator.workshop, elaborator.constructors, elaborator.budget, bound
            )
            fibre = inside.value(parameter.base) if parameter.base is not None else None
            if not (isinstance(fibre, SetOf) and isinstance(fibre.term, logic.Fibre)):
                raise reject(Code.WRONG_KIND, "an element's type is a set such as `T(X)`", parameter.span)
            return elaborator.element(argument, fibre.term.functor, fibre.term.at)
        case "functor":
            functor = elaborator.functor(argument)
            _unify(definition, elaborator, parameter.dom, functor.dom, bound, argument)
            _unify(definition, elaborator, parameter.cod, functor.cod, bound, argument)
            return functor
        case "presheaf" | "copresheaf":
            contravariant = parameter.kind == "presheaf"
            found = elaborator.set_functor(argument)
            adapted = elaborator.workshop.adapt(found, contravariant=contravariant)
            if adapted is None:
                raise elaborator.wrong_variance(found, contravariant, argument)
            _unify(definition, elaborator, parameter.base, adapted.category, bound, argument)
            return adapted
        case "transformation":
            value = elaborator.value(argument)
            if not isinstance(value, TransformationOf | FunctorTransformationOf):
                raise reject(Code.WRONG_KIND, f"expected a transformation, found {describe(value)}", argument.span)
            _unify(definition, elaborator, parameter.dom, value.dom, bound, argument)
            _unify(definition, elaborator, parameter.cod, value.cod, bound, argument)
            return value
        case kind:
            raise reject(Code.WRONG_KIND, f"`{kind}` is no kind of parameter", parameter.span)


def _known_category(expr: ast.Expr | None, bound: dict[str, Value]) -> Category | None:
    value = bound.get(expr.text) if isinstance(expr, ast.Name) else None
    return value if isinstance(value, Category) else None


def _unify(
    definition: Definition,
    elaborator: Elaborator,
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
    inside = Elaborator(definition.module, elaborator.workshop, elaborator.constructors, elaborator.budget, bound)
    wanted: Value = inside.object(pattern, value.category) if isinstance(value, ObjectOf) else inside.value(pattern)
    if wanted != value:
        raise reject(
            Code.WRONG_ENDS if isinstance(value, ObjectOf) else Code.CATEGORY_MISMATCH,
            f"`{print_expression(argument)}` does not fit the other arguments of `{definition.node.name.text}`",
            argument.span,
            f"`{print_expression(pattern)}` would have to be two different things",
        )
