"""Truth values of formulas by exhaustion over their finite ranges, lazily and with short-circuit.

A formula is compiled once into closures over one list of values, a place for each variable; evaluating an instance
then matches no tree. A quantifier stops at the first value that settles it.

Source: the usual definition of satisfaction in a finite many-sorted structure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, assert_never

from formal.certificate.evidence import Evaluate, Evidence, Value
from formal.core import search
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.decide import comparison, representable
from formal.decide.meter import Limits, Meter
from formal.decide.table import action_rows, composition_rows
from formal.logic.formula import (
    Action,
    And,
    Apply,
    ArrowConstant,
    ArrowImage,
    ArrowOfElement,
    Arrows,
    Cod,
    Component,
    Composite,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Dom,
    ElementConstant,
    ElementOfArrow,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Fibre,
    Finite,
    FiniteSet,
    Formula,
    FunctorComposite,
    Functors,
    FunctorTerm,
    FunctorTransformations,
    Hom,
    Identity,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    ObjectConstant,
    ObjectImage,
    Objects,
    Or,
    Quantified,
    Quantifier,
    Range,
    SetTerm,
    Term,
    Transformations,
    Truth,
    Universal,
    Variable,
)
from formal.text import Bug

StructureAtom = Covered | CoproductOfRepresentables | Connected | Isomorphic | Equivalent | Finite
"""Atoms about whole structures: no variable occurs in them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula made ready.

    Args:
        evaluate: its truth value under the present values of the variables.
        weight: the steps that one evaluation takes, those of quantifiers not counted.
    """

    evaluate: Callable[[], bool]
    weight: int


class Evaluation:
    """Formulas compiled over shared variables, tables and budget.

    Args:
        limits: for the steps of all evaluations together, and for each search.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.meter = Meter(limits.steps)
        self.environment: list[Any] = []
        self._places: dict[Variable, int] = {}
        self._bound: set[Variable] = set()
        self._formulas: dict[int, tuple[Formula, Compiled]] = {}
        self._ranges: dict[Variable, Callable[[], Iterable[Value]]] = {}
        self._settled: dict[int, tuple[StructureAtom, tuple[bool, Evidence]]] = {}
        self._operations: dict[Category | SetFunctor, Callable[[int, int], int]] = {}

    def place(self, variable: Variable) -> int:
        """Where in ``environment`` the variable's value stands."""
        place = self._places.get(variable)
        if place is None:
            place = self._places[variable] = len(self.environment)
            self.environment.append(None)
        return place

    def formula(self, formula: Formula) -> Compiled:
        """The formula made ready, once."""
        known = self._formulas.get(id(formula))
        if known is None:
            known = self._formulas[id(formula)] = formula, self._compile(formula)
        return known[1]

    def measure(self, formula: Formula) -> tuple[bool, int]:
        """The truth value under the present values of the variables, and the steps it took."""
        compiled = self.formula(formula)
        before = self.meter.steps
        self.meter.spend(compiled.weight)
        value = compiled.evaluate()
        return value, self.meter.steps - before

    def settle(self, atom: StructureAtom) -> tuple[bool, Evidence]:
        """The truth value of an atom about whole structures, with evidence, once."""
        known = self._settled.get(id(atom))
        if known is None:
            known = self._settled[id(atom)] = atom, _settle(atom, self.limits.nodes)
        return known[1]

    # --- formulas ---------------------------------------------------------------------------------

    def _compile(self, formula: Formula) -> Compiled:
        match formula:
            case Truth():
                value = formula.value
                return Compiled(lambda: value, 1)
            case Equal():
                left, right = self.term(formula.left), self.term(formula.right)
                return Compiled(lambda: left() == right(), 1)
            case Equinumerous():
                first, second = self.count(formula.left), self.count(formula.right)
                return Compiled(lambda: first() == second(), 1)
            case Universal():
                universal = frozenset(u for _, u in representable.universal_elements(formula.functor))
                element = self.term(formula.element)
                size = formula.functor.size + sum(map(len, formula.functor.action))
                return Compiled(lambda: element() in universal, 1 + size)
            case Covered() | CoproductOfRepresentables() | Connected() | Isomorphic() | Equivalent() | Finite() as atom:
                return Compiled(lambda: self.settle(atom)[0], 1)
            case Not():
                body = self.formula(formula.body)
                holds = body.evaluate
                return Compiled(lambda: not holds(), body.weight)
            case And():
                return self._connective(formula.parts, False)
            case Or():
                return self._connective(formula.parts, True)
            case Implies():
                premise, conclusion = self.formula(formula.premise), self.formula(formula.conclusion)
                given, then = premise.evaluate, conclusion.evaluate
                return Compiled(lambda: not given() or then(), premise.weight + conclusion.weight)
            case Iff():
                one, other = self.formula(formula.left), self.formula(formula.right)
                this, that = one.evaluate, other.evaluate
                return Compiled(lambda: this() == that(), one.weight + other.weight)
            case Quantified():
                return self._quantified(formula)
            case Instances():
                return self._instances(formula)
            case Named():
                return self.formula(formula.body)
            case _:
                assert_never(formula)

    def _connective(self, parts: tuple[Formula, ...], settling: bool) -> Compiled:
        """``And`` (settled by a false part) or ``Or`` (by a true one)."""
        compiled = [self.formula(part) for part in parts]
        weight = 1 + sum(part.weight for part in compiled)
        if len(compiled) == 2:
            first, second = compiled[0].evaluate, compiled[1].evaluate
            if settling:
                return Compiled(lambda: first() or second(), weight)
            return Compiled(lambda: first() and second(), weight)
        evaluators = tuple(part.evaluate for part in compiled)

        def connective() -> bool:
            for evaluate in evaluators:
                if evaluate() is settling:
                    return settling
            return not settling

        return Compiled(connective, weight)

    def _instances(self, formula: Instances) -> Compiled:
        match formula.quantifier:
            case Quantifier.FORALL:
                return self._connective(formula.parts, False)
            case Quantifier.EXISTS:
                return self._connective(formula.parts, True)
            case Quantifier.EXISTS_UNIQUE:
                compiled = [self.formula(part) for part in formula.parts]
                evaluators = tuple(part.evaluate for part in compiled)

                def unique() -> bool:
                    found = 0
                    for evaluate in evaluators:
                        if evaluate():
                            found += 1
                            if found > 1:
                                return False
                    return found == 1

                return Compiled(unique, 1 + sum(part.weight for part in compiled))
            case _:
                assert_never(formula.quantifier)

    def _quantified(self, formula: Quantified) -> Compiled:
        variable = formula.variable
        if variable in self._bound:
            raise Bug(f"{variable.name} is bound within its own scope")
        place, values = self.place(variable), self.values(variable)
        self._bound.add(variable)
        body = self.formula(formula.body)
        self._bound.remove(variable)
        holds, weight = body.evaluate, body.weight
        environment, spend = self.environment, self.meter.spend

        def forall() -> bool:
            steps = 0
            for environment[place] in values():
                steps += weight
                if not holds():
                    spend(steps)
                    return False
            spend(steps)
            return True

        def exists() -> bool:
            steps = 0
            for environment[place] in values():
                steps += weight
                if holds():
                    spend(steps)
                    return True
            spend(steps)
            return False

        def exists_unique() -> bool:
            steps = found = 0
            for environment[place] in values():
                steps += weight
                if holds():
                    found += 1
                    if found > 1:
                        break
            spend(steps)
            return found == 1

        match formula.quantifier:
            case Quantifier.FORALL:
                return Compiled(forall, 1)
            case Quantifier.EXISTS:
                return Compiled(exists, 1)
            case Quantifier.EXISTS_UNIQUE:
                return Compiled(exists_unique, 1)
            case _:
                assert_never(formula.quantifier)

    # --- ranges -----------------------------------------------------------------------------------

    def values(self, variable: Variable) -> Callable[[], Iterable[Value]]:
        """The values of a variable, under the present values of those that its range mentions, in a fixed order."""
        known = self._ranges.get(variable)
        if known is None:
            known = self._ranges[variable] = self._values(variable.range)
        return known

    def _values(self, domain: Range) -> Callable[[], Iterable[Value]]:
        limit = self.limits.nodes
        match domain:
            case Objects():
                objects = range(domain.category.object_count)
                return lambda: objects
            case Arrows():
                return self._arrows(domain)
            case Elements():
                elements = [domain.functor.at(x) for x in range(len(domain.functor.elements))]
                at = self.term(domain.at)
                return lambda: elements[at()]
            case Transformations():
                return _replayed(search.transformations(domain.dom, domain.cod, limit=limit))
            case Functors():
                found = search.functors(domain.dom, domain.cod, limit=limit)
                return _replayed((F.objects, F.generators) for F in found)
            case FunctorTransformations():
                dom, cod = self.functor(domain.dom), self.functor(domain.cod)
                return lambda: search.functor_transformations(dom(), cod(), limit=limit)
            case _:
                assert_never(domain)

    def _arrows(self, domain: Arrows) -> Callable[[], Iterable[Value]]:
        category = domain.category
        if domain.dom is not None and domain.cod is not None:
            x, y, hom = self.term(domain.dom), self.term(domain.cod), category.hom
            return lambda: hom(x(), y())
        if domain.dom is None and domain.cod is None:
            every = range(category.arrow_count)
            return lambda: every
        at_object: list[list[int]] = [[] for _ in category.objects]
        end_of = category.source if domain.cod is None else category.target
        for f in range(category.arrow_count):
            at_object[end_of(f)].append(f)
        term = domain.dom or domain.cod
        if term is None:
            raise Bug("an end is given")
        end = self.term(term)
        return lambda: at_object[end()]

    # --- terms ------------------------------------------------------------------------------------

    def term(self, term: Term) -> Callable[[], int]:
        """The value of a term, a number."""
        match term:
            case Variable():
                environment, place = self.environment, self.place(term)
                return lambda: environment[place]
            case ObjectConstant() | ArrowConstant() | ElementConstant():
                value = term.value
                return lambda: value
            case Dom():
                arrow, source = self.term(term.arrow), category_of(term.arrow).source
                return lambda: source(arrow())
            case Cod():
                arrow, target = self.term(term.arrow), category_of(term.arrow).target
                return lambda: target(arrow())
            case Identity():
                return self.term(term.object)  # identities have the numbers of their objects
            case Composite():
                return self._composite(term)
            case ObjectImage():
                functor, argument = self.functor(term.functor), self.term(term.object)
                return lambda: functor().objects[argument()]
            case ArrowImage():
                functor, argument = self.functor(term.functor), self.term(term.arrow)
                return lambda: functor().arrows[argument()]
            case Component():
                at = self.term(term.at)
                if isinstance(term.transformation, Variable):
                    environment, place = self.environment, self.place(term.transformation)
                    return lambda: environment[place][at()]
                components = term.transformation.components
                return lambda: components[at()]
            case Apply():
                element = self.term(term.element)
                if isinstance(term.transformation, Variable):
                    environment, place = self.environment, self.place(term.transformation)
                    return lambda: environment[place][element()]
                images = term.transformation.images
                return lambda: images[element()]
            case ArrowOfElement():
                element, arrows = self.term(term.element), term.functor.arrows or ()
                return lambda: arrows[element()]
            case ElementOfArrow():
                arrow, of_arrow = self.term(term.arrow), term.functor.of_arrow
                return lambda: of_arrow[arrow()]
            case Action():
                return self._action(term)
            case _:
                assert_never(term)

    def _composite(self, term: Composite) -> Callable[[], int]:
        """Long chains ``f >> g >> h >> …`` nest to the left; they become one loop."""
        factors: list[Term] = []
        rest: Term = term
        while isinstance(rest, Composite):
            factors.append(rest.second)
            rest = rest.first
        head = self.term(rest)
        tail = [self.term(factor) for factor in reversed(factors)]
        compose = self._compose(term.category)
        if len(tail) == 1:
            last = tail[0]
            return lambda: compose(head(), last())

        def composite() -> int:
            f = head()
            for factor in tail:
                f = compose(f, factor())
            return f

        return composite

    def _action(self, term: Action) -> Callable[[], int]:
        arrow, element = self.term(term.arrow), self.term(term.element)
        act = self._act(term.functor)
        return lambda: act(arrow(), element())

    def _compose(self, category: Category) -> Callable[[int, int], int]:
        operation = self._operations.get(category)
        if operation is None:
            rows = composition_rows(category)
            operation = category.compose if rows is None else lambda f, g: rows[f][g]
            self._operations[category] = operation
        return operation

    def _act(self, functor: SetFunctor) -> Callable[[int, int], int]:
        operation = self._operations.get(functor)
        if operation is None:
            rows = action_rows(functor)
            operation = functor.act_arrow if rows is None else lambda f, t: rows[f][t]
            self._operations[functor] = operation
        return operation

    def functor(self, term: FunctorTerm) -> Callable[[], Functor]:
        """The functor that a functor term is, under the present values of the variables."""
        match term:
            case Functor():
                return lambda: term
            case Variable():
                domain = term.range
                if not isinstance(domain, Functors):
                    raise Bug(f"{term.name} is no functor")
                name, dom, cod = term.name, domain.dom, domain.cod
                environment, place = self.environment, self.place(term)
                made = _last_made(lambda value: Functor(name, dom, cod, *value))
                return lambda: made(environment[place])
            case FunctorComposite():
                first, second = self.functor(term.first), self.functor(term.second)
                composed = _last_made(lambda one: _last_made(lambda other: _composite_functor(one, other)))
                return lambda: composed(first())(second())
            case _:
                assert_never(term)

    # --- sets -------------------------------------------------------------------------------------

    def count(self, term: SetTerm) -> Callable[[], int]:
        """The number of elements of a set."""
        match term:
            case Fibre():
                sizes, at = [len(labels) for labels in term.functor.elements], self.term(term.at)
                return lambda: sizes[at()]
            case Hom():
                x, y, hom = self.term(term.dom), self.term(term.cod), term.category.hom
                return lambda: len(hom(x(), y()))
            case FiniteSet():
                size = len(term.labels)
                return lambda: size
            case _:
                assert_never(term)


