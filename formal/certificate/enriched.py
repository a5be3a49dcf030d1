"""Claims about relations over a quantale, and their certificates, as canonical bytes.

The formats are described in ``docs/decisions/0014-relations-are-matrices-over-a-quantale.md``; the kernel that reads
them shares no code with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal, assert_never

from formal.certificate.write import canonical, digest
from formal.enriched.evidence import (
    Algebraic,
    Branch,
    Decomposition,
    Evidence,
    HullWeights,
    Multipliers,
    OfAtom,
    OfQuantity,
    Point,
    PromptCover,
    RankBounds,
    RepairBounds,
    Separation,
)
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
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
    SoftPrompt,
    SoftWeight,
)
from formal.enriched.table import Integers
from formal.quantale import INFINITY
from formal.text import Bug

Verdict = Literal["proved", "refuted", "solved"]

OPERATIONS = {
    Operation.ADD: "add",
    Operation.SUBTRACT: "subtract",
    Operation.MULTIPLY: "multiply",
    Operation.DIVIDE: "divide",
    Operation.NEGATE: "negate",
    Operation.SQRT: "sqrt",
    Operation.EXP: "exp",
    Operation.LOG: "log",
}
"""How a claim writes operations on expressions, but for powers, whose exponent is no expression."""

PRECISION = 128
"""Bits after the binary point to which symbolic numbers are enclosed, unless more are asked for."""


def write_enriched_claim(formula: Formula) -> bytes:
    """Write down a closed formula with the matrices that it speaks of; a matrix that occurs twice is written once.

    Raises:
        Bug: two different parameters.
    """
    nodes = _Nodes()
    nodes.number(formula)
    parameter = None if nodes.parameter is None else _parameter(nodes.parameter)
    claim = {"format": "formal-enriched/1", "matrices": nodes.matrices, "nodes": nodes.nodes, "parameter": parameter}
    return canonical(claim)


def write_enriched_certificate(
    claim: bytes,
    verdict: Verdict,
    evidence: Evidence = (),
    *,
    precision: int = PRECISION,
    cells: Decomposition | None = None,
) -> bytes:
    """Write down why a claim holds or fails.

    Args:
        claim: its bytes.
        verdict: what is certified; ``solved`` for the cells of a parameter.
        precision: bits to which the kernel encloses symbolic numbers; at most 4096. Its boxes lie inside those of a
            decision if it is asked for clearly more bits, say twice as many.
        cells: for a claim with a parameter.
    """
    return canonical(
        {
            "cells": None if cells is None else _cells(cells),
            "claim": digest(claim),
            "evidence": [[list(path), *_evidence(found)] for path, found in evidence],
            "format": "formal-lawvere/1",
            "precision": precision,
            "verdict": verdict,
        }
    )


# --- claims ---------------------------------------------------------------------------------------

Part = Matrix | Quantity | Formula | Expression


class _Nodes:
    """Numbers for the parts of a formula, each after the parts that it is made of."""

    def __init__(self) -> None:
        self.nodes: list[list[Any]] = []
        self.matrices: list[dict[str, Any]] = []
        self.parameter: Unknown | None = None
        self._numbers: dict[int, int] = {}
        self._kept: list[Part] = []

    def number(self, part: Part) -> int:
        """The number of a part; the stack is a list, since formulas may be deep."""
        stack = [part]
        while stack:
            top = stack[-1]
            missing = [p for p in _parts(top) if id(p) not in self._numbers]
            if missing:
                stack.extend(reversed(missing))
                continue
            stack.pop()
            if id(top) not in self._numbers:
                self.nodes.append(self._node(top, lambda p: self._numbers[id(p)]))
                self._numbers[id(top)] = len(self.nodes) - 1
                self._kept.append(top)
        return self._numbers[id(part)]

    def _node(self, part: Part, of: Callable[[Part], int]) -> list[Any]:
        match part:
            case Rational() | Unknown() | Applied():
                return self._expression(part, of)
            case Given() | Composite() | Residual() | Opposite() | Closure() | Restriction() | AtLeast():
                return self._matrix(part, of)
            case Compare(left, order, right):
                return ["compare", of(left), order.value, of(right)]
            case SoftPrompt(features, task, margin, threshold):
                level = None if threshold is None else str(threshold)
                return ["soft-prompt", of(features), of(task), str(margin), level]
            case SoftWeight(features, target, within):
                return ["soft-weight", of(features), of(target), str(within)]
            case InHull(points, vertices, within, shared):
                return ["in-hull", of(points), [of(vertex) for vertex in vertices], str(within), shared]
            case Not(body):
                return ["not", of(body)]
            case And(parts):
                return ["and", [of(item) for item in parts]]
            case Or(parts):
                return ["or", [of(item) for item in parts]]
            case _:
                return _quantity(part, of)

    def _expression(self, part: Expression, of: Callable[[Part], int]) -> list[Any]:
        match part:
            case Rational(value):
                return ["number", str(value)]
            case Unknown():
                if self.parameter not in (None, part):
                    raise Bug("a claim with two parameters")
                self.parameter = part
                return ["parameter"]
            case Applied(Operation.POWER, (base, Rational(exponent))):
                return ["power", of(base), exponent.numerator]
            case Applied(operation, operands):
                return [OPERATIONS[operation], *(of(operand) for operand in operands)]
            case _:
                assert_never(part)

    def _matrix(self, part: Matrix, of: Callable[[Part], int]) -> list[Any]:
        match part:
            case Given():
                self.matrices.append(_given(part))
                symbols = [[symbol.row, symbol.column, of(symbol.value)] for symbol in part.symbols]
                return ["given", len(self.matrices) - 1, symbols]
            case Composite(left, right):
                return ["composite", of(left), of(right)]
            case Residual(left, right):
                return ["residual", of(left), of(right)]
            case Opposite(matrix):
                return ["opposite", of(matrix)]
            case Closure(matrix):
                return ["closure", of(matrix)]
            case Restriction(matrix, rows, columns):
                return ["restriction", of(matrix), list(rows), list(columns)]
            case AtLeast(matrix, level):
                return ["at-least", of(matrix), str(level)]
            case _:
                assert_never(part)


def _quantity(part: Quantity, of: Callable[[Part], int]) -> list[Any]:
    match part:
        case Constant(value):
            return ["constant", of(value)]
        case Entry(matrix, row, column):
            return ["entry", of(matrix), row, column]
        case Distance(left, right, metric):
            return ["distance", of(left), of(right), metric.value]
        case Excess(left, right):
            return ["excess", of(left), of(right)]
        case Defect(matrix):
            return ["defect", of(matrix)]
        case Gap(matrix, target, metric):
            return ["gap", of(matrix), of(target), metric.value]
        case Repair(matrix):
            return ["repair", of(matrix)]
        case PromptNumber(matrix, target, within):
            return ["prompt-number", of(matrix), of(target), str(within)]
        case Classes(matrix, within, metric):
            return ["classes", of(matrix), str(within), metric.value]
        case Rank(matrix, within):
            return ["rank", of(matrix), str(within)]
        case Combined(operation, operands):
            return ["combined", operation, [of(operand) for operand in operands]]
        case _:
            assert_never(part)


def _parts(part: Part) -> Sequence[Part]:
    """What a part is made of."""
    match part:
        case Rational() | Unknown():
            return ()
        case Applied(Operation.POWER, operands):
            return operands[:1]
        case Applied(_, operands):
            return operands
        case Given():
            return [symbol.value for symbol in part.symbols]
        case Opposite(of) | Closure(of) | Defect(of) | Repair(of) | Not(of):
            return (of,)
        case Restriction(of) | AtLeast(of) | Entry(of) | Classes(of) | Rank(of):
            return (of,)
        case Composite(left, right) | Residual(left, right) | Distance(left, right) | Excess(left, right):
            return (left, right)
        case Gap(left, right) | PromptNumber(left, right) | SoftPrompt(left, right) | SoftWeight(left, right):
            return (left, right)
        case Compare(left, _, right):
            return (left, right)
        case Constant(value):
            return (value,)
        case Combined(_, operands):
            return operands
        case InHull(points, vertices):
            return (points, *vertices)
        case And(parts) | Or(parts):
            return parts
        case _:
            assert_never(part)


def _given(matrix: Given) -> dict[str, Any]:
    table = matrix.table
    lower = _rows(table.lower)
    return {
        "columns": list(matrix.columns),
        "denominator": _integer(table.denominator),
        "lower": lower,
        "name": matrix.name,
        "quantale": matrix.quantale.value,
        "rows": list(matrix.rows),
        "upper": None if table.is_exact else _rows(table.upper),
    }


_LARGEST = (1 << 53) - 1
"""Of the integers that all readers of JSON keep."""


def _rows(entries: Integers) -> list[list[int | str]]:
    return [row if _is_plain(row) else [_integer(entry) for entry in row] for row in entries.tolist()]


def _is_plain(row: list[Any]) -> bool:
    """Whether a row can be written as it is."""
    return set(map(type, row)) == {int} and max(map(abs, row)) <= _LARGEST


def _integer(value: Any) -> int | str:
    """An integer, as a string where other readers of JSON might round it."""
    if value == INFINITY:
        return "inf"
    return int(value) if abs(value) <= _LARGEST else str(int(value))


def _parameter(parameter: Unknown) -> list[str]:
    return [parameter.name, str(parameter.lower), str(parameter.upper)]


# --- certificates ---------------------------------------------------------------------------------


def _evidence(found: OfQuantity | OfAtom) -> list[Any]:
    match found:
        case PromptCover(columns=columns, fewer=fewer):
            prompts = None if columns is None else list(columns)
            return ["prompt-cover", prompts, found.bound, None if fewer is None else _tree(fewer)]
        case RepairBounds(lower, upper, path):
            return ["repair-bounds", str(lower), str(upper), None if path is None else list(path)]
        case RankBounds(minor, subspace, left, right):
            chosen = None if minor is None else [list(indices) for indices in minor]
            space = None if subspace is None else _rationals(subspace)
            return ["rank-bounds", chosen, space, _rationals(left), _rationals(right)]
        case Point(coordinates):
            return ["point", [str(coordinate) for coordinate in coordinates]]
        case Multipliers(multiples):
            return ["multipliers", [[number, str(multiple)] for number, multiple in multiples]]
        case HullWeights(weights):
            return ["hull-weights", _rationals(weights)]
        case Separation(row, normal):
            return ["separation", row, [str(entry) for entry in normal]]
        case _:
            assert_never(found)


def _rationals(rows: Sequence[Sequence[Fraction]]) -> list[list[str]]:
    return [[str(entry) for entry in row] for row in rows]


def _tree(root: Branch) -> list[Any]:
    """The nodes of a tree, children before parents, the root last."""
    nodes: list[Any] = []
    numbers: dict[int, int] = {}
    stack = [(root, False)]
    while stack:
        branch, ready = stack.pop()
        if not ready:
            stack.append((branch, True))
            stack.extend((child, False) for _, child in branch.children if id(child) not in numbers)
        elif id(branch) not in numbers:
            nodes.append([branch.object, [[column, numbers[id(child)]] for column, child in branch.children]])
            numbers[id(branch)] = len(nodes) - 1
    return nodes


def _cells(cells: Decomposition) -> list[Any]:
    return [
        [_algebraic(cell.lower), _algebraic(cell.upper), _algebraic(cell.sample), cell.truth] for cell in cells.cells
    ]


def _algebraic(number: Algebraic) -> list[Any]:
    return [[_integer(coefficient) for coefficient in number.polynomial], str(number.lower), str(number.upper)]
