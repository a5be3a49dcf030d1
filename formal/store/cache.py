"""Verdicts that outlive a run, by the content of the claim.

A cache is never trusted: whoever reads a verdict from it has the kernel check the certificate again. A row that is
not what was written counts as absent, and a file that is no database is replaced, so that the worst a cache can do
is to be slow. Rows are written in transactions of a write-ahead log: a process that is killed leaves all rows or none.

Source: SQLite, Write-Ahead Logging; Defence against the dark arts (untrusted database files).
"""

from __future__ import annotations

import base64
import binascii
import json
import sqlite3
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from formal import __version__
from formal.store.location import cache_folder
from formal.verdict.result import Comparison, Explanation, Line, Told

FORMAT = 2
"""The version of the rows; a file of another version is emptied."""

_LIMIT = 256 * 2**20
_LARGEST = 1 << 30
_PATIENCE_SECONDS = 5.0
_BETWEEN_EVICTIONS = 64
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})

_SCHEMA = """
CREATE TABLE IF NOT EXISTS verdict (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    value TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A verdict and what is needed to check and to show it again.

    Args:
        verdict: ``proved`` or ``refuted``.
        certificate: the bytes that the kernel accepted.
        resources: solver resource units and the like.
        solver: the solver's version, empty when none was asked.
    """

    verdict: str
    certificate: bytes
    engine: str = "direct"
    resources: tuple[tuple[str, int], ...] = ()
    solver: str = ""
    explanation: Explanation = field(default_factory=lambda: Explanation(""))


def cache_key(claim_digest: str, engine: str, *formats: str) -> str:
    """The sha256 digest, in hexadecimal, of all that a verdict depends on.

    Args:
        claim_digest: sha256 of the claim's bytes.
        formats: versions of the formats of claims and certificates.
    """
    parts = [claim_digest, engine, *formats, str(FORMAT), __version__]
    return sha256(json.dumps(parts).encode()).hexdigest()


