"""Witnesses and evidence, read off a model along the outermost existential block of a formula.

The block goes through negations and named predicates, through disjunctions (the part that holds) and through
quantifiers (the value that is chosen); it ends at the first formula all of whose parts are needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formal.certificate.evidence import Evaluate, Evidence, Known, Value
from formal.logic.formula import And, Formula, Implies, Instances, Named, Not, Or, Quantified, Quantifier
from formal.smt.problem import Chosen, Decided, Found, Model, Problem
from formal.text import Bug


@dataclass(frozen=True, slots=True)
class Witness:
    """The value chosen for a quantified variable; for an expanded quantifier the number of the instance."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class _Choice:
    """At a formula with a truth value, the part or instance that settles it."""

    formula: Formula
    sign: bool
    part: Value


def witnesses(formula: Formula, value: bool, problem: Problem, model: Model) -> tuple[Witness, ...]:
    """The values of the quantified variables of the outermost block."""
    found = []
    for choice in _block(formula, value, problem, model):
        if isinstance(choice, _Choice) and isinstance(choice.formula, Quantified):
            found.append(Witness(choice.formula.variable.name, choice.part))
        elif isinstance(choice, _Choice) and isinstance(choice.formula, Instances):
            found.append(Witness(choice.formula.name, choice.part))
    return tuple(found)


def evidence(formula: Formula, value: bool, problem: Problem, model: Model) -> Evidence:
    """Evidence that the formula has this value: the choices of the block, and evaluation of what is beyond."""
    block = list(_block(formula, value, problem, model))
    last = block[-1]
    if isinstance(last, _Choice):
        raise Bug("a block of choices has no end")
    result: Evidence = last
    for choice in reversed(block[:-1]):
        if not isinstance(choice, _Choice):
            raise Bug("a block of choices has two ends")
        sign = choice.sign
        if isinstance(choice.formula, Not) or (isinstance(choice.formula, Implies) and choice.part == 0):
            sign = not sign
        unique = isinstance(choice.formula, Quantified | Instances) and (
            choice.formula.quantifier is Quantifier.EXISTS_UNIQUE
        )
        result = Known(((choice.part, sign, result),), (False, Evaluate()) if unique else None)
    return result


def _block(formula: Formula, sign: bool, problem: Problem, model: Model) -> Iterator[_Choice | Evidence]:
    """The choices of the block, outermost first, then evidence for what is left."""
    guard, used = problem.root, 0
    while True:
        match formula:
            case Named() | Not():
                yield _Choice(formula, sign, 0)
                sign = sign == isinstance(formula, Named)
                formula = formula.body
                continue
            case _:
                pass
        steps = problem.steps.get(guard, ())
        step = steps[used] if used < len(steps) else None
        match step:
            case None:
                yield Evaluate()
                return
            case Decided():
                yield step.read(model)
                return
            case Found():
                part: Value = step.read(model)
                used += 1
            case Chosen():
                guard, part = next(
                    (literal, value) for literal, value in step.options if model[abs(literal)] == (literal > 0)
                )
                used = 0
        yield _Choice(formula, sign, part)
        match formula:
            case Quantified():
                formula = formula.body
            case Instances() | And() | Or():
                formula = formula.parts[part] if isinstance(part, int) else formula
            case Implies():
                formula = formula.conclusion if part else formula.premise
                sign = sign if part else not sign
            case _:
                raise Bug("a choice is recorded for a formula that has none")
