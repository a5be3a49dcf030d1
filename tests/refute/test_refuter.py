"""The search in a child process: the same outcomes, and no verdict from a process that dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from formal.refute.limit import SearchLimits
from formal.refute.refuter import Refuter
from formal.refute.result import CounterModel, Searched
from formal.refute.search import search
from tests.statement.theorem import statement

FALSE = "given category C, object X, Y in C, arrow f: X -> Y assume mono(f) show epi(f)"
TRUE = (
    "given category C, object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z assume mono(f) assume mono(g) show mono(f >> g)"
)


@pytest.fixture(scope="module")
def refuter() -> Iterator[Refuter]:
    with Refuter() as running:
        yield running


@pytest.mark.parametrize("clauses", [FALSE, TRUE])
def test_same_outcome_as_in_this_process(refuter: Refuter, clauses: str) -> None:
    theorem = statement(clauses)
    show = theorem.obligations[-1]
    limits = SearchLimits(max_size=5)
    assert refuter.search(theorem, show, limits) == search(theorem, show, limits)


def test_options_are_passed_on(refuter: Refuter) -> None:
    theorem = statement(FALSE)
    show = theorem.obligations[-1]
    limits = SearchLimits(max_size=5)
    for options in (
        {"satisfy": True, "nondegenerate": True},
        {"goal": show.formula, "without": frozenset({"assume 1"})},
    ):
        assert refuter.search(theorem, show, limits, **options) == search(theorem, show, limits, **options)


def test_cancelled_from_another_thread(refuter: Refuter) -> None:
    theorem = statement(TRUE)
    endless = SearchLimits(max_size=30, budget=10**12)
    timer = threading.Timer(0.5, refuter.cancel)
    timer.start()
    found = refuter.search(theorem, theorem.obligations[-1], endless)
    timer.join()
    assert found == Searched(-1, 0, 0, 0, True, "the search was stopped", 0)
    false = statement(FALSE)
    assert isinstance(refuter.search(false, false.obligations[-1], SearchLimits()), CounterModel)


def test_cancelling_nothing_does_nothing(refuter: Refuter) -> None:
    refuter.cancel()
    theorem = statement(FALSE)
    assert isinstance(refuter.search(theorem, theorem.obligations[-1], SearchLimits()), CounterModel)


def test_a_process_that_dies_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    theorem = statement(FALSE)
    with Refuter() as refuter:
        found = refuter.search(theorem, theorem.obligations[-1], SearchLimits())
    assert found == Searched(-1, 0, 0, 0, True, "the process of the search died", 0)
