"""What a cross-check found, for a person, in the three groups that say what could have failed.

What follows from a theorem cannot fail on data, so agreement there tests the pipeline only; what was measured is a fact
about this model; the premise is what could be false of a model, and the rest depends on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from formal.verdict.result import (
    CrossCheckItem,
    CrossCheckResult,
    CrossCheckRow,
    Explanation,
    Ground,
    Line,
    MeasuredRate,
    Outcome,
    Role,
)

HEADINGS = {
    Ground.THEOREM: "theorem, which cannot fail on data",
    Ground.PREMISE: "premise, which carries the content",
    Ground.MEASURED: "measured",
}
"""What the groups are called, in the order in which they are told."""


def explanation(found: CrossCheckResult, expected: Outcome, reason: str) -> Explanation:
    """The whole of it: what all rows share, each row, what was pinned, and how seeds agree.

    Args:
        reason: of the outcome, in one sentence.
    """
    shared = _shared(found.rows)
    lines = list(_groups(shared, 0, found.theorem))
    for row in found.rows:
        if row.subject:
            why = f": {row.reason}" if row.outcome is not Outcome.AGREES else ""
            lines.append(Line(0, f"{row.subject}: {row.outcome}{why}"))
        items = [item for item in row.items if item not in shared]
        lines += _groups(items, 1 if row.subject else 0, "")
    if found.seeds:
        lines.append(Line(0, found.seeds))
    if found.pin:
        holds = all(row.outcome is expected for row in found.rows)
        lines.append(Line(0, f"{'' if holds else 'was '}pinned as {expected}: {found.pin}"))
    return Explanation(reason, tuple(lines))


def _shared(rows: Sequence[CrossCheckRow]) -> list[CrossCheckItem]:
    """The items that are the same in all rows; of a single row with a subject none, as they are about that."""
    first = rows[0].items if rows and (len(rows) > 1 or not rows[0].subject) else ()
    return [item for item in first if all(item in row.items for row in rows)]


def _groups(items: Sequence[CrossCheckItem], depth: int, theorem: str) -> Iterator[Line]:
    for ground, heading in HEADINGS.items():
        licence = f": {theorem}" if ground is Ground.THEOREM and theorem else ""
        group = [item for item in items if item.ground is ground]
        if group or licence:
            yield Line(depth, f"{heading}{licence}")
        for item in group:
            yield from _item(item, depth + 1)


def _item(item: CrossCheckItem, depth: int) -> Iterator[Line]:
    yield Line(depth, f"{item.role} {item.statement}: {verdict(item)}")
    for fact in facts(item):
        yield Line(depth + 1, fact)


def facts(item: CrossCheckItem) -> list[str]:
    """What is known beside the verdict: values, scores, what was predicted, the reason."""
    ends = f"predicted from {' to '.join(end.value for end in item.predicted)}" if item.predicted else ""
    found = [f"{value.name} is {value.value}" for value in item.values]
    found += [said(item.measured)] if item.measured is not None else []
    if found and ends:
        found[0] = f"{found[0]}, {ends}"
    return [*found, *([item.reason] if item.reason else [])]


def verdict(item: CrossCheckItem) -> str:
    """The verdict on an item: of a measurement, whether it lies where it was predicted."""
    if item.trouble is not None:
        return str(item.trouble)
    if item.role is Role.MEASURE and item.outcome in (Outcome.PROVED, Outcome.REFUTED):
        return "as predicted" if item.outcome is Outcome.PROVED else "not as predicted"
    return str(item.outcome)


def said(found: MeasuredRate) -> str:
    """A score with its interval, where it speaks of the population.

    >>> said(MeasuredRate("icl.pred.accuracy", 7, 10, Fraction(7, 10)))
    'icl.pred.accuracy is 7 of 10 = 0.7'
    """
    share = f"{found.correct} of {found.count} = " if found.correct is not None else ""
    text = f"{found.score} is {share}{_decimal(found.value)}"
    if found.lower is None or found.upper is None or found.confidence is None:
        return text
    chosen = f", the best of {found.candidates} on the same objects" if found.candidates > 1 else ""
    interval = f"[{_decimal(found.lower)}, {_decimal(found.upper)}]"
    trials = f"{found.independent} independent trial{'' if found.independent == 1 else 's'}"
    return f"{text}, in the population {interval} with confidence {_decimal(found.confidence)} by {trials}{chosen}"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.6g}"
