"""Hypothesis strategies: small categories, functors, set-valued functors, transformations, closed formulas over them.

Everything is small enough for ``tests.exhaustive``: at most six arrows, at most five elements.
"""

# ruff: noqa: N806, N812 (categories are called C and D)

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

from hypothesis import assume
from hypothesis import strategies as st

from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.logic import formula as L
from tests import exhaustive

MOST_ARROWS = 6
MOST_ELEMENTS = 5

Map = tuple[int, int, tuple[int, ...]]
"""A function between two of the sets that are the objects of a concrete category: (dom, cod, images)."""


def concrete_category(sizes: tuple[int, ...], maps: list[Map]) -> Category:
    """The category that some functions between finite sets generate; every finite category is one of these."""
    arrows: list[Map] = [(x, x, tuple(range(size))) for x, size in enumerate(sizes)]
    number = {arrow: index for index, arrow in enumerate(arrows)}
    for f in arrows:  # grows while it is read
        for g in maps:
            if f[1] == g[0]:
                composite = _after(f, g)
                if composite not in number:
                    number[composite] = len(arrows)
                    arrows.append(composite)
    category, _ = build_category(
        "C",
        tuple(f"x{x}" for x in range(len(sizes))),
        [(dom, cod) for dom, cod, _ in arrows],
        lambda f, g: number[_after(arrows[f], arrows[g])],
        range(len(sizes)),
        [(f"g{index}", number[g]) for index, g in enumerate(maps)],
    )
    return category


def _after(f: Map, g: Map) -> Map:
    return f[0], g[1], tuple(g[2][value] for value in f[2])


@st.composite
def categories(draw: st.DrawFn, most_objects: int = 3) -> Category:
    """Categories with at most six arrows: discrete, thin, monoids, groups and mixtures; sometimes empty."""
    sizes = tuple(draw(st.lists(st.integers(1, 3), max_size=most_objects)))
    maps: list[Map] = []
    for _ in range(draw(st.integers(0, 3)) if sizes else 0):
        dom, cod = draw(st.integers(0, len(sizes) - 1)), draw(st.integers(0, len(sizes) - 1))
        images = draw(st.tuples(*[st.integers(0, sizes[cod] - 1)] * sizes[dom]))
        maps.append((dom, cod, images))
    while True:
        category = concrete_category(sizes, maps)
        if category.arrow_count <= MOST_ARROWS:
            return category
        maps.pop()


@st.composite
def set_functors(draw: st.DrawFn, category: Category, contravariant: bool, name: str = "T") -> SetFunctor:
    """Quotients of coproducts of representables (every finite set-valued functor is one), at most five elements."""
    end, other = (category.target, category.source) if contravariant else (category.source, category.target)
    objects = st.integers(0, category.object_count - 1)
    roots = draw(st.lists(objects, max_size=3)) if category.object_count else []
    # An element is a root followed (preceded) by an arrow.
    free = [(r, f) for r, p in enumerate(roots) for f in range(category.arrow_count) if end(f) == p]
    place = {element: index for index, element in enumerate(free)}
    leader = list(range(len(free)))

    def act(g: int, element: int) -> int:
        r, f = free[element]
        return place[r, category.compose(g, f) if contravariant else category.compose(f, g)]

    def acting(element: int) -> list[int]:
        x = other(free[element][1])
        return [f for f in range(category.arrow_count) if end(f) == x]

    pairs = draw(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3)) if free else []
    for one, two in pairs:
        s, candidates = (
            one % len(free),
            [t for t in range(len(free)) if other(free[t][1]) == other(free[one % len(free)][1])],
        )
        t = candidates[two % len(candidates)]
        for g in acting(s):
            old, new = leader[act(g, s)], leader[act(g, t)]
            leader = [new if value == old else value for value in leader]
    # Merging along all arrows at once keeps the classes a congruence only after closure.
    changed = True
    while changed:
        changed = False
        for s in range(len(free)):
            for g in acting(s):
                old, new = leader[act(g, s)], leader[act(g, leader[s])]
                if old != new:
                    leader = [new if value == old else value for value in leader]
                    changed = True
    fibres = [
        sorted({leader[s] for s in range(len(free)) if other(free[s][1]) == x}) for x in range(category.object_count)
    ]
    assume(len(set(leader)) <= MOST_ELEMENTS)
    action = []
    for g in category.generators:
        source, target = (g.cod, g.dom) if contravariant else (g.dom, g.cod)
        action.append(tuple(fibres[target].index(leader[act(g.arrow, s)]) for s in fibres[source]))
    labels = tuple(tuple(f"t{s}" for s in fibre) for fibre in fibres)
    return SetFunctor(name, category, contravariant, labels, tuple(action))


