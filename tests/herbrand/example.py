"""Claims and proofs written by hand, in the notation of claims."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from formal.certificate.theorem import write_herbrand_certificate

Json = Any
OB = ["Ob", "C"]


def hom(x: Json, y: Json) -> Json:
    return ["Hom", "C", x, y]


def comp(f: Json, g: Json) -> Json:
    return ["comp.C", f, g]


def document(**fields: Json) -> Json:
    """A claim with these fields, and otherwise empty ones."""
    empty = {"categories": ["C"], "set_functors": [], "functions": [], "axioms": [], "goal": ["true"]}
    names = {"format": "formal-theorem/1", "theorem": "example", "obligation": "show"}
    return {**empty, **names, **fields}


def encode(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


@dataclass(frozen=True)
class Example:
    """A claim and instances that prove it, every one of them needed."""

    name: str
    document: Json
    instances: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def claim(self) -> bytes:
        return encode(self.document)

    @property
    def certificate(self) -> bytes:
        return write_herbrand_certificate(self.claim, self.instances)


def mono(f: Json, dom: Json, n: int) -> Json:
    """f: dom -> … cancels on the right; bound names end in n."""
    w, a, b = f"w{n}", f"a{n}", f"b{n}"
    cancel = ["implies", ["=", comp(a, f), comp(b, f)], ["=", a, b]]
    return ["forall", [[w, OB], [a, hom(w, dom)], [b, hom(w, dom)]], cancel]


def terminal(x: Json, n: int) -> Json:
    """From every object there is exactly one arrow to x."""
    return ["forall", [[f"w{n}", OB]], ["exists!", [[f"u{n}", hom(f"w{n}", x)]], ["true"]]]


X, Y, Z, P = ["X"], ["Y"], ["Z"], ["P"]
TX, TY = ("X",), ("Y",)
f, g, s = ("f",), ("g",), ("s",)
OBJECTS = [["X", [], OB], ["Y", [], OB], ["Z", [], OB]]

_a, _b = ("goal.a3",), ("goal.b3",)
MONOS_COMPOSE = Example(
    "composites of monomorphisms are monomorphisms",
    document(
        functions=[*OBJECTS, ["f", [], hom(X, Y)], ["g", [], hom(Y, Z)]],
        axioms=[["f is mono", mono(["f"], X, 1)], ["g is mono", mono(["g"], Y, 2)]],
        goal=mono(comp(["f"], ["g"]), X, 3),
    ),
    (
        ("goal", ()),
        ("goal#2", ()),
        ("f is mono", (_a, _b)),
        ("g is mono", (("comp.C", _a, f), ("comp.C", _b, f))),
        ("C.associativity", (_a, f, g)),
        ("C.associativity", (_b, f, g)),
    ),
)

SPLIT_MONOS = Example(
    "split monomorphisms are monomorphisms",
    document(
        functions=[*OBJECTS[:2], ["f", [], hom(X, Y)]],
        axioms=[["split", ["exists", [["s", hom(Y, X)]], ["=", comp(["f"], "s"), ["id.C", X]]]]],
        goal=mono(["f"], X, 3),
    ),
    (
        ("goal", ()),
        ("goal#2", ()),
        ("split", ()),
        ("C.associativity", (_a, f, ("split.s",))),
        ("C.associativity", (_b, f, ("split.s",))),
        ("C.right_identity", (_a,)),
        ("C.right_identity", (_b,)),
    ),
)

_u, _v = ("X is terminal.u1", TY), ("Y is terminal.u2", TX)
_iso = ["and", ["=", comp("i", "j"), ["id.C", X]], ["=", comp("j", "i"), ["id.C", Y]]]
TERMINAL_OBJECTS = Example(
    "terminal objects are isomorphic",
    document(
        functions=OBJECTS[:2],
        axioms=[["X is terminal", terminal(X, 1)], ["Y is terminal", terminal(Y, 2)]],
        goal=["exists", [["i", hom(X, Y)], ["j", hom(Y, X)]], _iso],
    ),
    (
        ("goal", (_v, _u)),
        ("X is terminal", (("comp.C", _v, _u),)),
        ("X is terminal", (("id.C", TX),)),
        ("Y is terminal", (("comp.C", _u, _v),)),
        ("Y is terminal", (("id.C", TY),)),
    ),
)


def transformation(name: str) -> Json:
    """A natural transformation Hom(-, P) => T, as a function symbol with its law."""
    here = [["x", OB], ["h", hom("x", P)]]
    return [name, here, ["El", "T", "x"]]


def natural(name: str, n: int) -> Json:
    x, y, k, h = f"x{n}", f"y{n}", f"k{n}", f"h{n}"
    law = ["=", [name, comp(k, h)], ["act.T", k, [name, h]]]
    return ["forall", [[x, OB], [y, OB], [k, hom(x, y)], [h, hom(y, P)]], law]


_h, _id = ("goal.h9",), ("id.C", ("P",))
YONEDA = Example(
    "a transformation from a representable is determined by the identity",
    document(
        set_functors=[["T", "C", "contravariant"]],
        functions=[["P", [], OB], transformation("a"), transformation("b")],
        axioms=[
            ["a is natural", natural("a", 1)],
            ["b is natural", natural("b", 2)],
            ["equal", ["=", ["a", ["id.C", P]], ["b", ["id.C", P]]]],
        ],
        goal=["forall", [["x9", OB], ["h9", hom("x9", P)]], ["=", ["a", "h9"], ["b", "h9"]]],
    ),
    (
        ("goal", ()),
        ("equal", ()),
        ("a is natural", (_h, _id)),
        ("b is natural", (_h, _id)),
        ("C.right_identity", (_h,)),
    ),
)

_E = ["El", "T", P]
UNIQUE = Example(
    "exactly one, if there is one and all are equal",
    document(
        set_functors=[["T", "C", "covariant"]],
        functions=[["P", [], OB], ["t", [], _E]],
        axioms=[["all equal", ["forall", [["y", _E], ["z", _E]], ["=", "y", "z"]]]],
        goal=["exists!", [["x", _E]], ["true"]],
    ),
    (("goal", (("t",),)), ("all equal", (("goal.x",), ("goal.x#2",)))),
)

EXAMPLES = (MONOS_COMPOSE, SPLIT_MONOS, TERMINAL_OBJECTS, YONEDA, UNIQUE)
