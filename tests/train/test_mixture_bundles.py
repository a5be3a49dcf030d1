"""The committed bundles of mixtures of linear functions and of sinusoids: what was exported follows from the errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from formal.bundle import Bundle, bundle_from_bytes

MODELS = Path(__file__).parents[2] / "proofs" / "models"
SWEEPS = {
    "mixtures-sparse": ("sweep.pred", "answers", "relation.sweep"),
    "mixtures-frequency": ("square.pred", "predictors", "relation.curve"),
}
"""The errors along a sweep, the axis of those who err, and the curve."""


def read(name: str, seed: int) -> Bundle:
    title = f"{name}-seed{seed}"
    return bundle_from_bytes((MODELS / name / f"{title}.safetensors").read_bytes(), title)


def meant(bundle: Bundle, name: str) -> NDArray[np.float64]:
    array = bundle.arrays[name]
    return np.asarray(array.values * float(array.scale.slope))


def step(bundle: Bundle, name: str) -> float:
    """Of what is stored: numbers are within half of it."""
    return float(bundle.arrays[name].scale.slope)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(SWEEPS))
def test_curves_are_the_means_of_the_squared_errors(name: str, seed: int) -> None:
    bundle = read(name, seed)
    highest = float(bundle.manifest["kernel"]["params"]["highest"])
    pairs = {SWEEPS[name][::2], ("square.pred", "relation.curve")}
    if name == "mixtures-sparse":
        pairs |= {("excess.pred", "relation.excess")}
    for raw, curve in sorted(pairs):
        means = np.minimum(meant(bundle, raw).mean(2).T, highest)
        allowed = (step(bundle, raw) + highest * step(bundle, curve)) / 2
        assert np.abs(highest * meant(bundle, curve) - means).max() <= allowed + 1e-9


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(SWEEPS))
def test_who_is_near_the_hull_errs_as_much_as_the_truth_is_away_from_it(name: str, seed: int) -> None:
    """Lemma L3 for each function; and the best point of the hull errs no more than any predictor in it."""
    bundle = read(name, seed)
    raw, axis, _ = SWEEPS[name]
    errors = dict(zip(bundle.axes[axis], meant(bundle, raw), strict=True))
    half = step(bundle, raw) / 2
    bound = np.sqrt(np.maximum(errors["hull"] - half, 0)) - np.sqrt(errors["residual"] + half)
    assert (np.sqrt(errors["model"] + half) >= bound - 1e-9).all()
    classes = ("dense", "sparse") if name == "mixtures-sparse" else ("linear", "sine")
    for each in (*classes, "mixture"):
        assert (errors["hull"] <= errors[each] + 2 * half + 1e-9).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("name", sorted(SWEEPS))
def test_roots_are_those_of_the_means(name: str, seed: int) -> None:
    bundle = read(name, seed)
    raw, axis, _ = SWEEPS[name]
    highest = float(bundle.manifest["kernel"]["params"]["highest"])
    items = [bundle.axes[axis].index(each) for each in bundle.axes["roots"]]
    means = np.minimum(meant(bundle, raw)[items].mean(2).T, highest)
    found = highest * meant(bundle, "relation.root") ** 2
    assert np.abs(found - means).max() <= step(bundle, raw) + 2 * highest * step(bundle, "relation.root")
