"""The child process of a search: jobs in, outcomes out.

A message is eight bytes with its length, big-endian, and so many bytes of pickle. A job is a tuple of the arguments of
``search``; an outcome is what it returns, or a text that says why there is none. The process ends with its input.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import Any, BinaryIO

from formal.process.serve import limit_memory
from formal.refute.search import search

HEADER = 8
MEMORY = 4096
"""MiB of address space."""


def run(content: bytes) -> tuple[str, Any]:
    """What comes of a job: ``outcome`` with what was found; ``exceeded`` or ``bug`` with a text."""
    try:
        statement, obligation, limits, options = pickle.loads(content)
        return "outcome", search(statement, obligation, limits, **options)
    except RecursionError:
        return "exceeded", "the statement is nested too deeply"
    except MemoryError:
        return "exceeded", "the memory is used up"
    except Exception:
        return "bug", traceback.format_exc()


def main() -> None:
    """Work until the input ends; then end at once, whatever is being searched."""
    outgoing = os.fdopen(os.dup(1), "wb")
    # What a library prints must not look like an outcome.
    os.dup2(2, 1)
    limit_memory(MEMORY)
    jobs: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(sys.stdin.buffer, jobs), daemon=True).start()
    try:
        while True:
            answer = pickle.dumps(run(jobs.get()))
            outgoing.write(len(answer).to_bytes(HEADER, "big") + answer)
            outgoing.flush()
    finally:
        os._exit(1)


def _receive(stream: BinaryIO, jobs: SimpleQueue[bytes]) -> None:
    while len(header := stream.read(HEADER)) == HEADER:
        size = int.from_bytes(header, "big")
        content = stream.read(size)
        if len(content) < size:
            break
        jobs.put(content)
    os._exit(0)


if __name__ == "__main__":
    main()
