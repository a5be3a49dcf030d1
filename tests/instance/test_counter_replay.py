"""Counter-models that the search finds, as scripts: run, every hypothesis is proved and the goal refuted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from formal.elaborate.module import Loader
from formal.instance.explain import explain_refutation
from formal.instance.place import Inexpressible
from formal.instance.replay import Confirmed, Contradicted, Unconfirmed, replay
from formal.instance.script import script_of
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor
from formal.refute.search import search
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.syntax.format import format_source
from formal.text import Source
from formal.verdict.result import FileResult, Outcome, Trouble
from formal.verify.options import Options
from formal.verify.run import check_text

LIBRARY = Path(__file__).parent.parent.parent / "proofs" / "library"


def check(script: str) -> FileResult:
    return check_text(script, Options(engine="direct", cache=False))


def statement(text: str) -> Statement:
    script = Loader(Path()).elaborate(Source("stated.cat", text))
    assert not script.diagnostics
    return elaborate(script.theorems[-1], script.module, "stated.cat")


def refuted(text: str) -> tuple[Statement, Obligation, CounterModel]:
    """The first obligation of a theorem that has a counter-model."""
    stated = statement(text)
    for obligation in stated.obligations:
        model = search(stated, obligation, SearchLimits(max_size=7, budget=4_000_000))
        if isinstance(model, CounterModel):
            return stated, obligation, model
    raise AssertionError("no counter-model")


FALSEHOODS = {
    "an identity is an arrow of its own": (
        """theorem t { given category C, object X, Y in C, arrow f: X -> Y
             assume iso(f) assume small: thin(C) show X = Y }""",
        [
            "category C { objects X, Y arrows f: X -> Y",
            "claim hypothesis_1: iso(f)",
            "claim goal: X = Y expect refuted",
        ],
    ),
    "two givens are one thing": (
        """theorem t { given category C, object X, Y in C, arrow f: X -> Y
             show not exists g: Y -> X. f >> g = id(X) }""",
        ["Here Y is X, f is id(X).", "claim goal: not exists g: X -> X. id(X) >> g = id(X) expect refuted"],
    ),
    "an abbreviation is put in": (
        """theorem t { given category C, object X, Y in C, arrow f: X -> Y, g: Y -> X
             let h := f >> g assume idempotent(h) show h = id(X) }""",
        ["claim goal: id(X) >> g = id(X) expect refuted"],
    ),
    "bound variables make way": (
        """theorem t { given category C, object P, Q, X in C, arrow a: P -> Q, f: P -> Q
             assume a = f show forall b: X -> P, a', c: X -> P. b >> a = c >> f }""",
        ["claim goal: "],
    ),
    "elements of one name": (
        """theorem t { given category C, presheaf T on C, object P in C, element u, v in T(P)
             show exists f: P -> P. T(f)(u) = v }""",
        ["presheaf T on C { P |-> {u, v} }"],
    ),
    "elements are compared as elements": (
        "theorem t { given category C, copresheaf T on C, object P in C, element u, v in T(P) show u = v }",
        ["claim goal: T(id(P))(u) = v expect refuted"],
    ),
    "what is defined is copied": (
        """define pointed(presheaf T on C) := forall X in C. nonempty(T, X)
           define nonempty(presheaf T on C, object X in C) := exists t in T(X). true
           define other(category C) := thin(C)
           theorem t { given category C, presheaf T on C assume pointed(T) show representable(T) }""",
        ["define pointed", "define nonempty", "claim hypothesis_1: pointed(T)"],
    ),
    "an isomorphism and its inverse": (
        """theorem t { given category C, presheaf S, T on C, object X in C, element s, t in S(X)
             given isomorphism phi: S => T show (phi^-1)(phi(s)) = t }""",
        ["transformation phi_inverse: T => S", "claim phi_is_iso: iso(phi)", "phi_inverse(phi(s))"],
    ),
    "an isomorphism of objects": (
        """theorem t { given category C, object X, Y in C
             given isomorphism f: X -> Y show f >> f^-1 = id(X) and X = Y }""",
        ["claim f_is_iso: iso(f)", "f^-1"],
    ),
    "a representable as a source": (
        """theorem t { given category C, presheaf T on C, object P in C
             given transformation phi: y(P) => T show iso(phi) }""",
        ["transformation phi: y(P) => T"],
    ),
    "a contravariant functor": (
        """theorem t { given category C, D, functor F: op(C) -> D, object X, Y in C, arrow f: X -> Y
             assume mono(f) show epi(F(f)) }""",
        ["functor F: op(C) -> D"],
    ),
    "a functor of two arguments": (
        """theorem t { given category C, D, functor F: C * C -> D, object X, Y in C
             show forall Z in C * C. F(Z) = F("(X, Y)") implies true and false }""".replace('F("(X, Y)")', "F(Z)"),
        ["functor F: C * C -> D"],
    ),
    "a presheaf on the opposite": (
        """theorem t { given category C, presheaf T on op(C), object X, Y in C, arrow f: X -> Y
             assume exists t in T(X). true show forall s, t in T(Y). s = t }""",
        ["presheaf T on op(C)"],
    ),
    "a functor on elements": (
        """theorem t { given category C, D, presheaf T on C, functor F: elements(T) -> D
             assume exists X in C, t in T(X). true show full(F) }""",
        ["functor F: elements(T) -> D"],
    ),
    "a functor from a category that is written out": (
        "theorem t { given category C, functor D: chain(2) -> C show D(0) = D(1) implies false }",
        ["functor D: chain(2) -> C { 0 |-> "],
    ),
    "what the script declares": (
        """category Walk { objects a, b arrows go: a -> b }
           theorem t { given category C, functor D: Walk -> C show iso(D(go)) }""",
        ["category Walk", "functor D: Walk -> C"],
    ),
    "an adjunction": (
        """theorem t { given category C, D, functor F: C -> D, functor G: D -> C
             given adjunction F -| G with unit eta, counit epsilon show forall X in C. iso(eta(X)) }""",
        ["transformation eta: id(C) => F >> G", "claim F_is_left_adjoint: ", "claim F_is_left_adjoint_2: "],
    ),
    "an adjunction by its unit": (
        """theorem t { given category C, D, functor F: C -> D, functor G: D -> C
             given adjunction F -| G with unit eta show full(F) }""",
        ["exists! "],
    ),
    "an adjunction of which nothing is said": (
        """theorem t { given category C, D, functor F: C -> D, functor G: D -> C
             given adjunction F -| G with transpose sharp show faithful(F) }""",
        ["claim F_is_left_adjoint: adjoint(F, G)"],
    ),
    "a limit": (
        """theorem t { given category J, C, functor D: J -> C, object j in J
             given limit L of D with cone p show mono(p(j)) }""",
        ["functor everywhere_L: J -> C", "transformation p: everywhere_L => D", "claim L_is_limit: forall "],
    ),
    "a colimit": (
        """theorem t { given category J, C, functor D: J -> C
             given colimit L of D with cocone i show exists j in J. D(j) = L }""",
        ["claim L_is_colimit: "],
    ),
    "a Kan extension": (
        """theorem t { given category C, D, E, functor K: C -> D, functor F: C -> E
             given left_kan L of F along K with unit eta show forall X in C. iso(eta(X)) }""",
        ["transformation eta: F => K >> L", "claim L_is_left_kan: forall functor G: D -> E."],
    ),
    "a pointwise Kan extension": (
        """theorem t { given category C, D, E, functor K: C -> D, functor F: C -> E
             given pointwise_right_kan R of F along K with counit c show forall X in C. iso(c(X)) }""",
        ["transformation c: K >> R => F", "claim R_is_limit_1: forall "],
    ),
    "a family that is not natural": (
        """theorem t { given category C, presheaf S, T on C, family k: S => T
             let psi: S => T := s |-> k(s) show forall X in C, s in S(X). psi(s) = k(s) }""",
        ["family psi: S => T", "claim goal: natural(psi) expect refuted"],
    ),
    "a construction that is no functor": (
        """theorem t { given category C, D, functor F: C -> D, object Z in D
             assume all: forall X in C. exists f: F(X) -> F(X). f >> f = id(F(X)) and not f = id(F(X))
             given category E, functor G, H: C -> D
             given family theta: G => H
             let functor K: C -> D := X |-> F(X), f |-> F(f)
             show full(K) }""",
        ["functor K: C -> D", "claim goal: full(K) expect refuted"],
    ),
    "there is not exactly one": (
        """theorem t { given category C, object X, Y in C let f: X -> Y := the g: X -> Y. g = g show mono(f) }""",
        ["claim goal: exists! g: X -> X. g = g expect refuted"],
    ),
    "a step that is wrong": (
        "theorem t { given category C, object X in C, arrow e: X -> X have wrong: e = id(X) show iso(e) }",
        ["claim goal: e = id(X) expect refuted"],
    ),
    "a sum as a source": (
        """theorem t { given category C, presheaf S, T on C
             given transformation phi: S + S => T show forall X in C, s in S(X). false }""",
        ["transformation phi: S + S => T"],
    ),
    "a constant as a source": (
        """theorem t { given category C, presheaf T on C, object X in C
             given transformation phi: constant({yes, no}, C) => T show forall t in T(X). false }""",
        ["transformation phi: constant({yes, no}, C) => T"],
    ),
}


