"""Presentations whose categories are well known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from formal.core.presentation import Path, Presentation, Word


def monoid(name: str, generators: str, relations: Iterable[tuple[str, str]]) -> Presentation:
    """One object; words are strings of one-letter generators."""
    place = {letter: index for index, letter in enumerate(generators)}

    def path(word: str) -> Path:
        return Path(0, tuple(place[letter] for letter in word))

    return Presentation(
        name,
        ("o",),
        tuple((letter, 0, 0) for letter in generators),
        tuple((path(left), path(right)) for left, right in relations),
    )


def quiver(
    name: str,
    objects: Sequence[str],
    generators: Iterable[tuple[str, str, str]],
    relations: Iterable[tuple[str, str]] = (),
) -> Presentation:
    """Words are names with spaces between; an identity is ``id X``."""
    number = {label: index for index, label in enumerate(objects)}
    arrows = tuple((arrow, number[dom], number[cod]) for arrow, dom, cod in generators)
    place = {arrow: index for index, (arrow, _, _) in enumerate(arrows)}

    def path(words: str) -> Path:
        first, *rest = words.split()
        if first == "id":
            return Path(number[rest[0]], ())
        word = tuple(place[arrow] for arrow in words.split())
        return Path(arrows[word[0]][1], word)

    return Presentation(name, tuple(objects), arrows, tuple((path(left), path(right)) for left, right in relations))


def cyclic(order: int) -> Presentation:
    return monoid(f"Z{order}", "r", [("r" * order, "")])


def abelian(first: int, second: int) -> Presentation:
    return monoid(f"Z{first}xZ{second}", "ab", [("a" * first, ""), ("b" * second, ""), ("ba", "ab")])


def symmetric_3() -> Presentation:
    return monoid("S3", "ab", [("aa", ""), ("bbb", ""), ("abab", "")])


def dihedral_4() -> Presentation:
    return monoid("D4", "rs", [("rrrr", ""), ("ss", ""), ("rsrs", "")])


def quaternion() -> Presentation:
    return monoid("Q8", "ij", [("iiii", ""), ("ii", "jj"), ("iji", "j")])


def alternating_5() -> Presentation:
    return monoid("A5", "ab", [("aa", ""), ("bbb", ""), ("ab" * 5, "")])


def coxeter(name: str, orders: dict[tuple[int, int], int], rank: int) -> Presentation:
    """Involutions; ``(s_i s_j)^m = 1`` with m = 2 unless given."""
    relations = [(Path(0, (i, i)), Path(0, ())) for i in range(rank)]
    for i, j in combinations(range(rank), 2):
        m = orders.get((i, j), 2)
        left, right = tuple((i, j)[k % 2] for k in range(m)), tuple((j, i)[k % 2] for k in range(m))
        relations.append((Path(0, left), Path(0, right)))
    return Presentation(name, ("o",), tuple((f"s{i + 1}", 0, 0) for i in range(rank)), tuple(relations))


def coxeter_a(n: int) -> Presentation:
    return coxeter(f"A{n}", {(i, i + 1): 3 for i in range(n - 1)}, n)


def coxeter_b(n: int) -> Presentation:
    return coxeter(f"B{n}", {(i, i + 1): 4 if i == 0 else 3 for i in range(n - 1)}, n)


def coxeter_h3() -> Presentation:
    return coxeter("H3", {(0, 1): 5, (1, 2): 3}, 3)


def simplex(n: int) -> Presentation:
    """Monotone maps between [0], …, [n]: faces d_i: [k-1] -> [k] and degeneracies s_i: [k+1] -> [k]."""
    generators: list[tuple[str, int, int]] = []
    face: dict[tuple[int, int], int] = {}
    degeneracy: dict[tuple[int, int], int] = {}
    for k in range(1, n + 1):
        for i in range(k + 1):
            face[k, i] = len(generators)
            generators.append((f"d{k}_{i}", k - 1, k))
    for k in range(n):
        for i in range(k + 1):
            degeneracy[k, i] = len(generators)
            generators.append((f"s{k}_{i}", k + 1, k))
    relations: list[tuple[Path, Path]] = []

    def equal(dom: int, left: Word, right: Word) -> None:
        relations.append((Path(dom, left), Path(dom, right)))

    for k in range(n - 1):
        for j in range(k + 3):
            for i in range(j):
                # d_j after d_i is d_i after d_(j-1), for i < j.
                equal(k, (face[k + 1, i], face[k + 2, j]), (face[k + 1, j - 1], face[k + 2, i]))
        for j in range(k + 1):
            for i in range(j + 1):
                # s_j after s_i is s_i after s_(j+1), for i <= j.
                equal(k + 2, (degeneracy[k + 1, i], degeneracy[k, j]), (degeneracy[k + 1, j + 1], degeneracy[k, i]))
    for k in range(n):
        for j in range(k + 1):
            for i in range(k + 2):
                before = (face[k + 1, i], degeneracy[k, j])
                if i in (j, j + 1):
                    equal(k, before, ())
                elif i < j:
                    equal(k, before, (degeneracy[k - 1, j - 1], face[k, i]))
                else:
                    equal(k, before, (degeneracy[k - 1, j], face[k, i - 1]))
    return Presentation(f"simplex{n}", tuple(f"[{k}]" for k in range(n + 1)), tuple(generators), tuple(relations))


def grid(width: int, height: int) -> Presentation:
    """Commuting squares: width x height objects, the product of two chains."""
    generators: list[tuple[str, int, int]] = []
    right: dict[tuple[int, int], int] = {}
    down: dict[tuple[int, int], int] = {}
    for x in range(width):
        for y in range(height):
            if x + 1 < width:
                right[x, y] = len(generators)
                generators.append((f"r{x}_{y}", x * height + y, (x + 1) * height + y))
            if y + 1 < height:
                down[x, y] = len(generators)
                generators.append((f"d{x}_{y}", x * height + y, x * height + y + 1))
    relations = tuple(
        (
            Path(x * height + y, (right[x, y], down[x + 1, y])),
            Path(x * height + y, (down[x, y], right[x, y + 1])),
        )
        for x in range(width - 1)
        for y in range(height - 1)
    )
    objects = tuple(f"{x},{y}" for x in range(width) for y in range(height))
    return Presentation(f"grid{width}x{height}", objects, tuple(generators), relations)


def bicyclic() -> Presentation:
    return monoid("bicyclic", "pq", [("pq", "")])


def free_loop() -> Presentation:
    return monoid("N", "f", [])


def baumslag_solitar() -> Presentation:
    """⟨a, b | a b b b = b b a⟩ with inverses: completion in shortlex order goes on for ever."""
    inverses = [("aA", ""), ("Aa", ""), ("bB", ""), ("Bb", "")]
    return monoid("BS(2,3)", "aAbB", [*inverses, ("bbba", "abb")])


def higman(n: int) -> Presentation:
    """⟨a_1 … a_n | a_i a_(i+1) a_i^-1 = a_(i+1)^2⟩: trivial for n < 4, infinite for n = 4."""
    letters = "abcdefgh"[:n]
    relations = [(x + x.upper(), "") for x in letters] + [(x.upper() + x, "") for x in letters]
    relations += [(x + y + x.upper(), y + y) for x, y in zip(letters, letters[1:] + letters[0], strict=True)]
    return monoid(f"Higman{n}", "".join(x + x.upper() for x in letters), relations)


def fibonacci(n: int) -> Presentation:
    """⟨a_1 … a_n | a_i a_(i+1) = a_(i+2)⟩: for n = 5 the cyclic group of order 11 and, in a monoid, an identity."""
    letters = "abcdefgh"[:n]
    return monoid(f"F(2,{n})", letters, [(letters[i] + letters[(i + 1) % n], letters[(i + 2) % n]) for i in range(n)])


def projective_special_linear_2_7() -> Presentation:
    return monoid("PSL(2,7)", "ab", [("aa", ""), ("bbb", ""), ("ab" * 7, ""), ("ababb" * 4, "")])


def burnside_3_2() -> Presentation:
    """The free group of exponent 3 on two generators."""
    return monoid("B(2,3)", "ab", [("aaa", ""), ("bbb", ""), ("ab" * 3, ""), ("abb" * 3, "")])


def band_2() -> Presentation:
    """The free idempotent monoid on two generators."""
    return monoid("band", "ab", [("aa", "a"), ("bb", "b"), ("abab", "ab"), ("baba", "ba")])


def free_abelian() -> Presentation:
    return monoid("N^2", "ab", [("ab", "ba")])


def free_product() -> Presentation:
    """Z/2 * Z/3, the modular group."""
    return monoid("modular", "ab", [("aa", ""), ("bbb", "")])


def affine_a2() -> Presentation:
    return coxeter("affine A2", {(0, 1): 3, (1, 2): 3, (0, 2): 3}, 3)


def plactic_3() -> Presentation:
    pairs = "bca=bac acb=cab bba=bab cca=cac ccb=cbc aba=baa aca=caa bcb=cbb"
    return monoid("plactic", "abc", [(left, right) for left, right in (pair.split("=") for pair in pairs.split())])


def empty() -> Presentation:
    return Presentation("empty", (), (), ())


def points(n: int) -> Presentation:
    return Presentation("points", tuple(map(str, range(n))), (), ())


def codiscrete(n: int) -> Presentation:
    """A groupoid: one generator from each object to the next, and its inverse."""
    generators: list[tuple[str, str, str]] = []
    relations: list[tuple[str, str]] = []
    for x in range(n - 1):
        generators += [(f"f{x}", str(x), str(x + 1)), (f"g{x}", str(x + 1), str(x))]
        relations += [(f"f{x} g{x}", f"id {x}"), (f"g{x} f{x}", f"id {x + 1}")]
    return quiver("codiscrete", [str(x) for x in range(n)], generators, relations)


def split_idempotent() -> Presentation:
    """A retraction: Y is a retract of X."""
    return quiver("retract", "XY", [("r", "X", "Y"), ("s", "Y", "X")], [("s r", "id Y")])
