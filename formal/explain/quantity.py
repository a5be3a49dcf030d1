"""Quantities of a claim about relations in words: what they are called, their values, and where the values come from.

Gaps come with the prompt and the worst object, defects with the triple that violates most, counts with their witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from formal.enriched.evidence import Evidence, PromptCover, RankBounds, RepairBounds
from formal.enriched.expression import Applied, Expression, Operation, Rational, Unknown
from formal.enriched.formula import (
    AtLeast,
    Classes,
    Closure,
    Combined,
    Composite,
    Constant,
    Defect,
    Distance,
    Entry,
    Excess,
    Gap,
    Given,
    Matrix,
    Metric,
    Opposite,
    PromptNumber,
    Quantity,
    Rank,
    Repair,
    Residual,
    Restriction,
)
from formal.quantale import INFINITY, Box
from formal.valuation.classes import partitions
from formal.valuation.domain import Interval, Rationals
from formal.valuation.enclosure import Undefined
from formal.valuation.grid import Array, Grid, aligned
from formal.valuation.limit import Budget, Exhausted
from formal.valuation.matrix import Grids, operands
from formal.valuation.quantity import apart, composed, excesses, gaps, totals, without_diagonal
from formal.valuation.walk import postorder

STEPS = 500_000_000
"""What may be spent on looking for the places that a value comes from."""
SHOWN = 5
"""How many objects, prompts or classes are listed."""
LONGEST_EXACT = 24
"""The longest fraction that is written within a sentence."""

Labels = tuple[tuple[str, ...], tuple[str, ...]]


# --- numbers --------------------------------------------------------------------------------------


def number(value: object) -> str:
    """A number as short as it can be said: a decimal if that is exact, else a fraction, else about what it is."""
    if value == INFINITY or not isinstance(value, int | Fraction):
        return "infinity"
    exact = Fraction(value)
    text = _decimal(exact)
    if text is not None:
        return text
    short = str(exact)
    return f"{short} ≈ {_about(exact)}" if len(short) <= LONGEST_EXACT else f"about {_about(exact)}"


def exactly(value: object) -> str:
    """The fraction of a number that ``number`` only says about; else nothing."""
    if value == INFINITY or not isinstance(value, int | Fraction):
        return ""
    exact = Fraction(value)
    return str(exact) if _decimal(exact) is None and len(str(exact)) > LONGEST_EXACT else ""


def _decimal(value: Fraction) -> str | None:
    """The number as a decimal with at most six places; None when it is none."""
    if 10**6 % value.denominator or len(str(value.numerator)) > LONGEST_EXACT:
        return None
    scaled = abs(value.numerator) * (10**6 // value.denominator)
    whole, places = divmod(scaled, 10**6)
    digits = f"{places:06}".rstrip("0")
    return f"{'-' if value < 0 else ''}{whole}{'.' if digits else ''}{digits}"


def _about(value: Fraction) -> str:
    try:
        return f"{float(value):.6g}"
    except OverflowError:
        return f"a number of {len(str(int(value)))} digits"


def box(value: Box) -> str:
    """A number, or what it lies between."""
    ends = number(value.lower), number(value.upper)
    return ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def expression(value: Expression) -> str:
    """A number as an author would write it."""
    words: dict[int, str] = {}
    for node in postorder(value, lambda e: e.operands if isinstance(e, Applied) else ()):
        match node:
            case Rational(exact):
                words[id(node)] = number(exact).partition(" ")[0]
            case Unknown(name):
                words[id(node)] = name
            case Applied(Operation.NEGATE, (part,)):
                words[id(node)] = f"-{words[id(part)]}"
            case Applied(Operation.SQRT | Operation.EXP | Operation.LOG as operation, (part,)):
                words[id(node)] = f"{operation.value}({words[id(part)].removeprefix('(').removesuffix(')')})"
            case Applied(operation, parts):
                words[id(node)] = f"({f' {operation.value} '.join(words[id(part)] for part in parts)})"
    text = words[id(value)]
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


_NAME = re.compile(r"[A-Za-z0-9_]+")


def quoted(label: str) -> str:
    """A label as an author writes it: in quotes unless it is a name or a number."""
    if _NAME.fullmatch(label):
        return label
    escaped = label.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# --- matrices -------------------------------------------------------------------------------------


@dataclass(slots=True)
class Findings:
    """What is known of the matrices and quantities of a formula.

    Args:
        names: what the script calls matrices that are computed, by their identity.
        bits: to how many binary digits irrational numbers are enclosed.
    """

    names: Mapping[int, str]
    evidence: Evidence
    values: Mapping[tuple[int, ...], Box]
    bits: int
    _words: dict[int, str] = field(default_factory=dict)
    _labels: dict[int, Labels] = field(default_factory=dict)
    _grids: Grids = field(init=False)
    _proofs: dict[tuple[int, ...], object] = field(init=False)
    budget: Budget = field(init=False)

    def __post_init__(self) -> None:
        self.budget = Budget(STEPS)
        self._grids = Grids(Rationals(self.bits), self.budget)
        self._proofs = dict(self.evidence)

    def grid(self, matrix: Matrix) -> Grid:
        """The values of a matrix."""
        return self._grids.grid(matrix)

    def proof(self, path: tuple[int, ...]) -> object:
        """The evidence at a place."""
        return self._proofs.get(path)

    def labels(self, matrix: Matrix) -> Labels:
        """The labels of the rows and of the columns."""
        for node in postorder(matrix, lambda m: () if id(m) in self._labels else operands(m)):
            if id(node) not in self._labels:
                self._labels[id(node)] = self._labels_of(node)
        return self._labels[id(matrix)]

    def _labels_of(self, matrix: Matrix) -> Labels:
        match matrix:
            case Given(rows=rows, columns=columns):
                return rows, columns
            case Composite(left, right):
                return self._labels[id(left)][0], self._labels[id(right)][1]
            case Residual(left, right):
                return self._labels[id(left)][1], self._labels[id(right)][1]
            case Opposite(of):
                rows, columns = self._labels[id(of)]
                return columns, rows
            case Closure(of) | AtLeast(of):
                return self._labels[id(of)]
            case Restriction(of, row_places, column_places):
                rows, columns = self._labels[id(of)]
                return tuple(rows[i] for i in row_places), tuple(columns[j] for j in column_places)
            case _:
                assert_never(matrix)

    def name(self, matrix: Matrix) -> str:
        """What a matrix is called; a restriction goes by the name of the whole."""
        for node in postorder(matrix, lambda m: () if id(m) in self._words or id(m) in self.names else operands(m)):
            if id(node) not in self._words:
                self._words[id(node)] = self.names.get(id(node)) or self._name_of(node)
        return self._words[id(matrix)]

    def _name_of(self, matrix: Matrix) -> str:
        words = [self._words[id(part)] for part in operands(matrix)]
        match matrix:
            case Given(name=name):
                return name
            case Composite():
                return f"{words[0]} >> {words[1]}"
            case Residual():
                return f"residual({words[0]}, {words[1]})"
            case Opposite(of):
                rows, columns = self.labels(of)
                return words[0] if ("*",) in (rows, columns) else f"opposite({words[0]})"
            case Closure():
                return f"closure({words[0]})"
            case AtLeast(level=level):
                return f"at_least({words[0]}, {level})"
            case Restriction(of, rows, columns):
                if len(columns) == 1 < len(self.labels(of)[1]):
                    return self.line(of, columns[0], is_row=False)
                return self.line(of, rows[0], is_row=True) if len(rows) == 1 < len(self.labels(of)[0]) else words[0]
            case _:
                assert_never(matrix)

    def line(self, matrix: Matrix, place: int, *, is_row: bool) -> str:
        """``R(-, p)`` or ``R(p, -)``: a column or a row of a matrix, which may be turned."""
        label = self.labels(matrix)[0 if is_row else 1][place]
        name = self.whole(matrix)
        shown = quoted(label)
        return f"{name}({shown}, -)" if is_row is not self.is_turned(matrix) else f"{name}(-, {shown})"

    def whole(self, matrix: Matrix) -> str:
        """What a matrix is called, restricted or turned or not."""
        while isinstance(matrix, Restriction | Opposite):
            matrix = matrix.of
        name = self.name(matrix)
        return f"({name})" if " >> " in name else name

    def _kind(self, matrix: Matrix) -> str:
        return "corepresentables" if self.is_turned(matrix) else "representables"

    def is_turned(self, matrix: Matrix) -> bool:
        """Whether its columns are rows of what the script calls it."""
        turned = False
        while isinstance(matrix, Restriction | Opposite):
            turned ^= isinstance(matrix, Opposite)
            matrix = matrix.of
        return turned

    def column(self, matrix: Matrix, place: int) -> str:
        """``R(-, p)``, or ``R(p, -)`` where the matrix is turned."""
        return self.line(matrix, place, is_row=False)

    def entry(self, matrix: Matrix, row: int, column: int) -> str:
        """``R(x, y)``, ``W(x)``."""
        rows, columns = self.labels(matrix)
        name = self.whole(matrix)
        if columns == ("*",):
            return f"{name}({quoted(rows[row])})"
        if rows == ("*",):
            return f"{name}({quoted(columns[column])})"
        pair = (columns[column], rows[row]) if self.is_turned(matrix) else (rows[row], columns[column])
        return f"{name}({quoted(pair[0])}, {quoted(pair[1])})"

    def cell(self, matrix: Matrix, row: int, column: int) -> str:
        """The value of an entry."""
        return _interval(self.grid(matrix).entry(row, column))

    # --- quantities ---

    def phrase(self, quantity: Quantity, path: tuple[int, ...]) -> str:
        """What a quantity is, within a sentence."""
        match quantity:
            case Constant(value):
                return expression(value)
            case Entry(Composite(left, right) as of, row, column) if self.labels(of) == (("*",), ("*",)):
                return f"the extension of `{self.name(left)}` at `{self.name(right)}`"
            case Entry(of, row, column):
                return f"`{self.entry(of, row, column)}`"
            case Distance(left, right, metric):
                how = " in total variation" if metric is Metric.TV else ""
                return f"the distance of `{self.name(left)}` from `{self.name(right)}`{how}"
            case Excess(left, right):
                return f"the excess of `{self.name(left)}` over `{self.name(right)}`"
            case Defect(of):
                return f"the defect of `{self.name(of)}`"
            case Gap(of, target, metric):
                how = " in total variation" if metric is Metric.TV else ""
                return f"the gap of `{self.name(target)}` from the {self._kind(of)} of `{self.whole(of)}`{how}"
            case Repair(of):
                return f"the distance of `{self.name(of)}` from the nearest category"
            case PromptNumber(of, target):
                return f"the prompt number of `{self.name(target)}` in `{self.whole(of)}`"
            case Classes(of):
                return f"the number of classes of rows of `{self.name(of)}`"
            case Rank(of):
                return f"the rank of `{self.name(of)}`"
            case Combined(operation, parts):
                words = [self.phrase(part, (*path, index)) for index, part in enumerate(parts)]
                if operation in ("min", "max", "abs"):
                    return f"{operation}({', '.join(words)})"
                return f"-{words[0]}" if operation == "negate" else f"({f' {operation} '.join(words)})"
            case _:
                assert_never(quantity)

    def details(self, quantity: Quantity, path: tuple[int, ...]) -> Iterator[str]:
        """Where the value of a quantity comes from, line by line; nothing when that would take too long."""
        try:
            yield from self._details(quantity, path)
        except (Exhausted, Undefined):
            return

    def _details(self, quantity: Quantity, path: tuple[int, ...]) -> Iterator[str]:
        match quantity:
            case Constant():
                return
            case Entry(of, row, column):
                yield from self._attained(of, row, column)
            case Distance(left, right, metric):
                yield from self._furthest(left, right, metric)
            case Excess(left, right):
                yield from self._exceeds(left, right)
            case Defect(of):
                yield from self._violation(of)
            case Gap(of, target, metric):
                yield from self._prompts(of, target, metric)
            case Repair(of):
                yield from self._repaired(of, self.proof(path))
            case PromptNumber(of, target, within):
                yield from self._cover(of, target, within, self.proof(path))
            case Classes():
                yield from self._classes(quantity)
            case Rank(of):
                proof = self.proof(path)
                if isinstance(proof, RankBounds) and proof.minor is not None:
                    rows = self.labels(of)[0]
                    yield f"independent rows: {_listed([rows[i] for i in proof.minor[0]])}"
            case Combined(_, parts):
                for index, part in enumerate(parts):
                    yield from self._details(part, (*path, index))
            case _:
                assert_never(quantity)
        value = self.values.get(path)
        if value is not None and value.is_point and exactly(value.lower):
            yield f"exactly {exactly(value.lower)}"

    def _attained(self, of: Matrix, row: int, column: int) -> Iterator[str]:
        """The object at which the join of a composite is attained."""
        if not isinstance(of, Composite):
            return
        left, right = self.grid(of.left), self.grid(of.right)
        if left.shape[1] == 0:
            return
        between = self.labels(of.left)[1]
        whole = self.grid(of).entry(row, column)
        for y, label in enumerate(between):
            here = composed(left.restricted([row], [y]), right.restricted([y], [column]), self.budget).entry(0, 0)
            if here.upper == whole.upper:
                first, second = left.entry(row, y), right.entry(y, column)
                yield (
                    f"attained at `{_shown(label)}`: {self.entry(of.left, row, y)} = {_interval(first)}, "
                    f"{self.entry(of.right, y, column)} = {_interval(second)}"
                )
                return

    def _furthest(self, left: Matrix, right: Matrix, metric: Metric) -> Iterator[str]:
        a, b = aligned(self.grid(left), self.grid(right))
        if not a.lower.size:
            return
        distances = apart(a, b)[1]
        rows, columns = self.labels(left)
        if metric is Metric.TV and min(a.shape) > 1:
            worst = _most(totals(distances, metric, 1))
            yield f"furthest at the row `{_shown(rows[worst])}`"
            return
        row, column = divmod(_most(distances.ravel()), a.shape[1])
        if distances[row, column] == 0:
            return
        yield (
            f"furthest at {_place(rows, columns, row, column)}: "
            f"{_interval(a.entry(row, column))} and {_interval(b.entry(row, column))}"
        )

    def _exceeds(self, left: Matrix, right: Matrix) -> Iterator[str]:
        a, b = aligned(self.grid(left), self.grid(right))
        if not a.lower.size:
            return
        most = excesses(a, b)[1]
        row, column = divmod(_most(most.ravel()), a.shape[1])
        if most[row, column] <= 0:
            return
        rows, columns = self.labels(left)
        yield (
            f"most at {_place(rows, columns, row, column)}: {self.name(left)} has {_interval(a.entry(row, column))}, "
            f"{self.name(right)} has {_interval(b.entry(row, column))}"
        )
        yield from self._attained(left, row, column)

    def _violation(self, of: Matrix) -> Iterator[str]:
        """The identity or the triple that violates the laws most."""
        grid, (labels, _) = self.grid(of), self.labels(of)
        if not labels:
            return
        proper = grid if grid.is_exact else without_diagonal(grid)
        twice, once = aligned(composed(proper, proper, self.budget), grid)
        over = excesses(twice, once)[1]
        x, z = divmod(_most(over.ravel()), len(labels))
        diagonal = [grid.entry(i, i).lower for i in range(len(labels))]
        unit = grid.quantale.unit
        worst = max(range(len(labels)), key=lambda i: abs(diagonal[i] - unit) if diagonal[i] is not INFINITY else 0)
        off = abs(diagonal[worst] - unit)
        if off and off * once.denominator >= over[x, z]:
            at = _shown(labels[worst])
            yield f"the identity of `{at}`: {self.entry(of, worst, worst)} = {number(diagonal[worst])}"
            return
        if over[x, z] <= 0:
            return
        for y, label in enumerate(labels):
            through = composed(proper.restricted([x], [y]), proper.restricted([y], [z]), self.budget)
            if through.entry(0, 0).upper == twice.entry(x, z).upper:
                yield (
                    f"most at `{_shown(labels[x])}`, `{_shown(label)}`, `{_shown(labels[z])}`: "
                    f"{self.entry(of, x, y)} = {_interval(grid.entry(x, y))}, "
                    f"{self.entry(of, y, z)} = {_interval(grid.entry(y, z))}, "
                    f"{self.entry(of, x, z)} = {_interval(grid.entry(x, z))}"
                )
                return

    def _prompts(self, of: Matrix, target: Matrix, metric: Metric) -> Iterator[str]:
        """The closest representables, each with the object at which it is furthest."""
        grid, wanted = self.grid(of), self.grid(target)
        if wanted.shape[1] != 1 or wanted.shape[0] != grid.shape[0]:
            grid, wanted = grid.transposed(), wanted.transposed()
        found = gaps(grid, wanted, metric, self.budget)
        order = sorted(range(len(found)), key=lambda p: (found[p].lower, p))
        if not order:
            yield f"`{self.whole(of)}` has no {self._kind(of)}"
            return
        rows = self.labels(of)[0]
        grid, wanted = aligned(grid, wanted)
        distances = apart(grid, wanted)[1]
        same = sum(found[p] == found[order[0]] for p in order)
        for index, p in enumerate(order[:SHOWN] if found[order[0]].lower else order[:1]):
            line = f"{'closest' if index == 0 else 'next'}: `{self.column(of, p)}` at {_interval(found[p])}"
            if rows and found[p].upper:
                x = _most(distances[:, p])
                line += f", at `{_shown(rows[x])}` {_interval(grid.entry(x, p))} for {_interval(wanted.entry(x, 0))}"
            yield line
            if index == 0 and same > 1:
                yield f"({same} representables are equally close)"

    def few_objects(self, of: Matrix, target: Matrix, bound: Fraction) -> list[tuple[str, str]]:
        """A few objects such that every column differs by more than the bound from the target at one of them.

        Returns:
            labels, and what is wanted and what there is instead; nothing when that would take too long.
        """
        try:
            grid, wanted = aligned(self.grid(of), self.grid(target))
            least = apart(grid, wanted)[0]
        except (Exhausted, Undefined):
            return []
        far = least > bound * grid.denominator
        rows, prompts = self.labels(of)
        left = set(range(len(prompts)))
        found: list[tuple[str, str]] = []
        while left and len(found) < SHOWN:
            x = max(range(len(rows)), key=lambda x: (sum(bool(far[x, p]) for p in left), -x))
            there = [p for p in sorted(left) if far[x, p]]
            if not there:
                return []
            closest = min(there, key=lambda p: (least[x, p], p))
            which = f"of {len(there)} representables the closest" if len(there) > 1 else "the representable"
            value = _interval(grid.entry(x, closest))
            found.append(
                (
                    rows[x],
                    f"{_interval(wanted.entry(x, 0))} is wanted, {which}, `{_shown(prompts[closest])}`, has {value}",
                )
            )
            left -= set(there)
        return found if not left else []

    def _repaired(self, of: Matrix, proof: object) -> Iterator[str]:
        if isinstance(proof, RepairBounds) and proof.path is not None:
            labels = self.labels(of)[0]
            path = " -> ".join(f"`{_shown(labels[i])}`" for i in proof.path)
            yield f"the path that forces it: {path}"

    def _cover(self, of: Matrix, target: Matrix, within: Fraction, proof: object) -> Iterator[str]:
        rows, prompts = self.labels(of)
        if not isinstance(proof, PromptCover):
            return
        if proof.columns is not None:
            yield f"prompts: {_listed([prompts[p] for p in proof.columns])}"
        if proof.fewer is None:
            return
        at = proof.fewer.object
        if proof.columns is None:
            limit = f"`{self.name(target)}` by more than {number(within)}"
            yield f"no prompt that nowhere exceeds {limit} reaches it at `{_shown(rows[at])}`"
        else:
            needed = f"{len(proof.fewer.children)} prompt{'' if len(proof.fewer.children) == 1 else 's'}"
            yield f"fewer do not do: `{_shown(rows[at])}` is reached by {needed} only"

    def _classes(self, quantity: Classes) -> Iterator[str]:
        grid, rows = self.grid(quantity.of), self.labels(quantity.of)[0]
        coarse, _ = partitions(grid, quantity.within, quantity.metric, self.budget)
        members: dict[int, list[int]] = {}
        for x, first in enumerate(coarse):
            members.setdefault(first, []).append(x)
        largest = sorted(members.values(), key=lambda group: (-len(group), group[0]))
        for group in largest[: 2 * SHOWN]:
            yield f"{len(group)}: {_listed([rows[x] for x in group])}"
        if len(largest) > 2 * SHOWN:
            yield f"and {len(largest) - 2 * SHOWN} smaller ones"


# --- small things ---------------------------------------------------------------------------------


def _shown(label: str) -> str:
    """A label by itself; the empty one can be seen."""
    return label or '""'


def _interval(value: Interval) -> str:
    lower, upper = (INFINITY if not isinstance(end, int | Fraction) else end for end in (value.lower, value.upper))
    ends = number(lower), number(upper)
    return ends[0] if ends[0] == ends[1] else f"[{ends[0]}, {ends[1]}]"


def _most(values: Array) -> int:
    """The first place of the greatest value."""
    listed = values.tolist()
    return max(range(len(listed)), key=listed.__getitem__)


def _place(rows: tuple[str, ...], columns: tuple[str, ...], row: int, column: int) -> str:
    if len(columns) == 1:
        return f"`{_shown(rows[row])}`"
    if len(rows) == 1:
        return f"`{_shown(columns[column])}`"
    return f"(`{_shown(rows[row])}`, `{_shown(columns[column])}`)"


def _listed(labels: list[str]) -> str:
    """The first few labels."""
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return ", ".join(f"`{_shown(label)}`" for label in labels[:SHOWN]) + more
