"""A forger: certificates made up at random that look like proofs of whatever is asked for.

What it makes fits the formula in shape, so that the kernel gets as far as the rules themselves: evidence of the kind
that the node calls for, tables of the right length, values close to the ends of their ranges, now and then one that
stands twice, is negative, or is of another type.
"""

from __future__ import annotations

import json
from hashlib import sha256
from random import Random
from typing import Any

QUANTIFIERS = ("forall", "exists", "exists!")
CONNECTIVES = ("not", "and", "or", "implies", "iff", "instances", "named")
ODD: tuple[Any, ...] = (None, True, False, -1, 10**9, "", [], [0], [[0], [0]], {})


class Forger:
    """Makes up certificates for one claim.

    Args:
        claim: the claim as the kernel reads it.
        honest: a certificate for it; its tables of categories are kept.
    """

    def __init__(self, claim: bytes, honest: bytes, random: Random) -> None:
        self.claim, self.random = json.loads(claim), random
        self.frame = json.loads(honest)
        self.digest = sha256(claim).hexdigest()
        self.nodes = self.claim["nodes"]

    def certificate(self, value: bool) -> bytes:
        """Something that claims to prove this truth value."""
        self.evidence: list[Any] = []
        self.root = self.piece(len(self.nodes) - 1, value, 6)
        forged = {**self.frame, "claim": self.digest, "value": value, "evidence": self.evidence}
        return json.dumps(forged, sort_keys=True, separators=(",", ":")).encode()

    def piece(self, k: int, truth: bool, depth: int) -> int:
        """The number of some evidence for a node."""
        if self.evidence and self.random.random() < 0.1:
            return self.random.randrange(len(self.evidence))
        made = self.make(k, truth, depth)
        self.evidence.append(made)
        return len(self.evidence) - 1

    def make(self, k: int, truth: bool, depth: int) -> list[Any]:
        tag, *fields = self.nodes[k]
        if depth == 0 or self.random.random() < 0.1:
            return ["evaluate"]
        if tag in CONNECTIVES:
            first = {"instances": 3, "named": 2}.get(tag, 0)
            return self.known(fields[first:], None, truth, depth)
        if tag in QUANTIFIERS:
            variable, body = fields
            return self.known([body], self.nodes[self.nodes[variable][2]], truth, depth)
        return self.atom(tag, fields)

    def known(self, bodies: list[int], domain: list[Any] | None, truth: bool, depth: int) -> list[Any]:
        """Some parts, which may be none or stand there twice, and something about the rest."""
        parts = []
        for _ in range(self.random.choice((0, 0, 1, 1, 2, 3))):
            index = self.random.randrange(-1, len(bodies) + 1) if domain is None else 0
            body = bodies[index] if domain is None and 0 <= index < len(bodies) else bodies[0] if bodies else 0
            claimed = truth if self.random.random() < 0.6 else not truth
            value = index if domain is None else self.value(domain)
            parts.append([value, claimed, self.piece(body, claimed, depth - 1)])
        rest: Any = None
        if self.random.random() < 0.6 and bodies:
            claimed = truth if self.random.random() < 0.7 else not truth
            rest = [claimed, self.piece(self.random.choice(bodies), claimed, depth - 1)]
        is_family = domain is not None and domain[0] in ("transformations", "functors", "families")
        if is_family and rest and self.random.random() < 0.4:
            return ["search", self.random.choice((0, 1, 5, 10**6)), *rest]
        return ["known", parts, rest]

    def value(self, domain: list[Any]) -> Any:
        """A value of a range, or nearly so."""
        if self.random.random() < 0.05:
            return self.random.choice(ODD)
        match domain:
            case ["transformations", s, t]:
                sizes = [sum(map(len, self.claim["set_functors"][k]["elements"])) for k in (s, t)]
                return self.numbers(sizes[0], sizes[1])
            case ["functors", c, d]:
                (p, g, _), (q, _, n) = (self.sizes(k) for k in (c, d))
                return [self.numbers(p, q), self.numbers(g, n)]
            case ["families", *_]:
                return self.numbers(self.random.randrange(4), 6)
            case _:
                return self.random.randrange(-1, 7)

    def atom(self, tag: str, fields: list[Any]) -> list[Any]:
        if tag in ("covered", "coproduct"):
            t = self.claim["set_functors"][fields[0]]
            size, p = sum(map(len, t["elements"])), len(t["elements"])
            match self.random.choice(("forest", "forest", "separated", "bad-component", "bad-component", "few")):
                case "forest":
                    generator = self.numbers(size, len(t["action"]), -1)
                    roots = [e for e, g in enumerate(generator) if g in (-1, -2)]
                    if self.random.random() < 0.3 and roots:
                        roots.append(self.random.choice(roots))
                    if self.random.random() < 0.2:
                        roots = self.numbers(self.random.randrange(4), max(size, 1))
                    return ["forest", roots, self.numbers(size, size), generator]
                case "separated":
                    label = self.numbers(size, max(1, fields[1] + 1), -1)
                    count = len({*label} - {-1}) if self.random.random() < 0.5 else fields[1] + 1
                    return ["separated", label, count]
                case "bad-component":
                    member = self.numbers(size, 2)
                    sources = [m if self.random.random() < 0.5 else 0 for m in member]
                    misfit = [self.numbers(2, p) for _ in range(self.random.randrange(4))]
                    return ["bad-component", member, sources, misfit]
                case _:
                    return ["few-components"]
        if tag == "isomorphic":
            if self.random.random() < 0.3:
                return ["invariant", self.random.randrange(4)]
            return ["isomorphism", self.value(["transformations", *fields])]
        if tag in ("isomorphic-categories", "equivalent"):
            if self.random.random() < 0.3:
                return ["invariant", self.random.randrange(4)]
            rule = self.random.choice(("isomorphism", "equivalence"))
            return [rule, self.value(["functors", *fields])]
        return ["evaluate"]

    def numbers(self, count: int, high: int, low: int = 0) -> list[Any]:
        """That many numbers of a range, now and then with one that is odd."""
        result: list[Any] = [self.random.randrange(low, max(high, low + 1)) for _ in range(count)]
        if result and self.random.random() < 0.03:
            result[self.random.randrange(count)] = self.random.choice((True, False, -1, -2, high, None))
        return result

    def sizes(self, c: int) -> tuple[int, int, int]:
        """The numbers of objects, generators and arrows of a category."""
        raw = self.claim["categories"][c]
        table = raw if "parent" in raw else self.frame["categories"][c] or {}
        return len(raw["objects"]), len(raw["generators"]), len(table.get("parent", raw["objects"]))
