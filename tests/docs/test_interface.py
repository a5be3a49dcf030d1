"""The Python interface beyond its examples: what it refuses, and that nothing wrong is ever `ok`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import formal
from formal.text import Code, Rejection
from formal.verdict.result import FileResult

ROOT = Path(__file__).parents[2]


def code_of(build: Callable[[], object]) -> Code:
    with pytest.raises(Rejection) as rejected:
        build()
    (diagnostic,) = rejected.value.diagnostics
    return diagnostic.code


def test_all_names_are_those_of_the_interface() -> None:
    import formal.api

    assert set(formal.__all__) == {*formal.api.__all__, "__version__"}
    assert all(getattr(formal, name) is not None for name in formal.__all__)
    assert set(formal.__all__) <= set(dir(formal))
    with pytest.raises(AttributeError, match="no attribute 'proof'"):
        _ = formal.proof  # type: ignore[attr-defined]


def test_importing_the_package_and_the_kernel_loads_no_library() -> None:
    program = "import formal, formal.kernel, sys; print('numpy' in sys.modules, 'formal.api' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_what_a_text_imports_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / "base.cat").write_text("category C = chain(2)\nclaim wrong: terminal(0)\n", encoding="utf-8")
    report = formal.check('import "base.cat"\nclaim right: terminal(1)\n', root=tmp_path)
    assert [(result.claim.name, result.outcome) for result in report] == [("right", "proved"), ("wrong", "refuted")]
    assert not report.ok


def test_an_error_in_an_import_is_not_ok(tmp_path: Path) -> None:
    broken = "category C = chain(2)\npresheaf T on C { 0 |-> {a} }\n"
    (tmp_path / "broken.cat").write_text(broken, encoding="utf-8")
    main = tmp_path / "main.cat"
    main.write_text('import "broken.cat"\nclaim c: representable(T)\n', encoding="utf-8")
    for report in (formal.check(main.read_text(encoding="utf-8"), root=tmp_path), formal.check_file(main)):
        assert not report.ok
        codes = [diagnostic.code for diagnostic in report.diagnostics]
        assert codes == [Code.IMPORT_HAS_ERRORS, Code.MISSING_VALUE]
    with pytest.raises(Rejection, match="missing-value"):
        formal.load(main)


def test_a_crash_is_not_ok_and_shown() -> None:
    report = formal.Report((FileResult("a.cat", crashed="the process <died>"),))
    assert not report.ok
    assert "the process <died>" in str(report)
    assert "the process &lt;died&gt;" in report._repr_html_()


def test_a_file_that_is_not_there_is_not_ok(tmp_path: Path) -> None:
    assert not formal.check_file(tmp_path / "none.cat").ok


def test_warnings_do_not_stand_in_the_way() -> None:
    script = ROOT / "proofs" / "models" / "rotation-digits" / "claims.cat"
    assert "Seen" in list(formal.load(script))


def test_labels_are_escaped_in_notebooks() -> None:
    base = formal.category("C", objects=["<script>", "b"], arrows={"f": ("<script>", "b")})
    result = formal.ask('terminal(C::"<script>")', C=base)
    assert result.refuted
    assert "<script>" not in result._repr_html_()


@pytest.mark.parametrize(
    ("table", "labels", "code"),
    [
        ([[0, 1], [1, 2]], None, Code.NOT_A_MONOID),
        ([[0, 1], [1, -1]], None, Code.NOT_A_MONOID),
        ([[0, 0], [0, 0]], None, Code.NOT_A_MONOID),
        ([[0, 1, 2], [1, 2, 0]], None, Code.WRONG_ARGUMENTS),
        ([[0, 1], [1]], None, Code.WRONG_ARGUMENTS),
        ([[0, 1], [1, 0]], ["e"], Code.WRONG_ARGUMENTS),
        ([[0, 1], [1, 0]], ["e", "e"], Code.DUPLICATE_NAME),
        ([], None, Code.NOT_A_MONOID),
    ],
)
def test_what_is_no_monoid_is_refused(table: list[list[int]], labels: list[str] | None, code: Code) -> None:
    assert code_of(lambda: formal.monoid(table, labels)) is code


@pytest.mark.parametrize(
    ("matrix", "code"),
    [([[1, 1], [1, 1]], Code.CYCLIC_ORDER), ([[1, 1]], Code.WRONG_ARGUMENTS), ([["x"]], Code.WRONG_ARGUMENTS)],
)
def test_what_is_no_order_is_refused(matrix: list[list[int]], code: Code) -> None:
    assert code_of(lambda: formal.poset(matrix)) is code


def test_the_empty_order() -> None:
    assert formal.poset([]).objects == ()


@pytest.mark.parametrize(
    ("sizes", "actions", "code"),
    [
        ([2], [[1, 1]], Code.NOT_FUNCTORIAL),
        ([3], [[1, 2, 0]], Code.NOT_FUNCTORIAL),
        ([2], [[1, 2]], Code.NO_SUCH_ELEMENT),
        ([2], [[1, 0, 1]], Code.NO_SUCH_ELEMENT),
        ([2], [], Code.MISSING_VALUE),
        ([2, 2], [[1, 0]], Code.MISSING_VALUE),
        ([-1], [[]], Code.MISSING_VALUE),
    ],
)
def test_what_is_no_functor_to_sets_is_refused(sizes: list[int], actions: list[list[int]], code: Code) -> None:
    two = formal.monoid([[0, 1], [1, 0]])
    assert code_of(lambda: formal.set_functor_from_arrays("T", two, sizes=sizes, actions=actions)) is code


def test_variance_of_arrays() -> None:
    walking = formal.poset([[1, 1], [0, 1]])
    back = formal.set_functor_from_arrays("T", walking, sizes=[2, 1], actions=[[1]])
    forth = formal.set_functor_from_arrays("F", walking, sizes=[2, 1], actions=[[0, 0]], contravariant=False)
    assert formal.ask("forall t in T(1), s in T(0). T((0 -> 1))(t) = s or s != s", T=back).refuted
    assert formal.ask("forall t in F(0), s in F(1). F((0 -> 1))(t) = s", F=forth).proved


def test_a_path_is_not_taken_for_a_script() -> None:
    with pytest.raises(ValueError, match="check_file"):
        formal.check("proofs/examples/prompt.cat")


def test_results_are_short_where_they_are_only_named() -> None:
    report = formal.check("category C { objects a, b arrows f: a -> b }  claim m: mono(f)")
    assert repr(report) == "<1 claim in 1 script, as expected>"
    assert repr(report["m"]) == "<proved: mono(f)>"
    assert repr(formal.load(Path(__file__).parents[2] / "proofs/examples/prompt.cat")) == (
        "<proofs/examples/prompt.cat: Mirror, Task>"
    )
