"""What is wrong with a cross-check is said, all of it, where it stands; nothing is compared then."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.syntax.tree import renamed
from formal.text import Source
from formal.verdict.result import ExitCode, exit_code
from tests.crosscheck.project import HEAD, checked, write_models

PREDICT = "predict Ideal(a, b) = 1/2"
SCORE = 'accuracy(s0, "prompt.pred.one"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models")
    write_models(found)
    return found


@pytest.mark.parametrize(
    ("text", "code", "message", "where"),
    [
        ("crosscheck c {}", "missing-value", "`c` compares nothing", "c"),
        ('crosscheck c { by "L1" premise Ideal(a, b) = 1 }', "missing-value", "`c` compares nothing", "c"),
        ("crosscheck c { ideal Ideal(a, b) = 1 }", "missing-value", "compared with no `own`", "ideal Ideal(a, b) = 1"),
        (f"crosscheck c {{ own Ideal(a, b) = 1 {PREDICT} }}", "missing-value", "compared with no `ideal`", "own"),
        (f"crosscheck c for a in {{s9}} {{ {PREDICT} }}", "unknown-name", "`s9` is not declared", "s9"),
        (f"crosscheck c for L in {{}} {{ {PREDICT} }}", "wrong-arguments", "`L` stands for nothing", "L in {}"),
        (f"crosscheck c for s0 in {{s1}} {{ {PREDICT} }}", "duplicate-name", "`s0` is declared twice", "s0"),
        (f"crosscheck c for L in {{s1}} over L in {{s2}} {{ {PREDICT} }}", "duplicate-name", "`L`", "L"),
        (f"crosscheck c for L in {{s1, s1}} {{ {PREDICT} }}", "duplicate-name", "`s1` is declared twice", "s1"),
        (f"crosscheck c over m in {{Ideal}} {{ {PREDICT} }}", "wrong-kind", "`Ideal` is not a model", "Ideal"),
        (
            "crosscheck c for L in {s1} { predict forall L in Ideal. Ideal(L, L) = 1 }",
            *("duplicate-name", "`L` is declared twice", "L"),
        ),
        (
            f'model twin from "s0.safetensors"\ncrosscheck c over m in {{s0, twin}} {{ {PREDICT} }}',
            *("duplicate-name", "`twin` is the same bundle as `s0`", "twin"),
        ),
        (f"crosscheck c {{ by near {PREDICT} }}", "unknown-name", "`near` is no claim or theorem", "near"),
        (
            f"claim near: Ideal(a, b) = 1 expect refuted\ncrosscheck c {{ by near {PREDICT} }}",
            *("wrong-kind", "expected to be refuted, so nothing follows", "near"),
        ),
        ("crosscheck c { predict Ideal(a, q) = 1 }", "unknown-name", "`q` is not an object", "q"),
        ("crosscheck c { predict Ideal(a, b) }", "wrong-kind", "expected a formula", "Ideal(a, b)"),
        ("crosscheck c { predict Ideal in [0, 1] }", "wrong-kind", "expected a number", "Ideal"),
        ("crosscheck c { measure Ideal(a, b) in [0, 1] }", "wrong-kind", "no score of raw predictions", "Ideal(a, b)"),
        (f"crosscheck c {{ measure {SCORE}) in Ideal }}", "wrong-kind", "no prediction of a score", "Ideal"),
        (f"crosscheck c {{ measure {SCORE}, of: all) in [0, 1] }}", "wrong-arguments", "neither the `sample`", "all"),
        (
            f"crosscheck c {{ measure {SCORE}, confidence: 0.9) in [0, 1] }}",
            *("wrong-arguments", "belongs to an interval for the population", "0.9"),
        ),
        (
            f"crosscheck c {{ measure {SCORE}, of: population, confidence: 1) in [0, 1] }}",
            *("wrong-arguments", "between 0 and 1", "1"),
        ),
        (
            f"crosscheck c {{ measure {SCORE}, of: population, independent: 1/2) in [0, 1] }}",
            *("wrong-arguments", "a whole number from 1 on", "1/2"),
        ),
        (
            f"crosscheck c {{ measure {SCORE}, part: x) in [0, 1] }}",
            "wrong-arguments",
            "no argument `part:`",
            "part: x",
        ),
        ("crosscheck c { measure accuracy(s0) in [0, 1] }", "wrong-arguments", "takes 2 arguments", "accuracy(s0)"),
        (f"crosscheck c {{ measure {SCORE}, on: Ideal) in [0, 1] }}", "wrong-kind", "no choice of objects", "Ideal"),
        (
            f"crosscheck c {{ measure {SCORE}, on: determined(Ideal)) in [0, 1] }}",
            *("wrong-arguments", "needs `along:`", "determined(Ideal)"),
        ),
        (
            'crosscheck c { measure best_of(s0, "prompt.pred.two", on: {"i*"}) in [0, 1] }',
            *("wrong-arguments", "chosen on a whole part", '{"i*"}'),
        ),
        (f"crosscheck c {{ measure {SCORE}) in readout() }}", "wrong-arguments", "needs `prompts:`", "readout()"),
        (
            f"crosscheck c {{ measure {SCORE}) in readout(prompts: 1) }}",
            *("wrong-arguments", "does not relate the objects that `label` gives classes", "readout(prompts: 1)"),
        ),
        (
            'crosscheck c { measure error(s0, "prompt.pred.one") in readout(prompts: 1) }',
            *("wrong-arguments", "predicts an `accuracy`", "readout(prompts: 1)"),
        ),
        (f"claim c: Ideal(a, b) = 1\ncrosscheck c {{ {PREDICT} }}", "duplicate-name", "`c` is declared twice", "c"),
    ],
)
def test_one_mistake(folder: Path, text: str, code: str, message: str, where: str) -> None:
    file = checked(folder, text)
    (diagnostic,) = file.diagnostics
    assert str(diagnostic.code) == code
    assert message in diagnostic.message
    assert diagnostic.primary is not None
    assert diagnostic.primary.span.text.startswith(where)
    assert not [claim for claim in file.claims if claim.crosscheck is not None]
    assert file.dropped == 1
    assert exit_code([file]) is ExitCode.BAD_INPUT


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    file = checked(folder, "crosscheck c { predict Ideal(a, q) = 1 premise Ideal(r, a) = 1 measure x(s0) in [0, 1] }")
    assert len(file.diagnostics) == 3


def test_a_mistake_in_every_row_is_told_once(folder: Path) -> None:
    file = checked(folder, 'crosscheck c for L in {"a", "b"} { predict Ideal(L, q) = 1 }')
    assert len(file.diagnostics) == 1


def test_what_speaks_of_rejected_declarations_is_passed_over_and_counted(folder: Path) -> None:
    broken = "relation Broken on {a} over nothing {}"
    file = checked(folder, f"{broken}\ncrosscheck c {{ {PREDICT} predict Broken(a, a) = 1 }}")
    assert len(file.diagnostics) == 1
    assert file.dropped == 1


def test_too_many_rows_are_refused(folder: Path) -> None:
    labels = ", ".join(f'"l{i}"' for i in range(40))
    head = f"for L in {{{labels}}}, M in {{{labels}}}"
    file = checked(folder, f"crosscheck c {head} {{ {PREDICT} }}")
    assert [str(diagnostic.code) for diagnostic in file.diagnostics] == ["budget-exceeded"]


def test_a_selected_cross_check_is_found_by_its_name(folder: Path) -> None:
    from formal.verify.options import Options
    from formal.verify.run import Target, run

    path = folder / "named.cat"
    path.write_text(f"{HEAD}crosscheck c {{ {PREDICT} }}\ncrosscheck d {{ {PREDICT} }}\n", encoding="utf-8")
    (file,) = run([Target(path, "d")], Options(cache=False))
    assert [claim.name for claim in file.claims] == ["d"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gap(T, in: K) + T", "gap(Half, in: K) + Half"),
        ('R("T", T)', 'R("T", Half)'),
        ("f(T: T)", "f(T: Half)"),
        ("forall T in T. p(x)", "forall T in Half. p(x)"),
        ("in_hull(T, of: {T, U})", "in_hull(Half, of: {Half, U})"),
    ],
)
def test_names_are_put_in_the_places_of_variables(text: str, expected: str) -> None:
    source = Source("x", text)
    tree = parse_expression(source)
    name = ast.Name(tree.span, "Half")
    assert print_expression(renamed(tree, {"T": name})) == expected
    assert renamed(tree, {}) == tree


def test_long_chains_are_renamed_without_recursion() -> None:
    tree = parse_expression(Source("x", " + ".join(["T"] * 5000)))
    found = renamed(tree, {"T": ast.Name(tree.span, "U")})
    assert print_expression(found) == " + ".join(["U"] * 5000)
