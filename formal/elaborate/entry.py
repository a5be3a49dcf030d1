"""Relations, profunctors, weights and functors between relations that are written out entry by entry.

An entry is a number of the quantale, a box of such numbers, or an expression that is known to be one: between rational
bounds when it is symbolic, for all values of its parameters when it has some.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from formal.elaborate.matrix import aligned, matrix, not_in_quantale, quantale, require_quantale, task, wrong_variance
from formal.elaborate.number import parameters_of
from formal.elaborate.range import Straddling, outside_at, range_of
from formal.elaborate.reader import SHOWN, Reader, listed_twice, no_object
from formal.elaborate.relation import (
    MOST_ENTRIES,
    POINT,
    Kind,
    MatrixOf,
    ObjectMapOf,
    ParameterOf,
    given,
    selected,
)
from formal.elaborate.scope import reject
from formal.enriched.expression import Expression, Rational, Unknown
from formal.enriched.formula import Given, Symbol
from formal.enriched.table import table_of
from formal.quantale import INFINITY, Box, Number, Quantale
from formal.syntax import ast
from formal.syntax.printer import print_expression, print_name
from formal.text import Code, Diagnostic, Label, Rejection, Span

T = TypeVar("T")

PRECISION = 64
"""Bits to which symbolic entries are enclosed here; whoever decides a claim asks for more."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A number or box, and the expression that it stands for if that is no rational number."""

    box: Box
    symbol: Expression | None = None


# --- one entry ------------------------------------------------------------------------------------


def _entry(reader: Reader, expr: ast.Expr, carrier: Quantale) -> _Entry:
    if isinstance(expr, ast.Interval):
        ends = [_end(reader, end, carrier) for end in (expr.lower, expr.upper)]
        if ends[0] > ends[1]:
            raise reject(
                Code.WRONG_ARGUMENTS, f"no number lies between {shown(ends[0])} and {shown(ends[1])}", expr.span
            )
        return _Entry(Box(ends[0], ends[1]))
    if _is_infinity(reader, expr):
        return _Entry(Box.point(_infinity(carrier, expr)))
    value = reader.number(expr)
    if isinstance(value, Rational):
        return _Entry(Box.point(_value(value.value, carrier, expr)))
    open_ = parameters_of(value)
    bounds = Fraction(0), None if carrier is Quantale.LAWVERE else Fraction(1)
    if (found := outside_at(value, bounds)) is not None:
        always = "not always a" if open_ else "no"
        raise reject(
            Code.NOT_IN_QUANTALE,
            f"`{print_expression(expr)}` is {always} value of the quantale `{carrier.value}`",
            expr.span,
            notes=(found,),
        )
    if carrier is Quantale.BOOLEAN:
        raise not_in_quantale(carrier, print_expression(expr), expr)
    try:
        box = range_of(value, bounds, PRECISION)
    except Straddling as straddling:
        raise reject(
            Code.NOT_IN_QUANTALE,
            f"`{print_expression(expr)}` is not known to be a value of the quantale `{carrier.value}`",
            expr.span,
            notes=(str(straddling),),
        ) from None
    return _Entry(Box.point(0) if open_ else box, value)


def _end(reader: Reader, expr: ast.Expr, carrier: Quantale) -> Number:
    if _is_infinity(reader, expr):
        return _infinity(carrier, expr)
    return _value(reader.rational(expr, "the end of a box"), carrier, expr)


def _is_infinity(reader: Reader, expr: ast.Expr) -> bool:
    return isinstance(expr, ast.Name) and expr.text == "infinity" and reader.meaning(expr) is None


def _infinity(carrier: Quantale, expr: ast.Expr) -> Number:
    if carrier is not Quantale.LAWVERE:
        raise not_in_quantale(carrier, "infinity", expr)
    return INFINITY


def _value(value: Fraction, carrier: Quantale, expr: ast.Expr) -> Fraction:
    if not carrier.contains(value):
        raise not_in_quantale(carrier, print_expression(expr), expr)
    return value


def shown(value: Number) -> str:
    """A number, for people."""
    return "infinity" if value == INFINITY else str(value)


# --- all entries ----------------------------------------------------------------------------------


