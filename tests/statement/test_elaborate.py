"""Statements of theorems: what is given, constructed, obtained, and what has to be shown."""

from __future__ import annotations

import pytest

from formal.elaborate.module import prelude
from formal.elaborate.predicate import SHAPES
from formal.logic.theory import Connected, Equinumerous, Finite, Named, Role, type_of
from formal.statement.model import Origin, Purpose
from formal.statement.predicate import BUILTINS
from formal.syntax import ast
from formal.text import Rejection
from tests.statement.theorem import codes, hypotheses, shown, statement

TWO = "given category C, D, functor F: C -> D"
YONEDA = "given category C, presheaf T on C, object P in C"


def test_laws_come_first_and_have_names() -> None:
    found = statement(f"{YONEDA}\nassume true\nshow true")
    assert [h.name for h in found.hypotheses] == [
        "C.left_identity",
        "C.right_identity",
        "C.associativity",
        "T.identity",
        "T.composition",
        "assume 1",
    ]
    assert found.obligations[0].available == 6
    assert [g.kind for g in found.givens] == ["category", "presheaf", "object"]


def test_functors_and_transformations_have_laws() -> None:
    found = statement(f"{TWO}, functor G: C -> D, transformation phi: F => G, family psi: F => G\nshow true")
    laws = hypotheses(found)
    assert laws["F.identity"] == "forall X in C. F(id(X)) = id(F(X))"
    assert laws["F.composition"] == "forall x, y, z in C, f: x -> y, g: y -> z. F(f >> g) = F(f) >> F(g)"
    assert laws["phi.naturality"] == "forall x, y in C, f: x -> y. F(f) >> phi(y) = phi(x) >> G(f)"
    assert "psi.naturality" not in laws
    assert [f.name for g in found.givens for f in g.functions] == ["F.ob", "F.ar", "G.ob", "G.ar", "phi", "psi"]


def test_a_contravariant_functor_turns_arrows_round() -> None:
    found = statement("given category C, D, functor F: op(C) -> D, object X, Y in C, arrow f: X -> Y\nshow F(f) = F(f)")
    laws = hypotheses(found)
    assert laws["F.composition"] == "forall x, y, z in C, f: x -> y, g: y -> z. F(f >> g) = F(g) >> F(f)"
    image = found.obligations[0].formula.left
    assert [str(index.arguments[0].function.name) for index in type_of(image).indices] == ["Y", "X"]


def test_an_isomorphism_has_an_inverse() -> None:
    clauses = "given category C, object X, Y, Z in C, isomorphism f: X -> Y, isomorphism g: Y -> Z\nlet h := f >> g\n"
    assert shown(f"{clauses}show h^-1 = g^-1 >> f^-1") == "g^-1 >> f^-1 = g^-1 >> f^-1"
    assert hypotheses(statement(f"{clauses}show h = h"))["f.inverse"] == "f >> f^-1 = id(X)"
    assert shown(f"{YONEDA}, isomorphism phi: y(P) => T\nshow forall X in C, t in T(X). phi((phi^-1)(t)) = t") == (
        "forall X in C, t in T(X). phi(phi^-1(t)) = t"
    )


# --- interpreted structures -----------------------------------------------------------------------


def test_elements_of_a_category_of_elements() -> None:
    assert shown(f"{YONEDA}\nshow has(elements(T), terminal)") == (
        "exists X.1 in C, X.2 in T(X.1). forall W.1 in C, W.2 in T(W.1). exists! f: W.1 -> X.1. T(f)(X.2) = W.2"
    )


def test_a_copresheaf_turns_its_elements_round() -> None:
    assert shown("given category C, copresheaf T on C\nshow forall x, y in elements(T), f: x -> y. f = f") == (
        "forall x.1 in C, x.2 in T(x.1), y.1 in C, y.2 in T(y.1), f: x.1 -> y.1. T(f)(x.2) = y.2 implies f = f"
    )


