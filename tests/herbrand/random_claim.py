"""Random claims with a model in which the axioms hold and the goal fails, and as many instances of them as wanted."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

from formal.herbrand.problem import Problem
from tests.herbrand.model import Model, add_category, add_function, add_set_functor, explicit

Json = Any
Scope = list[tuple[str, Json]]


class Generator:
    """Well-typed terms, types and formulas over declared symbols.

    Terms of a scope are kept with their types; an application is made where its arguments fit letter by letter.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.model = random_model(random)
        self.functions: dict[str, tuple[Json, Json]] = {}
        self.count = 0
        for category in self.model.objects:
            x, y, z = ([v, ["Ob", category]] for v in "xyz")
            f, g = ["f", ["Hom", category, "x", "y"]], ["g", ["Hom", category, "y", "z"]]
            self.functions[f"id.{category}"] = [x], ["Hom", category, "x", "x"]
            self.functions[f"comp.{category}"] = [x, y, z, f, g], ["Hom", category, "x", "z"]
        for functor, base in self.model.base.items():
            x, y = (["x", ["Ob", base]], ["y", ["Ob", base]])
            source, target = ("y", "x") if functor == "T" else ("x", "y")
            f, t = ["f", ["Hom", base, "x", "y"]], ["t", ["El", functor, source]]
            self.functions[f"act.{functor}"] = [x, y, f, t], ["El", functor, target]

    def fresh(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def terms(self, scope: Scope, rounds: int = 2, most: int = 25) -> list[tuple[Json, Json]]:
        """Some terms with their types."""
        known: list[tuple[Json, Json]] = list(scope)
        for _ in range(rounds):
            names = list(self.functions)
            self.random.shuffle(names)
            for name in names:
                parameters, result = self.functions[name]
                for _ in range(3):
                    env = self._arguments(parameters, known)
                    if env is not None and len(known) < most:
                        term = [name, *(env[variable] for variable in explicit(parameters))]
                        item = (term, substitute_type(result, env))
                        if item not in known and len(str(item)) < 400:
                            known.append(item)
        return known

    def _arguments(self, parameters: Json, known: list[tuple[Json, Json]]) -> dict[str, Json] | None:
        """Explicit arguments, chosen last first, so that what they imply need not be chosen."""
        env: dict[str, Json] = {}
        for variable, type_ in reversed(parameters):
            if variable in env:
                continue
            fitting = [(term, t) for term, t in known if t[:2] == type_[:2]]
            self.random.shuffle(fitting)
            for term, found in fitting:
                implied = dict(env)
                for index, value in zip(type_[2:], found[2:], strict=True):
                    if isinstance(index, str):
                        implied.setdefault(index, value)
                if all(not isinstance(i, str) or implied[i] == v for i, v in zip(type_[2:], found[2:], strict=True)):
                    env = {**implied, variable: term}
                    break
            else:
                return None
        for variable, type_ in parameters:
            known_type = next((t for term, t in known if term == env[variable]), None)
            if known_type is not None and substitute_type(type_, env) != known_type:
                return None
        return env

    def type(self, known: list[tuple[Json, Json]]) -> Json:
        """A random type over some terms."""
        kind = self.random.choice(["Ob", "Hom", "Hom", "El"])
        owner = self.random.choice(list(self.model.base if kind == "El" else self.model.objects))
        base = self.model.base.get(owner, owner)
        objects = [term for term, type_ in known if type_ == ["Ob", base]]
        if kind == "Ob" or not objects:
            return ["Ob", base]
        count = 2 if kind == "Hom" else 1
        return [kind, owner, *(self.random.choice(objects) for _ in range(count))]

    def telescope(self, scope: Scope, most: int) -> Scope:
        """Random variables."""
        found: Scope = []
        for _ in range(self.random.randint(1, most)):
            type_ = self.type(self.terms([*scope, *found], rounds=1))
            found.append((self.fresh("v"), type_))
        return found

    def declare(self) -> None:
        """Add a function symbol with random values, if it has any."""
        parameters = self.telescope([], 3) if self.random.random() < 0.5 else []
        result = self.type(self.terms(parameters, rounds=1))
        name = self.fresh("k")
        written = [[variable, type_] for variable, type_ in parameters]
        if add_function(self.model, [name, written, result], self.random):
            self.functions[name] = written, result

    def formula(self, scope: Scope, depth: int) -> Json:
        """A random formula over some variables."""
        kinds = ["=", "=", "not", "and", "or", "implies", "iff", "forall", "exists", "exists!"]
        kind = self.random.choice(kinds) if depth else "="
        if kind in ("forall", "exists", "exists!"):
            telescope = self.telescope(scope, 2)
            body = self.formula([*scope, *telescope], depth - 1)
            return [kind, [[variable, type_] for variable, type_ in telescope], body]
        if kind == "=":
            known = self.terms(scope)
            pairs = [(s, t) for (s, a), (t, b) in itertools.combinations(known, 2) if a[:2] == b[:2]]
            if not pairs:
                return [self.random.choice(["true", "false"])]
            return ["=", *self.random.choice(pairs)]
        count = {"not": 1, "implies": 2, "iff": 2}.get(kind, self.random.randint(0, 3))
        return [kind, *(self.formula(scope, depth - 1) for _ in range(count))]

    def universal(self, tries: int = 10) -> Json:
        """A random universal formula that is true in the model."""
        for _ in range(tries):
            telescope = self.telescope([], 3)
            matrix = self.matrix(telescope, 2)
            formula = ["forall", [[variable, type_] for variable, type_ in telescope], matrix]
            if self.model.holds(formula, {}):
                return formula
        return ["true"]

    def matrix(self, scope: Scope, depth: int) -> Json:
        """A random formula without quantifiers."""
        known = self.terms(scope)
        pairs = [(s, t) for (s, a), (t, b) in itertools.combinations(known, 2) if a[:2] == b[:2]]
        kind = self.random.choice(["=", "not", "and", "or", "implies", "iff"]) if depth else "="
        if kind == "=":
            return ["=", *self.random.choice(pairs)] if pairs else ["true"]
        return [kind, *(self.matrix(scope, depth - 1) for _ in range(1 if kind == "not" else 2))]

    def diagram(self, most: int) -> list[Json]:
        """What is true of closed terms: equations, their negations, and that they are all there is."""
        known, facts = self.terms([], rounds=3), []
        for (s, a), (t, b) in itertools.combinations(known, 2):
            if a[:2] == b[:2]:
                equal = self.model.value(s, {}) == self.model.value(t, {})
                facts.append(["=", s, t] if equal else ["not", ["=", s, t]])
        self.random.shuffle(facts)
        types = [type_ for n, (_, type_) in enumerate(known) if type_ not in [t for _, t in known[:n]]]
        for type_ in types:
            terms = [term for term, t in known if t == type_]
            if {self.model.value(term, {}) for term in terms} == set(self.model.members(type_, {})):
                v = self.fresh("v")
                facts.insert(0, ["forall", [[v, type_]], ["or", *(["=", v, term] for term in terms)]])
        return facts[:most]

    def settled(self, wanted: bool, depth: int) -> Json:
        """A random closed formula with this truth value in the model."""
        formula = self.formula([], depth)
        return formula if self.model.holds(formula, {}) is wanted else ["not", formula]


def random_model(random: Random) -> Model:
    """One or two small categories, a presheaf T and a copresheaf S; anything may be empty."""
    model = Model()
    for name in ["C", "D"][: random.randint(1, 2)]:
        sizes = tuple(random.randint(1, 2) for _ in range(random.randint(0, 2)))
        maps = []
        for _ in range(random.randint(0, 2) if sizes else 0):
            x, y = random.randrange(len(sizes)), random.randrange(len(sizes))
            maps.append((x, y, tuple(random.randrange(sizes[y]) for _ in range(sizes[x]))))
        add_category(model, name, sizes, maps)
    for name in ("T", "S"):
        base = random.choice(list(model.objects))
        objects = model.objects[base]
        at = [random.choice(objects) for _ in range(random.randint(0, 1))] if objects else []
        add_set_functor(model, name, base, name == "T", at, random.randint(0, 1))
    return model


def random_claim(random: Random, *, universal: bool = False) -> tuple[Json, Model]:
    """A claim, and a model of its axioms in which its goal fails; with Skolem functions unless it is ``universal``."""
    generator = Generator(random)
    for _ in range(random.randint(1, 5)):
        generator.declare()
    if universal:
        formulas = [generator.universal() for _ in range(5)]
    else:
        formulas = [generator.settled(True, 3) for _ in range(random.randint(1, 3))] + generator.diagram(20)
    axioms = [[f"a{n}", formula] for n, formula in enumerate(formulas)]
    model = generator.model
    claim = {
        "format": "formal-theorem/1",
        "theorem": "random",
        "obligation": "show",
        "categories": list(model.objects),
        "set_functors": [[n, b, "contravariant" if n == "T" else "covariant"] for n, b in model.base.items()],
        "functions": [[n, p, r] for n, (p, r) in generator.functions.items() if "." not in n],
        "axioms": axioms,
        "goal": ["false"] if universal else generator.settled(False, 3),
    }
    return claim, model


def substitute_type(type_: Json, env: dict[str, Json]) -> Json:
    return [*type_[:2], *(substitute(index, env) for index in type_[2:])]


def substitute(term: Json, env: dict[str, Json]) -> Json:
    if isinstance(term, str):
        return env.get(term, term)
    return [term[0], *(substitute(argument, env) for argument in term[1:])]


def ground_terms(problem: Problem, random: Random, rounds: int = 2, most: int = 40) -> dict[tuple[str, str], list[Any]]:
    """Closed terms by sort, also such as do not fit: only the sorts of arguments are respected."""
    found: dict[tuple[str, str], list[Any]] = {}
    for _ in range(rounds):
        for function in problem.functions.values():
            sorts = [(t.kind, t.owner) for name, t in function.parameters if name in function.explicit]
            choices = [list(found.get(sort, ())) for sort in sorts]
            for chosen in sample(choices, random, 4):
                kept = found.setdefault((function.result.kind, function.result.owner), [])
                term = (function.name, *chosen)
                if term not in kept and sum(map(len, found.values())) < most:
                    kept.append(term)
    return found


def instances(problem: Problem, random: Random, each: int) -> list[tuple[str, tuple[Any, ...]]]:
    """Instances of every axiom, whether their terms fit or not."""
    terms = ground_terms(problem, random)
    found: list[tuple[str, tuple[Any, ...]]] = []
    for axiom in problem.axioms.values():
        types = dict(axiom.variables)
        choices = [terms.get((types[v].kind, types[v].owner), []) for v in axiom.explicit]
        found += [(axiom.name, chosen) for chosen in sample(choices, random, each)]
    return found


def sample(choices: list[list[Any]], random: Random, most: int) -> list[tuple[Any, ...]]:
    """Some tuples, one entry from each list; all of them if there are few."""
    total = 1
    for choice in choices:
        total *= len(choice)
    if total <= most:
        return list(itertools.product(*choices))
    return list(dict.fromkeys(tuple(random.choice(choice) for choice in choices) for _ in range(most)))
