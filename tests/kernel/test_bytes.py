"""Hostile bytes: rejected, quickly and without a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.certificate.evidence import Evaluate
from formal.certificate.write import write_certificate, write_claim
from formal.kernel import Limits, Rejected, check
from formal.kernel.__main__ import main
from formal.logic import formula as L  # noqa: N812
from tests.kernel.example import FORK, WALKING, edited, refusal, signed

FORMULA = L.Covered(FORK, 2)
CLAIM = write_claim(FORMULA)
CERTIFICATE = write_certificate(CLAIM, True, Evaluate(), FORMULA)

HOSTILE = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "number": b"1",
    "not UTF-8": b'{"a":"\xff"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "nothing but brackets": b"[" * 1_000_000,
    "closed brackets": b"[" * 500_000 + b"]" * 500_000,
    "nested objects": b'{"a":' * 500_000,
    "closing brackets first": b"]" * 100_000 + b"[" * 100_000,
    "an open string": b'"' + b"[" * 1_000_000,
    "escapes": b'"' + b"\\" * 999_999,
    "twice": b'{"format":"formal-claim/1","format":"formal-claim/1"}',
    "float": CLAIM.replace(b'["covered",0,2]', b'["covered",0,1.0]'),
    "exponent": CLAIM.replace(b'["covered",0,2]', b'["covered",0,1.0]'),
    "not a number": CLAIM.replace(b'["covered",0,2]', b'["covered",0,NaN]'),
    "infinity": CLAIM.replace(b'["covered",0,2]', b'["covered",0,-Infinity]'),
    "huge": CLAIM.replace(b'["covered",0,2]', b'["covered",0,2' + b"0" * 1_000_000 + b"]"),
    "negative huge": CLAIM.replace(b'["covered",0,2]', b'["covered",0,-1' + b"0" * 100_000 + b"]"),
    "another version": CLAIM.replace(b"claim/1", b"claim/2"),
    "an unknown field": CLAIM.replace(b'"nodes":', b'"note":"","nodes":'),
    "cut": CLAIM[:-1],
    "something after": CLAIM + b"{}",
    "many brackets": b"[" + b"[]," * 50_000 + b"[]]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bytes_are_rejected(name: str) -> None:
    data = HOSTILE[name]
    assert refusal(data, CERTIFICATE) in ("format", "limit", "digest")
    assert refusal(data, signed_text(data)) in ("format", "limit")
    assert refusal(CLAIM, data) in ("format", "limit", "digest")


def signed_text(claim: bytes) -> bytes:
    return signed(claim, CERTIFICATE)


@given(st.binary(max_size=200))
def test_no_bytes_make_the_kernel_fail(data: bytes) -> None:
    assert refusal(data, CERTIFICATE) != ""
    assert refusal(CLAIM, data) != ""


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda s: st.lists(s, max_size=4)))
def test_no_nodes_make_the_kernel_fail(nodes: object) -> None:
    for key in ("nodes", "categories", "set_functors"):
        changed = edited(CLAIM, (key,), nodes)
        assert refusal(changed, signed(changed, CERTIFICATE)) != ""
    assert refusal(CLAIM, edited(CERTIFICATE, ("evidence",), nodes)) != ""


@pytest.mark.parametrize(
    ("nodes", "rule"),
    [
        ([], "type"),
        ([["objects", 0]], "type"),  # not a formula
        ([["objects", 0], ["variable", "x", 0], ["equal", 1, 1]], "type"),  # open
        ([["equal", 0, 0]], "format"),  # refers to itself
        ([["not", 1], ["truth", True, ""]], "format"),  # refers to a later node
        ([["truth", 1, ""]], "format"),
        ([["truth", True]], "format"),
        ([["covered", 0, True]], "format"),
        ([["covered", 1, 0]], "format"),
        ([["connected", False]], "format"),
        ([["connected", -1]], "format"),
        ([["no such node"]], "format"),
        ([[]], "format"),
        ([["object", 0, 0], ["dom", 0]], "type"),
        ([["object", 0, 2]], "format"),
        ([["arrow", 0, [0]]], "format"),  # a path, in a constructed category
        ([["object", 0, 0], ["arrow", 0, 0], ["equal", 0, 1]], "type"),  # an object and an arrow
        ([["truth", True, ""], ["equal", 0, 0]], "type"),  # formulas
        ([["truth", True, ""], ["forall", 0, 0]], "type"),  # no variable
        ([["objects", 0], ["variable", "x", 0], ["and", 1]], "type"),
        ([["instances", "forall", "x", ["a"]]], "format"),
        ([["instances", "most", "x", []]], "format"),
    ],
)
def test_ill_typed_formulas_are_rejected(nodes: object, rule: str) -> None:
    changed = edited(CLAIM, ("nodes",), nodes)
    assert refusal(changed, signed(changed, CERTIFICATE)) == rule


@pytest.mark.parametrize(
    "limits",
    [Limits(bytes=10), Limits(depth=2), Limits(containers=3), Limits(steps=3)],
    ids=["bytes", "depth", "containers", "steps"],
)
def test_limits_are_kept(limits: Limits) -> None:
    assert refusal(CLAIM, CERTIFICATE, limits) == "limit"


def test_work_that_would_take_for_ever_ends() -> None:
    variables = [L.Variable(f"x{i}", L.Objects(WALKING)) for i in range(60)]
    formula: L.Formula = L.And(tuple(L.Equal(x, x) for x in variables))
    for variable in variables:
        formula = L.Quantified(L.Quantifier.FORALL, variable, formula)
    claim = write_claim(formula)
    certificate = write_certificate(claim, True, Evaluate(), formula)
    assert refusal(claim, certificate, Limits(steps=100_000)) == "limit"


def test_rejections_say_where_and_why() -> None:
    with pytest.raises(Rejected) as caught:
        check(CLAIM, edited(CERTIFICATE, ("evidence", 0), ["forest", [0], [0], [0]]))
    assert (caught.value.step, caught.value.rule) == ("forest", "format")
    assert str(caught.value) == "forest: format: not an array of length 3"


# --- the command ----------------------------------------------------------------------------------


def file_of(claim: bytes, certificate: bytes) -> bytes:
    return b'{"certificate":' + certificate + b',"claim":' + claim + b"}\n"


def test_the_command_answers_by_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, ugly = (tmp_path / name for name in ("good.json", "bad.json", "ugly.json"))
    good.write_bytes(file_of(CLAIM, CERTIFICATE))
    bad.write_bytes(file_of(CLAIM, write_certificate(CLAIM, False, Evaluate(), FORMULA)))
    ugly.write_bytes(b"{")
    assert main([str(good)]) == 0
    assert main([str(good), str(bad)]) == 1
    assert main([str(bad), str(ugly), str(good)]) == 2
    assert main([str(tmp_path / "missing.json")]) == 2
    assert main(["\0"]) == 2
    assert main([]) == 2
    assert "proved" in capsys.readouterr().out


def test_the_command_takes_the_exact_bytes_as_strings(tmp_path: Path) -> None:
    spaced = CLAIM.replace(b",", b", ")
    pair = {"claim": spaced.decode(), "certificate": signed(spaced, CERTIFICATE).decode()}
    path = tmp_path / "strings.json"
    path.write_text(json.dumps(pair), encoding="utf-8")
    assert main([str(path)]) == 0


def test_the_command_runs_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(file_of(CLAIM, CERTIFICATE))
    done = subprocess.run(
        [sys.executable, "-m", "formal.kernel", str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "proved" in done.stdout


def test_what_the_input_says_is_not_printed_raw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formula = L.Truth(True, "\x1b[31mPROVED\n::error::")
    claim = write_claim(formula)
    path = tmp_path / "loud.json"
    path.write_bytes(file_of(claim, write_certificate(claim, True, Evaluate(), formula)))
    assert main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.count("\n") == 2
