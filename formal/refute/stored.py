"""A counter-model as JSON, and back: what a cache remembers of a search."""

from __future__ import annotations

import json
from typing import Any

from formal.refute.result import CounterModel, FiniteCategory, FiniteSetFunctor

Table = dict[tuple[int, ...], int]


def encode_model(model: CounterModel) -> bytes:
    """Canonical JSON."""
    data = {
        "categories": {
            name: [c.objects, c.dom, c.cod, _rows(dict(c.composite))] for name, c in model.categories.items()
        },
        "set_functors": {name: [t.at, _rows(dict(t.action))] for name, t in model.set_functors.items()},
        "functions": {name: _rows(table) for name, table in model.functions.items()},
        "size": model.size,
        "smallest": model.smallest,
        "resources": model.resources,
    }
    return json.dumps(data, sort_keys=True, separators=(",", ":")).encode("ascii")


def decode_model(content: bytes) -> CounterModel | None:
    """The model; None when the bytes are none. That it is a model at all is for the replay to find out."""
    try:
        data = json.loads(content)
        categories = {
            str(name): FiniteCategory(int(n), _numbers(dom), _numbers(cod), _pairs(rows))
            for name, (n, dom, cod, rows) in data["categories"].items()
        }
        set_functors = {
            str(name): FiniteSetFunctor(_numbers(at), _pairs(rows)) for name, (at, rows) in data["set_functors"].items()
        }
        functions = {str(name): _table(rows) for name, rows in data["functions"].items()}
        return CounterModel(
            categories, set_functors, functions, int(data["size"]), bool(data["smallest"]), int(data["resources"])
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _rows(table: Table | dict[tuple[int, int], int]) -> list[list[int]]:
    return sorted([*key, value] for key, value in table.items())


def _table(rows: Any) -> Table:
    return {_numbers(row[:-1]): int(row[-1]) for row in rows}


def _pairs(rows: Any) -> dict[tuple[int, int], int]:
    return {(int(a), int(b)): int(value) for a, b, value in rows}


def _numbers(values: Any) -> tuple[int, ...]:
    return tuple(int(value) for value in values)
