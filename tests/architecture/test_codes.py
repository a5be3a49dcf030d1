"""Every code of a diagnostic has an explanation whose examples are true, and a failing case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import formal
from formal.cli.explain import explanation, title
from formal.text import Code

PACKAGE = Path(formal.__file__).parent
CASES = Path(__file__).parent.parent / "cases"
_BLOCK = re.compile(r"^```cat (fails|works)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(code: Code, kind: str) -> list[str]:
    return [body for marked, body in _BLOCK.findall(explanation(code)) if marked == kind]


def codes_of(text: str, root: Path) -> set[str]:
    module = pytest.importorskip("formal.elaborate.module")
    from formal.text import Source

    script = module.Loader(root).elaborate(Source("example.cat", text))
    return {str(diagnostic.code) for diagnostic in script.diagnostics}


@pytest.mark.parametrize("code", list(Code))
def test_a_code_is_named_by_the_behaviour(code: Code) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code)
    assert code.name == code.upper().replace("-", "_")


@pytest.mark.parametrize("code", list(Code))
def test_a_code_is_explained(code: Code) -> None:
    page = explanation(code)
    assert page.splitlines()[0] == f"# {code}"
    assert "\n## How to mend it\n" in page
    assert re.fullmatch(r"[A-Z][^.]*\.", title(code)), "the title is one sentence"
    assert len(title(code)) <= 80
    assert all(len(line) <= 100 for _, body in _BLOCK.findall(page) for line in body.splitlines())


def test_an_explanation_has_a_code() -> None:
    pages = {path.stem for path in (PACKAGE / "text" / "explanation").iterdir()}
    assert pages == set(Code)


@pytest.mark.parametrize("code", [code for code in Code if examples(code, "fails")])
def test_a_failing_example_fails_with_its_code_alone(code: Code, tmp_path: Path) -> None:
    for text in examples(code, "fails"):
        assert codes_of(text, tmp_path) == {code}


@pytest.mark.parametrize("code", [code for code in Code if examples(code, "works")])
def test_a_mended_example_is_accepted(code: Code, tmp_path: Path) -> None:
    for text in examples(code, "works"):
        assert codes_of(text, tmp_path) == set()


WITHOUT_CASE = {
    "file-too-large": "a file of more than four megabytes; made by the tests of reading",
    "cannot-train": "no script is at fault; made by the tests of training",
}


def test_a_code_has_a_failing_case() -> None:
    expected = " ".join(path.read_text(encoding="utf-8") for path in CASES.glob("**/err/**/*.cat"))
    missing = [str(code) for code in Code if f"error[{code}]" not in expected and f"warning[{code}]" not in expected]
    assert missing == list(WITHOUT_CASE)
