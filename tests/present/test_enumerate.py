"""Presentations of well-known categories have the arrows they should, with proofs."""

from __future__ import annotations

from math import comb, factorial

import pytest

from formal.core.category import Category
from formal.core.presentation import InfiniteCategory, Path, Presentation, Undecided
from formal.present import Limits, enumerate_category, proof_failures
from formal.present.automaton import build_automaton
from formal.present.limit import Meter
from formal.present.system import System
from formal.present.table import Table
from formal.text import Bug
from tests.present import known


def enumerated(presentation: Presentation) -> Category:
    result = enumerate_category(presentation)
    assert isinstance(result, Category)
    return result


FINITE = [
    (known.symmetric_3(), 6),
    (known.dihedral_4(), 8),
    (known.quaternion(), 8),
    (known.alternating_5(), 60),
    (known.coxeter_a(3), 24),
    (known.coxeter_a(4), 120),
    (known.coxeter_b(3), 48),
    (known.coxeter_h3(), 120),
    (known.cyclic(12), 12),
    (known.abelian(4, 6), 24),
    (known.projective_special_linear_2_7(), 168),
    (known.fibonacci(5), 12),
    (known.higman(3), 1),
    (known.band_2(), 7),
    (known.burnside_3_2(), 27),
    (known.empty(), 0),
    (known.points(3), 3),
    (known.simplex(2), 31),
    (known.grid(3, 4), 60),
    (known.grid(6, 6), 441),
    (known.codiscrete(4), 16),
    (known.split_idempotent(), 5),
]


@pytest.mark.parametrize(("presentation", "arrows"), FINITE, ids=lambda value: getattr(value, "name", None))
def test_finite(presentation: Presentation, arrows: int) -> None:
    category = enumerated(presentation)
    assert category.arrow_count == arrows
    assert list(proof_failures(category)) == []
    if arrows <= 64:
        assert list(category.failures()) == []


@pytest.mark.parametrize(("presentation", "arrows"), [(known.coxeter_a(5), 720), (known.coxeter_b(4), 384)])
def test_larger_coxeter_groups(presentation: Presentation, arrows: int) -> None:
    assert enumerated(presentation).arrow_count == arrows


def test_simplex_category_truncated_at_4() -> None:
    category = enumerated(known.simplex(4))
    assert category.arrow_count == 456
    for m in range(5):
        for n in range(5):
            # monotone maps from m + 1 to n + 1 points
            assert len(category.hom(m, n)) == comb(m + n + 1, m + 1)
    assert list(proof_failures(category)) == []


