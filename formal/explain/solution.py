"""For which numbers a claim with a parameter holds, in words."""

from __future__ import annotations

from formal.solve.show import Names
from formal.solve.solution import Solution, Status
from formal.verdict.result import Explanation, Line

_SAYS = {
    Status.HOLDS: "it holds for",
    Status.FAILS: "it fails for",
    Status.UNKNOWN: "it is open for",
    Status.UNDEFINED: "it has no meaning for",
}


def explain_solution(solution: Solution) -> Explanation:
    """The explanation of a verdict on all numbers of a range."""
    name = solution.parameter.name
    found = {piece.status for piece in solution.pieces}
    lines = tuple(
        Line(0, f"{says} {name} in {solution.text_of(status)}") for status, says in _SAYS.items() if status in found
    )
    whole = f"[{solution.parameter.lower}, {solution.parameter.upper}]"
    if solution.truth:
        return Explanation(f"it holds for all {name} in {whole}")
    at = solution.counterexample
    if at is None:
        return Explanation(f"it is not known to hold for all {name} in {whole}", lines)
    names = Names(name)
    return Explanation(f"it fails for {name} = {names.explained(names.text(at))}", lines)
