"""A claim and its certificate, as bytes: accepted or rejected."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

from formal.kernel.atom import RULES
from formal.kernel.formula import Formulas, World
from formal.kernel.functor import frozen
from formal.kernel.reading import Ledger, Limits, array, demand, number, parse, record, typed
from formal.kernel.search import Family

Steps = Generator[Any, bool, bool]
"""A check that yields the checks it depends on, and is sent their results: the stack is a list."""


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The certificate proves what it says of the claim.

    Args:
        verdict: ``proved`` when the claim is true, ``refuted`` when it is false.
        claim: sha256 of the claim, in hexadecimal.
        rules: how often each rule was used.
        trusted: what was taken on trust, in words.
        steps: elementary steps spent.
    """

    verdict: str
    claim: str
    rules: tuple[tuple[str, int], ...]
    trusted: tuple[str, ...]
    steps: int


def check(claim: bytes, certificate: bytes, *, limits: Limits = DEFAULT) -> Accepted:
    """Re-check a claim from its certificate.

    Args:
        claim: a closed formula with all structures that it mentions; canonical JSON, see README.md.
        certificate: the claim's digest, the truth value, the evidence, and the enumerations of presented categories.
    Returns:
        What is proved.
    Raises:
        Rejected: the certificate does not prove the claim, or cannot be read, or a limit is reached.
    """
    ledger = Ledger(limits)
    fields = ("format", "categories", "set_functors", "nodes")
    kind, categories, set_functors, nodes = record(parse(claim, "claim", limits), "claim", *fields)
    names = ("format", "claim", "value", "categories", "evidence")
    form, digest, value, proofs, evidence = record(parse(certificate, "certificate", limits), "certificate", *names)
    demand((kind, form) == ("formal-claim/1", "formal-certificate/1"), "check", "format", "an unknown format")
    demand(digest == sha256(claim).hexdigest(), "certificate", "digest", "the certificate belongs to another claim")
    formulas = Formulas(nodes, World(categories, set_functors, proofs, ledger))
    truth = typed(value, bool, "certificate")
    start = Checker(formulas, array(evidence or None, "evidence")).decide(len(formulas.nodes) - 1, len(evidence) - 1)
    demand(run(start) is truth, "certificate", "value", "the evidence establishes the other truth value")
    verdict, rules = "proved" if truth else "refuted", tuple(sorted(ledger.rules.items()))
    return Accepted(verdict, digest, rules, tuple(ledger.trusted), ledger.steps)


def conclude(kind: str, trues: int, falses: int, complete: bool) -> bool | None:
    """What some truth values say about a quantifier over them; ``complete`` when these are all."""
    decisive = falses > 0 if kind == "forall" else kind != "iff" and trues > (kind == "exists!")
    if not complete and not decisive:
        return None
    if kind == "forall":
        return falses == 0
    return trues > 0 if kind == "exists" else trues == 1 if kind == "exists!" else trues != 1


class Checker:
    """Evidence against formulas. Steps yield what they depend on, so that ``run`` can keep the stack."""

    def __init__(self, formulas: Formulas, evidence: list[Any]) -> None:
        self.formulas, self.evidence, self.ledger = formulas, evidence, formulas.ledger
        self.evaluated: dict[int, bool] = {}

    def decide(self, k: int, e: int) -> Steps:
        """The truth value of node k that evidence e establishes. Rule `evaluate` establishes it by exhaustion."""
        step = f"evidence {e}"
        rule, *fields = array(self.evidence[e], step) or [""]
        self.ledger.spend(1)
        if rule == "evaluate" and k in self.evaluated:
            return self.evaluated[k]
        self.ledger.rules[typed(rule, str, step)] += 1
        if k not in self.formulas.about:
            truth = yield self.compound(k, e, step, rule, fields)
        elif (rule, fields) == ("evaluate", []):
            truth = bool(self.formulas.value(k))
        else:
            atom = self.formulas.nodes[k]
            demand((rule, atom[0]) in RULES, step, "format", "evidence that does not fit the formula")
            truth, arity, function = RULES[rule, atom[0]]
            function(self.formulas.about[k], atom, *array(fields, step, arity))
        if rule == "evaluate" and not self.formulas.free[k]:
            self.evaluated[k] = truth
        return truth

    def compound(self, k: int, e: int, step: str, rule: str, fields: list[Any]) -> Steps:
        """Rules `known` and `search`: parts whose truth values are established determine the whole.

        Fields of `known`: for some parts (or values of the variable) the truth value and the evidence; then the truth
        value and the evidence for all others, or null. Fields of `search`: a bound on the kernel's own search tree,
        then the truth value and the evidence for all values of the variable.
        """
        formulas, values = self.formulas, self.formulas.values
        kind, domain, body, negated, variable = formulas.open(k)
        family = isinstance(domain, Family)
        parts: Any = []
        rest: Any = None
        match rule, fields:
            case "known", [list() as parts, rest]:
                pass
            case "search", [nodes, *rest] if family:
                domain.nodes = number(nodes, 0, 1 << 62, step)
            case _:
                demand(rule == "evaluate" and not fields, step, "format", "evidence that does not fit the formula")
        if rest is not None:
            rest = typed(array(rest, step, 2)[0], bool, step), number(rest[1], 0, e, step)
        listed: dict[Any, tuple[bool, int]] = {}
        members = frozenset(domain) if parts and isinstance(domain, list) else domain
        self.ledger.spend(len(members) if parts and not family else 1)
        for item in parts:
            value, truth, proof = array(item, step, 3)
            value = frozen(value, step) if family else typed(value, int, step)
            demand(value in members and value not in listed, step, rule, "a part that is none, or that stands twice")
            listed[value] = typed(truth, bool, step), number(proof, 0, e, step)
        outer, counts, result = values[variable], [0, 0], None
        for value in chain(listed, (value for value in domain if value not in listed)):
            child = body if variable >= 0 else body[value]
            values[variable] = value if variable >= 0 else outer
            if rule != "evaluate":
                claim = listed.get(value, rest)
                demand(claim is not None, step, rule, "nothing is said of some part")
                truth, proof = claim
                demand((yield self.decide(child, proof)) is truth, step, rule, "a part has the other truth value")
            elif formulas.free[child] and child in formulas.about:
                truth = bool(formulas.value(child))
            elif formulas.empty(child):
                truth = formulas.nodes[child][0] == "forall"
            else:
                truth = yield self.decide(child, e)
            counts[truth != (negated and value == 0)] += 1
            result = conclude(kind, counts[1], counts[0], False)
            if result is not None:
                break
        values[variable] = outer
        return bool(conclude(kind, counts[1], counts[0], True) if result is None else result)


def run(start: Steps) -> bool:
    """Run steps with all that they depend on, on a stack of our own."""
    stack, result = [start], None
    while stack:
        try:
            stack.append(stack[-1].send(result))  # type: ignore[arg-type]
            result = None
        except StopIteration as finished:
            stack.pop()
            result = finished.value
    return bool(result)
