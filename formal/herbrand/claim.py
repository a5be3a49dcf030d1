"""Claims: declarations and formulas, every term of them checked to be well-typed letter by letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from formal.herbrand.law import action_laws, action_symbol, category_laws, category_symbols
from formal.herbrand.problem import Function, Term, Type
from formal.herbrand.reading import Ledger, Limits, array, demand, name, parse, record
from formal.herbrand.term import Telescope, Terms, Typing, explicit_names

# A formula as in a claim, with tuples for arrays, and with the types of bound variables.
Formula = tuple[Any, ...]

ARITY = {"true": 0, "false": 0, "not": 1, "implies": 2, "iff": 2, "and": None, "or": None}
QUANTIFIERS = ("forall", "exists", "exists!")


@dataclass(frozen=True, slots=True)
class Claim:
    """From the axioms follows the goal.

    Args:
        set_functors: by name, the category that each is on.
        functions: by name; identities, compositions and actions included.
        axioms: by name, laws included.
    """

    theorem: str
    obligation: str
    categories: tuple[str, ...]
    set_functors: dict[str, str]
    functions: dict[str, Function]
    axioms: dict[str, Formula]
    goal: Formula


def read_claim(data: bytes, ledger: Ledger, limits: Limits) -> Claim:
    """Read a claim, and check that it is well-formed.

    Raises:
        Rejected: by the rules ``format``, ``limit``, ``names`` (a name is used twice, or not declared), ``typing``.
    """
    fields = ("format", "theorem", "obligation", "categories", "set_functors", "functions", "axioms", "goal")
    form, theorem, obligation, *lists, goal = record(parse(data, limits), *fields)
    demand(form == "formal-theorem/1", "format", "an unknown format")
    categories, set_functors, functions, axioms = map(array, lists)
    reader = _Reader(ledger)
    laws: list[tuple[str, Any]] = []
    for category in map(name, categories):
        reader.declare(category, {"Ob": category, "Hom": category})
        for symbol in category_symbols(category):
            reader.function(symbol)
        laws += category_laws(category)
    for item in set_functors:
        functor, base, variance = map(name, array(item, 3))
        demand("Hom" in reader.sorts.get(base, {}), "names", "a category that is not declared")
        demand(variance in ("contravariant", "covariant"), "format", "an unknown variance")
        reader.declare(functor, {"El": base})
        reader.function(action_symbol(functor, base, variance == "contravariant"))
        laws += action_laws(functor, base, variance == "contravariant")
    for item in functions:
        reader.function(item)
    read: dict[str, Formula] = {}
    for item in (*laws, *axioms):
        title, formula = item if type(item) is tuple else array(item, 2)
        demand(name(title) not in read and title != "goal", "names", "two axioms have one name")
        read[title] = reader.closed(formula)
    bases = {owner: kinds["El"] for owner, kinds in reader.sorts.items() if "El" in kinds}
    titles = name(theorem), name(obligation)
    return Claim(*titles, tuple(categories), bases, reader.functions, read, reader.closed(goal))


@dataclass(slots=True)
class _Reader:
    """What is declared: kinds of sorts by owner, each with the category that it is over; function symbols."""

    ledger: Ledger
    sorts: dict[str, dict[str, str]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    def declare(self, owner: str, kinds: dict[str, str]) -> None:
        """Add a category or a set-valued functor."""
        demand(owner not in self.sorts, "names", "two structures have one name")
        self.sorts[owner] = kinds

    def function(self, value: Any) -> None:
        """Add a function symbol; its types mention only those before it."""
        title, parameters, result = array(value, 3)
        demand(name(title) not in self.functions, "names", "two function symbols have one name")
        scope = _Scope(self)
        telescope = scope.telescope(parameters)
        explicit = explicit_names(telescope)
        self.functions[title] = Function(title, telescope, scope.type(result)[0], explicit)

    def closed(self, value: Any) -> Formula:
        """A formula without free variables."""
        return _Scope(self).formula(value)


class _Scope:
    """The variables of one formula, or of one declaration. No name is bound twice, not even side by side."""

    def __init__(self, reader: _Reader) -> None:
        self.sorts, self.ledger = reader.sorts, reader.ledger
        self.terms = Terms(reader.functions, reader.ledger)
        self.variables: dict[str, int] = {}
        self.bound: set[str] = set()

    def telescope(self, value: Any) -> Telescope:
        """Bind variables; the type of each may mention those before it."""
        telescope: list[tuple[str, Type]] = []
        for item in array(value):
            variable, written = array(item, 2)
            demand(name(variable) not in self.bound, "names", "a variable is bound twice")
            type_, typing = self.type(written)
            self.bound.add(variable)
            self.variables[variable] = self.terms.variable(typing)
            telescope.append((variable, type_))
        return tuple(telescope)

    def type(self, value: Any) -> tuple[Type, Typing]:
        """Objects, arrows between two objects, or elements over an object."""
        kind, owner, *indices = map(_plain, array(value)) if len(array(value)) >= 2 else ("", "")
        lengths = {"Ob": 0, "Hom": 2, "El": 1}
        demand(type(kind) is str and kind in lengths and type(owner) is str, "format", "not a type")
        demand(len(indices) == lengths[kind], "format", "a type with too few or too many indices")
        demand(kind in self.sorts.get(owner, {}), "names", "a sort that is not declared")
        terms = [self.term(index) for index in indices]
        over = Typing("Ob", self.sorts[owner][kind])
        holds = all(self.terms.typing(term).is_same_type(over) for term in terms)
        demand(holds, "typing", "an index that is not an object of the category")
        return Type(kind, owner, tuple(indices)), Typing(kind, owner, tuple(terms))

    def term(self, term: Term) -> int:
        """A term all parts of which fit letter by letter."""
        number = self.terms.read(term, self.variables)
        demand(not self.terms.guards([number]), "typing", "an argument of another type")
        return number

    def formula(self, value: Any) -> Formula:
        """A formula; the stack is as deep as its brackets."""
        self.ledger.spend()
        kind, *parts = array(value) or [None]
        if kind == "=" and len(parts) == 2:
            left, right = map(_plain, parts)
            first, second = (self.terms.typing(self.term(side)) for side in (left, right))
            same = (first.kind, first.owner) == (second.kind, second.owner)
            demand(same, "typing", "an equation between terms of two sorts")
            return ("=", left, right)
        if kind in QUANTIFIERS and len(parts) == 2:
            telescope = self.telescope(parts[0])
            body = self.formula(parts[1])
            for variable, _ in telescope:
                del self.variables[variable]
            return (kind, telescope, body)
        demand(type(kind) is str and ARITY.get(kind, -1) in (None, len(parts)), "format", "not a formula")
        return (kind, *(self.formula(part) for part in parts))


def _plain(value: Any) -> Any:
    """Arrays as tuples; the stack is as deep as the brackets."""
    return tuple(_plain(part) for part in value) if type(value) is list else value
