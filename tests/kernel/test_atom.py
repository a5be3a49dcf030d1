"""The truth table of each rule for atoms: evidence that it accepts, and its smallest changes, which it rejects."""

from __future__ import annotations

import pytest

from formal.certificate.evidence import (
    BadComponent,
    Equivalence,
    Evaluate,
    Evidence,
    FewComponents,
    Forest,
    Invariant,
    Isomorphism,
    Separated,
)
from formal.construct.group import dihedral
from formal.construct.order import chain, codiscrete, discrete, poset
from formal.core.functor import SetFunctor
from formal.logic import formula as L  # noqa: N812
from tests.kernel.example import (
    BOTTOM,
    FIXED,
    FORK,
    INVOLUTION,
    MIXED,
    NONE,
    PAIR,
    TOP,
    WALKING,
    accept,
    rejection,
)

Row = tuple[L.Formula, bool, Evidence, str]
"""A formula, the truth value claimed, the evidence, and the rule that rejects it: none when it is empty."""


def two(functor: SetFunctor = MIXED) -> L.Formula:
    return L.CoproductOfRepresentables(functor, 2)


FOREST: list[Row] = [
    (two(), True, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), ""),
    (two(), True, Forest((2, 0), (0, 2, 2), (-1, 0, -1)), ""),
    (L.Covered(MIXED, 2), True, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), ""),
    (L.Covered(MIXED, 3), True, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), ""),
    (L.Covered(FORK, 2), True, Forest((1, 2), (1, 1, 2), (0, -1, -1)), ""),
    (L.CoproductOfRepresentables(NONE, 0), True, Forest((), (), ()), ""),
    (L.CoproductOfRepresentables(FORK, 2), True, Forest((1, 2), (1, 1, 2), (0, -1, -1)), "forest"),  # b twice
    (L.CoproductOfRepresentables(FIXED, 1), True, Forest((0,), (0,), (-1,)), "forest"),  # not freely
    (L.CoproductOfRepresentables(MIXED, 3), True, Forest((0, 1, 2), (0, 1, 2), (-1, -1, -1)), "forest"),
    (L.CoproductOfRepresentables(MIXED, 1), True, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), "forest"),
    (L.Covered(MIXED, 1), True, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), "forest"),  # too many roots
    (two(), True, Forest((0, 2), (0, 0, 2), (-1, 0, -1)), "forest"),  # a does not lead to b
    (two(), True, Forest((0, 1), (0, 2, 2), (-1, 0, -1)), "forest"),  # b is not a root
    (L.Covered(FIXED, 1), True, Forest((), (0,), (0,)), "forest"),  # * leads to *: a circle
    (two(), True, Forest((0, 2), (0, 2), (-1, 0)), "format"),
    (two(), True, Forest((0, 2), (0, 2, 3), (-1, 0, -1)), "format"),
    (two(), True, Forest((0, 2), (0, 2, 2), (-1, 1, -1)), "format"),
    (two(), False, Forest((0, 2), (0, 2, 2), (-1, 0, -1)), "value"),
]

SEPARATED: list[Row] = [
    (L.Covered(MIXED, 1), False, Separated((0, -1, 1), 2), ""),
    (L.CoproductOfRepresentables(FORK, 1), False, Separated((-1, 0, 1), 2), ""),
    (L.CoproductOfRepresentables(MIXED, 0), False, Separated((0, -1, -1), 1), ""),
    (L.Covered(MIXED, 1), False, Separated((0, -1, 1), 3), "separated"),  # one is empty
    (L.Covered(MIXED, 1), False, Separated((0, 1, -1), 2), "separated"),  # c acts into the second
    (L.Covered(MIXED, 1), False, Separated((0, 0, 1), 2), "separated"),  # c acts into the first
    (L.Covered(MIXED, 1), False, Separated((0, -1, 0), 1), "format"),  # not more than asked for
    (L.Covered(MIXED, 1), True, Separated((0, -1, 1), 2), "value"),
]

FEW_COMPONENTS: list[Row] = [
    (L.CoproductOfRepresentables(FORK, 2), False, FewComponents(), ""),
    (L.CoproductOfRepresentables(NONE, 1), False, FewComponents(), ""),
    (L.CoproductOfRepresentables(MIXED, 2), False, FewComponents(), "few-components"),
    (L.Covered(FORK, 2), False, FewComponents(), "few-components"),  # says nothing of mere covers
]

