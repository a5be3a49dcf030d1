"""The first-order form of an obligation: what is assumed is only weakened, what is to be shown only strengthened.

| formula | where it is assumed | where it is to be shown |
|---|---|---|
| ``exists`` functions | Skolem symbols | tried with what is known |
| ``forall`` functions | instantiated by what is known | Skolem symbols |
| ``equinumerous`` | two inverse functions | two inverse functions that are known |
| ``connected`` | a point | a zigzag of at most two steps |
| ``finite`` | nothing | only by model search |

A Skolem symbol denotes a total function, so it may only be introduced where such functions exist whatever else holds:
where the path from the top of the obligation passes conjunctions and quantifiers alone (*firm*). Elsewhere, below a
disjunction say, the functions get a further argument, a *witness*. For ``exists phi: B`` in the scope of variables x
there is a new category whose objects are the tuples of values for x, discrete, and a new presheaf on it, which has an
element over x exactly if there are such functions; ``exists phi: B(x, phi)`` becomes ``exists w over x: B(x, phi(x, w,
-))``. Every model of the one extends to a model of the other.

Source: decision 0011; Skolem (1920), for the functions; Andrews, An Introduction to Mathematical Logic and Type Theory,
section 54, for instances of second-order quantifiers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import assert_never

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    And,
    Axiom,
    CategorySymbol,
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
    SetFunctorSymbol,
    SetSum,
    Telescope,
    Term,
    Truth,
    Type,
    Variable,
    category_symbol,
    set_functor_symbol,
    substitute_term,
)
from formal.prove.relevance import relevant
from formal.prove.result import Sequent
from formal.prove.substitution import Replacement, is_first_order, substitute
from formal.prove.unification import fits, variables_of
from formal.statement.model import Obligation, Origin, Statement

MOST_INSTANCES = 12
"""How many instances of one quantifier over functions are made."""


def first_order(statement: Statement, obligation: Obligation, without: frozenset[str] = frozenset()) -> Sequent:
    """An obligation without its second-order parts; a proof of it is one of the obligation.

    Args:
        without: names of hypotheses to be left out.
    Returns:
        The sequent; ``lost`` says, in words, what it lacks.
    """
    names = [*(c.name for c in statement.categories), *(t.name for t in statement.set_functors)]
    form = _Form(list(statement.functions()), dict.fromkeys([*names, *(f.name for f in statement.functions())]))
    usable = statement.available(obligation)
    hypotheses = [h for h in usable if h.origin is not Origin.LAW and h.name not in without]
    # Skolem symbols are candidates for the other quantifiers, so all of them first.
    assumed = [form.eliminate(h.formula, _TOP, deferring=True) for h in hypotheses]
    shown = form.eliminate(obligation.formula, _TOP.opposite(), deferring=True)
    axioms = tuple(
        Axiom(h.name, form.eliminate(formula, _TOP, deferring=False))
        for h, formula in zip(hypotheses, assumed, strict=True)
    )
    goal = form.eliminate(shown, _TOP.opposite(), deferring=False)
    set_functors = [*statement.set_functors, *form.set_functors]
    return relevant(
        Sequent(
            theorem=statement.name,
            obligation=obligation.name,
            categories=tuple(c.name for c in (*statement.categories, *form.categories)),
            set_functors=tuple((t.name, t.category.name, t.contravariant) for t in set_functors),
            functions=tuple(f for f in form.known if f.role not in _STRUCTURE),
            axioms=tuple(axiom for axiom in axioms if axiom.formula != Truth(True)),
            goal=goal,
            lost=tuple(form.lost),
        )
    )


_STRUCTURE = (Role.IDENTITY, Role.COMPOSITION, Role.ACTION)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a formula stands.

    Args:
        assumed: it may be weakened; otherwise strengthened.
        outer: the variables that are bound outside and stand for anything.
        firm: the path from the top has conjunctions and quantifiers only, seen from where the goal is negated.
    """

    assumed: bool
    outer: Telescope = ()
    firm: bool = True

    def opposite(self) -> _Place:
        return _Place(not self.assumed, self.outer, self.firm)

    def below(self, variables: Telescope) -> _Place:
        return _Place(self.assumed, (*self.outer, *variables), self.firm)

    def loose(self) -> _Place:
        return _Place(self.assumed, self.outer, False)

    def is_existential(self, quantifier: Quantifier) -> bool:
        """Whether the quantifier asks for a Skolem symbol here."""
        return (quantifier is Quantifier.EXISTS) == self.assumed

    def nothing(self) -> Truth:
        """The weakest formula that may be assumed, or the strongest that may be shown."""
        return Truth(self.assumed)


