"""A claim and its certificate, as bytes: accepted or rejected."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from formal.lawvere.claim import Claim, read_claim
from formal.lawvere.evaluate import Evaluator
from formal.lawvere.polynomial import Algebraic, Split, read_cells
from formal.lawvere.reading import Ledger, Limits, Rejected, array, demand, natural, parse, record, word

DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Solution:
    """What is known of a claim on one cell of the range of its parameter.

    Args:
        lower, upper: equal for one number; else all numbers strictly between are meant.
        truth: ``true``, ``false``, or ``unknown``, where nothing is claimed.
    """

    lower: Algebraic
    upper: Algebraic
    truth: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The certificate proves what it says of the claim.

    Args:
        verdict: ``proved`` when the claim is true for all numbers within the bounds that it gives, ``refuted`` when it
            is false for all of them; with a parameter ``proved`` when it is true on all cells, ``refuted`` when it is
            false on some, ``solved`` when it is on each what the solution says.
        claim: sha256 of the claim, in hexadecimal.
        trusted: what was taken on trust, in words.
        steps: elementary steps spent.
        solution: the cells of the parameter, in order.
    """

    verdict: str
    claim: str
    trusted: tuple[str, ...]
    steps: int
    solution: tuple[Solution, ...] = ()


def check(claim: bytes, certificate: bytes, *, limits: Limits = DEFAULT) -> Accepted:
    """Re-check a claim from its certificate.

    Args:
        claim: a formula with all matrices that it speaks of; canonical JSON, see README.md.
        certificate: the claim's digest, the verdict, evidence, and how narrow to enclose symbolic numbers.
    Returns:
        What is proved.
    Raises:
        Rejected: the certificate does not prove the claim, or cannot be read, or a limit is reached.
    """
    ledger = Ledger(limits)
    fields = ("format", "claim", "verdict", "evidence", "precision", "cells")
    form, digest, verdict, evidence, precision, cells = record(parse(certificate, limits), *fields)
    demand(form == "formal-lawvere/1", "format", "an unknown format")
    demand(digest == sha256(claim).hexdigest(), "digest", "the certificate belongs to another claim")
    verdict, bits = word(verdict, "proved", "refuted", "solved"), natural(precision, limits.bits + 1)
    read = read_claim(claim, ledger)
    evaluator = Evaluator(read, _evidence(read, evidence), bits, ledger)
    solution: tuple[Solution, ...] = ()
    if read.parameter is None:
        demand(cells is None and verdict != "solved", "format", "cells without a parameter")
        _demand_truth(evaluator, verdict == "proved")
    else:
        solution = _solution(cells, *read.parameter, evaluator)
        truths = [found.truth for found in solution]
        holds = {"proved": set(truths) == {"true"}, "refuted": "false" in truths, "solved": True}[verdict]
        demand(holds, "verdict", "the cells do not say so")
    return Accepted(verdict, digest, (), ledger.steps, solution)


def _evidence(claim: Claim, listed: Any) -> dict[int, list[Any]]:
    """Evidence by node: a path leads from the formula down to it."""
    found: dict[int, list[Any]] = {}
    for item in array(listed):
        demand(len(array(item)) > 1, "format", "evidence without a place, or a place without evidence")
        node = len(claim.kinds) - 1
        for step in array(item[0]):
            node = claim.children[node][natural(step, len(claim.children[node]))]
        found.setdefault(node, item[1:])
    return found


def _solution(cells: Any, low: Fraction, high: Fraction, evaluator: Evaluator) -> tuple[Solution, ...]:
    """The cells of a certificate, on each the claim is what it says; they are cut where comparisons change."""
    found = []
    for cell, truth in read_cells(cells, low, high, evaluator.ledger):
        if word(truth, "true", "false", "unknown") != "unknown":
            stack = [cell]
            while stack:
                part = stack.pop()
                evaluator.enter(part)
                try:
                    _demand_truth(evaluator, truth == "true")
                except Split as split:
                    stack += part.split(split.polynomial)
        found.append(Solution(cell.lower, cell.upper, truth))
    return tuple(found)


def _demand_truth(evaluator: Evaluator, truth: bool) -> None:
    """Reject unless the claim has a truth value."""
    found = evaluator.truth()
    if found is None:
        raise Rejected(evaluator.doubts[0].rule, evaluator.doubts[0].reason)
    demand(found is truth, "verdict", "the claim has the other truth value")
