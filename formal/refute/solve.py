"""Models of ground clauses, with second-order parts refined until the model is one of them too."""

from __future__ import annotations

from collections.abc import Sequence

from pysat.solvers import Minisat22

from formal.refute.ground import Absence, Contradiction, Env, Key, Literal, Table, Value, World
from formal.refute.limit import PROPAGATIONS_A_STEP, OutOfBudget

_NEW_WORLD_STEPS = 50


class Assignment:
    """Truth values of propositional variables; what no clause speaks of is false."""

    __slots__ = ("_true",)

    def __init__(self, literals: Sequence[Literal]) -> None:
        self._true = frozenset(literal for literal in literals if literal > 0)

    def __getitem__(self, literal: Literal) -> bool:
        return literal in self._true if literal > 0 else -literal not in self._true

    def table(self, table: Table) -> Table:
        """The table with its entries known."""
        rows: dict[Key, Value] = {}
        for key, value in table.rows.items():
            if isinstance(value, int):
                rows[key] = value
            else:
                chosen = [number for number, literal in value if self[literal]]
                rows[key] = chosen[0]
        return Table(rows)

    def environment(self, env: Env) -> Env:
        """The environment with all its tables known."""
        known: dict[Table, Table] = {}
        for entry in env:
            if isinstance(entry, Table) and entry not in known:
                known[entry] = self.table(entry)
        return [known[entry] if isinstance(entry, Table) else entry for entry in env]


def solve(world: World) -> Assignment | None:
    """A model; None when there is none.

    Raises:
        OutOfBudget: the steps are spent.
    """
    meter = world.meter
    meter.spend(_NEW_WORLD_STEPS)
    fed = propagations = 0
    with Minisat22() as solver:
        while True:
            solver.append_formula(world.clauses[fed:], no_return=True)
            fed = len(world.clauses)
            solver.prop_budget(meter.propagations_left())
            answer = solver.solve_limited()
            total = solver.accum_stats()["propagations"]
            meter.spend((total - propagations) // PROPAGATIONS_A_STEP)
            propagations = total
            if answer is None:
                raise OutOfBudget
            if not answer:
                return None
            assignment = Assignment(solver.get_model())
            try:
                violated = [_refine(world, absence, assignment) for absence in list(world.absences)]
            except Contradiction:
                return None
            if not any(violated):
                return assignment


def _refine(world: World, absence: Absence, assignment: Assignment) -> bool:
    """Whether there are functions in the model that should not be there; then they are excluded."""
    if any(assignment[literal] for literal in absence.unless):
        return False
    known = World(world.frame, world.meter)
    env = assignment.environment(absence.env)
    try:
        absence.find(known, env, ())
    except Contradiction:
        return False
    found = solve(known)
    if found is None:
        return False
    here = list(absence.env)
    for slot in absence.slots:
        table = env[slot]
        assert isinstance(table, Table)
        here[slot] = found.table(table)
    world.require((*absence.unless, *absence.exclude(world, here)))
    return True
