"""Small categories and all small set-valued functors on them, by exhaustion."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product

from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.logic.formula import (
    Action,
    Arrows,
    Elements,
    Equal,
    Formula,
    Objects,
    Quantified,
    Quantifier,
    Variable,
)


def chain(n: int) -> Category:
    arrows = [(x, y) for x in range(n) for y in range(x, n)]
    number = {ends: f for f, ends in enumerate(arrows)}
    return build_category(
        f"chain({n})",
        [str(x) for x in range(n)],
        arrows,
        lambda f, g: number[arrows[f][0], arrows[g][1]],
        [number[x, x] for x in range(n)],
    )[0]


def monoid(name: str, n: int, multiply: Callable[[int, int], int]) -> Category:
    """One object, arrows 0 … n - 1, 0 the identity."""
    return build_category(name, ["o"], [(0, 0)] * n, multiply, [0])[0]


def cyclic(n: int) -> Category:
    return monoid(f"cyclic({n})", n, lambda f, g: (f + g) % n)


def idempotent() -> Category:
    return monoid("idempotent", 2, max)


def discrete(n: int) -> Category:
    return build_category(f"discrete({n})", list("abcdef"[:n]), [(x, x) for x in range(n)], max, range(n))[0]


def codiscrete(n: int) -> Category:
    arrows = [(x, y) for x in range(n) for y in range(n)]
    return build_category(
        f"codiscrete({n})",
        list("abcdef"[:n]),
        arrows,
        lambda f, g: arrows.index((arrows[f][0], arrows[g][1])),
        [arrows.index((x, x)) for x in range(n)],
    )[0]


def cospan() -> Category:
    """a -> c <- b."""
    arrows = [(0, 0), (1, 1), (2, 2), (0, 2), (1, 2)]
    return build_category("cospan", "abc", arrows, lambda f, g: g if f < 3 else f, range(3))[0]


def parallel_pair() -> Category:
    arrows = [(0, 0), (1, 1), (0, 1), (0, 1)]
    return build_category("pair", "ab", arrows, lambda f, g: g if f < 2 else f, range(2))[0]


def categories() -> list[Category]:
    return [
        discrete(0),
        discrete(2),
        chain(2),
        chain(3),
        cyclic(2),
        cyclic(3),
        idempotent(),
        codiscrete(2),
        cospan(),
        parallel_pair(),
    ]


def constant(category: Category, count: int, *, contravariant: bool = True) -> SetFunctor:
    labels = tuple(str(i) for i in range(count))
    return SetFunctor(
        f"constant({count})",
        category,
        contravariant,
        (labels,) * category.object_count,
        (tuple(range(count)),) * len(category.generators),
    )


def representable(category: Category, p: int) -> SetFunctor:
    """Hom(-, P)."""
    arrows = [category.hom(x, p) for x in range(category.object_count)]
    action = tuple(
        tuple(arrows[g.dom].index(category.compose(g.arrow, f)) for f in arrows[g.cod]) for g in category.generators
    )
    labels = tuple(tuple(category.arrow_labels[f] for f in row) for row in arrows)
    return SetFunctor(f"y({p})", category, True, labels, action, tuple(f for row in arrows for f in row))


def coproduct(*functors: SetFunctor) -> SetFunctor:
    first = functors[0]
    elements = tuple(
        tuple(f"{i}.{label}" for i, functor in enumerate(functors) for label in functor.elements[x])
        for x in range(first.category.object_count)
    )
    action = []
    for g in range(len(first.category.generators)):
        row: list[int] = []
        shift = 0
        for functor in functors:
            row += [shift + image for image in functor.action[g]]
            shift += len(functor.elements[functor.ends(g)[1]])
        action.append(tuple(row))
    return SetFunctor("coproduct", first.category, first.contravariant, elements, tuple(action))


def _is_functorial(functor: SetFunctor) -> bool:
    category = functor.category
    for f in range(category.arrow_count):
        for g in category.leaving[category.target(f)]:
            both = (*category.word(f), g)
            composite = category.word(category.step(f, g))
            over = category.generators[g].cod if functor.contravariant else category.source(f)
            if any(functor.act_word(both, t) != functor.act_word(composite, t) for t in functor.at(over)):
                return False
    return True


def _all_functors(category: Category, largest: int, contravariant: bool) -> Iterator[SetFunctor]:
    for sizes in product(range(largest + 1), repeat=category.object_count):
        ends = [(g.cod, g.dom) if contravariant else (g.dom, g.cod) for g in category.generators]
        tables = [list(product(range(sizes[target]), repeat=sizes[source])) for source, target in ends]
        for action in product(*tables):
            labels = tuple(tuple(f"t{i}" for i in range(size)) for size in sizes)
            functor = SetFunctor("T", category, contravariant, labels, action)
            if _is_functorial(functor):
                yield functor


@cache
def set_functors() -> tuple[SetFunctor, ...]:
    """All functors with at most two elements over each object; on one-object categories at most four."""
    return tuple(
        functor
        for category in categories()
        for contravariant in (True, False)
        for functor in _all_functors(category, 4 if category.object_count == 1 else 2, contravariant)
    )


def quantified(quantifier: Quantifier, *variables: Variable, body: Formula) -> Formula:
    for variable in reversed(variables):
        body = Quantified(quantifier, variable, body)
    return body


def is_universal(functor: SetFunctor, at: Variable, element: Variable) -> Formula:
    """The definition: every t in T(X) is T(f)(u) for exactly one f."""
    x = Variable("X", Objects(functor.category))
    t = Variable("t", Elements(functor, x))
    ends = (x, at) if functor.contravariant else (at, x)
    f = Variable("f", Arrows(functor.category, *ends))
    unique = Quantified(Quantifier.EXISTS_UNIQUE, f, Equal(Action(functor, f, element), t))
    return quantified(Quantifier.FORALL, x, t, body=unique)


def is_representable(functor: SetFunctor) -> Formula:
    """The definition: there is a universal element."""
    p = Variable("P", Objects(functor.category))
    u = Variable("u", Elements(functor, p))
    return quantified(Quantifier.EXISTS, p, u, body=is_universal(functor, p, u))


def reached(functor: SetFunctor, element: int) -> list[int]:
    """T(f)(u) for every arrow f, in the order of the arrows."""
    category = functor.category
    start = category.target if functor.contravariant else category.source
    arrows = (f for f in range(category.arrow_count) if start(f) == functor.base[element])
    return [functor.act_arrow(f, element) for f in arrows]
