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
        encoding: None for all small instances over small terms, without quantifiers.
        terms: how many closed terms the solver is made to know; without quantifiers, how many are put in for variables.
        instances: how many there are, without quantifiers.
        once: whether it is not to be given more resources: with much to match, Z3 may take long for few of its units.
    """

    name: str
    encoding: Encoding | None
    triggers: Triggers = Triggers.AUTOMATIC
    options: Options = DEFAULT
    terms: int = 0
    instances: int = 0
    once: bool = False

    def budget(self, resources: int) -> int:
        """Resource units for Z3: ground problems are of limited size, and most of their cost is reading them."""
        return resources if self.encoding is not None else 100 * resources


def _ground(terms: int, instances: int) -> Configuration:
    return Configuration(f"z3 ground, {instances} instances", None, terms=terms, instances=instances)


def _quantified(
    encoding: Encoding, triggers: Triggers, style: str, options: Options, terms: int = 0, *, once: bool = False
) -> Configuration:
    known = f", {terms} terms" if terms else ""
    name = f"z3 {encoding}, {triggers} triggers, {style}{known}"
    return Configuration(name, encoding, triggers, options, terms, once=once)


PORTFOLIO: tuple[Configuration, ...] = (
    _ground(40, 250),
    _ground(100, 1000),
    _quantified(Encoding.ENDS, Triggers.TERMS, "steady", STEADY),
    _ground(200, 3000),
    _quantified(Encoding.ENDS, Triggers.AUTOMATIC, "steady", STEADY, 40),
    _quantified(Encoding.ENDS, Triggers.TERMS, "matching", MATCHING, 40),
    _quantified(Encoding.ENDS, Triggers.TERMS, "default", DEFAULT),
    _quantified(Encoding.HOM, Triggers.AUTOMATIC, "steady", STEADY, 40),
    _quantified(Encoding.GUARDED_HOM, Triggers.AUTOMATIC, "steady", STEADY),
    _ground(800, 12000),
    _quantified(Encoding.ENDS, Triggers.GUARDS, "default", DEFAULT),
    _quantified(Encoding.HOM, Triggers.GUARDS, "steady", STEADY, 40, once=True),
    _ground(2000, 30000),
)


def configurations() -> tuple[str, ...]:
    """The names of all configurations, in the order in which they are tried."""
    return tuple(configuration.name for configuration in PORTFOLIO)
