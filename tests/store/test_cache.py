"""The cache: what it remembers, and that nothing can break it for long."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.store.cache import FORMAT, Cache, Stored, cache_key
from formal.verdict.result import Comparison, Explanation, Line, Told

GAP = Told("the gap", "between 1/3 and 1/2", Fraction(1, 3), Fraction(1, 2))
ENDLESS = Told("the prompt number", "infinity", None, None)
STORED = Stored(
    "refuted",
    b'{"why":"\\u2203"}' * 100,
    "smt",
    (("rlimit", 12), ("clauses", 3)),
    "z3 4.13",
    Explanation(
        "b misses dog",
        (Line(0, "one"), Line(1, "\ud800 \x1b[31m")),
        "a -> b",
        "claim x: true",
        (Comparison(GAP, "=", GAP, GAP, None), Comparison(ENDLESS, "<", GAP, None, False)),
    ),
)
KEY = cache_key("ab", "auto")

WRITER = """
import sys
from pathlib import Path
from formal.store.cache import Cache, Stored
cache = Cache(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while True:
    cache.put(f"{sys.argv[2]}-{number % 50}", Stored("proved", bytes([number % 256]) * 20_000))
    number += 1
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache.sqlite"


def test_a_verdict_comes_back_as_it_was(path: Path) -> None:
    with Cache(path) as cache:
        assert cache.get(KEY) is None
        cache.put(KEY, STORED)
        assert cache.get(KEY) == STORED
    with Cache(path) as cache:
        assert cache.get(KEY) == STORED
        cache.put(KEY, Stored("proved", b"{}"))
        assert cache.get(KEY) == Stored("proved", b"{}")


@given(
    st.binary(max_size=200),
    st.text(max_size=20),
    st.lists(st.tuples(st.text(max_size=5), st.integers(0, 2**62)), max_size=3),
    st.text(max_size=30),
)
def test_whatever_is_stored_comes_back(
    certificate: bytes, solver: str, resources: list[tuple[str, int]], text: str
) -> None:
    from formal.store.cache import _decode, _digest, _encode

    stored = Stored("proved", certificate, "direct", tuple(resources), solver, Explanation(text, (Line(2, text),)))
    value = _encode(stored)
    assert _decode("k", _digest("k", value), value) == stored
    assert _decode("other", _digest("k", value), value) is None
    assert _decode("k", _digest("k", value), value[:-1]) is None


def test_the_key_depends_on_claim_engine_and_formats() -> None:
    keys = {cache_key("ab", "auto"), cache_key("ac", "auto"), cache_key("ab", "smt"), cache_key("ab", "auto", "2")}
    assert len(keys) == 4
    assert all(len(key) == 64 for key in keys)


def test_it_uses_a_write_ahead_log_and_no_pickle(path: Path) -> None:
    with Cache(path) as cache:
        cache.put(KEY, STORED)
        mode, text = (
            sqlite3.connect(path).execute("SELECT (SELECT * FROM pragma_journal_mode), value FROM verdict").fetchone()
        )
    assert mode == "wal"
    assert text.startswith('{"verdict":"refuted"')


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE verdict SET value = replace(value, 'refuted', 'proved')",
        "UPDATE verdict SET value = x'00ff'",
        "UPDATE verdict SET value = '{}', digest = ''",
        "UPDATE verdict SET value = NULL || '' WHERE 0; UPDATE verdict SET key = key, digest = 7",
    ],
)
def test_a_damaged_row_counts_as_absent(path: Path, damage: str) -> None:
    with Cache(path) as cache:
        cache.put(KEY, STORED)
    connection = sqlite3.connect(path)
    connection.executescript(damage)
    connection.close()
    with Cache(path) as cache:
        assert cache.get(KEY) is None
        cache.put(KEY, STORED)
        assert cache.get(KEY) == STORED


