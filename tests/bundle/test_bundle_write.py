import json
import os
import stat
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp

from formal.bundle import (
    BundleLimits,
    Content,
    bundle_bytes,
    bundle_from_bytes,
    matrix,
    read_bundle,
    rewrite,
    write_bundle,
)
from formal.bundle.manifest import canonical, read_json
from formal.text import Code, Rejection

MODELS = Path(__file__).parents[2] / "proofs" / "models"

SMALL = {
    "kind": "product",
    "axes": {"rows": ["cat", "dog"], "columns": ["pet", "wild"]},
    "arrays": {
        "relation": Content(np.array([[0.5, 1], [0, 0.25]], dtype="<f4"), ("rows", "columns"), "relation"),
        "task.yes": Content([1, 0], ("rows",), "task"),
        "flag": Content([True, False], ("columns",), "label"),
    },
    "measurements": {"loss": 0.25},
    "provenance": {"dirty": False, "command": "make é", "seeds": [0, 1]},
}


def small(**changes):
    return bundle_bytes("small", **{**SMALL, **changes})


def refusals(data, **options):
    with pytest.raises(Rejection) as caught:
        bundle_from_bytes(data, "b", **options) if isinstance(data, bytes) else data()
    assert {d.code for d in caught.value.diagnostics} == {Code.BAD_BUNDLE}
    return [d.message.split("`: ", 1)[1] for d in caught.value.diagnostics]


# --- the same bytes -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(MODELS.glob("*/*.safetensors")), ids=lambda p: p.stem)
def test_committed_bundles_are_canonical_and_small(path):
    assert rewrite(read_bundle(path)) == path.read_bytes()
    assert path.stat().st_size <= 2**20
    assert sum(p.stat().st_size for p in MODELS.glob("*/*.safetensors")) <= 8 * 2**20


def test_bytes_do_not_depend_on_the_run_or_on_the_order_of_keys():
    program = """
import sys; from tests.bundle.test_bundle_write import small, SMALL
sys.stdout.write(small().hex())
"""
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {small().hex()}
    assert small(arrays=dict(reversed(SMALL["arrays"].items())), axes=dict(reversed(SMALL["axes"].items()))) == small()


DTYPES = st.sampled_from(["|b1", "|u1", "<u2", "<i4", "<f4", "<f8"])
LABELS = st.lists(st.text(max_size=5), unique=True, min_size=1, max_size=4)


@st.composite
def contents(draw):
    axes = {"rows": draw(LABELS), "columns": draw(LABELS)}
    arrays = {}
    for name in draw(st.lists(st.text(min_size=1, max_size=6), unique=True, max_size=4)):
        used = draw(st.lists(st.sampled_from(["rows", "columns"]), max_size=3))
        shape = tuple(len(axes[axis]) for axis in used)
        dtype = np.dtype(draw(DTYPES))
        values = draw(
            stnp.arrays(
                dtype,
                shape,
                elements=stnp.from_dtype(dtype, allow_nan=False, allow_infinity=False, min_value=0, max_value=1),
            )
        )
        arrays[name] = Content(values, tuple(used), "other", scale=draw(st.sampled_from(["", "2*q/65535 - 1"])))
    return {"kind": "any", "axes": axes, "arrays": arrays, "data": draw(st.dictionaries(st.text(), st.integers()))}


@given(contents())
def test_what_is_written_is_read(given_):
    arrays = {k: v for k, v in given_["arrays"].items() if "." not in k and k != "__metadata__"}
    data = bundle_bytes("any", **{**given_, "arrays": arrays})
    bundle = bundle_from_bytes(data, "b")
    assert {k: list(v) for k, v in bundle.axes.items()} == given_["axes"]
    assert bundle.arrays.keys() == arrays.keys()
    for name, content in arrays.items():
        array = bundle.arrays[name]
        assert array.values.dtype == content.values.dtype
        assert array.values.tobytes() == content.values.tobytes()
        assert array.axes == content.axes
    assert bundle.manifest["data"] == given_["data"]
    assert rewrite(bundle) == data


def test_files_are_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "m.safetensors"
    digest = write_bundle(path, "small", **SMALL)
    assert read_bundle(path).digest == digest
    assert path.read_bytes() == small()
    assert stat.S_IMODE(path.stat().st_mode) & 0o400
    with pytest.raises(Rejection, match="unreadable-file"):
        write_bundle(tmp_path / "no" / "m", "small", **SMALL)
    with pytest.raises(Rejection, match="bad-bundle"):
        write_bundle(path, "small", **{**SMALL, "axes": {"rows": ["cat", "cat"], "columns": ["a", "b"]}})
    assert path.read_bytes() == small()
    assert os.listdir(tmp_path) == ["m.safetensors"]


