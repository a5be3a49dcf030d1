"""From the history of a system to the few rules that prove a result, each with a short derivation."""

from __future__ import annotations

from collections import Counter

from formal.core.presentation import Presentation, Rewrite, Rule
from formal.present.system import Step, Steps, System, generators_of, reversed_steps


def derived_rules(presentation: Presentation, system: System) -> tuple[Rule, ...]:
    """The active rules and what their derivations need, in the order of their derivation.

    A rule that is no longer active and is used but once, or has a derivation of one step, is replaced by its
    derivation where it is used.
    """
    active = set(system.active)
    uses = _uses(system, active)
    relation_count = len(system.relations)
    derivations: dict[int, Steps] = {}
    kept: dict[int, int] = {}
    for number in sorted(active | uses.keys()):
        steps: list[Step] = []
        for step in system.history[number].steps:
            position, equation, forward = step
            earlier = equation - relation_count
            if earlier < 0:
                _append(steps, step)
            elif earlier in kept:
                _append(steps, (position, relation_count + kept[earlier], forward))
            else:
                inner = derivations[earlier]
                for place, used, way in inner if forward else reversed_steps(inner):
                    _append(steps, (position + place, used, way))
        derivations[number] = tuple(steps)
        if number in active or (uses[number] > 1 and len(steps) > 1):
            kept[number] = len(kept)
    rules = []
    for number in kept:
        rule = system.history[number]
        left = generators_of(rule.left)
        dom = presentation.generators[left[0]][1]
        derivation = tuple(Rewrite(*step) for step in derivations[number])
        rules.append(Rule(dom, left, generators_of(rule.right), derivation))
    return tuple(rules)


def _uses(system: System, active: set[int]) -> Counter[int]:
    """How often each rule is used in the derivations that the active ones need."""
    uses: Counter[int] = Counter()
    todo = sorted(active)
    for number in todo:
        for _, equation, _ in system.history[number].steps:
            earlier = equation - len(system.relations)
            if earlier >= 0:
                if earlier not in active and earlier not in uses:
                    todo.append(earlier)
                uses[earlier] += 1
    return uses


def _append(steps: list[Step], step: Step) -> None:
    """Add a step, or take back the last one when this undoes it."""
    if steps and steps[-1] == (step[0], step[1], not step[2]):
        steps.pop()
    else:
        steps.append(step)
