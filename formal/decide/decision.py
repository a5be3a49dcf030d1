"""The direct decision of a closed formula, with evidence that a kernel without search can re-check.

Evidence follows the rules of a game: whoever holds an existential true, or a universal false, shows a value; the rest
is by exhaustion, left to the kernel (``Evaluate``) where it takes few steps and spelt out instance by instance
(``Known``) where it takes many, what most instances share being said once.

Source: Hintikka 1973 (game semantics); the formulas are those of ``formal.logic.formula``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from formal.certificate.evidence import Evaluate, Evidence, Known, Search, Value
from formal.core.budget import BudgetExceeded
from formal.decide.evaluation import Evaluation
from formal.decide.meter import Exhausted, Limits
from formal.logic.formula import (
    And,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Equal,
    Equinumerous,
    Equivalent,
    Finite,
    Formula,
    Functors,
    FunctorTransformations,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    Or,
    Quantified,
    Quantifier,
    Transformations,
    Truth,
    Universal,
)

__all__ = ["Decision", "Exhausted", "Limits", "decide"]


@dataclass(frozen=True, slots=True)
class Decision:
    """The truth value of a closed formula.

    Args:
        evidence: why, for the kernel.
        steps: how many were taken; the same on every machine.
    """

    value: bool
    evidence: Evidence
    steps: int


def decide(formula: Formula, *, limits: Limits = Limits()) -> Decision:  # noqa: B008 (frozen)
    """Decide a closed formula by exhaustion and by graph algorithms.

    Args:
        limits: how much work that may be, and how much of it the evidence may leave to the kernel.
    Raises:
        Exhausted: a budget was spent first; says which.
    Source: satisfaction in finite many-sorted structures; ``formal.decide.representable`` for the linear atoms.
    """
    evaluation = Evaluation(limits)
    try:
        value, steps = evaluation.measure(formula)
        evidence = _Justification(evaluation, limits.evaluate).of(formula, value, steps)
    except BudgetExceeded as reason:
        raise Exhausted(f"more than {reason.limit} nodes of one search") from reason
    except RecursionError as reason:
        raise Exhausted("the formula is nested too deeply") from reason
    return Decision(value, evidence, evaluation.meter.steps)


KERNEL_NODES = 100_000_000
"""Bounds the kernel's own search for transformations or functors, whose tree is not the one searched here."""

Part = tuple[Value, bool, Evidence]
"""Which part or instance, its truth value, and evidence for that."""