_TOP = _Place(assumed=True)


@dataclass(slots=True)
class _Form:
    """Symbols known so far, names taken, what was added and what was lost."""

    known: list[Function]
    taken: dict[str, None]
    categories: list[CategorySymbol] = field(default_factory=list)
    set_functors: list[SetFunctorSymbol] = field(default_factory=list)
    lost: dict[str, None] = field(default_factory=dict)

    def eliminate(self, formula: Formula, place: _Place, *, deferring: bool) -> Formula:
        """A formula without second-order parts that follows from one assumed, or from which one to be shown follows.

        Args:
            deferring: leave quantifiers alone that are to be instantiated.
        """
        if is_first_order(formula):
            return _plain(formula)

        def within(part: Formula, at: _Place) -> Formula:
            return self.eliminate(part, at, deferring=deferring)

        match formula:
            case Truth() | Equal():
                return formula
            case Named(body=body):
                return within(body, place)
            case Not(body):
                return _not(within(body, place.opposite()))
            case And(parts):
                at = place if place.assumed or len(parts) == 1 else place.loose()
                return _and([within(part, at) for part in parts])
            case Or(parts):
                at = place.loose() if place.assumed and len(parts) > 1 else place
                return _or([within(part, at) for part in parts])
            case Implies(premise, conclusion):
                at = place.loose() if place.assumed else place
                return _or([_not(within(premise, at.opposite())), within(conclusion, at)])
            case Iff(left, right):
                return within(And((Implies(left, right), Implies(right, left))), place)
            case Quantified(Quantifier.EXISTS_UNIQUE, variables, body):
                return within(self._divided(variables, body, place), place)
            case Quantified(quantifier, variables, body):
                if not place.is_existential(quantifier):
                    return self._instantiated_outside(quantifier, variables, body, place, deferring)
                if place.firm:
                    return within(self._constants(variables, body, place), place)
                return Quantified(quantifier, variables, within(body, place.below(variables)))
            case FunctionQuantified(quantifier, functions, body):
                if place.is_existential(quantifier):
                    return self._skolemised(quantifier, functions, body, place, deferring)
                if deferring:
                    return formula
                return self._instantiated(functions, body, place)
            case Equinumerous(left, right):
                return self._equinumerous(left, right, place, deferring)
            case Connected(left, right, joined):
                return within(self._connected(left, right, joined, place), place)
            case Finite(category):
                self._lose(f"that `{category}` is finite", place)
                return place.nothing()
            case _:
                assert_never(formula)

    # --- Skolem symbols ----------------------------------------------------------------------------

    def _constants(self, variables: Telescope, body: Formula, place: _Place) -> Formula:
        """Skolem symbols for variables, so that functions chosen further inside need not depend on them."""
        values: dict[Variable, Term] = {}
        for variable in variables:
            type_ = Type(variable.type.sort, tuple(_put(index, values) for index in variable.type.indices))
            values[variable] = _over_itself(self._symbol(variable.name, place.outer, type_))
        return substitute(body, values)

    def _skolemised(
        self, quantifier: Quantifier, functions: Sequence[Function], body: Formula, place: _Place, deferring: bool
    ) -> Formula:
        witness = () if place.firm else (self._witness(functions[0].name, place.outer),)
        bodies: dict[Function, Term] = {}
        for function in functions:
            fresh = _retyped(function, bodies)
            parameters = (*place.outer, *witness, *fresh.parameters)
            symbol = self._symbol(function.name, parameters, fresh.result)
            back = dict(zip(fresh.parameters, function.parameters, strict=True))
            bodies[function] = symbol(*(back.get(p, p) for p in symbol.explicit))
        inside = self.eliminate(substitute(body, {}, bodies), place.below(witness), deferring=deferring)
        return Quantified(quantifier, witness, inside) if witness else inside

    def _symbol(self, name: str, parameters: Telescope, result: Type) -> Function:
        symbol = Function(self._fresh(name), parameters, result, Role.SKOLEM)
        self.known.append(symbol)
        return symbol

    def _witness(self, name: str, outer: Telescope) -> Variable:
        """A variable over a set that has an element exactly if the functions in question exist."""
        category = category_symbol(self._fresh(f"{name}.scope"))
        self.categories.append(category)
        self.taken |= dict.fromkeys([f"id.{category.name}", f"comp.{category.name}"])
        if not outer:
            return Variable("w", Type(category.objects))
        presheaf = set_functor_symbol(self._fresh(f"{name}.witness"), category, contravariant=True)
        self.set_functors.append(presheaf)
        at = self._symbol(f"{name}.at", outer, Type(category.objects))
        return Variable("w", Type(presheaf.elements, (_over_itself(at),)))

    def _fresh(self, name: str) -> str:
        fresh, number = name, 1
        while fresh in self.taken:
            number += 1
            fresh = f"{name}#{number}"
        self.taken[fresh] = None
        return fresh

    # --- instances ---------------------------------------------------------------------------------

    def _instantiated_outside(
        self, quantifier: Quantifier, variables: Telescope, body: Formula, place: _Place, deferring: bool
    ) -> Formula:
        """A quantifier over things, with a quantifier of the same kind over functions inside.

        Functions that are known may fit for some things only: those instances are added.
        """
        inside = self.eliminate(body, place.below(variables), deferring=deferring)
        plain = inside if inside == place.nothing() else Quantified(quantifier, variables, inside)
        if deferring:
            return plain
        flexible = frozenset(variables)
        in_scope = flexible | frozenset(place.outer)
        found: dict[tuple[tuple[Variable, Term], ...], None] = {}
        for wanted in _wanted(body, place):
            for fit in fits(wanted, flexible, self.known):
                if fit.values and all(in_scope.issuperset(variables_of(t)) for t in fit.values.values()):
                    found[tuple((v, fit.values[v]) for v in variables if v in fit.values)] = None
        instances: list[Formula] = [plain]
        for pairs in islice(found, MOST_INSTANCES):
            values = dict(pairs)
            rest = tuple(v for v in variables if v not in values)
            instance = substitute(Quantified(quantifier, rest, body) if rest else body, values)
            instances.append(self.eliminate(instance, place, deferring=False))
        return _and(instances) if place.assumed else _or(instances)

    def _instantiated(self, functions: Sequence[Function], body: Formula, place: _Place) -> Formula:
        names = ", ".join(function.name for function in functions)
        how = "all" if place.assumed else "some"
        self._lose(f"`{how} {names}`: tried with what is known only", place)
        instances: list[Formula] = []
        for bodies, opened in islice(self._choices(functions), MOST_INSTANCES):
            instance = substitute(body, {}, bodies)
            if opened:
                # Any value will do: to be shown is that there is one, assumed that it holds for all.
                instance = Quantified(Quantifier.FORALL if place.assumed else Quantifier.EXISTS, opened, instance)
            instances.append(self.eliminate(instance, place, deferring=False))
        return _and(instances) if place.assumed else _or(instances)

    def _choices(self, functions: Sequence[Function]) -> Iterator[tuple[dict[Function, Term], Telescope]]:
        """Known functions for all of these, the types of later ones depending on earlier ones; and what is open."""
        stack: list[tuple[dict[Function, Term], Telescope]] = [({}, ())]
        while stack:
            bodies, opened = stack.pop()
            if len(bodies) == len(functions):
                yield bodies, opened
                continue
            function = functions[len(bodies)]
            wanted = _retyped(function, bodies)
            back: dict[Variable, Term] = dict(zip(wanted.parameters, function.parameters, strict=True))
            found = fits(wanted, frozenset(), self.known)
            stack += reversed([({**bodies, function: _put(f.body, back)}, (*opened, *f.open)) for f in found])

    # --- unfoldings --------------------------------------------------------------------------------

    def _divided(self, variables: Telescope, body: Formula, place: _Place) -> Formula:
        """``exists!`` as existence and uniqueness."""
        there_is = Quantified(Quantifier.EXISTS, variables, body)
        if any(v in variables for w in variables for i in w.type.indices for v in variables_of(i)):
            self._lose("that something is unique", place)
            return there_is if place.assumed else Truth(False)
        others = tuple(Variable(v.name, v.type) for v in variables)
        again = substitute(body, dict(zip(variables, others, strict=True)))
        same = And(tuple(Equal(left, right) for left, right in zip(variables, others, strict=True)))
        return And((there_is, Quantified(Quantifier.FORALL, (*variables, *others), Implies(And((body, again)), same))))

    def _equinumerous(self, left: SetSum, right: SetSum, place: _Place, deferring: bool) -> Formula:
        if left == right:
            return Truth(True)
        if len(left) == len(right) == 1 and len(left[0]) == len(right[0]) == 1:
            bijection = _inverse_functions(left[0][0], right[0][0])
            return self.eliminate(bijection, place, deferring=deferring)
        if not (left and right) and place.assumed:
            empty = (Quantified(Quantifier.FORALL, summand, Truth(False)) for summand in (*left, *right))
            return _and(list(empty))
        self._lose("that two sets have equally many elements", place)
        return place.nothing()

    def _connected(self, left: Telescope, right: Telescope, joined: Formula, place: _Place) -> Formula:
        """A point; where it is to be shown, also zigzags of two steps."""
        point = Quantified(Quantifier.EXISTS, left, Truth(True))
        if place.assumed:
            self._lose("that things are joined by zigzags", place)
            return point
        self._lose("that things are joined by zigzags of more than two steps", place)
        middle: dict[Variable, Term] = {}
        between: list[Variable] = []
        for variable in left:
            type_ = Type(variable.type.sort, tuple(_put(index, middle) for index in variable.type.indices))
            between.append(Variable(variable.name, type_))
            middle[variable] = between[-1]

        def step(first: Sequence[Term], second: Sequence[Term]) -> Formula:
            there = substitute(joined, dict(zip((*left, *right), (*first, *second), strict=True)))
            back = substitute(joined, dict(zip((*left, *right), (*second, *first), strict=True)))
            return Or((there, back))

        zigzag = Or(
            (
                step(left, right),
                Quantified(Quantifier.EXISTS, tuple(between), And((step(left, between), step(between, right)))),
            )
        )
        return And((point, Quantified(Quantifier.FORALL, (*left, *right), zigzag)))

    def _lose(self, what: str, place: _Place) -> None:
        side = "an assumption" if place.assumed else "what is to be shown"
        self.lost[f"of {side}, {what}"] = None