@pytest.mark.parametrize("name", FALSEHOODS)
def test_a_counter_model_is_confirmed(name: str) -> None:
    text, parts = FALSEHOODS[name]
    stated, obligation, model = refuted(text)
    script = script_of(stated, obligation, model)
    told = replay(script, check)
    assert isinstance(told, Confirmed), f"{told.reason}\n{script}"
    for part in parts:
        assert part in " ".join(script.split()) or part in script, script
    assert "other" not in script
    assert format_source(Source("script", script)) == script


def test_the_script_of_the_introduction() -> None:
    stated, obligation, model = refuted(
        """theorem pointwise_solution_is_enough {
             given  category C, presheaf T on C, object P in C
             assume solved: forall X in C. equinumerous(T(X), hom(X, P))
             show   representable(T, by: P)
           }"""
    )
    script = script_of(stated, obligation, model)
    assert script == (
        "# A counter-model of pointwise_solution_is_enough.\n"
        "\n"
        "category C { objects P arrows f: P -> P equations f^2 = f }\n"
        "presheaf T on C { P |-> {s, t}, f |-> {s |-> s, t |-> t} }\n"
        "\n"
        "# What is assumed holds:\n"
        "claim solved: forall X in C. equinumerous(T(X), hom(X, P))\n"
        "\n"
        "# and what is to be shown fails:\n"
        "claim goal: representable(T, by: P) expect refuted\n"
    )
    told = replay(script, check)
    assert isinstance(told, Confirmed)
    explanation = explain_refutation(stated, obligation, model, script, told.claims)
    assert explanation.summary == "refuted: 1 object, 2 arrows, 2 elements; smallest"
    assert [line.text for line in explanation.lines if line.depth == 0] == [
        "solved: it holds for the only `X in C`",
        "but `representable(T, by: P)` fails: no `u in T(P)` satisfies `universal(T, at: u)`",
    ]
    assert explanation.drawing.startswith("category C: 1 object, 2 arrows\n")
    assert "presheaf T on C\n" in explanation.drawing
    assert explanation.script == script


