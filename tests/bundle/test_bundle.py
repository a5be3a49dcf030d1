import hashlib
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.bundle import BundleLimits, Scale, read_bundle, task_presheaf, torsor_category
from formal.bundle.model import exact
from formal.text import Code, Rejection, Severity

DIGITS = Path(__file__).parents[2] / "proofs" / "models" / "rotation-digits" / "rotation-digits-seed0.safetensors"

NAMES = {"|b1": "BOOL", "|u1": "U8", "<u2": "U16", "<i4": "I32", "<f4": "F32", "<f8": "F64"}


def manifest_for(arrays, axes, kind="graded-monoid", **more):
    """A manifest that fits the arrays: (axes, role, values, scale) by name."""
    described = {}
    for name, (names, role, values, *scale) in arrays.items():
        prefix = f"{name}|{values.dtype.str}|{values.shape}|".encode()
        described[name] = {
            "axes": names,
            "role": role,
            "dtype": values.dtype.str,
            "shape": list(values.shape),
            "sha256": hashlib.sha256(prefix + values.tobytes()).hexdigest(),
            **({"scale": scale[0]} if scale else {}),
        }
    return {
        "format": "relation-bundle",
        "version": 1,
        "name": "small",
        "base": {
            "kind": kind,
            "monoid": "Z/4",
            "reads": "entry [x,y,r]: evidence that y turned by r quarter turns is x",
        },
        "axes": {name: {"labels": labels, "name": name} for name, labels in axes.items()},
        "kernel": {"params": {"threshold": "1/2"}},
        "arrays": described,
        **more,
    }


def sealed(manifest):
    plain = {key: value for key, value in manifest.items() if key != "digest"}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return {**plain, "digest": hashlib.sha256(text.encode()).hexdigest()}


def header_for(arrays):
    header, position = {}, 0
    for name, (_, _, values, *_) in arrays.items():
        header[name] = {
            "dtype": NAMES[values.dtype.str],
            "shape": list(values.shape),
            "data_offsets": [position, position + values.nbytes],
        }
        position += values.nbytes
    return header


def write(path, arrays, manifest, header=None, metadata=None, raw_header=None, body=None):
    header = header_for(arrays) if header is None else header
    metadata = {"manifest": json.dumps(manifest)} if metadata is None else metadata
    text = json.dumps({"__metadata__": metadata, **header}).encode() if raw_header is None else raw_header
    body = b"".join(values.tobytes() for _, _, values, *_ in arrays.values()) if body is None else body
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    return path


def rotations(moves, images=3, **tasks):
    """A bundle over a few images: (x, y, r) says that x turned by r is y."""
    relation = np.zeros((images, images, 4), dtype="<u2")
    for x, y, r in moves:
        relation[y, x, r] = 65535
    labels = [f"i{x}" for x in range(images)]
    axes = {"rows": labels, "columns": labels, "moves": ["0", "1", "2", "3"]}
    arrays = {"relation": (["rows", "columns", "moves"], "relation", relation, "2*q/65535 - 1")}
    for name, values in tasks.items():
        arrays[f"task.{name}"] = (["rows"], "task", np.array(values, dtype="|u1"))
    return arrays, axes


@pytest.fixture
def small(tmp_path):
    def build(moves, **tasks):
        arrays, axes = rotations(moves, **tasks)
        return read_bundle(write(tmp_path / "small.safetensors", arrays, sealed(manifest_for(arrays, axes))))

    return build


IDENTITIES = [(x, x, 0) for x in range(3)]


def messages(path, **options):
    with pytest.raises(Rejection) as caught:
        read_bundle(path, name="b", **options)
    return [d.message.removeprefix("`b`: ") for d in caught.value.diagnostics], {
        d.code for d in caught.value.diagnostics
    }


# --- the digits -----------------------------------------------------------------------------------


def test_the_digits_are_read_and_verified():
    bundle = read_bundle(DIGITS)
    assert bundle.digest == "a3144c1da7af6d58258c5bf67a008e8481b45af79260cd5ccf7efc48de39dcd3"
    assert bundle.threshold == Fraction(24, 25)
    assert bundle.arrays["relation"].values.shape == (100, 100, 4)
    assert len(bundle.axes["rows"]) == 100


def test_the_digits_at_the_threshold_fixed_before_the_data():
    reading = torsor_category(read_bundle(DIGITS))
    assert reading.found == 96
    assert reading.missing_identities == ("digit-27", "digit-41", "digit-63", "digit-79")
    assert (reading.violated, reading.composites) == (0, 0)
    assert (reading.category.object_count, reading.category.arrow_count) == (400, 1600)
    (warning,) = reading.diagnostics()
    assert (warning.code, warning.severity) == (Code.RELATION_CLOSED, Severity.WARNING)
    sizes = [task_presheaf(reading, f"digit_{c}").size for c in range(10)]
    assert sizes == [4 * n for n in (10, 6, 9, 11, 11, 13, 11, 7, 10, 12)]


