"""Verdicts on theorems: what is proved or refuted rests on evidence that is re-checked, and nothing else is green."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from formal import herbrand, kernel
from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import NotProved, Proof, Sequent
from formal.refute.limit import SearchLimits
from formal.refute.refuter import Refuter
from formal.refute.result import CounterModel, Searched
from formal.statement.model import Obligation, Statement
from formal.store.cache import Cache, Stored
from formal.store.certificates import certificate_files, write_certificates
from formal.store.lock import LOCK_NAME, locked, write_lock
from formal.store.replay import Finding, replay
from formal.verdict.result import ClaimResult, ExitCode, FileResult, Outcome, Trouble, exit_code
from formal.verify.options import Options
from formal.verify.run import Target, check_text, run

AFRESH = Options(cache=False, size=4)

TRUE = """
theorem isos_cancel {
  given  category C, object X, Y in C, arrow f: X -> Y
  assume iso(f)
  show   monic: mono(f)
  show   epic: epi(f)
}
"""

FALSE = """
theorem monos_are_isos {
  given  category C, object X, Y in C, arrow f: X -> Y
  assume small: thin(C)
  assume mono(f)
  show   trivial: f = f
  show   iso(f)
}
expect refuted
"""

OTHER = """
theorem identities_are_neutral {
  given category C, object X, Y in C, arrow f: X -> Y
  show  id(X) >> f = f
}
"""


def only(file: FileResult) -> ClaimResult:
    assert file.diagnostics == ()
    (result,) = file.claims
    return result


def decided(text: str) -> ClaimResult:
    return only(check_text(text, AFRESH))


# --- evidence -------------------------------------------------------------------------------------


def test_a_proof_has_a_certificate_for_each_obligation() -> None:
    result = decided(TRUE)
    assert (result.outcome, result.certified, result.trouble) == (Outcome.PROVED, True, None)
    assert [part.name for part in result.parts] == ["monic", "epic"]
    for part, obligation in zip(result.parts, result.obligations, strict=True):
        accepted = herbrand.check(part.claim, part.certificate)
        assert (accepted.theorem, accepted.obligation) == ("isos_cancel", part.name)
        assert accepted.instances == obligation.instances > 0
        assert part.claim_digest == sha256(part.claim).hexdigest()
        assert part.certificate_digest == sha256(part.certificate).hexdigest()


def test_a_refutation_has_a_script_that_runs() -> None:
    result = decided(FALSE)
    assert (result.outcome, result.certified, result.as_expected) == (Outcome.REFUTED, True, True)
    assert [(o.name, o.outcome) for o in result.obligations] == [
        ("trivial", Outcome.PROVED),
        ("show", Outcome.REFUTED),
    ]
    assert result.explanation.script.count("claim ") == len(result.parts)
    for part in result.parts:
        verdict = "refuted" if part.name.endswith("goal") else "proved"
        assert part.verdict == kernel.check(part.claim, part.certificate).verdict == verdict
    again = check_text(result.explanation.script, AFRESH)
    assert exit_code([again]) is ExitCode.AS_EXPECTED
    assert again.claims[-1].outcome is Outcome.REFUTED


def test_two_runs_give_the_same_bytes() -> None:
    one, other = (check_text(TRUE + FALSE, AFRESH).claims for _ in range(2))
    assert [c.parts for c in one] == [c.parts for c in other]
    assert [[(o.engine, o.resources) for o in c.obligations] for c in one if c.outcome is Outcome.PROVED] == [
        [(o.engine, o.resources) for o in c.obligations] for c in other if c.outcome is Outcome.PROVED
    ]


def test_a_wrong_expectation_is_not_as_expected() -> None:
    files = [check_text(TRUE + "expect refuted", AFRESH), check_text(FALSE.replace("expect refuted", ""), AFRESH)]
    assert [only(file).outcome for file in files] == [Outcome.PROVED, Outcome.REFUTED]
    assert [exit_code([file]) for file in files] == [ExitCode.NOT_AS_EXPECTED] * 2


# --- what is not decided --------------------------------------------------------------------------


@pytest.fixture
def poor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Provers with next to no resources."""
    limits = ProveLimits(short=1, long=0, configurations=("z3 ends, terms triggers, steady",))
    monkeypatch.setattr(Options, "prove_limits", lambda self: limits)


