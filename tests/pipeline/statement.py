"""Random claims as text: every predicate of the prelude, applied to what is declared or bound, under connectives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import assume
from hypothesis import strategies as st

from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.logic import formula as L  # noqa: N812
from tests import exhaustive
from tests.pipeline import printed
from tests.strategies import categories, functors, set_functors

SHAPES = ("terminal", "products", "equalizers", "pullbacks", "limits")
COSHAPES = ("initial", "coproducts", "coequalizers", "pushouts", "colimits")


@dataclass(frozen=True)
class World:
    """What a script declares: C and D, F and G between them, S and T on C, phi: S => T (some may be missing)."""

    C: Category
    D: Category
    F: Functor
    G: Functor | None
    S: SetFunctor
    T: SetFunctor
    phi: Transformation | None

    def declarations(self) -> list[str]:
        """As a script says it."""
        texts = [printed.category_text("C", self.C), printed.category_text("D", self.D)]
        texts.append(printed.functor_text("F", self.F, "C", "D"))
        if self.G is not None:
            texts.append(printed.functor_text("G", self.G, "D", "C"))
        texts += [printed.set_functor_text(name, t, "C") for name, t in (("S", self.S), ("T", self.T))]
        if self.phi is not None:
            texts.append(printed.transformation_text("phi", self.phi, "S", "T"))
        return texts


@st.composite
def worlds(draw: st.DrawFn, most_arrows: int = 5) -> World:
    """Two categories of at most five arrows and what lives on them."""
    C, D = draw(categories()), draw(categories(most_objects=2))  # noqa: N806
    assume(C.arrow_count <= most_arrows and D.arrow_count <= most_arrows and C.object_count and D.object_count)
    D = renamed(D)  # noqa: N806
    contravariant = draw(st.booleans())
    S, T = draw(set_functors(C, contravariant, "S")), draw(set_functors(C, contravariant, "T"))  # noqa: N806
    backwards = exhaustive.values(L.Functors(D, C), {})
    natural = exhaustive.values(L.Transformations(S, T), {})
    return World(
        C,
        D,
        draw(functors(C, D)),
        Functor("G", D, C, *draw(st.sampled_from(backwards))) if backwards else None,
        S,
        T,
        Transformation("phi", S, T, draw(st.sampled_from(natural))) if natural else None,
    )


def renamed(category: Category) -> Category:
    """The same category, its objects and generators called y0, y1, … and h0, h1, …."""
    objects = tuple(f"y{x}" for x in range(category.object_count))
    generators = tuple(replace(g, name=f"h{index}") for index, g in enumerate(category.generators))
    return replace(category, name="D", objects=objects, generators=generators)


@dataclass(frozen=True)
class Scope:
    """Names that a formula may use: objects and arrows of C (with their ends), elements of T (with their object).

    Args:
        bound: the elements that are variables; a label by itself does not say whose element it is.
    """

    world: World
    objects: tuple[str, ...]
    arrows: tuple[tuple[str, str, str], ...]
    elements: tuple[tuple[str, str], ...]
    depth: int = 0
    bound: tuple[str, ...] = field(default=())

    def fresh(self, letter: str) -> str:
        """A name that is not in use."""
        return f"{letter}{self.depth}_"


def scope_of(world: World) -> Scope:
    """What is declared."""
    C, T = world.C, world.T  # noqa: N806
    arrows = [(f"({printed.path(C, f)})", C.objects[C.source(f)], C.objects[C.target(f)]) for f in range(C.arrow_count)]
    elements = [(label, C.objects[x]) for x, fibre in enumerate(T.elements) for label in fibre]
    return Scope(world, C.objects, tuple(arrows), tuple(elements))


@st.composite
def statements(draw: st.DrawFn, scope: Scope, size: int = 2) -> str:
    """A formula about the scope."""
    if size == 0 or draw(st.integers(0, 3)) == 0:
        return draw(atoms(scope))
    below = statements(scope, size - 1)
    match draw(st.sampled_from(["not", "and", "or", "implies", "iff", *["quantified"] * 5])):
        case "not":
            return f"not ({draw(below)})"
        case "quantified":
            return draw(quantified(scope, size))
        case operator:
            return f"({draw(below)}) {operator} ({draw(below)})"


@st.composite
def quantified(draw: st.DrawFn, scope: Scope, size: int) -> str:
    """A quantifier over objects, arrows or elements."""
    word = draw(st.sampled_from(["forall", "exists", "exists!"]))
    inner = replace(scope, depth=scope.depth + 1)
    match draw(st.sampled_from(["object", "arrow", "element"])):
        case "arrow":
            name, x, y = scope.fresh("f"), draw(st.sampled_from(scope.objects)), draw(st.sampled_from(scope.objects))
            binder = f"{name}: {x} -> {y}"
            inner = replace(inner, arrows=((name, x, y), *scope.arrows))
        case "element":
            name, x = scope.fresh("t"), draw(st.sampled_from(scope.objects))
            binder = f"{name} in T({x})"
            inner = replace(inner, elements=((name, x), *scope.elements), bound=(name, *scope.bound))
        case _:
            name = scope.fresh("X")
            binder = f"{name} in C"
            inner = replace(inner, objects=(name, *scope.objects))
    return f"{word} {binder}. {draw(statements(inner, size - 1))}"


@st.composite
def atoms(draw: st.DrawFn, scope: Scope) -> str:
    """A predicate applied, or an equation."""
    kinds = [about_arrows, about_objects, about_diagrams, about_elements, about_categories, about_functors, about_sets]
    return draw(draw(st.sampled_from(kinds))(scope))


@st.composite
def about_arrows(draw: st.DrawFn, scope: Scope) -> str:
    f, x, y = draw(st.sampled_from(scope.arrows))
    words = ["mono", "epi", "iso", "split_mono", "split_epi", *(["idempotent"] if x == y else [])]
    parallel = [g for g, a, b in scope.arrows if (a, b) == (x, y)]
    squares = [f"{g} >> {h}" for g, a, b in scope.arrows for h, c, d in scope.arrows if (a, d) == (x, y) and b == c]
    equations = [f"{f} = {g}" for g in parallel] + [f"{f} != {g}" for g in squares]
    return draw(st.sampled_from([*(f"{word}({f})" for word in words), *equations]))


@st.composite
def about_objects(draw: st.DrawFn, scope: Scope) -> str:
    x, y = draw(st.sampled_from(scope.objects)), draw(st.sampled_from(scope.objects))
    texts = f"terminal({x})", f"initial({x})", f"isomorphic({x}, {y})", f"retract({x}, of: {y})", f"{x} = {y}"
    return draw(st.sampled_from([*texts, f"equinumerous(T({x}), T({y}))", f"equinumerous(hom({x}, {y}), S({x}))"]))


@st.composite
def about_diagrams(draw: st.DrawFn, scope: Scope) -> str:
    """Limits and colimits of diagrams that fit together."""
    arrows = scope.arrows
    p, x, y = draw(st.sampled_from(arrows))
    spans = [q for q, a, _ in arrows if a == x]
    cospans = [q for q, _, b in arrows if b == y]
    texts = [f"product({p}, {q})" for q in spans] + [f"coproduct({p}, {q})" for q in cospans]
    pairs = [(f, g) for f, a, b in arrows for g, c, d in arrows if (a, b) == (c, d)]
    ends = {f: (a, b) for f, a, b in arrows}
    texts += [f"equalizer({p}, {f}, {g})" for f, g in pairs if ends[f][0] == y]
    texts += [f"coequalizer({p}, {f}, {g})" for f, g in pairs if ends[f][1] == x]
    for q in spans:
        for f, a, b in arrows:
            texts += [f"pullback({p}, {q}, {f}, {g})" for g, c, d in arrows if a == y and c == ends[q][1] and b == d]
    for q in cospans:
        for f, a, b in arrows:
            texts += [f"pushout({p}, {q}, {f}, {g})" for g, c, d in arrows if b == x and d == ends[q][0] and a == c]
    return draw(st.sampled_from(texts))


@st.composite
def about_elements(draw: st.DrawFn, scope: Scope) -> str:
    if not scope.elements:
        return draw(about_arrows(scope))
    t, x = draw(st.sampled_from(scope.elements))
    contravariant = scope.world.T.contravariant
    texts = [f"{t} = {u}" for u, y in scope.elements if x == y and t in scope.bound]
    for f, a, b in scope.arrows:
        if (b if contravariant else a) == x:
            there = a if contravariant else b
            texts += [f"T({f})({t}) = {u}" for u, y in scope.elements if y == there]
    word = "representable" if contravariant else "corepresentable"
    texts.append(f"{word}(T, by: {x}, at: {t})")
    return draw(st.sampled_from(texts))


@st.composite
def about_categories(draw: st.DrawFn, scope: Scope) -> str:
    texts = [f"{word}({c})" for word in ("thin", "groupoid", "connected", "skeletal", "finite") for c in "CD"]
    texts += [f"{word}({c}, {d})" for word in ("isomorphic", "equivalent") for c in "CD" for d in "CD"]
    texts += [f"has({c}, {shape})" for c in "CD" for shape in SHAPES + COSHAPES]
    return draw(st.sampled_from(texts))


@st.composite
def about_functors(draw: st.DrawFn, scope: Scope) -> str:
    words = "full", "faithful", "fully_faithful", "essentially_surjective", "equivalence"
    texts = [f"{word}(F)" for word in (*words, "has_left_adjoint", "has_right_adjoint")]
    texts += [f"preserves(F, {shape})" for shape in SHAPES + COSHAPES]
    texts += ["isomorphic(F, F)"]
    if scope.world.G is not None:
        texts += ["adjoint(F, G)", "adjoint(G, F)", "isomorphic(F >> G, id(C))", "full(F >> G)", "equivalence(G >> F)"]
    return draw(st.sampled_from(texts))


@st.composite
def about_sets(draw: st.DrawFn, scope: Scope) -> str:
    word = "representable" if scope.world.T.contravariant else "corepresentable"
    n = draw(st.integers(0, 4))
    texts = [f"{word}({t})" for t in "ST"] + [f"{word}({t}, by: {x})" for t in "ST" for x in scope.objects]
    texts += [f"representables({t}, count: {n})" for t in "ST"] + [f"prompts({t}, count: {n})" for t in "ST"]
    texts += [f"prompt_number({t}, is: {n})" for t in "ST"] + ["isomorphic(S, T)", "isomorphic(S + T, T + S)"]
    texts += ["exists theta: S => T. iso(theta)", "forall theta: S => T. natural(theta)"]
    texts += ["exists! theta: S => T. true"]
    if scope.world.phi is not None:
        texts += ["iso(phi)", "natural(phi)"]
    return draw(st.sampled_from(texts))
