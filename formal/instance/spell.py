"""Formulas of logic about a counter-model, spelled out in objects, arrows and elements.

The author's words are best where claims have them. What they lack (a functor out of a sum, a choice for every object)
is a function symbol with a table in the model. A formula that applies it is spelled out: a variable that such an
application depends on takes every value in turn, and the application is written as its value. Everything else stays
as it is: quantifiers, composites, actions, functors and transformations that the script declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Literal, assert_never

from formal.instance.name import Names
from formal.instance.place import NOWHERE, Fibration, Inexpressible, Place, name_of
from formal.instance.world import World
from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Application,
    Connected,
    Equal,
    Equinumerous,
    Finite,
    Formula,
    Function,
    FunctionQuantified,
    Iff,
    Implies,
    Named,
    Not,
    Or,
    Quantified,
    Role,
    SetSum,
    Sort,
    SortKind,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
)
from formal.syntax import ast

MOST_PARTS = 4000
"""The most parts of one formula that is spelled out."""
_MOST_TABLES = 64
_MOST_TUPLES = 5
_WORD = {Quantifier.FORALL: "forall", Quantifier.EXISTS: "exists", Quantifier.EXISTS_UNIQUE: "exists!"}
_BUILT_IN = frozenset({Role.IDENTITY, Role.COMPOSITION, Role.ACTION})

Key = tuple[int, ...]


def spelled(world: World, formula: Formula) -> ast.Expr:
    """A closed formula of the statement as a claim about the model.

    Raises:
        Inexpressible: it quantifies over too many functions, or would be too long.
    """
    try:
        return _Speller(world, _exposed(formula, world.declared)).formula(formula, _Scope(world.names.scope()))
    except RecursionError:
        raise Inexpressible("what is nested too deeply") from None


# --- which variables take values ------------------------------------------------------------------


def _exposed(formula: Formula, declared: Mapping[str, str]) -> frozenset[Variable]:
    """The variables on which an application depends that the script has no words for."""
    found: set[Variable] = set()
    bound: list[Variable] = []
    formulas: list[Formula] = [formula]
    terms: list[tuple[Term, bool]] = []
    while formulas:
        match formulas.pop():
            case Truth() | Finite():
                pass
            case Equal(left, right):
                terms += [(left, False), (right, False)]
            case Not(body) | Named(_, _, body):
                formulas.append(body)
            case And(parts) | Or(parts):
                formulas += parts
            case Implies(one, other) | Iff(one, other):
                formulas += [one, other]
            case Quantified(quantifier, variables, body):
                formulas.append(body)
                bound += variables
                if quantifier is Quantifier.EXISTS_UNIQUE and len(variables) > 1:
                    found.update(variables)
            case FunctionQuantified(_, functions, body):
                formulas.append(body)
                for function in functions:
                    own = frozenset(function.parameters)
                    for type_ in (*(p.type for p in function.parameters), function.result):
                        found.update(v for v in _variables(type_) if v not in own)
            case Equinumerous(one_sum, other_sum):
                bound += [v for telescope in (*one_sum, *other_sum) for v in telescope]
            case Connected(here, there, joined):
                formulas.append(joined)
                bound += [*here, *there]
                found.update((*here, *there))
    for variable in bound:
        terms += [(index, False) for index in variable.type.indices]
    while terms:
        term, inside = terms.pop()
        if isinstance(term, Variable):
            if inside:
                found.add(term)
            continue
        function = term.function
        inside = inside or not (function.role in _BUILT_IN or function.name in declared)
        terms += [(argument, inside) for argument in term.arguments]
    pending = list(found)
    while pending:
        new = [v for v in _variables(pending.pop().type) if v not in found]
        found.update(new)
        pending += new
    return frozenset(found)


def _variables(type_: Type) -> Iterator[Variable]:
    pending = list(type_.indices)
    while pending:
        term = pending.pop()
        if isinstance(term, Variable):
            yield term
        else:
            pending += term.arguments


# --- spelling -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is bound where a formula stands.

    Args:
        numbers: the values of variables that take them in turn.
        words: how the other variables are called.
        tables: of bound function symbols.
    """

    names: Names
    numbers: Mapping[Variable, int] = field(default_factory=dict)
    words: Mapping[Variable, str] = field(default_factory=dict)
    tables: Mapping[Function, Mapping[Key, int]] = field(default_factory=dict)

    def at(self, variable: Variable, number: int) -> _Scope:
        return replace(self, numbers={**self.numbers, variable: number})

    def called(self, variable: Variable, word: str) -> _Scope:
        return replace(self, words={**self.words, variable: word})


