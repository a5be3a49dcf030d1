"""The replay of a counter-model: its script, decided and certified like any other.

A refutation counts only if every hypothesis is proved and the goal refuted, all by certificates that the kernel has
accepted. Where the script says something that turns out otherwise, one of our parts is wrong: that is trouble, whatever
anyone expects of the theorem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from formal.instance.script import GOAL
from formal.text import Code, Severity
from formal.verdict.result import ClaimResult, FileResult, Outcome

Check = Callable[[str], FileResult]
"""Checks a script given as a text: elaborates it, decides its claims, has the kernel re-check them."""


_UNLAWFUL = frozenset(
    {Code.NOT_FUNCTORIAL, Code.NOT_NATURAL, Code.NOT_COMPOSABLE, Code.WRONG_ENDS, Code.CYCLIC_ORDER, Code.NO_SUCH_ARROW}
)
"""What is said of structures that do not obey their laws."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Every hypothesis holds, and the goal fails.

    Args:
        claims: the results, the goal's last.
    """

    claims: tuple[ClaimResult, ...]


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The script could not be decided: a counter-model was found, not replayed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Contradicted:
    """The script is no counter-model: two of our parts disagree."""

    reason: str


Replay = Confirmed | Unconfirmed | Contradicted


def replay(script: str, check: Check) -> Replay:
    """Run the script of a counter-model.

    Args:
        script: as ``script_of`` writes it.
        check: the ordinary route of claims.
    """
    file = check(script)
    if file.crashed:
        return Contradicted(file.crashed)
    errors = [diagnostic for diagnostic in file.diagnostics if diagnostic.severity is Severity.ERROR]
    if errors:
        reason = "; ".join(f"{error.message}" for error in errors)
        return Contradicted(reason) if any(error.code in _UNLAWFUL for error in errors) else Unconfirmed(reason)
    if not file.claims or file.claims[-1].name != GOAL:
        return Contradicted("the script claims no goal")
    open_: list[str] = []
    for claim in file.claims:
        wanted = Outcome.REFUTED if claim.name == GOAL else Outcome.PROVED
        if claim.trouble is not None:
            return Contradicted(f"`{claim.name}`: {claim.reason}")
        if claim.outcome in (Outcome.PROVED, Outcome.REFUTED) and claim.outcome is not wanted:
            return Contradicted(f"`{claim.name}` is {claim.outcome}, not {wanted}: {claim.explanation.summary}")
        if claim.outcome is not wanted or not claim.certified:
            open_.append(f"`{claim.name}` is {claim.outcome}: {claim.reason or 'no certificate'}")
    return Unconfirmed("; ".join(open_)) if open_ else Confirmed(file.claims)