def test_large_grid() -> None:
    category = enumerated(known.grid(25, 25))
    assert category.arrow_count == (25 * 26 // 2) ** 2
    assert len(category.rules) == 24 * 24
    assert all(len(rule.derivation) == 1 for rule in category.rules)


@pytest.mark.parametrize("presentation", [known.cyclic(100_000), known.abelian(100, 1000)])
def test_large_group(presentation: Presentation) -> None:
    category = enumerated(presentation)
    assert category.arrow_count == 100_000
    assert len(category.rules) == len(presentation.relations)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_coxeter_group_of_type_a_is_symmetric(n: int) -> None:
    assert enumerated(known.coxeter_a(n)).arrow_count == factorial(n + 1)


def test_arrows_are_numbered_in_shortlex_order() -> None:
    for presentation in (known.quaternion(), known.simplex(2), known.codiscrete(3)):
        category = enumerated(presentation)
        words = [category.word(f) for f in range(category.object_count, category.arrow_count)]
        assert words == sorted(words, key=lambda word: (len(word), word))


def test_generators_that_are_identities_or_equal() -> None:
    arrows = [("e", "X", "X"), ("f", "X", "Y"), ("g", "X", "Y")]
    category = enumerated(known.quiver("Q", "XY", arrows, [("e", "id X"), ("f", "g")]))
    assert [g.arrow for g in category.generators] == [0, 2, 2]
    assert category.arrow_count == 3
    assert list(category.failures()) == []
    assert list(proof_failures(category)) == []


def test_relations_that_make_endomorphisms_vanish() -> None:
    # t^2 = t^3 and t^3 = 1 make t the identity; then f and f t are equal.
    category = enumerated(
        known.quiver("V", "XY", [("f", "X", "Y"), ("t", "Y", "Y")], [("t t", "t t t"), ("t t t", "id Y")])
    )
    assert category.arrow_count == 3
    assert list(proof_failures(category)) == []


def test_loop_is_named() -> None:
    result = enumerate_category(known.free_loop())
    assert isinstance(result, InfiniteCategory)
    assert (result.dom, result.prefix, result.loop, result.rules) == (0, (), (0,), ())
    result = enumerate_category(known.quiver("L", "XYZ", [("f", "X", "Y"), ("g", "Y", "Z"), ("h", "Z", "Y")]))
    assert isinstance(result, InfiniteCategory)
    assert (result.dom, result.prefix, result.loop) in [(0, (0,), (1, 2)), (1, (), (1, 2))]
    assert list(proof_failures(result)) == []


@pytest.mark.parametrize(
    "presentation",
    [known.bicyclic(), known.free_abelian(), known.affine_a2(), known.plactic_3(), known.free_product()],
    ids=lambda value: value.name,
)
def test_infinite(presentation: Presentation) -> None:
    result = enumerate_category(presentation)
    assert isinstance(result, InfiniteCategory)
    assert list(proof_failures(result)) == []


@pytest.mark.parametrize("presentation", [known.baumslag_solitar(), known.higman(4)], ids=lambda value: value.name)
def test_diverging_completion_ends(presentation: Presentation) -> None:
    result = enumerate_category(presentation, limits=Limits(steps=300_000))
    assert result == Undecided(presentation, "300000 steps")


def test_each_budget_is_named() -> None:
    assert enumerate_category(known.grid(6, 6), limits=Limits(arrows=440)) == Undecided(known.grid(6, 6), "440 arrows")
    assert isinstance(enumerate_category(known.grid(6, 6), limits=Limits(arrows=441)), Category)
    assert enumerate_category(known.quaternion(), limits=Limits(rules=3)) == Undecided(known.quaternion(), "3 rules")
    assert enumerate_category(known.quaternion(), limits=Limits(steps=9)) == Undecided(known.quaternion(), "9 steps")


def test_long_reductions_are_metered() -> None:
    # A counter in binary: rewriting takes time exponential in the length of the word.
    presentation = known.monoid("counter", "01x<", [("x0", "1<"), ("x1", "0x"), ("0<", "<0"), ("1<", "<1")])
    result = enumerate_category(presentation, limits=Limits(steps=100_000))
    assert isinstance(result, InfiniteCategory | Undecided)


def test_same_input_same_result() -> None:
    first, second = enumerated(known.simplex(3)), enumerated(known.simplex(3))
    assert first.rules == second.rules
    assert first.steps.tolist() == second.steps.tolist()


def test_relations_between_paths_that_are_not_parallel_are_a_bug() -> None:
    presentation = Presentation("bad", ("X", "Y"), (("f", 0, 1),), ((Path(0, (0,)), Path(0, ())),))
    with pytest.raises(Bug, match="not parallel"):
        enumerate_category(presentation)


@pytest.mark.parametrize(("length", "wrong"), [(35, 0), (32, 5), (33, 5), (3, 5), (5, 0)])
def test_relations_that_are_powers_are_checked_at_every_arrow(length: int, wrong: int) -> None:
    # The system knows r^5 = 1 only; the table is asked for another power.
    system = System(known.cyclic(5), Meter(1000), 10)
    system.add(chr(0) * 5, "", ((0, 0, True),))
    asked = known.cyclic(length)
    table = Table(asked, build_automaton(asked, system), system.history, Meter(10_000))
    table.grow(100)
    assert table.closed
    assert table.failures() == [(f, 0) for f in range(wrong)]


def test_long_derivations_are_shared_not_repeated() -> None:
    category = enumerated(known.higman(3))
    assert category.arrow_count == 1
    assert sum(len(rule.derivation) for rule in category.rules) < 1000
