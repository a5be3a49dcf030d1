"""``proofs.lock``: what was found of every claim, for comparison with what is found later.

JSON, one claim an entry, sorted, so that a change of one claim changes its lines and no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from formal.store.file import write_whole
from formal.text import Code, Diagnostic, Rejection
from formal.verdict.result import ClaimResult, FileResult, Part

LOCK_NAME = "proofs.lock"
FORMAT = 1
_LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found of one claim.

    Args:
        claim, certificate: sha256 digests, in hexadecimal; empty when there is none.
        verdict: the outcome.
        solver: the solver's version, empty when none was asked.
        resources: solver resource units and the like.
    """

    claim: str
    verdict: str
    solver: str = ""
    resources: tuple[tuple[str, int], ...] = ()
    certificate: str = ""


Lock = Mapping[str, Entry]
"""Entries by ``file:name``."""


def claim_name(claim: ClaimResult) -> str:
    """``file:name``."""
    return f"{claim.file}:{claim.name}"


def entry(claim: ClaimResult) -> Entry:
    """What a lock file records of a result."""
    return Entry(
        claim.claim_digest, claim.outcome.value, claim.solver, tuple(sorted(claim.resources)), claim.certificate_digest
    )


def entries(claim: ClaimResult) -> dict[str, Entry]:
    """The entries of a result by name: one for a claim; for a theorem or cross-check one for each certificate that it
    rests on, and one for itself, which has the verdict and no certificate."""
    if not claim.has_parts:
        return {claim_name(claim): entry(claim)}
    parts = {
        part_name(claim, part): Entry(part.claim_digest, part.verdict, certificate=part.certificate_digest)
        for part in claim.parts
    }
    return {claim_name(claim): Entry("", claim.outcome.value), **parts}


def part_name(claim: ClaimResult, part: Part) -> str:
    """``file:theorem/obligation``."""
    return f"{claim_name(claim)}/{part.name}"


def locked(files: Iterable[FileResult], old: Lock | None = None) -> dict[str, Entry]:
    """The lock after a run: the files of the run anew, all others as they were."""
    results = list(files)
    seen = {file.file for file in results}
    kept = {name: item for name, item in (old or {}).items() if name.rpartition(":")[0] not in seen}
    return kept | {name: e for file in results for claim in file.claims for name, e in entries(claim).items()}


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock file. Raises ``OSError``."""
    claims = {
        name: {
            "claim": item.claim,
            "verdict": item.verdict,
            "solver": item.solver,
            "resources": dict(sorted(item.resources)),
            "certificate": item.certificate,
        }
        for name, item in sorted(lock.items())
    }
    text = json.dumps({"format": FORMAT, "claims": claims}, indent=2, ensure_ascii=False)
    write_whole(path, f"{text}\n".encode("utf-8", "backslashreplace"))


def read_lock(path: Path) -> dict[str, Entry]:
    """Read a lock file.

    Raises:
        Rejection: it cannot be read, or is no lock file.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise _rejected(path, str(error.strerror or error)) from None
    if len(content) > _LARGEST:
        raise _rejected(path, "it is too large")
    try:
        data = json.loads(content)
        if data["format"] != FORMAT:
            raise _rejected(path, f"its format is {data['format']!r}, expected {FORMAT}")
        return {str(name): _entry(item) for name, item in data["claims"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _rejected(path, "it is no lock file") from None


def _entry(item: Mapping[str, object]) -> Entry:
    resources = item["resources"]
    if not isinstance(resources, dict):
        raise TypeError
    amounts = tuple(sorted((str(name), int(amount)) for name, amount in resources.items()))
    texts = [item[key] for key in ("claim", "verdict", "solver", "certificate")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    claim, verdict, solver, certificate = map(str, texts)
    return Entry(claim, verdict, solver, amounts, certificate)


def _rejected(path: Path, why: str) -> Rejection:
    return Rejection([Diagnostic(Code.UNREADABLE_FILE, f"`{path}` is not read: {why}", None)])


class Change(StrEnum):
    """How a claim stands against its entry in a lock file."""

    SAME = "same"
    DIFFERENT = "different"
    OBSOLETE = "obsolete"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One claim compared: its name, how it stands, and in words what differs."""

    name: str
    change: Change
    detail: str = ""


def compare_entries(name: str, old: Entry | None, new: Entry | None) -> Comparison:
    """A claim's entry in the lock, and what is there now.

    ``OBSOLETE``: the entry is for a claim that has changed since. ``MISSING``: one of the two is not there. Resources
    and the solver's version may differ without the claim counting as different.
    """
    if old is None or new is None:
        return Comparison(name, Change.MISSING, "it is not in the lock" if old is None else "only the lock has it")
    if old.claim != new.claim:
        return Comparison(name, Change.OBSOLETE, "the claim has changed")
    if old.verdict != new.verdict:
        return Comparison(name, Change.DIFFERENT, f"{old.verdict} in the lock, {new.verdict} now")
    if old.certificate != new.certificate:
        return Comparison(name, Change.DIFFERENT, "another certificate")
    return Comparison(name, Change.SAME)


def compare(old: Lock, new: Lock) -> tuple[Comparison, ...]:
    """All claims of either lock, by name."""
    return tuple(compare_entries(name, old.get(name), new.get(name)) for name in sorted({*old, *new}))
