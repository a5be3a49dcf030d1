"""Quantities of a claim about relations in words: what they are called, their values, and where the values come from.

Gaps come with the prompt and the worst object, defects with the triple that violates most, counts with their witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import assert_never

from formal.enriched.evidence import Branch, Evidence, PromptCover
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
from formal.valuation.domain import Interval, Rationals
from formal.valuation.enclosure import Undefined
from formal.valuation.explain import (
    CriticalPath,
    Detail,
    NearestPrompt,
    NoPrompt,
    Prompts,
    Representatives,
    SingularValues,
    WorstEntry,
    WorstTriple,
)
from formal.valuation.grid import Grid, aligned
from formal.valuation.limit import Budget, Exhausted
from formal.valuation.matrix import Grids, operands
from formal.valuation.operation import apart
from formal.valuation.quantity import composed
from formal.valuation.walk import postorder

LONGEST_TEXT = 1000
"""Of the name of what is computed: beyond it only the beginning is said."""
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
                words[id(node)] = f"{operation.value}({_bare(words[id(part)])})"
            case Applied(operation, parts):
                words[id(node)] = f"({f' {operation.value} '.join(words[id(part)] for part in parts)})"
        words[id(node)] = _cut(words[id(node)])
    return _bare(words[id(value)])


def _bare(text: str) -> str:
    """Without the parentheses around all of it."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _cut(text: str) -> str:
    """The beginning of a text that is too long to be read: texts that contain each other would grow without end."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT // 2]}…"


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
        seen: where quantities are reached and what refutes bounds, by place.
        bits: to how many binary digits irrational numbers are enclosed.
    """

    names: Mapping[int, str]
    evidence: Evidence
    values: Mapping[tuple[int, ...], Box]
    seen: Mapping[tuple[int, ...], Sequence[Detail]]
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
                self._words[id(node)] = self.names.get(id(node)) or _cut(self._name_of(node))
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
            case Restriction(of, (row,), (column,)) if ("*",) in self.labels(of):
                return self.entry(of, row, column)
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
        """What a matrix is called, restricted or turned or not: by the script, or as the whole is called."""
        while isinstance(matrix, Restriction | Opposite) and id(matrix) not in self.names:
            matrix = matrix.of
        name = self.name(matrix)
        return f"({name})" if " >> " in name else name

    def _kind(self, matrix: Matrix) -> str:
        return "corepresentables" if self.is_turned(matrix) else "representables"

    def is_turned(self, matrix: Matrix) -> bool:
        """Whether its columns are rows of what the script calls it."""
        turned = False
        while isinstance(matrix, Restriction | Opposite) and id(matrix) not in self.names:
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
            case Entry(Composite(Residual(target, of), again), _, _) if target is again:
                return f"the degree to which `{self.name(target)}` is represented in `{self.whole(of)}`"
            case Entry(Composite(left, right) as of, row, column) if self.labels(of) == (("*",), ("*",)):
                return f"the extension of `{self.name(left)}` at `{self.name(right)}`"
            case Entry(Composite(Restriction(there, (x,), some), Restriction(back, others, (y,))), _, _) if (
                there is back and x == y and some == others
            ):
                count = f"{len(some)} object{'' if len(some) == 1 else 's'}"
                return f"the coverage of `{quoted(self.labels(there)[0][x])}` in `{self.whole(there)}` by {count}"
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
        if isinstance(quantity, Combined):
            for index, part in enumerate(quantity.operands):
                yield from self._details(part, (*path, index))
        if isinstance(quantity, Entry):
            yield from self._reached(quantity.of, quantity.row, quantity.column)
        for found in self.seen.get(path, ()):
            match quantity, found:
                case Distance(left, right), WorstEntry():
                    yield from self._furthest(left, right, found)
                case Excess(left, right), WorstEntry():
                    yield from self._exceeds(left, right, found)
                case Defect(of), WorstTriple():
                    yield from self._violation(of, found)
                case Gap(of, target), NearestPrompt():
                    yield from self._nearest(of, target, found)
                case Gap(of, target), NoPrompt():
                    yield from self._refuted(of, target, found)
                case Repair(of), CriticalPath(objects=objects) if objects is not None:
                    way = " -> ".join(f"`{_shown(self.labels(of)[0][i])}`" for i in objects)
                    yield f"the path that forces it: {way}"
                case PromptNumber(of, target, within), Prompts():
                    yield from self._cover(of, target, within, found, self.proof(path))
                case Classes(of), Representatives(classes=classes):
                    yield from self._classes(of, classes)
                case Rank(of), SingularValues():
                    yield from self._singular(of, found, self.values.get(path))
                case _:
                    pass
        value = self.values.get(path)
        if value is not None and value.is_point and exactly(value.lower) and not isinstance(quantity, Combined):
            yield f"exactly {exactly(value.lower)}"

    def _furthest(self, left: Matrix, right: Matrix, worst: WorstEntry) -> Iterator[str]:
        rows, columns = self.labels(left)
        if worst.amount.upper == 0:
            return
        if worst.column is None:
            if min(len(rows), len(columns)) > 1:
                yield f"furthest at the row `{_shown(rows[worst.row])}`"
        elif worst.left is not None and worst.right is not None:
            at = _place(rows, columns, worst.row, worst.column)
            yield f"furthest at {at}: {_ends(worst.left)} and {_ends(worst.right)}"

    def _exceeds(self, left: Matrix, right: Matrix, worst: WorstEntry) -> Iterator[str]:
        if worst.amount.upper == 0 or worst.column is None or worst.left is None or worst.right is None:
            return
        at = _place(*self.labels(left), worst.row, worst.column)
        values = f"{self.name(left)} has {_ends(worst.left)}, {self.name(right)} has {_ends(worst.right)}"
        yield f"most at {at}: {values}"
        if worst.middle is not None and isinstance(left, Composite):
            yield self._through(left, worst.row, worst.column, worst.middle)

    def _through(self, of: Composite, row: int, column: int, middle: int) -> str:
        """The object at which the join of a composite is reached."""
        label = self.labels(of.left)[1][middle]
        first, second = self.entry(of.left, row, middle), self.entry(of.right, middle, column)
        values = self.cell(of.left, row, middle), self.cell(of.right, middle, column)
        return f"reached at `{_shown(label)}`: {first} = {values[0]}, {second} = {values[1]}"

    def _reached(self, of: Matrix, row: int, column: int) -> Iterator[str]:
        """The same of one entry."""
        if isinstance(of, Composite):
            whole = self.grid(of).entry(row, column).upper
            left, right = self.grid(of.left), self.grid(of.right)
            for y in range(left.shape[1]):
                here = composed(left.restricted([row], [y]), right.restricted([y], [column]), self.budget)
                if here.entry(0, 0).upper == whole:
                    yield self._through(of, row, column, y)
                    return

    def _violation(self, of: Matrix, worst: WorstTriple) -> Iterator[str]:
        """The identity or the triple that violates the laws most."""
        if worst.amount.upper == 0:
            return
        x, y, z = worst.objects
        labels = [_shown(self.labels(of)[0][i]) for i in worst.objects]
        if x == y == z:
            yield f"most at the identity of `{labels[0]}`: {self.entry(of, x, x)} = {self.cell(of, x, x)}"
            return
        entries = [f"{self.entry(of, *at)} = {self.cell(of, *at)}" for at in ((x, y), (y, z), (x, z))]
        yield f"most at `{labels[0]}`, `{labels[1]}`, `{labels[2]}`: {', '.join(entries)}"

    def _nearest(self, of: Matrix, target: Matrix, nearest: NearestPrompt) -> Iterator[str]:
        line = f"closest: `{self.column(of, nearest.prompt)}` at {_ends(nearest.distance)}"
        if nearest.distance.upper:
            x = nearest.object
            label = _shown(self.labels(of)[0][x])
            line += f", furthest at `{label}`: {self.cell(of, x, nearest.prompt)} for {self.cell(target, x, 0)}"
        yield line

    def _refuted(self, of: Matrix, target: Matrix, why: NoPrompt) -> Iterator[str]:
        """A table of the few objects at which no representable is near enough."""
        rows, prompts = self.labels(of)
        if not why.objects:
            return
        objects = " or ".join(f"`{_shown(rows[x])}`" for x in why.objects[:SHOWN])
        yield f"every {self._kind(of)[:-1]} is further away than {number(why.bound)} at {objects}{_rest(why.objects)}:"
        for x in why.objects[:SHOWN]:
            there = [p for p, at in enumerate(why.by) if at == x]
            line = f"`{_shown(rows[x])}`: {self.cell(target, x, 0)} is wanted"
            if there:
                grid, wanted = aligned(self.grid(of), self.grid(target))
                distances = apart(grid.lower[x], wanted.lower[x])
                closest = min(there, key=lambda p: (distances[p], p))
                count = f"of {len(there)} that differ most here the closest" if len(there) > 1 else "the only other one"
                line += f"; {count}, `{_shown(prompts[closest])}`, has {self.cell(of, x, closest)}"
            yield line

    def _cover(self, of: Matrix, target: Matrix, within: Fraction, found: Prompts, proof: object) -> Iterator[str]:
        rows, prompts = self.labels(of)
        if found.columns is None:
            if found.missing is not None:
                limit = f"`{self.name(target)}` by more than {number(within)}"
                yield f"no prompt that nowhere exceeds {limit} reaches it at `{_shown(rows[found.missing])}`"
            return
        yield f"prompts: {_listed([prompts[p] for p in found.columns])}"
        if isinstance(proof, PromptCover) and proof.fewer is not None and proof.bound == len(found.columns) > 1:
            yield f"fewer do not do: {self._too_few(of, target, within, proof.fewer, proof.bound)}"

    def _too_few(self, of: Matrix, target: Matrix, within: Fraction, tree: Branch, count: int) -> str:
        """Objects of which no two have a prompt in common; where there are none, what is said of the first object."""
        rows, prompts = self.labels(of)
        whole = f"`{self.name(target)}`"
        apart = _apart(tree, count)
        if apart is not None:
            limit = f"{whole} by more than {number(within)}" if within else whole
            return f"no prompt that nowhere exceeds {limit} reaches it at two of {_listed([rows[x] for x in apart])}"
        several = len(tree.children)
        reaching = f"{several} prompts reach" if several > 1 else "1 prompt reaches"
        start = f"{reaching} {whole} at `{_shown(rows[tree.object])}`"
        if count > 2:
            more = "1 more does" if count == 3 else f"{count - 2} more do"
            return f"{start}, and after {'each of them' if several > 1 else 'it'} {more} not reach the rest"
        missed = [f"`{_shown(prompts[p])}` misses `{_shown(rows[branch.object])}`" for p, branch in tree.children]
        return f"{start}, and each of them misses another object: {', '.join(missed[:SHOWN])}{_rest(missed)}"

    def _classes(self, of: Matrix, classes: tuple[tuple[int, ...], ...]) -> Iterator[str]:
        rows = self.labels(of)[0]
        largest = sorted(classes, key=lambda group: (-len(group), group[0]))
        for group in largest[: 2 * SHOWN]:
            yield f"{len(group)}: {_listed([rows[x] for x in group])}"
        if len(largest) > 2 * SHOWN:
            yield f"and {len(largest) - 2 * SHOWN} smaller ones"

    def _singular(self, of: Matrix, found: SingularValues, rank: Box | None) -> Iterator[str]:
        if found.minor is not None:
            yield f"independent rows: {_listed([self.labels(of)[0][i] for i in found.minor[0]])}"
        if rank is not None and rank.is_point and 0 < rank.lower < len(found.values):
            place = int(rank.lower)
            last, next_ = found.values[place - 1], found.values[place]
            yield f"the singular values number {place} and {place + 1} are about {last:.4g} and {next_:.4g}"


