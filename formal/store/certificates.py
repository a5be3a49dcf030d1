"""Folders of certificates: one file a claim, which ``python -m formal.kernel`` checks alone, and an index.

A file is a JSON object with a line to itself for each part, because what the kernel reads must be the same to the
byte::

    {"claim":
    …
    ,"certificate":
    …
    }

Canonical JSON has no line breaks, so the second and the fourth line are the claim and the certificate. The index,
``index.jsonl``, has a line for each file with the claim's name; lines are only ever added, so that runs can share a
folder.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from formal.store.file import write_whole
from formal.store.lock import claim_name, part_name
from formal.text import Bug
from formal.verdict.result import ClaimResult

INDEX = "index.jsonl"

_SLUG = 40
_LARGEST_INDEX = 64 * 2**20
_FILE_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}-[0-9a-f]{16}\.json\Z")


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a file holds, and the kernel reads."""

    claim: bytes
    certificate: bytes


def file_name(name: str) -> str:
    """A file name for a claim ``file:name``: letters, digits, ``_`` and ``-`` of its own, and a digest of all of it.

    >>> file_name("../../etc/passwd:x")
    'etc-passwd-x-5530f2b212160e47.json'
    """
    words = re.findall(r"[A-Za-z0-9_]+", name)
    while len("-".join(words)) > _SLUG and len(words) > 1:
        del words[0]
    slug = "-".join(words)[:_SLUG] or "claim"
    return f"{slug}-{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.json"


def write_certificates(folder: Path, claims: Iterable[ClaimResult]) -> tuple[Path, ...]:
    """Write a file for each certified claim, and add them to the index.

    Files of other claims stay, so that the shards of a run can share a folder.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for claim in claims:
        for name, deposit in _deposits(claim):
            write_whole(folder / file_name(name), encode(deposit))
            names.append(name)
    _add_to_index(folder, names)
    return tuple(folder / file_name(name) for name in names)


def _deposits(claim: ClaimResult) -> Iterator[tuple[str, Deposit]]:
    """The certificates that a verdict rests on, by name."""
    if claim.has_parts:
        for part in claim.parts:
            yield part_name(claim, part), Deposit(part.claim, part.certificate)
    elif claim.certified:
        yield claim_name(claim), Deposit(claim.claim, claim.certificate)


def _add_to_index(folder: Path, names: Iterable[str]) -> None:
    """Add lines for what is not there yet, in one write, which the operating system puts at the end as a whole."""
    known = set(read_index(folder).values())
    lines = [json.dumps({"name": name, "file": file_name(name)}) for name in dict.fromkeys(names) if name not in known]
    if not lines:
        return
    handle = os.open(folder / INDEX, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        # A line that a killed run left unfinished is ended first; empty lines mean nothing.
        os.write(handle, ("\n" + "\n".join(lines) + "\n").encode("ascii"))
    finally:
        os.close(handle)


def read_index(folder: Path) -> dict[str, str]:
    """For each file named in the index the claim's name; lines that do not fit the file's digest are passed over."""
    try:
        with (folder / INDEX).open("rb") as file:
            content = file.read(_LARGEST_INDEX)
    except OSError:
        return {}
    names: dict[str, str] = {}
    for line in content.split(b"\n"):
        try:
            name, path = map(json.loads(line).get, ("name", "file"))
        except (ValueError, AttributeError, RecursionError):
            continue
        if isinstance(name, str) and file_name(name) == path:
            names[path] = name
    return names


def certificate_files(folder: Path) -> list[Path]:
    """The files in a folder that are named like certificates, by name. Raises ``OSError``."""
    return sorted(path for path in folder.iterdir() if _FILE_NAME.match(path.name) and path.is_file())


def encode(deposit: Deposit) -> bytes:
    """The content of a file.

    Raises:
        Bug: a part has a line break, so it is no canonical JSON.
    """
    if b"\n" in deposit.claim or b"\n" in deposit.certificate:
        raise Bug("a claim or a certificate is not canonical JSON: it has a line break")
    return b"\n".join([b'{"claim":', deposit.claim, b',"certificate":', deposit.certificate, b"}", b""])


def decode(content: bytes) -> Deposit | None:
    """What a file holds; None when it is not of this form."""
    lines = content.split(b"\n")
    if len(lines) != 6 or (lines[0], lines[2], *lines[4:]) != (b'{"claim":', b',"certificate":', b"}", b""):
        return None
    return Deposit(lines[1], lines[3])
