"""What is taken for a category and is none: warnings that change no verdict, at most one of a relation."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.cli import main
from formal.elaborate.module import Loader
from formal.text import Code, Diagnostic, Severity, Source
from formal.valuation import Limits
from formal.verify.licence import unlicensed
from formal.verify.options import Options
from formal.verify.run import check_text

BROKEN = "relation R on {a, b, c} over product { a -> b = 1, b -> c = 1 }\n"
FINE = "relation R on {a, b, c} over product { a -> b = 1, b -> c = 1, a -> c = 1 }\n"


def warnings(text: str, root: Path | None = None) -> list[Diagnostic]:
    found = check_text(text, Options(cache=False), root=root)
    assert all(diagnostic.severity is Severity.WARNING for diagnostic in found.diagnostics), found.diagnostics
    assert all(claim.as_expected and claim.certified for claim in found.claims)
    return list(found.diagnostics)


@pytest.mark.parametrize(
    "claim",
    [
        "represented(R, c) = represented(R, c)",
        "corepresented(R, c) = corepresented(R, c)",
        "forall x in R. represented(R, x) = represented(R, x)",
        "extension(F, represented(R, c)) = 1",
        "degree(W) <= 1",
        "degree(W, in: R) <= 1",
        "lan(V, along: J) = lan(V, along: J)",
        "left_kan(lan(V, along: J), along: J, of: V)",
        "right_kan(F, along: J, of: G, within: 1)",
        "determined(G, at: a, along: J)",
    ],
)
def test_each_word_that_promises_something_is_warned_of(claim: str) -> None:
    declared = """
weight W on R { a |-> 1, b |-> 1, c |-> 1 }
coweight F on R { a |-> 1, b |-> 1, c |-> 1 }
functor J = inclusion(R, {a, b})
weight V on restrict(R, {a, b}) { a |-> 1, b |-> 1 }
coweight G on restrict(R, {a, b}) { a |-> 1, b |-> 1 }
"""
    (warning,) = warnings(f"{BROKEN}{declared}claim c: {claim}")
    assert warning.code is Code.NOT_A_CATEGORY
    assert "the defect of `R` is 1, more than 0" in warning.notes
    assert "most at `a`, `b`, `c`: R(a, b) = 1, R(b, c) = 1, R(a, c) = 0" in warning.notes
    assert warnings(f"{FINE}{declared}claim c: {claim}") == []


def test_the_words_that_promise_nothing_are_not() -> None:
    text = f"""{BROKEN}weight W on R {{ a |-> 0, b |-> 1, c |-> 1 }}
claim column: column(R, c) = column(R, c)
claim composite: R >> W = R >> W
claim gap: gap(W) <= 1 and is_category(R, within: 1) and presheaf_defect(W) <= 1
claim closed: represented(closure(R), c) = represented(closure(R), c)
"""
    assert warnings(text) == []


def test_a_relation_is_warned_of_once_and_what_is_on_it_is_not() -> None:
    text = f"""{BROKEN}weight W on R {{ a |-> 0, b |-> 1, c |-> 1 }}
claim one: degree(W) <= 1
claim two: represented(R, a) = represented(R, a) and degree(represented(R, b)) <= 1
"""
    (warning,) = warnings(text)
    assert warning.primary is not None
    assert warning.primary.span.text == "W"


def test_a_part_that_is_a_category_licenses_nothing_of_the_whole() -> None:
    part = "claim part: represented(restrict(R, {a, c}), a) = represented(restrict(R, {a, c}), a)\n"
    assert warnings(BROKEN + part) == []
    (warning,) = warnings(f"{BROKEN}{part}claim whole: represented(R, a) = represented(R, a)")
    assert warning.message == "`R` is no category, and `represented` takes it for one"


def test_what_leaves_a_number_open_is_passed_over() -> None:
    text = """parameter p in [0, 1]
relation R on {a, b, c} over product { a -> b = p, b -> c = 1 }
claim c: represented(R, c) = represented(R, c)
"""
    assert warnings(text) == []


def test_what_takes_too_long_is_said_to_be_open() -> None:
    script = Loader(Path.cwd()).elaborate(Source("x.cat", f"{FINE}claim c: represented(R, c) = represented(R, c)"))
    assert list(unlicensed(script.module)) == []
    (warning,) = unlicensed(script.module, Limits(steps=10))
    assert warning.message.startswith("it is not known whether `R` is a category")
    assert any("budget" in note or "steps" in note for note in warning.notes)


def test_an_import_is_warned_of_where_it_is_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "base.cat").write_text(BROKEN)
    (tmp_path / "use.cat").write_text('import "base.cat"\nclaim c: represented(R, c) = represented(R, c)\n')
    assert main(["check", "--no-cache", str(tmp_path / "use.cat")]) == 0
    out = capsys.readouterr().out
    assert out.count("warning[not-a-category]") == 1
    assert "1 warning" in out
