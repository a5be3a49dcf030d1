"""Blocks of rows shared out among threads: with progress, and an end at once when interrupted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from importlib.util import find_spec
from typing import TypeVar

Result = TypeVar("Result")

OnProgress = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


def compiled() -> bool:
    """Whether numba is at hand."""
    return find_spec("numba") is not None


def cores() -> int:
    """How many threads can run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def blocks(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Begin and end of each block of at most ``size`` among ``count``."""
    for begin in range(0, count, size):
        yield begin, min(begin + size, count)


def in_blocks(
    work: Callable[[int, int], Result],
    count: int,
    *,
    size: int,
    threads: int | None = None,
    on_progress: OnProgress | None = None,
) -> list[Result]:
    """Apply ``work`` to each block of rows; results in the order of the blocks.

    The work has to leave the interpreter's lock for threads to help. An exception, an interruption by the user
    included, ends the blocks not yet begun and is raised again when those under way have ended.

    Args:
        work: of the first row and the one after the last.
        size: rows of a block.
        threads: all cores when left out.
    """
    spans = list(blocks(count, size))
    results: dict[int, Result] = {}
    done = 0
    executor = ThreadPoolExecutor(max_workers=threads or cores())
    try:
        numbers: dict[Future[Result], int] = {executor.submit(work, *span): i for i, span in enumerate(spans)}
        waiting = set(numbers)
        while waiting:
            ready, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in ready:
                number = numbers[future]
                results[number] = future.result()
                done += spans[number][1] - spans[number][0]
                if on_progress is not None:
                    on_progress(done, count)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return [results[i] for i in range(len(spans))]
