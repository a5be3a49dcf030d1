"""Theorems: what the parts of their trees are, how they are laid out, and how reading goes on after an error."""

from __future__ import annotations

import pytest

from formal.syntax import ast
from formal.syntax.format import format_source
from formal.syntax.layout import WIDTH
from formal.syntax.parser import parse
from formal.syntax.printer import print_expression
from formal.text import Rejection, Source


def theorem(text: str) -> ast.TheoremDecl:
    (declaration,) = parse(Source("script", text)).declarations
    assert isinstance(declaration, ast.TheoremDecl)
    return declaration


def clause(text: str) -> ast.Clause:
    (node,) = theorem(f"theorem a {{ {text} }}").clauses
    assert node.span.text == text
    return node


def givens(text: str) -> tuple[ast.Given, ...]:
    node = clause(f"given {text}")
    assert isinstance(node, ast.GivenClause)
    return node.givens


def show(node: ast.Expr | None) -> str:
    return "" if node is None else print_expression(node)


def test_a_theorem_has_a_name_clauses_a_verdict_and_a_description() -> None:
    node = theorem("## Why.\ntheorem a {\n  given category C\n  show true\n}\nexpect refuted")
    assert (node.name.text, node.doc) == ("a", "Why.")
    assert node.expect is not None
    assert node.expect.text == "refuted"
    assert [type(part) for part in node.clauses] == [ast.GivenClause, ast.ShowClause]
    assert theorem("theorem a {}").expect is None


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("category C, D", ["category | C", "category | D"]),
        ("category C, object X, Y in C, Z in D", ["category | C", "object | X Y | C", "object | Z | D"]),
        ("element u in T(P), v in T(Q)", ["element | u | T(P)", "element | v | T(Q)"]),
        ("presheaf S on C, T on op(C)", ["presheaf | S | C", "presheaf | T | op(C)"]),
        ("copresheaf F on C", ["copresheaf | F | C"]),
        ("arrow f, g: X -> Y, h: Y -> Z", ["arrow | f g | X | Y", "arrow | h | Y | Z"]),
        ("functor F: C -> D, G: D -> C", ["functor | F | C | D", "functor | G | D | C"]),
        ("functor F: C -> op(D), arrow f: X -> Y", ["functor | F | C | op(D)", "arrow | f | X | Y"]),
        ("family k: S => T, m: T => S", ["family | k | S | T", "family | m | T | S"]),
        ("isomorphism p: S => T, transformation q: S => T", ["isomorphism | p | S | T", "transformation | q | S | T"]),
        ("isomorphism e: X -> Y, d: Y -> X", ["isomorphism arrow | e | X | Y", "isomorphism arrow | d | Y | X"]),
        ("category object, arrow, object X in C", ["category | object", "category | arrow", "object | X | C"]),
    ],
)
def test_givens(text: str, parameters: list[str]) -> None:
    found = []
    for node in givens(text):
        assert isinstance(node, ast.Parameter)
        ends = [show(end) for end in (node.base, node.dom, node.cod) if end is not None]
        found.append(" | ".join([node.kind, " ".join(name.text for name in node.names), *ends]))
    assert found == parameters


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("adjunction F -| G with unit e, counit d", ("adjunction", "", "F", "G", "", "", "unit e, counit d")),
        (
            "adjunction F ⊣ G with transpose s, inverse t",
            ("adjunction", "", "F", "G", "", "", "transpose s, inverse t"),
        ),
        ("limit L of F >> G with cone p", ("limit", "L", "", "", "F >> G", "", "cone p")),
        ("colimit L of D with cocone i", ("colimit", "L", "", "", "D", "", "cocone i")),
        ("left_kan L of F along K with unit e", ("left_kan", "L", "", "", "F", "K", "unit e")),
        ("right_kan L of F along K with counit e", ("right_kan", "L", "", "", "F", "K", "counit e")),
        ("pointwise_left_kan L of F along K with unit e", ("pointwise_left_kan", "L", "", "", "F", "K", "unit e")),
        (
            "pointwise_right_kan L of F along K with counit e",
            ("pointwise_right_kan", "L", "", "", "F", "K", "counit e"),
        ),
    ],
)
def test_what_is_given_by_a_universal_property(text: str, parts: tuple[str, ...]) -> None:
    first, second, last = givens(f"{text}, {text}, category C")
    assert isinstance(first, ast.UniversalGiven)
    assert isinstance(second, ast.UniversalGiven)
    assert isinstance(last, ast.Parameter)
    for node in (first, second):
        assert node.span.text == text
        names = " ".join(name.text for name in node.names)
        roles = ", ".join(f"{role.role.text} {role.name.text}" for role in node.roles)
        assert (node.kind, names, show(node.left), show(node.right), show(node.of), show(node.along), roles) == parts


@pytest.mark.parametrize("word", ["assume", "have", "show"])
def test_the_name_of_a_formula_may_be_left_out(word: str) -> None:
    for text, name, formula in (
        ("x: f = g", "x", "f = g"),
        ("x = y", None, "x = y"),
        ("x", None, "x"),
        ("x::y = y", None, "x::y = y"),
        ("x(y, at: z)", None, "x(y, at: z)"),
        ("(x)", None, "x"),
        ("forall x: X -> Y. x = x", None, "forall x: X -> Y. x = x"),
        (f"{word}: {word}", word, word),
        (word, None, word),
    ):
        node = clause(f"{word} {text}")
        assert isinstance(node, ast.AssumeClause | ast.HaveClause | ast.ShowClause)
        assert (node.name.text if node.name else None, show(node.formula)) == (name, formula)


