"""The kernel for theorems against changed claims, changed certificates and bombs: no false theorem is accepted.

Whether a theorem is false is decided by looking for a small counter-model, which shares no code with the kernel.
"""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.herbrand import Limits, Rejected, check
from tests.herbrand.example import (
    EXAMPLES,
    MONOS_COMPOSE,
    OB,
    SPLIT_MONOS,
    TERMINAL_OBJECTS,
    UNIQUE,
    Example,
    comp,
    document,
    encode,
    hom,
)
from tests.herbrand.model import Model, add_category, add_set_functor, every_function

Json = Any
MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
SMALL = Limits(claim=100_000, steps=100_000)

CATEGORIES: list[tuple[tuple[int, ...], list[tuple[int, int, tuple[int, ...]]]]] = [
    ((), []),
    ((1,), []),
    ((1, 1), []),
    ((1, 1), [(0, 1, (0,))]),
    ((1, 2), [(0, 1, (0,)), (0, 1, (1,))]),
    ((2, 1), [(0, 1, (0, 0)), (1, 0, (0,))]),
    ((2,), [(0, 0, (1, 0))]),
    ((2,), [(0, 0, (0, 0))]),
    ((1, 1), [(0, 1, (0,)), (1, 0, (0,))]),
]
"""Nothing; one object; two; an arrow; two parallel arrows; a retract; a group of two; an idempotent; an isomorphism."""


def models(claim: Json) -> Iterator[Model]:
    """Small models of the declarations of a claim; its axioms may fail in them."""
    for chosen in itertools.product(CATEGORIES, repeat=len(claim["categories"])):
        for at, constant in itertools.product([[], [0]], [0, 1, 2]):
            model = Model()
            for name, (sizes, maps) in zip(claim["categories"], chosen, strict=True):
                add_category(model, name, sizes, maps)
            for name, base, variance in claim["set_functors"]:
                places = at if model.objects[base] else []
                add_set_functor(model, name, base, variance == "contravariant", places, constant)
            yield from itertools.islice(every_function(model, claim["functions"]), 200)
            if not claim["set_functors"]:
                break


def is_false(claim: Json) -> bool:
    """Whether a small counter-model is found."""
    return any(model.refutes(claim) for model in models(claim))


