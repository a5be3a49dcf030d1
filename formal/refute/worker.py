"""The child process of a search: jobs in, outcomes out, as ``serve`` says.

The body of a job is a pickled tuple of the arguments of ``search``, that of an answer what it returns. The status is
``outcome``; or ``exceeded`` or ``bug``, and the reason says why there is no outcome.
"""

from __future__ import annotations

import os
import pickle
import sys
import traceback

from formal.process.serve import Header, serve
from formal.refute.search import search

_LONGEST = 8000
"""Characters of a traceback."""


def solve(_: Header, content: bytes) -> tuple[Header, bytes]:
    """What comes of a job."""
    try:
        statement, obligation, limits, options = pickle.loads(content)
        found = search(statement, obligation, limits, **options)
        return _answer("outcome", "", pickle.dumps(found))
    except RecursionError:
        return _answer("exceeded", "the statement is nested too deeply")
    except MemoryError:
        return _answer("exceeded", "the memory is used up")
    except Exception:
        return _answer("bug", traceback.format_exc()[-_LONGEST:])


def _answer(status: str, reason: str, body: bytes = b"") -> tuple[Header, bytes]:
    return {"status": status, "reason": reason, "resources": 0, "size": len(body)}, body


def main() -> None:
    """Work until the input ends; then end at once, whatever is being searched."""
    # What a library prints must not look like an outcome.
    sys.stdout = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    serve("search", solve)


if __name__ == "__main__":
    main()
