"""A script that declares the matrices of a small claim about relations and claims it again, unfolded.

Only what the language can say is written: a restriction that repeats an object, or features outside of the quantale,
have no words, and then there is no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import (
    And,
    AtLeast,
    Classes,
    Closure,
    Combined,
    Compare,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Formula,
    Gap,
    Given,
    InHull,
    Matrix,
    Metric,
    Not,
    Opposite,
    Or,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
    SoftPrompt,
    SoftWeight,
)
from formal.quantale import INFINITY, Box, Number, Quantale
from formal.valuation.matrix import operands
from formal.valuation.parts import matrices, places
from formal.valuation.walk import postorder

MOST_ENTRIES = 100
MOST_PARTS = 60
MOST_DIGITS = 30
LONGEST_TERM = 2000
"""Characters of the text of a matrix: terms that occur twice in others would grow without end."""
_POINT = ("*",)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(["and", "or", "not", "implies", "iff", "forall", "exists", "in", "true", "false", "infinity"])


class _Inexpressible(Exception):
    """The language has no words for it."""


@dataclass(frozen=True, slots=True)
class _Term:
    """A matrix in words, with the labels that it has there."""

    text: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def is_vector(self) -> bool:
        return _POINT in (self.rows, self.columns)


def script_of(formula: Formula) -> str:
    """The script; empty when the claim is large, or cannot be written in this way."""
    parts = list(islice(places(formula), MOST_PARTS + 1))
    if len(parts) > MOST_PARTS:
        return ""
    givens: dict[int, Given] = {}
    for _, node in parts:
        for root in matrices(node):
            for matrix in postorder(root, operands):
                if isinstance(matrix, Given):
                    givens[id(matrix)] = matrix
    if sum(given.table.lower.size for given in givens.values()) > MOST_ENTRIES:
        return ""
    try:
        writer = _Writer(list(givens.values()))
        claim = writer.formula(formula)
    except _Inexpressible:
        return ""
    return "\n".join([*writer.declarations, f"claim again: {claim}", ""])


# --- numbers and labels ---------------------------------------------------------------------------


def _label(text: str) -> str:
    if (_NAME.fullmatch(text) and text not in _RESERVED) or (text.isascii() and text.isdecimal()):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    if not text.isprintable():
        raise _Inexpressible
    return f'"{escaped}"'


def _set(labels: Iterable[str]) -> str:
    return "{" + ", ".join(map(_label, labels)) + "}"


def _rational(value: Number) -> str:
    if value == INFINITY:
        return "infinity"
    text = str(Fraction(value))
    if len(text) > MOST_DIGITS:
        raise _Inexpressible
    return text


def _box(value: Box) -> str:
    if value.is_point:
        return _rational(value.lower)
    return f"[{_rational(value.lower)}, {_rational(value.upper)}]"


def _expression(value: Expression) -> str:
    words: dict[int, str] = {}
    for node in postorder(value, lambda e: e.operands if isinstance(e, Applied) else ()):
        match node:
            case Rational(exact):
                words[id(node)] = f"({_rational(exact)})" if exact < 0 or exact.denominator > 1 else _rational(exact)
            case Unknown():
                raise _Inexpressible
            case Applied(Operation.SQRT | Operation.EXP | Operation.LOG as operation, (part,)):
                words[id(node)] = f"{operation.value}({words[id(part)]})"
            case Applied(Operation.NEGATE, (part,)):
                words[id(node)] = f"(-{words[id(part)]})"
            case Applied(Operation.POWER, (base, exponent)):
                words[id(node)] = f"({words[id(base)]})^{words[id(exponent)]}"
            case Applied(operation, parts):
                words[id(node)] = f"({f' {operation.value} '.join(words[id(part)] for part in parts)})"
        if len(words[id(node)]) > LONGEST_TERM:
            raise _Inexpressible
    return words[id(value)]


# --- declarations ---------------------------------------------------------------------------------


class _Writer:
    """Declares matrices, and writes what is said of them."""

    def __init__(self, givens: list[Given]) -> None:
        self.declarations: list[str] = []
        self._terms: dict[int, _Term] = {}
        self._taken: set[str] = set()
        self._bases: list[tuple[str, Given]] = []
        for given in sorted(givens, key=lambda given: _POINT in (given.rows, given.columns)):
            name = self._fresh(given.name)
            self._declare(name, given)
            self._terms[id(given)] = _Term(name, given.rows, given.columns)

    def _fresh(self, name: str) -> str:
        base = name if _NAME.fullmatch(name) and name not in _RESERVED else "M"
        found, count = base, 1
        while found in self._taken:
            count += 1
            found = f"{base}_{count}"
        self._taken.add(found)
        return found

    def _declare(self, name: str, given: Given) -> None:
        if any(not given.quantale.contains(end) for end in _ends(given)):
            raise _Inexpressible
        entries = dict(_entries(given))
        if given.columns == _POINT != given.rows:
            self._vector("weight", name, given, [(label, entries[i, 0]) for i, label in enumerate(given.rows)])
        elif given.rows == _POINT != given.columns:
            self._vector("coweight", name, given, [(label, entries[0, j]) for j, label in enumerate(given.columns)])
        else:
            square = given.rows == given.columns
            diagonal, elsewhere = given.quantale.unit if square else given.quantale.bottom, given.quantale.bottom
            cells = [
                f"{_label(given.rows[i])} -> {_label(given.columns[j])} = {text}"
                for (i, j), text in entries.items()
                if text != _rational(diagonal if i == j else elsewhere)
            ]
            ends = f"on {_set(given.rows)}" if square else f"from {_set(given.rows)} to {_set(given.columns)}"
            word = "relation" if square else "profunctor"
            self.declarations.append(f"{word} {name} {ends} over {given.quantale.value} {_block(cells)}")
            self._bases.append((name, given))

    def _vector(self, word: str, name: str, given: Given, entries: list[tuple[str, str]]) -> None:
        labels = given.rows if word == "weight" else given.columns
        known = (name for name, relation in self._bases if _is_on(relation, word, labels, given.quantale))
        base = next(known, "")
        if not base:
            base = self._fresh("Objects")
            self.declarations.append(f"relation {base} on {_set(labels)} over {given.quantale.value} {{}}")
        self.declarations.append(f"{word} {name} on {base} {_block(f'{_label(x)} |-> {v}' for x, v in entries)}")

    # --- matrices ---

    def matrix(self, matrix: Matrix) -> _Term:
        """A matrix in words."""
        for node in postorder(matrix, lambda m: () if id(m) in self._terms else operands(m)):
            if id(node) not in self._terms:
                term = self._matrix(node, [self._terms[id(part)] for part in operands(node)])
                if len(term.text) > LONGEST_TERM:
                    raise _Inexpressible
                self._terms[id(node)] = term
        return self._terms[id(matrix)]

    def _matrix(self, matrix: Matrix, parts: list[_Term]) -> _Term:
        first = parts[0]
        match matrix:
            case Composite():
                second = parts[1]
                right = f"({second.text})" if " >> " in second.text else second.text
                return _Term(f"{first.text} >> {right}", first.rows, second.columns)
            case Residual():
                return _Term(f"residual({first.text}, {parts[1].text})", first.columns, parts[1].columns)
            case Opposite():
                return _Term(f"opposite({first.text})", first.columns, first.rows)
            case Closure():
                return _Term(f"closure({first.text})", first.rows, first.columns)
            case AtLeast(level=level):
                return _Term(f"at_least({first.text}, {_rational(level)})", first.rows, first.columns)
            case Restriction(rows=rows, columns=columns):
                return _restricted(first, rows, columns)
            case _:
                raise _Inexpressible

    def vector(self, matrix: Matrix) -> _Term:
        """A matrix with one row or column as a weight or coweight."""
        term = self.matrix(matrix)
        if term.is_vector:
            return term
        if isinstance(matrix, Restriction) and len(term.columns) == 1:
            whole = self.matrix(matrix.of)
            kept = _restricted(whole, matrix.rows, tuple(range(len(whole.columns))))
            return _Term(f"column({kept.text}, {_label(term.columns[0])})", kept.rows, _POINT)
        raise _Inexpressible

    def pair(self, left: Matrix, right: Matrix) -> str:
        """Two matrices of one shape, both vectors or neither."""
        terms = self.matrix(left), self.matrix(right)
        if any(term.is_vector for term in terms):
            terms = self.vector(left), self.vector(right)
        return f"{terms[0].text}, {terms[1].text}"

    def against(self, target: Matrix, of: Matrix) -> str:
        """A weight, and the relation that it is compared in."""
        base = self.matrix(of)
        if base.is_vector:
            raise _Inexpressible
        return f"{self.vector(target).text}, in: {base.text}"

    # --- quantities and formulas ---

    def quantity(self, quantity: Quantity) -> str:
        """A quantity in words."""
        match quantity:
            case Constant(value):
                return _expression(value)
            case Entry(of, row, column):
                return self._entry(self.matrix(of), row, column)
            case Distance(left, right, metric):
                return f"distance({self.pair(left, right)}{_metric(metric)})"
            case Excess(left, right):
                return f"excess({self.pair(left, right)})"
            case Defect(of):
                return f"defect({self.matrix(of).text})"
            case Gap(of, target, metric):
                return f"gap({self.against(target, of)}{_metric(metric)})"
            case Repair(of):
                return f"repair({self.matrix(of).text})"
            case PromptNumber(of, target, within):
                return f"prompt_number({self.against(target, of)}, within: {_rational(within)})"
            case Classes(of, within, metric):
                return f"nerode_classes({self.matrix(of).text}, within: {_rational(within)}{_metric(metric)})"
            case Rank(of, within):
                return f"rank({self.matrix(of).text}, within: {_rational(within)})"
            case Combined(("min" | "max" | "abs") as word, parts):
                return f"{word}({', '.join(map(self.quantity, parts))})"
            case Combined("negate", (part,)):
                return f"(-{self.quantity(part)})"
            case Combined(sign, parts):
                return f"({f' {sign} '.join(map(self.quantity, parts))})"

    def _entry(self, term: _Term, row: int, column: int) -> str:
        if term.columns == _POINT != term.rows:
            labels = [term.rows[row]]
        elif term.rows == _POINT != term.columns:
            labels = [term.columns[column]]
        else:
            labels = [term.rows[row], term.columns[column]]
        name = f"({term.text})" if " >> " in term.text else term.text
        return f"{name}({', '.join('*' if label == '*' else _label(label) for label in labels)})"

    def formula(self, formula: Formula) -> str:
        """A formula in words."""
        match formula:
            case Compare(left, order, right):
                return f"{self.quantity(left)} {order.value} {self.quantity(right)}"
            case Not(of):
                return f"not ({self.formula(of)})"
            case And(parts) | Or(parts):
                word = " and " if isinstance(formula, And) else " or "
                return word.join(f"({self.formula(part)})" for part in parts) or str(isinstance(formula, And)).lower()
            case SoftPrompt(features, task, margin, threshold):
                level = "" if threshold is None else f", threshold: {_rational(threshold)}"
                margin_ = f"margin: {_rational(margin)}{level}"
                return f"soft_prompt({self.vector(task).text}, features: {self.matrix(features).text}, {margin_})"
            case SoftWeight(features, target, within):
                parts_ = f"features: {self.matrix(features).text}, within: {_rational(within)}"
                return f"soft_representable({self.vector(target).text}, {parts_})"
            case InHull(points, vertices, within, shared):
                if not shared and not all(isinstance(vertex, Given) for vertex in vertices):
                    raise _Inexpressible
                words = [self.matrix(vertex).text for vertex in vertices]
                corners = words[0] if shared else f"{{{', '.join(words)}}}"
                return f"in_hull({self.matrix(points).text}, of: {corners}, within: {_rational(within)})"


def _is_on(relation: Given, word: str, labels: tuple[str, ...], quantale: Quantale) -> bool:
    """Whether a vector with these labels can be declared on a relation."""
    return (relation.rows if word == "weight" else relation.columns) == labels and relation.quantale is quantale


def _metric(metric: Metric) -> str:
    return ", metric: tv" if metric is Metric.TV else ""


def _restricted(term: _Term, rows: tuple[int, ...], columns: tuple[int, ...]) -> _Term:
    """A restriction in words: each object once."""
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        raise _Inexpressible
    row_labels, column_labels = tuple(term.rows[i] for i in rows), tuple(term.columns[j] for j in columns)
    sides = [(row_labels, term.rows, "rows"), (column_labels, term.columns, "columns")]
    arguments = [f"{word}: {_set(kept)}" for kept, all_, word in sides if kept != all_]
    if not arguments:
        return term
    return _Term(f"restrict({term.text}, {', '.join(arguments)})", row_labels, column_labels)


def _block(items: Iterable[str]) -> str:
    text = ", ".join(items)
    return f"{{ {text} }}" if text else "{}"


def _ends(given: Given) -> Iterator[Number]:
    for i in range(len(given.rows)):
        for j in range(len(given.columns)):
            box = given.table.box(i, j)
            yield from (box.lower, box.upper)


def _entries(given: Given) -> Iterator[tuple[tuple[int, int], str]]:
    """The entries in words, by place."""
    symbols = {(symbol.row, symbol.column): symbol.value for symbol in given.symbols}
    for i in range(len(given.rows)):
        for j in range(len(given.columns)):
            at = i, j
            yield at, _expression(symbols[at]) if at in symbols else _box(given.table.box(i, j))
