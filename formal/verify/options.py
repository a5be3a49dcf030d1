"""How a run decides: engine, limits, parallelism, what is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from formal import __version__
from formal.store.cache import cache_key

if TYPE_CHECKING:
    from formal.prove.prover import ProveLimits
    from formal.refute.limit import SearchLimits
    from formal.smt.limit import SolverLimits

ENGINES = ("auto", "direct", "smt", "both")


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose.

    Args:
        engine: ``auto`` (direct, then Z3 where that gives up), ``direct``, ``smt``, or ``both``, which must agree.
        jobs: how many files are worked on at once, each in a process of its own.
        fail_fast: stop after the first file with a claim that is not as expected.
        shard: (i, n) with 1 <= i <= n: only the claims whose name falls into the i-th of n parts.
        seed: the solver's random seed.
        steps: the direct route's budget; the search for a counter-model to a theorem has 12 % of it.
        rlimit: the solver's budget, in Z3's resource units; of it, all attempts at an obligation of a theorem together
            have a fifth.
        memory_mb: the memory of a solver's or prover's process, in MiB.
        timeout_seconds: when such a process is killed that does not answer.
        cache: whether verdicts are remembered; their certificates are re-checked each time.
        trust_solver: whether a proof for which no certificate is found counts as one; it is shown as not certified.
        provers: whether cvc5, E and Vampire are asked for what Z3 does not prove, where they are installed.
        size: the largest total size of a counter-model to a theorem; None for what the search can afford.
        audit: whether statements are audited, too.
        warn: whether what an audit finds are warnings only.
        certificates: a folder that claims and certificates are written to.
    """

    engine: str = "auto"
    jobs: int = 1
    fail_fast: bool = False
    shard: tuple[int, int] | None = None
    seed: int = 0
    steps: int = 50_000_000
    rlimit: int = 200_000_000
    memory_mb: int = 4096
    timeout_seconds: float = 120.0
    cache: bool = True
    trust_solver: bool = False
    provers: bool = False
    size: int | None = None
    audit: bool = False
    warn: bool = False
    certificates: Path | None = None

    def selects(self, file: str, name: str) -> bool:
        """Whether the shard contains a claim; by content of its name, so that any scheduler can drive it."""
        if self.shard is None:
            return True
        part, parts = self.shard
        return int.from_bytes(sha256(f"{file}:{name}".encode()).digest()[:8], "big") % parts == part - 1

    def cache_key(self, claim_digest: str, names: Mapping[str, str]) -> str:
        """What a verdict is stored under.

        The claim, the engine, what decided it, and the names that its explanation is written with.
        """
        words = json.dumps(sorted(names.items()))
        return cache_key(claim_digest, self.engine, __version__, words)

    def solver_limits(self) -> SolverLimits:
        """The limits of the solver's process."""
        from formal.smt.limit import SolverLimits

        return SolverLimits(resources=self.rlimit, memory=self.memory_mb, seconds=self.timeout_seconds, seed=self.seed)

    def prove_limits(self) -> ProveLimits:
        """The limits of the provers of theorems."""
        from formal.prove.prover import ProveLimits

        return ProveLimits.within(
            self.rlimit // 5,
            seed=self.seed,
            trust_solver=self.trust_solver,
            memory=self.memory_mb,
            seconds=self.timeout_seconds,
        )

    def search_limits(self) -> SearchLimits:
        """The limits of the search for counter-models."""
        from formal.refute.limit import SearchLimits

        limits = SearchLimits(budget=max(1, self.steps * 6 // 50))
        return limits if self.size is None else replace(limits, max_size=self.size)
