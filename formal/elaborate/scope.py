"""Names and what they stand for: declarations of a module, variables of a formula.

Objects and arrows belong to their categories; a name that is no declaration and no variable is looked for there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

from formal.bundle.model import Bundle
from formal.core.category import Category
from formal.elaborate.relation import EnrichedValue, Use
from formal.elaborate.value import Value
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection, Span


@dataclass(frozen=True, slots=True)
class Definition:
    """``define NAME(parameters) := FORMULA``, to be unfolded where it is applied.

    Args:
        known: the names that are declared before it: in the types of parameters only these have a meaning.
    """

    node: ast.DefineDecl
    module: Module
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A declaration that was rejected; whatever speaks of it is passed over in silence.

    Args:
        names: those that it mentions; they may have been objects and arrows.
        is_enriched: whether it was to be a relation or the like.
    """

    names: frozenset[str]
    is_enriched: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """``model NAME from "FILE"``."""

    bundle: Bundle


Meaning = Value | EnrichedValue | Definition | Poisoned | Model


class Passed(Exception):
    """The expression speaks of a rejected declaration: there is nothing more to say."""


@dataclass(slots=True)
class Module:
    """The names of one file: its own declarations over those of its imports and of the prelude.

    Args:
        meanings: name to (span of its declaration or None, what it means).
        definitions: a defined predicate may have several definitions, told apart by their parameters.
        later: what the file declares further down.
        uses: where it first takes a relation for a category, or a vector for a presheaf: by the relation's name and
            objects, and the vector's name.
    """

    name: str
    meanings: dict[str, tuple[Span | None, Meaning]] = field(default_factory=dict)
    definitions: dict[str, list[Definition]] = field(default_factory=dict)
    later: dict[str, Span] = field(default_factory=dict)
    uses: dict[tuple[str, tuple[str, ...], str | None], Use] = field(default_factory=dict)

    def declare(self, name: ast.Name, meaning: Meaning) -> None:
        """Add a declaration.

        Raises:
            Rejection: the name is taken.
        """
        known = self.meanings.get(name.text)
        if known is not None:
            raise Rejection([duplicate(name, known[0])])
        self.meanings[name.text] = (name.span, meaning)

    def include(self, other: Module, place: Span) -> Iterator[Diagnostic]:
        """Take over the names of an imported module; yields a diagnostic for each clash."""
        for name, (span, meaning) in other.meanings.items():
            known = self.meanings.get(name)
            if known is None:
                self.meanings[name] = (span, meaning)
            elif known[1] is not meaning:
                yield Diagnostic(
                    Code.DUPLICATE_NAME,
                    f"the import brings in a second `{name}`",
                    Label(place, "imported here"),
                    tuple(Label(s, "declared here") for s in (known[0], span) if s is not None),
                    help=("rename one of the two",),
                )
        for name, definitions in other.definitions.items():
            mine = self.definitions.setdefault(name, [])
            mine += [definition for definition in definitions if definition not in mine]

    def categories(self) -> Iterator[tuple[str, Category]]:
        """The declared categories, each once, in order of declaration."""
        seen: set[int] = set()
        for name, (_, meaning) in self.meanings.items():
            if isinstance(meaning, Category) and id(meaning) not in seen:
                seen.add(id(meaning))
                yield name, meaning

    def may_have_been(self, name: str) -> bool:
        """Whether a rejected declaration mentions the name."""
        return any(isinstance(meaning, Poisoned) and name in meaning.names for _, meaning in self.meanings.values())

    def span_of(self, name: str) -> Span | None:
        """Where the name is declared."""
        known = self.meanings.get(name)
        return known[0] if known else None


def duplicate(name: ast.Name, first: Span | None) -> Diagnostic:
    """A name is declared twice."""
    return Diagnostic(
        Code.DUPLICATE_NAME,
        f"`{name.text}` is declared twice",
        Label(name.span, "declared again here"),
        (Label(first, "first declared here"),) if first is not None else (),
        help=("rename one of the two",),
    )


def distinct(names: tuple[ast.Name, ...]) -> tuple[ast.Name, ...]:
    """The names, which must all be different.

    Raises:
        Rejection: one is listed twice.
    """
    seen: dict[str, ast.Name] = {}
    for name in names:
        if name.text in seen:
            raise Rejection([duplicate(name, seen[name.text].span)])
        seen[name.text] = name
    return names


def suggestions(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Help for a name that is not known: the nearest ones that are."""
    close = get_close_matches(name, list(dict.fromkeys(known)), n=1, cutoff=0.6)
    return tuple(f"did you mean `{candidate}`?" for candidate in close)


def reject(
    code: Code,
    message: str,
    span: Span,
    label: str = "",
    *,
    secondary: Iterable[Label] = (),
    help: Iterable[str] = (),  # noqa: A002
    notes: Iterable[str] = (),
) -> Rejection:
    """A rejection with one diagnostic."""
    return Rejection([Diagnostic(code, message, Label(span, label), tuple(secondary), tuple(help), tuple(notes))])
