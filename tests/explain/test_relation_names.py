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
