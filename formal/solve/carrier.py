"""Which entries of matrices have to be values of their quantale, and whether they are on a cell of a parameter."""

from __future__ import annotations

from formal.enriched.formula import (
    Classes,
    Formula,
    Given,
    InHull,
    Matrix,
    Opposite,
    Rank,
    Restriction,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import Quantale
from formal.valuation.domain import Domain
from formal.valuation.enclosure import Undefined
from formal.valuation.matrix import operands
from formal.valuation.parts import matrices, places
from formal.valuation.walk import postorder

_OF_NUMBERS = (Rank, Classes, SoftPrompt, SoftWeight, InHull)
"""What takes the entries of matrices as numbers, whatever their quantale is."""


def symbolic_entries(formula: Formula) -> tuple[Given, ...]:
    """The matrices with symbolic entries that are used as matrices over their quantale, each once."""
    found: dict[int, Given] = {}
    seen: set[int] = set()
    for _, node in places(formula):
        roots = matrices(node)
        if isinstance(node, _OF_NUMBERS):
            roots = tuple(under for root in roots if (under := _computed(root)) is not None)
        for root in roots:
            for matrix in postorder(root, lambda m: () if id(m) in seen else operands(m)):
                seen.add(id(matrix))
                if isinstance(matrix, Given) and matrix.symbols:
                    found[id(matrix)] = matrix
    return tuple(found.values())


def _computed(matrix: Matrix) -> Matrix | None:
    """A matrix without what only moves its entries; None when nothing is left but numbers that are given."""
    while isinstance(matrix, Opposite | Restriction):
        matrix = matrix.of
    return None if isinstance(matrix, Given) else matrix


def require_values(given: Given, domain: Domain) -> None:
    """Require that the symbolic entries of a matrix belong to its quantale.

    Raises:
        Undefined: one does not, or is not known to.
    """
    for symbol in given.symbols:
        value = domain.interval(symbol.value)
        low, high = value.lower, value.upper
        match given.quantale:
            case Quantale.LAWVERE:
                holds = low >= 0
            case Quantale.BOOLEAN:
                holds = value.is_point and (low == 0 or low == 1)
            case _:
                holds = low >= 0 and high <= 1
        if not holds:
            row, column = given.rows[symbol.row], given.columns[symbol.column]
            raise Undefined(
                f"the entry of `{given.name}` at {row}, {column} is not in the quantale `{given.quantale.value}`"
            )
