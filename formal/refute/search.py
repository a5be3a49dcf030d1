"""The search for counter-models: shape after shape, by growing total size, so that the first one is smallest.

Source: McCune, Mace4 reference manual (2003), for the search by size; Claessen and Sorensson (2003).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from formal.logic.theory import Formula, SortKind, Type
from formal.refute.compile import Compiler
from formal.refute.discrete import categories_without_arrows
from formal.refute.evaluate import TooManyFunctions, holds
from formal.refute.ground import (
    Contradiction,
    Env,
    Frame,
    Table,
    World,
    action_table,
    composition_table,
    require_associativity,
    require_functoriality,
)
from formal.refute.limit import Meter, OutOfBudget, SearchLimits
from formal.refute.problem import Problem, part_of, problem_of
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor, Searched
from formal.refute.scan import weight
from formal.refute.shape import CategoryShape, Shape, Shapes, splits
from formal.refute.solve import solve
from formal.refute.symmetry import Column, Kind, break_symmetry
from formal.statement.model import Obligation, Statement
from formal.text import Bug

_SHAPE_STEPS = 20
_FAMILY = {SortKind.OBJECT: 0, SortKind.ARROW: 1, SortKind.ELEMENT: 2}


def search(
    statement: Statement,
    obligation: Obligation,
    limits: SearchLimits,
    *,
    without: frozenset[str] = frozenset(),
    goal: Formula | None = None,
    satisfy: bool = False,
    nondegenerate: bool = False,
) -> CounterModel | Searched:
    """Look for finite structures in which the hypotheses hold and the goal fails, the smallest first.

    Args:
        without: names of hypotheses that need not hold.
        goal: what is to fail; None for the obligation's formula.
        satisfy: nothing has to fail: are the hypotheses satisfiable?
        nondegenerate: some category has an arrow that is no identity, and some set-valued functor, if there are any,
            an element.
    Returns:
        A counter-model, evaluated again by ``evaluate``; or how far the search got.
    Raises:
        Bug: what was found is not a counter-model.
    """
    meter = Meter(limits.budget)
    size, reason, exhausted = -1, "", True
    cut = False
    shapes: Shapes | None = None
    try:
        problem = problem_of(statement, obligation, without, goal, satisfy, nondegenerate)
        hunt = _Hunt(problem, limits, meter)
        shapes = hunt.shapes
        for number in range(limits.max_size + 1):
            cut = cut or shapes.is_cut(number)
            found = hunt.of_size(number, smallest=not cut)
            if found is not None:
                _re_evaluate(problem, found, meter)
                return found
            if not cut:
                size = number
        exhausted, reason = False, f"every size up to {size} was searched"
        if cut:
            reason += ", larger ones within the limits on objects and arrows"
    except OutOfBudget:
        reason = f"the budget of {limits.budget} steps is spent"
    except TooManyFunctions:
        reason = f"something was found at size {size + 1} that is too large to evaluate again"
    except RecursionError:
        reason = "the formulas are nested too deeply"
    except MemoryError:
        reason = "the memory is used up"
    largest = shapes.largest(size) if shapes is not None else (0, 0, 0)
    return Searched(size, *largest, exhausted, reason, min(meter.spent, meter.budget))


def _re_evaluate(problem: Problem, model: CounterModel, meter: Meter) -> None:
    """The model has to be one by the plain meaning of the formulas, laws included."""
    laws = [law.formula for category in problem.categories for law in category.laws]
    laws += [law.formula for set_functor in problem.set_functors for law in set_functor.laws]
    for formula, wanted in (*((law, True) for law in laws), *problem.required):
        if holds(formula, model, budget=meter.budget) is not wanted:
            raise Bug(f"the search for a counter-model found none: {model}")


class _Search:
    """A problem, compiled: decides for every shape whether there is such a structure.

    Args:
        set_functors: in the order of the frame: by category.
    """

    def __init__(self, problem: Problem, meter: Meter) -> None:
        self._meter = meter
        self._problem = problem
        self._on = tuple(
            tuple(t for t in problem.set_functors if t.category.name == c.name) for c in problem.categories
        )
        self._set_functors = tuple(t for on in self._on for t in on)
        self.variances = tuple(tuple(t.contravariant for t in on) for on in self._on)
        compiler = Compiler([c.name for c in problem.categories], [t.name for t in self._set_functors])
        self._compositions = [compiler.symbol(c.composition) for c in problem.categories]
        self._actions = [compiler.symbol(t.action) for t in self._set_functors]
        self._symbols = [compiler.symbol(function) for function in problem.functions]
        self._makers = [compiler.table(function) for function in problem.functions]
        self._walks = [compiler.walk(function.parameters) for function in problem.functions]
        self._explicit = [[compiler.variable(p) for p in function.explicit] for function in problem.functions]
        self._required = [
            compiler.require(formula, wanted)
            for formula, wanted in sorted(problem.required, key=lambda pair: weight(pair[0]))
        ]
        self._blank = compiler.environment()

    def solve(self, shape: Shape) -> tuple[Frame, Env] | None:
        """Structures of this shape: an environment whose tables are known."""
        self._meter.spend(_SHAPE_STEPS)
        frame = Frame(shape, self.variances)
        world = World(frame, self._meter)
        try:
            env = self._write(world)
        except Contradiction:
            return None
        assignment = solve(world)
        return None if assignment is None else (frame, assignment.environment(env))

    def _write(self, world: World) -> Env:
        env = list(self._blank)
        compositions = [composition_table(world, c) for c in range(len(self._compositions))]
        actions = [action_table(world, t) for t in range(len(self._actions))]
        for slot, table in zip((*self._compositions, *self._actions), (*compositions, *actions), strict=True):
            env[slot] = table
        for slot, make in zip(self._symbols, self._makers, strict=True):
            env[slot] = make(world, env, ())
        for require in self._required:
            require(world, env, ())
        for c, composition in enumerate(compositions):
            require_associativity(world, c, composition)
        for t, action in enumerate(actions):
            require_functoriality(world, t, compositions[world.frame.bases[t]], action)
        break_symmetry(world, self._columns(env))
        return env

    def _columns(self, env: Env) -> list[Column]:
        """The tables in the order in which symmetric copies are compared: constants first."""
        columns = [
            Column(_table(env[slot]), tuple(self._kind(p.type) for p in function.explicit), self._kind(function.result))
            for slot, function in zip(self._symbols, self._problem.functions, strict=True)
        ]
        columns.sort(key=lambda column: len(column.arguments))
        for c, slot in enumerate(self._compositions):
            columns.append(Column(_table(env[slot]), (Kind(1, c), Kind(1, c)), Kind(1, c)))
        for t, slot in enumerate(self._actions):
            base = [c.name for c in self._problem.categories].index(self._set_functors[t].category.name)
            columns.append(Column(_table(env[slot]), (Kind(1, base), Kind(2, t)), Kind(2, t)))
        return columns

    def _kind(self, type_: Type) -> Kind:
        sort = type_.sort
        owners = self._set_functors if sort.kind is SortKind.ELEMENT else self._problem.categories
        return Kind(_FAMILY[sort.kind], [owner.name for owner in owners].index(sort.owner))

    def model(self, frame: Frame, env: Env, smallest: bool) -> CounterModel:
        """The structures as tables by name."""
        categories = {}
        for c, category in enumerate(self._problem.categories):
            rows = _table(env[self._compositions[c]]).rows
            composite = {(f, g): _number(h) for (f, g), h in sorted(rows.items())}
            categories[category.name] = FiniteCategory(
                frame.counts[c], tuple(frame.dom[c]), tuple(frame.cod[c]), composite
            )
        set_functors = {}
        for t, set_functor in enumerate(self._set_functors):
            rows = _table(env[self._actions[t]]).rows
            action = {(f, a): _number(b) for (f, a), b in sorted(rows.items())}
            set_functors[set_functor.name] = FiniteSetFunctor(tuple(frame.at[t]), action)
        functions = {}
        known = World(frame, self._meter)
        here = list(env)
        for number, function in enumerate(self._problem.functions):
            rows = _table(env[self._symbols[number]]).rows
            values = {}
            for _ in self._walks[number](known, here):
                key = tuple([_number(here[slot]) for slot in self._explicit[number]])
                values[key] = _number(rows[key])
            functions[function.name] = dict(sorted(values.items()))
        size = sum(shape.objects + shape.arrow_count() + shape.element_count() for shape in frame.shapes)
        return CounterModel(categories, set_functors, functions, size, smallest, self._meter.spent)


class _Hunt:
    """The search through the shapes of one size after another.

    With several categories, a shape of one of them is only tried with others when what is said about it alone can be
    satisfied.
    """

    def __init__(self, problem: Problem, limits: SearchLimits, meter: Meter) -> None:
        self._nondegenerate = problem.nondegenerate
        self._whole = _Search(problem, meter)
        self._parts = (
            [_Search(part_of(problem, c), meter) for c in problem.categories] if problem.categories[1:] else []
        )
        self._possible: dict[tuple[int, CategoryShape], bool] = {}
        names = [category.name for category in problem.categories]
        bare: frozenset[str] = frozenset()
        if not problem.nondegenerate:
            bare = categories_without_arrows(names, problem.functions, problem.required)
        discrete = tuple(name in bare for name in names)
        self.shapes = Shapes(self._whole.variances, discrete, limits.max_objects, limits.max_arrows)

    def of_size(self, size: int, smallest: bool) -> CounterModel | None:
        """The first structures of this size."""
        for shape in self._all(size):
            if self._nondegenerate and _is_degenerate(shape):
                continue
            found = self._whole.solve(shape)
            if found is not None:
                return self._whole.model(*found, smallest)
        return None

    def _all(self, size: int) -> Iterator[Shape]:
        for split in splits(size, len(self.shapes.variances)):
            yield from product(*(self._promising(index, part) for index, part in enumerate(split)))

    def _promising(self, index: int, size: int) -> Sequence[CategoryShape]:
        shapes = self.shapes.part(index, size)
        return [shape for shape in shapes if self._is_possible(index, shape)] if self._parts else shapes

    def _is_possible(self, index: int, shape: CategoryShape) -> bool:
        found = self._possible.get((index, shape))
        if found is None:
            found = self._possible[index, shape] = self._parts[index].solve((shape,)) is not None
        return found


def _is_degenerate(shape: Shape) -> bool:
    has_elements = any(part.element_count() for part in shape) or not any(part.fibres for part in shape)
    return not (has_elements and any(part.arrow_count() for part in shape))


def _table(entry: int | Table) -> Table:
    assert isinstance(entry, Table)
    return entry


def _number(value: object) -> int:
    assert isinstance(value, int)
    return value
