"""Proof and refutation at once: whoever is done first stops the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Runner(Generic[A]):
    """A piece of work in a child process, driven by a thread of ours.

    Args:
        work: what to do.
        cancel: makes ``work`` return soon, from another thread.
        is_definite: whether a result makes the other runner's superfluous.
    """

    work: Callable[[], A]
    cancel: Callable[[], None]
    is_definite: Callable[[A], bool]


def _wait_for_either(one: Future[A], other: Future[B]) -> None:
    futures: list[Future[Any]] = [one, other]
    wait(futures, return_when=FIRST_COMPLETED)


def race(first: Runner[A], second: Runner[B], head_start: float) -> tuple[A | None, B | None]:
    """The results of both; None for one that was cancelled or never started.

    What is found does not depend on the time that anything takes, only how soon: at most one of the two can have a
    definite result, if the engines are right.

    Args:
        head_start: seconds before the second is started.
    """
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(first.work)
        try:
            done, _ = wait([one], head_start)
            if done and first.is_definite(one.result()):
                return one.result(), None
            other = pool.submit(second.work)
        except BaseException:
            first.cancel()
            raise
        return _finish(one, first, other, second)


def _finish(one: Future[A], first: Runner[A], other: Future[B], second: Runner[B]) -> tuple[A | None, B | None]:
    try:
        _wait_for_either(one, other)
        if one.done() and first.is_definite(one.result()) and not other.done():
            second.cancel()
            return one.result(), None
        if other.done() and second.is_definite(other.result()) and not one.done():
            first.cancel()
            return None, other.result()
        return one.result(), other.result()
    except BaseException:
        first.cancel()
        second.cancel()
        raise
