"""Pointwise Kan extensions of set-valued functors along functors between finite categories.

Both variances are done at once: a presheaf is a copresheaf on the opposite category. The left extension is a quotient
of a free action, found from the generators alone; the right extension consists of families, found by search.

Source: Mac Lane, Categories for the Working Mathematician, X.3; Carmody, Leeming, Walters 1995.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.construct.hom import corepresentable, hom_arrows, representable
from formal.construct.label import pair
from formal.construct.opposite import entering, left_action, opposite, opposite_arrow
from formal.construct.presheaf import generating_elements, restrict
from formal.construct.union_find import quotient
from formal.core.budget import BudgetExceeded
from formal.core.build import DEFAULT_LIMIT, TooLarge, check_size, distinct
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
    if functor.category is not along.dom:
        raise ValueError(f"{functor.name} is not on the domain of {along.name}")
    # E is D or D^op, and F covariant: it acts from source to target along `image`, an arrow of E.
    target = opposite(along.cod) if functor.contravariant else along.cod
    images = [opposite_arrow(along.cod, target, f) if functor.contravariant else f for f in along.generators]

    # Every element x comes from a root: x = F(path)(root), and K(path) = reach[x].
    roots = generating_elements(functor)
    above = [-1] * functor.size
    reach = [0] * functor.size
    acting: list[list[int]] = [[] for _ in functor.category.objects]
    for index in range(len(functor.category.generators)):
        acting[functor.ends(index)[0]].append(index)
    words = [target.word(f) for f in images]
    relations: list[tuple[int, int, int]] = []
    for root in roots:
        if above[root] >= 0:
            continue
        above[root], reach[root] = root, along.objects[functor.base[root]]
        queue = [root]
        for x in queue:  # grows while it is read
            for index in acting[functor.base[x]]:
                y = functor.act(index, x)
                if above[y] < 0:
                    above[y], reach[y] = root, target.trace(reach[x], words[index])
                    queue.append(y)
                else:
                    relations.append((x, index, y))

    # The free action on the roots: for each root at c a node for every arrow k of E that leaves K(c).
    out: list[list[int]] = [[] for _ in target.objects]
    for k in range(target.arrow_count):
        out[target.source(k)].append(k)
    position = [0] * target.arrow_count
    for row in out:
        for i, k in enumerate(row):
            position[k] = i
    first: dict[int, int] = {}
    arrow_of: list[int] = []
    root_of: list[int] = []
    for root in roots:
        first[root] = len(arrow_of)
        row = out[along.objects[functor.base[root]]]
        check_size(len(arrow_of) + len(row), limit)
        arrow_of += row
        root_of += [root] * len(row)

    def node(x: int, k: int) -> int:
        return first[above[x]] + position[k]

    successors = [
        [first[root] + position[target.step(k, h)] for h in target.leaving[target.target(k)]]
        for root, k in zip(root_of, arrow_of, strict=True)
    ]
    pairs = ((node(x, target.trace(reach[x], words[index])), node(y, reach[y])) for x, index, y in relations)
    representatives, class_of = quotient(len(arrow_of), pairs, successors)

    # Name the classes by their shortest pairs, found from all elements of F and not only from the roots.
    names: list[tuple[int, int, int] | None] = [None] * len(representatives)
    for n, (root, k) in enumerate(zip(root_of, arrow_of, strict=True)):
        candidate = (k, root, k) if k >= target.object_count else (-1, root, k)
        known = names[class_of[n]]
        if known is None or candidate < known:
            names[class_of[n]] = candidate
    for x in range(functor.size):
        k = along.objects[functor.base[x]]
        c = class_of[node(x, reach[x])]
        known = names[c]
        if known is None or (-1, x, k) < known:
            names[c] = (-1, x, k)

    fibres: list[list[int]] = [[] for _ in target.objects]
    for c, n in enumerate(representatives):
        fibres[target.target(arrow_of[n])].append(c)
    place = [0] * len(representatives)
    start = 0
    numbering = [0] * len(representatives)
    for fibre in fibres:
        for i, c in enumerate(fibre):
            place[c] = i
            numbering[c] = start + i
        start += len(fibre)
    labels = along.cod.arrow_labels

    def name(c: int, full: bool) -> str:
        known = names[c]
        assert known is not None
        _, x, k = known
        element = functor.labels[x]
        if full:
            element = pair(functor.category.objects[functor.base[x]], element)
        return element if k < target.object_count else f"{arrow_name(k)}({element})"

    def arrow_name(k: int) -> str:
        return labels[opposite_arrow(target, along.cod, k)] if functor.contravariant else labels[k]

    elements = []
    for fibre in fibres:
        short = [name(c, False) for c in fibre]
        counts: dict[str, int] = {}
        for label in short:
            counts[label] = counts.get(label, 0) + 1
        elements.append(distinct(name(c, True) if counts[s] > 1 else s for c, s in zip(fibre, short, strict=True)))
    action = []
    for index, h in enumerate(target.generators):
        slot = target.slot[index]
        action.append(tuple(place[class_of[successors[representatives[c]][slot]]] for c in fibres[h.dom]))
    extension = SetFunctor(
        f"lan({functor.name}, along: {along.name})",
        along.cod,
        functor.contravariant,
        tuple(elements),
        tuple(action),
    )
    return LeftKan(extension, tuple(numbering[class_of[node(x, reach[x])]] for x in range(functor.size)))


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
    if functor.category is not along.dom:
        raise ValueError(f"{functor.name} is not on the domain of {along.name}")
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
