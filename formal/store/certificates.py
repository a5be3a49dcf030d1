"""Folders of certificates: one file a claim, which the kernel can check alone, and an index.

A file is JSON with a line to itself for each part, because what the kernel reads must be the same to the byte::

    {"name":"proofs/square.cat:commutes","claim":
    …
    ,"certificate":
    …
    }

Canonical JSON has no line breaks, so the second and the fourth line are the claim and the certificate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from formal.store.file import write_whole
from formal.store.lock import claim_name
from formal.text import Bug
from formal.verify.result import ClaimResult

INDEX = "index.json"
FORMAT = 1

_SLUG = 40
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}-[0-9a-f]{16}\.json\Z")
_HEAD = re.compile(rb'\{"name":("(?:[^"\\]|\\.)*"),"claim":\Z')


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a file of certificates holds: the claim's ``file:name``, and what the kernel reads."""

    name: str
    claim: bytes
    certificate: bytes


def file_name(name: str) -> str:
    """A file name for a claim: letters, digits, ``_`` and ``-`` of its own, and a digest that tells it from others.

    >>> file_name("../../etc/passwd:x")
    'etc-passwd-x-5530f2b212160e47.json'
    """
    slug = "-".join(re.findall(r"[A-Za-z0-9_]+", name))[-_SLUG:].strip("-") or "claim"
    return f"{slug}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.json"


def write_certificates(folder: Path, claims: Iterable[ClaimResult]) -> tuple[Path, ...]:
    """Write a file for each certified claim, and the index of all files in the folder.

    Files of other claims stay, so that the shards of a run can share a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for claim in claims:
        if claim.certified:
            deposit = Deposit(claim_name(claim), claim.claim, claim.certificate)
            path = folder / file_name(deposit.name)
            write_whole(path, encode(deposit))
            written.append(path)
    write_index(folder)
    return tuple(written)


def write_index(folder: Path) -> None:
    """List the claims in a folder and their files. Raises ``OSError``."""
    names = {}
    for path in certificate_files(folder):
        deposit = decode(path.read_bytes())
        if deposit is not None:
            digests = {"claim": deposit.claim, "certificate": deposit.certificate}
            names[deposit.name] = {"file": path.name} | {
                part: sha256(content).hexdigest() for part, content in digests.items()
            }
    text = json.dumps({"format": FORMAT, "claims": dict(sorted(names.items()))}, indent=2)
    write_whole(folder / INDEX, f"{text}\n".encode())


def certificate_files(folder: Path) -> list[Path]:
    """The files in a folder that are named like certificates, by name."""
    return sorted(path for path in folder.iterdir() if _FILE_NAME.match(path.name) and path.is_file())


def encode(deposit: Deposit) -> bytes:
    """The content of a file.

    Raises:
        Bug: a part has a line break, so it is no canonical JSON.
    """
    if b"\n" in deposit.claim or b"\n" in deposit.certificate:
        raise Bug("a claim or a certificate is not canonical JSON: it has a line break")
    name = json.dumps(deposit.name).encode("ascii")
    parts = [b'{"name":' + name + b',"claim":', deposit.claim, b',"certificate":', deposit.certificate, b"}", b""]
    return b"\n".join(parts)


def decode(content: bytes) -> Deposit | None:
    """What a file holds; None when it is not of this form."""
    lines = content.split(b"\n")
    if len(lines) != 6 or lines[2] != b',"certificate":' or lines[4:] != [b"}", b""]:
        return None
    head = _HEAD.match(lines[0])
    if head is None:
        return None
    try:
        name = json.loads(head.group(1))
    except ValueError:
        return None
    return Deposit(str(name), lines[1], lines[3])