def _inverse_functions(left: Variable, right: Variable) -> Formula:
    """Two functions between the sets that two variables run over, inverse to one another."""

    def function(name: str, source: Variable, target: Variable) -> Function:
        return Function(name, (Variable(source.name, source.type),), target.type, Role.SKOLEM)

    there, back = function("bijection", left, right), function("inverse", right, left)
    around = Quantified(Quantifier.FORALL, (left,), Equal(back(there(left)), left))
    again = Quantified(Quantifier.FORALL, (right,), Equal(there(back(right)), right))
    return FunctionQuantified(Quantifier.EXISTS, (there, back), And((around, again)))


def _wanted(formula: Formula, place: _Place) -> Iterator[Function]:
    """The functions over which a quantifier inside runs that is to be instantiated."""
    stack = [(formula, place)]
    while stack:
        current, at = stack.pop()
        match current:
            case FunctionQuantified(quantifier, functions, body):
                if not at.is_existential(quantifier):
                    yield functions[0]
                stack.append((body, at))
            case Equinumerous(left, right):
                if not at.assumed and len(left) == len(right) == 1 and len(left[0]) == len(right[0]) == 1:
                    yield Function("bijection", left[0], right[0][0].type, Role.SKOLEM)
            case Not(body):
                stack.append((body, at.opposite()))
            case Implies(premise, conclusion):
                stack += [(conclusion, at), (premise, at.opposite())]
            case And(parts) | Or(parts):
                stack += [(part, at) for part in reversed(parts)]
            case Named(body=body) | Quantified(body=body):
                stack.append((body, at))
            case Iff() | Connected() | Truth() | Equal() | Finite():
                pass
            case _:
                assert_never(current)