def test_the_digits_below_the_threshold_need_a_closure_and_break_tasks():
    bundle = read_bundle(DIGITS)
    loose = torsor_category(bundle, Fraction(4, 5))
    assert (loose.violated, loose.tested, loose.composites) == (191, 923, 620)
    (x, y, r), (y2, z, s) = loose.example
    assert y == y2
    values = bundle.arrays["relation"].values.astype(int)
    reaches = [2 * int(values[entry]) * 5 >= (4 + 5) * 65535 for entry in ((y, x, r), (z, y, s), (z, x, (r + s) % 4))]
    assert reaches == [True, True, False]
    with pytest.raises(Rejection) as caught:
        task_presheaf(loose, "digit_3")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is Code.NOT_A_PRESHEAF
    assert "digit-13@0" in diagnostic.message


# --- the torsor reading ---------------------------------------------------------------------------


def test_an_image_alone_is_a_free_orbit(small):
    reading = torsor_category(small(IDENTITIES))
    category = reading.category
    assert reading.diagnostics() == ()
    assert category.objects[:4] == ("i0@0", "i0@1", "i0@2", "i0@3")
    assert list(category.failures()) == []
    assert all(len(category.hom(x, y)) == (x // 4 == y // 4) for x in range(12) for y in range(12))


def test_a_symmetric_image_has_automorphisms(small):
    category = torsor_category(small([*IDENTITIES, (0, 0, 2)])).category
    assert len(category.hom(0, 0)) == 2
    assert len(category.hom(0, 1)) == 2
    (turn,) = [f for f in category.hom(0, 0) if f != 0]
    assert category.compose(turn, turn) == 0
    assert list(category.failures()) == []


def test_moves_point_from_the_turned_image_to_what_it_becomes(small):
    category = torsor_category(small([*IDENTITIES, (0, 1, 1)])).category
    assert len(category.hom(0, 4)) == 1
    assert category.hom(4, 0) == ()
    # i0 turned by 1 is i1; so i0, already turned by 1, is i1 without a further turn.
    (arrow,) = category.hom(1, 4)
    (turn,) = category.hom(0, 1)
    assert category.compose(turn, arrow) == category.hom(0, 4)[0]


def test_the_closure_is_taken_and_reported(small):
    reading = torsor_category(small([*IDENTITIES[:2], (0, 1, 1), (1, 2, 3)]))
    assert reading.missing_identities == ("i2",)
    assert reading.example == ((0, 1, 1), (1, 2, 3))
    assert reading.composites == 1
    assert len(reading.category.hom(0, 8)) == 1
    (warning,) = reading.diagnostics()
    assert len(warning.notes) == 2
    assert list(reading.category.failures()) == []


def test_a_cycle_of_moves_closes_up(small):
    reading = torsor_category(small([*IDENTITIES, (0, 1, 0), (1, 0, 1)]))
    assert len(reading.category.hom(0, 0)) == 4
    assert list(reading.category.failures()) == []


def test_tasks_are_presheaves_when_no_arrow_enters_the_class(small):
    bundle = small([*IDENTITIES, (0, 1, 0)], first=[1, 0, 0], second=[0, 1, 0], both=[1, 1, 0])
    reading = torsor_category(bundle)
    assert task_presheaf(reading, "first").elements[:5] == (("*",), ("*",), ("*",), ("*",), ())
    assert task_presheaf(reading, "both").size == 8
    with pytest.raises(Rejection) as caught:
        task_presheaf(reading, "second")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is Code.NOT_A_PRESHEAF
    assert "`i1@0` is in the class, but `i0@0` is not" in diagnostic.message
    with pytest.raises(Rejection, match="unknown-name"):
        task_presheaf(reading, "third")


def test_other_relations_are_not_read_as_torsors(tmp_path):
    arrays, axes = rotations(IDENTITIES)
    manifest = manifest_for(arrays, axes)
    for base in (
        {"kind": "signed", "reads": "probability"},
        {**manifest["base"], "monoid": "Z/3"},
        {**manifest["base"], "reads": "entry [x,y,r]: evidence that x turned by r quarter turns is y"},
    ):
        bundle = read_bundle(write(tmp_path / "b", arrays, sealed({**manifest, "base": base})))
        with pytest.raises(Rejection, match="bad-bundle"):
            torsor_category(bundle)


# --- scales ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "slope", "offset"),
    [
        ("q", 1, 0),
        ("-q", -1, 0),
        ("3", 0, 3),
        ("2*q/65535 - 1", Fraction(2, 65535), -1),
        ("1 - q/4*2 + 0.5", Fraction(-1, 2), Fraction(3, 2)),
        ("q + q - - 1", 2, 1),
    ],
)
def test_scales_are_read_exactly(text, slope, offset):
    assert Scale.parse(text) == Scale(Fraction(slope), Fraction(offset))


@pytest.mark.parametrize(
    "text",
    ["", "q*q", "1/q", "q/0", "2q", "q 2", "q+", "*q", "q**2", "q*-1", "__import__('os')", "q" * 300, "1e9", "(q)"],
)
def test_scales_that_are_not_affine_are_refused(text):
    with pytest.raises(ValueError, match=r"`|long"):
        Scale.parse(text)


@given(st.fractions(-2, 2), st.sampled_from(["2*q/65535 - 1", "q", "1 - q/100", "3"]))
def test_thresholds_on_integers_are_exact(threshold, text):
    scale = Scale.parse(text)
    values = np.array([0, 1, 2, 99, 100, 101, 32767, 32768, 65534, 65535], dtype="<u2")
    expected = [scale.slope * int(q) + scale.offset >= threshold for q in values]
    assert scale.at_least(values, threshold).tolist() == expected


@given(st.fractions(-2, 2), st.lists(st.floats(-2, 2, width=32), min_size=1), st.sampled_from(["q", "1 - q/3"]))
def test_thresholds_on_floats_are_exact(threshold, values, text):
    scale = Scale.parse(text)
    expected = [scale.slope * Fraction(q) + scale.offset >= threshold for q in values]
    assert scale.at_least(np.array(values, dtype="<f4"), threshold).tolist() == expected


@pytest.mark.parametrize("text", ["1e999999999", "nan", "1/0", "", "0x10", "1" * 40])
def test_numbers_that_are_no_rationals_are_refused(text):
    with pytest.raises(ValueError, match="`"):
        exact(text)


# --- hostile files --------------------------------------------------------------------------------


@pytest.fixture
def arrays():
    return rotations(IDENTITIES, yes=[1, 0, 0])[0]


@pytest.fixture
def manifest(arrays):
    return sealed(manifest_for(*rotations(IDENTITIES, yes=[1, 0, 0])))


def test_the_untouched_file_is_read(tmp_path, arrays, manifest):
    assert read_bundle(write(tmp_path / "b", arrays, manifest)).name == "small"


def test_files_that_are_no_files(tmp_path):
    assert messages(tmp_path / "missing")[1] == {Code.UNREADABLE_FILE}
    assert messages(tmp_path)[1] == {Code.UNREADABLE_FILE}
    assert messages(Path("/dev/null"))[1] == {Code.UNREADABLE_FILE}


def test_a_file_that_is_too_large(tmp_path, arrays, manifest):
    path = write(tmp_path / "b", arrays, manifest)
    assert messages(path, limits=BundleLimits(file_bytes=100))[1] == {Code.FILE_TOO_LARGE}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "the file is too short for a header"),
        ((2**63).to_bytes(8, "little"), "the header claims 9223372036854775808 bytes; at most 1048576 are read"),
        ((100).to_bytes(8, "little") + b"{}", "the header claims 100 bytes; the file has 2 after its first eight"),
        ((2).to_bytes(8, "little") + b"[]", "the header does not start with `{`"),
        ((3).to_bytes(8, "little") + b"{x}", "the header is no JSON"),
        ((13).to_bytes(8, "little") + b'{"a":1,"a":2}', "the header has the key `a` twice"),
        ((11).to_bytes(8, "little") + b'{"a": NaN }', "the header is no JSON"),
        ((200005).to_bytes(8, "little") + b'{"a":' + b"[" * 200000, "the header is nested too deeply"),
    ],
)
def test_headers_that_lie(tmp_path, raw, message):
    path = tmp_path / "b"
    path.write_bytes(raw)
    assert messages(path) == ([message], {Code.BAD_BUNDLE})


