from __future__ import annotations

import pytest

from formal.cli import main
from formal.cli.doctor import Health, examined


def test_whatever_goes_wrong_is_a_finding() -> None:
    def broken() -> str:
        raise ImportError("no module named z3")

    assert examined("Z3", broken) == Health("Z3", False, "ImportError: no module named z3")
    assert examined("Z3", lambda: "fine") == Health("Z3", True, "fine")


@pytest.mark.parametrize(("works", "status"), [(True, 0), (False, 4)])
def test_the_exit_status_says_whether_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], works: bool, status: int
) -> None:
    def second() -> str:
        if works:
            return "word " * 40
        raise OSError("\x1b[2Jgone")

    monkeypatch.setattr("formal.cli.doctor._EXAMINATIONS", (("first", lambda: "fine"), ("second", second)))
    assert main(["doctor"]) == status
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert ("all is well" in text) is works
    assert all(len(line) <= 80 for line in text.splitlines())
