"""Claims that are not well-formed are rejected by the rule that they break."""

from __future__ import annotations

import json
from typing import Any

import pytest

from formal.herbrand import Rejected, check, read
from tests.herbrand.example import MONOS_COMPOSE, OB, X, Y, comp, document, encode, hom

FUNCTIONS = [["X", [], OB], ["Y", [], OB], ["f", [], hom(X, Y)], ["F", [["x", OB]], OB]]
T = ["T", "C", "contravariant"]


def rejected(rule: str, **fields: Any) -> None:
    with pytest.raises(Rejected) as raised:
        read(encode(document(**{"functions": FUNCTIONS, **fields})))
    assert raised.value.rule == rule


def forall(*variables: Any, body: Any = ("true",)) -> Any:
    return ["forall", list(variables), body]


@pytest.mark.parametrize(
    ("rule", "functions"),
    [
        ("names", [["X", [], OB], ["X", [], OB]]),
        ("names", [["id.C", [["x", OB]], hom("x", "x")]]),
        ("names", [["comp.C", [], OB]]),
        ("names", [["k", [["x", OB], ["x", OB]], OB]]),
        ("names", [["k", [], ["Ob", "D"]]]),
        ("names", [["k", [], ["El", "C", X]]]),
        ("names", [["k", [], ["Hom", "T", X, X]]]),
        ("typing", [["k", [], hom(X, X)], ["X", [], OB]]),
        ("typing", [["k", [], hom(["k"], ["k"])]]),
        ("typing", [["k", [["f", hom("x", "x")], ["x", OB]], OB]]),
        ("typing", [["k", [["x", OB], ["f", hom("x", "x")], ["g", hom("f", "f")]], OB]]),
        ("format", [["k", [["x", OB]]]]),
        ("format", [["k", [], ["Ob", "C", X]]]),
        ("format", [["k", [], ["Hom", "C", X]]]),
        ("format", [["k", [], ["Set", "C"]]]),
        ("format", [["", [], OB]]),
        ("format", [["line\nbreak", [], OB]]),
        ("format", [[None, [], OB]]),
    ],
)
def test_declarations(rule: str, functions: Any) -> None:
    rejected(rule, functions=functions, set_functors=[T])


@pytest.mark.parametrize(
    ("rule", "goal"),
    [
        ("typing", ["=", X, ["f"]]),
        ("typing", ["=", comp(["f"], ["f"]), ["f"]]),
        ("typing", ["=", ["F", ["f"]], X]),
        ("typing", ["=", ["F"], X]),
        ("typing", ["=", ["F", X, X], X]),
        ("typing", ["=", ["goal.x"], X]),
        ("typing", ["=", "x", X]),
        ("typing", ["and", forall(["x", OB]), ["=", "x", "x"]]),
        ("typing", forall(["x", OB], ["f", hom("x", "y")], ["y", OB])),
        ("typing", forall(["x", OB], ["a", hom(["F", "x"], "x")], body=["=", comp("a", "a"), "a"])),
        ("names", ["and", forall(["x", OB]), forall(["x", OB])]),
        ("names", forall(["x", OB], body=forall(["x", OB]))),
        ("names", forall(["x", ["Ob", "D"]])),
        ("format", ["=", X]),
        ("format", ["not"]),
        ("format", ["not", ["true"], ["true"]]),
        ("format", ["implies", ["true"]]),
        ("format", ["true", ["true"]]),
        ("format", ["nor", ["true"]]),
        ("format", [["true"]]),
        ("format", []),
        ("format", {}),
        ("format", "true"),
        ("format", ["forall", {}, ["true"]]),
        ("format", ["forall", [["x"]], ["true"]]),
        ("format", ["forall", [["x", OB]]]),
        ("format", True),
    ],
)
def test_formulas(rule: str, goal: Any) -> None:
    rejected(rule, goal=goal)
    rejected(rule, axioms=[["a", goal]])


def test_an_equation_across_fibres_is_one() -> None:
    """It is false unless the indices are equal."""
    read(encode(document(functions=FUNCTIONS, goal=["=", ["f"], ["id.C", X]])))


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ("names", {"categories": ["C", "C"]}),
        ("names", {"set_functors": [["C", "C", "covariant"]]}),
        ("names", {"set_functors": [T, T]}),
        ("names", {"set_functors": [["T", "D", "covariant"]]}),
        ("names", {"set_functors": [T, ["S", "T", "covariant"]]}),
        ("format", {"set_functors": [["T", "C", "both"]]}),
        ("names", {"axioms": [["goal", ["true"]]]}),
        ("names", {"axioms": [["a", ["true"]], ["a", ["true"]]]}),
        ("names", {"axioms": [["C.associativity", ["true"]]]}),
        ("names", {"axioms": [["a", ["and", ["=", X, Y], ["=", Y, X]]], ["a#2", ["=", X, X]]]}),
        ("format", {"axioms": [["a"]]}),
        ("format", {"axioms": {"a": ["true"]}}),
        ("format", {"format": "formal-theorem/2"}),
        ("format", {"theorem": ""}),
        ("format", {"more": []}),
    ],
)
def test_the_rest(rule: str, fields: Any) -> None:
    rejected(rule, **fields)


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("format", b""),
        ("format", b"\xff"),
        ("format", "é".encode()),
        ("format", b"null"),
        ("format", b"{"),
        ("format", b'{"format":"formal-theorem/1"}'),
        ("format", b"1e999999999"),
        ("format", b'{"a":NaN}'),
        ("format", b'{"a":"x","a":"x"}'),
        ("limit", b"[" * 100_000),
        ("limit", b"[]," * 2_000_000),
    ],
)
def test_bytes(rule: str, data: bytes) -> None:
    for attempt in (lambda: read(data), lambda: check(MONOS_COMPOSE.claim, data)):
        with pytest.raises(Rejected) as raised:
            attempt()
        assert raised.value.rule == rule


def test_keys_that_stand_twice() -> None:
    data = MONOS_COMPOSE.claim[:-1] + b',"goal":["true"]}'
    assert json.loads(data)
    with pytest.raises(Rejected, match="twice"):
        read(data)


@pytest.mark.parametrize(
    ("rule", "instance"),
    [
        ("instance", ["no such axiom", []]),
        ("instance", ["goal", [["X"]]]),
        ("instance", ["C.left_identity", []]),
        ("typing", ["C.left_identity", ["f"]]),
        ("typing", ["C.left_identity", [["X"]]]),
        ("typing", ["C.left_identity", [["f", ["X"]]]]),
        ("typing", ["C.left_identity", [["comp.C", ["f"], ["X"]]]]),
        ("typing", ["C.left_identity", [["mystery"]]]),
        ("typing", ["C.left_identity", [[]]]),
        ("typing", ["C.left_identity", [{}]]),
        ("typing", ["C.left_identity", [None]]),
        ("typing", ["C.left_identity", [[["f"]]]]),
        ("format", ["goal"]),
        ("format", [[], []]),
        ("format", ["goal", {}]),
    ],
)
def test_instances(rule: str, instance: Any) -> None:
    certificate = json.loads(MONOS_COMPOSE.certificate)
    certificate["instances"].append(instance)
    with pytest.raises(Rejected) as raised:
        check(MONOS_COMPOSE.claim, encode(certificate))
    assert raised.value.rule == rule
