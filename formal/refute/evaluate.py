"""The truth of a formula in finite structures, by enumeration: nothing is shared with the search that found them.

Quantifiers run over all individuals. A quantifier over functions runs through their tables, entry by entry; a table
that is not complete yet is given up as soon as the formula fails whatever the other entries are (Kleene's strong
three-valued logic), so the answer is that of full enumeration.

Source: Tarski, The concept of truth in formalized languages (1935); Kleene, Introduction to Metamathematics, §64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import assert_never

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
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
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)
from formal.refute.result import CounterModel

Key = tuple[int, ...]
Point = dict[Variable, int]

DEFAULT_BUDGET = 20_000_000


class TooManyFunctions(Exception):
    """The steps that were allowed are spent."""


def holds(formula: Formula, model: CounterModel, *, budget: int = DEFAULT_BUDGET) -> bool:
    """Whether a closed formula holds.

    Args:
        model: has a table for every symbol that the formula does not bind itself.
        budget: the most terms to evaluate.
    Raises:
        TooManyFunctions: the budget is spent.
        KeyError: the model lacks something.
    """
    truth = _Evaluator(model, budget).truth(formula, {})
    assert truth is not None
    return truth


class _Evaluator:
    """Evaluates under values of variables; the functions that are bound at the moment have their tables here."""

    def __init__(self, model: CounterModel, budget: int) -> None:
        self._model = model
        self._left = budget
        self._bound: dict[Function, dict[Key, int]] = {}

    # --- terms and types --------------------------------------------------------------------------

    def value(self, term: Term, point: Point) -> int | None:
        """The value of a term; None where a table is not complete."""
        self._left -= 1
        if self._left < 0:
            raise TooManyFunctions
        if isinstance(term, Variable):
            return point[term]
        arguments = []
        for argument in term.arguments:
            value = self.value(argument, point)
            if value is None:
                return None
            arguments.append(value)
        function = term.function
        key = tuple(arguments)
        if function in self._bound:
            return self._bound[function].get(key)
        if function.role is Role.IDENTITY:
            return arguments[0]
        owner = function.result.sort.owner
        if function.role is Role.COMPOSITION:
            return self._model.categories[owner].composite[arguments[0], arguments[1]]
        if function.role is Role.ACTION:
            return self._model.set_functors[owner].action[arguments[0], arguments[1]]
        return self._model.functions[function.name][key]

    def individuals(self, type_: Type, point: Point) -> list[int] | None:
        """What a type consists of; None where a table is not complete."""
        sort = type_.sort
        if sort.kind is SortKind.OBJECT:
            return list(range(self._model.categories[sort.owner].objects))
        places = [self.value(index, point) for index in type_.indices]
        if None in places:
            return None
        if sort.kind is SortKind.ARROW:
            category = self._model.categories[sort.owner]
            ends = enumerate(zip(category.dom, category.cod, strict=True))
            return [arrow for arrow, between in ends if list(between) == places]
        at = self._model.set_functors[sort.owner].at
        return [element for element, place in enumerate(at) if place == places[0]]

    def points(self, telescope: Telescope, point: Point) -> Iterator[Point | None]:
        """The ways to give values to the variables; None for those that are not known."""
        if not telescope:
            yield point
            return
        individuals = self.individuals(telescope[0].type, point)
        if individuals is None:
            yield None
            return
        for individual in individuals:
            yield from self.points(telescope[1:], {**point, telescope[0]: individual})

    # --- formulas ---------------------------------------------------------------------------------

    def truth(self, formula: Formula, point: Point) -> bool | None:
        """The truth value; None where it depends on entries of tables that are not complete."""
        match formula:
            case Truth(value):
                return value
            case Finite():
                return True
            case Equal(left, right):
                one, other = self.value(left, point), self.value(right, point)
                return None if one is None or other is None else one == other
            case Not(body):
                return _negation(self.truth(body, point))
            case And(parts):
                return _all(self.truth(part, point) for part in parts)
            case Or(parts):
                return _negation(_all(_negation(self.truth(part, point)) for part in parts))
            case Implies(premise, conclusion):
                given = self.truth(premise, point)
                if given is False:
                    return True
                then = self.truth(conclusion, point)
                return True if then else _negation(given) if then is False else None
            case Iff(left, right):
                here, there = self.truth(left, point), self.truth(right, point)
                return None if here is None or there is None else here == there
            case Named(_, _, body):
                return self.truth(body, point)
            case Quantified(quantifier, variables, body):
                return self._quantified(quantifier, variables, body, point)
            case FunctionQuantified(quantifier, functions, body):
                return self._functions(quantifier, functions, body, point)
            case Equinumerous(left, right):
                one = self._cardinality(left, point)
                other = self._cardinality(right, point)
                return None if one is None or other is None else one == other
            case Connected():
                return self._connected(formula, point)
        assert_never(formula)

    def _quantified(self, quantifier: Quantifier, variables: Telescope, body: Formula, point: Point) -> bool | None:
        values = (None if here is None else self.truth(body, here) for here in self.points(variables, point))
        match quantifier:
            case Quantifier.FORALL:
                return _all(values)
            case Quantifier.EXISTS:
                return _negation(_all(map(_negation, values)))
            case Quantifier.EXISTS_UNIQUE:
                known = list(values)
                if known.count(True) > 1:
                    return False
                return None if None in known else known.count(True) == 1
        assert_never(quantifier)

    def _cardinality(self, summands: Iterable[Telescope], point: Point) -> int | None:
        total = 0
        for telescope in summands:
            for here in self.points(telescope, point):
                if here is None:
                    return None
                total += 1
        return total

    def _connected(self, formula: Connected, point: Point) -> bool | None:
        tuples = []
        for here in self.points(formula.left, point):
            if here is None:
                return None
            tuples.append([here[variable] for variable in formula.left])
        if not tuples:
            return False
        component = list(range(len(tuples)))
        for i, j in combinations(range(len(tuples)), 2):
            for a, b in ((i, j), (j, i)):
                ends = dict(zip((*formula.left, *formula.right), (*tuples[a], *tuples[b]), strict=True))
                joined = self.truth(formula.joined, {**point, **ends})
                if joined is None:
                    return None
                if joined:
                    old, new = component[i], component[j]
                    component = [new if number == old else number for number in component]
        return len(set(component)) == 1

    # --- functions --------------------------------------------------------------------------------

    def _functions(
        self, quantifier: Quantifier, functions: tuple[Function, ...], body: Formula, point: Point
    ) -> bool | None:
        """Runs through the tables, depth first, giving up where the outcome is known."""
        if quantifier is Quantifier.FORALL:
            return _negation(self._some(functions, lambda: _negation(self.truth(body, point)), point))
        return self._some(functions, lambda: self.truth(body, point), point)

    def _some(self, functions: tuple[Function, ...], matrix: Callable[[], bool | None], point: Point) -> bool | None:
        saved = {function: self._bound.get(function) for function in functions}
        for function in functions:
            self._bound[function] = {}
        try:
            return self._complete(functions, matrix, point)
        finally:
            for function, table in saved.items():
                if table is None:
                    del self._bound[function]
                else:
                    self._bound[function] = table

    def _complete(
        self, functions: tuple[Function, ...], matrix: Callable[[], bool | None], point: Point
    ) -> bool | None:
        """Whether the tables as they are can be completed so that the matrix holds."""
        so_far = matrix()
        if so_far is False:
            return False
        blank = self._blank(functions, point)
        if blank is None:
            return so_far
        function, key, values = blank
        if values is None:
            return None
        outcome: bool | None = False
        for value in values:
            self._bound[function][key] = value
            completed = self._complete(functions, matrix, point)
            del self._bound[function][key]
            if completed:
                return True
            if completed is None:
                outcome = None
        return outcome

    def _blank(self, functions: tuple[Function, ...], point: Point) -> tuple[Function, Key, list[int] | None] | None:
        """The first missing entry, with the values that it may take; None when the tables are complete."""
        for function in functions:
            table = self._bound[function]
            for here in self.points(function.parameters, point):
                if here is None:
                    return function, (), None
                key = tuple(here[variable] for variable in function.explicit)
                if key not in table:
                    return function, key, self.individuals(function.result, here)
        return None


def _negation(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    """Conjunction: false as soon as one is false, unknown when one is unknown and none false."""
    outcome: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            outcome = None
    return outcome