def test_a_sum_is_two_cases() -> None:
    assert shown("given category C, presheaf S, T on C, object X in C\nshow forall t in (S + T)(X). t = t") == (
        "(forall t in S(X). t = t) and (forall t in T(X). t = t)"
    )
    assert shown("given category C, presheaf S, T on C, object X in C\nshow exists! t in (S + T)(X). true") == (
        "(exists! t in S(X). true) and not (exists t in T(X). true) or "
        "(exists! t in T(X). true) and not (exists t in S(X). true)"
    )


def test_a_finite_category_is_spelled_out() -> None:
    found = statement("given category C, functor D: chain(2) -> C\nshow mono(D((0 -> 1)))")
    assert [f.name for f in found.givens[-1].functions] == ["D(0)", "D(1)", "D(0 -> 1)"]
    assert shown("given category C\nshow forall functor D: chain(2) -> C. D((0 -> 1)) = D((0 -> 1))") == (
        "forall D(0), D(1) in C, D(0 -> 1): D(0) -> D(1). D(0 -> 1) = D(0 -> 1)"
    )


def test_the_opposite_of_the_opposite_is_the_category_itself() -> None:
    assert shown("given category C, object X in C\nshow terminal(X) iff initial(X)").count("forall") == 2
    assert shown("given category C, functor F: op(op(C)) -> C, object X in C\nshow F(X) = X") == "F(X) = X"


def test_isomorphism_with_a_representable_is_a_universal_element() -> None:
    expected = "exists u in T(P). forall X in C, t in T(X). exists! f: X -> P. T(f)(u) = t"
    assert shown(f"{YONEDA}\nshow isomorphic(T, y(P))") == expected
    assert shown(f"{YONEDA}\nshow isomorphic(y(P), T)") == expected
    assert shown(f"{YONEDA}\nshow representable(T, by: P)") == expected
    assert shown("given category C, object P, Q in C\nshow isomorphic(y(P), y(Q))") == (
        "exists f: P -> Q, g: Q -> P. f >> g = id(P) and g >> f = id(Q)"
    )


def test_elements_of_a_restriction_are_elements() -> None:
    clauses = f"{TWO}, presheaf T on D, object Z in D, X in C, transformation phi: restrict(F, y(Z)) => restrict(F, T)"
    found = shown(f"{clauses}, arrow h: F(X) -> Z\nshow forall t in T(F(X)). phi(h) = t")
    assert found == "forall t in T(F(X)). phi(X, h) = t"


# --- predicates -----------------------------------------------------------------------------------


def _given(definition: ast.DefineDecl) -> tuple[str, str]:
    """Givens for the parameters of a definition, and its application to them."""
    categories: dict[str, None] = {}
    objects: dict[str, None] = {}
    rest, names = [], []
    for parameter in definition.parameters:
        names += [name.text for name in parameter.names]
        ends = [end.span.text for end in (parameter.dom, parameter.cod) if end is not None]
        match parameter.kind:
            case "category":
                categories |= dict.fromkeys(name.text for name in parameter.names)
            case "arrow":
                objects |= dict.fromkeys(ends)
                rest.append(parameter.span.text)
            case "functor":
                categories |= dict.fromkeys(ends)
                rest.append(parameter.span.text)
            case _:
                assert parameter.base is not None
                if parameter.kind != "element":
                    categories |= {parameter.base.span.text: None}
                rest.append(parameter.span.text)
    home = next(iter(categories), "Base")
    categories |= {home: None}
    clauses = [*(f"category {c}" for c in categories), *(f"object {x} in {home}" for x in objects), *rest]
    return f"given {', '.join(clauses)}", f"{definition.name.text}({', '.join(names)})"


@pytest.mark.parametrize(
    "definition",
    [d.node for definitions in prelude().definitions.values() for d in definitions],
    ids=lambda node: f"{node.name.text}-{len(node.parameters)}",
)
def test_every_definition_of_the_prelude_has_a_meaning(definition: ast.DefineDecl) -> None:
    givens, call = _given(definition)
    (obligation,) = statement(f"{givens}\nshow {call}").obligations
    assert isinstance(obligation.formula, Named)
    assert obligation.formula.text == call


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_has_a_meaning(shape: str) -> None:
    assert codes(f"{TWO}\nshow has(C, {shape})\nshow preserves(F, {shape})") == []


