"""The portfolio: in which ways a proof is attempted, the most successful first.

What each is worth was measured: docs/decisions/0012-portfolio.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.prove.encode import Encoding, Triggers

Options = tuple[tuple[str, bool | int], ...]

DEFAULT: Options = ()
STEADY: Options = (("smt.auto_config", False), ("smt.case_split", 3), ("smt.phase_selection", 5))
"""Case splits in the order of relevance, phases alternating."""
MATCHING: Options = (("smt.auto_config", False), ("smt.mbqi", False), ("smt.case_split", 3))
"""Instances by matching alone: ends soon when there is nothing left to match."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One way of attempting a proof.

    Args:
        encoding: None for all instances over few terms, without quantifiers.
        depth: how deep the closed terms are that the solver is made to know; for ``encoding=None`` those that are put
            in for variables. Of ``seeded`` terms at most.
    """

    name: str
    encoding: Encoding | None
    triggers: Triggers = Triggers.AUTOMATIC
    options: Options = DEFAULT
    depth: int = 2
    seeded: int = 0


def _quantified(
    encoding: Encoding, triggers: Triggers, style: str, options: Options, seeded: int = 0
) -> Configuration:
    seeds = f", {seeded} terms" if seeded else ""
    return Configuration(f"z3 {encoding}, {triggers} triggers, {style}{seeds}", encoding, triggers, options, 2, seeded)


PORTFOLIO: tuple[Configuration, ...] = (
    Configuration("z3 ground, depth 1", None, depth=1, seeded=60),
    *(
        _quantified(encoding, triggers, style, options, seeded)
        for seeded in (0, 40)
        for style, options in (("steady", STEADY), ("matching", MATCHING), ("default", DEFAULT))
        for encoding in Encoding
        for triggers in Triggers
    ),
    Configuration("z3 ground, depth 2", None, depth=2, seeded=200),
)


def configurations() -> tuple[str, ...]:
    """The names of all configurations, in the order in which they are tried."""
    return tuple(configuration.name for configuration in PORTFOLIO)
