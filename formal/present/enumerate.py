"""From a presentation to the category, to a loop that makes it infinite, or to the budget that ran out.

One system of rewrite rules grows from three sides in turn, so that nobody has to choose between them:

- enumeration lists irreducible words in a table and checks the relations at every arrow; one that fails is a new
  equation, and a closed table where none fails is the category;
- completion makes critical pairs join, shortest first; for a finite category it ends;
- when no pair is left and the automaton of irreducible words has a loop, the category is infinite.

Each gets about as many steps as the others, counted, not timed.

Source: Knuth, Bendix 1970; Todd, Coxeter 1936; Sims, Computation with Finitely Presented Groups, chapters 2, 3 and 5.
"""

from __future__ import annotations

from formal.core.category import Category
from formal.core.presentation import InfiniteCategory, Presentation, Undecided
from formal.present.automaton import build_automaton
from formal.present.derivation import derived_rules
from formal.present.limit import DEFAULT_LIMITS, Limits, Meter, OutOfBudget
from formal.present.overlap import Overlaps, overlaps, resolve_pair
from formal.present.system import System, spell
from formal.present.table import Table
from formal.text import Bug

_FIRST_SIZE = 512
"""How many words a table has when its relations are first checked; then at every doubling."""

_QUANTUM = 4_000
"""The least number of steps of completion, and of equations that a table gives, between two tables."""


def enumerate_category(
    presentation: Presentation, *, limits: Limits = DEFAULT_LIMITS
) -> Category | InfiniteCategory | Undecided:
    """List the arrows of a finitely presented category: paths modulo the congruence that the equations generate.

    Args:
        presentation: p objects, g generators, r equations between parallel paths.
        limits: the budgets; the result depends on nothing else.
    Returns:
        The category, with rules that prove its table; or a loop of irreducible words and a complete system; or the
        budget that ran out.
    Raises:
        Bug: a relation is not between parallel paths.
    Source: Spivak, Category Theory for the Sciences, Definition 4.5.2.3.
    """
    _validate(presentation)
    meter = Meter(limits.steps)
    system = System(presentation, meter, limits.rules)
    try:
        return _enumerate(presentation, system, meter, limits)
    except OutOfBudget as out:
        return Undecided(presentation, out.budget)


def _enumerate(
    presentation: Presentation, system: System, meter: Meter, limits: Limits
) -> Category | InfiniteCategory | Undecided:
    _add_relations(system)
    pairs = Overlaps(system, meter)
    pairs_left = True
    spent_on_tables = 0
    while True:
        automaton = build_automaton(presentation, system)
        meter.spend(len(automaton.moves))
        loop = automaton.loop()
        if loop is not None and not pairs_left:
            if _confluent(system):
                start, prefix, back = loop
                return InfiniteCategory(presentation, derived_rules(presentation, system), start, prefix, back)
            pairs_left = True
            continue

        # Where words go on for ever a table only finds equations, so it may cost what completion has cost.
        size = limits.arrows + 1
        if loop is not None or spent_on_tables:
            degree = 1 + len(presentation.generators) // max(1, len(presentation.objects))
            allowed = (meter.steps - spent_on_tables) // degree
            if loop is not None or pairs_left:
                size = min(size, max(_FIRST_SIZE, allowed))
        before = meter.steps
        table = Table(presentation, automaton, system.history, meter)
        failures = _grow(table, size)
        spent_on_tables += meter.steps - before
        if not failures:
            if table.size > limits.arrows:
                if not pairs_left:
                    return Undecided(presentation, f"{limits.arrows} arrows")
            elif table.closed:
                return table.category(derived_rules(presentation, system))
        known = len(system.history)
        cost = max(_QUANTUM, meter.steps - before)
        _add_failures(system, table, failures, meter, cost)
        pairs_left = pairs.resolve(cost)
        pairs_left = pairs_left or len(system.history) > known


def _validate(presentation: Presentation) -> None:
    for relation in presentation.relations:
        ends = []
        for path in relation:
            x = path.dom
            for generator in path.word:
                _, dom, cod = presentation.generators[generator]
                if dom != x:
                    raise Bug(f"{presentation.name}: {path} is not a path")
                x = cod
            ends.append((path.dom, x))
        if ends[0] != ends[1]:
            raise Bug(f"{presentation.name}: {relation} are not parallel")


def _add_relations(system: System) -> None:
    """The relations are the first equations, short ones first."""
    order = sorted(range(len(system.relations)), key=lambda index: (sum(map(len, system.relations[index])), index))
    for index in order:
        left, right = system.relations[index]
        system.add(left, right, ((0, index, True),))


def _grow(table: Table, size: int) -> list[tuple[int, int]]:
    """Grow a table, checking relations at every doubling: the (arrow, relation) that fail."""
    goal = _FIRST_SIZE
    while True:
        table.grow(min(goal, size))
        failures = table.failures()
        if failures or table.closed or table.size >= size:
            return failures
        goal = 2 * table.size


def _add_failures(system: System, table: Table, failures: list[tuple[int, int]], meter: Meter, quantum: int) -> None:
    """Turn relations that fail at arrows into equations, as many as the quantum allows."""
    stop = meter.steps + quantum
    for f, index in failures:
        if meter.steps > stop:
            return
        word = spell(table.word(f))
        left, right = system.relations[index]
        system.add(word + left, word + right, ((len(word), index, True),))


def _confluent(system: System) -> bool:
    """Whether all critical pairs of the active rules join; new rules see to it where they do not."""
    active = system.active
    count = len(system.history)
    for i, j, shared in overlaps([system.history[number].left for number in active]):
        if not resolve_pair(system, active[i], active[j], shared):
            break
    return len(system.history) == count
