import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.bundle import Content, bundle_bytes, bundle_from_bytes
from formal.bundle.difference import difference
from formal.bundle.entry import QUANTALES
from formal.bundle.law import exact_entry, laws
from formal.quantale import Quantale

LABELS = ["a", "b", "c", "d"]


def built(values, kind="product", scale="", dtype=None, labels=LABELS, **more):
    values = np.array(values, dtype=dtype)
    content = Content(values, ("objects", "objects"), "relation", scale)
    arrays = {"relation": content, **more}
    axes = {"objects": labels[: len(values)]}
    return bundle_from_bytes(bundle_bytes("m", kind=kind, axes=axes, arrays=arrays), "m")


def looked(bundle):
    return laws(bundle, bundle.arrays["relation"], QUANTALES[bundle.kind])


@given(
    st.sampled_from(["product", "min", "lukasiewicz", "lawvere", "bool"]),
    st.lists(st.integers(0, 8), min_size=16, max_size=16),
)
def test_laws_are_those_of_rational_arithmetic(kind, entries):
    quantale = QUANTALES[kind]
    eighths = [e % 2 * 8 if kind == "bool" else e for e in entries]
    bundle = built(np.array(eighths).reshape(4, 4) / 8, kind)
    found = looked(bundle)
    value = {(x, y): Fraction(eighths[4 * x + y], 8) for x, y in product(range(4), repeat=2)}
    excess = {
        (x, y, z): quantale.excess(quantale.tensor(value[x, y], value[y, z]), value[x, z])
        for x, y, z in product(range(4), repeat=3)
    }
    assert found.defect == max(excess.values())
    assert found.violated == sum(e > 0 for e in excess.values())
    assert found.tested == 64
    if found.triple is not None:
        assert excess[tuple(map(LABELS.index, found.triple))] == found.defect
    lack = [quantale.excess(quantale.unit, value[x, x]) for x in range(4)]
    assert found.identities == sum(e > 0 for e in lack)
    assert (found.identity[1] if found.identity else 0) == max(lack)


def test_scaled_integers_are_exact_where_they_are_reported():
    found = looked(built([[10, 9, 1], [0, 10, 9], [0, 0, 10]], scale="q/10", dtype="<u2"))
    assert found.defect == Fraction(81, 100) - Fraction(1, 10)
    assert found.triple == ("a", "b", "c")
    assert found.identities == 0
    # .9 * .9 = .81 is reached exactly: rounding makes no violation.
    fits = looked(built([[100, 90, 81], [0, 100, 90], [0, 0, 100]], scale="q/100", dtype="<u2"))
    assert (fits.defect, fits.violated) == (0, 0)


def test_infinite_distances():
    oo = math.inf
    assert looked(built([[0, oo], [oo, 0]], "lawvere")).violated == 0
    broken = looked(built([[0, 1, oo], [oo, 0, 1], [oo, oo, 0]], "lawvere"))
    assert (broken.defect, broken.triple, broken.violated) == (oo, ("a", "b", "c"), 1)


def test_many_objects_are_sampled():
    count = 2100
    values = np.eye(count, dtype="|u1")
    bundle = built(values, "bool", labels=[str(i) for i in range(count)])
    found = looked(bundle)
    assert (found.violated, found.tested, found.counts) == (0, count // 3, "sampled triples")
    assert 0 < found.rate < 0.01


def test_a_middle_sized_relation_counts_pairs():
    count = 420
    bundle = built(np.tri(count, dtype="|u1"), "bool", labels=[str(i) for i in range(count)])
    found = looked(bundle)
    assert (found.counts, found.violated, found.identities) == ("pairs", 0, 0)


# --- differences ----------------------------------------------------------------------------------


def test_nothing_differs_from_itself():
    bundle = built([[1, 0.5], [0, 1]])
    assert difference(bundle, bundle).is_empty


def test_entries_are_compared_by_their_labels():
    one = built([[1, 0.5], [0, 1]], labels=["a", "b"])
    turned = built([[1, 0], [0.75, 1]], labels=["b", "a"])
    found = difference(one, turned)
    (axis,) = found.axes
    assert (axis.only_first, axis.only_second) == ((), ())
    (array,) = found.arrays
    assert (array.entries, array.compared, array.greatest) == (1, 4, Fraction(1, 4))
    assert (array.where, array.values) == (("a", "b"), (Fraction(1, 2), Fraction(3, 4)))


def test_what_only_one_bundle_has():
    extra = Content([1, 0], ("objects",), "task")
    one, other = built([[1, 0.5], [0, 1]], **{"task.t": extra}), built([[1, 0.5], [0, 1]], labels=["a", "x"])
    found = difference(one, other)
    assert [(a.axis, a.only_first, a.only_second) for a in found.axes] == [("objects", ("b",), ("x",))]
    (array,) = found.arrays
    assert (array.array, array.what) == ("task.t", "is in the first bundle only")
    assert difference(other, one).arrays[0].what == "is in the second bundle only"


def test_the_same_numbers_stored_otherwise():
    floats = built([[1, 0.5], [0, 1]])
    scaled = built([[2, 1], [0, 2]], scale="q/2", dtype="<u2")
    (array,) = difference(floats, scaled).arrays
    assert (array.entries, array.what) == (0, "has the dtype <f8 in the first bundle and <u2 in the second")
    axes = built([[1, 0.5], [0, 1]], z=Content(np.float64(2.0), (), "constant"))
    assert difference(axes, axes).is_empty


def test_manifests_are_compared_key_by_key():
    def with_seed(seed, **more):
        arrays = {"relation": Content(np.eye(1), ("o", "o"), "relation")}
        sections = {"model": {"train": {"seed": seed}}, **more}
        return bundle_from_bytes(bundle_bytes("m", kind="min", axes={"o": ["a"]}, arrays=arrays, **sections), "m")

    found = difference(with_seed(0, status="ok"), with_seed(1))
    assert [(m.key, m.first, m.second) for m in found.manifest] == [
        ("model.train.seed", "0", "1"),
        ("status", '"ok"', None),
    ]


@pytest.mark.parametrize("kind", ["product", "lawvere"])
def test_entries_are_the_numbers_that_floats_are(kind):
    bundle = built([[0.1]], kind)
    assert exact_entry(bundle.arrays["relation"], 0, 0) == Fraction(0.1) != Fraction(1, 10)
    assert QUANTALES["min"] is Quantale.GODEL
