from __future__ import annotations

from itertools import product as tuples
from math import comb, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.group import NotAMonoid, cyclic, dihedral, monoid_from_table, symmetric
from formal.construct.label import turned
from formal.construct.opposite import opposite, opposite_arrow
from formal.construct.order import CyclicOrder, chain, codiscrete, discrete, poset
from formal.construct.product import coproduct, injections, product, product_arrow, projections
from formal.construct.subcategory import subcategory
from formal.core.build import TooLarge
from formal.core.category import Category
from tests.construct.construct_samples import CATEGORIES, COSPAN, LEFT_ZERO, SQUARE, is_category, is_functor


def same_tables(left: Category, right: Category) -> bool:
    return (
        left.objects == right.objects
        and left.generators == right.generators
        and all(
            getattr(left, table).tolist() == getattr(right, table).tolist()
            for table in ("dom", "cod", "parent", "last", "steps")
        )
        and list(left.arrow_labels) == list(right.arrow_labels)
    )


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_axioms(category: Category) -> None:
    assert is_category(category)


# --- orders ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", range(6))
def test_chain(n: int) -> None:
    category = chain(n)
    assert category.objects == tuple(str(i) for i in range(n))
    assert category.arrow_count == comb(n + 1, 2)
    assert [g.name for g in category.generators] == [f"({i} -> {i + 1})" for i in range(n - 1)]


def test_poset_is_generated_by_covering_relations() -> None:
    category = poset(["a", "b", "c"], [(0, 1), (1, 2), (0, 2), (0, 1)])
    assert [g.name for g in category.generators] == ["(a -> b)", "(b -> c)"]
    assert list(category.arrow_labels) == ["id(a)", "id(b)", "id(c)", "(a -> b)", "(b -> c)", "(a -> c)"]


@given(
    st.integers(0, 6).flatmap(
        lambda n: st.tuples(st.just(n), st.lists(st.tuples(*[st.integers(0, max(n - 1, 0))] * 2)))
    )
)
def test_poset_has_the_arrows_of_the_transitive_closure_or_names_a_cycle(
    case: tuple[int, list[tuple[int, int]]],
) -> None:
    n, pairs = case
    pairs = [] if n == 0 else pairs
    less = set(pairs)
    while more := {(a, d) for a, b in less for c, d in less if b == c} - less:
        less |= more
    labels = [f"x{i}" for i in range(n)]
    if any(a == b for a, b in less):
        with pytest.raises(CyclicOrder) as raised:
            poset(labels, pairs)
        cycle = raised.value.cycle
        assert len(set(cycle)) == len(cycle) >= 1
        assert all(step in pairs for step in zip(cycle, cycle[1:] + cycle[:1], strict=True))
    else:
        category = poset(labels, pairs)
        assert is_category(category)
        ends = sorted(zip(category.dom.tolist(), category.cod.tolist(), strict=True))
        assert ends == sorted(less | {(a, a) for a in range(n)})


def test_discrete_and_codiscrete() -> None:
    assert discrete(["x", "y"]).arrow_count == 2
    for n in range(5):
        category = codiscrete([f"x{i}" for i in range(n)])
        assert is_category(category)
        assert all(len(category.hom(x, y)) == 1 for x in range(n) for y in range(n))


# --- monoids and groups ---------------------------------------------------------------------------


def order_of(category: Category, f: int) -> int:
    power, order = f, 1
    while power != 0:
        power, order = category.compose(power, f), order + 1
    return order


@pytest.mark.parametrize("n", range(1, 7))
def test_groups_have_their_orders_and_relations(n: int) -> None:
    rotations = cyclic(n)
    assert rotations.arrow_count == n
    assert order_of(rotations, rotations.generators[0].arrow) == n

    polygon = dihedral(n)
    r, s = (g.arrow for g in polygon.generators)
    assert is_category(polygon)
    assert (polygon.arrow_count, order_of(polygon, r), order_of(polygon, s)) == (2 * n, n, 2)
    assert polygon.compose(polygon.compose(s, r), polygon.compose(s, r)) == 0

    if n < 5:
        permutations = symmetric(n)
        assert is_category(permutations)
        assert permutations.arrow_count == factorial(n)
        assert all(order_of(permutations, g.arrow) == 2 for g in permutations.generators)
        letters = [g.arrow for g in permutations.generators]
        for i, j in tuples(range(n - 1), repeat=2):
            if i != j:
                expected = 3 if abs(i - j) == 1 else 2
                assert order_of(permutations, permutations.compose(letters[i], letters[j])) == expected


def test_labels_of_arrows_are_their_words() -> None:
    polygon = dihedral(4)
    r, s = (g.arrow for g in polygon.generators)
    words = {"id(o)": (), "s": (s,), "r": (r,), "r^3 >> s": (r, r, r, s), "r^2": (r, r)}
    for label, word in words.items():
        f = 0
        for g in word:
            f = polygon.compose(f, g)
        assert polygon.arrow_labels[f] == label


def test_a_table_without_identity_is_no_monoid() -> None:
    with pytest.raises(NotAMonoid, match="no element is an identity") as raised:
        monoid_from_table(["a", "b"], [[0, 0], [0, 0]])
    assert raised.value.witnesses == ()


