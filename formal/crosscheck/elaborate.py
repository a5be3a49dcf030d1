"""From the syntax tree of a cross-check to formulas and measurements, one row for each task and model.

A variable stands for a declared name or a label; each row is the cross-check with the names put in their places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import TypeVar

from formal.crosscheck.model import CrossCheck, Measure, Question, Row
from formal.crosscheck.request import measure
from formal.elaborate import enriched
from formal.elaborate.enriched import RelationClaim
from formal.elaborate.module import MOST_EXPRESSIONS, Claim, Script, prelude
from formal.elaborate.names import Budget
from formal.elaborate.quantity import quantity
from formal.elaborate.reader import Reader
from formal.elaborate.scope import Model, Passed, duplicate, reject, suggestions
from formal.elaborate.workshop import Workshop
from formal.enriched.formula import And, Compare, Constant, Order, Quantity
from formal.syntax import ast
from formal.syntax.printer import print_expression, print_name
from formal.syntax.tree import parts_of, renamed
from formal.text import Code, Diagnostic, Label, Rejection
from formal.verdict.result import Outcome, Role

MOST_ROWS = 1000
"""Of a cross-check: tasks times models."""
_FINDINGS = {"agrees": Outcome.AGREES, "disagrees": Outcome.DISAGREES, "not_comparable": Outcome.NOT_COMPARABLE}
_COMPARED = ("predict", "measure", "own")
A = TypeVar("A")
T = TypeVar("T")


def elaborate_crosschecks(script: Script) -> tuple[list[CrossCheck], list[Diagnostic]]:
    """The cross-checks of a script, and what is wrong with the others."""
    found: list[CrossCheck] = []
    wrong: list[Diagnostic] = []
    for node in script.crosschecks:
        reader = Reader(script.module, Workshop(prelude), Budget(MOST_EXPRESSIONS, node.name.span))
        try:
            found.append(_CrossChecks(script, reader).crosscheck(node))
        except Passed:
            pass  # what it speaks of was rejected, and that has been said
        except Rejection as rejection:
            wrong += rejection.diagnostics
        except RecursionError:
            message = "this is nested too deeply, what it is defined by included"
            wrong.append(Diagnostic(Code.NESTING_TOO_DEEP, message, Label(node.name.span)))
    return found, wrong


def _all(function: Callable[[A], T], items: Iterable[A]) -> list[T]:
    """A function applied to each item; what is wrong with any of them is said at once."""
    found: list[T] = []
    wrong: list[Diagnostic] = []
    for item in items:
        try:
            found.append(function(item))
        except Rejection as rejection:
            wrong += (diagnostic for diagnostic in rejection.diagnostics if diagnostic not in wrong)
    if wrong:
        raise Rejection(wrong)
    return found


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable, and the names that it stands for one after another."""

    name: ast.Name
    elements: tuple[ast.Name, ...]
    is_model: bool


