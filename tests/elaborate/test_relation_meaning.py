"""Claims about relations mean what the textbook says: values are compared with the definitions, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.elaborate.constructor import constructors
from formal.elaborate.enriched import _SHARED, _TERMS, PREDICATES
from formal.elaborate.matrix import MATRICES
from formal.elaborate.module import Loader, prelude
from formal.elaborate.predicate import BUILTINS
from formal.elaborate.quantity import QUANTITIES
from formal.quantale import INFINITY, Number, Quantale
from formal.text import Source
from formal.valuation import decide

Vector = dict[str, Number]
Square = dict[str, Vector]
OBJECTS = ("a", "b", "c")
FEW = ("u", "v")
_LEVELS = {
    Quantale.BOOLEAN: [0, 1],
    Quantale.LAWVERE: [0, Fraction(1, 2), 1, 2, INFINITY],
    **{q: [0, Fraction(1, 4), Fraction(1, 2), 1] for q in (Quantale.PRODUCT, Quantale.GODEL, Quantale.LUKASIEWICZ)},
}


class Example:
    """A relation C on three objects, one on two, a map from the latter, weights and coweights; and a script of them."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.q = draw(st.sampled_from(list(Quantale)))
        value = st.sampled_from(_LEVELS[self.q])
        self.c: Square = {x: {y: draw(value) for y in OBJECTS} for x in OBJECTS}
        self.s: Square = {x: {y: draw(value) for y in FEW} for x in FEW}
        self.k = {x: draw(st.sampled_from(OBJECTS)) for x in FEW}
        self.a: Vector = {x: draw(value) for x in OBJECTS}
        self.b: Vector = {x: draw(value) for x in OBJECTS}
        self.f: Vector = {x: draw(value) for x in OBJECTS}
        self.small: Vector = {x: draw(value) for x in FEW}

    @property
    def script(self) -> str:
        over = self.q.value
        lines = [
            f"relation C on {{a, b, c}} over {over} {{ {_cells(self.c)} }}",
            f"relation S on {{u, v}} over {over} {{ {_cells(self.s)} }}",
            f"functor K: S -> C {{ {', '.join(f'{x} |-> {y}' for x, y in self.k.items())} }}",
            f"weight A on C {{ {_values(self.a)} }}",
            f"weight B on C {{ {_values(self.b)} }}",
            f"coweight F on C {{ {_values(self.f)} }}",
            f"coweight G on S {{ {_values(self.small)} }}",
            f"weight W on S {{ {_values(self.small)} }}",
        ]
        return "\n".join(lines)

    def holds(self, claim: str, declared: str = "") -> bool | None:
        """What becomes of a claim, perhaps with one more declaration."""
        script = Loader(Path()).elaborate(Source("text", f"{self.script}\n{declared}\nclaim c: {claim}\n"))
        assert not script.diagnostics, script.diagnostics
        (found,) = script.relation_claims
        return decide(found.formula).truth

    def join(self, values: list[Number]) -> Number:
        return self.q.join(values)

    def along(self, left: Vector, right: Vector) -> Number:
        """``join over x of left(x) (x) right(x)``."""
        return self.join([self.q.tensor(left[x], right[x]) for x in left])


examples = st.composite(Example)()


def _text(value: Number) -> str:
    return "infinity" if value == INFINITY else str(value)


def _cells(square: Square) -> str:
    return ", ".join(f"{x} -> {y} = {_text(value)}" for x, row in square.items() for y, value in row.items())


def _values(vector: Vector) -> str:
    return ", ".join(f"{x} |-> {_text(value)}" for x, value in vector.items())


def _column(square: Square, y: str) -> Vector:
    return {x: row[y] for x, row in square.items()}


def _apart(left: Number, right: Number) -> Number:
    return 0 if left == right else abs(left - right)


def _distance(left: Vector, right: Vector) -> Number:
    return max(_apart(left[x], right[x]) for x in left)


def _equals(example: Example, term: str, value: Number) -> None:
    """A quantity is a number; of an infinite one, greater than all numbers that occur."""
    if value == INFINITY:
        assert example.holds(f"{term} > 1000")
    else:
        assert example.holds(f"{term} = ({value})") is True


few = settings(max_examples=25, deadline=None)


@few
@given(examples)
def test_the_extension_is_the_join_of_the_products(e: Example) -> None:
    _equals(e, "extension(F, A)", e.along(e.f, e.a))


