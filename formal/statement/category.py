"""Categories, interpreted in the sorts of the unknown ones.

A category is given by its objects (a sum of telescopes), its arrows between two objects (another), identities and
composites. Two categories are the same when they are built by the same construction from the same ones.

Source: Mac Lane, Categories for the Working Mathematician, II; Mac Lane, Moerdijk, Sheaves in Geometry and Logic, I.5.
"""

from __future__ import annotations

# ruff: noqa: D102  (what overrides is documented where it is declared)
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from formal.logic.theory import Application, CategorySymbol, Formula, Telescope, Type, Variable
from formal.statement.point import FALSE, TRUE, Atom, Case, Cases, In, Point, Tuple, conjunction, disjunction, equal

if TYPE_CHECKING:
    from formal.core.category import Category as FiniteTables
    from formal.statement.functor import Functor
    from formal.statement.set_functor import SetFunctor


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object of a category."""

    category: Category
    point: Point


@dataclass(frozen=True, slots=True)
class ArrowOf:
    """An arrow of a category, with its ends."""

    category: Category
    dom: Point
    cod: Point
    point: Point


@dataclass(frozen=True, slots=True)
class ArrowCase:
    """All arrows of one shape. Where it can be, ends are computed rather than subject to the condition."""

    variables: Telescope
    condition: Formula
    arrow: ArrowOf


@dataclass(frozen=True, slots=True)
class PairCase:
    """All pairs of one shape of arrows that can be composed."""

    variables: Telescope
    condition: Formula
    first: ArrowOf
    second: ArrowOf


class Category(ABC):
    """A category, interpreted. Every call makes fresh variables."""

    @property
    @abstractmethod
    def name(self) -> str:
        """How reports call it."""

    @abstractmethod
    def objects(self, name: str = "x") -> Cases:
        """All objects."""

    @abstractmethod
    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        """All arrows from one object to another."""

    @abstractmethod
    def arrows(self) -> Iterator[ArrowCase]:
        """All arrows."""

    @abstractmethod
    def pairs(self) -> Iterator[PairCase]:
        """All pairs of arrows of which the second begins where the first ends."""

    @abstractmethod
    def identity(self, at: Point) -> Point:
        """The identity of an object."""

    @abstractmethod
    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        """First one arrow, then another, which begins where the first ends."""

    @property
    def has_normal_forms(self) -> bool:
        """Whether objects and arrows are without conditions, or those that fail one can be taken for others.

        Then what is defined on the category is defined for all values of the variables of its cases.
        """
        objects = [(x, y) for x in self.objects("x") for y in self.objects("y")]
        homs = [f for x, y in objects for f in self.hom(x.point, y.point)]
        return all(case.condition == TRUE for case in (*self.objects(), *homs))

    def identity_arrow(self, at: Point) -> ArrowOf:
        """The identity of an object, with its ends."""
        return ArrowOf(self, at, at, self.identity(at))

    def composite(self, first: ArrowOf, second: ArrowOf) -> ArrowOf:
        """The composite, with its ends."""
        return ArrowOf(self, first.dom, second.cod, self.compose(first, second))


@dataclass(frozen=True, slots=True)
class Unknown(Category):
    """A category that is given: its sorts are those of the theory."""

    symbol: CategorySymbol

    @property
    def name(self) -> str:
        return self.symbol.name

    def objects(self, name: str = "x") -> Cases:
        x = Variable(name, Type(self.symbol.objects))
        return (Case((x,), TRUE, x),)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        assert isinstance(dom, Variable | Application)
        assert isinstance(cod, Variable | Application)
        f = Variable(name, Type(self.symbol.arrows, (dom, cod)))
        return (Case((f,), TRUE, f),)

    def arrows(self) -> Iterator[ArrowCase]:
        x, y = self._object("x"), self._object("y")
        f = Variable("f", Type(self.symbol.arrows, (x, y)))
        yield ArrowCase((x, y, f), TRUE, ArrowOf(self, x, y, f))

    def pairs(self) -> Iterator[PairCase]:
        x, y, z = self._object("x"), self._object("y"), self._object("z")
        f = Variable("f", Type(self.symbol.arrows, (x, y)))
        g = Variable("g", Type(self.symbol.arrows, (y, z)))
        yield PairCase((x, y, z, f, g), TRUE, ArrowOf(self, x, y, f), ArrowOf(self, y, z, g))

    def identity(self, at: Point) -> Point:
        assert isinstance(at, Variable | Application)
        return self.symbol.identity(at)

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        assert isinstance(first.point, Variable | Application)
        assert isinstance(second.point, Variable | Application)
        return self.symbol.composition(first.point, second.point)

    def _object(self, name: str) -> Variable:
        return Variable(name, Type(self.symbol.objects))


@dataclass(frozen=True, slots=True)
class Opposite(Category):
    """The same objects, the arrows turned round. Built by ``opposite``."""

    of: Category

    @property
    def name(self) -> str:
        return f"op({self.of.name})"

    def objects(self, name: str = "x") -> Cases:
        return self.of.objects(name)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        return self.of.hom(cod, dom, name)

    def arrows(self) -> Iterator[ArrowCase]:
        for case in self.of.arrows():
            yield ArrowCase(case.variables, case.condition, turned_arrow(case.arrow))

    def pairs(self) -> Iterator[PairCase]:
        for case in self.of.pairs():
            yield PairCase(case.variables, case.condition, turned_arrow(case.second), turned_arrow(case.first))

    def identity(self, at: Point) -> Point:
        return self.of.identity(at)

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        return self.of.compose(turned_arrow(second), turned_arrow(first))

    @property
    def has_normal_forms(self) -> bool:
        return self.of.has_normal_forms


@dataclass(frozen=True, slots=True)
class Product(Category):
    """Pairs of objects, pairs of arrows."""

    left: Category
    right: Category

    @property
    def name(self) -> str:
        return f"{self.left.name} * {self.right.name}"

    def objects(self, name: str = "x") -> Cases:
        return product_of_cases(self.left.objects(f"{name}.1"), self.right.objects(f"{name}.2"))

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        (a, b), (c, d) = _pair(dom), _pair(cod)
        return product_of_cases(self.left.hom(a, c, f"{name}.1"), self.right.hom(b, d, f"{name}.2"))

    def arrows(self) -> Iterator[ArrowCase]:
        for one in self.left.arrows():
            for two in self.right.arrows():
                condition = conjunction([one.condition, two.condition])
                yield ArrowCase((*one.variables, *two.variables), condition, self._arrow(one.arrow, two.arrow))

    def pairs(self) -> Iterator[PairCase]:
        for one in self.left.pairs():
            for two in self.right.pairs():
                yield PairCase(
                    (*one.variables, *two.variables),
                    conjunction([one.condition, two.condition]),
                    self._arrow(one.first, two.first),
                    self._arrow(one.second, two.second),
                )

    def identity(self, at: Point) -> Point:
        a, b = _pair(at)
        return Tuple((self.left.identity(a), self.right.identity(b)))

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        one, two = self.factors(first), self.factors(second)
        return Tuple((self.left.compose(one[0], two[0]), self.right.compose(one[1], two[1])))

    @property
    def has_normal_forms(self) -> bool:
        return self.left.has_normal_forms and self.right.has_normal_forms

    def _arrow(self, one: ArrowOf, two: ArrowOf) -> ArrowOf:
        return ArrowOf(self, Tuple((one.dom, two.dom)), Tuple((one.cod, two.cod)), Tuple((one.point, two.point)))

    def pair(self, first: ObjectOf | ArrowOf, second: ObjectOf | ArrowOf) -> ObjectOf | ArrowOf | None:
        """Two objects, or two arrows, as one; nothing for one of each."""
        match first, second:
            case ObjectOf(point=p), ObjectOf(point=q):
                return ObjectOf(self, Tuple((p, q)))
            case ArrowOf(), ArrowOf():
                return self._arrow(first, second)
            case _:
                return None

    def factors(self, arrow: ArrowOf) -> tuple[ArrowOf, ArrowOf]:
        """The two arrows that an arrow consists of."""
        (a, b), (c, d), (f, g) = _pair(arrow.dom), _pair(arrow.cod), _pair(arrow.point)
        return ArrowOf(self.left, a, c, f), ArrowOf(self.right, b, d, g)


@dataclass(frozen=True, slots=True)
class Sum(Category):
    """The disjoint union."""

    left: Category
    right: Category

    @property
    def name(self) -> str:
        return f"{self.left.name} + {self.right.name}"

    def objects(self, name: str = "x") -> Cases:
        return sum_of_cases(self.left.objects(name), self.right.objects(name))

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        assert isinstance(dom, In)
        assert isinstance(cod, In)
        if dom.side != cod.side:
            return ()
        cases = self._part(dom.side).hom(dom.point, cod.point, name)
        return tuple(Case(case.variables, case.condition, In(dom.side, case.point)) for case in cases)

    def arrows(self) -> Iterator[ArrowCase]:
        for side in (0, 1):
            for case in self._part(side).arrows():
                yield ArrowCase(case.variables, case.condition, self._into(side, case.arrow))

    def pairs(self) -> Iterator[PairCase]:
        for side in (0, 1):
            for case in self._part(side).pairs():
                first, second = self._into(side, case.first), self._into(side, case.second)
                yield PairCase(case.variables, case.condition, first, second)

    def identity(self, at: Point) -> Point:
        assert isinstance(at, In)
        return In(at.side, self._part(at.side).identity(at.point))

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        assert isinstance(first.point, In)
        side = first.point.side
        return In(side, self._part(side).compose(self._out(first), self._out(second)))

    @property
    def has_normal_forms(self) -> bool:
        return self.left.has_normal_forms and self.right.has_normal_forms

    def _part(self, side: int) -> Category:
        return self.right if side else self.left

    def _into(self, side: int, arrow: ArrowOf) -> ArrowOf:
        return ArrowOf(self, In(side, arrow.dom), In(side, arrow.cod), In(side, arrow.point))

    def _out(self, arrow: ArrowOf) -> ArrowOf:
        match arrow:
            case ArrowOf(dom=In(side, dom), cod=In(_, cod), point=In(_, point)):
                return ArrowOf(self._part(side), dom, cod, point)
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Finite(Category):
    """A category of the script, with all its objects and arrows."""

    tables: FiniteTables

    @property
    def name(self) -> str:
        return self.tables.name

    def objects(self, name: str = "x") -> Cases:
        return tuple(Case((), TRUE, self.object_at(x)) for x in range(self.tables.object_count))

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        assert isinstance(dom, Atom)
        assert isinstance(cod, Atom)
        return tuple(Case((), TRUE, self._arrow_point(f)) for f in self.tables.hom(dom.number, cod.number))

    def arrows(self) -> Iterator[ArrowCase]:
        for f in range(self.tables.arrow_count):
            yield ArrowCase((), TRUE, self.arrow_at(f))

    def pairs(self) -> Iterator[PairCase]:
        for f in range(self.tables.arrow_count):
            for g in range(self.tables.arrow_count):
                if self.tables.target(f) == self.tables.source(g):
                    yield PairCase((), TRUE, self.arrow_at(f), self.arrow_at(g))

    def identity(self, at: Point) -> Point:
        assert isinstance(at, Atom)
        return self._arrow_point(at.number)

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        assert isinstance(first.point, Atom)
        assert isinstance(second.point, Atom)
        return self._arrow_point(self.tables.compose(first.point.number, second.point.number))

    def object_at(self, x: int) -> Atom:
        """An object by its number."""
        return Atom(x, self.tables.objects[x])

    def arrow_at(self, f: int) -> ArrowOf:
        """An arrow by its number."""
        dom, cod = self.object_at(self.tables.source(f)), self.object_at(self.tables.target(f))
        return ArrowOf(self, dom, cod, self._arrow_point(f))

    def _arrow_point(self, f: int) -> Atom:
        return Atom(f, str(self.tables.arrow_labels[f]))


@dataclass(frozen=True, slots=True)
class Elements(Category):
    """The category of elements of T: pairs (X, t) with t in T(X).

    For a presheaf the arrows (X, s) -> (Y, t) are the f: X -> Y with T(f)(t) = s, for a copresheaf those with
    T(f)(s) = t. So an arrow is an f with the element that T(f) is applied to; the other end is computed.
    """

    functor: SetFunctor

    @property
    def name(self) -> str:
        return f"elements({self.functor.name})"

    def objects(self, name: str = "x") -> Cases:
        result = []
        for x in self.functor.category.objects(f"{name}.1"):
            for t in self.functor.fibre(x.point, f"{name}.2"):
                condition = conjunction([x.condition, t.condition])
                result.append(Case((*x.variables, *t.variables), condition, Tuple((x.point, t.point))))
        return tuple(result)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        (x, s), (y, t) = _pair(dom), _pair(cod)
        result = []
        for case in self.functor.category.hom(x, y, name):
            arrow = ArrowOf(self.functor.category, x, y, case.point)
            near, far = (t, s) if self.functor.contravariant else (s, t)
            lies_over = equal(self.functor.act(arrow, near), far)
            result.append(Case(case.variables, conjunction([case.condition, lies_over]), case.point))
        return tuple(result)

    def arrows(self) -> Iterator[ArrowCase]:
        for case in self.functor.category.arrows():
            end = case.arrow.cod if self.functor.contravariant else case.arrow.dom
            for t in self.functor.fibre(end, "t"):
                condition = conjunction([case.condition, t.condition])
                yield ArrowCase((*case.variables, *t.variables), condition, self._over(case.arrow, t.point))

    def pairs(self) -> Iterator[PairCase]:
        for case in self.functor.category.pairs():
            f, g = case.first, case.second
            end = g.cod if self.functor.contravariant else f.dom
            for t in self.functor.fibre(end, "t"):
                moved = self.functor.act(g if self.functor.contravariant else f, t.point)
                first, second = (moved, t.point) if self.functor.contravariant else (t.point, moved)
                yield PairCase(
                    (*case.variables, *t.variables),
                    conjunction([case.condition, t.condition]),
                    self._over(f, first),
                    self._over(g, second),
                )

    def identity(self, at: Point) -> Point:
        return self.functor.category.identity(_pair(at)[0])

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        return self.functor.category.compose(self.below(first), self.below(second))

    def below(self, arrow: ArrowOf) -> ArrowOf:
        """The arrow of the base category."""
        return ArrowOf(self.functor.category, _pair(arrow.dom)[0], _pair(arrow.cod)[0], arrow.point)

    def _over(self, arrow: ArrowOf, element: Point) -> ArrowOf:
        moved = self.functor.act(arrow, element)
        first, second = (moved, element) if self.functor.contravariant else (element, moved)
        return ArrowOf(self, Tuple((arrow.dom, first)), Tuple((arrow.cod, second)), arrow.point)


@dataclass(frozen=True, slots=True)
class Comma(Category):
    """F ↓ G for F: A -> E and G: B -> E: triples (a, b, h: F(a) -> G(b)).

    The arrows (a, b, h) -> (a', b', h') are the pairs (u: a -> a', v: b -> b') with F(u) >> h' = h >> G(v).
    """

    left: Functor
    right: Functor
    spelling: str = ""

    @property
    def name(self) -> str:
        return self.spelling or f"comma({self.left.name}, {self.right.name})"

    def objects(self, name: str = "x") -> Cases:
        result = []
        for a in self.left.dom.objects(f"{name}.1"):
            for b in self.right.dom.objects(f"{name}.2"):
                for h in self.left.cod.hom(self.left.on_object(a.point), self.right.on_object(b.point), f"{name}.3"):
                    condition = conjunction([a.condition, b.condition, h.condition])
                    variables = (*a.variables, *b.variables, *h.variables)
                    result.append(Case(variables, condition, Tuple((a.point, b.point, h.point))))
        return tuple(result)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        (a, b, _), (c, d, _) = _triple(dom), _triple(cod)
        result = []
        for u in self.left.dom.hom(a, c, f"{name}.1"):
            for v in self.right.dom.hom(b, d, f"{name}.2"):
                arrow = ArrowOf(self, dom, cod, Tuple((u.point, v.point)))
                condition = conjunction([u.condition, v.condition, self._commutes(arrow)])
                result.append(Case((*u.variables, *v.variables), condition, arrow.point))
        return tuple(result)

    def arrows(self) -> Iterator[ArrowCase]:
        yield from arrows_between_objects(self)

    def pairs(self) -> Iterator[PairCase]:
        yield from pairs_through_objects(self)

    def identity(self, at: Point) -> Point:
        a, b, _ = _triple(at)
        return Tuple((self.left.dom.identity(a), self.right.dom.identity(b)))

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        one, two = self.sides(first), self.sides(second)
        return Tuple((self.left.dom.compose(one[0], two[0]), self.right.dom.compose(one[1], two[1])))

    def sides(self, arrow: ArrowOf) -> tuple[ArrowOf, ArrowOf]:
        """u: a -> a' and v: b -> b'."""
        (a, b, _), (c, d, _), (u, v) = _triple(arrow.dom), _triple(arrow.cod), _pair(arrow.point)
        return ArrowOf(self.left.dom, a, c, u), ArrowOf(self.right.dom, b, d, v)

    def _commutes(self, arrow: ArrowOf) -> Formula:
        base = self.left.cod
        u, v = self.sides(arrow)
        over, under = self.left.on_arrow(u), self.right.on_arrow(v)
        start = ArrowOf(base, over.dom, under.dom, _triple(arrow.dom)[2])
        end = ArrowOf(base, over.cod, under.cod, _triple(arrow.cod)[2])
        return equal(base.compose(over, end), base.compose(start, under))


@dataclass(frozen=True, slots=True)
class Karoubi(Category):
    """The Karoubi envelope of C: idempotents (X, e: X -> X); the arrows (X, e) -> (Y, d) are the f: X -> Y with
    e >> f = f = f >> d, and e is the identity of (X, e). The objects of C are among them, as their identities.

    Normal forms: any e: X -> X that is no idempotent can be taken for id(X), any f: X -> Y for e >> f >> d.

    Source: Borceux, Handbook of Categorical Algebra 1, 6.5.
    """

    of: Category

    @property
    def name(self) -> str:
        return f"karoubi({self.of.name})"

    def objects(self, name: str = "x") -> Cases:
        result = []
        for x in self.of.objects(f"{name}.1"):
            for e in self.of.hom(x.point, x.point, f"{name}.2"):
                arrow = ArrowOf(self.of, x.point, x.point, e.point)
                idempotent = equal(self.of.compose(arrow, arrow), e.point)
                condition = conjunction([x.condition, e.condition, idempotent])
                result.append(Case((*x.variables, *e.variables), condition, Tuple((x.point, e.point))))
        return tuple(result)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        before, after = self.idempotent(dom), self.idempotent(cod)
        result = []
        for case in self.of.hom(before.dom, after.dom, name):
            f = ArrowOf(self.of, before.dom, after.dom, case.point)
            condition = conjunction(
                [case.condition, self._is_fixed(before, before, f), self._is_fixed(after, f, after)]
            )
            result.append(Case(case.variables, condition, case.point))
        return tuple(result)

    def arrows(self) -> Iterator[ArrowCase]:
        yield from arrows_between_objects(self)

    def pairs(self) -> Iterator[PairCase]:
        yield from pairs_through_objects(self)

    def identity(self, at: Point) -> Point:
        return _pair(at)[1]

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        return self.of.compose(self.below(first), self.below(second))

    @property
    def has_normal_forms(self) -> bool:
        return self.of.has_normal_forms

    def idempotent(self, at: Point) -> ArrowOf:
        """e: X -> X."""
        x, e = _pair(at)
        return ArrowOf(self.of, x, x, e)

    def below(self, arrow: ArrowOf) -> ArrowOf:
        """The arrow of C."""
        return ArrowOf(self.of, _pair(arrow.dom)[0], _pair(arrow.cod)[0], arrow.point)

    def object_of(self, value: ObjectOf) -> ObjectOf:
        """An object of C as one of the envelope."""
        return ObjectOf(self, Tuple((value.point, self.of.identity(value.point))))

    def arrow_of(self, value: ArrowOf) -> ArrowOf:
        """An arrow of C as one of the envelope."""
        dom, cod = (self.object_of(ObjectOf(self.of, end)).point for end in (value.dom, value.cod))
        return ArrowOf(self, dom, cod, value.point)

    def _is_fixed(self, idempotent: ArrowOf, first: ArrowOf, second: ArrowOf) -> Formula:
        """Composing with the idempotent, which is one of the two, changes nothing; an identity never does."""
        if idempotent.point == self.of.identity(idempotent.dom):
            return TRUE
        other = second if first is idempotent else first
        return equal(self.of.compose(first, second), other.point)


@dataclass(frozen=True, slots=True)
class Subcategory(Category):
    """The full subcategory of C on some objects.

    Args:
        of: C.
        chosen: the objects.
        shown: how reports call them.
    """

    of: Category
    chosen: tuple[Point, ...]
    shown: tuple[str, ...] = field(compare=False)

    @property
    def name(self) -> str:
        return f"subcategory({', '.join((self.of.name, *self.shown))})"

    def objects(self, name: str = "x") -> Cases:
        result = []
        for case in self.of.objects(name):
            condition = conjunction([case.condition, disjunction([equal(case.point, x) for x in self.chosen])])
            if condition != FALSE:
                result.append(Case(case.variables, condition, case.point))
        return tuple(result)

    def hom(self, dom: Point, cod: Point, name: str = "f") -> Cases:
        return self.of.hom(dom, cod, name)

    def arrows(self) -> Iterator[ArrowCase]:
        yield from arrows_between_objects(self)

    def pairs(self) -> Iterator[PairCase]:
        yield from pairs_through_objects(self)

    def identity(self, at: Point) -> Point:
        return self.of.identity(at)

    def compose(self, first: ArrowOf, second: ArrowOf) -> Point:
        return self.of.compose(self.below(first), self.below(second))

    def below(self, arrow: ArrowOf) -> ArrowOf:
        """The arrow of C."""
        return ArrowOf(self.of, arrow.dom, arrow.cod, arrow.point)


def arrows_between_objects(category: Category) -> Iterator[ArrowCase]:
    """All arrows: the ends first, then what goes from one to the other."""
    for x in category.objects("x"):
        for y in category.objects("y"):
            for f in category.hom(x.point, y.point):
                condition = conjunction([x.condition, y.condition, f.condition])
                variables = (*x.variables, *y.variables, *f.variables)
                yield ArrowCase(variables, condition, ArrowOf(category, x.point, y.point, f.point))


def pairs_through_objects(category: Category) -> Iterator[PairCase]:
    """All pairs of arrows that can be composed: an arrow, the end of another, and what goes there."""
    for one in category.arrows():
        for z in category.objects("z"):
            for g in category.hom(one.arrow.cod, z.point, "g"):
                yield PairCase(
                    (*one.variables, *z.variables, *g.variables),
                    conjunction([one.condition, z.condition, g.condition]),
                    one.arrow,
                    ArrowOf(category, one.arrow.cod, z.point, g.point),
                )


def opposite(category: Category) -> Category:
    """The opposite category; twice, the category itself."""
    return category.of if isinstance(category, Opposite) else Opposite(category)


def turned_arrow(arrow: ArrowOf) -> ArrowOf:
    """An arrow as one of the opposite category."""
    return ArrowOf(opposite(arrow.category), arrow.cod, arrow.dom, arrow.point)


def product_of_cases(left: Cases, right: Cases) -> Cases:
    """Pairs of points."""
    return tuple(
        Case((*p.variables, *q.variables), conjunction([p.condition, q.condition]), Tuple((p.point, q.point)))
        for p in left
        for q in right
    )


def sum_of_cases(left: Cases, right: Cases) -> Cases:
    """Points of the one or of the other."""
    return tuple(Case(c.variables, c.condition, In(i, c.point)) for i, cases in enumerate((left, right)) for c in cases)


def _pair(point: Point) -> tuple[Point, Point]:
    assert isinstance(point, Tuple)
    first, second = point.parts
    return first, second


def _triple(point: Point) -> tuple[Point, Point, Point]:
    assert isinstance(point, Tuple)
    first, second, third = point.parts
    return first, second, third
