"""A claim and its certificate, as bytes: accepted or rejected."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from formal.kernel.formula import Formulas, World
from formal.kernel.reading import Ledger, Limits, array, demand, number, parse, record, typed
from formal.kernel.rule import RULES, frozen
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
    fields = ("format", "version", "categories", "set_functors", "nodes")
    kind, version, categories, set_functors, nodes = record(parse(claim, "claim", limits), "claim", *fields)
    demand((kind, version) == ("formal-claim", 1), "claim", "format", "an unknown format or version")
    names = ("format", "version", "claim", "value", "categories", "evidence")
    outer = record(parse(certificate, "certificate", limits), "certificate", *names)
    kind, version, digest, value, proofs, evidence = outer
    demand((kind, version) == ("formal-certificate", 1), "certificate", "format", "an unknown format or version")
    demand(digest == sha256(claim).hexdigest(), "certificate", "digest", "the certificate belongs to another claim")
    formulas = Formulas(nodes, World(categories, set_functors, proofs, ledger))
    truth = typed(value, bool, "certificate")
    checker = Checker(formulas, array(evidence, "evidence"))
    run(checker.prove(len(formulas.nodes) - 1, truth, len(evidence) - 1, len(evidence)))
    rules = tuple(sorted(ledger.rules.items()))
    return Accepted("proved" if truth else "refuted", digest, rules, tuple(ledger.trusted), ledger.steps)


def conclude(kind: str, trues: int, falses: int, complete: bool) -> bool | None:
    """What some truth values say about a quantifier over them; ``complete`` when these are all."""
    match kind:
        case "forall":
            return False if falses else True if complete else None
        case "exists":
            return True if trues else False if complete else None
        case "exists!":
            return False if trues > 1 else trues == 1 if complete else None
        case _:
            return trues != 1 if complete else None


class Checker:
    """Evidence against formulas. Methods that give ``Steps`` are run by ``run``, however deep they nest."""

    def __init__(self, formulas: Formulas, evidence: list[Any]) -> None:
        self.formulas, self.evidence, self.ledger = formulas, evidence, formulas.ledger
        self.known: dict[int, bool] = {}

    def open(self, k: int) -> tuple[str, Any, list[int] | int, bool, int]:
        """A connective or quantifier: its kind, range, parts or body, whether the first is negated, variable or -1."""
        if k in self.formulas.parts:
            kind, parts, negated = self.formulas.parts[k]
            return kind, range(len(parts)), parts, negated, -1
        kind, variable, body = self.formulas.nodes[k]
        return kind, self.formulas.value(self.formulas.range[variable]), body, False, variable

    def evaluate(self, k: int) -> Steps:
        """Rule `evaluate`: the truth value by exhaustion of all ranges, left to right, as far as needed."""
        formulas = self.formulas
        self.ledger.spend(1)
        if k in self.known:
            return self.known[k]
        if formulas.code[k] is not None:
            return bool(formulas.value(k))
        kind, domain, body, negated, variable = self.open(k)
        trues = falses = 0
        outer, result = formulas.values[variable], None
        for value in domain:
            child = body[value] if isinstance(body, list) else body
            if variable >= 0:
                formulas.values[variable] = value
            truth = bool(formulas.value(child)) if formulas.code[child] else (yield self.evaluate(child))
            truth, negated = truth != negated, False
            trues, falses = trues + truth, falses + (not truth)
            result = conclude(kind, trues, falses, False)
            if result is not None:
                break
        if variable >= 0:
            formulas.values[variable] = outer
        answer = bool(conclude(kind, trues, falses, True) if result is None else result)
        if not formulas.free[k]:
            self.known[k] = answer
        return answer

    def prove(self, k: int, truth: bool, e: Any, before: int) -> Steps:
        """Reject unless evidence e, earlier than what uses it, proves that node k has this truth value."""
        rule, *fields = array(self.evidence[number(e, 0, before, "evidence")], f"evidence {e}") or [""]
        step = f"evidence {e}"
        self.ledger.rules[typed(rule, str, step)] += 1
        self.ledger.spend(1)
        if (rule, fields) == ("evaluate", []):
            demand((yield self.evaluate(k)) is truth, step, rule, f"node {k} has the other truth value")
        elif rule == "known" and len(fields) == 2:
            yield self.settle(k, truth, e, fields[0], fields[1], None)
        elif rule == "search" and len(fields) == 3:
            yield self.settle(k, truth, e, [], fields[1:], number(fields[0], 0, 1 << 62, step))
        else:
            tag = self.formulas.nodes[k][0]
            demand((rule, tag) in RULES, step, "format", "evidence that does not fit the formula")
            value, arity, function = RULES[rule, tag]
            demand(value is truth and len(fields) == arity, step, rule, "evidence for the other truth value")
            function(self.formulas.about[k], self.formulas.nodes[k], *fields)
        return truth

    def settle(self, k: int, truth: bool, e: int, parts: Any, rest: Any, nodes: int | None) -> Steps:
        """Rules `known`, `search`: parts with known truth values, or one value for all others, determine the whole."""
        step, rule = f"evidence {e}", "known" if nodes is None else "search"
        demand(self.formulas.code[k] is None, step, rule, "an atom has no parts")
        kind, domain, body, negated, variable = self.open(k)
        if nodes is not None:
            demand(isinstance(domain, Family), step, rule, "there is nothing to search")
            domain.nodes = nodes
        members = frozenset(domain) if isinstance(domain, list) else domain
        values, outer = self.formulas.values, self.formulas.values[variable]
        seen: set[Any] = set()
        counts = [0, 0]

        def instance(value: Any, claimed: Any, proof: Any) -> Steps:
            seen.add(value)
            counts[typed(claimed, bool, step) != (negated and value == 0)] += 1
            if variable >= 0:
                values[variable] = value
            return self.prove(body[value] if isinstance(body, list) else body, claimed, proof, e)

        for item in array(parts, step):
            value, claimed, proof = array(item, step, 3)
            value = frozen(value, step) if isinstance(domain, Family) else typed(value, int, step)
            demand(value in members and value not in seen, step, rule, "a part that is none, or stands there twice")
            yield instance(value, claimed, proof)
        result = conclude(kind, counts[1], counts[0], False)
        if result is None:
            for value in domain:
                if value not in seen:
                    demand(rest is not None, step, rule, "nothing is said of some part")
                    yield instance(value, *array(rest, step, 2))
            result = conclude(kind, counts[1], counts[0], True)
        if variable >= 0:
            values[variable] = outer
        demand(result is truth, step, rule, "the parts say otherwise")
        return truth


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
