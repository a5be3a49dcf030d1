"""Writing relation bundles: the same contents give the same bytes, on every machine and in every run.

What is written is read back before it reaches the disk, so a file that comes out of here is one that the reader takes.

Source: the safetensors format; RFC 8785 for the manifest.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formal.bundle.container import pack
from formal.bundle.manifest import DTYPES, FORMAT, VERSION, array_digest, canonical, manifest_digest
from formal.bundle.model import Bundle, BundleLimits
from formal.bundle.read import bundle_from_bytes
from formal.text import Code, Diagnostic, Rejection

_SECTIONS = ("kernel", "model", "data", "measurements", "claims", "provenance", "reproduce", "status", "seeds")


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """An array to be written.

    Args:
        values: numbers; int64 becomes int32 where all fit, and other dtypes have to be those of a bundle.
        axes: the names of its axes, one a dimension.
        role: ``relation``, ``task``, ``label``, ``ideal``, ``prediction``, ``embedding``, ``split`` …
        scale: the affine expression in ``q`` that stored numbers stand for; empty for the numbers themselves.
        names: what the stored numbers 0, 1, … are called.
        truth: for predictions, the array that they are held against; empty for the one that their name says.
    """

    values: ArrayLike
    axes: tuple[str, ...]
    role: str
    scale: str = ""
    names: tuple[str, ...] = ()
    truth: str = ""


def bundle_bytes(
    name: str,
    *,
    kind: str,
    axes: Mapping[str, Sequence[str]],
    arrays: Mapping[str, Content],
    reads: str = "",
    monoid: str = "",
    axis_names: Mapping[str, str] | None = None,
    limits: BundleLimits | None = None,
    **sections: Any,
) -> bytes:
    """The contents of the file of a bundle.

    Args:
        kind: the base of enrichment: ``product``, ``min``, ``lukasiewicz``, ``lawvere``, ``bool``, ``graded-monoid``.
        axes: for each axis its labels, all different within it.
        arrays: by name.
        reads: what an entry of the relation says, in words.
        monoid: such as ``Z/4``, where moves are graded by one.
        axis_names: for an axis what its labels are: ``image``, ``history``; its own name when left out.
        sections: further parts of the manifest, JSON values each: kernel, model, data, measurements, claims,
            provenance, reproduce, status, seeds.
    Raises:
        Rejection: ``bad-bundle``, all that the reader would refuse, or ``file-too-large``.
        TypeError: a section is none of those, or no JSON value.
    """
    unknown = sorted(sections.keys() - set(_SECTIONS))
    if unknown:
        raise TypeError(f"a manifest has no section `{unknown[0]}`; there are {', '.join(_SECTIONS)}")
    failures: list[str] = []
    stored = {key: _stored(key, content, failures) for key, content in arrays.items()}
    if failures:
        raise _bad(name, failures)
    shown = axis_names or {}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "base": {"kind": kind, "reads": reads, **({"monoid": monoid} if monoid else {})},
        "axes": {axis: {"labels": list(labels), "name": shown.get(axis, axis)} for axis, labels in axes.items()},
        "arrays": {key: _described(key, arrays[key], stored[key]) for key in arrays},
        **{key: value for key, value in sections.items() if value is not None},
    }
    return _sealed(name, manifest, stored, limits)


def write_bundle(path: Path | str, name: str, **contents: Any) -> str:
    """Write a bundle, whole or not at all.

    Args:
        contents: as for ``bundle_bytes``.
    Returns:
        the bundle's digest.
    Raises:
        Rejection: as ``bundle_bytes``, or ``unreadable-file`` when the file cannot be written.
    """
    return save(path, bundle_bytes(name, **contents))


def rewrite(bundle: Bundle, *, limits: BundleLimits | None = None, **changed: Any) -> bytes:
    """The canonical file of a bundle that was read.

    Args:
        changed: sections of the manifest to be replaced, or left out where they are None.
    Raises:
        Rejection: as ``bundle_bytes``.
    """
    manifest = {key: value for key, value in {**bundle.manifest, **changed}.items() if value is not None}
    manifest.pop("digest", None)
    stored = {name: array.values for name, array in bundle.arrays.items()}
    return _sealed(bundle.file, manifest, stored, limits)


def save(path: Path | str, data: bytes) -> str:
    """Put the contents of a bundle's file in its place, whole or not at all; gives the bundle's digest.

    Raises:
        Rejection: ``unreadable-file`` when it cannot be written.
    """
    target = Path(path)
    digest = bundle_from_bytes(data, str(target)).digest
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(temporary, 0o666 & ~umask)
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        message = f"`{target}` cannot be written: {error.strerror or error}"
        raise Rejection([Diagnostic(Code.UNREADABLE_FILE, message, None)]) from error
    return digest


# --- parts ----------------------------------------------------------------------------------------


def _bad(name: str, failures: Sequence[str]) -> Rejection:
    return Rejection(Diagnostic(Code.BAD_BUNDLE, f"`{name}`: {failure}", None) for failure in failures)


def _stored(name: str, content: Content, failures: list[str]) -> NDArray[Any]:
    """The values in C order, little endian, of a dtype that a bundle may have; a failure where there is none."""
    values = np.asarray(content.values)
    if values.dtype.kind == "i" and values.dtype.itemsize != 4:
        small = values.astype("<i4")
        values = small if np.array_equal(small, values) else values
    values = values.astype(values.dtype.newbyteorder("<"), order="C")
    if values.dtype.str not in DTYPES.values():
        allowed = ", ".join(dtype.lstrip("<|") for dtype in DTYPES.values())
        failures.append(f"array `{name}` has the dtype `{values.dtype}`; allowed are {allowed}")
    return values


def _described(name: str, content: Content, values: NDArray[Any]) -> dict[str, Any]:
    return {
        "axes": list(content.axes),
        "role": content.role,
        "dtype": values.dtype.str,
        "shape": list(values.shape),
        "sha256": array_digest(name, values.dtype.str, values.shape, values.tobytes()),
        **({"scale": content.scale} if content.scale else {}),
        **({"names": list(content.names)} if content.names else {}),
        **({"truth": content.truth} if content.truth else {}),
    }


def _sealed(
    shown: str, manifest: Mapping[str, Any], stored: Mapping[str, NDArray[Any]], limits: BundleLimits | None
) -> bytes:
    chosen = BundleLimits() if limits is None else limits
    try:
        text = canonical({**manifest, "digest": manifest_digest(manifest)})
    except ValueError as error:
        raise _bad(shown, [f"the manifest is no JSON: {error}"]) from error
    data = pack(stored, text)
    if len(data) > chosen.file_bytes:
        message = f"`{shown}` would have {len(data)} bytes; at most {chosen.file_bytes} are read"
        raise Rejection([Diagnostic(Code.FILE_TOO_LARGE, message, None)])
    bundle_from_bytes(data, shown, limits=chosen)
    return data
