"""What the section on relations of the reference says, computed from it alone: labelled dictionaries of fractions.

Nothing of the package is used. A term is its text and a function that gives its value in a world, which says what the
declared names stand for; a box or a parameter has many worlds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from itertools import chain, combinations
from random import Random
from typing import Any

Number = Any
"""A fraction, or ``math.inf``."""
World = dict[str, Any]
QUANTALES = ("boolean", "product", "godel", "lukasiewicz", "lawvere")


# --- the five quantales, by the table of the reference --------------------------------------------


def unit(q: str) -> Number:
    """The unit, which is the top."""
    return 0 if q == "lawvere" else 1


def bottom(q: str) -> Number:
    """The least value."""
    return math.inf if q == "lawvere" else 0


def tensor(q: str, a: Number, b: Number) -> Number:
    """a tensor b."""
    if q == "lawvere":
        return a + b
    if q == "product":
        return a * b
    return max(Fraction(0), a + b - 1) if q == "lukasiewicz" else min(a, b)


def below(q: str, a: Number, b: Number) -> bool:
    """a <= b in the quantale."""
    return bool(a >= b if q == "lawvere" else a <= b)


def hom(q: str, a: Number, b: Number) -> Number:
    """The greatest c with c tensor a <= b."""
    if below(q, a, b):
        return unit(q)
    if q == "lawvere":
        return b - a
    if q == "product":
        return b / a
    return 1 - a + b if q == "lukasiewicz" else b


def join(q: str, values: Iterable[Number]) -> Number:
    """The least upper bound."""
    return min(values, default=bottom(q)) if q == "lawvere" else max(values, default=bottom(q))


def meet(q: str, values: Iterable[Number]) -> Number:
    """The greatest lower bound."""
    return max(values, default=unit(q)) if q == "lawvere" else min(values, default=unit(q))


def over(q: str, a: Number, b: Number) -> Number:
    """The least e such that a is at most b moved up by e."""
    return Fraction(0) if below(q, a, b) else abs(a - b)


def apart(a: Number, b: Number) -> Number:
    """How far apart two numbers are."""
    return Fraction(0) if a == b else abs(a - b)


# --- matrices -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """A matrix by its labels. Of a vector, ``base`` is the matrix that it is on."""

    q: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    at: dict[tuple[str, str], Number]
    base: Table | None = None

    def turned(self) -> Table:
        """Rows and columns exchanged."""
        at = {(c, r): value for (r, c), value in self.at.items()}
        return Table(self.q, self.columns, self.rows, at, None if self.base is None else self.base.turned())

    def of(self, rows: Sequence[str] | None, columns: Sequence[str] | None, base: Table | None = None) -> Table:
        """Some rows and columns."""
        rows, columns = rows or self.rows, columns or self.columns
        at = {(r, c): self.at[r, c] for r in rows for c in columns}
        return Table(self.q, tuple(rows), tuple(columns), at, base)


def build(
    q: str, rows: Sequence[str], columns: Sequence[str], value: Callable[[str, str], Number], base: Table | None = None
) -> Table:
    """The matrix with a value for each row and column."""
    return Table(q, tuple(rows), tuple(columns), {(r, c): value(r, c) for r in rows for c in columns}, base)


def then(a: Table, b: Table) -> Table:
    """``a >> b``; a vector stays on what it is composed with."""
    base = b if a.rows == ("*",) and b.columns != ("*",) else a if b.columns == ("*",) and a.rows != ("*",) else None
    return build(
        a.q, a.rows, b.columns, lambda x, z: join(a.q, (tensor(a.q, a.at[x, y], b.at[y, z]) for y in a.columns)), base
    )


def residual(a: Table, b: Table) -> Table:
    """``(a \\ b)(y, z) = meet over x of [a(x, y), b(x, z)]``."""
    base = b if a.columns == ("*",) and b.columns != ("*",) else None
    return build(
        a.q, a.columns, b.columns, lambda y, z: meet(a.q, (hom(a.q, a.at[x, y], b.at[x, z]) for x in a.rows)), base
    )


def closure(a: Table) -> Table:
    """The join of all paths."""
    found = build(a.q, a.rows, a.rows, lambda x, y: join(a.q, [a.at[x, y], *([unit(a.q)] if x == y else [])]))
    for _ in a.rows:
        found = then(found, found)
    return found


def lan(f: Table, k: dict[str, str], e: Table) -> Table:
    """The left Kan extension of a coweight, or of a weight, along the map of objects into e."""
    if f.rows == ("*",):
        return build(
            f.q,
            ("*",),
            e.columns,
            lambda _, y: join(f.q, (tensor(f.q, e.at[k[c], y], f.at["*", c]) for c in f.columns)),
            e,
        )
    return build(
        f.q, e.rows, ("*",), lambda y, _: join(f.q, (tensor(f.q, e.at[y, k[c]], f.at[c, "*"]) for c in f.rows)), e
    )


def ran(f: Table, k: dict[str, str], e: Table) -> Table:
    """The right Kan extension."""
    if f.rows == ("*",):
        return build(
            f.q,
            ("*",),
            e.columns,
            lambda _, y: meet(f.q, (hom(f.q, e.at[y, k[c]], f.at["*", c]) for c in f.columns)),
            e,
        )
    return build(
        f.q, e.rows, ("*",), lambda y, _: meet(f.q, (hom(f.q, e.at[k[c], y], f.at[c, "*"]) for c in f.rows)), e
    )


# --- quantities -----------------------------------------------------------------------------------


def distance(a: Table, b: Table, metric: str = "sup", on: Sequence[str] | None = None) -> Number:
    """The greatest difference; in total variation half the sum of the differences of a row, a weight being one row."""
    if a.columns == ("*",):
        a, b = a.turned(), b.turned()
    columns = [c for c in a.columns if on is None or any(fnmatchcase(c, pattern) for pattern in on)]
    each = [[apart(a.at[r, c], b.at[r, c]) for c in columns] for r in a.rows]
    if metric == "sup":
        return max(chain.from_iterable(each), default=Fraction(0))
    return max((half(sum(row, Fraction(0))) for row in each), default=Fraction(0))


def half(value: Number) -> Number:
    """Half of a number."""
    return value if value == math.inf else Fraction(value) / 2


def excess(a: Table, b: Table) -> Number:
    """The least e with a at most b moved up by e."""
    return max((over(a.q, a.at[place], b.at[place]) for place in a.at), default=Fraction(0))


def defect(a: Table) -> Number:
    """The least e within which it is a category."""
    identities = [over(a.q, unit(a.q), a.at[x, x]) for x in a.rows]
    return max([excess(then(a, a), a), *identities], default=Fraction(0))


def presheaf_defect(w: Table) -> Number:
    """The least e within which the base acts."""
    assert w.base is not None
    return excess(then(w.base, w) if w.columns == ("*",) else then(w, w.base), w)


def gaps(w: Table, among: Table, metric: str = "sup", on: Sequence[str] | None = None) -> dict[str, Number]:
    """The distance from each representable."""
    if w.rows == ("*",):
        return gaps(w.turned(), among.turned(), metric, on)
    return {
        p: distance(w, build(w.q, w.rows, ("*",), lambda x, _, p=p: among.at[x, p]), metric, on) for p in among.columns
    }


def degree(w: Table, among: Table) -> Number:
    """``(w \\ among) w``."""
    if w.rows == ("*",):
        return degree(w.turned(), among.turned())
    fits = {p: meet(w.q, (hom(w.q, w.at[x, "*"], among.at[x, p]) for x in w.rows)) for p in among.columns}
    return join(w.q, (tensor(w.q, fits[p], w.at[p, "*"]) for p in among.columns))


def prompt_number(w: Table, among: Table, within: Number) -> Number:
    """The fewest representables whose join is near."""
    if w.rows == ("*",):
        return prompt_number(w.turned(), among.turned(), within)
    for count in range(len(among.columns) + 1):
        for chosen in combinations(among.columns, count):
            if all(apart(join(w.q, (among.at[x, p] for p in chosen)), w.at[x, "*"]) <= within for x in w.rows):
                return count
    return math.inf


def classes(k: Table, within: Number, metric: str) -> int:
    """Classes of rows that a chain of near ones joins."""
    together = {row: {row} for row in k.rows}
    for a, b in combinations(k.rows, 2):
        one, other = (build(k.q, ("*",), k.columns, lambda _, c, r=r: k.at[r, c]) for r in (a, b))
        if distance(one, other, metric) <= within:
            union = together[a] | together[b]
            for row in union:
                together[row] = union
    return len({frozenset(each) for each in together.values()})


def rank(k: Table) -> int:
    """The rank over the rational numbers, by elimination."""
    rows = [[Fraction(k.at[r, c]) for c in k.columns] for r in k.rows]
    found = 0
    for c in range(len(k.columns)):
        pivot = next((i for i in range(found, len(rows)) if rows[i][c]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for i in range(found + 1, len(rows)):
            factor = rows[i][c] / rows[found][c]
            rows[i] = [a - factor * b for a, b in zip(rows[i], rows[found], strict=True)]
        found += 1
    return found


def repairable(a: Table, e: Number) -> bool:
    """Whether some category lies within e: the free one on the matrix moved down does, or none."""
    if a.q == "boolean" and e < 1:
        e = Fraction(0)
    down = (lambda v: v + e) if a.q == "lawvere" else (lambda v: max(Fraction(0), v - e))
    least = closure(build(a.q, a.rows, a.rows, lambda x, y: down(a.at[x, y])))
    return excess(least, a) <= e


# --- linear arithmetic, by vertices: elimination of one variable after the other ------------------


def feasible(inequalities: list[tuple[list[Fraction], Fraction]]) -> bool:
    """Whether some point has ``<a, x> <= b`` for all (a, b). Fourier and Motzkin."""
    left = inequalities
    width = len(left[0][0]) if left else 0
    for k in range(width):
        zero = [each for each in left if not each[0][k]]
        plus = [each for each in left if each[0][k] > 0]
        minus = [each for each in left if each[0][k] < 0]
        left = zero
        for a, b in plus:
            for c, d in minus:
                s, t = 1 / a[k], -1 / c[k]
                left.append(([s * x + t * y for x, y in zip(a, c, strict=True)], s * b + t * d))
        left = list({(tuple(a), b): (a, b) for a, b in left}.values())
    return all(b >= 0 for _, b in left)


def in_hull(point: Sequence[Number], vertices: Sequence[Sequence[Number]], within: Number) -> bool:
    """Whether a point is near a convex combination."""
    n = len(vertices)
    system = [([Fraction(-(i == j)) for j in range(n)], Fraction(0)) for i in range(n)]
    system += [([Fraction(1)] * n, Fraction(1)), ([Fraction(-1)] * n, Fraction(-1))]
    for c, value in enumerate(point):
        row = [Fraction(vertex[c]) for vertex in vertices]
        system += [(row, value + within), ([-x for x in row], within - value)]
    return feasible(system)


def soft_prompt(t: Table, e: Table, margin: Fraction, threshold: Fraction | None) -> bool:
    """Whether a point of feature space reads the task off."""
    system: list[tuple[list[Fraction], Fraction]] = []
    for x in t.rows:
        row = [Fraction(e.at[x, c]) for c in e.columns]
        free = Fraction(1) if threshold is None else Fraction(0)
        limit = Fraction(0) if threshold is None else threshold
        if t.at[x, "*"] == 1:
            system.append(([-v for v in row] + [free], -limit - margin))
        else:
            system.append(([*row, -free], limit))
    return feasible(system)


def soft_representable(w: Table, e: Table, within: Fraction) -> bool:
    """Whether a point of feature space has these products."""
    system = []
    for x in w.rows:
        row = [Fraction(e.at[x, c]) for c in e.columns]
        system += [(row, w.at[x, "*"] + within), ([-v for v in row], within - w.at[x, "*"])]
    return feasible(system)


# --- scripts at random ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """A matrix, or a number or truth, as text and as a function of the world."""

    text: str
    value: Callable[[World], Any]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    q: str = ""


POINT = ("*",)


class Scripts:
    """Random scripts with one quantale: declarations, and claims with their truth in every world."""

    def __init__(self, seed: int, *, boxes: bool = False, parameter: bool = False) -> None:
        self.random = Random(seed)
        self.q = self.random.choice(QUANTALES)
        self.boxes, self.parameter = boxes, parameter
        self.lines: list[str] = ["parameter p in [0, 1]"] if parameter else []
        self.entries: dict[str, dict[tuple[str, str], Any]] = {}
        self.shapes: dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None]] = {}
        self.maps: dict[str, tuple[str, str, dict[str, str]]] = {}
        self.declare()

    # --- declarations

    def number(self) -> Any:
        """A value of the quantale."""
        if self.q == "boolean":
            return Fraction(self.random.randint(0, 1))
        if self.q == "lawvere":
            if self.random.random() < 0.08:
                return math.inf
            return Fraction(self.random.randint(0, 6), self.random.choice((1, 2, 3)))
        return (
            Fraction(self.random.randint(0, 6), 6)
            if self.random.random() < 0.7
            else Fraction(self.random.randint(0, 7), 7)
        )

    def entry(self) -> tuple[str, Any]:
        """Its text, and what it may be: a number, a pair, or ``"p"``-dependent."""
        a = self.number()
        if self.boxes and a != math.inf and self.random.random() < 0.3:
            b = self.number()
            if b != math.inf:
                a, b = min(a, b), max(a, b)
                return f"[{a}, {b}]", (a, b)
        if self.parameter and self.q != "boolean" and self.random.random() < 0.3:
            return self.random.choice(
                [("p", lambda p: p), ("1 - p", lambda p: 1 - p), ("p^2", lambda p: p * p), ("p/2", lambda p: p / 2)]
            )
        return ("infinity" if a == math.inf else str(a)), a

    def matrix(self, word: str, name: str, head: str, rows: Sequence[str], columns: Sequence[str]) -> None:
        """A declaration of a relation or profunctor; some entries are left out."""
        cells: dict[tuple[str, str], Any] = {}
        written = []
        for r in rows:
            for c in columns:
                if self.random.random() < (0.9 if r == c and word == "relation" else 0.25):
                    cells[r, c] = unit(self.q) if r == c and word == "relation" else bottom(self.q)
                    continue
                text, cells[r, c] = self.entry()
                written.append(f"{r} -> {c} = {text}")
        self.lines.append(f"{word} {name} {head} over {self.q} {{ {', '.join(written)} }}")
        self.entries[name] = cells
        self.shapes[name] = tuple(rows), tuple(columns), None

    def vector(self, word: str, name: str, base: str) -> None:
        """A weight or coweight; a third of the time a representable one, so that some are."""
        rows, columns, _ = self.shapes[base]
        labels = rows if word == "weight" else columns
        cells: dict[tuple[str, str], Any] = {}
        written = []
        for label in labels:
            text, value = self.entry()
            cells[(label, "*") if word == "weight" else ("*", label)] = value
            written.append(f"{label} |-> {text}")
        self.random.shuffle(written)
        self.lines.append(f"{word} {name} on {base} {{ {', '.join(written)} }}")
        self.entries[name] = cells
        self.shapes[name] = (labels, POINT, base) if word == "weight" else (POINT, labels, base)

    def map(self, name: str, dom: str, cod: str) -> None:
        """A functor between relations."""
        images = {x: self.random.choice(self.shapes[cod][0]) for x in self.shapes[dom][0]}
        self.lines.append(
            f"functor {name}: {dom} -> {cod} {{ {', '.join(f'{x} |-> {y}' for x, y in images.items())} }}"
        )
        self.maps[name] = dom, cod, images

    def declare(self) -> None:
        """What every script has: R, R2 on three objects, S on two, profunctors, vectors and functors."""
        objects, others = ("a", "b", "ab"), ("u", "v")
        self.matrix("relation", "R", "on {a, b, ab}", objects, objects)
        self.matrix("relation", "R2", "on {b, ab, a}", ("b", "ab", "a"), ("b", "ab", "a"))
        self.matrix("relation", "S", "on {u, v}", others, others)
        self.matrix("profunctor", "P", "from {a, b, ab} to {u, v}", objects, others)
        self.matrix("profunctor", "P2", "from {ab, a, b} to {v, u}", ("ab", "a", "b"), ("v", "u"))
        for name, base in (("W", "R"), ("W2", "R"), ("V", "S"), ("X", "P")):
            self.vector("weight", name, base)
        for name, base in (("F", "R"), ("F2", "R"), ("G", "S"), ("Y", "P")):
            self.vector("coweight", name, base)
        self.map("J", "S", "R")
        self.map("H", "R", "S")
        self.map("I", "R2", "R")

    def worlds(self, count: int) -> Iterator[World]:
        """What the names stand for, in some worlds; the first ones have ends of boxes."""
        for index in range(count):
            p = self.random.choice([Fraction(0), Fraction(1), Fraction(self.random.randint(1, 99), 100)])
            yield self.world(p, index)

    def world(self, p: Fraction, index: int = 0) -> World:
        """One of them."""

        def settle(value: Any) -> Number:
            if callable(value):
                return value(p)
            if not isinstance(value, tuple):
                return value
            low, high = value
            inner = Fraction(0) if self.q == "boolean" else Fraction(self.random.randint(0, 8), 8)
            if self.q == "boolean":
                return self.random.choice((low, high))
            ends: list[Number] = [low, high, low + (high - low) * inner]
            return ends[index] if index < 2 else self.random.choice(ends)

        world: World = {"p": p}
        for name, cells in self.entries.items():
            rows, columns, base = self.shapes[name]
            at = {place: settle(value) for place, value in cells.items()}
            world[name] = Table(self.q, rows, columns, at, None if base is None else world[base])
        return world

    # --- terms

    def leaf(self, name: str) -> Term:
        """A declared matrix."""
        rows, columns, _ = self.shapes[name]
        return Term(name, lambda world: world[name], rows, columns, self.q)

    def relation(self, depth: int = 2) -> Term:
        """A square matrix."""
        pick = self.random.randint(0, 7) if depth else 0
        if pick <= 1:
            return self.leaf(self.random.choice(("R", "R2", "S")))
        if pick == 2:
            a = self.relation(depth - 1)
            return Term(f"closure({a.text})", lambda w: closure(a.value(w)), a.rows, a.rows, self.q)
        if pick == 3:
            a = self.relation(depth - 1)
            return Term(f"opposite({a.text})", lambda w: a.value(w).turned(), a.rows, a.rows, self.q)
        if pick == 4:
            a = self.relation(depth - 1)
            some = tuple(self.random.sample(a.rows, self.random.randint(1, len(a.rows))))
            return Term(
                f"restrict({a.text}, {{{', '.join(some)}}})", lambda w: a.value(w).of(some, some), some, some, self.q
            )
        if pick == 5:
            return self.chain(self.leaf("R"), self.leaf(self.random.choice(("R", "R2"))))
        if pick == 6:
            k, x = self.profunctor(depth - 1), self.random.choice(("P", "P2"))
            if set(k.rows) != {"a", "b", "ab"} or set(k.columns) != {"u", "v"}:
                return self.leaf("R")
            other = self.leaf(x)
            turned = Term(f"opposite({x})", lambda w: other.value(w).turned(), other.columns, other.rows, self.q)
            found = self.chain(k, turned)
            return found if found.rows == found.columns else self.leaf("R")
        a = self.random.choice(("P", "P2"))
        b = self.leaf(a)
        return Term(f"residual({a}, {a})", lambda w: residual(b.value(w), b.value(w)), b.columns, b.columns, self.q)

    def chain(self, a: Term, b: Term) -> Term:
        """``a >> b`` or the other way of writing it."""
        text = f"({a.text} >> {b.text})" if self.random.random() < 0.7 else f"({b.text} ∘ {a.text})"
        return Term(text, lambda w: then(a.value(w), b.value(w)), a.rows, b.columns, self.q)

    def profunctor(self, depth: int = 2) -> Term:
        """A rectangular matrix."""
        pick = self.random.randint(0, 5) if depth else 0
        if pick <= 1:
            return self.leaf(self.random.choice(("P", "P2")))
        if pick == 2:
            return self.chain(self.leaf(self.random.choice(("R", "R2"))), self.leaf(self.random.choice(("P", "P2"))))
        if pick == 3:
            found = self.leaf(self.random.choice(("P", "P2")))
            return self.chain(found, self.leaf("S"))
        if pick == 4:
            a, b = self.leaf("R"), self.leaf("P")
            return Term("residual(R, P)", lambda w: residual(a.value(w), b.value(w)), a.columns, b.columns, self.q)
        a = self.leaf("P")
        rows = tuple(self.random.sample(a.rows, self.random.randint(1, 3)))
        columns = tuple(self.random.sample(a.columns, self.random.randint(1, 2)))
        text = f"restrict(P, rows: {{{', '.join(rows)}}}, columns: {{{', '.join(columns)}}})"
        return Term(text, lambda w: a.value(w).of(rows, columns), rows, columns, self.q)

    def weight(self, on: str = "R") -> Term:
        """A column on R (or S); it is on the relation that the reference says."""
        name = self.random.choice(("W", "W2")) if on == "R" else "V"
        labels = self.shapes[on][0]
        pick = self.random.randint(0, 8)
        leaf = self.leaf(name)
        if pick <= 2:
            return leaf
        if pick == 3:
            x, r = self.random.choice(labels), self.leaf(on)
            word = self.random.choice(("represented", "column"))
            return Term(
                f"{word}({on}, {x})",
                lambda w: build(self.q, labels, POINT, lambda r_, _: w[on].at[r_, x], r.value(w)),
                labels,
                POINT,
                self.q,
            )
        if pick == 4:
            return self.chain(self.leaf(on), leaf)
        if pick == 5 and on == "R":
            return self.chain(self.leaf("P"), self.leaf("V"))
        if pick == 6:
            f = self.coweight(on)
            return Term(f"opposite({f.text})", lambda w: f.value(w).turned(), f.columns, POINT, self.q)
        j, dom = ("J", "S") if on == "R" else ("H", "R")
        inner = self.leaf("V" if dom == "S" else self.random.choice(("W", "W2")))
        word, kan = self.random.choice((("lan", lan), ("ran", ran)))
        images = self.maps[j][2]
        return Term(
            f"{word}({inner.text}, along: {j})",
            lambda w: kan(inner.value(w), images, w[on]),
            labels,
            POINT,
            self.q,
        )

    def coweight(self, on: str = "R") -> Term:
        """A row on R (or S)."""
        name = self.random.choice(("F", "F2")) if on == "R" else "G"
        labels = self.shapes[on][0]
        leaf = self.leaf(name)
        pick = self.random.randint(0, 8)
        if pick <= 2:
            return leaf
        if pick == 3:
            x = self.random.choice(labels)
            word = self.random.choice(("corepresented", "row"))
            return Term(
                f"{word}({on}, {x})",
                lambda w: build(self.q, POINT, labels, lambda _, c: w[on].at[x, c], w[on]),
                POINT,
                labels,
                self.q,
            )
        if pick == 4:
            return self.chain(leaf, self.leaf(on))
        if pick == 5 and on == "S":
            return self.chain(self.leaf(self.random.choice(("F", "F2"))), self.leaf("P"))
        if pick == 6:
            inner_weight = self.leaf("W" if on == "R" else "V")
            return Term(
                f"residual({inner_weight.text}, {on})",
                lambda w: residual(inner_weight.value(w), w[on]),
                POINT,
                labels,
                self.q,
            )
        j, dom = ("J", "S") if on == "R" else ("H", "R")
        inner = self.leaf("G" if dom == "S" else self.random.choice(("F", "F2")))
        word, kan = self.random.choice((("lan", lan), ("ran", ran)))
        images = self.maps[j][2]
        return Term(
            f"{word}({inner.text}, along: {j})",
            lambda w: kan(inner.value(w), images, w[on]),
            POINT,
            labels,
            self.q,
        )

    # --- quantities

    def patterns(self, labels: Sequence[str]) -> list[str] | None:
        """Patterns of labels of R that match something."""
        some = self.random.choice((None, None, ["a*"], ["?"], ["*b"], ["a", "ab"], ["*"]))
        if some is None or all(any(fnmatchcase(label, each) for label in labels) for each in some):
            return some
        return None

    def quantity(self) -> Term:
        """A number."""
        r = self.random
        metric = r.choice(("sup", "sup", "tv"))
        said = f", metric: {metric}" if metric == "tv" or r.random() < 0.2 else ""
        pick = r.randint(0, 13)
        if pick == 0:
            m = r.choice((self.relation, self.profunctor))()
            x, y = r.choice(m.rows), r.choice(m.columns)
            return Term(f"{m.text}({x}, {y})", lambda w: m.value(w).at[x, y])
        if pick == 1:
            if r.random() < 0.5:
                v = self.weight()
                x = r.choice(v.rows)
                return Term(f"{wrapped(v)}({x})", lambda w: v.value(w).at[x, "*"])
            v = self.coweight()
            x = r.choice(v.columns)
            return Term(f"{wrapped(v)}({x})", lambda w: v.value(w).at["*", x])
        if pick in (2, 3):
            make = r.choice((self.weight, self.coweight, self.profunctor, self.relation))
            a, b = make(), make()
            for _ in range(60):
                if set(a.rows) == set(b.rows) and set(a.columns) == set(b.columns):
                    break
                b = make()
            else:
                b = a
            if pick == 3:
                return Term(f"excess({a.text}, {b.text})", lambda w: excess(a.value(w), b.value(w)))
            labels = a.rows if a.columns == POINT else a.columns
            on = self.patterns(labels)
            return Term(
                f"distance({a.text}, {b.text}{said}{shown(on)})",
                lambda w: distance(a.value(w), b.value(w), metric, on),
            )
        if pick == 4:
            m = self.relation()
            return Term(f"defect({m.text})", lambda w: defect(m.value(w)))
        if pick == 5:
            v = r.choice((self.weight, self.coweight))(r.choice(("R", "S")))
            if "P" in v.text or "opposite" in v.text:
                v = self.leaf("W")
            return Term(f"presheaf_defect({v.text})", lambda w: presheaf_defect(v.value(w)))
        if pick in (6, 7):
            v, among, text = self.faced()
            on = self.patterns(v.rows if v.columns == POINT else v.columns)
            return Term(
                f"gap({v.text}{text}{said}{shown(on)})",
                lambda w: min(gaps(v.value(w), among(w, v), metric, on).values()),
            )
        if pick == 8:
            v = self.leaf(r.choice(("W", "W2", "F", "F2", "V", "G")))
            return Term(f"degree({v.text})", lambda w: degree(v.value(w), v.value(w).base))
        if pick == 9:
            f, v = self.coweight(), self.weight()
            return Term(f"extension({f.text}, {v.text})", lambda w: then(f.value(w), v.value(w)).at["*", "*"])
        if pick == 10:
            m = self.leaf(r.choice(("R", "R2")))
            some, x = r.sample(m.rows, r.randint(1, 3)), r.choice(m.rows)
            return Term(
                f"coverage({m.text}, {{{', '.join(some)}}}, of: {x})",
                lambda w: join(self.q, (tensor(self.q, m.value(w).at[x, s], m.value(w).at[s, x]) for s in some)),
            )
        if pick == 11:
            v, among, text = self.faced()
            e = self.tolerance()
            return Term(
                f"prompt_number({v.text}, within: {e}{text})", lambda w: prompt_number(v.value(w), among(w, v), e)
            )
        if pick == 12:
            m, e = r.choice((self.relation, self.profunctor))(), self.tolerance()
            return Term(f"nerode_classes({m.text}, within: {e}{said})", lambda w: classes(m.value(w), e, metric))
        a, b = self.quantity(), self.quantity()
        sign = r.choice(("+", "-", "*", "max", "min", "abs"))
        if sign in ("max", "min"):
            two = max if sign == "max" else min

            def chosen(w: World) -> Number:
                values = a.value(w), b.value(w)
                return None if None in values else two(values)

            return Term(f"{sign}({a.text}, {b.text})", chosen)
        if sign == "abs":
            return Term(f"abs({a.text} - {b.text})", lambda w: difference(a.value(w), b.value(w)))
        return Term(f"({a.text} {sign} {b.text})", lambda w: arithmetic(sign, a.value(w), b.value(w)))

    def faced(self) -> tuple[Term, Callable[[World, Term], Table], str]:
        """A vector and the matrix it is compared with, and how that is said."""
        r = self.random
        if r.random() < 0.5:
            v = self.leaf(r.choice(("W", "W2", "F", "F2", "V", "G", "X", "Y")))
            return v, lambda w, v: v.value(w).base, ""
        if r.random() < 0.5:
            v = self.weight()
            m = r.choice((self.leaf("R"), self.leaf("R2"), self.leaf("P"), self.leaf("P2")))
        else:
            v = self.coweight("S")
            m = r.choice((self.leaf("S"), self.leaf("P"), self.leaf("P2")))
        return v, lambda w, _: m.value(w), f", in: {m.text}"

    def tolerance(self) -> Fraction:
        """A number from 0 on."""
        return self.random.choice((Fraction(0), Fraction(1, 6), Fraction(1, 3), Fraction(1, 7), Fraction(1, 2)))

    # --- claims

    def predicate(self) -> Term:
        """A truth."""
        r = self.random
        e = self.tolerance()
        pick = r.randint(0, 17)
        if pick == 0:
            m = self.relation()
            return Term(f"is_category({m.text}, within: {e})", lambda w: defect(m.value(w)) <= e)
        if pick == 1:
            v = self.leaf(r.choice(("W", "F", "V", "G")))
            return Term(f"is_presheaf({v.text}, within: {e})", lambda w: presheaf_defect(v.value(w)) <= e)
        if pick in (2, 3):
            v, among, text = self.faced()
            word = "representable" if v.columns == POINT else "corepresentable"
            return Term(
                f"{word}({v.text}, within: {e}{text})", lambda w: min(gaps(v.value(w), among(w, v)).values()) <= e
            )
        if pick == 4:
            v = self.leaf(r.choice(("W", "F", "X", "Y")))
            word = "representable" if v.columns == POINT else "corepresentable"
            base = self.shapes[self.shapes[v.text][2] or ""]
            x = r.choice(base[1] if v.columns == POINT else base[0])
            return Term(f"{word}({v.text}, by: {x}, within: {e})", lambda w: gaps(v.value(w), v.value(w).base)[x] <= e)
        if pick == 5:
            j = r.choice(tuple(self.maps))
            dom, cod, k = self.maps[j]
            word = r.choice(("is_functor", "full", "fully_faithful"))

            def holds(w: World) -> bool:
                image = build(self.q, w[dom].rows, w[dom].rows, lambda x, y: w[cod].at[k[x], k[y]])
                there, back = excess(w[dom], image) <= e, excess(image, w[dom]) <= e
                return {"is_functor": there, "full": back, "fully_faithful": there and back}[word]

            return Term(f"{word}({j}, within: {e})", holds)
        if pick == 6:
            f, g = r.choice((("J", "H"), ("H", "J")))
            (c, d, there), (_, _, back) = self.maps[f], self.maps[g]
            return Term(
                f"adjoint({f}, {g}, within: {e})",
                lambda w: all(
                    apart(w[d].at[there[x], y], w[c].at[x, back[y]]) <= e for x in w[c].rows for y in w[d].rows
                ),
            )
        if pick in (7, 8):
            j, dom, cod = r.choice((("J", "S", "R"), ("H", "R", "S")))
            images = self.maps[j][2]
            weight = r.random() < 0.5
            inner = self.leaf({("S", True): "V", ("S", False): "G", ("R", True): "W", ("R", False): "F"}[dom, weight])
            outer = self.weight(cod) if weight else self.coweight(cod)
            word, kan = r.choice((("left_kan", lan), ("right_kan", ran)))
            return Term(
                f"{word}({outer.text}, along: {j}, of: {inner.text}, within: {e})",
                lambda w: distance(kan(inner.value(w), images, w[cod]), outer.value(w)) <= e,
            )
        if pick == 9:
            j, dom, cod = r.choice((("J", "S", "R"), ("H", "R", "S")))
            images = self.maps[j][2]
            inner = self.leaf(r.choice({"S": ("V", "G"), "R": ("W", "F")}[dom]))
            x = r.choice(self.shapes[cod][0])
            place = (x, "*") if inner.columns == POINT else ("*", x)
            return Term(
                f"determined({inner.text}, at: {x}, along: {j}, within: {e})",
                lambda w: (
                    apart(lan(inner.value(w), images, w[cod]).at[place], ran(inner.value(w), images, w[cod]).at[place])
                    <= e
                ),
            )
        if pick == 10:
            k, b, u = r.choice(("P", "P2")), r.choice(("R", "R2")), r.choice(("u", "v"))
            by = r.choice((None, "a", "b", "ab"))

            def depicted(w: World) -> bool:
                target = build(self.q, w[b].rows, POINT, lambda x, _: w[k].at[x, u])
                found = gaps(target, w[b])
                return (min(found.values()) if by is None else found[by]) <= e

            said = "" if by is None else f", by: {by}"
            return Term(f"depicted({k}, {u}, on: {b}{said}, within: {e})", depicted)
        if pick == 11 and self.q != "lawvere":
            m = r.choice((self.relation, self.profunctor))()
            word, truth = r.choice((("is", "="), ("at_most", "<="), ("at_least", ">=")))
            k = r.randint(0, 3)
            return Term(f"rank({m.text}, {word}: {k})", lambda w: compared(rank(m.value(w)), truth, k))
        if pick == 12:
            v, among, text = self.faced()
            word, truth = r.choice((("is", "="), ("at_most", "<="), ("at_least", ">=")))
            k = r.randint(0, 3)
            return Term(
                f"prompt_number({v.text}, {word}: {k}, within: {e}{text})",
                lambda w: compared(prompt_number(v.value(w), among(w, v), e), truth, k),
            )
        if pick == 13 and self.q != "lawvere":
            return self.hull(e)
        if pick == 14 and self.q != "lawvere":
            v, m = self.leaf("W"), r.choice((self.leaf("P"), self.leaf("R2"), self.leaf("P2")))
            return Term(
                f"soft_representable({v.text}, features: {m.text}, within: {e})",
                lambda w: soft_representable(v.value(w), m.value(w), e),
            )
        if pick == 15 and self.q != "lawvere":
            v, m = self.leaf("W"), r.choice((self.leaf("P"), self.leaf("R2"), self.leaf("P2")))
            level, margin = Fraction(1), r.choice((Fraction(1, 10), Fraction(1)))
            t = r.choice((None, Fraction(1, 3)))
            said = "" if t is None else f", threshold: {t}"

            def reads(w: World) -> bool:
                task = build("boolean", v.rows, POINT, lambda x, _: Fraction(w["W"].at[x, "*"] >= level))
                return soft_prompt(task, m.value(w), margin, t)

            return Term(f"soft_prompt(at_least(W, 1), features: {m.text}, margin: {margin}{said})", reads)
        if pick == 16 and self.q != "boolean":
            level = r.choice((Fraction(1, 3), Fraction(1, 2), Fraction(1)))

            def preorder(w: World) -> bool:
                cut = build(
                    "boolean", w["R"].rows, w["R"].rows, lambda x, y: int(below(self.q, level, w["R"].at[x, y]))
                )
                return defect(cut) == 0

            return Term(f"is_category(at_least(R, {level}))", preorder)
        if pick == 17:
            m = self.relation()
            return Term(f"repair({m.text}) <= {e}", lambda w: repairable(m.value(w), e))
        return self.comparison()

    def hull(self, e: Fraction) -> Term:
        """Whether something is in a hull."""
        if self.random.random() < 0.5:
            x = self.leaf("P")
            rows, columns = x.rows, x.columns
            k = self.chain(self.leaf("R"), self.leaf("P"))
            return Term(
                f"in_hull(P, of: {{P2, Q}}, within: {e})",
                lambda w: all(
                    in_hull(
                        [w["P"].at[r, c] for c in columns],
                        [[w["P2"].at[r, c] for c in columns], [k.value(w).at[r, c] for c in columns]],
                        e,
                    )
                    for r in rows
                ),
            )
        name = self.random.choice(("W", "F", "X", "Y"))
        v = self.leaf(name)
        base = self.shapes[name][2] or ""

        def truth(w: World) -> bool:
            value, among = v.value(w), w[base]
            if name in "WX":
                value, among = value.turned(), among.turned()
            labels = value.columns
            return in_hull(
                [value.at["*", c] for c in labels], [[among.at[r, c] for c in labels] for r in among.rows], e
            )

        return Term(f"in_hull({name}, of: {base}, within: {e})", truth)

    def comparison(self) -> Term:
        """A quantity against another one, or against its value in some world."""
        r = self.random
        a = self.quantity()
        sign = r.choice(("=", "<=", "<", ">=", ">", "!=", "within"))
        if r.random() < 0.3:
            b = self.quantity()
        else:
            value = a.value(self.world(Fraction(1, 2)))
            if value is None or value == math.inf:
                value = Fraction(1000)
            near = value + r.choice((Fraction(0), Fraction(0), Fraction(1, 7), Fraction(-1, 9)))
            b = Term(str(near) if near >= 0 else f"(-{-near})", lambda w: near)
        if sign == "within":
            e = self.tolerance()

            def close(w: World) -> bool | None:
                found = difference(a.value(w), b.value(w))
                return None if found is None else found <= e

            return Term(f"{a.text} = {b.text} within {e}", close)
        return Term(f"{a.text} {sign} {b.text}", lambda w: compared(a.value(w), sign, b.value(w)))

    def claim(self, depth: int = 2) -> Term:
        """A formula."""
        r = self.random
        pick = r.randint(0, 9) if depth else 9
        if pick == 0:
            a = self.claim(depth - 1)
            return Term(f"not ({a.text})", lambda w: kleene_not(a.value(w)))
        if pick in (1, 2):
            a, b = self.claim(depth - 1), self.claim(depth - 1)
            word = r.choice(("and", "or", "implies", "iff"))
            return Term(f"(({a.text}) {word} ({b.text}))", lambda w: connected(word, a.value(w), b.value(w)))
        if pick == 3:
            return self.quantified()
        return self.predicate() if r.random() < 0.6 else self.comparison()

    def quantified(self) -> Term:
        """``forall x, y in R. R(x, y) <= R2(y, x)`` and the like, with an object for a variable's name now and then."""
        r = self.random
        x, y = r.choice((("x", "y"), ("b", "y"), ("x", "a")))
        word = r.choice(("forall", "exists", "exists!"))
        m, k = r.choice(("R", "R2")), r.choice(("P", "P2"))
        ranges = ("a", "b", "ab")
        form = r.randint(0, 2)
        if form == 0:
            text = f"{word} {x}, {y} in {m}. R({x}, {y}) <= R2({y}, {x})"
            truth = lambda w: [compared(w["R"].at[s, t], "<=", w["R2"].at[t, s]) for s in ranges for t in ranges]  # noqa: E731
        elif form == 1:
            text = f"{word} {x} in {m}. forall {y} in {{{x}, ab}}. R({x}, {y}) >= W({y})"
            truth = lambda w: [  # noqa: E731
                all(compared(w["R"].at[s, t], ">=", w["W"].at[t, "*"]) for t in (s, "ab")) for s in ranges
            ]
        else:
            text = f"{word} {x} in {m}. exists {y} in S. {k}({x}, {y}) = W({x})"
            truth = lambda w: [  # noqa: E731
                any(w[k].at[s, t] == w["W"].at[s, "*"] for t in ("u", "v")) for s in ranges
            ]
        count = {"forall": all, "exists": any, "exists!": lambda found: sum(found) == 1}[word]
        return Term(f"({text})", lambda w: count(truth(w)))

    def script(self, claims: int) -> tuple[str, list[Term]]:
        """The script, and its claims."""
        terms = [self.claim() for _ in range(claims)]
        lines = [*self.lines, "profunctor Q = R >> P"]
        lines += [f"claim c{index}: {term.text}" for index, term in enumerate(terms)]
        return "\n".join(lines) + "\n", terms


