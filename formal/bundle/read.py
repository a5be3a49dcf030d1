"""Reading relation bundles: a safetensors file with one metadata key, ``manifest``.

Everything is checked before safetensors' own loader runs: the sizes that the header declares, the manifest's shape, and
the digests. All that is wrong is said at once.

The digest of an array is the sha256 of ``name|dtype|shape|`` and its bytes, where dtype is numpy's (``<u2``) and shape
is written as a Python tuple (``(100, 100, 4)``, ``(100,)``). The bundle's digest is the sha256 of the manifest without
its key ``digest`` as JSON with sorted keys, separators ``,`` and ``:`` without spaces, and ASCII escapes.

Source: the safetensors format; RFC 8259.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from formal.bundle.model import Array, Bundle, BundleLimits, Scale, exact
from formal.text import Code, Diagnostic, Label, Rejection, Span

_DTYPES = {"BOOL": "|b1", "U8": "|u1", "U16": "<u2", "I32": "<i4", "F32": "<f4", "F64": "<f8"}
"""The dtypes that a bundle may have, by their names in safetensors files and in manifests."""

_MAX_DIMENSIONS = 4
_UNIT_INTERVAL = ("product", "min", "lukasiewicz")


@dataclass(frozen=True, slots=True)
class _Tensor:
    dtype: str
    shape: tuple[int, ...]
    begin: int
    end: int


def read_bundle(
    path: Path, *, name: str | None = None, at: Span | None = None, limits: BundleLimits | None = None
) -> Bundle:
    """Read a bundle and verify its digests.

    Args:
        path: of the file; that it may be read is the caller's business.
        name: how reports call it; the path when left out.
        at: the place in a script that asks for it.
        limits: the defaults when left out.
    Raises:
        Rejection: ``unreadable-file``, ``file-too-large``, or everything that makes it a ``bad-bundle``.
    """
    limits = BundleLimits() if limits is None else limits
    shown = str(path) if name is None else name
    label = None if at is None else Label(at)
    data = _contents(path, shown, label, limits)
    failures: list[str] = []
    reader = _Reader(data, shown, limits, failures)
    bundle = reader.bundle()
    if bundle is None or failures:
        raise Rejection(Diagnostic(Code.BAD_BUNDLE, f"`{shown}`: {failure}", label) for failure in failures)
    return bundle


def _contents(path: Path, shown: str, label: Label | None, limits: BundleLimits) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # asked first: opening a pipe waits for whoever writes to it
            raise OSError("not a regular file")
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Rejection([Diagnostic(Code.UNREADABLE_FILE, f"`{shown}` cannot be read: {reason}", label)]) from error
    if len(data) > limits.file_bytes:
        message = f"`{shown}` has more than {limits.file_bytes} bytes"
        raise Rejection([Diagnostic(Code.FILE_TOO_LARGE, message, label)])
    return data


class _Duplicate(ValueError):
    pass


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = _first_repeated(key for key, _ in pairs)
    if repeated is not None:
        raise _Duplicate(repeated)
    return dict(pairs)


def _first_repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _json(text: bytes | str, what: str) -> tuple[Any, str | None]:
    """A value and None, or None and what is wrong with the text."""
    try:
        value = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_reject_constant)
        # Half of a surrogate pair is legal in JSON text, but it is no text.
        json.dumps(value, ensure_ascii=False).encode()
        return value, None
    except _Duplicate as error:
        return None, f"{what} has the key `{str(error)[:80]}` twice"
    except RecursionError:
        return None, f"{what} is nested too deeply"
    except ValueError:
        return None, f"{what} is no JSON"


def _is_size(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**48


class _Reader:
    """One pass over one file; appends what is wrong to ``failures``."""

    def __init__(self, data: bytes, shown: str, limits: BundleLimits, failures: list[str]) -> None:
        self.data = data
        self.shown = shown
        self.limits = limits
        self.failures = failures

    def bundle(self) -> Bundle | None:
        """The bundle, or None when there is a failure."""
        header = self._header()
        if header is None:
            return None
        metadata = header.pop("__metadata__", None)
        tensors = self._tensors(header)
        manifest = self._manifest(metadata)
        if manifest is None or self.failures:
            return None
        axes = self._axes(manifest)
        self._check_digest(manifest)
        described = manifest.get("arrays")
        if not isinstance(described, dict):
            self.failures.append("the manifest does not describe the arrays")
            return None
        undescribed, missing = tensors.keys() - described.keys(), described.keys() - tensors.keys()
        self.failures += (f"array `{name}` is not described in the manifest" for name in sorted(undescribed))
        self.failures += (f"array `{name}` of the manifest is missing" for name in sorted(missing))
        names = sorted(tensors.keys() & described.keys())
        for name in names:
            self._check_array(name, tensors[name], described[name], axes)
        threshold = self._threshold(manifest)
        base = manifest.get("base")
        if not isinstance(base, dict) or not isinstance(base.get("kind"), str):
            self.failures.append("the manifest names no base of enrichment")
            return None
        if self.failures:
            return None
        loaded = load(self.data)
        arrays = {name: _array(name, loaded[name], described[name]) for name in names}
        self.failures += _unfit_entries(arrays, axes, unit_interval=base["kind"] in _UNIT_INTERVAL)
        return Bundle(
            name=str(manifest.get("name", ""))[:200],
            file=self.shown,
            kind=base["kind"],
            monoid=str(base.get("monoid", "")),
            reads=str(base.get("reads", "")),
            axes=axes,
            arrays=arrays,
            threshold=threshold,
            digest=str(manifest["digest"]),
        )

    def _header(self) -> dict[str, Any] | None:
        data = self.data
        size = int.from_bytes(data[:8], "little")
        wrong: str | None = None
        value: Any = None
        if len(data) < 8:
            wrong = "the file is too short for a header"
        elif size > self.limits.header_bytes:
            wrong = f"the header claims {size} bytes; at most {self.limits.header_bytes} are read"
        elif 8 + size > len(data):
            wrong = f"the header claims {size} bytes; the file has {len(data) - 8} after its first eight"
        elif not data[8 : 8 + size].startswith(b"{"):
            wrong = "the header does not start with `{`"
        else:
            value, wrong = _json(data[8 : 8 + size], "the header")
        if wrong is None and len(value) > self.limits.tensors + 1:
            wrong = f"there are more than {self.limits.tensors} arrays"
        if wrong is not None:
            self.failures.append(wrong)
            return None
        self.body = 8 + size
        return dict(value)

    def _tensors(self, header: dict[str, Any]) -> dict[str, _Tensor]:
        available = len(self.data) - self.body
        tensors: dict[str, _Tensor] = {}
        for name, entry in header.items():
            match entry:
                case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [begin, end], **rest} if (
                    not rest and all(map(_is_size, (*shape, begin, end))) and len(shape) <= _MAX_DIMENSIONS
                ):
                    pass
                case _:
                    self.failures.append(f"array `{name[:80]}` is not described by dtype, shape and data_offsets")
                    continue
            if dtype not in _DTYPES:
                allowed = ", ".join(_DTYPES)
                self.failures.append(f"array `{name[:80]}` has the dtype `{dtype[:20]}`; allowed are {allowed}")
            elif not begin <= end <= available:
                self.failures.append(
                    f"array `{name[:80]}` lies outside the file: {begin} to {end} of {available} bytes"
                )
            elif prod(shape) * np.dtype(_DTYPES[dtype]).itemsize != end - begin:
                self.failures.append(f"array `{name[:80]}` has {end - begin} bytes, which is not what its shape needs")
            else:
                tensors[name] = _Tensor(_DTYPES[dtype], tuple(shape), begin, end)
        reached = 0
        for name, tensor in sorted(tensors.items(), key=lambda item: (item[1].begin, item[1].end)):
            if tensor.begin != reached:
                problem = "overlaps the one before it" if tensor.begin < reached else "leaves a gap before it"
                self.failures.append(f"array `{name[:80]}` {problem}")
            reached = max(reached, tensor.end)
        if not self.failures and reached != available:
            self.failures.append(f"{available - reached} bytes belong to no array")
        return tensors

    def _manifest(self, metadata: Any) -> dict[str, Any] | None:
        match metadata:
            case {"manifest": str(text), **rest} if not rest:
                manifest, wrong = _json(text, "the manifest")
            case _:
                manifest, wrong = None, "the metadata is not the one key `manifest`"
        if wrong is None and not isinstance(manifest, dict):
            wrong = "the manifest is no JSON object"
        elif wrong is None and (manifest.get("format"), manifest.get("version")) != ("relation-bundle", 1):
            wrong = "the manifest is not of the format `relation-bundle`, version 1"
        if wrong is not None:
            self.failures.append(wrong)
            return None
        return dict(manifest)

    def _check_digest(self, manifest: Mapping[str, Any]) -> None:
        plain = {key: value for key, value in manifest.items() if key != "digest"}
        canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"))
        if manifest.get("digest") != hashlib.sha256(canonical.encode()).hexdigest():
            self.failures.append("the manifest's digest is not that of its contents")

    def _axes(self, manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        axes: dict[str, tuple[str, ...]] = {}
        described = manifest.get("axes")
        if not isinstance(described, dict):
            self.failures.append("the manifest describes no axes")
            return axes
        for name, axis in described.items():
            labels = axis.get("labels") if isinstance(axis, dict) else None
            if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
                self.failures.append(f"axis `{name[:80]}` has no list of labels")
                continue
            if (twice := _first_repeated(labels)) is not None:
                self.failures.append(f"axis `{name[:80]}` has the label `{twice[:80]}` twice")
            axes[name] = tuple(labels)
        return axes

    def _check_array(self, name: str, tensor: _Tensor, described: Any, axes: Mapping[str, tuple[str, ...]]) -> None:
        """Hold an array to what the manifest says of it, its digest included."""
        match described:
            case {"axes": [*names], "role": str(), "dtype": dtype, "shape": shape, "sha256": digest}:
                pass
            case _:
                self.failures.append(f"array `{name}` is not described by axes, role, dtype, shape and sha256")
                return
        if dtype != tensor.dtype or shape != list(tensor.shape):
            self.failures.append(f"array `{name}` is {tensor.dtype} {list(tensor.shape)}; the manifest says otherwise")
        if len(names) != len(tensor.shape) or not all(isinstance(axis, str) and axis in axes for axis in names):
            self.failures.append(f"array `{name}` does not have one known axis a dimension")
        else:
            for axis, size in zip(names, tensor.shape, strict=True):
                if len(axes[axis]) != size:
                    labels = len(axes[axis])
                    self.failures.append(f"array `{name}` has {size} entries along `{axis}`, which has {labels} labels")
        content = memoryview(self.data)[self.body + tensor.begin : self.body + tensor.end]
        sha256 = hashlib.sha256(f"{name}|{tensor.dtype}|{tensor.shape}|".encode())
        sha256.update(content)
        if digest != sha256.hexdigest():
            self.failures.append(f"array `{name}` does not have the digest that the manifest says")
        if "scale" in described:
            try:
                Scale.parse(str(described["scale"])[:400])
            except ValueError as error:
                self.failures.append(f"array `{name}` has a scale that cannot be read: {error}")

    def _threshold(self, manifest: Mapping[str, Any]) -> Fraction | None:
        match manifest.get("kernel"):
            case {"params": {"threshold": str(text)}}:
                try:
                    return exact(text)
                except ValueError as error:
                    self.failures.append(f"the kernel's threshold cannot be read: {error}")
            case _:
                pass
        return None


def _array(name: str, values: NDArray[Any], described: Mapping[str, Any]) -> Array:
    scale = Scale.parse(described["scale"]) if "scale" in described else Scale()
    return Array(name, tuple(described["axes"]), described["role"], values, scale)


def _unfit_entries(
    arrays: Mapping[str, Array], axes: Mapping[str, tuple[str, ...]], *, unit_interval: bool
) -> Iterator[str]:
    for array in arrays.values():
        if array.values.dtype.kind != "f":
            continue
        wrong = {"that are no numbers": ~np.isfinite(array.values)}
        if unit_interval and array.role in ("relation", "task"):
            wrong["outside [0, 1]"] = np.isfinite(array.values) & ((array.values < 0) | (array.values > 1))
        for what, entries in wrong.items():
            where = np.argwhere(entries)
            if len(where):
                first = ", ".join(axes[axis][i] for axis, i in zip(array.axes, where[0].tolist(), strict=True))
                yield f"array `{array.name}` has {len(where)} entries {what}, the first at [{first}]"
