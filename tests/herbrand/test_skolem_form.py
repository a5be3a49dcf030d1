"""Skolem forms, by example."""

from __future__ import annotations

from typing import Any

from formal.herbrand import read
from formal.herbrand.problem import Axiom, Problem, Type
from tests.herbrand.example import OB, X, document, encode, hom

E = ["El", "T", X]
T_FUNCTIONS = [["X", [], OB], ["t", [], E], ["p", [["x1", E]], E]]
SORT = Type("El", "T", (("X",),))
t = ("t",)


def form(goal: Any = ("true",), *axioms: Any, functions: Any = ()) -> Problem:
    fields = {"set_functors": [["T", "C", "covariant"]], "functions": [*T_FUNCTIONS, *functions]}
    named = [["a" if not n else f"a{n}", axiom] for n, axiom in enumerate(axioms)]
    return read(encode(document(**fields, goal=goal, axioms=named)))


def own(problem: Problem) -> list[Axiom]:
    return [axiom for name, axiom in problem.axioms.items() if name.split("#")[0] in ("a", "a1", "goal")]


def matrices(problem: Problem) -> dict[str, Any]:
    return {axiom.name: axiom.matrix for axiom in own(problem)}


def forall(name: str, body: Any) -> Any:
    return ["forall", [[name, E]], body]


def exists(name: str, body: Any) -> Any:
    return ["exists", [[name, E]], body]


def fixed(term: Any) -> Any:
    return ["=", ["p", term], term]


def test_laws_have_their_names() -> None:
    assert list(form(["false"]).axioms) == [
        "C.left_identity",
        "C.right_identity",
        "C.associativity",
        "T.identity",
        "T.composition",
    ]


def test_the_goal_is_negated() -> None:
    assert matrices(form(fixed(["t"]))) == {"goal": ("!=", ("p", t), t)}
    assert matrices(form(["false"])) == {}
    assert matrices(form(["true"], ["false"])) == {"a": ("or",), "goal": ("or",)}


def test_conjunctions_are_divided_also_below_quantifiers() -> None:
    problem = form(["false"], forall("x", ["and", ["=", "x", ["t"]], ["and", fixed("x"), fixed(["t"])]]))
    assert matrices(problem) == {"a": ("=", "x", t), "a#2": ("=", ("p", "x"), "x"), "a#3": ("=", ("p", t), t)}
    assert {axiom.variables for axiom in own(problem)} == {(("x", SORT),)}, "also where it does not occur"


def test_existence_below_no_disjunction() -> None:
    problem = form(["false"], forall("x", exists("y", ["and", ["=", "x", "y"], exists("z", fixed("z"))])))
    y, z = problem.functions["a.y"], problem.functions["a.z"]
    assert (y.parameters, y.explicit, y.result, y.defined) == ((("x", SORT),), ("x",), SORT, True)
    assert (z.parameters, z.defined) == (y.parameters, True)
    term = ("a.z", "x")
    assert matrices(problem) == {"a": ("=", "x", ("a.y", "x")), "a#2": ("=", ("p", term), term)}


def test_existence_below_a_disjunction() -> None:
    problem = form(["false"], forall("x", ["or", fixed("x"), exists("y", ["=", "x", "y"])]))
    y = ("a.y", "x")
    assert not problem.functions["a.y"].defined
    assert matrices(problem) == {"a": ("or", ("=", ("p", "x"), "x"), ("and", ("defined", y), ("=", "x", y)))}


def test_types_mention_skolem_terms() -> None:
    body = ["exists", [["y", OB], ["f", hom(X, "y")]], ["forall", [["g", hom("y", "y")]], ["=", "g", ["id.C", "y"]]]]
    problem = form(["false"], body)
    assert problem.functions["a.f"].result == Type("Hom", "C", (("X",), ("a.y",)))
    (axiom,) = own(problem)
    assert axiom.variables == (("g", Type("Hom", "C", (("a.y",), ("a.y",)))),)


def test_implicit_variables() -> None:
    variables = [["x", OB], ["y", OB], ["f", hom("x", "y")]]
    endo = ["exists", [["e", hom("x", "x")]], ["=", ["comp.C", "e", "f"], "f"]]
    problem = form(["false"], ["forall", variables, endo])
    assert problem.functions["a.e"].explicit == ("f",)
    assert own(problem)[0].explicit == ("f",)
    assert own(problem)[0].matrix == ("=", ("comp.C", ("a.e", "f"), "f"), "f")


def test_exactly_one_is_assumed_once() -> None:
    problem = form(["false"], ["exists!", [["y", E]], fixed("y")])
    y, other = ("a.y",), "y#2"
    assert matrices(problem) == {
        "a": ("=", ("p", y), y),
        "a#2": ("or", ("!=", ("p", other), other), ("=", other, y)),
    }


def test_not_exactly_one_is_none_or_two() -> None:
    problem = form(["exists!", [["y", E]], fixed("y")])
    (axiom,) = own(problem)
    ((variable, _),) = axiom.variables
    one, two = (name for name in problem.functions if name.startswith("goal."))
    kind, none, both = axiom.matrix
    assert (kind, none) == ("or", ("!=", ("p", variable), variable))
    assert both == (
        "and",
        ("defined", (one,)),
        ("defined", (two,)),
        ("=", ("p", (one,)), (one,)),
        ("=", ("p", (two,)), (two,)),
        ("!=", (two,), (one,)),
    )


def test_equivalences_are_copied_with_new_variables() -> None:
    problem = form(["false"], ["iff", forall("x", fixed("x")), fixed(["t"])])
    names = {variable for axiom in own(problem) for variable, _ in axiom.variables}
    skolem = {name for name in problem.functions if name.startswith("a.")}
    assert len(names) == 1
    assert len(skolem) == 1
    assert skolem != {f"a.{name}" for name in names}


def test_skolem_functions_give_way_to_declared_ones() -> None:
    problem = form(exists("y", fixed("y")), exists("z", fixed("z")), functions=[["a.z", [], E], ["a.z#2", [], E]])
    assert matrices(problem)["a"] == ("=", ("p", ("a.z#3",)), ("a.z#3",))


def test_variables_are_not_captured() -> None:
    """The Skolem term for y contains x, and comes below another variable that was once called x."""
    inner = ["forall", [["z", E]], ["iff", ["=", "y", "z"], ["exists", [["w", E]], ["=", "w", "x"]]]]
    problem = form(["false"], forall("x", exists("y", inner)))
    for axiom in own(problem):
        assert len({variable for variable, _ in axiom.variables}) == len(axiom.variables)
        assert axiom.variables[0] == ("x", SORT)
