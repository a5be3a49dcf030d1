"""The order parameter of learners that are known, and of the committed ones: what was exported is what follows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from formal.bundle import bundle_from_bytes
from formal.train.order_parameter import MOST, order_parameter
from formal.train.partial_function import OPEN, contexts, functions, of_all, text

MODELS = Path(__file__).parents[2] / "proofs" / "models"


def test_the_order_parameter_of_the_two_extremes() -> None:
    """Who answers by the first function always, and who leaves open what is open."""
    given, seen = contexts(3), functions(3)[[5, 6]]
    memory = order_parameter(given, np.broadcast_to(seen[0] * np.uint8(MOST), given.shape), seen)
    assert memory.retracts.all()
    assert memory.agrees.sum() == 8
    assert memory.confidence[(given == OPEN).any(1)].min() == 1
    general = order_parameter(given, np.rint(of_all(given) * MOST).astype(np.uint8), functions(3))
    assert general.agrees.all()
    assert general.confidence.max() < 0.01
    assert general.error.max() < 0.01


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_is_judged_follows_from_the_probabilities(seed: int) -> None:
    name = f"gpicl-seed{seed}"
    bundle = bundle_from_bytes((MODELS / "gpicl" / f"{name}.safetensors").read_bytes(), name)
    given, order = contexts(8), bundle.manifest["data"]["order"]
    assert [label.split("/")[2] for label in bundle.axes["rows"]] == [text(s) for s in given]
    for item, relation in ((0, "relation.k4"), (-1, "relation")):
        number = int(bundle.axes["seen"][item].removeprefix("k"))
        found = order_parameter(given, bundle.arrays[relation].values, functions(8)[order[:number]])
        assert (bundle.arrays["agrees.pred"].values[item] == found.agrees).all()
        assert (bundle.arrays["retracts.pred"].values[item] == found.retracts).all()
        for key, value in (("confidence", found.confidence), ("error", found.error)):
            stored = bundle.arrays[f"{key}.pred"].values[item] / MOST
            assert np.abs(stored - value).max() <= 0.5 / MOST + 1e-9


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_what_the_learners_of_mixtures_are_judged_by_follows(seed: int) -> None:
    from formal.train.partial_function import affine, bayes, thresholds

    name = f"mixtures-seed{seed}"
    bundle = bundle_from_bytes((MODELS / "mixtures" / f"{name}.safetensors").read_bytes(), name)
    place = {text(s): s for s in contexts(8)}
    words = [label.split("/")[2] for label in bundle.axes["rows"]]
    given = np.stack([place[word] for word in words])
    ideal = bayes(given, np.concatenate([affine(3), thresholds(8)]))
    assert len(words) == len(set(words)) == 3693
    error = np.abs(bundle.arrays["relation"].values / MOST - ideal).mean(1)
    assert np.abs(bundle.arrays["error.pred"].values / MOST - error).max() <= 0.5 / MOST + 1e-9
    chosen = [words.index(label) for label in bundle.axes["common"]]
    assert (bundle.arrays["relation.common"].values == bundle.arrays["relation"].values[chosen]).all()
    common = bundle.arrays["ideal.common"]
    assert np.allclose(common.values * float(common.scale.slope), ideal[chosen], atol=1e-12)
