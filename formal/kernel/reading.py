"""Bytes into plain data, within limits, and the only exception that the kernel raises."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


class Rejected(Exception):
    """The certificate does not prove the claim.

    Args:
        step: which part of the claim or the certificate.
        rule: the rule that fails; ``limit`` when the kernel gave up, ``format`` when it could not read.
        reason: why, in words; nothing is quoted from the input but numbers.
    """

    def __init__(self, step: str, rule: str, reason: str) -> None:
        self.step, self.rule, self.reason = step, rule, reason
        super().__init__(f"{step}: {rule}: {reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel is willing to do.

    Args:
        bytes: of the claim, and of the certificate.
        depth: of nested brackets.
        containers: brackets opened.
        steps: elementary steps of all checks together.
        axioms: elementary steps for the axioms of one structure that the claim writes out in full; beyond them its
            axioms are trusted, and the answer says so.
    """

    bytes: int = 1 << 27
    depth: int = 16
    containers: int = 2_000_000
    steps: int = 100_000_000
    axioms: int = 20_000_000


@dataclass(slots=True)
class Ledger:
    """Steps spent, rules used, and what was trusted."""

    limits: Limits
    steps: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    trusted: dict[str, None] = field(default_factory=dict)

    def spend(self, steps: int) -> None:
        """Count elementary steps."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise Rejected("check", "limit", f"more than {self.limits.steps} steps")


def demand(holds: bool, step: str, rule: str, reason: str) -> None:
    """Reject unless something holds."""
    if not holds:
        raise Rejected(step, rule, reason)


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])|([0-9]{16})', re.DOTALL)


def parse(data: bytes, step: str, limits: Limits) -> Any:
    """JSON without floats, repeated keys, long numbers or deep nesting."""
    demand(len(data) <= limits.bytes, step, "limit", f"more than {limits.bytes} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected(step, "format", f"not UTF-8 at byte {error.start}") from None
    depth = containers = 0
    for token in _TOKEN.finditer(text):
        match token.lastindex:
            case 1:
                depth, containers = depth + 1, containers + 1
                holds = depth <= limits.depth and containers <= limits.containers
                demand(holds, step, "limit", "brackets are nested too deeply, or too many")
            case 2:
                depth -= 1
            case 3:
                raise Rejected(step, "format", "a number with sixteen digits or more")

    def refuse(_: str) -> NoReturn:
        raise Rejected(step, "format", "a number that is not an integer")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        demand(len(dict(pairs)) == len(pairs), step, "format", "a key stands twice in one object")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
    except ValueError:
        raise Rejected(step, "format", "not JSON") from None


def typed(value: Any, kind: type[T], step: str) -> T:
    """A value of exactly this type: not a truth value where an integer is due."""
    if type(value) is not kind:
        raise Rejected(step, "format", f"not of type {kind.__name__}")
    return value


def record(value: Any, step: str, *fields: str) -> list[Any]:
    """The values of a JSON object that has exactly these fields."""
    demand(typed(value, dict, step).keys() == set(fields), step, "format", f"other fields than {', '.join(fields)}")
    return [value[name] for name in fields]


def array(value: Any, step: str, length: int | None = None) -> list[Any]:
    """A JSON array, of a certain length if one is given."""
    result: list[Any] = typed(value, list, step)
    demand(length is None or len(result) == length, step, "format", f"not an array of length {length}")
    return result


def number(value: Any, low: int, high: int, step: str) -> int:
    """An integer with ``low <= value < high``."""
    demand(low <= typed(value, int, step) < high, step, "format", f"not an integer from {low} to {high - 1}")
    return int(value)


def numbers(value: Any, low: int, high: int, step: str, length: int | None = None) -> list[int]:
    """An array of integers with ``low <= value < high``."""
    result = array(value, step, length)
    holds = not result or (set(map(type, result)) == {int} and low <= min(result) and max(result) < high)
    demand(holds, step, "format", f"not integers from {low} to {high - 1}")
    return result


def labels(value: Any, step: str) -> list[str]:
    """Strings, all different."""
    result = array(value, step)
    demand(set(map(type, result)) <= {str} and len(set(result)) == len(result), step, "format", "not different strings")
    return result