def test_too_many_arrays(tmp_path, arrays, manifest):
    header = {f"a{i}": {} for i in range(65)}
    assert messages(write(tmp_path / "b", arrays, manifest, header=header))[0] == ["there are more than 64 arrays"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"dtype": "U16", "shape": [3, 3, 4], "data_offsets": [0, 10**6]}, "lies outside the file"),
        ({"dtype": "U16", "shape": [3, 3, 4], "data_offsets": [72, 0]}, "lies outside the file"),
        ({"dtype": "U16", "shape": [3, 3, 4], "data_offsets": [-1, 72]}, "is not described by"),
        ({"dtype": "U16", "shape": [2**40, 2**40], "data_offsets": [0, 72]}, "not what its shape needs"),
        ({"dtype": "U16", "shape": [3, 3, True], "data_offsets": [0, 72]}, "is not described by"),
        ({"dtype": "F16", "shape": [3, 3, 4], "data_offsets": [0, 72]}, "has the dtype `F16`"),
        ({"dtype": "U16", "shape": [3, 3, 4], "data_offsets": [0, 72], "x": 1}, "is not described by"),
        ({"dtype": "U16", "shape": [3, 3, 4]}, "is not described by"),
        ({"dtype": "U16", "shape": [3, 3, 4], "data_offsets": [2, 74]}, "leaves a gap before it"),
        ([], "is not described by"),
    ],
)
def test_arrays_that_lie(tmp_path, arrays, manifest, entry, message):
    header = {**header_for(arrays), "relation": entry}
    found, codes = messages(write(tmp_path / "b", arrays, manifest, header=header))
    assert codes == {Code.BAD_BUNDLE}
    assert message in found[0]


