"""What is given by a universal property: its parts declared, its laws as claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from formal.instance.place import Inexpressible
from formal.instance.world import World
from formal.syntax import ast


def laws(world: World, given: ast.UniversalGiven, needed: Collection[str]) -> Iterator[tuple[str, str]]:
    """Declare the parts of a larger given; yields its laws as named claims.

    Args:
        needed: the names that are mentioned anywhere.
    Raises:
        Inexpressible: claims have no words for it.
    """
    raise Inexpressible(f"the {given.kind.replace('_', ' ')}")
    yield "", ""
