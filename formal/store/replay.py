"""Re-checking a folder of certificates, and comparing it with a lock file."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from formal import herbrand, lawvere
from formal.kernel import Rejected, check
from formal.store.certificates import Deposit, certificate_files, decode, file_name, read_index
from formal.store.lock import LOCK_NAME, Change, Entry, Lock, compare_entries, read_lock
from formal.text import Code, Diagnostic, Rejection
from formal.text.project import project_root

_LARGEST = 1 << 30


class Finding(StrEnum):
    """How a certificate stands.

    ``ACCEPTED``: by the kernel, and there is no lock to compare it with. ``SAME``: accepted, and as in the lock.
    ``DIFFERENT``: accepted, but with another verdict, or another certificate for it. ``OBSOLETE``: accepted, but for
    a claim that has changed, or that the lock does not have. ``MISSING``: the lock has a certificate that the folder
    lacks. ``REJECTED``: by the kernel, or the file is damaged.
    """

    ACCEPTED = "accepted"
    SAME = "same"
    DIFFERENT = "different"
    OBSOLETE = "obsolete"
    MISSING = "missing"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One claim: its ``file:name``, what was found, the verdict that the kernel read, and why.

    A file that neither the index nor the lock knows goes by its own name.
    """

    name: str
    finding: Finding
    verdict: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """All claims of a folder and its lock, by name."""

    claims: tuple[Replayed, ...]

    @property
    def counts(self) -> dict[Finding, int]:
        """How often each finding was made; findings that were not made are left out."""
        counter = Counter(claim.finding for claim in self.claims)
        return {finding: counter[finding] for finding in Finding if counter[finding]}

    @property
    def as_locked(self) -> bool:
        """Whether there is something, and all of it is accepted and as in the lock, if there is one."""
        return bool(self.claims) and set(self.counts) <= {Finding.ACCEPTED, Finding.SAME}


def replay(directory: Path, *, lock: Path | None = None) -> ReplayReport:
    """Have the kernel check every certificate in a folder.

    Args:
        directory: written by ``write_certificates``.
        lock: the lock file; None takes ``proofs.lock`` from the folder, else from the root of its project, if any.
    Raises:
        Rejection: the folder or the lock file cannot be read.
    """
    try:
        files = certificate_files(directory)
    except OSError as error:
        message = f"`{directory}` is not read: {error.strerror or error}"
        raise Rejection([Diagnostic(Code.UNREADABLE_FILE, message, None)]) from None
    path = lock if lock is not None else find_lock(directory)
    entries = read_lock(path) if path is not None else None
    names = {file_name(name): name for name in entries or {}} | read_index(directory)
    claims: dict[str, Replayed] = {}
    for file in files:
        name = names.get(file.name, file.name)
        claims[name] = _replayed(name, file, entries)
    for name, entry in (entries or {}).items():
        if entry.certificate and name not in claims:
            claims[name] = Replayed(name, Finding.MISSING, entry.verdict, "the lock has a certificate for it")
    return ReplayReport(tuple(claims[name] for name in sorted(claims)))


def find_lock(directory: Path) -> Path | None:
    """The lock file for a folder: in it, else in the root of its project; None when there is none."""
    root = project_root(directory)
    folders = [directory] if root is None else [directory, root]
    return next((folder / LOCK_NAME for folder in folders if (folder / LOCK_NAME).is_file()), None)


def _replayed(name: str, file: Path, lock: Lock | None) -> Replayed:
    try:
        if file.stat().st_size > _LARGEST:
            return Replayed(name, Finding.REJECTED, detail="the file is too large")
        deposit = decode(file.read_bytes())
    except OSError as error:
        return Replayed(name, Finding.REJECTED, detail=str(error.strerror or error))
    if deposit is None:
        return Replayed(name, Finding.REJECTED, detail="the file is damaged")
    try:
        verdict = _verdict(deposit)
    except (Rejected, herbrand.Rejected, lawvere.Rejected) as rejection:
        return Replayed(name, Finding.REJECTED, detail=str(rejection))
    if lock is None:
        return Replayed(name, Finding.ACCEPTED, verdict)
    return _compared(name, deposit, verdict, lock.get(name))


def _verdict(deposit: Deposit) -> str:
    """What the kernel reads; the one for theorems or for relations when the claim says that it is about these.

    Raises:
        Rejected, herbrand.Rejected, lawvere.Rejected: the certificate is not accepted.
    """
    if b'"format":"formal-enriched/' in deposit.claim:
        return lawvere.check(deposit.claim, deposit.certificate).verdict
    if b'"format":"formal-theorem/' in deposit.claim:
        herbrand.check(deposit.claim, deposit.certificate)
        return "proved"
    return str(check(deposit.claim, deposit.certificate).verdict)


def _compared(name: str, deposit: Deposit, verdict: str, old: Entry | None) -> Replayed:
    if old is None:
        return Replayed(name, Finding.OBSOLETE, verdict, "the lock does not have it")
    claim, certificate = (sha256(part).hexdigest() for part in (deposit.claim, deposit.certificate))
    comparison = compare_entries(name, old, Entry(claim, verdict, certificate=certificate))
    findings = {
        Change.SAME: Finding.SAME,
        Change.DIFFERENT: Finding.DIFFERENT,
        Change.OBSOLETE: Finding.OBSOLETE,
        Change.MISSING: Finding.MISSING,
    }
    return Replayed(name, findings[comparison.change], verdict, comparison.detail)
