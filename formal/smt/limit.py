"""What a translation and a solver may spend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SolverLimits:
    """Limits for one question; all but ``seconds`` are deterministic.

    Args:
        literals: the most literals, and instances of subformulas, that a translation writes.
        structures: the most steps of a search for all transformations or functors.
        resources: Z3's own resource units (``rlimit``).
        memory: of the solver's process, in MiB.
        seconds: wall time after which the process is killed.
        seed: of Z3's random choices.
    """

    literals: int = 4_000_000
    structures: int = 20_000
    resources: int = 20_000_000
    memory: int = 1024
    seconds: float = 60.0
    seed: int = 0
