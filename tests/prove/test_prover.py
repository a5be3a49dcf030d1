"""Proofs with certificates, and none of what does not hold."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from hashlib import sha256

import pytest

from formal import herbrand
from formal.prove import child as child_module
from formal.prove.child import Child, Job, Status
from formal.prove.configuration import PORTFOLIO, configurations
from formal.prove.prover import ProveLimits, Prover, statistics
from formal.prove.result import NotProved, Proof
from formal.text import Bug
from tests.prove import textbook
from tests.prove.textbook import PROVABLE, UNPROVABLE, Goal

QUICK = (
    textbook.monos_compose,
    textbook.isos_compose,
    textbook.terminal_objects_are_isomorphic,
    textbook.products_are_isomorphic,
    textbook.fully_faithful_reflects_isos,
    textbook.yoneda_determined_by_identity,
    textbook.solution_is_universal_element,
    textbook.right_adjoints_preserve_monos,
)
SHORT = ProveLimits(short=50_000, long=0)


def accepted(proof: Proof) -> bool:
    return herbrand.check(proof.claim, proof.certificate).instances == len(proof.instances)


@pytest.mark.parametrize("goal", QUICK, ids=lambda g: g.__name__)
def test_a_theorem_is_proved_with_a_certificate(goal: Goal) -> None:
    with Prover() as prover:
        proof = prover.prove(goal(), SHORT)
    assert isinstance(proof, Proof)
    assert accepted(proof)
    assert proof.attempts[-1].configuration == proof.configuration


@pytest.mark.slow
@pytest.mark.parametrize("goal", PROVABLE, ids=lambda g: g.__name__)
def test_every_textbook_theorem_is_proved(goal: Goal) -> None:
    with Prover() as prover:
        proof = prover.prove(goal())
    assert isinstance(proof, Proof)
    assert accepted(proof)


@pytest.mark.parametrize("goal", UNPROVABLE, ids=lambda g: g.__name__)
def test_what_does_not_hold_is_not_proved(goal: Goal) -> None:
    chosen = tuple(name for name in configurations() if "12000" not in name and "30000" not in name)
    with Prover() as prover:
        result = prover.prove(goal(), ProveLimits(short=20_000, long=0, configurations=chosen, trust_solver=True))
    assert isinstance(result, NotProved), "the solver calls satisfiable problems unsatisfiable"
    assert {attempt.configuration for attempt in result.attempts} == set(chosen)


@pytest.mark.parametrize("name", [c.name for c in PORTFOLIO if c.encoding is not None])
def test_instances_are_read_off_every_encoding(name: str) -> None:
    with Prover() as prover:
        proof = prover.prove(
            textbook.inverses_are_unique(), ProveLimits(short=1_000_000, long=0, configurations=(name,))
        )
    assert isinstance(proof, Proof)
    assert proof.configuration == name
    assert accepted(proof)


def test_no_instance_can_be_left_out() -> None:
    with Prover() as prover:
        proof = prover.prove(textbook.isos_compose(), SHORT)
    assert isinstance(proof, Proof)
    certificate = json.loads(proof.certificate)
    assert certificate["claim"] == sha256(proof.claim).hexdigest()
    for position in range(len(proof.instances)):
        fewer = dict(
            certificate, instances=certificate["instances"][:position] + certificate["instances"][position + 1 :]
        )
        with pytest.raises(herbrand.Rejected):
            herbrand.check(proof.claim, json.dumps(fewer, sort_keys=True, separators=(",", ":")).encode())


def test_several_processes_report_what_one_does() -> None:
    sequent = textbook.right_adjoints_preserve_monos()
    with Prover() as one, Prover() as several:
        first = one.prove(sequent, SHORT)
        second = several.prove(sequent, ProveLimits(short=50_000, long=0, jobs=3))
    assert first == second


@pytest.mark.parametrize("jobs", [1, 3])
def test_nothing_is_begun_when_the_budget_is_spent(jobs: int) -> None:
    whole = ProveLimits(short=50_000, long=0, jobs=jobs)
    with Prover() as prover:
        everything = prover.prove(textbook.second_factor_of_mono(), whole)
        spent = everything.attempts[0].resources + everything.attempts[1].resources
        some = prover.prove(textbook.second_factor_of_mono(), replace(whole, total=spent))
    assert isinstance(some, NotProved)
    assert some.attempts == everything.attempts[:2]
    assert some.reason == f"the budget of {spent} resource units is spent"


def test_limits_in_the_usual_proportions() -> None:
    limits = ProveLimits.within(40_000_000)
    assert (limits.short, limits.long, limits.total) == (200_000, 1_000_000, 40_000_000)
    assert ProveLimits.within(1).short > 0


def test_a_proof_attempt_can_be_cancelled() -> None:
    results: list[Proof | NotProved] = []
    limits = ProveLimits(short=500_000_000, long=0, configurations=("z3 ends, guards triggers, default",))
    with Prover() as prover:
        thread = threading.Thread(target=lambda: results.append(prover.prove(textbook.second_factor_of_mono(), limits)))
        thread.start()
        while thread.is_alive():
            prover.cancel()
            time.sleep(0.05)
        (result,) = results
        assert isinstance(result, NotProved)
        assert result.reason == "cancelled"
        assert isinstance(prover.prove(textbook.inverses_are_unique(), SHORT), Proof)


def test_an_attempt_that_is_cancelled_before_it_begins() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with Prover() as prover:
        result = prover.prove(textbook.inverses_are_unique(), SHORT, cancelled)
    assert isinstance(result, NotProved)
    assert (result.reason, result.attempts) == ("cancelled", ())


def test_an_unknown_configuration_is_our_mistake() -> None:
    with Prover() as prover, pytest.raises(Bug):
        prover.prove(textbook.inverses_are_unique(), ProveLimits(configurations=("magic",)))


def test_statistics_of_one_configuration() -> None:
    name = configurations()[0]
    with Prover() as prover:
        attempt = statistics(prover, textbook.inverses_are_unique(), name, seed=3)
        again = statistics(prover, textbook.inverses_are_unique(), name, seed=3)
    assert attempt.answer == "proved"
    assert attempt == again


def test_a_dead_process_is_an_answer_and_is_replaced() -> None:
    with Child(["false"]) as child:
        assert child.ask(Job("ground", b"")).status is Status.CRASHED
    with Child(["sleep", "60"]) as child:
        assert child.ask(Job("ground", b"", seconds=0.2)).status is Status.KILLED
    with Child(["echo", "proved"]) as child:
        assert child.ask(Job("ground", b"")).status is Status.CRASHED
    with Child() as child:
        assert child.ask(Job("quantified", b"(nonsense")).status is Status.UNKNOWN
        assert child.ask(Job("quantified", b"(assert false)")).status is Status.UNSAT


def test_without_provers_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "worker_command", lambda: ["false"])
    with Prover() as prover:
        result = prover.prove(textbook.inverses_are_unique(), SHORT)
    assert isinstance(result, NotProved)
    assert result.reason.startswith("no prover works")
    assert result.is_interrupted