@pytest.mark.parametrize(
    ("text", "kind", "name", "ends", "value"),
    [
        ("let u := phi(id(P))", "", "u", ("", ""), "phi(id(P))"),
        ("let f: X -> Y := a >> b", "", "f", ("X", "Y"), "a >> b"),
        ("let psi: y(P) => T := phi", "transformation", "psi", ("y(P)", "T"), "phi"),
        ("let transformation psi: y(P) => T := phi", "transformation", "psi", ("y(P)", "T"), "phi"),
        ("let family psi: S => T := phi", "family", "psi", ("S", "T"), "phi"),
        ("let functor H: C -> D := F >> G", "functor", "H", ("C", "D"), "F >> G"),
        ("let family := functor", "", "family", ("", ""), "functor"),
        ("let the := the", "", "the", ("", ""), "the"),
    ],
)
def test_let_with_a_term(text: str, kind: str, name: str, ends: tuple[str, str], value: str) -> None:
    node = clause(text)
    assert isinstance(node, ast.LetClause)
    assert (node.kind, node.name.text, (show(node.dom), show(node.cod))) == (kind, name, ends)
    assert not isinstance(node.value, ast.Description)
    assert show(node.value) == value
    assert node.rules == ()


def test_let_with_rules() -> None:
    node = clause("let functor H: C -> D := X |-> F(X), f: X -> Y |-> the g: F(X) -> F(Y). g = F(f)")
    assert isinstance(node, ast.LetClause)
    assert node.value is None
    on_objects, on_arrows = node.rules
    assert on_objects.typing is None
    assert (on_objects.variable.text, show(on_objects.value)) == ("X", "F(X)")  # type: ignore[arg-type]
    assert on_arrows.typing is not None
    assert (on_arrows.variable.text, show(on_arrows.typing.dom), show(on_arrows.typing.cod)) == ("f", "X", "Y")
    match on_arrows.value:
        case ast.Description(binder=ast.Typing(names=(name,)), body=body):
            assert (name.text, show(body)) == ("g", "g = F(f)")
        case other:
            pytest.fail(repr(other))


def test_obtain_and_accept() -> None:
    match clause("obtain m, e from universal(L, cocone)"):
        case ast.ObtainClause(names=(m, e), source=source):
            assert (m.text, e.text, show(source)) == ("m", "e", "universal(L, cocone)")
        case other:
            pytest.fail(repr(other))
    match clause('accept redundant(h): "used for clarity"'):
        case ast.AcceptClause(finding=finding, subject=ast.Name(text="h"), reason=reason):
            assert (finding.text, reason.text) == ("redundant", "used for clarity")
        case other:
            pytest.fail(repr(other))
    match clause('accept converse: "false"'):
        case ast.AcceptClause(subject=subject):
            assert subject is None
        case other:
            pytest.fail(repr(other))


def test_layout() -> None:
    text = (
        "theorem a{given category C,object X in C,assume h:mono(f)  # why\n"
        "let u:=id(X) have u=u show t:forall Y in C.Y=X} expect refuted"
    )
    assert format_source(Source("script", text)) == (
        "theorem a {\n"
        "  given  category C, object X in C\n"
        "  assume h: mono(f)  # why\n"
        "  let    u := id(X)\n"
        "  have   u = u\n"
        "  show   t: forall Y in C. Y = X\n"
        "}\n"
        "expect refuted\n"
    )
    assert format_source(Source("script", "theorem a{}")) == "theorem a {}\n"


def test_long_clauses_break() -> None:
    names = [f"a_long_name_{n}" for n in range(12)]
    chain = " >> ".join(names)
    text = (
        f"theorem a {{ given {', '.join(f'object {n} in C' for n in names)}\n"
        f"assume {' and '.join(f'mono({n})' for n in names)}\n"
        f"have step: {chain} = {chain} let u: X -> Y := {chain}\n"
        f"let functor F: C -> D := X |-> {chain}, f: X -> Y |-> the g: X -> Y. {chain} = g }}"
    )
    formatted = format_source(Source("script", text))
    assert max(map(len, formatted.split("\n"))) <= WIDTH
    assert format_source(Source("script", formatted)) == formatted


def test_errors_in_several_clauses_are_reported_at_once() -> None:
    text = "theorem a {\n  assume f = = g\n  have mono(\n  let u := v\n  obtain x of y\n  show (f g)\n}\nclaim b: f g\n"
    with pytest.raises(Rejection) as caught:
        parse(Source("script", text))
    places = [
        error.primary.span.source.position(error.primary.span.start)[0]
        for error in caught.value.diagnostics
        if error.primary
    ]
    assert places == [2, 4, 5, 6, 8]


def test_a_name_that_is_spelled_like_a_clause_goes_on_with_a_formula() -> None:
    node = theorem("theorem a {\n  show x =\n  show(x)\n  let y := f >>\n  have * assume\n  show\n  (given)\n}")
    assert [part.span.text for part in node.clauses] == [
        "show x =\n  show(x)",
        "let y := f >>\n  have * assume",
        "show\n  (given)",
    ]