class _Speller:
    """Spells out one formula.

    Args:
        exposed: the variables that take every value in turn.
    """

    def __init__(self, world: World, exposed: frozenset[Variable]) -> None:
        self._world = world
        self._exposed = exposed
        self._parts = 0

    # --- formulas ---------------------------------------------------------------------------------

    def formula(self, formula: Formula, scope: _Scope) -> ast.Expr:
        """A formula as an expression."""
        self._count()
        match formula:
            case Truth(value):
                return _truth(value)
            case Finite(category):
                return ast.Call(NOWHERE, _name("finite"), (_name(category),))
            case Equal(left, right):
                return self._equal(left, right, scope)
            case Not(body):
                return ast.Not(NOWHERE, self.formula(body, scope))
            case Named(_, _, body):
                return self.formula(body, scope)
            case And(parts):
                return _joined("and", [self.formula(part, scope) for part in parts])
            case Or(parts):
                return _joined("or", [self.formula(part, scope) for part in parts])
            case Implies(premise, conclusion):
                return _connected("implies", self.formula(premise, scope), self.formula(conclusion, scope))
            case Iff(left, right):
                return _connected("iff", self.formula(left, scope), self.formula(right, scope))
            case Quantified(quantifier, variables, body):
                return self._quantified(quantifier, variables, body, scope)
            case FunctionQuantified(quantifier, functions, body):
                word: Literal["and", "or"] = "and" if quantifier is Quantifier.FORALL else "or"
                return _joined(word, [self.formula(body, known) for known in self._tables(functions, scope)])
            case Equinumerous(left, right):
                return ast.Call(NOWHERE, _name("equinumerous"), (self._set(left, scope), self._set(right, scope)))
            case Connected(here, there, joined):
                return self._connected(here, there, joined, scope)
        assert_never(formula)

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise Inexpressible("a formula that would be too long")

    def _equal(self, left: Term, right: Term, scope: _Scope) -> ast.Expr:
        """A label does not tell what it is an element of: of two labels the first is written ``T(id(X))(t)``."""
        one, other = self._term(left, scope), self._term(right, scope)
        if _sort(left).kind is SortKind.ELEMENT and isinstance(one, ast.Name) and isinstance(other, ast.Name):
            number = self._number(left, scope)
            if number is not None:
                one = self._placed(_sort(left).owner, number)
        return ast.Comparison(NOWHERE, "=", one, other)

    def _quantified(self, quantifier: Quantifier, variables: Telescope, body: Formula, scope: _Scope) -> ast.Expr:
        if quantifier is Quantifier.EXISTS_UNIQUE and not self._exposed.isdisjoint(variables):
            return self._exactly_one(variables, body, scope)
        if not variables:
            return self.formula(body, scope)
        if quantifier is Quantifier.EXISTS_UNIQUE:
            binders: list[ast.Binder] = []
            for variable in variables:
                binder, scope = self._binder(variable, scope)
                binders.append(binder)
            return ast.Quantified(NOWHERE, _WORD[quantifier], tuple(binders), self.formula(body, scope))
        first, *rest = variables
        if first in self._exposed:
            parts = [
                self._quantified(quantifier, tuple(rest), body, scope.at(first, number))
                for number in self._individuals(first.type, scope)
            ]
            return _joined("and" if quantifier is Quantifier.FORALL else "or", parts)
        binder, scope = self._binder(first, scope)
        inner = self._quantified(quantifier, tuple(rest), body, scope)
        if isinstance(inner, ast.Quantified) and inner.quantifier == _WORD[quantifier]:
            return replace(inner, binders=(binder, *inner.binders))
        return ast.Quantified(NOWHERE, _WORD[quantifier], (binder,), inner)

    def _exactly_one(self, variables: Telescope, body: Formula, scope: _Scope) -> ast.Expr:
        """One tuple of values makes the body true, and no two do."""
        bodies = [self.formula(body, known) for known in self._points(variables, scope)]
        self._parts += len(bodies) ** 2
        self._count()
        never_two: list[ast.Expr] = [
            ast.Not(NOWHERE, _connected("and", first, second))
            for i, first in enumerate(bodies)
            for second in bodies[i + 1 :]
        ]
        return _joined("and", [_joined("or", bodies), *never_two])

    def _binder(self, variable: Variable, scope: _Scope) -> tuple[ast.Binder, _Scope]:
        stem = "".join(c for c in variable.name if c.isalnum() or c == "_")
        name = scope.names.like(stem if stem[:1].isalpha() else "x")
        sort, bound = variable.type.sort, (_name(name),)
        ends = [self._term(index, scope) for index in variable.type.indices]
        binder: ast.Binder
        match sort.kind:
            case SortKind.OBJECT:
                binder = ast.Membership(NOWHERE, bound, _name(sort.owner))
            case SortKind.ARROW:
                binder = ast.Typing(NOWHERE, "arrow", bound, *ends)
            case SortKind.ELEMENT:
                binder = ast.Membership(NOWHERE, bound, self._fibre(sort.owner, *ends))
        return binder, scope.called(variable, name)

    # --- second order -----------------------------------------------------------------------------

    def _tables(self, functions: Sequence[Function], scope: _Scope) -> Iterator[_Scope]:
        """All tables of some function symbols, of which the types may mention those before them."""
        if not functions:
            yield scope
            return
        first, *rest = functions
        explicit = [i for i, p in enumerate(first.parameters) if p in first.explicit]
        keys: list[Key] = []
        values: list[list[int]] = []
        count = 1
        for known in self._points(first.parameters, scope):
            point = [known.numbers[p] for p in first.parameters]
            keys.append(tuple(point[i] for i in explicit))
            values.append(self._individuals(first.result, known))
            count *= len(values[-1])
            if count > _MOST_TABLES:
                raise Inexpressible("a quantifier over many functions")
        for chosen in product(*values):
            table = dict(zip(keys, chosen, strict=True))
            yield from self._tables(rest, replace(scope, tables={**scope.tables, first: table}))

    def _set(self, summands: SetSum, scope: _Scope) -> ast.Expr:
        """A set ``T(X)`` or ``hom(X, Y)``."""
        match summands:
            case ((variable,),) if variable.type.sort.kind is not SortKind.OBJECT:
                ends = [self._term(index, scope) for index in variable.type.indices]
                if variable.type.sort.kind is SortKind.ELEMENT:
                    return self._fibre(variable.type.sort.owner, *ends)
                return ast.Call(NOWHERE, _name("hom"), tuple(ends))
            case _:
                raise Inexpressible("a set of several shapes")

    def _connected(self, here: Telescope, there: Telescope, joined: Formula, scope: _Scope) -> ast.Expr:
        """There is a tuple, and however some but not all are set apart, one of them is joined to one of the others."""
        points = [[known.numbers[v] for v in here] for known in self._points(here, scope)]
        if len(points) > _MOST_TUPLES:
            raise Inexpressible("connectedness of many things")
        if not points:
            return _truth(False)

        def edge(i: int, j: int) -> ast.Expr:
            known = dict(zip((*here, *there), (*points[i], *points[j]), strict=True))
            return self.formula(joined, replace(scope, numbers={**scope.numbers, **known}))

        cuts: list[ast.Expr] = []
        for code in range(2 ** (len(points) - 1) - 1):
            apart = {0, *(i for i in range(1, len(points)) if code >> (i - 1) & 1)}
            others = [j for j in range(len(points)) if j not in apart]
            bridges = [edge(*ends) for i in sorted(apart) for j in others for ends in ((i, j), (j, i))]
            cuts.append(_joined("or", bridges))
        return _joined("and", cuts)

    # --- terms ------------------------------------------------------------------------------------

    def _term(self, term: Term, scope: _Scope) -> ast.Expr:
        self._count()
        if isinstance(term, Variable) and term in scope.words:
            return _name(scope.words[term])
        if isinstance(term, Application):
            function, arguments = term.function, term.arguments
            match function.role:
                case Role.IDENTITY:
                    return ast.Call(NOWHERE, _name("id"), (self._term(arguments[0], scope),))
                case Role.COMPOSITION:
                    first, second = (self._term(argument, scope) for argument in arguments)
                    return ast.Compose(NOWHERE, first, second)
                case Role.ACTION:
                    f, t = (self._term(argument, scope) for argument in arguments)
                    return ast.Call(NOWHERE, ast.Call(NOWHERE, _name(function.result.sort.owner), (f,)), (t,))
                case _:
                    pass
            if arguments and function.name in self._world.declared and function not in scope.tables:
                values = tuple(self._term(argument, scope) for argument in arguments)
                return ast.Call(NOWHERE, _name(self._world.declared[function.name]), values)
        number = self._number(term, scope)
        if number is None:
            raise Inexpressible("a variable that has no value")
        sort = _sort(term)
        match sort.kind:
            case SortKind.OBJECT:
                place = self._place(sort.owner)
                return place.object(place.object_at[number,])
            case SortKind.ARROW:
                place = self._place(sort.owner)
                return place.arrow(place.arrow_called[number,])
            case SortKind.ELEMENT:
                return name_of(self._fibration(sort.owner).functor.labels[self._element(sort.owner, number)])

    def _placed(self, owner: str, number: int) -> ast.Expr:
        fibration, t = self._fibration(owner), self._element(owner, number)
        at = fibration.base.object(fibration.functor.base[t])
        identity = ast.Call(NOWHERE, _name("id"), (at,))
        acting = ast.Call(NOWHERE, _name(owner), (identity,))
        return ast.Call(NOWHERE, acting, (name_of(fibration.functor.labels[t]),))

    def _fibre(self, owner: str, at: ast.Expr) -> ast.Expr:
        self._fibration(owner)
        return ast.Call(NOWHERE, _name(owner), (at,))

    def _place(self, name: str) -> Place:
        """A category whose objects can be told from numbers."""
        place = self._world.places[name]
        if any(label.isdecimal() for label in place.category.objects):
            raise Inexpressible(f"the objects of `{name}`, which are numbers")
        return place

    def _fibration(self, name: str) -> Fibration:
        """A set-valued functor that lives on a category of the model, as it does in logic."""
        fibration = self._world.fibrations.get(name)
        if fibration is None or all(fibration.base is not self._world.places[c] for c in self._world.model.categories):
            raise Inexpressible(f"the action of `{name}`")
        return fibration

    def _element(self, owner: str, number: int) -> int:
        return self._fibration(owner).elements.index((number,))

    # --- values -----------------------------------------------------------------------------------

    def _number(self, term: Term, scope: _Scope) -> int | None:
        """The value of a term; None where it mentions a variable that has none."""
        if isinstance(term, Variable):
            return scope.numbers.get(term)
        arguments = []
        for argument in term.arguments:
            value = self._number(argument, scope)
            if value is None:
                return None
            arguments.append(value)
        function, model, key = term.function, self._world.model, tuple(arguments)
        owner = function.result.sort.owner
        match function.role:
            case Role.IDENTITY:
                return arguments[0]
            case Role.COMPOSITION:
                return model.categories[owner].composite[arguments[0], arguments[1]]
            case Role.ACTION:
                return model.set_functors[owner].action[arguments[0], arguments[1]]
            case _:
                table = scope.tables.get(function, model.functions.get(function.name, {}))
                if key not in table:
                    raise Inexpressible(f"`{function.name}`")
                return table[key]

    def _individuals(self, type_: Type, scope: _Scope) -> list[int]:
        """What a type consists of."""
        sort, model = type_.sort, self._world.model
        if sort.kind is SortKind.OBJECT:
            return list(range(model.categories[sort.owner].objects))
        ends = [self._number(index, scope) for index in type_.indices]
        if sort.kind is SortKind.ARROW:
            category = model.categories[sort.owner]
            pairs = enumerate(zip(category.dom, category.cod, strict=True))
            return [f for f, between in pairs if list(between) == ends]
        return [t for t, x in enumerate(model.set_functors[sort.owner].at) if [x] == ends]

    def _points(self, telescope: Telescope, scope: _Scope) -> Iterator[_Scope]:
        """The ways to give values to variables."""
        if not telescope:
            yield scope
            return
        for number in self._individuals(telescope[0].type, scope):
            yield from self._points(telescope[1:], scope.at(telescope[0], number))


# --- expressions ----------------------------------------------------------------------------------


def _sort(term: Term) -> Sort:
    return term.type.sort if isinstance(term, Variable) else term.function.result.sort


def _name(text: str) -> ast.Name:
    return ast.Name(NOWHERE, text)


def _truth(value: bool) -> ast.Expr:
    return _name("true" if value else "false")


def _connected(operator: str, left: ast.Expr, right: ast.Expr) -> ast.Expr:
    return ast.Connective(NOWHERE, operator, left, right)


def _joined(operator: Literal["and", "or"], parts: Sequence[ast.Expr]) -> ast.Expr:
    """A conjunction or a disjunction; of nothing: true or false."""
    if not parts:
        return _truth(operator == "and")
    result = parts[0]
    for part in parts[1:]:
        result = _connected(operator, result, part)
    return result
