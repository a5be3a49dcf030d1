"""A claim: matrices by their entries, and numbered nodes that refer to earlier ones; the last is the formula."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from formal.lawvere.matrix import Matrix, is_between, matrix
from formal.lawvere.number import INFINITY
from formal.lawvere.reading import (
    Ledger,
    array,
    demand,
    integer,
    labels,
    natural,
    naturals,
    parse,
    rational,
    record,
    word,
)

QUANTALES = ("boolean", "product", "godel", "lukasiewicz", "lawvere")

SIGNATURES: dict[str, tuple[str, str]] = {
    "number": ("E", "r"),
    "parameter": ("E", ""),
    **dict.fromkeys(("add", "subtract", "multiply", "divide"), ("E", "EE")),
    "power": ("E", "En"),
    **dict.fromkeys(("negate", "sqrt", "exp", "log"), ("E", "E")),
    "given": ("M", "gs"),
    **dict.fromkeys(("composite", "residual"), ("M", "MM")),
    **dict.fromkeys(("opposite", "closure"), ("M", "M")),
    "restriction": ("M", "Mii"),
    "at-least": ("M", "Mr"),
    "constant": ("Q", "E"),
    "entry": ("Q", "Mnn"),
    **dict.fromkeys(("distance", "gap"), ("Q", "MMm")),
    "excess": ("Q", "MM"),
    **dict.fromkeys(("defect", "repair"), ("Q", "M")),
    "prompt-number": ("Q", "MMe"),
    "classes": ("Q", "Mem"),
    "rank": ("Q", "Me"),
    "combined": ("Q", "cq"),
    "compare": ("F", "QoQ"),
    "soft-prompt": ("F", "MMr?"),
    "soft-weight": ("F", "MMe"),
    "in-hull": ("F", "Mveb"),
    "not": ("F", "F"),
    **dict.fromkeys(("and", "or"), ("F", "f")),
}
"""What a node is, an expression, matrix, quantity or formula, and its fields."""

OPERATIONS = {"+": (1, 1 << 30), "*": (1, 1 << 30), "min": (1, 1 << 30), "max": (1, 1 << 30)}
OPERATIONS |= {"-": (2, 2), "/": (2, 2), "negate": (1, 1), "abs": (1, 1)}
"""The fewest and the most operands."""

LISTS = {"q": "Q", "f": "F", "v": "M"}


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed.

    Args:
        parameter: the bounds of the parameter; None when there is none.
        matrices: as they are given, without symbolic entries.
        kinds, fields: of each node.
        parts: the nodes that a node is computed from.
        shapes: the quantale, rows and columns of nodes that are matrices.
        children: the quantities and formulas among the parts of each node: the steps of a path.
        depends: whether a node depends on the parameter.
    """

    parameter: tuple[Fraction, Fraction] | None
    matrices: list[Matrix]
    kinds: list[str]
    fields: list[tuple[Any, ...]]
    parts: list[tuple[int, ...]]
    children: list[tuple[int, ...]]
    shapes: dict[int, tuple[str, int, int]]
    depends: list[bool]


def read_claim(data: bytes, ledger: Ledger) -> Claim:
    """Read a claim, and check that it is well-formed."""
    form, parameter, matrices, nodes = record(parse(data, ledger.limits), "format", "parameter", "matrices", "nodes")
    demand(form == "formal-enriched/1", "format", "an unknown format")
    bounds = None
    if parameter is not None:
        name, low, high = array(parameter, 3)
        bounds = rational(low), rational(high)
        demand(type(name) is str and bounds[0] <= bounds[1], "format", "not a parameter")
    claim = Claim(bounds, [_matrix(item, ledger) for item in array(matrices)], [], [], [], [], {}, [])
    for node in array(nodes):
        _add(claim, array(node))
    demand(bool(claim.kinds) and SIGNATURES[claim.kinds[-1]][0] == "F", "format", "the last node is not a formula")
    return claim


def _matrix(item: Any, ledger: Ledger) -> Matrix:
    fields = ("name", "quantale", "rows", "columns", "denominator", "lower", "upper")
    name, quantale, row_labels, column_labels, over, low, high = record(item, *fields)
    demand(type(name) is str and type(over) in (int, str), "format", "not a matrix")
    quantale, denominator = word(quantale, *QUANTALES), integer(over)
    demand(denominator > 0, "format", "a denominator that is not positive")
    height, width = len(labels(row_labels)), len(labels(column_labels))
    ledger.store(height * width)

    def rows(value: Any) -> list[list[Any]]:
        return [_entries(array(row, width)) for row in array(value, height)]

    lower = rows(low)
    found = matrix(quantale, width, lower, lower if high is None else rows(high), denominator, ledger)
    demand(is_between(found), "format", "a lower end above its upper end")
    return found


def _entries(row: list[Any]) -> list[Any]:
    return row if set(map(type, row)) == {int} else [INFINITY if v == "inf" else integer(v) for v in row]


