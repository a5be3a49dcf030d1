"""Literals for combinations of others: conjunctions and equivalences, some or exactly one of many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from formal.refute.ground import FALSE, TRUE, Env, Literal, World
from formal.refute.term import Walk, Write


def negated(write: Write) -> Write:
    """The failure of what is written."""
    return lambda world, env: -write(world, env)


def conjunction(parts: Sequence[Write]) -> Write:
    """All of them; what follows something false is not written."""

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


def equivalence(world: World, one: Literal, other: Literal) -> Literal:
    """Both or neither."""
    if one == other:
        return TRUE
    return world.both((world.either((-one, other)), world.either((one, -other))))


def instances(walk: Walk, body: Write, world: World, env: Env) -> Iterator[Literal]:
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


def some(world: World, literals: Iterator[Literal]) -> Literal:
    """At least one; what follows something true is not written."""
    found = []
    for literal in literals:
        if literal == TRUE:
            return TRUE
        found.append(literal)
    return world.either(found)


def exactly_one(world: World, literals: Iterator[Literal]) -> Literal:
    """One and no other."""
    found = list(literals)
    if found.count(TRUE) > 1:
        return FALSE
    return world.either(
        [
            world.both([literal, *(-other for place, other in enumerate(found) if place != number)])
            for number, literal in enumerate(found)
        ]
    )
