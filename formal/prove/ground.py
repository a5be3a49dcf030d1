"""Ground instances: which of them, together, have no model.

An instance says that if its terms denote, its matrix holds. Equality is all that has to be known about, so Z3 decides
such sets without quantifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from formal.herbrand.problem import Problem, Term
from formal.prove.child import MEMORY, SECONDS, Child, Job, Reply, Status
from formal.prove.smtlib import Symbols, implication
from formal.prove.term import IllSorted, Typing, size

Instantiation = tuple[str, tuple[Term, ...]]
"""The name of an axiom, and a term for each of its explicit variables."""


def well_sorted(problem: Problem, typing: Typing, found: Iterable[Instantiation]) -> list[Instantiation]:
    """Each of these instances that has one, once, smallest first; and all axioms that have no variables."""
    kept: dict[Instantiation, int] = {}
    closed = [(name, ()) for name, axiom in problem.axioms.items() if not axiom.explicit]
    for name, terms in [*closed, *found]:
        axiom = problem.axioms[name]
        try:
            typing.bind(axiom.variables, axiom.explicit, terms)
        except IllSorted:
            continue
        kept[name, terms] = sum(map(size, terms))
    return sorted(kept, key=lambda instance: kept[instance])


def ground_text(problem: Problem, typing: Typing, instances: list[Instantiation]) -> bytes:
    """The instances as SMT-LIB: the constant ``n7`` implies the eighth."""
    symbols = Symbols(problem)
    lines = list(symbols.declarations())
    for number, (name, terms) in enumerate(instances):
        conditions, matrix = typing.instance(problem.axioms[name], terms)
        text = implication([f"n{number}", *map(symbols.matrix, conditions)], symbols.matrix(matrix))
        lines += [f"(declare-const n{number} Bool)", f"(assert {text})"]
    return "\n".join([*lines, ""]).encode("ascii")


def refute(
    child: Child,
    problem: Problem,
    typing: Typing,
    instances: list[Instantiation],
    resources: int,
    stop: Callable[[], bool],
    *,
    memory: int = MEMORY,
    seconds: float = SECONDS,
) -> tuple[list[Instantiation] | None, Reply]:
    """A least set of instances without models; None where there is none, or none is found.

    Least: none can be left out. Larger ones are tried first.

    Args:
        memory, seconds: as in ``Job``.
    """
    job = Job(
        "ground",
        ground_text(problem, typing, instances),
        resources=resources,
        check=max(1, resources // 10),
        count=len(instances),
        memory=memory,
        seconds=seconds,
    )
    reply = child.ask(job, stop)
    if reply.status is not Status.UNSAT or not isinstance(reply.body, list):
        return None, reply
    numbers = [n for n in reply.body if isinstance(n, int) and 0 <= n < len(instances)]
    return [instances[number] for number in numbers], reply
