"""First-order logic with dependent sorts: the language of statements about unknown categories.

A category C has a sort of objects Ob(C) and, over any two objects, a sort of arrows Hom(C; x, y); a set-valued functor
T on C has, over any object, a sort of elements El(T; x). A function symbol has a telescope of parameters, whose types
may mention the parameters before them, and a result type: identities, composition, actions, what a theorem is given,
what it constructs and what Skolemisation adds are all function symbols. Everything else (opposite categories,
representables, categories of elements, …) is interpreted in these sorts before a formula is written down.

A sort may be empty. Equality is between terms of one type.

Source: Cartmell, Generalised algebraic theories and contextual categories (1986); Makkai, First order logic with
dependent sorts (1995).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from formal.logic.formula import Quantifier

# --- sorts and types ------------------------------------------------------------------------------


class SortKind(StrEnum):
    """What a sort consists of."""

    OBJECT = "object"
    ARROW = "arrow"
    ELEMENT = "element"


@dataclass(frozen=True, slots=True)
class Sort:
    """The objects of a category, its arrows over two objects, or the elements of a set-valued functor over an object.

    Args:
        owner: the name of the category or of the set-valued functor.
        base: the name of the category that it belongs to or lives on.
    """

    kind: SortKind
    owner: str
    base: str


@dataclass(frozen=True, slots=True)
class Type:
    """A sort over objects: none for objects, domain and codomain for arrows, the place for elements."""

    sort: Sort
    indices: tuple[Term, ...] = ()


# --- terms ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A bound variable or a parameter; the same variable is the same object."""

    name: str
    type: Type


class Role(StrEnum):
    """Where a function symbol comes from."""

    IDENTITY = "identity"
    COMPOSITION = "composition"
    ACTION = "action"
    GIVEN = "given"
    LET = "let"
    OBTAINED = "obtained"
    SKOLEM = "skolem"


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function symbol; the same symbol is the same object, and its name is unique in a statement.

    A parameter is implicit when it is itself an index in the type of another parameter: the domain of an arrow is
    known when the arrow is. A term carries only explicit arguments.

    Args:
        name: ``id.C``, ``comp.C``, ``act.T`` for the structure of a category and of a set-valued functor; ``F.ob``
            and ``F.ar`` for a functor; otherwise the author's name.
        parameters: the telescope. Types may also mention variables bound outside (of a quantifier over functions).
    """

    name: str
    parameters: tuple[Variable, ...]
    result: Type
    role: Role
    explicit: tuple[Variable, ...] = field(init=False)

    def __post_init__(self) -> None:
        implied = {index for p in self.parameters for index in p.type.indices if isinstance(index, Variable)}
        object.__setattr__(self, "explicit", tuple(p for p in self.parameters if p not in implied))

    def __call__(self, *arguments: Term) -> Application:
        """The symbol applied to its explicit arguments."""
        assert len(arguments) == len(self.explicit), self.name
        return Application(self, arguments)


@dataclass(frozen=True, slots=True)
class Application:
    """A function symbol applied to its explicit arguments; of none: a constant."""

    function: Function
    arguments: tuple[Term, ...] = ()


Term = Variable | Application


# --- formulas -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Truth:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Equal:
    """Two terms of one type are equal."""

    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Not:
    """Negation."""

    body: Formula


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction; of nothing: true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction; of nothing: false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """Implication."""

    premise: Formula
    conclusion: Formula


@dataclass(frozen=True, slots=True)
class Iff:
    """Equivalence."""

    left: Formula
    right: Formula


@dataclass(frozen=True, slots=True)
class Quantified:
    """A quantifier over a telescope; ``exists!`` says that there is exactly one tuple."""

    quantifier: Quantifier
    variables: tuple[Variable, ...]
    body: Formula


@dataclass(frozen=True, slots=True)
class FunctionQuantified:
    """For all, or for some, functions of these types: second-order.

    A quantifier over natural transformations or functors is one over their functions, with the laws as a premise
    (for all) or as a part of a conjunction (there is). Never ``exists!``.
    """

    quantifier: Quantifier
    functions: tuple[Function, ...]
    body: Formula


Telescope = tuple[Variable, ...]
SetSum = tuple[Telescope, ...]
"""A finite disjoint union of sets of tuples: T(X) is one telescope of one variable, (S + T)(X) two of one each,
(S * T)(X) one of two; the empty telescope is a set of one element, the empty sum the empty set."""


@dataclass(frozen=True, slots=True)
class Equinumerous:
    """There is a bijection between the two sets: second-order."""

    left: SetSum
    right: SetSum


@dataclass(frozen=True, slots=True)
class Connected:
    """There is a tuple, and any two are joined by a zigzag of ``joined``, which speaks of ``left`` and ``right``.

    Second-order. The two telescopes describe the same set by different variables.
    """

    left: Telescope
    right: Telescope
    joined: Formula


@dataclass(frozen=True, slots=True)
class Finite:
    """The category has finitely many arrows: true in every model that a finite search finds, never provable."""

    category: str


@dataclass(frozen=True, slots=True)
class Named:
    """A predicate applied: the word, the application as the author wrote it, and its unfolding."""

    predicate: str
    text: str
    body: Formula


Formula = (
    Truth
    | Equal
    | Not
    | And
    | Or
    | Implies
    | Iff
    | Quantified
    | FunctionQuantified
    | Equinumerous
    | Connected
    | Finite
    | Named
)


# --- structures -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Axiom:
    """A named formula that is taken to hold."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True, eq=False)
