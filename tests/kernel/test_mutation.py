"""Whatever is changed: a claim that is not the one certified is rejected, and an accepted verdict is true."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from formal.certificate.evidence import Evaluate
from formal.certificate.write import canonical, write_certificate, write_claim
from formal.construct.group import cyclic
from formal.core.functor import SetFunctor
from formal.decide.decision import Limits as Effort
from formal.decide.decision import decide
from formal.kernel import Limits, Rejected, check
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive
from tests.kernel.example import (
    BICYCLIC,
    FIXED,
    FORK,
    INVOLUTION,
    MIXED,
    SQUARE,
    SYMMETRIC,
    TOP,
    WALKING,
    finite,
    infinite,
    refusal,
    signed,
)
from tests.strategies import closed_formulas

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = Limits(steps=200_000)
"""So that a change that asks for a long search ends soon."""


def certified(formula: L.Formula) -> tuple[bytes, bytes, bool]:
    decision = decide(formula, limits=Effort(evaluate=0))
    claim = write_claim(formula)
    return claim, write_certificate(claim, decision.value, decision.evidence, formula), decision.value


def leaves(document: Any) -> list[tuple[Any, ...]]:
    """The paths to all values inside a document."""
    found: list[tuple[Any, ...]] = []
    stack: list[tuple[tuple[Any, ...], Any]] = [((), document)]
    while stack:
        path, value = stack.pop()
        if path:
            found.append(path)
        if isinstance(value, dict):
            stack.extend(((*path, key), item) for key, item in value.items())
        if isinstance(value, list):
            stack.extend(((*path, index), item) for index, item in enumerate(value))
    return sorted(found, key=str)


@st.composite
def changes(draw: st.DrawFn, document: Any) -> Any:
    """The document with one value changed, removed or repeated."""
    changed = copy.deepcopy(document)
    path = draw(st.sampled_from(leaves(changed)))
    place = changed
    for key in path[:-1]:
        place = place[key]
    value = place[path[-1]]
    match draw(st.sampled_from(["other", "remove", "repeat", "swap"])), place:
        case "remove", list():
            del place[path[-1]]
        case "repeat", list():
            place.insert(path[-1], value)
        case "swap", list() if len(place) > 1:
            place[path[-1]], place[path[-1] - 1] = place[path[-1] - 1], value
        case _:
            place[path[-1]] = draw(others(value))
    assume(changed != document)
    return changed


def others(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type nearby, and values of other types."""
    odd = st.sampled_from([None, True, False, -1, 0, 1, 10**9, "", "evaluate", [], {}, [0], [[0], [0]]])
    match value:
        case bool():
            return st.just(not value)
        case int():
            return st.one_of(st.sampled_from([value - 1, value + 1, 0, 1, 2]), odd)
        case str():
            tags = ["forall", "exists", "exists!", "and", "or", "iff", "implies", "evaluate", "dom", "cod", "forest"]
            return st.one_of(st.sampled_from(tags), odd)
        case _:
            return odd


PRESENTED = finite(SYMMETRIC)
x, y = (L.ArrowConstant(PRESENTED, PRESENTED.trace(0, word)) for word in ((0, 1), (1, 0)))
POINTS = SetFunctor("Points", PRESENTED, True, (("1", "2", "3"),), ((1, 0, 2), (0, 2, 1)))
arrow = L.Variable("f", L.Arrows(PRESENTED))
endomorphism = L.Variable("phi", L.Transformations(POINTS, POINTS))
functor = L.Variable("F", L.Functors(INVOLUTION, PRESENTED))
FIXED_FORMULAS: list[L.Formula] = [
    L.Equal(L.Composite(PRESENTED, x, y), L.ArrowConstant(PRESENTED, 0)),
    L.CoproductOfRepresentables(POINTS, 1),
    L.Quantified(L.Quantifier.EXISTS_UNIQUE, arrow, L.Equal(L.Composite(PRESENTED, arrow, x), x)),
    L.Quantified(L.Quantifier.FORALL, endomorphism, L.Equal(endomorphism, endomorphism)),
    L.Quantified(L.Quantifier.EXISTS, functor, L.Equal(L.ArrowImage(functor, L.ArrowConstant(INVOLUTION, 1)), x)),
    L.Finite(infinite(BICYCLIC)),
    L.Finite(finite(SQUARE)),
    L.CoproductOfRepresentables(MIXED, 2),
    L.CoproductOfRepresentables(FORK, 1),
    L.CoproductOfRepresentables(FORK, 2),
    L.CoproductOfRepresentables(FIXED, 1),
    L.Covered(FORK, 1),
    L.Isomorphic(FORK, MIXED),
    L.Isomorphic(FORK, FORK),
    L.Isomorphic(WALKING, finite(SQUARE)),
    L.Equivalent(INVOLUTION, cyclic(2)),
    L.Universal(TOP, L.ElementConstant(TOP, 1)),
]
formulas = st.one_of(closed_formulas, st.sampled_from(FIXED_FORMULAS))


@pytest.mark.parametrize("formula", FIXED_FORMULAS, ids=lambda formula: type(formula).__name__)
def test_the_fixed_formulas_are_certified(formula: L.Formula) -> None:
    claim, certificate, value = certified(formula)
    assert refusal(claim, certificate) == ""
    if not isinstance(formula, L.Finite):
        assert exhaustive.holds(formula) is value


@FEW
@given(formulas, st.data())
def test_a_changed_claim_is_rejected(formula: L.Formula, data: st.DataObject) -> None:
    claim, certificate, _ = certified(formula)
    position = data.draw(st.integers(0, len(claim) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != claim[position])
    changed = claim[:position] + bytes([byte]) + claim[position + 1 :]
    assert refusal(changed, certificate) != ""


@FEW
@given(formulas)
def test_a_forged_verdict_is_rejected(formula: L.Formula) -> None:
    claim, certificate, value = certified(formula)
    document = json.loads(certificate)
    document["value"] = not value
    assert refusal(claim, canonical(document)) != ""


@settings(FEW, max_examples=80)
@given(formulas, st.data())
def test_whatever_certificate_is_accepted_the_verdict_is_true(formula: L.Formula, data: st.DataObject) -> None:
    claim, certificate, value = certified(formula)
    changed = data.draw(changes(json.loads(certificate)))
    try:
        accepted = check(claim, canonical(changed), limits=SMALL)
    except Rejected:
        return
    assert accepted.verdict == ("proved" if value else "refuted")
    if not isinstance(formula, L.Finite):
        assert value is exhaustive.holds(formula)


@settings(FEW, max_examples=80)
@given(formulas, st.data())
def test_no_claim_makes_the_kernel_fail(formula: L.Formula, data: st.DataObject) -> None:
    claim, _, _ = certified(formula)
    changed = canonical(data.draw(changes(json.loads(claim))))
    for value in (True, False):
        blank = write_certificate(changed, value, Evaluate(), formula)
        refusal(changed, blank, SMALL)


@settings(FEW, max_examples=100)
@given(formulas, st.data())
def test_no_claim_is_both_proved_and_refuted(formula: L.Formula, data: st.DataObject) -> None:
    claim, certificate, _ = certified(formula)
    changed = canonical(data.draw(changes(json.loads(claim))))
    mine = signed(changed, certificate)
    document = json.loads(mine)
    verdicts = {}
    for value in (True, False):
        for evidence in (document["evidence"], [["evaluate"]]):
            document = {**document, "value": value, "evidence": evidence}
            if refusal(changed, canonical(document), SMALL) == "":
                verdicts[value] = True
    assert len(verdicts) <= 1
