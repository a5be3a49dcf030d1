"""Formulas as numbered, typed nodes that refer to earlier ones; what each kind of node means is in ``NODES``."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from formal.kernel import atom, search
from formal.kernel.category import Category
from formal.kernel.functor import SetFunctor, check_components, check_functor, check_natural, compose_functors, image
from formal.kernel.presentation import read_category
from formal.kernel.reading import Ledger, array, demand, labels, number, typed

Sort = tuple[Any, ...]
"""A kind, such as ``arrow``, and the numbers of the structures that it belongs to."""
QUANTIFIERS = ("forall", "exists", "exists!")
TERMS = ("object", "arrow", "element", "transformation", "functor", "family")


class World:
    """The categories and set-valued functors of a claim, well-formed."""

    def __init__(self, categories: Any, set_functors: Any, proofs: Any, ledger: Ledger) -> None:
        self.ledger = ledger
        pairs = zip(array(categories, "claim"), array(proofs, "certificate", len(categories)), strict=True)
        self.categories = [read_category(raw, proof, f"category {k}", ledger) for k, (raw, proof) in enumerate(pairs)]
        sets = enumerate(array(set_functors, "claim"))
        self.sets = [SetFunctor(raw, self.category, f"set-valued functor {k}", ledger) for k, raw in sets]

    def category(self, c: Any) -> Category:
        """A category with a table, by its number."""
        found = self.categories[number(c, 0, len(self.categories), "claim")]
        demand(found is not None, "claim", "type", "an infinite category where a finite one is due")
        return found  # type: ignore[return-value]

    def set_functor(self, s: Any) -> SetFunctor:
        """A set-valued functor, by its number."""
        return self.sets[number(s, 0, len(self.sets), "claim")]


def functor(b: Any, _: str, objects: Any, arrows: Any) -> Any:
    """A declared functor, checked."""
    value = tuple(array(objects, "functor")), tuple(b.d.arrow(f, "functor") for f in array(arrows, "functor"))
    check_functor(b.c, b.d, value, f"a functor from {b.c.graph.step}")
    return value


def transformation(b: Any, _: str, images: Any, natural: Any) -> Any:
    """A declared transformation between set-valued functors, checked; a mere family is not checked for naturality."""
    value = tuple(array(images, "transformation"))
    check_natural(b.s, b.t, value, f"a transformation from {b.s.step}", typed(natural, bool, "transformation"))
    return value


def family(b: Any, _: str, f: Any, g: Any, arrows: Any, natural: Any) -> Any:
    """A declared transformation between functors into a category, checked; or a mere family."""
    value = tuple(b.d.arrow(a, "transformation") for a in array(arrows, "transformation"))
    check_components(b.c, b.d, f, g, value, "a transformation of functors", typed(natural, bool, "transformation"))
    return value


def truth(b: Any, value: Any, reason: str) -> bool:
    """True or false because the claim says so."""
    b.ledger.trusted[f"{typed(value, bool, 'truth')} by construction: {reason}"] = None
    return bool(value)


NODES: dict[str, tuple[str, str, Callable[..., Any]]] = {
    # ranges
    "objects": ("category c", "range object c", lambda b: range(b.c.p)),
    "arrows": ("category c, object? c, object? c", "range arrow c", lambda b, x, y: b.c.arrows(x, y)),
    "elements": ("set s c, object c", "range element s c", lambda b, x: b.s.at(x)),
    "transformations": ("set s c, set t c", "range transformation s t c", lambda b: search.transformations(b.s, b.t)),
    "functors": ("category c, category d", "range functor c d", lambda b: search.functors(b.c, b.d)),
    "families": ("functor c d, functor c d", "range family c d", lambda b, f, g: search.components(b.c, b.d, f, g)),
    # terms
    "object": ("category c, data", "object c", lambda b, x: number(x, 0, b.c.p, "object")),
    "arrow": ("category c, data", "arrow c", lambda b, f: b.c.arrow(f, "arrow")),
    "element": ("set s c, data", "element s c", lambda b, e: number(e, 0, b.s.size, "element")),
    "functor": ("text, category c, category d, data, data", "functor c d", functor),
    "transformation": ("text, set s c, set t c, data, data", "transformation s t c", transformation),
    "family": ("text, functor c d, functor c d, data, data", "family c d", family),
    "functor-composite": ("functor c d, functor d e", "functor c e", lambda b, f, g: compose_functors(b.e, b.d, f, g)),
    "dom": ("arrow c", "object c", lambda b, f: b.c.dom[f]),
    "cod": ("arrow c", "object c", lambda b, f: b.c.cod[f]),
    "object-image": ("functor c d, object c", "object d", lambda b, f, x: f[0][x]),
    "arrow-image": ("functor c d, arrow c", "arrow d", lambda b, f, a: image(b.d, f, b.c.dom[a], b.c.word(a))),
    "identity": ("object c", "arrow c", lambda b, x: x),
    "composite": ("arrow c, arrow c", "arrow c", lambda b, f, g: b.c.compose(f, g)),
    "component": ("family c d, object c", "arrow d", lambda b, t, x: t[x]),
    "arrow-of-element": ("element s c", "arrow c", lambda b, e: b.s.arrow_of(e)),
    "element-of-arrow": ("set s c, arrow c", "element s c", lambda b, f: b.s.element_of(f)),
    "action": ("arrow c, element s c", "element s c", lambda b, f, e: b.s.act_arrow(f, e)),
    "apply": ("transformation s t c, element s c", "element t c", lambda b, phi, e: phi[e]),
    # numbers of elements
    "fibre": ("set s c, object c", "cardinal", lambda b, x: len(b.s.at(x))),
    "hom": ("object c, object c", "cardinal", lambda b, x, y: b.c.count[x, y]),
    "finite-set": ("data", "cardinal", lambda b, names: len(labels(names, "finite-set"))),
    # atoms
    "truth": ("data, text", "formula", truth),
    "equal": ("any x, any x", "formula", lambda b, x, y: x == y),
    "equinumerous": ("cardinal, cardinal", "formula", lambda b, x, y: x == y),
    "universal": ("element s c", "formula", lambda b, e: atom.universal(b.s, e)),
    "covered": ("set s c, count", "formula", lambda b, n: atom.covered(b.s, n)),
    "coproduct": ("set s c, count", "formula", lambda b, n: atom.coproduct(b.s, n)),
    "connected": ("category c", "formula", lambda b: atom.connected(b.c)),
    "isomorphic": ("set s c, set t c", "formula", lambda b: atom.isomorphic(b.s, b.t)),
    "isomorphic-categories": (
        "category c, category d",
        "formula",
        lambda b: atom.some_functor(b.c, b.d, atom.is_isomorphism),
    ),
    "equivalent": ("category c, category d", "formula", lambda b: atom.some_functor(b.c, b.d, atom.is_equivalence)),
    "finite": ("presented c", "formula", lambda b: b.c is not None),
}


class Formulas:
    """The nodes of a claim, typed; and the values of the terms under the present values of the variables.

    ``sorts[k]`` is node k's kind with what it belongs to; ``free[k]`` its free variables; ``range[k]`` the range of a
    variable; ``parts[k]``, for a connective or an expanded quantifier, the quantifier that it is, its parts, and
    whether the first one is negated; ``about[k]`` the structures that a range, term or atom speaks of.
    """

    def __init__(self, nodes: Any, world: World) -> None:
        self.world, self.ledger, self.nodes = world, world.ledger, array(nodes, "formula")
        self.sorts: list[Sort] = []
        self.free: list[frozenset[int]] = []
        self.refs: list[list[int]] = [[] for _ in self.nodes]
        self.code: list[Callable[[list[Any]], Any] | None] = [None] * len(self.nodes)
        self.range: dict[int, int] = {}
        self.parts: dict[int, tuple[str, list[int], bool]] = {}
        self.about: dict[int, Any] = {}
        self.values: list[Any] = [None] * len(self.nodes)
        self.plans: dict[int, list[int]] = {}
        for k, node in enumerate(self.nodes):
            self.sorts.append(self.read(k, array(node, f"formula {k}")))
            free = frozenset({k} if k in self.range else ()).union(*(self.free[r] for r in self.refs[k]))
            self.free.append(free - {node[1]} if node[0] in QUANTIFIERS else free)
            self.ledger.spend(1 + len(free) + len(self.refs[k]))
        closed = bool(self.nodes) and self.sorts[-1] == ("formula",) and not self.free[-1]
        demand(closed, "formula", "type", "the last node is not a closed formula")

    def value(self, k: int) -> Any:
        """The value of a term, range or atom."""
        if k not in self.plans:
            todo, below = [k], set[int]()
            while todo:
                r = todo.pop()
                if r not in below and self.code[r] is not None:
                    below.add(r)
                    todo.extend(self.refs[r])
            self.ledger.spend(len(below))
            self.plans[k] = sorted(below)
        values, code = self.values, self.code
        self.ledger.spend(len(self.plans[k]))
        for r in self.plans[k]:
            values[r] = code[r](values)  # type: ignore[misc]
        return values[k]

    def ref(self, k: int, r: Any, *kinds: str) -> Sort:
        """The sort of an earlier node that node k refers to, of one of these kinds."""
        sort = self.sorts[number(r, 0, k, f"formula {k}")]
        demand(sort[0] in kinds, f"formula {k}", "type", f"node {r} is not of the right kind")
        self.refs[k].append(r)
        return sort

    def read(self, k: int, node: list[Any]) -> Sort:
        """The sort of a node."""
        step = f"formula {k}"
        match node:
            case ["variable", str(), r]:
                self.range[k] = r
                self.ref(k, r, "range")
                self.refs[k].clear()
                return tuple(self.sorts[r][1:])
            case ["forall" | "exists" | "exists!", v, body]:
                number(v, 0, k, step)
                demand(v in self.range, step, "type", "a quantifier without a variable")
                self.ref(k, self.range[v], "range")
                return self.ref(k, body, "formula")
            case ["not" as tag, *parts] | ["named" as tag, str(), str(), *parts] if len(parts) == 1:
                return self.connect(k, "forall", parts, tag == "not")
            case ["and", *parts]:
                return self.connect(k, "forall", parts)
            case ["or", *parts]:
                return self.connect(k, "exists", parts)
            case ["implies", _, _]:
                return self.connect(k, "exists", node[1:], True)
            case ["iff", _, _]:
                return self.connect(k, "iff", node[1:])
            case ["instances", "forall" | "exists" | "exists!" as kind, str(), names, *parts]:
                array(names, step, len(parts))
                demand(set(map(type, names)) <= {str}, step, "format", "labels that are not strings")
                return self.connect(k, kind, parts)
            case [str() as tag, *arguments] if tag in NODES:
                return self.structure(k, step, arguments, *NODES[tag])
        demand(False, step, "format", "no such kind of node")
        return ()

    def connect(self, k: int, kind: str, parts: list[Any], negated: bool = False) -> Sort:
        """A connective is a quantifier over its parts."""
        for r in parts:
            self.ref(k, r, "formula")
        self.parts[k] = kind, parts, negated
        return ("formula",)

    def structure(self, k: int, step: str, arguments: list[Any], signature: str, result: str, code: Any) -> Sort:
        """A range, term, number or atom: its arguments match the signature, whose letters stand for structures."""
        world, bound = self.world, dict[str, Any]()
        take: list[tuple[bool, Any]] = []
        parameters = signature.split(", ")
        for argument, parameter in zip(array(arguments, step, len(parameters)), parameters, strict=True):
            kind, *letters = parameter.split()
            sort: Sort = (argument,)
            if kind == "presented":
                number(argument, 0, len(world.categories), step)
            elif kind == "category":
                world.category(argument)
            elif kind == "set":
                sort = argument, world.set_functor(argument).index
            elif kind in ("data", "text", "count") or (kind == "object?" and argument is None):
                holds = kind not in ("text", "count") or type(argument) is (str if kind == "text" else int)
                demand(holds, step, "format", f"not a {kind}")
                take.append((False, argument))
                letters = []
            else:
                whole = self.ref(k, argument, *(TERMS if kind == "any" else (kind.removesuffix("?"),)))
                sort = (whole,) if kind == "any" else whole[1:]
                take.append((True, argument))
            for letter, index in zip(letters, sort, strict=bool(letters)):
                demand(bound.setdefault(letter, index) == index, step, "type", "different structures are mixed")
        about: Any = SimpleNamespace(ledger=self.ledger)
        for letter in set(bound) & set("cdest"):
            setattr(about, letter, (world.sets if letter in "st" else world.categories)[bound[letter]])
        self.about[k] = about
        head, *rest = result.split()
        constant = all(not node or (self.code[a] is None and a not in self.range) for node, a in take)
        if constant and head not in ("range", "formula"):
            self.values[k] = code(about, *[self.values[a] if node else a for node, a in take])
        else:
            self.code[k] = lambda values: code(about, *[values[a] if node else a for node, a in take])
        return head, *(bound.get(word, word) for word in rest)
