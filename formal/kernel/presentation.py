"""Categories of a claim: constructed ones from their tables, presented ones from proofs about their equations."""

from __future__ import annotations

from itertools import chain
from typing import Any

from formal.kernel.category import Category, Equation, Graph, Suffixes, Word, constructed, smaller
from formal.kernel.reading import Ledger, array, demand, number, record, typed


def read_category(raw: Any, proof: Any, step: str, ledger: Ledger) -> Category | None:
    """A category of the claim with what the certificate says of it; None for one with infinitely many arrows."""
    if "relations" not in typed(raw, dict, step):
        demand(proof is None, step, "format", "a table for a category that has one")
        fields = "name", "objects", "generators", "parent", "last", "steps", "labels"
        name, objects, generators, parent, last, steps, labels = record(raw, step, *fields)
        category = constructed(Graph(name, objects, generators, step), parent, last, steps, ledger)
        holds = labels is None or set(map(type, array(labels, step, category.n))) <= {str}
        demand(holds, step, "format", "the labels of arrows are not strings")
        return category
    name, objects, generators, equations = record(raw, step, "name", "objects", "generators", "relations")
    graph = Graph(name, objects, generators, step)
    relations = [graph.equation(*array(item, step, 3)) for item in array(equations, step)]
    if "loop" not in typed(proof, dict, step):
        return enumerated(graph, relations, proof, ledger)
    check_infinite(graph, relations, proof, ledger)
    return None


def derived(graph: Graph, relations: list[Equation], rules: Any, ledger: Ledger) -> list[Equation]:
    """Rule `derive`: each rule's sides are equal by the relations, and its right side is smaller in shortlex order.

    A derivation replaces one side of a relation, or of an earlier rule, by the other, until left has become right.
    """
    step, equations = graph.step, list(relations)
    for item in array(rules, step):
        start, left_raw, right_raw, derivation = array(item, step, 4)
        _, left, right = rule = graph.equation(start, left_raw, right_raw)
        demand(smaller(right, left), step, "derive", "a rule's right side is not smaller than its left side")
        word = left
        for rewrite in array(derivation, step):
            position, equation, forward = array(rewrite, step, 3)
            number(position, 0, len(word) + 1, step)
            x, old, new = equations[number(equation, 0, len(equations), step)]
            if not typed(forward, bool, step):
                old, new = new, old
            end = position + len(old)
            holds = word[position:end] == old and x == (graph.end[word[position - 1]] if position else start)
            demand(holds, step, "derive", "a rewrite does not match the word")
            word = word[:position] + new + word[end:]
            ledger.spend(len(word) + 1)
        demand(word == right, step, "derive", "a derivation does not end with the right side")
        ledger.rules["derive"] += 1
        equations.append(rule)
    return equations[len(relations) :]


def enumerated(graph: Graph, relations: list[Equation], proof: Any, ledger: Ledger) -> Category:
    """Rule `enumerate`: the table's arrows are exactly the paths modulo the relations.

    Every relation holds after every arrow, so equal paths lead to the same arrow. For every edge (f, g) outside the
    tree, word(f) + g ends with a rule's left side; so by induction along the shortlex order each path equals the word
    of the arrow that it leads to: paths that lead to one arrow are equal.
    """
    parent, last, steps, rules = record(proof, graph.step, "parent", "last", "steps", "rules")
    category = Category(graph, parent, last, steps, ledger)
    suffixes = Suffixes(ledger, derived(graph, relations, rules, ledger))
    category.satisfies(relations, "enumerate")
    for f, g, _ in category.relations():
        holds = suffixes.find(chain([g], category.backwards(f))) >= 0
        demand(holds, graph.step, "enumerate", "no rule says why a composite is an arrow listed before")
    category.presented, category.equations = True, relations
    return category


def check_infinite(graph: Graph, relations: list[Equation], proof: Any, ledger: Ledger) -> None:
    """Rule `infinite`: the presented category has infinitely many arrows.

    The rules follow from the relations and shrink words; the two sides of each relation, and of each critical pair,
    have a common reduct: so different irreducible words are different arrows. No left side occurs in prefix + loop^n:
    these words are irreducible, for all n.
    """
    rules_raw, start, prefix_raw, loop_raw = record(proof, graph.step, "rules", "dom", "prefix", "loop")
    rules = derived(graph, relations, rules_raw, ledger)
    prefix, middle = graph.path(number(start, 0, graph.p, graph.step), prefix_raw)
    loop, end = graph.path(middle, loop_raw)
    demand(loop != () and end == middle, graph.step, "infinite", "the loop is no loop")
    suffixes = Suffixes(ledger, rules)

    def normal_form(word: Word) -> Word:
        done: list[int] = []
        todo = list(reversed(word))
        while todo:
            done.append(todo.pop())
            rule = suffixes.find(reversed(done))
            if rule >= 0:
                _, left, right = rules[rule]
                del done[-len(left) :]
                todo.extend(reversed(right))
                ledger.spend(len(right))
        return tuple(done)

    def join(one: Word, two: Word) -> None:
        demand(normal_form(one) == normal_form(two), graph.step, "infinite", "two reducts have no common reduct")

    for _, left, right in relations:
        join(left, right)
    for _, one, to in rules:
        for _, two, other in rules:
            ledger.spend((len(one) + 1) * (len(two) + 1))
            for k in range(1, min(len(one), len(two)) + 1):
                if one[-k:] == two[:k]:
                    join(to + two[k:], one[:-k] + other)
            for k in range(len(one) - len(two) + 1):
                if one[k : k + len(two)] == two:
                    join(to, one[:k] + other + one[k + len(two) :])
    word = prefix + loop * (max((len(left) for _, left, _ in rules), default=0) // len(loop) + 2)
    demand(normal_form(word) == word, graph.step, "infinite", "the loop's powers can be reduced")
    ledger.rules["infinite"] += 1
