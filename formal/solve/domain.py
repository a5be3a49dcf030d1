"""The numbers of expressions with a parameter on a cell of its range; constants that are irrational lie in intervals.

Every operation is monotone in each operand on the signs that are met, so ends are computed from ends; what the signs
are is asked of the cell, which is split where that depends.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.solve.cell import Region
from formal.valuation.domain import Interval
from formal.valuation.enclosure import HasParameter, Undefined, enclose
from formal.valuation.limit import Exhausted
from formal.valuation.quantity import combine
from formal.valuation.walk import postorder

_MOST_BITS = 1 << 22
"""Of a power of a rational number."""


@dataclass(frozen=True, slots=True)
class Functions:
    """Functions of one parameter on a cell.

    Args:
        bits: how closely irrational constants are enclosed.
    """

    parameter: Unknown
    region: Region
    bits: int

    def interval(self, expression: Expression) -> Interval:
        """See ``valuation.domain.Domain``.

        Raises:
            Split: a division whose divisor changes its sign inside the cell.
            HasParameter: another parameter.
            Undefined: a division by zero all over the cell; a root, exponential or logarithm of the parameter.
        """
        known: dict[int, Interval] = {}
        for node in postorder(expression, _operands):
            match node:
                case Rational(value):
                    known[id(node)] = Interval.point(value)
                case Unknown(name):
                    if node != self.parameter:
                        raise HasParameter(name)
                    known[id(node)] = Interval.point(self.region.parameter())
                case Applied(operation, operands):
                    parts = [known[id(operand)] for operand in operands]
                    known[id(node)] = self._applied(node, operation, parts)
                case _:
                    assert_never(node)
        return known[id(expression)]

    def _applied(self, node: Applied, operation: Operation, parts: list[Interval]) -> Interval:
        match operation:
            case Operation.SQRT | Operation.EXP | Operation.LOG:
                inside: Expression = node
                if any(isinstance(part, Unknown) for part in postorder(inside, _operands)):
                    raise Undefined(f"{operation.value} of what depends on the parameter")
                box = enclose(node, self.bits)
                return Interval(Fraction(box.lower), Fraction(box.upper))
            case Operation.POWER:
                return _power(parts[0], int(parts[1].lower))
            case _:
                return combine(operation.value, parts)


def _power(base: Interval, exponent: int) -> Interval:
    for end in (base.lower, base.upper):
        if isinstance(end, Fraction) and exponent * max(map(int.bit_length, end.as_integer_ratio())) > _MOST_BITS:
            raise Exhausted("a power with too many digits")
    if base.is_point:
        return Interval.point(base.lower**exponent)
    if exponent % 2 == 0:
        base = combine("abs", [base])
    return Interval(base.lower**exponent, base.upper**exponent)


def _operands(expression: Expression) -> tuple[Expression, ...]:
    return expression.operands if isinstance(expression, Applied) else ()