def test_what_the_manifest_says_is_at_hand():
    bundle = bundle_from_bytes(
        small(
            model={"family": "tree", "train": {"seed": 7}},
            claims=["closest"],
            status="discrepancy",
            reproduce={"cpu": "make"},
            seeds=[0, 3],
        ),
        "b",
    )
    assert bundle.measurements == {"loss": 0.25}
    assert bundle.seeds == (0, 3, 1, 7)
    assert bundle.claims == ("closest",)
    assert bundle.status == "discrepancy"
    assert bundle.training["family"] == "tree"
    assert bundle.provenance["command"] == "make é"


# --- bytes that change ----------------------------------------------------------------------------


def test_no_byte_changes_unnoticed():
    data = small()
    assert bundle_from_bytes(data, "b").name == "small"
    for place in range(len(data)):
        for change in (0x01, 0x20, 0x80, 0xFF, 0x20 ^ 0x09, 0x20 ^ 0x0A):
            changed = bytearray(data)
            changed[place] ^= change
            with pytest.raises(Rejection) as caught:
                bundle_from_bytes(bytes(changed), "b")
            assert {d.code for d in caught.value.diagnostics} == {Code.BAD_BUNDLE}, (place, change)


@given(st.data())
def test_no_cut_and_no_addition_is_unnoticed(data):
    file = small()
    cut = data.draw(st.integers(0, len(file) - 1))
    assert refusals(file[:cut])
    place = data.draw(st.integers(0, len(file)))
    more = data.draw(st.binary(min_size=1, max_size=9))
    assert refusals(file[:place] + more + file[place:])


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,"b":2}',
        '{"a":1\n}',
        '{"a":1.0e0}',
        '{"a":1.50}',
        '{"a":"\\u0041"}',
        '{"a":"\\/"}',
        '{"a":1e400}',
        "[1 ]",
    ],
)
def test_json_that_could_be_written_otherwise_is_refused(text):
    assert (
        read_json(text, "it")[1] == "it is not written as its contents are: blanks, escapes or numbers are out of form"
    )
    value = json.loads(text.replace("1e400", "1"))
    assert read_json(canonical(value), "it") == (value, None)
    assert read_json(json.dumps(value), "it") == (value, None)


# --- limits and entries ---------------------------------------------------------------------------


def test_limits_of_size(tmp_path):
    with pytest.raises(Rejection, match="file-too-large"):
        small(limits=BundleLimits(file_bytes=1000))
    assert "at most 500 are read" in refusals(small(), limits=BundleLimits(header_bytes=500))[0]
    many = {f"a{i}": Content([0, 1], ("rows",), "label") for i in range(65)}
    assert refusals(lambda: small(arrays=many)) == ["there are more than 64 arrays"]


def test_three_hundred_thousand_empty_arrays_are_refused_at_once():
    header = "{" + ",".join(f'"{i}":{{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}' for i in range(300_000)) + "}"
    data = len(header).to_bytes(8, "little") + header.encode()
    (message,) = refusals(data)
    assert message == f"the header claims {len(header)} bytes; at most 1048576 are read"


def entries(values, kind="product", role="relation", name="relation", scale=""):
    values = np.array(values)
    content = Content(values, ("rows", "columns"), role, scale)
    return refusals(lambda: small(kind=kind, arrays={name: content}))


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        ("product", [[np.nan, 1.0], [0, 1]], "has 1 entry that is no number, at [cat, pet]"),
        ("any", [[np.inf, 1.0], [0, -np.inf]], "has 2 entries that are no numbers, the first at [cat, pet]"),
        ("lukasiewicz", [[0, 1.0], [-0.5, 1]], "has 1 entry outside [0, 1], at [dog, pet]"),
        ("min", [[0, 1.0], [0, 1.5]], "has 1 entry outside [0, 1], at [dog, wild]"),
        ("product", [[0, 2], [0, 300]], "has 2 entries outside [0, 1], the first at [cat, wild]"),
        ("lawvere", [[0, 2.5], [0, -1e-300]], "has 1 entry that is negative, at [dog, wild]"),
        ("lawvere", [[0, 2.5], [0, -np.inf]], "has 1 entry that is no number, at [dog, wild]"),
        ("bool", [[0, 0.5], [0, 1]], "has 1 entry that is neither 0 nor 1, at [cat, wild]"),
    ],
)
def test_entries_that_are_no_values(kind, values, message):
    assert entries(values, kind) == [f"array `relation` {message}"]


def test_entries_are_read_by_their_scale():
    # 65535/65536 is stored as 65535; one more would be 1 exactly, two more too much.
    ok = {"relation": Content(np.array([[65535, 1], [0, 0]], dtype="<u2"), ("rows", "columns"), "relation", "q/65535")}
    assert bundle_from_bytes(small(arrays=ok), "b")
    assert entries(np.array([[65535, 1], [0, 0]], dtype="<u2"), scale="q/65534") == [
        "array `relation` has 1 entry outside [0, 1], at [cat, pet]"
    ]


