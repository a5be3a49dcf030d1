"""What the scripts in this folder must come to; see `case.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.case import FOLDER, STAGES, cases, marked, output, reported, run


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@pytest.mark.parametrize("path", cases("ok"), ids=_name)
def test_nothing_is_said_of_a_right_script(path: Path) -> None:
    assert output(run(path)) == ""
    assert not marked(path)


@pytest.mark.parametrize("path", cases("err"), ids=_name)
def test_every_error_is_reported_where_it_is_marked_and_no_other(path: Path) -> None:
    assert marked(path), "a wrong script marks its errors"
    assert reported(run(path)) == marked(path)


@pytest.mark.parametrize("path", cases("err"), ids=_name)
def test_the_output_is_the_expected_one(path: Path) -> None:
    expected = path.with_suffix(".expected")
    assert expected.exists(), "run `make promote` and read what it wrote"
    assert output(run(path)) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("stage", STAGES)
def test_every_wrong_script_has_a_right_twin(stage: str) -> None:
    wrong, right = ({path.stem for path in (FOLDER / stage / outcome).glob("*.cat")} for outcome in ("err", "ok"))
    assert wrong <= right
    assert {path.stem for path in (FOLDER / stage / "err").glob("*.expected")} == wrong
