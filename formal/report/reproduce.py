"""Proof scripts that reproduce a finding by themselves."""

from __future__ import annotations

from formal.logic.formula import Formula


def reproduce(formula: Formula, value: bool) -> str:
    """A script of the structures that a formula speaks of and the claim with the outcome that it has."""
    return ""
