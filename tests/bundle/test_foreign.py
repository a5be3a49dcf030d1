import contextlib
import io
import zipfile
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp

from formal.bundle import BundleLimits
from formal.bundle.foreign import read_foreign, read_labels
from formal.text import Code, Rejection


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def header(text, body=b"", version=b"\1\0"):
    return b"\x93NUMPY" + version + len(text).to_bytes(2 if version == b"\1\0" else 4, "little") + text.encode() + body


def refusal(path, data, code=Code.BAD_BUNDLE, **options):
    path.write_bytes(data)
    with pytest.raises(Rejection) as caught:
        read_foreign(path, **options)
    assert {d.code for d in caught.value.diagnostics} == {code}
    return [d.message.removeprefix(f"`{path}`").removeprefix(": ") for d in caught.value.diagnostics], [
        h for d in caught.value.diagnostics for h in d.help
    ]


# --- arrays ---------------------------------------------------------------------------------------


@given(
    stnp.arrays(
        st.sampled_from(["|b1", "|i1", "|u1", "<u2", ">i4", "<i8", "<f2", ">f4", "<f8"]),
        stnp.array_shapes(max_dims=3, max_side=4),
        elements={"min_value": 0, "max_value": 100},
    ),
    st.booleans(),
)
def test_arrays_are_read_as_numpy_wrote_them(values, fortran):
    import tempfile
    from pathlib import Path

    array = np.asfortranarray(values) if fortran else values
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npy"
        path.write_bytes(npy(array))
        found = read_foreign(path).values
        np.savez_compressed(Path(folder) / "x.npz", a=array, b=array)
        again = read_foreign(Path(folder) / "x.npz", key="b").values
    assert np.array_equal(found, values)
    assert np.array_equal(again, values)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (npy(np.array([None, 1], dtype=object), allow_pickle=True), "its entries are Python objects"),
        (npy(np.array([("a", 1)], dtype="U1,i4")), "its entries are no numbers"),
        (npy(np.array(["a"])), "its entries are no numbers"),
        (npy(np.array([1j])), "its entries are no numbers"),
        (npy(np.zeros(3))[:-1], "its header declares 24 bytes of numbers; 23 follow"),
        (npy(np.zeros(3)) + b"0", "its header declares 24 bytes of numbers; 25 follow"),
        (npy(np.array([2**40])), "it has whole numbers of more than 31 bits"),
        (b"\x93NUMPY\x09\x00", "it is of no known version"),
        (b"\x93NUMPY", "it is of no known version"),
        (b"\x93NUMPY\2\0\xff\xff\xff\xff", "its header claims 4294967295 bytes"),
        (header("{'descr': '<f8', 'fortran_order': False}"), "its header is no description"),
        (header("{'descr': '<f8', 'fortran_order': 0, 'shape': ()}", bytes(8)), "its header has no shape"),
        (header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"), "its header has no shape"),
        (header("__import__('os').getpid()"), "its header is no description"),
        (header("(" * 5000), "its header is no description"),
        (header("[]"), "its header is no description"),
        (b"", "it is no array that can be read"),
        (b"\x80\4\x95", "it is a pickle"),
    ],
)
def test_arrays_that_lie_are_refused(tmp_path, data, message):
    found, _ = refusal(tmp_path / "x.npy", data)
    assert found[0].startswith(message)


def test_declared_sizes_are_checked_before_anything_is_built(tmp_path):
    found, _ = refusal(
        tmp_path / "x.npy",
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000)}"),
        Code.FILE_TOO_LARGE,
    )
    assert found == [" declares an array of 8000000000000 bytes"]


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.pkl", "m.pickle", "m.ckpt", "m.joblib", "M.PT"])
def test_pickles_are_refused_unread(tmp_path, name):
    with pytest.raises(Rejection) as caught:
        read_foreign(tmp_path / name)  # there is no such file: it is not even opened
    (diagnostic,) = caught.value.diagnostics
    assert "loading a pickle runs the code in it" in diagnostic.message
    assert any("allow_pickle=False" in line for line in diagnostic.help)
    assert any("detach().cpu().numpy()" in line for line in diagnostic.help)