def _retyped(function: Function, bodies: dict[Function, Term]) -> Function:
    """A copy of a function with fresh parameters, in whose type earlier functions are replaced."""
    return Replacement({}, bodies).function(function)[0]


def _put(term: Term, values: Mapping[Variable, Term]) -> Term:
    return substitute_term(term, values)


def _over_itself(function: Function) -> Term:
    """A function applied to its own parameters."""
    return function(*function.explicit)


# --- formulas that are smaller where a part is true or false ---------------------------------------


def _plain(formula: Formula) -> Formula:
    """A first-order formula without names of predicates."""
    match formula:
        case Named(body=body):
            return _plain(body)
        case Not(body):
            return Not(_plain(body))
        case And(parts):
            return And(tuple(map(_plain, parts)))
        case Or(parts):
            return Or(tuple(map(_plain, parts)))
        case Implies(left, right):
            return Implies(_plain(left), _plain(right))
        case Iff(left, right):
            return Iff(_plain(left), _plain(right))
        case Quantified(quantifier, variables, body):
            return Quantified(quantifier, variables, _plain(body))
        case _:
            return formula


def _not(formula: Formula) -> Formula:
    return Truth(not formula.value) if isinstance(formula, Truth) else Not(formula)


def _and(parts: list[Formula]) -> Formula:
    if Truth(False) in parts:
        return Truth(False)
    kept = tuple(part for part in parts if part != Truth(True))
    return kept[0] if len(kept) == 1 else And(kept) if kept else Truth(True)


def _or(parts: list[Formula]) -> Formula:
    if Truth(True) in parts:
        return Truth(True)
    kept = tuple(part for part in parts if part != Truth(False))
    return kept[0] if len(kept) == 1 else Or(kept) if kept else Truth(False)
