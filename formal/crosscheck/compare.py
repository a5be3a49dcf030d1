"""What the verdicts of a cross-check come to: agrees, disagrees, or not comparable, with the reason.

A theorem says something only where its premises hold. So a refuted or undecided premise leaves nothing to compare;
then a single prediction that fails is a discrepancy; then all have to be decided for the whole to agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formal.verdict.result import CrossCheckItem, CrossCheckRow, Ground, Outcome, Role

SEEDS = 3
"""Fewer say too little of what another seed would have given."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a row comes to.

    Args:
        outcome: ``agrees``, ``disagrees`` or ``not comparable``.
        reason: in one sentence without a full stop.
        undecided: it is not comparable because something is unknown.
    """

    outcome: Outcome
    reason: str
    undecided: bool = False


def ground(role: Role, *, is_licensed: bool) -> Ground:
    """What an item says about the model.

    Args:
        is_licensed: a theorem is named, from which the prediction follows.
    """
    match role:
        case Role.PREMISE:
            return Ground.PREMISE
        case Role.IDEAL:
            return Ground.THEOREM
        case Role.PREDICT:
            return Ground.THEOREM if is_licensed else Ground.MEASURED
        case Role.OWN | Role.MEASURE:
            return Ground.MEASURED


def judge(items: Sequence[CrossCheckItem]) -> Finding:
    """What the items of a row come to, in the order of this module's definition.

    The n-th verdict on the ideal relation is held against the n-th on the model's own.
    """
    for item in items:
        if item.trouble is not None:
            return _undecided(f"{_called(item)} could not be decided: {item.reason or item.trouble}")
    premises = [item for item in items if item.role is Role.PREMISE]
    refuted = [item for item in premises if item.outcome is Outcome.REFUTED]
    if refuted:
        return Finding(Outcome.NOT_COMPARABLE, f"{_called(refuted[0])} is refuted, so nothing follows")
    for item in premises:
        if item.outcome is not Outcome.PROVED:
            return _undecided(f"{_called(item)} is not known to hold{_because(item)}")
    for reason in _discrepancies(items):
        return Finding(Outcome.DISAGREES, reason)
    missing = [item for item in items if item.outcome is Outcome.NOT_COMPARABLE]
    unknown = [item for item in items if item.outcome not in (Outcome.PROVED, Outcome.REFUTED, Outcome.NOT_COMPARABLE)]
    if unknown:
        return _undecided(f"{_called(unknown[0])} is {unknown[0].outcome}{_because(unknown[0])}")
    if missing:
        return Finding(Outcome.NOT_COMPARABLE, missing[0].reason)
    return Finding(Outcome.AGREES, "; ".join(_agreements(items)))


def _undecided(reason: str) -> Finding:
    return Finding(Outcome.NOT_COMPARABLE, reason, undecided=True)


def _pairs(items: Sequence[CrossCheckItem]) -> Iterator[tuple[CrossCheckItem, CrossCheckItem]]:
    ideal, own = ([item for item in items if item.role is role] for role in (Role.IDEAL, Role.OWN))
    return zip(ideal, own, strict=True)


def _discrepancies(items: Sequence[CrossCheckItem]) -> Iterator[str]:
    decided = (Outcome.PROVED, Outcome.REFUTED)
    for ideal, own in _pairs(items):
        if ideal.outcome in decided and own.outcome in decided and ideal.outcome is not own.outcome:
            yield (
                f"`{ideal.statement}` is {ideal.outcome} of the ideal relation, "
                f"`{own.statement}` is {own.outcome} of the model's own"
            )
    for item in items:
        if item.outcome is Outcome.REFUTED:
            if item.role is Role.PREDICT:
                yield f"{_called(item)} is refuted{_values(item)}"
            elif item.role is Role.MEASURE:
                yield f"the measured value is not where it was predicted: `{item.statement}`{_because(item)}"


def _agreements(items: Sequence[CrossCheckItem]) -> Iterator[str]:
    pairs = sum(1 for _ in _pairs(items))
    predicted = sum(item.role is Role.PREDICT for item in items)
    measured = sum(item.role is Role.MEASURE for item in items)
    if pairs:
        yield "the model's own relation has the verdict of the ideal one"
    if predicted:
        yield "what was predicted holds"
    if measured:
        yield "what was measured lies where it was predicted"


def _called(item: CrossCheckItem) -> str:
    words = {Role.PREMISE: "premise", Role.PREDICT: "prediction", Role.MEASURE: "measurement"}
    return f"the {words.get(item.role, f'{item.role} statement')} `{item.statement}`"


def _because(item: CrossCheckItem) -> str:
    return f": {item.reason}" if item.reason else ""


def _values(item: CrossCheckItem) -> str:
    told = ", ".join(f"`{each.name}` is {each.value}" for each in item.values)
    return f": {told}" if told else _because(item)


def overall(rows: Sequence[CrossCheckRow]) -> Outcome:
    """The worst of the rows: a discrepancy, then what is not comparable; agreement only when all rows agree."""
    outcomes = {row.outcome for row in rows}
    for outcome in (Outcome.DISAGREES, Outcome.NOT_COMPARABLE):
        if outcome in outcomes:
            return outcome
    return Outcome.AGREES if rows else Outcome.NOT_COMPARABLE


def agreement_of_seeds(tasks: Sequence[str], rows: Sequence[CrossCheckRow], models: int, listed: int = 0) -> str:
    """How the verdicts on one task compare between models, and whether there are enough of these.

    Args:
        tasks: for each row what it is about, the model left out.
        models: how many different ones there are.
        listed: how many seeds their manifests list.
    """
    outcomes: dict[str, list[Outcome]] = {}
    for task, row in zip(tasks, rows, strict=True):
        outcomes.setdefault(task, []).append(row.outcome)
    agreeing = sum(len(set(found)) == 1 for found in outcomes.values())
    number = f"{models} seed{'' if models == 1 else 's'}"
    if listed > models:
        number += f" of the {listed} that the bundles list"
    if models == 1:
        return f"{number}: how far the verdicts depend on the seed is not known; at least {SEEDS} are asked for"
    all_agree = agreeing == len(outcomes)
    if len(outcomes) == 1:
        what = "the verdicts agree" if all_agree else "the verdicts differ"
    else:
        count = "all" if all_agree else f"{agreeing} of {len(outcomes)}"
        what = f"the verdicts on {count} tasks agree" if all_agree or agreeing else "the verdicts on no task agree"
    few = "" if models >= SEEDS else f"; at least {SEEDS} are asked for"
    return f"{number}: {what}{few}"