def hom_functor(category: Category, p: int, contravariant: bool) -> SetFunctor:
    """Hom(-, P) or Hom(P, -)."""
    fibres = [category.hom(x, p) if contravariant else category.hom(p, x) for x in range(category.object_count)]
    action = []
    for g in category.generators:
        source, target = (g.cod, g.dom) if contravariant else (g.dom, g.cod)
        composed = (
            category.compose(g.arrow, f) if contravariant else category.compose(f, g.arrow) for f in fibres[source]
        )
        action.append(tuple(fibres[target].index(f) for f in composed))
    labels = category.arrow_labels
    return SetFunctor(
        f"Hom({category.objects[p]})",
        category,
        contravariant,
        tuple(tuple(labels[f] for f in fibre) for fibre in fibres),
        tuple(action),
        tuple(f for fibre in fibres for f in fibre),
    )


@st.composite
def functors(draw: st.DrawFn, dom: Category, cod: Category, name: str = "F") -> Functor:
    """Any functor between two small categories; rejects the example when there is none."""
    found = exhaustive.values(L.Functors(dom, cod), {})
    assume(found)
    objects, generators = draw(st.sampled_from(found))
    return Functor(name, dom, cod, objects, generators)


@st.composite
def transformations(draw: st.DrawFn, dom: SetFunctor, cod: SetFunctor, name: str = "phi") -> Transformation:
    """Any natural transformation; rejects the example when there is none."""
    found = exhaustive.values(L.Transformations(dom, cod), {})
    assume(found)
    return Transformation(name, dom, cod, draw(st.sampled_from(found)))


# --- closed formulas ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
    """What a formula may speak of.

    Args:
        objects: pairs (category, term); arrows: (category, dom, cod, term); elements: (functor, at, term).
        maps: transformations between set-valued functors, declared or bound; families: bound ones between functors.
        applicable: functors, declared or bound, with their ends.
    """

    categories: tuple[Category, ...]
    set_functors: tuple[SetFunctor, ...]
    functors: tuple[Functor, ...]
    objects: tuple[tuple[Category, L.Term], ...] = ()
    arrows: tuple[tuple[Category, L.Term, L.Term, L.Term], ...] = ()
    elements: tuple[tuple[SetFunctor, L.Term, L.Term], ...] = ()
    maps: tuple[tuple[SetFunctor, SetFunctor, Transformation | L.Variable], ...] = ()
    families: tuple[tuple[L.FunctorTerm, L.FunctorTerm, L.Variable], ...] = ()
    applicable: tuple[tuple[Category, Category, L.FunctorTerm], ...] = ()
    second_order: bool = field(default=True)

    def grown(self) -> Scope:
        """The scope with one more layer of terms."""
        objects = [*self.objects]
        arrows = [*self.arrows]
        elements = [*self.elements]
        for C, dom, cod, f in self.arrows:
            objects += [(C, L.Dom(f)), (C, L.Cod(f))]
            arrows += [(C, dom, d, L.Composite(C, f, g)) for D, c, d, g in self.arrows if D is C and c == cod]
        arrows += [(C, x, x, L.Identity(C, x)) for C, x in self.objects]
        for C, D, F in self.applicable:
            objects += [(D, L.ObjectImage(F, x)) for B, x in self.objects if B is C]
            arrows += [
                (D, L.ObjectImage(F, x), L.ObjectImage(F, y), L.ArrowImage(F, f))
                for B, x, y, f in self.arrows
                if B is C
            ]
        for F, G, phi in self.families:
            dom, cod = _ends(F)
            for B, x in self.objects:
                if B is dom:
                    arrows.append((cod, L.ObjectImage(F, x), L.ObjectImage(G, x), L.Component(phi, x)))
        for T, at, t in self.elements:
            for C, x, y, f in self.arrows:
                if C is T.category and (y if T.contravariant else x) == at:
                    elements.append((T, x if T.contravariant else y, L.Action(T, f, t)))
            elements += [(cod, at, L.Apply(phi, t)) for dom, cod, phi in self.maps if dom is T]
            if T.arrows is not None:
                p = L.ObjectConstant(T.category, _home(T))
                dom, cod = (at, p) if T.contravariant else (p, at)
                arrows.append((T.category, dom, cod, L.ArrowOfElement(T, t)))
        for T in self.set_functors:
            if T.arrows is not None:
                for C, x, y, f in self.arrows:
                    if C is T.category and (y if T.contravariant else x) == L.ObjectConstant(C, _home(T)):
                        elements.append((T, x if T.contravariant else y, L.ElementOfArrow(T, f)))
        return replace(self, objects=tuple(objects), arrows=tuple(arrows), elements=tuple(elements))


