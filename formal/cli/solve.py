"""``formal solve``: the numbers of a parameter for which a claim about relations holds, exactly."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.discover import scripts_with
from formal.cli.option import in_script
from formal.cli.terminal import put, say
from formal.text.escape import terminal
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.elaborate.enriched import RelationClaim
    from formal.elaborate.module import Script
    from formal.enriched.evidence import Algebraic
    from formal.solve import Solution
    from formal.solve.boundary import Boundary
    from formal.valuation import Limits
    from formal.verify.parameter import Solved

_NUMBER = re.compile(r"([A-Za-z_][\w']*)\s*=\s*(-?\d+(?:\.\d+|/\d*[1-9]\d*)?)", re.ASCII)


def _settings(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> dict[str, Fraction]:
    """``p=1/3``, each name once."""
    found: dict[str, Fraction] = {}
    for value in values:
        match = _NUMBER.fullmatch(value.strip())
        if match is None:
            message = f"`{value}` is not of the form NAME=NUMBER with a rational number, such as p=1/3"
            raise click.BadParameter(message, context, parameter)
        if match[1] in found:
            raise click.BadParameter(f"`{match[1]}` is given twice", context, parameter)
        found[match[1]] = Fraction(match[2])
    return found


@click.command(short_help="For which numbers of a parameter does a claim hold?")
@click.argument("name")
@in_script("states")
@click.option(
    "--set", "settings", multiple=True, callback=_settings, metavar="P=NUMBER", help="Give a parameter a value."
)
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Budget, in elementary operations.")
@click.option("--no-smt", is_flag=True, help="Do not ask Z3 for a second opinion; the kernel checks in any case.")
@click.option("--cells", is_flag=True, help="Show the cells that the answer is put together from.")
@click.option(
    "-o", "--output", type=click.Choice(["full", "json"]), default="full", show_default=True, help="How it is written."
)
def solve(
    name: str,
    file: str | None,
    settings: Mapping[str, Fraction],
    steps: int | None,
    no_smt: bool,
    cells: bool,
    output: str,
) -> int:
    """Tell for which numbers of its parameter the claim called NAME holds: a union of intervals, exactly.

    NAME may be SCRIPT.cat:NAME, too. The answer is re-checked by the kernel, cell by cell, and by Z3.

    \b
    Examples:
      formal solve composes
      formal solve composes --in relations.cat --set q=1/2
      formal solve relations.cat:composes --output json

    \b
    Exit status: 0 decided for all numbers, 3 not for some, 2 usage or bad input,
    4 the kernel or Z3 disagrees with the answer.
    """
    from formal.solve.boundary import Agreement, prove_boundary
    from formal.valuation import Limits, parameters
    from formal.verify.parameter import solve_formula

    claim, path = _claim_named(name, file, settings)
    limits = Limits() if steps is None else Limits(steps=steps)
    if not parameters(claim.formula):
        return _closed(claim, path, limits, output)
    solved = solve_formula(claim.formula, limits)
    boundary = None if no_smt or solved.accepted is None else prove_boundary(claim.formula, solved.solution)
    if output == "json":
        put(f"{json.dumps(_document(claim, path, settings, solved, boundary), indent=2, ensure_ascii=False)}\n")
    else:
        put(_text(claim, settings, solved, boundary, cells))
    if (solved.accepted is None and not solved.is_given_up) or (
        boundary is not None and boundary.agreement is Agreement.REFUTED
    ):
        return int(ExitCode.INTERNAL)
    is_decided = solved.accepted is not None and solved.solution.is_complete
    return int(ExitCode.AS_EXPECTED if is_decided else ExitCode.INCONCLUSIVE)


def _closed(claim: RelationClaim, path: Path, limits: Limits, output: str) -> int:
    """A claim that leaves no number open: whether it holds."""
    from formal.verify.enriched import decide_relation_claim
    from formal.verify.options import Options

    result = decide_relation_claim(claim, path.as_posix(), Options(cache=False, steps=limits.steps))
    if output == "json":
        document = {
            "claim": claim.name,
            "file": path.as_posix(),
            "statement": claim.statement,
            "parameter": None,
            "outcome": result.outcome.value,
            "certified": result.certified,
            "reason": result.reason,
        }
        put(f"{json.dumps(document, indent=2, ensure_ascii=False)}\n")
    else:
        reason = f": {result.reason}" if result.reason else ""
        put(terminal(f"{claim.name}: {result.outcome.value}, no parameter is open{reason}") + "\n")
    if result.trouble is not None:
        return int(ExitCode.INTERNAL)
    return int(ExitCode.AS_EXPECTED if result.certified else ExitCode.INCONCLUSIVE)


# --- which claim ----------------------------------------------------------------------------------


def _claim_named(name: str, file: str | None, settings: Mapping[str, Fraction]) -> tuple[RelationClaim, Path]:
    """The claim of that name in a script, or in the only script that has one.

    Raises:
        click.UsageError: there is none, there are several, it is not about relations, or it has errors.
    """
    script, _, rest = name.rpartition(":")
    if file is None and script.rstrip(":").endswith(".cat"):
        file, name = script.rstrip(":"), rest
        if not Path(file).is_file():
            raise click.UsageError(f"`{file}` does not exist")
    if file is not None:
        return _in(Path(file), name, settings), Path(file)
    word = re.compile(rf"claim\s+\"?{re.escape(name)}(?![\w'])")
    stating = scripts_with(word)
    if not stating:
        raise click.UsageError(f"no script here has a claim `{name}`; --in FILE says where to look")
    if len(stating) > 1:
        places = ", ".join(map(str, stating))
        raise click.UsageError(f"several scripts have a claim `{name}`: {places}; --in FILE says which one is meant")
    return _in(stating[0], name, settings), stating[0]


def _in(path: Path, name: str, settings: Mapping[str, Fraction]) -> RelationClaim:
    from formal.elaborate.module import Loader, find_root
    from formal.elaborate.relation import ParameterOf
    from formal.elaborate.scope import Poisoned

    script = Loader(find_root(path), settings).load(path)
    meanings = {word: meaning for word, (_, meaning) in script.module.meanings.items()}
    names = [word for word, meaning in meanings.items() if isinstance(meaning, ParameterOf)]
    unused = [word for word in settings if not isinstance(meanings.get(word), ParameterOf | Poisoned)]
    if unused:
        raise click.UsageError(f"`{path}` has no parameter `{unused[0]}`{_those(names)}")
    if any(isinstance(meanings.get(word), Poisoned) for word in settings):
        raise click.UsageError(_missing(script, path, name))
    for claim in script.relation_claims:
        if claim.name == name:
            return claim
    if any(claim.name == name for claim in script.claims):
        raise click.UsageError(f"the claim `{name}` is not about relations: it has no parameter to solve for")
    raise click.UsageError(_missing(script, path, name))


def _missing(script: Script, path: Path, name: str) -> str:
    from formal.report.diagnostic import render_plain
    from formal.report.verdict import is_error

    errors = [diagnostic for diagnostic in script.diagnostics if is_error(diagnostic)]
    for diagnostic in errors:
        say(f"{render_plain(diagnostic)}\n")
    close = get_close_matches(name, [claim.name for claim in script.relation_claims], n=1)
    hint = f"; did you mean `{close[0]}`?" if close else ""
    return f"`{path}` has no claim `{name}` about relations{' without errors' if errors else ''}{hint}"


def _those(names: Sequence[str]) -> str:
    return "" if not names else f"; it has {' and '.join(f'`{name}`' for name in names)}"


# --- the answer -----------------------------------------------------------------------------------


def _text(
    claim: RelationClaim,
    settings: Mapping[str, Fraction],
    solved: Solved,
    boundary: Boundary | None,
    shows_cells: bool,
) -> str:
    from formal.explain.solution import explain_solution

    solution = solved.solution
    parameter, explanation = solution.parameter, explain_solution(solution)
    given = "".join(f", {name} = {value}" for name, value in settings.items())
    lines = [
        f"{claim.name}: {claim.statement}",
        f"  parameter {parameter.name} in [{parameter.lower}, {parameter.upper}]{given}",
        *(f"  {line}" for line in ([line.text for line in explanation.lines] or [explanation.summary])),
    ]
    lines += [f"  because {piece.reason}" for piece in solution.pieces if piece.reason][:1]
    lines.append(f"  {_kernel(solved)}")
    if boundary is not None:
        lines.append(f"  {_second_opinion(boundary)}")
    if shows_cells:
        lines += _cells(solution)
    return "".join(f"{terminal(line)}\n" for line in lines)


def _kernel(solved: Solved) -> str:
    if solved.accepted is None:
        return f"NOT certified, the kernel says: {solved.rejection}"
    count = len(solved.solution.decomposition.cells)
    return f"certified: the kernel re-checked {count} cells"


def _second_opinion(boundary: Boundary) -> str:
    from formal.solve.boundary import Agreement

    match boundary.agreement:
        case Agreement.PROVED:
            return f"Z3 proves the same of {'the piece' if boundary.asked == 1 else f'all {boundary.asked} pieces'}"
        case Agreement.PARTLY:
            return f"Z3 proves the same of {boundary.proved} of {boundary.asked} pieces: {boundary.reason}"
        case Agreement.REFUTED:
            return f"DISAGREEMENT: {boundary.reason}"
        case Agreement.SKIPPED:
            return boundary.reason


def _cells(solution: Solution) -> list[str]:
    from formal.solve.show import Names, show_pieces

    lines = ["  cells:"]
    for cell in solution.decomposition.cells:
        names = Names(solution.parameter.name)
        is_point = cell.lower == cell.upper
        where = show_pieces([(cell.lower, cell.upper, is_point, is_point)], names)
        lines.append(names.explained(f"    {cell.truth:7} {where}"))
    return lines


def _document(
    claim: RelationClaim,
    path: Path,
    settings: Mapping[str, Fraction],
    solved: Solved,
    boundary: Boundary | None,
) -> dict[str, Any]:
    """The answer as data; rational numbers are strings, algebraic ones a polynomial and an interval."""
    solution = solved.solution
    parameter = solution.parameter
    from formal.solve import Status

    return {
        "claim": claim.name,
        "file": path.as_posix(),
        "statement": claim.statement,
        "parameter": {"name": parameter.name, "lower": str(parameter.lower), "upper": str(parameter.upper)},
        "set": {name: str(value) for name, value in settings.items()},
        "outcome": solved.outcome.value,
        "certified": solved.accepted is not None,
        "rejection": solved.rejection,
        **{status.value: solution.text_of(status) for status in Status},
        "pieces": [
            {
                "lower": _number(piece.lower),
                "upper": _number(piece.upper),
                "has_lower": piece.has_lower,
                "has_upper": piece.has_upper,
                "status": piece.status.value,
                "reason": piece.reason,
            }
            for piece in solution.pieces
        ],
        "cells": [
            {"lower": _number(c.lower), "upper": _number(c.upper), "sample": _number(c.sample), "truth": c.truth}
            for c in solution.decomposition.cells
        ],
        "smt": None
        if boundary is None
        else {
            "agreement": boundary.agreement.value,
            "proved": boundary.proved,
            "asked": boundary.asked,
            "reason": boundary.reason,
            "solver": boundary.solver,
        },
        "resources": {"steps": solution.steps, "rlimit": 0 if boundary is None else boundary.resources},
    }


def _number(number: Algebraic) -> Any:
    from formal.solve.show import decimal

    if number.lower == number.upper:
        return str(number.lower)
    return {
        "polynomial": [str(coefficient) for coefficient in number.polynomial],
        "lower": str(number.lower),
        "upper": str(number.upper),
        "decimal": decimal(number),
    }
