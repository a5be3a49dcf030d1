"""Certificates made up by a forger: the kernel never fails on one, and never accepts what is not true."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.write import write_certificate, write_claim
from formal.decide.decision import Limits as Effort
from formal.decide.decision import decide
from formal.kernel import Limits, Rejected, check
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive
from tests.hostile.forger import Forger
from tests.strategies import categories, closed_formulas, set_functors

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = Limits(steps=50_000)
FORGERIES = 40


@st.composite
def atoms(draw: st.DrawFn) -> L.Formula:
    """The atoms for which there is evidence of their own."""
    one, other = draw(categories(most_objects=2)), draw(categories(most_objects=2))
    contravariant = draw(st.booleans())
    left, right = draw(set_functors(one, contravariant, "S")), draw(set_functors(one, contravariant, "T"))
    return draw(
        st.one_of(
            st.builds(L.Covered, st.just(left), st.integers(0, 4)),
            st.builds(L.CoproductOfRepresentables, st.just(left), st.integers(0, 4)),
            st.just(L.Isomorphic(left, right)),
            st.sampled_from([L.Isomorphic(one, other), L.Equivalent(one, other)]),
        )
    )


formulas = st.one_of(closed_formulas, atoms(), atoms())


def assert_not_fooled(formula: L.Formula, seed: int) -> None:
    decision = decide(formula, limits=Effort(evaluate=0))
    assert decision.value is exhaustive.holds(formula)
    claim = write_claim(formula)
    honest = write_certificate(claim, decision.value, decision.evidence, formula)
    assert check(claim, honest).verdict == ("proved" if decision.value else "refuted")
    forger = Forger(claim, honest, Random(seed))
    for number in range(FORGERIES):
        forged = forger.certificate(decision.value if number % 3 == 0 else not decision.value)
        try:
            accepted = check(claim, forged, limits=SMALL)
        except Rejected:
            continue
        assert accepted.verdict == ("proved" if decision.value else "refuted"), forged


@FEW
@given(formulas, st.integers(0, 2**32))
def test_forged_evidence(formula: L.Formula, seed: int) -> None:
    assert_not_fooled(formula, seed)


@pytest.mark.slow
@MANY
@given(formulas, st.integers(0, 2**32))
def test_forged_evidence_at_length(formula: L.Formula, seed: int) -> None:
    assert_not_fooled(formula, seed)


# --- tables ---------------------------------------------------------------------------------------

Relation = tuple[list[int], list[int]]
Verdict = str | None
MONOIDS: dict[str, tuple[int, list[Relation], int | None]] = {
    "free on one": (1, [], None),
    "cyclic of order 3": (1, [([0, 0, 0], [])], 3),
    "f^3 = f": (1, [([0, 0, 0], [0])], 3),
    "trivial": (1, [([0], [])], 1),
    "one of two is trivial": (2, [([0], []), ([1, 1], [])], 2),
    "left zeros": (2, [([0, 0], [0]), ([0, 1], [0]), ([1, 0], [1]), ([1, 1], [1])], 3),
    "bicyclic": (2, [([0, 1], [])], None),
}
"""Presented monoids: how many generators, the relations, how many elements (None: infinitely many)."""


def finite_claim(generators: int, relations: list[Relation]) -> bytes:
    category = {
        "name": "M",
        "objects": ["x"],
        "generators": [[f"g{g}", 0, 0] for g in range(generators)],
        "relations": [[0, left, right] for left, right in relations],
    }
    claim = {"format": "formal-claim/1", "categories": [category], "set_functors": [], "nodes": [["finite", 0]]}
    return json.dumps(claim).encode()


def verdict(claim: bytes, value: bool, proof: dict[str, Any]) -> Verdict:
    certificate = {
        "format": "formal-certificate/1",
        "claim": sha256(claim).hexdigest(),
        "value": value,
        "categories": [proof],
        "evidence": [["evaluate"]],
    }
    try:
        return check(claim, json.dumps(certificate).encode(), limits=SMALL).verdict
    except Rejected:
        return None


def rules(generators: int, relations: list[Relation]) -> list[Any]:
    """Everything that one rewrite of a word of at most four letters proves, where it shrinks the word."""
    found: list[Any] = []
    for word in words(generators, 4):
        for position, (index, relation), forward in product(range(len(word) + 1), enumerate(relations), (True, False)):
            old, new = relation if forward else relation[::-1]
            if word[position : position + len(old)] == old:
                result = [*word[:position], *new, *word[position + len(old) :]]
                if (len(result), result) < (len(word), word):
                    found.append([0, word, result, [[position, index, forward]]])
    return found


def words(generators: int, most: int) -> Iterator[list[int]]:
    for length in range(most + 1):
        yield from map(list, product(range(generators), repeat=length))


def tables(generators: int, size: int) -> Iterator[dict[str, list[int]]]:
    """All that have the shape of the table of a monoid with so many elements."""
    for parent in product(*(range(f) for f in range(1, size))):
        for last in product(range(generators), repeat=size - 1):
            for steps in product(range(size), repeat=size * generators):
                yield {"parent": [-1, *parent], "last": [-1, *last], "steps": list(steps)}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name == "left zeros" else []) for name in MONOIDS]
)
def test_all_tables_of_a_presented_monoid(name: str) -> None:
    generators, relations, size = MONOIDS[name]
    claim = finite_claim(generators, relations)
    derived = rules(generators, relations)
    accepted = {
        count
        for count in range(1, (size or 2) + (2 if generators == 1 else 1))
        for table in tables(generators, count)
        if verdict(claim, True, {**table, "rules": derived}) == "proved"
    }
    assert accepted == ({size} if size else set())


@pytest.mark.parametrize("name", MONOIDS)
def test_all_loops_of_a_presented_monoid(name: str) -> None:
    generators, relations, size = MONOIDS[name]
    claim = finite_claim(generators, relations)
    derived = rules(generators, relations)
    accepted = [
        (prefix, loop)
        for prefix in words(generators, 1)
        for loop in words(generators, 2)
        for chosen in ([], derived[:1], derived[:2], derived)
        if verdict(claim, False, {"rules": chosen, "dom": 0, "prefix": prefix, "loop": loop}) == "refuted"
    ]
    assert bool(accepted) == (size is None)
    assert ([], []) not in accepted


# --- a change of claim ----------------------------------------------------------------------------

CLAIM: dict[str, Any] = {
    "format": "formal-claim/1",
    "categories": [],
    "set_functors": [],
    "nodes": [["truth", True, ""]],
}
CERTIFICATE: dict[str, Any] = {
    "format": "formal-certificate/1",
    "claim": "",
    "value": True,
    "categories": [],
    "evidence": [["evaluate"]],
}


def accepts(claim: Any, certificate: Any) -> bool:
    data = json.dumps(claim).encode()
    certificate = {**certificate, "claim": certificate["claim"] or sha256(data).hexdigest()}
    try:
        check(data, json.dumps(certificate).encode(), limits=SMALL)
    except Rejected:
        return False
    return True


@pytest.mark.parametrize(
    ("nodes", "good"),
    [
        ([["truth", True, ""]], True),
        ([["truth", 1, ""]], False),
        ([["truth", None, ""]], False),
        ([["truth", "true", ""]], False),
        ([["truth", True, None]], False),
        ([["truth", True, ""], ["not", 0]], False),
        ([["truth", False, ""], ["not", 0]], True),
        ([["truth", False, ""], ["not", -1]], False),
        ([["truth", False, ""], ["not", 1]], False),
        ([["truth", False, ""], ["not", False]], False),
        ([["truth", False, ""], ["not", 0.0]], False),
        ([["truth", False, ""], ["not", 10**30]], False),
        ([["finite-set", ["a"]], ["finite-set", ["b"]], ["equinumerous", 0, 1]], True),
        ([["finite-set", ["a", "a"]], ["finite-set", ["b", "c"]], ["equinumerous", 0, 1]], False),
        ([["finite-set", None], ["finite-set", None], ["equinumerous", 0, 1]], False),
        ([["finite", 0]], False),
        ([["finite", -1]], False),
        ([["covered", 0, None]], False),
        ([], False),
    ],
)
def test_values_of_other_types(nodes: Any, good: bool) -> None:
    assert accepts({**CLAIM, "nodes": nodes}, CERTIFICATE) is good


@pytest.mark.parametrize(
    "evidence",
    [
        [],
        [[]],
        [["evaluate", 0]],
        [["known", [], None]],
        [["known", [], [True, 0]]],
        [["search", 1, True, 0]],
        [["forest", [], [], []]],
        [["evaluate"], []],
        [["evaluate"], ["known", [], [True, 1]]],
        [["evaluate"], ["known", [], [True, -1]]],
        [None],
        [{}],
        None,
        "evaluate",
    ],
)
def test_evidence_that_is_none(evidence: Any) -> None:
    assert accepts(CLAIM, CERTIFICATE)
    assert not accepts(CLAIM, {**CERTIFICATE, "evidence": evidence})


def test_a_certificate_belongs_to_one_claim() -> None:
    data = json.dumps(CLAIM).encode()
    good = {**CERTIFICATE, "claim": sha256(data).hexdigest()}
    assert check(data, json.dumps(good).encode()).verdict == "proved"
    for claim in (data + b" ", data.replace(b"[]", b"[ ]", 1), data.replace(b"true", b"true ")):
        with pytest.raises(Rejected):
            check(claim, json.dumps(good).encode())
