"""Manifests of bundles: JSON text that leaves its writer no freedom, and digests of what it describes.

The digest of an array is the sha256 of ``name|dtype|shape|`` and its bytes, where dtype is numpy's (``<u2``) and shape
is written as a Python tuple (``(100, 100, 4)``, ``(100,)``). The bundle's digest is the sha256 of the manifest without
its key ``digest`` as canonical JSON: sorted keys, separators ``,`` and ``:`` without blanks, and ASCII escapes.

Texts of JSON are accepted only as a writer without options would put the value that they have, keys in any order: so no
byte of a file can change unnoticed, not even a blank.

Source: RFC 8259 (JSON); RFC 8785 (a canonical form); FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

DTYPES = {"BOOL": "|b1", "U8": "|u1", "U16": "<u2", "I32": "<i4", "F32": "<f4", "F64": "<f8"}
"""The dtypes that a bundle may have, by their names in safetensors files and in manifests."""

FORMAT, VERSION = "relation-bundle", 1


class _Duplicate(ValueError):
    pass


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that occurs a second time."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    repeated = first_repeated(key for key, _ in pairs)
    if repeated is not None:
        raise _Duplicate(repeated)
    return dict(pairs)


def _reject_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def read_json(text: bytes | str, what: str) -> tuple[Any, str | None]:
    """A value and None, or None and what is wrong with the text.

    Args:
        what: the subject of that sentence, such as ``the header``.
    """
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        value = json.loads(plain, object_pairs_hook=_without_duplicates, parse_constant=_reject_constant)
        # Half of a surrogate pair is legal in JSON text, but it is no text.
        json.dumps(value, ensure_ascii=False).encode()
        if plain.rstrip(" ") in _spellings(value):
            return value, None
        return None, f"{what} is not written as its contents are: blanks, escapes or numbers are out of form"
    except _Duplicate as error:
        return None, f"{what} has the key `{str(error)[:80]}` twice"
    except RecursionError:
        return None, f"{what} is nested too deeply"
    except ValueError:
        return None, f"{what} is no JSON"


def _spellings(value: Any) -> Iterable[str]:
    """The texts of a value with keys in the order that they have."""
    for separators in ((",", ":"), (", ", ": ")):
        for ascii_only in (True, False):
            yield json.dumps(value, separators=separators, ensure_ascii=ascii_only)


def canonical(value: Any) -> str:
    """The one text of a JSON value: sorted keys, no blanks, ASCII.

    Raises:
        ValueError: a number is not finite.

    >>> canonical({"b": [1, 2.5], "a": "é"})
    '{"a":"\\\\u00e9","b":[1,2.5]}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    """The sha256 of a manifest without its digest."""
    plain = {key: value for key, value in manifest.items() if key != "digest"}
    return hashlib.sha256(canonical(plain).encode()).hexdigest()


def array_digest(name: str, dtype: str, shape: tuple[int, ...], content: bytes | memoryview) -> str:
    """The sha256 of an array: what it is called, how it is stored, and its bytes in C order, little endian."""
    sha256 = hashlib.sha256(f"{name}|{dtype}|{shape}|".encode())
    sha256.update(content)
    return sha256.hexdigest()
