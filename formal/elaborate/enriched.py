"""Claims about relations with values in a quantale: predicates, comparisons of quantities, quantifiers over objects.

What a predicate means is said once, by its function in the table ``PREDICATES``: the docstring is the unfolding, into
comparisons of the quantities of ``formal.enriched.formula``, with its source. Quantifiers are spelled out.

Source: Lawvere 1973, Metric spaces, generalized logic, and closed categories; Kelly 1982, Basic concepts of enriched
category theory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import prod

from formal.elaborate.matrix import (
    EXTENSIONS,
    MATRICES,
    aligned,
    column_of,
    extension,
    is_matrix,
    matrix,
    require_quantale,
)
from formal.elaborate.names import all_of
from formal.elaborate.number import FUNCTIONS
from formal.elaborate.quantity import (
    COUNTS,
    QUANTITIES,
    bracket,
    distance,
    excess_of,
    facing,
    nerode_classes,
    prompt_number,
    quantity,
    rank,
    same_shape,
    vector,
)
from formal.elaborate.reader import Reader
from formal.elaborate.relation import Kind, MatrixOf, ObjectMapOf, ParameterOf, opposite, selected
from formal.elaborate.scope import Module, Poisoned, reject
from formal.enriched.expression import Expression
from formal.enriched.formula import (
    And,
    Combined,
    Compare,
    Constant,
    Defect,
    Distance,
    Excess,
    Formula,
    Gap,
    Given,
    InHull,
    Matrix,
    Not,
    Or,
    Order,
    Quantity,
    Restriction,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import Quantale
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.syntax.tree import operands
from formal.text import Code, Diagnostic, Rejection, Span
from formal.valuation.parts import parameters


@dataclass(frozen=True, slots=True)
class RelationClaim:
    """A claim about relations, elaborated.

    Args:
        statement: the formula as the author wrote it, on one line.
        expected: ``proved``, ``refuted`` or ``unknown``.
        names: what the script calls matrices that are computed.
    """

    name: str
    span: Span
    doc: str
    statement: str
    expected: str
    formula: Formula
    names: tuple[tuple[Matrix, str], ...] = ()


# --- which claims these are -----------------------------------------------------------------------


def is_about_relations(module: Module, expr: ast.Expr) -> bool:
    """Whether a formula speaks of relations, or only of numbers, rather than of finite categories.

    It does when it names a relation, a weight, a functor between relations or a parameter, when it applies a word that
    only relations have, or when it compares numbers.
    """
    stack: list[tuple[object, frozenset[str]]] = [(expr, frozenset())]
    while stack:
        node, bound = stack.pop()
        match node:
            case ast.Name(text=text, quoted=False):
                if text not in bound and _is_enriched(module, text):
                    return True
            case ast.Comparison() if _is_of_numbers(node):
                return True
            case ast.Call(function=ast.Name(text=text)) if text in _WORDS and text not in module.meanings:
                return True
            case ast.Call(keywords=keywords) if any(keyword.name.text in _KEYWORDS for keyword in keywords):
                return True
            case ast.Quantified(binders=binders):
                bound |= {name.text for binder in binders for name in binder.names}
            case _:
                pass
        stack += [(part, bound) for part in _parts(node)]
    return False


def _is_of_numbers(expr: ast.Comparison) -> bool:
    """Whether only numbers are compared in this way, or one of the sides is arithmetic."""
    signs = expr.operator in ("<", ">", ">=") or expr.tolerance is not None
    return signs or any(
        isinstance(side, ast.Difference | ast.Quotient | ast.Negative) for side in (expr.left, expr.right)
    )


def _is_enriched(module: Module, name: str) -> bool:
    known = module.meanings.get(name)
    if known is None:
        return False
    if isinstance(known[1], Poisoned):
        return known[1].is_enriched
    return isinstance(known[1], MatrixOf | ObjectMapOf | ParameterOf)


def _parts(node: object) -> Iterable[object]:
    match node:
        case ast.Call(function=function, arguments=arguments, keywords=keywords):
            return (function, *arguments, *(keyword.value for keyword in keywords))
        case ast.Compose(first=left, second=right) | ast.TheArrow(dom=left, cod=right):
            return left, right
        case ast.Product(left=left, right=right) | ast.Sum(left=left, right=right):
            return left, right
        case ast.Connective(left=left, right=right) | ast.Comparison(left=left, right=right):
            return left, right
        case ast.Power(base=part) | ast.Not(body=part):
            return (part,)
        case ast.Quantified(binders=binders, body=body):
            return (*(b.range for b in binders if isinstance(b, ast.Membership)), body)
        case ast.SetLiteral(elements=elements):
            return elements
        case _:
            return ()


# --- formulas -------------------------------------------------------------------------------------


def claim(reader: Reader, expr: ast.Expr) -> Formula:
    """A formula about relations with at most one parameter.

    Raises:
        Rejection: all that is wrong with it.
    """
    found = formula(reader, expr)
    names = [f"`{unknown.name}`" for unknown in parameters(found)]
    if len(names) > 1:
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"the claim leaves {len(names)} numbers open: {', '.join(names)}",
            expr.span,
            help=(
                "a claim has at most one parameter; write a number for the others",
                "or give them one from outside, such as `formal solve NAME --set q=1/2`",
            ),
        )
    return found


def formula(reader: Reader, expr: ast.Expr) -> Formula:
    """A formula about relations.

    Raises:
        Rejection: all that is wrong with it.
    """
    match expr:
        case ast.Not(body=body):
            return Not(formula(reader, body))
        case ast.Connective(operator=("and" | "or") as operator):
            found = all_of(operands(expr), partial(formula, reader), reader.budget)
            return And(found) if operator == "and" else Or(found)
        case ast.Connective(operator=operator, left=left, right=right):
            first, second = all_of((left, right), partial(formula, reader), reader.budget)
            there = Or((Not(first), second))
            return there if operator == "implies" else And((there, Or((Not(second), first))))
        case ast.Comparison():
            return _comparison(reader, expr)
        case ast.Quantified():
            return _quantified(reader, expr)
        case ast.Name(text=("true" | "false") as word) if reader.meaning(expr) is None:
            return And(()) if word == "true" else Or(())
        case ast.Call(function=ast.Name() as word) if reader.meaning(word) is None and word.text in PREDICATES:
            reader.budget.spend(expr.span)
            return PREDICATES[word.text](reader, expr)
        case ast.Call(function=ast.Name() as word) if reader.meaning(word) is None and word.text not in _TERMS:
            if word.text in reader.workshop.predicate_names(reader.module):
                raise reject(
                    Code.MIXED_CLAIM,
                    f"`{word.text}` is about finite categories, and what is said here is about relations",
                    word.span,
                    help=("write two claims: one about relations, one about categories",),
                )
            raise reader.unknown(word, "a predicate about relations", [*PREDICATES, *QUANTITIES])
        case _:
            what = "a relation or weight" if is_matrix(reader, expr) else "a number"
            raise reject(
                Code.WRONG_KIND,
                f"expected a formula, found {what}",
                expr.span,
                help=("compare it: `=`, `!=`, `<`, `<=`, `>`, `>=`, or `… = … within e`",),
            )


def _comparison(reader: Reader, expr: ast.Comparison) -> Formula:
    """A comparison of numbers; ``=`` of matrices is that their distance is 0."""
    if is_matrix(reader, expr.left) and is_matrix(reader, expr.right) and expr.operator in ("=", "!="):
        first, second = matrix(reader, expr.left), matrix(reader, expr.right)
        pair = same_shape(reader, first, second, expr.right)
        equal = at_most(Distance(*pair), reader.bound_of(expr.tolerance))
        return equal if expr.operator == "=" else Not(equal)
    sides: list[Quantity] = []
    wrong: list[Diagnostic] = []
    for side in (expr.left, expr.right):
        try:
            sides.append(quantity(reader, side))
        except Rejection as rejection:
            wrong += rejection.diagnostics
    tolerance: Expression | None = None
    try:
        tolerance = None if expr.tolerance is None else reader.bound_of(expr.tolerance)
    except Rejection as rejection:
        wrong += rejection.diagnostics
    if wrong:
        raise Rejection(wrong)
    left, right = sides
    if tolerance is not None:
        return at_most(Combined("abs", (Combined("-", (left, right)),)), tolerance)
    match expr.operator:
        case "=":
            return Compare(left, Order.EQUAL, right)
        case "!=":
            return Not(Compare(left, Order.EQUAL, right))
        case "<=":
            return Compare(left, Order.AT_MOST, right)
        case "<":
            return Compare(left, Order.LESS, right)
        case ">=":
            return Compare(right, Order.AT_MOST, left)
        case _:
            return Compare(right, Order.LESS, left)


def at_most(value: Quantity, bound: Expression) -> Formula:
    """``value <= bound``."""
    return Compare(value, Order.AT_MOST, Constant(bound))


def _quantified(reader: Reader, expr: ast.Quantified) -> Formula:
    """``forall x, y in R. …`` is the conjunction of all instances, ``exists`` the disjunction, ``exists!`` just one."""
    names: list[str] = []
    ranges: list[tuple[str, ...]] = []
    for binder in expr.binders:
        if not isinstance(binder, ast.Membership):
            raise reject(
                Code.WRONG_KIND, "variables run over the objects of relations here", binder.span, help=("`x in R`",)
            )
        labels = _objects(reader, binder.range)
        for name in binder.names:
            if name.text in reader.bound or name.text in names:
                raise reject(Code.DUPLICATE_NAME, f"`{name.text}` is bound already", name.span)
            names.append(name.text)
            ranges.append(labels)
    reader.budget.spend(expr.span, prod(map(len, ranges)))
    instances: list[Formula] = []
    for labels in product(*ranges):
        inner = reader
        for variable, label in zip(names, labels, strict=True):
            inner = inner.binding(variable, label)
        instances.append(formula(inner, expr.body))
    if expr.quantifier == "forall":
        return And(tuple(instances))
    if expr.quantifier == "exists":
        return Or(tuple(instances))
    others = [Not(instance) for instance in instances]
    exactly = []
    for index, instance in enumerate(instances):
        reader.budget.spend(expr.span, len(instances))
        exactly.append(And((*others[:index], instance, *others[index + 1 :])))
    return Or(tuple(exactly))


def _objects(reader: Reader, expr: ast.Expr) -> tuple[str, ...]:
    """What a variable runs over: the objects of a relation, those that a weight is on, or some that are listed."""
    if isinstance(expr, ast.SetLiteral):
        return tuple(dict.fromkeys(reader.label(name) for name in expr.elements))
    if isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and expr.function.text == "part":
        return reader.part(expr)
    value = matrix(reader, expr)
    if value.kind is Kind.PROFUNCTOR:
        raise reject(
            Code.WRONG_KIND,
            f"`{value.name}` has two lists of objects",
            expr.span,
            help=(f"`column({value.name}, u)` is on one of them, `row({value.name}, x)` on the other",),
        )
    return value.labels


# --- predicates -----------------------------------------------------------------------------------


def _is_category(reader: Reader, call: ast.Call) -> Formula:
    """``is_category(C, within: e)``: ``defect(C) <= e``, that is ``I <= C`` and ``C C <= C`` up to e. Lawvere 1973."""
    named = reader.arguments(call, (1,), ("within",))
    value = matrix(reader, call.arguments[0], Kind.RELATION)
    return at_most(Defect(value.matrix), reader.bound_of(named.get("within")))


def _is_presheaf(reader: Reader, call: ast.Call) -> Formula:
    """``is_presheaf(A, within: e)``: ``C A <= A`` up to e; for a coweight ``F C <= F``. Kelly 1982, 1.4."""
    named = reader.arguments(call, (1,), ("within",))
    return at_most(excess_of(reader, call.arguments[0]), reader.bound_of(named.get("within")))


def _representable(kind: Kind) -> Callable[[Reader, ast.Call], Formula]:
    def predicate(reader: Reader, call: ast.Call) -> Formula:
        named = reader.arguments(call, (1,), ("within", "metric", "on", "by", "in"))
        target = matrix(reader, call.arguments[0], kind)
        found = facing(reader, target, call.arguments[0], named.get("in"), named.get("on"))
        metric, bound = reader.metric(named.get("metric")), reader.bound_of(named.get("within"))
        if "by" not in named:
            return at_most(Gap(found.of, found.target, metric), bound)
        place = reader.place(named["by"], found.prompts, target.base.name if target.base is not None else target.name)
        column = Restriction(found.of, tuple(range(len(found.labels))), (place,))
        return at_most(Distance(column, found.target, metric), bound)

    words = ("represented", "column C(-, p)") if kind is Kind.WEIGHT else ("corepresented", "row C(p, -)")
    predicate.__doc__ = f"It is {words[0]} by some p, or the given one: at most e from {words[1]}. Kelly 1982, 1.10."
    return predicate


def _count(count: Callable[[Reader, ast.Call], Quantity]) -> Callable[[Reader, ast.Call], Formula]:
    def predicate(reader: Reader, call: ast.Call) -> Formula:
        value = count(reader, call)
        named = {keyword.name.text: keyword.value for keyword in call.keywords if keyword.name.text in COUNTS}
        if not named:
            raise reject(
                Code.WRONG_KIND,
                "expected a formula, found a number",
                call.span,
                help=("say `is: k`, `at_most: k` or `at_least: k`, or compare it",),
            )
        parts: list[Formula] = []
        for word, expr in named.items():
            wanted = Constant(reader.natural(expr, f"`{word}:`"))
            if word == "is":
                parts.append(Compare(value, Order.EQUAL, wanted))
            elif word == "at_most":
                parts.append(Compare(value, Order.AT_MOST, wanted))
            else:
                parts.append(Compare(wanted, Order.AT_MOST, value))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    predicate.__doc__ = f"The count is, is at most, or is at least a number. {count.__doc__}"
    return predicate


def _in_hull(reader: Reader, call: ast.Call) -> Formula:
    """``in_hull(A, of: {T, U}, within: e)``: each row of A is within e of a combination of these rows of T and U.

    ``in_hull(W, of: K)``: a weight, as one point, is within e of a convex combination of the columns of K; a coweight
    of its rows. ``shared`` then, as all contexts have the same vertices.
    """
    named = reader.arguments(call, (1,), ("of", "within"))
    if "of" not in named:
        raise reject(Code.WRONG_ARGUMENTS, "`in_hull` is `of:` some weights or a relation", call.span)
    point, bound = matrix(reader, call.arguments[0]), reader.tolerance(named.get("within"))
    of = named["of"]
    if isinstance(of, ast.SetLiteral):
        if not of.elements:
            raise reject(Code.WRONG_ARGUMENTS, "the hull of nothing is empty", of.span)
        vertices = []
        for name in of.elements:
            vertex = matrix(reader, name)
            vertices.append(same_shape(reader, point, vertex, name)[1])
        return InHull(point.matrix, tuple(vertices), bound, shared=False)
    other = matrix(reader, of, Kind.RELATION, Kind.PROFUNCTOR)
    require_quantale(other, point, of)
    if point.kind is Kind.WEIGHT:
        point, other = opposite(point), opposite(other)
    other = aligned(reader, other, None, point.columns, of)
    return InHull(point.matrix, (other.matrix,), bound, shared=True)


def _features(reader: Reader, call: ast.Call, target: MatrixOf, expr: ast.Expr | None) -> tuple[Matrix, Matrix]:
    """The features of the objects of a weight, and the weight as a column."""
    if expr is None:
        word = print_expression(call.function)
        raise reject(Code.WRONG_ARGUMENTS, f"`{word}` needs `features:`", call.span)
    features = matrix(reader, expr)
    if target.kind is Kind.COWEIGHT:
        target = opposite(target)
    places = reader.places.permutation(target.rows, features.rows)
    if places is None:
        missing = next(label for label in target.rows if label not in reader.places.of(features.rows))
        raise reject(Code.WRONG_SHAPE, f"`{features.name}` has no features of `{missing}`", expr.span)
    return selected(features, places).matrix, target.matrix


def _soft_prompt(reader: Reader, call: ast.Call) -> Formula:
    """``soft_prompt(T, features: E, margin: m, threshold: t)``: some point p of R^d, and some t if none is given, have

    ``<E(x), p> >= t + m`` where the task T is 1 and ``<E(x), p> <= t`` where it is 0. Linear arithmetic.
    """
    named = reader.arguments(call, (1,), ("features", "margin", "threshold"))
    target = vector(reader, call.arguments[0])
    _require_boolean(target, call.arguments[0])
    features, task = _features(reader, call, target, named.get("features"))
    if "margin" not in named:
        raise reject(Code.WRONG_ARGUMENTS, "`soft_prompt` needs `margin:`, a positive number", call.span)
    margin = reader.rational(named["margin"], "a margin")
    if margin <= 0:
        raise reject(Code.WRONG_ARGUMENTS, "a margin is positive", named["margin"].span)
    threshold = reader.rational(named["threshold"], "a threshold") if "threshold" in named else None
    return SoftPrompt(features, task, margin, threshold)


def _require_boolean(target: MatrixOf, expr: ast.Expr) -> None:
    if target.quantale is Quantale.BOOLEAN:
        return
    table = target.matrix.table if isinstance(target.matrix, Given) else None
    symbols = target.matrix.symbols if isinstance(target.matrix, Given) else ()
    values = (0, None if table is None else table.denominator)
    if table is None or symbols or not table.is_exact or any(value not in values for value in table.lower.ravel()):
        raise reject(
            Code.NOT_IN_QUANTALE,
            f"`{print_expression(expr)}` is not 0 or 1 everywhere",
            expr.span,
            help=(f"`at_least({print_expression(expr)}, 1/2)` is",),
        )


def _soft_representable(reader: Reader, call: ast.Call) -> Formula:
    """``soft_representable(W, features: E, within: e)``: some p of R^d has ``|<E(x), p> - W(x)| <= e`` for all x."""
    named = reader.arguments(call, (1,), ("features", "within"))
    target = vector(reader, call.arguments[0])
    features, column = _features(reader, call, target, named.get("features"))
    return SoftWeight(features, column, reader.tolerance(named.get("within")))


def _functor(reader: Reader, call: ast.Call) -> tuple[Matrix, Matrix, Expression]:
    """``C(x, y)``, ``D(Gx, Gy)`` and e."""
    named = reader.arguments(call, (1,), ("within",))
    functor = reader.object_map(call.arguments[0])
    image = selected(functor.cod, functor.images, functor.images).matrix
    return functor.dom.matrix, image, reader.bound_of(named.get("within"))


def _is_functor(reader: Reader, call: ast.Call) -> Formula:
    """``is_functor(G, within: e)``: ``C(x, y) <= D(Gx, Gy)`` up to e. Kelly 1982, 1.2."""
    there, image, bound = _functor(reader, call)
    return at_most(Excess(there, image), bound)


def _full(reader: Reader, call: ast.Call) -> Formula:
    """``full(G, within: e)``: ``D(Gx, Gy) <= C(x, y)`` up to e, for all pairs. Kelly 1982, 1.3."""
    there, image, bound = _functor(reader, call)
    return at_most(Excess(image, there), bound)


def _fully_faithful(reader: Reader, call: ast.Call) -> Formula:
    """``fully_faithful(G, within: e)``: ``C(x, y) = D(Gx, Gy)`` up to e, for all pairs. Kelly 1982, 1.3."""
    there, image, bound = _functor(reader, call)
    return And((at_most(Excess(there, image), bound), at_most(Excess(image, there), bound)))


def _depicted(reader: Reader, call: ast.Call) -> Formula:
    """``depicted(Phi, u, by: a, on: B, within: e)``: the weight Phi(-, u) on B is represented, by a if given."""
    named = reader.arguments(call, (2,), ("by", "on", "within", "metric"))
    if "on" not in named:
        raise reject(Code.WRONG_ARGUMENTS, "`depicted` is `on:` a relation", call.span)
    profunctor = matrix(reader, call.arguments[0], Kind.PROFUNCTOR, Kind.RELATION)
    base = matrix(reader, named["on"], Kind.RELATION)
    require_quantale(base, profunctor, named["on"])
    place = reader.place(call.arguments[1], profunctor.columns, profunctor.name)
    target = aligned(reader, column_of(profunctor, place, profunctor.name), base.rows, None, named["on"]).matrix
    metric, bound = reader.metric(named.get("metric")), reader.bound_of(named.get("within"))
    if "by" not in named:
        return at_most(Gap(base.matrix, target, metric), bound)
    prompt = reader.place(named["by"], base.columns, base.name)
    return at_most(Distance(selected(base, None, (prompt,)).matrix, target, metric), bound)


def _determined(reader: Reader, call: ast.Call) -> Formula:
    """``determined(F, at: x, along: G, within: e)``: the left and right Kan extension of F along G agree at x, up to e.

    Every T with the given values has ``Lan F <= T <= Ran F``, so it has only one value there.
    """
    named = reader.arguments(call, (1,), ("at", "along", "within"))
    for word in ("at", "along"):
        if word not in named:
            raise reject(Code.WRONG_ARGUMENTS, f"`determined` needs `{word}:`", call.span)
    found = bracket(reader, call.arguments[0], named["along"], named["at"])
    return at_most(found, reader.bound_of(named.get("within")))


def _isomorphic(reader: Reader, call: ast.Call) -> Formula:
    """``isomorphic(A, B, within: e)``: ``distance(A, B) <= e``; the only isomorphisms of values are equalities."""
    named = reader.arguments(call, (2,), ("within", "metric", "on"))
    found = distance(reader, call, named.get("metric"), named.get("on"))
    return at_most(found, reader.bound_of(named.get("within")))


def _adjoint(reader: Reader, call: ast.Call) -> Formula:
    """``adjoint(F, G, within: e)``: ``D(Fx, y) = C(x, Gy)`` up to e, for F: C -> D and G: D -> C. Kelly 1982, 1.11."""
    named = reader.arguments(call, (2,), ("within",))
    left, right = (reader.object_map(argument) for argument in call.arguments)
    if (left.dom.rows, left.cod.rows) != (right.cod.rows, right.dom.rows):
        raise reject(
            Code.WRONG_ENDS,
            f"`{right.name}` does not lead from where `{left.name}` ends to where it starts",
            call.arguments[1].span,
        )
    above, below = selected(left.cod, left.images, None), selected(left.dom, None, right.images)
    return at_most(Distance(above.matrix, below.matrix), reader.bound_of(named.get("within")))


def _kan(word: str) -> Callable[[Reader, ast.Call], Formula]:
    def predicate(reader: Reader, call: ast.Call) -> Formula:
        named = reader.arguments(call, (1,), ("along", "of", "within"))
        for keyword in ("along", "of"):
            if keyword not in named:
                raise reject(Code.WRONG_ARGUMENTS, f"`{print_expression(call.function)}` needs `{keyword}:`", call.span)
        found = vector(reader, call.arguments[0])
        wanted = extension(reader, word, named["of"], named["along"])
        pair = same_shape(reader, wanted, found, call.arguments[0])
        return at_most(Distance(*pair), reader.bound_of(named.get("within")))

    predicate.__doc__ = (
        f"It is the extension of a weight or coweight along a functor, up to e. {EXTENSIONS[word].__doc__}"
    )
    return predicate


PREDICATES: dict[str, Callable[[Reader, ast.Call], Formula]] = {
    "is_category": _is_category,
    "is_presheaf": _is_presheaf,
    "representable": _representable(Kind.WEIGHT),
    "corepresentable": _representable(Kind.COWEIGHT),
    "prompt_number": _count(prompt_number),
    "nerode_classes": _count(nerode_classes),
    "rank": _count(rank),
    "in_hull": _in_hull,
    "soft_prompt": _soft_prompt,
    "soft_representable": _soft_representable,
    "is_functor": _is_functor,
    "full": _full,
    "fully_faithful": _fully_faithful,
    "isomorphic": _isomorphic,
    "adjoint": _adjoint,
    "left_kan": _kan("lan"),
    "right_kan": _kan("ran"),
    "depicted": _depicted,
    "determined": _determined,
}
"""The predicates by their words."""

_TERMS = frozenset({*QUANTITIES, *MATRICES, *FUNCTIONS, "min", "max", "abs"})
_SHARED = frozenset(
    [
        *("representable", "corepresentable", "prompt_number", "full", "fully_faithful"),
        *("isomorphic", "adjoint", "left_kan", "right_kan", "restrict", "lan", "ran", "extension", "task"),
    ]
)
"""Words that finite categories have, too."""
_WORDS = (frozenset(PREDICATES) | _TERMS) - _SHARED
"""Words that only relations have."""
_KEYWORDS = frozenset(["within", "metric"])
"""Arguments that only predicates of relations have."""
