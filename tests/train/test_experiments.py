"""Each experiment, at a few steps: it makes bundles that are read, twice the same; without PyTorch it says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from formal.bundle import Agreement, bundle_from_bytes, measurements
from formal.cli import main
from formal.text import Code, Rejection
from formal.train import catalogue
from tests.train.support import WHY

TINY: dict[str, dict[str, Any]] = {
    "autoregressive-lm": {
        "history": 3,
        "full": 2,
        "closing": 2,
        "width": 8,
        "layers": 1,
        "heads": 2,
        "steps": 4,
        "batch": 8,
        "soft_steps": 2,
        "tune_steps": 2,
    },
    "rotation": {
        "objects": 5,
        "channels": (2, 2, 2),
        "features": 4,
        "steps": 3,
        "batch": 8,
        "few_steps": 2,
        "torsor_features": 4,
        "torsor_steps": 3,
        "torsor_batch": 8,
    },
    "masked-lm": {"width": 8, "layers": 1, "heads": 2, "steps": 3, "batch": 8},
    "captions": {"channels": (2, 2), "features": 4, "steps": 3, "batch": 8, "each": 1, "tests": 2},
    "factored": {"channels": (2, 2), "features": 4, "steps": 3, "batch": 8, "each": 1, "tests": 2},
    "gpicl": {"points": 3, "seen": (2, 4, 6), "width": 8, "layers": 1, "steps": 3, "batch": 8},
    "gpicl-digits": {
        "classes": 2,
        "features": 3,
        "length": 3,
        "sequences": 8,
        "steps": 3,
        "exponents": (0, 2),
        "width": 8,
        "layers": 1,
        "heads": 2,
        "batch": 4,
    },
    "gpicl-state": {
        "tasks": 4,
        "sequences": 8,
        "steps": 3,
        "transformers": ((8, 1), (4, 2)),
        "lstms": ((8, 1), (16, 1)),
        "heads": 2,
        "batch": 4,
    },
    "gpicl-interventions": {"tasks": 4, "steps": 5, "points": 3, "width": 8, "layers": 1, "heads": 2, "batch": 4},
    "gpicl-transfer": {
        "exponents": (0, 2),
        "sequences": 8,
        "steps": 3,
        "width": 8,
        "layers": 1,
        "heads": 2,
        "batch": 4,
    },
    "quantised-state": {"points": 2, "bits": (1, 3), "width": 8, "steps": 3},
    "mixtures": {
        "dimension": 3,
        "width": 8,
        "layers": 1,
        "steps": 3,
        "batch": 8,
        "probes": 8,
        "told": 2,
        "common": 2,
        "regression": (),
    },
    "mixtures-sparse": {
        "dimension": 3,
        "nonzero": 1,
        "told": (1, 3),
        "counts": (1, 3),
        "after": 2,
        "functions": 4,
        "questions": 2,
        "shown": 1,
        "width": 8,
        "layers": 1,
        "heads": 2,
        "steps": 3,
        "batch": 8,
    },
    "mixtures-frequency": {
        "frequencies": (1.0, 2.0),
        "asked": (0.5, 3.0),
        "shares": (0.0, 1.0),
        "examples": 3,
        "functions": 4,
        "questions": 2,
        "shown": 1,
        "width": 8,
        "layers": 1,
        "heads": 2,
        "steps": 3,
        "batch": 8,
    },
    "contrastive": {"objects": 5, "channels": (2, 2, 2), "features": 4, "steps": 3, "batch": 8},
}


def bundles(name: str, seed: int, **changed: Any) -> dict[str, bytes]:
    """The bundles of a tiny run, by name."""
    torch = pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    from formal.train.export import bundle_name, exported
    from formal.train.machine import reproducible
    from formal.train.trainer import Run

    experiment = catalogue.load(name)
    tiny = replace(experiment, scales={"cpu": replace(experiment.scales["cpu"], **TINY[name], **changed)})
    device = torch.device("cpu")
    with reproducible(device):
        run = Run(seed, device)
        return {
            bundle_name(contents, "cpu", seed): exported(tiny, contents, run, "cpu", None)
            for contents in tiny.run(tiny.scales["cpu"], run)
        }


@pytest.fixture(autouse=True)
def committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundles of these tests are not kept, so changes that are not committed do no harm."""
    if catalogue.find_spec("torch") is not None:
        from formal.train import export

        monkeypatch.setattr(export, "revision", lambda: {"git_rev": "0" * 40, "dirty": False})


