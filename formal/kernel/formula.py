"""Formulas as numbered, typed nodes that refer to earlier ones; what each kind of node means is in ``NODES``."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from formal.kernel import atom, search
from formal.kernel.atom import is_equivalence, is_isomorphism, some
from formal.kernel.category import Category
from formal.kernel.functor import SetFunctor, check_components, check_functor, check_natural, compose_functors, image
from formal.kernel.presentation import read_category
from formal.kernel.reading import Ledger, Rejected, array, demand, labels, number
from formal.kernel.search import transformations

Sort = tuple[Any, ...]
"""A kind, such as ``arrow``, and the numbers of the structures that it belongs to."""
QUANTIFIERS = ("forall", "exists", "exists!")
NEGATED = {"not": "forall", "implies": "exists"}
PLAIN = {"and": "forall", "or": "exists", "iff": "iff"}
DATA = {"data": (int, list), "count": (int,), "list": (list,), "text": (str,), "flag": (bool,)}
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


def declared_functor(b: Any, _: str, objects: list[Any], images: list[Any]) -> Any:
    """A declared functor."""
    return check_functor(b.c, b.d, (tuple(objects), b.d.images(images)), f"a functor from {b.c.graph.step}")


def transformation(b: Any, _: str, images: list[Any], natural: bool) -> Any:
    """A declared transformation between set-valued functors, or a mere family of maps."""
    return check_natural(b.s, b.t, tuple(images), f"a transformation from {b.s.step}", natural)


def family(b: Any, _: str, f: Any, g: Any, images: list[Any], natural: bool) -> Any:
    """A declared transformation between functors into a category, or a mere family of arrows."""
    return check_components(b.c, b.d, f, g, b.d.images(images), "a transformation between functors", natural)


def truth(b: Any, value: bool, reason: str) -> bool:
    """True or false because the claim says so; a reason is something to be trusted."""
    if reason:
        b.ledger.trusted[f"{'true' if value else 'false'} by construction: {reason}"] = None
    return value


NODES: dict[str, tuple[str, str, Callable[..., Any]]] = {
    # ranges
    "objects": ("category c", "range object c", lambda b: range(b.c.p)),
    "arrows": ("category c, object? c, object? c", "range arrow c", lambda b, x, y: b.c.arrows(x, y)),
    "elements": ("set s c, object c", "range element s c", lambda b, x: b.s.at(x)),
    "transformations": ("set s c v, set t c v", "range transformation s t c", lambda b: transformations(b.s, b.t)),
    "functors": ("category c, category d", "range functor c d", lambda b: search.functors(b.c, b.d)),
    "families": ("functor c d, functor c d", "range family c d", lambda b, f, g: search.components(b.c, b.d, f, g)),
    # terms
    "object": ("category c, data", "object c", lambda b, x: number(x, 0, b.c.p, "object")),
    "arrow": ("category c, data", "arrow c", lambda b, f: b.c.arrow(f, "arrow")),
    "element": ("set s c, data", "element s c", lambda b, e: number(e, 0, b.s.size, "element")),
    "functor": ("text, category c, category d, list, list", "functor c d", declared_functor),
    "transformation": ("text, set s c v, set t c v, list, flag", "transformation s t c", transformation),
    "family": ("text, functor c d, functor c d, list, flag", "family c d", family),
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
    "finite-set": ("list", "cardinal", lambda b, names: len(labels(names, "finite-set"))),
    # atoms
    "truth": ("flag, text", "formula", truth),
    "equal": ("any x, any x", "formula", lambda b, x, y: x == y),
    "equinumerous": ("cardinal, cardinal", "formula", lambda b, x, y: x == y),
    "universal": ("element s c", "formula", lambda b, e: atom.universal(b.s, e)),
    "covered": ("set s c, count", "formula", lambda b, n: len(search.roots(b.s)) <= n),
    "coproduct": ("set s c, count", "formula", lambda b, n: atom.coproduct(b.s, n)),
    "connected": ("category c", "formula", lambda b: atom.connected(b.c)),
    "isomorphic": ("set s c v, set t c v", "formula", lambda b: atom.isomorphic(b.s, b.t)),
    "isomorphic-categories": ("category c, category d", "formula", lambda b: some(b.c, b.d, is_isomorphism)),
    "equivalent": ("category c, category d", "formula", lambda b: some(b.c, b.d, is_equivalence)),
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
            below = [self.free[r] for r in self.refs[k]]
            self.ledger.spend(1 + 16 * sum(map(len, below)))  # sets are large
            free = frozenset([k] if k in self.range else []).union(*below)
            self.free.append(free - {node[1]} if node[0] in QUANTIFIERS else free)
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
            self.ledger.spend(16 * len(below))
            self.plans[k] = sorted(below)
        values, code = self.values, self.code
        self.ledger.spend(len(self.plans[k]))
        for r in self.plans[k]:
            values[r] = code[r](values)  # type: ignore[misc]
        return values[k]

    def open(self, k: int) -> tuple[str, Any, Any, bool, int]:
        """A connective or quantifier: its kind, range, parts or body, whether the first is negated, variable or -1."""
        if k in self.parts:
            kind, parts, negated = self.parts[k]
            return kind, range(len(parts)), parts, negated, -1
        kind, variable, body = self.nodes[k]
        return kind, self.value(self.range[variable]), body, False, variable

    def empty(self, k: int) -> bool:
        """Whether node k quantifies over no arrows: between most objects there may be none."""
        return self.nodes[k][0] in QUANTIFIERS and self.value(self.range[self.nodes[k][1]]) == []

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
            case ["not", _] | ["implies", _, _] | ["iff", _, _] | ["and" | "or", *_]:
                kind = (PLAIN | NEGATED)[node[0]]
                return self.connect(k, kind, node[0] in NEGATED, node[1:])
            case ["named", str(), str(), body]:
                return self.connect(k, "forall", False, [body])
            case ["instances", "forall" | "exists" | "exists!" as kind, str(), names, *parts]:
                array(names, step, len(parts))
                demand(set(map(type, names)) <= {str}, step, "format", "labels that are not strings")
                return self.connect(k, kind, False, parts)
            case [str() as tag, *arguments] if tag in NODES:
                return self.structure(k, step, arguments, *NODES[tag])
        raise Rejected(step, "format", "no such kind of node")

    def connect(self, k: int, kind: str, negated: bool, parts: list[Any]) -> Sort:
        """A connective is a quantifier over its parts, the first of which may be negated."""
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
            if kind in ("category", "presented"):
                found = world.categories[number(argument, 0, len(world.categories), step)]
                demand(found is not None or kind == "presented", step, "type", "a finite category is due")
            elif kind == "set":
                functor = world.sets[number(argument, 0, len(world.sets), step)]
                sort = argument, functor.index, functor.contravariant
            elif kind in DATA or (kind == "object?" and argument is None):
                demand(kind == "object?" or type(argument) in DATA[kind], step, "format", f"not a {kind}")
                take.append((False, argument))
                letters = []
            else:
                whole = self.ref(k, argument, *(TERMS if kind == "any" else (kind.removesuffix("?"),)))
                sort = (whole,) if kind == "any" else whole[1:]
                take.append((True, argument))
            for letter, index in zip(letters, sort, strict=False):
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
