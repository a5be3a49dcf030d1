"""A statement in the making: what its clauses have declared so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from formal.elaborate.scope import duplicate, reject
from formal.logic.theory import CategorySymbol, Formula, Function, SetFunctorSymbol
from formal.statement.expression import Elaborator
from formal.statement.functor import Functor
from formal.statement.model import Constructed, Given, Hypothesis, Obligation, Origin, Purpose
from formal.statement.point import Point
from formal.statement.transformation import Transformation
from formal.statement.unknown import Law
from formal.statement.value import Value
from formal.syntax import ast
from formal.text import Code, Diagnostic, Rejection, Span


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit or colimit that is given: its diagram, its vertex, its legs."""

    diagram: Functor
    vertex: Point
    legs: Transformation
    is_colimit: bool


@dataclass(frozen=True, slots=True)
class KanExtension:
    """A left or right Kan extension of ``of`` along ``along`` that is given, with its unit or counit."""

    functor: Functor
    along: Functor
    of: Functor
    unit: Transformation
    is_left: bool
    is_pointwise: bool


@dataclass(slots=True)
class Draft:
    """What the clauses of a theorem have declared so far.

    Args:
        elaborator: with the names that are declared.
        names: where each name was declared; those of hypotheses and of steps too.
        things: those of them that stand for things.
        sources: the formulas of assumptions and steps as they were written, by name, with the names they know.
        universals: what is given by a universal property, by name.
        hypotheses: without the laws of categories and of set-valued functors, which come before all of them.
    """

    elaborator: Elaborator
    categories: list[CategorySymbol] = field(default_factory=list)
    set_functors: list[SetFunctorSymbol] = field(default_factory=list)
    givens: list[Given] = field(default_factory=list)
    constructed: list[Constructed] = field(default_factory=list)
    hypotheses: list[Hypothesis] = field(default_factory=list)
    obligations: list[Obligation] = field(default_factory=list)
    names: dict[str, Span] = field(default_factory=dict)
    things: list[ast.Name] = field(default_factory=list)
    sources: dict[str, tuple[Elaborator, ast.Expr]] = field(default_factory=dict)
    universals: dict[str, Limit | KanExtension] = field(default_factory=dict)
    laws: list[Hypothesis] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    # --- names ------------------------------------------------------------------------------------

    def reserve(self, name: ast.Name, *, is_thing: bool = True) -> None:
        """A name that is about to be declared: of a thing, or of a hypothesis or a step.

        Raises:
            Rejection: the theorem declares it already, or nothing could speak of it.
        """
        if name.quoted:
            raise reject(Code.WRONG_KIND, f'`"{name.text}"` is a label; a name is without quotes', name.span)
        if name.text in self.names:
            raise Rejection([duplicate(name, self.names[name.text])])
        self.names[name.text] = name.span
        if is_thing:
            self.things.append(name)

    def bind(self, name: ast.Name, value: Value) -> None:
        """Let later clauses know what a name stands for."""
        self.elaborator = self.elaborator.with_declared({name.text: value})

    def poison(self, names: Sequence[ast.Name]) -> None:
        """What was to be declared is broken: whatever speaks of it is passed over in silence."""
        for name in names:
            self.names.setdefault(name.text, name.span)
            if name.text not in self.elaborator.bound:
                self.elaborator.shared.broken.add(name.text)

    def fresh(self, kind: str, *, numbered: bool = False) -> str:
        """A name for an unnamed clause: ``show``, ``show 2``, …; numbered from the first on: ``assume 1``."""
        taken = {h.name for h in self.hypotheses} | {o.name for o in self.obligations} | set(self.names)
        number = 1
        while True:
            name = kind if number == 1 and not numbered else f"{kind} {number}"
            if name not in taken:
                return name
            number += 1

    # --- hypotheses and obligations ---------------------------------------------------------------

    def suppose(self, name: str, formula: Formula, origin: Origin, span: Span, obligation: str = "") -> None:
        """Add a hypothesis."""
        self.hypotheses.append(Hypothesis(name, formula, origin, span, obligation))

    def suppose_laws(self, name: str, laws: Sequence[Law], origin: Origin, span: Span, obligation: str = "") -> None:
        """Add the laws of something as hypotheses ``NAME.law``."""
        for label, formula in laws:
            self.suppose(f"{name}.{label}", formula, origin, span, obligation)

    def demand(self, name: str, purpose: Purpose, formula: Formula, span: Span) -> None:
        """Add an obligation, for which everything supposed so far may be used."""
        self.obligations.append(Obligation(name, purpose, formula, span, len(self.hypotheses)))

    def give(
        self, name: ast.Name, kind: str, parameter: ast.Parameter, value: Value, functions: tuple[Function, ...] = ()
    ) -> None:
        """Something given, by its name."""
        self.givens.append(Given(name.text, kind, name.span, parameter, functions))
        self.bind(name, value)

    def construct(
        self,
        name: ast.Name,
        kind: str,
        value: Value,
        functions: tuple[Function, ...] = (),
        expression: ast.Expr | None = None,
    ) -> None:
        """Something constructed, by its name."""
        self.constructed.append(Constructed(name.text, kind, name.span, functions, expression))
        self.bind(name, value)