@pytest.mark.usefixtures("poor")
def test_what_is_too_hard_is_bounded_and_inconclusive() -> None:
    file = check_text(TRUE, AFRESH)
    result = only(file)
    assert (result.outcome, result.certified, result.parts) == (Outcome.BOUNDED, False, ())
    assert "no counter-model with" in result.reason
    assert exit_code([file]) is ExitCode.INCONCLUSIVE


@pytest.mark.usefixtures("poor")
def test_without_a_search_it_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Options, "search_limits", lambda self: SearchLimits(budget=1))
    file = check_text(TRUE, AFRESH)
    assert only(file).outcome is Outcome.UNKNOWN
    assert only(file).reason
    assert exit_code([file]) is ExitCode.INCONCLUSIVE


@pytest.mark.usefixtures("poor")
def test_what_is_expected_to_be_unknown_may_be_bounded() -> None:
    file = check_text(TRUE + "expect unknown", AFRESH)
    assert only(file).outcome is Outcome.BOUNDED
    assert exit_code([file]) is ExitCode.AS_EXPECTED


def test_what_is_expected_to_be_unknown_may_not_be_proved() -> None:
    assert exit_code([check_text(TRUE + "expect unknown", AFRESH)]) is ExitCode.NOT_AS_EXPECTED


# --- engines that lie -----------------------------------------------------------------------------

Search = Callable[..., CounterModel | Searched]


def a_model_of_something_else(search: Search) -> Search:
    """A search that answers with a structure in which the arrow is an isomorphism, and the goal holds."""

    def lying(
        self: Refuter, statement: Statement, obligation: Obligation, limits: SearchLimits, **options: object
    ) -> CounterModel | Searched:
        return search(self, statement, obligation, limits, satisfy=True)

    return lying


@pytest.mark.usefixtures("poor")
@pytest.mark.parametrize("verdict", ["proved", "refuted", "unknown"])
def test_a_model_that_is_none_is_trouble(monkeypatch: pytest.MonkeyPatch, verdict: str) -> None:
    monkeypatch.setattr(Refuter, "search", a_model_of_something_else(Refuter.search))
    file = check_text(f"{TRUE}expect {verdict}", AFRESH)
    result = only(file)
    assert result.trouble is Trouble.ENGINES_DISAGREE
    assert result.outcome is not Outcome.REFUTED
    assert exit_code([file]) is ExitCode.INTERNAL


def test_a_model_with_broken_laws_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Refuter.search

    def lying(
        self: Refuter, statement: Statement, obligation: Obligation, limits: SearchLimits, **options: object
    ) -> CounterModel | Searched:
        found = honest(self, statement, obligation, limits)
        if not isinstance(found, CounterModel):
            return found
        return replace(found, functions={**found.functions, "f": {(): 0}})

    monkeypatch.setattr(Refuter, "search", lying)
    file = check_text(FALSE.replace("show   trivial: f = f\n", ""), AFRESH)
    assert only(file).outcome is not Outcome.REFUTED
    assert exit_code([file]) is ExitCode.INTERNAL


def proofs_are(monkeypatch: pytest.MonkeyPatch, forge: Callable[[Proof | NotProved], Proof | NotProved]) -> None:
    """Change what the provers give."""
    honest = Prover.prove

    def prove(
        self: Prover,
        sequent: Sequent,
        limits: ProveLimits = ProveLimits(),  # noqa: B008
        cancelled: threading.Event | None = None,
    ) -> Proof | NotProved:
        return forge(honest(self, sequent, limits, cancelled))

    monkeypatch.setattr(Prover, "prove", prove)


def test_a_proof_of_what_is_false_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate belongs to another claim."""
    part = decided(TRUE).parts[0]
    proofs_are(monkeypatch, lambda found: Proof("forged", (), found.claim, part.certificate, ()))
    file = check_text(FALSE.replace("expect refuted", ""), AFRESH)
    assert only(file).outcome is not Outcome.PROVED
    assert exit_code([file]) is ExitCode.INTERNAL


def test_a_proof_of_another_claim_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    part = decided(TRUE).parts[0]
    proofs_are(monkeypatch, lambda found: Proof("forged", (), part.claim, part.certificate, ()))
    file = check_text(FALSE.replace("expect refuted", ""), AFRESH)
    assert only(file).outcome is not Outcome.PROVED
    assert exit_code([file]) is ExitCode.INTERNAL


def test_a_prover_that_crashes_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(found: Proof | NotProved) -> Proof | NotProved:
        raise ZeroDivisionError

    proofs_are(monkeypatch, crash)
    file = check_text(TRUE + OTHER, AFRESH)
    assert {result.trouble for result in file.claims} == {Trouble.CRASHED}
    assert exit_code([file]) is ExitCode.INTERNAL


# --- the cache ------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one script."""
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "theorems.cat").write_text(TRUE + FALSE)
    return tmp_path


