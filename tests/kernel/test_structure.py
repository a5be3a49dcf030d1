"""The structures of a claim: each of their axioms is checked, and each change that breaks one is rejected."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from formal.certificate.evidence import Evaluate
from formal.certificate.write import write_certificate, write_claim
from formal.construct.group import cyclic
from formal.construct.order import chain, poset
from formal.core.category import Category, Generator
from formal.core.functor import Functor, SetFunctor
from formal.core.presentation import Path, Presentation
from formal.kernel import Limits, check
from formal.logic import formula as L  # noqa: N812
from tests.kernel.example import (
    BICYCLIC,
    BOTTOM,
    FORK,
    MIXED,
    SQUARE,
    SYMMETRIC,
    TOP,
    WALKING,
    accept,
    edited,
    finite,
    infinite,
    refusal,
    rejection,
    signed,
)
from tests.strategies import categories


def spoken_of(thing: Category | SetFunctor) -> L.Formula:
    """A true formula that mentions a structure."""
    if isinstance(thing, Category):
        x = L.Variable("x", L.Objects(thing))
        return L.Quantified(L.Quantifier.FORALL, x, L.Equal(x, x))
    return L.Isomorphic(thing, thing)


def claimed(thing: Category | SetFunctor) -> tuple[bytes, bytes]:
    formula = spoken_of(thing)
    claim = write_claim(formula)
    return claim, write_certificate(claim, True, Evaluate(), formula)


def with_claim(thing: Category | SetFunctor, *path: Any, to: Any) -> str:
    """The rule that rejects the structure with a change in the claim, signed anew."""
    claim, certificate = claimed(thing)
    changed = edited(claim, path, to)
    assert changed != claim
    return refusal(changed, signed(changed, certificate))


def with_certificate(thing: Category, *path: Any, to: Any) -> str:
    """The rule that rejects the structure with a change in the certificate."""
    claim, certificate = claimed(thing)
    changed = edited(certificate, path, to)
    assert changed != certificate
    return refusal(claim, changed)


# --- constructed categories -----------------------------------------------------------------------


@given(categories())
def test_constructed_categories_are_categories(category: Category) -> None:
    accepted = accept(spoken_of(category), True, Evaluate())
    assert accepted.trusted == ()


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("parent", 3), 1, "table"),
        (("parent", 3), 3, "table"),
        (("parent", 3), -1, "table"),
        (("parent", 0), 0, "table"),
        (("last", 3), 1, "table"),
        (("last", 3), -1, "table"),
        (("last", 3), 2, "format"),
        (("steps", 0), 4, "table"),
        (("steps", 0), 6, "format"),
        (("steps",), [3, 4], "format"),
        (("steps", 2), 3, "table"),
        (("objects",), ["0", "1", "1"], "format"),
        (("objects",), ["0", "1"], "format"),
        (("generators", 0, 1), 3, "format"),
        (("generators", 0, 1), 1, "table"),
        (("generators", 0, 1), True, "format"),
        (("generators", 0), ["f", 0], "format"),
        (("labels",), ["a"], "format"),
        (("name",), 0, "format"),
    ],
)
def test_a_wrong_table_is_rejected(path: tuple[Any, ...], value: Any, rule: str) -> None:
    assert with_claim(chain(3), "categories", 0, *path, to=value) == rule


def magma(rows: list[list[int]]) -> Category:
    """One object, an identity and other arrows that compose by a table, which need not be associative."""
    n = len(rows)
    generators = tuple(Generator(f"g{f}", 0, 0, f) for f in range(1, n))
    zeros = np.zeros(n, dtype=np.int32)
    first = np.array([-1, *[0] * (n - 1)], dtype=np.int32)
    last = np.array([-1, *range(n - 1)], dtype=np.int32)
    steps = np.array([rows[f][g] for f in range(n) for g in range(1, n)], dtype=np.int32)
    return Category("magma", ("o",), generators, zeros, zeros, first, last, steps)


def test_associativity_is_checked_completely_on_all_tables_of_two_elements_and_an_identity() -> None:
    for code in range(3**4):
        a, b, c, d = (code // 3**k % 3 for k in range(4))
        rows = [[0, 1, 2], [1, a, b], [2, c, d]]
        associative = all(
            rows[rows[f][g]][h] == rows[f][rows[g][h]] for f in range(3) for g in range(3) for h in range(3)
        )
        assert rejection(spoken_of(magma(rows)), True, Evaluate()) == ("" if associative else "associative")


def test_associativity_beyond_the_limit_is_trusted_and_said() -> None:
    formula = spoken_of(cyclic(50))
    claim = write_claim(formula)
    certificate = write_certificate(claim, True, Evaluate(), formula)
    assert check(claim, certificate).trusted == ()
    accepted = check(claim, certificate, limits=Limits(axioms=100))
    assert accepted.trusted == ("the axioms of category 0 are not re-checked: too large",)


def test_numbering_need_not_be_shortlex() -> None:
    """Words that are not least among equal ones still prove associativity, from all edges."""
    c = cyclic(5)
    # r^2 is numbered as r r, although it is also the generator q.
    square = Generator("q", 0, 0, 2)
    n = 5
    steps = [x for f in range(n) for x in ((f + 1) % n, (f + 2) % n)]
    slow = replace(c, generators=(*c.generators, square), steps=np.array(steps, dtype=np.int32))
    assert accept(spoken_of(slow), True, Evaluate()).trusted == ()
    steps[5] = 3
    broken = replace(slow, steps=np.array(steps, dtype=np.int32))
    assert rejection(spoken_of(broken), True, Evaluate()) == "associative"


# --- presented categories -------------------------------------------------------------------------


def test_presented_categories_are_proved() -> None:
    for presentation, arrows in ((SQUARE, 9), (SYMMETRIC, 6)):
        category = finite(presentation)
        assert category.arrow_count == arrows
        accepted = accept(spoken_of(category), True, Evaluate())
        assert accepted.trusted == ()
        assert dict(accepted.rules)["enumerate"] == 1


def test_the_claim_holds_the_presentation_and_not_the_table() -> None:
    category = finite(SYMMETRIC)
    one, other = (L.ArrowConstant(category, category.trace(0, word)) for word in ((0, 1), (1, 0)))
    claim = write_claim(L.Equal(L.Composite(category, one, other), L.Identity(category, L.ObjectConstant(category, 0))))
    assert b'"arrow",0,[0,0,1]' in claim
    assert b"steps" not in claim
    assert accept(L.Equal(L.Composite(category, one, other), L.ArrowConstant(category, 0)), True, Evaluate())


TRIVIAL = Presentation("One", ("o",), (("s", 0, 0),), ((Path(0, (0,)), Path(0, ())),))


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("parent",), [-1], "format"),
        (("steps", 0), 0, "table"),
        (("steps", 2), 1, "enumerate"),
        (("rules",), [], "enumerate"),
        (("rules", 0, 3), [], "derive"),
        (("rules", 0, 3, 0, 0), 1, "derive"),
        (("rules", 0, 3, 0, 0), 9, "format"),
        (("rules", 0, 3, 0, 1), 99, "format"),
        (("rules", 0, 3, 0, 2), 1, "format"),
        (("rules", 0, 2), [0], "derive"),
        (("rules", 0, 1), [9], "format"),
        (("rules", 0, 0), 1, "format"),
    ],
)
def test_a_wrong_enumeration_is_rejected(path: tuple[Any, ...], value: Any, rule: str) -> None:
    assert with_certificate(finite(SYMMETRIC), "categories", 0, *path, to=value) == rule


def test_a_table_that_is_too_small_or_too_large_is_rejected() -> None:
    """Z/2 given out for Z/4, and the other way round."""
    four = Presentation("Four", ("o",), (("r", 0, 0),), ((Path(0, (0,) * 4), Path(0, ())),))
    two = Presentation("Two", ("o",), (("r", 0, 0),), ((Path(0, (0,) * 2), Path(0, ())),))
    for large, small in ((four, two), (two, four)):
        claim, certificate = claimed(finite(large))
        _, other = claimed(finite(small))
        assert refusal(claim, certificate) == ""
        assert refusal(claim, signed(claim, other)) in ("derive", "enumerate")


def test_relations_must_be_parallel_paths() -> None:
    category = finite(SQUARE)
    assert with_claim(category, "categories", 0, "relations", 0, to=[0, [0, 1], [2]]) == "path"
    assert with_claim(category, "categories", 0, "relations", 0, to=[0, [0, 3], [2, 3]]) == "path"
    assert with_claim(category, "categories", 0, "relations", 0, to=[1, [0, 1], [2, 3]]) == "path"
    assert with_claim(category, "categories", 0, "relations", to=[]) in ("derive", "enumerate", "format")


def test_a_rule_may_not_use_itself_or_grow() -> None:
    category = finite(TRIVIAL)
    assert with_certificate(category, "categories", 0, "rules", 0, to=[0, [0], [], [[0, 1, True]]]) == "format"
    assert with_certificate(category, "categories", 0, "rules", 0, to=[0, [], [0], [[0, 0, False]]]) == "derive"


# --- infinite categories --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "presentation",
    [
        BICYCLIC,
        Presentation("Loop", ("o",), (("r", 0, 0),), ()),
        replace(SQUARE, generators=(*SQUARE.generators, ("back", 3, 0))),
    ],
)
def test_infinite_categories_are_proved(presentation: Presentation) -> None:
    formula = L.Finite(infinite(presentation))
    assert accept(formula, False, Evaluate()).verdict == "refuted"
    assert rejection(formula, True, Evaluate()) == "value"


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (("loop",), [], "infinite"),
        (("loop",), [0, 1], "infinite"),  # p q is the identity
        (("loop",), [2], "format"),
        (("prefix",), [1, 0, 1], "infinite"),
        (("rules",), [], "infinite"),  # the relation does not follow
        (("rules", 0, 3), [], "derive"),
        (("dom",), 1, "format"),
    ],
)
def test_a_wrong_loop_is_rejected(path: tuple[Any, ...], value: Any, rule: str) -> None:
    formula = L.Finite(infinite(BICYCLIC))
    claim = write_claim(formula)
    certificate = write_certificate(claim, False, Evaluate(), formula)
    assert refusal(claim, edited(certificate, ("categories", 0, *path), value)) == rule


def test_rules_must_be_confluent() -> None:
    """a a = b and a b = a (of a finite monoid): the first two rules alone are not confluent."""
    presentation = Presentation(
        "M", ("o",), (("a", 0, 0), ("b", 0, 0)), ((Path(0, (0, 0)), Path(0, (1,))), (Path(0, (0, 1)), Path(0, (0,))))
    )
    formula = L.Finite(infinite(BICYCLIC))
    claim = write_claim(formula)
    certificate = write_certificate(claim, False, Evaluate(), formula)
    relations = [[left.dom, left.word, right.word] for left, right in presentation.relations]
    changed = edited(claim, ("categories", 0, "relations"), relations)
    proof = {
        "rules": [[0, [0, 0], [1], [[0, 0, True]]], [0, [0, 1], [0], [[0, 1, True]]]],
        "dom": 0,
        "prefix": [],
        "loop": [1],
    }
    forged = signed(changed, edited(certificate, ("categories", 0), proof))
    assert refusal(changed, forged) == "infinite"


def test_an_infinite_category_has_no_arrows_to_speak_of() -> None:
    claim = write_claim(L.Finite(infinite(BICYCLIC)))
    changed = edited(claim, ("nodes",), [["connected", 0]])
    formula = L.Finite(infinite(BICYCLIC))
    certificate = write_certificate(claim, False, Evaluate(), formula)
    assert refusal(changed, signed(changed, certificate)) == "type"


# --- set-valued functors --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("functor", "path", "value", "rule"),
    [
        (MIXED, ("action", 0, 0), 0, ""),  # another presheaf
        (MIXED, ("action", 0, 0), 2, "format"),
        (MIXED, ("action", 0), [0, 0], "format"),
        (MIXED, ("elements", 0), ["a", "a"], "format"),
        (MIXED, ("elements", 0), ["a"], "format"),
        (MIXED, ("contravariant",), 1, "format"),
        (MIXED, ("category",), 1, "format"),
        (TOP, ("arrows", 0), 0, "hom"),
        (TOP, ("arrows",), None, ""),
        (TOP, ("arrows",), [2], "format"),
        (BOTTOM, ("arrows",), [0, 1], "hom"),
        (BOTTOM, ("contravariant",), True, "hom"),
    ],
)
def test_a_wrong_set_functor_is_rejected(functor: SetFunctor, path: tuple[Any, ...], value: Any, rule: str) -> None:
    assert with_claim(functor, "set_functors", 0, *path, to=value) == rule


@pytest.mark.parametrize("contravariant", [True, False])
def test_equations_act_alike(contravariant: bool) -> None:
    """s and t may act by two transpositions of three points, or alike; not one of them alone."""
    swap, other, fixed = (1, 0, 2), (0, 2, 1), (0, 1, 2)
    for actions, rule in (((swap, other), ""), ((swap, swap), ""), ((swap, fixed), "functorial")):
        points = SetFunctor("Points", finite(SYMMETRIC), contravariant, (("1", "2", "3"),), actions)
        assert rejection(spoken_of(points), True, Evaluate()) == rule


@pytest.mark.parametrize("contravariant", [True, False])
def test_the_table_of_a_constructed_category_acts(contravariant: bool) -> None:
    turn, still = (1, 2, 0), (0, 2, 1)
    for action, rule in ((turn, ""), (still, "functorial")):
        points = SetFunctor("Points", cyclic(3), contravariant, (("1", "2", "3"),), (action,))
        assert rejection(spoken_of(points), True, Evaluate()) == rule


def test_a_hom_functor_acts_by_composition() -> None:
    three = cyclic(3)
    labels = (("e", "r", "rr"),)
    good = SetFunctor("Hom", three, True, labels, ((1, 2, 0),), (0, 1, 2))
    turned = SetFunctor("Hom", three, True, labels, ((2, 0, 1),), (0, 1, 2))
    assert rejection(spoken_of(good), True, Evaluate()) == ""
    assert rejection(spoken_of(turned), True, Evaluate()) == "hom"
    assert rejection(spoken_of(replace(turned, arrows=None)), True, Evaluate()) == ""


def test_set_functors_of_different_kinds_are_not_compared() -> None:
    claim, certificate = claimed(FORK)
    document = edited(claim, ("nodes",), [["isomorphic", 0, 1]])
    other = edited(document, ("set_functors",), [_entry(FORK), _entry(BOTTOM)])
    assert refusal(other, signed(other, certificate)) == "type"


def _entry(functor: SetFunctor) -> Any:
    return json.loads(write_claim(spoken_of(functor)))["set_functors"][0]


# --- functors -------------------------------------------------------------------------------------


def test_functors_respect_equations() -> None:
    presented = finite(SQUARE)
    target = poset(("0", "1", "2", "3"), [(0, 1), (0, 2), (1, 3), (2, 3)])
    image = lambda x, y: target.hom(x, y)[0]  # noqa: E731
    good = Functor("F", presented, target, (0, 1, 2, 3), (image(0, 1), image(1, 3), image(0, 2), image(2, 3)))
    loop = cyclic(2)
    bad = Functor("G", presented, loop, (0, 0, 0, 0), (0, 0, 0, 1))
    fair = Functor("H", presented, loop, (0, 0, 0, 0), (0, 1, 0, 1))
    for functor, rule in ((good, ""), (bad, "functor"), (fair, "")):
        x = L.ObjectImage(functor, L.ObjectConstant(presented, 0))
        assert rejection(L.Equal(x, x), True, Evaluate()) == rule


def test_presented_arrows_stand_for_paths() -> None:
    presented = finite(SQUARE)
    loop = cyclic(2)
    back = Functor("K", loop, finite(SYMMETRIC), (0,), (1,))
    one = L.ArrowImage(back, L.ArrowConstant(loop, 1))
    assert accept(L.Equal(one, L.ArrowConstant(back.cod, 1)), True, Evaluate()).verdict == "proved"
    diagonal = L.ArrowConstant(presented, presented.trace(0, (2, 3)))
    assert accept(L.Equal(diagonal, L.ArrowConstant(presented, presented.trace(0, (0, 1)))), True, Evaluate())


def test_walking_arrow_is_what_it_says() -> None:
    assert WALKING.generators[0].arrow == 2
