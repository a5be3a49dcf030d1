"""Arrays in the files of other programs: ``.npy``, ``.npz`` and tables of comma-separated values.

What a file declares is checked before it is read: a small archive may unfold to gigabytes, and a header may promise
more than follows. Pickles are refused, under any name, because loading one runs whatever code it holds.

Source: NumPy, NEP 1 and ``numpy.lib.format``; PKWARE, .ZIP File Format Specification 6.3; RFC 4180 for tables.
"""

from __future__ import annotations

import ast
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.container import contents, is_pickle, pickled
from formal.bundle.model import BundleLimits
from formal.text import Code, Diagnostic, Rejection

_MAGIC = b"\x93NUMPY"
_MOST_HEADER = 10_000
_MOST_MEMBERS = 64
_MOST_DIRECTORY = 2**20
_MOST_CELLS = 2**22
_MOST_DECIMALS = 9
_LONGEST_NUMBER = 40
_MOST_TOLD = 20
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"


@dataclass(frozen=True, slots=True, eq=False)
class Foreign:
    """An array that was read.

    Args:
        values: of a dtype that a bundle may have.
        scale: what the numbers stand for, as a bundle writes it; empty for themselves. Decimal numbers in a table
            are whole numbers over a power of ten: exact, not floats.
        rows, columns: labels that the file has; None when it has none.
    """

    values: NDArray[Any]
    scale: str = ""
    rows: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None


def read_foreign(path: Path, *, key: str | None = None, limits: BundleLimits | None = None) -> Foreign:
    """Read an array.

    Args:
        key: which array of an ``.npz``; needed where it has several.
        limits: for the file, and for what it unfolds to.
    Raises:
        Rejection: ``unreadable-file``, ``file-too-large``, or ``bad-bundle`` with what to do instead.
    """
    most = (BundleLimits() if limits is None else limits).file_bytes
    if is_pickle(path):
        raise pickled(path, str(path))
    data = contents(path, str(path), None, most)
    if data.startswith(_MAGIC):
        return Foreign(_storable(path, _npy(path, data, most)))
    if data.startswith((b"PK\x03\x04", _END)):
        return Foreign(_storable(path, _npz(path, data, key, most)))
    if data[:1] == b"\x80" and data[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        raise pickled(path, str(path))
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return _table(path, data, "\t" if path.suffix.lower() == ".tsv" else ",")
    raise _bad(path, "it is no array that can be read", "`.npy`, `.npz` and `.csv` files are read")


def read_labels(path: Path) -> tuple[str, ...]:
    """Labels from a text file, one a line.

    Raises:
        Rejection: ``unreadable-file``, ``file-too-large``, or ``bad-bundle`` when it is no UTF-8.
    """
    return tuple(_text(path, contents(path, str(path), None, 2**20)).splitlines())


def _bad(path: Path, message: str, *help_: str) -> Rejection:
    return Rejection([Diagnostic(Code.BAD_BUNDLE, f"`{path}`: {message}", None, help=help_)])


# --- arrays ---------------------------------------------------------------------------------------


def _npy(path: Path, data: bytes, most: int) -> NDArray[Any]:
    """The array of the contents of an ``.npy`` file."""
    version = data[6:8]
    size = {b"\1\0": 2, b"\2\0": 4, b"\3\0": 4}.get(version)
    if size is None:
        raise _bad(path, "it is of no known version of the format `.npy`")
    length = int.from_bytes(data[8 : 8 + size], "little")
    begin = 8 + size + length
    if length > _MOST_HEADER or begin > len(data):
        raise _bad(path, f"its header claims {length} bytes; at most {_MOST_HEADER} are read")
    try:
        header = ast.literal_eval(data[8 + size : begin].decode("utf-8" if version == b"\3\0" else "latin-1"))
        dtype = np.dtype(header["descr"]) if isinstance(header["descr"], str) else None
        fortran, shape = header["fortran_order"], header["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, MemoryError, RecursionError):
        raise _bad(path, "its header is no description of an array") from None
    if dtype is not None and dtype.hasobject:
        raise _bad(
            path,
            "its entries are Python objects, which are stored as a pickle, and loading a pickle runs the code in it",
            "save numbers: `numpy.save(path, array.astype('float64'), allow_pickle=False)`",
        )
    if dtype is None or dtype.kind not in "biuf":
        raise _bad(path, "its entries are no numbers")
    if not isinstance(fortran, bool) or not (
        isinstance(shape, tuple) and len(shape) <= 4 and all(type(n) is int and 0 <= n < 2**48 for n in shape)
    ):
        raise _bad(path, "its header has no shape of at most four axes")
    declared = prod(shape) * dtype.itemsize
    if declared > most:
        raise Rejection([Diagnostic(Code.FILE_TOO_LARGE, f"`{path}` declares an array of {declared} bytes", None)])
    if declared != len(data) - begin:
        raise _bad(path, f"its header declares {declared} bytes of numbers; {len(data) - begin} follow")
    values = np.frombuffer(data, dtype, offset=begin)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)


def _npz(path: Path, data: bytes, key: str | None, most: int) -> NDArray[Any]:
    """An array of the contents of an ``.npz`` file, by what its directory declares."""
    _require_small_directory(path, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {info.filename: info for info in archive.infolist()}
            names = [name for name in members if name.endswith(".npy")]
            if any(name.endswith(".pkl") for name in members) and not names:
                raise pickled(path, str(path))
            listed = ", ".join(f"`{name.removesuffix('.npy')[:40]}`" for name in names[:8]) or "none"
            if key is None and len(names) != 1:
                raise _bad(path, f"it has {len(names)} arrays", f"choose one with `--array`: {listed}")
            name = names[0] if key is None else f"{key}.npy"
            if name not in members:
                raise _bad(path, f"it has no array `{key}`", f"there are {listed}")
            info = members[name]
            if info.file_size > most:
                message = f"`{path}`: its array `{name.removesuffix('.npy')[:40]}` unfolds to {info.file_size} bytes"
                raise Rejection([Diagnostic(Code.FILE_TOO_LARGE, f"{message}; at most {most} are read", None)])
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _bad(path, "it is encrypted, or compressed in a way that NumPy does not use")
            with archive.open(info) as file:
                member = file.read(info.file_size + 1)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise _bad(path, f"it is no whole archive: {str(error)[:80]}") from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _bad(path, "it is no whole archive: what is compressed is damaged") from None
        raise
    if not member.startswith(_MAGIC):
        raise _bad(path, f"its member `{name[:40]}` is no array")
    return _npy(path, member, most)


def _require_small_directory(path: Path, data: bytes) -> None:
    """Few members, in a directory of the usual form: reading it takes time for each."""
    end = data.rfind(_END, max(0, len(data) - 2**16 - 22))
    if end < 0 or len(data) < end + 22:
        raise _bad(path, "it is no whole archive: its directory is missing")
    count, size = (
        int.from_bytes(data[end + 10 : end + 12], "little"),
        int.from_bytes(data[end + 12 : end + 16], "little"),
    )
    if count > _MOST_MEMBERS or size > _MOST_DIRECTORY or data[max(0, end - 20) :].startswith(_END_64):
        raise _bad(path, f"it has more than {_MOST_MEMBERS} members")


def _storable(path: Path, values: NDArray[Any]) -> NDArray[Any]:
    """The same numbers in a dtype that a bundle may have."""
    kind, size = values.dtype.kind, values.dtype.itemsize
    if kind == "f":
        if size > 8:
            raise _bad(path, f"its entries are `{values.dtype}`; a bundle has at most float64")
        return values.astype("<f8" if size == 8 else "<f4")
    if kind == "b" or (kind == "u" and size <= 2):
        return values.astype({"b": "|b1", "u": "|u1" if size == 1 else "<u2"}[kind])
    if values.size and not -(2**31) <= int(values.min()) <= int(values.max()) < 2**31:
        raise _bad(path, "it has whole numbers of more than 31 bits", "a bundle stores them as floats or scaled")
    return values.astype("<i4")


# --- tables ---------------------------------------------------------------------------------------


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _bad(path, f"it is no UTF-8 text: byte {error.start} is out of form") from None


def _table(path: Path, data: bytes, delimiter: str) -> Foreign:
    """A table with or without labels in its first row and column.

    They are recognised by not being numbers, or by a blank cell where the two meet.
    """
    text = _text(path, data)
    if text.count(delimiter) + text.count("\n") > _MOST_CELLS:
        raise _bad(path, f"it has more than {_MOST_CELLS} cells", "save it as `.npy`")
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True) if row]
    except csv.Error as error:
        raise _bad(path, f"it is no table of values: {error}") from None
    if not rows:
        raise _bad(path, "it is empty")
    framed = rows[0][0].strip() == "" and len(rows[0]) > 1
    has_columns = framed or _are_labels(rows[0][1:] or rows[0])
    body = rows[1:] if has_columns else rows
    has_rows = bool(body) and (framed or _are_labels([row[0] for row in body]))
    labels = tuple(row[0] for row in body) if has_rows else None
    cells = [row[1:] for row in body] if has_rows else body
    columns = tuple(rows[0][1:] if has_rows else rows[0]) if has_columns else None
    width = len(cells[0]) if cells else 0
    numbers = [[_number(cell) for cell in row] for row in cells]
    failures = list(islice(_unfit(cells, numbers, width), _MOST_TOLD))
    if columns is not None and len(columns) != width:
        failures.append(f"the first row has {len(columns)} labels for {width} columns")
    if failures:
        raise Rejection(Diagnostic(Code.BAD_BUNDLE, f"`{path}`: {what}", None) for what in failures)
    values, scale = _exact([number for row in numbers for number in row if number is not None])
    return Foreign(values.reshape(len(cells), width), scale, labels, columns)


