"""Reading relation bundles: a safetensors file with one metadata key, ``manifest``.

Everything is checked before safetensors' own loader runs: the sizes that the header declares, the manifest's shape, and
the digests. All that is wrong is said at once. Then the entries are checked, and the scores that the manifest states
are held against the raw predictions.

Source: the safetensors format; RFC 8259.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from formal.bundle.container import METADATA, Tensor, contents, is_pickle, pickled, read_header, read_tensors
from formal.bundle.entry import QUANTALES, told, unfit
from formal.bundle.manifest import FORMAT, VERSION, array_digest, first_repeated, manifest_digest, read_json
from formal.bundle.model import Array, Bundle, BundleLimits, Scale, exact
from formal.bundle.score import disagreements
from formal.text import Code, Diagnostic, Label, Rejection, Span

_DEGREES = ("relation", "ideal", "task")
_SECTIONS = ("data", "kernel", "measurements", "model", "provenance", "reproduce")


def read_bundle(
    path: Path, *, name: str | None = None, at: Span | None = None, limits: BundleLimits | None = None
) -> Bundle:
    """Read a bundle and verify its digests, its entries and its scores.

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
    if is_pickle(path):
        raise pickled(path, shown, label)
    return bundle_from_bytes(contents(path, shown, label, limits.file_bytes), shown, at=at, limits=limits)


def bundle_from_bytes(data: bytes, shown: str, *, at: Span | None = None, limits: BundleLimits | None = None) -> Bundle:
    """Read the contents of a file, as ``read_bundle`` does.

    Args:
        shown: how reports call it.
    Raises:
        Rejection: everything that makes it a ``bad-bundle``.
    """
    failures: list[str] = []
    bundle = _Reader(data, shown, BundleLimits() if limits is None else limits, failures).bundle()
    if bundle is None or failures:
        label = None if at is None else Label(at)
        raise Rejection(Diagnostic(Code.BAD_BUNDLE, f"`{shown}`: {failure}", label) for failure in failures)
    return bundle


