"""What a formula is made of: its quantities and atoms with their places, its matrices, the numbers left open in it."""

from __future__ import annotations

from collections.abc import Iterator

from formal.enriched.evidence import Path
from formal.enriched.expression import Applied, Expression, Rational, Unknown
from formal.enriched.formula import (
    And,
    AtLeast,
    Classes,
    Combined,
    Compare,
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
    Or,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import Quantale
from formal.valuation.matrix import operands
from formal.valuation.walk import postorder

Node = Formula | Quantity


def children(node: Node) -> tuple[Node, ...]:
    """The formulas and quantities right below one, in the order of its fields."""
    match node:
        case Not(of):
            return (of,)
        case And(parts) | Or(parts):
            return parts
        case Compare(left, _, right):
            return (left, right)
        case Combined(_, parts):
            return parts
        case _:
            return ()


def matrices(node: Node) -> tuple[Matrix, ...]:
    """The matrices that a formula or quantity is about itself, not by way of its children."""
    match node:
        case Entry(of) | Defect(of) | Repair(of) | Classes(of) | Rank(of):
            return (of,)
        case Distance(left, right) | Excess(left, right) | Gap(left, right) | PromptNumber(left, right):
            return (left, right)
        case SoftPrompt(left, right) | SoftWeight(left, right):
            return (left, right)
        case InHull(points, vertices):
            return (points, *vertices)
        case _:
            return ()


def places(formula: Formula) -> Iterator[tuple[Path, Node]]:
    """All formulas and quantities in a formula with the way to them, from left to right, the whole first."""
    stack: list[tuple[Path, Node]] = [((), formula)]
    while stack:
        path, node = stack.pop()
        yield path, node
        below = children(node)
        stack.extend(((*path, i), below[i]) for i in reversed(range(len(below))))


def occurring(formula: Formula) -> Iterator[Node | Matrix]:
    """All formulas and quantities in a formula, each followed by the matrices that it is the first to speak of."""
    seen: set[int] = set()
    for _, node in places(formula):
        yield node
        for root in matrices(node):
            for matrix in postorder(root, lambda m: () if id(m) in seen else operands(m)):
                if id(matrix) not in seen:
                    yield matrix
                seen.add(id(matrix))


def expressions(formula: Formula) -> Iterator[Expression]:
    """All expressions that a formula uses: constants, and entries of matrices that are no rational numbers."""
    for node in occurring(formula):
        if isinstance(node, Constant):
            yield node.value
        elif isinstance(node, Given):
            yield from (symbol.value for symbol in node.symbols)


def parameters(formula: Formula) -> tuple[Unknown, ...]:
    """The numbers that a formula leaves open, each once, in order of appearance."""
    found: dict[Unknown, None] = {}
    for expression in expressions(formula):
        for node in postorder(expression, lambda e: e.operands if isinstance(e, Applied) else ()):
            if isinstance(node, Unknown):
                found[node] = None
    return tuple(found)


def is_refinable(formula: Formula) -> bool:
    """Whether more binary digits may decide what fewer did not: something in it is irrational."""
    return any(not isinstance(expression, Rational) for expression in expressions(formula)) or any(
        isinstance(node, Repair) and quantale(node.of) is Quantale.PRODUCT for _, node in places(formula)
    )


def quantale(matrix: Matrix) -> Quantale:
    """The quantale that the entries of a matrix belong to."""
    while not isinstance(matrix, Given):
        if isinstance(matrix, AtLeast):
            return Quantale.BOOLEAN
        matrix = operands(matrix)[0]
    return matrix.quantale
