"""Structures, each built once: the same expression is the same category, functor or presheaf.

Two categories are the same only if they are the same object, so whatever is built here is remembered by what it was
built from. The workshop also knows what elaboration needs beside the data: members by name, the object that represents
``y(P)``, the other variance of a constant functor, the place of each equation.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from formal.bundle.choose import read_as
from formal.bundle.model import Bundle
from formal.bundle.read import read_bundle
from formal.bundle.reading import CategoryReading, Reading, task_presheaf
from formal.construct import functor as functors
from formal.construct import group, hom, order
from formal.construct import presheaf as presheaves
from formal.construct.colimit import Cones, cocones, colimit_of
from formal.construct.comma import arrow_category, comma_category
from formal.construct.elements import action_category, coslice_category, elements_category, slice_category
from formal.construct.extension import extension
from formal.construct.kan import lan, ran
from formal.construct.karoubi import karoubi
from formal.construct.maps import maps
from formal.construct.opposite import opposite, opposite_functor
from formal.construct.product import coproduct, product
from formal.construct.subcategory import Subcategory, subcategory
from formal.construct.yoneda import PresheafCategory, presheaf_category, yoneda_functor
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.presentation import InfiniteCategory, Presentation, Undecided
from formal.core.search import transformations
from formal.elaborate.restricted import RestrictedHom
from formal.elaborate.scope import Module, reject
from formal.elaborate.value import ArrowOf, FunctorOf, ObjectOf
from formal.logic import formula as logic
from formal.present import enumerate_category
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Bug, Code, Diagnostic, Label, Span

if TYPE_CHECKING:
    from formal.elaborate.expression import Elaborator

T = TypeVar("T")
MOST_ARROWS = 200_000
MOST_NODES = 1_000_000
LARGEST_EXPONENT = 10**9


class Workshop:
    """Builds structures, each once.

    Args:
        prelude: the module of the predicates that every script knows.
    """

    def __init__(self, prelude: Callable[[], Module]) -> None:
        self.prelude = prelude
        self.equations: dict[Category, tuple[Span, ...]] = {}
        self._built: dict[Hashable, object] = {}
        self._vertices: dict[SetFunctor, int] = {}
        self._turned: dict[SetFunctor, SetFunctor] = {}
        self.homs: dict[SetFunctor, RestrictedHom] = {}
        self._factors: dict[Functor, logic.FunctorTerm] = {}
        self._embeddings: dict[Category, tuple[PresheafCategory, Functor]] = {}
        self._readings: dict[Bundle, list[CategoryReading]] = {}
        self._infinite: dict[int, tuple[InfiniteCategory, Span]] = {}
        self._warnings: list[Diagnostic] = []
        self._asked: set[int] = set()
        self._used: set[int] = set()

    def once(self, build: Callable[[], T], *key: Hashable) -> T:
        """What ``build`` gives, built only the first time that the key is seen."""
        if key not in self._built:
            self._built[key] = build()
        return self._built[key]  # type: ignore[return-value]

    # --- names ------------------------------------------------------------------------------------

    def member(self, category: Category, name: str) -> ObjectOf | ArrowOf | None:
        """The object, generator or labelled arrow of a category that a name stands for."""
        objects, generators = self.once(lambda: _names(category), "names", category)
        if name in objects:
            return ObjectOf(category, logic.ObjectConstant(category, objects[name]))
        arrows = generators if name in generators else self.once(lambda: _labels(category), "labels", category)
        return self.arrow(category, arrows[name]) if name in arrows else None

    @staticmethod
    def arrow(category: Category, f: int) -> ArrowOf:
        """An arrow by its number."""
        dom = logic.ObjectConstant(category, category.source(f))
        cod = logic.ObjectConstant(category, category.target(f))
        return ArrowOf(category, logic.ArrowConstant(category, f), dom, cod)

    def predicate(self, elaborator: Elaborator, call: ast.Call, word: ast.Name) -> logic.Formula | None:
        """The unfolding of a predicate applied, or None when the word is no predicate."""
        from formal.elaborate.predicate import apply_predicate

        return apply_predicate(elaborator, call, word)

    def predicate_names(self, module: Module) -> Iterator[str]:
        """The predicates that a module knows."""
        from formal.elaborate.predicate import BUILTINS

        yield from BUILTINS
        yield from self.prelude().definitions
        yield from module.definitions

    # --- infinite categories ----------------------------------------------------------------------

    def declared_infinite(self, category: InfiniteCategory, span: Span) -> None:
        """Remember where an infinite category is declared."""
        self._infinite[id(category)] = category, span

    def asked_finite(self, category: InfiniteCategory) -> None:
        """Somebody asks whether the category is finite: then it may be infinite."""
        self._asked.add(id(category))

    def used_infinite(self, category: InfiniteCategory) -> None:
        """Somebody uses an infinite category otherwise."""
        self._used.add(id(category))

    def late_diagnostics(self) -> Iterator[Diagnostic]:
        """What is known only at the end of a script, each once.

        Infinite categories that are used, or of which nobody asks whether they are finite; what had to be added to a
        model's relation.
        """
        yield from self._warnings
        self._warnings.clear()
        from formal.elaborate.declaration import infinite

        for key, (category, span) in list(self._infinite.items()):
            if key not in self._asked or key in self._used:
                yield infinite(category, span)
            del self._infinite[key]

    # --- categories -------------------------------------------------------------------------------

    def opposite(self, category: Category) -> Category:
        """C^op; the opposite of the opposite is C itself."""

        def build() -> Category:
            result = opposite(category)
            self._built["op", result] = category
            return result

        return self.once(build, "op", category)

    def sized(self, name: str, size: int, span: Span) -> Category:
        """chain(n), cyclic(n), symmetric(n), dihedral(n)."""
        if size < 1 and name in ("cyclic", "dihedral"):
            raise reject(Code.WRONG_ARGUMENTS, f"`{name}` takes a number from 1 on", span)
        builders: dict[str, Callable[[int], Category]] = {
            "chain": order.chain,
            "cyclic": group.cyclic,
            "symmetric": group.symmetric,
            "dihedral": group.dihedral,
        }
        return self.once(lambda: builders[name](size), name, size)

    def listed(self, name: str, labels: tuple[str, ...], span: Span) -> Category:
        """discrete(a, b), codiscrete(a, b)."""
        builders: dict[str, Callable[[tuple[str, ...]], Category]] = {
            "discrete": order.discrete,
            "codiscrete": order.codiscrete,
        }
        return self.once(lambda: builders[name](labels), name, labels)

    def literal(self, expr: ast.Poset | ast.Monoid) -> Category:
        """poset(a < b, …) or a monoid given by its table."""
        if isinstance(expr, ast.Poset):
            return self.once(lambda: _poset(expr), "poset", tuple(tuple(n.text for n in c) for c in expr.chains))
        rows = tuple(tuple(name.text for name in row) for row in expr.rows)
        return self.once(lambda: _monoid(expr), "monoid", tuple(n.text for n in expr.elements), rows)

    def free(self, category: Category, span: Span) -> Category | InfiniteCategory:
        """The free category on the generating graph."""

        def build() -> Category | InfiniteCategory:
            generators = tuple((g.name, g.dom, g.cod) for g in category.generators)
            result = enumerate_category(Presentation(f"free({category.name})", category.objects, generators, ()))
            if isinstance(result, Undecided):
                raise reject(Code.BUDGET_EXCEEDED, f"the free category is larger than {result.budget}", span)
            if isinstance(result, InfiniteCategory):
                self.declared_infinite(result, span)
            return result

        return self.once(build, "free", category)

    def subcategory(self, category: Category, objects: tuple[int, ...]) -> Subcategory:
        """The full subcategory on some objects, with its inclusion."""
        return self.once(lambda: subcategory(category, objects), "subcategory", category, objects)

    def sliced(self, name: str, category: Category, x: int, span: Span) -> Category:
        """slice(C, X), coslice(C, X)."""
        build = slice_category if name == "slice" else coslice_category
        return self.once(lambda: build(category, x).category, name, category, x)

    def derived(self, name: str, category: Category, span: Span) -> Category:
        """arrow_category(C), karoubi(C)."""
        build = arrow_category if name == "arrow_category" else karoubi
        return self.once(lambda: build(category), name, category)

    def elements(self, functor: SetFunctor, span: Span) -> Category:
        """elements(T)."""
        return self.once(lambda: elements_category(functor).category, "elements", functor)

    def comma(self, left: Functor, right: Functor, span: Span) -> Category:
        """comma(F, G)."""
        return self.once(lambda: comma_category(left, right), "comma", left, right)

    def action(self, functor: SetFunctor, span: Span) -> Category:
        """action(G, T)."""
        return self.once(lambda: action_category(functor), "action", functor)

    def combine_categories(self, left: Category, right: Category, multiply: bool, span: Span) -> Category:
        """C * D, C + D."""
        build = product if multiply else coproduct
        return self.once(lambda: build(left, right, limit=MOST_ARROWS), build.__name__, left, right)

    # --- presheaf categories ----------------------------------------------------------------------

    def presheaves(self, category: Category, listed: tuple[SetFunctor, ...], span: Span) -> PresheafCategory:
        """presheaves(C, W1, …)."""

        def build() -> PresheafCategory:
            result = presheaf_category(category, listed)
            self._embeddings[result.category] = result, yoneda_functor(result)
            return result

        return self.once(build, "presheaves", category, listed)

    def yoneda(self, category: Category, listed: tuple[SetFunctor, ...], span: Span) -> Functor:
        """yoneda(C, W1, …): C -> presheaves(C, W1, …)."""
        return self._embeddings[self.presheaves(category, listed, span).category][1]

    def yoneda_into(self, category: Category, expr: ast.Expr) -> Functor:
        """The embedding whose codomain is the given category of presheaves.

        Raises:
            Rejection: it is no category of presheaves.
        """
        return self._embedding(category, expr)[1]

    def object_of_presheaf(self, category: Category, presheaf: SetFunctor) -> ObjectOf | None:
        """The object of ``presheaves(C, W, …)`` that a presheaf on C is; None when it is none, or no y(X) and no W."""
        embedding, _ = self._embeddings.get(category, (None, None))
        adapted = self.adapt(presheaf, contravariant=True)
        if embedding is None or adapted is None or adapted.category is not embedding.base:
            return None
        if adapted in self._vertices:
            index = self._vertices[adapted]
        elif adapted in embedding.presheaves:
            index = embedding.presheaves.index(adapted)
        else:
            return None
        return ObjectOf(category, logic.ObjectConstant(category, index))

    def _embedding(self, category: Category, expr: ast.Expr) -> tuple[PresheafCategory, Functor]:
        found = self._embeddings.get(category)
        if found is None:
            raise reject(
                Code.WRONG_KIND,
                f"`{print_expression(expr)}` is a functor out of `{category.name}`, which is no category of presheaves",
                expr.span,
                help=("start it from `presheaves(C, W, …)`",),
            )
        return found

    # --- functors ---------------------------------------------------------------------------------

    def identity(self, category: Category) -> FunctorOf:
        """id(C)."""
        functor = self.once(lambda: functors.identity_functor(category), "id", category)
        return FunctorOf(category, category, functor)

    def compose(self, first: FunctorOf, second: FunctorOf) -> FunctorOf:
        """F >> G."""
        return FunctorOf(first.dom, second.cod, logic.FunctorComposite(first.term, second.term))

    def declared(self, functor: FunctorOf) -> Functor | None:
        """The functor as one table; None when it depends on a bound variable.

        Terms keep composites as they are, ``G(F(X))`` being the normal form of ``(F >> G)(X)``.
        """
        return self._composite(functor.term)

    def _composite(self, term: logic.FunctorTerm) -> Functor | None:
        match term:
            case Functor():
                return term
            case logic.FunctorComposite(first, second):
                left, right = self._composite(first), self._composite(second)
                if left is None or right is None:
                    return None
                result = self.once(lambda: functors.compose_functors(left, right), "compose", left, right)
                self._factors[result] = term
                return result
            case _:
                return None

    def opposite_functor(self, functor: Functor) -> FunctorOf:
        """F^op."""
        dom, cod = self.opposite(functor.dom), self.opposite(functor.cod)
        result = self.once(lambda: opposite_functor(functor, dom, cod), "op", functor)
        return FunctorOf(dom, cod, result)

    # --- set-valued functors ----------------------------------------------------------------------

    def hom_functor(self, category: Category, x: int, *, contravariant: bool) -> SetFunctor:
        """y(P) = Hom(-, P), or Hom(P, -)."""
        build = hom.representable if contravariant else hom.corepresentable
        result = self.once(lambda: build(category, x), "hom", category, x, contravariant)
        self._vertices[result] = x
        return result

    def vertex(self, functor: SetFunctor) -> int:
        """P, for Hom(-, P) and Hom(P, -)."""
        return self._vertices[functor]

    def constant(self, labels: tuple[str, ...], category: Category) -> SetFunctor:
        """constant({a, b}, C), empty(C): a presheaf, and a copresheaf where one is needed."""
        result = self.once(
            lambda: presheaves.constant(labels, category, contravariant=True), "constant", labels, category
        )
        if result not in self._turned:
            other = presheaves.constant(labels, category, contravariant=False)
            self._turned[result], self._turned[other] = other, result
        return result

    def adapt(self, functor: SetFunctor, *, contravariant: bool) -> SetFunctor | None:
        """The functor with the variance that is wanted: itself, or the other reading of a constant; else None."""
        return functor if functor.contravariant == contravariant else self._turned.get(functor)

    def combine_set_functors(self, left: SetFunctor, right: SetFunctor, multiply: bool) -> SetFunctor:
        """S * T, S + T."""
        build = presheaves.product_of if multiply else presheaves.sum_of
        result = self.once(lambda: build(left, right), build.__name__, left, right)
        if left in self._turned and right in self._turned and result not in self._turned:
            other = build(self._turned[left], self._turned[right])
            self._turned[result], self._turned[other] = other, result
        return result

    def turned(self, functor: SetFunctor) -> SetFunctor:
        """op(T): a presheaf on C as a copresheaf on C^op, or a copresheaf as a presheaf; twice, T itself."""

        def build() -> SetFunctor:
            result = presheaves.turn(functor, self.opposite(functor.category))
            self._built["op", result] = functor
            return result

        return self.once(build, "op", functor)

    def maps(self, functor: SetFunctor, labels: tuple[str, ...]) -> SetFunctor:
        """maps(T, {a, b}): all maps from T(X) to the set, of the other variance."""
        return self.once(lambda: maps(functor, labels, limit=MOST_ARROWS), "maps", functor, labels)

    def restrict(self, along: Functor, functor: SetFunctor) -> SetFunctor:
        """restrict(F, T)."""
        result = self.once(lambda: presheaves.restrict(along, functor), "restrict", along, functor)
        self._remember_hom(result, along, functor)
        return result

    def _remember_hom(self, result: SetFunctor, along: Functor, functor: SetFunctor) -> None:
        """The elements of a restriction of Hom(-, Z) or Hom(Z, -) are arrows."""
        path = self._factors.get(along, along)
        elements = [t for y in along.objects for t in functor.at(y)]
        if functor.arrows is not None:
            arrows = tuple(functor.arrows[t] for t in elements)
            self.homs[result] = RestrictedHom(result, path, functor.category, self.vertex(functor), arrows)
        elif functor in self.homs:
            inner = self.homs[functor]
            arrows = tuple(inner.arrows[t] for t in elements)
            further = logic.FunctorComposite(path, inner.along)
            self.homs[result] = RestrictedHom(result, further, inner.category, inner.vertex, arrows)

    def kan(self, name: str, functor: SetFunctor, along: Functor, span: Span) -> SetFunctor:
        """lan(F, along: K), ran(F, along: K)."""
        build = lan if name == "lan" else ran
        return self.once(lambda: build(functor, along), name, functor, along)

    def extension(self, functor: SetFunctor, weight: SetFunctor) -> tuple[str, ...]:
        """(h†F)(W) for a copresheaf F."""
        return self.once(lambda: extension(functor, weight).labels, "extension", functor, weight)

    def cocones(self, functor: Functor, weight: SetFunctor, span: Span) -> SetFunctor:
        """d |-> the cocones with vertex d under F on the elements of W."""
        return self._cocones(functor, weight).functor

    def _cocones(self, functor: Functor, weight: SetFunctor) -> Cones:
        return self.once(lambda: cocones(functor, weight, limit=MOST_NODES), "cocones", functor, weight)

    def colimit(self, functor: Functor, weight: SetFunctor, span: Span) -> int | None:
        """(h†F)(W) for F into a finite category: the first of the isomorphic objects, or None."""
        found = self.once(lambda: colimit_of(functor, weight, limit=MOST_NODES), "colimit", functor, weight)
        return found.object if found is not None else None

    def canonical_cocones(self, functor: Functor, expr: ast.Expr) -> list[tuple[str, SetFunctor, int]]:
        """For G out of presheaves(C, …), for each presheaf W: its label, the cocones, G's image of the canonical one.

        The canonical cocone under y on the elements (X, w) of W has the maps w: y(X) => W as its legs.
        """
        embedding, yoneda = self._embedding(functor.dom, expr)
        composite = self.once(lambda: functors.compose_functors(yoneda, functor), "compose", yoneda, functor)
        result = []
        for index, weight in enumerate(embedding.presheaves):
            found = self._cocones(composite, weight)
            legs = tuple(functor.arrows[leg] for leg in _canonical_legs(embedding, index))
            over = found.functor.at(functor.objects[index])
            element = next(element for element in over if found.legs[element] == legs)
            result.append((embedding.category.objects[index], found.functor, element))
        return result

    def natural_maps(self, dom: SetFunctor, cod: SetFunctor, span: Span) -> tuple[str, ...]:
        """nat(S, T): a label for each natural transformation."""

        def build() -> tuple[str, ...]:
            found = transformations(dom, cod, limit=MOST_NODES)
            return tuple(
                "{" + ", ".join(f"{dom.labels[s]} |-> {cod.labels[t]}" for s, t in enumerate(images)) + "}"
                for images in found
            )

        return self.once(build, "nat", dom, cod)

    # --- models -----------------------------------------------------------------------------------

    def bundle(self, path: Path, name: str, span: Span) -> Bundle:
        """A relation bundle, read once; reports call it by ``name``."""
        return self.once(lambda: read_bundle(path, name=name, at=span), "bundle", path)

    def reading(
        self, bundle: Bundle, threshold: Fraction | None, reading: Reading | None, span: Span
    ) -> CategoryReading:
        """The category of the relations that reach the threshold (the manifest's when None), in one of its readings."""

        def build() -> CategoryReading:
            result = read_as(bundle, threshold, reading, at=span)
            self._warnings += result.diagnostics(span)
            self._readings.setdefault(bundle, []).append(result)
            return result

        return self.once(build, "reading", bundle, threshold, reading)

    def task(self, bundle: Bundle, name: ast.Name, category: Category | None, span: Span) -> SetFunctor:
        """A task of the model as a presheaf on one of its readings."""
        fitting = [r for r in self._readings.get(bundle, []) if category is None or r.category is category]
        if not fitting:
            raise reject(
                Code.CATEGORY_MISMATCH,
                "the task needs a category that was read off the same model",
                span,
                help=("declare it first: `category Seen = category_of(m)`",),
            )
        reading = fitting[0]
        return self.once(lambda: task_presheaf(reading, name.text, at=name.span), "task", reading, name.text)

    # --- limits -----------------------------------------------------------------------------------

    def require_exponent(self, exponent: int, span: Span) -> None:
        """Exponents are bounded.

        Raises:
            Rejection: this one is not.
        """
        if exponent > LARGEST_EXPONENT:
            raise reject(Code.BUDGET_EXCEEDED, f"the exponent is larger than {LARGEST_EXPONENT}", span)


def _names(category: Category) -> tuple[dict[str, int], dict[str, int]]:
    """The objects by their labels, and the arrows that generators are by the generators' names."""
    objects = {label: x for x, label in enumerate(category.objects)}
    return objects, {generator.name: generator.arrow for generator in category.generators}


def _labels(category: Category) -> dict[str, int]:
    """The arrows that are no identities by their labels, the first of those that share one; none without labels."""
    labels = category.labels or ()
    return {labels[f]: f for f in range(len(labels) - 1, category.object_count - 1, -1)}


def _canonical_legs(embedding: PresheafCategory, index: int) -> Iterator[int]:
    """For each element w of the presheaf W over X the arrow y(X) -> W that it is, by the Yoneda lemma."""
    weight = embedding.presheaves[index]
    for element, x in enumerate(weight.base):
        arrows = embedding.presheaves[x].arrows or ()
        leg = embedding.arrow(x, index, tuple(weight.act_arrow(f, element) for f in arrows))
        if leg is None:
            raise Bug(f"the element {element} of {weight.name} is no arrow of {embedding.category.name}")
        yield leg


def _poset(expr: ast.Poset) -> Category:
    places: dict[str, ast.Name] = {}
    for name in (name for chain in expr.chains for name in chain):
        places.setdefault(name.text, name)
    labels = list(places)
    number = {label: i for i, label in enumerate(labels)}
    pairs = [(number[low.text], number[high.text]) for chain in expr.chains for low, high in pairwise(chain)]
    try:
        return order.poset(labels, pairs)
    except order.CyclicOrder as error:
        names = [labels[x] for x in error.cycle]
        shown = " < ".join([*names, names[0]])
        raise reject(
            Code.CYCLIC_ORDER,
            f"the order runs in a circle: {shown}",
            expr.span,
            secondary=[Label(places[names[0]].span, "here")],
            help=("remove one of the relations, or use `codiscrete` for isomorphic objects",),
        ) from None


def _monoid(expr: ast.Monoid) -> Category:
    labels = [name.text for name in expr.elements]
    number = {label: i for i, label in enumerate(labels)}
    rows: list[list[int]] = []
    for row in expr.rows:
        for name in row:
            if name.text not in number:
                raise reject(Code.NO_SUCH_ELEMENT, f"`{name.text}` is not an element of the monoid", name.span)
        rows.append([number[name.text] for name in row])
    if len(number) != len(labels) or any(len(row) != len(labels) for row in rows) or len(rows) != len(labels):
        raise reject(
            Code.NOT_A_MONOID,
            "the table is not square: each element needs one row with one product for each element",
            expr.span,
        )
    try:
        return group.monoid_from_table(labels, rows)
    except group.NotAMonoid as error:
        raise reject(Code.NOT_A_MONOID, str(error), expr.span) from None
