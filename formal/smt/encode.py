"""A closed formula as a propositional problem: definitional clauses, one direction per polarity, from the top down.

The translation keeps a list of obligations *literal implies formula*. A conjunction passes its literal on to its
parts, a disjunction becomes one clause of new literals, first-order quantifiers run over their finite ranges, and
ground atoms become variables fixed by what the tables say. An obligation that some structure exists becomes one-hot
variables for it; that all structures have a property is spelled out over all of them, within a budget.

Source: Plaisted, Greenbaum 1986 (polarity); Torlak, Jackson 2007 (Kodkod: grounding over finite ranges).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import assert_never

from formal.certificate.evidence import Equivalence, Evaluate, Invariant, Isomorphism
from formal.certificate.evidence import Value as FoundValue
from formal.core.budget import BudgetExceeded
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.search import functor_transformations, functors, transformations
from formal.logic.formula import (
    And,
    Arrows,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Finite,
    Formula,
    FunctorComposite,
    Functors,
    FunctorTerm,
    FunctorTransformations,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    Objects,
    Or,
    Quantified,
    Quantifier,
    Transformations,
    Truth,
    Universal,
    Variable,
)
from formal.smt import family
from formal.smt.generation import Generation
from formal.smt.limit import SolverLimits
from formal.smt.problem import Chosen, Clauses, Decided, Exhausted, Found, Problem, Step
from formal.smt.value import Binding, Environment, FunctorValue, Terms, Value
from formal.text import Bug


def encode(formula: Formula, *, limits: SolverLimits, sign: bool = True) -> Problem:
    """A problem that is satisfiable exactly when a closed formula is true (``sign``) or false (not ``sign``).

    Args:
        limits: ``literals`` bounds the size of the problem, ``structures`` each enumeration of structures.
    Raises:
        Exhausted: a limit is reached; nothing is known of the formula.
    """
    return _Translation(limits).problem(formula, sign)


Atom = Truth | Equal | Equinumerous | Finite
"""Formulas that are one literal once their variables are bound."""

_ATOMS = (Truth, Equal, Equinumerous, Finite)
_Structures = Transformations | Functors | FunctorTransformations
_STRUCTURES = (Transformations, Functors, FunctorTransformations)


@dataclass(frozen=True, slots=True)
class _Obligation:
    """``guard`` implies the formula, or its negation when ``sign`` is false.

    Args:
        leading: the obligation belongs to the outermost existential block, whose choices are to be read.
    """

    guard: int
    formula: Formula
    environment: Environment
    sign: bool
    leading: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """One of several formulas, or instances of one: its number or value, and the case in which it is meant."""

    value: FoundValue
    formula: Formula
    environment: Environment
    sign: bool
    condition: int | None = None


class _Translation:
    def __init__(self, limits: SolverLimits) -> None:
        self.limits = limits
        self.clauses = Clauses(limits.literals)
        self.terms = Terms(self.clauses)
        self.generation = Generation(self.clauses)
        self.obligations: list[_Obligation] = []
        self.steps: dict[int, tuple[Step, ...]] = {}
        self.instances = 0
        self._ends: dict[tuple[int, bool], list[list[int]]] = {}
        self._given_first: frozenset[Variable] = frozenset()

    def problem(self, formula: Formula, sign: bool) -> Problem:
        root = self.clauses.fresh()
        self._given_first = _functors_in_ranges(formula)
        self.obligations.append(_Obligation(root, formula, {}, sign, True))
        while self.obligations:
            self._discharge(self.obligations.pop())
        return Problem(self.clauses.variable_count, self.clauses.literals, root, self.steps)

    def _record(self, obligation: _Obligation, step: Step) -> None:
        if obligation.leading:
            self.steps[obligation.guard] = (*self.steps.get(obligation.guard, ()), step)

    # --- connectives ------------------------------------------------------------------------------

    def _discharge(self, obligation: _Obligation) -> None:
        guard, formula, environment, sign = (
            obligation.guard,
            obligation.formula,
            obligation.environment,
            obligation.sign,
        )
        match formula:
            case Truth() | Equal() | Equinumerous() | Finite():
                self.clauses.add(-guard, self._signed(formula, environment, sign))
            case Named() | Not():
                inner = sign if isinstance(formula, Named) else not sign
                self.obligations.append(_Obligation(guard, formula.body, environment, inner, obligation.leading))
            case And() | Or():
                parts = [_Part(number, part, environment, sign) for number, part in enumerate(formula.parts)]
                self._junction(obligation, parts, conjunctive=isinstance(formula, And) == sign)
            case Implies():
                sides = [
                    _Part(0, formula.premise, environment, not sign),
                    _Part(1, formula.conclusion, environment, sign),
                ]
                self._junction(obligation, sides, conjunctive=not sign)
            case Iff():
                left = self._defined(formula.left, environment)
                right = self._defined(formula.right, environment)
                self.clauses.add(-guard, -left, right if sign else -right)
                self.clauses.add(-guard, left, -right if sign else right)
            case Quantified():
                self._quantified(obligation, formula)
            case Instances():
                instances = (_Part(number, part, environment, sign) for number, part in enumerate(formula.parts))
                self._instances(obligation, formula.quantifier, instances)
            case Universal():
                self._universal(obligation, formula)
            case Covered():
                self._record(obligation, self.generation.covered(guard, formula, sign=sign))
            case CoproductOfRepresentables():
                self._record(obligation, self.generation.coproduct(guard, formula, sign=sign))
            case Connected():
                self._record(obligation, self.generation.connected(guard, formula, sign=sign))
            case Isomorphic() | Equivalent():
                self._record(obligation, self._matching(guard, formula, sign))
            case _:
                assert_never(formula)

    def _junction(self, obligation: _Obligation, parts: Iterable[_Part], *, conjunctive: bool) -> None:
        """The guard implies all of the parts, or one of them.

        A ground atom that settles the matter by itself stands for all parts: what it makes superfluous is not written.
        """
        if conjunctive:
            self._all(obligation.guard, parts)
        else:
            self._record(obligation, Chosen(tuple(self._any(obligation, parts))))

    def _all(self, guard: int, parts: Iterable[_Part]) -> None:
        clauses = self.clauses
        compound: list[_Obligation] = []
        for part in parts:
            self._spend()
            case = () if part.condition is None else (-part.condition,)
            if isinstance(part.formula, _ATOMS):
                literal = self._signed(part.formula, part.environment, part.sign)
                clauses.add(-guard, *case, literal)
                if not case and clauses.known(literal) is False:
                    return
                continue
            literal = guard
            if case:
                literal = clauses.fresh()
                clauses.add(-guard, *case, literal)
            compound.append(_Obligation(literal, part.formula, part.environment, part.sign, False))
        self.obligations += compound

    def _any(self, obligation: _Obligation, parts: Iterable[_Part]) -> list[tuple[int, FoundValue]]:
        """The clause that one of the parts is true; returns the literal for each part's value."""
        clauses = self.clauses
        options: list[tuple[int, FoundValue]] = []
        compound: list[_Obligation] = []
        for part in parts:
            self._spend()
            if isinstance(part.formula, _ATOMS):
                literal = self._signed(part.formula, part.environment, part.sign)
                if part.condition is not None:
                    literal = clauses.conjunction([part.condition, literal])
                elif clauses.known(literal):
                    options = [(literal, part.value)]
                    compound = []
                    break
            else:
                literal = clauses.fresh()
                if part.condition is not None:
                    clauses.add(-literal, part.condition)
                compound.append(_Obligation(literal, part.formula, part.environment, part.sign, obligation.leading))
            options.append((literal, part.value))
        clauses.add(-obligation.guard, *(literal for literal, _ in options))
        self.obligations += compound
        return options

    def _signed(self, atom: Atom, environment: Environment, sign: bool) -> int:
        literal = self._atom(atom, environment)
        return literal if sign else -literal

    def _atom(self, atom: Atom, environment: Environment) -> int:
        """The literal that is true exactly when the atom is."""
        match atom:
            case Truth():
                return self.clauses.fact("true" if atom.value else "false", atom.value)
            case Finite():
                return self.clauses.fact(("finite", id(atom.presented)), isinstance(atom.presented, Category))
            case Equal():
                left, right = self.terms.value(atom.left, environment), self.terms.value(atom.right, environment)
                return self.terms.equal(left, right)
            case Equinumerous():
                left, right = self.terms.size(atom.left, environment), self.terms.size(atom.right, environment)
                return self.terms.equal(left, right)

    def _defined(self, formula: Formula, environment: Environment) -> int:
        """A literal that is true exactly when the formula is."""
        sign = True
        while isinstance(formula, Not | Named):
            sign = sign == isinstance(formula, Named)
            formula = formula.body
        if isinstance(formula, _ATOMS):
            return self._signed(formula, environment, sign)
        literal = self.clauses.fresh()
        self.obligations.append(_Obligation(literal, formula, environment, True, False))
        self.obligations.append(_Obligation(-literal, formula, environment, False, False))
        return literal if sign else -literal

    def _spend(self) -> None:
        self.instances += 1
        if self.instances > self.limits.literals:
            raise Exhausted(f"the formula has more than {self.limits.literals} instances")

    # --- quantifiers ------------------------------------------------------------------------------

    def _quantified(self, obligation: _Obligation, formula: Quantified) -> None:
        variable, body, environment = formula.variable, formula.body, obligation.environment
        over = variable.range
        if isinstance(over, _STRUCTURES):
            existential = formula.quantifier is (Quantifier.EXISTS if obligation.sign else Quantifier.FORALL)
            if existential and variable not in self._given_first:
                binding, found = self._unknown(obligation.guard, over, environment)
                self._record(obligation, found)
                self.obligations.append(
                    replace(obligation, formula=body, environment={**environment, variable: binding})
                )
                return
            parts = (
                _Part(value, body, {**environment, variable: binding}, obligation.sign)
                for value, binding in self._enumerated(over, environment)
            )
        else:
            parts = (
                _Part(value, body, {**environment, variable: value}, obligation.sign, condition)
                for condition, values in self._values(over, environment)
                for value in values
            )
        self._instances(obligation, formula.quantifier, parts)

    def _instances(self, obligation: _Obligation, quantifier: Quantifier, parts: Iterable[_Part]) -> None:
        if quantifier is not Quantifier.EXISTS_UNIQUE:
            self._junction(obligation, parts, conjunctive=(quantifier is Quantifier.FORALL) == obligation.sign)
            return
        clauses, guard = self.clauses, obligation.guard
        options: list[tuple[int, FoundValue]] = []
        for part in parts:
            self._spend()
            literal = self._defined(part.formula, part.environment)
            if part.condition is not None:
                literal = clauses.conjunction([part.condition, literal])
            if clauses.known(literal) is not False:
                options.append((literal, part.value))
        literals = [literal for literal, _ in options]
        if obligation.sign:
            clauses.add(-guard, *literals)
            clauses.at_most_one(guard, literals)
            self._record(obligation, Chosen(tuple(options)))
            return
        none, several = clauses.fresh(), clauses.fresh()
        clauses.add(-guard, none, several)
        for literal in literals:
            clauses.add(-none, -literal)
        clauses.at_least_two(several, literals)

    def _values(
        self, over: Objects | Arrows | Elements, environment: Environment
    ) -> Iterator[tuple[int | None, Iterable[int]]]:
        """The values of a first-order range, by cases where its ends are choices: (the case, its values)."""
        match over:
            case Objects():
                yield None, range(over.category.object_count)
            case Elements():
                for at, case in _cases(self.terms.value(over.at, environment)):
                    yield case, over.functor.at(at)
            case Arrows():
                ends = [
                    [(None, None)] if end is None else _cases(self.terms.value(end, environment))
                    for end in (over.dom, over.cod)
                ]
                for (x, first), (y, second) in product(*ends):
                    conditions = [condition for condition in (first, second) if condition is not None]
                    condition = self.clauses.conjunction(conditions) if conditions else None
                    yield condition, self._arrows(over.category, x, y)

    def _arrows(self, category: Category, x: int | None, y: int | None) -> Sequence[int]:
        if x is not None and y is not None:
            return category.hom(x, y)
        known = y if x is None else x
        if known is None:
            return range(category.arrow_count)
        key = (id(category), x is not None)
        table = self._ends.get(key)
        if table is None:
            table = self._ends[key] = [[] for _ in category.objects]
            for f, end in enumerate((category.cod if x is None else category.dom).tolist()):
                table[end].append(f)
        return table[known]

    # --- structures -------------------------------------------------------------------------------

    def _unknown(self, guard: int, over: _Structures, environment: Environment) -> tuple[Binding, Found]:
        """A structure to be found by the solver, and how to read it off a model."""
        clauses = self.clauses
        match over:
            case Functors():
                functor = family.functor(clauses, guard, over.dom, over.cod)
                return functor, Found(lambda model: family.read_functor(functor, over.dom, model))
            case Transformations():
                images = family.transformation(clauses, guard, over.dom, over.cod)
            case FunctorTransformations():
                images = family.components(
                    clauses, guard, self._known(over.dom, environment), self._known(over.cod, environment)
                )
        return images, Found(lambda model: family.read_images(images, model))

    def _enumerated(self, over: _Structures, environment: Environment) -> Iterator[tuple[FoundValue, Binding]]:
        """All structures of a range, by search."""
        limit = self.limits.structures
        try:
            match over:
                case Functors():
                    for functor in functors(over.dom, over.cod, limit=limit):
                        yield (functor.objects, functor.generators), FunctorValue.of(functor)
                case Transformations():
                    for images in transformations(over.dom, over.cod, limit=limit):
                        yield images, images
                case FunctorTransformations():
                    dom, cod = self._known(over.dom, environment), self._known(over.cod, environment)
                    for components in functor_transformations(dom, cod, limit=limit):
                        yield components, components
        except BudgetExceeded as exceeded:
            raise Exhausted(f"searching for all structures: {exceeded}") from exceeded

    def _known(self, term: FunctorTerm, environment: Environment) -> Functor:
        """A functor term whose variables all stand for given functors."""
        parts = [part.known for part in self.terms.functor(term, environment)]
        result: Functor | None = None
        for part in parts:
            if part is None:
                raise Bug("a transformation's ends are not known")
            if result is None:
                result = part
                continue
            objects = tuple(part.objects[x] for x in result.objects)
            generators = tuple(part.arrows[f] for f in result.generators)
            result = Functor(f"{result.name} >> {part.name}", result.dom, part.cod, objects, generators)
        if result is None:
            raise Bug("an empty composite of functors")
        return result

    # --- atoms with structures of their own -------------------------------------------------------

    def _universal(self, obligation: _Obligation, formula: Universal) -> None:
        clauses, guard, sign = self.clauses, obligation.guard, obligation.sign
        element = self.terms.value(formula.element, obligation.environment)
        if isinstance(element, int):
            self.generation.universal(guard, formula.functor, element, sign=sign)
            return
        options = []
        for value, literal in element.literals.items():
            case = clauses.fresh()
            options.append(case)
            if sign:
                clauses.add(-case, literal)
            else:
                clauses.add(-guard, -literal, case)
            self.generation.universal(case, formula.functor, value, sign=sign)
        if sign:
            clauses.add(-guard, *options)

    def _matching(self, guard: int, formula: Isomorphic | Equivalent, sign: bool) -> Decided:
        """There is an isomorphism, or an equivalence, or there is none."""
        clauses = self.clauses
        left, right = formula.left, formula.right
        evaluate = Decided(lambda _: Evaluate())
        if isinstance(formula, Isomorphic):
            same_size = clauses.fact(("size", id(left), id(right)), _sizes(left) == _sizes(right))
            if not clauses.known(same_size):
                clauses.add(-guard, same_size if sign else -same_size)
                return Decided(lambda _: Invariant(0))
        if not sign:
            for number, fits in enumerate(self._candidates(formula)):
                self._spend()
                clauses.add(-guard, -clauses.fact(("matches", id(formula), number), fits))
                if fits:
                    break
            return evaluate
        if isinstance(left, SetFunctor) and isinstance(right, SetFunctor):
            images = family.set_isomorphism(clauses, guard, left, right)
            return Decided(lambda model: Isomorphism(family.read_images(images, model)))
        if not isinstance(left, Category) or not isinstance(right, Category):
            raise Bug("a category is compared with a set-valued functor")
        find = family.category_isomorphism if isinstance(formula, Isomorphic) else family.equivalence
        found = find(clauses, guard, left, right)
        evidence = Isomorphism if isinstance(formula, Isomorphic) else Equivalence
        return Decided(lambda model: evidence(family.read_functor(found, left, model)))

    def _candidates(self, formula: Isomorphic | Equivalent) -> Iterator[bool]:
        """For every transformation, or functor, whether it is an isomorphism, or an equivalence."""
        left, right = formula.left, formula.right
        try:
            if isinstance(left, SetFunctor) and isinstance(right, SetFunctor):
                for images in transformations(left, right, limit=self.limits.structures):
                    yield family.is_bijective(left, right, images)
            elif isinstance(left, Category) and isinstance(right, Category):
                fits = family.is_category_isomorphism if isinstance(formula, Isomorphic) else family.is_equivalence
                for functor in functors(left, right, limit=self.limits.structures):
                    yield fits(functor)
        except BudgetExceeded as exceeded:
            raise Exhausted(f"searching for all structures: {exceeded}") from exceeded