@pytest.mark.parametrize("name", sorted(TINY))
def test_an_experiment_makes_bundles_that_are_read_and_the_same_again(name: str) -> None:
    found = bundles(name, 7)
    assert found == bundles(name, 7)
    other = bundles(name, 8)
    for title, data in found.items():
        bundle = bundle_from_bytes(data, title)
        assert bundle.name == title
        assert bundle.seeds == (7,)
        assert data != other[title.replace("seed7", "seed8")]
        assert bundle.training["train"]["losses"]
        compared = {each.agreement for each in measurements(bundle)}
        assert compared <= {Agreement.AGREES}


@pytest.mark.parametrize("name", sorted(TINY))
def test_an_experiment_runs_in_bfloat16(name: str) -> None:
    assert bundles(name, 0, half=True)


def test_every_experiment_is_tried_here_and_is_what_the_catalogue_says() -> None:
    pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    assert set(TINY) == set(catalogue.EXPERIMENTS)
    for name, listed in catalogue.EXPERIMENTS.items():
        experiment = catalogue.load(name)
        assert (experiment.name, experiment.title) == (name, listed.title)
        assert set(experiment.scales) == {"cpu", "gpu"}


def test_the_list_needs_no_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--list"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == set(catalogue.EXPERIMENTS)


def test_an_unknown_experiment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "autoregresive-lm"]) == 2
    assert "did you mean `autoregressive-lm`?" in capsys.readouterr().err


def test_without_the_libraries_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda library: None)
    with pytest.raises(Rejection) as caught:
        catalogue.load("autoregressive-lm")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is Code.CANNOT_TRAIN
    assert "`torch` and `sklearn`" in diagnostic.message
    assert "formal[train]" in diagnostic.help[0]


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command trains the tiny language model."""
    pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    whole = catalogue.load("autoregressive-lm")
    small = replace(whole, scales={"cpu": replace(whole.scales["cpu"], **TINY["autoregressive-lm"])})
    monkeypatch.setattr(catalogue, "load", lambda name: small)


def command(out: Path) -> int:
    return main(["train", "autoregressive-lm", "--device", "cpu", "--seed", "0", "--out", str(out)])


@pytest.mark.usefixtures("tiny")
def test_the_command_that_was_interrupted_goes_on_to_the_same_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from formal.cli import train

    left = [7]

    def interrupted(self: object, loss: float) -> None:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    name = "autoregressive-lm-seed0.safetensors"
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert command(whole) == 0
    assert "distance to the grammar" in capsys.readouterr().out
    with monkeypatch.context() as patch:
        patch.setattr(train._Bar, "step", interrupted)
        assert command(parts) == 130
    assert not (parts / name).exists()
    assert sorted(path.name for path in parts.rglob("*.safetensors")) == [
        "seed0-pretrain.safetensors",
        "seed0-soft-after_open_round.safetensors",
    ]
    assert command(parts) == 0
    assert (parts / name).read_bytes() == (whole / name).read_bytes()
    assert [path.name for path in parts.rglob("*.safetensors")] == [name]


@pytest.mark.usefixtures("tiny")
def test_changes_that_are_not_committed_are_refused_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from formal.train import export

    monkeypatch.setattr(export, "revision", lambda: {"git_rev": "0" * 40, "dirty": True})
    assert command(tmp_path) == 2
    assert "not committed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("tiny")
def test_a_gpu_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason=WHY)
    if torch.cuda.is_available():
        pytest.skip("there is one")
    assert main(["train", "autoregressive-lm", "--device", "cuda", "--out", str(tmp_path)]) == 2
    assert "error[cannot-train]" in capsys.readouterr().err
