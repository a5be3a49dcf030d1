"""What verdicts come to: premises first, then discrepancies, then what is not decided."""

from __future__ import annotations

from dataclasses import replace

import pytest

from formal.crosscheck.compare import agreement_of_seeds, ground, judge, overall
from formal.text import Source, Span
from formal.verdict.result import (
    ClaimResult,
    CrossCheckItem,
    CrossCheckResult,
    CrossCheckRow,
    ExitCode,
    FileResult,
    Ground,
    Outcome,
    Role,
    Trouble,
    exit_code,
)

SPAN = Span(Source("check.cat", "crosscheck c {}"), 11, 12)
P, R, U, N = Outcome.PROVED, Outcome.REFUTED, Outcome.UNKNOWN, Outcome.NOT_COMPARABLE
PREMISE, IDEAL, OWN, PREDICT, MEASURE = Role.PREMISE, Role.IDEAL, Role.OWN, Role.PREDICT, Role.MEASURE
AGREES, DISAGREES = Outcome.AGREES, Outcome.DISAGREES


def item(role: Role, outcome: Outcome, trouble: Trouble | None = None) -> CrossCheckItem:
    return CrossCheckItem(role, ground(role, is_licensed=True), f"{role} it", SPAN, outcome, trouble=trouble)


@pytest.mark.parametrize(
    ("items", "outcome", "undecided", "reason"),
    [
        ([(PREMISE, P), (PREDICT, P), (MEASURE, P)], AGREES, False, "what was predicted holds; what was measured"),
        ([(IDEAL, R), (OWN, R)], AGREES, False, "has the verdict of the ideal one"),
        ([(PREMISE, R), (PREDICT, P)], N, False, "the premise `premise it` is refuted, so nothing follows"),
        ([(PREMISE, R), (PREDICT, R)], N, False, "premise"),
        ([(PREMISE, U), (PREDICT, P)], N, True, "is not known to hold"),
        ([(PREMISE, P), (PREMISE, U), (PREDICT, R)], N, True, "is not known to hold"),
        ([(PREMISE, P), (PREDICT, R)], DISAGREES, False, "the prediction `predict it` is refuted"),
        ([(PREMISE, P), (PREDICT, P), (MEASURE, R)], DISAGREES, False, "not where it was predicted"),
        ([(PREMISE, P), (PREDICT, U)], N, True, "is unknown"),
        ([(PREMISE, P), (MEASURE, N)], N, False, ""),
        ([(PREDICT, R), (MEASURE, N)], DISAGREES, False, "is refuted"),
        ([(PREDICT, R), (PREDICT, U)], DISAGREES, False, "is refuted"),
        ([(MEASURE, N), (PREDICT, U)], N, True, "is unknown"),
        ([(IDEAL, P), (OWN, R)], DISAGREES, False, "is proved of the ideal relation"),
        ([(IDEAL, P), (OWN, U)], N, True, "the own statement `own it` is unknown"),
        ([(IDEAL, P), (IDEAL, R), (OWN, P), (OWN, R)], AGREES, False, "ideal"),
        ([(IDEAL, P), (IDEAL, R), (OWN, R), (OWN, P)], DISAGREES, False, "ideal"),
    ],
)
def test_a_row(items: list[tuple[Role, Outcome]], outcome: Outcome, undecided: bool, reason: str) -> None:
    found = judge([item(*each) for each in items])
    assert (found.outcome, found.undecided) == (outcome, undecided)
    assert reason in found.reason


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("trouble", list(Trouble))
def test_trouble_is_never_green_whatever_the_verdict_would_have_been(role: Role, trouble: Trouble) -> None:
    for outcome in (P, R, U):
        found = judge([item(PREDICT, P), item(role, outcome, trouble), item(IDEAL if role is OWN else OWN, P)])
        assert (found.outcome, found.undecided) == (N, True)


def test_an_unpaired_verdict_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zip"):
        judge([item(IDEAL, P)])


@pytest.mark.parametrize(
    ("role", "is_licensed", "expected"),
    [
        (PREMISE, True, Ground.PREMISE),
        (IDEAL, False, Ground.THEOREM),
        (PREDICT, True, Ground.THEOREM),
        (PREDICT, False, Ground.MEASURED),
        (OWN, True, Ground.MEASURED),
        (MEASURE, True, Ground.MEASURED),
    ],
)
def test_what_an_item_says_about_the_model(role: Role, is_licensed: bool, expected: Ground) -> None:
    assert ground(role, is_licensed=is_licensed) is expected