def _ends(functor: L.FunctorTerm) -> tuple[Category, Category]:
    match functor:
        case Functor():
            return functor.dom, functor.cod
        case L.Variable(range=L.Functors(dom, cod)):
            return dom, cod
        case L.FunctorComposite(first, second):
            return _ends(first)[0], _ends(second)[1]
    raise TypeError(functor)


def _home(functor: SetFunctor) -> int:
    """P, for Hom(-, P) or Hom(P, -)."""
    category = functor.category
    return next(x for x in range(category.object_count) if x in functor.of_arrow)


@st.composite
def scopes(draw: st.DrawFn, second_order: bool = True) -> Scope:
    """One or two categories, set-valued functors on the first, functors and transformations between them."""
    C = draw(categories())
    contravariant = draw(st.booleans())
    S, T = draw(set_functors(C, contravariant, "S")), draw(set_functors(C, contravariant, "T"))
    set_valued = [S, T]
    if C.object_count:
        set_valued.append(hom_functor(C, draw(st.integers(0, C.object_count - 1)), contravariant))
    D = draw(st.one_of(st.just(C), categories(most_objects=2)))
    found = exhaustive.values(L.Functors(C, D), {})
    declared = [Functor("F", C, D, *draw(st.sampled_from(found)))] if found else []
    natural = exhaustive.values(L.Transformations(S, T), {})
    maps = [(S, T, Transformation("phi", S, T, draw(st.sampled_from(natural))))] if natural else []
    both = (C,) if D is C else (C, D)
    return Scope(
        both,
        tuple(set_valued),
        tuple(declared),
        objects=tuple((B, L.ObjectConstant(B, 0)) for B in both if B.object_count),
        arrows=tuple(
            (B, L.ObjectConstant(B, B.source(f)), L.ObjectConstant(B, B.target(f)), L.ArrowConstant(B, f))
            for B in both
            for f in range(B.object_count, B.arrow_count)
        )[:2],
        elements=tuple((T, L.ObjectConstant(C, T.base[t]), L.ElementConstant(T, t)) for t in range(min(T.size, 1))),
        maps=tuple(maps),
        applicable=tuple((F.dom, F.cod, F) for F in declared),
        second_order=second_order,
    )


@st.composite
def formulas(draw: st.DrawFn, scope: Scope, depth: int = 3) -> L.Formula:
    """Closed formulas, when the scope has no bound variables."""
    if depth == 0 or draw(st.integers(0, 9)) == 0:
        return draw(_atoms(scope))
    below = formulas(scope, depth - 1)
    match draw(st.sampled_from(["quantified"] * 5 + ["not", "and", "or", "implies", "iff", "instances", "named"])):
        case "not":
            return L.Not(draw(below))
        case "and":
            return L.And(tuple(draw(st.lists(below, max_size=3))))
        case "or":
            return L.Or(tuple(draw(st.lists(below, max_size=3))))
        case "implies":
            return L.Implies(draw(below), draw(below))
        case "iff":
            return L.Iff(draw(below), draw(below))
        case "instances":
            parts = tuple(draw(st.lists(below, max_size=3)))
            labels = tuple(f"v{index}" for index in range(len(parts)))
            return L.Instances(draw(st.sampled_from(L.Quantifier)), "v", labels, parts)
        case "named":
            return L.Named("word", "word(x)", (), draw(below))
        case _:
            variable = L.Variable(f"v{depth}", draw(_ranges(scope)))
            body = draw(formulas(_bind(scope, variable), depth - 1))
            return L.Quantified(draw(st.sampled_from(L.Quantifier)), variable, body)