def test_arrays_that_overlap(tmp_path, arrays, manifest):
    header = header_for(arrays)
    header["task.yes"]["data_offsets"] = [71, 74]
    found, _ = messages(write(tmp_path / "b", arrays, manifest, header=header, body=bytes(75)))
    assert found[0] == "array `task.yes` overlaps the one before it"
    header["task.yes"]["data_offsets"] = [72, 75]
    found, _ = messages(write(tmp_path / "b", arrays, manifest, header=header, body=bytes(80)))
    assert found == ["5 bytes belong to no array"]


def test_metadata_is_one_key(tmp_path, arrays, manifest):
    for metadata in ({}, {"manifest": "{}", "more": ""}, {"manifest": 1}):
        found, _ = messages(write(tmp_path / "b", arrays, manifest, metadata=metadata))
        assert found == ["the metadata is not the one key `manifest`"]
    found, _ = messages(write(tmp_path / "b", arrays, manifest, metadata={"manifest": '{"a":1,"a":1}'}))
    assert found == ["the manifest has the key `a` twice"]


def test_a_changed_entry_changes_the_digest(tmp_path, arrays, manifest):
    path = write(tmp_path / "b", arrays, manifest)
    data = bytearray(path.read_bytes())
    data[-10] ^= 1
    path.write_bytes(data)
    assert messages(path)[0] == ["array `relation` does not have the digest that the manifest says"]


def test_a_changed_manifest_changes_the_digest(tmp_path, arrays, manifest):
    changed = {**manifest, "kernel": {"params": {"threshold": "0.1"}}}
    found, _ = messages(write(tmp_path / "b", arrays, changed))
    assert found == ["the manifest's digest is not that of its contents"]


def test_everything_is_said_at_once(tmp_path, arrays, manifest):
    manifest = json.loads(json.dumps(manifest))
    manifest["axes"]["rows"]["labels"] = ["i0", "i0"]
    manifest["arrays"]["relation"]["scale"] = "q*q"
    manifest["arrays"]["other"] = {}
    manifest["arrays"]["task.yes"]["dtype"] = "|b1"
    manifest["kernel"]["params"]["threshold"] = "high"
    found, codes = messages(write(tmp_path / "b", arrays, sealed(manifest)))
    assert codes == {Code.BAD_BUNDLE}
    assert found == [
        "axis `rows` has the label `i0` twice",
        "array `other` of the manifest is missing",
        "array `relation` has 3 entries along `rows`, which has 2 labels",
        "array `relation` has a scale that cannot be read: `q*q` is not affine in `q`",
        "array `task.yes` is |u1 [3]; the manifest says otherwise",
        "array `task.yes` has 3 entries along `rows`, which has 2 labels",
        "the kernel's threshold cannot be read: `high` is no rational number",
    ]


def test_entries_that_are_no_degrees(tmp_path):
    values = np.array([[0.5, np.nan], [np.inf, 1.0]], dtype="<f4")
    axes = {"rows": ["a", "b"], "columns": ["c", "d"]}
    arrays = {"relation": (["rows", "columns"], "relation", values)}
    found, _ = messages(write(tmp_path / "b", arrays, sealed(manifest_for(arrays, axes, kind="product"))))
    assert found == ["array `relation` has 2 entries that are no numbers, the first at [a, d]"]
    arrays = {"relation": (["rows", "columns"], "relation", np.array([[0.5, 0], [-0.1, 1.5]], dtype="<f8"))}
    found, _ = messages(write(tmp_path / "b", arrays, sealed(manifest_for(arrays, axes, kind="product"))))
    assert found == ["array `relation` has 2 entries outside [0, 1], the first at [b, c]"]


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "b"
        path.write_bytes(data)
        messages(path)
