"""Classes of functions with independent normal coefficients, whose Bayes predictors are exact.

A class is a family of *cases*, all as likely: in each the coefficients of p features are independent and normal, with
given standard deviations; 0 leaves a feature out. A sparse class has a case for each support. Told are values with
normal noise. The Bayes predictor of a case is a ridge regression; that of a class, or of a mixture of classes in equal
parts, is the mean of its cases' weighted by their evidence. So in each context it is a convex combination of them:
it lies in their *hull*, with one weight for each context.

Source: Rasmussen, Williams 2006, 2.1 (posterior mean and evidence); Yadlowsky, Doshi, Tripuraneni 2023.
"""

from __future__ import annotations

import math
from itertools import combinations

import torch
from torch import Tensor

_MOST = 2**24
"""Numbers in an array of features, for as many cases at a time as it has room for."""


def supports(features: int, nonzero: int) -> Tensor:
    """Standard deviations of the class with some coefficients that are not 0, shape (cases, features), float64."""
    chosen = list(combinations(range(features), nonzero))
    found = torch.zeros(len(chosen), features, dtype=torch.float64)
    for case, places in zip(found, chosen, strict=True):
        case[list(places)] = 1.0
    return found


def sparse(number: int, features: int, nonzero: int, generator: torch.Generator) -> Tensor:
    """Standard deviations of functions of the class with some coefficients that are not 0, shape (number, features)."""
    device = generator.device
    order = torch.rand(number, features, generator=generator, device=device).argsort(1).argsort(1)
    return (order < nonzero).double()


def posterior(told: Tensor, y: Tensor, asked: Tensor, scale: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """Posterior means of what is asked, and the logarithm of the evidence of what is told, but for a constant.

    Args:
        told, asked: features, shapes (n, k, p) and (n, q, p).
        y: what is told, shape (n, k).
        scale: standard deviations of the coefficients, one broadcast with (…, n, p).
        noise: the standard deviation of what is told.
    Returns:
        shapes (…, n, q) and (…, n).
    """
    told, asked = told * scale[..., None, :], asked * scale[..., None, :]
    covariance = told @ told.mT + noise**2 * torch.eye(told.shape[-2], dtype=told.dtype, device=told.device)
    factor = torch.linalg.cholesky(covariance)
    solved = torch.cholesky_solve(y[..., None].expand(*told.shape[:-1], 1), factor)[..., 0]
    mean = torch.einsum("...qp,...kp,...k->...q", asked, told, solved)
    evidence = -0.5 * (y * solved).sum(-1) - torch.log(torch.diagonal(factor, dim1=-2, dim2=-1)).sum(-1)
    return mean, evidence


def class_posterior(told: Tensor, y: Tensor, asked: Tensor, cases: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """The same for a class, shapes (n, q) and (n,).

    Args:
        cases: standard deviations, shape (cases, p).
    """
    size = max(1, _MOST // max(1, told.numel() + asked.numel()))
    found = [posterior(told, y, asked, part[:, None], noise) for part in torch.split(cases, size)]
    return mixed(torch.cat([mean for mean, _ in found]), torch.cat([evidence for _, evidence in found]))


def mixed(means: Tensor, evidences: Tensor) -> tuple[Tensor, Tensor]:
    """Posterior means and evidence of a mixture in equal parts; shapes (m, n, q) and (m, n) become (n, q) and (n,)."""
    weights = torch.softmax(evidences, dim=0)
    together = torch.logsumexp(evidences, dim=0) - math.log(len(evidences))
    return (weights[..., None] * means).sum(0), together


def hull_point(means: Tensor, truth: Tensor) -> Tensor:
    """The nearest convex combination of one or two predictors to the truth, one weight a context; shape (n, q)."""
    if len(means) == 1:
        return means[0]
    left, right = means
    along = right - left
    weight = ((truth - left) * along).sum(-1) / (along * along).sum(-1).clamp_min(1e-30)
    return left + weight.clamp(0, 1)[:, None] * along


def least_squares(told: Tensor, y: Tensor, asked: Tensor) -> Tensor:
    """What the shortest coefficients of the least squared error predict, shape (n, q)."""
    return (asked @ (torch.linalg.pinv(told) @ y[..., None]))[..., 0]


def lasso(told: Tensor, y: Tensor, asked: Tensor, noise: float) -> Tensor:
    """What Lasso predicts, with the penalty s sqrt(2 log(p) / k) for noise of deviation s; shape (n, q).

    Source: Bickel, Ritov, Tsybakov 2009 (the penalty); scikit-learn's coordinate descent.
    """
    from sklearn.linear_model import Lasso

    k, p = told.shape[1:]
    model = Lasso(alpha=noise * math.sqrt(2 * math.log(p) / k), fit_intercept=False, max_iter=100_000, tol=1e-6)
    rows = zip(told.numpy(), y.numpy(), strict=True)
    found = torch.stack([torch.from_numpy(model.fit(x, values).coef_.copy()) for x, values in rows])
    return (asked @ found[..., None])[..., 0]
