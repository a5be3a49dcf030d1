"""The child processes of a run: started when they are first needed, used again, closed together."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from formal.smt.child import Solver

if TYPE_CHECKING:
    from formal.prove.prover import Prover
    from formal.refute.refuter import Refuter


class Engines:
    """Z3 for claims, the provers and the model search for theorems. Not to be shared between runs in threads."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.solver = self._stack.enter_context(Solver())
        self._prover: Prover | None = None
        self._refuter: Refuter | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def prover(self) -> Prover:
        """The provers of theorems."""
        if self._prover is None:
            from formal.prove.prover import Prover

            self._prover = self._stack.enter_context(Prover())
        return self._prover

    @property
    def refuter(self) -> Refuter:
        """The search for counter-models of theorems."""
        if self._refuter is None:
            from formal.refute.refuter import Refuter

            self._refuter = self._stack.enter_context(Refuter())
        return self._refuter
