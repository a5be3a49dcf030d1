"""A claim with a parameter: solved in cells, which the kernel re-checks from bytes; the outcome for the whole range."""

from __future__ import annotations

from dataclasses import dataclass

from formal.certificate.enriched import Verdict, write_enriched_certificate, write_enriched_claim
from formal.enriched.formula import Formula
from formal.lawvere import Accepted, Rejected, check
from formal.solve import Solution, solve
from formal.valuation import Limits
from formal.verdict.result import Outcome

_VERDICTS: dict[bool | None, Verdict] = {True: "proved", False: "refuted", None: "solved"}


@dataclass(frozen=True, slots=True)
class Solved:
    """A solution and what the kernel says of it.

    Args:
        claim, certificate: bytes; the certificate states ``proved``, ``refuted``, or ``solved`` where it is neither.
        accepted: by the kernel; None when it rejects it.
        rejection: why it does; empty otherwise.
        is_given_up: the kernel did not find a mistake but reached a limit.
    """

    solution: Solution
    claim: bytes
    certificate: bytes
    accepted: Accepted | None
    rejection: str = ""
    is_given_up: bool = False

    @property
    def outcome(self) -> Outcome:
        """For the whole range: proved where it holds everywhere, refuted where it fails somewhere."""
        if self.accepted is None or self.accepted.verdict == "solved":
            return Outcome.UNKNOWN
        return Outcome(self.accepted.verdict)


def solve_formula(formula: Formula, limits: Limits) -> Solved:
    """Solve a formula for its parameter and have the cells re-checked.

    Raises:
        NotOneParameter: it has none, or several.
    """
    solution = solve(formula, limits)
    claim = write_enriched_claim(formula)
    certificate = write_enriched_certificate(
        claim,
        _VERDICTS[solution.truth],
        solution.evidence,
        precision=solution.precision,
        cells=solution.decomposition,
    )
    try:
        return Solved(solution, claim, certificate, check(claim, certificate))
    except Rejected as rejected:
        return Solved(solution, claim, certificate, None, str(rejected), rejected.rule == "limit")
