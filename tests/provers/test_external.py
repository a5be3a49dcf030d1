"""Provers that need not be there: their answers are read, and what they prove has a certificate where they show how."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formal import herbrand
from formal.certificate.theorem import write_theorem_claim
from formal.prove.external import External, ExternalLimits, available, prove_externally, read_status
from formal.prove.result import NotProved, Proof
from tests.prove import textbook
from tests.prove.textbook import Goal

SHORT = ExternalLimits(resources=300_000, seconds=5)
PROVED = (
    textbook.monos_compose,
    textbook.terminal_objects_are_isomorphic_uniquely,
    textbook.yoneda_determined_by_identity,
)


def require(prover: External) -> None:
    if prover not in available():
        pytest.skip(f"{prover} is not installed")


@pytest.mark.parametrize("prover", [External.CVC5, External.CVC5_ENUMERATION], ids=str)
@pytest.mark.parametrize("goal", PROVED, ids=lambda g: g.__name__)
def test_what_cvc5_proves_has_a_certificate(goal: Goal, prover: External) -> None:
    require(prover)
    proof = prove_externally(goal(), prover, SHORT)
    assert isinstance(proof, Proof)
    assert proof.configuration == str(prover)
    assert herbrand.check(proof.claim, proof.certificate).instances == len(proof.instances) > 0


@pytest.mark.parametrize("goal", PROVED, ids=lambda g: g.__name__)
def test_e_confirms(goal: Goal) -> None:
    require(External.E)
    answer = prove_externally(goal(), External.E, SHORT)
    assert isinstance(answer, NotProved)
    assert [attempt.answer for attempt in answer.attempts] == ["proved"]
    trusted = prove_externally(goal(), External.E, ExternalLimits(seconds=5, trust=True))
    assert isinstance(trusted, Proof)
    assert (trusted.configuration, trusted.instances, trusted.certificate) == ("E", (), b"")


@pytest.mark.parametrize("prover", list(External), ids=str)
@pytest.mark.parametrize("goal", textbook.UNPROVABLE[:3], ids=lambda g: g.__name__)
def test_what_does_not_hold_is_not_proved(goal: Goal, prover: External) -> None:
    require(prover)
    answer = prove_externally(goal(), prover, ExternalLimits(resources=50_000, seconds=1, trust=True))
    assert isinstance(answer, NotProved)


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, program: str, script: str) -> None:
    path = folder / program
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ("echo '% SZS status Theorem for obligation'", "proved"),
        ("echo '# SZS status Theorem'; exit 1", "proved"),
        ("echo '% SZS status Satisfiable'", "unknown"),
        ("echo '% SZS status CounterSatisfiable'", "unknown"),
        ("echo '% SZS status Timeout'", "unknown"),
        ("echo 'the SZS status Theorem is what you want'", "crashed"),
        ("exit 139", "crashed"),
        ("echo '% SZS status Theorem'; sleep 100", "killed"),
    ],
)
@pytest.mark.parametrize(("prover", "program"), [(External.VAMPIRE, "vampire"), (External.E, "eprover")])
def test_what_a_program_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prover: External, program: str, script: str, answer: str
) -> None:
    pretend(tmp_path, monkeypatch, program, script)
    seconds = 0.1 if answer == "killed" else 5
    result = prove_externally(textbook.monos_compose(), prover, ExternalLimits(seconds=seconds))
    assert isinstance(result, NotProved)
    assert [attempt.answer for attempt in result.attempts] == [answer]


def test_a_program_is_given_the_exported_obligation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = f'for last; do :; done; cp "$last" {tmp_path}/seen; echo "% SZS status Theorem"'
    pretend(tmp_path, monkeypatch, "vampire", script)
    prove_externally(textbook.monos_compose(), External.VAMPIRE)
    assert "fof(goal, conjecture," in (tmp_path / "seen").read_text(encoding="ascii")


def test_a_prover_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert External.E not in available()
    answer = prove_externally(textbook.monos_compose(), External.E, ExternalLimits(trust=True))
    assert answer == NotProved(write_theorem_claim(textbook.monos_compose()), (), "E is not installed")


def test_a_theorem_among_other_words_is_not_enough() -> None:
    assert read_status(External.E, "# SZS status ResourceOut\n# no Theorem").answer == "unknown"
