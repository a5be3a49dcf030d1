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

from collections.abc import Iterable, Iterator, Sequence
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
    SetSum,
    Telescope,
    Term,
    Truth,
)
from formal.refute import gate
from formal.refute.ground import FALSE, TRUE, Absence, Env, Literal, Prefix, Value, World, alternatives, literal_of
from formal.refute.scan import conjuncts, depth, weight
from formal.refute.term import ReadTerm, Require, TermCompiler, Write, sum_of

_FLAT_DEPTH = 2


class Compiler(TermCompiler):
    """Compiles the formulas of one statement."""

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
                return gate.conjunction([self.literal(part, polarity) for part in parts])
            case Or(parts):
                return gate.negated(gate.conjunction([gate.negated(self.literal(part, polarity)) for part in parts]))
            case Implies(premise, conclusion):
                given, then = self.literal(premise, -polarity), self.literal(conclusion, polarity)
                return gate.negated(gate.conjunction([given, gate.negated(then)]))
            case Iff(left, right):
                one, other = self.literal(left, 0), self.literal(right, 0)
                return lambda world, env: gate.equivalence(world, one(world, env), other(world, env))
            case Quantified():
                return self._once(formula, self._quantified(formula, polarity))
            case Named(_, _, body):
                return self._once(body, self.literal(body, polarity))
            case FunctionQuantified(quantifier, functions, body):
                if quantifier is Quantifier.EXISTS:
                    return self._once(formula, self._some_functions(functions, body, polarity))
                return gate.negated(self._once(formula, self._some_functions(functions, Not(body), -polarity)))
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
            return lambda world, env: gate.exactly_one(world, gate.instances(walk, body, world, env))
        body = self.literal(formula.body, polarity)
        if formula.quantifier is Quantifier.EXISTS:
            return lambda world, env: gate.some(world, gate.instances(walk, body, world, env))
        failure = gate.negated(body)
        return lambda world, env: -gate.some(world, gate.instances(walk, failure, world, env))

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
        return lambda world, env: sum_of(world, [count(world, env) for count in counts])

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
                    total = sum_of(world, parts)
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
                    return self._require_some((*(Not(part) for part in conjuncts(premise)), conclusion), True)
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
                if holds and max(depth(left), depth(right)) <= _FLAT_DEPTH:
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
        return self.literal(part, 1) if holds else gate.negated(self.literal(part, -1))

    def _require_each(self, variables: Telescope, body: Formula, holds: bool) -> Require:
        walk, each = self.walk(variables), self.require(body, holds)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            for guard in walk(world, env):
                each(world, env, prefix if guard == TRUE else (*prefix, -guard))

        return require

    def _require_instance(self, variables: Telescope, body: Formula, holds: bool) -> Require:
        walk, literal = self.walk(variables), self._signed(body, holds)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            found = gate.instances(walk, literal, world, env)
            world.require((*prefix, *found))

        return require

    def _require_exactly_one(self, variables: Telescope, body: Formula) -> Require:
        walk, literal = self.walk(variables), self.literal(body, 0)

        def require(world: World, env: Env, prefix: Prefix) -> None:
            found = list(gate.instances(walk, literal, world, env))
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


def _nothing(world: World, env: Env, prefix: Prefix) -> None:
    return None


def _spread(entries: Sequence[tuple[Value, Prefix]]) -> int:
    return sum(1 if isinstance(value, int) else len(value) for value, _ in entries)


def _denied(prefix: Prefix) -> Iterator[Literal]:
    return (-literal for literal in prefix)
