"""A formula means the same in theorems as in claims: its form there, evaluated in a structure, agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.elaborate.module import Loader
from formal.elaborate.value import FunctorOf
from formal.refute.evaluate import holds
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor
from formal.statement.elaborate import elaborate
from formal.text import Source
from tests.exhaustive import holds as claim_holds

STRUCTURES = {
    "arrow": (
        "category C = chain(2)",
        "presheaf T on C { 0 |-> {l, r}, 1 |-> {t}, (0 -> 1) |-> {t |-> l} }",
        "copresheaf U on C { 0 |-> {a}, 1 |-> {b}, (0 -> 1) |-> {a |-> b} }",
        "functor F: C -> C { 0 |-> 0, 1 |-> 0, (0 -> 1) |-> id(0) }",
    ),
    "apart": (
        "category C = discrete(x, y)",
        "presheaf T on C { x |-> {a}, y |-> {} }",
        "copresheaf U on C { x |-> {a}, y |-> {} }",
        "functor F: C -> C { x |-> y, y |-> x }",
    ),
    "turn": (
        "category C = cyclic(2)",
        "presheaf T on C { o |-> {a, b}, r |-> {a |-> b, b |-> a} }",
        "copresheaf U on C { o |-> {a}, r |-> {a |-> a} }",
        "functor F: C -> C { o |-> o, r |-> id(o) }",
    ),
    "idempotent": (
        "category C = monoid { e: e p, p: p p }",
        "presheaf T on C { o |-> {a, b}, p |-> {a |-> a, b |-> a} }",
        "copresheaf U on C { o |-> {a, b}, p |-> {a |-> b, b |-> b} }",
        "functor F: C -> C { o |-> o, p |-> p }",
    ),
    "span": (
        "category C = poset(a < b, a < c)",
        "presheaf T on C { a |-> {u}, b |-> {v}, c |-> {w}, (a -> b) |-> {v |-> u}, (a -> c) |-> {w |-> u} }",
        "copresheaf U on C { a |-> {u}, b |-> {v}, c |-> {w}, (a -> b) |-> {u |-> v}, (a -> c) |-> {u |-> w} }",
        "functor F: C -> C { a |-> a, b |-> c, c |-> b, (a -> b) |-> (a -> c), (a -> c) |-> (a -> b) }",
    ),
    "nothing": (
        "category C { }",
        "presheaf T on C { }",
        "copresheaf U on C { }",
        "functor F: C -> C { }",
    ),
}

FORMULAS = (
    "thin(C) or groupoid(C)",
    "skeletal(C)",
    "connected(C)",
    *(
        f"has({category}, {shape})"
        for category in ("C", "op(C)")
        for shape in ("terminal", "products", "equalizers", "pullbacks", "coproducts", "coequalizers")
    ),
    "has(C * C, terminal)",
    "has(C + C, initial)",
    "connected(C + chain(2)) iff forall X in C. false",
    "has(elements(T), terminal)",
    "has(elements(T), products)",
    "has(elements(U), initial)",
    "has(arrow_category(C), terminal)",
    "connected(elements(T))",
    "connected(elements(U))",
    "connected(op(elements(T)))",
    "has(comma(F, id(C)), terminal)",
    "has(comma(id(C), F), initial)",
    "thin(karoubi(C))",
    "groupoid(karoubi(C)) iff groupoid(C)",
    "connected(karoubi(C)) and finite(karoubi(C))",
    *(f"has(karoubi(C), {shape})" for shape in ("terminal", "products", "equalizers")),
    "has(op(karoubi(C)), terminal)",
    "equivalent(karoubi(C), C)",
    "forall E in karoubi(C), e: E -> E. idempotent(e) implies exists D in karoubi(C). retract(D, of: E)",
    "forall X, Y in C. has(subcategory(C, X, Y), terminal)",
    "exists X, Y in C. full(inclusion(C, X, Y)) and essentially_surjective(inclusion(C, X, Y))",
    "forall X in C. groupoid(subcategory(C, X))",
    "forall X in C. has(slice(C, X), products)",
    "exists X in C. has(coslice(C, X), terminal)",
    "representable(T)",
    "corepresentable(U)",
    "representable(op(U))",
    "representable(T + T)",
    "representables(T + T, count: 2)",
    "representables(T, count: 2)",
    "prompts(T, count: 1)",
    "prompt_number(T, is: 2)",
    "prompts(T * T, count: 2)",
    "representable(constant({*}, C))",
    "representable(empty(C)) or representables(empty(C), count: 0)",
    "exists P in C. representable(restrict(F, y(P)))",
    "exists P in C. isomorphic(T, y(P))",
    "exists P in C. isomorphic(U, hom(P, -))",
    "isomorphic(T, restrict(F, T))",
    "forall P, Q in C. isomorphic(y(P), y(Q)) iff isomorphic(P, Q)",
    "isomorphic(F, id(C))",
    "isomorphic(C, op(C))",
    "equivalent(C, chain(1))",
    "full(F)",
    "faithful(F >> F)",
    "equivalence(op(F))",
    "preserves(F, terminal) and preserves(F, pullbacks)",
    "preserves(F, coproducts)",
    "adjoint(F, F)",
    "adjoint(id(C), F)",
    "has_left_adjoint(F)",
    "has_right_adjoint(F)",
    "has_extension(F, at: T)",
    "has_extension(id(C), at: empty(C))",
    "left_kan(F, along: id(C), of: F)",
    "right_kan(id(C), along: F, of: F)",
    "forall X in C. equinumerous(T(X), hom(X, X))",
    "forall X in C. exists! t in (T + T)(X). t = t",
    "forall X in C. exists! t in (T * T)(X). t = t",
    "forall X in C. exists! a in constant({k}, C)(X). true",
    "forall phi: T => T. iso(phi)",
    "exists! phi: T => constant({*}, C). true",
    "exists! phi: F => F. true",
    "forall functor D: chain(2) -> C. mono(D((0 -> 1)))",
    "forall X in C, f: X -> X. idempotent(f)",
    "forall X, Y in C. retract(X, of: Y) iff retract(Y, of: X)",
)


def _model(names: dict[str, object]) -> CounterModel:
    categories: dict[str, FiniteCategory] = {}
    set_functors: dict[str, FiniteSetFunctor] = {}
    functions: dict[str, dict[tuple[int, ...], int]] = {}
    for name, meaning in names.items():
        match meaning:
            case Category():
                arrows = range(meaning.arrow_count)
                categories[name] = FiniteCategory(
                    meaning.object_count,
                    tuple(map(meaning.source, arrows)),
                    tuple(map(meaning.target, arrows)),
                    {
                        (f, g): meaning.compose(f, g)
                        for f in arrows
                        for g in arrows
                        if meaning.target(f) == meaning.source(g)
                    },
                )
            case SetFunctor(category=category):
                ends = category.target if meaning.contravariant else category.source
                set_functors[name] = FiniteSetFunctor(
                    tuple(meaning.base),
                    {(f, t): meaning.act_arrow(f, t) for f in range(category.arrow_count) for t in meaning.at(ends(f))},
                )
            case FunctorOf(term=functor):
                functions[f"{name}.ob"] = {(x,): value for x, value in enumerate(functor.objects)}
                functions[f"{name}.ar"] = {(f,): value for f, value in enumerate(functor.arrows)}
    return CounterModel(categories, set_functors, functions, 0, False, 0)


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_formula_means_the_same_in_theorems(structure: str, formula: str) -> None:
    declarations = "\n".join(STRUCTURES[structure])
    claim = Loader(Path()).elaborate(Source("claim.cat", f"{declarations}\nclaim it: {formula}"))
    assert not claim.diagnostics
    givens = "given category C, presheaf T on C, copresheaf U on C, functor F: C -> C"
    script = Loader(Path()).elaborate(Source("theorem.cat", f"theorem it {{ {givens} show {formula} }}"))
    (obligation,) = elaborate(script.theorems[0], script.module, "theorem.cat").obligations
    model = _model({name: meaning for name, (_, meaning) in claim.module.meanings.items()})
    assert holds(obligation.formula, model) == claim_holds(claim.claims[0].formula)