@few
@given(examples)
def test_the_gap_is_the_least_distance_to_a_column(e: Example) -> None:
    _equals(e, "gap(A)", min(_distance(_column(e.c, y), e.a) for y in OBJECTS))
    _equals(e, "gap(F)", min(_distance(e.c[x], e.f) for x in OBJECTS))
    _equals(e, "distance(represented(C, b), A)", _distance(_column(e.c, "b"), e.a))
    _equals(e, "distance(corepresented(C, b), F)", _distance(e.c["b"], e.f))
    assert e.holds("representable(A)") is any(_column(e.c, y) == e.a for y in OBJECTS)
    assert e.holds("representable(A, by: b)") is (_column(e.c, "b") == e.a)
    assert e.holds("corepresentable(F, by: c)") is (e.c["c"] == e.f)


@few
@given(examples)
def test_the_degree_joins_how_far_each_object_represents(e: Example) -> None:
    def degree(columns: Square, target: Vector) -> Number:
        return e.join(
            [e.q.tensor(e.q.meet(e.q.residual(target[x], columns[y][x]) for x in OBJECTS), target[y]) for y in OBJECTS]
        )

    _equals(e, "degree(A)", degree({y: _column(e.c, y) for y in OBJECTS}, e.a))
    _equals(e, "degree(F)", degree(e.c, e.f))


@few
@given(examples)
def test_presheaves_are_closed_under_the_action(e: Example) -> None:
    weight = max(e.q.excess(e.along(e.c[x], e.a), e.a[x]) for x in OBJECTS)
    coweight = max(e.q.excess(e.along(e.f, _column(e.c, y)), e.f[y]) for y in OBJECTS)
    _equals(e, "presheaf_defect(A)", weight)
    _equals(e, "presheaf_defect(F)", coweight)
    assert e.holds("is_presheaf(A)") is (weight == 0)
    assert e.holds("is_presheaf(F)") is (coweight == 0)


@few
@given(examples)
def test_a_category_has_identities_and_composes(e: Example) -> None:
    identities = [e.q.excess(e.q.unit, e.c[x][x]) for x in OBJECTS]
    composites = [e.q.excess(e.along(e.c[x], _column(e.c, z)), e.c[x][z]) for x in OBJECTS for z in OBJECTS]
    defect = max(identities + composites)
    _equals(e, "defect(C)", defect)
    assert e.holds("is_category(C)") is (defect == 0)
    assert e.holds("is_category(closure(C))") is True


@few
@given(examples)
def test_kan_extensions_are_joins_and_meets(e: Example) -> None:
    for y in OBJECTS:
        left = e.join([e.q.tensor(e.small[s], e.c[e.k[s]][y]) for s in FEW])
        right = e.q.meet(e.q.residual(e.c[y][e.k[s]], e.small[s]) for s in FEW)
        _equals(e, f"lan(G, along: K)({y})", left)
        _equals(e, f"ran(G, along: K)({y})", right)
        _equals(e, f"lan(W, along: K)({y})", e.join([e.q.tensor(e.c[y][e.k[s]], e.small[s]) for s in FEW]))
        _equals(e, f"ran(W, along: K)({y})", e.q.meet(e.q.residual(e.c[e.k[s]][y], e.small[s]) for s in FEW))
        assert e.holds(f"determined(G, at: {y}, along: K)") is (left == right)


@few
@given(examples)
def test_functors_do_not_decrease_the_relation(e: Example) -> None:
    pairs = [(e.s[x][y], e.c[e.k[x]][e.k[y]]) for x in FEW for y in FEW]
    is_functor, is_full = (all(e.q.below(*pair[::sign]) for pair in pairs) for sign in (1, -1))
    assert e.holds("is_functor(K)") is is_functor
    assert e.holds("full(K)") is is_full
    assert e.holds("fully_faithful(K)") is (is_functor and is_full)


@few
@given(examples, st.data())
def test_adjoints_are_the_same_seen_from_both_sides(e: Example, data: st.DataObject) -> None:
    back = {y: data.draw(st.sampled_from(FEW)) for y in OBJECTS}
    equal = all(e.c[e.k[s]][y] == e.s[s][back[y]] for s in FEW for y in OBJECTS)
    declared = f"functor Back: C -> S {{ {', '.join(f'{x} |-> {y}' for x, y in back.items())} }}"
    assert e.holds("adjoint(K, Back)", declared) is equal


@few
@given(examples)
def test_words_of_categories_mean_the_same_for_relations(e: Example) -> None:
    assert e.holds("isomorphic(A, B)") is (e.a == e.b)
    assert e.holds("isomorphic(A, B, within: 3/4)") is (_distance(e.a, e.b) <= Fraction(3, 4))
    for kan, extension in (("left_kan", "lan"), ("right_kan", "ran")):
        assert e.holds(f"{kan}(F, along: K, of: G) iff F = {extension}(G, along: K)") is True
        assert e.holds(f"{kan}(A, along: K, of: W) iff A = {extension}(W, along: K)") is True
        assert e.holds(f"{kan}({extension}(G, along: K), along: K, of: G)") is True


