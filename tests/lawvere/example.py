"""Matrices and quantities for the tests of the kernel, and the kernel's values of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import Any

from hypothesis import strategies as st

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.enriched.evidence import Evidence
from formal.enriched.expression import Rational
from formal.enriched.formula import Compare, Constant, Formula, Given, Order, Quantity
from formal.enriched.table import table_of
from formal.lawvere import Accepted, Limits, check
from formal.lawvere.claim import read_claim
from formal.lawvere.evaluate import Evaluator
from formal.lawvere.reading import Ledger
from formal.quantale import Box, Number, Quantale

DEGREES = [Fraction(n, 6) for n in range(7)]
DISTANCES = [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(4, 3), Fraction(3), Fraction(10)]


def values(q: Quantale) -> list[Number]:
    """Some values of a quantale, in order."""
    match q:
        case Quantale.BOOLEAN:
            return [0, 1]
        case Quantale.LAWVERE:
            return [*DISTANCES, inf]
        case _:
            return list(DEGREES)


@st.composite
def rows(draw: st.DrawFn, q: Quantale, height: int, width: int) -> list[list[Any]]:
    """Exact entries."""
    entry = st.sampled_from(values(q))
    return draw(st.lists(st.lists(entry, min_size=width, max_size=width), min_size=height, max_size=height))


@st.composite
def boxes(draw: st.DrawFn, q: Quantale, height: int, width: int) -> list[list[Box]]:
    """Entries within bounds, mostly narrow ones."""
    chain = values(q)

    def box() -> Box:
        low = draw(st.integers(0, len(chain) - 1))
        high = min(len(chain) - 1, low + draw(st.sampled_from([0, 0, 1, 1, 2])))
        return Box(chain[low], chain[high])

    return [[box() for _ in range(width)] for _ in range(height)]


def inside(draw: Any, q: Quantale, within: list[list[Box]]) -> list[list[Any]]:
    """A matrix within bounds."""
    return [[draw(st.sampled_from([v for v in values(q) if b.lower <= v <= b.upper])) for b in row] for row in within]


def given(q: Quantale, entries: Sequence[Sequence[Number | Box]], width: int | None = None, name: str = "R") -> Given:
    """A matrix with labels."""
    size = len(entries[0]) if width is None else width
    labels = tuple(f"x{i}" for i in range(len(entries))), tuple(f"y{j}" for j in range(size))
    return Given(name, q, *labels, table_of(entries, (len(entries), size)))


def number(value: Fraction | int | str) -> Constant:
    """A constant."""
    return Constant(Rational(Fraction(value)))


def interval(quantity: Quantity, evidence: Evidence = ()) -> tuple[Number, Number]:
    """The kernel's bounds on a quantity, oo as a float."""
    ledger = Ledger(Limits())
    claim = read_claim(write_enriched_claim(Compare(quantity, Order.EQUAL, number(0))), ledger)
    node = claim.children[-1][0]
    written = json.loads(write_enriched_certificate(b"", "proved", evidence))["evidence"]
    found = {node: written[0][1:]} if written else {}
    low, high = Evaluator(claim, found, 64, ledger).value(node)
    return plain(low), plain(high)


def plain(value: Any) -> Number:
    """A number of the kernel as one of ours."""
    sign = getattr(value, "sign", None)
    return value if sign is None else sign * inf


def verdict(formula: Formula, says: Any = "proved", evidence: Evidence = (), **options: Any) -> Accepted:
    """What the kernel makes of a claim."""
    claim = write_enriched_claim(formula)
    return check(claim, write_enriched_certificate(claim, says, evidence, **options))
