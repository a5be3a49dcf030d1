"""The kernel is small, stands alone, does not rely on `assert`, and does not recurse over data."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import formal.kernel

FOLDER = Path(formal.kernel.__file__).parent
FILES = sorted(FOLDER.glob("*.py"))
TREES = {path.name: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def lines_of_code(path: Path) -> int:
    """Lines that hold code: no blank lines, comments, docstrings or imports."""
    skipped: set[int] = set()
    for node in ast.walk(TREES[path.name]):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            skipped |= {*range(node.lineno, (node.end_lineno or 0) + 1)}
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in layout:
            held |= {*range(token.start[0], token.end[0] + 1)}
    return len(held - skipped)


def test_the_kernel_is_small() -> None:
    assert sum(map(lines_of_code, FILES)) <= 1000


def test_importing_the_kernel_loads_only_the_standard_library() -> None:
    program = "import sys; old = set(sys.modules); import formal.kernel; print(*sys.modules.keys() - old, sep=chr(10))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    foreign = {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names}
    ours = {name for name in foreign if name == "formal" or name.split(".")[:2] == ["formal", "kernel"]}
    assert foreign == ours


def test_the_kernel_works_without_site_packages(tmp_path: Path) -> None:
    """With nothing installed, from a copy of its folder alone."""
    package = tmp_path / "formal" / "kernel"
    package.mkdir(parents=True)
    (tmp_path / "formal" / "__init__.py").write_text("", encoding="utf-8")
    for path in FILES:
        (package / path.name).write_bytes(path.read_bytes())
    missing = str(tmp_path / "missing.json")
    command = [sys.executable, "-S", "-m", "formal.kernel", missing]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize("name", TREES)
def test_no_check_is_an_assert(name: str) -> None:
    assert not [node for node in ast.walk(TREES[name]) if isinstance(node, ast.Assert)]


def test_no_function_calls_itself_even_through_others() -> None:
    """By name, so that functions of one name count as one; what is only yielded is run by a loop, not by the stack."""
    bodies = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    below: dict[str, set[str]] = {body.name: set() for body in bodies if body.name != "__init__"}
    for body in (body for body in bodies if body.name in below):
        yielded = {id(node.value) for node in ast.walk(body) if isinstance(node, ast.Yield)}
        for node in ast.walk(body):
            if isinstance(node, ast.Call) and id(node) not in yielded:
                called = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node.func))
                below[body.name] |= {getattr(node.func, called)} & set(below) if called else set()
    assert len(below) > 50
    while ready := [name for name, names in below.items() if not names & set(below)]:
        for name in ready:
            del below[name]
    assert not below, "these call each other in a circle, or lead to such"