@dataclass(frozen=True, slots=True)
class _CrossChecks:
    """Elaborates the cross-checks of a script."""

    script: Script
    reader: Reader

    def crosscheck(self, node: ast.CrossCheckDecl) -> CrossCheck:
        """All of one; raises ``Rejection`` with all that is wrong with it."""
        variables = self._variables(node)
        checks = [clause for clause in node.clauses if isinstance(clause, ast.CheckClause)]
        licences = [clause.theorem for clause in node.clauses if isinstance(clause, ast.ByClause)]
        _require_comparison(node, checks)
        theorems = _all(self._theorem, licences)
        choices = list(product(*(variable.elements for variable in variables)))
        if len(choices) > MOST_ROWS:
            message = f"a cross-check has at most {MOST_ROWS} rows, not {len(choices)}"
            raise reject(Code.BUDGET_EXCEEDED, message, node.name.span)
        rows = _all(partial(self._row, checks, variables), choices)
        declared = [meaning for _, meaning in self.script.module.meanings.values() if isinstance(meaning, Model)]
        alone = declared if len(declared) == 1 else []
        compared = [] if node.models is None else [self.reader.model(name) for name in variables[-1].elements]
        finding = node.expect
        return CrossCheck(
            node.name.text,
            node.name.span,
            node.doc,
            "; ".join(" ".join(clause.span.text.split()) for clause in node.clauses),
            "; ".join(theorems),
            tuple(rows),
            Outcome.AGREES if finding is None else _FINDINGS[finding.word.text],
            "" if finding is None or finding.because is None else finding.because.text,
            len(compared) or min(len(declared), 1),
            len({seed for model in compared or alone for seed in model.bundle.seeds}),
        )

    # --- variables --------------------------------------------------------------------------------

    def _variables(self, node: ast.CrossCheckDecl) -> list[_Variable]:
        """The variables; no other name is theirs, and all that they stand for is known."""
        first: dict[str, ast.Name] = {}
        binders = [*node.tasks, *([node.models] if node.models is not None else [])]
        for binder in binders:
            (name,) = binder.names
            known = self.script.module.span_of(name.text) if name.text not in first else first[name.text].span
            if name.text in first or name.text in self.script.module.meanings:
                raise Rejection([duplicate(name, known)])
            first[name.text] = name
        for name in _bound(node.clauses):
            if name.text in first:
                raise Rejection([duplicate(name, first[name.text].span)])
        return _all(lambda binder: self._variable(binder, is_model=binder is node.models), binders)

    def _variable(self, binder: ast.Membership, *, is_model: bool) -> _Variable:
        (name,) = binder.names
        elements = binder.range.elements if isinstance(binder.range, ast.SetLiteral) else ()
        if not elements:
            raise reject(Code.WRONG_ARGUMENTS, f"`{name.text}` stands for nothing", binder.span)
        first: dict[str, ast.Name] = {}
        for element in elements:
            if element.text in first:
                raise Rejection([duplicate(element, first[element.text].span)])
            first[element.text] = element
        if is_model:
            self._require_models(elements)
        else:
            _all(self._require_known, elements)
        return _Variable(name, elements, is_model)

    def _require_known(self, name: ast.Name) -> None:
        if not name.quoted and self.reader.meaning(name) is None:
            known = list(self.script.module.meanings)
            help_ = suggestions(name.text, known) or ("quotes make it a label",)
            raise reject(Code.UNKNOWN_NAME, f"`{name.text}` is not declared", name.span, "not found", help=help_)

    def _require_models(self, elements: Sequence[ast.Name]) -> None:
        """Different bundles: the same one twice would agree with itself."""
        bundles = _all(lambda name: self.reader.model(name).bundle, elements)
        first: dict[str, ast.Name] = {}
        for name, bundle in zip(elements, bundles, strict=True):
            other = first.setdefault(bundle.digest, name)
            if other is not name:
                message = f"`{name.text}` is the same bundle as `{other.text}`, and tells nothing new"
                label = (Label(other.span, "the same bundle"),)
                raise reject(Code.DUPLICATE_NAME, message, name.span, secondary=label)

    # --- the theorem ------------------------------------------------------------------------------

    def _theorem(self, name: ast.Name) -> str:
        """What licenses it, in words; a name is that of a claim or theorem, here or in an import, expected proved."""
        if name.quoted:
            return name.text
        known: dict[str, tuple[str, str]] = {}
        for file, stated, expected in _stated(self.script):
            known.setdefault(stated, (file, expected))
        if name.text not in known:
            message = f"`{name.text}` is no claim or theorem of this script or of what it imports"
            help_ = suggestions(name.text, known) or ("import its file, or say it in quotes",)
            raise reject(Code.UNKNOWN_NAME, message, name.span, "not found", help=help_)
        file, expected = known[name.text]
        if expected != "proved":
            message = f"`{name.text}` is expected to be {expected}, so nothing follows from it"
            raise reject(Code.WRONG_KIND, message, name.span)
        return name.text if file == self.script.source.name else f"{name.text} ({file})"

    # --- rows -------------------------------------------------------------------------------------

    def _row(
        self, checks: Sequence[ast.CheckClause], variables: Sequence[_Variable], values: Sequence[ast.Name]
    ) -> Row:
        chosen = list(zip(variables, values, strict=True))
        names = {variable.name.text: value for variable, value in chosen}
        items = _all(partial(self._item, names), checks)
        shown = [f"{variable.name.text} = {print_name(value)}" for variable, value in chosen]
        task = [text for text, variable in zip(shown, variables, strict=True) if not variable.is_model]
        model = next((value.text for variable, value in chosen if variable.is_model), "")
        return Row(", ".join(shown), ", ".join(task), model, tuple(items))

    def _item(self, names: Mapping[str, ast.Name], clause: ast.CheckClause) -> Question | Measure:
        body = renamed(clause.body, names)
        range_ = None if clause.range is None else renamed(clause.range, names)
        said = print_expression(body) if range_ is None else f"{print_expression(body)} in {print_expression(range_)}"
        statement = said if clause.name is None else f"{clause.name.text}: {said}"
        if clause.kind == "measure" and range_ is not None:
            return measure(self.reader, body, range_, statement, clause.span)
        role = Role(clause.kind)
        if range_ is None:
            formula = enriched.formula(self.reader, body)
            return Question(role, statement, clause.span, formula, _sides(body, formula))
        ends = (range_.lower, range_.upper) if isinstance(range_, ast.Interval) else ()
        value, lower, upper = _all(partial(quantity, self.reader), (body, *ends))
        formula = And((Compare(lower, Order.AT_MOST, value), Compare(value, Order.AT_MOST, upper)))
        return Question(role, statement, clause.span, formula, ((print_expression(body), value),), (lower, upper))


