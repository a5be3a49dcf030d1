"""Formulas, compiled to functions that write them down as ground propositional logic.

A formula is compiled once for a search and run once for every shape. Bound variables have concrete values while a
formula is being written, terms have *values* (``ground.Value``): an arrow variable is a number, F(f) one of several
numbers. A quantifier over a type whose indices are such terms runs over all that its type may turn out to be, under
guards. What is closed under the same values of its free variables is written once.

Terms denote wherever their context holds: what is written about a term in an excluded case does not matter.

Second order: *there are functions with M* becomes fresh tables with M; *there are none* is refined lazily, by tables
that satisfy M in a model found so far (counter-example guided).

Source: Claessen and Sorensson, New techniques that improve MACE-style finite model finding (2003); Clarke et al.,
Counterexample-guided abstraction refinement (2000).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
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
    SetSum,
    SortKind,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)
from formal.refute.ground import (
    FALSE,
    TRUE,
    Absence,
    Env,
    Key,
    Literal,
    Prefix,
    Table,
    Value,
    World,
    alternatives,
    literal_of,
)

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

_FLAT_DEPTH = 2


class Compiler:
    """Compiles the formulas of one statement.

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
        things: set[Variable | Function] = set()
        _free(formula, things)
        slots = (self._slot(thing) for thing in things)
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

    # --- literals ---------------------------------------------------------------------------------

    def literal(self, formula: Formula, polarity: int) -> Write:
        """Gives a literal for a formula.

        Args:
            polarity: 1 when it is only used to say that the formula holds, -1 that it fails, 0 for both.
        """
        match formula:
            case Truth(value):
                return lambda world, env: TRUE if value else FALSE
            case Finite():
                return lambda world, env: TRUE
            case Equal(left, right):
                one, other = self.term(left), self.term(right)
                return lambda world, env: world.same(one(world, env), other(world, env))
            case Not(body):
                negated = self.literal(body, -polarity)
                return lambda world, env: -negated(world, env)
            case And(parts):
                return _conjunction([self.literal(part, polarity) for part in parts])
            case Or(parts):
                return _negated(_conjunction([_negated(self.literal(part, polarity)) for part in parts]))
            case Implies(premise, conclusion):
                given, then = self.literal(premise, -polarity), self.literal(conclusion, polarity)
                return _negated(_conjunction([given, _negated(then)]))
            case Iff(left, right):
                one, other = self.literal(left, 0), self.literal(right, 0)
                return lambda world, env: _equivalence(world, one(world, env), other(world, env))
            case Quantified():
                return self._once(formula, self._quantified(formula, polarity))
            case Named(_, _, body):
                return self._once(body, self.literal(body, polarity))
            case FunctionQuantified(quantifier, functions, body):
                if quantifier is Quantifier.EXISTS:
                    return self._once(formula, self._some_functions(functions, body, polarity))
                return _negated(self._once(formula, self._some_functions(functions, Not(body), -polarity)))
            case Equinumerous(left_sum, right_sum):
                return self._once(formula, self._equinumerous(left_sum, right_sum))
            case Connected():
                return self._once(formula, self._connected(formula, polarity))
        assert_never(formula)

    def _once(self, formula: Formula, write: Write) -> Write:
        node, key = self._node(), self._key(formula)

        def remembered(world: World, env: Env) -> Literal:
            place = (node, *[env[slot] for slot in key])
            found = world.memo.get(place)
            if found is None:
                found = world.memo[place] = write(world, env)
            return found

        return remembered

    def _quantified(self, formula: Quantified, polarity: int) -> Write:
        walk = self.walk(formula.variables)
        if formula.quantifier is Quantifier.EXISTS_UNIQUE:
            body = self.literal(formula.body, 0)
            return lambda world, env: _exactly_one(world, _instances(walk, body, world, env))
        body = self.literal(formula.body, polarity)
        if formula.quantifier is Quantifier.EXISTS:
            return lambda world, env: _some(world, _instances(walk, body, world, env))
        failure = _negated(body)
        return lambda world, env: -_some(world, _instances(walk, failure, world, env))

    def _some_functions(self, functions: Sequence[Function], matrix: Formula, polarity: int) -> Write:
        """A literal for: there are functions with the matrix."""
        present = self._present(functions, matrix) if polarity >= 0 else None
        absent = self._absent(functions, matrix) if polarity <= 0 else None

        def write(world: World, env: Env) -> Literal:
            literal = world.fresh()
            if present is not None:
                present(world, env, (-literal,))
            if absent is not None:
                absent(world, env, (literal,))
            return literal

        return write

    def _present(self, functions: Sequence[Function], matrix: Formula) -> Require:
        """There are functions with the matrix: fresh tables."""
        places = [(self._slot(function), self.table(function)) for function in functions]
        holds = self.require(matrix, True)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            for slot, make in places:
                env[slot] = make(world, env, prefix)
            holds(world, env, prefix)

        return require

    def _absent(self, functions: Sequence[Function], matrix: Formula) -> Require:
        """There are no functions with the matrix."""
        find = self._present(functions, matrix)
        slots = tuple(self._slot(function) for function in functions)
        ill_typed = [self._ill_typed(function) for function in functions]
        holds = self.literal(matrix, -1)

        def exclude(world: World, env: Env) -> Iterable[Literal]:
            yield from (literal for literals in ill_typed for literal in literals(world, env))
            yield -holds(world, env)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            world.absences.append(Absence(prefix, find, exclude, slots, list(env)))

        return require

    def _equinumerous(self, left: SetSum, right: SetSum) -> Write:
        one, other = self._cardinality(left), self._cardinality(right)
        return lambda world, env: world.same(one(world, env), other(world, env))

    def _cardinality(self, summands: SetSum) -> ReadTerm:
        counts = [self._count(telescope) for telescope in summands]
        return lambda world, env: _sum(world, [count(world, env) for count in counts])

    def _count(self, telescope: Telescope) -> ReadTerm:
        """How many tuples there are."""
        if not telescope:
            return lambda world, env: 1
        slot, cases, rest = self._slot(telescope[0]), self._cases(telescope[0].type), self._count(telescope[1:])
        last = len(telescope) == 1

        def count(world: World, env: Env) -> Value:
            found: dict[int, list[Literal]] = {}
            covered: list[Literal] = []
            for guard, individuals in cases(world, env):
                if guard == FALSE:
                    continue
                covered.append(guard)
                total: Value = len(individuals)
                if not last:
                    parts = []
                    for individual in individuals:
                        env[slot] = individual
                        parts.append(rest(world, env))
                    total = _sum(world, parts)
                for number, literal in alternatives(total):
                    found.setdefault(number, []).append(world.both((guard, literal)))
            none = -world.either(covered)
            if none != FALSE:
                found.setdefault(0, []).append(none)
            return world.merged(found)

        return count

    def _connected(self, formula: Connected, polarity: int) -> Write:
        walk = self.walk(formula.left)
        left = [self._slot(variable) for variable in formula.left]
        right = [self._slot(variable) for variable in formula.right]
        joined = self.literal(formula.joined, polarity)

        def write(world: World, env: Env) -> Literal:
            points = [(guard, tuple([env[slot] for slot in left])) for guard in walk(world, env)]
            n = range(len(points))

            def edge(i: int, j: int) -> Literal:
                for slot, other, a, b in zip(left, right, points[i][1], points[j][1], strict=True):
                    env[slot], env[other] = a, b
                return world.both((points[i][0], points[j][0], joined(world, env)))

            reach = {(i, j): world.either((edge(i, j), edge(j, i))) for i in n for j in n if i < j}
            for k in n:
                via = {i: reach[min(i, k), max(i, k)] for i in n if i != k}
                for i, j in reach:
                    if k not in (i, j):
                        reach[i, j] = world.either((reach[i, j], world.both((via[i], via[j]))))
            apart = [world.both((points[i][0], points[j][0], -literal)) for (i, j), literal in reach.items()]
            return world.both((world.either(guard for guard, _ in points), *(-literal for literal in apart)))

        return write

    # --- requirements -----------------------------------------------------------------------------

    def require(self, formula: Formula, holds: bool) -> Require:
        """Requires that a formula holds, or that it fails."""
        match formula:
            case Truth(value):
                return _nothing if value == holds else lambda world, env, prefix: world.require(prefix)
            case Finite():
                return _nothing if holds else lambda world, env, prefix: world.require(prefix)
            case Not(body):
                return self.require(body, not holds)
            case Named(_, _, body):
                return self.require(body, holds)
            case And(parts):
                return self._require_all(parts, holds) if holds else self._require_some(parts, holds)
            case Or(parts):
                return self._require_some(parts, holds) if holds else self._require_all(parts, holds)
            case Implies(premise, conclusion):
                if holds:
                    return self._require_some((*(Not(part) for part in _conjuncts(premise)), conclusion), True)
                return self._require_all((premise, Not(conclusion)), True)
            case Quantified(quantifier, variables, body):
                if quantifier is Quantifier.EXISTS_UNIQUE:
                    return (
                        self._require_exactly_one(variables, body) if holds else self._require_literal(formula, holds)
                    )
                if (quantifier is Quantifier.FORALL) is holds:
                    return self._require_each(variables, body, holds)
                return self._require_instance(variables, body, holds)
            case FunctionQuantified(quantifier, functions, body):
                matrix = body if quantifier is Quantifier.EXISTS else Not(body)
                if (quantifier is Quantifier.EXISTS) is holds:
                    return self._present(functions, matrix)
                return self._absent(functions, matrix)
            case Equal(left, right):
                if holds and max(_depth(left), _depth(right)) <= _FLAT_DEPTH:
                    return self._require_equal(left, right)
                return self._require_literal(formula, holds)
            case Iff(left, right):
                return self._require_iff(left, right, holds)
            case Equinumerous() | Connected():
                return self._require_literal(formula, holds)
        assert_never(formula)

    def _require_literal(self, formula: Formula, holds: bool) -> Require:
        literal = self.literal(formula, 1 if holds else -1)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            found = literal(world, env)
            world.require((*prefix, found if holds else -found))

        return require

    def _require_all(self, parts: Sequence[Formula], holds: bool) -> Require:
        required = [self.require(part, holds) for part in sorted(parts, key=weight)]

        def require(world: World, env: Env, prefix: Prefix) -> None:
            for part in required:
                part(world, env, prefix)

        return require

    def _require_some(self, parts: Sequence[Formula], holds: bool) -> Require:
        if not parts:
            return lambda world, env, prefix: world.require(prefix)
        literals = [self._signed(part, holds) for part in parts[:-1]]
        last = self.require(parts[-1], holds)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            more = list(prefix)
            for literal in literals:
                found = literal(world, env)
                if found == TRUE:
                    return
                if found != FALSE:
                    more.append(found)
            last(world, env, tuple(more))

        return require

    def _signed(self, part: Formula, holds: bool) -> Write:
        while isinstance(part, Not):
            part, holds = part.body, not holds
        return self.literal(part, 1) if holds else _negated(self.literal(part, -1))

    def _require_each(self, variables: Telescope, body: Formula, holds: bool) -> Require:
        walk, each = self.walk(variables), self.require(body, holds)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            for guard in walk(world, env):
                each(world, env, prefix if guard == TRUE else (*prefix, -guard))

        return require

    def _require_instance(self, variables: Telescope, body: Formula, holds: bool) -> Require:
        walk, literal = self.walk(variables), self._signed(body, holds)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            found = _instances(walk, literal, world, env)
            world.require((*prefix, *found))

        return require

    def _require_exactly_one(self, variables: Telescope, body: Formula) -> Require:
        walk, literal = self.walk(variables), self.literal(body, 0)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            found = list(_instances(walk, literal, world, env))
            world.require((*prefix, *found))
            for number, one in enumerate(found):
                for other in found[:number]:
                    world.require((*prefix, -one, -other))

        return require

    def _require_iff(self, left: Formula, right: Formula, holds: bool) -> Require:
        one, other = self.literal(left, 0), self.literal(right, 0)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            a, b = one(world, env), other(world, env)
            if not holds:
                b = -b
            world.require((*prefix, -a, b))
            world.require((*prefix, a, -b))

        return require

    def _require_equal(self, left: Term, right: Term) -> Require:
        one, other = self._last(left), self._last(right)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            here, there = one(world, env), other(world, env)
            if here == there:
                return
            if _spread(there) < _spread(here):
                here, there = there, here
            for value, given in here:
                for number, literal in alternatives(value):
                    for entry, also in there:
                        world.require((*prefix, *_denied(given), -literal, *_denied(also), literal_of(entry, number)))

        return require


