from __future__ import annotations

from pathlib import Path

import pytest

from formal.cli import main

SCRIPT = """\
category Square = poset(a < b < d, a < c < d)
presheaf Label on Square {
  a |-> {cat, dog}, b |-> {tom}, c |-> {rex}, d |-> {},
  (a -> b) |-> {tom |-> cat}, (a -> c) |-> {rex |-> dog}
}
functor Twice: Square -> Square = id(Square)
transformation same: Label => Label {
  a |-> {cat |-> cat, dog |-> dog}, b |-> {tom |-> tom}, c |-> {rex |-> rex}
}
category Loop { objects x arrows t: x -> x }
define trivial(category C) := thin(C)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "square.cat").write_text(SCRIPT)
    (tmp_path / "other.cat").write_text('import "square.cat"\ncategory Twin = chain(2)\n')
    (tmp_path / "third.cat").write_text("category Twin = chain(3)\ncategory Bad { objects x arrows f: x -> nowhere }\n")
    return tmp_path


@pytest.mark.parametrize("name", ["Square", "Label", "Twice", "same"])
@pytest.mark.parametrize("kind", ["text", "dot", "mermaid", "tikz", "quiver", "svg"])
def test_a_structure_is_drawn_in_each_format(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, kind: str
) -> None:
    assert main(["show", name, "--format", kind]) == 0
    printed = capsys.readouterr()
    assert printed.out.endswith("\n")
    marks = {"dot": "digraph", "mermaid": "flowchart", "tikz": "tikzcd", "quiver": "https://q.uiver.app", "svg": "<svg"}
    assert marks.get(kind, "a") in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["Twin"], "several scripts declare `Twin`: other.cat, third.cat"),
        (["Nothing"], "no script here declares `Nothing`"),
        (["Sqare", "--in", "square.cat"], "did you mean `Square`?"),
        (["Loop"], "`Loop` is an infinite category"),
        (["trivial"], "`trivial` is no category"),
        (["Bad"], "`Bad` has errors and cannot be drawn"),
    ],
)
def test_what_cannot_be_drawn(folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], why: str) -> None:
    assert main(["show", *arguments]) == 2
    assert why in capsys.readouterr().err


def test_a_script_can_be_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "Twin", "--in", "third.cat"]) == 0
    assert main(["show", "Square", "--in", "other.cat"]) == 0
    assert "nowhere" not in capsys.readouterr().out
