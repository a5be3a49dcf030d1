from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import formal
from formal.bundle import (
    Content,
    Reading,
    bundle_bytes,
    bundle_from_bytes,
    delooping_category,
    preorder_category,
    read_as,
    task_presheaf,
    torsor_category,
    write_bundle,
)
from formal.bundle.move import READS, Moves, read_moves
from formal.core.build import build_category
from formal.core.category import Category
from formal.text import Code, Rejection

HALF = Fraction(1, 2)


def turned(moves, images=3, **tasks):
    """Images x, y with (x, y, r): x turned by r is y."""
    relation = np.zeros((images, images, 4), dtype="<u2")
    for x, y, r in moves:
        relation[y, x, r] = 1
    labels = [f"i{x}" for x in range(images)]
    arrays = {"relation": Content(relation, ("images", "images", "moves"), "relation")}
    arrays |= {f"task.{name}": Content(np.array(v, dtype="|u1"), ("images",), "task") for name, v in tasks.items()}
    axes = {"images": labels, "moves": list("0123")}
    return {"kind": "graded-monoid", "monoid": "Z/4", "reads": READS, "axes": axes, "arrays": arrays}


def related(relation, kind="product", labels=None, **tasks):
    values = np.array(relation, dtype="<f8")
    labels = [f"x{i}" for i in range(len(values))] if labels is None else labels
    arrays = {"relation": Content(values, ("objects", "objects"), "relation")}
    arrays |= {f"task.{name}": Content(np.array(v, dtype="|u1"), ("objects",), "task") for name, v in tasks.items()}
    return {"kind": kind, "axes": {"objects": labels}, "arrays": arrays}


def built(contents):
    return bundle_from_bytes(bundle_bytes("m", **contents), "m")


# --- BZ/4 -----------------------------------------------------------------------------------------


def orientations(*angles):
    """What a head that tells orientations says: x turned by f(y) - f(x) is y, for all images x, y."""
    count = len(angles)
    return [(x, y, (angles[y] - angles[x]) % 4) for x, y in product(range(count), repeat=2)]


def test_a_head_that_tells_orientations_separates_no_classes():
    bundle = built(turned(orientations(0, 1, 3), cat=[1, 0, 0], all=[1, 1, 1]))
    reading = read_as(bundle, HALF, Reading.BZ)
    category = reading.category
    assert (reading.violated, reading.composites, reading.missing_identities) == (0, 0, ())
    assert category.objects == ("i0", "i1", "i2")
    assert all(len(category.hom(x, y)) == 1 for x, y in product(range(3), repeat=2))
    assert list(category.failures()) == []
    assert task_presheaf(reading, "all").size == 3
    with pytest.raises(Rejection) as caught:
        task_presheaf(reading, "cat")
    assert [d.code for d in caught.value.diagnostics] == [Code.NOT_A_PRESHEAF]
    # In the torsor reading the same relation has oriented images for objects.
    assert read_as(bundle, HALF).category.object_count == 12


def test_an_image_alone_is_the_group_itself_when_all_turns_fix_it():
    category = delooping_category(built(turned([(0, 0, 1)], images=1)), HALF).category
    assert category.object_count == 1
    (r,) = [f for f in category.hom(0, 0) if category.arrow_labels[f].endswith("turned by 1 is i0")]
    assert len(category.hom(0, 0)) == 4
    assert category.compose(category.compose(r, r), category.compose(r, r)) == 0


@given(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), max_size=6))
def test_both_readings_close_the_same_moves(moves):
    bundle = built(turned(moves))
    torsor, bz = torsor_category(bundle, HALF), delooping_category(bundle, HALF)
    assert list(bz.category.failures()) == []
    for x, y in product(range(3), repeat=2):
        assert len(bz.category.hom(x, y)) == len(torsor.category.hom(4 * x, 4 * y))
    assert (bz.violated, bz.tested, bz.composites) == (torsor.violated, torsor.tested, torsor.composites)


# --- preorders ------------------------------------------------------------------------------------


def test_a_relation_at_a_threshold_is_a_preorder():
    bundle = built(related([[1, 0.5, 0], [0.25, 1, 0.75], [0, 0, 1]], up=[1, 1, 0]))
    reading = read_as(bundle, HALF)
    assert reading.reading is Reading.PREORDER
    assert (reading.found, reading.composites, reading.violated, reading.tested) == (5, 1, 1, 8)
    assert reading.example == ((0, 1, 0), (1, 2, 0))
    category = reading.category
    assert list(category.failures()) == []
    assert [(x, y) for x, y in product(range(3), repeat=2) if category.hom(x, y)] == [
        (0, 0),
        (0, 1),
        (0, 2),
        (1, 1),
        (1, 2),
        (2, 2),
    ]
    (warning,) = reading.diagnostics()
    assert warning.notes == (
        "composition fails for 1 of 8 pairs of relations: `x0` is related to `x1`, which is related to `x2`; "
        "1 relation is added",
    )
    assert task_presheaf(reading, "up").size == 2
    assert preorder_category(bundle, Fraction(1, 4)).category.hom(1, 0)


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=4, max_size=4))
def test_preorders_are_least(bits):
    reading = preorder_category(built(related(bits, "bool")), HALF)
    reached = {(x, y) for x in range(4) for y in range(4) if bits[x][y] or x == y}
    start = set(reached)
    while True:
        more = {(x, z) for (x, y) in reached for (w, z) in reached if y == w} | reached
        if more == reached:
            break
        reached = more
    assert {(x, y) for x, y in product(range(4), repeat=2) if reading.category.hom(x, y)} == reached
    assert list(reading.category.failures()) == []
    pairs = [(f, g) for f in start for g in start if f[1] == g[0]]
    assert reading.tested == len(pairs)
    assert reading.violated == sum((f[0], g[1]) not in start for f, g in pairs)