def test_a_row_of_another_key_is_not_taken(path: Path) -> None:
    with Cache(path) as cache:
        cache.put(KEY, STORED)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE verdict SET key = 'other'")
    connection.commit()
    connection.close()
    with Cache(path) as cache:
        assert cache.get("other") is None


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_is_no_database_is_replaced(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with Cache(path) as cache:
        assert cache.get(KEY) is None
        cache.put(KEY, STORED)
        assert cache.get(KEY) == STORED


def test_a_database_damaged_in_the_middle_heals(path: Path) -> None:
    with Cache(path) as cache:
        for number in range(200):
            cache.put(str(number), Stored("proved", os.urandom(2000)))
    content = bytearray(path.read_bytes())
    content[4096:-4096] = b"\xa5" * len(content[4096:-4096])
    path.write_bytes(content)
    with Cache(path) as cache:
        for number in range(200):
            cache.get(str(number))
            cache.put(str(number), STORED)
        assert cache.get("199") == STORED
    with Cache(path) as cache:
        assert cache.get("199") == STORED


@pytest.mark.parametrize("statement", ["DROP TABLE verdict", "ALTER TABLE verdict RENAME COLUMN value TO other"])
def test_a_database_with_another_table_is_replaced(path: Path, statement: str) -> None:
    with Cache(path) as cache:
        cache.put(KEY, STORED)
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    with Cache(path) as cache:
        assert cache.get(KEY) is None
        cache.put(KEY, STORED)
        assert cache.get(KEY) == STORED


def test_a_database_of_another_format_is_emptied(path: Path) -> None:
    with Cache(path) as cache:
        cache.put(KEY, STORED)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    with Cache(path) as cache:
        assert cache.get(KEY) is None


def test_the_oldest_go_when_there_is_too_much(path: Path) -> None:
    with Cache(path, limit=20_000) as cache:
        for number in range(20):
            cache.put(str(number), Stored("proved", os.urandom(3000)))
    with Cache(path, limit=20_000) as cache:
        kept = [number for number in range(20) if cache.get(str(number)) is not None]
    assert kept == [16, 17, 18, 19]


def test_what_is_larger_than_the_limit_is_not_stored(path: Path) -> None:
    with Cache(path, limit=1000) as cache:
        cache.put("small", Stored("proved", b"{}"))
        cache.put("large", Stored("proved", os.urandom(3000)))
        assert cache.get("small") is not None
        assert cache.get("large") is None


def test_it_lies_in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project" / "proofs").mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    with Cache.open(tmp_path / "project" / "proofs") as cache:
        assert cache.path == tmp_path / "project" / ".formal" / "cache.sqlite"
    assert (tmp_path / "project" / ".formal" / ".gitignore").read_text() == "*\n"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the XDG folder is that of Linux")
def test_outside_projects_it_lies_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if any((folder / mark).exists() for folder in tmp_path.parents for mark in ("pyproject.toml", ".git")):
        pytest.skip("the temporary folder is inside a project")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    with Cache.open(tmp_path) as cache:
        assert cache.path == tmp_path / "home" / "formal" / "cache.sqlite"


def test_without_a_place_to_write_it_forgets(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".formal").touch()
    with Cache.open(tmp_path) as cache:
        cache.put(KEY, STORED)
        assert cache.get(KEY) is None


def test_a_locked_database_is_a_miss(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formal.store.cache._PATIENCE_SECONDS", 0.01)
    with Cache(path) as cache:
        cache.put(KEY, STORED)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        cache.put("second", STORED)
        assert cache.get("second") is None
        assert cache.get(KEY) == STORED
        other.execute("ROLLBACK")
        other.close()
        cache.put("second", STORED)
        assert cache.get("second") == STORED


def test_two_runs_share_it(path: Path) -> None:
    with Cache(path) as first, Cache(path) as second:
        first.put("a", STORED)
        second.put("b", STORED)
        assert second.get("a") == STORED
        assert first.get("b") == STORED


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_it_survives_writers_that_are_killed(path: Path) -> None:
    delays = [0.0, 0.003, 0.011, 0.02, 0.037, 0.05]
    for round_number, delay in enumerate(delays):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(name)], stdout=subprocess.PIPE)
            for name in range(2)
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline().strip() == b"ready"
        time.sleep(delay)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            assert writer.stdout is not None
            writer.stdout.close()
        connection = sqlite3.connect(path)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        with Cache(path) as cache:
            for name in range(2):
                for number in range(50):
                    stored = cache.get(f"{name}-{number}")
                    assert stored is None or (len(stored.certificate) == 20_000 and len(set(stored.certificate)) == 1)
            cache.put(f"round-{round_number}", STORED)
            assert cache.get(f"round-{round_number}") == STORED
    with Cache(path) as cache:
        assert all(cache.get(f"round-{number}") == STORED for number in range(len(delays)))
