"""``python -m formal.kernel FILE…``: check files, each a JSON object with the keys ``claim`` and ``certificate``.

Exit code 0: all accepted; 1: some rejected; 2: some unreadable. Both values are JSON objects (then the claim's digest
is that of its canonical form: sorted keys, no spaces), or strings that hold the very bytes.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from formal.kernel import Limits, Rejected, check
from formal.kernel.reading import parse, record

LIMITS = Limits(bytes=2 * Limits().bytes, depth=2 * Limits().depth, containers=2 * Limits().containers)


def exact(value: Any) -> bytes:
    """The bytes of a claim or certificate."""
    if type(value) is not str:
        value = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return bytes(value, "utf-8", "surrogatepass")


def main(paths: list[str]) -> int:
    """Print one line for each file."""
    worst = 0 if paths else 2
    for path in paths:
        try:
            with open(path, "rb") as file:
                whole = parse(file.read(LIMITS.bytes + 1), "file", LIMITS)
            claim, certificate = record(whole, "file", "claim", "certificate")
        except (OSError, ValueError, Rejected) as error:
            print(f"{path!a}: unreadable: {str(error)!a}")
            worst = 2
            continue
        try:
            accepted = check(exact(claim), exact(certificate))
        except Rejected as error:
            print(f"{path!a}: rejected: {str(error)!a}")
            worst = max(worst, 1)
            continue
        notes = (f"\n  trusted: {note!a}" for note in accepted.trusted)
        print(f"{path!a}: {accepted.verdict} {accepted.claim}", *notes, sep="")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
