from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp

from formal.bundle import Content, bundle_bytes, bundle_from_bytes, features, matrix, vector
from formal.bundle.move import READS
from formal.quantale import Quantale
from formal.text import Code, Rejection, Source, Span

AXES = {"rows": ["a", "b"], "columns": ["x", "y", "z"], "moves": ["0", "1"]}
ARRAYS = {
    "relation": Content(np.array([[1, 0.1, 0], [0.5, 0, 0.25]], dtype="<f4"), ("rows", "columns"), "relation"),
    "graded": Content(np.arange(12, dtype="|u1").reshape(2, 3, 2), ("rows", "columns", "moves"), "other", "q/11"),
    "signed": Content(np.array([[-1.0, 2.0], [3.0, 0.5]]), ("rows", "moves"), "embedding"),
    "task.down": Content([1, 0], ("rows",), "task"),
    "task.across": Content(np.array([0.5, 0, 1]), ("columns",), "task"),
    "task.wide": Content(np.eye(2), ("rows", "moves"), "task"),
}


def built(arrays=ARRAYS, axes=AXES, kind="product", **more):
    return bundle_from_bytes(bundle_bytes("m", kind=kind, axes=axes, arrays=arrays, **more), "m")


def entries(given_):
    rows, columns = given_.table.shape
    boxes = [[given_.table.box(i, j) for j in range(columns)] for i in range(rows)]
    assert all(box.is_point for row in boxes for box in row)
    return [[box.lower for box in row] for row in boxes]


def rejected(build, code, words, *help_):
    with pytest.raises(Rejection) as caught:
        build()
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is code
    assert words in diagnostic.message, diagnostic.message
    assert diagnostic.help == help_
    return diagnostic


def test_floats_are_the_numbers_that_they_are():
    given_ = matrix(built())
    tenth = Fraction(float(np.float32(0.1)))
    assert entries(given_) == [[1, tenth, 0], [Fraction(1, 2), 0, Fraction(1, 4)]]
    assert tenth != Fraction(1, 10)
    assert (given_.name, given_.quantale) == ("relation", Quantale.PRODUCT)
    assert (given_.rows, given_.columns) == (("a", "b"), ("x", "y", "z"))


@given(stnp.arrays(np.float64, (3, 4), elements=st.floats(0, 1)))
def test_every_double_is_kept(values):
    axes = {"r": list("abc"), "c": list("wxyz")}
    given_ = matrix(built({"relation": Content(values, ("r", "c"), "relation")}, axes))
    assert entries(given_) == [[Fraction(v) for v in row] for row in values.tolist()]


def test_integers_are_read_by_their_scale():
    given_ = matrix(built(), "graded", move="1")
    assert given_.name == "graded[1]"
    assert entries(given_) == [[Fraction(v, 11) for v in row] for row in ([1, 3, 5], [7, 9, 11])]


def test_turns_go_from_what_is_turned_to_what_it_becomes():
    relation = np.zeros((2, 2, 4), dtype="|u1")
    relation[1, 0, 3] = 1  # image 0, turned by 3, is image 1
    axes = {"images": ["i", "j"], "moves": list("0123")}
    content = Content(relation, ("images", "images", "moves"), "relation")
    bundle = built({"relation": content}, axes, "graded-monoid", monoid="Z/4", reads=READS)
    assert entries(matrix(bundle, move="3", quantale=Quantale.BOOLEAN)) == [[0, 1], [0, 0]]


def test_tasks_are_weights_or_coweights_by_their_axis():
    bundle = built()
    down, across = vector(bundle, "down"), vector(bundle, "across")
    assert (down.rows, down.columns, entries(down)) == (("a", "b"), ("*",), [[1], [0]])
    assert (across.rows, across.columns) == (("*",), ("x", "y", "z"))
    assert entries(across) == [[Fraction(1, 2), 0, 1]]
    assert vector(bundle, "task.across", covariant=False).table.shape == (3, 1)
    assert vector(bundle, "down", covariant=True).table.shape == (1, 2)


def test_a_task_on_a_square_relation_is_a_weight():
    arrays = {
        "relation": Content(np.eye(2), ("rows", "rows"), "relation"),
        "task.t": Content([0, 1], ("rows",), "task"),
    }
    assert vector(built(arrays), "t").table.shape == (2, 1)


def test_boxes_of_tasks():
    arrays = {
        "task.t": Content(np.array([0.5, 0.5]), ("rows",), "task"),
        "task.t.lo": Content(np.array([0.25, 0.5]), ("rows",), "task"),
        "task.t.hi": Content(np.array([0.5, 1.0]), ("rows",), "task"),
    }
    table = vector(built(arrays), "t").table
    assert [(table.box(i, 0).lower, table.box(i, 0).upper) for i in range(2)] == [
        (Fraction(1, 4), Fraction(1, 2)),
        (Fraction(1, 2), 1),
    ]


