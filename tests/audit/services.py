"""Services for audits in tests: the search for counter-models, then the provers, with small budgets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from formal.audit.result import Fails, Holds, Settle, Settled, Undecided
from formal.prove.configuration import configurations
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import Proof
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel
from formal.refute.search import search
from formal.statement.model import Obligation, Statement

SEARCH = SearchLimits(max_size=5, budget=1_000_000)
LIMITS = ProveLimits(short=500_000, long=0, configurations=configurations()[:8])


@contextmanager
def services() -> Iterator[Settle]:
    """One prover for many audits."""
    with Prover() as prover:

        def settle(statement: Statement, obligation: Obligation) -> Settled:
            searched = search(statement, obligation, SEARCH)
            if isinstance(searched, CounterModel):
                return Fails(searched)
            proof = prover.prove(first_order(statement, obligation), LIMITS)
            return Holds(len(proof.instances)) if isinstance(proof, Proof) else Undecided(proof.reason)

        yield settle
