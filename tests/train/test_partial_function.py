"""Contexts are counted as the presheaf of a class says, held against enumeration; classes are what they are called."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.train.partial_function import (
    OPEN,
    affine,
    bayes,
    combinations,
    contexts,
    counts,
    extensions,
    functions,
    of_all,
    others,
    text,
    thresholds,
)


@given(st.sets(st.integers(0, 7), min_size=1), st.integers(0, 26))
@settings(max_examples=60)
def test_bayes_is_the_ratio_of_what_extends_a_context(chosen: set[int], number: int) -> None:
    among, s = functions(3)[sorted(chosen)], contexts(3)[number]
    left = [f for f in among if all(a in (OPEN, b) for a, b in zip(s, f, strict=True))]
    total, ones = counts(s[None], among)
    assert total[0] == len(left)
    assert ones[0].tolist() == [int(sum(f[i] for f in left)) for i in range(3)]
    found = bayes(s[None], among)[0]
    if left:
        assert found.tolist() == [float(Fraction(int(n), len(left))) for n in ones[0]]
    else:
        assert np.isnan(found).all()


def test_a_class_is_a_presheaf() -> None:
    """What extends a context extends all that say less."""
    every, known = contexts(3), extensions(contexts(3), functions(3)[[1, 2, 6]])
    for i, s in enumerate(every):
        for j, t in enumerate(every):
            if ((t == OPEN) | (t == s)).all():
                assert (known[i] <= known[j]).all()


def test_all_functions_leave_open_what_is_open() -> None:
    every = contexts(4)
    assert (bayes(every, functions(4)) == of_all(every)).all()
    assert len({text(s) for s in every}) == 81


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_affine_functions_are_those_whose_sums_over_planes_vanish(dimension: int) -> None:
    points = 2**dimension
    every = functions(points)
    wanted = {
        text(f)
        for f in every
        if all(
            (f[x] + f[y] + f[z] + f[x ^ y ^ z]) % 2 == 0
            for x in range(points)
            for y in range(points)
            for z in range(points)
        )
    }
    found = affine(dimension)
    assert {text(f) for f in found} == wanted
    assert len(found) == len(wanted) == 2 * points


def test_thresholds_change_once_at_most() -> None:
    found = thresholds(8)
    assert len({text(f) for f in found}) == len(found) == 16
    assert all(np.abs(np.diff(f.astype(int))).sum() <= 1 for f in found)


def test_sums_of_one_of_each_and_all_others() -> None:
    parts = affine(3), thresholds(8)
    mixture = np.concatenate(parts)
    sums = combinations(*parts)
    rest = others(others(functions(8), mixture), sums)
    assert (len({text(f) for f in mixture}), len(sums), len(rest)) == (28, 68, 160)
    assert "00110100" not in {text(f) for f in mixture}


def test_bayes_of_a_mixture_is_in_the_hull_of_its_parts() -> None:
    """With the weights that the cardinalities have, one weight a context."""
    every, parts = contexts(8), (affine(3), thresholds(8))
    (left, _), (right, _) = (counts(every, part) for part in parts)
    both = (left > 0) & (right > 0)
    weight = (left / (left + right).clip(1))[:, None]
    mixed = weight * bayes(every, parts[0]) + (1 - weight) * bayes(every, parts[1])
    assert np.allclose(mixed[both], bayes(every, np.concatenate(parts))[both], atol=1e-12)
