"""The first-order form: assumptions are only weakened, what is to be shown only strengthened."""

from __future__ import annotations

import pytest

from formal.logic.theory import Truth
from formal.prove.configuration import configurations
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits, Prover
from formal.prove.result import Proof, Sequent
from formal.prove.substitution import is_first_order
from formal.statement.show import show_formula
from tests.statement.theorem import statement

GIVEN = "given category C, presheaf S, T on C, object P, Q in C\n"


def sequent(clauses: str, without: frozenset[str] = frozenset()) -> Sequent:
    found = statement(GIVEN + clauses)
    return first_order(found, found.obligations[-1], without)


def names(found: Sequent) -> list[str]:
    return [function.name for function in found.functions]


def proves(clauses: str) -> bool:
    ground = tuple(name for name in configurations() if "ground" in name)[:2]
    with Prover() as prover:
        return isinstance(prover.prove(sequent(clauses), ProveLimits(long=0, configurations=ground)), Proof)


def test_functions_that_are_assumed_to_exist_get_symbols() -> None:
    found = sequent("assume a: isomorphic(S, T)\nshow exists t in T(P). t = t")
    assert names(found) == ["P", "Q", "phi", "psi"]
    assert found.lost == ()
    assert all(map(is_first_order, (found.goal, *(axiom.formula for axiom in found.axioms))))


def test_below_a_disjunction_they_depend_on_a_witness() -> None:
    found = sequent("assume a: P = Q or isomorphic(S, T)\nshow exists t in T(P). t = t")
    assert "phi.scope" in found.categories
    (axiom,) = found.axioms
    assert show_formula(axiom.formula).startswith("P = Q or (exists w in phi.scope. ")


@pytest.mark.parametrize(
    "clauses",
    ["assume a: P = Q or isomorphic(S, T)", "assume a: forall X in C. (P = X or isomorphic(S, T))"],
)
def test_functions_that_need_not_exist_prove_nothing(clauses: str) -> None:
    assert not proves(f"{clauses}\nassume s: exists s in S(P). s = s\nshow exists t in T(P). t = t")


@pytest.mark.parametrize(
    "clauses",
    [
        "show isomorphic(S, S)",
        "assume a: isomorphic(S, T)\nshow isomorphic(T, S)",
        "show isomorphic(S, T) implies isomorphic(T, S)",
        "assume a: forall X in C. equinumerous(S(X), T(X))\nshow forall X in C. equinumerous(T(X), S(X))",
        "assume c: connected(C)\nshow exists X in C. X = X",
        "given isomorphism phi: y(P) => T\nshow representable(T, by: P)",
    ],
)
def test_second_order_goals_are_tried_with_what_is_known(clauses: str) -> None:
    assert proves(clauses)


@pytest.mark.parametrize(
    "clauses",
    [
        "show isomorphic(S, T)",
        "show connected(C)",
        "assume c: connected(C)\nshow exists f: P -> Q. true",
        "assume a: forall X in C. equinumerous(S(X), T(X))\nshow isomorphic(S, T)",
        "show exists t in T(P). t = t",
    ],
)
def test_what_does_not_hold_is_not_proved(clauses: str) -> None:
    assert not proves(clauses)


def test_what_is_lost_is_said() -> None:
    found = sequent("assume a: finite(C)\nshow finite(C)")
    assert found.goal == Truth(False)
    assert found.axioms == ()
    assert found.lost == (
        "of an assumption, that `C` is finite",
        "of what is to be shown, that `C` is finite",
    )


def test_hypotheses_may_be_left_out() -> None:
    clauses = "assume a: P = Q\nassume b: Q = P\nshow P = Q"
    assert [axiom.name for axiom in sequent(clauses).axioms] == ["a", "b"]
    assert [axiom.name for axiom in sequent(clauses, frozenset({"a"})).axioms] == ["b"]


def test_only_what_hangs_together_with_the_goal_is_kept() -> None:
    found = sequent("given category D, object Z in D\nassume d: forall X in D. X = Z\nshow P = Q implies Q = P")
    assert found.categories == ("C",)
    assert found.axioms == ()


def test_a_goal_about_nothing_keeps_every_hypothesis() -> None:
    found = sequent("assume a: P != P\nshow false")
    assert [axiom.name for axiom in found.axioms] == ["a"]
