"""Theorems with one thing changed: true or false, nobody knows.

Some changes are made to the text (another word, ends or arguments exchanged, a clause left out) and elaborated anew;
some to the formulas, below the definitions of predicates too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from formal.logic import theory as L  # noqa: N812
from formal.logic.formula import Quantifier
from formal.statement.model import Obligation, Origin, Statement
from tests.theorems.proved_library import statements, with_text

PAIRS = (
    ("mono", "epi"),
    ("initial", "terminal"),
    ("limit", "colimit"),
    ("product", "coproduct"),
    ("products", "coproducts"),
    ("equalizer", "coequalizer"),
    ("pullback", "pushout"),
    ("full", "faithful"),
    ("presheaf", "copresheaf"),
    ("left_kan", "right_kan"),
    ("split_mono", "split_epi"),
    ("forall", "exists"),
    ("and", "or"),
    ("implies", "iff"),
)
"""Opposites, and words that are easily taken for each other."""

_MOST_TRIES = 10
"""Of one kind: few changes of direction fit."""

_WORD = r"[\w'^]+"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A theorem with one thing changed, and one of its obligations.

    Args:
        kind: what sort of change.
        change: what it was, in words.
    """

    kind: str
    change: str
    statement: Statement
    obligation: Obligation

    def __str__(self) -> str:
        return f"{self.statement.name}, {self.obligation.name}: {self.change}"


def mutants(count: int, seed: int) -> list[Mutant]:
    """Some mutants, of every kind about equally many; the same ones for the same seed."""
    random = Random(seed)
    kinds = sorted({*_TEXT_KINDS, *_FORMULA_KINDS})
    found: dict[str, Mutant] = {}
    for number in range(_MOST_TRIES * count):
        kind = kinds[number % len(kinds)]
        if len(found) >= count:
            break
        for _ in range(_MOST_TRIES):
            statement = random.choice(statements())
            change = _text_mutant if kind in _TEXT_KINDS else _formula_mutant
            made = change(statement, kind, random)
            if made is not None and str(made) not in found:
                found[str(made)] = replace(made, statement=assuming_steps(made.statement))
                break
    return list(found.values())


def assuming_steps(statement: Statement) -> Statement:
    """What was shown before counts as an assumption: it may be false now, and both sides are to see the same."""
    hypotheses = tuple(
        replace(h, origin=Origin.ASSUMED) if h.origin is Origin.HAVE else h for h in statement.hypotheses
    )
    return replace(statement, hypotheses=hypotheses)


# --- changes of the text --------------------------------------------------------------------------

_TEXT_KINDS = {
    "another word": re.compile(rf"\b({'|'.join(word for pair in PAIRS for word in pair)})\b"),
    "composition exchanged": re.compile(rf"({_WORD})( >> )({_WORD})"),
    "direction exchanged": re.compile(rf"({_WORD})( [-=]> )({_WORD})"),
    "arguments exchanged": re.compile(rf"(?<=\()({_WORD})(, (?:of: |by: )?)({_WORD})(?=[,)])"),
    "hypothesis dropped": re.compile(r"\n *assume\b(?:(?!\n *(?:given|assume|let|have|obtain|show)\b)[^}])*"),
}


def _text_mutant(statement: Statement, kind: str, random: Random) -> Mutant | None:
    text = statement.node.span.text
    matches = list(_TEXT_KINDS[kind].finditer(text))
    if not matches:
        return None
    match = random.choice(matches)
    old, new = match[0], _replacement(kind, match)
    if old == new:
        return None
    changed = with_text(statement, text[: match.start()] + new + text[match.end() :])
    if changed is None:
        return None
    change = f"{kind}: `{' '.join(old.split())}`" + (f" to `{' '.join(new.split())}`" if new else "")
    return Mutant(kind, change, changed, random.choice(changed.obligations))


def _replacement(kind: str, match: re.Match[str]) -> str:
    if kind == "hypothesis dropped":
        return ""
    if kind == "another word":
        opposite = dict(PAIRS) | {b: a for a, b in PAIRS}
        return opposite[match[0]]
    return match[3] + match[2] + match[1]