def test_a_table_that_does_not_associate_is_no_monoid() -> None:
    rows = [[0, 1, 2], [1, 2, 0], [2, 1, 0]]
    with pytest.raises(NotAMonoid, match=r"^`\(a >> a\) >> a` is `a`, but `a >> \(a >> a\)` is `e`$") as raised:
        monoid_from_table(["e", "a", "b"], rows)
    a, b, c = raised.value.witnesses
    assert rows[rows[a][b]][c] != rows[a][rows[b][c]]


@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=3, max_size=3))
def test_monoid_tables_are_taken_exactly_when_they_are_monoids(rows: list[list[int]]) -> None:
    units = [e for e in range(3) if all(rows[e][x] == x == rows[x][e] for x in range(3))]
    associative = all(rows[rows[a][b]][c] == rows[a][rows[b][c]] for a, b, c in tuples(range(3), repeat=3))
    if units and associative:
        category = monoid_from_table("xyz", rows)
        assert is_category(category)
        number = {label: f for f, label in enumerate(category.arrow_labels)}
        for a, b in tuples(range(3), repeat=2):
            assert category.compose(number["xyz"[a]], number["xyz"[b]]) == number["xyz"[rows[a][b]]]
    else:
        with pytest.raises(NotAMonoid):
            monoid_from_table("xyz", rows)


# --- opposite, product, coproduct, subcategory ----------------------------------------------------


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda c: c.name)
def test_opposite(category: Category) -> None:
    turned_round = opposite(category)
    assert is_category(turned_round)
    number = [opposite_arrow(category, turned_round, f) for f in range(category.arrow_count)]
    assert sorted(number) == list(range(category.arrow_count))
    for f, g in tuples(range(category.arrow_count), repeat=2):
        if category.target(f) == category.source(g):
            assert number[category.compose(f, g)] == turned_round.compose(number[g], number[f])
    assert same_tables(opposite(turned_round), category)


def test_names_in_the_opposite_category() -> None:
    assert turned("(a -> b)", "a", "b") == "(b -> a)"
    assert turned("r^2 >> s", "o", "o") == "s >> r^2"
    assert turned("(f >> g, h) >> k", "x", "y") == "k >> (f >> g, h)"
    assert [g.name for g in opposite(COSPAN).generators] == ["(c -> a)", "(c -> b)"]


@pytest.mark.parametrize("left", CATEGORIES[:8], ids=lambda c: c.name)
@pytest.mark.parametrize("right", [chain(2), cyclic(3), LEFT_ZERO, chain(0)], ids=lambda c: c.name)
def test_product(left: Category, right: Category) -> None:
    category = product(left, right)
    assert is_category(category)
    assert category.arrow_count == left.arrow_count * right.arrow_count
    first, second = projections(category, left, right)
    assert is_functor(first)
    assert is_functor(second)
    for f, g in tuples(range(left.arrow_count), range(right.arrow_count)):
        arrow = product_arrow(category, left, right, f, g)
        assert (first.arrows[arrow], second.arrows[arrow]) == (f, g)
        if f >= left.object_count:
            assert category.arrow_labels[arrow] == f"({left.arrow_labels[f]}, {right.arrow_labels[g]})"


@pytest.mark.parametrize("left", CATEGORIES[:8], ids=lambda c: c.name)
@pytest.mark.parametrize("right", [chain(2), cyclic(3), SQUARE, chain(0)], ids=lambda c: c.name)
def test_coproduct(left: Category, right: Category) -> None:
    category = coproduct(left, right)
    assert is_category(category)
    assert category.arrow_count == left.arrow_count + right.arrow_count
    inl, inr = injections(category, left, right)
    assert is_functor(inl)
    assert is_functor(inr)
    assert sorted((*inl.arrows, *inr.arrows)) == list(range(category.arrow_count))


def test_coproduct_names() -> None:
    assert coproduct(discrete(["x"]), cyclic(2)).objects == ("x", "o")
    twice = coproduct(chain(2), chain(2))
    assert twice.objects == ("inl(0)", "inl(1)", "inr(0)", "inr(1)")
    assert [g.name for g in twice.generators] == ["(inl(0) -> inl(1))", "(inr(0) -> inr(1))"]


@given(st.data())
def test_full_subcategory(data: st.DataObject) -> None:
    category = data.draw(st.sampled_from(CATEGORIES))
    objects = data.draw(st.permutations(range(category.object_count)))
    objects = objects[: data.draw(st.integers(0, len(objects)))]
    result = subcategory(category, objects)
    assert is_category(result.category)
    assert is_functor(result.inclusion)
    for (i, x), (j, y) in tuples(enumerate(objects), repeat=2):
        images = sorted(result.inclusion.arrows[f] for f in result.category.hom(i, j))
        assert images == sorted(category.hom(x, y))


def test_subcategory_of_a_square_is_generated_by_what_covers() -> None:
    assert [g.name for g in subcategory(SQUARE, [0, 3]).category.generators] == ["(a -> d)"]
    assert [g.name for g in subcategory(SQUARE, [0, 1, 3]).category.generators] == ["(a -> b)", "(b -> d)"]


def test_limits() -> None:
    for build in (
        lambda: chain(100, limit=100),
        lambda: codiscrete("abcd", limit=15),
        lambda: poset("abc", [(0, 1), (1, 2)], limit=5),
        lambda: cyclic(10, limit=9),
        lambda: dihedral(10, limit=19),
        lambda: symmetric(30),
        lambda: product(chain(3), chain(3), limit=35),
        lambda: coproduct(chain(3), chain(3), limit=11),
        lambda: subcategory(chain(3), [0, 1], limit=2),
    ):
        with pytest.raises(TooLarge):
            build()