def test_an_assumption_can_be_left_out() -> None:
    stated = statement(
        """theorem t { given category C, object X, Y in C, arrow f: X -> Y
             assume first: split_mono(f) assume second: epi(f) show iso(f) }"""
    )
    (obligation,) = stated.obligations
    model = search(stated, obligation, SearchLimits(max_size=5), without=frozenset({"second"}))
    assert isinstance(model, CounterModel)
    script = script_of(stated, obligation, model, without={"second"})
    assert "claim first" in script
    assert "claim second" not in script
    assert isinstance(replay(script, check), Confirmed)
    assert isinstance(replay(script_of(stated, obligation, model), check), Contradicted)


# --- lies -----------------------------------------------------------------------------------------

MONO = """theorem t { given category C, object X, Y in C, arrow f: X -> Y assume mono(f) show epi(f) }"""


def test_a_model_in_which_the_goal_holds_is_no_counter_model() -> None:
    stated = statement(MONO)
    terminal = CounterModel(
        {"C": FiniteCategory(1, (0,), (0,), {(0, 0): 0})}, {}, {n: {(): 0} for n in "XYf"}, 1, True, 0
    )
    told = replay(script_of(stated, stated.obligations[0], terminal), check)
    assert isinstance(told, Contradicted)
    assert "`goal` is proved" in told.reason


