"""What of a formula can be certified on a whole cell of a parameter.

The kernel evaluates most quantities itself. Where it needs evidence, for linear arithmetic, singular values and the
repair of products, evidence would have to be a function of the parameter, which certificates do not have: such atoms
are left out, that is, unknown. Evidence of what does not depend on the parameter is the same on all cells.
"""

from __future__ import annotations

from formal.enriched.evidence import Path
from formal.enriched.expression import Applied, Operation, Unknown
from formal.enriched.formula import (
    And,
    Atom,
    Combined,
    Compare,
    Constant,
    Formula,
    InHull,
    Not,
    Or,
    Order,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import Quantale
from formal.valuation.parts import Node, parameters, places, quantale

_SEARCHED = (PromptNumber, Repair, Rank, SoftPrompt, SoftWeight, InHull)
"""What has evidence."""


def dependent(formula: Formula) -> frozenset[Path]:
    """The places of what has evidence and depends on a parameter."""
    return frozenset(path for path, node in places(formula) if isinstance(node, _SEARCHED) and _depends(node))


def certifiable(formula: Formula, parameter: Unknown) -> tuple[Formula, dict[Path, str]]:
    """The formula with atoms that cannot be certified replaced by one that is never decided; why, by place."""
    reasons: dict[Path, str] = {}
    done: list[Formula] = []
    stack: list[tuple[Formula, Path, bool]] = [(formula, (), False)]
    while stack:
        node, path, is_ready = stack.pop()
        match node:
            case Not(of):
                if is_ready:
                    (part,) = _last(done, 1)
                    done.append(node if part is of else Not(part))
                else:
                    stack += [(node, path, True), (of, (*path, 0), False)]
            case And(parts) | Or(parts):
                if is_ready:
                    found = _last(done, len(parts))
                    is_same = all(a is b for a, b in zip(found, parts, strict=True))
                    done.append(node if is_same else And(found) if isinstance(node, And) else Or(found))
                else:
                    stack.append((node, path, True))
                    stack += [(parts[i], (*path, i), False) for i in reversed(range(len(parts)))]
            case _:
                reason = _reason(node)
                if reason:
                    reasons[path] = reason
                done.append(_undecided(parameter) if reason else node)
    return done[0], reasons


def _last(done: list[Formula], count: int) -> tuple[Formula, ...]:
    first = len(done) - count
    found = tuple(done[first:])
    del done[first:]
    return found


def _undecided(parameter: Unknown) -> Compare:
    """The root of a parameter is no rational function of it."""
    root = Constant(Applied(Operation.SQRT, (parameter,)))
    return Compare(root, Order.EQUAL, root)


def _reason(atom: Atom) -> str:
    """Why an atom cannot be certified; empty when it can."""
    if isinstance(atom, SoftPrompt | SoftWeight | InHull):
        return "linear arithmetic with a parameter is not certified" if _depends(atom) else ""
    for _, node in places(atom):
        match node:
            case Repair(of) if quantale(of) is Quantale.PRODUCT and _depends(node):
                return "the least repair of a product is no rational function of a parameter"
            case Rank(_, within) if within and _depends(node):
                return "singular values with a parameter are not certified"
            case _:
                pass
    return ""


def _depends(node: Node) -> bool:
    match node:
        case Not() | And() | Or() | Compare() | SoftPrompt() | SoftWeight() | InHull():
            return bool(parameters(node))
        case _:
            return bool(parameters(_about(node)))


def _about(quantity: Quantity) -> Formula:
    """A formula with the numbers of a quantity."""
    return Compare(Combined("+", (quantity,)), Order.EQUAL, quantity)
