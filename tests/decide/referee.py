"""A referee for evidence: do the parts that it names determine the whole, and does each stand by itself?

Parts left to exhaustion, and ranges searched, are checked by the plain evaluator.
"""

from formal.certificate.evidence import (
    BadComponent,
    Equivalence,
    Evaluate,
    Evidence,
    FewComponents,
    Forest,
    Invariant,
    Isomorphism,
    Known,
    Search,
    Separated,
)
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive


def accepts(formula: L.Formula, value: bool, evidence: Evidence, values: dict | None = None) -> bool:
    """Whether the evidence shows that the formula has this truth value."""
    values = values or {}
    match evidence:
        case Evaluate():
            return exhaustive.holds(formula, values) == value
        case Known(parts, rest):
            named = {part: truth for part, truth, _ in parts}
            children = _parts(formula, values)
            if not (set(named) <= set(children) and len(named) == len(parts)):
                return False
            if not all(accepts(*children[part][:1], truth, why, children[part][1]) for part, truth, why in parts):
                return False
            others = [child for part, child in children.items() if part not in named]
            if rest is not None and not all(accepts(child[0], rest[0], rest[1], child[1]) for child in others):
                return False
            unknown = None if rest is None else rest[0]
            return _truth(formula, [named.get(part, unknown) for part in children]) is value
        case Search(_, (truth, why)):
            children = _parts(formula, values)
            return all(accepts(child, truth, why, bound) for child, bound in children.values()) and (
                _truth(formula, [truth] * len(children)) is value
            )
        case Forest() | Isomorphism() | Equivalence():
            return value and exhaustive.holds(formula, values)
        case Separated() | FewComponents() | BadComponent() | Invariant():
            return not value and not exhaustive.holds(formula, values)


def _parts(formula: L.Formula, values: dict) -> dict:
    """The parts or instances by name, each with the values of its free variables."""
    match formula:
        case L.Not(body) | L.Named(body=body):
            return {0: (body, values)}
        case L.And(parts) | L.Or(parts) | L.Instances(parts=parts):
            return {index: (part, values) for index, part in enumerate(parts)}
        case L.Implies(left, right) | L.Iff(left, right):
            return {0: (left, values), 1: (right, values)}
        case L.Quantified(_, variable, body):
            return {v: (body, values | {variable: v}) for v in exhaustive.values(variable.range, values)}
    raise TypeError(formula)


def _truth(formula: L.Formula, parts: list[bool | None]) -> bool | None:
    """The truth value that those of the parts determine, None when they do not."""
    match formula:
        case L.Not():
            return None if parts[0] is None else not parts[0]
        case L.Named():
            return parts[0]
        case L.Implies():
            parts = [None if parts[0] is None else not parts[0], parts[1]]
        case L.Iff():
            return None if None in parts else parts[0] == parts[1]
    every = isinstance(formula, L.And) or getattr(formula, "quantifier", None) == "forall"
    if getattr(formula, "quantifier", None) == "exists!":
        if parts.count(True) > 1:
            return False
        return None if None in parts else parts.count(True) == 1
    if (not every) in parts:
        return not every
    return None if None in parts else every
