"""Ground formulas: refuted exactly when Z3 finds no model, and then by the core alone."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.herbrand.ground import refuting_core
from formal.herbrand.problem import Function, Type
from formal.herbrand.reading import Ledger, Rejected
from formal.herbrand.term import Terms

OB = Type("Ob", "C")
SYMBOLS = {"a": 0, "b": 0, "c": 0, "d": 0, "e": 0, "f": 1, "g": 1, "h": 2}
FUNCTIONS = {
    name: Function(name, tuple((f"x{n}", OB) for n in range(arity)), OB, tuple(f"x{n}" for n in range(arity)))
    for name, arity in SYMBOLS.items()
}
MANY = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def random_term(random: Random, depth: int) -> Any:
    name = random.choice([name for name, arity in SYMBOLS.items() if depth or not arity])
    return (name, *(random_term(random, depth - 1) for _ in range(SYMBOLS[name])))


def random_matrix(random: Random, depth: int, pool: list[Any]) -> Any:
    kind = random.choice(["and", "or", "or", "=", "!=", "defined", "undefined"]) if depth else "="
    if kind in ("and", "or"):
        return (kind, *(random_matrix(random, depth - 1, pool) for _ in range(random.randint(0, 4))))
    if kind in ("=", "!="):
        return (random.choice(["=", "!=", "!="]), random.choice(pool), random.choice(pool))
    return (kind, random.choice(pool))


SORT = z3.DeclareSort("S")
HELD = z3.Function("defined", SORT, z3.BoolSort())
Z3 = {name: z3.Function(name, *[SORT] * (arity + 1)) for name, arity in SYMBOLS.items()}


def to_z3(matrix: Any) -> Any:
    def term(t: Any) -> Any:
        return Z3[t[0]](*(term(argument) for argument in t[1:]))

    kind, *parts = matrix
    match kind:
        case "and" | "or":
            return (z3.And if kind == "and" else z3.Or)([to_z3(part) for part in parts])
        case "defined" | "undefined":
            return HELD(term(parts[0])) if kind == "defined" else z3.Not(HELD(term(parts[0])))
    equal = term(parts[0]) == term(parts[1])
    return equal if kind == "=" else z3.Not(equal)


def numbered(matrix: Any, terms: Terms) -> Any:
    kind, *parts = matrix
    if kind in ("and", "or"):
        return (kind, *(numbered(part, terms) for part in parts))
    return (kind, *(terms.read(part, {}) for part in parts))


def core_of(matrices: list[Any], steps: int = 1_000_000) -> tuple[int, ...] | None:
    ledger = Ledger(steps)
    terms = Terms(FUNCTIONS, ledger)
    return refuting_core([numbered(matrix, terms) for matrix in matrices], terms, ledger)


def has_model(matrices: list[Any]) -> bool:
    solver = z3.Solver()
    solver.add(*map(to_z3, matrices))
    answer = solver.check()
    assert answer != z3.unknown
    return bool(answer == z3.sat)


@MANY
@given(st.integers(0, 10**9))
def test_it_agrees_with_z3(seed: int) -> None:
    random = Random(seed)
    pool = [random_term(random, random.randint(0, 3)) for _ in range(random.randint(3, 8))]
    matrices = [random_matrix(random, 3, pool) for _ in range(random.randint(2, 14))]
    core = core_of(matrices)
    assert (core is None) is has_model(matrices)
    if core is not None:
        assert not has_model([matrices[position] for position in core])


def test_there_are_no_models_with_two_values_for_three() -> None:
    """Pigeons: three different elements, each one of two."""
    a, b, c, d, e = (("a",), ("b",), ("c",), ("d",), ("e",))
    homes = [("or", ("=", pigeon, d), ("=", pigeon, e)) for pigeon in (a, b, c)]
    different = [("!=", a, b), ("!=", b, c), ("!=", a, c)]
    assert core_of(homes + different) == (0, 1, 2, 3, 4, 5)
    assert core_of(homes + different[:2]) is None


def test_a_power_that_is_the_identity_twice() -> None:
    """f⁵(a) = a and f³(a) = a, so f(a) = a."""

    def power(n: int) -> Any:
        return ("f", power(n - 1)) if n else ("a",)

    unrelated = ("=", ("b",), ("c",))
    assert core_of([unrelated, ("=", power(5), power(0)), ("=", power(3), power(0)), ("!=", power(1), power(0))]) == (
        1,
        2,
        3,
    )
    assert core_of([("=", power(6), power(0)), ("=", power(3), power(0)), ("!=", power(1), power(0))]) is None


@pytest.mark.parametrize("length", [1, 30, 3000])
def test_long_chains(length: int) -> None:
    term: Any = ("a",)
    for _ in range(length):
        term = ("f", term)
    assert core_of([("=", ("f", ("a",)), ("a",)), ("!=", term, ("a",))]) == (0, 1)


def test_independent_choices_do_not_multiply() -> None:
    """A hundred disjunctions that have nothing to do with the contradiction."""
    many = [("or", ("=", ("f", x), y), ("=", ("g", x), y)) for x in _numerals(100) for y in (("b",),)]
    end = [("or", ("=", ("a",), ("d",)), ("=", ("a",), ("e",))), ("!=", ("a",), ("d",)), ("!=", ("a",), ("e",))]
    assert core_of([*many, *end], steps=200_000) == (100, 101, 102)


def test_a_budget_is_kept() -> None:
    with pytest.raises(Rejected, match="limit"):
        core_of([("=", x, ("a",)) for x in _numerals(100)], steps=500)


def _numerals(count: int) -> list[Any]:
    found: list[Any] = [("c",)]
    while len(found) < count:
        found.append(("h", found[-1], ("d",)))
    return found
