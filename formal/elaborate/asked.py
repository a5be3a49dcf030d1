"""A formula about matrices at hand, as a claim: what ``formal.ask`` asks of relations, profunctors and weights."""

from __future__ import annotations

from collections.abc import Mapping

from formal.elaborate.enriched import RelationClaim, claim
from formal.elaborate.module import MOST_EXPRESSIONS, prelude
from formal.elaborate.names import Budget
from formal.elaborate.reader import Reader
from formal.elaborate.relation import POINT, Kind, MatrixOf, given
from formal.elaborate.scope import Module
from formal.elaborate.workshop import Workshop
from formal.enriched.formula import Given
from formal.syntax.parser import parse_expression
from formal.text import Source, Span


def elaborate_relation_formula(text: str, matrices: Mapping[str, Given]) -> RelationClaim:
    """A formula about matrices, as a claim.

    A matrix with equal labels for rows and columns is a relation, one with the only column ``*`` a weight, one with the
    only row ``*`` a coweight, any other a profunctor. A vector is on the first relation or profunctor that it fits.

    Raises:
        Rejection: all that is wrong with it.
    """
    source = Source("<formula>", text)
    span = Span(source, 0, len(text))
    module = Module(source.name)
    found: list[MatrixOf] = []
    for name, matrix in sorted(matrices.items(), key=lambda item: _kind(item[1]) in (Kind.WEIGHT, Kind.COWEIGHT)):
        kind = _kind(matrix)
        base = next((one for one in found if _is_on(matrix, kind, one)), None)
        value = given(matrix, kind, name, base)
        found.append(value)
        module.meanings[name] = None, value
    reader = Reader(module, Workshop(prelude), Budget(MOST_EXPRESSIONS))
    formula = claim(reader, parse_expression(source))
    return RelationClaim("formula", span, "", " ".join(text.split()), "proved", formula, tuple(reader.called))


def _kind(matrix: Given) -> Kind:
    match matrix.rows, matrix.columns:
        case rows, columns if rows == columns:
            return Kind.RELATION
        case _, (column,) if column == POINT:
            return Kind.WEIGHT
        case (row,), _ if row == POINT:
            return Kind.COWEIGHT
        case _:
            return Kind.PROFUNCTOR


def _is_on(matrix: Given, kind: Kind, base: MatrixOf) -> bool:
    """Whether a vector has an entry for each row (a coweight: column) of a relation or profunctor."""
    if base.is_vector or base.quantale is not matrix.quantale:
        return False
    match kind:
        case Kind.WEIGHT:
            return base.rows == matrix.rows
        case Kind.COWEIGHT:
            return base.columns == matrix.columns
        case _:
            return False
