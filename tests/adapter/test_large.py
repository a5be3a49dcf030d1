from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import formal
from formal.text import Rejection


def made() -> formal.Relations:
    points = np.random.default_rng(0).normal(size=(30, 3))
    tasks = {"near_five": (np.linalg.norm(points - points[5], axis=1) < 1).astype(int)}
    return formal.Relations.from_embeddings(points, kernel="cosine", tasks=tasks)


def test_a_closure_is_a_category_up_to_rounding() -> None:
    relations = made()
    assert relations.defect().value > Fraction(1, 10)
    closed = relations.closed(progress=True)
    assert closed.defect(progress=True).value <= Fraction(1, 2**48)
    assert (closed.values >= relations.values).all()
    assert closed.kernel["closed"] is True


def test_nearest_prompts_have_the_gap_that_a_claim_has() -> None:
    relations = made()
    found = relations.nearest_prompts(progress=True)["near_five"]
    for within, outcome in ((found.gap, "proved"), (found.gap - Fraction(1, 10**9), "refuted")):
        answer = formal.ask(f"representable(t, within: {within})", K=relations, t=relations.tasks["near_five"])
        assert answer.outcome == outcome
    assert formal.Relations.from_matrix(np.eye(2)).nearest_prompts() == {}


def test_infinite_distances_are_left_to_claims() -> None:
    distances = formal.Relations.from_matrix(np.array([[0, np.inf], [1, 0]]), base="lawvere", tasks={"t": [0, 1]})
    with pytest.raises(Rejection, match="infinite"):
        distances.nearest_prompts()
