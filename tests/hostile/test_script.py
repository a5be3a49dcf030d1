"""Scripts that are no scripts, or ask for too much: each gets its diagnostic, and no other file suffers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formal.cli import main
from tests.hostile.command import formal

POINT = "category C { objects x }\n"
LOOP = "category C { objects x arrows f: x -> x equations f >> f = f }\n"

BAD: dict[str, tuple[str | bytes, str]] = {
    "parentheses": (f"{POINT}claim a: {'(' * 10**6}true{')' * 10**6}", "nesting-too-deep"),
    "open_parentheses": ("claim a: " + "(" * 10**6, "nesting-too-deep"),
    "braces": ("category C " + "{" * 10**6, "nesting-too-deep"),
    "negations": (f"claim a: {'not ' * 3000}true", "nesting-too-deep"),
    "implications": (f"claim a: {'true implies ' * 3000}true", "nesting-too-deep"),
    "quantifiers": (f"{POINT}claim a: {'forall from in C. ' * 3000}true", "nesting-too-deep"),
    "long_name": (f"category {'A' * 10**6} {{ objects x }}", "name-too-long"),
    "long_label": (f'category C {{ objects "{"A" * 10**6}" }}', "name-too-long"),
    "long_escapes": (f'category C {{ objects "{chr(92) * 10**6}" }}', "name-too-long"),
    "long_number": (f"{LOOP}claim a: f^{'9' * 10**6} = f", "name-too-long"),
    "huge_power": (f"{LOOP}claim a: f^999999999999 = f", "budget-exceeded"),
    "huge_relation": ("category C { objects x arrows f: x -> x equations f^99999999 = f }", "budget-exceeded"),
    "huge_chain": ("category C = chain(99999999999999999999)", "budget-exceeded"),
    "huge_product": ("category C = chain(1000) * chain(1000)", "budget-exceeded"),
    "huge_symmetry": ("category C = symmetric(100)", "budget-exceeded"),
    "control": ("category C { objects x\x1b[2J }", "forbidden-character"),
    "null": ("category C { objects x\0 }", "forbidden-character"),
    "bidi": ("# \u202e\ncategory C { objects x }", "forbidden-character"),
    "tags": ("category C { objects x\U000e0041 }", "forbidden-character"),
    "latin": (b'category C { objects "caf\xe9" }', "unreadable-file"),
    "utf16": ("category C { objects x }".encode("utf-16"), "unreadable-file"),
    "surrogate": (b"category C { objects \xed\xa0\x80 }", "unreadable-file"),
    "too_large": ("#" * (4 * 2**20 + 1), "file-too-large"),
    "defines_itself": (f"{POINT}define d(category C) := d(C)\nclaim a: d(C)", "cyclic-definition"),
    "defines_the_other": (
        f"{POINT}define d(category C) := e(C)\ndefine e(category C) := d(C)\nclaim a: d(C)",
        "cyclic-definition",
    ),
    "imports_itself": ('import "imports_itself.cat"', "import-cycle"),
    "imports_nothing": ('import ""', "import-not-found"),
    "imports_a_folder": ('import "."', "import-not-found"),
    "imports_from_above": ('import "../outside.cat"', "import-outside-root"),
    "imports_by_root": ('import "/etc/passwd"', "import-outside-root"),
    "imports_by_link": ('import "away/passwd"', "import-outside-root"),
    "imports_by_file_link": ('import "passwd"', "import-outside-root"),
    "imports_a_circle": ('import "circle"', "unreadable-file"),
    "imports_a_long_name": (f'import "{"é" * 200}"', "unreadable-file"),
    "imports_a_pipe": ('import "pipe"', "import-not-found"),
    "models_by_link": ('model m from "passwd"', "import-outside-root"),
    "models_a_circle": ('model m from "circle"', "unreadable-file"),
    "models_a_pipe": ('model m from "pipe"', "unreadable-file"),
    "models_a_folder": ('model m from "."', "unreadable-file"),
}
GOOD: dict[str, str | bytes] = {
    "crlf": "category C {\r\n  objects x\r\n}\r\nclaim crlf: terminal(x)\r\n",
    "carriage_return": "category C { objects x }\rclaim carriage_return: terminal(x)\r",
    "byte_order_mark": b"\xef\xbb\xbfcategory C { objects x }\nclaim byte_order_mark: terminal(x)\n",
    "many_comments": "## word\n" * 50_000 + f"{POINT}claim many_comments: terminal(x)",
    "powers": f"{LOOP}claim powers: {'(' * 9}f{'^99999)' * 9} = f",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with all of these, and links that lead out of it."""
    root = tmp_path_factory.mktemp("outside") / "project"
    root.mkdir()
    (root / "pyproject.toml").touch()
    (root.parent / "outside.cat").write_text(POINT)
    for name, (content, _) in BAD.items():
        (root / f"{name}.cat").write_bytes(content if isinstance(content, bytes) else content.encode())
    for name, content in GOOD.items():
        (root / f"{name}.cat").write_bytes(content if isinstance(content, bytes) else content.encode())
    (root / "empty.cat").touch()
    (root / "comments.cat").write_text("# nothing\n## here\n")
    (root / "folder.cat").mkdir()
    (root / "away").symlink_to("/etc")
    (root / "passwd").symlink_to("/etc/passwd")
    (root / "passwd.cat").symlink_to("/etc/passwd")
    (root / "circle").symlink_to("circle")
    (root / "circle.cat").symlink_to("circle.cat")
    (root / "zero.cat").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe")
    os.mkfifo(root / "pipe.cat")
    return root


