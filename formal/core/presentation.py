"""Presentations of categories, and what a completion proves about them.

A category is presented by objects, generating arrows and equations between parallel paths; its arrows are paths
modulo the congruence that the equations generate.

Source: Spivak, Category Theory for the Sciences, Definition 4.5.2.3; Book, Otto, String-Rewriting Systems.
"""

from __future__ import annotations

from dataclasses import dataclass

Word = tuple[int, ...]
"""A path, as generator numbers, first to last; () is the identity of the object at hand."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path of generators from the object ``dom``; an empty word is its identity."""

    dom: int
    word: Word


@dataclass(frozen=True, slots=True)
class Presentation:
    """p objects, g generators ``(name, dom, cod)``, r equations between parallel paths."""

    name: str
    objects: tuple[str, ...]
    generators: tuple[tuple[str, int, int], ...]
    relations: tuple[tuple[Path, Path], ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One step of a derivation: replace at ``position`` one side of an equation by the other.

    Args:
        position: where in the current word the side to be replaced starts.
        equation: relation i for i < r, else rule i - r; only rules earlier than the one derived.
        forward: left side by right side, or the other way round.
    """

    position: int
    equation: int
    forward: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """``left -> right``, right smaller in shortlex order, with a derivation of ``left = right``.

    Args:
        dom: the object that both words start from.
        derivation: rewrites that lead from left to right, step by step.
    """

    dom: int
    left: Word
    right: Word
    derivation: tuple[Rewrite, ...]


@dataclass(frozen=True, slots=True)
class InfiniteCategory:
    """A presented category with infinitely many arrows.

    All words ``prefix + loop * n`` are irreducible under the rules, which are confluent: different arrows.

    Args:
        rules: a complete (confluent, terminating) system for the presentation.
    """

    presentation: Presentation
    rules: tuple[Rule, ...]
    dom: int
    prefix: Word
    loop: Word


@dataclass(frozen=True, slots=True)
class Undecided:
    """The budget ran out before the category was found finite or infinite.

    Args:
        budget: which one, in words, such as ``200000 arrows``.
    """

    presentation: Presentation
    budget: str
