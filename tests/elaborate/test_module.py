"""Scripts that import each other: what is brought in, what is refused, each file once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from formal.elaborate.module import Loader, Script, find_root
from formal.text import Code, Rejection
from formal.text.file import MOST_BYTES
from formal.verify.options import Options
from formal.verify.run import Target, run

Write = Callable[..., Path]
WALKING = "category Walking = chain(2)\nclaim top: terminal(1)\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below the project's root and return the path of the last one."""

    def files(**texts: str) -> Path:
        path = tmp_path
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.cat"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return path

    return files


def codes(script: Script) -> list[Code]:
    return [diagnostic.code for diagnostic in script.diagnostics]


def test_an_import_brings_in_names(write: Write, tmp_path: Path) -> None:
    write(
        library="category Walking = chain(2)\ndefine top(object X in C) := terminal(X)\n"
        "presheaf T on Walking = y(1)\nfunctor F = id(Walking)\nclaim stays: thin(Walking)\n"
    )
    path = write(main='import "library.cat"\nclaim a: top(1) and representable(T) and full(F) and mono((0 -> 1))\n')
    script = Loader(tmp_path).load(path)
    assert codes(script) == []
    assert [claim.name for claim in script.claims] == ["a"]
    assert [[claim.name for claim in imported.claims] for imported in script.imports] == [["stays"]]


def test_imported_claims_are_checked_once_and_marked(write: Write) -> None:
    write(
        base=WALKING, left='import "base.cat"\nclaim l: initial(0)\n', right='import "base.cat"\nclaim r: initial(0)\n'
    )
    path = write(main='import "left.cat"\nimport "right.cat"\nclaim m: isomorphic(Walking, chain(2))\n')
    files = run([Target(path)], Options(cache=False))
    found = [(claim.name, claim.imported) for file in files for claim in file.claims]
    assert sorted(found) == [("l", True), ("m", False), ("r", True), ("top", True)]
    assert all(claim.as_expected for file in files for claim in file.claims)


def test_what_two_imports_share_is_no_clash(write: Write, tmp_path: Path) -> None:
    write(base=WALKING, left='import "base.cat"\n', right='import "base.cat"\n')
    path = write(main='import "left.cat"\nimport "right.cat"\nclaim m: initial(0)\n')
    script = Loader(tmp_path).load(path)
    assert codes(script) == []
    assert script.imports[0].imports[0] is script.imports[1].imports[0]


def test_a_folder_is_relative_to_the_importing_file(write: Write, tmp_path: Path) -> None:
    write(shared__base=WALKING, shared__deep__middle='import "../base.cat"\n')
    path = write(main='import "shared/deep/middle.cat"\nclaim m: initial(0)\n')
    assert codes(Loader(tmp_path).load(path)) == []


def test_a_clash_names_both_places(write: Write, tmp_path: Path) -> None:
    write(one="category C = chain(1)\n", two="category C = chain(2)\n")
    script = Loader(tmp_path).load(write(main='import "one.cat"\nimport "two.cat"\n'))
    (diagnostic,) = script.diagnostics
    assert diagnostic.code is Code.DUPLICATE_NAME
    assert diagnostic.primary is not None
    assert diagnostic.primary.span.text == '"two.cat"'
    assert [label.span.source.name for label in diagnostic.secondary] == ["one.cat", "two.cat"]


def test_a_declaration_clashes_with_an_imported_one(write: Write, tmp_path: Path) -> None:
    write(one="category C = chain(1)\n")
    script = Loader(tmp_path).load(write(main='import "one.cat"\ncategory C = chain(2)\n'))
    assert codes(script) == [Code.DUPLICATE_NAME]


def test_a_definition_clashes_with_an_imported_one(write: Write, tmp_path: Path) -> None:
    write(one="define p(object X in C) := terminal(X)\n")
    script = Loader(tmp_path).load(write(main='import "one.cat"\ndefine p(object X in C) := initial(X)\n'))
    assert codes(script) == [Code.DUPLICATE_NAME]


def test_claims_of_two_files_may_share_a_name(write: Write, tmp_path: Path) -> None:
    write(one=WALKING)
    assert codes(Loader(tmp_path).load(write(main='import "one.cat"\nclaim top: terminal(1)\n'))) == []


def test_a_cycle_is_shown_with_its_chain(write: Write, tmp_path: Path) -> None:
    write(a='import "b.cat"\n', b='import "c.cat"\n', c='import "a.cat"\n')
    script = Loader(tmp_path).load(tmp_path / "a.cat")
    (diagnostic,) = script.imports[0].imports[0].diagnostics
    assert diagnostic.code is Code.IMPORT_CYCLE
    assert diagnostic.notes == ("`a.cat` -> `b.cat` -> `c.cat` -> `a.cat`",)


def test_a_file_that_imports_itself(write: Write, tmp_path: Path) -> None:
    (diagnostic,) = Loader(tmp_path).load(write(a='import "a.cat"\n')).diagnostics
    assert diagnostic.notes == ("`a.cat` -> `a.cat`",)


