"""The constructions of the language: ``op(C)``, ``chain(n)``, ``y(P)``, ``lan(F, along: K)`` and the others.

Each handler elaborates its arguments and asks the workshop, which builds every structure once.
"""

from __future__ import annotations

from fractions import Fraction

from formal.bundle.reading import Reading
from formal.construct.subcategory import Subcategory
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.elaborate.expression import Elaborator
from formal.elaborate.names import Constructor
from formal.elaborate.scope import Model, reject
from formal.elaborate.value import FunctorOf, ObjectOf, SetOf, Value, describe
from formal.logic import formula as logic
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code


def keyword(call: ast.Call, *names: str) -> dict[str, ast.Expr]:
    """The keyword arguments by name, of which only the given ones may occur.

    Raises:
        Rejection: another one occurs, or one occurs twice.
    """
    found: dict[str, ast.Expr] = {}
    for argument in call.keywords:
        if argument.name.text not in names or argument.name.text in found:
            known = ", ".join(f"`{name}:`" for name in names) or "no keyword"
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(call.function)}` takes {known}, not a further `{argument.name.text}:`",
                argument.span,
            )
        found[argument.name.text] = argument.value
    return found


def slots(call: ast.Call, *names: str) -> list[ast.Expr]:
    """The arguments in order; those named may be given by keyword or by position, all are needed.

    Raises:
        Rejection: too few or too many.
    """
    named = keyword(call, *(name for name in names if name))
    values = list(call.arguments)
    for name in names[len(values) :]:
        if name not in named:
            wanted = ", ".join(f"{n}: …" if n else "…" for n in names)
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(call.function)}` takes {len(names)} arguments",
                call.span,
                help=(f"write `{print_expression(call.function)}({wanted})`",),
            )
        values.append(named.pop(name))
    if named or len(values) != len(names):
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{print_expression(call.function)}` takes {len(names)} arguments, not {len(values) + len(named)}",
            call.span,
        )
    return values


def natural_number(expr: ast.Expr, *, most: int) -> int:
    """A number written out.

    Raises:
        Rejection: it is not one, or it is too large.
    """
    if not isinstance(expr, ast.Name) or expr.quoted or not expr.text.isdecimal():
        raise reject(Code.WRONG_KIND, f"expected a number, found `{print_expression(expr)}`", expr.span)
    if len(expr.text) > 9 or int(expr.text) > most:
        raise reject(Code.BUDGET_EXCEEDED, f"`{expr.text}` is more than the limit of {most}", expr.span)
    return int(expr.text)


def number(expr: ast.Expr) -> Fraction:
    """An exact rational: ``3``, ``1/20``, ``0.05``.

    Raises:
        Rejection: it is not one.
    """
    if isinstance(expr, ast.Decimal) or (isinstance(expr, ast.Name) and expr.text.isdecimal() and not expr.quoted):
        return Fraction(expr.text.replace(" ", ""))
    raise reject(Code.WRONG_KIND, f"expected a number, found `{print_expression(expr)}`", expr.span)


def labels(exprs: tuple[ast.Expr, ...]) -> tuple[ast.Name, ...]:
    """Names that are introduced here, all different.

    Raises:
        Rejection: something else than a name, or a name twice.
    """
    seen: dict[str, ast.Name] = {}
    for expr in exprs:
        if not isinstance(expr, ast.Name):
            raise reject(Code.WRONG_KIND, f"expected a name, found `{print_expression(expr)}`", expr.span)
        if expr.text in seen:
            raise reject(Code.DUPLICATE_NAME, f"`{expr.text}` is listed twice", expr.span)
        seen[expr.text] = expr
    return tuple(seen.values())


# --- categories -----------------------------------------------------------------------------------


def _op(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    value = elaborator.value(argument)
    if isinstance(value, FunctorOf):
        return elaborator.workshop.opposite_functor(elaborator.declared(value, argument))
    if isinstance(value, SetFunctor):
        return elaborator.workshop.turned(value)
    return elaborator.workshop.opposite(elaborator.finite(value, argument))


def _sized(name: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        (argument,) = elaborator.arguments(call, 1)
        most = {"symmetric": 8, "chain": 1000}.get(name, 10_000)
        return elaborator.workshop.sized(name, natural_number(argument, most=most), call.span)

    return build


def _listed(name: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        keyword(call)
        names = tuple(label.text for label in labels(call.arguments))
        return elaborator.workshop.listed(name, names, call.span)

    return build


def _free(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return elaborator.workshop.free(elaborator.category(argument), call.span)


def _subcategory(elaborator: Elaborator, call: ast.Call) -> Value:
    return _full(elaborator, call).category


def _inclusion(elaborator: Elaborator, call: ast.Call) -> Value:
    functor = _full(elaborator, call).inclusion
    return FunctorOf(functor.dom, functor.cod, functor)


def _full(elaborator: Elaborator, call: ast.Call) -> Subcategory:
    keyword(call)
    if not call.arguments:
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{print_expression(call.function)}` takes a category and objects of it",
            call.span,
        )
    category = elaborator.category(call.arguments[0])
    objects = [elaborator.constant_object(argument, category)[1] for argument in call.arguments[1:]]
    return elaborator.workshop.subcategory(category, tuple(sorted(set(objects))))