def category_of(arrow: Term) -> Category:
    """The category that an arrow term's values are arrows of."""
    match arrow:
        case Variable(range=Arrows(category=category)):
            return category
        case ArrowConstant() | Identity() | Composite():
            return arrow.category
        case ArrowImage():
            return codomain(arrow.functor)
        case Component(transformation=Variable(range=FunctorTransformations(cod=functor))):
            return codomain(functor)
        case Component(transformation=transformation) if not isinstance(transformation, Variable):
            return transformation.cod.cod
        case ArrowOfElement():
            return arrow.functor.category
        case _:
            raise Bug(f"{type(arrow).__name__} is no arrow")


def codomain(functor: FunctorTerm) -> Category:
    """The category in which a functor term's values end."""
    while isinstance(functor, FunctorComposite):
        functor = functor.second
    match functor:
        case Functor():
            return functor.cod
        case Variable(range=Functors(cod=category)):
            return category
        case _:
            raise Bug(f"{functor.name} is no functor")


def _composite_functor(first: Functor, second: Functor) -> Functor:
    return Functor(
        f"{first.name} >> {second.name}",
        first.dom,
        second.cod,
        tuple(second.objects[x] for x in first.objects),
        tuple(second.arrows[f] for f in first.generators),
    )


def _last_made(make: Callable[[Any], T]) -> Callable[[Any], T]:
    """The function with its last result kept: a variable's value changes less often than it is used."""
    last: list[tuple[Any, T]] = []

    def made(argument: Any) -> T:
        if not last or last[0][0] is not argument:
            last[:] = [(argument, make(argument))]
        return last[0][1]

    return made


def _replayed(values: Iterator[Value]) -> Callable[[], Iterator[Value]]:
    """A lazy sequence that may be gone through many times, also while another passage is under way."""
    kept: list[Value] = []

    def replay() -> Iterator[Value]:
        position = 0
        while True:
            if position == len(kept):
                value = next(values, None)
                if value is None:
                    return
                kept.append(value)
            yield kept[position]
            position += 1

    return replay


def _settle(atom: StructureAtom, nodes: int) -> tuple[bool, Evidence]:
    match atom:
        case Covered():
            return representable.covered(atom.functor, atom.count)
        case CoproductOfRepresentables():
            return representable.coproduct_of_representables(atom.functor, atom.count)
        case Connected():
            return comparison.connected(atom.category), Evaluate()
        case Finite():
            return isinstance(atom.presented, Category), Evaluate()
        case Isomorphic():
            return comparison.isomorphic(atom.left, atom.right, nodes=nodes)
        case Equivalent():
            return comparison.equivalent(atom.left, atom.right, nodes=nodes)
        case _:
            assert_never(atom)
