"""Claims about relations, from text to verdict: certificates, lying engines, cache, replay, explanations."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from formal import lawvere
from formal.enriched.evidence import PromptCover
from formal.store.cache import Cache, Stored
from formal.store.replay import Finding, replay
from formal.valuation import Decision, Limits, decide
from formal.verdict.result import ClaimResult, Outcome, Trouble
from formal.verify import enriched
from formal.verify.options import Options
from formal.verify.run import Target, check_text, run

DIRECT = Options(cache=False)
ANIMALS = """
relation R on {cat, dog, pet} over product {            # a quantale-valued relation written out
  cat -> pet = 0.9, dog -> pet = 0.8, cat -> dog = 1/10
}
weight   W on R { cat |-> 0.9, dog |-> 0.8, pet |-> 1 }        # a presheaf with values in the quantale
coweight F on R { cat |-> 0.1, dog |-> 0.9, pet |-> 0.72 }
"""
MANY = f"""{ANIMALS}
relation K = closure(R)
relation S on {{a, b}} over product {{ a -> b = [1/10, 1/5], b -> a = sqrt(2)/2 }}
relation D on {{a, b, c}} over lawvere {{ a -> b = 1, b -> c = 2, a -> c = 7/2 }}
relation Sub on {{dog, pet}} over product {{ dog -> pet = 0.8 }}
relation B on {{a, "b c"}} over boolean {{ a -> "b c" = 1 }}
profunctor Phi from {{a, b}} to {{u, v}} over product {{ a -> u = 0.9, b -> u = 1/2, a -> v = 1 }}
functor J: Sub -> R {{ dog |-> dog, pet |-> pet }}
weight V on R {{ cat |-> 0.9, dog |-> 1, pet |-> 0 }}
weight T on R {{ cat |-> 1, dog |-> 1, pet |-> 0 }}
weight X on D {{ a |-> 3, b |-> 2, c |-> 0 }}
coweight G on Sub {{ dog |-> 0.9, pet |-> 0.8 }}
claim composes:   is_category(R)
claim triangle:   is_category(D) expect refuted
claim nearly:     is_category(D, within: 1/2)
claim repaired:   repair(D) = 1/6
claim free:       distance(D, closure(D)) = 1/2
claim prompt:     representable(X) expect refuted
claim by_dog:     representable(W, by: dog) expect refuted
claim dual:       corepresentable(F, within: 1/20) expect refuted
claim action:     is_presheaf(F, within: 1/5)
claim two:        prompt_number(V, is: 2, within: 1/10)
claim none:       prompt_number(X, at_most: 9) expect refuted
claim mixture:    in_hull(W, of: {{V, T}}) expect refuted
claim vertices:   in_hull(W, of: R)
claim soft:       soft_prompt(T, features: R, margin: 1/10)
claim hard:       soft_prompt(at_least(V, 1), features: restrict(R, columns: {{cat}}), margin: 1/10) expect refuted
claim numbers:    soft_representable(V, features: R, within: 1/100)
claim embeds:     is_functor(J) and fully_faithful(J)
claim bracket:    determined(G, at: cat, along: J, within: 1/100) expect refuted
claim extended:   lan(G, along: J) = F expect refuted
claim turned:     distance(R, opposite(R), metric: tv) > 1/2
claim classes:    nerode_classes(Phi, is: 2, within: 1/4)
claim rank:       rank(Phi, is: 2)
claim depicts:    depicted(Phi, u, on: S, within: 1/2)
claim all:        forall x, y in R. R(x, y) <= R(x, x)
claim just_one:   exists! x in R. R(x, pet) = 1
claim entry:      max(R(cat, pet), W(dog)) - 2 * F(pet)^2 < 1 or B(a, "b c") = 0
claim open:       S(a, b) <= 3/20 expect unknown
claim known:      S(a, b) <= 1/5 and S(b, a) > 7/10
"""


def checked(text: str, options: Options = DIRECT) -> tuple[ClaimResult, ...]:
    file = check_text(text, options)
    assert not file.diagnostics, file.diagnostics
    return file.claims


@pytest.fixture(scope="module")
def many() -> dict[str, ClaimResult]:
    return {claim.name: claim for claim in checked(MANY)}


def test_the_example_of_the_language_works_as_it_stands() -> None:
    claims = f"""{ANIMALS}
