"""Claims with one thing changed: a quantifier, a connective, a constant, a count, a table's entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from formal.core.functor import SetFunctor
from formal.logic import formula as L  # noqa: N812

NEXT = {"forall": "exists", "exists": "exists!", "exists!": "forall"}


def mutants(p: L.Formula) -> Iterator[L.Formula]:
    """The formula with one thing changed, in all ways."""
    match p:
        case L.Truth(value):
            yield L.Truth(not value)
        case L.Not(q):
            yield q
            yield from map(L.Not, mutants(q))
        case L.And(parts) | L.Or(parts):
            yield (L.Or if isinstance(p, L.And) else L.And)(parts)
            yield from (replace(p, parts=changed) for changed in _one_of(parts))
            yield from (replace(p, parts=parts[:i] + parts[i + 1 :]) for i in range(len(parts)))
        case L.Implies(q, r):
            yield from (L.Implies(r, q), L.Iff(q, r), L.And((q, r)))
            yield from (L.Implies(*changed) for changed in _one_of((q, r)))
        case L.Iff(q, r):
            yield from (L.Implies(q, r), L.Implies(r, q))
            yield from (L.Iff(*changed) for changed in _one_of((q, r)))
        case L.Quantified(quantifier, x, q):
            yield L.Quantified(L.Quantifier(NEXT[quantifier]), x, q)
            yield from (L.Quantified(quantifier, x, changed) for changed in mutants(q))
        case L.Instances(quantifier, _, labels, parts):
            yield replace(p, quantifier=L.Quantifier(NEXT[quantifier]))
            yield from (replace(p, parts=changed) for changed in _one_of(parts))
            if parts:
                yield replace(p, labels=labels[1:], parts=parts[1:])
        case L.Named(body=q):
            yield from (replace(p, body=changed) for changed in mutants(q))
        case L.Covered(T, n) | L.CoproductOfRepresentables(T, n):  # noqa: N806
            yield from (replace(p, count=n + 1), replace(p, count=max(n - 1, 0)))
            yield from (replace(p, functor=changed) for changed in entries(T))
        case L.Isomorphic(SetFunctor() as S, SetFunctor() as T):  # noqa: N806
            yield from (L.Isomorphic(S, changed) for changed in entries(T))
        case L.Equal(left, right):
            yield from (L.Equal(left, changed) for changed in _constants(right))
            yield L.Not(p)


def _one_of(parts: tuple[L.Formula, ...]) -> Iterator[tuple[L.Formula, ...]]:
    for i, part in enumerate(parts):
        for changed in mutants(part):
            yield (*parts[:i], changed, *parts[i + 1 :])


def _constants(term: L.Term) -> Iterator[L.Term]:
    match term:
        case L.ObjectConstant(C, value):  # noqa: N806
            yield from (L.ObjectConstant(C, x) for x in range(C.object_count) if x != value)
        case L.ElementConstant(T, value):  # noqa: N806
            yield from (L.ElementConstant(T, t) for t in T.at(T.base[value]) if t != value)
        case L.ArrowConstant(C, value):  # noqa: N806
            yield from (L.ArrowConstant(C, f) for f in C.hom(C.source(value), C.target(value)) if f != value)


def entries(functor: SetFunctor) -> Iterator[SetFunctor]:
    """The set-valued functor with one entry of one table changed; no longer a functor, perhaps."""
    for g, table in enumerate(functor.action):
        target = functor.ends(g)[1]
        for t, image in enumerate(table):
            for other in range(len(functor.elements[target])):
                if other != image:
                    changed = (*table[:t], other, *table[t + 1 :])
                    action = (*functor.action[:g], changed, *functor.action[g + 1 :])
                    yield replace(functor, action=action, arrows=None)
