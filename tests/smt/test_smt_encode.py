from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formal.certificate.evidence import (
    BadComponent,
    Equivalence,
    FewComponents,
    Forest,
    Invariant,
    Isomorphism,
    Known,
    Separated,
)
from formal.core.functor import SetFunctor
from formal.logic.formula import (
    And,
    Apply,
    ArrowConstant,
    ArrowImage,
    ArrowOfElement,
    Arrows,
    Cod,
    Component,
    Composite,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Dom,
    ElementConstant,
    ElementOfArrow,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Fibre,
    FiniteSet,
    Formula,
    FunctorComposite,
    Functors,
    FunctorTransformations,
    Hom,
    Identity,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    ObjectConstant,
    ObjectImage,
    Objects,
    Or,
    Quantified,
    Quantifier,
    Transformations,
    Truth,
    Universal,
    Variable,
)
from formal.smt.encode import encode
from formal.smt.limit import SolverLimits
from formal.smt.problem import Exhausted
from formal.smt.solve import Answer, Solver, decide_by_smt, evidence_from
from tests.smt import small_categories as small

FORALL, EXISTS, UNIQUE = Quantifier.FORALL, Quantifier.EXISTS, Quantifier.EXISTS_UNIQUE


@pytest.fixture(scope="module")
def solver():
    with Solver() as running:
        yield running


def decide(formula: Formula, solver: Solver) -> Answer:
    """The answer; the formula and its negation must not both have models."""
    answer = decide_by_smt(formula, solver=solver)
    opposite = decide_by_smt(Not(formula), solver=solver)
    assert answer.value is not None, answer.detail
    assert opposite.value is (not answer.value)
    return answer


functors = st.deferred(lambda: st.sampled_from(small.set_functors()))


@settings(max_examples=60, deadline=None)
@given(functors)
def test_representable_agrees_with_its_definition(solver, functor):
    atom = decide(CoproductOfRepresentables(functor, 1), solver)
    definition = decide(small.is_representable(functor), solver)
    assert atom.value is definition.value
    assert atom.by_model
    assert definition.by_model


@settings(max_examples=60, deadline=None)
@given(functors, st.data())
def test_universal_agrees_with_the_tables(solver, functor, data):
    if not functor.size:
        return
    element = data.draw(st.integers(0, functor.size - 1))
    answer = decide(Universal(functor, ElementConstant(functor, element)), solver)
    assert answer.value is (sorted(small.reached(functor, element)) == list(range(functor.size)))


@settings(max_examples=60, deadline=None)
@given(functors, st.integers(0, 4))
def test_coverings_and_coproducts_agree_with_exhaustion(solver, functor, count):
    images = [small.reached(functor, u) for u in range(functor.size)]
    everything = list(range(functor.size))
    covered = any(
        set().union(*(images[u] for u in roots)) == set(everything)
        for m in range(count + 1)
        for roots in combinations(everything, m)
    )
    coproduct = any(
        sorted(t for u in roots for t in images[u]) == everything for roots in combinations(everything, count)
    )
    assert decide(Covered(functor, count), solver).value is covered
    assert decide(CoproductOfRepresentables(functor, count), solver).value is coproduct


@settings(max_examples=40, deadline=None)
@given(functors)
def test_evidence_spells_out_roots_and_obstructions(solver, functor):
    formula = CoproductOfRepresentables(functor, 1)
    answer = decide(formula, solver)
    check_evidence(functor, evidence_from(answer, formula), answer.value)


def check_evidence(functor: SetFunctor, evidence, value) -> None:
    match evidence:
        case Forest():
            assert value
            for t, (s, g) in enumerate(zip(evidence.parent, evidence.generator, strict=True)):
                assert (s == t and t in evidence.roots) if g < 0 else functor.act(g, s) == t
        case Separated():
            assert not value
            assert set(evidence.label) - {-1} == set(range(evidence.count))
            assert evidence.count > 1
            for s, t in steps(functor):
                assert evidence.label[t] in (-1, evidence.label[s])
        case FewComponents():
            assert not value
            assert functor.size == 0
        case BadComponent():
            assert not value
            assert any(evidence.sources)
            for s, t in steps(functor):
                assert evidence.member[s] == evidence.member[t]
                assert evidence.sources[s] or not evidence.sources[t]
            assert {q for q, _ in evidence.misfit} == {
                functor.base[u] for u in range(functor.size) if evidence.sources[u]
            }
            for q, x in evidence.misfit:
                hom = functor.category.hom(x, q) if functor.contravariant else functor.category.hom(q, x)
                assert len(hom) != sum(evidence.member[t] for t in functor.at(x))
        case _:
            raise AssertionError(evidence)