def test_distances_count_up_to_the_threshold():
    reading = preorder_category(built(related([[0, 0.5], [2, 0]], "lawvere")), HALF)
    assert [len(reading.category.hom(*pair)) for pair in ((0, 1), (1, 0))] == [1, 0]


def test_what_cannot_be_read_says_why():
    rectangular = {
        "kind": "product",
        "axes": {"rows": ["a"], "columns": ["b"]},
        "arrays": {"relation": Content(np.ones((1, 1)), ("rows", "columns"), "relation")},
    }
    with pytest.raises(Rejection, match="not one between the objects of one list"):
        read_as(built(rectangular), HALF)
    with pytest.raises(Rejection, match="fixes no threshold"):
        read_as(built(related([[1]])))
    with pytest.raises(Rejection, match="no relation graded by Z/4"):
        read_as(built(related([[1]])), HALF, Reading.BZ)
    with pytest.raises(Rejection, match="no relation with two axes"):
        read_as(built(turned([])), HALF, Reading.PREORDER)
    with pytest.raises(Rejection, match="budget-exceeded"):
        read_as(built(related(np.ones((500, 500)))), HALF)


def test_many_moves_are_refused_at_once():
    relation = np.ones((130, 130, 4), dtype="|u1")
    axes = {"images": [str(i) for i in range(130)], "moves": list("0123")}
    arrays = {"relation": Content(relation, ("images", "images", "moves"), "relation")}
    bundle = built({"kind": "graded-monoid", "monoid": "Z/4", "reads": READS, "axes": axes, "arrays": arrays})
    with pytest.raises(Rejection, match="has 67600 moves between 130 images"):
        read_as(bundle, HALF)
    assert read_as(bundle, Fraction(2)).found == 0


@given(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 3)), max_size=7))
def test_moves_are_closed_as_defined(moves):
    kept: list[Moves] = []

    def empty(closed: Moves) -> Category:
        kept.append(closed)
        return build_category("none", [], [], lambda f, g: f, [], [])[0]

    found = read_moves(Reading.BZ, built(turned(moves)), HALF, empty)
    started = moves | {(x, x, 0) for x in range(3)}
    pairs = [(f, g) for f in sorted(started) for g in sorted(started) if f[1] == g[0]]
    missing = [(f, g) for f, g in pairs if (f[0], g[1], (f[2] + g[2]) % 4) not in started]
    assert (found.tested, found.violated) == (len(pairs), len(missing))
    assert found.example == (missing[0] if missing else None)
    closed = set(started)
    while more := {(f[0], g[1], (f[2] + g[2]) % 4) for f in closed for g in closed if f[1] == g[0]} - closed:
        closed |= more
    assert kept[0].closed == closed
    assert found.missing_identities == tuple(f"i{x}" for x in range(3) if (x, x, 0) not in moves)


# --- in scripts -----------------------------------------------------------------------------------


@pytest.fixture
def checked(tmp_path):
    (tmp_path / "pyproject.toml").touch()

    def check(script, **contents):
        for name, content in contents.items():
            write_bundle(tmp_path / f"{name}.safetensors", name, **content)
        return formal.check(script, root=tmp_path)

    return check


def test_readings_have_words(checked):
    report = checked(
        """
model m from "m.safetensors"
category T = category_of(m, threshold: 1/2)
category B = category_of(m, threshold: 1/2, reading: "bz")
category S = category_of(m, reading: torsor, threshold: 1/2)
claim grouped: connected(B)
claim same: isomorphic(T, S)
claim thin: thin(B)
""",
        m=turned(orientations(0, 1, 3)),
    )
    assert report.ok, str(report)


def test_a_class_is_no_presheaf_on_bz(checked):
    report = checked(
        'model m from "m.safetensors"\ncategory B = category_of(m, threshold: 1/2, reading: "bz")\n'
        'presheaf W on B = task(m, "cat")\n',
        m=turned(orientations(0, 1, 3), cat=[1, 0, 0]),
    )
    assert [d.code for d in report.diagnostics] == [Code.NOT_A_PRESHEAF]


def test_a_word_that_is_no_reading(checked):
    report = checked(
        'model m from "m.safetensors"\ncategory B = category_of(m, threshold: 1/2, reading: "ring")\n', m=turned([])
    )
    (diagnostic,) = report.diagnostics
    assert diagnostic.code is Code.WRONG_ARGUMENTS
    assert diagnostic.help == ('there are `"torsor"`, `"bz"`, `"preorder"`',)


def test_relations_without_moves_are_preorders(checked):
    report = checked(
        'model m from "m.safetensors"\ncategory P = category_of(m, threshold: 1/2)\n'
        'presheaf W on P = task(m, "up")\nclaim one: representable(W, by: x1)\nclaim t: thin(P)\n',
        m=related([[1, 0.5, 0], [0.25, 1, 0.25], [0, 0, 1]], up=[1, 1, 0]),
    )
    assert report.ok, str(report)
