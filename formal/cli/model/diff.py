"""``formal model diff``: what differs between two bundles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.model.layout import (
    FILE,
    MOST_LISTED,
    entry,
    number,
    output_option,
    put_json,
)
from formal.cli.terminal import put
from formal.text.escape import clip
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.bundle.difference import ArrayDifference, Difference


@click.command(short_help="What differs between two bundles.")
@click.argument("first", type=FILE)
@click.argument("second", type=FILE)
@output_option
def diff(first: Path, second: Path, output: str) -> int:
    """Compare two bundles: axes, arrays entry by entry, and what their manifests say.

    Entries are compared where both have the same labels. The greatest difference is exact.

    \b
    Exit status: 0 nothing differs, 1 something does, 2 one of them is no bundle.
    """
    from formal.bundle.difference import difference
    from formal.bundle.read import read_bundle

    found = difference(read_bundle(first), read_bundle(second))
    if output == "json":
        put_json(_differing(found))
    elif found.is_empty:
        put("the bundles are the same\n")
    else:
        put("".join(f"{line}\n" for line in _difference_text(found)))
    return int(ExitCode.AS_EXPECTED if found.is_empty else ExitCode.NOT_AS_EXPECTED)


def _difference_text(found: Difference) -> Iterator[str]:
    for axis in found.axes:
        only = [
            f"{len(labels)} labels in the {which} only, such as {', '.join(f'`{label[:20]}`' for label in labels[:3])}"
            for which, labels in (("first", axis.only_first), ("second", axis.only_second))
            if labels
        ]
        yield from entry(f"axis {axis.axis}", "; ".join(only) or "the same labels in another order")
    for array in found.arrays:
        yield from entry(f"array {array.array}", "; ".join(filter(None, [array.what, _entries_text(array)])))
    for each in found.manifest[:MOST_LISTED]:
        one, other = ("nothing" if text is None else clip(text, 60) for text in (each.first, each.second))
        yield from entry(f"manifest {each.key}", f"{one} -> {other}")
    if len(found.manifest) > MOST_LISTED:
        yield f"and {len(found.manifest) - MOST_LISTED} more differences of the manifests"


def _entries_text(array: ArrayDifference) -> str:
    if array.greatest is None or array.values is None:
        return ""
    where = ", ".join(label[:20] or '""' for label in array.where)
    one, other = map(number, array.values)
    return (
        f"{array.entries} of {array.compared} entries differ, at most by {number(array.greatest)} "
        f"at [{where}]: {one} -> {other}"
    )


def _differing(found: Difference) -> dict[str, Any]:
    return {
        "same": found.is_empty,
        "axes": [
            {"axis": axis.axis, "only_first": list(axis.only_first), "only_second": list(axis.only_second)}
            for axis in found.axes
        ],
        "arrays": [
            {
                "array": array.array,
                "what": array.what,
                "entries": array.entries,
                "compared": array.compared,
                "greatest": None if array.greatest is None else str(array.greatest),
                "where": list(array.where),
                "values": None if array.values is None else [str(value) for value in array.values],
            }
            for array in found.arrays
        ],
        "manifest": [{"key": entry.key, "first": entry.first, "second": entry.second} for entry in found.manifest],
    }