def paths(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from paths(item, (*path, key))


def at(value: Json, path: tuple[Any, ...]) -> Json:
    for key in path:
        value = value[key]
    return value


def changed(value: Json, random: Random) -> Json:
    """The same with one part replaced by another, removed, repeated, or exchanged with its neighbour."""
    value = copy.deepcopy(value)
    everywhere = list(paths(value))
    path = random.choice(everywhere)
    place, key = at(value, path[:-1]), path[-1]
    other = random.choice([p for p in everywhere if p[0] == path[0] or random.random() < 0.1] or everywhere)
    match random.choice(["replace", "replace", "remove", "repeat", "swap", "name"]):
        case "replace":
            place[key] = copy.deepcopy(at(value, other))
        case "remove" if isinstance(place, list):
            del place[key]
        case "repeat" if isinstance(place, list):
            place.insert(key, copy.deepcopy(place[key]))
        case "swap" if isinstance(place, list) and key:
            place[key], place[key - 1] = place[key - 1], place[key]
        case _ if isinstance(place[key], str):
            words = ["forall", "exists", "exists!", "and", "or", "not", "implies", "iff", "true", "false", "=", "goal"]
            place[key] = random.choice(words)
    return value


def accepts(claim: bytes, certificate: bytes) -> bool:
    """Nothing but ``Rejected`` is ever raised."""
    try:
        check(claim, certificate, limits=SMALL)
    except Rejected:
        return False
    return True


def accepted_for(claim: Json, certificate: Json) -> bool:
    """Whether a claim is accepted with a certificate that is made to fit it."""
    data = encode(claim)
    return accepts(data, Example("forged", claim, ()).certificate.replace(b"[]", encode(certificate["instances"])))


@MANY
@given(st.sampled_from(EXAMPLES), st.integers(0, 10**9), st.integers(1, 3))
def test_a_changed_claim_is_accepted_only_if_it_is_true(example: Example, seed: int, changes: int) -> None:
    random = Random(seed)
    claim = example.document
    for _ in range(changes):
        claim = changed(claim, random)
        if not isinstance(claim, dict):
            return
    if accepted_for(claim, json.loads(example.certificate)):
        assert not is_false(claim)


@MANY
@given(st.sampled_from(EXAMPLES), st.integers(0, 10**9), st.booleans())
def test_a_changed_certificate_for_another_claim(example: Example, seed: int, is_second: bool) -> None:
    """Whatever instances there are: a false theorem with the same declarations is not accepted."""
    random = Random(seed)
    claim = copy.deepcopy(example.document)
    if is_second and claim["axioms"]:
        del claim["axioms"][random.randrange(len(claim["axioms"]))]
    else:
        claim["goal"] = ["not", claim["goal"]]
    certificate = changed(json.loads(example.certificate), random)
    if isinstance(certificate.get("instances"), list):
        assert not accepted_for(claim, certificate)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_oracle_knows_what_is_true(example: Example) -> None:
    assert not is_false(example.document)
    assert is_false({**example.document, "goal": ["not", example.document["goal"]]})


@pytest.mark.parametrize("example", [MONOS_COMPOSE, SPLIT_MONOS, TERMINAL_OBJECTS, UNIQUE], ids=lambda e: e.name)
def test_the_oracle_knows_what_is_needed(example: Example) -> None:
    assert is_false({**example.document, "axioms": example.document["axioms"][:-1]})


@MANY
@given(st.sampled_from(EXAMPLES), st.data())
def test_changed_bytes(example: Example, data: st.DataObject) -> None:
    files = [bytearray(example.claim), bytearray(example.certificate)]
    file = data.draw(st.sampled_from(files))
    for _ in range(data.draw(st.integers(1, 3))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    if accepts(bytes(files[0]), bytes(files[1])):
        assert files[0] == example.claim, "the digest belongs to one claim"


# --- tricks ----------------------------------------------------------------------------------------

X, Y = ["X"], ["Y"]
E = ["El", "T", X]
T = [["T", "C", "covariant"]]


def refused(claim: Json, *instances: Json) -> None:
    """Not accepted, and it is false."""
    assert is_false(claim)
    assert not accepted_for(claim, {"instances": list(instances)})


def test_nothing_is_taken_from_an_empty_fibre() -> None:
    """From ``for all t. false`` nothing follows when there is no t."""
    claim = document(
        set_functors=T, functions=[["X", [], OB]], axioms=[["a", ["forall", [["t", E]], ["false"]]]], goal=["false"]
    )
    refused(claim, ["a", [["a.t"]]], ["a", ["t"]], ["a", [["act.T", ["id.C", X], ["a.t"]]]], ["a", []])


def test_a_witness_below_a_disjunction_need_not_be_there() -> None:
    """``X = X or there is t`` does not give a t, nor does what is built from it."""
    maybe = ["or", ["=", X, X], ["exists", [["s", E]], ["true"]]]
    never = ["forall", [["t", E]], ["false"]]
    claim = document(set_functors=T, functions=[["X", [], OB]], axioms=[["m", maybe], ["n", never]], goal=["false"])
    moved = ["act.T", ["id.C", X], ["m.s"]]
    refused(claim, ["m", []], ["n", [["m.s"]]], ["n", [moved]], ["T.identity", [["m.s"]]])


def test_an_argument_of_another_type_is_of_no_use() -> None:
    """All endomorphisms of X are equal; so are not all arrows from X to Y."""
    equal = ["forall", [["a", hom(X, X)], ["b", hom(X, X)]], ["=", "a", "b"]]
    functions = [["X", [], OB], ["Y", [], OB], ["f", [], hom(X, Y)], ["g", [], hom(X, Y)]]
    claim = document(functions=functions, axioms=[["e", equal]], goal=["=", ["f"], ["g"]])
    refused(claim, ["goal", []], ["e", [["f"], ["g"]]], ["e", [["comp.C", ["f"], ["g"]], ["g"]]])


def test_names_that_look_like_ours() -> None:
    """Functions called like Skolem functions, like equality, or like a truth value."""
    for name in ("goal.t", "=", "defined", "true", "and", "#2", "0", "1", "-1"):
        functions = [["X", [], OB], [name, [], E], ["s", [], E], ["=2", [["p", E], ["q", E]], E]]
        goal = ["forall", [["t", E]], ["=", "t", [name]]]
        claim = document(set_functors=T, functions=functions, goal=goal)
        refused(claim, ["goal", []], ["T.identity", [[name]]], ["T.identity", [["=2", [name], ["s"]]]])


def test_variables_that_are_called_like_constants() -> None:
    goal = ["forall", [["X", OB]], ["=", "X", X]]
    refused(document(functions=[["X", [], OB]], goal=goal), ["goal", []])


@pytest.mark.parametrize(
    "claim",
    [
        encode(document(goal=["true"])).replace(b'["true"]', b'["not",' * 100 + b'["true"]' + b"]" * 100),
        encode(document(goal=["true"])).replace(b'["true"]', b'["not",' * 10**5 + b'["true"]' + b"]" * 10**5),
        encode(document(goal=["true"])).replace(b'["true"]', b'["iff",["true"],' * 100 + b'["true"]' + b"]" * 100),
    ],
    ids=["deep", "deeper", "doubled a hundred times"],
)
def test_deep_formulas(claim: bytes) -> None:
    certificate = Example("deep", json.loads(claim) if len(claim) < 10_000 else document(), ()).certificate
    accepts(claim, certificate)


def test_existence_and_uniqueness_nested() -> None:
    """Every level is copied three times."""
    goal: Json = ["=", "x0", "x0"]
    for n in range(30):
        goal = ["exists!", [[f"x{n}", OB]], goal]
    assert not accepted_for(document(goal=goal), {"instances": []})


def test_terms_that_are_large_when_written_out() -> None:
    """Each level doubles: d(x) is built from x twice, in the type of the next arrow."""
    functions: Json = [["X", [], OB], ["d", [["p", OB], ["q", OB]], OB]]
    functions += [["k", [["x", OB], ["y", OB], ["f", hom("x", "y")]], hom(["d", "x", "x"], "y")], ["f", [], hom(X, X)]]
    term: Json = ["f"]
    for _ in range(100):
        term = ["k", term]
    claim = document(functions=functions, goal=["=", term, term])
    assert accepted_for(claim, {"instances": [["goal", []]]})


def test_types_that_lead_to_types() -> None:
    """A long chain of declarations, each in the type of the next."""
    functions: Json = [["X", [], OB], ["e", [["x", OB], ["y", OB], ["f", hom("x", "y")]], OB]]
    functions.append(["k0", [["x", OB]], hom("x", "x")])
    for n in range(1, 2000):
        functions.append([f"k{n}", [["x", OB]], hom(["e", [f"k{n - 1}", "x"]], "x")])
    claim = document(functions=functions, goal=["=", ["k1999", X], ["k1999", X]])
    assert accepted_for(claim, {"instances": [["goal", []]]})


def test_more_instances_than_there_is_time_for() -> None:
    claim = MONOS_COMPOSE.document
    identities: Json = [["C.left_identity", [["f"]]]] * 50_000
    with pytest.raises(Rejected, match="limit"):
        check(encode(claim), Example("many", claim, tuple(map(tuple, identities))).certificate, limits=SMALL)


def test_a_composite_is_not_made_to_fit() -> None:
    """f and g do not compose; the guard Y = X is not given."""
    functions = [["X", [], OB], ["Y", [], OB], ["f", [], hom(X, Y)], ["g", [], hom(X, X)]]
    idle = ["forall", [["a", hom(X, X)]], ["=", comp("a", ["g"]), ["g"]]]
    goal = ["forall", [["h", hom(X, Y)]], ["=", "h", ["f"]]]
    claim = document(functions=functions, axioms=[["idle", idle]], goal=goal)
    refused(claim, ["goal", []], ["idle", [["f"]]], ["idle", [["goal.h"]]], ["C.associativity", [["f"], ["g"], ["g"]]])
