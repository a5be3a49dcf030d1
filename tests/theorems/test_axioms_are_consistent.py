"""What theorems assume has models: otherwise all would be provable, and mean nothing."""

from __future__ import annotations

from dataclasses import replace

from formal.logic.theory import Truth
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel
from formal.refute.search import search
from formal.statement.model import Origin, Statement
from tests.statement.theorem import statement
from tests.theorems.proved_library import statements

LAWS = SearchLimits(max_size=9, budget=1_000_000)
HYPOTHESES = SearchLimits(max_size=9, budget=2_000_000)

WITHOUT_ELEMENTS = frozenset({"a6_the_empty_task_has_no_prompt"})
"""Where it is assumed that a presheaf is empty."""


def repaired() -> list[Statement]:
    return [s for s in statements() if s.file.endswith("_repaired.cat") and s.node.expect is None]


def laws_have_a_model(found: Statement) -> bool:
    """Whether there are structures as given, with an arrow that is no identity, when assumptions are left out."""
    start = replace(found.obligations[0], formula=Truth(True))
    chosen = frozenset(h.name for h in found.available(start) if h.origin not in (Origin.LAW, Origin.GIVEN))
    return isinstance(search(found, start, LAWS, without=chosen, satisfy=True, nondegenerate=True), CounterModel)


def hypotheses_have_a_model(found: Statement) -> bool:
    """Whether all that may be used for the last obligation holds somewhere with an arrow that is no identity."""
    last = found.obligations[-1]
    proper = found.name not in WITHOUT_ELEMENTS
    return isinstance(search(found, last, HYPOTHESES, satisfy=True, nondegenerate=proper), CounterModel)


def test_laws_have_a_model() -> None:
    assert [found.name for found in statements() if not laws_have_a_model(found)] == []


def test_repaired_hypotheses_have_a_model_with_an_arrow() -> None:
    assert len(repaired()) > 30
    assert [found.name for found in repaired() if not hypotheses_have_a_model(found)] == []


def test_contradictory_hypotheses_are_noticed() -> None:
    contradictory = statement(
        "given category C, object X, Y in C assume one: X = Y assume other: not isomorphic(X, Y) show X = X"
    )
    assert laws_have_a_model(contradictory)
    assert not hypotheses_have_a_model(contradictory)
