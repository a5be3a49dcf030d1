"""What is written is canonical, stands for the formula, and is read back."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.certificate.evidence import (
    BadComponent,
    Equivalence,
    Evaluate,
    Evidence,
    FewComponents,
    Forest,
    Invariant,
    Isomorphism,
    Known,
    Search,
    Separated,
)
from formal.certificate.write import canonical, digest, write_certificate, write_claim
from formal.core.functor import SetFunctor
from formal.logic import formula as L  # noqa: N812
from formal.text import Bug
from tests.certificate.reader import read_certificate
from tests.kernel.example import BICYCLIC as ENDLESS
from tests.kernel.example import FORK, SYMMETRIC, WALKING, finite, infinite
from tests.strategies import closed_formulas

numbers = st.lists(st.integers(0, 9), max_size=3).map(tuple)
values = st.one_of(st.integers(0, 9), numbers, st.tuples(numbers.filter(bool), numbers))
leaves: st.SearchStrategy[Evidence] = st.one_of(
    st.just(Evaluate()),
    st.just(FewComponents()),
    st.builds(Forest, numbers, numbers, numbers),
    st.builds(Separated, numbers, st.integers(0, 9)),
    st.builds(
        BadComponent,
        st.lists(st.booleans(), max_size=3).map(tuple),
        st.lists(st.booleans(), max_size=3).map(tuple),
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=3).map(tuple),
    ),
    st.builds(Isomorphism, values),
    st.builds(Equivalence, values),
    st.builds(Invariant, st.integers(0, 9)),
)


def above(below: st.SearchStrategy[Evidence]) -> st.SearchStrategy[Evidence]:
    pair = st.tuples(st.booleans(), below)
    parts = st.lists(st.tuples(values, st.booleans(), below), max_size=3).map(tuple)
    return st.one_of(st.builds(Known, parts, st.none() | pair), st.builds(Search, st.integers(0, 99), pair))


FORMULA = L.Covered(FORK, 2)
CLAIM = write_claim(FORMULA)


@given(st.recursive(leaves, above, max_leaves=8), st.booleans())
def test_evidence_is_read_back(evidence: Evidence, value: bool) -> None:
    written = write_certificate(CLAIM, value, evidence, FORMULA)
    certificate = read_certificate(written)
    assert (certificate.claim, certificate.value, certificate.evidence) == (digest(CLAIM), value, evidence)


@given(closed_formulas)
def test_claims_are_canonical(formula: L.Formula) -> None:
    claim = write_claim(formula)
    assert write_claim(formula) == claim
    assert canonical(json.loads(claim)) == claim
    certificate = write_certificate(claim, True, Evaluate(), formula)
    assert canonical(json.loads(certificate)) == certificate


@given(closed_formulas)
def test_nodes_refer_to_earlier_ones_and_stand_once(formula: L.Formula) -> None:
    nodes = json.loads(write_claim(formula))["nodes"]
    texts = [json.dumps(node) for node in nodes if node[0] != "variable"]
    assert len(set(texts)) == len(texts)


def test_a_shared_part_is_written_once() -> None:
    part: L.Formula = L.Truth(True)
    evidence: Evidence = Evaluate()
    for _ in range(200):
        part = L.And((part, part))
        evidence = Known(((0, True, evidence), (1, True, evidence)))
    claim = write_claim(part)
    assert len(json.loads(claim)["nodes"]) == 201
    assert len(json.loads(write_certificate(claim, True, evidence, part))["evidence"]) == 201


def test_equal_variables_stay_apart() -> None:
    one, other = L.Variable("x", L.Objects(WALKING)), L.Variable("x", L.Objects(WALKING))
    body = L.Quantified(L.Quantifier.FORALL, other, L.Equal(one, other))
    nodes = json.loads(write_claim(L.Quantified(L.Quantifier.FORALL, one, body)))["nodes"]
    assert sum(node[0] == "variable" for node in nodes) == 2


def test_a_presented_category_is_claimed_by_its_equations_and_certified_by_its_table() -> None:
    category = finite(SYMMETRIC)
    functor = SetFunctor("Points", category, True, (("1",),), ((0,), (0,)))
    formula = L.Covered(functor, 1)
    claim = write_claim(formula)
    (stated,) = json.loads(claim)["categories"]
    assert stated.keys() == {"name", "objects", "generators", "relations"}
    assert stated["relations"][2] == [0, [0, 1, 0], [1, 0, 1]]
    (proof,) = json.loads(write_certificate(claim, True, Evaluate(), formula))["categories"]
    assert proof.keys() == {"parent", "last", "steps", "rules"}
    assert len(proof["parent"]) == 6


def test_an_infinite_category_is_certified_by_its_loop() -> None:
    formula = L.Finite(infinite(ENDLESS))
    claim = write_claim(formula)
    (proof,) = json.loads(write_certificate(claim, False, Evaluate(), formula))["categories"]
    assert proof.keys() == {"rules", "dom", "prefix", "loop"}


def test_labels_are_kept_as_they_are() -> None:
    functor = SetFunctor("Ωλ", WALKING, True, (("«b»",), ("\x1b[31m", "::error")), ((0, 0),))
    claim = write_claim(L.Covered(functor, 2))
    assert "Ωλ".encode() in claim
    assert json.loads(claim)["set_functors"][0]["elements"] == [["«b»"], ["\x1b[31m", "::error"]]


@pytest.mark.parametrize("data", [b"", b"{}", b'{"evidence":[]}', b'{"evidence":[["no"]],"claim":"","value":true}'])
def test_what_is_no_certificate_is_a_bug(data: bytes) -> None:
    with pytest.raises(Bug):
        read_certificate(data)
