"""Safetensors files: a header of JSON that says where each array lies, and the arrays without a gap.

Sizes are checked before anything is read or built: the work is bounded by the limits, not by what a header claims.

Source: the safetensors format.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.manifest import DTYPES, read_json
from formal.bundle.model import BundleLimits
from formal.text import Code, Diagnostic, Label, Rejection

METADATA = "__metadata__"
_MAX_DIMENSIONS = 4
_ALIGNMENT = 8
_PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin", ".dill")
_STORED = {name: dtype for dtype, name in DTYPES.items()}
_RANK = ("BOOL", "U8", "U16", "I32", "F32", "F64")


@dataclass(frozen=True, slots=True)
class Tensor:
    """Where an array lies: bytes ``begin`` to ``end`` after the header; dtype as numpy writes it."""

    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def is_pickle(path: Path) -> bool:
    """Whether files of this name are pickles, or made to hold one."""
    return path.suffix.lower() in _PICKLES


def pickled(path: Path, shown: str, label: Label | None = None) -> Rejection:
    """A pickle is refused unread, with what to do instead."""
    return Rejection(
        [
            Diagnostic(
                Code.BAD_BUNDLE,
                f"`{shown}`: it is a pickle, or made to hold one, and loading a pickle runs the code in it",
                label,
                help=(
                    "where you trust it, save the array alone: "
                    f"`numpy.save('{path.stem[:40]}.npy', array, allow_pickle=False)`",
                    "for a PyTorch tensor the array is `tensor.detach().cpu().numpy()`",
                ),
            )
        ]
    )


def contents(path: Path, shown: str, label: Label | None, most: int) -> bytes:
    """The bytes of a regular file.

    Args:
        shown: how diagnostics call it.
        most: how many bytes it may have.
    Raises:
        Rejection: ``unreadable-file`` or ``file-too-large``.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked first: opening a pipe waits for whoever writes to it
            raise OSError("not a regular file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Rejection([Diagnostic(Code.UNREADABLE_FILE, f"`{shown}` cannot be read: {reason}", label)]) from error
    if len(data) > most:
        raise Rejection([Diagnostic(Code.FILE_TOO_LARGE, f"`{shown}` has more than {most} bytes", label)])
    return data


def read_header(data: bytes, limits: BundleLimits, failures: list[str]) -> tuple[dict[str, Any], int] | None:
    """The header and where the arrays begin; None when it cannot be read.

    Args:
        failures: what is wrong is appended.
    """
    size = int.from_bytes(data[:8], "little")
    wrong: str | None = None
    value: Any = None
    if len(data) < 8:
        wrong = "the file is too short for a header"
    elif size > limits.header_bytes:
        wrong = f"the header claims {size} bytes; at most {limits.header_bytes} are read"
    elif 8 + size > len(data):
        wrong = f"the header claims {size} bytes; the file has {len(data) - 8} after its first eight"
    elif not data[8 : 8 + size].startswith(b"{"):
        wrong = "the header does not start with `{`"
    else:
        value, wrong = read_json(data[8 : 8 + size], "the header")
    if wrong is None and len(value) > limits.tensors + 1:
        wrong = f"there are more than {limits.tensors} arrays"
    if wrong is not None:
        failures.append(wrong)
        return None
    return dict(value), 8 + size


def read_tensors(header: Mapping[str, Any], available: int, failures: list[str]) -> dict[str, Tensor]:
    """Where the arrays lie, by name.

    Args:
        header: without its metadata.
        available: how many bytes follow the header.
        failures: what is wrong is appended.
    """
    tensors: dict[str, Tensor] = {}
    for name, entry in header.items():
        match entry:
            case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [begin, end], **rest} if (
                not rest and all(map(_is_size, (*shape, begin, end))) and len(shape) <= _MAX_DIMENSIONS
            ):
                pass
            case _:
                failures.append(f"array `{name[:80]}` is not described by dtype, shape and data_offsets")
                continue
        if dtype not in DTYPES:
            allowed = ", ".join(DTYPES)
            failures.append(f"array `{name[:80]}` has the dtype `{dtype[:20]}`; allowed are {allowed}")
        elif not begin <= end <= available:
            failures.append(f"array `{name[:80]}` lies outside the file: {begin} to {end} of {available} bytes")
        elif prod(shape) * np.dtype(DTYPES[dtype]).itemsize != end - begin:
            failures.append(f"array `{name[:80]}` has {end - begin} bytes, which is not what its shape needs")
        else:
            tensors[name] = Tensor(DTYPES[dtype], tuple(shape), begin, end)
    reached = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
        if tensor.begin != reached:
            problem = "overlaps the one before it" if tensor.begin < reached else "leaves a gap before it"
            failures.append(f"array `{name[:80]}` {problem}")
        reached = max(reached, tensor.end)
    if not failures and reached != available:
        failures.append(f"{available - reached} bytes belong to no array")
    return tensors


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**48


def pack(arrays: Mapping[str, NDArray[Any]], manifest: str) -> bytes:
    """The one file of some arrays and a manifest: larger numbers first, then by name, the header filled up with blanks.

    Args:
        arrays: of the dtypes that a bundle may have.
        manifest: as text.
    """
    order = sorted(arrays, key=lambda name: (-_RANK.index(_STORED[arrays[name].dtype.str]), name))
    header: dict[str, Any] = {METADATA: {"manifest": manifest}}
    position = 0
    for name in order:
        values = arrays[name]
        end = position + values.nbytes
        header[name] = {
            "dtype": _STORED[values.dtype.str],
            "shape": list(values.shape),
            "data_offsets": [position, end],
        }
        position = end
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    return b"".join([len(text).to_bytes(8, "little"), text, *(arrays[name].tobytes() for name in order)])
