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


def outcome(path: str) -> tuple[int, str]:
    """An exit code, and what to print; whatever comes from the input is escaped."""
    try:
        with open(path, "rb") as file:
            whole = parse(file.read(LIMITS.bytes + 1), "file", LIMITS)
        claim, certificate = record(whole, "file", "claim", "certificate")
    except (OSError, ValueError, Rejected) as error:
        return 2, f"{path!a}: unreadable: {str(error)!a}"
    try:
        accepted = check(exact(claim), exact(certificate))
    except Rejected as rejected:
        return 1, f"{path!a}: rejected: {str(rejected)!a}"
    notes = "".join(f"\n  trusted: {note!a}" for note in accepted.trusted)
    return 0, f"{path!a}: {accepted.verdict} {accepted.claim}{notes}"


def main(paths: list[str]) -> int:
    """Print the outcome of each file; the worst exit code."""
    results = [outcome(path) for path in paths]
    print(*(text for _, text in results), sep="\n")
    return max((code for code, _ in results), default=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