BUILT_IN = {
    "universal": "universal(T, at: u)",
    "representables": "representables(T, count: 2)",
    "prompts": "prompts(T, count: 2)",
    "prompt_number": "prompt_number(T, is: 1)",
    "connected": "connected(C)",
    "finite": "finite(C)",
    "equivalent": "equivalent(C, op(C))",
    "equinumerous": "equinumerous(T(P), {a, b})",
    "isomorphic": "isomorphic(T, T) and isomorphic(C, C) and isomorphic(P, P)",
    "has": "has(C, products)",
    "preserves": "preserves(id(C), products)",
    "iso": "iso(id(T)) and iso(id(id(C))) and iso(id(P))",
    "natural": "natural(id(T))",
    "has_extension": "has_extension(id(C), at: T)",
    "left_kan": "left_kan(id(C), along: id(C), of: id(C))",
    "right_kan": "right_kan(id(C), along: id(C), of: id(C))",
    "extends": None,
    "preserves_colimits": None,
}


@pytest.mark.parametrize("word", BUILTINS)
def test_every_built_in_predicate_has_a_meaning_or_a_reason(word: str) -> None:
    call = BUILT_IN[word]
    clauses = f"{YONEDA}, element u in T(P)\nshow {call or f'{word}(id(C), id(C))'}"
    assert [code for code, _ in codes(clauses)] == ([] if call else ["not-in-theorems"])


def test_second_order_atoms() -> None:
    found = statement(f"{YONEDA}\nshow connected(elements(T))\nshow finite(C)\nshow equinumerous(T(P), hom(P, P))")
    bodies = [o.formula.body for o in found.obligations if isinstance(o.formula, Named)]
    assert [type(body) for body in bodies] == [Connected, Finite, Equinumerous]


def test_a_predicate_keeps_what_its_parameters_stand_for() -> None:
    formula = statement(f"{TWO}, object X in C\nshow isomorphic(X, X)").obligations[0].formula
    assert isinstance(formula, Named)
    assert formula.text == "isomorphic(X, X)"
    inner = formula.body.body
    assert isinstance(inner, Named)
    assert inner.text == "iso(f)"


def test_definitions_of_the_script_are_known() -> None:
    define = "define endo(object X in C) := forall f: X -> X. f = id(X)"
    assert shown("given category C, object P in C\nshow endo(P)", define) == "forall f: P -> P. f = id(P)"


# --- constructions --------------------------------------------------------------------------------


def test_an_abbreviation_is_put_in() -> None:
    clauses = f"{YONEDA}, isomorphism phi: y(P) => T\nlet u := phi(id(P))\n"
    assert shown(f"{clauses}show u = u") == "phi(id(P)) = phi(id(P))"
    assert statement(f"{clauses}show u = u").constructed[0].functions == ()


def test_a_transformation_by_a_rule_has_to_be_natural() -> None:
    found = statement(f"{YONEDA}, element u in T(P)\nlet psi: y(P) => T := f |-> T(f)(u)\nshow iso(psi)")
    assert hypotheses(found)["psi.definition"] == "forall X in C, f: X -> P. psi(f) = T(f)(u)"
    naturality, show = found.obligations
    assert (naturality.name, naturality.purpose) == ("psi: naturality", Purpose.NATURALITY)
    used = {h.name: h for h in found.hypotheses}["psi.naturality"]
    assert (used.origin, used.obligation, used.formula) == (Origin.HAVE, naturality.name, naturality.formula)
    assert [h.name for h in found.available(naturality)][-1] == "psi.definition"
    assert [h.name for h in found.available(show)][-1] == "psi.naturality"


def test_a_rule_may_name_the_ends_of_its_arrow() -> None:
    found = statement(
        f"{YONEDA}, element u in T(P)\nlet psi: y(P) => T := f: X -> P |-> T(id(X) >> f)(u)\nshow iso(psi)"
    )
    assert hypotheses(found)["psi.definition"] == "forall X in C, f: X -> P. psi(f) = T(id(X) >> f)(u)"


