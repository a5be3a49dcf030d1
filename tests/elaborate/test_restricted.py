"""Elements of ``restrict(F, y(Z))`` and ``restrict(F, hom(Z, -))`` are arrows and are written as such."""

from __future__ import annotations

import pytest

from formal.verdict.result import Outcome
from formal.verify.options import Options
from formal.verify.run import check_text

STRUCTURES = """
category C { objects P, Q arrows e: P -> P, a: P -> Q equations e^2 = e, e >> a = a }
category D { objects A, B arrows f: A -> B, g: A -> B }
functor F: C -> D { P |-> A, Q |-> B, e |-> id(A), a |-> f }
functor K: D -> D { A |-> A, B |-> B, f |-> g, g |-> f }
transformation i: restrict(F, y(A)) => restrict(F, y(B)) { P |-> {"id(A)" |-> g} }
transformation j: restrict(F, hom(B, -)) => restrict(F, hom(A, -)) { Q |-> {"id(B)" |-> g} }
transformation k: restrict(F >> K, y(B)) => restrict(F, y(B)) { P |-> {f |-> g, g |-> f}, Q |-> {"id(B)" |-> "id(B)"} }
"""

CLAIMS = [
    ("i(id(A)) = g", True),
    ("i(id(A)) = f", False),
    ("i(id(A)) >> id(B) = g", True),
    ("F(e) >> i(id(A)) = i(F(e))", True),
    ("forall X in C, h: F(X) -> A. i(h) = h >> g", True),
    ("forall X in C, h: F(X) -> A. i(h) = h >> f", False),
    ("forall X in C, h: F(X) -> A. i(h) != h >> f", True),
    ("forall X in C, h: B -> F(X). j(h) = g >> h", True),
    ("forall X in C, h: F(X) -> B. k(K(h)) = h", True),
    ("forall X in C, t in restrict(F, y(B))(X). t >> id(B) = t", True),
    ("exists t in restrict(F, y(B))(P). t = f", True),
    ("forall t in restrict(F, y(B))(P). t = f", False),
    (
        "forall c: restrict(F, y(A)) => restrict(F, y(B)). "
        "exists! m: A -> B. forall X in C, h: F(X) -> A. h >> m = c(h)",
        True,
    ),
    ("forall Z in D. exists c: restrict(F, y(A)) => restrict(F, y(Z)). forall X in C, h: F(X) -> A. c(h) = c(h)", True),
]


@pytest.mark.parametrize(("formula", "value"), CLAIMS)
def test_an_element_stands_for_the_arrow_that_it_is(formula: str, value: bool) -> None:
    options = Options(engine="both", cache=False)
    result = check_text(f"{STRUCTURES}claim c: {formula} expect {'proved' if value else 'refuted'}", options)
    assert not result.diagnostics
    (claim,) = result.claims
    assert claim.trouble is None, claim.reason
    assert claim.certified
    assert claim.outcome is (Outcome.PROVED if value else Outcome.REFUTED)


@pytest.mark.parametrize("formula", ["i(f) = f", "i(g >> id(B)) = g", "forall Y in D, h: Y -> A. i(h) = i(h)"])
def test_another_arrow_is_no_element(formula: str) -> None:
    result = check_text(f"{STRUCTURES}claim c: {formula}")
    assert [str(diagnostic.code) for diagnostic in result.diagnostics] == ["no-such-element"]
