"""The value of every node of a claim, for one cell of its parameter: quantities, then truth by Kleene's connectives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from formal.lawvere import linear, search
from formal.lawvere import matrix as m
from formal.lawvere import number as n
from formal.lawvere import quantity as q
from formal.lawvere.claim import SIGNATURES, Claim
from formal.lawvere.enclosure import enclose, rounded
from formal.lawvere.polynomial import Cell, Value
from formal.lawvere.reading import Ledger, Rejected, Undecided, demand

ANY_NUMBERS = {"given", "opposite", "restriction", "rank", "classes", "soft-prompt", "soft-weight", "in-hull"}
"""What uses matrices as numbers, whatever their quantale is."""

EVIDENCE = {
    "prompt-number": {"prompt-cover": 3},
    "repair": {"repair-bounds": 3},
    "rank": {"rank-bounds": 4},
    "soft-prompt": {"point": 1, "multipliers": 1},
    "soft-weight": {"point": 1, "multipliers": 1},
    "in-hull": {"hull-weights": 1, "separation": 2},
}
"""Kinds of evidence for each kind of node, with the number of their fields."""

MATRICES: dict[str, Callable[..., m.Matrix]] = {
    "composite": m.composite,
    "residual": m.residual,
    "opposite": m.opposite,
    "closure": m.closure,
    "restriction": m.restriction,
    "at-least": m.at_least,
}

QUANTITIES: dict[str, Callable[..., n.Interval]] = {
    "distance": q.distance,
    "defect": q.defect,
    "repair": q.repair,
    "classes": q.classes,
}

INEQUALITIES: dict[str, Callable[..., linear.Inequalities]] = {
    "soft-prompt": linear.soft_prompt,
    "soft-weight": linear.soft_weight,
}


class Evaluator:
    """Values of nodes: intervals of expressions and quantities, matrices, truth values or None."""

    def __init__(self, claim: Claim, evidence: dict[int, list[Any]], bits: int, ledger: Ledger) -> None:
        self.claim, self.evidence, self.bits, self.ledger = claim, evidence, bits, ledger
        self.known: dict[int, Any] = {}
        self.inside: set[int] = set()
        """Matrices whose entries were found to be values of their quantale."""
        self.cell: Cell | None = None
        self.doubts: list[Undecided] = []
        """Why atoms are undecided, the first ones first."""

    def enter(self, cell: Cell) -> None:
        """Go on to another cell of the parameter."""
        self.cell = cell
        self.known = {node: value for node, value in self.known.items() if not self.claim.depends[node]}
        self.inside &= self.known.keys()

    def truth(self) -> bool | None:
        """The truth value of the claim; a part is not looked at once the whole is known."""
        claim, known = self.claim, self.known
        stack = [(len(claim.kinds) - 1, 0)]
        while stack:
            node, position = stack.pop()
            kind, parts = claim.kinds[node], claim.parts[node]
            self.ledger.spend(1)
            if kind not in ("not", "and", "or"):
                known[node] = self._decided(node)
                continue
            decisive = {"and": False, "or": True}.get(kind)
            if position and decisive is not None and known[parts[position - 1]] is decisive:
                known[node] = decisive
            elif position < len(parts):
                stack.append((node, position + 1))
                if parts[position] not in known:
                    stack.append((parts[position], 0))
            elif kind == "not":
                value = known[parts[0]]
                known[node] = None if value is None else not value
            else:
                known[node] = None if any(known[part] is None for part in parts) else kind == "and"
        return bool_or_none(known[len(claim.kinds) - 1])

    def _decided(self, node: int) -> bool | None:
        """The truth value of an atom."""
        try:
            found = bool_or_none(self.value(node))
        except Undecided as doubt:
            self.doubts.append(doubt)
            return None
        if found is None:
            self.doubts.append(
                Undecided("unknown", "a comparison holds for some numbers within bounds, but not for all")
            )
        return found

    def value(self, node: int) -> Any:
        """The value of a node, those that it is computed from first."""
        stack = [node]
        while stack:
            missing = [part for part in self.claim.parts[stack[-1]] if part not in self.known]
            if missing:
                stack.extend(reversed(missing))
                continue
            top = stack.pop()
            if top not in self.known:
                self.ledger.spend(1)
                self.known[top] = self._compute(top)
        return self.known[node]

    def _compute(self, node: int) -> Any:
        kind, known = self.claim.kinds[node], self.known
        values = [
            known[x] if s in "EMQ" else x for x, s in zip(self.claim.fields[node], SIGNATURES[kind][1], strict=True)
        ]
        if kind not in ANY_NUMBERS:
            for part in self.claim.parts[node]:
                if part in self.claim.shapes and part not in self.inside:
                    m.demand_carrier(known[part], self.ledger)
                    self.inside.add(part)
        match SIGNATURES[kind][0]:
            case "E":
                return rounded(self._expression(kind, values), self.bits)
            case "M":
                self.ledger.store(self.claim.shapes[node][1] * self.claim.shapes[node][2])
                return self._given(*values) if kind == "given" else MATRICES[kind](*values, self.ledger)
            case "Q":
                return self._quantity(node, kind, values)
            case _:
                return self._atom(node, kind, values)

    def _expression(self, kind: str, values: list[Any]) -> n.Interval:
        match kind:
            case "number":
                return n.point(values[0])
            case "parameter":
                if self.cell is None:
                    raise Rejected("cell", "a parameter without cells")
                return n.point(Value(self.cell, (0, 1)))
            case "sqrt" | "exp" | "log":
                return enclose(kind, values[0], self.bits, self.ledger)
            case "power":
                size = values[1] * max(n.bits(end) for end in values[0])
                demand(size <= n.LARGEST, "limit", "a power with too many bits")
                self.ledger.spend(n.weight_of(size))
                return n.power(*values)
            case _:
                return _arithmetic(kind, values, self.ledger)

    def _given(self, number: int, symbols: Sequence[tuple[int, int, int]]) -> m.Matrix:
        """A matrix by its entries, the values of expressions put in their places."""
        of = self.claim.matrices[number]
        if not symbols:
            return of
        ends = [[list(row) for row in rows] for rows in (of.lower, of.upper)]
        for x, y, expression in symbols:
            for rows, value in zip(ends, self.known[expression], strict=True):
                rows[x][y] = value * of.denominator
        exact = of.is_exact and all(self.known[z][0] is self.known[z][1] for _, _, z in symbols)
        return m.matrix(of.quantale, of.width, ends[0], ends[0] if exact else ends[1], of.denominator, self.ledger)

    def _quantity(self, node: int, kind: str, values: list[Any]) -> n.Interval:
        ledger, evidence = self.ledger, self._evidence(node, kind)
        match kind:
            case "constant":
                return values[0]  # type: ignore[no-any-return]
            case "entry":
                return values[0].entry(*values[1:])  # type: ignore[no-any-return]
            case "excess":
                return q.excess(*self._proper(node, *values), ledger)
            case "gap":
                if values[1].width != 1 or len(values[1].lower) != len(values[0].lower):
                    values[:2] = [m.opposite(of, ledger) for of in values[:2]]
                return q.gap(values[0], values[1], values[2], ledger)
            case "repair" if evidence:
                return search.check_repair(values[0], evidence[1:], ledger)
            case "prompt-number":
                covers = search.Covers(values[0], values[1], values[2], ledger)
                return search.check_cover(covers, evidence[1:]) if evidence else search.prompt_number(covers)
            case "rank":
                of, within = m.demand_finite(values[0], ledger), values[1]
                return (
                    search.check_rank(of, within, evidence[1:], ledger) if evidence else search.rank(of, within, ledger)
                )
            case "combined":
                return _arithmetic(values[0], [self.known[part] for part in values[1]], ledger)
            case _:
                return QUANTITIES[kind](*values, ledger)

    def _proper(self, node: int, left: m.Matrix, right: m.Matrix) -> tuple[m.Matrix, m.Matrix]:
        """The sides of an excess; of C A and A without the diagonal of C, which, at most the unit, says nothing."""
        first, second = self.claim.fields[node]
        if self.claim.kinds[first] != "composite" or left.is_exact:
            return left, right
        a, b = self.claim.fields[first]
        c, d = (self.known[part] for part in (a, b))
        if second not in (a, b):
            return left, right
        factors = (m.without_diagonal(c) if second == b else c, m.without_diagonal(d) if second == a else d)
        return m.composite(*factors, self.ledger), right

    def _atom(self, node: int, kind: str, values: list[Any]) -> bool | None:
        ledger, evidence = self.ledger, self._evidence(node, kind)
        if kind == "compare":
            return compared(*values)
        for part in self.claim.parts[node]:
            m.demand_finite(self.known[part], ledger)
        if not evidence:
            raise Undecided("evidence", f"{kind} without evidence")
        if kind == "in-hull":
            vertices = [self.known[part] for part in values[1]]
            check = linear.check_weights if evidence[0] == "hull-weights" else linear.check_separation
            return check(values[0], vertices, values[2], values[3], evidence[1:], ledger)
        found = INEQUALITIES[kind](*values, ledger)
        return found.check_point(evidence[1:]) if evidence[0] == "point" else found.check_multipliers(evidence[1:])

    def _evidence(self, node: int, kind: str) -> list[Any]:
        """The evidence for a node: its kind and its fields; empty when there is none."""
        evidence = self.evidence.get(node, [])
        if evidence:
            sizes = EVIDENCE.get(kind, {})
            holds = type(evidence[0]) is str and sizes.get(evidence[0]) == len(evidence) - 1
            demand(holds, "evidence", "evidence that does not fit")
        return evidence


def bool_or_none(value: Any) -> bool | None:
    """A truth value."""
    return None if value is None else bool(value)


def compared(a: n.Interval, order: str, b: n.Interval) -> bool | None:
    """Whether two numbers compare so; None when that depends on where in their intervals they are."""
    if order == "=":
        if a[1] < b[0] or b[1] < a[0]:
            return False
        return True if n.is_point(a) and n.is_point(b) else None
    if order == "<=":
        return True if a[1] <= b[0] else False if a[0] > b[1] else None
    return True if a[1] < b[0] else False if a[0] >= b[1] else None


def _arithmetic(operation: str, operands: Sequence[n.Interval], ledger: Ledger) -> n.Interval:
    """An operation on intervals."""
    total, *others = operands
    if operation in ("negate", "abs"):
        return n.negate(total) if operation == "negate" else n.absolute(total)
    for other in others:
        ledger.spend(sum(map(n.weight, (*total, *other))))
        match operation:
            case "+" | "add":
                total = n.add(total, other)
            case "-" | "subtract":
                total = n.add(total, n.negate(other))
            case "*" | "multiply":
                total = n.multiply(total, other)
            case "/" | "divide":
                total = n.divide(total, other)
            case _:
                total = n.extreme(operation, (total, other))
    return total
