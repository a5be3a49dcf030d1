"""Rows of examples: tokens say what was told, answers do not depend on how they are asked for, samples are as said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)

from formal.train import frequency_mixture, linear_mixture  # noqa: E402
from formal.train.context import SequenceLearner  # noqa: E402
from formal.train.sequence import answers, tokens  # noqa: E402
from formal.train.squared_error import LEVELS, degrees, squares  # noqa: E402


@pytest.mark.parametrize("repeated", [False, True])
def test_tokens_are_places_and_values_in_turn(repeated: bool) -> None:
    x, y = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]]), torch.tensor([[5.0]])
    again = [1.0, 2.0] if repeated else [0.0, 0.0]
    assert tokens(x, y, repeated=repeated).tolist() == [[[1, 2, 0, 0], [*again, 5, 1], [3, 4, 0, 0]]]


@pytest.mark.parametrize("repeated", [False, True])
def test_an_answer_after_some_examples_is_what_the_whole_row_gives_there(repeated: bool) -> None:
    torch.manual_seed(0)
    model = SequenceLearner(4, 1, 7, cell="transformer", width=8, layers=1, heads=2).eval()
    x, y = torch.randn(3, 4, 2), torch.randn(3, 3)
    with torch.no_grad():
        whole = model(tokens(x, y, repeated=repeated))[:, 0::2, 0].double()
    for k in range(4):
        asked = torch.stack([x[:, k], x[:, 0]], dim=1)
        found = answers(model, x[:, :k], y[:, :k], asked, repeated=repeated)
        assert torch.allclose(found[:, 0], whole[:, k], atol=1e-5)


def test_squared_errors_are_stored_in_steps_of_a_power_of_two() -> None:
    found = squares({"a": [torch.tensor([0.0, 3.7]).double()]}, ("p", "q", "r"), truth="nought")
    steps = int(found.scale.removeprefix("q/"))
    assert steps & (steps - 1) == 0
    assert np.abs(np.asarray(found.values) / steps - [[[0.0, 3.7]]]).max() <= 0.5 / steps
    assert LEVELS / 2 < np.asarray(found.values).max() <= LEVELS


def test_degrees_are_from_the_lowest_to_the_highest() -> None:
    found = degrees(torch.tensor([[-2.0, 0.0, 9.0]]), 2.0, ("p", "q"), lowest=-2.0)
    assert np.asarray(found.values).tolist() == [[0, round(LEVELS / 2), LEVELS]]


def test_batches_of_linear_functions_are_of_their_classes() -> None:
    """With as many exact values as coefficients these are known; the sparse ones have as few as said."""
    c = replace(linear_mixture.Configuration(), noise=0.0)
    for classes, counts in ((("dense",), {5}), (("sparse",), {2}), (("dense", "sparse"), {2, 5})):
        x, y = linear_mixture.drawn(c, classes)(64, torch.Generator().manual_seed(1))
        assert x.shape == (64, 9, 5)
        coefficients = torch.linalg.lstsq(x.double(), y.double()[..., None]).solution[..., 0]
        found = (coefficients.abs() > 1e-4).sum(1)
        assert set(found.tolist()) == counts
        if len(counts) == 2:
            assert 16 <= int((found == 2).sum()) <= 48


def test_batches_of_sinusoids_are_of_their_frequencies() -> None:
    c = replace(frequency_mixture.Configuration(), noise=0.0)
    x, y = frequency_mixture.drawn(c)(64, torch.Generator().manual_seed(2))
    assert float(x.abs().max()) <= frequency_mixture.REACH
    left = []
    for v in (None, *c.frequencies):
        features = x.double() if v is None else torch.cat([torch.sin(v * x), torch.cos(v * x)], -1).double()
        solved = torch.linalg.lstsq(features, y.double()[..., None]).solution
        left.append((features @ solved)[..., 0].sub(y).abs().amax(1))
    fits = (torch.stack(left) < 1e-3).sum(1)
    assert int(fits.sum()) >= 64
    assert 16 <= int(fits[0]) <= 48
    assert (fits[1:] > 0).all()


def test_the_features_of_functions_with_frequencies_of_their_own() -> None:
    x = torch.linspace(-1, 1, 6, dtype=torch.float64).reshape(2, 3, 1)
    found = frequency_mixture.features(x, torch.tensor([[2.0], [5.0]], dtype=torch.float64))
    for i, v in enumerate((2.0, 5.0)):
        assert torch.allclose(found[i : i + 1], frequency_mixture.features(x[i : i + 1], (v,)))


def test_an_oracle_is_the_best_at_a_frequency_that_nobody_else_knows() -> None:
    c = frequency_mixture.Configuration()
    speed = torch.full((64, 1), 8.0, dtype=torch.float64)
    given = frequency_mixture.sample(c, speed, 1.0, torch.Generator().manual_seed(3))
    errors = {
        name: float((said - given.truth).square().mean()) for name, said in frequency_mixture.exact(c, given).items()
    }
    assert errors["oracle"] < 0.05 < 0.5 < min(errors[name] for name in ("linear", "sine", "mixture"))


def test_before_as_many_examples_as_dimensions_only_the_sparse_class_knows() -> None:
    c, device = linear_mixture.Configuration(), torch.device("cpu")
    generator = torch.Generator().manual_seed(4)
    scale = linear_mixture.sparse(256, c.dimension, c.nonzero, generator)
    given = linear_mixture.sample(c, scale, c.after, generator)
    found = linear_mixture.exact(c, given, device)
    errors = {name: float((said - given.truth).square().mean()) for name, said in found.items()}
    assert errors["sparse"] < errors["mixture"] < errors["dense"]
    assert errors["dense"] > 3 * errors["sparse"]
