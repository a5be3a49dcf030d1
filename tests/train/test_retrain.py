"""The two cheapest experiments, trained again on this machine: the same verdicts, and relations that are close."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from formal.bundle import read_bundle
from formal.bundle.write import save
from formal.cli import main
from formal.train import catalogue
from tests.train.support import WHY

MODELS = Path(__file__).parents[2] / "proofs" / "models"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["autoregressive-lm", "contrastive"])
def test_a_model_that_is_trained_again_gets_the_same_verdicts(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    from formal.train import export
    from formal.train.machine import reproducible
    from formal.train.trainer import Run

    monkeypatch.setattr(export, "revision", dict)
    folder = tmp_path / name
    shutil.copytree(MODELS / name, folder)
    experiment, device = catalogue.load(name), torch.device("cpu")
    with reproducible(device):
        run = Run(0, device)
        for contents in experiment.run(experiment.scales["cpu"], run):
            title = export.bundle_name(contents, "cpu", 0)
            before = read_bundle(MODELS / name / f"{title}.safetensors")
            save(folder / f"{title}.safetensors", export.exported(experiment, contents, run, "cpu", None))
            after = read_bundle(folder / f"{title}.safetensors")
            old, new = (bundle.arrays["relation"].values.astype(np.float64) for bundle in (before, after))
            # Other processors round otherwise, and training amplifies it: close, not equal.
            assert np.abs(old - new).mean() < 0.02
    assert main(["check", str(folder), "--output", "concise"]) == 0
