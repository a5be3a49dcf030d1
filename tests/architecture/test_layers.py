"""The import graph is the pipeline of docs/architecture.md, and heavy libraries are loaded where they are needed."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import formal

PACKAGE = Path(formal.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS: dict[str, set[str]] = {
    "text": set(),
    "core": set(),
    "kernel": set(),
    "logic": {"core"},
    "syntax": {"text"},
    "present": {"text", "core"},
    "quantale": set(),
    "enriched": {"quantale"},
    "bulk": {"quantale"},
    "valuation": {"quantale", "enriched", "bulk", "process"},
    "solve": {"process", "quantale", "enriched", "valuation"},
    "lawvere": set(),
    "construct": {"core", "present"},
    "bundle": {"text", "core", "construct", "quantale", "enriched", "bulk"},
    "adapter": {"text", "quantale", "enriched", "bulk", "bundle"},
    "elaborate": {
        "text",
        "core",
        "logic",
        "syntax",
        "present",
        "construct",
        "bundle",
        "quantale",
        "enriched",
        "valuation",
    },
    "certificate": {"text", "core", "logic", "present", "quantale", "enriched"},
    "decide": {"text", "core", "logic", "certificate"},
    "process": set(),
    "smt": {"text", "core", "logic", "certificate", "process"},
    "statement": {"text", "core", "logic", "syntax", "elaborate"},
    "herbrand": set(),
    "prove": {"process", "text", "core", "logic", "statement", "herbrand", "certificate"},
    "refute": {"process", "text", "core", "logic", "statement"},
    "draw": {"text", "core", "construct"},
    "verdict": {"text"},
    "explain": {
        "quantale",
        "enriched",
        "valuation",
        "solve",
        "core",
        "logic",
        "elaborate",
        "certificate",
        "decide",
        "draw",
        "verdict",
    },
    "store": {"text", "kernel", "herbrand", "lawvere", "verdict"},
    "instance": {
        "text",
        "core",
        "logic",
        "syntax",
        "construct",
        "elaborate",
        "statement",
        "refute",
        "draw",
        "verdict",
    },
    "crosscheck": {
        "text",
        "syntax",
        "elaborate",
        "bundle",
        "quantale",
        "enriched",
        "valuation",
        "verdict",
    },
    "audit": {"text", "core", "logic", "syntax", "statement", "refute"},
    "verify": {
        "quantale",
        "enriched",
        "valuation",
        "solve",
        "lawvere",
        "crosscheck",
        "bundle",
        "audit",
        "statement",
        "prove",
        "refute",
        "herbrand",
        "syntax",
        "text",
        "core",
        "logic",
        "elaborate",
        "certificate",
        "decide",
        "smt",
        "kernel",
        "explain",
        "store",
        "verdict",
        "instance",
    },
    "train": {"text", "syntax", "bundle"},
    "report": {"text", "verdict"},
}
"""What each folder may import, besides itself."""

TOP = {"cli", "api", "pytest_plugin", "__main__", "__init__"}
"""What only users call: nothing else imports it, and it may import anything."""

EXTERNAL = {
    "z3": {"smt", "prove", "solve", "valuation"},
    "cvc5": {"prove"},
    "pysat": {"refute", "valuation"},
    "lark": {"syntax"},
    "rich": {"adapter", "report", "cli"},
    "click": {"cli"},
    "safetensors": {"bundle", "train"},
    "scipy": {"bulk", "bundle", "construct", "core", "crosscheck", "decide", "present", "valuation"},
    "pytest": {"pytest_plugin"},
    "torch": {"adapter", "bulk", "train"},
    "sklearn": {"train"},
    "matplotlib": {"train"},
    "numba": {"bulk"},
    "sympy": {"solve"},
}


def folder(path: Path) -> str:
    """The folder of the package that a module is in; for a module at the top its own name."""
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """The dotted names that a module imports, wherever in it, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            assert node.module is not None
            yield node.module, node.lineno


