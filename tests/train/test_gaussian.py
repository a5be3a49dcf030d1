"""Bayes predictors of classes of functions, held against integrals, direct formulas and other libraries."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)

from formal.train import gaussian  # noqa: E402

NOISE = 0.3


def examples(n: int, k: int, d: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places and values of n functions, shapes (n, k + 2, d) and (n, k): the last two places are asked for."""
    generator = np.random.default_rng(seed)
    x, w = generator.normal(size=(n, k + 2, d)), generator.normal(size=(n, d))
    return x, np.einsum("nkd,nd->nk", x[:, :k], w) + NOISE * generator.normal(size=(n, k))


def test_one_coefficient_has_a_formula() -> None:
    x, y = examples(3, 4, 1)
    told, asked = torch.tensor(x[:, :4]), torch.tensor(x[:, 4:])
    mean, _ = gaussian.class_posterior(told, torch.tensor(y), asked, gaussian.supports(1, 1), NOISE)
    x_ = x[:, :4, 0]
    expected = x[:, 4:, 0] * ((x_ * y).sum(1) / ((x_**2).sum(1) + NOISE**2))[:, None]
    assert np.allclose(mean.numpy(), expected, atol=1e-10)


def test_a_mixture_of_two_coefficients_is_what_numerical_integration_gives() -> None:
    """Dense and sparse functions of two numbers, by the trapezoidal rule over all coefficients."""
    x, y = examples(4, 2, 2, seed=1)
    told, asked, values = torch.tensor(x[:, :2]), torch.tensor(x[:, 2:]), torch.tensor(y)
    found = [gaussian.class_posterior(told, values, asked, gaussian.supports(2, s), NOISE) for s in (2, 1)]
    mean, _ = gaussian.mixed(torch.stack([m for m, _ in found]), torch.stack([e for _, e in found]))

    grid = np.linspace(-7, 7, 561)
    step = grid[1] - grid[0]
    density = np.exp(-0.5 * grid**2) / np.sqrt(2 * np.pi)
    nought = np.zeros_like(grid)
    cases = [
        (
            np.stack(np.meshgrid(grid, grid), -1).reshape(-1, 2),
            np.multiply.outer(density, density).ravel() * step**2 / 2,
        ),
        (np.stack([grid, nought], -1), density * step / 4),
        (np.stack([nought, grid], -1), density * step / 4),
    ]
    weights, prior = (np.concatenate(parts) for parts in zip(*cases, strict=True))
    for told_, asked_, values_, mean_ in zip(x[:, :2], x[:, 2:], y, mean.numpy(), strict=True):
        likely = prior * np.exp(-0.5 * ((values_ - weights @ told_.T) ** 2).sum(1) / NOISE**2)
        assert np.allclose(mean_, likely @ (weights @ asked_.T) / likely.sum(), atol=1e-6)


def test_of_all_coefficients_it_is_a_ridge_regression() -> None:
    from sklearn.linear_model import Ridge

    x, y = examples(3, 4, 5, seed=2)
    told, asked = torch.tensor(x[:, :4]), torch.tensor(x[:, 4:])
    mean, _ = gaussian.class_posterior(told, torch.tensor(y), asked, gaussian.supports(5, 5), NOISE)
    for row, told_, values, asked_ in zip(mean.numpy(), x[:, :4], y, x[:, 4:], strict=True):
        ridge = Ridge(alpha=NOISE**2, fit_intercept=False).fit(told_, values)
        assert np.allclose(row, ridge.predict(asked_), atol=1e-8)


