"""What of a sequent can matter for its goal: leaving hypotheses out is sound.

Categories and set-valued functors hang together when one function or one axiom is about both. What does not hang
together with the goal is left out; a goal that is about nothing keeps everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from formal.logic.theory import Application, Equal, Formula, Function, Quantified, Sort, Term, Variable
from formal.prove.result import Sequent
from formal.prove.substitution import subformulas


def relevant(sequent: Sequent) -> Sequent:
    """The part of a sequent that hangs together with its goal."""
    reached = owners(sequent.goal)
    if not reached:
        return sequent
    groups = [{name, category} for name, category, _ in sequent.set_functors]
    groups += [_owners_of_function(function) for function in sequent.functions]
    groups += [owners(axiom.formula) for axiom in sequent.axioms]
    while more := {owner for group in groups if group & reached for owner in group} - reached:
        reached |= more
    return replace(
        sequent,
        categories=tuple(name for name in sequent.categories if name in reached),
        set_functors=tuple(entry for entry in sequent.set_functors if entry[0] in reached),
        functions=tuple(f for f in sequent.functions if _owners_of_function(f) <= reached),
        axioms=tuple(axiom for axiom in sequent.axioms if owners(axiom.formula) <= reached),
    )


def owners(formula: Formula) -> set[str]:
    """The categories and set-valued functors that a first-order formula is about."""
    found: set[str] = set()
    for part in subformulas(formula):
        match part:
            case Equal(left, right):
                found |= _owners_of_terms((left, right))
            case Quantified(variables=variables):
                found |= {owner for v in variables for owner in _owners_of_sort(v.type.sort)}
                found |= _owners_of_terms(index for v in variables for index in v.type.indices)
    return found


def _owners_of_terms(terms: Iterable[Term]) -> set[str]:
    found: set[str] = set()
    stack = list(terms)
    while stack:
        match stack.pop():
            case Variable(type=type_):
                found |= set(_owners_of_sort(type_.sort))
            case Application(function, arguments):
                found |= _owners_of_function(function)
                stack.extend(arguments)
    return found


def _owners_of_function(function: Function) -> set[str]:
    types = (*(parameter.type for parameter in function.parameters), function.result)
    return {owner for type_ in types for owner in _owners_of_sort(type_.sort)}


def _owners_of_sort(sort: Sort) -> Iterator[str]:
    yield sort.owner
    yield sort.base