def _unfit(cells: list[list[str]], numbers: list[list[Decimal | None]], width: int) -> Iterator[str]:
    """What is wrong with the cells, in order."""
    for i, row in enumerate(numbers, 1):
        if len(row) != width:
            yield f"row {i} has {len(row)} values; the first has {width}"
        for j, number in enumerate(row, 1):
            if number is None:
                yield f"row {i}, column {j}: `{cells[i - 1][j - 1][:40]}` is no number"


def _are_labels(cells: Sequence[str]) -> bool:
    """Whether no cell looks like a number, ``nan`` included."""
    for cell in cells:
        try:
            float(cell)
        except ValueError:
            continue
        return False
    return True


def _number(cell: str) -> Decimal | None:
    text = cell.strip()
    if len(text) > _LONGEST_NUMBER or not text or "_" in text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 400 else None


def _exact(numbers: Iterable[Decimal]) -> tuple[NDArray[Any], str]:
    """Whole numbers over a power of ten where they fit, else the nearest floats; and the scale."""
    listed = list(numbers)
    decimals = max((max(0, -int(number.as_tuple().exponent)) for number in listed), default=0)
    if decimals <= _MOST_DECIMALS and all(abs(number) < 2**31 for number in listed):
        whole = [int(number.scaleb(decimals)) for number in listed]
        if all(-(2**31) <= number < 2**31 for number in whole):
            small = all(0 <= number < 2**16 for number in whole)
            return np.array(whole, dtype="<u2" if small else "<i4"), f"q/{10**decimals}" if decimals else ""
    return np.array([float(number) for number in listed], dtype="<f8"), ""
