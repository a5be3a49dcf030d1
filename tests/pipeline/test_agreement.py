"""The whole path on random scripts: three ways to decide agree, and the kernel accepts the truth and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formal.certificate.write import write_certificate, write_claim
from formal.decide.decision import Limits, decide
from formal.elaborate.module import Loader, Script
from formal.kernel import Rejected, check
from formal.report.diagnostic import render_plain
from formal.smt.solve import Solver, decide_by_smt, evidence_from
from formal.text import Source
from tests import exhaustive
from tests.pipeline import printed
from tests.pipeline.statement import World, scope_of, statements, worlds

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def solver():
    with Solver() as running:
        yield running


@st.composite
def scripts(draw: st.DrawFn, claims: int = 4) -> tuple[World, list[str]]:
    """A world, and claims about it."""
    world = draw(worlds())
    return world, draw(st.lists(statements(scope_of(world)), min_size=1, max_size=claims))


def elaborated(world: World, claims: list[str]) -> Script:
    """The script of a world and claims, which must have no errors."""
    script = Loader(Path(__file__).parent).elaborate(Source("random.cat", printed.script(world.declarations(), claims)))
    assert not script.diagnostics, script.source.text + "\n".join(map(render_plain, script.diagnostics))
    return script


def assert_decided(world: World, claims: list[str], solver: Solver) -> None:
    script = elaborated(world, claims)
    assert len(script.claims) == len(claims)
    for claim in script.claims:
        truth = exhaustive.holds(claim.formula)
        said = f"{script.source.text}\n{claim.statement} is {truth}"
        written = write_claim(claim.formula)
        for evaluate in (20_000, 0):
            decision = decide(claim.formula, limits=Limits(evaluate=evaluate))
            assert decision.value is truth, said
            certificate = write_certificate(written, truth, decision.evidence, claim.formula)
            assert check(written, certificate).verdict == ("proved" if truth else "refuted"), said
            with pytest.raises(Rejected):
                check(written, write_certificate(written, not truth, decision.evidence, claim.formula))
        answer = decide_by_smt(claim.formula, solver=solver)
        assert answer.value is truth, f"{said}, but Z3: {answer.reason} {answer.detail}"
        evidence = evidence_from(answer, claim.formula)
        if evidence is not None:
            check(written, write_certificate(written, truth, evidence, claim.formula))


@FEW
@given(scripts())
def test_all_routes_agree(solver: Solver, example: tuple[World, list[str]]) -> None:
    assert_decided(*example, solver)


@pytest.mark.slow
@MANY
@given(scripts())
def test_all_routes_agree_at_length(solver: Solver, example: tuple[World, list[str]]) -> None:
    assert_decided(*example, solver)


@FEW
@given(worlds())
def test_a_script_means_the_data_that_it_was_printed_from(world: World) -> None:
    meanings = elaborated(world, []).module.meanings
    for name, category in (("C", world.C), ("D", world.D)):
        read = meanings[name][1]
        objects = range(category.object_count)
        assert read.objects == category.objects
        assert [[len(read.hom(x, y)) for y in objects] for x in objects] == [
            [len(category.hom(x, y)) for y in objects] for x in objects
        ]
        assert all(read.compose(*pair) == read.trace(x, [*w, *v]) for x, w, v, pair in _composites(category, read))
    for name, functor in (("S", world.S), ("T", world.T)):
        read = meanings[name][1]
        assert (read.elements, read.action) == (functor.elements, functor.action)
    if world.phi is not None:
        assert meanings["phi"][1].term.images == world.phi.images


def _composites(category, read):
    """For all composable arrows of a category their words, and the arrows of another with the same words."""
    for f in range(category.arrow_count):
        for g in range(category.arrow_count):
            if category.target(f) == category.source(g):
                x, w, v = category.source(f), category.word(f), category.word(g)
                yield x, w, v, (read.trace(x, w), read.trace(category.source(g), v))