class _Reader:
    """One pass over one file; appends what is wrong to ``failures``."""

    def __init__(self, data: bytes, shown: str, limits: BundleLimits, failures: list[str]) -> None:
        self.data = data
        self.shown = shown
        self.limits = limits
        self.failures = failures

    def bundle(self) -> Bundle | None:
        """The bundle, or None when there is a failure."""
        found = read_header(self.data, self.limits, self.failures)
        if found is None:
            return None
        header, self.body = found
        metadata = header.pop(METADATA, None)
        tensors = read_tensors(header, len(self.data) - self.body, self.failures)
        manifest = self._manifest(metadata)
        if manifest is None or self.failures:
            return None
        axes = self._axes(manifest)
        if manifest.get("digest") != manifest_digest(manifest):
            self.failures.append("the manifest's digest is not that of its contents")
        described = manifest.get("arrays")
        if not isinstance(described, dict):
            self.failures.append("the manifest does not describe the arrays")
            return None
        undescribed, missing = tensors.keys() - described.keys(), described.keys() - tensors.keys()
        self.failures += (f"array `{name[:80]}` is not described in the manifest" for name in sorted(undescribed))
        self.failures += (f"array `{name[:80]}` of the manifest is missing" for name in sorted(missing))
        names = sorted(tensors.keys() & described.keys())
        for name in names:
            self._check_array(name, tensors[name], described[name], axes)
        threshold = self._threshold(manifest)
        self._check_sections(manifest)
        base = manifest.get("base")
        if not isinstance(base, dict) or not isinstance(base.get("kind"), str):
            self.failures.append("the manifest names no base of enrichment")
            return None
        if self.failures:
            return None
        loaded = load(self.data)
        bundle = Bundle(
            name=str(manifest.get("name", ""))[:200],
            file=self.shown,
            kind=base["kind"],
            monoid=str(base.get("monoid", "")),
            reads=str(base.get("reads", "")),
            axes=MappingProxyType(axes),
            arrays=MappingProxyType({name: _array(name, loaded[name], described[name]) for name in names}),
            threshold=threshold,
            digest=str(manifest["digest"]),
            manifest=MappingProxyType(manifest),
        )
        self.failures += _unfit_entries(bundle)
        self.failures += _unfit_bounds(bundle)
        if not self.failures:
            self.failures += disagreements(bundle)
        return bundle

    def _manifest(self, metadata: Any) -> dict[str, Any] | None:
        match metadata:
            case {"manifest": str(text), **rest} if not rest:
                manifest, wrong = read_json(text, "the manifest")
            case _:
                manifest, wrong = None, "the metadata is not the one key `manifest`"
        if wrong is None and not isinstance(manifest, dict):
            wrong = "the manifest is no JSON object"
        elif wrong is None and (manifest.get("format"), manifest.get("version")) != (FORMAT, VERSION):
            wrong = f"the manifest is not of the format `{FORMAT}`, version {VERSION}"
        if wrong is not None:
            self.failures.append(wrong)
            return None
        return dict(manifest)

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
            if (twice := first_repeated(labels)) is not None:
                self.failures.append(f"axis `{name[:80]}` has the label `{twice[:80]}` twice")
            axes[name] = tuple(labels)
        return axes

    def _check_array(self, name: str, tensor: Tensor, described: Any, axes: Mapping[str, tuple[str, ...]]) -> None:
        """Hold an array to what the manifest says of it, its digest included."""
        name_ = name[:80]
        match described:
            case {"axes": [*names], "role": str(), "dtype": dtype, "shape": shape, "sha256": digest}:
                pass
            case _:
                self.failures.append(f"array `{name_}` is not described by axes, role, dtype, shape and sha256")
                return
        if dtype != tensor.dtype or shape != list(tensor.shape):
            self.failures.append(f"array `{name_}` is {tensor.dtype} {list(tensor.shape)}; the manifest says otherwise")
        if len(names) != len(tensor.shape) or not all(isinstance(axis, str) and axis in axes for axis in names):
            self.failures.append(f"array `{name_}` does not have one known axis a dimension")
        else:
            for axis, size in zip(names, tensor.shape, strict=True):
                if len(axes[axis]) != size:
                    labels = len(axes[axis])
                    self.failures.append(
                        f"array `{name_}` has {size} entries along `{axis[:80]}`, which has {labels} labels"
                    )
        content = memoryview(self.data)[self.body + tensor.begin : self.body + tensor.end]
        if digest != array_digest(name, tensor.dtype, tensor.shape, content):
            self.failures.append(f"array `{name_}` does not have the digest that the manifest says")
        if tensor.dtype == "|b1" and np.frombuffer(content, dtype="|u1").max(initial=0) > 1:
            self.failures.append(f"array `{name_}` has entries that are neither true nor false")
        called = described.get("names", [])
        if not isinstance(called, list) or not all(isinstance(word, str) for word in called):
            self.failures.append(f"array `{name_}` has no list of names for its numbers")
        if not isinstance(described.get("scale", ""), str):
            self.failures.append(f"array `{name_}` has a scale that is no text")
        elif "scale" in described:
            try:
                Scale.parse(described["scale"])
            except ValueError as error:
                self.failures.append(f"array `{name_}` has a scale that cannot be read: {error}")

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

    def _check_sections(self, manifest: Mapping[str, Any]) -> None:
        for key in _SECTIONS:
            if key in manifest and not isinstance(manifest[key], dict):
                self.failures.append(f"the manifest's `{key}` is no JSON object")
        match manifest.get("provenance"):
            case {"dirty": dirty} if dirty is not False:
                self.failures.append("it was made by code with changes that were not committed: `dirty` is not false")
            case _:
                pass


def _array(name: str, values: NDArray[Any], described: Mapping[str, Any]) -> Array:
    scale = Scale.parse(described["scale"]) if "scale" in described else Scale()
    return Array(name, tuple(described["axes"]), described["role"], values, scale, tuple(described.get("names", ())))


# --- entries --------------------------------------------------------------------------------------


def _unfit_entries(bundle: Bundle) -> Iterator[str]:
    for array in bundle.arrays.values():
        is_degree = array.role in _DEGREES or array.name.split(".")[0] in _DEGREES
        yield from unfit(bundle, array, QUANTALES.get(bundle.kind) if is_degree else None)


def _unfit_bounds(bundle: Bundle) -> Iterator[str]:
    """What is wrong with ``NAME.lo`` and ``NAME.hi``: they bound NAME, when it is there, and each other."""
    for name in bundle.arrays:
        stem, _, end = name.rpartition(".")
        other = f"{stem}.{'hi' if end == 'lo' else 'lo'}"
        if end not in ("lo", "hi") or not stem:
            continue
        if other not in bundle.arrays:
            yield f"array `{name[:80]}` is there without `{other[:80]}`"
            continue
        if end == "lo":
            ordered = [bundle.arrays[n] for n in (name, stem, other) if n in bundle.arrays]
            for low, high in pairwise(ordered):
                yield from _above(bundle, low, high)


def _above(bundle: Bundle, low: Array, high: Array) -> Iterator[str]:
    if low.axes != high.axes or low.scale != high.scale:
        yield f"arrays `{low.name[:80]}` and `{high.name[:80]}` do not have the same axes and scale"
        return
    sign = 1 if low.scale.slope >= 0 else -1
    # Exact: stored integers have at most 32 bits.
    wrong = sign * low.values.astype(np.float64) > sign * high.values.astype(np.float64)
    yield from told(bundle, low, f"above `{high.name[:80]}`", f"above `{high.name[:80]}`", wrong)
