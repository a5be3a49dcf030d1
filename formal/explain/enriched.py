"""Why a claim about relations holds or fails, in words: prompts, gaps, worst objects, refutations on a few objects."""

from __future__ import annotations

from collections.abc import Mapping

from formal.enriched.formula import Formula
from formal.valuation import Decision
from formal.verdict.result import Explanation


def explain_enriched(formula: Formula, decision: Decision, names: Mapping[int, str]) -> Explanation:
    """The explanation of a decision."""
    return Explanation("")
