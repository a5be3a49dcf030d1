"""Whatever the language can state and a small model refutes is refuted with a script that replays.

The falsehoods of ``refutable.cat`` are of the kinds that claims have no words for: choices that depend on something,
what is said to exist, cocones, functors out of sums, products and slices, transpositions, objects of constructed
categories, forgetful and constant functors.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from formal.elaborate.module import Loader
from formal.instance.script import GOAL, script_of
from formal.logic.theory import Not
from formal.refute.evaluate import holds
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel
from formal.refute.search import search
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Origin, Statement
from formal.verdict.result import ClaimResult, FileResult, Outcome
from formal.verify.options import Options
from formal.verify.run import Target, check_text, run
from tests.theorems.proved_library import statements
from tests.theorems.theorem_mutant import mutants

REFUTABLE = Path(__file__).parent / "refutable.cat"
LIMITS = SearchLimits(max_size=5, max_objects=3, budget=300_000)


def check(script: str) -> FileResult:
    return check_text(script, Options(engine="direct", cache=False))


@cache
def results() -> dict[str, ClaimResult]:
    (file,) = run([Target(REFUTABLE)], Options(cache=False))
    assert not file.diagnostics
    return {claim.name: claim for claim in file.claims}


@cache
def stated() -> dict[str, Statement]:
    script = Loader(REFUTABLE.parent).load(REFUTABLE)
    return {node.name.text: elaborate(node, script.module, REFUTABLE.name) for node in script.theorems}


@pytest.mark.parametrize("name", stated())
def test_it_is_refuted_with_evidence(name: str) -> None:
    result = results()[name]
    assert result.outcome is Outcome.REFUTED, result.reason
    assert result.certified
    assert result.trouble is None
    assert result.parts[-1].name == f"counter-model {GOAL}"
    claims = check(result.explanation.script).claims
    assert [claim.outcome for claim in claims[:-1]] == [Outcome.PROVED] * (len(claims) - 1)
    assert claims[-1].outcome is Outcome.REFUTED


def test_a_choice_is_told_with_its_values_and_what_is_known_of_it() -> None:
    script = results()["obtain_after_hyp_2"].explanation.script
    assert "# Here u(" in script
    assert "claim u_property: " in script


def test_the_cocone_is_what_fails() -> None:
    script = results()["kan_composite_wrong"].explanation.script
    assert "m: cocone." in script
    assert "claim L_is_left_kan: " in " ".join(script.split())


# --- the words agree with plain evaluation --------------------------------------------------------


def hypotheses(statement: Statement, obligation: Obligation, model: CounterModel) -> list[bool]:
    """Whether each hypothesis that a script has to state holds in a model."""
    laws = {law.name for category in statement.categories for law in category.laws}
    laws |= {law.name for functor in statement.set_functors for law in functor.laws}
    return [
        holds(hypothesis.formula, model)
        for hypothesis in statement.available(obligation)
        if hypothesis.origin is not Origin.HAVE and hypothesis.name not in laws
    ]


@cache
def others() -> list[tuple[Statement, Obligation, CounterModel]]:
    """True theorems, each with a model of a variant of it: its hypotheses or its goal may fail there."""
    original = {statement.name: statement for statement in statements()}
    found = []
    for mutant in (mutant for seed in (3, 12) for mutant in mutants(18, seed=seed)):
        if mutant.kind in ("goal negated", "goal changed", "hypothesis changed"):
            model = search(mutant.statement, mutant.obligation, LIMITS)
            if isinstance(model, CounterModel):
                statement = original[mutant.statement.name]
                obligation = next(o for o in statement.obligations if o.name == mutant.obligation.name)
                found.append((statement, obligation, model))
    return found


@pytest.mark.parametrize("in_words", [True, False])
def test_a_script_about_any_model_says_what_evaluation_says(in_words: bool) -> None:
    seen: set[bool] = set()
    for statement, obligation, model in others():
        claims = check(script_of(statement, obligation, model, in_words=in_words)).claims
        assert not {claim.outcome for claim in claims} - {Outcome.PROVED, Outcome.REFUTED}
        found = [claim.outcome is Outcome.PROVED for claim in claims]
        expected = [*hypotheses(statement, obligation, model), holds(obligation.formula, model)]
        if in_words:
            found, expected = [all(found[:-1]), found[-1]], [all(expected[:-1]), expected[-1]]
        assert found == expected, f"{statement.name}, {obligation.name}"
        seen.update(found)
    assert seen == {True, False}


@pytest.mark.parametrize("name", ["sum", "slice", "obtain_functor", "adjunction_transpose", "connected"])
def test_a_spelled_goal_and_its_negation_differ(name: str) -> None:
    statement = stated()[name]
    for obligation in statement.obligations:
        model = search(statement, obligation, LIMITS)
        if not isinstance(model, CounterModel):
            continue
        script = script_of(statement, obligation, model, in_words=False)
        assert check(script).claims[-1].outcome is Outcome.REFUTED
        turned = Obligation(
            obligation.name, obligation.purpose, Not(obligation.formula), obligation.span, obligation.available
        )
        script = script_of(statement, turned, model, in_words=False)
        assert check(script).claims[-1].outcome is Outcome.PROVED
        return
    raise AssertionError("no counter-model")
