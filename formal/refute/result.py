"""What a search for a finite counter-model gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FiniteCategory:
    """A category by its tables; objects and arrows are numbered, the first arrows are the identities in order.

    Args:
        dom, cod: by arrow.
        composite: ``composite[f, g]`` is f >> g, for composable arrows.
    """

    objects: int
    dom: tuple[int, ...]
    cod: tuple[int, ...]
    composite: dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class FiniteSetFunctor:
    """A set-valued functor by its tables; elements are numbered through all objects.

    Args:
        at: the object of each element.
        action: ``action[f, t]`` is T(f)(t) where it is defined.
    """

    at: tuple[int, ...]
    action: dict[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class CounterModel:
    """Finite structures in which all hypotheses hold and the goal fails.

    Args:
        categories, set_functors: by name.
        functions: for every other symbol, by name, its table: explicit arguments to value, all as numbers.
        size: objects, arrows that are no identities, and elements, in all.
        smallest: no counter-model is smaller: every smaller size was searched completely.
    """

    categories: dict[str, FiniteCategory]
    set_functors: dict[str, FiniteSetFunctor]
    functions: dict[str, dict[tuple[int, ...], int]]
    size: int
    smallest: bool
    resources: int


@dataclass(frozen=True, slots=True)
class Searched:
    """There is no counter-model up to these sizes, and the search ended there.

    Args:
        size: every size up to this one was searched completely; -1 when not even the empty models were.
        objects, arrows, elements: the largest numbers within that size, as reports show them.
        exhausted: the budget ran out; otherwise the limit asked for was reached.
        reason: why it ended, in words.
    """

    size: int
    objects: int
    arrows: int
    elements: int
    exhausted: bool
    reason: str
    resources: int


Outcome = CounterModel | Searched