def test_a_cycle_through_a_link_is_a_cycle(write: Write, tmp_path: Path) -> None:
    path = write(a='import "alias.cat"\n')
    (tmp_path / "alias.cat").symlink_to(path)
    assert codes(Loader(tmp_path).load(path)) == [Code.IMPORT_CYCLE]


@pytest.mark.parametrize(
    "target", ["../outside.cat", "sub/../../outside.cat", "/etc/hostname", "link.cat", "folder/outside.cat"]
)
def test_nothing_outside_the_root_is_read(target: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "outside.cat").write_text("category Secret = chain(2)\n", encoding="utf-8")
    (root / "link.cat").symlink_to(tmp_path / "outside.cat")
    (root / "folder").symlink_to(tmp_path, target_is_directory=True)
    (root / "main.cat").write_text(f'import "{target}"\n', encoding="utf-8")
    script = Loader(root).load(root / "main.cat")
    assert codes(script) == [Code.IMPORT_OUTSIDE_ROOT]
    assert script.imports == ()


def test_a_link_inside_the_root_is_followed(write: Write, tmp_path: Path) -> None:
    path = write(base=WALKING, main='import "link.cat"\nimport "base.cat"\nclaim m: initial(0)\n')
    (tmp_path / "link.cat").symlink_to(tmp_path / "base.cat")
    script = Loader(tmp_path).load(path)
    assert codes(script) == []
    assert script.imports[0] is script.imports[1]


@pytest.mark.parametrize(
    ("target", "code"),
    [("none.cat", Code.IMPORT_NOT_FOUND), ("sub", Code.IMPORT_NOT_FOUND), ("", Code.IMPORT_NOT_FOUND)],
)
def test_a_missing_file_is_reported(target: str, code: Code, write: Write, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    assert codes(Loader(tmp_path).load(write(main=f'import "{target}"\n'))) == [code]


def test_a_pipe_is_not_read(write: Write, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.cat")
    assert codes(Loader(tmp_path).load(write(main='import "pipe.cat"\n'))) == [Code.IMPORT_NOT_FOUND]


def test_errors_of_an_imported_file_are_no_secret(write: Write) -> None:
    """The claim about a rejected presheaf is passed over, so the importing file must not look checked."""
    write(broken="category C = chain(2)\npresheaf T on C { 0 |-> {a} }\n")
    path = write(main='import "broken.cat"\nclaim about_it: representable(T)\nclaim beside_it: thin(C)\n')
    main, broken = run([Target(path)], Options(cache=False))
    assert [claim.name for claim in main.claims] == ["beside_it"]
    assert [diagnostic.code for diagnostic in broken.diagnostics] == [Code.MISSING_VALUE]
    assert [diagnostic.code for diagnostic in main.diagnostics] == [Code.IMPORT_HAS_ERRORS]


def test_what_cannot_be_read_is_reported(write: Write, tmp_path: Path) -> None:
    path = write(binary="")
    path.write_bytes(b"\xff\xfe\x00")
    assert codes(Loader(tmp_path).load(path)) == [Code.UNREADABLE_FILE]
    assert codes(Loader(tmp_path).load(tmp_path / "none.cat")) == [Code.UNREADABLE_FILE]
    path.write_bytes(b"#" * (MOST_BYTES + 1))
    assert codes(Loader(tmp_path).load(path)) == [Code.FILE_TOO_LARGE]


def test_line_ends_and_a_mark_at_the_start_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "main.cat"
    path.write_bytes(b"\xef\xbb\xbf" + WALKING.replace("\n", "\r\n").encode())
    assert codes(Loader(tmp_path).load(path)) == []


def test_the_root_is_the_nearest_project(tmp_path: Path) -> None:
    folder = tmp_path / "project" / "proofs"
    folder.mkdir(parents=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    assert find_root(folder / "a.cat") == tmp_path / "project"


# --- text by text ---------------------------------------------------------------------------------


def test_a_text_may_name_structures_at_hand(tmp_path: Path) -> None:
    from formal.elaborate.module import elaborate_formula
    from formal.text import Source

    loader = Loader(tmp_path)
    script = loader.elaborate(Source("text", "category C = chain(2)\npresheaf T on C = y(1)\n"))
    category = script.module.meanings["C"][1]
    presheaf = script.module.meanings["T"][1]
    claim = elaborate_formula("forall X in D. exists! t in S(X). true", {"D": category, "S": presheaf})  # type: ignore[dict-item]
    assert claim.statement == "forall X in D. exists! t in S(X). true"
    with pytest.raises(Rejection) as rejected:
        elaborate_formula("representable(Q)", {"S": presheaf})  # type: ignore[dict-item]
    assert [diagnostic.code for diagnostic in rejected.value.diagnostics] == [Code.UNKNOWN_NAME]
