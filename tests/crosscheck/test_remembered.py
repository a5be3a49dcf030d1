"""Verdicts inside cross-checks are remembered by what they are about, and checked again; scores are computed anew."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from formal.bundle.write import Content, write_bundle
from formal.store.cache import Cache, Stored
from formal.verdict.result import ClaimResult, Outcome
from formal.verify.options import Options
from tests.crosscheck.project import OBJECTS, checked, write_models

ROWS = """crosscheck c over m in {s0, s1} {
  premise distance(relation_of(m), Ideal) <= 1/50
  predict relation_of(m)(a, b) <= 51/100
  measure accuracy(m, "prompt.pred.one") in [3/4, 1]
}
"""
CLAIM = "claim near: relation_of(s0)(a, b) <= 51/100\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    write_models(tmp_path)
    return tmp_path


def found(folder: Path, text: str = ROWS, options: Options | None = None) -> ClaimResult:
    file = checked(folder, text, options or Options())
    assert not file.diagnostics, [diagnostic.message for diagnostic in file.diagnostics]
    return file.claims[-1]


def settled(claim: ClaimResult) -> ClaimResult:
    return replace(claim, cached=False, seconds=0.0)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys that the cache is asked for."""
    asked: list[str] = []
    honest = Cache.get

    def spied(self: Cache, key: str) -> Stored | None:
        asked.append(key)
        return honest(self, key)

    monkeypatch.setattr(Cache, "get", spied)
    return asked


def rewrite(folder: Path, entry: int, right: int) -> None:
    """Another model in the place of ``s0``: its entry a |-> b in hundredths, how many predictions are right."""
    label = (np.arange(OBJECTS) % 2).astype(np.int32)
    axes = {"rows": ["a", "b"], "image": [f"i{i}" for i in range(OBJECTS)]}
    relation = Content(np.array([[100, entry], [0, 100]], dtype=np.uint8), ("rows", "rows"), "relation", "q/100")
    predicted = np.where(np.arange(OBJECTS) < right, label, 9).astype(np.int32)
    arrays = {
        "relation": relation,
        "label": Content(label, ("image",), "label"),
        "prompt.pred.one": Content(predicted, ("image",), "prediction"),
    }
    path = folder / "s0.safetensors"
    path.unlink()
    write_bundle(path, "s0", kind="product", axes=axes, arrays=arrays, provenance={"seed": 0})


def test_a_second_run_finds_the_same_from_the_cache(folder: Path) -> None:
    first, second = found(folder), found(folder)
    assert (first.cached, second.cached) == (False, True)
    assert settled(first) == settled(second)
    assert second.outcome is Outcome.AGREES
    assert second.certified
    assert len(second.parts) == 6


def test_a_claim_and_a_cross_check_remember_for_each_other(folder: Path) -> None:
    found(folder, CLAIM)
    assert found(folder, "crosscheck c { predict relation_of(s0)(a, b) <= 51/100 }").cached


def test_nothing_is_remembered_without_a_cache(folder: Path) -> None:
    assert not any(found(folder, options=Options(cache=False)).cached for _ in range(2))
    assert not (folder / ".formal").exists()


@pytest.mark.parametrize(
    ("entry", "right", "row", "same"),
    [
        pytest.param(50, 30, Outcome.AGREES, 6, id="the-same-numbers"),
        pytest.param(49, 30, Outcome.AGREES, 4, id="a-number-of-the-relation"),
        pytest.param(52, 30, Outcome.DISAGREES, 4, id="a-number-that-matters"),
        pytest.param(50, 32, Outcome.AGREES, 5, id="a-score"),
        pytest.param(50, 29, Outcome.DISAGREES, 5, id="a-score-that-matters"),
    ],
)
def test_a_changed_bundle_changes_the_keys_of_what_speaks_of_it(
    folder: Path, keys: list[str], entry: int, right: int, row: Outcome, same: int
) -> None:
    found(folder)
    before = set(keys)
    keys.clear()
    rewrite(folder, entry, right)
    again = found(folder)
    assert len(before & set(keys)) == same
    assert again.crosscheck is not None
    assert [row.outcome for row in again.crosscheck.rows] == [row, Outcome.AGREES]
    assert settled(again) == settled(found(folder, options=Options(cache=False)))
    assert again.cached is (same == 6)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda s: replace(s, verdict="refuted"), id="its-word"),
        pytest.param(lambda s: replace(s, certificate=b"{}"), id="no-certificate"),
        pytest.param(
            lambda s: replace(s, verdict="refuted", certificate=s.certificate.replace(b'"proved"', b'"refuted"')),
            id="its-verdict",
        ),
    ],
)
def test_a_forged_entry_is_not_believed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Stored], Stored]
) -> None:
    first = found(folder)
    honest = Cache.get
    forged: list[Stored] = []

    def lie(self: Cache, key: str) -> Stored | None:
        stored = honest(self, key)
        assert stored is not None
        forged.append(change(stored))
        return forged[-1]

    monkeypatch.setattr(Cache, "get", lie)
    assert settled(found(folder)) == settled(first)
    assert len(forged) == 6


def test_a_verdict_on_other_numbers_is_not_taken_for_this_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored under the key of a refuted formula is the proof of another one."""
    stored: list[Stored] = []
    honest = Cache.put

    def spied(self: Cache, key: str, what: Stored) -> None:
        stored.append(what)
        honest(self, key, what)

    monkeypatch.setattr(Cache, "put", spied)
    assert found(folder, "crosscheck c { predict relation_of(s0)(a, b) <= 51/100 }").outcome is Outcome.AGREES
    monkeypatch.setattr(Cache, "get", lambda self, key: stored[0])
    other = found(folder, "crosscheck c { predict relation_of(s2)(a, b) <= 51/100 }")
    assert (other.outcome, other.cached) == (Outcome.DISAGREES, False)


def test_the_formulas_of_a_cross_check_share_a_solver(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    honest = subprocess.Popen

    def start(*arguments: Any, **keywords: Any) -> subprocess.Popen[bytes]:
        started.append(arguments)
        return honest(*arguments, **keywords)

    monkeypatch.setattr(subprocess, "Popen", start)
    text = """crosscheck c over m in {s0, s1, s2} {
  predict is_category(relation_of(m), within: 1)
  predict representable(task(m, "up"), in: relation_of(m), within: 1/100)
}
"""
    both, direct = (found(folder, text, Options(engine=engine, cache=False)) for engine in ("both", "direct"))
    assert len(started) == 1
    assert [part.verdict for part in both.parts] == [part.verdict for part in direct.parts]
