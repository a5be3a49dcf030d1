"""What the page on trained models is made from: the table of results, the scripts, and the manifests of the bundles."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.story.result import Check, Result, Table, named, read_table
from tests.story.statement import Statement, Trained, read_statements, read_trained

FOLDER = Path(__file__).parents[2] / "proofs" / "models"


@dataclass(frozen=True, slots=True)
class Material:
    """All that the page is made from but the report.

    Args:
        results: those that there are statements for, with such of their checks.
    """

    table: Table
    results: tuple[Result, ...]
    statements: tuple[Statement, ...]
    trained: tuple[Trained, ...]


def read_material(folder: Path = FOLDER, only: Container[str] | None = None) -> Material:
    """The table, the scripts and the manifests of a folder.

    Args:
        only: the names of the folders in it that are read; all when left out.
    """
    trained = read_trained(folder)
    table = read_table(folder / "results.toml")
    every = read_statements(folder, trained)
    statements = tuple(each for each in every if only is None or not each.folder or each.folder in only)
    scripts = {each.script for each in statements}
    results = tuple(
        replace(result, checks=tuple(check for check in result.checks if check.script in scripts))
        for result in table.results
    )
    bundles = tuple(each for each in trained.values() if only is None or each.folder in only)
    return Material(table, tuple(result for result in results if result.checks), statements, bundles)


def statements_of(result: Result, material: Material) -> tuple[Statement, ...]:
    """The claims and cross-checks that a result names."""
    found = [each.statement for check in result.checks for each in named(check, material.statements)]
    return tuple(dict.fromkeys(found))


def bundles_of(statements: Iterable[Statement]) -> tuple[Trained, ...]:
    """The bundles that they speak of."""
    found = {(bundle.folder, bundle.name): bundle for each in statements for bundle in each.bundles}
    return tuple(found[key] for key in sorted(found))


def unplaced(material: Material) -> tuple[Statement, ...]:
    """The claims and cross-checks that no result names."""
    placed = {each for result in material.results for each in statements_of(result, material)}
    return tuple(each for each in material.statements if each not in placed)


def every_check(material: Material) -> Iterator[Check]:
    """The checks of all results, then one for each name that none has."""
    for result in material.results:
        yield from result.checks
    yield from unplaced_checks(material)


def unplaced_checks(material: Material) -> Iterator[Check]:
    """A check for each name, or for all names that differ in a seed."""
    found: dict[tuple[str, str], None] = {}
    for each in unplaced(material):
        match = re.fullmatch(r"(.+?)(\d+)", each.name)
        seeds = {seed for bundle in each.bundles for seed in bundle.seeds}
        is_seed = match is not None and int(match[2]) in seeds and len(seeds) > 0 and each.older
        found[each.script, f"{match[1]}{{seed}}" if match is not None and is_seed else each.name] = None
    for script, name in found:
        yield Check(script, (name,), f"`{name.replace('_{seed}', '').replace('{seed}', '')}`", "M")