BOTH = SetFunctor("Both", WALKING, True, (("a", "b"), ("c", "d")), ((0, 1),))
"""Two copies of Hom(-, 1)."""

BAD_COMPONENT: list[Row] = [
    (L.CoproductOfRepresentables(FIXED, 1), False, BadComponent((True,), (True,), ((0, 0),)), ""),
    (
        L.CoproductOfRepresentables(BOTH, 2),  # true: the two components are no one component
        False,
        BadComponent((True,) * 4, (False, False, True, True), ((1, 0),)),
        "bad-component",
    ),
    (
        L.CoproductOfRepresentables(BOTH, 2),
        False,
        BadComponent((True, False, True, False), (False, False, True, False), ((1, 0),)),
        "bad-component",  # as many elements as arrows
    ),
    (L.CoproductOfRepresentables(FIXED, 1), False, BadComponent((True,), (False,), ()), "bad-component"),
    (L.CoproductOfRepresentables(FIXED, 1), False, BadComponent((True,), (True,), ()), "bad-component"),
    (L.CoproductOfRepresentables(FIXED, 1), False, BadComponent((False,), (True,), ((0, 0),)), "bad-component"),
    (
        L.CoproductOfRepresentables(TOP, 1),  # something acts into the sources
        False,
        BadComponent((True, True), (True, False), ((0, 1),)),
        "bad-component",
    ),
    (L.Covered(FIXED, 1), False, BadComponent((True,), (True,), ((0, 0),)), "bad-component"),
    (L.CoproductOfRepresentables(FIXED, 1), True, BadComponent((True,), (True,), ((0, 0),)), "value"),
]

TWIN = SetFunctor("Twin", WALKING, True, (("b",), ("c", "d")), ((0, 0),))
SPLIT = SetFunctor("Split", WALKING, True, (("a", "b"), ("c", "d")), ((0, 1),))
JOINED = SetFunctor("Joined", WALKING, True, (("a", "b"), ("c", "d")), ((0, 0),))

ISOMORPHISM: list[Row] = [
    (L.Isomorphic(FORK, TWIN), True, Isomorphism((0, 2, 1)), ""),
    (L.Isomorphic(FORK, TWIN), True, Isomorphism((0, 1, 1)), "isomorphism"),  # not injective
    (L.Isomorphic(SPLIT, JOINED), True, Isomorphism((0, 1, 2, 3)), "natural"),
    (L.Isomorphic(SPLIT, SPLIT), True, Isomorphism((2, 3, 0, 1)), "natural"),  # over other objects
    (L.Isomorphic(FORK, TWIN), True, Isomorphism((0, 2)), "format"),
    (L.Isomorphic(FORK, TWIN), True, Isomorphism(((0, 2, 1), ())), "format"),
    (L.Isomorphic(NONE, NONE), True, Isomorphism(()), ""),
    (L.Isomorphic(WALKING, chain(2)), True, Isomorphism(((0, 1), (2,))), ""),
    (L.Isomorphic(WALKING, chain(3)), True, Isomorphism(((0, 1), (3,))), "functor"),
    (L.Isomorphic(WALKING, chain(2)), True, Isomorphism(((1, 0), (2,))), "functor"),  # wrong ends
    (L.Isomorphic(FORK, TWIN), False, Isomorphism((0, 2, 1)), "value"),
]

EQUIVALENCE: list[Row] = [
    (L.Equivalent(codiscrete(("x", "y")), chain(1)), True, Equivalence(((0, 0), (0, 0))), ""),
    (L.Equivalent(chain(1), codiscrete(("x", "y"))), True, Equivalence(((1,), ())), ""),
    (L.Equivalent(chain(1), PAIR), True, Equivalence(((0,), ())), "functor"),  # not essentially surjective
    (L.Equivalent(PAIR, chain(1)), True, Equivalence(((0, 0), ())), "functor"),  # not full
    (L.Equivalent(INVOLUTION, chain(1)), True, Equivalence(((0,), (0,))), "functor"),  # not faithful
    (L.Equivalent(INVOLUTION, chain(1)), True, Equivalence(((0,), (1,))), "format"),
    (L.Equivalent(chain(1), chain(1)), False, Equivalence(((0,), ())), "value"),
]

