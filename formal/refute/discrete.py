"""Categories that need no arrows but identities: those used as sets.

A sentence in which all quantifiers over the arrows of some categories are universal (when negations are pushed inwards)
keeps holding when these categories lose their arrows, as long as what is left is closed under all functions: a
universal sentence holds in substructures. So a least structure has no arrows there, and none need be tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Application,
    Connected,
    Equal,
    Equinumerous,
    Finite,
    Formula,
    Function,
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    Role,
    SortKind,
    Truth,
    Type,
    Variable,
)


def categories_without_arrows(
    categories: Sequence[str],
    functions: Sequence[Function],
    required: Sequence[tuple[Formula, bool]],
) -> frozenset[str]:
    """The categories whose arrows, identities apart, can be left out of every structure that is sought.

    Args:
        functions: symbols other than identities, compositions and actions.
        required: formulas, each with whether it has to hold or to fail.
    """
    left = set(categories)
    on_arrows = {function for formula, wanted in required if wanted for function in _identities_kept(formula)}
    for formula, wanted in required:
        left.difference_update(_needed(formula, wanted))
    while True:
        arrows_come_from = [
            (function.result.sort.owner, list(_owners(function.parameters)), function)
            for function in functions
            if function.result.sort.kind is SortKind.ARROW
        ]
        lost = {
            owner
            for owner, sources, function in arrows_come_from
            if owner in left and not (function in on_arrows and left.issuperset(sources))
        }
        if not lost:
            return frozenset(left)
        left -= lost


def _identities_kept(formula: Formula) -> Iterator[Function]:
    """The function that the formula says takes identities to identities, if that is what it says."""
    match formula:
        case Quantified(
            Quantifier.FORALL,
            (variable,),
            Equal(Application(function, (Application(inner, (argument,)),)), Application(outer, _)),
        ) if argument is variable and inner.role is Role.IDENTITY and outer.role is Role.IDENTITY:
            yield function


def _needed(formula: Formula, wanted: bool) -> Iterator[str]:
    """The categories of whose arrows the formula says that there are some, or how many."""
    pending: list[tuple[Formula, bool | None]] = [(formula, wanted)]
    while pending:
        current, sign = pending.pop()
        opposite = None if sign is None else not sign
        match current:
            case Truth() | Finite() | Equal():
                pass
            case Not(body):
                pending.append((body, opposite))
            case Named(_, _, body):
                pending.append((body, sign))
            case And(parts) | Or(parts):
                pending.extend((part, sign) for part in parts)
            case Implies(premise, conclusion):
                pending.extend(((premise, opposite), (conclusion, sign)))
            case Iff(left, right):
                pending.extend(((left, None), (right, None)))
            case Quantified(Quantifier.EXISTS_UNIQUE, variables, body):
                yield from _owners(variables)
                pending.append((body, None))
            case Quantified(quantifier, variables, body):
                if sign is not (quantifier is Quantifier.FORALL):
                    yield from _owners(variables)
                pending.append((body, sign))
            case FunctionQuantified(_, functions, body):
                for function in functions:
                    yield from _owners(function.parameters)
                    yield from _arrow_owners([function.result])
                pending.append((body, sign))
            case Equinumerous(left_sum, right_sum):
                for telescope in (*left_sum, *right_sum):
                    yield from _owners(telescope)
            case Connected(left_points, right_points, joined):
                yield from _owners((*left_points, *right_points))
                pending.append((joined, sign))
            case _:
                assert_never(current)


def _owners(variables: Sequence[Variable]) -> Iterator[str]:
    return _arrow_owners(variable.type for variable in variables)


def _arrow_owners(types: Iterable[Type]) -> Iterator[str]:
    return (type_.sort.owner for type_ in types if type_.sort.kind is SortKind.ARROW)
