"""The words for what was found, the same in every format.

A claim's standing is one of four; ``unknown`` and ``bounded`` are words of their own and never ``proved``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from formal.text import Diagnostic, Severity
from formal.verdict.result import ClaimResult, FileResult, Outcome, Trouble


class Standing(StrEnum):
    """How a claim's verdict stands to what its script expects."""

    EXPECTED = "as-expected"
    UNEXPECTED = "not-as-expected"
    INCONCLUSIVE = "inconclusive"
    TROUBLE = "trouble"


def standing(claim: ClaimResult) -> Standing:
    """Trouble first; then whether the outcome is expected; an undecided one that is not is inconclusive."""
    if claim.trouble is not None:
        return Standing.TROUBLE
    if claim.as_expected:
        return Standing.EXPECTED
    return Standing.INCONCLUSIVE if claim.is_inconclusive else Standing.UNEXPECTED


_TROUBLE = {
    Trouble.KERNEL_REJECTED: "kernel rejected the certificate",
    Trouble.ENGINES_DISAGREE: "engines disagree",
    Trouble.CRASHED: "crashed",
}


def word(claim: ClaimResult) -> str:
    """The verdict: ``proved``, ``refuted``, ``bounded``, ``unknown``, or what went wrong."""
    return str(claim.outcome) if claim.trouble is None else _TROUBLE[claim.trouble]


def phrase(claim: ClaimResult) -> str:
    """The verdict with what was expected, when that is not plain: ``refuted, as expected``."""
    match standing(claim):
        case Standing.EXPECTED:
            if claim.crosscheck is not None:
                return f"{word(claim)}, as pinned" if claim.crosscheck.pin else word(claim)
            return word(claim) if claim.outcome is Outcome.PROVED else f"{word(claim)}, as expected"
        case Standing.UNEXPECTED | Standing.INCONCLUSIVE:
            return f"{word(claim)}, expected {claim.expected}"
        case Standing.TROUBLE:
            return word(claim)


_DECIDED = (Outcome.PROVED, Outcome.REFUTED, Outcome.AGREES, Outcome.DISAGREES)


def is_decided(claim: ClaimResult) -> bool:
    """Proved or refuted, or found to agree or disagree, with no trouble."""
    return claim.trouble is None and claim.outcome in _DECIDED


def route(claim: ClaimResult) -> tuple[str, ...]:
    """Who decided, and on what ground: ``direct``, ``certified``, ``from cache``; or ``decided, no certificate``."""
    parts = [claim.engine]
    if is_decided(claim):
        parts.append("certified" if claim.certified else "decided, no certificate")
    if claim.cached:
        parts.append("from cache")
    return tuple(parts)


def why(claim: ClaimResult) -> str:
    """One sentence: the reason when nothing is decided or something went wrong, else the explanation's summary."""
    return claim.explanation.summary or claim.reason if is_decided(claim) else claim.reason or claim.explanation.summary


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run found, in numbers.

    Args:
        files, claims: how many there are; theorems are among the claims.
        theorems, crosschecks: how many of the claims are theorems and cross-checks.
        outcomes: claims by verdict, in the order of ``Outcome``, then those in trouble.
        standings: claims by standing.
        certified, uncertified: decided claims with and without a certificate that the kernel accepted.
        cached: claims whose verdict came from the cache.
        errors, warnings: diagnostics.
        crashed: files whose process died.
        dropped: claims that errors keep from being decided; not among the claims.
    """

    files: int
    claims: int
    outcomes: tuple[tuple[str, int], ...]
    standings: tuple[tuple[Standing, int], ...]
    certified: int
    uncertified: int
    cached: int
    errors: int
    warnings: int
    crashed: int
    theorems: int = 0
    dropped: int = 0
    crosschecks: int = 0

    def count(self, which: Standing) -> int:
        """How many claims have this standing."""
        return dict(self.standings)[which]

    @property
    def all_well(self) -> bool:
        """Every claim is as expected, there is at least one, no error, and nothing crashed."""
        return self.claims > 0 and self.claims == self.count(Standing.EXPECTED) and not (self.errors or self.crashed)

    def sentence(self) -> str:
        """The last line of every report."""
        parts = []
        if self.claims:
            others = [
                f"{number} {'in trouble' if which is Standing.TROUBLE else which.replace('-', ' ')}"
                for which, number in self.standings
                if number and which is not Standing.EXPECTED
            ]
            where = f"{self._what()} in {counted(self.files, 'file')}"
            outcomes = ", ".join(f"{number} {name}" for name, number in self.outcomes[:-1] if number)
            if others and outcomes:
                parts.append(f"{where}: {', '.join(others)} ({outcomes})")
            elif others:
                parts.append(f"{where}: {', '.join(others)}")
            else:
                parts.append(f"{where}, all as expected: {outcomes}")
            if self.uncertified:
                parts.append(f"{self.uncertified} decided without certificate")
            if self.cached:
                parts.append(f"{self.cached} from cache")
        else:
            parts.append(f"no claims {'decided ' if self.dropped else ''}in {counted(self.files, 'file')}")
        if self.dropped:
            parts.append(f"{self.dropped} dropped because of errors")
        if self.crashed:
            parts.append(f"{counted(self.crashed, 'file')} crashed")
        if self.errors:
            parts.append(counted(self.errors, "error"))
        if self.warnings:
            parts.append(counted(self.warnings, "warning"))
        return "; ".join(parts)

    def _what(self) -> str:
        """``3 claims``, ``2 theorems``, ``3 claims, 2 theorems and 1 cross-check``."""
        others = [(self.theorems, "theorem"), (self.crosschecks, "cross-check")]
        claims = self.claims - self.theorems - self.crosschecks
        parts = [counted(number, noun) for number, noun in [(claims, "claim"), *others] if number]
        return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def counted(number: int, noun: str) -> str:
    """``1 claim``, ``2 claims``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def tally(files: Iterable[FileResult]) -> Tally:
    """Count what a run found."""
    files = tuple(files)
    claims = [claim for file in files for claim in file.claims]
    diagnostics = [diagnostic for file in files for diagnostic in file.messages]
    decided = [claim for claim in claims if is_decided(claim)]
    outcomes = [(str(o), sum(c.trouble is None and c.outcome is o for c in claims)) for o in Outcome]
    return Tally(
        files=len(files),
        claims=len(claims),
        outcomes=(*outcomes, ("in trouble", sum(c.trouble is not None for c in claims))),
        standings=tuple((which, sum(standing(c) is which for c in claims)) for which in Standing),
        certified=sum(c.certified for c in decided),
        uncertified=sum(not c.certified for c in decided),
        cached=sum(c.cached for c in claims),
        errors=sum(is_error(d) for d in diagnostics),
        warnings=sum(not is_error(d) for d in diagnostics),
        crashed=sum(bool(file.crashed) for file in files),
        theorems=sum(claim.is_theorem for claim in claims),
        crosschecks=sum(claim.crosscheck is not None for claim in claims),
        dropped=sum(file.dropped for file in files),
    )


def is_error(diagnostic: Diagnostic) -> bool:
    """Errors keep a claim from being decided; warnings do not."""
    return diagnostic.severity is Severity.ERROR
