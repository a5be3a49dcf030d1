"""The kernel for theorems is small, stands alone, and does not rely on `assert`."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import formal.herbrand

FOLDER = Path(formal.herbrand.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
TREES = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


def lines_of_code(path: Path) -> int:
    """Lines that hold code: no blank lines, comments, docstrings or imports."""
    skipped: set[int] = set()
    for node in ast.walk(TREES[path.name]):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            skipped |= {*range(node.lineno, (node.end_lineno or 0) + 1)}
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline)
    held = {line for t in tokens if t.type not in LAYOUT for line in range(t.start[0], t.end[0] + 1)}
    return len(held - skipped)


def test_it_is_small() -> None:
    assert sum(map(lines_of_code, FILES)) <= 800


def test_it_loads_only_the_standard_library_and_itself() -> None:
    program = (
        "import sys; old = set(sys.modules); import formal.herbrand; print(*sys.modules.keys() - old, sep=chr(10))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    foreign = {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names}
    assert foreign == {name for name in foreign if name == "formal" or name.split(".")[:2] == ["formal", "herbrand"]}


def test_it_imports_only_the_standard_library_and_itself() -> None:
    for path in FILES:
        for node in ast.walk(TREES[path.name]):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] in sys.stdlib_module_names or name.startswith("formal.herbrand"), path


@pytest.mark.parametrize("name", TREES)
def test_no_check_is_an_assert(name: str) -> None:
    assert not [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Assert)]
