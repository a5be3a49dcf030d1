"""The entries of matrices in a claim: as JSON's integers where all readers keep these, else as strings."""

from __future__ import annotations

import json
from fractions import Fraction

from hypothesis import example, given
from hypothesis import strategies as st

from formal.certificate.enriched import write_enriched_claim
from formal.enriched.expression import Rational
from formal.enriched.formula import Compare, Constant, Entry, Given, Order
from formal.enriched.table import table_of
from formal.quantale import INFINITY, Number, Quantale

KEPT = 2**53
NUMBERS = st.integers(0, 100) | st.integers(KEPT - 2, KEPT + 2) | st.just(INFINITY)


@given(st.lists(NUMBERS, min_size=1, max_size=4))
@example([KEPT - 1, 0])
@example([KEPT, 0])
@example([INFINITY])
def test_an_integer_is_written_so_that_every_reader_keeps_it(row: list[Number]) -> None:
    columns = tuple(f"c{number}" for number in range(len(row)))
    matrix = Given("D", Quantale.LAWVERE, ("r",), columns, table_of([row], (1, len(row))))
    formula = Compare(Entry(matrix, 0, 0), Order.AT_MOST, Constant(Rational(Fraction(1))))
    (written,) = json.loads(write_enriched_claim(formula))["matrices"]
    (found,) = written["lower"]
    assert [type(entry) for entry in found] == [int if n != INFINITY and n < KEPT else str for n in row]
    assert [entry if entry == "inf" else int(entry) for entry in found] == [
        "inf" if n == INFINITY else int(n) for n in row
    ]
