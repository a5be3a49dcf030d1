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
                data = file.read(2 * Limits().bytes + 1)
            claim, certificate = record(
                parse(data, "file", Limits(bytes=2 * Limits().bytes)), "file", "claim", "certificate"
            )
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
        print(f"{path!a}: {accepted.verdict} {accepted.claim}")
        for note in accepted.trusted:
            print(f"  trusted: {note!a}")
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
