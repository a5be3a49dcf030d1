"""Terms, types and telescopes, compiled to functions that read their values in a world.

Bound variables have concrete values while a formula is being written, terms have *values* (``ground.Value``): an arrow
variable is a number, F(f) one of several numbers. A type whose indices are such terms is all that it may turn out to
be, under guards.

Terms denote wherever their context holds: what is written about a term in an excluded case does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product

from formal.logic.theory import Formula, Function, Role, SortKind, Telescope, Term, Type, Variable
from formal.refute.ground import FALSE, TRUE, Env, Key, Literal, Prefix, Table, Value, World, alternatives
from formal.refute.scan import free_symbols

Path = tuple[int, Prefix]
"""A number that a term may be, and what has to be true for that."""

Cases = Iterable[tuple[Literal, Sequence[int]]]
"""What a type consists of, by mutually exclusive cases."""

ReadTerm = Callable[[World, Env], Value]
ReadPaths = Callable[[World, Env], Sequence[Path]]
ReadLast = Callable[[World, Env], Sequence[tuple[Value, Prefix]]]
ReadCases = Callable[[World, Env], Cases]
Write = Callable[[World, Env], Literal]
Require = Callable[[World, Env, Prefix], None]
Walk = Callable[[World, Env], Iterator[Literal]]
MakeTable = Callable[[World, Env, Prefix], Table]


class TermCompiler:
    """Compiles the terms, types and telescopes of one statement.

    Args:
        categories, set_functors: names, in the order of the frame.
    """

    def __init__(self, categories: Sequence[str], set_functors: Sequence[str]) -> None:
        self._categories = {name: number for number, name in enumerate(categories)}
        self._set_functors = {name: number for number, name in enumerate(set_functors)}
        self._slots: dict[Variable | Function, int] = {}
        self._global: set[int] = set()
        self._nodes = 0

    # --- environments -----------------------------------------------------------------------------

    def environment(self) -> Env:
        """An empty environment, large enough for all that was compiled so far."""
        return [0] * len(self._slots)

    def symbol(self, function: Function) -> int:
        """The slot of a function symbol that is no bound one."""
        slot = self._slot(function)
        self._global.add(slot)
        return slot

    def variable(self, variable: Variable) -> int:
        """The slot of a variable."""
        return self._slot(variable)

    def _slot(self, thing: Variable | Function) -> int:
        return self._slots.setdefault(thing, len(self._slots))

    def _node(self) -> int:
        self._nodes += 1
        return self._nodes

    def _key(self, formula: Formula) -> tuple[int, ...]:
        """The slots of the free variables, and of the bound functions, that a formula mentions."""
        slots = (self._slot(thing) for thing in free_symbols(formula))
        return tuple(sorted(slot for slot in slots if slot not in self._global))

    # --- terms ------------------------------------------------------------------------------------

    def term(self, term: Term) -> ReadTerm:
        """The value of a term."""
        if isinstance(term, Variable):
            slot = self._slot(term)
            return lambda world, env: env[slot]  # type: ignore[return-value]
        if term.function.role is Role.IDENTITY:
            return self.term(term.arguments[0])
        table = self._slot(term.function)
        arguments = [self.term(argument) for argument in term.arguments]

        def value(world: World, env: Env) -> Value:
            return apply(world, env[table], tuple([argument(world, env) for argument in arguments]))  # type: ignore[arg-type]

        return value

    def _paths(self, term: Term) -> ReadPaths:
        """The numbers that a term may be, each with the entries of tables that make it so."""
        if isinstance(term, Variable):
            slot = self._slot(term)
            return lambda world, env: ((env[slot], ()),)  # type: ignore[return-value]
        last = self._last(term)

        def paths(world: World, env: Env) -> Sequence[Path]:
            return [
                (number, prefix if literal == TRUE else (*prefix, literal))
                for value, prefix in last(world, env)
                for number, literal in alternatives(value)
            ]

        return paths

    def _last(self, term: Term) -> ReadLast:
        """The entries of tables that a term may be the value of, each with what has to be true for that."""
        if isinstance(term, Variable):
            return self._paths(term)
        if term.function.role is Role.IDENTITY:
            return self._last(term.arguments[0])
        slot = self._slot(term.function)
        arguments = [self._paths(argument) for argument in term.arguments]

        def last(world: World, env: Env) -> Sequence[tuple[Value, Prefix]]:
            rows = env[slot].rows  # type: ignore[union-attr]
            found = []
            for paths in product(*[argument(world, env) for argument in arguments]):
                value = rows.get(tuple([number for number, _ in paths]))
                if value is not None:
                    found.append((value, tuple([literal for _, prefix in paths for literal in prefix])))
            return found

        return last

    # --- types ------------------------------------------------------------------------------------

    def _cases(self, type_: Type) -> ReadCases:
        """What a type consists of."""
        kind = type_.sort.kind
        if kind is SortKind.OBJECT:
            category = self._categories[type_.sort.owner]
            return lambda world, env: ((TRUE, range(world.frame.counts[category])),)
        if kind is SortKind.ARROW:
            return self._arrow_cases(self._categories[type_.sort.owner], *type_.indices)
        return self._element_cases(self._set_functors[type_.sort.owner], *type_.indices)

    def _arrow_cases(self, category: int, dom: Term, cod: Term) -> ReadCases:
        if isinstance(dom, Variable) and isinstance(cod, Variable):
            x, y = self._slot(dom), self._slot(cod)
            return lambda world, env: ((TRUE, world.frame.homs[category][env[x]][env[y]]),)  # type: ignore[index]
        left, right = self.term(dom), self.term(cod)

        def cases(world: World, env: Env) -> Cases:
            homs = world.frame.homs[category]
            ends = alternatives(right(world, env))
            for here, one in alternatives(left(world, env)):
                for there, two in ends:
                    if homs[here][there]:
                        yield world.both((one, two)), homs[here][there]

        return cases

    def _element_cases(self, set_functor: int, place: Term) -> ReadCases:
        over = self.term(place)

        def cases(world: World, env: Env) -> Cases:
            fibres = world.frame.fibres[set_functor]
            for x, literal in alternatives(over(world, env)):
                yield literal, fibres[x]

        return cases

    def walk(self, telescope: Telescope) -> Walk:
        """Sets the variables of a telescope to all their values, one after another; gives the guards, never false."""
        slots = [self._slot(variable) for variable in telescope]
        cases = [self._cases(variable.type) for variable in telescope]
        depth = len(slots)

        def level(world: World, env: Env, number: int, guard: Literal) -> Iterator[Literal]:
            slot = slots[number]
            for literal, individuals in cases[number](world, env):
                here = literal if guard == TRUE else world.both((guard, literal))
                if here == FALSE:
                    continue
                world.meter.spend(len(individuals))
                for individual in individuals:
                    env[slot] = individual
                    if number + 1 == depth:
                        yield here
                    else:
                        yield from level(world, env, number + 1, here)

        def walk(world: World, env: Env) -> Iterator[Literal]:
            return level(world, env, 0, TRUE) if depth else iter((TRUE,))

        return walk

    # --- tables -----------------------------------------------------------------------------------

    def table(self, function: Function) -> MakeTable:
        """Makes an unknown table for a function symbol."""
        walk = self.walk(function.parameters)
        cases = self._cases(function.result)
        explicit = [self._slot(parameter) for parameter in function.explicit]

        def make(world: World, env: Env, prefix: Prefix) -> Table:
            rows: dict[Key, Value] = {}
            for guard in walk(world, env):
                unless = prefix if guard == TRUE else (*prefix, -guard)
                candidates = [
                    (individual, literal)
                    for literal, individuals in cases(world, env)
                    if literal != FALSE
                    for individual in individuals
                ]
                if not candidates:
                    world.require(unless)
                    continue
                value = world.choice([individual for individual, _ in candidates])
                for (_, belongs), (_, chosen) in zip(candidates, alternatives(value), strict=True):
                    if belongs != TRUE:
                        world.require((*unless, -chosen, belongs))
                rows[tuple([env[slot] for slot in explicit])] = value  # type: ignore[misc]
            return Table(rows)

        return make

    def _ill_typed(self, function: Function) -> Callable[[World, Env], Iterator[Literal]]:
        """For a concrete table in the slot of a function: literals of which one is true when it does not fit."""
        walk = self.walk(function.parameters)
        cases = self._cases(function.result)
        explicit = [self._slot(parameter) for parameter in function.explicit]
        place = self._slot(function)

        def literals(world: World, env: Env) -> Iterator[Literal]:
            rows = env[place].rows  # type: ignore[union-attr]
            for guard in walk(world, env):
                value = rows.get(tuple([env[slot] for slot in explicit]))  # type: ignore[misc]
                fits = [
                    literal
                    for literal, individuals in cases(world, env)
                    if isinstance(value, int) and value in individuals
                ]
                yield world.both((guard, -world.either(fits)))

        return literals


def apply(world: World, table: Table, arguments: tuple[Value, ...]) -> Value:
    """The value of a function at arguments that may be unknown."""
    found = table.rows.get(arguments)  # type: ignore[arg-type]
    if found is not None:
        return found
    key = (table, arguments)
    found = world.composites.get(key)
    if found is None:
        cases: dict[int, list[Literal]] = {}
        for choice in product(*[alternatives(argument) for argument in arguments]):
            value = table.rows.get(tuple([number for number, _ in choice]))
            if value is None:
                continue
            for number, literal in alternatives(value):
                both = world.both([one for _, one in choice] + [literal])
                if both != FALSE:
                    cases.setdefault(number, []).append(both)
        found = world.composites[key] = world.merged(cases)
    return found


def sum_of(world: World, values: Sequence[Value]) -> Value:
    """The sum of values."""
    result: Value = sum(value for value in values if isinstance(value, int))
    for value in values:
        if isinstance(value, int):
            continue
        cases: dict[int, list[Literal]] = {}
        for one, here in alternatives(result):
            for other, there in value:
                cases.setdefault(one + other, []).append(world.both((here, there)))
        result = world.merged(cases)
    return result
