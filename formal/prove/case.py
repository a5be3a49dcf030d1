"""Case distinction: what remains of an obligation in each case of its negated goal, and one proof from that of each.

To refute that A, and one of B and C, is to refute A and B, and to refute A and C: of goals that are conjunctions, also
below universal quantifiers and implications, the parts are proved one by one. The negated goal is brought into negation
normal form, in which every bound variable has its own name, before it is divided, so a case has its symbols in common
with the whole. What is refuted in a case has fewer terms, and no existential variable below a disjunction that is
decided there.

The instances of all cases together need not refute the whole: a disjunction of universal formulas is instantiated for
the variables of all of them. So each of its instances takes values from one instance in each case. What comes of it is
only a proposal: it is refuted again, and checked.

Source: Chang and Lee, Symbolic Logic and Mechanical Theorem Proving (1973), section 5.7 (splitting).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, product

from formal.herbrand.claim import Claim, Formula
from formal.herbrand.problem import Axiom, Problem, Term
from formal.herbrand.reading import Ledger, Limits, Rejected
from formal.herbrand.skolem import negation_normal_form, read_problem, skolemise
from formal.prove.ground import Instantiation

MOST_COMBINED = 4000
"""How many instances of one axiom are made from those in the cases."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case, as a problem of its own, and the instances that refute it."""

    problem: Problem
    instances: Sequence[Instantiation]


def cases_of(claim: bytes, most: int) -> list[Problem]:
    """The Skolem forms of the cases of a claim, in order; a single one when there is nothing to distinguish.

    Args:
        most: how many there may be; disjunctions that would make more of them stay as they are.
    """
    limits = Limits()
    read, whole = read_problem(claim, limits)
    try:
        negated = negation_normal_form(("not", read.goal), Ledger(limits.claim))
        return [_problem(read, case, whole.digest, Ledger(limits.claim)) for case in alternatives(negated, most)]
    except Rejected:  # the limit, which the whole is just within
        return [whole]


def _problem(claim: Claim, case: Formula, digest: str, ledger: Ledger) -> Problem:
    return skolemise(replace(claim, goal=("not", _as_claimed(case))), digest, ledger)


def _as_claimed(formula: Formula) -> Formula:
    """A formula in negation normal form as claims have it: without a symbol for inequality."""
    match formula:
        case ("and" | "or" as kind, *parts):
            return (kind, *map(_as_claimed, parts))
        case ("forall" | "exists" as kind, telescope, body):
            return (kind, telescope, _as_claimed(body))
        case ("!=", left, right):
            return ("not", ("=", left, right))
        case _:
            return formula


def alternatives(formula: Formula, most: int) -> list[Formula]:
    """Formulas, at most so many, of which one holds if the formula does: below conjunctions and existential quantifiers
    a disjunction is replaced by its parts, the last ones first, for they come from what is to be shown.

    Args:
        formula: in negation normal form; the stack is as deep as its brackets.
    """
    match formula:
        case ("or", *parts) if 1 < len(parts) <= most:
            # Each part is owed one alternative.
            found: list[Formula] = []
            for number, part in enumerate(parts):
                found += alternatives(part, most - len(found) - (len(parts) - number - 1))
            return found
        case ("and", *parts):
            divided: list[list[Formula]] = []
            for part in reversed(parts):
                divided.append(alternatives(part, most))
                most //= len(divided[-1])
            return [("and", *choice) for choice in product(*reversed(divided))]
        case ("exists", telescope, body):
            return [("exists", telescope, part) for part in alternatives(body, most)]
        case _:
            return [formula]


def combined(whole: Problem, cases: Sequence[Case]) -> list[Instantiation]:
    """Instances for the whole: those of laws and hypotheses in each case; those of the negated goal put together."""
    shared = [(name, terms) for case in cases for name, terms in case.instances if not is_of_goal(name)]
    values = [list(_values(case)) for case in cases]
    own = [
        (axiom.name, tuple(chosen[name] for name in axiom.explicit))
        for axiom in whole.axioms.values()
        if is_of_goal(axiom.name)
        for chosen in islice(_choices(axiom, values), MOST_COMBINED)
    ]
    return list(dict.fromkeys([*shared, *own]))


def is_of_goal(name: str) -> bool:
    """Whether an axiom of a Skolem form is a part of the negated goal."""
    return name == "goal" or name.startswith("goal#")


def _values(case: Case) -> Iterator[dict[str, Term]]:
    """What the variables of the negated goal stand for, by instance."""
    for name, terms in case.instances:
        if is_of_goal(name):
            yield dict(zip(case.problem.axioms[name].explicit, terms, strict=True))


def _choices(axiom: Axiom, values: Sequence[Sequence[dict[str, Term]]]) -> Iterator[dict[str, Term]]:
    """Values for all explicit variables of an axiom, taken from one instance in each case."""
    by_case = []
    for instances in values:
        relevant = [tuple((v, found[v]) for v in axiom.explicit if v in found) for found in instances]
        by_case.append(list(dict.fromkeys(relevant)) or [()])
    for choice in product(*by_case):
        found = {variable: term for part in choice for variable, term in part}
        if len(found) == len(axiom.explicit):
            yield found
