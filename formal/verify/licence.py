"""What words promise: whether what is taken for a category is one, and what is taken for a presheaf.

``lan``, ``ran``, ``extension``, ``represented`` and ``degree`` stand for formulas about matrices, and verdicts are
about these. That the formula is an extension, or a degree of being represented, follows for presheaves on categories.

Source: Kelly 1982, Basic concepts of enriched category theory, 1.10, 3.1, 4.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from formal.elaborate.relation import Kind, MatrixOf, Use
from formal.elaborate.scope import Module
from formal.enriched.expression import Rational
from formal.enriched.formula import Compare, Constant, Order
from formal.explain.enriched import sentences
from formal.text import Code, Diagnostic, Label, Severity
from formal.valuation import Limits, decide, parameters

LIMITS = Limits(steps=300_000_000)
"""Enough for a relation on 600 objects."""


def unlicensed(module: Module, limits: Limits = LIMITS) -> Iterator[Diagnostic]:
    """What is taken for a category and is none, then what is taken for a presheaf on a category and is none.

    A warning each, also where it is not known within the limits. What leaves a number open is passed over, and so are
    vectors on what is no category.
    """
    doubtful: set[str] = set()
    for use in sorted(module.uses.values(), key=lambda use: use.vector is not None):
        formula = Compare(use.failure, Order.AT_MOST, Constant(Rational(Fraction(0))))
        if use.relation.name in doubtful or parameters(formula):
            continue
        decision = decide(formula, limits)
        if decision.truth is True:
            continue
        if use.vector is None:
            doubtful.add(use.relation.name)
        things = [use.relation, *([] if use.vector is None else [use.vector])]
        found = sentences(formula, decision, {id(thing.matrix): thing.name for thing in things})
        notes = (*found, decision.reason) if decision.reason else found
        yield _warning(use, module, notes, decision.truth)


def _warning(use: Use, module: Module, notes: tuple[str, ...], truth: bool | None) -> Diagnostic:
    relation, vector = use.relation, use.vector
    if vector is None:
        code, taken, kind, where = Code.NOT_A_CATEGORY, relation, "category", ""
    else:
        kind = "presheaf" if vector.kind is Kind.WEIGHT else "copresheaf"
        code, taken, where = Code.NOT_A_PRESHEAF, vector, f" on {_called(relation, module)}"
    name = _called(taken, module)
    says = f"{name} is no {kind}{where}" if truth is False else f"it is not known whether {name} is a {kind}{where}"
    place = module.span_of(taken.name)
    is_whole = name == f"`{taken.name}`"
    return Diagnostic(
        code,
        f"{says}, and `{use.word}` takes it for one",
        Label(use.span, "taken for one here"),
        () if place is None else (Label(place, "declared here"),),
        (f"`closure({taken.name})` is the least category above it",) if vector is None and is_whole else (),
        (*notes, f"verdicts are about the formula that `{use.word}` stands for; what the word promises need not hold"),
        Severity.WARNING,
    )


def _called(value: MatrixOf, module: Module) -> str:
    """The name of a matrix, which is that of the whole where it is restricted."""
    _, known = module.meanings.get(value.name, (None, None))
    is_part = isinstance(known, MatrixOf) and (known.rows, known.columns) != (value.rows, value.columns)
    return f"`{value.name}`{f' (on {len(value.labels)} objects)' if is_part else ''}"
