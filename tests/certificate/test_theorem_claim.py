"""Obligations of theorems as bytes: canonical, with unique names, whatever their depth."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from formal.certificate.theorem import write_herbrand_certificate, write_theorem_claim
from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Axiom,
    Equal,
    Finite,
    Formula,
    Function,
    Named,
    Not,
    Quantified,
    Role,
    Truth,
    Type,
    Variable,
    category_symbol,
)
from formal.text import Bug

C = category_symbol("C")
OB = Type(C.objects)


@dataclass(frozen=True)
class Sequent:
    goal: Formula
    axioms: tuple[Axiom, ...] = ()
    functions: tuple[Function, ...] = ()
    theorem: str = "some theorem"
    obligation: str = "show"
    categories: tuple[str, ...] = ("C",)
    set_functors: tuple[tuple[str, str, bool], ...] = (("T", "C", True),)


def forall(*variables: Variable, body: Formula) -> Formula:
    return Quantified(Quantifier.FORALL, variables, body)


def hom(x: Variable, y: Variable) -> Type:
    return Type(C.arrows, (x, y))


def test_a_claim_is_canonical() -> None:
    x = Variable("X", OB)
    f = Variable("f", hom(x, x))
    point = Function("point", (x,), hom(x, x), Role.GIVEN)
    body = Equal(C.composition(point(x), f), f)
    claim = write_theorem_claim(Sequent(Truth(True), (Axiom("é", forall(x, f, body=body)),), (point,)))
    document = json.loads(claim)
    assert document["axioms"] == [
        [
            "é",
            [
                "forall",
                [["X", ["Ob", "C"]], ["f", ["Hom", "C", "X", "X"]]],
                ["=", ["comp.C", ["point", "X"], "f"], "f"],
            ],
        ]
    ]
    assert document["functions"] == [["point", [["X", ["Ob", "C"]]], ["Hom", "C", "X", "X"]]]
    assert document["set_functors"] == [["T", "C", "contravariant"]]
    assert claim == json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")


def test_bound_names_become_unique() -> None:
    x, other = Variable("x", OB), Variable("x", OB)
    inner = forall(other, body=Equal(other, x))
    twice = forall(x, body=And((inner, inner, Named("same", "same(x, x)", Equal(x, x)))))
    goal = json.loads(write_theorem_claim(Sequent(twice)))["goal"]
    ob = ["Ob", "C"]
    assert goal == [
        "forall",
        [["x", ob]],
        [
            "and",
            ["forall", [["x_2", ob]], ["=", "x_2", "x"]],
            ["forall", [["x_3", ob]], ["=", "x_3", "x"]],
            ["=", "x", "x"],
        ],
    ]


def test_an_axiom_is_not_taken_for_the_goal() -> None:
    claim = write_theorem_claim(Sequent(Truth(True), (Axiom("goal", Truth(True)),)))
    assert json.loads(claim)["axioms"] == [["assume goal", ["true"]]]


def test_depth_is_no_matter() -> None:
    formula: Formula = Truth(False)
    term: tuple[object, ...] = ("P",)
    for _ in range(5000):
        formula, term = Not(formula), ("F", term)
    claim = write_theorem_claim(Sequent(formula))
    assert claim.count(b'["not",') == 5000
    assert write_herbrand_certificate(claim, [("goal", (term,))]).count(b'["F",') == 5000


@pytest.mark.parametrize("formula", [Finite("C"), Equal(Variable("x", OB), Variable("y", OB))])
def test_what_a_claim_cannot_say_is_our_mistake(formula: Formula) -> None:
    with pytest.raises(Bug):
        write_theorem_claim(Sequent(formula))


def test_a_certificate_names_its_claim() -> None:
    first, second = (
        write_herbrand_certificate(claim, [("C.left_identity", (("id.C", ("P",)),)), ("goal", ())])
        for claim in (b"1", b"2")
    )
    assert json.loads(first)["instances"] == [["C.left_identity", [["id.C", ["P"]]]], ["goal", []]]
    assert json.loads(first)["claim"] != json.loads(second)["claim"]
