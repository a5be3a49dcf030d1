"""Quantities that would have to be searched for, with evidence or, if they are small, without.

What is said of matrices whose entries are known only within bounds holds for all matrices within these.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import Any

from formal.lawvere.matrix import (
    JOIN_OF_TENSORS,
    Matrix,
    Rows,
    aligned,
    closure,
    columns,
    matrix,
)
from formal.lawvere.number import INFINITY, Interval, Number, dot, point, ratio, weight
from formal.lawvere.quantity import excess
from formal.lawvere.reading import Ledger, array, demand, natural, naturals, rational, rationals

# --- prompt numbers -------------------------------------------------------------------------------


class Covers:
    """Which columns of a matrix cover which rows of a target, surely or possibly.

    A column that exceeds the target by more than e somewhere covers nothing; others cover the rows where they reach the
    target to within e. Only rows count where the bottom, the join of nothing, does not reach it. Sets of rows are bits.
    """

    def __init__(self, of: Matrix, target: Matrix, within: Fraction, ledger: Ledger) -> None:
        of, target = aligned(of, target, ledger)
        ledger.spend(8 * of.size)
        self.ledger, bound = ledger, within * of.denominator
        turned = of.quantale == "lawvere"
        bottom: Number = INFINITY if turned else 0

        def beyond(a: Number, b: Number) -> bool:
            return bool((b - a if turned else a - b) > bound)

        low, high = ([row[0] for row in rows] for rows in target.ends)
        least, most = (columns(rows, of.width) for rows in of.ends)
        rows = range(len(low))
        self.surely = [
            _bits(not beyond(high[x], p[x]) for x in rows) if not any(map(beyond, q, low)) else 0
            for p, q in zip(least, most, strict=True)
        ]
        self.possibly = [
            _bits(not beyond(low[x], q[x]) for x in rows) if not any(map(beyond, p, high)) else 0
            for p, q in zip(least, most, strict=True)
        ]
        self.needed = _bits(beyond(high[x], bottom) for x in rows)
        """Rows that may need a column."""
        self.needed_surely = _bits(beyond(low[x], bottom) for x in rows)


def _bits(truths: Any) -> int:
    return sum(1 << x for x, truth in enumerate(truths) if truth)


def prompt_number(covers: Covers) -> Interval:
    """The least number of columns that cover all rows, by search."""
    low = _least_cover(covers.needed_surely, covers.possibly, covers.ledger)
    if (covers.needed, covers.surely) == (covers.needed_surely, covers.possibly):
        return point(low)
    return low, _least_cover(covers.needed, covers.surely, covers.ledger)


def _least_cover(needed: int, columns_: Sequence[int], ledger: Ledger) -> Number:
    """The least number of sets whose union contains a set; by deepening, from the row with the fewest candidates."""
    union = 0
    for column in columns_:
        union |= column
    if needed & ~union:
        return INFINITY
    sets = sorted({column & needed for column in columns_}, key=lambda column: (-column.bit_count(), column))
    rows = [x for x in range(needed.bit_length()) if needed >> x & 1]
    ledger.spend(len(sets) * (1 + len(rows)))
    covering = {x: [column for column in sets if column >> x & 1] for x in rows}
    rows.sort(key=lambda x: len(covering[x]))
    for size in range(len(rows) + 1):
        stack = [(needed, size)]
        while stack:
            left, more = stack.pop()
            if not left:
                return size
            ledger.spend(1 + len(rows) + len(sets))
            if more * sets[0].bit_count() < left.bit_count():
                continue
            row = next(x for x in rows if left >> x & 1)
            stack.extend((left & ~column, more - 1) for column in reversed(covering[row]))
    return INFINITY


def check_cover(covers: Covers, fields: Sequence[Any]) -> Interval:
    """Columns that cover all rows, if any are given; a least number, and a tree that refutes one less.

    Without a least number: the number is oo, with a row that no column covers.
    """
    count = len(covers.surely)
    chosen, least, tree = fields
    if least is None:
        demand(chosen is None, "evidence", "columns without a least number")
        (leaf,) = array(tree, 1)
        row = natural(array(leaf, 2)[0], covers.needed_surely.bit_length())
        holds = covers.needed_surely >> row & 1 and not any(column >> row & 1 for column in covers.possibly)
        demand(bool(holds), "evidence", "a row that some column may cover")
        return point(INFINITY)
    most: Number = INFINITY
    if chosen is not None:
        chosen = naturals(chosen, count)
        union = 0
        for column in chosen:
            demand(covers.surely[column] != 0, "evidence", "a column that covers nothing")
            union |= covers.surely[column]
        demand(not covers.needed & ~union, "evidence", "rows that the columns do not cover")
        most = len(chosen)
    least = natural(least, count + 1)
    demand(least <= most, "evidence", "bounds that are no bounds")
    if least:
        _check_fewer(covers, least - 1, array(tree))
    return point(least) if least == most else (least, most)


def _check_fewer(covers: Covers, most: int, tree: Sequence[Any]) -> None:
    """No ``most`` columns cover all rows: the nodes of the tree are rows, its root the last one."""
    stack = [(len(tree) - 1, 0, most)]
    while stack:
        node, covered, left = stack.pop()
        row, listed = array(tree[natural(node, len(tree))], 2)
        row = natural(row, max(1, covers.needed_surely.bit_length()))
        demand(bool(covers.needed_surely >> row & 1 and not covered >> row & 1), "evidence", "a row that is covered")
        children = [array(child, 2) for child in array(listed)]
        covers.ledger.spend(1 + len(covers.possibly) + len(children))
        if not left:
            continue
        candidates = [p for p, column in enumerate(covers.possibly) if column >> row & 1]
        demand(sorted(natural(p, 1 << 30) for p, _ in children) == candidates, "evidence", "a column is left out")
        stack.extend((natural(below, node), covered | covers.possibly[p], left - 1) for p, below in children)


# --- repairs --------------------------------------------------------------------------------------


def check_repair(of: Matrix, fields: Sequence[Any], ledger: Ledger) -> Interval:
    """A category within ``upper``; and a path whose composite, moved down by ``lower``, is not below its end moved up.

    The composite falls with what they are moved by, and the end grows strictly: for less than ``lower`` the composite
    is more.
    """
    lower, upper, path = rational(fields[0]), rational(fields[1]), fields[2]
    demand(0 <= lower <= upper, "evidence", "bounds that are no bounds")
    demand(of.quantale != "boolean", "evidence", "the repair of a Boolean matrix is its defect")
    least, most = of.ends
    ledger.spend(of.size)
    if upper < 1 or of.quantale == "lawvere":
        moved = _moved(of, most, -upper, ledger)
        bounded = _moved(of, least, upper, ledger)
        demand(
            excess(closure(moved, ledger), bounded, ledger)[1] <= 0, "evidence", "no category within the upper bound"
        )
    if path is None:
        demand(lower == 0, "evidence", "a lower bound without a path")
        return point(lower) if lower == upper else (lower, upper)
    places = naturals(path, len(of.lower))
    demand(bool(places), "evidence", "an empty path")
    low, high = Fraction(of.unit, of.denominator), _shifted(of, most[places[0]][places[-1]], lower)
    for x, y in pairwise(places):
        low = JOIN_OF_TENSORS[of.quantale]([low], [_shifted(of, least[x][y], -lower)], 1)
        ledger.spend(20 * of.weight * len(places))
    holds = low <= high and low != INFINITY if of.quantale == "lawvere" else low >= high
    demand(bool(holds), "evidence", "the composite along the path is not too much")
    return point(lower) if lower == upper else (lower, upper)


def _shifted(of: Matrix, numerator: Number, by: Fraction) -> Number:
    """An entry moved up, or down but not below the bottom, in the order of the quantale."""
    value = ratio(numerator, of.denominator)
    return value - by if of.quantale == "lawvere" else max(0, value + by)


def _moved(of: Matrix, rows: Rows, by: Fraction, ledger: Ledger) -> Matrix:
    """All entries moved; with integers as numerators where they were."""
    factor, step = by.denominator, by.numerator * of.denominator
    if of.quantale == "lawvere":
        shifted = [[entry * factor - step for entry in row] for row in rows]
    else:
        shifted = [[max(0, entry * factor + step) for entry in row] for row in rows]
    return matrix(of.quantale, of.width, shifted, shifted, of.denominator * factor, ledger)


# --- ranks ----------------------------------------------------------------------------------------


def rank(of: Matrix, within: Fraction, ledger: Ledger) -> Interval:
    """The number of singular values greater than e, by Sylvester's law of inertia.

    They are the square roots of the eigenvalues of M M^T; the positive ones of M M^T - e^2 are counted. A matrix within
    bounds is within r, half of their distance in the norm of Frobenius, of the one in the middle; so singular values
    differ by at most r (Weyl).
    """
    middle, radius = _middle(of, ledger)
    if len(middle) > of.width:
        middle = list(columns(middle, of.width))
    smaller, larger = len(middle), len(middle[0]) if middle else 0
    ledger.spend(2 * smaller**2 * (larger + 2 * smaller**2) * of.weight)
    gram = [[dot(a, b, ledger) for b in middle] for a in middle]
    low = _positive(gram, (within + radius) ** 2, ledger)
    if radius == 0:
        return point(low)
    return low, smaller if within < radius else _positive(gram, (within - radius) ** 2, ledger)


def _middle(of: Matrix, ledger: Ledger) -> tuple[Rows, Number]:
    """The matrix in the middle, and a bound on the distance from it in the norm of Frobenius."""
    if of.is_exact:
        return [[ratio(entry, of.denominator) for entry in row] for row in of.lower], 0
    ledger.spend(10 * of.size)
    pairs = list(zip(of.lower, of.upper, strict=True))
    middle = [[ratio(x + y, 2 * of.denominator) for x, y in zip(a, b, strict=True)] for a, b in pairs]
    radii = [ratio(y - x, 2 * of.denominator) for a, b in pairs for x, y in zip(a, b, strict=True)]
    square = dot(radii, radii, ledger)
    if type(square) not in (int, Fraction):
        return middle, sum(radii)
    bits = 64
    while square and (square.numerator << 2 * bits) < square.denominator:
        bits *= 2
    root = isqrt(-(-(square.numerator << 2 * bits) // square.denominator))
    return middle, Fraction(root + 1, 1 << bits) if square else Fraction(0)


def _positive(gram: Rows, shift: Number, ledger: Ledger) -> int:
    """The number of positive eigenvalues of a symmetric matrix minus a multiple of the identity, by congruence."""
    rows = [[entry - shift if x == y else entry for y, entry in enumerate(row)] for x, row in enumerate(gram)]
    count = 0
    while rows:
        pivot = next((x for x, row in enumerate(rows) if row[x] != 0), None)
        if pivot is None:
            pair = next(((x, y) for x, row in enumerate(rows) for y, entry in enumerate(row) if entry != 0), None)
            if pair is None:
                break
            pivot, other = pair
            rows[pivot] = [a + b for a, b in zip(rows[pivot], rows[other], strict=True)]
            for row in rows:
                row[pivot] = row[pivot] + row[other]
        head = rows.pop(pivot)
        corner = head.pop(pivot)
        count += corner > 0
        for row in rows:
            factor = ratio(row.pop(pivot), corner)
            if factor != 0:
                ledger.spend(len(row) * (weight(factor) + weight(corner)))
                row[:] = [a - factor * b for a, b in zip(row, head, strict=True)]
    return count


PRIME = (1 << 61) - 1


def check_rank(of: Matrix, within: Fraction, fields: Sequence[Any], ledger: Ledger) -> Interval:
    """Exactly r singular values are greater than e.

    A minor that is not zero modulo a prime is not zero. If the matrix makes all vectors of a space of dimension r more
    than e times as long, r singular values are greater (Courant and Fischer); if a matrix of rank r is within e in the
    norm of Frobenius, at most r are (Weyl).
    """
    minor, subspace, left, right = fields
    height, width = len(of.lower), of.width
    if minor is not None:
        demand(of.is_exact and within == 0, "evidence", "a minor where one does not do")
        chosen = [naturals(item, size) for item, size in zip(array(minor, 2), (height, width), strict=True)]
        size = len(chosen[0])
        ledger.spend(size**3 + height * width * (size + 1) * of.weight * 8)
        holds = len(chosen[1]) == size and all(type(entry) is int for row in of.lower for entry in row)
        demand(
            holds and _is_regular([[of.lower[x][y] for y in chosen[1]] for x in chosen[0]]), "evidence", "a minor is 0"
        )
        across = columns([of.lower[x] for x in chosen[0]], width)
        for row, weights in zip(of.lower, array(left, height), strict=True):
            factors = rationals(weights, size)
            sums = [dot(factors, column, ledger) for column in across]
            demand(sums == list(row), "evidence", "a row is not the combination")
        return point(size)
    middle, radius = _middle(of, ledger)
    vectors = [rationals(vector, width) for vector in array(subspace)]
    size = len(vectors)
    ledger.spend(8 * of.weight * (height * width * (2 * size + 1) + size**2 * (height + width + size)))
    images = [[dot(row, vector, ledger) for row in middle] for vector in vectors]
    bound = (within + radius) ** 2
    gram = [
        [dot(a, b, ledger) - bound * dot(v, w, ledger) for b, w in zip(images, vectors, strict=True)]
        for a, v in zip(images, vectors, strict=True)
    ]
    demand(_positive(gram, 0, ledger) == size, "evidence", "a space that the matrix makes too short")
    rows = [rationals(row, size) for row in array(left, height)]
    across = columns([rationals(row, width) for row in array(right, size)], width)
    rest = [
        entry - dot(a, b, ledger)
        for row, a in zip(middle, rows, strict=True)
        for entry, b in zip(row, across, strict=True)
    ]
    demand(
        within >= radius and dot(rest, rest, ledger) <= (within - radius) ** 2,
        "evidence",
        "factors that are too far from the matrix",
    )
    return point(size)


def _is_regular(rows: list[list[int]]) -> bool:
    """Whether a square matrix of integers is not singular modulo a prime."""
    rows = [[entry % PRIME for entry in row] for row in rows]
    while rows:
        pivot = next((x for x, row in enumerate(rows) if row[0]), None)
        if pivot is None:
            return False
        head, *tail = rows.pop(pivot)
        inverse = pow(head, -1, PRIME)
        rows = [[(b - row[0] * inverse * a) % PRIME for a, b in zip(tail, row[1:], strict=True)] for row in rows]
    return True
