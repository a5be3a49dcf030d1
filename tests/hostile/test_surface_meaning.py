"""Verdicts on random scripts about relations are those of the reference: nothing is turned around on the way."""

from __future__ import annotations

from fractions import Fraction

import pytest

from formal.verify.options import Options
from formal.verify.run import check_text
from tests.hostile.surface import Scripts

OPTIONS = Options(cache=False)
EIGHTHS = [Fraction(n, 8) for n in range(9)]


def outcomes(text: str) -> dict[str, str]:
    """The outcomes by name; nothing is wrong with the script, and nothing crashes."""
    found = check_text(text, OPTIONS)
    assert [d.message for d in found.diagnostics if d.severity == "error"] == []
    assert [(claim.name, claim.reason) for claim in found.claims if claim.trouble is not None] == []
    return {claim.name: claim.outcome.value for claim in found.claims}


@pytest.mark.parametrize("seed", range(24))
def test_claims_about_numbers(seed: int) -> None:
    scripts = Scripts(seed)
    text, claims = scripts.script(10)
    found, world = outcomes(text), scripts.world(Fraction(0))
    expected = {True: "proved", False: "refuted", None: "unknown"}
    wrong = {c.text: found[f"c{i}"] for i, c in enumerate(claims) if found[f"c{i}"] != expected[c.value(world)]}
    assert wrong == {}, text


@pytest.mark.parametrize("seed", range(100, 112))
def test_claims_about_boxes(seed: int) -> None:
    """A verdict is that of all numbers in the boxes."""
    scripts = Scripts(seed, boxes=True)
    text, claims = scripts.script(10)
    found, worlds = outcomes(text), list(scripts.worlds(8))
    for index, claim in enumerate(claims):
        against = {"proved": False, "refuted": True, "unknown": "nothing"}[found[f"c{index}"]]
        assert against not in [claim.value(world) for world in worlds], f"{claim.text}\n{text}"


@pytest.mark.parametrize("seed", range(200, 208))
def test_claims_with_a_parameter(seed: int) -> None:
    """A claim that is proved holds for all numbers of the range."""
    scripts = Scripts(seed, parameter=True)
    text, claims = scripts.script(8)
    found = outcomes(text)
    for index, claim in enumerate(claims):
        if found[f"c{index}"] == "proved":
            assert False not in [claim.value(scripts.world(p)) for p in EIGHTHS], f"{claim.text}\n{text}"
