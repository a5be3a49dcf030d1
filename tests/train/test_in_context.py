"""Models that read contexts read no further; tasks and contexts are drawn as said; posterior means are exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from formal.train.partial_function import OPEN
from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)


@pytest.mark.parametrize("cell", ["transformer", "lstm"])
def test_an_output_depends_on_nothing_that_comes_later(cell: Any) -> None:
    from formal.train.context import SequenceLearner

    torch.manual_seed(0)
    model = SequenceLearner(3, 2, 5, cell=cell, width=8, layers=1, heads=2).eval()
    row = torch.randn(1, 5, 3)
    other = row.clone()
    other[:, 3:] += 1
    with torch.no_grad():
        left, right = model(row), model(other)
    assert torch.allclose(left[:, :3], right[:, :3], atol=1e-6)
    assert not torch.allclose(left[:, 3:], right[:, 3:], atol=1e-3)


def test_contexts_of_all_sizes_are_drawn_alike_and_say_what_the_function_says() -> None:
    from formal.train.gpicl import hidden

    generator = torch.Generator().manual_seed(1)
    chosen = torch.randint(2, (3000, 4), generator=generator).to(torch.int8)
    given = hidden(chosen, generator)
    assert ((given == OPEN) | (given == chosen)).all()
    sizes = torch.bincount((given != OPEN).sum(1), minlength=5)
    assert (sizes > 500).all()
    assert (sizes < 700).all()


def test_a_token_holds_the_image_and_the_label_before() -> None:
    from formal.train.gpicl_digit import PIXELS, Configuration, Tasks, rows

    c = Configuration(classes=3, features=2, length=3)
    task = Tasks(torch.ones(1, PIXELS, 2), torch.tensor([[2, 0, 1]]))
    images = torch.arange(3.0)[None, :, None].expand(1, 3, PIXELS) / PIXELS
    found, labels = rows(c, task, torch.tensor([0]), images, torch.tensor([[1, 0, 0]]))
    assert labels.tolist() == [[0, 2, 2]]
    assert found[0, :, :2].tolist() == [[0, 0], [1, 1], [2, 2]]
    assert found[0, :, 2:].tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("seen", "unseen", "called"),
    [(0.0, 0.0, "memorisation"), (0.5, 0.0, "task identification"), (0.5, 0.4, "general learning")],
)
def test_phases(seen: float, unseen: float, called: str) -> None:
    from formal.train.gpicl_digit import phase

    assert phase(seen, unseen) == called


def test_posterior_means_solve_the_normal_equations() -> None:
    """Held against ridge regression on the features, which Gaussian priors and noise come to."""
    from formal.train.regression import posterior, sample, sinusoid_mixture

    c = sinusoid_mixture()
    generator = torch.Generator().manual_seed(3)
    scale = torch.tensor([[0.5, 1.0, 1.0]], dtype=torch.float64).expand(4, -1)
    given = sample(c, scale, 3, generator)
    mean, _ = posterior(c, given, scale)
    told, asked = c.features(given.x), c.features(given.asked)
    ridge = torch.diag(c.noise**2 / scale[0] ** 2)
    weights = torch.linalg.solve(told.mT @ told + ridge, told.mT @ given.y[..., None])
    assert torch.allclose(mean, (asked @ weights)[..., 0], atol=1e-8)


def test_evidence_is_that_of_a_normal_distribution() -> None:
    from formal.train.regression import posterior, sample, sinusoid_mixture

    c = replace(sinusoid_mixture(), examples=4)
    given = sample(c, torch.ones(2, 3, dtype=torch.float64), 1, torch.Generator().manual_seed(4))
    _, evidence = posterior(c, given, given.scale)
    told = c.features(given.x)
    covariance = told @ told.mT + c.noise**2 * torch.eye(4, dtype=torch.float64)
    normal = torch.distributions.MultivariateNormal(torch.zeros(4, dtype=torch.float64), covariance)
    constant = 2 * np.log(2 * np.pi)
    assert torch.allclose(evidence - constant, normal.log_prob(given.y), atol=1e-6)


def test_the_hull_has_the_nearest_point() -> None:
    from formal.train.gaussian import hull_point

    generator = torch.Generator().manual_seed(6)
    means, truth = torch.randn(2, 5, 3, generator=generator), torch.randn(5, 3, generator=generator)
    best = (hull_point(means, truth) - truth).norm(dim=1)
    for weight in torch.linspace(0, 1, 21):
        assert (best <= (weight * means[0] + (1 - weight) * means[1] - truth).norm(dim=1) + 1e-6).all()


def test_a_tiny_mixture_of_real_functions_becomes_a_bundle() -> None:
    from formal.bundle.write import bundle_bytes
    from formal.train.machine import reproducible
    from formal.train.regression import regress, sinusoid_mixture
    from formal.train.trainer import Run

    tiny: dict[str, Any] = {"steps": 3, "batch": 4, "width": 8, "layers": 1, "heads": 2, "examples": 3}
    sizes: dict[str, Any] = {"functions": 4, "questions": 3, "shown": 2, "sweep": (0.0, 0.5, 1.0)}
    device = torch.device("cpu")
    with reproducible(device):
        found = regress(replace(sinusoid_mixture(), **tiny, **sizes), Run(0, device))
    assert bundle_bytes(
        found.name, kind=found.kind, axes=found.axes, arrays=found.arrays, kernel=found.kernel, data=found.data
    )
    assert len(found.found) == 3