INVARIANT: list[Row] = [
    (L.Isomorphic(FORK, MIXED), False, Invariant(0), ""),
    (L.Isomorphic(SPLIT, JOINED), False, Invariant(0), "invariant"),
    (L.Isomorphic(SPLIT, JOINED), False, Invariant(1), ""),
    (L.Isomorphic(FORK, TWIN), False, Invariant(3), "invariant"),  # they are isomorphic
    (L.Isomorphic(INVOLUTION, WALKING), False, Invariant(0), ""),
    (L.Isomorphic(chain(3), poset(("0", "1", "2", "3"), [(0, 1), (2, 3)])), False, Invariant(0), ""),
    (L.Isomorphic(dihedral(2), dihedral(2)), False, Invariant(2), "invariant"),
    (L.Isomorphic(FORK, MIXED), True, Invariant(0), "value"),
]

ELEMENTS = [L.Universal(TOP, L.ElementConstant(TOP, t)) for t in range(2)]

EVALUATE: list[Row] = [
    (ELEMENTS[0], False, Evaluate(), ""),
    (ELEMENTS[1], True, Evaluate(), ""),
    (ELEMENTS[1], False, Evaluate(), "value"),
    (L.Universal(BOTTOM, L.ElementConstant(BOTTOM, 0)), True, Evaluate(), ""),
    (L.Universal(FIXED, L.ElementConstant(FIXED, 0)), False, Evaluate(), ""),
    (L.Covered(FORK, 1), False, Evaluate(), ""),
    (L.Covered(FORK, 2), True, Evaluate(), ""),
    (L.CoproductOfRepresentables(MIXED, 2), True, Evaluate(), ""),
    (L.CoproductOfRepresentables(MIXED, 1), False, Evaluate(), ""),
    (L.CoproductOfRepresentables(FIXED, 1), False, Evaluate(), ""),
    (L.Connected(WALKING), True, Evaluate(), ""),
    (L.Connected(PAIR), False, Evaluate(), ""),
    (L.Connected(discrete(())), False, Evaluate(), ""),
    (L.Isomorphic(FORK, TWIN), True, Evaluate(), ""),
    (L.Isomorphic(SPLIT, JOINED), False, Evaluate(), ""),
    (L.Isomorphic(INVOLUTION, WALKING), False, Evaluate(), ""),
    (L.Isomorphic(dihedral(2), dihedral(2)), True, Evaluate(), ""),
    (L.Equivalent(codiscrete(("x", "y")), chain(1)), True, Evaluate(), ""),
    (L.Equivalent(PAIR, chain(1)), False, Evaluate(), ""),
    (L.Equinumerous(L.FiniteSet(("a", "b")), L.Fibre(MIXED, L.ObjectConstant(WALKING, 0))), True, Evaluate(), ""),
    (L.Equinumerous(L.FiniteSet(("a", "a")), L.FiniteSet(("b",))), True, Evaluate(), "format"),
]

TABLES = {
    "forest": FOREST,
    "separated": SEPARATED,
    "few-components": FEW_COMPONENTS,
    "bad-component": BAD_COMPONENT,
    "isomorphism": ISOMORPHISM,
    "equivalence": EQUIVALENCE,
    "invariant": INVARIANT,
    "evaluate": EVALUATE,
}


@pytest.mark.parametrize(
    ("formula", "value", "evidence", "rule"),
    [pytest.param(*row, id=f"{name}-{i}") for name, table in TABLES.items() for i, row in enumerate(table)],
)
def test_the_truth_table(formula: L.Formula, value: bool, evidence: Evidence, rule: str) -> None:
    assert rejection(formula, value, evidence) == rule


@pytest.mark.parametrize("evidence", [FewComponents(), Invariant(0), Equivalence(((0,), ()))])
def test_evidence_for_another_atom_is_rejected(evidence: Evidence) -> None:
    assert rejection(L.Connected(WALKING), True, evidence) == "format"


def test_what_is_known_by_construction_is_trusted_and_said() -> None:
    assert accept(L.Truth(True, "a free category on a loop"), True, Evaluate()).trusted == (
        "true by construction: a free category on a loop",
    )