class _Justification:
    """Evidence for formulas whose variables have values.

    Args:
        limit: the most steps that one ``Evaluate`` may leave to the kernel.
    """

    def __init__(self, evaluation: Evaluation, limit: int) -> None:
        self.evaluation = evaluation
        self.limit = limit

    def of(self, formula: Formula, value: bool, steps: int) -> Evidence:
        """Evidence that the formula has this truth value.

        Args:
            value: its truth value under the present values of the variables.
            steps: what evaluating it took.
        """
        match formula:
            case Truth() | Equal() | Equinumerous() | Universal():
                return Evaluate()
            case Covered() | CoproductOfRepresentables() | Connected() | Isomorphic() | Equivalent() | Finite():
                return self.evaluation.settle(formula)[1]
            case Not():
                return self._connective([(0, formula.body, not value)], steps)
            case Named():
                return self._connective([(0, formula.body, value)], steps)
            case And():
                return self._connective(self._settling(formula.parts, value, settling=False), steps)
            case Or():
                return self._connective(self._settling(formula.parts, value, settling=True), steps)
            case Implies():
                if not value:
                    return self._connective([(0, formula.premise, True), (1, formula.conclusion, False)], steps)
                premise, _ = self.evaluation.measure(formula.premise)
                part = (1, formula.conclusion, True) if premise else (0, formula.premise, False)
                return self._connective([part], steps)
            case Iff():
                left, _ = self.evaluation.measure(formula.left)
                return self._connective([(0, formula.left, left), (1, formula.right, left == value)], steps)
            case Instances():
                return self._instances(formula, value, steps)
            case Quantified():
                return self._quantified(formula, value, steps)
            case _:
                assert_never(formula)

    def _settling(self, parts: tuple[Formula, ...], value: bool, *, settling: bool) -> list[tuple[int, Formula, bool]]:
        """The first part that settles a conjunction (false) or disjunction (true), or all when none does."""
        if value is not settling:
            return [(index, part, value) for index, part in enumerate(parts)]
        return [next((i, part, value) for i, part in enumerate(parts) if self.evaluation.measure(part)[0] is settling)]

    def _connective(self, parts: list[tuple[int, Formula, bool]], steps: int) -> Evidence:
        """Evidence by parts with their truth values; ``Evaluate`` when that is all there is to say, and it is cheap."""
        known: list[Part] = []
        for index, part, value in parts:
            _, cost = self.evaluation.measure(part) if steps > self.limit else (value, steps)
            known.append((index, value, self.of(part, value, cost)))
        if steps <= self.limit and all(isinstance(evidence, Evaluate) for _, _, evidence in known):
            return Evaluate()
        return Known(tuple(known))

    def _instances(self, formula: Instances, value: bool, steps: int) -> Evidence:
        match formula.quantifier:
            case Quantifier.FORALL:
                return self._connective(self._settling(formula.parts, value, settling=False), steps)
            case Quantifier.EXISTS:
                return self._connective(self._settling(formula.parts, value, settling=True), steps)
            case Quantifier.EXISTS_UNIQUE:
                values = [self.evaluation.measure(part)[0] for part in formula.parts]
                parts = list(zip(range(len(values)), formula.parts, values, strict=True))
                if sum(values) > 1:
                    parts = [part for part in parts if part[2]][:2]
                return self._connective(parts, steps)
            case _:
                assert_never(formula.quantifier)

    def _quantified(self, formula: Quantified, value: bool, steps: int) -> Evidence:
        match formula.quantifier:
            case Quantifier.EXISTS_UNIQUE:
                witnesses = self._witnesses(formula, True, 2)
                return Known(witnesses) if len(witnesses) == 2 else self._uniform(formula, False, steps, witnesses)
            case Quantifier.FORALL | Quantifier.EXISTS:
                if value is (formula.quantifier is Quantifier.EXISTS):
                    return Known(self._witnesses(formula, value, 1))
                return self._uniform(formula, value, steps, ())
            case _:
                assert_never(formula.quantifier)

    def _witnesses(self, formula: Quantified, wanted: bool, most: int) -> tuple[Part, ...]:
        """The first instances with the truth value, at most so many, each with its evidence."""
        found: list[Part] = []
        for instance, value, steps in self._each(formula):
            if value is wanted:
                found.append((instance, value, self.of(formula.body, value, steps)))
                if len(found) == most:
                    break
        return tuple(found)

    def _uniform(self, formula: Quantified, value: bool, steps: int, apart: tuple[Part, ...]) -> Evidence:
        """All instances have one truth value, but for those ``apart``."""
        second_order = isinstance(formula.variable.range, Transformations | Functors | FunctorTransformations)
        if steps <= self.limit and (second_order or not apart):
            return Evaluate()
        exceptions = {instance for instance, _, _ in apart}
        others = [
            (instance, self.of(formula.body, value, cost))
            for instance, _, cost in self._each(formula)
            if instance not in exceptions
        ]
        shared = _shared([evidence for _, evidence in others])
        exhaustive = _exhaustion(shared) is not None
        different = tuple(
            (instance, value, evidence)
            for instance, evidence in others
            if evidence != shared and not (exhaustive and _exhaustion(evidence) is not None)
        )
        if second_order and not apart and not different:
            return Search(KERNEL_NODES, (value, shared))
        return Known(apart + different, (value, shared))

    def _each(self, formula: Quantified) -> Iterable[tuple[Value, bool, int]]:
        """Each value of the variable, set, with the truth value of the body and the steps taken."""
        evaluation = self.evaluation
        place = evaluation.place(formula.variable)
        for instance in evaluation.values(formula.variable)():
            evaluation.environment[place] = instance
            value, steps = evaluation.measure(formula.body)
            yield instance, value, steps


def _exhaustion(evidence: Evidence) -> int | None:
    """How many quantifiers are spelt out before the kernel evaluates all instances; None for other evidence.

    Instances of one formula with one truth value may share the deepest of these.
    """
    depth = 0
    while isinstance(evidence, Known) and not evidence.parts and evidence.rest is not None:
        depth, evidence = depth + 1, evidence.rest[1]
    return depth if isinstance(evidence, Evaluate) else None


def _shared(instances: list[Evidence]) -> Evidence:
    """The evidence that most instances can share."""
    counts: Counter[Evidence] = Counter()
    deepest: Evidence = Evaluate()
    for evidence in instances:
        depth = _exhaustion(evidence)
        if depth is None:
            counts[evidence] += 1
        else:
            counts[Evaluate()] += 1
            if depth > (_exhaustion(deepest) or 0):
                deepest = evidence
    most = counts.most_common(1)[0][0] if counts else Evaluate()
    return deepest if most == Evaluate() else most