def archive(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file.getvalue()


def test_archives_that_unfold_are_refused_by_what_they_declare(tmp_path):
    bomb = archive(**{"a.npy": bytes(2**26 + 1)})
    assert len(bomb) < 2**17
    found, _ = refusal(tmp_path / "x.npz", bomb, Code.FILE_TOO_LARGE)
    assert "its array `a` unfolds to 67108865 bytes" in found[0]
    # A directory that says less than there is: no more than it says is ever unfolded.
    lying = archive(**{"a.npy": npy(np.zeros(10**6))})
    size = (10**6 * 8 + 128).to_bytes(4, "little")
    assert size in lying
    found, _ = refusal(tmp_path / "y.npz", lying.replace(size, (200).to_bytes(4, "little")))
    assert found


def test_archives_of_several_arrays(tmp_path):
    data = archive(**{"a.npy": npy(np.zeros(1)), "b.npy": npy(np.ones(1))})
    found, help_ = refusal(tmp_path / "x.npz", data)
    assert (found, help_) == (["it has 2 arrays"], ["choose one with `--array`: `a`, `b`"])
    found, help_ = refusal(tmp_path / "x.npz", data, key="c")
    assert (found, help_) == (["it has no array `c`"], ["there are `a`, `b`"])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive(**{f"{i}.npy": b"" for i in range(65)}), "it has more than 64 members"),
        (archive(**{"model/data.pkl": b"\x80"}), "it is a pickle"),
        (archive(**{"a.npy": b"PK"}), "its member `a.npy` is no array"),
        (archive(**{"a.npy": npy(np.array([None]), allow_pickle=True)}), "its entries are Python objects"),
        (b"PK\x03\x04" + bytes(100), "it is no whole archive"),
        (archive(**{"a.npy": npy(np.arange(1000))})[:-30], "it is no whole archive"),
        (archive(a=b"")[:-22] + b"PK\x06\x07" + bytes(16) + archive(a=b"")[-22:], "it has more than 64 members"),
    ],
)
def test_archives_that_lie_are_refused(tmp_path, data, message):
    found, _ = refusal(tmp_path / "x.npz", data)
    assert found[0].startswith(message)


@given(st.integers(0, 400), st.integers(1, 255))
def test_damaged_archives_are_refused_or_right(place, change):
    import tempfile
    from pathlib import Path

    values = np.arange(64, dtype="<f8")
    data = bytearray(archive(**{"a.npy": npy(values)}))
    data[place % len(data)] ^= change
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.npz"
        path.write_bytes(data)
        with contextlib.suppress(Rejection):
            assert np.array_equal(read_foreign(path).values, values)


# --- tables ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values", "scale", "rows", "columns"),
    [
        ("0.9,1\n0,0.25\n", [[90, 100], [0, 25]], "q/100", None, None),
        ("1,0\n0,1", [[1, 0], [0, 1]], "", None, None),
        ("x,y\n1,0\n", [[1, 0]], "", None, ("x", "y")),
        ("name,x,y\na,1,0\nb,0,1\n", [[1, 0], [0, 1]], "", ("a", "b"), ("x", "y")),
        (",0,1\n0,1,.5\n1,0,1\n", [[10, 5], [0, 10]], "q/10", ("0", "1"), ("0", "1")),
        ("\ufeffa,1\r\nb,-2\r\n", [[1], [-2]], "", ("a", "b"), None),
        ('"a, b",1\n', [[1]], "", ("a, b",), None),
    ],
)
def test_tables(tmp_path, text, values, scale, rows, columns):
    path = tmp_path / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    found = read_foreign(path)
    assert found.values.tolist() == values
    assert (found.scale, found.rows, found.columns) == (scale, rows, columns)


def test_decimals_are_exact_where_they_fit(tmp_path):
    (tmp_path / "x.csv").write_text("0.1\n1e-300\n")
    assert read_foreign(tmp_path / "x.csv").values.tolist() == [[0.1], [1e-300]]
    (tmp_path / "x.tsv").write_text("0.1\t0.123456789\n")
    found = read_foreign(tmp_path / "x.tsv")
    assert [Fraction(int(v), 10**9) for v in found.values[0]] == [Fraction(1, 10), Fraction(123456789, 10**9)]


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        (b"", ["it is empty"]),
        (b"1,2\n3\n", ["row 2 has 1 values; the first has 2"]),
        (b"1,2\n3,x\nnan,4\n", ["row 2, column 2: `x` is no number", "row 3, column 1: `nan` is no number"]),
        (b"a,b\n1,2,3\n", ["the first row has 2 labels for 3 columns"]),
        (b"\xff\xfe1", ["it is no UTF-8 text: byte 0 is out of form"]),
        (b'"1,2\n', ["it is no table of values: unexpected end of data"]),
        (b"1," * (2**22 + 1), ["it has more than 4194304 cells"]),
    ],
)
def test_tables_that_are_none(tmp_path, data, messages):
    assert refusal(tmp_path / "x.csv", data)[0] == messages


def test_sizes_are_limited(tmp_path):
    found, _ = refusal(tmp_path / "x.csv", b"1" * 100, Code.FILE_TOO_LARGE, limits=BundleLimits(file_bytes=50))
    assert found == [" has more than 50 bytes"]
    with pytest.raises(Rejection, match="unreadable-file"):
        read_foreign(tmp_path / "none.npy")


def test_labels_are_lines(tmp_path):
    (tmp_path / "l.txt").write_text("a\nb c\n\nd\n")
    assert read_labels(tmp_path / "l.txt") == ("a", "b c", "", "d")