def steps(functor: SetFunctor) -> list[tuple[int, int]]:
    return [
        (s, functor.act(g, s)) for g in range(len(functor.category.generators)) for s in functor.at(functor.ends(g)[0])
    ]


def test_a_component_whose_generators_do_not_fit(solver):
    functor = small.constant(small.cyclic(2), 1)
    formula = CoproductOfRepresentables(functor, 1)
    evidence = evidence_from(decide(formula, solver), formula)
    assert evidence == BadComponent((True,), (True,), ((0, 0),))


def test_two_parts_that_need_a_root_each(solver):
    zeros = small.monoid("left_zeros", 3, lambda f, g: f or g)
    functor = SetFunctor("T", zeros, True, (("x", "y", "z"),), ((2, 2, 2),) * len(zeros.generators))
    formula = CoproductOfRepresentables(functor, 1)
    evidence = evidence_from(decide(formula, solver), formula)
    assert isinstance(evidence, Separated)
    assert evidence.count == 2


@pytest.mark.parametrize(
    ("category", "connected"),
    [
        (small.discrete(0), False),
        (small.discrete(1), True),
        (small.discrete(2), False),
        (small.cospan(), True),
        (small.chain(4), True),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_connected(solver, category, connected):
    assert decide(Connected(category), solver).value is connected


def test_isomorphic_set_functors(solver):
    group = small.cyclic(2)
    regular, trivial = small.representable(group, 0), small.constant(group, 2)
    formula = Isomorphic(regular, small.representable(group, 0))
    answer = decide(formula, solver)
    evidence = evidence_from(answer, formula)
    assert answer.value
    assert isinstance(evidence, Isomorphism)
    assert sorted(evidence.value) == [0, 1]
    assert decide(Isomorphic(regular, trivial), solver).value is False
    different = Isomorphic(regular, small.constant(group, 3))
    assert evidence_from(decide(different, solver), different) == Invariant(0)


def test_isomorphic_and_equivalent_categories(solver):
    four, klein = small.cyclic(4), small.monoid("klein", 4, lambda f, g: f ^ g)
    same = Isomorphic(four, small.cyclic(4))
    answer = decide(same, solver)
    assert answer.value
    assert isinstance(evidence_from(answer, same), Isomorphism)
    assert decide(Isomorphic(four, klein), solver).value is False
    assert decide(Isomorphic(small.codiscrete(2), small.discrete(1)), solver).value is False
    equivalent = Equivalent(small.codiscrete(2), small.discrete(1))
    answer = decide(equivalent, solver)
    assert answer.value
    assert evidence_from(answer, equivalent) == Equivalence(((0, 0), (0,) * len(small.codiscrete(2).generators)))
    assert decide(Equivalent(small.discrete(2), small.discrete(1)), solver).value is False
    assert decide(Equivalent(small.chain(2), small.parallel_pair()), solver).value is False
    assert decide(Equivalent(small.discrete(0), small.discrete(0)), solver).value is True
    assert decide(Equivalent(small.discrete(0), small.discrete(1)), solver).value is False


def test_connectives(solver):
    true, false = Truth(True), Truth(False)
    table = {
        And(()): True,
        Or(()): False,
        And((true, false)): False,
        Or((false, true)): True,
        Implies(true, false): False,
        Implies(false, false): True,
        Iff(true, false): False,
        Iff(Not(true), Or((false,))): True,
        Iff(And((true, true)), Implies(false, true)): True,
        Named("p", "p()", (), Not(false)): True,
        Instances(UNIQUE, "x", ("a", "b"), (true, false)): True,
        Instances(UNIQUE, "x", ("a", "b"), (true, true)): False,
        Instances(FORALL, "x", ("a", "b"), (true, false)): False,
        Instances(EXISTS, "x", ("a", "b"), (false, true)): True,
    }
    for formula, value in table.items():
        assert decide(formula, solver).value is value, formula


def test_unique_existence_among_many(solver):
    category = small.discrete(6)
    x = Variable("x", Objects(category))
    for count in range(5):
        values = [Equal(x, ObjectConstant(category, i)) for i in range(count)]
        formula = Quantified(UNIQUE, x, Or((Or(tuple(values)), Or(()))))
        assert decide(formula, solver).value is (count == 1)


def test_witness_of_the_outermost_block(solver):
    category = small.chain(3)
    x, y = Variable("X", Objects(category)), Variable("Y", Objects(category))
    f = Variable("f", Arrows(category, x, y))
    terminal = Quantified(EXISTS, y, Quantified(FORALL, x, Quantified(UNIQUE, f, Truth(True))))
    answer = decide(Named("has_terminal", "has_terminal(C)", (), terminal), solver)
    assert [(w.name, w.value) for w in answer.witnesses] == [("Y", 2)]
    hom = small.quantified(FORALL, x, y, body=Quantified(EXISTS, f, Truth(True)))
    answer = decide(hom, solver)
    (first, second) = answer.witnesses
    assert category.hom(first.value, second.value) == ()
    evidence = evidence_from(answer, hom)
    assert isinstance(evidence, Known)
    assert evidence.parts[0][:2] == (first.value, False)


def test_witness_of_a_disjunction(solver):
    category = small.discrete(2)
    x = Variable("x", Objects(category))
    exists = Quantified(EXISTS, x, Equal(x, ObjectConstant(category, 1)))
    formula = Implies(Quantified(FORALL, x, Truth(True)), Or((Truth(False), exists)))
    answer = decide(formula, solver)
    evidence = evidence_from(answer, formula)
    assert [(w.name, w.value) for w in answer.witnesses] == [("x", 1)]
    assert isinstance(evidence, Known)
    assert evidence.parts[0][:2] == (1, True)


def test_transformations_are_found_and_exhausted(solver):
    group = small.cyclic(2)
    regular, trivial = small.representable(group, 0), small.constant(group, 2)
    phi = Variable("phi", Transformations(regular, trivial))
    object_ = ObjectConstant(group, 0)
    s, t = Variable("s", Elements(regular, object_)), Variable("t", Elements(trivial, object_))
    hits = Equal(Apply(phi, s), t)
    onto = Quantified(FORALL, t, Quantified(EXISTS, s, hits))
    assert decide(Quantified(EXISTS, phi, onto), solver).value is False
    constant = Quantified(EXISTS, t, Quantified(FORALL, s, hits))
    assert decide(Quantified(FORALL, phi, constant), solver).value is True
    back = Variable("psi", Transformations(trivial, regular))
    answer = decide(Quantified(EXISTS, back, Truth(True)), solver)
    assert answer.value is False
    assert decide(Quantified(UNIQUE, phi, hits_first(phi, regular, trivial)), solver).value is True


def hits_first(phi, regular, trivial):
    return Equal(Apply(phi, ElementConstant(regular, 0)), ElementConstant(trivial, 0))


def test_yoneda_every_element_is_the_image_of_the_identity(solver):
    for functor in (small.constant(small.cospan(), 2), small.representable(small.chain(3), 1)):
        category = functor.category
        for p in range(category.object_count):
            hom = small.representable(category, p)
            phi = Variable("phi", Transformations(hom, functor))
            t = Variable("t", Elements(functor, ObjectConstant(category, p)))
            identity = ElementOfArrow(hom, Identity(category, ObjectConstant(category, p)))
            formula = Quantified(FORALL, t, Quantified(EXISTS, phi, Equal(Apply(phi, identity), t)))
            assert decide(formula, solver).value is True
            unique = Quantified(FORALL, t, Quantified(UNIQUE, phi, Equal(Apply(phi, identity), t)))
            assert decide(unique, solver).value is True


def test_universal_element_under_an_unknown_transformation(solver):
    category = small.cospan()
    functor = small.representable(category, 2)
    phi = Variable("phi", Transformations(functor, functor))
    s = Variable("s", Elements(functor, ObjectConstant(category, 2)))
    formula = Quantified(EXISTS, phi, Quantified(FORALL, s, Universal(functor, Apply(phi, s))))
    assert decide(formula, solver).value is True
    negative = Quantified(EXISTS, phi, Quantified(EXISTS, s, Not(Universal(functor, Apply(phi, s)))))
    assert decide(negative, solver).value is False


def test_functors_are_found_and_counted(solver):
    four, two = small.cyclic(4), small.cyclic(2)
    functor = Variable("F", Functors(four, two))
    r, e = ArrowConstant(four, four.generators[0].arrow), ArrowConstant(two, 0)
    moves = Not(Equal(ArrowImage(functor, r), e))
    answer = decide(Quantified(EXISTS, functor, moves), solver)
    assert answer.value
    ((objects, generators),) = [w.value for w in answer.witnesses]
    assert objects == (0,)
    assert generators[0] != 0
    assert decide(Quantified(UNIQUE, functor, moves), solver).value is True
    assert decide(Quantified(UNIQUE, functor, Truth(True)), solver).value is False
    back = Variable("G", Functors(two, four))
    f = Variable("f", Arrows(two))
    identity = FunctorComposite(back, functor)
    retraction = Quantified(FORALL, f, Equal(ArrowImage(identity, f), f))
    formula = Quantified(EXISTS, functor, Quantified(EXISTS, back, retraction))
    assert decide(formula, solver).value is False


def test_ranges_that_depend_on_an_unknown_functor(solver):
    chain, pair = small.chain(2), small.parallel_pair()
    functor = Variable("F", Functors(chain, pair))
    x, y = ObjectImage(functor, ObjectConstant(chain, 0)), ObjectImage(functor, ObjectConstant(chain, 1))
    f, g = Variable("f", Arrows(pair, x, y)), Variable("g", Arrows(pair, x, y))
    two = Quantified(EXISTS, functor, small.quantified(EXISTS, f, g, body=Not(Equal(f, g))))
    assert decide(two, solver).value is True
    backwards = Variable("h", Arrows(pair, y, x))
    loop = Quantified(EXISTS, functor, And((Not(Equal(x, y)), Quantified(EXISTS, backwards, Truth(True)))))
    assert decide(loop, solver).value is False
    thin = Quantified(EXISTS, functor, small.quantified(FORALL, f, g, body=Equal(f, g)))
    assert decide(thin, solver).value is True
    count = Quantified(EXISTS, functor, Equinumerous(Hom(pair, x, y), FiniteSet(("p", "q"))))
    assert decide(count, solver).value is True
    unique = Quantified(EXISTS, functor, Quantified(UNIQUE, f, Not(Equal(Dom(f), Cod(f)))))
    assert decide(unique, solver).value is False


def test_transformations_between_quantified_functors(solver):
    arrow, group = small.chain(2), small.cyclic(2)
    first, second = Variable("F", Functors(arrow, group)), Variable("G", Functors(arrow, group))
    phi = Variable("phi", FunctorTransformations(first, second))
    at = Component(phi, ObjectConstant(arrow, 0))
    isomorphic = small.quantified(FORALL, first, second, body=Quantified(EXISTS, phi, Truth(True)))
    assert decide(isomorphic, solver).value is True
    fixed = small.quantified(FORALL, first, second, body=Quantified(UNIQUE, phi, Equal(at, ArrowConstant(group, 0))))
    assert decide(fixed, solver).value is True
    some = small.quantified(
        EXISTS, first, second, body=Quantified(EXISTS, phi, Not(Equal(at, Composite(group, at, at))))
    )
    assert decide(some, solver).value is True


def test_elements_that_are_arrows_and_sets_of_one_size(solver):
    category = small.chain(3)
    hom = small.representable(category, 2)
    x = Variable("X", Objects(category))
    t = Variable("t", Elements(hom, x))
    formula = small.quantified(FORALL, x, t, body=Equal(Dom(ArrowOfElement(hom, t)), x))
    assert decide(formula, solver).value is True
    sizes = Quantified(FORALL, x, Equinumerous(Fibre(hom, x), Hom(category, x, ObjectConstant(category, 2))))
    assert decide(sizes, solver).value is True


def test_deep_formulas_and_terms_do_not_recurse(solver):
    group = small.cyclic(2)
    f = Variable("f", Arrows(group))
    term = f
    for _ in range(20_000):
        term = Composite(group, term, f)
    formula = Quantified(FORALL, f, Equal(term, f))
    for _ in range(20_000):
        formula = Not(formula)
    assert decide_by_smt(formula, solver=solver).value is True


def test_limits_of_the_translation():
    category = small.chain(3)
    x, y, z = (Variable(name, Objects(category)) for name in "XYZ")
    formula = small.quantified(FORALL, x, y, z, body=Equal(x, x))
    with pytest.raises(Exhausted, match="literals"):
        encode(formula, limits=SolverLimits(literals=20))
    with pytest.raises(Exhausted, match="instances"):
        encode(small.quantified(FORALL, x, y, z, body=And(())), limits=SolverLimits(literals=20))
    functor = small.constant(category, 3)
    phi = Variable("phi", Transformations(functor, functor))
    with pytest.raises(Exhausted, match="structures"):
        encode(Quantified(FORALL, phi, Truth(True)), limits=SolverLimits(structures=3))
    with pytest.raises(Exhausted, match="literals"):
        encode(Isomorphic(functor, functor), limits=SolverLimits(literals=30))


def test_an_answer_without_a_model_when_the_opposite_cannot_be_written(solver):
    functor = small.constant(small.cospan(), 3)
    phi = Variable("phi", Transformations(functor, functor))
    formula = Quantified(EXISTS, phi, Truth(False))
    answer = decide_by_smt(formula, SolverLimits(structures=2), solver=solver)
    assert answer.value is False
    assert not answer.by_model
    assert evidence_from(answer, formula) is None