def test_a_family_need_not_be_natural() -> None:
    found = statement(f"{YONEDA}, element u in T(P)\nlet family psi: y(P) => T := f |-> T(f)(u)\nshow iso(psi)")
    assert [o.name for o in found.obligations] == ["show"]


def test_a_description_has_to_be_of_exactly_one() -> None:
    found = statement("given category C, object X in C\nlet e: X -> X := the f: X -> X. f = id(X)\nshow e = e")
    assert [(o.name, o.purpose) for o in found.obligations[:1]] == [("e: existence", Purpose.EXISTENCE)]
    assert hypotheses(found) == {"e.definition": "e = id(X)", "e.unique": "forall f: X -> X. f = id(X) implies f = e"}


def test_a_functor_by_rules_puts_objects_in() -> None:
    found = statement(f"{TWO}\nlet functor H: C -> D := X |-> F(X), f: X -> Y |-> F(f)\nshow faithful(H)")
    assert hypotheses(found)["H.definition"] == "forall x, y in C, f: x -> y. H(f) = F(f)"
    assert hypotheses(found)["H.identity"] == "forall X in C. H(id(X)) = id(F(X))"
    assert found.obligations[0].purpose is Purpose.FUNCTORIALITY


def test_choices_are_functions_of_what_comes_before() -> None:
    found = statement(
        f"{TWO}\nassume dense: essentially_surjective(F)\nobtain G, e from dense\nshow forall Z in D. iso(e(Z))"
    )
    assert [f.name for c in found.constructed for f in c.functions] == ["G", "e"]
    assert {f.role for c in found.constructed for f in c.functions} == {Role.OBTAINED}
    assert hypotheses(found)["G, e.property"] == (
        "forall Z in D. exists g: Z -> F(G(Z)). e(Z) >> g = id(F(G(Z))) and g >> e(Z) = id(Z)"
    )
    assert [o.name for o in found.obligations] == ["show"]


def test_a_choice_from_a_formula_has_to_exist() -> None:
    found = statement(f"{YONEDA}\nassume representable(T)\nobtain Q, u from representable(T)\nshow universal(T, at: u)")
    assert found.obligations[0].name == "Q: existence"
    assert hypotheses(found)["Q, u.property"] == "forall X in C, t in T(X). exists! f: X -> Q. T(f)(u) = t"


def test_arguments_that_follow_from_others_may_be_left_out() -> None:
    clauses = f"{YONEDA}\nhave all: forall X in C, t in T(X). exists s in T(X). s = t\nobtain k from all\n"
    assert shown(f"{clauses}show forall X in C, t in T(X). k(t) = k(X, t)") == "forall X in C, t in T(X). k(t) = k(t)"


# --- universal properties -------------------------------------------------------------------------


def test_adjunctions_by_unit_and_counit() -> None:
    found = statement(f"{TWO}, functor G: D -> C, adjunction F -| G with unit eta, counit epsilon\nshow true")
    assert hypotheses(found)["eta.triangle"] == "forall X in C. F(eta(X)) >> epsilon(F(X)) = id(F(X))"
    assert hypotheses(found)["epsilon.triangle"] == "forall Y in D. eta(G(Y)) >> G(epsilon(Y)) = id(G(Y))"


def test_adjunctions_by_transposes() -> None:
    clauses = f"{TWO}, functor G: D -> C, adjunction F -| G with transpose sharp, inverse flat\n"
    found = statement(f"{clauses}given object X in C, Y in D, arrow h: F(X) -> Y\nshow flat(sharp(h)) = h")
    assert hypotheses(found)["sharp.natural_in_domain"] == (
        "forall x, y in C, f: x -> y, Y in D, h: F(y) -> Y. sharp(x, F(f) >> h) = f >> sharp(y, h)"
    )
    assert shown(f"{clauses}given object X in C\nshow sharp(id(F(X))) = sharp(id(F(X)))").startswith(
        "sharp(X, id(F(X)))"
    )


