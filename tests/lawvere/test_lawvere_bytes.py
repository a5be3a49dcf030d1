"""Whatever the bytes are, the kernel accepts or rejects; and no change to a certificate changes what it proves."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from formal.certificate.enriched import write_enriched_certificate, write_enriched_claim
from formal.certificate.write import digest
from formal.enriched.evidence import Branch, Multipliers, PromptCover, RankBounds, RepairBounds
from formal.enriched.expression import Applied, Operation, Rational, Unknown
from formal.enriched.formula import (
    And,
    Closure,
    Compare,
    Constant,
    Distance,
    Formula,
    Gap,
    Not,
    Order,
    PromptNumber,
    Rank,
    Repair,
    SoftPrompt,
)
from formal.lawvere import Limits, Rejected, check
from formal.quantale import Box, Quantale
from tests.lawvere.example import given, number
from tests.lawvere.test_lawvere_parameter import CELLS, FORMULA

half = Fraction(1, 2)


def evidence_of_everything() -> tuple[Formula, Any]:
    """A true claim with all kinds of evidence that quantities have, and a false atom with multipliers."""
    square = given(Quantale.PRODUCT, [[1, half], [Box(0, half), 1]])
    a, ones = given(Quantale.PRODUCT, [[1, 0], [0, 1]]), given(Quantale.PRODUCT, [[1], [1]])
    corners, exclusive = (
        given(Quantale.GODEL, [[0, 0], [1, 0], [0, 1], [1, 1]]),
        given(Quantale.GODEL, [[0], [1], [1], [0]]),
    )
    singular = given(Quantale.GODEL, [[1, 2], [2, 4]])
    formula = And(
        (
            Compare(PromptNumber(a, ones, Fraction(0)), Order.EQUAL, number(2)),
            Compare(Repair(given(Quantale.PRODUCT, [[half]])), Order.EQUAL, number(half)),
            Compare(Rank(singular, Fraction(0)), Order.EQUAL, number(1)),
            Not(SoftPrompt(corners, exclusive, Fraction(1))),
            Compare(Distance(Closure(square), square), Order.AT_MOST, number(1)),
            Compare(Gap(a, ones), Order.EQUAL, number(1)),
        )
    )
    evidence = (
        ((0, 0), PromptCover((0, 1), Branch(0, ((0, Branch(1, ())),)))),
        ((1, 0), RepairBounds(half, half, (0,))),
        ((2, 0), RankBounds(((0,), (0,)), None, ((Fraction(1),), (Fraction(2),)), ())),
        ((3, 0), Multipliers(tuple((x, Fraction(1)) for x in range(4)))),
    )
    return formula, evidence


CLAIM = write_enriched_claim(evidence_of_everything()[0])
CERTIFICATE = write_enriched_certificate(CLAIM, "proved", evidence_of_everything()[1])
SOLVED = write_enriched_claim(FORMULA)
SOLUTION = write_enriched_certificate(SOLVED, "solved", cells=CELLS)


def test_the_examples_are_accepted() -> None:
    assert check(CLAIM, CERTIFICATE).verdict == "proved"
    assert check(SOLVED, SOLUTION).verdict == "solved"


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all parts of some JSON."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*path, key))


JUNK: list[Any] = [None, True, -1, 0, 1, 2, 10**400, "0", "-1/2", "1/0", "inf", "x", [], [[]], {}, {"a": 1}, [0, 1]]


def changed(value: Any, path: tuple[Any, ...], choice: random.Random) -> Any:
    """The same JSON but for one part: something else, doubled, left out, or exchanged with a neighbour."""
    copy = json.loads(json.dumps(value))
    if not path:
        return choice.choice(JUNK)
    parent = copy
    for key in path[:-1]:
        parent = parent[key]
    key = path[-1]
    match choice.randrange(4):
        case 0 if isinstance(parent, list):
            del parent[key]
        case 1 if isinstance(parent, list):
            parent.insert(key, parent[key])
        case 2 if isinstance(parent, list) and key:
            parent[key - 1], parent[key] = parent[key], parent[key - 1]
        case _:
            parent[key] = choice.choice(JUNK)
    return copy


def dumped(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(("claim", "certificate"), [(CLAIM, CERTIFICATE), (SOLVED, SOLUTION)])
def test_changes_to_a_certificate_never_change_the_verdict(claim: bytes, certificate: bytes) -> None:
    choice, value = random.Random(1), json.loads(certificate)
    truth = check(claim, certificate).verdict
    accepted = 0
    for path in list(places(value)) * 4:
        try:
            found = check(claim, dumped(changed(value, path, choice)))
        except Rejected:
            continue
        accepted += 1
        assert found.verdict in (truth, {"solved": "refuted"}.get(truth))
    assert accepted < len(list(places(value)))


@pytest.mark.parametrize("claim", [CLAIM, SOLVED])
def test_changes_to_a_claim_reject_the_certificate_and_raise_nothing_else(claim: bytes) -> None:
    choice, value = random.Random(2), json.loads(claim)
    certificate = json.loads(CERTIFICATE if claim == CLAIM else SOLUTION)
    for path in list(places(value)) * 2:
        other = dumped(changed(value, path, choice))
        if other == claim:
            continue
        with pytest.raises(Rejected):
            check(other, dumped(certificate))
        for says in ("proved", "refuted"):
            forged = dumped({**certificate, "claim": digest(other), "verdict": says})
            with suppress(Rejected):
                check(other, forged, limits=Limits(steps=100_000))


@settings(max_examples=200, deadline=None)
@for_all(st.binary(max_size=60), st.binary(max_size=60))
def test_arbitrary_bytes(claim: bytes, certificate: bytes) -> None:
    with pytest.raises(Rejected):
        check(claim, certificate)


@settings(max_examples=200, deadline=None)
@for_all(st.integers(0, len(CERTIFICATE) - 1), st.integers(0, 255), st.booleans())
def test_a_changed_byte(position: int, byte: int, in_claim: bool) -> None:
    claim, certificate = bytearray(CLAIM), bytearray(CERTIFICATE)
    target = claim if in_claim else certificate
    position %= len(target)
    target[position] = byte
    try:
        accepted = check(bytes(claim), bytes(certificate))
    except Rejected:
        return
    assert accepted.verdict == "proved"
    assert not in_claim or bytes(claim) == CLAIM


def nodes_of(claim: Any, *nodes: Any) -> bytes:
    return dumped({"format": "formal-enriched/1", "parameter": None, "matrices": claim, "nodes": list(nodes)})


def refused(claim: bytes, rule: str, limits: Limits | None = None) -> None:
    """A claim that no certificate proves, for one reason."""
    certificate = write_enriched_certificate(claim, "proved")
    with pytest.raises(Rejected) as found:
        check(claim, certificate, limits=limits or Limits())
    assert found.value.rule == rule


ONE = {
    "name": "R",
    "quantale": "product",
    "rows": ["x"],
    "columns": ["x"],
    "denominator": 2,
    "lower": [[1]],
    "upper": None,
}
COMPARED = [["defect", 0], ["compare", 1, "<=", 1]]


def matrix(**changes: Any) -> list[Any]:
    return [{**ONE, **changes}]


@pytest.mark.parametrize(
    ("matrices", "rule"),
    [
        (matrix(denominator=0), "format"),
        (matrix(denominator=-1), "format"),
        (matrix(denominator="2.0"), "format"),
        (matrix(lower=[[True]]), "format"),
        (matrix(lower=[["01"]]), "format"),
        (matrix(lower=[["1" * 1235]]), "format"),
        (matrix(lower=[[1, 1]]), "format"),
        (matrix(lower=[[1]], upper=[[0]]), "format"),
        (matrix(rows=["x", "x"], lower=[[1], [1]]), "format"),
        (matrix(rows=[3]), "format"),
        (matrix(quantale="real"), "format"),
        (matrix(lower=[["inf"]]), "carrier"),
        (matrix(lower=[["-inf"]]), "format"),
        (matrix(lower=[[3]]), "carrier"),
    ],
)
def test_what_is_no_matrix(matrices: list[Any], rule: str) -> None:
    refused(nodes_of(matrices, ["given", 0, []], *COMPARED), rule)


@pytest.mark.parametrize(
    "nodes",
    [
        [],
        [["given", 1, []], *COMPARED],
        [["given", 0, [[0, 0, 0]]], *COMPARED],
        [["given", 0, []], ["defect", 1], ["compare", 1, "<=", 1]],
        [["given", 0, []], ["defect", 0], ["compare", 0, "<=", 1]],
        [["given", 0, []], ["defect", 0], ["compare", 1, "<", 1, 2]],
        [["given", 0, []], ["defect", 0]],
        [["parameter"], ["constant", 0], ["compare", 1, "<=", 1]],
        [["given", 0, []], ["prompt-number", 0, 0, "-1"], ["compare", 1, "<=", 1]],
    ],
)
def test_what_is_no_formula(nodes: list[Any]) -> None:
    refused(nodes_of([ONE], *nodes), "format")


def test_hostile_sizes() -> None:
    wide = ["restriction", 0, [0] * 5000, [0] * 5000]
    refused(nodes_of([ONE], ["given", 0, []], wide, ["defect", 1], ["compare", 2, "<=", 2]), "limit")
    chain = [["composite", k, k] for k in range(60)]
    refused(nodes_of([ONE], ["given", 0, []], *chain, ["defect", 60], ["compare", 61, "<=", 61]), "limit")
    tower = [["number", "3"], *(["power", k, 1000] for k in range(5))]
    refused(nodes_of([], *tower, ["constant", 5], ["compare", 6, "<=", 6]), "limit")
    squares = [["number", "3/7"], *(["multiply", k, k] for k in range(60))]
    refused(nodes_of([], *squares, ["constant", 60], ["compare", 61, "<=", 61]), "limit")
    product = [["number", "9" * 1000], ["constant", 0], ["combined", "*", [1] * 10_000], ["compare", 2, "<=", 2]]
    refused(nodes_of([], *product), "limit")
    big = ["number", "9" * 1000]
    refused(nodes_of([], big, ["exp", 0], ["constant", 1], ["compare", 2, "<=", 2]), "limit")
    refused(b"[" * 100_000, "limit")
    refused(b"[" + b"1" * 5000 + b"]", "limit")
    refused(nodes_of([ONE] * 50, ["given", 0, []], *COMPARED), "limit", Limits(containers=100))
    size, choice = 40, random.Random(3)
    hard = {
        **ONE,
        "quantale": "boolean",
        "rows": [f"x{i}" for i in range(size)],
        "columns": [f"y{i}" for i in range(size)],
        "denominator": 1,
        "lower": [[int(choice.random() < 0.15) for _ in range(size)] for _ in range(size)],
    }
    task = {**hard, "columns": ["t"], "lower": [[1]] * size}
    search = [["given", 0, []], ["given", 1, []], ["prompt-number", 0, 1, "0"], ["compare", 2, "<", 2]]
    refused(nodes_of([hard, task], *search), "limit", Limits(steps=20_000))


def test_a_wrong_digest_verdict_or_format() -> None:
    formula = Compare(number(0), Order.LESS, number(1))
    claim = write_enriched_claim(formula)
    good = json.loads(write_enriched_certificate(claim, "proved"))
    assert check(claim, dumped(good)).verdict == "proved"
    for change, rule in [
        ({"claim": "0" * 64}, "digest"),
        ({"verdict": "refuted"}, "verdict"),
        ({"verdict": "sure"}, "format"),
        ({"format": "formal-lawvere/2"}, "format"),
        ({"precision": -1}, "format"),
        ({"precision": 4097}, "format"),
        ({"more": 1}, "format"),
    ]:
        with pytest.raises(Rejected) as found:
            check(claim, dumped({**good, **change}))
        assert found.value.rule == rule


def test_evidence_without_a_place() -> None:
    claim = write_enriched_claim(Compare(number(0), Order.LESS, number(1)))
    good = json.loads(write_enriched_certificate(claim, "proved"))
    for evidence in ([[]], [[[]]], [["point", []]], [[[0], []]], [[[2], "point", []]], [5], 5):
        with pytest.raises(Rejected):
            check(claim, dumped({**good, "evidence": evidence}))


def test_a_matrix_that_occurs_twice_is_written_once() -> None:
    of = given(Quantale.GODEL, [[1]])
    claim = json.loads(write_enriched_claim(Compare(Distance(Closure(of), of), Order.EQUAL, Gap_of(of))))
    assert len(claim["matrices"]) == 1
    assert [node[0] for node in claim["nodes"]].count("given") == 1


def Gap_of(of: Any) -> Gap:  # noqa: N802
    return Gap(of, of)


def test_numbers_beyond_53_bits_are_strings() -> None:
    large = given(Quantale.LAWVERE, [[2**53, 2**53 - 1, Fraction(1, 1)]])
    claim = json.loads(write_enriched_claim(Compare(Gap_of(large), Order.EQUAL, number(0))))
    assert claim["matrices"][0]["lower"] == [[str(2**53), 2**53 - 1, 1]]


def test_two_parameters_are_a_bug() -> None:
    p, q = (Unknown(name, Fraction(0), Fraction(1)) for name in "pq")
    with pytest.raises(Exception, match="two parameters"):
        write_enriched_claim(Compare(Constant(Applied(Operation.ADD, (p, q))), Order.LESS, Constant(Rational(half))))


def test_the_command(tmp_path: Path) -> None:
    paths = [tmp_path / "claim.json", tmp_path / "certificate.json"]
    paths[0].write_bytes(CLAIM)
    paths[1].write_bytes(CERTIFICATE)
    command = [sys.executable, "-m", "formal.lawvere", *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"proved {digest(CLAIM)}\n", "")
    paths[1].write_bytes(CERTIFICATE.replace(b"proved", b"refuted"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("rejected: ")
    paths[1].unlink()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "")