def test_each_gets_its_diagnostic(folder: Path) -> None:
    ended = formal("check", "--no-cache", "-o", "json", ".", folder=folder)
    assert ended.code == 2
    codes = ended.codes()
    assert {name: set(codes.pop(f"{name}.cat")) for name in BAD} == {name: {code} for name, (_, code) in BAD.items()}
    assert codes == {f"{name}.cat": [] for name in (*GOOD, "empty", "comments")}
    assert all(file["crashed"] is None for file in ended.report["files"])
    assert ended.outcomes() == dict.fromkeys(GOOD, "proved")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("circle.cat", 2),
        ("folder.cat", 5),
        ("empty.cat", 5),
        ("comments.cat", 5),
        ("nowhere.cat", 2),
        ("pipe", 2),
        ("crlf.cat:nothing", 2),
        ("nowhere.cat:claim", 2),
    ],
)
def test_alone(folder: Path, monkeypatch: pytest.MonkeyPatch, path: str, code: int) -> None:
    monkeypatch.chdir(folder)
    assert main(["check", "--no-cache", path]) == code


@pytest.mark.parametrize("path", ["pipe.cat", "zero.cat"])
def test_what_never_ends_is_not_read(folder: Path, path: str) -> None:
    assert formal("check", "--no-cache", path, folder=folder, seconds=30).code == 2


def test_a_chain_of_imports(tmp_path: Path) -> None:
    for index in range(300):
        (tmp_path / f"{index}.cat").write_text(f'import "{index + 1}.cat"\n')
    (tmp_path / "300.cat").write_text(POINT)
    (tmp_path / "220.cat").write_text('import "221.cat"\nclaim a: terminal(x)')
    ended = formal("check", "--no-cache", "-o", "json", "0.cat", folder=tmp_path)
    assert ended.code == 2
    assert "nesting-too-deep" in {code for codes in ended.codes().values() for code in codes}
    ended = formal("check", "--no-cache", "-o", "json", "220.cat", folder=tmp_path)
    assert (ended.code, ended.outcomes()) == (0, {"a": "proved"})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "secret.cat").write_text(POINT)
    (tmp_path / "secret.cat").chmod(0)
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "imports.cat").write_text('import "../closed/a.cat"\n')
    (tmp_path / "closed").mkdir(mode=0)
    ended = formal("check", ".", folder=tmp_path)
    assert (ended.code, "closed" in ended.err) == (2, True)
    for path in ("secret.cat", "open"):
        ended = formal("check", "-o", "json", path, folder=tmp_path)
        assert (ended.code, *ended.codes().values()) == (2, ["unreadable-file"])


