"""Bytes into plain data, within limits, and the only exception that the kernel raises."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn


class Rejected(Exception):
    """The certificate does not prove the claim.

    Args:
        rule: the rule that fails; ``limit`` when the kernel gave up, ``format`` when it could not read.
        reason: why, in words; nothing is quoted from the input but numbers.
    """

    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason
        super().__init__(f"{rule}: {reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel is willing to do.

    Args:
        bytes: of the claim, and of the certificate.
        depth: of nested brackets; it bounds the stack of every function here that calls itself.
        containers: brackets opened.
        claim: elementary steps for bringing the claim into Skolem form, which may multiply its size.
        steps: elementary steps for the instances and their refutation.
    """

    bytes: int = 1 << 24
    depth: int = 120
    containers: int = 1_000_000
    claim: int = 2_000_000
    steps: int = 20_000_000


@dataclass(slots=True)
class Ledger:
    """Elementary steps, of at most so many."""

    most: int
    steps: int = 0

    def spend(self, steps: int = 1) -> None:
        """Count elementary steps."""
        self.steps += steps
        if self.steps > self.most:
            raise Rejected("limit", f"more than {self.most} steps")


def demand(holds: bool, rule: str, reason: str) -> None:
    """Reject unless something holds."""
    if not holds:
        raise Rejected(rule, reason)


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])|([-0-9])', re.DOTALL)


def parse(data: bytes, limits: Limits) -> Any:
    """JSON without numbers, repeated keys or deep nesting."""
    demand(len(data) <= limits.bytes, "limit", f"more than {limits.bytes} bytes")
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Rejected("format", f"not ASCII at byte {error.start}") from None
    depth = containers = 0
    for token in _TOKEN.finditer(text):
        match token.lastindex:
            case 1:
                depth, containers = depth + 1, containers + 1
                holds = depth <= limits.depth and containers <= limits.containers
                demand(holds, "limit", "brackets are nested too deeply, or too many")
            case 2:
                depth -= 1
            case 3:
                raise Rejected("format", "a number")

    def refuse(_: str) -> NoReturn:
        raise Rejected("format", "a number")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        demand(len(dict(pairs)) == len(pairs), "format", "a key stands twice in one object")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_int=refuse, parse_float=refuse, parse_constant=refuse)
    except ValueError:
        raise Rejected("format", "not JSON") from None


def record(value: Any, *fields: str) -> list[Any]:
    """The values of a JSON object that has exactly these fields."""
    holds = type(value) is dict and value.keys() == set(fields)
    demand(holds, "format", f"not an object with the fields {', '.join(fields)}")
    return [value[name] for name in fields]


def array(value: Any, length: int | None = None) -> list[Any]:
    """A JSON array, of a certain length if one is given."""
    if type(value) is not list or length not in (None, len(value)):
        raise Rejected("format", "not an array" if length is None else f"not an array of length {length}")
    return value


def name(value: Any) -> str:
    """A name: printable, and not empty."""
    if type(value) is not str or not value or not value.isprintable():
        raise Rejected("format", "not a printable name")
    return value