claim composes:     is_category(R, within: 1/100)
claim closest:      representable(W, within: 1/50)
claim extended:     extension(F, W) = 0.72 within 1/1000
"""
    found = checked(claims)
    assert [(claim.name, claim.outcome, claim.certified) for claim in found] == [
        ("composes", Outcome.PROVED, True),
        ("closest", Outcome.PROVED, True),
        ("extended", Outcome.PROVED, True),
    ]


def test_all_come_out_as_expected(many: dict[str, ClaimResult]) -> None:
    assert [name for name, claim in many.items() if not claim.as_expected] == []


def test_what_is_decided_is_certified(many: dict[str, ClaimResult]) -> None:
    for claim in many.values():
        decided = claim.outcome in (Outcome.PROVED, Outcome.REFUTED)
        assert claim.certified is decided
        if decided:
            accepted = lawvere.check(claim.claim, claim.certificate)
            assert (accepted.verdict, accepted.claim) == (claim.outcome.value, claim.claim_digest)


def test_all_are_explained(many: dict[str, ClaimResult]) -> None:
    assert [name for name, claim in many.items() if not claim.explanation.summary] == []


def test_a_script_reproduces_what_it_explains(many: dict[str, ClaimResult]) -> None:
    scripts = {name: claim for name, claim in many.items() if claim.explanation.script}
    assert len(scripts) > 20
    for name, claim in scripts.items():
        (again,) = checked(claim.explanation.script)
        assert (name, again.outcome) == (name, claim.outcome)


def test_claims_stand_in_the_order_of_the_script() -> None:
    text = f"category C = chain(2)\nclaim one: thin(C)\n{ANIMALS}claim two: is_category(R)\nclaim three: groupoid(C)\n"
    assert [claim.name for claim in checked(text)] == ["one", "two", "three"]


# --- nothing turns green that the kernel has not accepted -----------------------------------------


def lying(truth: bool) -> object:
    def lie(formula: object, limits: Limits) -> Decision:
        honest = decide(formula, limits)  # type: ignore[arg-type]
        return replace(honest, truth=truth, reason="")

    return lie


@pytest.mark.parametrize("name", ["triangle", "composes", "prompt", "open"])
@pytest.mark.parametrize("truth", [True, False])
def test_a_wrong_answer_is_trouble(
    name: str, truth: bool, many: dict[str, ClaimResult], monkeypatch: pytest.MonkeyPatch
) -> None:
    if many[name].outcome is (Outcome.PROVED if truth else Outcome.REFUTED):
        return
    monkeypatch.setattr(enriched, "decide", lying(truth))
    found = next(claim for claim in checked(MANY) if claim.name == name)
    assert (found.outcome, found.trouble, found.certified) == (Outcome.UNKNOWN, Trouble.KERNEL_REJECTED, False)


def test_wrong_evidence_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(formula: object, limits: Limits) -> Decision:
        honest = decide(formula, limits)  # type: ignore[arg-type]
        evidence = tuple((path, PromptCover((0,), None)) for path, _ in honest.evidence)
        return replace(honest, evidence=evidence)

    monkeypatch.setattr(enriched, "decide", lie)
    found = next(claim for claim in checked(MANY) if claim.name == "two")
    assert (found.trouble, found.as_expected) == (Trouble.KERNEL_REJECTED, False)


def test_a_crash_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(formula: object, limits: Limits) -> Decision:
        raise ZeroDivisionError

    monkeypatch.setattr(enriched, "decide", crash)
    found = checked(MANY)[0]
    assert (found.outcome, found.trouble) == (Outcome.UNKNOWN, Trouble.CRASHED)


def test_a_spent_budget_is_unknown() -> None:
    found = {claim.name: claim for claim in checked(MANY, Options(cache=False, steps=5))}
    assert found["repaired"].outcome is Outcome.UNKNOWN
    assert "more than 5 steps" in found["repaired"].reason


# --- what outlives a run --------------------------------------------------------------------------


def test_a_verdict_is_remembered_and_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "animals.cat"
    path.write_text(f"{ANIMALS}claim c: representable(W)\n", encoding="utf-8")
    (first,) = run([Target(path)], Options())[0].claims
    (second,) = run([Target(path)], Options())[0].claims
    assert (first.cached, second.cached) == (False, True)
    assert replace(first, cached=True, seconds=0.0) == replace(second, seconds=0.0)
    monkeypatch.setattr(Cache, "get", lambda self, key: replace(_stored(first), certificate=b"{}"))
    (third,) = run([Target(path)], Options())[0].claims
    assert (third.cached, third.outcome) == (False, Outcome.PROVED)


def _stored(claim: ClaimResult) -> Stored:
    return Stored(claim.outcome.value, claim.certificate)


def test_certificates_are_replayed(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    path, folder = tmp_path / "animals.cat", tmp_path / "certificates"
    path.write_text(f"{ANIMALS}claim c: representable(W)\nclaim d: W(cat) = 1 expect refuted\n", encoding="utf-8")
    run([Target(path)], Options(cache=False, certificates=folder))
    assert [(each.finding, each.verdict) for each in replay(folder).claims] == [
        (Finding.ACCEPTED, "proved"),
        (Finding.ACCEPTED, "refuted"),
    ]
    for file in folder.glob("*.json"):
        data = file.read_bytes()
        file.write_bytes(data.replace(b'"verdict":"proved"', b'"verdict":"refuted"'))
    assert Finding.REJECTED in {each.finding for each in replay(folder).claims}


def test_a_changed_claim_needs_another_certificate(many: dict[str, ClaimResult]) -> None:
    for name, other in (("composes", "triangle"), ("two", "none"), ("soft", "hard")):
        with pytest.raises(lawvere.Rejected):
            lawvere.check(many[other].claim, many[name].certificate)


# --- in words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("triangle", "D(a, b) = 1, D(b, c) = 2, D(a, c) = 3.5"),
        ("repaired", "`a` -> `b` -> `c`"),
        ("prompt", "closest: `D(-, c)` at 0.5, furthest at `a`: 3.5 for 3"),
        ("prompt", "`a`: 3 is wanted; of 3 that differ most here the closest, `c`, has 3.5"),
        ("dual", "corepresentables"),
        ("two", "prompts: `cat`, `dog`"),
        ("none", "reaches it at"),
        ("soft", "the point:"),
        ("hard", "objects contradict each other"),
        ("vertices", "1 R(-, pet)"),
        ("classes", "1: `a`"),
        ("open", "between 0.1 and 0.2, not known to be at most 0.15"),
        ("extended", "furthest at `cat`"),
    ],
)
def test_the_explanation_tells(name: str, words: str, many: dict[str, ClaimResult]) -> None:
    explanation = many[name].explanation
    assert words in "\n".join([explanation.summary, *(line.text for line in explanation.lines)])


@pytest.mark.parametrize(
    ("name", "compared"),
    [
        ("triangle", [("the defect of `D`", "0.5", "<=", "0", False)]),
        (
            "repaired",
            [("the distance of `D` from the nearest category", "1/6 ≈ 0.166667", "=", "1/6 ≈ 0.166667", True)],
        ),
        ("none", [("the prompt number of `X` in `D`", "infinity", "<=", "9", False)]),
        ("open", [("`S(a, b)`", "between 0.1 and 0.2", "<=", "0.15", None)]),
        (
            "known",
            [
                ("`S(a, b)`", "between 0.1 and 0.2", "<=", "0.2", True),
                ("0.7", "0.7", "<", "about 0.707107", True),
            ],
        ),
        ("soft", []),
    ],
)
def test_both_sides_of_comparisons_have_values(
    name: str, compared: list[tuple[str, str, str, str, bool | None]], many: dict[str, ClaimResult]
) -> None:
    found = many[name].explanation.comparisons
    assert [(c.left.name, c.left.value, c.order, c.right.value, c.holds) for c in found] == compared
    assert all(c.within is None for c in found)


def test_a_value_is_told_exactly_beside_what_it_is_said_to_be() -> None:
    text = "relation R on {a, b} over product { a -> b = [1/3, 1/2] }\nclaim c: R(a, b) = 2/5 within 1/4\n"
    (found,) = checked(text)
    (compared,) = found.explanation.comparisons
    assert (compared.left.lower, compared.left.upper) == (Fraction(1, 3), Fraction(1, 2))
    assert (compared.order, compared.right.lower) == ("=", Fraction(2, 5))
    assert compared.within is not None
    assert compared.within.upper == Fraction(1, 4)


def test_a_refutation_shows_a_few_objects_that_no_representable_fits() -> None:
    text = """
