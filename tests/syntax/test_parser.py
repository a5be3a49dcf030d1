"""Reading: what the parts of a tree are, where they stand, and what is done about texts that are too much."""

from __future__ import annotations

import pytest

from formal.syntax import ast
from formal.syntax.confusable import skeleton
from formal.syntax.limit import MAX_BYTES, MAX_DEPTH, MAX_DIAGNOSTICS
from formal.syntax.parser import parse, parse_expression
from formal.syntax.printer import print_expression
from formal.syntax.tree import levels, same_up_to_spans
from formal.text import Code, Diagnostic, Rejection, Source


def expression(text: str) -> ast.Expr:
    return parse_expression(Source("expression", text))


def only(text: str) -> ast.Declaration:
    (declaration,) = parse(Source("script", text)).declarations
    return declaration


def errors(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(Rejection) as caught:
        parse(Source("script", text))
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("text", "bracketed"),
    [
        ("a and b or c and d", "(a and b) or (c and d)"),
        ("not a and b", "(not a) and b"),
        ("not a = b", "not (a = b)"),
        ("a implies b implies c", "a implies (b implies c)"),
        ("a iff b iff c", "(a iff b) iff c"),
        ("a implies b iff c or d", "(a implies b) iff (c or d)"),
        ("a and forall x in X. b or c iff d", "a and (forall x in X. (b or c iff d))"),
        ("not forall x in X. a and b", "not (forall x in X. (a and b))"),
        ("a >> b * c + d = e", "(((a >> b) * c) + d) = e"),
        ("a >> b >> c", "(a >> b) >> c"),
        ("a ∘ b ∘ c", "(a ∘ b) ∘ c"),
        ("a >> b^2", "a >> (b^2)"),
        ("f(x)^2", "(f(x))^2"),
        ("F >> G(x)(y)", "F >> ((G(x))(y))"),
        ("* * *", "(*) * (*)"),
        ("true and a = b", "true and (a = b)"),
    ],
)
def test_precedence(text: str, bracketed: str) -> None:
    assert same_up_to_spans(expression(text), expression(bracketed))
    assert print_expression(expression(bracketed)) == text


def test_composition_in_either_order_is_the_same_but_for_its_spelling() -> None:
    match expression("f >> g"), expression("g ∘ f"):
        case ast.Compose() as diagrammatic, ast.Compose() as applicative:
            assert same_up_to_spans(diagrammatic.first, applicative.first)
            assert same_up_to_spans(diagrammatic.second, applicative.second)
            assert (diagrammatic.applicative, applicative.applicative) == (False, True)
        case _:
            pytest.fail("not composites")


def test_every_spelling_is_read_alike() -> None:
    ascii_ = "forall X in C. exists f: X -> X. exists! t: S => T. not f != g and g <= f or {a |-> b} = h"
    unicode = "∀ X ∈ C. ∃ f: X → X. ∃! t: S ⇒ T. ¬ f ≠ g ∧ g ≤ f ∨ {a ↦ b} = h"
    assert same_up_to_spans(expression(ascii_), expression(unicode))
    assert print_expression(expression(ascii_), unicode=True) == unicode.replace("¬ ", "¬")


def test_labels() -> None:
    match expression(r'{a, 0, "two \"words\" \\", *}'):
        case ast.SetLiteral(elements=elements):
            assert [(name.text, name.quoted) for name in elements] == [
                ("a", False),
                ("0", False),
                ('two "words" \\', True),
                ("*", False),
            ]
        case other:
            pytest.fail(repr(other))


def test_the_monoid_table_is_read_by_rows() -> None:
    match expression("monoid { e: e a, a: a e }"):
        case ast.Monoid(elements=elements, rows=rows):
            assert [name.text for name in elements] == ["e", "a"]
            assert [[name.text for name in row] for row in rows] == [["e", "a"], ["a", "e"]]
        case other:
            pytest.fail(repr(other))


def test_a_category_collects_its_clauses() -> None:
    match only("category C { objects a arrows f, g: a -> b objects b equations f = g = f, g = f arrows h: b -> b }"):
        case ast.CategoryDecl() as category:
            assert [name.text for name in category.objects] == ["a", "b"]
            assert [[name.text for name in arrow.names] for arrow in category.arrows] == [["f", "g"], ["h"]]
            assert [len(equation.sides) for equation in category.equations] == [3, 2]
        case other:
            pytest.fail(repr(other))


def test_parameters_of_one_keyword() -> None:
    match only("define d(category C, D, object X, Y in C, arrow f: X -> Y, arrow g in C, functor F: C -> D,) := true"):
        case ast.DefineDecl(parameters=parameters):
            assert [(p.kind, [name.text for name in p.names]) for p in parameters] == [
                ("category", ["C"]),
                ("category", ["D"]),
                ("object", ["X", "Y"]),
                ("arrow", ["f"]),
                ("arrow", ["g"]),
                ("functor", ["F"]),
            ]
        case other:
            pytest.fail(repr(other))


