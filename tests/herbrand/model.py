"""Finite models, and the truth of a claim's formulas in them, by plain enumeration.

It shares nothing with the kernel but the notation of claims.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

Json = Any
Env = dict[str, int]
Table = dict[tuple[int, ...], int]


@dataclass
class Model:
    """Objects, arrows and elements are numbers; hom-sets are disjoint, and so are fibres."""

    objects: dict[str, list[int]] = field(default_factory=dict)
    arrows: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    base: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[int]] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def value(self, term: Json, env: Env) -> int:
        if isinstance(term, str):
            return env[term]
        return self.tables[term[0]][tuple(self.value(argument, env) for argument in term[1:])]

    def denotation(self, term: Any) -> int | None:
        """The value of a closed term; None where an argument has no value, or does not fit."""
        arguments = tuple(self.denotation(argument) for argument in term[1:])
        return self.tables[term[0]].get(arguments)  # type: ignore[arg-type]

    def satisfies(self, matrix: Any) -> bool:
        """Whether a ground formula of the kernel holds, with one more element, None, in every sort."""
        kind, *parts = matrix
        match kind:
            case "and":
                return all(self.satisfies(part) for part in parts)
            case "or":
                return any(self.satisfies(part) for part in parts)
        left, right = (self.denotation(term) for term in parts)
        return (left == right) is (kind == "=")

    def members(self, type_: Json, env: Env) -> list[int]:
        kind, owner, *indices = type_
        over = [self.value(index, env) for index in indices]
        if kind == "Ob":
            return self.objects[owner]
        if kind == "Hom":
            return [f for f, ends in enumerate(self.arrows[owner]) if list(ends) == over]
        return [t for t, place in enumerate(self.places[owner]) if [place] == over]

    def tuples(self, telescope: Json, env: Env) -> Iterator[Env]:
        if not telescope:
            yield env
            return
        (variable, type_), *rest = telescope
        for member in self.members(type_, env):
            yield from self.tuples(rest, {**env, variable: member})

    def holds(self, formula: Json, env: Env) -> bool:
        kind, *parts = formula
        match kind:
            case "true" | "false":
                return kind == "true"
            case "=":
                return self.value(parts[0], env) == self.value(parts[1], env)
            case "not":
                return not self.holds(parts[0], env)
            case "and":
                return all(self.holds(part, env) for part in parts)
            case "or":
                return any(self.holds(part, env) for part in parts)
            case "implies":
                return not self.holds(parts[0], env) or self.holds(parts[1], env)
            case "iff":
                return self.holds(parts[0], env) is self.holds(parts[1], env)
        truths = (self.holds(parts[1], inner) for inner in self.tuples(parts[0], env))
        if kind == "forall":
            return all(truths)
        return any(truths) if kind == "exists" else sum(truths) == 1

    def refutes(self, claim: Json) -> bool:
        """Whether all axioms hold and the goal fails."""
        return not self.holds(claim["goal"], {}) and all(self.holds(formula, {}) for _, formula in claim["axioms"])


def explicit(parameters: Json) -> list[str]:
    indices = [index for _, type_ in parameters for index in type_[2:]]
    return [variable for variable, _ in parameters if variable not in indices]


def add_category(model: Model, name: str, sizes: tuple[int, ...], maps: list[tuple[int, int, tuple[int, ...]]]) -> None:
    """The category that some functions between finite sets generate."""
    arrows = [(x, x, tuple(range(size))) for x, size in enumerate(sizes)]

    def after(f: Any, g: Any) -> Any:
        return (f[0], g[1], tuple(g[2][value] for value in f[2]))

    for f in arrows:  # grows while it is read
        for g in maps:
            if f[1] == g[0] and after(f, g) not in arrows:
                arrows.append(after(f, g))
    model.objects[name] = list(range(len(sizes)))
    model.arrows[name] = [(dom, cod) for dom, cod, _ in arrows]
    model.tables[f"id.{name}"] = {(x,): x for x in range(len(sizes))}
    pairs = [(i, j) for i, f in enumerate(arrows) for j, g in enumerate(arrows) if f[1] == g[0]]
    model.tables[f"comp.{name}"] = {(i, j): arrows.index(after(arrows[i], arrows[j])) for i, j in pairs}


def add_set_functor(model: Model, name: str, base: str, contravariant: bool, at: list[int], constant: int) -> None:
    """A coproduct of representables, at these objects, and of a constant functor."""
    arrows, comp = model.arrows[base], model.tables[f"comp.{base}"]
    elements: list[tuple[int, int]] = [
        (n, f) for n, p in enumerate(at) for f, (dom, cod) in enumerate(arrows) if (cod if contravariant else dom) == p
    ]
    ends = [arrows[f][0 if contravariant else 1] for _, f in elements]
    elements += [(-1 - n, x) for n in range(constant) for x in model.objects[base]]
    model.base[name] = base
    model.places[name] = [*ends, *(x for _, x in elements[len(ends) :])]
    table: Table = {}
    for g, (dom, cod) in enumerate(arrows):
        source, target = (cod, dom) if contravariant else (dom, cod)
        for t, (n, f) in enumerate(elements):
            if model.places[name][t] == source:
                moved = target if n < 0 else comp[(g, f) if contravariant else (f, g)]
                table[g, t] = elements.index((n, moved))
    model.tables[f"act.{name}"] = table


def add_function(model: Model, function: Json, random: Random) -> bool:
    """Choose values for a function symbol; False if some fibre that it must go to is empty."""
    name, parameters, result = function
    table: Table = {}
    for env in model.tuples(parameters, {}):
        members = model.members(result, env)
        if not members:
            return False
        table[tuple(env[variable] for variable in explicit(parameters))] = random.choice(members)
    model.tables[name] = table
    return True


def every_function(model: Model, functions: Json) -> Iterator[Model]:
    """All ways to choose values for some function symbols."""
    if not functions:
        yield model
        return
    (name, parameters, result), *rest = functions
    environments = list(model.tuples(parameters, {}))
    keys = [tuple(env[variable] for variable in explicit(parameters)) for env in environments]
    for values in itertools.product(*(model.members(result, env) for env in environments)):
        tables = {**model.tables, name: dict(zip(keys, values, strict=True))}
        found = Model(model.objects, model.arrows, model.base, model.places, tables)
        yield from every_function(found, rest)
