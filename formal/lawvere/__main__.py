"""``python -m formal.lawvere CLAIM CERTIFICATE``: check a file with a claim by a file with its certificate.

Exit code 0: accepted; 1: rejected; 2: unreadable.
"""

from __future__ import annotations

import sys

from formal.lawvere import Limits, Rejected, check


def main(paths: list[str]) -> int:
    """Print the outcome."""
    if len(paths) != 2:
        print("usage: python -m formal.lawvere CLAIM CERTIFICATE")
        return 2
    contents = []
    for path in paths:
        try:
            with open(path, "rb") as file:
                contents.append(file.read(Limits().bytes + 1))
        except OSError as error:
            print(f"unreadable: {str(error)!a}")
            return 2
    try:
        accepted = check(*contents)
    except Rejected as rejected:
        print(f"rejected: {str(rejected)!a}")
        return 1
    print(accepted.verdict, accepted.claim, *(f"\n  trusted: {note!a}" for note in accepted.trusted))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
