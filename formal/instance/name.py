"""Names for the parts of a model: the author's where there are any, short ones that nothing else has otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OBJECTS = "ABDEKMNQRUVWXYZ"
_ARROWS = "fghkmnpqrabcde"
_ELEMENTS = "stuvwxzabcde"
_RESERVED = frozenset({"and", "or", "not", "implies", "iff", "forall", "exists", "in"})
_BUILT_IN = frozenset({"y", "id", "hom", "dom", "cod", "op", "base", "true", "false"})
_PLAIN = re.compile(r"[A-Za-zΑ-ΡΣ-Ωα-ω_][A-Za-zΑ-ΡΣ-Ωα-ω_0-9']*|[0-9]+|\*")


class Names:
    """Hands out names, each once.

    Args:
        taken: names that stand for something already.
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken, *_RESERVED, *_BUILT_IN}

    def scope(self) -> Names:
        """The same names taken; what is handed out there is free here: for the variables of one formula."""
        return Names(self._taken)

    def object(self) -> str:
        """A name for an object."""
        return self._fresh(_OBJECTS, "X")

    def arrow(self) -> str:
        """A name for an arrow."""
        return self._fresh(_ARROWS, "f")

    def element(self) -> str:
        """A name for an element."""
        return self._fresh(_ELEMENTS, "t")

    def like(self, stem: str) -> str:
        """A name that begins like another."""
        return self._fresh([stem], f"{stem}_")

    def _fresh(self, pool: Iterable[str], stem: str) -> str:
        number = 0
        for name in pool:
            if name not in self._taken:
                break
        else:
            name = ""
        while not name or name in self._taken:
            number += 1
            name = f"{stem}{number}"
        self._taken.add(name)
        return name


def quoted(label: str) -> str:
    """A label of an object, arrow or element as a script writes it: plain where that is possible."""
    if _PLAIN.fullmatch(label) and label not in _RESERVED:
        return label
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
