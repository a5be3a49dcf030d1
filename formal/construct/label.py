"""Names of what is constructed: as one would write the construction."""

from __future__ import annotations

from collections.abc import Iterable


def atom(name: str) -> str:
    """The name, in brackets when an operator next to it could be misread.

    >>> atom("C"), atom("C + D"), atom("op(C * D)")
    ('C', '(C + D)', 'op(C * D)')
    """
    depth = 0
    for character in name:
        depth += (character in "([{") - (character in ")]}")
        if character == " " and depth == 0:
            return f"({name})"
    return name


def pair(*labels: str) -> str:
    """A tuple of labels.

    >>> pair("a", "1")
    '(a, 1)'
    """
    return f"({', '.join(labels)})"


def the_arrow(dom: str, cod: str) -> str:
    """The only arrow between two objects.

    >>> the_arrow("a", "b")
    '(a -> b)'
    """
    return f"({dom} -> {cod})"


def disjoint(left: Iterable[str], right: Iterable[str]) -> bool:
    """Whether no label is in both."""
    return set(left).isdisjoint(right)


def turned(name: str, dom: str, cod: str) -> str:
    """What an arrow, from ``dom`` to ``cod``, is called in the opposite category.

    >>> turned("(a -> b)", "a", "b"), turned("r^2 >> s", "o", "o"), turned("(f >> g, h)", "a", "b")
    ('(b -> a)', 's >> r^2', '(f >> g, h)')
    """
    if name == the_arrow(dom, cod):
        return the_arrow(cod, dom)
    if " >> " not in name:
        return name
    letters = [""]
    depth = 0
    for word in name.split(" >> "):
        letters[-1] += word if depth == 0 or not letters[-1] else f" >> {word}"
        depth += sum(word.count(c) for c in "([{") - sum(word.count(c) for c in ")]}")
        if depth == 0:
            letters.append("")
    return " >> ".join(reversed(letters[:-1])) if letters[-1] == "" else name