# --- pieces ---------------------------------------------------------------------------------------


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


def weight(formula: Formula) -> int:
    """How many quantifiers are nested in a formula: what is light is written first, as it excludes shapes soonest."""
    match formula:
        case Truth() | Equal() | Finite() | Equinumerous():
            return 0
        case Not(body) | Named(_, _, body):
            return weight(body)
        case And(parts) | Or(parts):
            return max(map(weight, parts), default=0)
        case Implies(left, right) | Iff(left, right):
            return max(weight(left), weight(right))
        case Quantified(_, variables, body):
            return len(variables) + weight(body)
        case FunctionQuantified(_, _, body):
            return 20 + weight(body)
        case Connected(left_points, _, joined):
            return 2 * len(left_points) + weight(joined)
    assert_never(formula)


def _nothing(world: World, env: Env, prefix: Prefix) -> None:
    return None


def _negated(write: Write) -> Write:
    return lambda world, env: -write(world, env)


def _conjunction(parts: Sequence[Write]) -> Write:
    def write(world: World, env: Env) -> Literal:
        literals = []
        for part in parts:
            literal = part(world, env)
            if literal == FALSE:
                return FALSE
            if literal != TRUE:
                literals.append(literal)
        return world.both(literals)

    return write


def _equivalence(world: World, one: Literal, other: Literal) -> Literal:
    if one == other:
        return TRUE
    return world.both((world.either((-one, other)), world.either((one, -other))))


