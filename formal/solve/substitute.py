"""Numbers put in the place of parameters, in expressions, matrices and formulas; parts that do not change are kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, assert_never

import numpy as np

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import (
    And,
    AtLeast,
    Classes,
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
    InHull,
    Matrix,
    Not,
    Opposite,
    Or,
    PromptNumber,
    Rank,
    Repair,
    Residual,
    Restriction,
    SoftPrompt,
    SoftWeight,
    Symbol,
)
from formal.enriched.table import Integers, Table
from formal.quantale import INFINITY
from formal.valuation.matrix import operands
from formal.valuation.parts import Node, children, matrices
from formal.valuation.walk import postorder


class OutsideRange(Exception):
    """A number is not in the range of the parameter. Carries the parameter."""

    def __init__(self, parameter: Unknown) -> None:
        self.parameter = parameter
        super().__init__(f"`{parameter.name}` lies between {parameter.lower} and {parameter.upper}")


class OutsideQuantale(Exception):
    """With these numbers an entry of a matrix is no value of its quantale."""


def substitute(formula: Formula, values: Mapping[str, Fraction]) -> Formula:
    """The formula with numbers in the place of parameters, by their names; others stay open.

    Raises:
        OutsideRange: a number is not in the range of its parameter.
        OutsideQuantale: an entry leaves its quantale; not for scripts, where that is ruled out for the whole range.
    """
    return _Substitution(values).formula(formula)


class _Substitution:
    """What parts become, by their identity; parts are kept alive by the formula."""

    def __init__(self, values: Mapping[str, Fraction]) -> None:
        self._values = values
        self._expressions: dict[int, Expression] = {}
        self._matrices: dict[int, Matrix] = {}
        self._nodes: dict[int, Any] = {}

    # --- formulas and quantities ------------------------------------------------------------------

    def formula(self, formula: Formula) -> Formula:
        root: Node = formula
        for node in postorder(root, children):
            if id(node) not in self._nodes:
                for matrix in matrices(node):
                    self._matrix(matrix)
                self._nodes[id(node)] = self._node(node)
        found: Formula = self._nodes[id(formula)]
        return found

    def _node(self, node: Node) -> Any:
        of = self._nodes
        match node:
            case Constant(value):
                return self._kept(node, value=self._expression(value))
            case Compare(left, _, right):
                return self._kept(node, left=of[id(left)], right=of[id(right)])
            case Not(part):
                return self._kept(node, of=of[id(part)])
            case And(parts) | Or(parts):
                return self._kept(node, of=tuple(of[id(part)] for part in parts))
            case Combined(_, parts):
                return self._kept(node, operands=tuple(of[id(part)] for part in parts))
            case InHull(points, vertices):
                corners = tuple(self._matrices[id(vertex)] for vertex in vertices)
                return self._kept(node, points=self._matrices[id(points)], vertices=corners)
            case SoftPrompt(features, task) | SoftWeight(features, task):
                name = "task" if isinstance(node, SoftPrompt) else "target"
                return self._kept(node, **{"features": self._matrices[id(features)], name: self._matrices[id(task)]})
            case Entry() | Defect() | Repair() | Classes() | Rank():
                return self._kept(node, of=self._matrices[id(node.of)])
            case Gap() | PromptNumber():
                return self._kept(node, of=self._matrices[id(node.of)], target=self._matrices[id(node.target)])
            case Distance() | Excess():
                return self._kept(node, left=self._matrices[id(node.left)], right=self._matrices[id(node.right)])
            case _:
                assert_never(node)

    def _kept(self, node: Any, **parts: Any) -> Any:
        """The node with other parts; itself when they are the same."""
        if all(_is_same(getattr(node, name), part) for name, part in parts.items()):
            return node
        return replace(node, **parts)

    # --- expressions ------------------------------------------------------------------------------

    def _expression(self, expression: Expression) -> Expression:
        for node in postorder(expression, lambda e: e.operands if isinstance(e, Applied) else ()):
            if id(node) not in self._expressions:
                self._expressions[id(node)] = self._evaluated(node)
        return self._expressions[id(expression)]

    def _evaluated(self, node: Expression) -> Expression:
        match node:
            case Rational():
                return node
            case Unknown(name):
                if name not in self._values:
                    return node
                if not node.lower <= self._values[name] <= node.upper:
                    raise OutsideRange(node)
                return Rational(self._values[name])
            case Applied(operation, parts):
                found = tuple(self._expressions[id(part)] for part in parts)
                return _carried_out(operation, found) or self._kept(node, operands=found)
            case _:
                assert_never(node)

    # --- matrices ---------------------------------------------------------------------------------

    def _matrix(self, matrix: Matrix) -> None:
        for node in postorder(matrix, lambda m: () if id(m) in self._matrices else operands(m)):
            if id(node) not in self._matrices:
                self._matrices[id(node)] = self._changed(node)

    def _changed(self, matrix: Matrix) -> Matrix:
        of = self._matrices
        found: Matrix
        match matrix:
            case Given():
                return self._given(matrix)
            case Composite() | Residual():
                found = self._kept(matrix, left=of[id(matrix.left)], right=of[id(matrix.right)])
            case Opposite() | Closure() | Restriction() | AtLeast():
                found = self._kept(matrix, of=of[id(matrix.of)])
            case _:
                assert_never(matrix)
        return found

    def _given(self, matrix: Given) -> Given:
        symbols = [Symbol(s.row, s.column, self._expression(s.value)) for s in matrix.symbols]
        if all(a.value is b.value for a, b in zip(symbols, matrix.symbols, strict=True)):
            return matrix
        known = {(s.row, s.column): s.value.value for s in symbols if isinstance(s.value, Rational)}
        for (row, column), value in known.items():
            if not matrix.quantale.contains(value):
                raise OutsideQuantale(
                    f"the entry of `{matrix.name}` at {matrix.rows[row]}, {matrix.columns[column]} is {value}"
                )
        rest = tuple(symbol for symbol in symbols if not isinstance(symbol.value, Rational))
        return replace(matrix, table=_with_entries(matrix.table, known), symbols=rest)


def _is_same(before: object, after: object) -> bool:
    if isinstance(before, tuple) and isinstance(after, tuple):
        return len(before) == len(after) and all(a is b for a, b in zip(before, after, strict=True))
    return before is after


def _carried_out(operation: Operation, operands: tuple[Expression, ...]) -> Rational | None:
    """The result where it is rational, but for roots, exponentials and logarithms; these have no parameter inside."""
    values = [operand.value for operand in operands if isinstance(operand, Rational)]
    if len(values) < len(operands):
        return None
    match operation, values:
        case Operation.ADD, [a, b]:
            return Rational(a + b)
        case Operation.SUBTRACT, [a, b]:
            return Rational(a - b)
        case Operation.MULTIPLY, [a, b]:
            return Rational(a * b)
        case Operation.DIVIDE, [a, b] if b:
            return Rational(a / b)
        case Operation.POWER, [a, b]:
            return Rational(a ** int(b))
        case Operation.NEGATE, [a]:
            return Rational(-a)
        case _:
            return None


def _with_entries(table: Table, entries: Mapping[tuple[int, int], Fraction]) -> Table:
    """A table with other numbers at some places."""
    factor = math.lcm(table.denominator, *(value.denominator for value in entries.values())) // table.denominator
    denominator = table.denominator * factor

    def end(integers: Integers) -> Integers:
        result: Integers = integers * factor
        result[np.asarray(integers == INFINITY, dtype=bool)] = INFINITY
        for place, value in entries.items():
            result[place] = int(value * denominator)
        return result

    lower = end(table.lower)
    return Table(lower, lower if table.is_exact else end(table.upper), denominator)
