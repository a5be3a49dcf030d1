"""Where the values of an expression lie, whatever its parameters are: by intervals, on finer and finer pieces.

Source: Moore 1966, Interval analysis, chapter 6 (subdivision of the domain).
"""

from __future__ import annotations

from fractions import Fraction

from formal.elaborate.number import parameters_of
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.quantale import Box
from formal.valuation.enclosure import Undefined, enclose, power, product

PIECES = 256
"""How many pieces of the ranges of parameters are looked at."""
SAMPLES = 16
EXACT = 1 << 17
"""Bits with which powers are not rounded."""

Bounds = tuple[Fraction, Fraction | None]
"""The least and the greatest value allowed; None when there is no greatest."""


class Straddling(Exception):
    """The values are not known to lie between the bounds; says where they are known to lie."""


def range_of(expression: Expression, bounds: Bounds, bits: int) -> Box:
    """A box around the value of an expression without parameters; with parameters, around some of its values.

    Raises:
        Straddling: some value may lie outside the bounds.
    """
    unknowns = list(parameters_of(expression).values())
    pending = [{unknown.name: Box(unknown.lower, unknown.upper) for unknown in unknowns}]
    seen = 0
    box = Box.point(0)
    while pending:
        piece = pending.pop()
        seen += 1
        try:
            box = _value(expression, piece, bits)
        except Undefined as undefined:
            if not unknowns or seen > PIECES:
                raise Straddling(str(undefined)) from None
            box = Box(bounds[0] - 1, bounds[0])
        if bounds[0] <= box.lower and (bounds[1] is None or box.upper <= bounds[1]):
            continue
        if not unknowns or seen + len(pending) > PIECES:
            raise Straddling(f"it is known to lie between {float(box.lower):.6g} and {float(box.upper):.6g}")
        pending += _halves(piece)
    return box


def _halves(piece: dict[str, Box]) -> list[dict[str, Box]]:
    """The piece divided across its longest side."""
    name = max(sorted(piece), key=lambda one: piece[one].upper - piece[one].lower)
    side = piece[name]
    middle = (Fraction(side.lower) + Fraction(side.upper)) / 2
    return [{**piece, name: Box(middle, side.upper)}, {**piece, name: Box(side.lower, middle)}]


def outside_at(expression: Expression, bounds: Bounds) -> str | None:
    """Values of the parameters at which the expression lies outside the bounds, in words; None if none were found."""
    unknowns = list(parameters_of(expression).values())
    for step in range(SAMPLES + 1):
        at = {u.name: Box.point(u.lower + (u.upper - u.lower) * Fraction(step, SAMPLES)) for u in unknowns}
        where = "".join(f" at {name} = {box.lower}" for name, box in at.items())
        try:
            box = _value(expression, at, 64)
        except Undefined:
            return f"it has no value{where}"
        if box.upper < bounds[0] or (bounds[1] is not None and box.lower > bounds[1]):
            value = str(box.lower) if box.is_point else f"about {float(box.lower):.6g}"
            return f"it is {value}{where}"
    return None


def _value(expression: Expression, at: dict[str, Box], bits: int) -> Box:
    """A box around all values for parameters in some boxes.

    Raises:
        Undefined: it may divide by zero, or take the root or logarithm of what has none.
    """
    values: dict[int, Box] = {}
    stack: list[tuple[Expression, bool]] = [(expression, False)]
    while stack:
        node, is_ready = stack.pop()
        match node:
            case Rational(value):
                values[id(node)] = Box.point(value)
            case Unknown(name):
                values[id(node)] = at[name]
            case Applied(operation=Operation.SQRT | Operation.EXP | Operation.LOG):
                values[id(node)] = enclose(node, bits)
            case Applied(operation, operands):
                if not is_ready:
                    stack.append((node, True))
                    stack += [(operand, False) for operand in operands]
                    continue
                values[id(node)] = _applied(operation, [values[id(operand)] for operand in operands], bits)
    return values[id(expression)]


def _applied(operation: Operation, boxes: list[Box], bits: int) -> Box:
    a, b = boxes[0], boxes[-1]
    match operation:
        case Operation.ADD:
            return Box(a.lower + b.lower, a.upper + b.upper)
        case Operation.SUBTRACT:
            return Box(a.lower - b.upper, a.upper - b.lower)
        case Operation.MULTIPLY:
            return product(a, b)
        case Operation.DIVIDE:
            if b.lower <= 0 <= b.upper:
                raise Undefined("it may divide by zero")
            return product(a, Box(1 / Fraction(b.upper), 1 / Fraction(b.lower)))
        case Operation.POWER:
            return power(a, int(b.lower), EXACT)
        case _:
            return Box(-a.upper, -a.lower)
