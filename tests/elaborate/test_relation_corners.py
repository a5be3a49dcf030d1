"""Corners of the meaning of terms about relations: variables in sets, one column, orders of objects, infinity."""

from __future__ import annotations

import pytest

from formal.verify.options import Options
from formal.verify.run import check_text

DECLARED = """
relation R on {x, y} over product { x -> y = 1/2 }
relation Q on {y, x} over product { x -> y = 1/3 }
profunctor K from {x, y} to {u, v} over product { x -> u = 1, y -> u = 1 }
profunctor L from {x, y} to {u, v} over product { x -> v = 1, y -> v = 1 }
relation D on {a, b} over lawvere { a -> b = 1 }
weight W on R { x |-> 1/2, y |-> 1 }
weight V on D { a |-> infinity, b |-> infinity }
"""

PROVED = {
    "variables_in_a_set": "forall x in {y}. forall z in {x}. R(z, y) = 1",
    "one_column": "distance(K, L, metric: tv, on: {u}) = 1/2",
    "one_column_left": "distance(restrict(K, columns: {u}), restrict(L, columns: {u}), metric: tv) = 1/2",
    "one_column_near": "isomorphic(K, L, metric: tv, within: 1/2, on: {u})",
    "one_column_far": "not isomorphic(K, L, metric: tv, within: 49/100, on: {u})",
    "weights_are_one_row": "distance(W, represented(R, x), metric: tv) = 3/4",
    "other_order": "defect(R >> Q) = 0 and (R >> Q)(x, y) = 1/2",
    "restricted_weight": "gap(restrict(W, rows: {x})) = 1/2",
    "vertices_of_their_own_hull": "in_hull(K, of: K) and in_hull(R, of: R)",
    "far_from_all": "gap(V) > 1000000 and not representable(V)",
}


@pytest.mark.parametrize("name", PROVED)
def test_corner(name: str) -> None:
    found = check_text(f"{DECLARED}claim it: {PROVED[name]}\n", Options(cache=False))
    assert not found.diagnostics, [d.message for d in found.diagnostics]
    assert [claim.outcome.value for claim in found.claims] == ["proved"], [c.reason for c in found.claims]


@pytest.mark.parametrize("term", ['restrict(W, columns: {"*"})', "restrict(opposite(W), rows: {})"])
def test_a_vector_is_restricted_to_its_objects(term: str) -> None:
    found = check_text(f"{DECLARED}claim it: distance({term}, {term}) = 0\n", Options(cache=False))
    assert [d.code.value for d in found.diagnostics] == ["wrong-arguments"]


def test_an_argument_of_relations_tells_what_a_claim_is_about() -> None:
    found = check_text(f"{DECLARED}claim it: representable(Unknown, within: 1)\n", Options(cache=False))
    assert [d.code.value for d in found.diagnostics] == ["unknown-name"]