def _apart(tree: Branch, count: int) -> list[int] | None:
    """So many objects that no column covers two of, where the tree has one object on each level; None elsewhere."""
    found: list[int] = []
    level = [tree]
    while len(found) < count:
        objects = {branch.object for branch in level}
        if len(objects) != 1:
            return None
        found += objects
        level = list({id(child): child for branch in level for _, child in branch.children}.values())
    return found


# --- small things ---------------------------------------------------------------------------------


def _shown(label: str) -> str:
    """A label by itself; the empty one can be seen."""
    return label or '""'


def _interval(value: Interval) -> str:
    lower, upper = (INFINITY if not isinstance(end, int | Fraction) else end for end in (value.lower, value.upper))
    ends = number(lower), number(upper)
    return ends[0] if ends[0] == ends[1] else f"[{ends[0]}, {ends[1]}]"


def _ends(value: Box) -> str:
    return _interval(Interval(value.lower, value.upper))


def _rest(items: Sequence[object]) -> str:
    return f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""


def _place(rows: tuple[str, ...], columns: tuple[str, ...], row: int, column: int) -> str:
    if len(columns) == 1 and rows != ("*",):
        return f"`{_shown(rows[row])}`"
    if len(rows) == 1:
        return f"`{_shown(columns[column])}`"
    return f"(`{_shown(rows[row])}`, `{_shown(columns[column])}`)"


def _listed(labels: list[str]) -> str:
    """The first few labels."""
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return ", ".join(f"`{_shown(label)}`" for label in labels[:SHOWN]) + more
