"""Cross-checks from text to finding: what agrees, what does not, what is not comparable, and what is never green."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from formal.lawvere import check
from formal.store.certificates import write_certificates
from formal.store.lock import entries
from formal.store.replay import Finding, replay
from formal.verdict.result import ExitCode, Ground, Outcome, Role, Trouble, exit_code
from formal.verify import crosscheck as module
from formal.verify.enriched import decide_relation_claim
from formal.verify.options import Options
from tests.crosscheck.project import checked, crosschecked, write_models

CLOSE = "premise close: distance(relation_of(s1), Ideal) <= 1/50"
FAR = "premise distance(relation_of(far), Ideal) <= 1/50"
BOUND = "predict relation_of(s1)(a, b) in [Ideal(a, b) - 1/50, Ideal(a, b) + 1/50]"
SCORE = 'measure accuracy(s0, "prompt.pred.one")'
AGREES, DISAGREES, NOT_COMPARABLE = Outcome.AGREES, Outcome.DISAGREES, Outcome.NOT_COMPARABLE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models")
    write_models(found)
    return found


@pytest.mark.parametrize(
    ("clauses", "outcome", "reason"),
    [
        (f'by "L1" {CLOSE} {BOUND}', AGREES, "what was predicted holds"),
        (f"{FAR} {BOUND}", NOT_COMPARABLE, "is refuted, so nothing follows"),
        (f"{CLOSE} predict relation_of(s1)(a, b) in [3/5, 1]", DISAGREES, "is 0.51"),
        ("predict relation_of(s1)(a, b) > 1/2", AGREES, "what was predicted holds"),
        ("ideal Ideal(a, b) >= 1/2 own relation_of(far)(a, b) >= 1/2", DISAGREES, "is refuted of the model's own"),
        ("ideal Ideal(a, b) >= 3/4 own relation_of(far)(a, b) >= 3/4", AGREES, "has the verdict of the ideal one"),
        (f"{SCORE} in [3/4, 3/4]", AGREES, "lies where it was predicted"),
        (f"{SCORE} in [31/40, 1]", DISAGREES, "not where it was predicted"),
        ('measure accuracy(s0, "prompt.pred.one", of: population) in [31/40, 29/40]', DISAGREES, "not where"),
        (f"{SCORE} in [Ideal(a, b), Ideal(a, b) + 1/4]", AGREES, "lies where it was predicted"),
        ('measure accuracy(s0, "prompt.pred.none") in [0, 1]', NOT_COMPARABLE, "has no raw predictions"),
        ('measure accuracy(s0, "prompt.pred.one", of: population) in [4/5, 1]', AGREES, "lies where"),
        ('measure accuracy(s0, "prompt.pred.one", of: population) in [22/25, 1]', DISAGREES, "not where"),
        ('measure accuracy(s0, "prompt.pred.one", of: population, confidence: 0.99) in [22/25, 1]', AGREES, "lies"),
        (
            'measure accuracy(s0, "prompt.pred.one", of: population, independent: 4) in [0, 1]',
            NOT_COMPARABLE,
            "too little data",
        ),
        (
            'measure best_of(s0, "prompt.pred.two", select: "select", verify: "verify") in [1, 1]',
            DISAGREES,
            "not where",
        ),
        ('measure accuracy(s0, "prompt.pred.two", item: "q", split: "verify") in [1, 1]', AGREES, "lies where"),
        ('measure error(s0, "prompt.pred.one", split: "verify") in [1/2, 1/2]', AGREES, "lies where"),
    ],
)
def test_one_row(folder: Path, clauses: str, outcome: Outcome, reason: str) -> None:
    claim = crosschecked(folder, clauses)
    assert claim.outcome is outcome
    assert claim.trouble is None
    assert reason in claim.explanation.summary
    assert claim.as_expected == (outcome is AGREES)


@pytest.mark.parametrize("outcome", ["agrees", 'disagrees because "so"', 'not_comparable because "so"'])
@pytest.mark.parametrize(
    ("clauses", "found"),
    [(f"{SCORE} in [0, 1]", "agrees"), (f"{SCORE} in [0, 0]", "disagrees"), (FAR + " " + BOUND, "not_comparable")],
)
def test_a_pin_holds_exactly_when_the_finding_is_the_pinned_one(
    folder: Path, clauses: str, found: str, outcome: str
) -> None:
    file = checked(folder, f"crosscheck c {{ {clauses} }} expect {outcome}")
    expected = ExitCode.AS_EXPECTED if outcome.startswith(found) else ExitCode.NOT_AS_EXPECTED
    assert exit_code([file]) is expected


# --- rows and seeds -------------------------------------------------------------------------------


def test_one_row_for_each_task_and_model(folder: Path) -> None:
    claim = crosschecked(folder, "predict relation_of(m)(a, L) >= 1/2", 'for L in {"a", "b"} over m in {s0, s1, s2}')
    found = claim.crosscheck
    assert found is not None
    assert [row.subject for row in found.rows] == [
        *('L = "a", m = s0', 'L = "a", m = s1', 'L = "a", m = s2'),
        *('L = "b", m = s0', 'L = "b", m = s1', 'L = "b", m = s2'),
    ]
    assert [row.seed for row in found.rows] == ["s0", "s1", "s2"] * 2
    assert found.seeds == "3 seeds: the verdicts on all tasks agree"
    assert found.rows[3].items[0].statement == 'relation_of(s0)(a, "b") >= 1/2'


def test_seeds_that_differ_are_told(folder: Path) -> None:
    claim = crosschecked(folder, "predict relation_of(m)(a, b) <= 51/100", "over m in {s0, s1, s2}")
    assert claim.crosscheck is not None
    assert claim.crosscheck.seeds == "3 seeds: the verdicts differ"
    assert [row.outcome for row in claim.crosscheck.rows] == [AGREES, AGREES, DISAGREES]
    assert claim.outcome is DISAGREES


def test_few_seeds_are_told(folder: Path) -> None:
    for head, number in (("", "1 seed: how far"), ("over m in {s0, s1}", "2 seeds: the verdicts agree; at least 3")):
        claim = crosschecked(folder, "predict Ideal(a, b) = 1/2", head)
        assert claim.crosscheck is not None
        assert claim.crosscheck.seeds.startswith(number)


# --- grounds --------------------------------------------------------------------------------------


def test_what_could_have_failed_is_told_apart(folder: Path) -> None:
    clauses = f'by "L1" {CLOSE} ideal Ideal(a, b) = 1 own relation_of(s1)(a, b) = 1 {BOUND} {SCORE} in [0, 1]'
    claim = crosschecked(folder, clauses)
    assert claim.crosscheck is not None
    (row,) = claim.crosscheck.rows
    assert [(item.role, item.ground) for item in row.items] == [
        (Role.PREMISE, Ground.PREMISE),
        (Role.IDEAL, Ground.THEOREM),
        (Role.OWN, Ground.MEASURED),
        (Role.PREDICT, Ground.THEOREM),
        (Role.MEASURE, Ground.MEASURED),
    ]
    assert row.items[3].values[0].lower == Fraction(51, 100)
    assert [told.lower for told in row.items[3].predicted] == [Fraction(12, 25), Fraction(13, 25)]
    told = [line.text for line in claim.explanation.lines]
    headings = [text for text in told if "cannot fail" in text or "carries the content" in text or text == "measured"]
    assert headings == ["theorem, which cannot fail on data: L1", "premise, which carries the content", "measured"]


def test_without_a_theorem_a_prediction_is_no_theorem(folder: Path) -> None:
    claim = crosschecked(folder, BOUND)
    assert claim.crosscheck is not None
    assert claim.crosscheck.rows[0].items[0].ground is Ground.MEASURED


def test_the_theorem_may_be_a_claim_of_the_script(folder: Path) -> None:
    file = checked(folder, f"claim near: Ideal(a, b) = 1/2\ncrosscheck c {{ by near {BOUND} }}")
    assert [claim.crosscheck and claim.crosscheck.theorem for claim in file.claims] == [None, "near"]


# --- never green ----------------------------------------------------------------------------------


def test_every_verdict_has_a_certificate_that_the_kernel_accepts(folder: Path, tmp_path: Path) -> None:
    claim = crosschecked(folder, f"{CLOSE} {BOUND} {SCORE} in [0, 1]", 'for L in {"a", "b"}')
    assert claim.certified
    assert len(claim.parts) == 3
    for part in claim.parts:
        assert check(part.claim, part.certificate).verdict == part.verdict
    write_certificates(tmp_path, [claim])
    assert [found.finding for found in replay(tmp_path).claims] == [Finding.ACCEPTED] * 3
    assert set(entries(claim)) == {"check.cat:c", *(f"check.cat:c/{part.name}" for part in claim.parts)}


def test_too_small_a_budget_is_inconclusive_even_when_it_is_pinned(folder: Path) -> None:
    text = f"crosscheck c {{ {BOUND} }}"
    for finding in ("", 'expect not_comparable because "hard"', 'expect disagrees because "hard"'):
        file = checked(folder, f"{text} {finding}", Options(cache=False, steps=1))
        assert exit_code([file]) is ExitCode.INCONCLUSIVE
        assert file.claims[0].outcome is NOT_COMPARABLE


def test_a_premise_with_an_open_parameter_is_not_proved(folder: Path) -> None:
    file = checked(folder, f"parameter p in [0, 1]\ncrosscheck c {{ premise Ideal(a, b) <= p {BOUND} }}")
    assert exit_code([file]) is not ExitCode.AS_EXPECTED


@pytest.mark.parametrize("finding", ["", 'expect disagrees because "x"', 'expect not_comparable because "x"'])
def test_a_crash_is_trouble_whatever_is_expected(folder: Path, monkeypatch: pytest.MonkeyPatch, finding: str) -> None:
    def crash(*_: object, **__: object) -> None:
        raise MemoryError("no more")

    monkeypatch.setattr(module, "decide_relation_claim", crash)
    file = checked(folder, f"crosscheck c {{ {BOUND} }} {finding}")
    assert file.claims[0].trouble is Trouble.CRASHED
    assert exit_code([file]) is ExitCode.INTERNAL


def test_a_verdict_that_the_kernel_rejects_is_trouble(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = decide_relation_claim

    def rejected(*arguments: object, **keywords: object) -> object:
        result = honest(*arguments, **keywords)  # type: ignore[arg-type]
        return replace(result, trouble=Trouble.KERNEL_REJECTED, reason="step 1", certified=False)

    monkeypatch.setattr(module, "decide_relation_claim", rejected)
    file = checked(folder, f"crosscheck c {{ {BOUND} }}")
    assert file.claims[0].trouble is Trouble.KERNEL_REJECTED
    assert not file.claims[0].certified
    assert exit_code([file]) is ExitCode.INTERNAL


def test_a_read_out_that_the_valuation_does_not_confirm_is_trouble(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from formal.crosscheck import request
    from formal.crosscheck.readout import Readout
    from formal.enriched.formula import Or

    monkeypatch.setattr(request, "readout", lambda *_, **__: Readout((0,), (), 1, Or(())))
    file = checked(folder, 'crosscheck c { measure accuracy(s0, "prompt.pred.one") in readout(prompts: 1) }')
    assert file.claims[0].trouble is Trouble.ENGINES_DISAGREE
    assert exit_code([file]) is ExitCode.INTERNAL


# --- what is determined ---------------------------------------------------------------------------

BRACKET = """
relation Contexts on {i0, i1, i2, i35} over product { i0 -> i1 = 1 }
relation Seen on {i1, i2} over product {}
functor In: Seen -> Contexts { i1 |-> i1, i2 |-> i2 }
weight Known on Seen { i1 |-> 1, i2 |-> 0 }
"""


@pytest.mark.parametrize(
    ("word", "within", "outcome"),
    [
        ("determined", "[1, 1]", AGREES),
        ("undetermined", "[1, 1]", DISAGREES),
        ("undetermined", "[0, 0]", AGREES),
        ("determined", "[0, 1/2]", DISAGREES),
    ],
)
def test_scores_on_what_is_determined_and_what_is_not(folder: Path, word: str, within: str, outcome: Outcome) -> None:
    measure = f'measure accuracy(s0, "prompt.pred.one", on: {word}(Known, along: In)) in {within}'
    file = checked(folder, f"{BRACKET}\ncrosscheck c {{ {measure} }}")
    (claim,) = file.claims
    assert claim.outcome is outcome
    assert claim.crosscheck is not None
    (item,) = claim.crosscheck.rows[0].items
    assert item.measured is not None
    assert "3 of 4 objects are determined, 1 are not" in item.reason
    assert item.measured.count == (3 if word == "determined" else 1)
    assert len(claim.parts) == 2
