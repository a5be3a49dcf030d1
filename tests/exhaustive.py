"""Truth of closed formulas, straight from the definitions, with no cleverness: the reference for everything else."""

# fmt: off
# ruff: noqa: C419, E501, E701, N803, N806, N812, SIM401
from itertools import combinations, product

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.logic import formula as L
from tests.definition import closed, equivalence, generated


def holds(p, e=None):
    """The truth value of a formula, with the values ``e`` of its free variables."""
    e = e or {}
    match p:
        case L.Truth(value):                                    return value
        case L.Equal(s, t):                                     return term(s, e) == term(t, e)
        case L.Equinumerous(A, B):                              return len(values(A, e)) == len(values(B, e))
        case L.Universal(T, u):                                 return sorted(generated(T, [term(u, e)])) == [*range(T.size)]
        case L.Covered(T, n):                                   return any({*generated(T, us)} == {*range(T.size)} for k in range(n + 1) for us in combinations(range(T.size), k))
        case L.CoproductOfRepresentables(T, n):                 return any(sorted(generated(T, us)) == [*range(T.size)] for us in combinations(range(T.size), n))
        case L.Connected(C):                                    return C.object_count > 0 and not any(closed(C, part) for k in range(1, C.object_count) for part in combinations(range(C.object_count), k))
        case L.Isomorphic(SetFunctor() as S, T):                return any(sorted(m) == [*range(T.size)] for m in values(L.Transformations(S, T), e))
        case L.Isomorphic(C, D):                                return any(sorted(Functor("", C, D, *v).arrows) == [*range(D.arrow_count)] for v in values(L.Functors(C, D), e))
        case L.Equivalent(C, D):                                return any(equivalence(Functor("", C, D, *v)) for v in values(L.Functors(C, D), e))
        case L.Finite(C):                                       return isinstance(C, Category)
        case L.Not(q):                                          return not holds(q, e)
        case L.And(parts):                                      return all([holds(q, e) for q in parts])
        case L.Or(parts):                                       return any([holds(q, e) for q in parts])
        case L.Implies(q, r):                                   return not holds(q, e) or holds(r, e)
        case L.Iff(q, r):                                       return holds(q, e) == holds(r, e)
        case L.Named(body=q):                                   return holds(q, e)
        case L.Instances(quantifier=Q, parts=parts):            return quantified(Q, [holds(q, e) for q in parts])
        case L.Quantified(Q, x, q):                             return quantified(Q, [holds(q, e | {x: v}) for v in values(x.range, e)])

def quantified(Q, truths): return {"forall": all(truths), "exists": any(truths), "exists!": sum(truths) == 1}[Q]

def values(r, e):
    match r:
        case L.Objects(C):                                      return range(C.object_count)
        case L.Arrows(C, x, y) | L.Hom(C, x, y):                return [f for f in range(C.arrow_count) if (x is None or term(x, e) == C.source(f)) and (y is None or term(y, e) == C.target(f))]
        case L.Elements(T, x) | L.Fibre(T, x):                  return T.at(term(x, e))
        case L.FiniteSet(labels):                               return labels
        case L.Transformations(S, T):                           return [m for m in product(*map(T.at, S.base)) if not [*Transformation("", S, T, m).failures()]]
        case L.FunctorTransformations(F, G):                    return [c for F, G in [(functor(F, e), functor(G, e))] for c in product(*map(F.cod.hom, F.objects, G.objects)) if not [*FunctorTransformation("", F, G, c).failures()]]
        case L.Functors(C, D):                                  return [(o, k) for o in product(range(D.object_count), repeat=C.object_count) for k in product(*(D.hom(o[g.dom], o[g.cod]) for g in C.generators)) if not [*Functor("", C, D, o, k).failures()]]

def term(t, e):
    match t:
        case L.Variable():                                      return e[t]
        case L.ObjectConstant() | L.ArrowConstant() | L.ElementConstant(): return t.value
        case L.Dom(f):                                          return category(f, e).source(term(f, e))
        case L.Cod(f):                                          return category(f, e).target(term(f, e))
        case L.Identity(_, x):                                  return term(x, e)
        case L.Composite(C, f, g):                              return C.compose(term(f, e), term(g, e))
        case L.ObjectImage(F, x):                               return functor(F, e).objects[term(x, e)]
        case L.ArrowImage(F, f):                                return functor(F, e).arrows[term(f, e)]
        case L.Component(phi, x):                               return (e[phi] if phi in e else phi.components)[term(x, e)]
        case L.Apply(phi, s):                                   return (e[phi] if phi in e else phi.images)[term(s, e)]
        case L.ArrowOfElement(T, s):                            return T.arrows[term(s, e)]
        case L.ElementOfArrow(T, f):                            return T.arrows.index(term(f, e))
        case L.Action(T, f, s):                                 return T.act_arrow(term(f, e), term(s, e))

def functor(F, e):
    match F:
        case L.Variable(range=r):                               return Functor("", r.dom, r.cod, *e[F])
        case L.FunctorComposite(f, g):                          return (lambda F, G: Functor("", F.dom, G.cod, tuple(G.objects[x] for x in F.objects), tuple(G.arrows[k] for k in F.generators)))(functor(f, e), functor(g, e))
        case _:                                                 return F

def category(f, e):
    match f:
        case L.ArrowImage(F) | L.Component(L.Variable(range=L.FunctorTransformations(dom=F)) | FunctorTransformation(dom=F)): return functor(F, e).cod
        case L.ArrowOfElement(T):                               return T.category
        case _:                                                 return getattr(f, "range", f).category