def _given(
    name: str,
    carrier: Quantale,
    rows: tuple[str, ...],
    columns: tuple[str, ...],
    entries: dict[tuple[int, int], _Entry],
    default: Sequence[_Entry],
) -> Given:
    """A matrix by some of its entries.

    Args:
        default: what stands on the diagonal, and elsewhere, where no entry is written.
    """
    boxes: list[Box] = []
    for i in range(len(rows)):
        for j in range(len(columns)):
            entry = entries.get((i, j))
            boxes.append((entry or default[i != j]).box)
    symbols = tuple(Symbol(i, j, e.symbol) for (i, j), e in sorted(entries.items()) if e.symbol is not None)
    table = table_of([boxes], (len(rows), len(columns)))
    return Given(name, carrier, rows, columns, table, symbols)


def relation(reader: Reader, node: ast.RelationDecl) -> MatrixOf:
    """``relation R on {…} over product { … }``: unwritten entries are the unit on the diagonal, the bottom elsewhere;

    in a profunctor they are all the bottom.

    Raises:
        Rejection: all that is wrong with the declaration.
    """
    square = node.kind == "relation"
    wrong: list[Diagnostic] = []
    sides: list[tuple[tuple[str, ...], MatrixOf | None] | None] = []
    for expr in (node.rows,) if square else (node.rows, node.columns):
        try:
            sides.append(_objects(reader, expr))
        except Rejection as rejection:
            wrong += rejection.diagnostics
            sides.append(None)
    carrier: Quantale | None = None
    try:
        carrier = _carrier(node, [side[1] for side in sides if side is not None and side[1] is not None])
    except Rejection as rejection:
        wrong += rejection.diagnostics
    rows, columns = sides[0], sides[-1]
    if wrong or rows is None or columns is None or carrier is None:
        raise Rejection(wrong)
    if len(rows[0]) * len(columns[0]) > MOST_ENTRIES:
        raise reject(Code.BUDGET_EXCEEDED, f"the matrix has more than {MOST_ENTRIES} entries", node.name.span)
    entries: dict[tuple[int, int], _Entry] = {}
    spans: dict[tuple[int, int], Span] = {}
    for cell in node.cells:
        ends: list[int] = []
        for end, (labels, _) in ((cell.row, rows), (cell.column, columns)):
            try:
                ends.append(_place(reader, end, labels, node.name.text))
            except Rejection as rejection:
                wrong += rejection.diagnostics
        at = (ends[0], ends[1]) if len(ends) == 2 else None
        if at is not None and at in spans:
            wrong.append(_twice(f"{print_name(cell.row)} -> {print_name(cell.column)}", cell.span, spans[at]))
        try:
            entry = _entry(reader, cell.value, carrier)
        except Rejection as rejection:
            wrong += rejection.diagnostics
            continue
        finally:
            if at is not None:
                spans.setdefault(at, cell.row.span.to(cell.column.span))
        if at is not None:
            entries[at] = entry
    if wrong:
        raise Rejection(wrong)
    bottom = _Entry(Box.point(carrier.bottom))
    diagonal = _Entry(Box.point(carrier.unit)) if square else bottom
    found = _given(node.name.text, carrier, rows[0], columns[0], entries, (diagonal, bottom))
    return given(found, Kind.RELATION if square else Kind.PROFUNCTOR, node.name.text)


def _place(reader: Reader, name: ast.Name, labels: tuple[str, ...], of: str) -> int:
    place = reader.places.of(labels).get(name.text)
    if place is None:
        raise no_object(name.text, name.span, labels, of)
    return place


def _twice(what: str, span: Span, first: Span) -> Diagnostic:
    return Diagnostic(
        Code.DUPLICATE_NAME,
        f"the entry `{what}` is given twice",
        Label(span, "given again here"),
        (Label(first, "first given here"),),
    )


def _objects(reader: Reader, expr: ast.Expr) -> tuple[tuple[str, ...], MatrixOf | None]:
    """The objects that are listed, or those of a relation, and the relation."""
    if isinstance(expr, ast.SetLiteral):
        first: dict[str, ast.Name] = {}
        wrong = []
        for name in expr.elements:
            if name.text in first:
                wrong.append(listed_twice(name, first[name.text]))
            first.setdefault(name.text, name)
        if wrong:
            raise Rejection(wrong)
        return tuple(first), None
    value = matrix(reader, expr, Kind.RELATION)
    return value.rows, value


