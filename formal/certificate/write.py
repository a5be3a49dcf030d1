"""Claims and certificates as canonical bytes, for the kernel to read.

The format is described in ``formal/kernel/README.md``; the kernel shares no code with this module.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, assert_never

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
)
from formal.certificate.node import Numbering
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.core.presentation import InfiniteCategory, Path, Presentation, Rule
from formal.logic.formula import Formula
from formal.text import Bug


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain)
    return text.encode()


def _plain(value: Any) -> Any:
    """A number of numpy's as one of Python's."""
    return value.item()


def digest(data: bytes) -> str:
    """sha256 in hexadecimal: by what a certificate refers to its claim."""
    return sha256(data).hexdigest()


def write_claim(formula: Formula) -> bytes:
    """Write down a closed formula with the categories and set-valued functors that it speaks of.

    A presented category is written as its presentation, and its arrows as paths, so that the claim means something
    without an enumeration; a constructed one as its table.
    """
    numbering = Numbering(formula)
    return canonical(
        {
            "format": "formal-claim/1",
            "categories": [_category(category) for category in numbering.categories],
            "set_functors": [_set_functor(functor, numbering) for functor in numbering.set_functors],
            "nodes": numbering.nodes,
        }
    )


def write_certificate(claim: bytes, value: bool, evidence: Evidence, formula: Formula) -> bytes:
    """Write down why a claim is true, or false.

    Args:
        claim: what ``write_claim(formula)`` gave.
        value: the truth value claimed.
        evidence: for that value.
        formula: for the enumerations of its presented categories, which the kernel checks and the claim leaves out.
    """
    return canonical(
        {
            "format": "formal-certificate/1",
            "claim": digest(claim),
            "value": value,
            "categories": [_enumeration(category) for category in Numbering(formula).categories],
            "evidence": _evidence(evidence),
        }
    )


# --- structures -----------------------------------------------------------------------------------


def _presentation(presentation: Presentation) -> dict[str, Any]:
    return {
        "name": presentation.name,
        "objects": presentation.objects,
        "generators": presentation.generators,
        "relations": [_relation(left, right) for left, right in presentation.relations],
    }


def _relation(left: Path, right: Path) -> tuple[Any, ...]:
    if left.dom != right.dom:
        raise Bug("an equation between paths that do not start together")
    return left.dom, left.word, right.word


def _category(category: Category | InfiniteCategory) -> dict[str, Any]:
    if category.presentation is not None:
        return _presentation(category.presentation)
    if not isinstance(category, Category):
        raise Bug("an infinite category without a presentation")
    return {
        "name": category.name,
        "objects": category.objects,
        "generators": [(g.name, g.dom, g.cod) for g in category.generators],
        "parent": category.parent.tolist(),
        "last": category.last.tolist(),
        "steps": category.steps.tolist(),
        "labels": None if category.labels is None else list(category.labels),
    }


def _set_functor(functor: SetFunctor, numbering: Numbering) -> dict[str, Any]:
    arrows = functor.arrows
    return {
        "name": functor.name,
        "category": numbering.category(functor.category),
        "contravariant": functor.contravariant,
        "elements": functor.elements,
        "action": functor.action,
        "arrows": None if arrows is None else numbering.arrows(functor.category, arrows),
    }


def _enumeration(category: Category | InfiniteCategory) -> dict[str, Any] | None:
    if isinstance(category, InfiniteCategory):
        return {
            "rules": _rules(category.rules),
            "dom": category.dom,
            "prefix": category.prefix,
            "loop": category.loop,
        }
    if category.presentation is None:
        return None
    return {
        "parent": category.parent.tolist(),
        "last": category.last.tolist(),
        "steps": category.steps.tolist(),
        "rules": _rules(category.rules),
    }


def _rules(rules: Iterable[Rule]) -> list[Any]:
    return [
        (rule.dom, rule.left, rule.right, [(step.position, step.equation, step.forward) for step in rule.derivation])
        for rule in rules
    ]


# --- evidence -------------------------------------------------------------------------------------


def _children(evidence: Evidence) -> list[Evidence]:
    match evidence:
        case Known(parts, rest):
            return [part[2] for part in parts] + ([] if rest is None else [rest[1]])
        case Search(_, rest):
            return [rest[1]]
        case _:
            return []


def _evidence(evidence: Evidence) -> list[Any]:
    """The pieces of evidence, each after those that it refers to; equal ones once."""
    result: list[Any] = []
    number: dict[int, int] = {}
    known: dict[str, int] = {}
    stack: list[tuple[Evidence, bool]] = [(evidence, False)]
    while stack:
        piece, ready = stack.pop()
        if id(piece) in number:
            continue
        if not ready:
            stack.append((piece, True))
            stack.extend((child, False) for child in _children(piece))
            continue
        written = _piece(piece, number)
        key = json.dumps(written, default=_plain)
        if key not in known:
            known[key] = len(result)
            result.append(written)
        number[id(piece)] = known[key]
    return result


def _piece(evidence: Evidence, number: dict[int, int]) -> list[Any]:
    match evidence:
        case Evaluate():
            return ["evaluate"]
        case Known(parts, rest):
            after = None if rest is None else [rest[0], number[id(rest[1])]]
            return ["known", [[value, truth, number[id(piece)]] for value, truth, piece in parts], after]
        case Search(nodes, rest):
            return ["search", nodes, rest[0], number[id(rest[1])]]
        case Forest(roots, parent, generator):
            return ["forest", roots, parent, generator]
        case Separated(label, count):
            return ["separated", label, count]
        case FewComponents():
            return ["few-components"]
        case BadComponent(member, sources, misfit):
            return ["bad-component", [*map(int, member)], [*map(int, sources)], misfit]
        case Isomorphism(value):
            return ["isomorphism", value]
        case Equivalence(value):
            return ["equivalence", value]
        case Invariant(rounds):
            return ["invariant", rounds]
        case _:
            assert_never(evidence)
