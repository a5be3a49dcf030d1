"""What a cache remembers is checked again: nothing in it can make a verdict, only how soon one comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from formal.store.cache import Cache, Stored
from formal.verdict.result import ClaimResult, Outcome
from formal.verify.options import Options
from formal.verify.run import Target, run

SCRIPT = """
category C = chain(3)
parameter p in [0, 1]
relation R on {a, b} over product { a -> b = 1/2 }
relation K = closure(R)
relation L = closure(R)
claim finite:  thin(C)
claim entry:   K(a, b) = 1/2
claim twin:    L(a, b) = 1/2
claim bounded: p * (1 - p) <= 1/4
"""

Put = Callable[[Cache, str, Stored], None]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    path = tmp_path / "claims.cat"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def verdicts(path: Path) -> tuple[ClaimResult, ...]:
    (file,) = run([Target(path)], Options())
    assert not file.diagnostics, file.diagnostics
    return file.claims


def settled(claims: tuple[ClaimResult, ...]) -> list[ClaimResult]:
    return [replace(claim, cached=False, seconds=0.0) for claim in claims]


def test_what_is_remembered_is_what_was_found(script: Path) -> None:
    first, second = verdicts(script), verdicts(script)
    assert [claim.cached for claim in first] == [False] * 4
    assert [claim.cached for claim in second] == [True] * 4
    assert settled(first) == settled(second)
    assert all(claim.outcome is Outcome.PROVED and claim.certified for claim in second)


def forged(monkeypatch: pytest.MonkeyPatch, change: Callable[[Stored], Stored]) -> None:
    """Let the cache tell lies that its own digests do not find."""
    honest = Cache.get

    def lie(self: Cache, key: str) -> Stored | None:
        stored = honest(self, key)
        return None if stored is None else change(stored)

    monkeypatch.setattr(Cache, "get", lie)


def refuting(stored: Stored) -> Stored:
    certificate = stored.certificate.replace(b'"proved"', b'"refuted"').replace(b'"holds":true', b'"holds":false')
    return replace(stored, verdict="refuted", certificate=certificate)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(refuting, id="the-other-verdict"),
        pytest.param(lambda s: replace(s, certificate=b"{}"), id="nothing"),
        pytest.param(lambda s: replace(s, certificate=s.certificate[:-1]), id="cut"),
        pytest.param(
            lambda s: replace(s, certificate=s.certificate.replace(b'"proved"', b'"solved"')), id="no-verdict"
        ),
    ],
)
def test_a_forged_certificate_is_not_believed(
    script: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Stored], Stored]
) -> None:
    first = verdicts(script)
    seen: list[bool] = []

    def spied(stored: Stored) -> Stored:
        found = change(stored)
        seen.append(found.certificate != stored.certificate)
        return found

    forged(monkeypatch, spied)
    again = verdicts(script)
    assert seen
    assert settled(again) == settled(first)
    assert sum(claim.cached for claim in again) == seen.count(False)


def test_a_forged_verdict_is_not_read(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = verdicts(script)
    forged(monkeypatch, lambda stored: replace(stored, verdict="refuted"))
    again = verdicts(script)
    assert settled(again) == settled(first)
    assert all(claim.cached for claim in again)


def test_a_certificate_of_another_claim_is_not_believed(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = verdicts(script)
    others = {claim.name: claim for claim in first}
    swapped = {others["finite"].certificate: others["entry"].certificate}
    forged(monkeypatch, lambda s: replace(s, certificate=swapped.get(s.certificate, others["finite"].certificate)))
    again = verdicts(script)
    assert settled(again) == settled(first)
    assert not any(claim.cached for claim in again)


def test_each_claim_is_told_with_its_own_names(script: Path) -> None:
    for claims in (verdicts(script), verdicts(script)):
        told = {claim.name: claim.explanation.summary for claim in claims}
        assert "K(a, b)" in told["entry"]
        assert "L(a, b)" in told["twin"]
