"""Why a claim about relations holds or fails: the comparisons that decide it, with prompts, objects and witnesses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import assert_never

from formal.enriched.evidence import HullWeights, Multipliers, Path, Point, Separation
from formal.enriched.expression import Rational
from formal.enriched.formula import (
    And,
    Atom,
    Combined,
    Compare,
    Constant,
    Formula,
    InHull,
    Matrix,
    Not,
    Or,
    Order,
    Quantity,
    SoftPrompt,
    SoftWeight,
)
from formal.explain.quantity import SHOWN, STEPS, Findings, box, number
from formal.explain.relation_script import script_of
from formal.quantale import INFINITY, Box
from formal.valuation import Decision, Limits
from formal.valuation.domain import Interval
from formal.valuation.explain import Detail, explain
from formal.valuation.order import Truth, compare
from formal.valuation.parts import places
from formal.verdict.result import Comparison, Explanation, Line, Told

MOST_ATOMS = 8
"""How many of the comparisons that decide a claim are told in words."""
MOST_COMPARED = 32
"""Beyond which their values are not told either."""
_WORDS = {
    (Order.AT_MOST, True): ("at most", "at least"),
    (Order.AT_MOST, False): ("more than", "less than"),
    (Order.LESS, True): ("less than", "more than"),
    (Order.LESS, False): ("not less than", "not more than"),
    (Order.EQUAL, True): ("equal to", "equal to"),
    (Order.EQUAL, False): ("not", "not"),
}
"""How the left side compares to the right one, and the right one to the left."""


def explain_enriched(formula: Formula, decision: Decision, names: Mapping[int, str]) -> Explanation:
    """The explanation of a decision.

    Args:
        names: what the script calls matrices that are computed, by their identity.
    """
    told = _tell(formula, decision, names)
    if not told:
        return Explanation("there is nothing to compare")
    script = script_of(formula) if decision.truth is not None else ""
    compared = [one.compared() for one in told] if len(told) <= MOST_COMPARED else []
    comparisons = tuple(each for each in compared if each is not None)
    if len(told) == 1:
        lines = [Line(0, line) for line in told[0].lines()]
        return Explanation(told[0].sentence, tuple(lines), script=script, comparisons=comparisons)
    lines = []
    for one in told[:MOST_ATOMS]:
        lines.append(Line(0, one.sentence))
        lines += [Line(1, line) for line in one.lines()]
    if len(told) > MOST_ATOMS:
        lines.append(Line(0, f"and {len(told) - MOST_ATOMS} more comparisons"))
    verdict = {True: "holds", False: "fails", None: "is open"}[decision.truth]
    summary = f"it {verdict} by {len(told)} comparisons"
    return Explanation(summary, tuple(lines), script=script, comparisons=comparisons)


def sentences(formula: Formula, decision: Decision, names: Mapping[int, str]) -> tuple[str, ...]:
    """What a decision rests on: of each comparison what is the case, and where that comes from."""
    return tuple(sentence for one in _tell(formula, decision, names) for sentence in (one.sentence, *one.lines()))


def _tell(formula: Formula, decision: Decision, names: Mapping[int, str]) -> list[_Told]:
    values = dict(decision.values)
    seen: dict[Path, list[Detail]] = {}
    for path, found in explain(formula, decision, Limits(steps=STEPS)):
        seen.setdefault(path, []).insert(0, found)  # what refutes a bound comes behind what is nearest
    findings = Findings(names, decision.evidence, values, seen, max(decision.bits, 64))
    atoms = _decisive(formula, _truths(formula, values, findings))
    return [_Told(atom, path, truth, findings) for path, atom, truth in atoms]


# --- which comparisons decide ---------------------------------------------------------------------


def _truths(formula: Formula, values: Mapping[Path, Box], findings: Findings) -> dict[Path, Truth]:
    """The truth values of all parts that were looked at, by place."""
    found: dict[Path, Truth] = {}
    for path, node in reversed(list(places(formula))):
        match node:
            case Compare(_, order, _):
                sides = [values.get((*path, index)) for index in (0, 1)]
                if sides[0] is not None and sides[1] is not None:
                    found[path] = compare(_interval(sides[0]), order, _interval(sides[1]))
            case SoftPrompt() | SoftWeight() | InHull():
                proof = findings.proof(path)
                if isinstance(proof, Point | HullWeights):
                    found[path] = True
                elif isinstance(proof, Multipliers | Separation):
                    found[path] = False
            case Not():
                below = found.get((*path, 0))
                found[path] = None if below is None else not below
            case And(parts) | Or(parts):
                decisive = isinstance(node, Or)
                below_all = [found.get((*path, index)) for index in range(len(parts))]
                if decisive in below_all:
                    found[path] = decisive
                elif None not in below_all:
                    found[path] = not decisive
            case _:
                pass
    return found


def _interval(value: Box) -> Interval:
    return Interval(value.lower, value.upper)


def _decisive(formula: Formula, truths: Mapping[Path, Truth]) -> list[tuple[Path, Atom, Truth]]:
    """The atoms that the truth value rests on, from left to right."""
    found: list[tuple[Path, Atom, Truth]] = []
    stack: list[tuple[Path, Formula]] = [((), formula)]
    while stack:
        path, node = stack.pop()
        truth = truths.get(path)
        match node:
            case And(parts) | Or(parts):
                inner = [(*path, index) for index in range(len(parts))]
                if truth is isinstance(node, Or):
                    chosen = [index for index, place in enumerate(inner) if truths.get(place) is truth][:1]
                elif truth is None:
                    chosen = [index for index, place in enumerate(inner) if truths.get(place) is None]
                else:
                    chosen = list(range(len(parts)))
                stack += [(inner[index], parts[index]) for index in reversed(chosen)]
            case Not(of):
                stack.append(((*path, 0), of))
            case Compare() | SoftPrompt() | SoftWeight() | InHull():
                found.append((path, node, truth))
            case _:
                assert_never(node)
    return found


# --- one comparison -------------------------------------------------------------------------------


class _Told:
    """An atom in words."""

    def __init__(self, atom: Atom, path: Path, truth: Truth, findings: Findings) -> None:
        self.atom, self.path, self.truth, self.findings = atom, path, truth, findings

    @property
    def sentence(self) -> str:
        """What is the case."""
        match self.atom:
            case Compare():
                return self._comparison(self.atom)
            case SoftPrompt(_, task, margin, threshold):
                level = "" if threshold is None else f" at the threshold {number(threshold)}"
                return (
                    f"{self._some('point')} reads `{self.findings.name(task)}` off with margin {number(margin)}{level}"
                )
            case SoftWeight(_, target, within):
                return f"{self._some('point')} gives `{self.findings.name(target)}` to within {number(within)}"
            case InHull(points, _, within):
                word = {True: "is", False: "is not", None: "is not known to be"}[self.truth]
                name = self.findings.name(points)
                return f"`{name}` {word} within {number(within)} of the convex hull"
            case _:
                assert_never(self.atom)

    def compared(self) -> Comparison | None:
        """The values of both sides; None where nothing is compared, or a value is not known."""
        match self.atom:
            case Compare(left, order, right):
                pair = _difference(left)
                if pair is not None and order is Order.AT_MOST:
                    first, second = (self._side(part, (0, 0, place)) for place, part in enumerate(pair))
                    within, sign = self._side(right, (1,)), Order.EQUAL.value
                else:
                    first, second, within, sign = self._side(left, (0,)), self._side(right, (1,)), None, order.value
                return None if first is None or second is None else Comparison(first, sign, second, within, self.truth)
            case _:
                return None

    def _side(self, quantity: Quantity, place: Path) -> Told | None:
        path = (*self.path, *place)
        value = self.findings.values.get(path)
        if value is None and isinstance(quantity, Constant) and isinstance(quantity.value, Rational):
            value = Box(quantity.value.value, quantity.value.value)
        if value is None:
            return None
        ends = [None if end == INFINITY else Fraction(end) for end in (value.lower, value.upper)]
        return Told(self.findings.phrase(quantity, path), box(value), *ends)

    def _some(self, what: str) -> str:
        return {True: f"some {what}", False: f"no {what}", None: f"it is open whether some {what}"}[self.truth]

    def _comparison(self, atom: Compare) -> str:
        if isinstance(atom.left, Constant) and not isinstance(atom.right, Constant):
            return self._related(atom, 1)
        difference = _difference(atom.left)
        if difference is not None and atom.order is Order.AT_MOST:
            first, second = difference
            base = (*self.path, 0, 0)
            start = f"{self._valued(first, (*base, 0))}, and {self._valued(second, (*base, 1))}"
            off = self.findings.values.get((*self.path, 0))
            word = self._word(atom.order, 0)
            by = "" if off is None else f": they differ by {box(off)}, {word} {self._value(atom.right, 1)}"
            return f"{start}{by}"
        return self._related(atom, 0)

    def _related(self, atom: Compare, subject: int) -> str:
        """One side, the left being number 0, and how it compares to the other one."""
        sides, other = (atom.left, atom.right), 1 - subject
        start = self._valued(sides[subject], (*self.path, subject))
        return f"{start}, {self._word(atom.order, subject)} {self._value(sides[other], other)}"

    def _word(self, order: Order, subject: int) -> str:
        if self.truth is None:
            return f"not known to be {_WORDS[order, True][subject]}"
        return _WORDS[order, self.truth][subject]

    def _valued(self, quantity: Quantity, path: Path) -> str:
        """``the gap of `W` is 3/10``; a number written out is just that."""
        phrase = self.findings.phrase(quantity, path)
        value = self.findings.values.get(path)
        if isinstance(quantity, Constant) and isinstance(quantity.value, Rational):
            return phrase
        return phrase if value is None else f"{phrase} is {box(value)}"

    def _value(self, quantity: Quantity, place: int) -> str:
        """The other side: a number, or what it is called with its value."""
        path = (*self.path, place)
        if isinstance(quantity, Constant) and isinstance(quantity.value, Rational):
            return number(quantity.value.value)
        value = self.findings.values.get(path)
        phrase = self.findings.phrase(quantity, path)
        return phrase if value is None else f"{phrase}, which is {box(value)}"

    def lines(self) -> Iterator[str]:
        """Where it comes from."""
        proof = self.findings.proof(self.path)
        match self.atom:
            case Compare(left, _, right):
                for index, side in enumerate((left, right)):
                    yield from self.findings.details(side, (*self.path, index))
            case SoftPrompt(features, task) | SoftWeight(features, task):
                yield from self._soft(proof, features, task)
            case InHull(points, vertices, _, shared):
                yield from self._hull(proof, self.findings.labels(points), vertices, shared)
            case _:
                assert_never(self.atom)

    def _soft(self, proof: object, features: Matrix, task: Matrix) -> Iterator[str]:
        """The point, or the conditions that contradict each other."""
        rows, columns = self.findings.labels(features)
        if isinstance(proof, Point):
            named = zip(columns, proof.coordinates, strict=False)
            parts = [f"{label}: {number(value)}" for label, value in named if value]
            yield f"the point: {'; '.join(parts[: 2 * SHOWN]) or 'the origin'}{_rest(len(parts), 2 * SHOWN)}"
            if len(proof.coordinates) > len(columns):
                yield f"the threshold: {number(proof.coordinates[-1])}"
        elif isinstance(proof, Multipliers):
            yield f"the conditions at {len(proof.multiples)} objects contradict each other:"
            for index, multiple in proof.multiples[: 2 * SHOWN]:
                x, bound = divmod(index, 2) if isinstance(self.atom, SoftWeight) else (index, -1)
                word = {0: " from below", 1: " from above", -1: ""}[bound]
                wanted = self.findings.cell(task, x, 0)
                yield f"{number(multiple)} times that at `{rows[x]}`{word}, where {wanted} is wanted"

    def _hull(
        self, proof: object, labels: tuple[tuple[str, ...], tuple[str, ...]], vertices: tuple[Matrix, ...], shared: bool
    ) -> Iterator[str]:
        rows, columns = labels
        if isinstance(proof, HullWeights):
            corners = self._corners(vertices, shared)
            for row, weights in zip(rows[:SHOWN], proof.weights[:SHOWN], strict=True):
                parts = [
                    f"{number(weight)} {corner}" for corner, weight in zip(corners, weights, strict=True) if weight
                ]
                at = "" if row == "*" else f"at `{row}`: "
                yield f"{at}{' + '.join(parts[: 2 * SHOWN])}{_rest(len(parts), 2 * SHOWN)}"
            if len(rows) > SHOWN:
                yield f"and {len(rows) - SHOWN} more contexts"
        elif isinstance(proof, Separation):
            at = "" if rows[proof.row] == "*" else f" at `{rows[proof.row]}`"
            parts = [f"{number(value)} {label}" for label, value in zip(columns, proof.normal, strict=True) if value]
            yield f"separated{at} by {' + '.join(parts[: 2 * SHOWN])}{_rest(len(parts), 2 * SHOWN)}"

    def _corners(self, vertices: tuple[Matrix, ...], shared: bool) -> list[str]:
        if shared:
            count = len(self.findings.labels(vertices[0])[0])
            return [self.findings.line(vertices[0], place, is_row=True) for place in range(count)]
        return [self.findings.name(vertex) for vertex in vertices]


def _difference(quantity: Quantity) -> tuple[Quantity, Quantity] | None:
    """``a`` and ``b`` of ``abs(a - b)``."""
    match quantity:
        case Combined("abs", (Combined("-", (first, second)),)):
            return first, second
        case _:
            return None


def _rest(count: int, shown: int) -> str:
    return f" and {count - shown} more" if count > shown else ""
