"""Theorems about all categories, claimed of random ones: so the meaning of predicates is tested, and not the routes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from formal.certificate.write import write_certificate, write_claim
from formal.decide.decision import Exhausted, Limits, decide
from formal.kernel import check
from tests.pipeline.statement import World, worlds
from tests.pipeline.test_agreement import elaborated

OF_CATEGORIES = (
    "has(C, limits) iff (has(C, terminal) and has(C, products) and has(C, equalizers))",
    "has(C, colimits) iff (has(C, initial) and has(C, coproducts) and has(C, coequalizers))",
    "has(C, limits) iff has(op(C), colimits)",
    "has(C, products) iff has(op(C), coproducts)",
    "has(C, pullbacks) iff has(op(C), pushouts)",
    "has(C, equalizers) iff has(op(C), coequalizers)",
    "has(C, terminal) iff has(op(C), initial)",
    "thin(C) iff thin(op(C))",
    "groupoid(C) iff groupoid(op(C))",
    "isomorphic(op(op(C)), C)",
    "isomorphic(C * D, D * C)",
    "isomorphic(C + D, D + C)",
    "isomorphic(C, D) implies equivalent(C, D)",
    "equivalent(C, D) iff equivalent(D, C)",
    "equivalent(C, D) iff equivalent(op(C), op(D))",
    "(skeletal(C) and skeletal(D)) implies (equivalent(C, D) iff isomorphic(C, D))",
    "connected(C) iff connected(op(C))",
    "(connected(C) and connected(D)) iff connected(C * D)",
    "not connected(C + D)",
    "groupoid(C) iff forall X in C, Y in C, f: X -> Y. mono(f) and split_epi(f)",
    "forall X in C, Y in C, f: X -> Y. iso(f) iff (epi(f) and split_mono(f))",
    "forall X in C, Y in C. (terminal(X) and terminal(Y)) implies isomorphic(X, Y)",
    "forall X in C, Y in C. retract(X, of: Y) iff exists s: X -> Y. split_mono(s)",
    "forall X in C, f: X -> X. idempotent(f) implies (mono(f) iff f = id(X))",
    "equivalent(karoubi(karoubi(C)), karoubi(C))",
    "isomorphic(chain(2) * C, C * chain(2))",
    "groupoid(C) implies isomorphic(C, op(C))",
)
OF_FUNCTORS = (
    "equivalence(F) implies equivalent(C, D)",
    "equivalent(C, D) iff exists functor H: C -> D. equivalence(H)",
    "equivalence(F) implies (has_left_adjoint(F) and has_right_adjoint(F))",
    "has_left_adjoint(F) iff exists functor H: D -> C. adjoint(H, F)",
    "has_right_adjoint(F) iff exists functor H: D -> C. adjoint(F, H)",
    "has_left_adjoint(F) implies preserves(F, limits)",
    "has_right_adjoint(F) implies preserves(F, colimits)",
    "(full(F) and faithful(F)) iff fully_faithful(F)",
    "(fully_faithful(F) and essentially_surjective(F)) iff equivalence(F)",
    "isomorphic(F, F)",
    "full(id(C)) and faithful(id(C)) and adjoint(id(C), id(C))",
    "forall X in C, Y in C, f: X -> Y. iso(f) implies iso(F(f))",
    "faithful(F) implies forall X in C, Y in C, f: X -> Y. mono(F(f)) implies mono(f)",
    "forall functor H: D -> C. (isomorphic(F >> H, id(C)) and isomorphic(H >> F, id(D))) implies equivalence(F)",
    "left_kan(F, along: id(C), of: F)",
    "right_kan(F, along: id(C), of: F)",
)
OF_SETS = (
    "isomorphic(S, S)",
    "isomorphic(S, T) iff exists theta: S => T. iso(theta)",
    "isomorphic(S + T, T + S)",
    "isomorphic(S * T, T * S)",
    "isomorphic(T + empty(C), T)",
    "isomorphic(T * constant({*}, C), T)",
    "isomorphic(restrict(id(C), T), T)",
    "isomorphic(lan(T, along: id(C)), T)",
    "isomorphic(ran(T, along: id(C)), T)",
    "forall theta: S => T. natural(theta)",
    "representables(T, count: 1) implies prompts(T, count: 1)",
    "representables(T, count: 2) implies prompts(T, count: 2)",
    "prompts(T, count: 1) implies prompts(T, count: 2)",
    "representables(S, count: 1) and representables(T, count: 1) implies representables(S + T, count: 2)",
    "prompt_number(T, is: 2) iff (prompts(T, count: 2) and not prompts(T, count: 1))",
    "isomorphic(S, T) implies (representables(S, count: 1) iff representables(T, count: 1))",
    "representables(T, count: 1) implies connected(elements(T))",
    "left_kan(lan(T, along: id(C)), along: id(C), of: T)",
)
OF_PRESHEAVES = (
    "representable(T) iff has(elements(T), terminal)",
    "representable(T) iff exists X in C. exists u in T(X). representable(T, by: X, at: u)",
    "forall X in C. representable(T, by: X) implies equinumerous(T(X), hom(X, X))",
    "representable(T) implies not isomorphic(T, empty(C))",
)
OF_COPRESHEAVES = (
    "corepresentable(T) iff exists X in C. exists u in T(X). corepresentable(T, by: X, at: u)",
    "isomorphic(lan(T, along: F), lan(T, along: F))",
    "left_kan(lan(T, along: F), along: F, of: T)",
    "right_kan(ran(T, along: F), along: F, of: T)",
    "exists eta: T => restrict(F, lan(T, along: F)). true",
    "exists epsilon: restrict(F, ran(T, along: F)) => T. true",
    "equivalence(F) implies isomorphic(restrict(F, lan(T, along: F)), T)",
    "fully_faithful(F) implies isomorphic(restrict(F, lan(T, along: F)), T)",
    "fully_faithful(F) implies isomorphic(restrict(F, ran(T, along: F)), T)",
)


LAWS = (*OF_CATEGORIES, *OF_FUNCTORS, *OF_SETS, *OF_PRESHEAVES, *OF_COPRESHEAVES)


def assert_true(world: World, law: str) -> None:
    (claim,) = elaborated(world, [law]).claims
    try:
        decision = decide(claim.formula, limits=Limits(steps=300_000))
    except Exhausted:
        assume(False)
    assert decision.value, "\n".join([*world.declarations(), law])
    written = write_claim(claim.formula)
    check(written, write_certificate(written, True, decision.evidence, claim.formula))


def fits(law: str, world: World) -> bool:
    return world.T.contravariant if law in OF_PRESHEAVES else law not in OF_COPRESHEAVES or not world.T.contravariant


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(law=st.sampled_from(LAWS), world=worlds())
def test_theorems_hold(law: str, world: World) -> None:
    assume(fits(law, world))
    assert_true(world, law)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
def test_each_theorem_holds(law: str, world: World) -> None:
    assume(fits(law, world))
    assert_true(world, law)