def test_a_node_spans_its_text() -> None:
    text = "claim a: forall X in C. (f >> g)^2 = T(f)(t) and (X -> Y) != {a, b}"
    spans = {span.text for span, _ in levels(only(text))}
    parts = (
        "(f >> g)^2",
        "(f >> g)",
        "T(f)(t)",
        "T(f)",
        "(X -> Y)",
        "{a, b}",
        "X in C",
        "X",
        "(X -> Y) != {a, b}",
        text,
    )
    assert spans >= set(parts)


@pytest.mark.parametrize(
    ("text", "doc"),
    [
        ("## One.\nclaim a: true", "One."),
        ("## One.\n##   Two.\n##\n##Three\nclaim a: true", "One.\n  Two.\n\nThree"),
        ("## Apart.\n\nclaim a: true", ""),
        ("# plain\nclaim a: true", ""),
        ("## Away.\n# plain\nclaim a: true", ""),
        ("## Away.\n\n## Near.\nclaim a: true", "Near."),
        ("  ## Indented.\n  claim a: true", "Indented."),
        ("claim a: true ## behind", ""),
    ],
)
def test_a_comment_right_above_describes(text: str, doc: str) -> None:
    declaration = only(text)
    assert not isinstance(declaration, ast.ImportDecl)
    assert declaration.doc == doc


def test_only_the_first_declaration_of_a_line_is_described() -> None:
    script = parse(Source("script", "## One.\nclaim a: true claim b: true ## Two.\nclaim c: true"))
    assert [getattr(node, "doc", None) for node in script.declarations] == ["One.", "", ""]


def test_comments_are_kept() -> None:
    comments = parse(Source("script", '# a\nclaim b: "# no" = x # c\n## d')).comments
    assert [comment.text for comment in comments] == ["# a", "# c", "## d"]


def test_the_end_of_the_text_is_reported_behind_its_last_word() -> None:
    (error,) = errors("claim a: x and  # why\n\n\n")
    assert error.primary is not None
    assert (error.primary.span.start, error.primary.span.end) == (14, 14)


def test_expressions_end_where_the_text_does() -> None:
    for text in ("", "a b", "claim a: b", "a,", "a)"):
        with pytest.raises(Rejection):
            expression(text)


def test_errors_come_in_the_order_of_the_text_and_not_without_end() -> None:
    found = errors("claim a: )\nclaim b: lοss\n" * (2 * MAX_DIAGNOSTICS))
    assert len(found) == MAX_DIAGNOSTICS
    places = [error.primary.span.start for error in found if error.primary]
    assert places == sorted(places)
    assert len(places) == len(found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("claim a: " + "(" * 10**6, Code.NESTING_TOO_DEEP),
        ("claim a: " + "(" * 10**6 + "x" + ")" * 10**6, Code.NESTING_TOO_DEEP),
        ("{" * 10**6, Code.NESTING_TOO_DEEP),
        ("claim " + "x" * 10**6 + ": true", Code.NAME_TOO_LONG),
        ("claim a: f^" + "9" * 10**6, Code.NAME_TOO_LONG),
        (" " * (MAX_BYTES + 1), Code.FILE_TOO_LARGE),
        ("#" + "é" * (MAX_BYTES // 2), Code.FILE_TOO_LARGE),
        ("\x00" * 10**5, Code.FORBIDDEN_CHARACTER),
        ("\ud800", Code.FORBIDDEN_CHARACTER),
        ('"' * 10**5 + "x", Code.SYNTAX),
        ("claim a: " + "T(x)" + "(x)" * 10**4, Code.NESTING_TOO_DEEP),
        ("claim a: " + "not " * 10**4 + "x", Code.NESTING_TOO_DEEP),
        ("@" * 10**5, Code.SYNTAX),
        ("category C { objects " + "arrows " * 10**4, Code.SYNTAX),
    ],
    ids=lambda value: None if isinstance(value, Code) else value[:24],
)
def test_hostile_texts_are_rejected(text: str, code: Code) -> None:
    assert {error.code for error in errors(text)} == {code}


def test_long_chains_are_read_compared_and_printed() -> None:
    for sign in (">>", "∘", "+", "*", "and", "or", "iff"):
        text = f" {sign} ".join(["a"] * 2000)
        chain = expression(text)
        assert print_expression(chain) == text
        assert same_up_to_spans(chain, expression(text))
        assert not same_up_to_spans(chain, expression(f"b {sign} {text}"))
        assert max(level for _, level in levels(chain)) == 1


def test_the_cap_on_nesting_is_exact() -> None:
    assert expression("(" * MAX_DEPTH + "x" + ")" * MAX_DEPTH)
    assert expression("not " * MAX_DEPTH + "x")
    for text in ("(" * (MAX_DEPTH + 1) + "x" + ")" * (MAX_DEPTH + 1), "not " * (MAX_DEPTH + 1) + "x"):
        with pytest.raises(Rejection):
            expression(text)


def test_letters_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνου") == "ABEZHIKMNOPTYXvou"
    assert skeleton("ϑϕϖϰϱϵ") == "θφπκρε"
    assert skeleton("alpha_α'2") == "alpha_α'2"