# --- rows together --------------------------------------------------------------------------------


def row(outcome: Outcome, undecided: bool = False) -> CrossCheckRow:
    return CrossCheckRow("", "", (), outcome, "", undecided)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([AGREES, AGREES], AGREES),
        ([AGREES, N], N),
        ([N, DISAGREES, AGREES], DISAGREES),
        ([], N),
    ],
)
def test_the_whole_is_as_bad_as_the_worst(outcomes: list[Outcome], expected: Outcome) -> None:
    assert overall([row(outcome) for outcome in outcomes]) is expected


@pytest.mark.parametrize(
    ("tasks", "outcomes", "models", "sentence"),
    [
        (["T"], [AGREES], 1, "1 seed: how far the verdicts depend on the seed is not known; at least 3 are asked for"),
        (["T", "T"], [AGREES, AGREES], 2, "2 seeds: the verdicts agree; at least 3 are asked for"),
        (["T"] * 3, [AGREES, DISAGREES, AGREES], 3, "3 seeds: the verdicts differ"),
        (["A", "B"] * 3, [AGREES, N] * 3, 3, "3 seeds: the verdicts on all tasks agree"),
        (["A", "B"] * 3, [AGREES, N] * 2 + [AGREES, AGREES], 3, "3 seeds: the verdicts on 1 of 2 tasks agree"),
        (["A", "B"] * 2, [AGREES, N, N, AGREES], 2, "2 seeds: the verdicts on no task agree; at least 3 are asked for"),
    ],
)
def test_seeds(tasks: list[str], outcomes: list[Outcome], models: int, sentence: str) -> None:
    assert agreement_of_seeds(tasks, [row(outcome) for outcome in outcomes], models) == sentence


def result(rows: list[CrossCheckRow], expected: Outcome, trouble: Trouble | None = None) -> ClaimResult:
    found = CrossCheckResult("", "" if expected is AGREES else "it is known", tuple(rows))
    return ClaimResult("c", "check.cat", SPAN, "", "", expected, overall(rows), trouble=trouble, crosscheck=found)


@pytest.mark.parametrize(
    ("rows", "expected", "code"),
    [
        ([row(AGREES)], AGREES, ExitCode.AS_EXPECTED),
        ([row(AGREES), row(DISAGREES)], AGREES, ExitCode.NOT_AS_EXPECTED),
        ([row(DISAGREES)], DISAGREES, ExitCode.AS_EXPECTED),
        ([row(AGREES)], DISAGREES, ExitCode.NOT_AS_EXPECTED),
        ([row(AGREES), row(DISAGREES)], DISAGREES, ExitCode.NOT_AS_EXPECTED),
        ([row(N)], AGREES, ExitCode.NOT_AS_EXPECTED),
        ([row(N)], N, ExitCode.AS_EXPECTED),
        ([row(N, undecided=True)], AGREES, ExitCode.INCONCLUSIVE),
        ([row(N, undecided=True)], N, ExitCode.INCONCLUSIVE),
        ([], AGREES, ExitCode.NOT_AS_EXPECTED),
        ([], N, ExitCode.NOT_AS_EXPECTED),
    ],
)
def test_a_discrepancy_is_a_finding_and_a_pin_is_for_every_row(
    rows: list[CrossCheckRow], expected: Outcome, code: ExitCode
) -> None:
    found = result(rows, expected)
    assert found.as_expected == (code is ExitCode.AS_EXPECTED)
    assert exit_code([FileResult("check.cat", claims=(found,))]) is code


@pytest.mark.parametrize("expected", [AGREES, DISAGREES, N])
def test_trouble_fails_whatever_is_expected(expected: Outcome) -> None:
    found = replace(result([row(expected)], expected), trouble=Trouble.CRASHED)
    assert not found.as_expected
    assert exit_code([FileResult("check.cat", claims=(found,))]) is ExitCode.INTERNAL


def test_seeds_that_the_bundles_list_and_nobody_checks_are_told() -> None:
    found = agreement_of_seeds(["T"] * 3, [row(AGREES)] * 3, 3, 5)
    assert found == "3 seeds of the 5 that the bundles list: the verdicts agree"