def _add(claim: Claim, node: list[Any]) -> None:
    """Read one node."""
    demand(bool(node) and type(node[0]) is str and node[0] in SIGNATURES, "format", "an unknown kind of node")
    kind, signature = node[0], SIGNATURES[node[0]][1]
    parts: list[int] = []
    values = zip(signature, array(node, len(signature) + 1)[1:], strict=True)
    fields = tuple(_field(claim, letter, value, parts) for letter, value in values)
    demand(kind != "parameter" or claim.parameter is not None, "format", "a parameter that is not declared")
    claim.depends.append(kind == "parameter" or any(claim.depends[part] for part in parts))
    number = len(claim.kinds)
    claim.kinds.append(kind)
    claim.fields.append(fields)
    claim.parts.append(tuple(parts))
    claim.children.append(tuple(part for part in parts if SIGNATURES[claim.kinds[part]][0] in "QF"))
    if SIGNATURES[kind][0] == "M":
        claim.shapes[number] = _shape(claim, kind, fields)
    else:
        _demand_shapes(claim, kind, fields)


def _field(claim: Claim, letter: str, value: Any, parts: list[int]) -> Any:
    """A field by its letter; nodes in it are added to the parts."""
    match letter:
        case "E" | "M" | "Q" | "F":
            part = natural(value, len(claim.kinds))
            demand(SIGNATURES[claim.kinds[part]][0] == letter, "format", "a node of another kind")
            parts.append(part)
            return part
        case "q" | "f" | "v":
            return tuple(_field(claim, LISTS[letter], item, parts) for item in array(value))
        case "s":
            listed = [array(item, 3) for item in array(value)]
            read = [(natural(x, 1 << 30), natural(y, 1 << 30), _field(claim, "E", z, parts)) for x, y, z in listed]
            demand(len({place[:2] for place in read}) == len(read), "format", "two expressions for one entry")
            return tuple(read)
        case "g":
            return natural(value, len(claim.matrices))
        case "n":
            return natural(value, 1 << 30)
        case "i":
            return naturals(value, 1 << 30)
        case "r" | "e":
            number = rational(value)
            demand(letter == "r" or number >= 0, "format", "a negative tolerance")
            return number
        case "?":
            return None if value is None else rational(value)
        case "b":
            demand(type(value) is bool, "format", "not a truth value")
            return value
        case "m":
            return word(value, "sup", "tv")
        case "o":
            return word(value, "=", "<=", "<")
        case _:
            return word(value, *OPERATIONS)


def _shape(claim: Claim, kind: str, fields: tuple[Any, ...]) -> tuple[str, int, int]:
    """The quantale, rows and columns of a matrix."""
    if kind == "given":
        of = claim.matrices[fields[0]]
        holds = all(x < len(of.lower) and y < of.width for x, y, _ in fields[1])
        demand(holds, "shape", "an expression for an entry that there is not")
        return of.quantale, len(of.lower), of.width
    quantale, rows, width = claim.shapes[fields[0]]
    if kind in ("composite", "residual"):
        other, height, across = claim.shapes[fields[1]]
        demand(quantale == other, "shape", "matrices over two quantales")
        demand((width if kind == "composite" else rows) == height, "shape", "matrices that do not fit")
        return quantale, rows if kind == "composite" else width, across
    if kind == "restriction":
        holds = max(fields[1], default=-1) < rows and max(fields[2], default=-1) < width
        demand(holds, "shape", "a row or column that there is not")
        return quantale, len(fields[1]), len(fields[2])
    demand(kind != "closure" or rows == width, "shape", "a matrix that is not square")
    return (
        ("boolean", rows, width)
        if kind == "at-least"
        else (quantale, *((width, rows) if kind == "opposite" else (rows, width)))
    )


def _demand_shapes(claim: Claim, kind: str, fields: tuple[Any, ...]) -> None:
    """Reject a quantity or atom of matrices that do not fit."""
    shapes = [
        claim.shapes[field][1:] for field, letter in zip(fields, SIGNATURES[kind][1], strict=True) if letter == "M"
    ]
    quantales = {claim.shapes[part][0] for part in claim.parts[len(claim.kinds) - 1] if part in claim.shapes}
    match kind:
        case "entry":
            holds = fields[1] < shapes[0][0] and fields[2] < shapes[0][1]
        case "distance" | "excess":
            holds = shapes[0] == shapes[1] and (kind == "distance" or len(quantales) == 1)
        case "defect" | "repair":
            holds = shapes[0][0] == shapes[0][1]
        case "gap" | "prompt-number":
            upright = shapes[1] == (shapes[0][0], 1)
            flat = shapes[1] == (1, shapes[0][1]) and kind == "gap"
            holds = (upright or flat) and (kind == "gap" or len(quantales) == 1)
        case "combined":
            low, high = OPERATIONS[fields[0]]
            holds = low <= len(fields[1]) <= high
        case "soft-prompt" | "soft-weight":
            holds = shapes[1] == (shapes[0][0], 1) and (kind == "soft-weight" or fields[2] > 0)
        case "in-hull":
            vertices = [claim.shapes[part][1:] for part in fields[1]]
            if fields[3]:
                holds = len(vertices) == 1 and vertices[0][1] == shapes[0][1]
            else:
                holds = all(shape == shapes[0] for shape in vertices)
        case _:
            holds = True
    demand(holds, "shape", "matrices or operands that do not fit")
