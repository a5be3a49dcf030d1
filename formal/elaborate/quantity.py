"""Terms that stand for numbers computed from matrices: entries, distances, gaps, degrees, counts; and arithmetic.

Each quantity is a function in the table ``QUANTITIES``; its docstring is its definition, by the quantities and
matrices of ``formal.enriched.formula``.

Source: Lawvere 1973; Kelly 1982, chapters 1, 3, 4; Nerode 1958 for the classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from formal.elaborate.matrix import (
    EXTENSIONS,
    MATRICES,
    aligned,
    extension,
    matrix,
    require_quantale,
    wrong_variance,
)
from formal.elaborate.number import FUNCTIONS, apply, arithmetic
from formal.elaborate.reader import Reader
from formal.elaborate.relation import Kind, MatrixOf, composed, opposite, presheaf_excess, selected
from formal.elaborate.scope import Model, reject
from formal.enriched.expression import Expression, Operation, Rational
from formal.enriched.formula import (
    Classes,
    Combined,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Gap,
    Matrix,
    Metric,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
)
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Rejection
from formal.valuation.walk import postorder

LARGEST_POWER = 64
"""Of a quantity that is not a number written out: a power is a product."""
MOST_PARTS = 10_000
"""Of a number that is computed from others, each counted as often as it occurs."""
MOST_OPERANDS = 1000
"""Of ``min`` and ``max``."""
_MANY = {"min", "max"}
_LONG = {Operation.ADD, Operation.MULTIPLY}
"""Chains of these are one operation on many numbers."""


def quantity(reader: Reader, expr: ast.Expr) -> Quantity:
    """The number that a term stands for.

    Raises:
        Rejection: it stands for none.
    """
    found: Quantity = arithmetic(expr, lambda leaf: _leaf(reader, leaf), combine)
    if isinstance(found, Combined):
        whole: Quantity = found
        sizes: dict[int, int] = {}
        for node in postorder(whole, _operands):
            parts = _operands(node)
            sizes[id(node)] = 1 + sum(sizes[id(part)] for part in parts)
        if sizes[id(found)] > MOST_PARTS:
            raise _too_large(expr)
    return found


def _operands(of: Quantity) -> tuple[Quantity, ...]:
    return of.operands if isinstance(of, Combined) else ()


def _too_large(expr: ast.Expr) -> Rejection:
    return reject(Code.BUDGET_EXCEEDED, f"the number is computed from more than {MOST_PARTS} others", expr.span)


def combine(operation: Operation, operands: tuple[Quantity, ...], expr: ast.Expr) -> Quantity:
    """An operation on quantities; carried out where they are numbers written out."""
    values: list[Expression] = [operand.value for operand in operands if isinstance(operand, Constant)]
    if len(values) == len(operands):
        return Constant(apply(operation, tuple(values), expr))
    if operation is Operation.POWER:
        return _power(operands[0], expr)
    if operation is Operation.DIVIDE and isinstance(operands[1], Constant):
        apply(operation, (Rational(Fraction(1)), operands[1].value), expr)
    first = operands[0]
    if operation in _LONG and isinstance(first, Combined) and first.operation == operation.value:
        if len(first.operands) >= MOST_PARTS:
            raise _too_large(expr)
        return Combined(operation.value, (*first.operands, *operands[1:]))
    return Combined(operation.value, operands)


def _power(base: Quantity, expr: ast.Expr) -> Quantity:
    exponent = expr.exponent if isinstance(expr, ast.Power) else 0
    if not 1 <= exponent <= LARGEST_POWER:
        raise reject(Code.BUDGET_EXCEEDED, f"exponents are from 1 to {LARGEST_POWER} here", expr.span)
    return Combined("*", (base,) * exponent) if exponent > 1 else base


def _leaf(reader: Reader, expr: ast.Expr) -> Quantity:
    reader.budget.spend(expr.span)
    match expr:
        case ast.Call(function=ast.Name() as word) if reader.meaning(word) is None and word.text not in reader.bound:
            return _call(reader, expr, word)
        case ast.Call(function=ast.Name() as word) if isinstance(reader.meaning(word), Model):
            raise reject(Code.WRONG_KIND, "a model cannot be applied", word.span)
        case ast.Call(function=function):
            return _entry(reader, expr, matrix(reader, function))
        case ast.Compose():
            raise reject(Code.WRONG_KIND, "expected a number, found a matrix", expr.span)
        case ast.Name() if isinstance(value := reader.meaning(expr), MatrixOf):
            raise reject(
                Code.WRONG_KIND,
                f"expected a number, found a {value.kind}",
                expr.span,
                help=(f"its entries are written `{_example(value)}`",),
            )
        case _:
            return Constant(reader.number(expr))


def _example(value: MatrixOf) -> str:
    names = [labels[0] if labels else "x" for labels in (value.rows, value.columns)]
    return (
        f"{value.name}({value.labels[0] if value.labels else 'x'})"
        if value.is_vector
        else f"{value.name}({', '.join(names)})"
    )


def _call(reader: Reader, call: ast.Call, word: ast.Name) -> Quantity:
    if word.text in ("min", "max", "abs"):
        if word.text in _MANY and 1 <= len(call.arguments) <= MOST_OPERANDS:
            reader.arguments(call, (len(call.arguments),))
        elif word.text in _MANY:
            message = f"`{word.text}` takes from 1 to {MOST_OPERANDS} numbers, not {len(call.arguments)}"
            raise reject(Code.WRONG_ARGUMENTS, message, call.span)
        else:
            reader.arguments(call, (1,))
        operands = tuple(quantity(reader, argument) for argument in call.arguments)
        return operands[0] if len(operands) == 1 and word.text in _MANY else Combined(word.text, operands)
    if word.text in FUNCTIONS:
        operands = tuple(quantity(reader, argument) for argument in call.arguments)
        values = tuple(operand.value for operand in operands if isinstance(operand, Constant))
        if len(values) < len(operands):
            raise reject(Code.WRONG_ARGUMENTS, f"`{word.text}` is of numbers written out", call.span)
        return Constant(reader.applied(call, values))
    found = QUANTITIES.get(word.text)
    if found is not None:
        return found(reader, call)
    if word.text in MATRICES:
        value = matrix(reader, call)
        raise reject(
            Code.WRONG_KIND,
            f"expected a number, found a {value.kind}",
            call.span,
            help=("the entry of a matrix is written by its row and column: `(R >> S)(x, y)`",),
        )
    raise reader.unknown(
        word, "a quantity, relation, weight or coweight", [*QUANTITIES, *MATRICES, *reader.declared(MatrixOf)]
    )


def _entry(reader: Reader, call: ast.Call, value: MatrixOf) -> Quantity:
    """``R(cat, dog)``, ``W(cat)``, ``F(cat)``."""
    count = 1 if value.is_vector else 2
    reader.arguments(call, (count,))
    if value.kind is Kind.WEIGHT:
        return Entry(value.matrix, reader.place(call.arguments[0], value.rows, value.name), 0)
    if value.kind is Kind.COWEIGHT:
        return Entry(value.matrix, 0, reader.place(call.arguments[0], value.columns, value.name))
    row = reader.place(call.arguments[0], value.rows, value.name)
    return Entry(value.matrix, row, reader.place(call.arguments[1], value.columns, value.name))


# --- what several quantities need -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facing:
    """A weight and the matrix whose columns are compared with it; both opposite for a coweight.

    Args:
        of: shape (n, p); ``target``: shape (n, 1).
        labels: of the n rows; ``prompts`` of the p columns.
    """

    of: Matrix
    target: Matrix
    labels: tuple[str, ...]
    prompts: tuple[str, ...]


def facing(
    reader: Reader, target: MatrixOf, expr: ast.Expr, among: ast.Expr | None = None, on: ast.Expr | None = None
) -> Facing:
    """A weight with the matrix that it is on, or another one.

    Args:
        expr: what the target is written as.
        among: another relation or profunctor with the same rows (for coweights, columns).
        on: patterns that restrict what is compared.
    """
    base = matrix(reader, among, Kind.RELATION, Kind.PROFUNCTOR) if among is not None else target.base
    if base is None:
        raise reject(
            Code.MISSING_VALUE,
            f"it is not known which relation `{print_expression(expr)}` is on",
            expr.span,
            help=("say it: `in: R`, or declare `weight W on R = …`",),
        )
    require_quantale(base, target, expr)
    name = base.name
    if target.kind is Kind.COWEIGHT:
        base, target = opposite(base), opposite(target)
    if among is not None:
        base = aligned(reader, base, target.rows, None, among)
    chosen = reader.matching(on, target.rows, name)
    base, target = selected(base, chosen), selected(target, chosen)
    return Facing(base.matrix, target.matrix, base.rows, base.columns)


def vector(reader: Reader, expr: ast.Expr) -> MatrixOf:
    """A weight or coweight."""
    return matrix(reader, expr, Kind.WEIGHT, Kind.COWEIGHT)


def excess_of(reader: Reader, expr: ast.Expr) -> Quantity:
    """By how much a weight or coweight fails to be a presheaf on the relation that it is on."""
    target = vector(reader, expr)
    base = target.base
    if base is None or base.kind is not Kind.RELATION:
        raise reject(
            Code.WRONG_KIND,
            f"`{print_expression(expr)}` is not on a relation",
            expr.span,
            help=("presheaves are weights on a relation, one with as many rows as columns",),
        )
    return presheaf_excess(target, base)


def same_shape(
    reader: Reader, first: MatrixOf, second: MatrixOf, expr: ast.Expr, on: ast.Expr | None = None
) -> tuple[Matrix, Matrix]:
    """Two matrices whose entries are compared one by one, the labels in one order.

    Raises:
        Rejection: their kinds, quantales or labels differ.
    """
    require_quantale(first, second, expr)
    if {first.kind, second.kind} == {Kind.WEIGHT, Kind.COWEIGHT}:
        raise wrong_variance(second, first.kind, expr)
    if first.is_vector != second.is_vector:
        raise reject(Code.WRONG_KIND, f"a {first.kind} is compared with a {second.kind}", expr.span)
    second = aligned(reader, second, first.rows, first.columns, expr)
    if first.kind is Kind.WEIGHT:
        chosen = reader.matching(on, first.rows, first.name)
        return selected(first, chosen).matrix, selected(second, chosen).matrix
    chosen = reader.matching(on, first.columns, first.name)
    return selected(first, None, chosen).matrix, selected(second, None, chosen).matrix


def distance(reader: Reader, call: ast.Call, metric: ast.Expr | None, on: ast.Expr | None) -> Quantity:
    """How far apart two matrices are; of a weight the rows are compared on some labels, else the columns."""
    first, second = (matrix(reader, argument) for argument in call.arguments)
    pair = same_shape(reader, first, second, call.arguments[1], on)
    chosen = reader.metric(metric)
    compared = reader.matching(on, first.columns, first.name) if not first.is_vector else None
    if chosen is Metric.TV and not first.is_vector and len(first.columns if compared is None else compared) == 1:
        # A formula takes one column for a vector, whose entries are added up; here it is a row of each object.
        return Combined("/", (Distance(*pair), Constant(Rational(Fraction(2)))))
    return Distance(*pair, chosen)


# --- the table ------------------------------------------------------------------------------------


def _extension(reader: Reader, call: ast.Call) -> Quantity:
    """``extension(F, W) = F W = join over x of F(x) (x) W(x)``, the Yoneda extension of F at W. Kelly 1982, 4.1."""
    reader.arguments(call, (2,))
    first, second = call.arguments
    coweight, weight = matrix(reader, first, Kind.COWEIGHT), matrix(reader, second, Kind.WEIGHT)
    require_quantale(coweight, weight, second)
    for vector_, expr in ((coweight, first), (weight, second)):
        reader.take_for_category("extension", expr.span, vector_.base)
        reader.take_for_presheaf("extension", expr.span, vector_, vector_.base)
    weight = aligned(reader, weight, coweight.columns, None, second)
    return Entry(composed(coweight, weight, "").matrix, 0, 0)


def _coverage(reader: Reader, call: ast.Call) -> Quantity:
    """``coverage(C, S, of: x) = join over s in S of C(x, s) (x) C(s, x)``: how far x is a retract of what is in S."""
    named = reader.arguments(call, (2,), ("of",))
    if "of" not in named:
        raise reject(Code.WRONG_ARGUMENTS, "`coverage` is `of:` an object", call.span)
    value = matrix(reader, call.arguments[0], Kind.RELATION)
    objects = reader.listed(call.arguments[1], value.rows, value.name)
    at = (reader.place(named["of"], value.rows, value.name),)
    there, back = selected(value, at, objects), selected(value, objects, at)
    return Entry(Composite(there.matrix, back.matrix), 0, 0)


def _degree(reader: Reader, call: ast.Call) -> Quantity:
    r"""``degree(A) = (A \ C) A``, the degree to which some object represents A. Kelly 1982, 1.10 and 3.1."""
    named = reader.arguments(call, (1,), ("in",))
    (expr,), among = call.arguments, named.get("in")
    target = vector(reader, expr)
    found = facing(reader, target, expr, among)
    if found.labels != found.prompts:
        raise reject(
            Code.WRONG_KIND,
            "the degree of being representable is asked on a relation; rows and columns are different objects here",
            call.span,
            help=("`gap` is asked on a profunctor, too",),
        )
    relation = target.base if among is None else matrix(reader, among)
    reader.take_for_category("degree", expr.span if among is None else among.span, relation)
    reader.take_for_presheaf("degree", expr.span, target, relation)
    return Entry(Composite(Residual(found.target, found.of), found.target), 0, 0)


def _distance(reader: Reader, call: ast.Call) -> Quantity:
    """``distance(A, B)``: the greatest difference of two entries (``metric: sup``), or the total variation (``tv``)."""
    named = reader.arguments(call, (2,), ("metric", "on"))
    return distance(reader, call, named.get("metric"), named.get("on"))


def _excess(reader: Reader, call: ast.Call) -> Quantity:
    """``excess(A, B)``: the least e with ``A <= B`` moved up by e, in the order of the quantale."""
    named = reader.arguments(call, (2,), ("on",))
    first, second = (matrix(reader, argument) for argument in call.arguments)
    return Excess(*same_shape(reader, first, second, call.arguments[1], named.get("on")))


def _defect(reader: Reader, call: ast.Call) -> Quantity:
    """``defect(C)``: the least e within which C is a category, ``I <= C`` and ``C C <= C``. Lawvere 1973."""
    reader.arguments(call, (1,))
    return Defect(matrix(reader, call.arguments[0], Kind.RELATION).matrix)


def _presheaf_defect(reader: Reader, call: ast.Call) -> Quantity:
    """``presheaf_defect(A)``: the least e with ``C A <= A`` moved up by e; ``F C <= F`` for a coweight."""
    reader.arguments(call, (1,))
    return excess_of(reader, call.arguments[0])


def _gap(reader: Reader, call: ast.Call) -> Quantity:
    """``gap(A)``: the least distance from A to a representable, a column of the relation that it is on."""
    named = reader.arguments(call, (1,), ("in", "metric", "on"))
    target = vector(reader, call.arguments[0])
    found = facing(reader, target, call.arguments[0], named.get("in"), named.get("on"))
    return Gap(found.of, found.target, reader.metric(named.get("metric")))


def _repair(reader: Reader, call: ast.Call) -> Quantity:
    """``repair(C)``: the least e such that some category is nowhere further than e from C."""
    reader.arguments(call, (1,))
    return Repair(matrix(reader, call.arguments[0], Kind.RELATION).matrix)


COUNTS = ("is", "at_most", "at_least")
"""The words that make a claim of a count."""


def prompt_number(reader: Reader, call: ast.Call) -> Quantity:
    """``prompt_number(A, within: e)``: the least number of representables whose join is within e of A."""
    named = reader.arguments(call, (1,), ("within", "in", "on", *COUNTS))
    target = vector(reader, call.arguments[0])
    found = facing(reader, target, call.arguments[0], named.get("in"), named.get("on"))
    return PromptNumber(found.of, found.target, reader.tolerance(named.get("within")))


def nerode_classes(reader: Reader, call: ast.Call) -> Quantity:
    """``nerode_classes(K, within: e)``: the number of classes of rows, chains of rows within e being together."""
    named = reader.arguments(call, (1,), ("within", "metric", "on", *COUNTS))
    value = matrix(reader, call.arguments[0], Kind.RELATION, Kind.PROFUNCTOR)
    value = selected(value, None, reader.matching(named.get("on"), value.columns, value.name))
    return Classes(value.matrix, reader.tolerance(named.get("within")), reader.metric(named.get("metric")))


def rank(reader: Reader, call: ast.Call) -> Quantity:
    """``rank(K, within: e)``: the number of singular values greater than e; at 0 the rank over the rationals."""
    named = reader.arguments(call, (1,), ("within", *COUNTS))
    value = matrix(reader, call.arguments[0], Kind.RELATION, Kind.PROFUNCTOR, Kind.FEATURES)
    return Rank(value.matrix, reader.tolerance(named.get("within")))


def _counted(count: Callable[[Reader, ast.Call], Quantity]) -> Callable[[Reader, ast.Call], Quantity]:
    """A count as a term, which is no claim about it."""

    def term(reader: Reader, call: ast.Call) -> Quantity:
        for keyword in call.keywords:
            if keyword.name.text in COUNTS:
                message = f"with `{keyword.name.text}:` this is a formula; a number is expected"
                raise reject(Code.WRONG_KIND, message, keyword.span)
        return count(reader, call)

    term.__doc__ = count.__doc__
    return term


QUANTITIES: dict[str, Callable[[Reader, ast.Call], Quantity]] = {
    "extension": _extension,
    "coverage": _coverage,
    "degree": _degree,
    "distance": _distance,
    "excess": _excess,
    "defect": _defect,
    "presheaf_defect": _presheaf_defect,
    "gap": _gap,
    "repair": _repair,
    "prompt_number": _counted(prompt_number),
    "nerode_classes": _counted(nerode_classes),
    "rank": _counted(rank),
}
"""The quantities by their words."""


def bracket(reader: Reader, of: ast.Expr, along: ast.Expr, at: ast.Expr) -> Quantity:
    """The distance between the left and the right Kan extension at an object."""
    low, high = (extension(reader, word, of, along) for word in EXTENSIONS)
    base = reader.object_map(along).cod
    place = (reader.place(at, base.rows, base.name),)
    ends = [selected(end, None, place) if end.kind is Kind.COWEIGHT else selected(end, place) for end in (low, high)]
    return Distance(ends[0].matrix, ends[1].matrix)