def _require_comparison(node: ast.CrossCheckDecl, checks: Sequence[ast.CheckClause]) -> None:
    """Something is compared, and each verdict on the ideal relation with one on the model's own."""
    ideal, own = ([clause for clause in checks if clause.kind == kind] for kind in ("ideal", "own"))
    if len(ideal) != len(own):
        more, fewer = (ideal, "own") if len(ideal) > len(own) else (own, "ideal")
        alone = more[min(len(ideal), len(own))]
        message = f"this is compared with no `{fewer}` statement"
        raise reject(Code.MISSING_VALUE, message, alone.span, help=("the first `ideal` goes with the first `own`",))
    if not any(clause.kind in _COMPARED for clause in checks):
        help_ = ("say what is expected: `predict`, `measure`, or `ideal` and `own`",)
        raise reject(Code.MISSING_VALUE, f"`{node.name.text}` compares nothing", node.name.span, help=help_)


def _bound(node: object) -> Iterator[ast.Name]:
    """The variables of the quantifiers in a syntax tree."""
    stack: list[object] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, ast.Membership | ast.Typing):
            yield from part.names
        stack += parts_of(part)


def _stated(script: Script) -> Iterator[tuple[str, str, str]]:
    """All claims and theorems of a script and of its imports: file, name, and the verdict that is expected."""
    seen: set[int] = set()
    stack = [script]
    while stack:
        found = stack.pop()
        if id(found) in seen:
            continue
        seen.add(id(found))
        claims: list[Claim | RelationClaim] = [*found.claims, *found.relation_claims]
        for claim in claims:
            yield found.source.name, claim.name, claim.expected
        for node in found.theorems:
            yield found.source.name, node.name.text, "proved" if node.expect is None else node.expect.text
        stack += reversed(found.imports)


def _sides(body: ast.Expr, formula: object) -> tuple[tuple[str, Quantity], ...]:
    """The quantities that a formula compares, if it is a single comparison of numbers."""
    if not isinstance(body, ast.Comparison) or body.tolerance is not None or not isinstance(formula, Compare):
        return ()
    sides = (formula.left, formula.right)
    return _told(zip((body.left, body.right), sides[::-1] if body.operator in (">", ">=") else sides, strict=True))


def _told(named: Iterable[tuple[ast.Expr, Quantity]]) -> tuple[tuple[str, Quantity], ...]:
    """Quantities whose values are worth telling: no numbers written out."""
    return tuple((print_expression(expr), value) for expr, value in named if not isinstance(value, Constant))
