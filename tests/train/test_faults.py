"""What a user sees when something goes wrong: kills, damaged files, losses that are not finite, devices not there."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formal.cli import main, train
from formal.train import catalogue
from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)

from formal.train import export  # noqa: E402

COMMAND = ["train", "masked-lm", "--device", "cpu", "--scale", "cpu", "--seed", "4", "--out"]
TINY = {"width": 8, "layers": 1, "heads": 2, "steps": 600, "batch": 4}


def shrink(patch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Make the experiment tiny, and let changes that are not committed do no harm: nothing is kept."""
    experiment = catalogue.load("masked-lm")
    scales = {"cpu": replace(experiment.scales["cpu"], **{**TINY, **changed})}
    patch.setattr(catalogue, "load", lambda name: replace(experiment, scales=scales))
    patch.setattr(export, "revision", lambda: {"git_rev": "0" * 40, "dirty": False})


CHILD = """
import sys
import pytest
from formal.cli import main
from tests.train.test_faults import COMMAND, shrink
shrink(pytest.MonkeyPatch())
sys.exit(main([*COMMAND, sys.argv[1]]))
"""


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for bundles, in an empty one where we are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "out"


def bundle(folder: Path) -> Path:
    return folder / "masked-lm-seed4.safetensors"


def checkpoint(folder: Path) -> Path:
    return folder / ".formal" / "train" / "masked-lm-cpu-seed4" / "seed4-masked.safetensors"


def test_a_run_that_is_killed_goes_on_to_the_same_bundle(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", CHILD, str(out)], cwd=place, stdout=subprocess.DEVNULL) as child:
        last = time.monotonic() + 120
        while not checkpoint(out).exists() and child.poll() is None and time.monotonic() < last:
            time.sleep(0.002)
        child.kill()
    assert child.returncode == -signal.SIGKILL
    assert (checkpoint(out).exists(), bundle(out).exists()) == (True, False)

    shrink(monkeypatch)
    begun: list[tuple[str, int, int]] = []
    monkeypatch.setattr(train._Bar, "begin", lambda bar, *stage: begun.append(stage))
    for folder in (out, out / "whole"):
        assert main([*COMMAND, str(folder)]) == 0
    (stage, steps, done), whole = begun
    assert (stage, steps, done in (200, 400)) == ("masked", 600, True)
    assert whole == ("masked", 600, 0)
    assert bundle(out).read_bytes() == bundle(out / "whole").read_bytes()
    assert not checkpoint(out).parent.exists()
    assert "steps a second in training" in capsys.readouterr().out


def cut_off(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt a run after its first checkpoint."""

    def interrupt(bar: Any, loss: float) -> None:
        if checkpoint(out).exists():
            raise KeyboardInterrupt

    shrink(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(train._Bar, "step", interrupt)
        assert main([*COMMAND, str(out)]) == 130


@pytest.mark.parametrize(("place", "words"), [(-5, "is damaged"), (12, "cannot be read")])
def test_a_damaged_checkpoint_is_refused(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: int, words: str
) -> None:
    cut_off(out, monkeypatch)
    data = bytearray(checkpoint(out).read_bytes())
    data[place] ^= 1
    checkpoint(out).write_bytes(data)
    assert main([*COMMAND, str(out)]) == 2
    error = capsys.readouterr().err
    assert "error[cannot-train]: the checkpoint" in error
    assert words in error
    assert "remove it to begin anew" in error
    assert not bundle(out).exists()
    checkpoint(out).unlink()
    assert main([*COMMAND, str(out)]) == 0


def test_a_checkpoint_of_another_configuration_is_refused(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cut_off(out, monkeypatch)
    monkeypatch.undo()
    shrink(monkeypatch, rate=1e-3)
    assert main([*COMMAND, str(out)]) == 2
    assert "is of another run" in capsys.readouterr().err


def test_a_loss_that_is_not_finite_ends_the_run(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shrink(monkeypatch, rate=1e30, steps=50)
    assert main([*COMMAND, str(out)]) == 2
    error = capsys.readouterr().err
    assert "error[cannot-train]: the loss of `masked` is nan at step" in error
    assert "a smaller rate may help" in error
    assert not bundle(out).exists()


def test_a_few_steps_are_tried_and_nothing_is_written(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where not all is committed."""
    shrink(monkeypatch)
    monkeypatch.setattr(export, "revision", lambda: {"git_rev": "0" * 40, "dirty": True})
    begun: list[tuple[str, int, int]] = []
    monkeypatch.setattr(train._Bar, "begin", lambda bar, *stage: begun.append(stage))
    assert main([*COMMAND, str(out), "--steps", "3"]) == 0
    assert begun == [("masked", 3, 0)]
    assert "masked-lm-seed4" in capsys.readouterr().out
    assert not list(out.parent.iterdir())
    assert main([*COMMAND, str(out)]) == 2


def test_a_damaged_bundle_is_refused(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shrink(monkeypatch, steps=1)
    assert main([*COMMAND, str(out)]) == 0
    assert main(["model", "verify", str(bundle(out))]) == 0
    data = bytearray(bundle(out).read_bytes())
    data[-5] ^= 1
    bundle(out).write_bytes(data)
    capsys.readouterr()
    assert main(["model", "verify", str(bundle(out))]) == 2
    assert "error[bad-bundle]" in capsys.readouterr().err


@pytest.mark.parametrize("names", [["masked-lm"], ["--all"]])
@pytest.mark.parametrize("options", [["--device", "cuda"], ["--scale", "gpu"], ["--device", "cuda", "--scale", "cpu"]])
def test_without_a_gpu_the_scale_of_a_cpu_is_named(
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    names: list[str],
    options: list[str],
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    assert main(["train", *names, *options, "--out", str(out)]) == 2
    error = capsys.readouterr().err
    assert "error[cannot-train]: " in error
    assert "CUDA device" in error
    assert "--scale cpu` runs anywhere" in error
    assert not out.exists()
