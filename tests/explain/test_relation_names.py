"""What a script calls a restriction is what its explanation calls it; coverage has a name; comments are paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

import formal
from formal.cli import main

SCRIPT = """
profunctor K from {a, b} to {u, v, w} over product { a -> u = 1/2, a -> v = 1/4, b -> w = 1 }
profunctor Few = restrict(K, columns: {u, v})
coweight F on Few { u |-> 1/2, v |-> 0 }
relation R on {x, y, z} over product { x -> y = 1/2, y -> x = 1/2, z -> x = 1 }
relation Back = opposite(R)
weight W on Back { x |-> 1, y |-> 1/2, z |-> 1/2 }

## Two lines
## make one paragraph.
claim gap_in_few: gap(F) = 1/4
claim gap_in_back: gap(W) <= 1
claim covered: coverage(R, {y, z}, of: x) = 1/4
claim covered_by_one: coverage(R, {y}, of: x) = 1/4
"""


def test_names_are_those_of_the_script() -> None:
    report = formal.check(SCRIPT)
    assert report.ok, str(report)
    said = {one.claim.name: str(one) for one in report}
    assert "corepresentables of `Few`" in said["gap_in_few"]
    assert "`Few(a, -)`" in said["gap_in_few"]
    assert " representables of `Back`" in said["gap_in_back"]
    assert "the coverage of `x` in `R` by 2 objects is 0.25" in said["covered"]
    assert "the coverage of `x` in `R` by 1 object is 0.25" in said["covered_by_one"]


def test_a_comment_of_several_lines_is_one_paragraph(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "mine.cat"
    script.write_text(SCRIPT.replace("gap(F) = 1/4", "gap(F) = 1/3"), encoding="utf-8")
    for output in ("full", "markdown"):
        main(["check", "--no-cache", "--output", output, str(script)])
        assert "Two lines make one paragraph" in capsys.readouterr().out


KAN = """
relation E on {a, b, c, d} over product { a -> c = 1/2, a -> d = 1, b -> c = 1/4, b -> d = 1/2, c -> d = 1/2 }
functor K = inclusion(E, {a, b})
coweight F on restrict(E, {a, b}) { a |-> 1/2, b |-> 1 }
weight W on restrict(E, {a, b}) { a |-> 1/2, b |-> 1 }
coweight T on E { a |-> 1/2, b |-> 1, c |-> 1/4, d |-> 1/2 }
coweight L on E = lan(F, along: K)

claim term: distance(T, lan(F, along: K)) = 0
claim predicate: right_kan(T, along: K, of: F, within: 1)
claim entry: determined(F, at: d, along: K) expect refuted
claim of_weights: lan(W, along: K) = ran(W, along: K) expect refuted
claim declared: L = T
claim degree: degree(represented(E, c)) = 1
"""


def test_kan_extensions_are_called_what_they_are() -> None:
    report = formal.check(KAN)
    assert report.ok, str(report)
    said = {one.claim.name: str(one) for one in report}
    assert "the distance of `T` from `lan(F, along: K)` is 0" in said["term"]
    assert "the distance of `ran(F, along: K)` from `T` is 0.75" in said["predicate"]
    assert "the distance of `lan(F, along: K)(d)` from `ran(F, along: K)(d)` is 0.5" in said["entry"]
    assert "furthest at `d`: 0.5 and 1" in said["entry"]
    assert "the distance of `lan(W, along: K)` from `ran(W, along: K)` is 1" in said["of_weights"]
    assert "the distance of `L` from `T` is 0" in said["declared"]
    assert "the degree to which `E(-, c)` is represented in `E` is 1" in said["degree"]
    assert not any(">>" in text for text in said.values())


COVERS = """
relation Two on {a, b, c, d} over boolean { a -> b = 1, c -> d = 1 }
weight W on Two { a |-> 1, b |-> 1, c |-> 1, d |-> 1 }
profunctor Triangle from {x, y, z} to {p, q, r} over boolean
  { x -> p = 1, x -> q = 1, y -> q = 1, y -> r = 1, z -> r = 1, z -> p = 1 }
weight A on Triangle { x |-> 1, y |-> 1, z |-> 1 }
profunctor Pentagon from {x, y, z, v, w} to {p, q, r, s, t} over boolean
  { x -> p = 1, x -> q = 1, y -> q = 1, y -> r = 1, z -> r = 1, z -> s = 1,
    v -> s = 1, v -> t = 1, w -> t = 1, w -> p = 1 }
weight B on Pentagon { x |-> 1, y |-> 1, z |-> 1, v |-> 1, w |-> 1 }
claim apart: prompt_number(W, is: 2)
claim triangle: prompt_number(A, is: 2)
claim pentagon: prompt_number(B, is: 3)
claim one: prompt_number(represented(Two, b), is: 1)
claim none: prompt_number(W, within: 1, is: 0)
"""


def test_why_fewer_prompts_do_not_do() -> None:
    report = formal.check(COVERS)
    assert report.ok, str(report)
    said = {one.claim.name: str(one) for one in report}
    assert "no prompt that nowhere exceeds `W` reaches it at two of `b`, `d`" in said["apart"]
    assert (
        "2 prompts reach `A` at `x`, and each of them misses another object: `p` misses `y`, `q` misses `z`"
        in (said["triangle"])
    )
    assert "2 prompts reach `B` at `x`, and after each of them 1 more does not reach the rest" in said["pentagon"]
    assert "fewer" not in said["one"] + said["none"]
