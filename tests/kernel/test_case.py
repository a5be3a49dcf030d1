"""Files for `python -m formal.kernel`: the folder says what must happen, `NAME.expected` what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.kernel.__main__ import outcome

FOLDER = Path(__file__).parent.parent / "cases" / "kernel"
CODES = {"accept": {0}, "reject": {1}, "survive": {1, 2}}
"""The exit codes of each kind: a file to be survived is hostile, whether it can be read or not."""


PATHS = sorted(FOLDER.glob("*/*.json"))


def said(path: Path) -> tuple[int, str]:
    """The exit code and the output, with the path as seen from the folder."""
    code, text = outcome(str(path))
    return code, text.replace(ascii(str(path)), f"{path.parent.name}/{path.name}", 1) + "\n"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_said_of_a_file(path: Path) -> None:
    code, text = said(path)
    assert code in CODES[path.parent.name]
    assert text == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_kind_has_cases_and_every_rejected_one_an_accepted_twin() -> None:
    stems = {kind: {path.stem for path in (FOLDER / kind).glob("*.json")} for kind in CODES}
    assert all(stems.values())
    alone = {"another-claim", "search-tree-larger-than-stated"}  # true claims with evidence for something else
    assert stems["reject"] - alone <= stems["accept"]


def promote() -> None:
    """Write what is said now; to be reviewed like code."""
    for path in PATHS:
        path.with_suffix(".expected").write_text(said(path)[1], encoding="utf-8")


if __name__ == "__main__":
    promote()
