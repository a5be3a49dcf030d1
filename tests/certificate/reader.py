"""Certificates back into data: what was written is read back the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from formal.certificate.evidence import (
    BadComponent,
    Equivalence,
    Evaluate,
    Evidence,
    FewComponents,
    Forest,
    Invariant,
    Isomorphism,
    Known,
    Search,
    Separated,
    Value,
)
from formal.text import Bug


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says.

    Args:
        claim: sha256 of the claim, in hexadecimal.
        value: the truth value.
        evidence: for that value; equal pieces are the same object.
    """

    claim: str
    value: bool
    evidence: Evidence


def read_certificate(certificate: bytes) -> Certificate:
    """What ``write_certificate`` wrote; raises ``Bug`` for anything else."""
    try:
        document = json.loads(certificate)
        pieces: list[Evidence] = []
        for piece in document["evidence"]:
            pieces.append(_piece(piece, pieces))
        return Certificate(document["claim"], document["value"], pieces[-1])
    except (ValueError, LookupError, TypeError) as error:
        raise Bug("a certificate that was accepted cannot be read") from error


def _value(value: Any) -> Value:
    if isinstance(value, int):
        return value
    if value and isinstance(value[0], list):
        objects, generators = value
        return tuple(objects), tuple(generators)
    return tuple(value)


def _piece(piece: list[Any], earlier: list[Evidence]) -> Evidence:
    match piece:
        case ["evaluate"]:
            return Evaluate()
        case ["known", parts, rest]:
            known = tuple((_value(value), truth, earlier[number]) for value, truth, number in parts)
            return Known(known, None if rest is None else (rest[0], earlier[rest[1]]))
        case ["search", nodes, truth, number]:
            return Search(nodes, (truth, earlier[number]))
        case ["forest", roots, parent, generator]:
            return Forest(tuple(roots), tuple(parent), tuple(generator))
        case ["separated", label, count]:
            return Separated(tuple(label), count)
        case ["few-components"]:
            return FewComponents()
        case ["bad-component", member, sources, misfit]:
            pairs = tuple((q, x) for q, x in misfit)
            return BadComponent(tuple(map(bool, member)), tuple(map(bool, sources)), pairs)
        case ["isomorphism", value]:
            return Isomorphism(_value(value))
        case ["equivalence", value]:
            return Equivalence(_value(value))
        case ["invariant", rounds]:
            return Invariant(rounds)
    raise ValueError(f"no such evidence: {piece[0]}")
