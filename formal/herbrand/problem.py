"""What the kernel works on: an obligation in Skolem form.

Source: Herbrand (1930); Chang and Lee, Symbolic Logic and Mechanical Theorem Proving, chapter 4.
"""

from __future__ import annotations

from dataclasses import dataclass

# A term is the name of a variable, or a tuple of a function's name and its explicit arguments.
Term = str | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Type:
    """Ob of a category, Hom of a category over two objects, or El of a set-valued functor over one object.

    Args:
        kind: ``Ob``, ``Hom`` or ``El``.
        owner: the category or the set-valued functor.
    """

    kind: str
    owner: str
    indices: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function symbol.

    Args:
        parameters: names and types; a type may mention the names before it.
        explicit: the names of the parameters that a term has arguments for: those that are not an index in the type
            of another parameter.
        defined: whether it always denotes; otherwise (a Skolem function of an existential below a disjunction) its
            applications denote where the literal ``defined`` says so.
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type
    explicit: tuple[str, ...]
    defined: bool = True


# A matrix is ("and", M, …), ("or", M, …), ("=", s, t), ("!=", s, t), ("defined", t), ("undefined", t).
Matrix = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Axiom:
    """A universal formula: for all ``variables``, ``matrix``.

    Args:
        name: of the law, hypothesis or goal that it comes from, followed by ``#2``, ``#3``, … for the further parts
            of a conjunction.
        variables: a telescope.
        explicit: those that an instance has a term for.
    """

    name: str
    variables: tuple[tuple[str, Type], ...]
    explicit: tuple[str, ...]
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Problem:
    """A set of universal formulas without models, if the obligation holds: its axioms and its negated goal.

    Args:
        functions: by name, Skolem functions included.
        axioms: by name; those of the negated goal are called ``goal``, ``goal#2``, ….
        digest: sha256 of the claim, in hexadecimal.
    """

    functions: dict[str, Function]
    axioms: dict[str, Axiom]
    digest: str
