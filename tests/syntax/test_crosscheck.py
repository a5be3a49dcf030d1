"""Cross-checks: what is read of them, how they are laid out, and what is said where they do not fit."""

from __future__ import annotations

import pytest

from formal.syntax import ast
from formal.syntax.format import format_source
from formal.syntax.parser import parse
from formal.text import Rejection, Source

WHOLE = """crosscheck half for T in {A, "x y"}, U in {C} over m in {s0, s1} {
  by      "L1: gaps differ by at most the distance"
  by      gaps_are_close
  premise close: distance(K, Ideal, metric: tv, on: {"????", "*$"}) <= 1/25
  ideal   corepresentable(H, within: 1/100)
  own     not corepresentable(T, within: 1/100)
  predict gap(T) in [gap(T, in: Ideal) - 1/25, gap(T, in: Ideal) + 1/25]
  predict forall x in R. R(x, x) = 1
  predict loop: R(x, x) in [0, 1]
  measure accuracy(m, "p", split: "verify", of: population) in [9/20, 1]
  measure read: accuracy(m, "p") in readout(prompts: 5)
}
expect disagrees because "it is \\"known\\""
"""


def crosscheck(text: str) -> ast.CrossCheckDecl:
    (declaration,) = parse(Source("check.cat", text)).declarations
    assert isinstance(declaration, ast.CrossCheckDecl)
    return declaration


def messages(text: str) -> list[str]:
    with pytest.raises(Rejection) as rejected:
        parse(Source("check.cat", text))
    return [diagnostic.message for diagnostic in rejected.value.diagnostics]


def test_all_parts_are_read() -> None:
    node = crosscheck("## Why.\n" + WHOLE)
    assert (node.name.text, node.doc) == ("half", "Why.")
    assert [name.text for variable in node.tasks for name in variable.names] == ["T", "U"]
    assert node.models is not None
    assert node.models.names[0].text == "m"
    assert node.expect is not None
    assert (node.expect.word.text, node.expect.because and node.expect.because.text) == ("disagrees", 'it is "known"')
    theorems = [clause.theorem.text for clause in node.clauses if isinstance(clause, ast.ByClause)]
    assert theorems == ["L1: gaps differ by at most the distance", "gaps_are_close"]
    checks = [clause for clause in node.clauses if isinstance(clause, ast.CheckClause)]
    kinds = ["premise", "ideal", "own", "predict", "predict", "predict", "measure", "measure"]
    assert [clause.kind for clause in checks] == kinds
    assert [clause.name.text for clause in checks if clause.name is not None] == ["close", "loop", "read"]
    assert [isinstance(clause.range, ast.Interval) for clause in checks[3:]] == [True, False, True, True, False]


@pytest.mark.parametrize(
    ("text", "tasks", "has_models", "word"),
    [
        ("crosscheck c {}", 0, False, None),
        ("crosscheck c over m in {a} { own p(x) ideal q(x) }", 0, True, None),
        ("crosscheck c for T in {a}, U in {b} { predict R(x) in [0, 1] } expect agrees", 2, False, "agrees"),
    ],
)
def test_parts_may_be_absent(text: str, tasks: int, has_models: bool, word: str | None) -> None:
    node = crosscheck(text)
    assert (len(node.tasks), node.models is not None) == (tasks, has_models)
    assert (None if node.expect is None else node.expect.word.text) == word


def test_the_layout_is_stable() -> None:
    assert format_source(Source("check.cat", WHOLE)) == WHOLE
    flat = " ".join(WHOLE.split())
    assert format_source(Source("check.cat", flat)) == WHOLE


def test_long_clauses_break_before_what_is_predicted() -> None:
    text = (
        "crosscheck c_of_a_long_name for T in {Half_round_half_square, Mostly_round, After_open_round} over m in {s}"
        ' { measure accuracy(m, "prompt.pred.nearest_of_five_prompts", split: "verify", of: population) in'
        ' [9/20, 1] predict gap(Half, metric: tv, on: {"????", "*$"}) in [gap(Half, in: Ideal, metric: tv) - 1/25, 1] }'
    )
    assert (
        format_source(Source("check.cat", text))
        == """crosscheck c_of_a_long_name
    for T in {Half_round_half_square, Mostly_round, After_open_round}
    over m in {s} {
  measure accuracy(m, "prompt.pred.nearest_of_five_prompts", split: "verify", of: population)
            in [9/20, 1]
  predict gap(Half, metric: tv, on: {"????", "*$"}) in [gap(Half, in: Ideal, metric: tv) - 1/25, 1]
}
"""
    )


def test_the_words_are_names_elsewhere() -> None:
    words = "crosscheck, for, by, premise, ideal, own, predict, measure, agrees, disagrees, not_comparable, because"
    (category,) = parse(Source("check.cat", f"category measure {{ objects {words} }}")).declarations
    assert isinstance(category, ast.CategoryDecl)
    assert ", ".join(name.text for name in category.objects) == words
    node = crosscheck("crosscheck measure { premise own: ideal(own, by: premise) = 1 own predict(measure) }")
    assert [clause.span.text.split()[0] for clause in node.clauses] == ["premise", "own"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "crosscheck c",
            "expected `{` and the clauses, or `for` or `over` and a variable, after the cross-check's name",
        ),
        ("crosscheck c { R(x) }", "expected `}` or the next clause, found `R`"),
        ("crosscheck c {} expect proved", "expected `agrees`, `disagrees because` or `not_comparable because`"),
        ("crosscheck c {} expect disagrees", "expected `because` and a reason in quotes after `disagrees`"),
        ("crosscheck c {} expect disagrees because it", "expected a reason in quotes after `because`"),
        ("crosscheck c { measure a(m) }", "expected `in` or an operator, found `}`"),
        ("crosscheck c { by }", "expected the name of a theorem, or words in quotes, after `by`"),
        ('premise "x"', "expected a declaration, found `premise`"),
    ],
)
def test_what_does_not_fit_is_said(text: str, message: str) -> None:
    assert messages(text)[0].startswith(message)


def test_every_wrong_clause_is_told() -> None:
    text = """crosscheck c for T in {A, B} {
  premise R(x = 1
  own     R(x) = 1
  measure a(m) in
  predict R(x) in [0]
}
claim d: R(x) = 1
"""
    assert len(messages(text)) == 3


def test_a_misspelled_clause_is_told() -> None:
    with pytest.raises(Rejection) as rejected:
        parse(Source("check.cat", "crosscheck c { premiss R(x) = 1 }"))
    assert rejected.value.diagnostics[0].help == ("did you mean `premise`?",)
    with pytest.raises(Rejection) as rejected:
        parse(Source("check.cat", 'premise "x"'))
    assert rejected.value.diagnostics[0].help == ("clauses stand within the braces of a cross-check",)
