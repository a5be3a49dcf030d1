"""Numbers as authors write them: exact rationals, parameters, and expressions over them that stay symbolic.

Operations on rational numbers are carried out; roots, exponentials and logarithms only where the result is rational.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from typing import TypeVar

from formal.elaborate.scope import reject
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Rejection

LARGEST_EXPONENT = 4096
MOST_BITS = 100_000
"""Of a numerator or a denominator that is computed."""
FUNCTIONS = {"sqrt": Operation.SQRT, "exp": Operation.EXP, "log": Operation.LOG}
"""The functions of one number, by their words."""
Arithmetic = ast.Sum | ast.Difference | ast.Product | ast.Quotient | ast.Negative | ast.Power
"""Expressions that are made of numbers."""

T = TypeVar("T")


def is_numeral(expr: ast.Expr) -> bool:
    """Whether the expression is a number written out: ``3``, ``0.05``, ``1/20``."""
    return isinstance(expr, ast.Decimal) or (
        isinstance(expr, ast.Name) and not expr.quoted and expr.text.isdecimal() and expr.text.isascii()
    )


def numeral(expr: ast.Name | ast.Decimal) -> Rational:
    """A number written out.

    Raises:
        Rejection: it is a fraction with denominator 0.
    """
    numerator, _, denominator = expr.text.partition("/")
    if denominator and not int(denominator):
        raise _division(expr)
    return Rational(Fraction(numerator) / int(denominator or "1"))


def arithmetic(
    expr: ast.Expr, leaf: Callable[[ast.Expr], T], combine: Callable[[Operation, tuple[T, ...], ast.Expr], T]
) -> T:
    """The value of an expression from those of the parts that are no arithmetic, without recursion.

    Args:
        leaf: gives the value of a part.
        combine: applies an operation; ``POWER`` has two operands like the others, the second being a ``leaf``.
    """
    done: list[T] = []
    stack: list[tuple[ast.Expr, bool]] = [(expr, False)]
    while stack:
        node, is_ready = stack.pop()
        if not isinstance(node, Arithmetic):
            done.append(leaf(node))
            continue
        operation, parts = _parts(node)
        if not is_ready:
            stack.append((node, True))
            stack += [(part, False) for part in reversed(parts)]
            continue
        operands = tuple(done[len(done) - len(parts) :])
        del done[len(done) - len(parts) :]
        done.append(combine(operation, operands, node))
    return done[0]


def _parts(node: Arithmetic) -> tuple[Operation, tuple[ast.Expr, ...]]:
    match node:
        case ast.Sum(left=left, right=right):
            return Operation.ADD, (left, right)
        case ast.Difference(left=left, right=right):
            return Operation.SUBTRACT, (left, right)
        case ast.Product(left=left, right=right):
            return Operation.MULTIPLY, (left, right)
        case ast.Quotient(left=left, right=right):
            return Operation.DIVIDE, (left, right)
        case ast.Negative(body=body):
            return Operation.NEGATE, (body,)
        case ast.Power(base=base, exponent=exponent):
            if abs(exponent) > LARGEST_EXPONENT:
                raise reject(Code.BUDGET_EXCEEDED, f"exponents are at most {LARGEST_EXPONENT}", node.span)
            power = base, ast.Name(node.span, str(abs(exponent)))
            return Operation.POWER, power


def apply(operation: Operation, operands: tuple[Expression, ...], expr: ast.Expr) -> Expression:
    """An operation on numbers, carried out where the result is rational.

    Args:
        expr: what is being read; a power in it says whether its exponent is negative.
    Raises:
        Rejection: a division by zero, a root or logarithm that does not exist, a number that is too large.
    """
    if isinstance(expr, ast.Power) and expr.exponent < 0:
        positive = _carried_out(operation, operands, expr)
        return _carried_out(Operation.DIVIDE, (Rational(Fraction(1)), positive), expr)
    return _carried_out(operation, operands, expr)


def _carried_out(operation: Operation, operands: tuple[Expression, ...], expr: ast.Expr) -> Expression:
    values = [operand.value for operand in operands if isinstance(operand, Rational)]
    if operation is Operation.DIVIDE and isinstance(operands[1], Rational) and not operands[1].value:
        raise _division(expr)
    if len(values) < len(operands):
        return Applied(operation, operands)
    found = _rational(operation, values, expr)
    if found is None:
        return Applied(operation, operands)
    if max(found.numerator.bit_length(), found.denominator.bit_length()) > MOST_BITS:
        raise reject(Code.BUDGET_EXCEEDED, "the number has too many digits", expr.span)
    return Rational(found)


def _rational(operation: Operation, values: list[Fraction], expr: ast.Expr) -> Fraction | None:
    """The result, or None when it is not rational."""
    a, b = values[0], values[-1]
    match operation:
        case Operation.ADD:
            return a + b
        case Operation.SUBTRACT:
            return a - b
        case Operation.MULTIPLY:
            return a * b
        case Operation.DIVIDE:
            return a / b
        case Operation.NEGATE:
            return -a
        case Operation.POWER:
            if max(a.numerator.bit_length(), a.denominator.bit_length()) * int(b) > MOST_BITS:
                raise reject(Code.BUDGET_EXCEEDED, "the number has too many digits", expr.span)
            return a ** int(b)
        case Operation.SQRT:
            if a < 0:
                raise reject(Code.WRONG_ARGUMENTS, "a negative number has no square root", expr.span)
            root = Fraction(isqrt(a.numerator), isqrt(a.denominator))
            return root if root * root == a else None
        case Operation.EXP:
            return Fraction(1) if a == 0 else None
        case Operation.LOG:
            if a <= 0:
                raise reject(Code.WRONG_ARGUMENTS, "the logarithm is of positive numbers", expr.span)
            return Fraction(0) if a == 1 else None


def _division(expr: ast.Expr) -> Rejection:
    return reject(Code.WRONG_ARGUMENTS, f"`{print_expression(expr)}` divides by zero", expr.span)


def parameters_of(expression: Expression) -> dict[str, Unknown]:
    """The parameters that occur in an expression, by name."""
    found: dict[str, Unknown] = {}
    stack: list[Expression] = [expression]
    while stack:
        node = stack.pop()
        match node:
            case Unknown(name=name):
                found[name] = node
            case Applied(operands=operands):
                stack += operands
            case Rational():
                pass
    return found
