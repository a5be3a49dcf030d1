"""The lock file: round trip, stable text, and what counts as a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.store.lock import Change, Entry, compare, locked, read_lock, write_lock
from formal.text import Code, Rejection, Source, Span
from formal.verdict.result import ClaimResult, FileResult, Outcome

ENTRY = Entry("aa", "refuted", "z3 4.13", (("clauses", 3), ("rlimit", 12)), "bb")


def result(file: str, name: str, outcome: Outcome = Outcome.PROVED) -> ClaimResult:
    span = Span(Source(file, name), 0, len(name))
    return ClaimResult(
        name, file, span, "", "true", Outcome.PROVED, outcome, claim_digest="aa", resources=(("rlimit", 1), ("a", 2))
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    lock = {"b.cat:x": ENTRY, "a.cat:é\ud800\n": Entry("cc", "unknown")}
    write_lock(tmp_path / "proofs.lock", lock)
    assert read_lock(tmp_path / "proofs.lock") == lock


def test_the_text_is_sorted_and_stable(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write_lock(first, {"b:x": ENTRY, "a:x": ENTRY})
    write_lock(second, {"a:x": ENTRY, "b:x": ENTRY})
    assert first.read_bytes() == second.read_bytes()
    assert first.read_text().splitlines()[:12] == [
        "{",
        '  "format": 1,',
        '  "claims": {',
        '    "a:x": {',
        '      "claim": "aa",',
        '      "verdict": "refuted",',
        '      "solver": "z3 4.13",',
        '      "resources": {',
        '        "clauses": 3,',
        '        "rlimit": 12',
        "      },",
        '      "certificate": "bb"',
    ]


def test_a_run_renews_its_own_files_only() -> None:
    old = {"a.cat:gone": ENTRY, "a.cat:kept": ENTRY, "b.cat:other": ENTRY}
    new = locked([FileResult("a.cat", (), (result("a.cat", "kept"),))], old)
    assert new == {"a.cat:kept": Entry("aa", "proved", "", (("a", 2), ("rlimit", 1))), "b.cat:other": ENTRY}


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        (ENTRY, ENTRY, Change.SAME),
        (ENTRY, Entry("aa", "refuted", "z3 5", (), "bb"), Change.SAME),
        (ENTRY, Entry("aa", "proved", "z3 4.13", (), "bb"), Change.DIFFERENT),
        (ENTRY, Entry("aa", "refuted", "z3 4.13", (), "cc"), Change.DIFFERENT),
        (ENTRY, Entry("zz", "refuted", "z3 4.13", (), "bb"), Change.OBSOLETE),
        (ENTRY, None, Change.MISSING),
        (None, ENTRY, Change.MISSING),
    ],
)
def test_how_a_claim_stands(old: Entry | None, new: Entry | None, change: Change) -> None:
    found = compare({"x": old} if old else {}, {"x": new} if new else {})
    assert [comparison.change for comparison in found] == [change]
    assert bool(found[0].detail) == (change is not Change.SAME)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"format":2,"claims":{}}',
        b'{"format":1,"claims":{"x":{"claim":"aa"}}}',
        b'{"format":1,"claims":{"x":{"claim":1,"verdict":"a","solver":"","resources":{},"certificate":""}}}',
        b'{"format":1,"claims":{"x":{"claim":"","verdict":"a","solver":"","resources":[],"certificate":""}}}',
        b'{"format":1,"claims":' + b"[" * 100_000,
    ],
)
def test_what_is_no_lock_file_is_rejected(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "proofs.lock").write_bytes(content)
    with pytest.raises(Rejection) as rejection:
        read_lock(tmp_path / "proofs.lock")
    assert [diagnostic.code for diagnostic in rejection.value.diagnostics] == [Code.UNREADABLE_FILE]


def test_a_missing_lock_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(Rejection):
        read_lock(tmp_path / "proofs.lock")


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "proofs.lock"
    write_lock(path, {"x": ENTRY})

    def fail(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="no space"):
        write_lock(path, {})
    assert read_lock(path) == {"x": ENTRY}
    assert [file.name for file in tmp_path.iterdir()] == ["proofs.lock"]