ENDLESS: dict[str, str] = {
    "braid": "objects x arrows a, b: x -> x equations a >> b >> a = b >> a >> b",
    "higman": (
        "objects x arrows a, b, c, d: x -> x equations a >> c = c >> a, a >> d = d >> a, b >> c = c >> b, "
        "b >> d = d >> b, c >> a = a >> c >> c, d >> b = b >> d >> d, a >> b = b >> a >> a, c >> d = d >> c >> c"
    ),
    "tseitin": (  # a semigroup with an undecidable word problem
        "objects x arrows a, b, c, d, e: x -> x equations a >> c = c >> a, a >> d = d >> a, b >> c = c >> b, "
        "b >> d = d >> b, e >> c >> a = c >> e, e >> d >> b = d >> e, c >> c >> a = c >> c >> a >> e"
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_completion_that_does_not_end_is_ended(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.cat").write_text(f"category C {{ {ENDLESS[name]} }}\nclaim a: finite(C)\n")
    ended = formal("check", "--no-cache", "-o", "json", "a.cat", folder=tmp_path, mebibytes=1024)
    assert (ended.code, ended.codes(), ended.outcomes()) == (2, {"a.cat": ["budget-exceeded"]}, {})


@pytest.mark.slow
@pytest.mark.parametrize(
    "declarations",
    [
        "category C = comma(id(symmetric(5)), id(symmetric(5)))",
        "category C = arrow_category(arrow_category(arrow_category(chain(6))))",
        "category P = discrete(x)\npresheaf S on P { x |-> {a, b, c, d, e, f} }\ncategory C = presheaves(P, S)",
        "category D = discrete(a, b, c, d, e, f, g, h)\ncategory P = discrete(x)\n"
        "functor F: D -> P { a |-> x, b |-> x, c |-> x, d |-> x, e |-> x, f |-> x, g |-> x, h |-> x }\n"
        "copresheaf T = constant({0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, D)\ncopresheaf R = ran(T, along: F)",
    ],
)
def test_constructions_that_grow_are_ended(tmp_path: Path, declarations: str) -> None:
    (tmp_path / "a.cat").write_text(f"{declarations}\n")
    ended = formal("check", "--no-cache", "-o", "json", "a.cat", folder=tmp_path, mebibytes=1024)
    assert (ended.code, ended.codes()) == (2, {"a.cat": ["budget-exceeded"]})


@pytest.mark.slow
def test_definitions_that_double_are_ended(tmp_path: Path) -> None:
    lines = ["define d0(category C) := thin(C) and thin(C)"]
    lines += [f"define d{i}(category C) := d{i - 1}(C) and d{i - 1}(C)" for i in range(1, 60)]
    (tmp_path / "a.cat").write_text("\n".join([*lines, POINT, "claim a: d59(C)", "claim b: thin(C)"]))
    ended = formal("check", "--no-cache", "-o", "json", "a.cat", folder=tmp_path)
    assert (ended.code, ended.codes(), ended.outcomes()) == (2, {"a.cat": ["budget-exceeded"]}, {"b": "proved"})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("declaration", "claim"),
    [
        ("category C = symmetric(7)", "groupoid(C)"),
        ("category C = cyclic(30) * cyclic(30)", "has(C, pullbacks)"),
        ("category C = cyclic(100) * cyclic(100)\ncategory D = cyclic(50) * cyclic(200)", "isomorphic(C, D)"),
        (
            f"category C = discrete(x)\npresheaf S on C {{ x |-> {{{', '.join(f's{i}' for i in range(30))}}} }}",
            "forall phi: S => S. exists t in S(x). phi(t) = t or not phi(t) = t",
        ),
        (f"category C = discrete({', '.join(f'a{i}' for i in range(20))})", "forall functor F: C -> C. faithful(F)"),
    ],
)
def test_what_takes_too_long_is_inconclusive(tmp_path: Path, declaration: str, claim: str) -> None:
    (tmp_path / "a.cat").write_text(f"{declaration}\nclaim a: {claim}\n")
    ended = formal("check", "--no-cache", "-o", "json", "a.cat", folder=tmp_path, seconds=300, mebibytes=4096)
    assert (ended.code, ended.outcomes()) == (3, {"a": "unknown"})
