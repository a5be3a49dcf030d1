"""Speed of the search for counter-models, beside plain enumeration and the same search without its parts."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from formal.logic.theory import Formula
from formal.refute import search as search_module
from formal.refute.evaluate import holds
from formal.refute.limit import SearchLimits
from formal.refute.refuter import Refuter
from formal.refute.result import CounterModel, FiniteCategory, Searched
from formal.refute.search import search
from formal.refute.symmetry import Column
from formal.statement.model import Statement
from tests.refute.every_structure import categories
from tests.refute.test_textbook import FALSEHOODS
from tests.statement.theorem import statement

pytestmark = pytest.mark.benchmark

ROUNDS = {"rounds": 3, "iterations": 1, "warmup_rounds": 1}
TRUTH = "given category C, object X, Y in C, arrow f: X -> Y assume iso(f) show mono(f) and epi(f)"
LARGER = FALSEHOODS["monomorphisms are epimorphisms"][1]


@pytest.fixture(scope="module")
def refuter():
    with Refuter() as running:
        yield running


def searched(theorem: Statement, size: int) -> CounterModel | Searched:
    return search(theorem, theorem.obligations[-1], SearchLimits(max_size=size))


@pytest.mark.parametrize("name", [name for name, (size, _) in FALSEHOODS.items() if size])
def test_falsehoods(benchmark: Callable, name: str) -> None:
    size, clauses = FALSEHOODS[name]
    found = benchmark.pedantic(searched, (statement(clauses), 6), **ROUNDS)
    assert found.size == size


@pytest.mark.parametrize("size", [4, 5, 6, 7])
def test_a_truth_by_size(benchmark: Callable, size: int) -> None:
    found = benchmark.pedantic(searched, (statement(TRUTH), size), **ROUNDS)
    assert (type(found), found.size) == (Searched, size)


@pytest.mark.parametrize("way", ["search", "child process", "all tables"])
def test_ways_to_find_one(benchmark: Callable, way: str, refuter: Refuter) -> None:
    theorem = statement(LARGER)
    show = theorem.obligations[-1]
    if way == "all tables":
        assert benchmark.pedantic(all_tables, (theorem,), **ROUNDS) == 4
        return
    run = search if way == "search" else refuter.search
    assert benchmark.pedantic(run, (theorem, show, SearchLimits()), **ROUNDS).size == 4


@pytest.mark.parametrize("broken", [True, False])
def test_symmetry(benchmark: Callable, monkeypatch: pytest.MonkeyPatch, broken: bool) -> None:
    if not broken:
        monkeypatch.setattr(search_module, "break_symmetry", do_nothing)
    theorem = statement("given category C, object X in C, arrow f: X -> X assume epi(f) assume mono(f) show iso(f)")
    found = benchmark.pedantic(searched, (theorem, 6), **ROUNDS)
    assert (type(found), found.size) == (Searched, 6)


def do_nothing(world: object, columns: list[Column]) -> None:
    """No copies are excluded."""


def all_tables(theorem: Statement) -> int:
    """The least size, by evaluating the formulas in every category with every choice of two objects and an arrow."""
    requirements: list[tuple[Formula, bool]] = [(h.formula, True) for h in theorem.hypotheses if h.origin != "law"]
    requirements.append((theorem.obligations[-1].formula, False))
    for size in range(5):
        for category in categories(size):
            for model in pointed(category, size):
                if all(holds(formula, model) is wanted for formula, wanted in requirements):
                    return size
    return -1


def pointed(category: FiniteCategory, size: int) -> list[CounterModel]:
    return [
        CounterModel({"C": category}, {}, {"X": {(): x}, "Y": {(): y}, "f": {(): f}}, size, True, 0)
        for x, y in product(range(category.objects), repeat=2)
        for f, ends in enumerate(zip(category.dom, category.cod, strict=True))
        if ends == (x, y)
    ]