def _bind(scope: Scope, v: L.Variable) -> Scope:
    match v.range:
        case L.Objects(C):
            return replace(scope, objects=((C, v), *scope.objects))
        case L.Arrows(C, dom, cod):
            return replace(scope, arrows=((C, dom or L.Dom(v), cod or L.Cod(v), v), *scope.arrows))
        case L.Elements(T, at):
            return replace(scope, elements=((T, at, v), *scope.elements))
        case L.Transformations(S, T):
            return replace(scope, maps=((S, T, v), *scope.maps))
        case L.Functors(C, D):
            more = [(C, E, L.FunctorComposite(v, F)) for B, E, F in scope.applicable if B is D]
            more += [(B, D, L.FunctorComposite(F, v)) for B, E, F in scope.applicable if E is C]
            return replace(scope, applicable=((C, D, v), *more, *scope.applicable))
        case L.FunctorTransformations(F, G):
            return replace(scope, families=((F, G, v), *scope.families))
    raise TypeError(v)


def _ranges(scope: Scope) -> st.SearchStrategy[L.Range]:
    category = st.sampled_from(scope.categories)
    choices: list[st.SearchStrategy[L.Range]] = [category.map(L.Objects), category.map(L.Arrows)]
    for C, x in scope.objects:
        choices += [st.just(L.Arrows(C, x)), st.just(L.Arrows(C, None, x))]
        choices += [st.just(L.Arrows(C, x, y)) for D, y in scope.objects if D is C]
        choices += [st.just(L.Elements(T, x)) for T in scope.set_functors if T.category is C]
    if scope.second_order:
        S, T, *_ = scope.set_functors
        choices += [st.just(L.Transformations(S, T)), st.just(L.Transformations(T, T))]
        choices.append(st.just(L.Functors(scope.categories[0], scope.categories[-1])))
        for C, D, F in scope.applicable:
            choices += [st.just(L.FunctorTransformations(F, G)) for B, E, G in scope.applicable if B is C and E is D]
    return st.one_of(choices)


def _atoms(scope: Scope) -> st.SearchStrategy[L.Formula]:
    grown = scope.grown()
    count = st.integers(0, 3)
    set_functor = st.sampled_from(scope.set_functors)
    choices: list[st.SearchStrategy[L.Formula]] = [
        st.booleans().map(L.Truth),
        st.builds(L.Covered, set_functor, count),
        st.builds(L.CoproductOfRepresentables, set_functor, count),
        st.builds(L.Isomorphic, set_functor, set_functor),
        st.sampled_from(scope.categories).map(L.Connected),
        st.sampled_from(scope.categories).map(L.Finite),
        st.builds(L.Isomorphic, st.sampled_from(scope.categories), st.sampled_from(scope.categories)),
        st.builds(L.Equivalent, st.sampled_from(scope.categories), st.sampled_from(scope.categories)),
    ]
    equations = []
    for kind in (grown.objects, grown.arrows, grown.elements):
        for one in kind:
            same = [other[-1] for other in kind if other[0] is one[0]]
            equations.append(st.sampled_from(same).map(partial(L.Equal, one[-1])))
    sets: list[L.SetTerm] = [L.FiniteSet(("a", "b"))]
    for C, x in grown.objects:
        sets += [L.Hom(C, x, y) for D, y in grown.objects if D is C]
        sets += [L.Fibre(T, x) for T in scope.set_functors if T.category is C]
    choices.append(st.builds(L.Equinumerous, st.sampled_from(sets), st.sampled_from(sets)))
    if grown.elements:
        choices.append(st.sampled_from(grown.elements).map(lambda element: L.Universal(element[0], element[2])))
    if equations:
        choices += [st.one_of(equations)] * 10
    return st.one_of(choices)


closed_formulas = scopes().flatmap(formulas)
first_order_formulas = scopes(second_order=False).flatmap(formulas)
