"""Decided atoms once more by Z3, in linear arithmetic on the support of their certificates.

Each question states the contrary of what was decided about the few rows and columns that the certificate is about,
with intervals as unknowns between their ends, and expects it to be unsatisfiable: a bound that no column keeps on the
objects that refute it, a composite that is too large, inequalities that contradict each other, fewer prompts than there
must be. Solutions are put into all inequalities and expected to satisfy them. What has no linear statement on a small
support (a distance that is small everywhere, ranks, classes) has no question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Any

from formal.enriched.evidence import (
    Branch,
    HullWeights,
    Multipliers,
    OfAtom,
    OfQuantity,
    Path,
    Point,
    PromptCover,
    RepairBounds,
    Separation,
)
from formal.enriched.formula import (
    Compare,
    Defect,
    Formula,
    Gap,
    InHull,
    Metric,
    PromptNumber,
    Repair,
    SoftPrompt,
    SoftWeight,
)
from formal.process.child import Broken, Fault, Process
from formal.quantale import INFINITY, Box, Number, Quantale
from formal.valuation.cover import Instance, instances
from formal.valuation.decide import Decision
from formal.valuation.domain import Interval, Rationals, Scalar, number_of
from formal.valuation.enclosure import Undefined
from formal.valuation.explain import NearestPrompt, NoPrompt, WorstTriple, explain, upright
from formal.valuation.grid import Grid
from formal.valuation.limit import Budget, Exhausted, Limits
from formal.valuation.matrix import Grids
from formal.valuation.parts import places
from formal.valuation.soft import Inequalities, soft_prompt, soft_weight

_LARGEST = 200_000
"""The most numbers in one question."""


class Answer(StrEnum):
    """What Z3 says of a question."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNKNOWN = "unknown"
    BROKEN = "broken"
    """Nothing: it crashed, or answered what cannot be."""


@dataclass(frozen=True, slots=True)
class Question:
    """One problem for Z3.

    Args:
        path: to the atom or quantity that it is about.
        text: in SMT-LIB 2.6, without the command to check.
        expected: ``sat`` or ``unsat``.
        logic: in which it is stated.
    """

    path: Path
    text: bytes
    expected: str
    logic: str


def questions(formula: Formula, decision: Decision, limits: Limits = Limits()) -> tuple[Question, ...]:  # noqa: B008
    """The questions about a decided formula, from left to right."""
    budget = Budget(limits.steps)
    writer = _Writer(Grids(Rationals(decision.bits), budget), dict(decision.evidence), dict(decision.values), budget)
    # A gap that is too large has two details: what refutes all columns, and the nearest one.
    shown = explain(formula, decision, limits)
    details = dict(shown) | {path: detail for path, detail in shown if isinstance(detail, NoPrompt)}
    found: list[Question] = []
    for path, node in places(formula):
        try:
            match node:
                case SoftPrompt() | SoftWeight() | InHull():
                    found.extend(writer.linear(node, path))
                case Compare(left, _, right):
                    for side, quantity in ((0, left), (1, right)):
                        place = (*path, side)
                        found.extend(writer.compared(quantity, place, details.get(place)))
                case _:
                    continue
        except (Exhausted, Undefined):
            continue
    return tuple(found)


def ask(question: Question, process: Process, *, resources: int, memory: int, seed: int, seconds: float) -> Answer:
    """Put a question to Z3.

    Args:
        process: one that runs ``formal.smt.worker``; it is closed when it does not answer properly, and started again
            by the next question.
        resources: Z3's resource units.
        memory: in MiB.
        seconds: after so long the process is killed.
    """
    header = {"resources": resources, "memory": memory, "seed": seed, "logic": question.logic}
    try:
        answer, _ = process.converse(header, question.text, seconds, _accept)
    except Broken as broken:
        return Answer.UNKNOWN if broken.fault is Fault.KILLED else Answer.BROKEN
    if answer["status"] == "unknown":
        return Answer.UNKNOWN
    return Answer.CONFIRMED if answer["status"] == question.expected else Answer.CONTRADICTED


def _accept(answer: dict[str, Any]) -> None:
    if answer["status"] not in ("sat", "unsat", "unknown") or answer["size"] != 0:
        raise Broken(Fault.GARBAGE, "the answer is not one to this question")