def test_features_are_any_numbers():
    assert entries(features(built(), "signed")) == [[-1, 2], [3, Fraction(1, 2)]]
    named = {"embedding.clip": Content(np.ones((2, 2)), ("rows", "moves"), "embedding")}
    assert features(built(named), "clip").table.shape == (2, 2)
    rejected(lambda: features(built(), "task.down"), Code.WRONG_ARGUMENTS, "features have two")


@pytest.mark.parametrize("quantale", list(Quantale))
def test_the_quantale_may_be_chosen(quantale):
    assert (
        matrix(built({"relation": Content(np.eye(2), ("rows", "rows"), "relation")}), quantale=quantale).quantale
        is quantale
    )


@pytest.mark.parametrize(
    ("kind", "quantale"),
    [
        ("product", Quantale.PRODUCT),
        ("min", Quantale.GODEL),
        ("lukasiewicz", Quantale.LUKASIEWICZ),
        ("lawvere", Quantale.LAWVERE),
        ("bool", Quantale.BOOLEAN),
    ],
)
def test_bases_have_quantales(kind, quantale):
    bundle = built({"relation": Content(np.eye(2), ("rows", "rows"), "relation")}, kind=kind)
    assert matrix(bundle).quantale is quantale


# --- refusals -------------------------------------------------------------------------------------


def test_what_is_not_there_is_named_beside_what_is():
    bundle = built()
    listed = "there are `graded`, `relation`, `signed`, `task.across`, `task.down`, `task.wide`"
    rejected(
        lambda: matrix(bundle, "relatoin"), Code.UNKNOWN_NAME, "no array `relatoin`", "did you mean `relation`?", listed
    )
    rejected(lambda: vector(bundle, "up"), Code.UNKNOWN_NAME, "no task `up`", "there are `across`, `down`, `wide`")
    rejected(lambda: matrix(bundle, "graded", move="7"), Code.UNKNOWN_NAME, "no move `7`", "there are `0`, `1`")
    rejected(lambda: matrix(built({}), "q"), Code.UNKNOWN_NAME, "no array `q`", "there are none")


def test_shapes_that_do_not_fit():
    bundle = built()
    rejected(lambda: matrix(bundle, "task.down"), Code.WRONG_ARGUMENTS, "has 1 axis (`rows`); a matrix has two")
    rejected(lambda: matrix(bundle, move="0"), Code.WRONG_ARGUMENTS, "has no moves, but 2 axes (`rows`, `columns`)")
    rejected(lambda: vector(bundle, "wide"), Code.WRONG_ARGUMENTS, "has 2 axes (`rows`, `moves`); a task has one")


def test_values_that_are_none_of_the_quantale():
    diagnostic = rejected(
        lambda: matrix(built(), "signed"), Code.BAD_BUNDLE, "3 entries outside [0, 1], the first at [a, 0]"
    )
    assert diagnostic.notes == ("they are read in the quantale `product`",)
    rejected(
        lambda: matrix(built(), quantale=Quantale.BOOLEAN),
        Code.BAD_BUNDLE,
        "3 entries that are neither 0 nor 1, the first at [a, y]",
    )
    other = built(kind="words")
    rejected(
        lambda: matrix(other),
        Code.WRONG_ARGUMENTS,
        "has the base `words`, which is no quantale",
        "say which one its entries are read in: `product`, `godel`, `lukasiewicz`, `lawvere`, `boolean`",
    )
    assert matrix(other, quantale=Quantale.GODEL).quantale is Quantale.GODEL
    assert matrix(built(kind="graded-monoid")).quantale is Quantale.PRODUCT


@pytest.mark.parametrize("quantale", [Quantale.PRODUCT, Quantale.LAWVERE])
@pytest.mark.parametrize("scale", ["q/11", "1-q/11"])
def test_moves_that_are_forgotten_are_joined(quantale, scale):
    graded = Content(ARRAYS["graded"].values, ("rows", "columns", "moves"), "other", scale)
    bundle = built({**ARRAYS, "graded": graded})
    whole = entries(matrix(bundle, "graded", quantale=quantale))
    moves = [entries(matrix(bundle, "graded", move=move, quantale=quantale)) for move in AXES["moves"]]
    assert whole == [[quantale.join(values) for values in zip(*rows, strict=True)] for rows in zip(*moves, strict=True)]


def test_too_many_entries():
    axes = {"r": [str(i) for i in range(2100)]}
    bundle = built({"relation": Content(np.zeros((2100, 2100), dtype="|u1"), ("r", "r"), "relation")}, axes)
    rejected(lambda: matrix(bundle), Code.BUDGET_EXCEEDED, "has 4410000 entries; at most 4194304 are exact")


def test_the_place_that_asks_is_shown():
    span = Span(Source("s.cat", "relation_of(m)"), 0, 11)
    with pytest.raises(Rejection) as caught:
        matrix(built(), "none", at=span)
    assert caught.value.diagnostics[0].primary.span is span