def wrapped(v: Term) -> str:
    """A term that is applied."""
    return v.text


def shown(on: Sequence[str] | None) -> str:
    """Patterns as an argument."""
    return "" if on is None else ", on: {" + ", ".join(f'"{each}"' for each in on) + "}"


def arithmetic(sign: str, a: Number, b: Number) -> Number:
    """None where an operation on infinity means nothing."""
    if a is None or b is None:
        return None
    if math.inf in (a, b) and not (sign == "+" or (sign == "-" and b != math.inf)):
        return None
    if math.inf in (a, b):
        return math.inf
    return {"+": a + b, "-": a - b, "*": a * b}[sign]


def difference(a: Number, b: Number) -> Number:
    """``abs(a - b)``."""
    found = arithmetic("-", a, b)
    return None if found is None else abs(found)


def compared(a: Number, sign: str, b: Number) -> bool | None:
    """A comparison of numbers."""
    if a is None or b is None:
        return None
    return {"=": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]


def kleene_not(a: bool | None) -> bool | None:
    """Not."""
    return None if a is None else not a


def connected(word: str, a: bool | None, b: bool | None) -> bool | None:
    """Kleene's connectives."""
    if word == "iff":
        return None if a is None or b is None else a == b
    if word == "implies":
        a, word = kleene_not(a), "or"
    decisive = word == "or"
    if a is decisive or b is decisive:
        return decisive
    return None if a is None or b is None else not decisive