@few
@given(examples)
def test_coverage_goes_there_and_back(e: Example) -> None:
    _equals(e, "coverage(C, {a, b}, of: c)", e.join([e.q.tensor(e.c["c"][s], e.c[s]["c"]) for s in ("a", "b")]))


@few
@given(examples)
def test_the_residual_is_the_greatest_that_fits(e: Example) -> None:
    for p in OBJECTS:
        _equals(e, f"residual(A, C)({p})", e.q.meet(e.q.residual(e.a[x], e.c[x][p]) for x in OBJECTS))


@few
@given(examples)
def test_composites_opposites_and_restrictions(e: Example) -> None:
    for x in OBJECTS:
        for z in OBJECTS:
            _equals(e, f"(C >> C)({x}, {z})", e.along(e.c[x], _column(e.c, z)))
            _equals(e, f"opposite(C)({x}, {z})", e.c[z][x])
        _equals(e, f"(C >> A)({x})", e.along(e.c[x], e.a))
        _equals(e, f"opposite(F)({x})", e.f[x])
    _equals(e, "restrict(C, {c, a})(c, a)", e.c["c"]["a"])
    _equals(e, "restrict(C, rows: {b}, columns: {c, a})(b, c)", e.c["b"]["c"])
    _equals(e, "restrict(A, {b})(b)", e.a["b"])
    assert e.holds("C >> A = A") is all(e.along(e.c[x], e.a) == e.a[x] for x in OBJECTS)


@few
@given(examples)
def test_quantifiers_run_over_all_objects(e: Example) -> None:
    equal = [e.a[x] == e.b[x] for x in OBJECTS]
    assert e.holds("forall x in C. A(x) = B(x)") is all(equal)
    assert e.holds("exists x in A. A(x) = B(x)") is any(equal)
    assert e.holds("exists! x in C. A(x) = B(x)") is (sum(equal) == 1)
    assert e.holds("A = B") is all(equal)
    assert e.holds("A != B") is not all(equal)
    assert e.holds("(forall x in C. A(x) = B(x)) iff A = B") is True


@few
@given(examples)
def test_total_variation_is_half_the_sum(e: Example) -> None:
    for names, pairs in (("A, B", [(e.a[x], e.b[x]) for x in OBJECTS]), ("C, opposite(C)", None)):
        rows = [pairs] if pairs else [[(e.c[x][y], e.c[y][x]) for y in OBJECTS] for x in OBJECTS]
        _equals(e, f"distance({names}, metric: tv)", max(Fraction(1, 2) * sum(_apart(*p) for p in row) for row in rows))


@few
@given(examples)
def test_patterns_choose_what_is_compared(e: Example) -> None:
    chosen = ("a", "c")
    gap = min(max(_apart(e.c[x][y], e.a[x]) for x in chosen) for y in OBJECTS)
    _equals(e, 'gap(A, on: {"[ac]"})', gap)
    _equals(e, 'gap(F, on: {"a", "c"})', min(max(_apart(e.c[x][y], e.f[y]) for y in chosen) for x in OBJECTS))
    _equals(e, 'distance(A, B, on: {"?"})', _distance(e.a, e.b))


def test_every_word_says_what_it_means() -> None:
    tables: tuple[dict[str, Callable[..., object]], ...] = (PREDICATES, QUANTITIES, MATRICES)
    assert [word for table in tables for word, handler in table.items() if not handler.__doc__] == []


def test_words_that_both_worlds_have_are_known() -> None:
    finite = {*constructors(), *BUILTINS, *prelude().definitions}
    assert finite & ({*PREDICATES} | _TERMS) == _SHARED


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.05", "1/20"),
        ("1 - 1/3", "2/3"),
        ("3/2^2", "3/4"),
        ("2/3/4", "1/6"),
        ("-2^2", "-4"),
        ("(-2)^2", "4"),
        ("2^-2", "1/4"),
        ("2 - 3 - 4", "-5"),
        ("2 - (3 - 4)", "3"),
        ("sqrt(9/4)", "3/2"),
        ("exp(0) + log(1)", "1"),
        ("min(3, 1/2, 2) * max(1, 2)", "1"),
        ("abs(1/2 - 1)", "1/2"),
        ("6 / 2 * 3", "9"),
    ],
)
def test_numbers_are_read_as_on_paper(written: str, value: str) -> None:
    script = Loader(Path()).elaborate(Source("text", f"claim c: {written} - ({value}) = 1 - 1\n"))
    assert not script.diagnostics
    assert decide(script.relation_claims[0].formula).truth is True


def test_long_sums_do_not_exhaust_the_stack() -> None:
    text = "claim c: " + " + ".join(["1/2"] * 4000) + " - 2000 = 1 - 1\n"
    script = Loader(Path()).elaborate(Source("text", text))
    assert decide(script.relation_claims[0].formula).truth is True