def _carrier(node: ast.RelationDecl, relations: list[MatrixOf]) -> Quantale:
    if node.quantale is not None:
        chosen = quantale(node.quantale)
        for value in relations:
            if value.quantale is not chosen:
                raise reject(
                    Code.QUANTALE_MISMATCH,
                    f"`{value.name}` has values in `{value.quantale.value}`, not in `{chosen.value}`",
                    node.quantale.span,
                )
        return chosen
    if not relations:
        raise reject(
            Code.MISSING_VALUE,
            f"the quantale of `{node.name.text}` is missing",
            node.name.span,
            help=("write `over product`, or another of `boolean`, `godel`, `lukasiewicz`, `lawvere`",),
        )
    if len(relations) > 1:
        require_quantale(relations[0], relations[1], node.columns)
    return relations[0].quantale


def weight(reader: Reader, node: ast.WeightDecl) -> MatrixOf:
    """``weight W on R { cat |-> 0.9, … }``: a value for each row of R; of a coweight, for each column.

    Raises:
        Rejection: all that is wrong with the declaration.
    """
    base = matrix(reader, node.base, Kind.RELATION, Kind.PROFUNCTOR)
    is_weight = node.kind == "weight"
    labels = base.rows if is_weight else base.columns
    entries = _values(reader, node, labels, base.name, lambda value: _entry(reader, value, base.quantale))
    point = (POINT,)
    placed = {((place, 0) if is_weight else (0, place)): entry for place, entry in entries.items()}
    rows, columns = (labels, point) if is_weight else (point, labels)
    none = _Entry(Box.point(base.quantale.bottom))
    found = _given(node.name.text, base.quantale, rows, columns, placed, (none, none))
    return given(found, Kind(node.kind), node.name.text, base)


def _values(
    reader: Reader,
    node: ast.WeightDecl | ast.FunctorDecl,
    labels: tuple[str, ...],
    of: str,
    read: Callable[[ast.Expr], T],
) -> dict[int, T]:
    """What is written for each of the labels, by its place.

    Args:
        of: what has these labels, for diagnostics.
    Raises:
        Rejection: a label is unknown, given twice or left out, or a value cannot be read; all that is wrong.
    """
    wrong: list[Diagnostic] = []
    first: dict[int, ast.Entry] = {}
    found: dict[int, T] = {}
    for entry in node.entries:
        try:
            place = reader.place(entry.key, labels, of)
        except Rejection as rejection:
            wrong += rejection.diagnostics
            continue
        if place in first:
            wrong.append(_twice(print_expression(entry.key), entry.span, first[place].key.span))
        first.setdefault(place, entry)
        try:
            found[place] = read(entry.value)
        except Rejection as rejection:
            wrong += rejection.diagnostics
    wrong += _missing(node, labels, set(found))
    if wrong:
        raise Rejection(wrong)
    return found


def _missing(node: ast.WeightDecl | ast.FunctorDecl, labels: tuple[str, ...], known: set[int]) -> list[Diagnostic]:
    written = {entry.key.text for entry in node.entries if isinstance(entry.key, ast.Name)}
    missing = [label for place, label in enumerate(labels) if place not in known and label not in written]
    if not missing:
        return []
    names = ", ".join(f"`{label}`" for label in missing[:SHOWN])
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    message = f"`{node.name.text}` has no value for {names}{more}"
    return [Diagnostic(Code.MISSING_VALUE, message, Label(node.name.span, "declared here"))]


def functor(reader: Reader, node: ast.FunctorDecl) -> ObjectMapOf:
    """``functor G: R -> S { a |-> b, … }``: an object of S for each object of R.

    That it is one, ``R(x, y) <= S(Gx, Gy)``, is a claim: ``is_functor(G)``.

    Raises:
        Rejection: all that is wrong with the declaration.
    """
    dom, cod = matrix(reader, node.dom, Kind.RELATION), matrix(reader, node.cod, Kind.RELATION)
    require_quantale(dom, cod, node.cod)
    images = _values(reader, node, dom.rows, dom.name, lambda value: reader.place(value, cod.rows, cod.name))
    return ObjectMapOf(node.name.text, dom, cod, tuple(images[place] for place in range(len(dom.rows))))


