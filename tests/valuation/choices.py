"""Random matrices over each quantale, for properties."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from formal.quantale import INFINITY, Number, Quantale
from tests.valuation.oracle import Rows

QUANTALES = st.sampled_from(list(Quantale))


def values(quantale: Quantale) -> st.SearchStrategy[Number]:
    """Elements of the carrier, few enough that coincidences happen."""
    match quantale:
        case Quantale.BOOLEAN:
            return st.sampled_from([Fraction(0), Fraction(1)])
        case Quantale.LAWVERE:
            finite = st.fractions(0, 4, max_denominator=4)
            return st.one_of(finite, finite, finite, st.just(INFINITY))
        case _:
            return st.fractions(0, 1, max_denominator=6)


def matrices(quantale: Quantale, rows: int, columns: int) -> st.SearchStrategy[Rows]:
    return st.lists(st.lists(values(quantale), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


@st.composite
def squares(draw: st.DrawFn, most: int = 4) -> tuple[Quantale, Rows]:
    quantale = draw(QUANTALES)
    size = draw(st.integers(1, most))
    return quantale, draw(matrices(quantale, size, size))