class Cache:
    """A database of verdicts, shared by concurrent runs.

    Every method works, and forgets, when the database cannot be opened, read or written.

    Args:
        path: the database; None for a cache that remembers nothing.
        limit: the most bytes of rows to keep; beyond it the oldest go.
    """

    def __init__(self, path: Path | None, *, limit: int = _LIMIT) -> None:
        self.path = path
        self.limit = limit
        self._connection: sqlite3.Connection | None = None
        self._written = 0
        self._connect()

    @classmethod
    def open(cls, root: Path, *, limit: int = _LIMIT) -> Cache:
        """The cache of the project that a path is in; outside projects the user's."""
        folder = cache_folder(root)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            ignore = folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
        except OSError:
            return cls(None, limit=limit)
        return cls(folder / "cache.sqlite", limit=limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Evict what is too much, and let go of the file."""
        if self._connection is not None:
            if self._written:
                self._evict()
            self._disconnect()

    def get(self, key: str) -> Stored | None:
        """The verdict stored under a key; None when there is none, or it is not what was written."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute("SELECT digest, value FROM verdict WHERE key = ?", (key,)).fetchone()
        except (sqlite3.Error, UnicodeError) as error:
            self._recover(error)
            return None
        if row is None:
            return None
        stored = _decode(key, *row)
        if stored is None:
            self._execute("DELETE FROM verdict WHERE key = ?", (key,))
        return stored

    def put(self, key: str, stored: Stored) -> None:
        """Store a verdict under a key, in place of an older one."""
        value = _encode(stored)
        if len(value) > self.limit:
            return
        digest = _digest(key, value)
        self._execute(
            "INSERT OR REPLACE INTO verdict (key, digest, size, value) VALUES (?, ?, ?, ?)",
            (key, digest, len(value), value),
        )
        self._written += 1
        if self._written % _BETWEEN_EVICTIONS == 0:
            self._evict()

    # --- the database -----------------------------------------------------------------------------

    def _connect(self) -> None:
        if self.path is None:
            return
        try:
            self._open(self.path)
        except sqlite3.Error as error:
            self._disconnect()
            if not _is_broken(error):
                return
            try:
                self._replace(self.path)
            except (sqlite3.Error, OSError):
                self._disconnect()

    def _open(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
        run = self._connection.execute
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        if run("PRAGMA user_version").fetchone()[0] != FORMAT:
            run("BEGIN IMMEDIATE")
            if run("PRAGMA user_version").fetchone()[0] != FORMAT:
                run("DROP TABLE IF EXISTS verdict")
                run(_SCHEMA)
                run(f"PRAGMA user_version = {FORMAT}")
            run("COMMIT")
        if _schema(self._connection) != _expected_schema():
            raise _NotOurs("there are other tables, views or triggers")

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _replace(self, path: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        self._open(path)

    def _execute(self, statement: str, values: tuple[object, ...]) -> None:
        if self._connection is None:
            return
        try:
            self._connection.execute(statement, values)
        except sqlite3.Error as error:
            self._recover(error)

    def _recover(self, error: Exception) -> None:
        """Replace a broken file; otherwise (another run is writing, the disk is full) go on without this row."""
        if not isinstance(error, sqlite3.Error) or not _is_broken(error) or self.path is None:
            return
        self._disconnect()
        try:
            self._replace(self.path)
        except (sqlite3.Error, OSError):
            self._disconnect()

    def _evict(self) -> None:
        """Delete the oldest rows, until the others fit."""
        self._execute(
            "DELETE FROM verdict WHERE number IN (SELECT number FROM (SELECT number, "
            "sum(size) OVER (ORDER BY number DESC) AS newer FROM verdict) WHERE newer > ?)",
            (self.limit,),
        )


class _NotOurs(sqlite3.DatabaseError):
    """The file holds other things than a cache: a view in place of the table can keep a query busy for ever."""


def _schema(connection: sqlite3.Connection) -> set[tuple[str, ...]]:
    return set(connection.execute("SELECT type, name, sql FROM sqlite_master"))


@cache
def _expected_schema() -> set[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(_SCHEMA)
        return _schema(connection)


def _is_broken(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, _NotOurs) or (code is not None and code & 0xFF in _BROKEN)


# --- rows -----------------------------------------------------------------------------------------


def _digest(key: str, value: str) -> str:
    return sha256(f"{key}\n{value}".encode()).hexdigest()


def _encode(stored: Stored) -> str:
    explanation = stored.explanation
    return json.dumps(
        {
            "verdict": stored.verdict,
            "certificate": base64.b64encode(zlib.compress(stored.certificate, 6)).decode("ascii"),
            "engine": stored.engine,
            "resources": [list(item) for item in stored.resources],
            "solver": stored.solver,
            "summary": explanation.summary,
            "lines": [[line.depth, line.text] for line in explanation.lines],
            "drawing": explanation.drawing,
            "script": explanation.script,
            "comparisons": [_compared(each) for each in explanation.comparisons],
        },
        separators=(",", ":"),
    )


def _decode(key: str, digest: object, value: object) -> Stored | None:
    """What a row holds; None when it is damaged."""
    if not isinstance(value, str) or _digest(key, value) != digest:
        return None
    try:
        row = json.loads(value)
        inflate = zlib.decompressobj()
        certificate = inflate.decompress(base64.b64decode(row["certificate"], validate=True), _LARGEST)
        if not inflate.eof:
            return None
        explanation = Explanation(
            str(row["summary"]),
            tuple(Line(int(depth), str(text)) for depth, text in row["lines"]),
            str(row["drawing"]),
            str(row["script"]),
            tuple(_comparison(each) for each in row["comparisons"]),
        )
        resources = tuple((str(name), int(amount)) for name, amount in row["resources"])
        verdict, engine, solver = str(row["verdict"]), str(row["engine"]), str(row["solver"])
    except (ValueError, KeyError, TypeError, ZeroDivisionError, RecursionError, zlib.error, binascii.Error):
        return None
    return Stored(verdict, certificate, engine, resources, solver, explanation)


def _compared(found: Comparison) -> list[Any]:
    within = None if found.within is None else _told(found.within)
    return [_told(found.left), found.order, _told(found.right), within, found.holds]


def _comparison(row: list[Any]) -> Comparison:
    left, order, right, within, holds = row
    bound = None if within is None else _quantity(within)
    return Comparison(_quantity(left), str(order), _quantity(right), bound, None if holds is None else bool(holds))


def _told(found: Told) -> list[str | None]:
    ends = (None if end is None else f"{end.numerator:x}/{end.denominator:x}" for end in (found.lower, found.upper))
    return [found.name, found.value, *ends]


def _quantity(row: list[Any]) -> Told:
    name, value, *ends = row
    lower, upper = (None if end is None else Fraction(*(int(part, 16) for part in end.split("/"))) for end in ends)
    return Told(str(name), str(value), lower, upper)