def inclusion(reader: Reader, node: ast.Alias) -> ObjectMapOf:
    """``functor J = inclusion(R, {a, b})``: of ``restrict(R, {a, b})`` in R; also ``functor J: S -> R = …``.

    Raises:
        Rejection: all that is wrong with the declaration.
    """
    call = node.value
    assert isinstance(call, ast.Call)
    reader.arguments(call, (2,))
    cod = matrix(reader, call.arguments[0], Kind.RELATION)
    images = reader.listed(call.arguments[1], cod.rows, cod.name)
    dom = selected(cod, images, images)
    if node.dom is not None and node.cod is not None:
        dom = aligned(reader, matrix(reader, node.dom, Kind.RELATION), dom.rows, dom.columns, node.dom)
        named = matrix(reader, node.cod, Kind.RELATION)
        require_quantale(dom, named, node.cod)
        cod = aligned(reader, named, cod.rows, cod.columns, node.cod)
    return ObjectMapOf(node.name.text, dom, cod, images)


def parameter(reader: Reader, node: ast.NumberDecl) -> ParameterOf:
    """``parameter p in [0, 1]``: a number between two rational ones.

    Raises:
        Rejection: the ends are not rational, or the wrong way round; the value does not lie between them.
    """
    lower, upper = (reader.rational(end, "the end of a range") for end in (node.range.lower, node.range.upper))
    if lower > upper:
        raise reject(Code.WRONG_ARGUMENTS, f"no number lies between {lower} and {upper}", node.range.span)
    value = reader.settings.get(node.name.text)
    if value is not None and not lower <= value <= upper:
        message = f"`{node.name.text}` is set to {value}, which does not lie between {lower} and {upper}"
        raise reject(Code.WRONG_ARGUMENTS, message, node.range.span)
    return ParameterOf(Unknown(node.name.text, lower, upper), value)


# --- aliases --------------------------------------------------------------------------------------


def alias(reader: Reader, node: ast.Alias) -> MatrixOf:
    """``relation K = TERM``, ``profunctor K = TERM``, ``weight W on R = TERM``, ``coweight F on R = TERM``."""
    kind = Kind(node.kind)
    if kind in (Kind.RELATION, Kind.PROFUNCTOR):
        value = matrix(reader, node.value)
        features = kind is Kind.PROFUNCTOR and value.kind is Kind.FEATURES
        if value.kind is not kind and not features and (kind is Kind.RELATION or value.kind is not Kind.RELATION):
            raise reject(Code.WRONG_KIND, f"expected a {kind}, found a {value.kind}", node.value.span)
        return _renamed(value, value.kind, node.name.text, value.base)
    base = None if node.base is None else matrix(reader, node.base, Kind.RELATION, Kind.PROFUNCTOR)
    value = _vector(reader, node.value, kind, base)
    if value.kind is not kind:
        raise wrong_variance(value, kind, node.value)
    if base is None:
        return _renamed(value, kind, node.name.text, value.base)
    require_quantale(base, value, node.value)
    labels, others = (base.rows, base.columns) if kind is Kind.WEIGHT else (base.columns, base.rows)
    if value.labels != labels and value.labels == others:
        side, word = ("columns", "coweight") if kind is Kind.WEIGHT else ("rows", "weight")
        raise reject(
            Code.WRONG_VARIANCE,
            f"`{print_expression(node.value)}` has a value for each of the {side} of `{base.name}`",
            node.value.span,
            help=(f"declare it as a {word}",),
        )
    rows, columns = (labels, None) if kind is Kind.WEIGHT else (None, labels)
    return _renamed(aligned(reader, value, rows, columns, node.value), kind, node.name.text, base)


def _vector(reader: Reader, expr: ast.Expr, kind: Kind, base: MatrixOf | None) -> MatrixOf:
    is_task = isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and expr.function.text == "task"
    if is_task and isinstance(expr, ast.Call) and reader.meaning(ast.Name(expr.span, "task")) is None:
        return task(reader, expr, kind, base)
    return matrix(reader, expr, Kind.WEIGHT, Kind.COWEIGHT)


def _renamed(value: MatrixOf, kind: Kind, name: str, base: MatrixOf | None) -> MatrixOf:
    if isinstance(value.matrix, Given):
        return given(value.matrix, kind, name, base)
    return MatrixOf(name, kind, value.quantale, value.rows, value.columns, value.matrix, base)