def test_distances_may_be_infinite():
    content = Content(np.array([[0, np.inf], [0.5, 0]]), ("rows", "columns"), "relation")
    given_ = matrix(bundle_from_bytes(small(kind="lawvere", arrays={"relation": content}), "b"))
    assert given_.table.box(0, 1).lower == float("inf")
    assert given_.table.box(1, 0).lower == Fraction(1, 2)


def bounds(**values):
    return {name.replace("_", "."): Content(v, ("rows", "columns"), "relation") for name, v in values.items()}


def test_bounds_bound():
    low, middle, high = np.full((2, 2), 0.25), np.full((2, 2), 0.5), np.full((2, 2), 0.75)
    bundle = bundle_from_bytes(small(arrays=bounds(relation=middle, relation_lo=low, relation_hi=high)), "b")
    box = matrix(bundle).table.box(0, 0)
    assert (box.lower, box.upper) == (Fraction(1, 4), Fraction(3, 4))
    assert matrix(bundle, boxes=False).table.box(0, 0).lower == Fraction(1, 2)
    assert refusals(lambda: small(arrays=bounds(relation=middle, relation_lo=low))) == [
        "array `relation.lo` is there without `relation.hi`"
    ]
    crossed = middle.copy()
    crossed[1, 0] = np.nextafter(0.25, 0)
    assert refusals(lambda: small(arrays=bounds(relation_lo=low, relation_hi=crossed))) == [
        "array `relation.lo` has 1 entry above `relation.hi`, at [dog, pet]"
    ]
    assert refusals(lambda: small(arrays=bounds(relation=crossed, relation_lo=low, relation_hi=high))) == [
        "array `relation.lo` has 1 entry above `relation`, at [dog, pet]"
    ]
    odd = {**bounds(relation_lo=low), "relation.hi": Content([0.5, 1], ("rows",), "relation")}
    assert refusals(lambda: small(arrays=odd)) == [
        "arrays `relation.lo` and `relation.hi` do not have the same axes and scale"
    ]


def test_bytes_that_are_no_truth_values():
    data = small(arrays={"flag": Content([True, False], ("rows",), "label")})
    assert data.endswith(b"\1\0")
    found = refusals(data[:-1] + b"\2")
    assert "array `flag` has entries that are neither true nor false" in found


def test_everything_wrong_with_contents_is_said_at_once():
    arrays = {
        "relation": Content(np.array([[2.0, np.nan], [0, 0]]), ("rows", "columns"), "relation"),
        "task.t": Content([7, 0], ("rows",), "task"),
    }
    assert refusals(lambda: small(arrays=arrays)) == [
        "array `relation` has 1 entry that is no number, at [cat, wild]",
        "array `relation` has 1 entry outside [0, 1], at [cat, pet]",
        "array `task.t` has 1 entry outside [0, 1], at [cat]",
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"axes": {"rows": ["cat"], "columns": ["pet", "wild"]}},
            "array `relation` has 2 entries along `rows`, which has 1",
        ),
        ({"arrays": {"a": Content([1j, 0], ("rows",), "label")}}, "array `a` has the dtype `complex128`; allowed are"),
        ({"arrays": {"a": Content([2**40, 0], ("rows",), "label")}}, "array `a` has the dtype `int64`"),
        ({"arrays": {"a": Content(["x", "y"], ("rows",), "label")}}, "array `a` has the dtype `<U1`"),
        ({"arrays": {"a": Content([None, 0], ("rows",), "label")}}, "array `a` has the dtype `object`"),
        ({"arrays": {"a": Content(np.zeros(2, "<f2"), ("rows",), "label")}}, "array `a` has the dtype `float16`"),
        ({"arrays": {"a": Content([1, 0], ("row",), "label")}}, "array `a` does not have one known axis a dimension"),
        ({"arrays": {"a": Content([1, 0], ("rows",), "label", "q*q")}}, "array `a` has a scale that cannot be read"),
        ({"measurements": [1]}, "the manifest's `measurements` is no JSON object"),
        ({"provenance": {"dirty": True}}, "it was made by code with changes that were not committed"),
        ({"data": {"x": float("nan")}}, "the manifest is no JSON"),
        ({"data": {"x": "\ud800"}}, ""),
    ],
)
def test_contents_that_cannot_be_written(changes, message):
    with pytest.raises((Rejection, UnicodeError)) as caught:
        small(**changes)
    if isinstance(caught.value, Rejection):
        assert message in caught.value.diagnostics[0].message


def test_sections_have_names():
    with pytest.raises(TypeError, match="no section `measurement`"):
        small(measurement={})
