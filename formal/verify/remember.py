"""Verdicts that a cache remembers. Nothing of it is trusted: a kernel checks each certificate again, now.

What stands in a cache decides how soon a verdict comes and in which words it is told, never which one it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Generic, Protocol, TypeVar

from formal.store.cache import Cache, Stored
from formal.verdict.result import ClaimResult, Outcome


class Accepted(Protocol):
    """What a kernel says of a certificate that it accepts."""

    @property
    def verdict(self) -> str:
        """``proved`` or ``refuted``; something else where the claim is neither."""

    @property
    def trusted(self) -> tuple[str, ...]:
        """What was taken on trust, in words."""


A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Kernel(Generic[A]):
    """A kernel, which is called with bytes.

    Args:
        check: what it accepts of a claim and a certificate.
        rejected: what it raises otherwise.
    """

    check: Callable[[bytes, bytes], A]
    rejected: type[Exception]

    def accepted(self, claim: bytes, certificate: bytes) -> A | None:
        """What the kernel accepts now; None when it rejects the certificate, for whatever reason."""
        try:
            return self.check(claim, certificate)
        except self.rejected:
            return None


def certified(result: ClaimResult, certificate: bytes, accepted: Accepted) -> ClaimResult:
    """The result with the outcome that a kernel has accepted a certificate for."""
    return replace(
        result,
        outcome=Outcome(accepted.verdict),
        certified=True,
        certificate=certificate,
        certificate_digest=sha256(certificate).hexdigest(),
        reason="; ".join(accepted.trusted),
    )


def recalled(blank: ClaimResult, key: str, cache: Cache | None, kernel: Kernel[Accepted]) -> ClaimResult | None:
    """The verdict on a claim that a cache has a certificate for; None when there is none that passes.

    The kernel checks it for the claim that is written in ``blank``, and the outcome is what the kernel reads, not what
    the cache says.
    """
    stored = cache.get(key) if cache is not None else None
    accepted = kernel.accepted(blank.claim, stored.certificate) if stored is not None else None
    if stored is None or accepted is None or accepted.verdict not in (Outcome.PROVED, Outcome.REFUTED):
        return None
    return replace(
        certified(blank, stored.certificate, accepted),
        engine=stored.engine,
        resources=stored.resources,
        solver=stored.solver,
        explanation=stored.explanation,
        cached=True,
    )


def remember(result: ClaimResult, key: str, cache: Cache | None) -> None:
    """Put a verdict into a cache, if it is certified: nothing else could be checked again."""
    if cache is None or not result.certified:
        return
    stored = Stored(
        verdict=result.outcome.value,
        certificate=result.certificate,
        engine=result.engine,
        resources=result.resources,
        solver=result.solver,
        explanation=result.explanation,
    )
    cache.put(key, stored)
