"""A claim as a formula of real arithmetic, in SMT-LIB: joins and meets become ``ite``, irrational constants variables.

The translation follows the definitions of ``formal.enriched.formula`` alone; nothing of the evaluator is used, so that
a solver's answer is a second opinion. Square roots of constants are exact (``s >= 0`` and ``s s = c``), exponentials
and logarithms lie between rational bounds, and so do the entries of boxes: what is then proved holds for all numbers
between the bounds.

Source: Barrett, Fontaine, Tinelli 2017, The SMT-LIB Standard, version 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import assert_never

from formal.enriched.evidence import Algebraic
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import (
    And,
    AtLeast,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    Given,
    Matrix,
    Metric,
    Not,
    Opposite,
    Or,
    Quantity,
    Residual,
    Restriction,
)
from formal.enriched.table import rows_of
from formal.quantale import INFINITY, Quantale
from formal.valuation.enclosure import HasParameter, Undefined, enclose
from formal.valuation.matrix import operands
from formal.valuation.parts import quantale
from formal.valuation.walk import postorder

_MOST_DEFINITIONS = 5000

_ENCLOSED = (Operation.EXP, Operation.LOG)
"""Of these only bounds are known."""

Term = Fraction | str | float
"""A number that is known, the name of a real variable, or INFINITY."""
Rows = list[list[Term]]
PARAMETER = "p"


class Untranslatable(Exception):
    """A claim that is too large, or has what is no formula of real arithmetic: says what."""


class Translation:
    """Definitions that give the truth value of a formula as the constant ``claim``.

    Args:
        bits: to how many bits exponentials and logarithms are enclosed.
    Attributes:
        lines: commands of SMT-LIB.
        is_exact: whether there are none of these, so that a model is a counter-example.
    Raises:
        Untranslatable: it has none, or would be too long.
    """

    def __init__(self, formula: Formula, bits: int) -> None:
        self.is_exact = True
        self._bits = bits
        self.lines: list[str] = [f"(declare-const {PARAMETER} Real)"]
        self._count = 0
        self._matrices: dict[int, tuple[Matrix, Rows]] = {}
        self._expressions: dict[int, tuple[Expression, Term]] = {}
        truth = self._formula(formula)
        self.lines.append(f"(define-fun claim () Bool {truth})")

    # --- terms ------------------------------------------------------------------------------------

    def _define(self, text: str, sort: str = "Real") -> str:
        self._count += 1
        if self._count > _MOST_DEFINITIONS:
            raise Untranslatable(f"it takes more than {_MOST_DEFINITIONS} operations")
        name = f"t{self._count}"
        self.lines.append(f"(define-fun {name} () {sort} {text})")
        return name

    def _between(self, low: Fraction, high: Fraction) -> str:
        """A variable for a number between two."""
        self._count += 1
        name = f"t{self._count}"
        self.lines.append(f"(declare-const {name} Real)")
        self.lines.append(f"(assert (and (<= {number(low)} {name}) (<= {name} {number(high)})))")
        return name

    def _apply(self, sign: str, a: Term, b: Term) -> Term:
        """``+ - * /`` of finite terms."""
        if isinstance(a, Fraction) and isinstance(b, Fraction) and not (sign == "/" and b == 0):
            return {"+": a + b, "-": a - b, "*": a * b}[sign] if sign != "/" else a / b
        if INFINITY in (a, b):
            raise Untranslatable("it computes with infinite numbers")
        if sign == "*" and 0 in (a, b):
            return Fraction(0)
        return self._define(f"({sign} {_text(a)} {_text(b)})")

    def _add(self, a: Term, b: Term) -> Term:
        return INFINITY if INFINITY in (a, b) else self._apply("+", a, b)

    def _greater(self, a: Term, b: Term) -> Term:
        return self._chosen(a, b, ">=")

    def _less(self, a: Term, b: Term) -> Term:
        return self._chosen(a, b, "<=")

    def _chosen(self, a: Term, b: Term, sign: str) -> Term:
        if a == b:
            return a
        known = _compared(a, sign, b)
        if known is not None:
            return a if known else b
        return self._define(f"(ite ({sign} {_text(a)} {_text(b)}) {_text(a)} {_text(b)})")

    def _if(self, a: Term, sign: str, b: Term, then: Term, other: Callable[[], Term]) -> Term:
        known = _compared(a, sign, b)
        if known is not None:
            return then if known else other()
        return self._define(f"(ite ({sign} {_text(a)} {_text(b)}) {_text(then)} {_text(other())})")

    def _beyond(self, a: Term, b: Term) -> Term:
        """By how much a is greater than b; 0 where it is not."""
        if b == INFINITY:
            return Fraction(0)
        return INFINITY if a == INFINITY else self._greater(self._apply("-", a, b), Fraction(0))

    def _apart(self, a: Term, b: Term) -> Term:
        return self._greater(self._beyond(a, b), self._beyond(b, a))

    def _greatest(self, terms: Iterable[Term]) -> Term:
        zero: Term = Fraction(0)
        return reduce(self._greater, terms, zero)

    def _least(self, terms: Iterable[Term]) -> Term:
        infinity: Term = INFINITY
        return reduce(self._less, terms, infinity)

    def _sum(self, terms: Iterable[Term]) -> Term:
        zero: Term = Fraction(0)
        return reduce(self._add, terms, zero)

    # --- expressions ------------------------------------------------------------------------------

    def _expression(self, expression: Expression) -> Term:
        for node in postorder(expression, _operands):
            if id(node) not in self._expressions:
                self._expressions[id(node)] = node, self._value(node)
        return self._expressions[id(expression)][1]

    def _value(self, node: Expression) -> Term:
        match node:
            case Rational(value):
                return value
            case Unknown():
                return PARAMETER
            case Applied(operation, parts):
                terms = [] if operation in _ENCLOSED else [self._expressions[id(part)][1] for part in parts]
                return self._operation(node, operation, terms)
            case _:
                assert_never(node)

    def _operation(self, node: Applied, operation: Operation, terms: list[Term]) -> Term:
        match operation:
            case Operation.NEGATE:
                return self._apply("-", Fraction(0), terms[0])
            case Operation.POWER:
                exponent = terms[1]
                if not isinstance(exponent, Fraction) or exponent > 64:
                    raise Untranslatable("it has a power beyond 64")
                value: Term = Fraction(1)
                for _ in range(int(exponent)):
                    value = self._apply("*", value, terms[0])
                return value
            case Operation.SQRT | Operation.EXP | Operation.LOG:
                try:
                    box = enclose(node, self._bits)
                except (HasParameter, Undefined) as error:
                    raise Untranslatable(f"it has {operation.value} of what depends on the parameter") from error
                name = self._between(Fraction(box.lower), Fraction(box.upper))
                self.is_exact &= operation is Operation.SQRT
                if operation is Operation.SQRT:
                    self.lines.append(f"(assert (= (* {name} {name}) {_text(terms[0])}))")
                return name
            case _:
                return self._apply(operation.value, *terms)

    # --- matrices ---------------------------------------------------------------------------------

    def _matrix(self, matrix: Matrix) -> Rows:
        for node in postorder(matrix, lambda m: () if id(m) in self._matrices else operands(m)):
            if id(node) not in self._matrices:
                self._matrices[id(node)] = node, self._rows(node)
        return self._matrices[id(matrix)][1]

    def _rows(self, matrix: Matrix) -> Rows:
        match matrix:
            case Given():
                return self._given(matrix)
            case Composite(left, right):
                return self._composite(quantale(left), self._matrix(left), self._matrix(right), matrix)
            case Residual(left, right):
                return self._residual(quantale(left), self._matrix(left), self._matrix(right), matrix)
            case Opposite(of):
                return _columns(self._matrix(of), _width(of))
            case Closure(of):
                return self._closure(quantale(of), self._matrix(of))
            case Restriction(of, rows, columns):
                inside = self._matrix(of)
                return [[inside[x][y] for y in columns] for x in rows]
            case AtLeast(of, level):
                sign = "<=" if quantale(of) is Quantale.LAWVERE else ">="
                one, zero = Fraction(1), Fraction(0)
                return [[self._if(e, sign, level, one, lambda: zero) for e in row] for row in self._matrix(of)]
            case _:
                assert_never(matrix)

    def _given(self, matrix: Given) -> Rows:
        rows, columns = matrix.table.shape
        if rows * columns > _MOST_DEFINITIONS:
            raise Untranslatable(f"it has a matrix with more than {_MOST_DEFINITIONS} entries")
        symbols = {(symbol.row, symbol.column): symbol.value for symbol in matrix.symbols}
        result: Rows = []
        for i, row in enumerate(rows_of(matrix.table)):
            terms: list[Term] = []
            for j, box in enumerate(row):
                if (i, j) in symbols:
                    terms.append(self._expression(symbols[i, j]))
                elif box.is_point:
                    terms.append(INFINITY if box.lower == INFINITY else Fraction(box.lower))
                elif box.upper == INFINITY:
                    raise Untranslatable("it has a box without an upper end")
                else:
                    terms.append(self._between(Fraction(box.lower), Fraction(box.upper)))
            result.append(terms)
        return result

    def _tensor(self, of: Quantale, a: Term, b: Term) -> Term:
        match of:
            case Quantale.PRODUCT:
                return self._apply("*", a, b)
            case Quantale.LUKASIEWICZ:
                return self._greater(self._apply("-", self._add(a, b), Fraction(1)), Fraction(0))
            case Quantale.LAWVERE:
                return self._add(a, b)
            case _:
                return self._less(a, b)

    def _join(self, of: Quantale, terms: Iterable[Term]) -> Term:
        if of is Quantale.LAWVERE:
            return self._least(terms)
        return self._greatest(terms)

    def _composite(self, of: Quantale, left: Rows, right: Rows, matrix: Composite) -> Rows:
        across = _columns(right, _width(matrix.right))
        return [
            [self._join(of, (self._tensor(of, a, b) for a, b in zip(row, column, strict=True))) for column in across]
            for row in left
        ]

    def _residual(self, of: Quantale, left: Rows, right: Rows, matrix: Residual) -> Rows:
        def meet(terms: Iterable[Term]) -> Term:
            if of is Quantale.LAWVERE:
                return self._greatest(terms)
            one: Term = Fraction(1)
            return reduce(self._less, terms, one)

        def implied(a: Term, b: Term) -> Term:
            match of:
                case Quantale.PRODUCT:
                    return self._if(a, "<=", b, Fraction(1), lambda: self._apply("/", b, a))
                case Quantale.LUKASIEWICZ:
                    return self._less(Fraction(1), self._add(self._apply("-", Fraction(1), a), b))
                case Quantale.LAWVERE:
                    return self._beyond(b, a)
                case _:
                    return self._if(a, "<=", b, Fraction(1), lambda: b)

        first, second = _columns(left, _width(matrix.left)), _columns(right, _width(matrix.right))
        return [[meet(implied(a, b) for a, b in zip(x, y, strict=True)) for y in second] for x in first]

    def _closure(self, of: Quantale, rows: Rows) -> Rows:
        size = len(rows)
        closed = [[Fraction(of.unit) if i == j else rows[i][j] for j in range(size)] for i in range(size)]
        for k in range(size):
            closed = [
                [
                    closed[i][j]
                    if k in (i, j)
                    else self._join(of, (closed[i][j], self._tensor(of, closed[i][k], closed[k][j])))
                    for j in range(size)
                ]
                for i in range(size)
            ]
        return closed

    # --- quantities -------------------------------------------------------------------------------

    def _quantity(self, quantity: Quantity) -> Term:
        known: dict[int, Term] = {}
        for node in postorder(quantity, lambda n: n.operands if isinstance(n, Combined) else ()):
            if isinstance(node, Combined):
                known[id(node)] = self._combined(node.operation, [known[id(part)] for part in node.operands])
            else:
                known[id(node)] = self._measure(node)
        return known[id(quantity)]

    def _measure(self, node: Quantity) -> Term:
        match node:
            case Constant(value):
                return self._expression(value)
            case Entry(of, row, column):
                return self._matrix(of)[row][column]
            case Distance(left, right, metric):
                a, b = self._matrix(left), self._matrix(right)
                if _width(left) == 1:
                    a, b = _columns(a, 1), _columns(b, 1)
                return self._greatest(self._length(x, y, metric) for x, y in zip(a, b, strict=True))
            case Excess(left, right):
                return self._excess(quantale(right), self._matrix(left), self._matrix(right))
            case Defect(of):
                return self._defect(of)
            case Gap(of, target, metric):
                columns, vector = _columns(self._matrix(of), _width(of)), self._matrix(target)
                if _width(target) != 1 or len(vector) != len(self._matrix(of)):
                    columns, vector = self._matrix(of), _columns(vector, _width(target))
                aim = [row[0] for row in vector]
                return self._least(self._length(column, aim, metric) for column in columns)
            case _:
                raise Untranslatable(f"it has the quantity {type(node).__name__}")

    def _defect(self, of: Matrix) -> Term:
        carrier, rows = quantale(of), self._matrix(of)
        units: Rows = [[Fraction(carrier.unit)] for _ in rows]
        identities = self._excess(carrier, units, [[row[i]] for i, row in enumerate(rows)])
        composites = self._composite(carrier, rows, rows, Composite(of, of))
        return self._greater(identities, self._excess(carrier, composites, rows))

    def _length(self, a: Sequence[Term], b: Sequence[Term], metric: Metric) -> Term:
        """The distance of two vectors."""
        parts = [self._apart(x, y) for x, y in zip(a, b, strict=True)]
        if metric is Metric.SUP:
            return self._greatest(parts)
        total = self._sum(parts)
        return INFINITY if total == INFINITY else self._apply("*", total, Fraction(1, 2))

    def _excess(self, of: Quantale, left: Rows, right: Rows) -> Term:
        pairs = [pair for x, y in zip(left, right, strict=True) for pair in zip(x, y, strict=True)]
        if of is Quantale.LAWVERE:
            return self._greatest(self._beyond(b, a) for a, b in pairs)
        return self._greatest(self._beyond(a, b) for a, b in pairs)

    def _combined(self, operation: str, terms: list[Term]) -> Term:
        match operation:
            case "min":
                return reduce(self._less, terms)
            case "max":
                return reduce(self._greater, terms)
            case "negate":
                return self._apply("-", Fraction(0), terms[0])
            case "abs":
                return self._greater(terms[0], self._apply("-", Fraction(0), terms[0]))
            case "+":
                return reduce(self._add, terms)
            case _:
                return reduce(lambda a, b: self._apply(operation, a, b), terms)

    # --- formulas ---------------------------------------------------------------------------------

    def _formula(self, formula: Formula) -> str:
        known: dict[int, str] = {}
        for node in postorder(formula, _parts):
            known[id(node)] = self._truth(node, known)
        return known[id(formula)]

    def _truth(self, node: Formula, known: dict[int, str]) -> str:
        match node:
            case Compare(left, order, right):
                a, b = self._quantity(left), self._quantity(right)
                decided = _compared(a, order.value, b)
                if decided is not None:
                    return "true" if decided else "false"
                return self._define(f"({order.value} {_text(a)} {_text(b)})", "Bool")
            case Not(of):
                return self._define(f"(not {known[id(of)]})", "Bool")
            case And(parts):
                return self._define(" ".join(["(and true", *(known[id(part)] for part in parts)]) + ")", "Bool")
            case Or(parts):
                return self._define(" ".join(["(or false", *(known[id(part)] for part in parts)]) + ")", "Bool")
            case _:
                raise Untranslatable(f"it has the atom {type(node).__name__}")


def bound(sign: str, end: Algebraic, name: str) -> list[str]:
    """What to assert so that the parameter compares with a number; the name is new.

    Args:
        sign: of ``PARAMETER SIGN end``.
    """
    if end.lower == end.upper:
        return [f"(assert ({sign} {PARAMETER} {number(end.lower)}))"]
    value = "0"
    for coefficient in reversed(end.polynomial):
        value = f"(+ (* {value} {name}) {number(Fraction(coefficient))})"
    return [
        f"(declare-const {name} Real)",
        f"(assert (and (< {number(end.lower)} {name}) (< {name} {number(end.upper)})))",
        f"(assert (= {value} 0))",
        f"(assert ({sign} {PARAMETER} {name}))",
    ]


def number(value: Fraction) -> str:
    """A rational number as a term."""
    size = f"{abs(value.numerator)}.0"
    if value.denominator != 1:
        size = f"(/ {size} {value.denominator}.0)"
    return f"(- {size})" if value < 0 else size


def _text(term: Term) -> str:
    if isinstance(term, str):
        return term
    if isinstance(term, float):
        raise Untranslatable("it computes with infinite numbers")
    return number(term)


_SIGNS: dict[str, Callable[[object, object], bool]] = {
    "<=": lambda a, b: a <= b,  # type: ignore[operator]
    ">=": lambda a, b: a >= b,  # type: ignore[operator]
    "<": lambda a, b: a < b,  # type: ignore[operator]
    "=": lambda a, b: a == b,
}


def _compared(a: Term, sign: str, b: Term) -> bool | None:
    """The comparison where it is known: of numbers, and with infinity."""
    if isinstance(a, str) and isinstance(b, str):
        return None
    if isinstance(a, str):
        return _SIGNS[sign](0, INFINITY) if b == INFINITY else None
    if isinstance(b, str):
        return _SIGNS[sign](INFINITY, 0) if a == INFINITY else None
    return _SIGNS[sign](a, b)


def _columns(rows: Sequence[Sequence[Term]], width: int) -> Rows:
    return [[row[j] for row in rows] for j in range(width)]


def _width(matrix: Matrix) -> int:
    """The number of columns."""
    is_turned = False
    while True:
        match matrix:
            case Given(rows=rows, columns=columns):
                return len(rows) if is_turned else len(columns)
            case Restriction(_, rows=indices, columns=others):
                return len(indices) if is_turned else len(others)
            case Opposite(of):
                matrix, is_turned = of, not is_turned
            case Closure(of) | AtLeast(of):
                matrix = of
            case Composite(left, right):
                matrix = left if is_turned else right
            case Residual(left, right):
                matrix, is_turned = (left, False) if is_turned else (right, False)
            case _:
                assert_never(matrix)


def _operands(expression: Expression) -> tuple[Expression, ...]:
    is_inner = isinstance(expression, Applied) and expression.operation not in _ENCLOSED
    return expression.operands if isinstance(expression, Applied) and is_inner else ()


def _parts(node: Formula) -> tuple[Formula, ...]:
    match node:
        case Not(of):
            return (of,)
        case And(parts) | Or(parts):
            return parts
        case _:
            return ()