# --- changes of formulas --------------------------------------------------------------------------

_FORMULA_KINDS = ("goal negated", "goal changed", "hypothesis changed")


def _formula_mutant(statement: Statement, kind: str, random: Random) -> Mutant | None:
    obligation = random.choice(statement.obligations)
    if kind == "goal negated":
        return Mutant(kind, kind, statement, replace(obligation, formula=L.Not(obligation.formula)))
    if kind == "goal changed":
        change, formula = random.choice(list(changes(obligation.formula)))
        return Mutant(kind, f"goal, {change}", statement, replace(obligation, formula=formula))
    available = statement.available(obligation)
    stated = [n for n, h in enumerate(available) if h.origin in (Origin.ASSUMED, Origin.HAVE, Origin.OBTAINED)]
    if not stated:
        return None
    number = random.choice(stated)
    old = available[number]
    change, formula = random.choice(list(changes(old.formula)))
    hypotheses = list(statement.hypotheses)
    hypotheses[number] = replace(old, formula=formula)
    return Mutant(kind, f"{old.name}, {change}", replace(statement, hypotheses=tuple(hypotheses)), obligation)


def changes(formula: L.Formula, scope: L.Telescope = ()) -> Iterator[tuple[str, L.Formula]]:
    """The formula with one thing changed, and what it was, in all ways; well-typed whenever the formula is."""
    match formula:
        case L.Truth(value):
            yield "truth", L.Truth(not value)
        case L.Equal(left, right):
            yield "equation denied", L.Not(formula)
            for old, new in _exchangeable(scope):
                exchanged = L.substitute_term(left, {old: new})
                if exchanged != left:
                    yield f"{old.name} taken for {new.name}", L.Equal(exchanged, right)
        case L.Not(body):
            yield "negation dropped", body
            yield from ((how, L.Not(changed)) for how, changed in changes(body, scope))
        case L.And(parts) | L.Or(parts):
            yield "and for or", (L.Or if isinstance(formula, L.And) else L.And)(parts)
            for n, part in enumerate(parts):
                yield f"part {n + 1} dropped", replace(formula, parts=parts[:n] + parts[n + 1 :])
                for how, changed in changes(part, scope):
                    yield how, replace(formula, parts=(*parts[:n], changed, *parts[n + 1 :]))
        case L.Implies(premise, conclusion):
            yield "implication reversed", L.Implies(conclusion, premise)
            yield "premise dropped", conclusion
            yield from ((how, L.Implies(changed, conclusion)) for how, changed in changes(premise, scope))
            yield from ((how, L.Implies(premise, changed)) for how, changed in changes(conclusion, scope))
        case L.Iff(left_side, right_side):
            yield "equivalence to implication", L.Implies(left_side, right_side)
            yield from ((how, L.Iff(left_side, changed)) for how, changed in changes(right_side, scope))
        case L.Quantified(quantifier, variables, body):
            for other in Quantifier:
                if other is not quantifier:
                    yield f"{quantifier} to {other}", replace(formula, quantifier=other)
            for how, changed in changes(body, (*scope, *variables)):
                yield how, replace(formula, body=changed)
        case L.FunctionQuantified(_, _, body):
            yield from ((how, replace(formula, body=changed)) for how, changed in changes(body, scope))
        case L.Named(predicate, _, body):
            yield f"{predicate} denied", L.Not(formula)
            for how, changed in changes(body, scope):
                yield f"{predicate}: {how}", replace(formula, body=changed)
        case L.Equinumerous() | L.Connected() | L.Finite():
            yield "denied", L.Not(formula)


def _exchangeable(scope: L.Telescope) -> Iterator[tuple[L.Variable, L.Variable]]:
    """Arrows or elements of one type: no type mentions them, so one can stand for another."""
    for old in scope:
        for new in scope:
            if old is not new and old.type.indices and old.type == new.type:
                yield old, new
