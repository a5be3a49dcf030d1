"""A proof in words: the things that are supposed not to fit, and the instances that contradict each other.

Everything is read off the claim and the certificate; the notation is that of the language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formal.herbrand import ground_formula, read
from formal.herbrand.problem import Matrix, Problem, Type

_GOAL = "goal"


@dataclass(frozen=True, slots=True)
class Step:
    """One instance.

    Args:
        law: the law or hypothesis that it is an instance of; ``goal`` for the negated goal.
        text: what it says, in the notation of the language.
    """

    law: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadableProof:
    """A proof by contradiction.

    Args:
        supposed: the names of what the negated goal speaks of, with their types: ``f: X -> Y``.
        steps: the instances of the negated goal, then those of laws and hypotheses.
        laws: how often each law and hypothesis is used, by name, the negated goal left out.
    """

    supposed: tuple[str, ...]
    steps: tuple[Step, ...]
    laws: tuple[tuple[str, int], ...]


def readable_proof(claim: bytes, certificate: bytes) -> ReadableProof:
    """What a certificate says; it is taken to be one that the kernel has accepted."""
    problem = read(claim)
    instances: list[tuple[str, list[object]]] = [
        (axiom, terms) for axiom, terms in json.loads(certificate)["instances"]
    ]
    names = _Names.of(problem, instances)
    steps = [_step(problem, axiom, terms, names) for axiom, terms in instances]
    steps.sort(key=lambda step: step.law != _GOAL)
    laws: dict[str, int] = {}
    for step in steps:
        if step.law != _GOAL:
            laws[step.law] = laws.get(step.law, 0) + 1
    return ReadableProof(tuple(_supposed(problem, instances, names)), tuple(steps), tuple(laws.items()))


def _step(problem: Problem, axiom: str, terms: list[object], names: _Names) -> Step:
    matrix = ground_formula(problem, axiom, terms)
    return Step(axiom.partition("#")[0], " or ".join(_clause(matrix, names)))


# --- names ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """How functions are called: a Skolem function by its variable, with a prime where that is taken."""

    shown: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(problem: Problem, instances: Iterable[tuple[str, list[object]]]) -> _Names:
        """Names for the functions that instances speak of."""
        used: dict[str, None] = {}
        stack: list[object] = [term for _, terms in instances for term in terms]
        for axiom, terms in instances:
            stack += [ground_formula(problem, axiom, terms)]
        while stack:
            part = stack.pop()
            if isinstance(part, list | tuple):
                if part and isinstance(part[0], str) and part[0] in problem.functions:
                    used.setdefault(part[0])
                stack += part
        for name in [name for name in used if _is_skolem(name)]:
            stack += problem.functions[name].result.indices
        while stack:
            part = stack.pop()
            if isinstance(part, list | tuple):
                used.setdefault(str(part[0]))
                stack += part[1:]
        plain = {name for name in used if not _is_skolem(name)}
        shown = {name: _plain(name) for name in plain}
        taken = set(shown.values())
        for name in sorted(set(used) - plain):
            short = name.rpartition(".")[2].partition("#")[0]
            while short in taken:
                short += "'"
            taken.add(short)
            shown[name] = short
        return _Names(shown)

    def term(self, term: object) -> str:
        """A ground term."""
        if not isinstance(term, list | tuple):
            return str(term)
        name, *arguments = term
        assert isinstance(name, str)
        kind, _, owner = name.partition(".")
        texts = [self.term(argument) for argument in arguments]
        if kind == "id" and owner:
            return f"id({texts[0]})"
        if kind == "comp" and owner:
            second = f"({texts[1]})" if " >> " in texts[1] and not texts[1].endswith(")") else texts[1]
            return f"{texts[0]} >> {second}"
        if kind == "act" and owner:
            return f"{owner}({texts[0]})({texts[1]})"
        shown = self.shown.get(name, _plain(name))
        return f"{shown}({', '.join(texts)})" if texts else shown


def _is_skolem(name: str) -> bool:
    return "." in name and name.partition(".")[0] not in ("id", "comp", "act") and not name.endswith((".ob", ".ar"))


def _plain(name: str) -> str:
    return name.removesuffix(".ob").removesuffix(".ar")


def _supposed(problem: Problem, instances: Iterable[tuple[str, list[object]]], names: _Names) -> Iterator[str]:
    """The constants that the negated goal speaks of, with their types, objects first."""
    kinds = ("Ob", "El", "Hom")
    constants = [
        (name, function.result)
        for name, function in problem.functions.items()
        if name.startswith(f"{_GOAL}.") and name in names.shown and not function.parameters
    ]
    for name, type_ in sorted(constants, key=lambda item: kinds.index(item[1].kind)):
        yield f"{names.shown[name]}{_type(type_, names)}"


def _type(type_: Type, names: _Names) -> str:
    indices = [names.term(index) for index in type_.indices]
    match type_.kind:
        case "Ob":
            return f" in {type_.owner}"
        case "Hom":
            return f": {indices[0]} -> {indices[1]}"
        case _:
            return f" in {type_.owner}({indices[0]})"


# --- formulas -------------------------------------------------------------------------------------


def _clause(matrix: Matrix, names: _Names) -> list[str]:
    """The alternatives of a formula."""
    kind, *parts = matrix
    if kind == "or":
        return [text for part in parts for text in _clause(_matrix(part), names)] or ["a contradiction"]
    return [_text(matrix, names)]


def _text(matrix: Matrix, names: _Names) -> str:
    kind, *parts = matrix
    match kind:
        case "and":
            texts = [_text(_matrix(part), names) for part in parts]
            return " and ".join(f"({t})" if " or " in t else t for t in texts) or "true"
        case "or":
            return " or ".join(_clause(matrix, names))
        case "=" | "!=":
            left, right = (names.term(part) for part in parts)
            return f"{left} {kind} {right}"
        case "defined":
            return f"there is {names.term(parts[0])}"
        case _:
            return f"there is no {names.term(parts[0])}"


def _matrix(part: object) -> Matrix:
    assert isinstance(part, tuple)
    return part
