"""Models whose headers lie, through the whole command line: a diagnostic each, and bounded memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.bundle.test_bundle import header_for, manifest_for, sealed, write
from tests.hostile.command import formal

RELATION = np.zeros((1, 1, 4), dtype="<u2")
RELATION[0, 0, 0] = 65535
AXES = {"rows": ["i"], "columns": ["i"], "moves": list("0123")}
ARRAYS = {"relation": (["rows", "columns", "moves"], "relation", RELATION, "2*q/65535 - 1")}
MANIFEST = manifest_for(ARRAYS, AXES)
MANY = 300_000


def raw(header: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    return (len(header) if size is None else size).to_bytes(8, "little") + header + body


def entry(dtype: str = "U8", shape: Any = (1,), offsets: Any = (0, 1)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def arrays(**entries: Any) -> bytes:
    return raw(json.dumps({"__metadata__": {"manifest": "{}"}, **entries}).encode(), bytes(16))


def metadata(manifest: str) -> bytes:
    return raw(json.dumps({"__metadata__": {"manifest": manifest}}).encode())


LIES: dict[str, bytes] = {
    "empty": b"",
    "short": b"123",
    "no_header": raw(b""),
    "longest_header": raw(b"{}", size=2**64 - 1),
    "long_header": raw(b"{" + b" " * 100 + b"}", size=2**40),
    "header_beyond_the_end": raw(b"{}", size=3),
    "list": raw(b"[1]"),
    "not_utf8": raw(b'{"\xff": 1}'),
    "half_a_character": raw(b'{"\\ud800": 1}'),
    "repeated": raw(b'{"a": 1, "a": 2}'),
    "brackets": raw(b'{"__metadata__": ' + b"[" * 500_000),
    "braces_in_the_manifest": metadata('{"a":' * 100_000),
    "long_number": raw(b'{"a": ' + b"9" * 500_000 + b"}"),
    "not_a_number": raw(b'{"a": {"dtype": "U8", "shape": [NaN], "data_offsets": [0, 1e308]}}'),
    "many_arrays": raw(b"{" + b",".join(b'"%d":{}' % k for k in range(90_000)) + b"}"),
    "too_many_arrays": raw(b"{" + b",".join(b'"%d":{"shape":[],"data_offsets":[0,0]}' % k for k in range(MANY)) + b"}"),
    "no_manifest": raw(json.dumps({"a": entry()}).encode(), b"0"),
    "manifest_is_a_list": metadata("[]"),
    "unknown_dtype": arrays(a=entry("F99")),
    "outside": arrays(a=entry(shape=(32,), offsets=(0, 32))),
    "backwards": arrays(a=entry(offsets=(1, 0))),
    "negative": arrays(a=entry(offsets=(-1, 0))),
    "truth_values": arrays(a=entry(shape=(True,), offsets=(False, True))),
    "overlapping": arrays(a=entry("F32", (2,), (0, 8)), b=entry("F32", (2,), (4, 12))),
    "huge_shape": arrays(a=entry(shape=(2**40, 2**40, 2**40), offsets=(0, 16))),
    "empty_huge_shape": arrays(a=entry(shape=(2**40, 2**40, 0), offsets=(0, 0))),
    "many_dimensions": arrays(a=entry(shape=(1,) * 1000)),
}


def manifests() -> dict[str, dict[str, Any]]:
    """Manifests that do not fit the arrays, each with a digest that does fit the manifest."""
    described = MANIFEST["arrays"]["relation"]
    return {
        "other_shape": {**MANIFEST, "arrays": {"relation": {**described, "shape": [2, 1, 4]}}},
        "other_axes": {**MANIFEST, "arrays": {"relation": {**described, "axes": ["rows", "rows"]}}},
        "no_such_axis": {**MANIFEST, "arrays": {"relation": {**described, "axes": ["rows", "columns", "x"]}}},
        "other_content": {**MANIFEST, "arrays": {"relation": {**described, "sha256": "0" * 64}}},
        "bad_scale": {**MANIFEST, "arrays": {"relation": {**described, "scale": "q**9**9**9"}}},
        "bad_threshold": {**MANIFEST, "kernel": {"params": {"threshold": "1/0"}}},
        "long_threshold": {**MANIFEST, "kernel": {"params": {"threshold": "9" * 100_000}}},
        "one_label_twice": {**MANIFEST, "axes": {**MANIFEST["axes"], "moves": {"labels": ["0"] * 4}}},
        "labels_of_other_types": {**MANIFEST, "axes": {**MANIFEST["axes"], "rows": {"labels": [1]}}},
        "another_array": {**MANIFEST, "arrays": {**MANIFEST["arrays"], "missing": described}},
        "another_version": {**MANIFEST, "version": 2},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").touch()
    for name, data in LIES.items():
        (tmp_path / f"{name}.safetensors").write_bytes(data)
    for name, manifest in manifests().items():
        write(tmp_path / f"{name}.safetensors", ARRAYS, sealed(manifest))
    write(tmp_path / "unsealed.safetensors", ARRAYS, {**MANIFEST, "digest": "0" * 64})
    with (tmp_path / "sparse.safetensors").open("wb") as file:
        file.truncate(2**40)
    write(tmp_path / "honest.safetensors", ARRAYS, sealed(MANIFEST), header_for(ARRAYS))
    for path in list(tmp_path.glob("*.safetensors")):
        (tmp_path / f"{path.stem}.cat").write_text(
            f'model m from "{path.name}"\ncategory C = category_of(m)\nclaim {path.stem}: thin(C)\n'
        )
    return tmp_path


def test_each_gets_its_diagnostic(folder: Path) -> None:
    ended = formal("check", "--no-cache", "-o", "json", ".", folder=folder, mebibytes=1024)
    assert ended.code == 2
    codes = {name.removesuffix(".cat"): set(found) for name, found in ended.codes().items()}
    assert codes.pop("sparse") == {"file-too-large"}
    assert codes.pop("honest") == set()
    assert codes == {name: {"bad-bundle"} for name in (*LIES, *manifests(), "unsealed")}
    assert ended.outcomes() == {"honest": "proved"}
