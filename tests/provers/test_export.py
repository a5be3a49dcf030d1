"""Exported obligations say what the claims say, in texts that provers can read."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.herbrand import Rejected
from formal.prove.export import to_smtlib, to_tptp
from formal.prove.plain import Plain, plain
from tests.herbrand.example import EXAMPLES, OB, Example, document, encode, hom
from tests.herbrand.model import Model
from tests.herbrand.random_claim import random_claim

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

# --- what is said -----------------------------------------------------------------------------------


class Extended:
    """A model with one more element, None, in every sort: what satisfies a predicate is what was there before."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def sort(self, sort: str) -> list[int | None]:
        kind, owner = sort.split(".")
        tables = {"Ob": self.model.objects, "Ar": self.model.arrows, "El": self.model.places}
        return [*range(len(tables[kind].get(owner, ()))), None]  # type: ignore[attr-defined]

    def value(self, term: Any, env: dict[str, Any]) -> int | None:
        if isinstance(term, str):
            return env[term]  # type: ignore[no-any-return]
        return self.model.tables[term[0]].get(tuple(self.value(part, env) for part in term[1:]))  # type: ignore[misc]

    def predicate(self, name: str, values: list[int | None]) -> bool:
        kind, owner = name.split(".")
        if None in values:
            return False
        *over, value = values
        if kind == "ob":
            return True
        if kind == "hom":
            return self.model.arrows[owner][value] == tuple(over)  # type: ignore[index]
        return [self.model.places[owner][value]] == over  # type: ignore[index]

    def holds(self, formula: Any, env: dict[str, Any]) -> bool:
        kind, *parts = formula
        match kind:
            case "forall" | "exists":
                names = [name for name, _ in parts[0]]
                tuples = itertools.product(*(self.sort(sort) for _, sort in parts[0]))
                truths = (self.holds(parts[1], {**env, **dict(zip(names, t, strict=True))}) for t in tuples)
                return all(truths) if kind == "forall" else any(truths)
            case "and":
                return all(self.holds(part, env) for part in parts)
            case "or":
                return any(self.holds(part, env) for part in parts)
            case "not":
                return not self.holds(parts[0], env)
            case "implies":
                return not self.holds(parts[0], env) or self.holds(parts[1], env)
            case "iff":
                return self.holds(parts[0], env) is self.holds(parts[1], env)
            case "=":
                return self.value(parts[0], env) == self.value(parts[1], env)
        return self.predicate(parts[0], [self.value(part, env) for part in parts[1:]])


def affordable(obligation: Plain, model: Extended) -> Iterator[tuple[str, Any]]:
    for name, formula in (*obligation.typing, *obligation.axioms):
        size = 1
        for _, sort in formula[1] if formula[0] == "forall" else ():
            size *= len(model.sort(sort))
        if size <= 5000:
            yield name, formula


@FEW
@given(st.integers(0, 10**9))
def test_a_model_of_the_claim_is_one_of_the_plain_form(seed: int) -> None:
    """So a proof of the plain form is one of the claim, also where sorts are empty."""
    claim, model = random_claim(Random(seed))
    obligation, extended = plain(encode(claim)), Extended(model)
    for name, formula in affordable(obligation, extended):
        assert extended.holds(formula, {}), name
    assert not extended.holds(obligation.goal, {})


# --- the texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_smt_lib_is_read_and_proved(example: Example) -> None:
    solver = z3.SolverFor("UF")
    solver.set("rlimit", 20_000_000)
    solver.from_string(to_smtlib(example.claim))
    assert solver.check() == z3.unsat


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_smt_lib_without_the_axioms_is_not_proved(example: Example) -> None:
    """All but the laws."""
    weaker = encode({**example.document, "axioms": []})
    solver = z3.SolverFor("UF")
    solver.set("rlimit", 500_000)
    solver.from_string(to_smtlib(weaker))
    assert solver.check() != z3.unsat


GOAL = ["forall", [["x", OB], ["y", OB], ["f", hom("x", "y")]], ["exists!", [["g", hom("x", "y")]], ["=", "g", "f"]]]


def test_tptp() -> None:
    text = to_tptp(encode(document(functions=[["P", [], OB]], goal=GOAL)))
    assert text.startswith("% Theorem example, obligation show.\n")
    lines = text.splitlines()
    assert "fof('C.left_identity', axiom, ![X,Y,F]: ('hom.C'(X,Y,F) => 'comp.C'('id.C'(X),F) = F))." in lines
    assert "fof('type of P', axiom, 'ob.C'('P'))." in lines
    unique = "![G_2]: ('hom.C'(X,Y,G_2) => (G_2 = F => G_2 = G))"
    goal = f"![X,Y,F]: ('hom.C'(X,Y,F) => ?[G]: ('hom.C'(X,Y,G) & G = F & {unique}))"
    assert lines[-1] == f"fof(goal, conjecture, {goal})."


def test_smt_lib() -> None:
    lines = to_smtlib(encode(document(functions=[["P", [], OB]], goal=["=", ["P"], ["P"]]))).splitlines()
    assert lines[0] == "; Theorem example, obligation show."
    assert "(declare-fun hom.C (Ob.C Ob.C Ar.C) Bool)" in lines
    assert "(assert (! (ob.C P) :named |type of P|))" in lines
    assert lines[-2:] == ["(assert (! (not (= P P)) :named |negated goal|))", "(check-sat)"]


AWKWARD = ["a b", "|", "\\", "'", "é", "u00e9", "and", "true", "X_2", "hom.C", "1", "goal", "-", "Ob.C"]


def test_awkward_names() -> None:
    """What is called differently stays different, and is quoted where need be."""
    functions = [[name, [], OB] for name in AWKWARD]
    different = [["not", ["=", [a], [b]]] for a, b in itertools.combinations(AWKWARD, 2)]
    same = ["forall", [[name, OB] for name in AWKWARD], ["=", "é", "é"]]
    axioms = [[f"it's |{n}|", formula] for n, formula in enumerate(different)]
    claim = encode(document(functions=functions, axioms=axioms, goal=same))
    solver = z3.SolverFor("UF")
    solver.from_string(to_smtlib(claim))
    names = re.findall(r"^fof\('type of .*, axiom, 'ob\.C'\((.*)\)\)\.$", to_tptp(claim), re.MULTILINE)
    assert len(set(names)) == len(AWKWARD)
    to_smtlib(claim).encode("ascii")
    to_tptp(claim).encode("ascii")


def test_copies_do_not_capture() -> None:
    """``exists! x. exists x'. x = x'`` speaks of a second x, which is not x'."""
    body = ["exists", [["x'", OB]], ["=", "x", "x'"]]
    solver = z3.SolverFor("UF")
    solver.set("rlimit", 1_000_000)
    solver.from_string(to_smtlib(encode(document(functions=[["P", [], OB]], goal=["exists!", [["x", OB]], body]))))
    assert solver.check() != z3.unsat


def test_what_is_no_claim_is_rejected() -> None:
    for export in (to_smtlib, to_tptp):
        with pytest.raises(Rejected):
            export(b"{}")
