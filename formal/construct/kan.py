"""Pointwise Kan extensions of set-valued functors along functors between finite categories.

Both variances are done at once: a presheaf is a copresheaf on the opposite category. The left extension is a quotient
of a free action, found from the generators alone; the right extension consists of families, found by search.

Source: Mac Lane, Categories for the Working Mathematician, X.3; Carmody, Leeming, Walters 1995.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from formal.construct.hom import corepresentable, hom_arrows, representable
from formal.construct.label import pair
from formal.construct.opposite import entering, left_action, opposite, opposite_arrow
from formal.construct.presheaf import generating_elements, restrict
from formal.construct.union_find import quotient
from formal.core.budget import BudgetExceeded
from formal.core.build import DEFAULT_LIMIT, TooLarge, check_size, distinct
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.set_search import transformations


@dataclass(frozen=True, slots=True, eq=False)
class LeftKan:
    """A left Kan extension L of F along K with its unit F => restrict(K, L).

    Args:
        functor: L, on the codomain of K, of the variance of F.
        unit: for each element of F over c the element of L over K(c).
    """

    functor: SetFunctor
    unit: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RightKan:
    """A right Kan extension R of F along K with its counit restrict(K, R) => F.

    Args:
        functor: R, on the codomain of K, of the variance of F.
        counit: for each element of ``restrict(K, R)`` the element of F over the same object.
    """

    functor: SetFunctor
    counit: tuple[int, ...]


def lan(functor: SetFunctor, along: Functor, *, limit: int = DEFAULT_LIMIT) -> SetFunctor:
    """The left Kan extension of F: C -> Set (or C^op -> Set) along K: C -> D; see ``left_kan``."""
    return left_kan(functor, along, limit=limit).functor


def ran(functor: SetFunctor, along: Functor, *, limit: int = DEFAULT_LIMIT) -> SetFunctor:
    """The right Kan extension of F: C -> Set (or C^op -> Set) along K: C -> D; see ``right_kan``."""
    return right_kan(functor, along, limit=limit).functor


def left_kan(functor: SetFunctor, along: Functor, *, limit: int = DEFAULT_LIMIT) -> LeftKan:
    """The left Kan extension of F along K, with its unit.

    (Lan_K F)(d) = colim of F(c) over K(c) -> d for a copresheaf, over d -> K(c) for a presheaf. An element is a class
    of pairs (x in F(c), k) and is called ``k(x)``, or just ``x`` where k is an identity.

    Args:
        functor: F, on the domain of K, s elements.
        along: K.
        limit: the most pairs (generating element, arrow) to be enumerated.
    Raises:
        TooLarge: more than ``limit`` such pairs.
    """
    _require_domain(functor, along)
    target = opposite(along.cod) if functor.contravariant else along.cod
    forest = _forest(functor, along, target)
    action = _free_action(functor, along, target, forest, limit)
    merged = ((action.node(x, u), action.node(y, v)) for (x, u), (y, v) in forest.relations)
    representatives, class_of = quotient(len(action.arrows), merged, action.successors)
    unit_class = [class_of[action.node(forest.root[x], k)] for x, k in enumerate(forest.reach)]

    # Each class is called by its least pair (x, k), pairs with an identity first; the classes are sorted by name.
    named: list[tuple[int, int] | None] = [None] * len(representatives)
    for x, c in enumerate(unit_class):
        named[c] = named[c] or (-1, x)
    for n, c in enumerate(class_of):
        candidate = (action.arrows[n], action.roots[n])
        best = named[c]
        if best is None or candidate < best:
            named[c] = candidate
    names = [name for name in named if name is not None]
    fibres: list[list[int]] = [[] for _ in target.objects]
    for c in sorted(range(len(names)), key=names.__getitem__):
        fibres[target.target(action.arrows[representatives[c]])].append(c)
    place = {c: i for fibre in fibres for i, c in enumerate(fibre)}
    number = {c: t for t, c in enumerate(c for fibre in fibres for c in fibre)}

    def word(k: int) -> str:
        return along.cod.arrow_labels[opposite_arrow(target, along.cod, k) if functor.contravariant else k]

    extension = SetFunctor(
        f"lan({functor.name}, along: {along.name})",
        along.cod,
        functor.contravariant,
        tuple(_fibre_labels(functor, [names[c] for c in fibre], word) for fibre in fibres),
        tuple(
            tuple(place[class_of[action.successors[representatives[c]][target.slot[h]]]] for c in fibres[g.dom])
            for h, g in enumerate(target.generators)
        ),
    )
    return LeftKan(extension, tuple(number[c] for c in unit_class))


def _require_domain(functor: SetFunctor, along: Functor) -> None:
    if functor.category is not along.dom:
        raise ValueError(f"{functor.name} is not on the domain of {along.name}")


@dataclass(frozen=True, slots=True, eq=False)
class _Forest:
    """How every element x of F comes from one of the fewest generating elements.

    E is D, or D^op where F is a presheaf: then everything is covariant.

    Args:
        root: for each element x = F(path)(root) that generating element.
        reach: for each element K(path), an arrow of E from where the root lives to where x does.
        relations: ((x, u), (y, v)) with x, y generating elements: that x followed by u is y followed by v, whatever
            is not said by ``root`` and ``reach`` already.
    """

    root: tuple[int, ...]
    reach: tuple[int, ...]
    relations: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def _forest(functor: SetFunctor, along: Functor, target: Category) -> _Forest:
    words = [along.cod.word(f)[:: -1 if functor.contravariant else 1] for f in along.generators]
    acting: list[list[int]] = [[] for _ in functor.category.objects]
    for index in range(len(functor.category.generators)):
        acting[functor.ends(index)[0]].append(index)
    above = [-1] * functor.size
    reach = [-1] * functor.size
    relations = []
    for root in generating_elements(functor):
        above[root], reach[root] = root, along.objects[functor.base[root]]
        queue = [root]
        for x in queue:  # grows while it is read
            for index in acting[functor.base[x]]:
                y, k = functor.act(index, x), target.trace(reach[x], words[index])
                if above[y] < 0:
                    above[y], reach[y] = root, k
                    queue.append(y)
                elif (above[y], reach[y]) != (root, k):
                    relations.append(((root, k), (above[y], reach[y])))
    return _Forest(tuple(above), tuple(reach), tuple(relations))


@dataclass(frozen=True, slots=True, eq=False)
class _FreeAction:
    """The free action of E on the generating elements: a node for each of them, x at c, and each arrow k from K(c).

    Args:
        first: for each generating element its first node.
        position: for each arrow of E its place among those that start where it does.
        roots, arrows: for each node x and k.
        successors: for each node those that the generators of E lead to, as in ``leaving``.
    """

    first: dict[int, int]
    position: list[int]
    roots: list[int]
    arrows: list[int]
    successors: list[list[int]]

    def node(self, x: int, k: int) -> int:
        """The node of a generating element and an arrow."""
        return self.first[x] + self.position[k]


def _free_action(functor: SetFunctor, along: Functor, target: Category, forest: _Forest, limit: int) -> _FreeAction:
    out: list[list[int]] = [[] for _ in target.objects]
    position = []
    for k in range(target.arrow_count):
        position.append(len(out[target.source(k)]))
        out[target.source(k)].append(k)
    steps = [[[position[target.step(k, h)] for h in target.leaving[target.target(k)]] for k in row] for row in out]
    first: dict[int, int] = {}
    roots: list[int] = []
    arrows: list[int] = []
    successors: list[list[int]] = []
    for x in sorted(set(forest.root)):
        d = along.objects[functor.base[x]]
        start = first[x] = len(arrows)
        check_size(start + len(out[d]), limit)
        roots += [x] * len(out[d])
        arrows += out[d]
        successors += [[start + i for i in row] for row in steps[d]]
    return _FreeAction(first, position, roots, arrows, successors)


def _fibre_labels(functor: SetFunctor, names: list[tuple[int, int]], word: Callable[[int], str]) -> tuple[str, ...]:
    """``k(x)`` for each pair (k, x), ``x`` for k = -1; with the object of x where the labels alone clash."""

    def label(k: int, x: int, *, full: bool) -> str:
        element = functor.labels[x]
        if full:
            element = pair(functor.category.objects[functor.base[x]], element)
        return element if k < 0 else f"{word(k)}({element})"

    short = [label(k, x, full=False) for k, x in names]
    count = Counter(short)
    return distinct(label(k, x, full=count[s] > 1) for s, (k, x) in zip(short, names, strict=True))


def right_kan(functor: SetFunctor, along: Functor, *, limit: int = DEFAULT_LIMIT) -> RightKan:
    """The right Kan extension of F along K, with its counit.

    (Ran_K F)(d) = lim of F(c) over d -> K(c) for a copresheaf, over K(c) -> d for a presheaf: the natural
    transformations Hom(d, K-) => F, or Hom(K-, d) => F. A family is called by its values at the fewest arrows that
    determine it.

    Args:
        functor: F, on the domain of K.
        along: K.
        limit: the most families at one object, and the most steps of the search for them.
    Raises:
        TooLarge: more than ``limit``.
    """
    _require_domain(functor, along)
    target = along.cod
    hom = [
        representable(target, d) if functor.contravariant else corepresentable(target, d)
        for d in range(target.object_count)
    ]
    weights = [restrict(along, h) for h in hom]
    arrows = [[hom_arrows(h)[t] for y in along.objects for t in h.at(y)] for h in hom]
    element_of = [
        {(weight.base[t], k): t for t, k in enumerate(ks)} for weight, ks in zip(weights, arrows, strict=True)
    ]
    families: list[list[tuple[int, ...]]] = []
    for weight in weights:
        found: list[tuple[int, ...]] = []
        try:
            for images in transformations(weight, functor, limit=limit):
                found.append(images)
                check_size(len(found), limit)
        except BudgetExceeded as exceeded:
            raise TooLarge(limit) from exceeded
        families.append(found)
    number = [{images: i for i, images in enumerate(found)} for found in families]

    rows = None if functor.contravariant else left_action(target)
    slot = {g: i for row in entering(target) for i, g in enumerate(row)}
    action = []
    for index, h in enumerate(target.generators):
        # The family at `far` has at (c, k) the value of the family at `near` at (c, k with h composed to it).
        near, far = (h.cod, h.dom) if functor.contravariant else (h.dom, h.cod)
        sources = []
        for t, k in enumerate(arrows[far]):
            composite = target.step(k, index) if rows is None else rows[k][slot[index]]
            sources.append(element_of[near][weights[far].base[t], composite])
        action.append(tuple(number[far][tuple(images[s] for s in sources)] for images in families[near]))

    elements = []
    for weight, found in zip(weights, families, strict=True):
        roots = generating_elements(weight)
        values = [[functor.labels[images[root]] for root in roots] for images in found]
        elements.append(distinct(row[0] if len(row) == 1 else pair(*row) for row in values))
    extension = SetFunctor(
        f"ran({functor.name}, along: {along.name})", target, functor.contravariant, tuple(elements), tuple(action)
    )
    counit = tuple(images[element_of[d][c, d]] for c, d in enumerate(along.objects) for images in families[d])
    return RightKan(extension, counit)