def _instances(walk: Walk, body: Write, world: World, env: Env) -> Iterator[Literal]:
    """A literal for every tuple of values; none that is false, and nothing after one that is true twice."""
    certain = 0
    for guard in walk(world, env):
        literal = body(world, env)
        if literal == FALSE:
            continue
        if guard != TRUE:
            literal = world.both((guard, literal))
            if literal == FALSE:
                continue
        yield literal
        certain += literal == TRUE
        if certain == 2:
            return


def _some(world: World, literals: Iterator[Literal]) -> Literal:
    found = []
    for literal in literals:
        if literal == TRUE:
            return TRUE
        found.append(literal)
    return world.either(found)


def _exactly_one(world: World, literals: Iterator[Literal]) -> Literal:
    found = list(literals)
    if found.count(TRUE) > 1:
        return FALSE
    return world.either(
        [
            world.both([literal, *(-other for place, other in enumerate(found) if place != number)])
            for number, literal in enumerate(found)
        ]
    )


def _sum(world: World, values: Sequence[Value]) -> Value:
    total: Value = sum(value for value in values if isinstance(value, int))
    for value in values:
        if isinstance(value, int):
            continue
        cases: dict[int, list[Literal]] = {}
        for one, here in alternatives(total):
            for other, there in value:
                cases.setdefault(one + other, []).append(world.both((here, there)))
        total = world.merged(cases)
    return total


