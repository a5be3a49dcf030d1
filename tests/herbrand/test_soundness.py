"""No instances refute what has a model: random claims, with a small model in which the goal fails."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.herbrand import ground_formula, read, refuting_instances
from tests.herbrand.example import encode
from tests.herbrand.random_claim import instances, random_claim

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 10**9)


@FEW
@given(seeds)
def test_an_instance_of_what_is_true_is_true(seed: int) -> None:
    """Also where its terms do not fit: the guards fail then."""
    random = Random(seed)
    claim, model = random_claim(random, universal=True)
    assert model.refutes(claim)
    problem = read(encode(claim))
    for axiom, terms in instances(problem, random, 10):
        assert model.satisfies(ground_formula(problem, axiom, terms)), (axiom, terms)


def refuted(seed: int) -> object:
    random = Random(seed)
    claim, model = random_claim(random)
    assert model.refutes(claim)
    problem = read(encode(claim))
    return refuting_instances(problem, instances(problem, random, 12), steps=100_000)


@FEW
@given(seeds)
def test_what_has_a_model_is_not_refuted(seed: int) -> None:
    assert refuted(seed) is None


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_much_that_has_a_model_is_not_refuted(seed: int) -> None:
    assert [n for n in range(100) if refuted(1000 * seed + n) is not None] == []


def test_the_random_claims_are_worth_it() -> None:
    """Some are about nothing, some have Skolem functions that need not denote, many instances have guards."""
    partial = guarded = empty = 0
    for seed in range(25):
        random = Random(seed)
        claim, model = random_claim(random)
        problem = read(encode(claim))
        partial += any(not function.defined for function in problem.functions.values())
        found = instances(problem, random, 5)
        guarded += any(ground_formula(problem, *instance)[0] == "or" for instance in found)
        empty += not all(model.objects.values()) or not all(model.places.values())
    assert min(partial, guarded, empty) >= 5
