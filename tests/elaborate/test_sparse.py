"""Quantifiers over the arrows between two objects, where most pairs of objects have no arrows between them."""

from __future__ import annotations

import pytest

from formal.elaborate import quantifier
from formal.verdict.result import FileResult, Outcome
from formal.verify.options import Options
from formal.verify.run import check_text


def script(orbits: int) -> str:
    """Claims about the arrows of some orbits, and one component of another kind."""
    return f"""
    category Turn   {{ objects x arrows r: x -> x equations r^3 = id(x) }}
    category Mixed  {{ objects a, b arrows n: a -> a, h: a -> b equations n^2 = n, n >> h = h }}
    category Turns  = Turn * discrete({", ".join(f"i{k}" for k in range(orbits))})
    category Sparse = Mixed + Turns
    claim turns_back:  groupoid(Turns)
    claim all_back:    groupoid(Sparse)                                                              expect refuted
    claim no_two:      thin(Turns)                                                                   expect refuted
    claim backwards:   forall X in Sparse, Y in Sparse, f: Y -> X. f >> id(X) = f and id(Y) >> f = f
    claim one_way:     exists X in Sparse, Y in Sparse, f: X -> Y. X != Y
    claim loops:       forall X in Sparse, Y in Sparse, f: X -> Y. X = Y                             expect refuted
    claim represented: forall X in Turns, Y in Turns, f: X -> Y. equinumerous(y(X)(X), y(Y)(X))
    claim nested:      forall X in Turns, Y in Turns, f: X -> Y. exists Z in Turns, W in Turns, g: Z -> W. f = g
    """


SCRIPT, SMALL = script(32), script(27)


def outcomes(file: FileResult) -> dict[str, Outcome]:
    assert file.diagnostics == ()
    assert all(claim.certified for claim in file.claims)
    return {claim.name: claim.outcome for claim in file.claims}


def test_they_mean_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    options = Options(engine="direct", cache=False)
    over_arrows = check_text(SCRIPT, options)
    assert all(claim.as_expected for claim in over_arrows.claims)
    monkeypatch.setattr(quantifier, "SPARSE", 10**9)
    over_pairs = check_text(SCRIPT, options)
    assert outcomes(over_arrows) == outcomes(over_pairs)
    changed = {a.name for a, b in zip(over_arrows.claims, over_pairs.claims, strict=True) if a.claim != b.claim}
    assert changed == set(outcomes(over_pairs)) - {"represented"}


def test_the_engines_agree() -> None:
    assert all(claim.as_expected for claim in check_text(SMALL, Options(engine="both", cache=False)).claims)


def test_steps_grow_with_the_arrows() -> None:
    def steps(orbits: int) -> int:
        text = f"""
        category Turn  {{ objects x arrows r: x -> x equations r^3 = id(x) }}
        category Turns = Turn * discrete({", ".join(f"i{k}" for k in range(orbits))})
        claim c: groupoid(Turns)
        """
        (claim,) = check_text(text, Options(engine="direct", cache=False)).claims
        return dict(claim.resources)["steps"]

    assert steps(60) <= 3 * steps(20)


def test_mistakes_are_told_in_the_names_of_the_script() -> None:
    (diagnostic,) = check_text(SCRIPT + "claim c: forall X in Sparse, Y in Sparse, f: X -> Y. f >> f = f").diagnostics
    assert diagnostic.primary is not None
    assert diagnostic.primary.message == "expected an arrow from `Y`, found `f: X -> Y`"
