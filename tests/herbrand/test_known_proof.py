"""Proofs written by hand are accepted, and no proper part of them is one."""

from __future__ import annotations

import pytest

from formal.certificate.theorem import write_herbrand_certificate
from formal.herbrand import Limits, Rejected, check, ground_formula, read, refutes, refuting_instances
from tests.herbrand.example import EXAMPLES, MONOS_COMPOSE, TERMINAL_OBJECTS, UNIQUE, Example

each = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@each
def test_a_proof_is_accepted(example: Example) -> None:
    accepted = check(example.claim, example.certificate)
    assert (accepted.theorem, accepted.obligation) == ("example", "show")
    assert accepted.instances == len(example.instances)
    assert accepted.axioms == tuple(dict.fromkeys(axiom for axiom, _ in example.instances))
    assert accepted.claim == read(example.claim).digest


@each
def test_every_instance_is_needed(example: Example) -> None:
    problem = read(example.claim)
    assert refuting_instances(problem, example.instances) == tuple(range(len(example.instances)))
    for position, instance in enumerate(example.instances):
        rest = [*example.instances[:position], *example.instances[position + 1 :]]
        assert not refutes(problem, rest), instance
        with pytest.raises(Rejected, match="refutation"):
            check(example.claim, write_herbrand_certificate(example.claim, rest))


@each
def test_what_is_not_needed_is_left_out_of_the_core(example: Example) -> None:
    problem = read(example.claim)
    more = [instance for instance in TERMINAL_OBJECTS.instances if instance[0] in problem.axioms and not instance[1]]
    many = [*more, *reversed(example.instances), *example.instances]
    core = refuting_instances(problem, many)
    assert core is not None
    assert {many[k] for k in core} == set(example.instances)


@each
def test_each_limit_holds(example: Example) -> None:
    for limits in (Limits(bytes=100), Limits(depth=2), Limits(containers=5), Limits(claim=50), Limits(steps=5)):
        with pytest.raises(Rejected, match="limit"):
            check(example.claim, example.certificate, limits=limits)
    assert refuting_instances(read(example.claim), example.instances, steps=5) is None


def test_a_certificate_belongs_to_one_claim() -> None:
    other = MONOS_COMPOSE.claim.replace(b'"example"', b'"another"')
    with pytest.raises(Rejected, match="digest"):
        check(other, MONOS_COMPOSE.certificate)


def test_the_guards_of_an_instance() -> None:
    problem = read(MONOS_COMPOSE.claim)
    a, one = ("goal.a3",), ("id.C", ("X",))
    kind, guard, matrix = ground_formula(problem, "f is mono", (a, one))
    assert (kind, guard) == ("or", ("!=", ("X",), ("goal.w3",)))
    left, right = ("comp.C", a, ("f",)), ("comp.C", one, ("f",))
    assert matrix == ("or", ("!=", left, right), ("=", a, one))
    assert ground_formula(problem, "f is mono", (a, a))[1][0] == "!="


def test_a_term_that_need_not_denote_is_a_guard() -> None:
    problem = read(UNIQUE.claim)
    maybe = ("goal.x",)
    assert not problem.functions["goal.x"].defined
    assert ground_formula(problem, "all equal", (maybe, ("t",))) == ("or", ("undefined", maybe), ("=", maybe, ("t",)))