relation R on {a, b} over product {}
weight W on R { a |-> 1, b |-> 1 }
claim c: representable(W, within: 1/4) expect refuted
"""
    (found,) = checked(text)
    lines = [line.text for line in found.explanation.lines]
    place = next(i for i, line in enumerate(lines) if line.startswith("every representable is further away than 0.25"))
    assert "`a` or `b`" in lines[place]
    assert len(lines[place + 1 :]) == 2


# --- parameters and Z3 ----------------------------------------------------------------------------

OPEN = """
parameter p in [0, 1]
relation R on {a, b, c} over product { a -> b = p, b -> c = p, a -> c = 1/2 }
weight W on R { a |-> p, b |-> 1, c |-> 0 }
claim composes: is_category(R) expect refuted
claim column:   representable(W)
claim product:  p * (1 - p) <= 1/4
claim symbolic: p <= 1 + exp(-1)
claim point:    p^2 = 1/2 expect refuted
"""


def test_a_claim_with_a_parameter_is_meant_for_all_numbers() -> None:
    found = {claim.name: claim for claim in checked(OPEN)}
    assert [name for name, claim in found.items() if not (claim.as_expected and claim.certified)] == []
    composes = found["composes"]
    assert lawvere.check(composes.claim, composes.certificate).verdict == "refuted"
    assert [line.text for line in composes.explanation.lines] == [
        "it holds for p in [0, sqrt(2)/2]",
        "it fails for p in (sqrt(2)/2, 1]",
    ]


def test_a_claim_that_holds_for_some_numbers_is_never_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    import formal.solve
    from formal.solve.solution import Solution

    monkeypatch.setattr(Solution, "truth", property(lambda self: True))
    found = next(claim for claim in checked(OPEN) if claim.name == "composes")
    assert (found.outcome, found.trouble) == (Outcome.UNKNOWN, Trouble.KERNEL_REJECTED)
    assert formal.solve.Solution is Solution


def test_both_engines_are_asked_where_there_is_something_to_ask() -> None:
    found = {claim.name: claim for claim in checked(MANY, Options(engine="both", cache=False))}
    assert [name for name, claim in found.items() if not claim.as_expected] == []
    assert {found[name].engine for name in ("triangle", "prompt", "soft", "hard")} == {"direct+smt"}


def test_engines_that_disagree_are_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    from formal.valuation import smt

    monkeypatch.setattr(smt, "ask", lambda *_, **__: smt.Answer.CONTRADICTED)
    found = {claim.name: claim for claim in checked(MANY, Options(engine="both", cache=False))}
    claim = found["triangle"]
    assert (claim.outcome, claim.trouble, claim.certified) == (Outcome.UNKNOWN, Trouble.ENGINES_DISAGREE, False)
