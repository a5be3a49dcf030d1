"""Bytes into plain data, within limits, and the only exceptions of the kernel."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn


class Rejected(Exception):
    """The certificate does not prove what it says of the claim.

    Args:
        rule: the rule that fails; ``limit`` when the kernel gave up, ``format`` when it could not read.
        reason: why, in words; nothing is quoted from the input.
    """

    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason
        super().__init__(f"{rule}: {reason}")


class Undecided(Exception):
    """Some part of the claim has no value that is known; the whole may have one all the same.

    Args:
        rule, reason: as of ``Rejected``, which it becomes when the whole is undecided.
    """

    def __init__(self, rule: str, reason: str) -> None:
        self.rule, self.reason = rule, reason
        super().__init__(f"{rule}: {reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel is willing to do.

    Args:
        bytes: of the claim, and of the certificate.
        depth: of nested brackets.
        containers: brackets opened.
        entries: of all matrices that are computed, together.
        steps: elementary steps: operations on numbers of up to 256 bits, longer ones counting as several.
        degree: of polynomials in a parameter.
        bits: of the numbers that are computed, and asked for of symbolic numbers.
    """

    bytes: int = 1 << 27
    depth: int = 12
    containers: int = 4_000_000
    entries: int = 1 << 23
    steps: int = 200_000_000
    degree: int = 400
    bits: int = 4096


@dataclass(slots=True)
class Ledger:
    """What was spent."""

    limits: Limits
    steps: int = 0
    entries: int = 0

    def spend(self, steps: int) -> None:
        """Count elementary steps."""
        self.steps += steps
        if self.steps > self.limits.steps:
            raise Rejected("limit", f"more than {self.limits.steps} steps")

    def store(self, entries: int) -> None:
        """Count entries of matrices, before they are computed."""
        self.entries += entries
        if self.entries > self.limits.entries:
            raise Rejected("limit", f"more than {self.limits.entries} entries of matrices")


def demand(holds: bool, rule: str, reason: str) -> None:
    """Reject unless something holds."""
    if not holds:
        raise Rejected(rule, reason)


_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|([\[{])|([\]}])|([0-9]{1235})', re.DOTALL)
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,1233}")
_RATIONAL = re.compile(r"(0|-?[1-9][0-9]{0,1233})(?:/([1-9][0-9]{0,1233}))?")


def parse(data: bytes, limits: Limits) -> Any:
    """JSON without floats, repeated keys, numbers of more than 1234 digits (4096 bits), or deep nesting."""
    demand(len(data) <= limits.bytes, "limit", f"more than {limits.bytes} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Rejected("format", f"not UTF-8 at byte {error.start}") from None
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
                raise Rejected("limit", "a number with more than 1234 digits")

    def refuse(_: str) -> NoReturn:
        raise Rejected("format", "a number that is not an integer")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        demand(len(dict(pairs)) == len(pairs), "format", "a key stands twice in one object")
        return dict(pairs)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_float=refuse, parse_constant=refuse)
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


def natural(value: Any, high: int) -> int:
    """An integer with ``0 <= value < high``."""
    demand(type(value) is int and 0 <= value < high, "format", f"not an integer from 0 to {high - 1}")
    return int(value)


def naturals(value: Any, high: int) -> tuple[int, ...]:
    """An array of integers with ``0 <= value < high``."""
    return tuple(natural(item, high) for item in array(value))


def integer(value: Any) -> int:
    """A JSON integer, or a decimal string."""
    if type(value) is int:
        return value
    demand(type(value) is str and _INTEGER.fullmatch(value) is not None, "format", "not an integer")
    return int(value)


def rational(value: Any) -> Fraction:
    """A string ``"-3/4"`` or ``"5"``."""
    found = _RATIONAL.fullmatch(value) if type(value) is str else None
    if found is None:
        raise Rejected("format", "not a rational number")
    return Fraction(int(found[1]), int(found[2] or 1))


def rationals(value: Any, length: int) -> tuple[Fraction, ...]:
    """An array of so many rational numbers."""
    return tuple(map(rational, array(value, length)))


def word(value: Any, *words: str) -> str:
    """One of some words."""
    demand(type(value) is str and value in words, "format", f"none of {', '.join(words)}")
    return str(value)


def labels(value: Any) -> tuple[str, ...]:
    """Strings, all different."""
    result = array(value)
    demand(set(map(type, result)) <= {str} and len(set(result)) == len(result), "format", "not different strings")
    return tuple(result)
