"""A cross-check as data: formulas about relations, and scores of raw predictions with what is predicted of them.

All that a cross-check compares becomes a formula: a recomputed score is a number, and that it lies where it should is a
comparison of quantities like any other. So every verdict in it is decided exactly and checked by the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from fractions import Fraction

from formal.bundle.model import Bundle
from formal.crosscheck.statistics import CONFIDENCE
from formal.enriched.formula import Formula, Quantity
from formal.text import Span
from formal.verdict.result import Outcome, Role


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A formula that is decided.

    Args:
        role: anything but ``MEASURE``.
        statement: as the author wrote it, with names in the places of variables, on one line.
        values: quantities whose values are told, as they are written.
        predicted: the least and the greatest value that is predicted of the first of these; None where there is none.
    """

    role: Role
    statement: str
    span: Span
    formula: Formula
    values: tuple[tuple[str, Quantity], ...] = ()
    predicted: tuple[Quantity, Quantity] | None = None


class Scope(StrEnum):
    """What a score speaks of; the value is the word for it."""

    SAMPLE = "sample"
    """the objects of the bundle: an exact number"""
    POPULATION = "population"
    """what they were drawn from: an interval"""


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The best of several items, say prompts, by their accuracy on a part of the objects."""

    select: str | None
    """the part; None for all objects"""


@dataclass(frozen=True, slots=True)
class Selection:
    """Some of the objects: those with these labels, or with labels that match one of these patterns of file names."""

    labels: frozenset[str] = frozenset()
    patterns: tuple[str, ...] = ()

    def __contains__(self, label: str) -> bool:
        return label in self.labels or any(fnmatchcase(label, pattern) for pattern in self.patterns)


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A score of raw predictions, and the interval that it is predicted to lie in.

    Args:
        array: of raw predictions; the bundle need not have it.
        score: ``accuracy``, ``error``, ``majority``, ``sup``, ``tv`` or ``mae``.
        split: the part of the objects that it is computed on; None for all.
        item: the label of the item that is scored, or how it is chosen; None when there is only one.
        confidence: of the interval, where it speaks of the population.
        independent: how many of the trials are independent, when the author knows better than the axes tell.
        lower, upper: the prediction.
        on: the objects of that part that count; None for all.
        because: what the prediction, or the choice of objects, rests on, in words and as a formula; None when there
            is nothing of the kind.
    """

    statement: str
    span: Span
    bundle: Bundle
    array: str
    score: str
    lower: Quantity
    upper: Quantity
    split: str | None = None
    item: str | Best | None = None
    scope: Scope = Scope.SAMPLE
    confidence: Fraction = CONFIDENCE
    independent: int | None = None
    on: Selection | None = None
    because: tuple[str, Formula] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A cross-check of one task on one model.

    Args:
        subject: ``T = Half, m = seed0``: what the variables stand for; empty without variables.
        task: the same without the model.
        seed: the model; empty when there is no variable for it.
    """

    subject: str
    task: str
    seed: str
    items: tuple[Question | Measure, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CrossCheck:
    """A cross-check, elaborated.

    Args:
        statement: all clauses, as the author wrote them, on one line.
        theorem: what licenses it; empty when nothing is named.
        expected: ``agrees``, ``disagrees`` or ``not comparable``.
        pin: why, when it is not agreement.
        models: how many different ones it is about; 0 when the script has none.
        seeds: how many seeds the manifests of these list.
    """

    name: str
    span: Span
    doc: str
    statement: str
    theorem: str
    rows: tuple[Row, ...]
    expected: Outcome
    pin: str
    models: int
    seeds: int = 0
