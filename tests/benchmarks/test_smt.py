"""Speed of the Z3 route, translation included: encodings of one question, ways to write clauses, processes."""

import random
from collections.abc import Callable

import pytest

from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.logic import formula as L  # noqa: N812
from formal.smt.encode import encode
from formal.smt.limit import SolverLimits
from formal.smt.solve import Solver, decide_by_smt
from tests.smt.small_categories import constant, cyclic, is_representable, quantified, representable

pytestmark = pytest.mark.benchmark

ROUNDS = {"rounds": 3, "iterations": 1, "warmup_rounds": 1}


@pytest.fixture(scope="module")
def solver():
    with Solver() as running:
        yield running


def square(n: int) -> Category:
    """chain(n) * chain(n), with (n (n + 1) / 2)^2 arrows."""
    chain = [(x, y) for x in range(n) for y in range(x, n)]
    arrows = [(f, g) for f in chain for g in chain]
    number = {arrow: index for index, arrow in enumerate(arrows)}
    place = [(x, y) for x in range(n) for y in range(n)]
    down = [(f"d{x},{y}", number[(x, x + 1), (y, y)]) for x, y in place if x + 1 < n]
    right = [(f"r{x},{y}", number[(x, x), (y, y + 1)]) for x, y in place if y + 1 < n]

    def compose(f: int, g: int) -> int:
        (first, second), (third, fourth) = arrows[f], arrows[g]
        return number[(first[0], third[1]), (second[0], fourth[1])]

    return build_category(
        "square",
        [f"{x},{y}" for x, y in place],
        [(f[0] * n + g[0], f[1] * n + g[1]) for f, g in arrows],
        compose,
        [number[(x, x), (y, y)] for x, y in place],
        [*down, *right],
    )[0]


def some_representable_is_isomorphic(functor: SetFunctor) -> L.Formula:
    """An unknown object and an unknown natural isomorphism: no Yoneda argument at all."""
    category = functor.category
    parts = tuple(L.Isomorphic(representable(category, p), functor) for p in range(category.object_count))
    return L.Instances(L.Quantifier.EXISTS, "P", category.objects, parts)


ENCODINGS: dict[str, Callable[[SetFunctor], L.Formula]] = {
    "generation": lambda functor: L.CoproductOfRepresentables(functor, 1),
    "definition": is_representable,
    "isomorphism": some_representable_is_isomorphic,
}


@pytest.mark.benchmark(group="representable, chain(10) * chain(10), 3025 arrows")
@pytest.mark.parametrize("value", [True, False], ids=["representable", "not"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_of_a_product_of_chains(benchmark, solver, encoding, value):
    category = square(10)
    functor = representable(category, 99) if value else constant(category, 2)
    formula = ENCODINGS[encoding](functor)
    answer = benchmark.pedantic(decide_by_smt, (formula,), {"solver": solver}, **ROUNDS)
    assert answer.value is value
    benchmark.extra_info.update(clauses=answer.clause_count, resources=answer.resources)


@pytest.mark.benchmark(group="representable, cyclic(60)")
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_of_a_group(benchmark, solver, encoding):
    group = cyclic(60)
    formula = ENCODINGS[encoding](representable(group, 0))
    answer = benchmark.pedantic(decide_by_smt, (formula,), {"solver": solver}, **ROUNDS)
    assert answer.value
    benchmark.extra_info.update(clauses=answer.clause_count, resources=answer.resources)


LARGE = square(14)
TEN_THOUSAND: dict[str, tuple[Callable[[], L.Formula], bool]] = {
    "representable": (lambda: L.CoproductOfRepresentables(representable(LARGE, 195), 1), True),
    "not_representable": (lambda: L.CoproductOfRepresentables(wedge(constant(LARGE, 50)), 1), False),
    "fifty_prompts": (lambda: L.CoproductOfRepresentables(constant(LARGE, 50), 50), True),
    "thin": (lambda: thin(LARGE), True),
}


def wedge(functor: SetFunctor) -> SetFunctor:
    """All that lies over the first object made one: a single component with as many generators as before."""
    keep = (functor.elements[0][:1], *functor.elements[1:])
    action = []
    for g, table in enumerate(functor.action):
        _, target = functor.ends(g)
        action.append(table if target else (0,) * len(table))
    return SetFunctor("wedge", functor.category, True, keep, tuple(action))


def thin(category: Category) -> L.Formula:
    x, y = L.Variable("X", L.Objects(category)), L.Variable("Y", L.Objects(category))
    f, g = L.Variable("f", L.Arrows(category, x, y)), L.Variable("g", L.Arrows(category, x, y))
    return quantified(L.Quantifier.FORALL, x, y, f, g, body=L.Equal(f, g))


@pytest.mark.benchmark(group="11025 arrows")
@pytest.mark.parametrize("question", TEN_THOUSAND)
def test_ten_thousand_arrows(benchmark, solver, question):
    make, value = TEN_THOUSAND[question]
    formula = make()
    answer = benchmark.pedantic(decide_by_smt, (formula,), {"solver": solver}, **ROUNDS)
    assert answer.value is value
    benchmark.extra_info.update(clauses=answer.clause_count, resources=answer.resources)


# --- ways to write clauses ------------------------------------------------------------------------

VARIABLES, CLAUSES = 50_000, 100_000


def random_clauses() -> list[int]:
    source = random.Random(0)
    literals: list[int] = []
    for _ in range(CLAUSES):
        literals += [source.choice((1, -1)) * source.randint(1, VARIABLES) for _ in range(3)]
        literals.append(0)
    return literals


def dimacs(literals: list[int]) -> str:
    return f"p cnf {VARIABLES} {CLAUSES}\n{' '.join(map(str, literals))}\n"


def smtlib(literals: list[int]) -> str:
    lines = [f"(declare-const b{v} Bool)" for v in range(1, VARIABLES + 1)]
    names = [f"b{v}" if v > 0 else f"(not b{-v})" for v in literals]
    lines += [f"(assert (or {names[i]} {names[i + 1]} {names[i + 2]}))" for i in range(0, 4 * CLAUSES, 4)]
    return "\n".join(lines)


@pytest.mark.benchmark(group="writing 100000 clauses")
@pytest.mark.parametrize("write", [dimacs, smtlib])
def test_ways_to_write_clauses(benchmark, write):
    import z3

    literals = random_clauses()

    def load():
        solver = z3.SolverFor("QF_FD", ctx=z3.Context())
        solver.from_string(write(literals))
        return solver

    assert benchmark.pedantic(load, **ROUNDS)


# --- processes ------------------------------------------------------------------------------------


def in_one_process(formulas: list[L.Formula]) -> list[bool | None]:
    with Solver() as running:
        return [decide_by_smt(formula, solver=running).value for formula in formulas]


def in_a_process_each(formulas: list[L.Formula]) -> list[bool | None]:
    return [decide_by_smt(formula).value for formula in formulas]


@pytest.mark.benchmark(group="ten small claims")
@pytest.mark.parametrize("ask", [in_one_process, in_a_process_each])
def test_processes(benchmark, ask):
    formulas = [L.CoproductOfRepresentables(representable(cyclic(5), 0), 1)] * 10
    assert benchmark.pedantic(ask, (formulas,), **ROUNDS) == [True] * 10


@pytest.mark.benchmark(group="translation alone, 11025 arrows")
@pytest.mark.parametrize("question", TEN_THOUSAND)
def test_translation(benchmark, question):
    formula = TEN_THOUSAND[question][0]()
    assert benchmark.pedantic(encode, (formula,), {"limits": SolverLimits()}, **ROUNDS)
