"""Numbers as an author writes them: rationals, parameters, and expressions over them that are kept symbolic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Operation(StrEnum):
    """What an expression does with its operands: one for ``NEGATE``, ``SQRT``, ``EXP``, ``LOG``, two for the others."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    POWER = "^"
    """The second operand is a natural number, as a ``Rational``."""
    NEGATE = "negate"
    SQRT = "sqrt"
    EXP = "exp"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Rational:
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Unknown:
    """A parameter: a number left open between two bounds, both included."""

    name: str
    lower: Fraction
    upper: Fraction


@dataclass(frozen=True, slots=True)
class Applied:
    """An operation on expressions."""

    operation: Operation
    operands: tuple[Expression, ...]


Expression = Rational | Unknown | Applied
"""Operations on rationals are folded, so an expression that is not ``Rational`` is symbolic or has a parameter."""
