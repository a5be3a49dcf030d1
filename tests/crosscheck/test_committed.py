"""The committed cross-checks come out as their scripts say, with the numbers that were published."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.syntax.format import format_source
from formal.text import Source
from formal.verdict.result import ExitCode, FileResult, Outcome, exit_code
from formal.verify.options import Options
from formal.verify.run import Target, run

MODELS = Path(__file__).parents[2] / "proofs" / "models"
LARGE = ("autoregressive-lm", "dyck2-lm")
"""Models whose cross-checks take seconds."""
SCRIPTS = sorted([*MODELS.glob("*/crosschecks.cat"), MODELS / "lemmas.cat"])


def checked(path: Path) -> FileResult:
    (file,) = run([Target(path)], Options(cache=False))
    return file


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=[pytest.mark.slow] if path.parent.name in LARGE else []) for path in SCRIPTS],
    ids=lambda path: path.relative_to(MODELS).as_posix(),
)
def test_every_script_is_as_expected(path: Path) -> None:
    file = checked(path)
    assert exit_code([file]) is ExitCode.AS_EXPECTED
    assert not file.diagnostics
    wanting = (Outcome.NOT_COMPARABLE,)
    assert all(claim.certified for claim in file.claims if claim.outcome not in wanting)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(MODELS).as_posix())
def test_every_script_is_in_canonical_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert format_source(Source(path.name, text)) == text


@pytest.mark.slow
def test_the_gaps_of_the_dyck_model_are_those_that_were_published() -> None:
    claim = checked(MODELS / "dyck2-lm" / "crosschecks.cat").claims[0]
    assert claim.crosscheck is not None
    gaps, middles = [], []
    for row in claim.crosscheck.rows:
        (predicted,) = [item for item in row.items if item.predicted]
        gaps.append(float(predicted.values[0].lower or 0))
        middles.append(sum(float(end.lower or 0) for end in predicted.predicted) / 2)
    assert [round(gap, 4) for gap in gaps] == [0.0144, 0.0133, 0.3971, 0.1192]
    assert [round(middle, 3) for middle in middles] == [0, 0, 0.399, 0.120]
    distances = {float(item.values[0].lower or 0) for row in claim.crosscheck.rows for item in row.items[:1]}
    assert [round(distance, 4) for distance in distances] == [0.0385]
