"""Goals whose parts are proved one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal import herbrand
from formal.certificate.theorem import write_theorem_claim
from formal.logic.theory import And, Equal
from formal.prove.case import alternatives, cases_of, is_of_goal
from formal.prove.configuration import configurations
from formal.prove.prover import MOST_CASES, ProveLimits, Prover
from formal.prove.result import NotProved, Proof
from tests.prove import textbook

FEW, MORE = configurations()[:2]
LETTERS = "pqr"
literals = st.tuples(st.sampled_from(["=", "!="]), st.sampled_from(LETTERS), st.just("0"))
formulas = st.recursive(
    literals,
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)).map(lambda f: (f[0], *f[1])),
    max_leaves=8,
)


def holds(formula: Any, values: Mapping[str, bool]) -> bool:
    kind, *parts = formula
    if kind in ("and", "or"):
        return (all if kind == "and" else any)(holds(part, values) for part in parts)
    return values[parts[0]] is (kind == "=")


@given(formulas, st.integers(1, 5))
def test_a_formula_holds_when_one_of_its_alternatives_does(formula: Any, most: int) -> None:
    found = alternatives(formula, most)
    assert 1 <= len(found) <= most
    for truths in product([False, True], repeat=len(LETTERS)):
        values = dict(zip(LETTERS, truths, strict=True))
        assert holds(formula, values) is any(holds(part, values) for part in found)


def test_what_is_below_a_universal_quantifier_is_no_case() -> None:
    formula = ("forall", (("x", None),), ("or", ("=", "x", "p"), ("=", "x", "q")))
    assert alternatives(formula, 8) == [formula]
    assert alternatives(("exists", (), ("or", formula, formula)), 8) == [("exists", (), formula)] * 2


def test_cases_have_their_symbols_in_common_with_the_whole() -> None:
    claim = write_theorem_claim(textbook.pullbacks_paste())
    whole = herbrand.read(claim)
    cases = cases_of(claim, 8)
    assert len(cases) == 3
    for case in cases:
        assert case.functions.keys() <= whole.functions.keys()
        assert {name for name in case.axioms if not is_of_goal(name)} == {
            name for name in whole.axioms if not is_of_goal(name)
        }


@pytest.mark.parametrize(
    ("goal", "configuration"),
    [
        (textbook.universal_elements_are_isomorphic_uniquely, FEW),
        (textbook.adjunct_is_universal, FEW),
        (textbook.pullbacks_paste, MORE),
    ],
)
def test_a_conjunction_is_proved_when_its_parts_are(goal: textbook.Goal, configuration: str) -> None:
    limits = ProveLimits(long=0, cases=MOST_CASES, configurations=(configuration,))
    with Prover() as prover:
        assert isinstance(prover.prove(goal(), replace(limits, cases=1)), NotProved)
        proof = prover.prove(goal(), limits)
        again = prover.prove(goal(), replace(limits, jobs=2))
    assert isinstance(proof, Proof)
    assert proof == again
    assert proof.configuration == f"{configuration}, by cases"
    assert herbrand.check(proof.claim, proof.certificate).instances == len(proof.instances)


def test_one_part_that_does_not_hold_is_enough() -> None:
    unique = textbook.inverses_are_unique()
    x, y = (function() for function in unique.functions if function.name in "XY")
    limits = ProveLimits(short=20_000, long=0, cases=MOST_CASES, configurations=configurations()[:8])
    with Prover() as prover:
        result = prover.prove(replace(unique, goal=And((unique.goal, Equal(x, y)))), limits)
    assert isinstance(result, NotProved)
    cases = [attempt for attempt in result.attempts if ", case " in attempt.configuration]
    assert cases[0].answer == "proved"
    assert {attempt.answer for attempt in cases[1:]} == {"unknown"}