def test_what_a_colimit_gives() -> None:
    clauses = "given category J, C, functor D: J -> C, colimit L of D with cocone i, object Z in C\n"
    rule = "given transformation q: D => constant(Z, J)\nobtain m from universal(L, q)\nshow m = m"
    found = hypotheses(statement(clauses + rule))
    assert found["i.naturality"] == "forall x, y in J, f: x -> y. D(f) >> i(y) = i(x)"
    assert found["m.equation"] == "forall X in J. i(X) >> m = q(X)"
    assert found["m.unique"] == "forall n: L -> Z. (forall X in J. i(X) >> n = q(X)) implies n = m"
    assert found["L.universal"].startswith("forall Z in C. for all functions q: X in J |-> D(X) -> Z.")


def test_a_finite_limit_is_of_first_order() -> None:
    found = statement(
        "given category C, functor D: discrete(a, b) -> C, limit L of D with cone p\nshow product(p(a), p(b))"
    )
    assert hypotheses(found)["L.universal"] == (
        "forall Z in C, q(a): Z -> D(a), q(b): Z -> D(b). exists! m: Z -> L. m >> p(a) = q(a) and m >> p(b) = q(b)"
    )


def test_what_a_kan_extension_gives() -> None:
    clauses = (
        "given category C, D, E, functor K: C -> E, functor F: C -> D, left_kan L of F along K with unit eta,\n"
        "functor G: E -> D, transformation gamma: F => K >> G\n"
        "obtain alpha from universal(L, gamma)\nshow natural(alpha)"
    )
    found = statement(clauses)
    assert hypotheses(found)["alpha.equation"] == "forall X in C. eta(X) >> alpha(K(X)) = gamma(X)"
    assert "m: cocone" not in [o.name for o in found.obligations]
    assert found.obligations[0].name == "alpha: cocone"


def test_a_pointwise_kan_extension_is_a_colimit_everywhere() -> None:
    clauses = (
        "given category C, D, E, functor K: C -> E, functor F: C -> D, pointwise_left_kan L of F along K with unit eta"
    )
    law = hypotheses(statement(f"{clauses}\nshow true"))["L.universal"]
    assert law.startswith("forall E in E, Z in D. for all functions q: X.1 in C, X.2: K(X.1) -> E |-> F(X.1) -> Z.")
    assert law.endswith(
        "exists! m: L(E) -> Z. forall X.1 in C, X.2: K(X.1) -> E. eta(X.1) >> L(X.2) >> m = q(X.1, X.2)"
    )


# --- categories that are built ----------------------------------------------------------------------


@pytest.mark.parametrize("base", ["op(C)", "C * C", "C + C", "slice(C, X)", "elements(S)", "karoubi(C)", "chain(2)"])
def test_functors_and_presheaves_are_given_on_what_is_built(base: str) -> None:
    given = f"given category C, D, object X in C, presheaf S on C\ngiven functor F: {base} -> D, presheaf T on {base}"
    assert codes(f"{given}\nshow faithful(F)\nshow forall E in {base}, t in T(E). T(id(E))(t) = t") == []


@pytest.mark.parametrize("base", ["arrow_category(C)", "comma(id(C), id(C))", "subcategory(C, X)"])
def test_functions_of_what_commutes_are_not_given(base: str) -> None:
    for given in (f"functor F: {base} -> C", f"presheaf T on {base}"):
        found = codes(f"given category C, object X in C\ngiven {given}\nshow true")
        assert [code for code, _ in found] == ["not-in-theorems"]


def test_objects_of_an_envelope_are_idempotents() -> None:
    found = hypotheses(statement("given category C, object E in karoubi(C), arrow f: E -> E\nshow f = f"))
    assert found["E.condition"] == "E.2 >> E.2 = E.2"
    assert found["f.condition"] == "E.2 >> f = f and f >> E.2 = f"


def test_a_functor_on_an_envelope_has_laws_for_idempotents_only() -> None:
    found = hypotheses(statement("given category C, D, functor F: karoubi(C) -> D\nshow faithful(F)"))
    assert found["F.identity"].startswith("forall X.1 in C, X.2: X.1 -> X.1. X.2 >> X.2 = X.2 implies ")