# --- writing --------------------------------------------------------------------------------------


def _numeral(value: Number) -> str:
    number = Fraction(value)
    text = f"{abs(number.numerator)}.0" if number.denominator == 1 else _quotient(number)
    return f"(- {text})" if number < 0 else text


def _quotient(number: Fraction) -> str:
    return f"(/ {abs(number.numerator)}.0 {number.denominator}.0)"


def _all(parts: Sequence[str]) -> str:
    return "true" if not parts else parts[0] if len(parts) == 1 else f"(and {' '.join(parts)})"


def _any(parts: Sequence[str]) -> str:
    return "false" if not parts else parts[0] if len(parts) == 1 else f"(or {' '.join(parts)})"


def _sum(parts: Sequence[str]) -> str:
    return "0.0" if not parts else parts[0] if len(parts) == 1 else f"(+ {' '.join(parts)})"


class _Problem:
    """Declarations and assertions."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._unknowns = 0

    def number(self, value: Interval) -> str:
        """A numeral, or an unknown between two."""
        if value.is_point:
            return _numeral(number_of(value.lower))
        name = self.unknown()
        self.demand(f"(<= {_numeral(number_of(value.lower))} {name})")
        if number_of(value.upper) != INFINITY:
            self.demand(f"(<= {name} {_numeral(number_of(value.upper))})")
        return name

    def unknown(self, sort: str = "Real") -> str:
        name = f"x{self._unknowns}"
        self._unknowns += 1
        self.lines.append(f"(declare-const {name} {sort})")
        return name

    def demand(self, formula: str) -> None:
        self.lines.append(f"(assert {formula})")

    def question(self, path: Path, expected: str, logic: str = "QF_LRA") -> Question:
        return Question(path, "\n".join([*self.lines, ""]).encode("ascii"), expected, logic)


class _Writer:
    """States questions about matrices that are evaluated once."""

    def __init__(
        self,
        grids: Grids,
        evidence: dict[Path, OfQuantity | OfAtom],
        values: dict[Path, Box],
        budget: Budget,
    ) -> None:
        self._grids = grids
        self._evidence = evidence
        self._values = values
        self._budget = budget

    # --- quantities -------------------------------------------------------------------------------

    def compared(self, quantity: object, path: Path, detail: object) -> Iterator[Question]:
        """Questions about one side of a comparison, on what its detail or evidence is about."""
        evidence, value = self._evidence.get(path), self._values.get(path)
        match quantity:
            case Gap(of, target, metric) if isinstance(detail, NoPrompt):
                yield from self._no_prompt(
                    *upright(self._grids.grid(of), self._grids.grid(target)), metric, detail, path
                )
            case Gap(of, target, metric) if isinstance(detail, NearestPrompt):
                grids = upright(self._grids.grid(of), self._grids.grid(target))
                yield from self._near(*grids, metric, detail, path)
            case Defect(of) if isinstance(detail, WorstTriple):
                yield from self._triple(self._grids.grid(of), detail, path)
            case Repair(of) if isinstance(evidence, RepairBounds) and value is not None:
                yield from self._path(self._grids.grid(of), evidence, path)
            case PromptNumber(of, target, within) if isinstance(evidence, PromptCover):
                hopeful, _ = instances(self._grids.grid(of), self._grids.grid(target), within, self._budget)
                yield from self._cover(hopeful, evidence, path)
            case _:
                return

    def _no_prompt(self, of: Grid, target: Grid, metric: Metric, detail: NoPrompt, path: Path) -> Iterator[Question]:
        """No column is within the bound on these objects."""
        if len(detail.objects) * of.shape[1] > _LARGEST or detail.bound == INFINITY:
            return
        problem = _Problem()
        wanted = {x: self._finite(problem, target.entry(x, 0)) for x in detail.objects}
        near = []
        for p in range(of.shape[1]):
            column = {x: self._finite(problem, of.entry(x, p)) for x in detail.objects}
            if any(column[x] is None or wanted[x] is None for x in detail.objects):
                return
            bound = _numeral(detail.bound)
            pairs = [(column[x], wanted[x]) for x in detail.objects]
            if metric is Metric.SUP:
                near.append(_all([f"(<= (- {b}) (- {a} {c}) {b})" for a, c in pairs for b in (bound,)]))
            else:
                sizes = [f"(ite (<= {c} {a}) (- {a} {c}) (- {c} {a}))" for a, c in pairs]
                near.append(f"(<= {_sum(sizes)} (* 2.0 {bound}))")
        problem.demand(_any(near))
        yield problem.question(path, "unsat")

    def _near(self, of: Grid, target: Grid, metric: Metric, detail: NearestPrompt, path: Path) -> Iterator[Question]:
        """The nearest prompt is nowhere further away than the gap says."""
        if detail.distance.upper == INFINITY:
            return
        problem = _Problem()
        bound = _numeral(detail.distance.upper)
        far, sizes = [], []
        for x in range(of.shape[0]):
            a, c = (self._finite(problem, value) for value in (of.entry(x, detail.prompt), target.entry(x, 0)))
            if a is None or c is None:
                return
            far += [f"(< {bound} (- {a} {c}))", f"(< {bound} (- {c} {a}))"]
            sizes.append(f"(ite (<= {c} {a}) (- {a} {c}) (- {c} {a}))")
        problem.demand(_any(far) if metric is Metric.SUP else f"(< (* 2.0 {bound}) {_sum(sizes)})")
        yield problem.question(path, "unsat")

    def _finite(self, problem: _Problem, value: Interval) -> str | None:
        return None if number_of(value.lower) == INFINITY else problem.number(value)

    def _triple(self, of: Grid, detail: WorstTriple, path: Path) -> Iterator[Question]:
        """The composite of the worst triple is in excess of its entry by no less than said; for known entries."""
        x, y, z = detail.objects
        if not of.is_exact or detail.amount.lower == INFINITY or len({x, y, z}) == 1:
            return
        problem = _Problem()
        ends = [self._finite(problem, of.entry(*at)) for at in ((x, y), (y, z), (x, z))]
        if None in ends:
            return
        a, b, c = (str(end) for end in ends)
        amount = _numeral(detail.amount.lower)
        match of.quantale:
            case Quantale.LAWVERE:
                problem.demand(f"(< (- {c} (+ {a} {b})) {amount})")
            case Quantale.PRODUCT:
                problem.demand(f"(< (- (* {a} {b}) {c}) {amount})")
            case Quantale.LUKASIEWICZ:
                problem.demand(f"(< (- (+ {a} {b}) 1.0 {c}) {amount})")
            case _:
                problem.demand(f"(< (- (ite (<= {a} {b}) {a} {b}) {c}) {amount})")
        yield problem.question(path, "unsat")

    def _path(self, of: Grid, evidence: RepairBounds, path: Path) -> Iterator[Question]:
        """Less than the lower bound does not repair the critical path; not for products, which are not linear."""
        way = evidence.path
        if way is None or of.quantale is Quantale.PRODUCT or not of.is_exact:
            return
        problem = _Problem()
        e = problem.unknown()
        problem.demand(f"(and (<= 0.0 {e}) (< {e} {_numeral(evidence.lower)}))")
        edges = [self._finite(problem, of.entry(a, b)) for a, b in pairwise(way)]
        end = self._finite(problem, of.entry(way[0], way[-1]))
        if end is None or None in edges:
            return
        if of.quantale is Quantale.LAWVERE:
            problem.demand(f"(<= (- {end} {e}) {_sum([f'(+ {a} {e})' for a in edges])})")
        elif of.quantale is Quantale.LUKASIEWICZ:
            total = _sum(["1.0", *(f"(- {a} {e} 1.0)" for a in edges)])
            problem.demand(f"(<= {total} (+ {end} {e}))")
        else:
            problem.demand(_any([f"(<= (- {a} {e}) (+ {end} {e}))" for a in edges] or [f"(<= 1.0 (+ {end} {e}))"]))
        yield problem.question(path, "unsat")

    def _cover(self, instance: Instance, evidence: PromptCover, path: Path) -> Iterator[Question]:
        """One column less than the lower bound does not cover the objects of the tree."""
        if not evidence.bound or evidence.fewer is None:
            return
        objects = _objects(evidence.fewer)
        problem = _Problem()
        chosen = {p: problem.unknown("Bool") for p in instance.covered}
        for x in objects:
            problem.demand(_any([chosen[p] for p in instance.columns_at(x)]))
        if chosen:
            problem.demand(f"((_ at-most {evidence.bound - 1}) {' '.join(chosen.values())})")
        yield problem.question(path, "unsat", "QF_FD")

    # --- linear arithmetic ------------------------------------------------------------------------

    def linear(self, atom: SoftPrompt | SoftWeight | InHull, path: Path) -> Iterator[Question]:
        """Questions about solutions and contradictions."""
        evidence = self._evidence.get(path)
        match atom:
            case InHull():
                yield from self._hull(atom, evidence, path)
                return
            case SoftPrompt(features, task, margin, threshold):
                system = soft_prompt(self._grids.grid(features), self._grids.grid(task), margin, threshold)
            case SoftWeight(features, target, within):
                system = soft_weight(self._grids.grid(features), self._grids.grid(target), within)
        match evidence:
            case Point(coordinates):
                yield from self._solution(system, coordinates, path)
            case Multipliers(multiples):
                problem = _Problem()
                unknowns = [problem.unknown() for _ in range(system.lower.shape[1])]
                for i, _ in multiples:
                    problem.demand(_inequality(unknowns, system.lower[i].tolist(), system.least[i]))
                yield problem.question(path, "unsat")

    def _solution(self, system: Inequalities, coordinates: Sequence[Fraction], path: Path) -> Iterator[Question]:
        if not system.is_exact or system.lower.size > _LARGEST:
            return
        problem = _Problem()
        unknowns = [problem.unknown() for _ in coordinates]
        for name, value in zip(unknowns, coordinates, strict=True):
            problem.demand(f"(= {name} {_numeral(value)})")
        for row, bound in zip(system.lower.tolist(), system.greatest, strict=True):
            problem.demand(_inequality(unknowns, row, bound))
        yield problem.question(path, "sat")

    def _hull(self, atom: InHull, evidence: object, path: Path) -> Iterator[Question]:
        points, vertices = self._grids.grid(atom.points), [self._grids.grid(each) for each in atom.vertices]
        if not all(grid.is_exact for grid in (points, *vertices)):
            return
        match evidence:
            case Separation(row, _):
                rows: Sequence[int] = (row,)
            case HullWeights():
                rows = range(points.shape[0])
            case _:
                return
        size = sum(grid.lower.size for grid in vertices) * (len(rows) if atom.shared else 1)
        if size > _LARGEST:
            return
        problem = _Problem()
        for x in rows:
            corners = (
                [(vertices[0], i) for i in range(vertices[0].shape[0])] if atom.shared else [(v, x) for v in vertices]
            )
            weights = [problem.unknown() for _ in corners]
            for i, name in enumerate(weights):
                given = f"(= {name} {_numeral(evidence.weights[x][i])})" if isinstance(evidence, HullWeights) else ""
                problem.demand(given or f"(<= 0.0 {name})")
            problem.demand(f"(= {_sum(weights)} 1.0)")
            for y in range(points.shape[1]):
                mixed = [
                    f"(* {_numeral(number_of(grid.entry(i, y).lower))} {name})"
                    for (grid, i), name in zip(corners, weights, strict=True)
                ]
                here, bound = number_of(points.entry(x, y).lower), atom.within
                problem.demand(f"(<= {_numeral(here - bound)} {_sum(mixed)})")
                problem.demand(f"(<= {_sum(mixed)} {_numeral(here + bound)})")
        yield problem.question(path, "unsat" if isinstance(evidence, Separation) else "sat")


def _inequality(unknowns: Sequence[str], coefficients: Sequence[Scalar], bound: Any) -> str:
    terms = [f"(* {_numeral(c)} {name})" for c, name in zip(coefficients, unknowns, strict=True) if c != 0]
    return f"(<= {_numeral(bound)} {_sum(terms)})"


def _objects(tree: Branch) -> list[int]:
    """The objects of a tree, each once, in order of appearance."""
    found: dict[int, None] = {}
    seen: set[int] = set()
    stack = [tree]
    while stack:
        branch = stack.pop()
        if id(branch) not in seen:
            seen.add(id(branch))
            found[branch.object] = None
            stack.extend(child for _, child in branch.children)
    return list(found)