def test_a_model_in_which_a_hypothesis_fails_is_no_counter_model() -> None:
    _, obligation, model = refuted(MONO.replace("assume mono(f)", "").replace("epi(f)", "mono(f)"))
    other = statement(MONO)
    told = replay(script_of(other, replace(other.obligations[0], available=obligation.available + 1), model), check)
    assert isinstance(told, Contradicted)
    assert "`hypothesis_1` is refuted" in told.reason


def test_tables_that_obey_no_law_are_no_counter_model() -> None:
    stated = statement(
        """theorem t { given category C, presheaf T on C, object X in C, arrow r: X -> X
             assume r >> r = id(X) show forall s, t in T(X). s = t }"""
    )
    group = FiniteCategory(1, (0, 0), (0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 0})
    unlawful = FiniteSetFunctor((0, 0), {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 1})
    model = CounterModel({"C": group}, {"T": unlawful}, {"X": {(): 0}, "r": {(): 1}}, 4, True, 0)
    told = replay(script_of(stated, stated.obligations[0], model), check)
    assert isinstance(told, Contradicted)
    assert "does not respect" in told.reason


def test_what_is_not_decided_confirms_nothing() -> None:
    stated, obligation, model = refuted(MONO)
    script = script_of(stated, obligation, model)
    weak = replay(script, lambda text: check_text(text, Options(engine="direct", cache=False, steps=0)))
    assert isinstance(weak, Unconfirmed)
    result = check(script)
    without_certificate = replace(result, claims=tuple(replace(c, certified=False) for c in result.claims))
    assert isinstance(replay(script, lambda _: without_certificate), Unconfirmed)
    in_trouble = replace(result, claims=tuple(replace(c, trouble=Trouble.KERNEL_REJECTED) for c in result.claims))
    assert isinstance(replay(script, lambda _: in_trouble), Contradicted)
    without_goal = replace(result, claims=result.claims[:-1])
    assert isinstance(replay(script, lambda _: without_goal), Contradicted)
    turned = replace(result, claims=(*result.claims[:-1], replace(result.claims[-1], outcome=Outcome.PROVED)))
    assert isinstance(replay(script, lambda _: turned), Contradicted)
    assert isinstance(replay(script, lambda _: FileResult("f", crashed="it died")), Contradicted)


def test_what_would_be_too_long_is_named() -> None:
    stated = statement(
        """theorem t { given category C, D, functor F: C + C -> D
             assume many: forall functor G: D -> D. faithful(F >> G) show full(F) }"""
    )
    count = 4
    discrete = FiniteCategory(count, tuple(range(count)), tuple(range(count)), {(x, x): x for x in range(count)})
    there: dict[tuple[int, ...], int] = {(x,): x for x in range(count)}
    functions = {f"F.{kind}.{side}": there for kind in ("ob", "ar") for side in (1, 2)}
    model = CounterModel({"C": discrete, "D": discrete}, {}, functions, 8, True, 0)
    with pytest.raises(Inexpressible, match=r"nor spelled out a quantifier over many functions"):
        script_of(stated, stated.obligations[0], model)


# --- the library ----------------------------------------------------------------------------------


def smallest_structures(stated: Statement) -> CounterModel:
    """One object, one arrow and one element of each: a model of everything that is given."""
    functions = {f.name: {(0,) * len(f.explicit): 0} for f in stated.functions()}
    return CounterModel(
        {category.name: FiniteCategory(1, (0,), (0,), {(0, 0): 0}) for category in stated.categories},
        {functor.name: FiniteSetFunctor((0,), {(0, 0): 0}) for functor in stated.set_functors},
        functions,
        1,
        True,
        0,
    )


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.cat")), ids=lambda path: path.stem)
def test_statements_of_the_library_can_be_said_of_a_model(path: Path) -> None:
    script = Loader(path.parent).load(path)
    silent = 0
    nodes = script.theorems[::5]
    for node in nodes:
        stated = elaborate(node, script.module, path.name)
        obligation = stated.obligations[-1]
        try:
            text = script_of(stated, obligation, smallest_structures(stated))
        except Inexpressible:
            silent += 1
            continue
        result = Loader(Path()).elaborate(Source("script", text))
        silent += bool(result.diagnostics)
    assert silent <= 1 + len(nodes) // 10