def test_a_presheaf_on_what_is_built_lives_on_a_category_of_its_own() -> None:
    found = statement("given category C, D, presheaf T on C * D\nshow forall E in C * D, t in T(E). t = t")
    assert [category.name for category in found.categories] == ["C", "D", "T_base"]
    assert list(hypotheses(found)) == ["T_at.identity", "T_at.composition"]
    assert found.unused == ()


def test_what_is_of_second_order_says_what_to_write_instead() -> None:
    for word, call in {"lan": "lan(T, along: id(C))", "nat": "nat(T, T)", "presheaves": "presheaves(C)"}.items():
        with pytest.raises(Rejection) as caught:
            statement(f"given category C, presheaf T on C\nshow equinumerous({call}, {call})")
        (diagnostic,) = caught.value.diagnostics
        assert diagnostic.message.startswith(f"`{word}` is ")
        assert diagnostic.help


# --- names and mistakes ---------------------------------------------------------------------------


def test_unused_things_are_listed() -> None:
    found = statement("given category C, D, object X, Y in C\nlet f := id(Y)\nassume nothing: true\nshow terminal(X)")
    assert [name.text for name in found.unused] == ["D", "f"]


def test_unnamed_clauses_get_names() -> None:
    found = statement("assume true\nassume true\nhave true\nhave true\nshow true\nshow named: true\nshow true")
    assert [h.name for h in found.hypotheses] == ["assume 1", "assume 2", "have", "have 2"]
    assert [o.name for o in found.obligations] == ["have", "have 2", "show", "named", "show 2"]
    assert [o.available for o in found.obligations] == [2, 3, 4, 4, 4]


MISTAKES = {
    "given category C, object X in D, arrow f: X -> X\nshow f = f": [("unknown-name", "D")],
    "given category C, object X, Y in C, arrow f: X -> Y\nshow f >> f = f": [("not-composable", "f")],
    "given category C, object X, Y in C, arrow f: X -> Y\nshow f = id(X)": [("not-parallel", "f = id(X)")],
    "given category C, copresheaf T on C\nshow representable(T)": [("wrong-variance", "T")],
    "given category C, D, object X in C, functor F: D -> C\nshow F(X) = X": [("category-mismatch", "X")],
    "given category C, object C in C\nshow true": [("duplicate-name", "C")],
    "given category C\nshow forall X in C. exists X in C. true": [("duplicate-name", "X")],
    "given category C, object X in C, arrow f: X -> X\nshow f^-1 = f": [("not-invertible", "f")],
    "given category C, object X, Y in C\nshow (X -> Y) = (X -> Y)": [("not-in-theorems", "(X -> Y)")],
    "given category C, D, functor F: C -> C + D\nshow true": [("not-in-theorems", "functor F: C -> C + D")],
    "given category C\nshow thing(C)\nshow mono(g)": [("unknown-name", "thing"), ("unknown-name", "g")],
    "given category C\nshow C = C": [("wrong-kind", "C = C")],
    "given category C, object X in C\nobtain Y from X": [("wrong-kind", "X"), ("missing-value", "test")],
    "given category C": [("missing-value", "test")],
}


@pytest.mark.parametrize("clauses", MISTAKES)
def test_mistakes_are_said_all_at_once(clauses: str) -> None:
    assert codes(clauses) == MISTAKES[clauses]


def test_abbreviations_of_abbreviations_end() -> None:
    steps = "\n".join(f"let a{n + 1} := a{n} >> a{n}" for n in range(40))
    clauses = f"given category C, object X in C, arrow a0: X -> X\n{steps}\nshow a40 = a40"
    assert codes(clauses) == [("budget-exceeded", "a8 >> a8")]


def test_a_broken_name_is_passed_over() -> None:
    clauses = (
        "given category C, object X in D\nassume terminal(X)\nlet i := id(X)\nobtain f from i\nshow mono(i)\nshow no(C)"
    )
    assert codes(clauses) == [("unknown-name", "D"), ("unknown-name", "no")]
