"""Formulas that are refused: each says one thing, with the right code, where the trouble is."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.elaborate.module import Loader, Script
from formal.text import Code, Source

DECLARATIONS = """
category W = chain(2)
category Z = cyclic(2)
category P { objects s, t arrows f, g: s -> t }
presheaf T on W { 0 |-> {l, r}, 1 |-> {u}, (0 -> 1) |-> {u |-> l} }
copresheaf A on W { 0 |-> {yes, no}, 1 |-> {done}, (0 -> 1) |-> {yes |-> done, no |-> done} }
functor F: W -> P { 0 |-> s, 1 |-> t, (0 -> 1) |-> f }
transformation i: T => T { 0 |-> {l |-> l, r |-> r}, 1 |-> {u |-> u} }
define top(object X in C) := terminal(X)
define fixes(transformation phi: T => T) := true
define unary(functor G: C -> C) := full(G)
define reached(presheaf S on C, object X in C, element x in S(X)) := true
"""

REFUSED = {
    Code.WRONG_KIND: [
        "thin(chain(-1))",
        "mono(s)",
        "mono(T)",
        "terminal(f)",
        "terminal(W)",
        "top(W)",
        "fixes(F)",
        "fixes(T)",
        "thin(0)",
        "thin(T)",
        "thin(i)",
        "full(W)",
        "full(T)",
        "representable(W)",
        "has(0, terminal)",
        "preserves(W, products)",
        "isomorphic(W, 0)",
        "isomorphic(T, W)",
        "isomorphic(f, g)",
        "equinumerous(T, A)",
        "equinumerous(0, 1)",
        "prompts(T, count: two)",
        "left_kan(A, along: T, of: A)",
        "extends(F, F)",
        "extends(T, T)",
        "preserves_colimits(F)",
        "natural(F)",
        "iso(T)",
        "iso(s)",
        "f = s",
        "T = T",
        "W = P",
        "T(0) = T(1)",
        "f <= g",
        "1/2 = f",
        "T(0)(l) = l",
        "s(f) = f",
        "W(f) = f",
        "forall X in 0. true",
        "forall X in {a}. true",
        "forall X in T. true",
        "forall phi: W => P. true",
        "forall functor G: T -> W. true",
        "forall functor G: W -> P. representable(y(G(0)))",
        "forall functor G: W -> P. representable(restrict(G, y(s)))",
        "forall x in nat(T, T). true",
        "forall x in extension(A, T). true",
        "s",
        "T",
        "op(f) = f",
        "thin(chain(x))",
        "thin(discrete(f >> g))",
        "thin(elements(W))",
        "thin(action(W, T))",
        "thin(presheaves(W, W))",
        "representable(T * W)",
        "representable(W + T)",
        "thin(W * F)",
        "representable(maps(T, T))",
        "representable(constant(a, W))",
        "representable(empty(T))",
        "thin(base(W))",
        "equinumerous(nat(T, F), {})",
        "thin(category_of(T))",
        'representable(task(T, "x"))',
        "representable(T >> F)",
        "full(T >> F)",
    ],
    Code.WRONG_ARGUMENTS: [
        "mono(f, g)",
        "mono(f, by: g)",
        "mono()",
        "top()",
        "top(0, 1)",
        "top(0, of: 1)",
        "representable(T, at: l)",
        "has(W, tops)",
        "has(W)",
        "preserves(F, f)",
        "isomorphic(T)",
        "retract(0, by: 1)",
        "retract(0)",
        "prompt_number(T)",
        "representables(T)",
        "universal(T)",
        "left_kan(A, along: F)",
        "exists! X in W, Y in W. true",
        "thin(cyclic(0))",
        "thin(subcategory())",
        "representable(hom(-, -))",
        "representable(lan(A))",
        "representable(T, by: 0, by: 1)",
        "retract(0, 1, of: 1)",
    ],
    Code.CATEGORY_MISMATCH: [
        "unary(F)",
        "isomorphic(F, id(W))",
        "left_kan(A, along: F, of: A)",
        "has_extension(F, at: constant({*}, P))",
        "forall phi: F => id(W). true",
        "thin(comma(F, id(W)))",
        "thin(action(Z, T))",
        "representable(restrict(F, T))",
        "representable(lan(A, along: id(P)))",
        "full(F >> F)",
    ],
    Code.NO_SUCH_ELEMENT: [
        "reached(T, 0, u)",
        "representable(T, by: 0, at: u)",
        "universal(T, at: x)",
        "T((0 -> 1))(l) = l",
        "i(f) = l",
    ],
    Code.UNKNOWN_NAME: [
        "f = 0 within 1/2",
        "1/2 - 1/3 < nothing",
        "reached(T, s, l)",
        "representable(T, by: s)",
        "isomorphic(0, s)",
        "f = i",
        "l = r",
        "T(f)(l) = l",
        "F(f) = f",
        "F(T) = f",
        "nonsense(f)",
        "within(f)",
        "(0 -> s) = f",
        "W::s = s",
        "Q::s = s",
        "P::zzz = s",
        "forall f: s -> 0. true",
        "forall f: l -> t. true",
        "forall X in W. equinumerous(hom(X, s), {})",
        "true = false",
        "(true)(f)",
        "mono",
        "thin(slice(W, s))",
        "thin(subcategory(W, s))",
        "f >> F = f",
    ],
    Code.WRONG_VARIANCE: [
        "reached(A, 0, yes)",
        "representable(A)",
        "corepresentable(T)",
        "isomorphic(T, A)",
        "preserves_colimits(T)",
        "has_extension(F, at: A)",
        "extension(T, T) = s",
        "forall phi: T => A. true",
        "thin(presheaves(W, A))",
        "full(yoneda(W, A))",
        "representable(T + A)",
        "representable(lan(A, F))",
        "equinumerous(nat(T, A), {})",
    ],
    Code.DUPLICATE_NAME: [
        "equinumerous({a, a}, {b})",
        "forall X in W, X in P. true",
        "thin(discrete(a, a))",
    ],
    Code.BUDGET_EXCEEDED: [
        "prompts(T, count: 99999999999)",
        "thin(chain(100000))",
        "thin(symmetric(9))",
    ],
    Code.NO_COLIMIT: [
        "extension(F, T) = s",
    ],
    Code.NOT_PARALLEL: [
        "f = id(s)",
    ],
    Code.NOT_COMPOSABLE: [
        "f >> f = f",
        "f^2 = f",
    ],
    Code.NOT_INVERTIBLE: [
        "f^-1 = f",
    ],
    Code.SEVERAL_ARROWS: [
        "(s -> t) = f",
    ],
    Code.NO_SUCH_ARROW: [
        "(t -> s) = f",
    ],
    Code.MIXED_CLAIM: [
        "is_category(W)",
        "thin(C) and 1 < 2",
    ],
}

ACCEPTED = [
    "prompts(T, 2)",
    "(0 -> 0) = id(0)",
    "forall phi: T => T. universal(T, at: phi(l)) or true",
    "representable(T, 0, at: l)",
    "representable(T, at: l, by: 0)",
    "left_kan(F, of: F, along: id(W))",
    "left_kan(F, id(W), F)",
    "retract(0, 1)",
]


def elaborated(text: str) -> Script:
    return Loader(Path()).elaborate(Source("text", text))


@pytest.mark.parametrize(
    ("code", "formula"), [(code, formula) for code, formulas in REFUSED.items() for formula in formulas]
)
def test_a_formula_is_refused_once_and_in_its_place(code: Code, formula: str) -> None:
    text = f"{DECLARATIONS}claim c: {formula}\n"
    script = elaborated(text)
    assert [diagnostic.code for diagnostic in script.diagnostics] == [code]
    assert script.claims == ()
    label = script.diagnostics[0].primary
    assert label is not None
    assert text.index("claim c") < label.span.start <= label.span.end <= len(text)


@pytest.mark.parametrize("formula", ACCEPTED)
def test_its_neighbours_are_accepted(formula: str) -> None:
    assert elaborated(f"{DECLARATIONS}claim c: {formula}\n").diagnostics == ()


def test_all_that_is_wrong_is_said_at_once() -> None:
    script = elaborated(
        f"{DECLARATIONS}claim one: mono(s)\nclaim two: nonsense(f)\nclaim three: thin(W) and f = id(s)\n"
    )
    assert [diagnostic.code for diagnostic in script.diagnostics] == [
        Code.WRONG_KIND,
        Code.UNKNOWN_NAME,
        Code.NOT_PARALLEL,
    ]


def test_both_sides_of_a_connective_are_examined() -> None:
    script = elaborated(f"{DECLARATIONS}claim both: mono(s) and nonsense(f)\n")
    assert [diagnostic.code for diagnostic in script.diagnostics] == [Code.WRONG_KIND, Code.UNKNOWN_NAME]


def test_what_speaks_of_a_rejected_declaration_is_passed_over() -> None:
    script = elaborated(
        "category C = chain(x)\npresheaf T on C = empty(C)\nclaim c: representable(T) or thin(C)\nclaim d: true\n"
    )
    assert len(script.diagnostics) == 1
    assert [claim.name for claim in script.claims] == ["d"]


def test_members_of_a_rejected_category_are_passed_over() -> None:
    broken = "category C { objects a, b arrows f: a -> b, g: b -> c }\n"
    script = elaborated(f"{broken}claim one: mono(f) and terminal(a)\nclaim two: mono(h)\nclaim three: mono(C::f)\n")
    assert [diagnostic.message for diagnostic in script.diagnostics] == [
        "`c` is not an object of `C`",
        "`h` is not known here",
    ]
    assert script.claims == ()


def test_a_later_declaration_is_pointed_out() -> None:
    (diagnostic,) = elaborated("claim c: thin(Later)\ncategory Later = chain(2)\n").diagnostics
    assert diagnostic.code is Code.UNKNOWN_NAME
    assert [label.span.text for label in diagnostic.secondary] == ["Later"]
    assert diagnostic.help == ("move the declaration up, before its use",)


@pytest.mark.parametrize(
    ("keyword", "given", "expected"),
    [("presheaf", "l |-> u, r |-> u", "S(1)` to `S(0)"), ("copresheaf", "u |-> l", "S(0)` to `S(1)")],
)
def test_a_map_against_the_variance_is_one_mistake(keyword: str, given: str, expected: str) -> None:
    sets = "0 |-> {l, r}, 1 |-> {u}"
    script = elaborated(f"category W = chain(2)\n{keyword} S on W {{ {sets}, (0 -> 1) |-> {{{given}}} }}\n")
    (diagnostic,) = script.diagnostics
    assert diagnostic.code is Code.WRONG_VARIANCE
    assert diagnostic.primary is not None
    assert diagnostic.primary.message == f"expected a map from `{expected}`"


def test_a_misspelt_truth_value_is_recognised() -> None:
    (diagnostic,) = elaborated("claim c: ture\n").diagnostics
    assert diagnostic.help == ("did you mean `true`?",)


# --- definitions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("define mono(object X in C) := terminal(X)", Code.DUPLICATE_NAME),
        ("define op(object X in C) := terminal(X)", Code.DUPLICATE_NAME),
        ("define representables(object X in C) := terminal(X)", Code.DUPLICATE_NAME),
        ("define p() := true  define p(object X in C) := true", Code.DUPLICATE_NAME),
        ("category p = chain(1)  define p() := true", Code.DUPLICATE_NAME),
        ("define p() := p()  claim c: p()", Code.CYCLIC_DEFINITION),
        ("define p() := q()  define q() := not p()  claim c: q()", Code.CYCLIC_DEFINITION),
        ("define p(object X in C) := thin(X)  category W = chain(2)  claim c: p(0)", Code.WRONG_KIND),
        ("define p(object X in C) := X = Y  category W = chain(2)  claim c: p(0)", Code.UNKNOWN_NAME),
        ("define p(arrow f: X -> X) := true  category W = chain(2)  claim c: p((0 -> 1))", Code.WRONG_ENDS),
        (
            "define p(object X, Y in C) := true  category W = discrete(a) category V = discrete(b) claim c: p(a, b)",
            Code.UNKNOWN_NAME,
        ),
    ],
)
def test_a_definition_is_refused(text: str, code: Code) -> None:
    assert [diagnostic.code for diagnostic in elaborated(text).diagnostics] == [code]


def test_the_same_definition_may_be_used_twice_side_by_side() -> None:
    declarations = "category W = chain(2)\ndefine p(object X in C) := terminal(X) or initial(X)\n"
    assert elaborated(f"{declarations}claim c: p(0) and p(1) and forall X in W. p(X)\n").diagnostics == ()


# --- limits ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "category A = chain(1001)",
        "category A = symmetric(9)",
        "category A = chain(700) * chain(700)",
        "category A = arrow_category(chain(300))",
        "category A { objects o arrows r: o -> o equations r^200000 = id(o) }",
        "category Z = cyclic(5)  claim c: r^1000000001 = r",
        "category D = discrete(p)  presheaf R on D = maps(constant({a, b, c, d, e, f, g, h, i}, D), {0, 1, 2, 3})",
        "category W = chain(60)  claim c: forall A, B, C in W. isomorphic(y(A), y(B))",
    ],
)
def test_what_is_too_large_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formal.elaborate.module.MOST_EXPRESSIONS", 20_000)
    assert [diagnostic.code for diagnostic in elaborated(text).diagnostics] == [Code.BUDGET_EXCEEDED]


def test_nested_constructions_are_built_once() -> None:
    assert elaborated(f"category W = {'op(' * 60}chain(2){')' * 60}\nclaim c: thin(W)\n").diagnostics == ()


def test_definitions_over_definitions_may_be_too_deep() -> None:
    chain = "".join(f"define p{i}(object X in C) := p{i - 1}(X)\n" for i in range(1, 2000))
    script = elaborated(
        f"category W = chain(2)\ndefine p0(object X in C) := terminal(X)\n{chain}claim c: p1999(1)\nclaim d: p2(1)\n"
    )
    assert [diagnostic.code for diagnostic in script.diagnostics] == [Code.NESTING_TOO_DEEP]
    assert [claim.name for claim in script.claims] == ["d"]
