"""Ground propositional logic about structures of one shape: individuals are numbers, what is unknown is a table.

An entry of a table is a number, or *one of* several numbers, each with the literal that says so; exactly one of these
literals is true. Gates are shared: the same conjunction is the same literal.

Source: Tseitin, On the complexity of derivation in propositional calculus (1968); McCune, Mace4 reference manual
(2003) for one-hot tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from formal.refute.limit import Meter
from formal.refute.shape import CategoryShape

Literal = int
TRUE: Literal = 1
FALSE: Literal = -1

Value = int | tuple[tuple[int, Literal], ...]
"""A number, or one of these numbers, each with its literal. No alternative at all: the term does not denote, in a
place that is excluded already."""

Key = tuple[int, ...]


class Contradiction(Exception):
    """There is nothing of this shape: a clause became empty while it was written."""


class Table:
    """The values of a function symbol, by its explicit arguments. Tables are compared by identity."""

    __slots__ = ("rows",)

    def __init__(self, rows: dict[Key, Value]) -> None:
        self.rows = rows


Env = list[int | Table]
"""The value of every variable in scope and the table of every function symbol, by slot."""

Prefix = tuple[Literal, ...]
"""What else may be true instead: a requirement holds unless one of these does."""


class Frame:
    """The individuals of a shape, numbered: what all structures of this shape have in common.

    Arrows are numbered through each category, the identity of the object x is arrow x; elements through each
    set-valued functor.

    Args:
        shapes: one for each category.
        variances: for every category, for every set-valued functor on it: whether it is contravariant. Set-valued
            functors are numbered through all categories.
    """

    __slots__ = ("at", "bases", "cod", "contravariant", "counts", "dom", "fibres", "homs", "shapes")

    def __init__(self, shapes: Sequence[CategoryShape], variances: Sequence[Sequence[bool]]) -> None:
        self.shapes = tuple(shapes)
        self.counts = [shape.objects for shape in shapes]
        self.dom: list[list[int]] = []
        self.cod: list[list[int]] = []
        self.homs: list[list[list[list[int]]]] = []
        self.at: list[list[int]] = []
        self.fibres: list[list[list[int]]] = []
        self.bases: list[int] = []
        self.contravariant: list[bool] = []
        for c, shape in enumerate(shapes):
            n = range(shape.objects)
            dom, cod = list(n), list(n)
            homs: list[list[list[int]]] = [[[x] if x == y else [] for y in n] for x in n]
            for x in n:
                for y in n:
                    for _ in range(shape.arrows[x][y]):
                        homs[x][y].append(len(dom))
                        dom.append(x)
                        cod.append(y)
            self.dom.append(dom)
            self.cod.append(cod)
            self.homs.append(homs)
            for fibre, contravariant in zip(shape.fibres, variances[c], strict=True):
                at: list[int] = []
                over: list[list[int]] = []
                for x, count in enumerate(fibre):
                    over.append(list(range(len(at), len(at) + count)))
                    at.extend([x] * count)
                self.at.append(at)
                self.fibres.append(over)
                self.bases.append(c)
                self.contravariant.append(contravariant)


class World:
    """Clauses about unknown tables over a frame.

    Args:
        frame: the individuals.
        meter: counts what is written.
    """

    __slots__ = ("absences", "clauses", "composites", "frame", "gates", "memo", "meter", "variables")

    def __init__(self, frame: Frame, meter: Meter) -> None:
        self.frame = frame
        self.meter = meter
        self.variables = 1
        self.clauses: list[list[Literal]] = [[TRUE]]
        self.gates: dict[tuple[Literal, ...], Literal] = {}
        self.memo: dict[tuple[object, ...], Literal] = {}
        self.composites: dict[tuple[object, ...], Value] = {}
        self.absences: list[Absence] = []

    def fresh(self) -> Literal:
        """A new propositional variable."""
        self.variables += 1
        return self.variables

    def require(self, literals: Iterable[Literal]) -> None:
        """One of these has to be true.

        Raises:
            Contradiction: there are none.
        """
        clause = [literal for literal in literals if literal != FALSE]
        if TRUE in clause:
            return
        if not clause:
            raise Contradiction
        self.clauses.append(clause)
        self.meter.spend(len(clause))

    def both(self, literals: Iterable[Literal]) -> Literal:
        """The conjunction."""
        distinct = {literal for literal in literals if literal != TRUE}
        if not distinct:
            return TRUE
        if len(distinct) == 1:
            return distinct.pop()
        if FALSE in distinct:
            return FALSE
        key = tuple(sorted(distinct))
        found = self.gates.get(key)
        if found is not None:
            return found
        if any(-literal in distinct for literal in key):
            self.gates[key] = FALSE
            return FALSE
        gate = self.fresh()
        self.gates[key] = gate
        clauses = self.clauses
        for literal in key:
            clauses.append([-gate, literal])
        clauses.append([gate, *(-literal for literal in key)])
        self.meter.spend(3 * len(key) + 1)
        return gate

    def either(self, literals: Iterable[Literal]) -> Literal:
        """The disjunction."""
        return -self.both([-literal for literal in literals])

    def choice(self, candidates: Sequence[int]) -> Value:
        """An unknown that is one of these numbers."""
        if len(candidates) == 1:
            return candidates[0]
        if len(candidates) == 2:
            literal = self.fresh()
            return ((candidates[0], literal), (candidates[1], -literal))
        value = tuple((candidate, self.fresh()) for candidate in candidates)
        self.clauses.append([literal for _, literal in value])
        for i, (_, one) in enumerate(value):
            self.clauses.extend([-one, -other] for _, other in value[:i])
        self.meter.spend(len(value) * len(value))
        return value

    def merged(self, cases: dict[int, list[Literal]]) -> Value:
        """A number that is known by cases, for every number the literals of the cases in which it is that one."""
        if len(cases) == 1:
            return next(iter(cases))
        value = []
        for number, literals in cases.items():
            literal = literals[0] if len(literals) == 1 else self.either(literals)
            if literal == TRUE:
                return number
            if literal != FALSE:
                value.append((number, literal))
        return tuple(value)

    def same(self, left: Value, right: Value) -> Literal:
        """Whether two values are equal."""
        if isinstance(left, int):
            if isinstance(right, int):
                return TRUE if left == right else FALSE
            return literal_of(right, left)
        if isinstance(right, int):
            return literal_of(left, right)
        if left == right:
            return TRUE
        here = dict(right)
        return self.either([self.both((literal, here[number])) for number, literal in left if number in here])


@dataclass(frozen=True, slots=True)
class Absence:
    """There are no functions with M, unless one of ``unless`` is true: to be refined.

    Args:
        find: in a world, makes tables for the functions, in their slots, and requires M.
        exclude: in a world, with tables in the slots, the literals of which one is true when they do not satisfy M.
        slots: of the functions.
        env: where it was written.
    """

    unless: Prefix
    find: Callable[[World, Env, Prefix], None]
    exclude: Callable[[World, Env], Iterable[Literal]]
    slots: tuple[int, ...]
    env: Env


def literal_of(value: Value, number: int) -> Literal:
    """Whether the value is this number."""
    if isinstance(value, int):
        return TRUE if value == number else FALSE
    for candidate, literal in value:
        if candidate == number:
            return literal
    return FALSE


def alternatives(value: Value) -> tuple[tuple[int, Literal], ...]:
    """The numbers that the value may be, with their literals."""
    return ((value, TRUE),) if isinstance(value, int) else value


# --- the structures themselves --------------------------------------------------------------------


def composition_table(world: World, category: int) -> Table:
    """Unknown composites of a category; identities are neutral."""
    frame = world.frame
    dom, cod, homs = frame.dom[category], frame.cod[category], frame.homs[category]
    objects = frame.counts[category]
    rows: dict[Key, Value] = {}
    for f in range(len(dom)):
        rows[dom[f], f] = f
        rows[f, cod[f]] = f
    for f in range(objects, len(dom)):
        for g in range(objects, len(dom)):
            if cod[f] == dom[g]:
                rows[f, g] = world.choice(homs[dom[f]][cod[g]])
    return Table(rows)


def require_associativity(world: World, category: int, composition: Table) -> None:
    """(f >> g) >> h = f >> (g >> h)."""
    frame, rows = world.frame, composition.rows
    cod, objects = frame.cod[category], frame.counts[category]
    after: list[list[int]] = [[] for _ in range(objects)]
    for g, x in enumerate(frame.dom[category]):
        if g >= objects:
            after[x].append(g)
    for f in range(objects, len(cod)):
        for g in after[cod[f]]:
            first = alternatives(rows[f, g])
            for h in after[cod[g]]:
                last = alternatives(rows[g, h])
                for fg, one in first:
                    whole = alternatives(rows[fg, h])
                    for gh, two in last:
                        if one == -two:
                            continue
                        other = rows[f, gh]
                        for fgh, three in whole:
                            world.require((-one, -two, -three, literal_of(other, fgh)))


def action_table(world: World, set_functor: int) -> Table:
    """Unknown actions of a set-valued functor; identities act as such."""
    frame = world.frame
    category = frame.bases[set_functor]
    dom, cod = frame.dom[category], frame.cod[category]
    fibres = frame.fibres[set_functor]
    objects = frame.counts[category]
    source, target = (cod, dom) if frame.contravariant[set_functor] else (dom, cod)
    rows: dict[Key, Value] = {}
    for f in range(len(dom)):
        for t in fibres[source[f]]:
            rows[f, t] = t if f < objects else world.choice(fibres[target[f]])
    return Table(rows)


def require_functoriality(world: World, set_functor: int, composition: Table, action: Table) -> None:
    """A composite acts as the two arrows do, one after the other."""
    frame, rows = world.frame, action.rows
    category = frame.bases[set_functor]
    objects, contravariant = frame.counts[category], frame.contravariant[set_functor]
    source = (frame.cod if contravariant else frame.dom)[category]
    for (f, g), composite in composition.rows.items():
        if f < objects or g < objects:
            continue
        first, second = (g, f) if contravariant else (f, g)
        for t in frame.fibres[set_functor][source[first]]:
            for u, one in alternatives(rows[first, t]):
                last = alternatives(rows[second, u])
                for fg, two in alternatives(composite):
                    whole = rows[fg, t]
                    for v, three in last:
                        world.require((-one, -two, -three, literal_of(whole, v)))