def _spread(entries: Sequence[tuple[Value, Prefix]]) -> int:
    return sum(1 if isinstance(value, int) else len(value) for value, _ in entries)


def _denied(prefix: Prefix) -> Iterator[Literal]:
    return (-literal for literal in prefix)


def _conjuncts(formula: Formula) -> Iterator[Formula]:
    """The parts of a conjunction, light ones first."""
    if isinstance(formula, And):
        for part in sorted(formula.parts, key=weight):
            yield from _conjuncts(part)
    elif isinstance(formula, Named) and isinstance(formula.body, And):
        yield from _conjuncts(formula.body)
    else:
        yield formula


def _depth(term: Term) -> int:
    if isinstance(term, Variable):
        return 0
    below = max(map(_depth, term.arguments), default=0)
    return below if term.function.role is Role.IDENTITY else below + 1


def _free_term(term: Term, things: set[Variable | Function]) -> None:
    if isinstance(term, Variable):
        things.add(term)
        return
    if term.function.role is not Role.IDENTITY:
        things.add(term.function)
    for argument in term.arguments:
        _free_term(argument, things)


def _free_telescope(telescope: Telescope, things: set[Variable | Function]) -> None:
    for variable in telescope:
        for index in variable.type.indices:
            _free_term(index, things)


def _free(formula: Formula, things: set[Variable | Function]) -> None:
    """Add the free variables and the free functions of a formula."""
    match formula:
        case Truth() | Finite():
            return
        case Equal(left, right):
            _free_term(left, things)
            _free_term(right, things)
        case Not(body) | Named(_, _, body):
            _free(body, things)
        case And(parts) | Or(parts):
            for part in parts:
                _free(part, things)
        case Implies(left_part, right_part) | Iff(left_part, right_part):
            _free(left_part, things)
            _free(right_part, things)
        case Quantified(_, variables, body):
            inner: set[Variable | Function] = set()
            _free(body, inner)
            _free_telescope(variables, inner)
            things |= inner.difference(variables)
        case FunctionQuantified(_, functions, body):
            inner = set()
            _free(body, inner)
            for function in functions:
                signature: set[Variable | Function] = set()
                _free_telescope(function.parameters, signature)
                for index in function.result.indices:
                    _free_term(index, signature)
                inner |= signature.difference(function.parameters)
            things |= inner.difference(functions)
        case Equinumerous(left_sum, right_sum):
            for telescope in (*left_sum, *right_sum):
                inner = set()
                _free_telescope(telescope, inner)
                things |= inner.difference(telescope)
        case Connected(left_points, right_points, joined):
            inner = set()
            _free(joined, inner)
            _free_telescope(left_points, inner)
            _free_telescope(right_points, inner)
            things |= inner.difference(left_points, right_points)
        case _:
            assert_never(formula)