class CategorySymbol:
    """An unknown category: its sorts, its structure and its laws. Built by ``category_symbol``."""

    name: str
    objects: Sort
    arrows: Sort
    identity: Function
    composition: Function
    laws: tuple[Axiom, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SetFunctorSymbol:
    """An unknown presheaf (``contravariant``) or copresheaf. Built by ``set_functor_symbol``."""

    name: str
    category: CategorySymbol
    contravariant: bool
    elements: Sort
    action: Function
    laws: tuple[Axiom, ...]


def category_symbol(name: str) -> CategorySymbol:
    """A category with sorts Ob and Hom, functions ``id.NAME`` (of an object) and ``comp.NAME`` (of two arrows,
    diagrammatic order), and the laws ``NAME.left_identity``, ``NAME.right_identity``, ``NAME.associativity``."""
    objects = Sort(SortKind.OBJECT, name, name)
    arrows = Sort(SortKind.ARROW, name, name)
    x, y, z, w = (Variable(v, Type(objects)) for v in "xyzw")
    f = Variable("f", Type(arrows, (x, y)))
    g = Variable("g", Type(arrows, (y, z)))
    h = Variable("h", Type(arrows, (z, w)))
    identity = Function(f"id.{name}", (x,), Type(arrows, (x, x)), Role.IDENTITY)
    comp = Function(f"comp.{name}", (x, y, z, f, g), Type(arrows, (x, z)), Role.COMPOSITION)
    laws = (
        Axiom(f"{name}.left_identity", _forall((x, y, f), Equal(comp(identity(x), f), f))),
        Axiom(f"{name}.right_identity", _forall((x, y, f), Equal(comp(f, identity(y)), f))),
        Axiom(
            f"{name}.associativity",
            _forall((x, y, z, w, f, g, h), Equal(comp(comp(f, g), h), comp(f, comp(g, h)))),
        ),
    )
    return CategorySymbol(name, objects, arrows, identity, comp, laws)


def set_functor_symbol(name: str, category: CategorySymbol, contravariant: bool) -> SetFunctorSymbol:
    """A set-valued functor with a sort El, a function ``act.NAME`` (of an arrow and an element: T(f)(t)), and the laws
    ``NAME.identity`` and ``NAME.composition``. For f: x -> y a presheaf acts El(y) -> El(x)."""
    elements = Sort(SortKind.ELEMENT, name, category.name)
    x, y, z = (Variable(v, Type(category.objects)) for v in "xyz")
    f = Variable("f", Type(category.arrows, (x, y)))
    g = Variable("g", Type(category.arrows, (y, z)))
    source, target = (y, x) if contravariant else (x, y)
    t = Variable("t", Type(elements, (source,)))
    action = Function(f"act.{name}", (x, y, f, t), Type(elements, (target,)), Role.ACTION)
    s = Variable("t", Type(elements, (x,)))
    u = Variable("t", Type(elements, (z if contravariant else x,)))
    along = category.composition(f, g)
    stepwise = action(f, action(g, u)) if contravariant else action(g, action(f, u))
    laws = (
        Axiom(f"{name}.identity", _forall((x, s), Equal(action(category.identity(x), s), s))),
        Axiom(f"{name}.composition", _forall((x, y, z, f, g, u), Equal(action(along, u), stepwise))),
    )
    return SetFunctorSymbol(name, category, contravariant, elements, action, laws)


def _forall(variables: Telescope, body: Formula) -> Formula:
    return Quantified(Quantifier.FORALL, variables, body)


# --- types of terms, substitution -----------------------------------------------------------------

Substitution = Mapping[Variable, "Term"]


def type_of(term: Term) -> Type:
    """The type of a well-typed term."""
    if isinstance(term, Variable):
        return term.type
    return substitute_type(term.function.result, arguments_of(term))


def arguments_of(term: Application) -> dict[Variable, Term]:
    """All arguments by parameter: the implicit ones are read off the types of the explicit ones."""
    bound: dict[Variable, Term] = dict(zip(term.function.explicit, term.arguments, strict=True))
    parameters = frozenset(term.function.parameters)
    for parameter, argument in list(bound.items()):
        if not parameter.type.indices:
            continue
        for index, value in zip(parameter.type.indices, type_of(argument).indices, strict=True):
            if isinstance(index, Variable) and index in parameters:
                bound.setdefault(index, value)
    return bound


def substitute_term(term: Term, values: Substitution) -> Term:
    """A term with values for some variables."""
    if isinstance(term, Variable):
        return values.get(term, term)
    return Application(term.function, tuple(substitute_term(a, values) for a in term.arguments))


def substitute_type(type_: Type, values: Substitution) -> Type:
    """A type with values for some variables."""
    return Type(type_.sort, tuple(substitute_term(index, values) for index in type_.indices))