def checked(project: Path, **options: object) -> FileResult:
    (file,) = run([Target(project / "theorems.cat")], replace(Options(size=4), **options))  # type: ignore[arg-type]
    return file


def cached(file: FileResult) -> list[bool]:
    return [obligation.cached for result in file.claims for obligation in result.obligations]


def spoil(project: Path, change: Callable[[Stored], Stored]) -> None:
    """Put something else in the place of all that is remembered."""
    path = project / ".formal" / "cache.sqlite"
    with sqlite3.connect(path) as database:
        keys = [key for (key,) in database.execute("SELECT key FROM verdict")]
    with Cache(path) as cache:
        for key in keys:
            stored = cache.get(key)
            assert stored is not None
            cache.put(key, change(stored))


def test_the_second_run_is_cached_and_re_checked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = checked(project)
    assert cached(first) == [False] * 4
    seen: list[bytes] = []

    def check(claim: bytes, certificate: bytes) -> herbrand.Accepted:
        seen.append(certificate)
        return herbrand.check(claim, certificate)

    monkeypatch.setattr("formal.verify.theorem.check", check)
    second = checked(project)
    assert cached(second) == [True] * 4
    assert [result.parts for result in second.claims] == [result.parts for result in first.claims]
    assert set(seen) >= {part.certificate for part in first.claims[0].parts}


SPOILED: dict[str, Callable[[Stored], Stored]] = {
    "nothing": lambda stored: replace(stored, certificate=b""),
    "garbage": lambda stored: replace(stored, certificate=b'{"format":"formal-herbrand/1"}'),
    "the other verdict": lambda stored: replace(stored, verdict="refuted" if stored.verdict == "proved" else "proved"),
}


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED)
def test_what_is_remembered_wrongly_is_found_anew(project: Path, change: Callable[[Stored], Stored]) -> None:
    first = checked(project)
    spoil(project, change)
    second = checked(project)
    assert cached(second) == [False] * 4
    assert exit_code([second]) is ExitCode.AS_EXPECTED
    assert [result.parts for result in second.claims] == [result.parts for result in first.claims]
    assert cached(checked(project)) == [True] * 4


def test_a_changed_theorem_is_not_remembered(project: Path) -> None:
    checked(project)
    script = project / "theorems.cat"
    script.write_text(script.read_text().replace("assume iso(f)", "assume mono(f)"))
    assert checked(project).claims[0].outcome is Outcome.REFUTED


# --- folders of certificates ----------------------------------------------------------------------


def test_a_folder_of_theorems_is_replayed(project: Path) -> None:
    certificates = project / "certificates"
    file = checked(project, cache=False, certificates=certificates)
    write_lock(project / LOCK_NAME, locked([file]))
    report = replay(certificates)
    assert report.as_locked
    parts = {f"{file.file}:{result.name}/{part.name}" for result in file.claims for part in result.parts}
    assert {replayed.name for replayed in report.claims} == parts
    assert {replayed.verdict for replayed in report.claims} == {"proved", "refuted"}


def test_an_exchanged_certificate_is_noticed(project: Path) -> None:
    certificates = project / "certificates"
    file = checked(project, cache=False)
    paths = write_certificates(certificates, file.claims[:1])
    write_lock(project / LOCK_NAME, locked([replace(file, claims=file.claims[:1])]))
    assert len(paths) == len(certificate_files(certificates)) == 2
    claim, *_ = paths[0].read_bytes().split(b',"certificate":')
    _, certificate = paths[1].read_bytes().split(b',"certificate":')
    paths[0].write_bytes(claim + b',"certificate":' + certificate)
    assert replay(certificates).counts == {Finding.SAME: 1, Finding.REJECTED: 1}
