"""The search in a child process, seen from outside: it can be stopped, and what goes wrong there stays there."""

from __future__ import annotations

import math
import pickle
import sys
import threading
from typing import Any

from formal.logic.theory import Formula
from formal.process.child import Broken, Fault, Process
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.statement.model import Obligation, Statement
from formal.text import Bug

MEMORY = 3072
"""MiB of address space for a search."""
_STATUSES = ("outcome", "exceeded", "bug")


class Refuter(Process):
    """A child process that searches for one counter-model after another; started when it is first needed.

    One thread searches; any other may cancel.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "formal.refute.worker"]
        super().__init__(command, "search", {"PYTHONHASHSEED": "0"})
        self._lock = threading.Lock()
        self._searching: threading.Event | None = None

    def cancel(self) -> None:
        """Make a search in progress return soon, from another thread; without one nothing happens."""
        with self._lock:
            if self._searching is not None:
                self._searching.set()
                self.interrupt()

    def search(
        self,
        statement: Statement,
        obligation: Obligation,
        limits: SearchLimits,
        *,
        without: frozenset[str] = frozenset(),
        goal: Formula | None = None,
        satisfy: bool = False,
        nondegenerate: bool = False,
    ) -> CounterModel | Searched:
        """What ``search.search`` gives; when it was cancelled, or the process died, that nothing was searched.

        Raises:
            Bug: there was an error in the search.
        """
        options = {"without": without, "goal": goal, "satisfy": satisfy, "nondegenerate": nondegenerate}
        try:
            content = pickle.dumps((statement, obligation, limits, options))
        except RecursionError:
            return _nothing("the statement is nested too deeply")
        stopped = threading.Event()
        with self._lock:
            self._searching = stopped
        try:
            answer, body = self.converse({"memory": MEMORY}, content, math.inf, _accept, stopped.is_set)
        except Broken:
            return _nothing("the search was stopped" if stopped.is_set() else "the process of the search died")
        finally:
            with self._lock:
                self._searching = None
        if answer["status"] == "bug":
            raise Bug(f"the search for a counter-model failed:\n{answer['reason']}")
        if answer["status"] == "exceeded":
            return _nothing(answer["reason"])
        found = pickle.loads(body)
        assert isinstance(found, CounterModel | Searched)
        return found


def _accept(answer: dict[str, Any]) -> None:
    if answer["status"] not in _STATUSES:
        raise Broken(Fault.GARBAGE, "the answer is not one of a search")


def _nothing(reason: str) -> Searched:
    return Searched(-1, 0, 0, 0, True, reason, 0)