def ours(name: str) -> str | None:
    """A dotted name without ``formal``; None for other packages and for the package itself."""
    return name.removeprefix("formal.") if name.startswith("formal.") else None


def is_among(module: str, allowed: set[str]) -> bool:
    """Whether a module is one of these, or in one of these folders."""
    return any(module == entry or module.startswith(f"{entry}.") for entry in allowed)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_down_the_pipeline(path: Path) -> None:
    here = folder(path)
    allowed = {here, *LAYERS[here]} if here in LAYERS else None
    for name, line in imports(path):
        module = ours(name)
        if module is None:
            continue
        if here not in TOP:
            assert not is_among(module, TOP), f"{path}:{line} imports {name}"
        if allowed is not None:
            assert is_among(module, allowed), f"{path}:{line} imports {name}"


def test_every_folder_has_its_place() -> None:
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= set(LAYERS) | TOP


@pytest.mark.parametrize("kernel", ["kernel", "herbrand", "lawvere"])
def test_a_kernel_imports_only_the_standard_library(kernel: str) -> None:
    for path in (PACKAGE / kernel).rglob("*.py"):
        for name, line in imports(path):
            is_own = name == f"formal.{kernel}" or name.startswith(f"formal.{kernel}.")
            assert is_own or name.split(".")[0] in sys.stdlib_module_names, f"{path}:{line} imports {name}"


@pytest.mark.parametrize("library", sorted(EXTERNAL))
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    for path in MODULES:
        for name, line in imports(path):
            if name.split(".")[0] == library:
                assert folder(path) in EXTERNAL[library], f"{path}:{line} imports {name}"


def test_z3_is_imported_in_one_file_of_a_folder() -> None:
    importing = sorted({path for path in MODULES for name, _ in imports(path) if name.split(".")[0] == "z3"})
    assert len(importing) == len({folder(path) for path in importing}), importing


def loaded_by(*statements: str) -> set[str]:
    """The modules that a fresh interpreter loads for some statements."""
    program = "; ".join([*statements, "import sys, json; sys.stdout.write('\\n' + json.dumps(sorted(sys.modules)))"])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


HEAVY = {"numpy", "scipy", "sympy", "numba", "lark", "z3", "rich", "safetensors", "pytest", "hypothesis"}


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = loaded_by("import formal")
    assert loaded & (HEAVY | {"click"}) == set()


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("from formal.cli import main", "main(['--help'])", "main(['check', '--help'])")
    assert "click" in loaded
    assert loaded & HEAVY == set()
    working = {"syntax", "elaborate", "core", "smt", "kernel", "store", "draw"}
    assert {name for name in map(ours, loaded) if name is not None and is_among(name, working)} == set()


def test_claims_about_finite_categories_load_no_prover_and_no_other_kernel() -> None:
    text = r"category C = chain(3)\nclaim thin: thin(C)\nclaim not_groupoid: groupoid(C) expect refuted\n"
    check = f"file = check_text('{text}')"
    loaded = loaded_by("from formal.verify.run import check_text", check, "assert len(file.claims) == 2")
    others = {"prove", "refute", "herbrand", "instance", "audit", "lawvere", "solve", "train"}
    assert {name for name in map(ours, loaded) if name is not None and is_among(name, others)} == set()
    assert loaded & {"multiprocessing", "concurrent.futures", "scipy", "z3"} == set()


def test_importing_the_kernel_loads_only_the_standard_library_and_itself() -> None:
    foreign = {name for name in loaded_by("import formal.kernel") if name.split(".")[0] not in sys.stdlib_module_names}
    known = loaded_by()
    mine = {name for name in foreign - known if name != "formal" and not name.startswith("formal.kernel")}
    assert mine == set()


def test_every_folder_of_tests_is_a_package() -> None:
    """So that test modules of different folders may share a name."""
    for path in (PACKAGE.parent / "tests").rglob("test_*.py"):
        assert (path.parent / "__init__.py").exists(), path
