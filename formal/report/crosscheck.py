"""A cross-check as JSON values, and as a table: each line says whether it could have failed on data.

Numbers are exact as texts ``"numerator/denominator"``, beside the nearest double.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from formal.text import Span
from formal.text.escape import clip, markdown, markdown_code
from formal.verdict.crosscheck import facts, verdict
from formal.verdict.result import (
    ClaimResult,
    Comparison,
    CrossCheckItem,
    CrossCheckResult,
    CrossCheckRow,
    MeasuredRate,
    Outcome,
    Told,
)

_MOST_BITS = 4096
_MOST_ROWS = 200
Json = dict[str, Any]


def crosscheck_object(found: CrossCheckResult, location: Callable[[Span], Json]) -> Json:
    """All that a cross-check found.

    Args:
        location: gives a place as JSON values.
    """
    return {
        "theorem": found.theorem,
        "pin": found.pin,
        "seeds": found.seeds,
        "rows": [_row(row, location) for row in found.rows],
    }


def comparison_object(found: Comparison) -> Json:
    """The values of both sides of a comparison, and whether it holds."""
    return {
        "left": _told(found.left),
        "order": found.order,
        "right": _told(found.right),
        "within": None if found.within is None else _told(found.within),
        "holds": found.holds,
    }


def _row(row: CrossCheckRow, location: Callable[[Span], Json]) -> Json:
    return {
        "subject": row.subject,
        "seed": row.seed,
        "outcome": str(row.outcome),
        "reason": row.reason,
        "undecided": row.undecided,
        "items": [_item(item, location) for item in row.items],
    }


def _item(item: CrossCheckItem, location: Callable[[Span], Json]) -> Json:
    return {
        "role": str(item.role),
        "ground": str(item.ground),
        "statement": item.statement,
        "location": location(item.span),
        "outcome": str(item.outcome if item.trouble is None else Outcome.UNKNOWN),
        "reason": item.reason,
        "trouble": None if item.trouble is None else str(item.trouble),
        "certified": item.certified,
        "values": [_told(value) for value in item.values],
        "predicted": [_told(value) for value in item.predicted],
        "measured": None if item.measured is None else _measured(item.measured),
    }


def _told(value: Told) -> Json:
    return {"name": value.name, "value": value.value, "lower": _number(value.lower), "upper": _number(value.upper)}


def _measured(found: MeasuredRate) -> Json:
    return {
        "score": found.score,
        "correct": found.correct,
        "count": found.count,
        "value": _number(found.value),
        "lower": _number(found.lower),
        "upper": _number(found.upper),
        "confidence": _number(found.confidence),
        "independent": found.independent,
        "candidates": found.candidates,
    }


def _number(value: Fraction | None) -> Json | None:
    """A number exactly and as the nearest double; either is None where it would be too long or too large."""
    if value is None:
        return None
    is_short = max(value.numerator.bit_length(), value.denominator.bit_length()) <= _MOST_BITS
    try:
        decimal: float | None = float(value)
    except OverflowError:
        decimal = None
    return {"exact": str(value) if is_short else None, "decimal": decimal}


# --- as a table -----------------------------------------------------------------------------------


def crosscheck_table(claim: ClaimResult, found: CrossCheckResult) -> Iterator[str]:
    """The lines of a section in Markdown: what licenses it, a row for each item, seeds, and what was pinned."""
    yield f"### cross-check {markdown_code(clip(claim.name))}"
    yield ""
    if found.theorem:
        yield f"theorem, which cannot fail on data: {markdown(clip(found.theorem))}"
        yield ""
    yield "| about | rests on | statement | verdict | found |"
    yield "|---|---|---|---|---|"
    items = [(row, item) for row in found.rows for item in row.items]
    for row, item in items[:_MOST_ROWS]:
        cells = (
            markdown(clip(row.subject, 60)),
            str(item.ground),
            markdown_code(clip(f"{item.role} {item.statement}")),
            verdict(item),
            markdown(clip("; ".join(facts(item)))),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    if len(items) > _MOST_ROWS:
        yield f"({len(items) - _MOST_ROWS} more in JSON)"
        yield ""
    for row in found.rows[:_MOST_ROWS]:
        where = f"{markdown(clip(row.subject, 60))}: " if row.subject else ""
        yield f"- {where}**{row.outcome}**: {markdown(clip(row.reason))}"
    yield ""
    for text in (found.seeds, f"pinned: {found.pin}" if found.pin else ""):
        if text:
            yield markdown(clip(text))
            yield ""