def _sliced(name: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        base, at = elaborator.arguments(call, 2)
        category = elaborator.category(base)
        _, x = elaborator.constant_object(at, category)
        return elaborator.workshop.sliced(name, category, x, call.span)

    return build


def _derived(name: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        (argument,) = elaborator.arguments(call, 1)
        return elaborator.workshop.derived(name, elaborator.category(argument), call.span)

    return build


def _elements(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return elaborator.workshop.elements(elaborator.set_functor(argument), call.span)


def _comma(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    left, right = elaborator.constant_functor(first), elaborator.constant_functor(second)
    elaborator.require_category(right.cod, left.cod, second)
    return elaborator.workshop.comma(left, right, call.span)


def _action(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    category, functor = elaborator.category(first), elaborator.set_functor(second)
    elaborator.require_category(functor.category, category, second)
    if category.object_count != 1:
        raise reject(Code.WRONG_KIND, f"`{category.name}` has {category.object_count} objects, not one", first.span)
    return elaborator.workshop.action(functor, call.span)


def _presheaves(elaborator: Elaborator, call: ast.Call) -> tuple[Category, tuple[SetFunctor, ...]]:
    keyword(call)
    if not call.arguments:
        raise reject(Code.WRONG_ARGUMENTS, "`presheaves` takes a category and presheaves on it", call.span)
    category = elaborator.category(call.arguments[0])
    listed = []
    for argument in call.arguments[1:]:
        functor = elaborator.set_functor(argument)
        elaborator.require_category(functor.category, category, argument)
        adapted = elaborator.workshop.adapt(functor, contravariant=True)
        if adapted is None:
            raise elaborator.wrong_variance(functor, True, argument)
        listed.append(adapted)
    return category, tuple(listed)


def _presheaf_category(elaborator: Elaborator, call: ast.Call) -> Value:
    category, listed = _presheaves(elaborator, call)
    return elaborator.workshop.presheaves(category, listed, call.span).category


def _yoneda(elaborator: Elaborator, call: ast.Call) -> Value:
    category, listed = _presheaves(elaborator, call)
    functor = elaborator.workshop.yoneda(category, listed, call.span)
    return FunctorOf(functor.dom, functor.cod, functor)


# --- set-valued functors --------------------------------------------------------------------------


def _y(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    category, at = elaborator.constant_object(argument)
    return elaborator.workshop.hom_functor(category, at, contravariant=True)


def _hom(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    match first, second:
        case ast.Placeholder(), ast.Placeholder():
            raise reject(Code.WRONG_ARGUMENTS, "`hom(-, -)` needs an object on one side", call.span)
        case ast.Placeholder(), _:
            category, at = elaborator.constant_object(second)
            return elaborator.workshop.hom_functor(category, at, contravariant=True)
        case _, ast.Placeholder():
            category, at = elaborator.constant_object(first)
            return elaborator.workshop.hom_functor(category, at, contravariant=False)
    dom = elaborator.object(first)
    cod = elaborator.object(second, dom.category)
    return SetOf(logic.Hom(dom.category, dom.term, cod.term))


def _constant(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    if not isinstance(first, ast.SetLiteral):
        raise reject(Code.WRONG_KIND, "expected a set such as `{a, b}`", first.span)
    names = tuple(label.text for label in labels(first.elements))
    return elaborator.workshop.constant(names, elaborator.category(second))


def _empty(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    return elaborator.workshop.constant((), elaborator.category(argument))


def _maps(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    if not isinstance(second, ast.SetLiteral):
        raise reject(Code.WRONG_KIND, "expected a set such as `{a, b}`", second.span)
    names = tuple(label.text for label in labels(second.elements))
    return elaborator.workshop.maps(elaborator.set_functor(first), names)


def _restrict(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    functor, target = elaborator.constant_functor(first), elaborator.set_functor(second)
    elaborator.require_category(target.category, functor.cod, second)
    return elaborator.workshop.restrict(functor, target)


def _kan(name: str) -> Constructor:
    def build(elaborator: Elaborator, call: ast.Call) -> Value:
        first, second = slots(call, "", "along")
        functor, along = elaborator.set_functor(first), elaborator.constant_functor(second)
        elaborator.require_category(functor.category, along.dom, first)
        return elaborator.workshop.kan(name, functor, along, call.span)

    return build


def presheaf(elaborator: Elaborator, expr: ast.Expr) -> SetFunctor:
    """A set-valued functor that must be a presheaf.

    Raises:
        Rejection: wrong variance.
    """
    functor = elaborator.set_functor(expr)
    adapted = elaborator.workshop.adapt(functor, contravariant=True)
    if adapted is None:
        raise elaborator.wrong_variance(functor, True, expr)
    return adapted


def _extension(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    functor = elaborator.value(first)
    weight = presheaf(elaborator, second)
    match functor:
        case SetFunctor():
            elaborator.require_category(weight.category, functor.category, second)
            copresheaf = elaborator.workshop.adapt(functor, contravariant=False)
            if copresheaf is None:
                raise reject(
                    Code.WRONG_VARIANCE,
                    f"`{print_expression(first)}` is a presheaf; the Yoneda extension is of a copresheaf",
                    first.span,
                    help=("a presheaf task T extends as W |-> Nat(W, T): write `nat(W, T)`",),
                )
            labels = elaborator.workshop.extension(copresheaf, weight)
            return SetOf(logic.FiniteSet(labels, f"extension({copresheaf.name}, {weight.name})"))
        case FunctorOf():
            target = elaborator.constant_functor(first)
            elaborator.require_category(weight.category, target.dom, second)
            at = elaborator.workshop.colimit(target, weight, call.span)
            if at is None:
                raise reject(
                    Code.NO_COLIMIT,
                    f"`{target.cod.name}` has no colimit of `{target.name}` weighted by `{weight.name}`",
                    call.span,
                    help=("`has_extension(F, at: W)` asks whether there is one",),
                )
            return ObjectOf(target.cod, logic.ObjectConstant(target.cod, at))
        case _:
            raise reject(Code.WRONG_KIND, f"expected a functor, found {describe(functor)}", first.span)


def _nat(elaborator: Elaborator, call: ast.Call) -> Value:
    first, second = elaborator.arguments(call, 2)
    dom, cod = elaborator.set_functor(first), elaborator.set_functor(second)
    adapted = elaborator.workshop.adapt(cod, contravariant=dom.contravariant)
    if adapted is None:
        alternative = elaborator.workshop.adapt(dom, contravariant=cod.contravariant)
        dom, adapted = (alternative, cod) if alternative is not None else (dom, cod)
    elaborator.require_same_kind(dom, adapted, second)
    labels = elaborator.workshop.natural_maps(dom, adapted, call.span)
    return SetOf(logic.FiniteSet(labels, f"nat({dom.name}, {adapted.name})"))


def _base(elaborator: Elaborator, call: ast.Call) -> Value:
    (argument,) = elaborator.arguments(call, 1)
    match elaborator.value(argument):
        case SetFunctor(category=category) | ObjectOf(category=category):
            return category
        case value:
            raise reject(Code.WRONG_KIND, f"{describe(value)} has no base category", argument.span)


# --- models ---------------------------------------------------------------------------------------


def _model(elaborator: Elaborator, expr: ast.Expr) -> Model:
    known = elaborator.meaning(expr) if isinstance(expr, ast.Name) else None
    if not isinstance(known, Model):
        raise reject(Code.WRONG_KIND, f"`{print_expression(expr)}` is not a model", expr.span)
    return known


def _category_of(elaborator: Elaborator, call: ast.Call) -> Value:
    named = keyword(call, "threshold", "reading")
    if len(call.arguments) != 1:
        raise reject(Code.WRONG_ARGUMENTS, "`category_of` takes one model", call.span)
    model = _model(elaborator, call.arguments[0])
    threshold = number(named["threshold"]) if "threshold" in named else None
    reading = _reading(named["reading"]) if "reading" in named else None
    return elaborator.workshop.reading(model.bundle, threshold, reading, call.span).category


def _reading(expr: ast.Expr) -> Reading:
    words = [str(reading) for reading in Reading]
    if not isinstance(expr, ast.Name) or expr.text not in words:
        listed = ", ".join(f'`"{word}"`' for word in words)
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{print_expression(expr)}` is no reading of a relation",
            expr.span,
            help=(f"there are {listed}",),
        )
    return Reading(expr.text)


def _task(elaborator: Elaborator, call: ast.Call) -> Value:
    named = keyword(call, "on")
    if len(call.arguments) != 2 or not isinstance(call.arguments[1], ast.Name):
        raise reject(
            Code.WRONG_ARGUMENTS, '`task` takes a model and the name of a task, `task(m, "digit_7")`', call.span
        )
    model = _model(elaborator, call.arguments[0])
    category = elaborator.category(named["on"]) if "on" in named else None
    return elaborator.workshop.task(model.bundle, call.arguments[1], category, call.span)


def constructors() -> dict[str, Constructor]:
    """All constructions by their words."""
    return {
        "op": _op,
        **{name: _sized(name) for name in ("chain", "cyclic", "symmetric", "dihedral")},
        **{name: _listed(name) for name in ("discrete", "codiscrete")},
        "free": _free,
        "subcategory": _subcategory,
        "inclusion": _inclusion,
        **{name: _sliced(name) for name in ("slice", "coslice")},
        **{name: _derived(name) for name in ("arrow_category", "karoubi")},
        "elements": _elements,
        "comma": _comma,
        "action": _action,
        "presheaves": _presheaf_category,
        "yoneda": _yoneda,
        "y": _y,
        "hom": _hom,
        "constant": _constant,
        "empty": _empty,
        "maps": _maps,
        "restrict": _restrict,
        **{name: _kan(name) for name in ("lan", "ran")},
        "extension": _extension,
        "nat": _nat,
        "base": _base,
        "category_of": _category_of,
        "task": _task,
    }


__all__ = ["constructors", "keyword", "natural_number", "presheaf", "slots"]