def _cases(value: Value) -> list[tuple[int, int | None]]:
    """The possible values, each with the literal that says so; None for a known value."""
    return [(value, None)] if isinstance(value, int) else list(value.literals.items())


def _sizes(structure: SetFunctor | Category) -> tuple[int, ...]:
    if isinstance(structure, SetFunctor):
        return tuple(map(len, structure.elements))
    return structure.object_count, structure.arrow_count


def _functors_in_ranges(formula: Formula) -> frozenset[Variable]:
    """The functor variables between which transformations are quantified: these have to be known first."""
    result: set[Variable] = set()
    waiting: list[Formula] = [formula]
    while waiting:
        part = waiting.pop()
        match part:
            case Not() | Named():
                waiting.append(part.body)
            case And() | Or() | Instances():
                waiting += part.parts
            case Implies():
                waiting += (part.premise, part.conclusion)
            case Iff():
                waiting += (part.left, part.right)
            case Quantified():
                waiting.append(part.body)
                over = part.variable.range
                ends: list[FunctorTerm] = [over.dom, over.cod] if isinstance(over, FunctorTransformations) else []
                while ends:
                    end = ends.pop()
                    if isinstance(end, Variable):
                        result.add(end)
                    elif isinstance(end, FunctorComposite):
                        ends += (end.first, end.second)
            case _:
                pass
    return frozenset(result)
