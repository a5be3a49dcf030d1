"""Labels, comments and file names that imitate a report: in no format do they say anything themselves."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from formal.cli import main
from formal.report.format import Format
from tests.bundle.test_bundle import manifest_for, sealed, write

LABEL = (
    "[bold]PROVED[/bold] ::error::x <script>alert(1)</script> ]]> ##[error]y ##vso[task.complete]z "
    "&amp; | `a` $b$ @me #1 %0A::error::c </system-out> ::stop-commands::d"
)
UNSEEN = "\x1b[32m\n\u2713 all_fine proved\r\n::error::x\n]]><script>\u202e\x9b31m\ud7ff\ufffe\u2028::warning::y"
FILE = "::error::x\n\u2713 fine proved\x1b[2J<b>.cat"
CLAIMS = ("represented", "mono_f", "terminal", "torsor", "solved", *(f"padded_{width}" for width in range(30)))
TRUE = ("mono_f", "torsor")
ERRORS = 2
CONTROL = re.compile(r"[^\n -~\u00a0-\U0010ffff]")
COMMAND = re.compile(r"^\s*::", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scripts and a model all of whose names are hostile."""
    root = tmp_path_factory.mktemp("forgery")
    (root / "pyproject.toml").touch()
    relation = np.zeros((3, 3, 4), dtype="<u2")
    for x, y, move in ((0, 0, 0), (1, 1, 0), (2, 2, 0), (1, 0, 1), (0, 1, 3)):
        relation[x, y, move] = 65535
    labels = [UNSEEN, "::error file=a::b", "</testcase><testcase name='fake'/>"]
    axes = {"rows": labels, "columns": labels, "moves": list("0123")}
    arrays = {
        "relation": (["rows", "columns", "moves"], "relation", relation, "2*q/65535 - 1"),
        "task.t": (["rows"], "task", np.array([1, 1, 0], dtype="|u1")),
    }
    write(root / "m.safetensors", arrays, sealed({**manifest_for(arrays, axes), "name": UNSEEN}))
    quoted = '"' + LABEL.replace("\\", "\\\\").replace('"', '\\"') + '"'
    padded = "".join(
        f"\n## {'w' * (width % 9 + 1)} {'v ' * width}::error::{LABEL}\nclaim padded_{width}: terminal({quoted})\n"
        for width in range(30)
    )
    (root / "labels.cat").write_text(f"""
model m from "m.safetensors"
category S = category_of(m)
presheaf T on S = task(m, "t")
category C {{ objects {quoted}, "::error::b", "" arrows f: {quoted} -> "::error::b" }}
presheaf P on C {{
  {quoted} |-> {{"::error::e", "</system-out>"}}, "::error::b" |-> {{"\\\\n::error::"}}, "" |-> {{}},
  f |-> {{"\\\\n::error::" |-> "::error::e"}}
}}
claim represented: representable(P)
claim mono_f: mono(f)
claim terminal: terminal({quoted})
claim torsor: representable(T)
claim solved: forall X in S. exists t in T(X). t = t
{padded}
""")
    (root / FILE).write_text("category D { objects x, y }\nclaim fine: terminal(x)\nclaim unknown_name: terminal(z)\n")
    (root / "errors.cat").write_text(f'category C {{ objects {quoted} arrows g: {quoted} -> "no ::error::" }}\n')
    return root


@pytest.fixture(scope="module", params=list(Format))
def reports(request: pytest.FixtureRequest, folder: Path) -> tuple[Format, dict[int, str]]:
    """The report in one format, at several widths of the terminal."""
    found: dict[int, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for width in (40, 80, 200):
            patch.setenv("COLUMNS", str(width))
            target = folder / f"report.{width}"
            arguments = ["check", "--no-cache", "-v", "-o", str(request.param), "--output-file", str(target), "."]
            assert main(arguments) == 2
            found[width] = target.read_text(encoding="utf-8")
    return request.param, found


def test_nothing_moves_the_cursor(reports: tuple[Format, dict[int, str]]) -> None:
    for text in reports[1].values():
        assert CONTROL.findall(text) == []
        assert not {"\u202e", "\x9b", "\u2028", "\ufffe"} & set(text)


def test_no_line_is_a_command(reports: tuple[Format, dict[int, str]]) -> None:
    format_, texts = reports
    for text in texts.values():
        assert "##[" not in text
        assert "##vso[" not in text
        if format_ is Format.GITHUB:
            commands = [line for line in text.split("\n") if COMMAND.match(line)]
            assert len(commands) == len(CLAIMS) + 1 - len(TRUE) + ERRORS
            assert all(re.match(r"::error file=[^:]*,line=\d+,[^:]*::", line) for line in commands)
        else:
            assert COMMAND.findall(text) == []


def test_each_claim_is_reported_once(reports: tuple[Format, dict[int, str]]) -> None:
    format_, texts = reports
    for text in texts.values():
        match format_:
            case Format.JSON:
                files = json.loads(text)["files"]
                names = [claim["name"] for file in files for claim in file["claims"]]
                assert sorted(names) == sorted([*CLAIMS, "fine"])
                proved = {c["name"] for file in files for c in file["claims"] if c["outcome"] == "proved"}
                assert proved == set(TRUE)
            case Format.JSONL:
                assert all(isinstance(json.loads(line), dict) for line in text.splitlines())
            case Format.SARIF:
                assert len(json.loads(text)["runs"]) == 1
            case Format.JUNIT:
                root = ElementTree.fromstring(text)
                cases = [case.get("name") for case in root.iter("testcase")]
                assert len([name for name in cases if name in (*CLAIMS, "fine")]) == len(CLAIMS) + 1
                assert "fake" not in cases
                assert not {"script", "b"} & {element.tag for element in root.iter()}
            case Format.MARKDOWN:
                outside = re.sub(r"(?ms)^(`{3,})[^\n]*\n.*?^\1$", "", text)
                assert "<script" not in outside
                assert "<b>" not in outside
            case Format.FULL | Format.CONCISE:
                ticks = [line for line in text.split("\n") if line.lstrip().startswith("\u2713")]
                assert not any("all_fine" in line or "fine proved" in line for line in ticks)
            case _:
                pass


def test_pictures_are_only_pictures(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(folder)
    for name in ("C", "P", "S", "T"):
        for format_ in ("text", "dot", "mermaid", "tikz", "quiver", "svg"):
            assert main(["show", name, "--in", "labels.cat", "--format", format_]) == 0
            text = capsys.readouterr().out
            assert CONTROL.findall(text) == []
            assert COMMAND.findall(text) == []
            if format_ == "svg":
                tags = {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(text).iter()}
                assert tags <= {"svg", "title", "desc", "style", "g", "rect", "path", "text", "tspan", "defs", "line"}
