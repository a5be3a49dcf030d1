"""Speed of the direct decision of quantified formulas: a hundred arrows, next to plain enumeration."""

import time

import numpy as np
import pytest

from formal.core.category import Category, Generator
from formal.decide.decision import decide
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive

pytestmark = pytest.mark.benchmark


def chain_square(size: int) -> Category:
    """The product of two chains, as a thin category from tables."""
    points = [(a, b) for a in range(size) for b in range(size)]
    pairs = [((a, b), (c, d)) for a, b in points for c, d in points if a <= c and b <= d]
    pairs.sort(key=lambda pair: (pair[0] != pair[1], pair[1][0] - pair[0][0] + pair[1][1] - pair[0][1], pair))
    number = {pair: f for f, pair in enumerate(pairs)}
    place = {point: x for x, point in enumerate(points)}
    covers = [(p, q) for p in points for q in ((p[0], p[1] + 1), (p[0] + 1, p[1])) if q in place]
    generator = {cover: g for g, cover in enumerate(covers)}
    parent, last, steps = [], [], []
    for p, q in pairs:
        before = (q[0] - 1, q[1]) if q[0] > p[0] else (q[0], q[1] - 1)
        parent.append(-1 if p == q else number[p, before])
        last.append(-1 if p == q else generator[before, q])
        steps += [number[p, cover[1]] for cover in covers if cover[0] == q]
    return Category(
        "chain * chain",
        tuple(f"{a}{b}" for a, b in points),
        tuple(Generator(f"g{g}", place[p], place[q], number[p, q]) for (p, q), g in generator.items()),
        *(np.array([place[pair[k]] for pair in pairs], dtype=np.int32) for k in (0, 1)),
        np.array(parent, dtype=np.int32),
        np.array(last, dtype=np.int32),
        np.array(steps, dtype=np.int32),
    )


def has_products(C: Category) -> L.Formula:  # noqa: N803
    """forall X, Y. exists P, p: P -> X, q: P -> Y. forall Z, a, b. exists! m. m >> p = a and m >> q = b."""
    X, Y, P, Z = (L.Variable(name, L.Objects(C)) for name in "XYPZ")  # noqa: N806
    p, q = L.Variable("p", L.Arrows(C, P, X)), L.Variable("q", L.Arrows(C, P, Y))
    a, b = L.Variable("a", L.Arrows(C, Z, X)), L.Variable("b", L.Arrows(C, Z, Y))
    m = L.Variable("m", L.Arrows(C, Z, P))
    formula: L.Formula = L.And((L.Equal(L.Composite(C, m, p), a), L.Equal(L.Composite(C, m, q), b)))
    formula = L.Quantified(L.Quantifier.EXISTS_UNIQUE, m, formula)
    for variable in (b, a, Z):
        formula = L.Quantified(L.Quantifier.FORALL, variable, formula)
    for variable in (q, p, P):
        formula = L.Quantified(L.Quantifier.EXISTS, variable, formula)
    for variable in (Y, X):
        formula = L.Quantified(L.Quantifier.FORALL, variable, formula)
    return formula


def test_products_in_a_hundred_arrows(benchmark) -> None:
    formula = has_products(chain_square(4))
    assert benchmark(lambda: decide(formula)).value


def test_products_against_plain_enumeration(benchmark) -> None:
    formula = has_products(chain_square(2))
    start = time.perf_counter()
    assert exhaustive.holds(formula)
    plain = time.perf_counter() - start
    start = time.perf_counter()
    assert benchmark.pedantic(lambda: decide(formula).value, rounds=1, iterations=1)
    benchmark.extra_info["times faster"] = round(plain / (time.perf_counter() - start), 1)
