"""A claim and its certificate, as bytes: accepted or rejected.

A claim says that from axioms follows a goal, in all models: families of sets Ob(C), Hom(C; x, y), El(T; x), any of
them empty, different fibres having nothing in common, with functions that are defined on all arguments of the right
types. Accepted means that this is so.

*Why.* Suppose there were a model of the axioms in which the goal fails. The laws of categories and of actions hold in
it, so all formulas of the Skolem form do, for a suitable choice of values: an existential variable below no
disjunction has a value wherever the universal variables above it have; one below a disjunction has a value where its
part of the disjunction is the true one. Let all fibres of a sort be disjoint, and adjoin to each sort one element ⊥.
A function is ⊥ where an argument is ⊥ or has another type than its parameter, and a Skolem function is ⊥ where no
value was chosen; ``defined`` is true of everything but ⊥. By induction, a ground term all of whose guards hold is not
⊥, and is of the type that was computed for it: its arguments are not ⊥ and are of their types; those types' indices
are therefore not ⊥ either; by the guards they are what the parameters' types ask for, ⊥ being none of them; so the
function has a value, unless it is a Skolem function that need not, and then ``defined`` is a guard. So every instance
is true: if its guards fail, for that reason; if they hold, its variables stand for things of their types, and the
matrix is true. In particular no term denotes that is not built from things that the claim says exist. A set of ground
formulas without a model in equational logic, where sorts and types are forgotten, can therefore not consist of
instances; the equations between guards, and two equal functions of equal arguments, mean the same there.

That formulas mean what they seem to mean rests on the reading of the claim: every application in it fits letter by
letter, every name is declared once, and every bound variable has a name of its own, so that nothing is captured when
Skolem terms, which contain only universal variables, are put in.

Source: Herbrand (1930); Chang and Lee, Symbolic Logic and Mechanical Theorem Proving (1973), chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from formal.herbrand.ground import refuting_core
from formal.herbrand.instance import Instances
from formal.herbrand.problem import Matrix, Problem
from formal.herbrand.reading import Ledger, Limits, Rejected, array, demand, name, parse, record
from formal.herbrand.skolem import read_problem

DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The claim is true.

    Args:
        theorem, obligation: what it is called.
        claim: sha256 of the claim, in hexadecimal.
        instances: how many the certificate has.
        axioms: the names of those with instances, in the order of the certificate; ``goal`` is the negated goal.
        steps: elementary steps spent on instances and their refutation.
    """

    theorem: str
    obligation: str
    claim: str
    instances: int
    axioms: tuple[str, ...]
    steps: int


def check(claim: bytes, certificate: bytes, *, limits: Limits = DEFAULT) -> Accepted:
    """Re-check a claim from its certificate.

    Args:
        claim: declarations, axioms and a goal; see README.md.
        certificate: the claim's digest, and instances of the axioms and of the negated goal.
    Raises:
        Rejected: the certificate does not prove the claim, or cannot be read, or a limit is reached.
    """
    form, digest, listed = record(parse(certificate, limits), "format", "claim", "instances")
    demand(form == "formal-herbrand/1", "format", "an unknown format")
    demand(digest == sha256(claim).hexdigest(), "digest", "the certificate belongs to another claim")
    instances = [(name(axiom), array(terms)) for axiom, terms in (array(item, 2) for item in array(listed))]
    read, problem = read_problem(claim, limits)
    ledger = Ledger(limits.steps)
    demand(_core(problem, instances, ledger) is not None, "refutation", "the instances have a model")
    axioms = tuple(dict.fromkeys(axiom for axiom, _ in instances))
    return Accepted(read.theorem, read.obligation, problem.digest, len(instances), axioms, ledger.steps)


def ground_formula(problem: Problem, axiom: str, terms: Sequence[object]) -> Matrix:
    """The instance of an axiom for ground terms, one for each explicit variable: guards imply the matrix.

    Raises:
        Rejected: no such axiom, or terms that are not built from symbols of the problem, or of other sorts.
    """
    found = Instances(problem, Ledger(DEFAULT.steps))
    formula = found.formula(axiom, terms)
    written: list[Any] = []
    for symbol, arguments in zip(found.terms.symbols, found.terms.arguments, strict=True):
        written.append((symbol, *(written[argument] for argument in arguments)))
    return _written(formula, written)


def _written(formula: Matrix, terms: Sequence[Any]) -> Matrix:
    """A ground formula with its terms written out."""
    kind, *parts = formula
    if kind in ("and", "or"):
        return (kind, *(_written(part, terms) for part in parts))  # type: ignore[arg-type]
    return (kind, *(terms[term] for term in parts))  # type: ignore[call-overload]


def refuting_instances(
    problem: Problem, instances: Sequence[tuple[str, Sequence[object]]], steps: int = DEFAULT.steps
) -> tuple[int, ...] | None:
    """The positions of instances that have no model, not necessarily as few as possible; None when none are found.

    Args:
        steps: elementary steps; None is given when they are spent.
    Raises:
        Rejected: something is not an instance.
    """
    ledger = Ledger(steps)
    try:
        return _core(problem, instances, ledger)
    except Rejected as rejected:
        if rejected.rule == "limit":
            return None
        raise


def refutes(problem: Problem, instances: Sequence[tuple[str, Sequence[object]]], steps: int = DEFAULT.steps) -> bool:
    """Whether instances are found, within a number of steps, to have no model."""
    return refuting_instances(problem, instances, steps) is not None


def _core(problem: Problem, instances: Sequence[tuple[str, Sequence[Any]]], ledger: Ledger) -> tuple[int, ...] | None:
    found = Instances(problem, ledger)
    formulas = [found.formula(axiom, terms) for axiom, terms in instances]
    return refuting_core(formulas, found.terms, ledger)
