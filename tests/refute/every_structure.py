"""All finite structures up to a size, by trying all tables: the reference for the search by shapes and clauses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from formal.logic.theory import CategorySymbol, Formula, Function, SetFunctorSymbol
from formal.refute.evaluate import holds
from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor
from formal.statement.model import Given, Hypothesis, Obligation, Origin, Purpose, Statement
from formal.syntax import ast
from formal.text import Source, Span

SPAN = Span(Source("test.cat", "test"), 0, 4)


def statement_of(
    categories: tuple[CategorySymbol, ...],
    set_functors: tuple[SetFunctorSymbol, ...],
    functions: tuple[Function, ...],
    hypotheses: tuple[Formula, ...],
    goal: Formula,
) -> Statement:
    """A statement about given symbols, without a text."""
    laws = [law for c in categories for law in c.laws] + [law for t in set_functors for law in t.laws]
    assumed = [Hypothesis(f"assume {n}", formula, Origin.ASSUMED, SPAN) for n, formula in enumerate(hypotheses, 1)]
    everything = (*(Hypothesis(law.name, law.formula, Origin.LAW, SPAN) for law in laws), *assumed)
    return Statement(
        "test",
        "test.cat",
        ast.TheoremDecl(SPAN, ast.Name(SPAN, "test"), (), None),
        categories,
        set_functors,
        tuple(
            Given(f.name, "family", SPAN, ast.Parameter(SPAN, "family", (ast.Name(SPAN, f.name),)), (f,))
            for f in functions
        ),
        (),
        everything,
        (Obligation("show", Purpose.SHOW, goal, SPAN, len(everything)),),
    )


def _given(function: Function) -> Given:
    parameter = ast.Parameter(SPAN, "family", (ast.Name(SPAN, function.name),))
    return Given(function.name, "family", SPAN, parameter, (function,))


def categories(size: int) -> Iterator[FiniteCategory]:
    """All categories with so many objects and arrows that are no identities, often several of a kind."""
    for objects in range(size + 1):
        places = list(product(range(objects), repeat=2))
        for ends in product(places, repeat=size - objects):
            if list(ends) != sorted(ends):
                continue
            dom = (*range(objects), *(x for x, _ in ends))
            cod = (*range(objects), *(y for _, y in ends))
            yield from _compositions(objects, dom, cod)


def _compositions(objects: int, dom: tuple[int, ...], cod: tuple[int, ...]) -> Iterator[FiniteCategory]:
    arrows = range(len(dom))
    pairs = [(f, g) for f in arrows for g in arrows if cod[f] == dom[g]]
    options = [
        [g] if f < objects else [f] if g < objects else [h for h in arrows if (dom[h], cod[h]) == (dom[f], cod[g])]
        for f, g in pairs
    ]
    for values in product(*options):
        table = dict(zip(pairs, values, strict=True))
        if all(table[table[f, g], h] == table[f, table[g, h]] for f, g in pairs for h in arrows if cod[g] == dom[h]):
            yield FiniteCategory(objects, dom, cod, table)


def presheaves(category: FiniteCategory, elements: int) -> Iterator[FiniteSetFunctor]:
    """All presheaves on a category with so many elements."""
    arrows = range(len(category.dom))
    for at in product(range(category.objects), repeat=elements):
        if list(at) != sorted(at):
            continue
        places = [(f, t) for f in arrows for t in range(elements) if category.cod[f] == at[t]]
        options = [
            [t] if f < category.objects else [s for s in range(elements) if at[s] == category.dom[f]] for f, t in places
        ]
        for values in product(*options):
            action = dict(zip(places, values, strict=True))
            if all(
                action[h, t] == action[f, action[g, t]]
                for (f, g), h in category.composite.items()
                for t in range(elements)
                if at[t] == category.cod[g]
            ):
                yield FiniteSetFunctor(at, action)


def is_satisfied(model: CounterModel, requirements: list[tuple[Formula, bool]]) -> bool:
    """Whether all formulas hold, or fail, as required."""
    return all(holds(formula, model) is wanted for formula, wanted in requirements)
