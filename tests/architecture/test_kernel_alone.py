"""Kernels are small, stand alone, do not rely on `assert`; and the first one does not recurse over data."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest

import formal

LINES = {"kernel": 1000, "lawvere": 1600}
"""The most lines of code of each kernel; ``herbrand`` is held to its own by its tests."""

PACKAGE = Path(formal.__file__).parent
FILES = {name: sorted((PACKAGE / name).glob("*.py")) for name in LINES}
PATHS = [path for files in FILES.values() for path in files]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in PATHS}


def lines_of_code(path: Path) -> int:
    """Lines that hold code: no blank lines, comments, docstrings or imports."""
    skipped: set[int] = set()
    for node in ast.walk(TREES[path]):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            skipped |= {*range(node.lineno, (node.end_lineno or 0) + 1)}
    layout = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    held: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type not in layout:
            held |= {*range(token.start[0], token.end[0] + 1)}
    return len(held - skipped)


@pytest.mark.parametrize("kernel", LINES)
def test_the_kernel_is_small(kernel: str) -> None:
    assert sum(map(lines_of_code, FILES[kernel])) <= LINES[kernel]


@pytest.mark.parametrize("kernel", LINES)
def test_importing_the_kernel_loads_only_the_standard_library(kernel: str) -> None:
    program = (
        f"import sys; old = set(sys.modules); import formal.{kernel}; print(*sys.modules.keys() - old, sep=chr(10))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    foreign = {name for name in loaded if name.split(".")[0] not in sys.stdlib_module_names}
    ours = {name for name in foreign if name == "formal" or name.split(".")[:2] == ["formal", kernel]}
    assert foreign == ours


@pytest.mark.parametrize("kernel", LINES)
def test_the_kernel_works_without_site_packages(kernel: str, tmp_path: Path) -> None:
    """With nothing installed, from a copy of its folder alone."""
    package = tmp_path / "formal" / kernel
    package.mkdir(parents=True)
    (tmp_path / "formal" / "__init__.py").write_text("", encoding="utf-8")
    for path in FILES[kernel]:
        (package / path.name).write_bytes(path.read_bytes())
    missing = [str(tmp_path / "missing.json")] * (2 if kernel == "lawvere" else 1)
    command = [sys.executable, "-S", "-m", f"formal.{kernel}", *missing]
    done = subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_check_is_an_assert(path: Path) -> None:
    assert not [node for node in ast.walk(TREES[path]) if isinstance(node, ast.Assert)]


def test_no_function_calls_itself_even_through_others() -> None:
    """By name, so that functions of one name count as one; what is only yielded is run by a loop, not by the stack."""
    trees = [TREES[path] for path in FILES["kernel"]]
    bodies = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
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