def test_a_sparse_class_is_the_sum_over_its_supports() -> None:
    """Each support by the normal equations, weighted by the density of what is told."""
    from scipy.stats import multivariate_normal

    x, y = examples(1, 3, 4, seed=3)
    told, asked = x[0, :3], x[0, 3:]
    means, weights = [], []
    for support in combinations(range(4), 2):
        a = told[:, support]
        solved = np.linalg.solve(a.T @ a + NOISE**2 * np.eye(2), a.T @ y[0])
        means.append(asked[:, support] @ solved)
        weights.append(multivariate_normal(np.zeros(3), a @ a.T + NOISE**2 * np.eye(3)).pdf(y[0]))
    expected = np.array(weights) @ np.array(means) / np.sum(weights)
    features = torch.tensor(told[None]), torch.tensor(y), torch.tensor(asked[None])
    mean, evidence = gaussian.class_posterior(*features, gaussian.supports(4, 2), NOISE)
    assert np.allclose(mean.numpy()[0], expected, atol=1e-10)
    assert np.isclose(float(evidence) - 1.5 * np.log(2 * np.pi), np.log(np.mean(weights)), atol=1e-8)


def test_cases_in_parts_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = examples(3, 4, 5, seed=4)
    features = torch.tensor(x[:, :4]), torch.tensor(y), torch.tensor(x[:, 4:])
    whole = gaussian.class_posterior(*features, gaussian.supports(5, 2), NOISE)
    monkeypatch.setattr(gaussian, "_MOST", 1)
    parts = gaussian.class_posterior(*features, gaussian.supports(5, 2), NOISE)
    assert all(torch.allclose(a, b, atol=1e-12) for a, b in zip(whole, parts, strict=True))


def test_supports_are_all_and_functions_have_as_many_coefficients_as_said() -> None:
    cases = gaussian.supports(5, 2)
    assert len({tuple(case) for case in cases.tolist()}) == len(cases) == comb(5, 2)
    found = gaussian.sparse(400, 5, 2, torch.Generator().manual_seed(5))
    assert (found.sum(1) == 2).all()
    assert (found.mean(0) - 2 / 5).abs().max() < 0.1


@pytest.mark.parametrize("k", [2, 3, 6])
def test_least_squares_is_the_shortest_of_the_best(k: int) -> None:
    x, y = examples(4, k, 3, seed=k)
    found = gaussian.least_squares(torch.tensor(x[:, :k]), torch.tensor(y), torch.tensor(x[:, k:])).numpy()
    for row, told, values, asked in zip(found, x[:, :k], y, x[:, k:], strict=True):
        assert np.allclose(row, asked @ np.linalg.lstsq(told, values, rcond=None)[0], atol=1e-8)


def test_lasso_shrinks_what_orthogonal_examples_tell() -> None:
    """There it has a closed form: each coefficient is moved towards 0 by the penalty (Tibshirani 1996)."""
    k, p = 8, 4
    told = np.linalg.qr(np.random.default_rng(6).normal(size=(k, p)))[0] * np.sqrt(k)
    y = told @ np.array([2.0, 0.05, -1.0, 0.0])
    penalty = NOISE * np.sqrt(2 * np.log(p) / k)
    best = told.T @ y / k
    shrunk = np.sign(best) * np.maximum(np.abs(best) - penalty, 0)
    assert shrunk[1] == shrunk[3] == 0
    asked = torch.eye(p, dtype=torch.float64)[None]
    found = gaussian.lasso(torch.tensor(told[None]), torch.tensor(y[None]), asked, NOISE)
    assert np.allclose(found.numpy()[0], shrunk, atol=1e-6)


def test_the_mixture_lies_in_the_hull_of_its_classes() -> None:
    x, y = examples(5, 3, 4, seed=7)
    features = torch.tensor(x[:, :3]), torch.tensor(y), torch.tensor(x[:, 3:])
    found = [gaussian.class_posterior(*features, gaussian.supports(4, s), NOISE) for s in (4, 1)]
    means = torch.stack([m for m, _ in found])
    mean, _ = gaussian.mixed(means, torch.stack([e for _, e in found]))
    assert torch.allclose(gaussian.hull_point(means, mean), mean, atol=1e-10)
    assert not torch.allclose(gaussian.hull_point(means, mean + 1), mean + 1, atol=0.1)
