"""Claims come before runs: those that judge the models in `proofs/models` were there before them, and none is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from formal.bundle.precedence import precedence
from formal.bundle.read import read_bundle
from formal.syntax.wording import read_wordings
from formal.train.catalogue import EXPERIMENTS

MODELS = Path(__file__).parents[2] / "proofs" / "models"
TRAINED = [name for name in EXPERIMENTS if any((MODELS / name).glob("*.safetensors"))]


def test_there_are_trained_models() -> None:
    assert "autoregressive-lm" in TRAINED


@pytest.mark.parametrize("name", TRAINED)
def test_no_claim_about_a_trained_model_is_newer_than_its_run(name: str) -> None:
    found = [read_bundle(path) for path in sorted((MODELS / name).glob("*.safetensors"))]
    assert len({bundle.seeds for bundle in found}) >= 3
    said = read_wordings(MODELS / name / "claims.cat")
    for bundle in found:
        compared = precedence(bundle, {each.name.text: each.digest for each in said})
        speaking = {each.name.text for each in said if f"{bundle.name}.safetensors" in each.bundles}
        assert (compared.changed, set(compared.new) & speaking) == ((), set()), bundle.name
        assert compared.older, bundle.name


@pytest.mark.parametrize("name", TRAINED)
def test_no_claim_from_before_a_run_is_dropped(name: str) -> None:
    stated = {each.name.text: each.digest for each in read_wordings(MODELS / name / "claims.cat")}
    for path in sorted((MODELS / name).glob("*.safetensors")):
        assert precedence(read_bundle(path), stated).dropped == (), path.name
