"""The script that runs other provers beside ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.prove.external import External, available
from tests.provers.run_provers import main

SCRIPT = """
theorem composites {
  given category C, object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z
  assume mono(f)
  assume mono(g)
  show mono(f >> g)
}
theorem factors {
  given category C, object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z
  assume mono(f >> g)
  show mono(g)
}
expect refuted
"""


def test_every_prover_that_is_there_is_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "small.cat"
    script.write_text(SCRIPT, encoding="utf-8")
    main([str(script), "--folder", str(tmp_path / "out")])
    proved, refuted = capsys.readouterr().out.split("\nProved\n")[1].split("\n\nRefuted\n")
    assert "ours: 1 of 1" in proved
    assert "ours: 1 of 1" in refuted
    for prover in available():
        if prover is not External.VAMPIRE:
            assert f"{prover}: 1 of 1" in proved
    names = ["composites__show.p", "composites__show.smt2", "factors__show.p", "factors__show.smt2"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names


def test_a_script_that_is_wrong_is_not_skipped(tmp_path: Path) -> None:
    script = tmp_path / "wrong.cat"
    script.write_text("theorem t { show mono( }", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"wrong\.cat"):
        main([str(script), "--folder", str(tmp_path)])
