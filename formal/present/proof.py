"""The proof that a category carries, checked naively: that its table is the category which its presentation presents.

Four facts are enough. Every rule follows from the relations and the rules before it, and its right side is smaller
than its left side; so a word and what it is rewritten to are equal arrows. Every step of the table but those that
make the words longer is an instance of a rule, so each path equals the word of the arrow that the table leads to.
Every relation holds at every arrow of the table, so paths that are equal lead to the same arrow.
"""

from __future__ import annotations

from collections.abc import Iterator

from formal.core.category import Category
from formal.core.presentation import InfiniteCategory, Presentation, Rule, Word
from formal.present.overlap import overlaps
from formal.present.system import spell


def proof_failures(result: Category | InfiniteCategory) -> Iterator[str]:
    """Every gap in the proof that a presented category, or one found infinite, carries; in words, for tests.

    Args:
        result: what ``enumerate_category`` gave.
    """
    presentation = result.presentation
    if presentation is None:
        yield "there is no presentation"
        return
    yield from _rule_failures(presentation, result.rules)
    if isinstance(result, InfiniteCategory):
        yield from _infinity_failures(result)
    else:
        yield from _table_failures(presentation, result)


def _rule_failures(presentation: Presentation, rules: tuple[Rule, ...]) -> Iterator[str]:
    equations: list[tuple[int, Word, Word]] = [
        (left.dom, left.word, right.word) for left, right in presentation.relations
    ]
    for number, rule in enumerate(rules):
        if not (len(rule.right), rule.right) < (len(rule.left), rule.left):
            yield f"rule {number} does not make words smaller"
        word = rule.left
        for step in rule.derivation:
            if not 0 <= step.equation < len(equations):
                yield f"rule {number} uses equation {step.equation}, which does not come before it"
                return
            dom, old, new = equations[step.equation]
            if not step.forward:
                old, new = new, old
            objects = _objects(presentation, rule.dom, word)
            if objects is None or not 0 <= step.position < len(objects) or objects[step.position] != dom:
                yield f"rule {number} rewrites at {step.position}, at another object"
                return
            end = step.position + len(old)
            if word[step.position : end] != old:
                yield f"rule {number} rewrites at {step.position} what is not there"
                return
            word = word[: step.position] + new + word[end:]
        if word != rule.right:
            yield f"the derivation of rule {number} ends elsewhere"
        equations.append((rule.dom, rule.left, rule.right))


def _objects(presentation: Presentation, dom: int, word: Word) -> list[int] | None:
    """The objects along a path, or None where it is not one."""
    objects = [dom]
    for generator in word:
        _, start, end = presentation.generators[generator]
        if start != objects[-1]:
            return None
        objects.append(end)
    return objects


def _table_failures(presentation: Presentation, category: Category) -> Iterator[str]:
    given = tuple((g.name, g.dom, g.cod) for g in category.generators)
    if given != presentation.generators or category.objects != presentation.objects:
        yield "the generators or objects are not those of the presentation"
        return
    by_left = {(rule.dom, rule.left): rule.right for rule in category.rules}
    ends = [(source, cod) for _, source, cod in presentation.generators]
    for f in range(category.arrow_count):
        parent, last = int(category.parent[f]), int(category.last[f])
        if f >= category.object_count and not (
            0 <= parent < f
            and ends[last] == (category.target(parent), category.target(f))
            and category.source(parent) == category.source(f)
            and category.step(parent, last) == f
        ):
            yield f"arrow {f} is not its parent followed by its last generator"
            return
    for f in range(category.arrow_count):
        word = category.word(f)
        for g in category.leaving[category.target(f)]:
            after = category.step(f, g)
            if category.parent[after] == f and category.last[after] == g:
                continue
            letters = (*word, g)
            for size in range(1, len(letters) + 1):
                left = letters[-size:]
                right = by_left.get((presentation.generators[left[0]][1], left))
                if right is not None and category.trace(_ancestor(category, f, size - 1), right) == after:
                    break
            else:
                yield f"no rule leads from arrow {f} by generator {g} to arrow {after}"
    for index, (one, two) in enumerate(presentation.relations):
        for f in range(category.arrow_count):
            if category.target(f) == one.dom and category.trace(f, one.word) != category.trace(f, two.word):
                yield f"relation {index} does not hold at arrow {f}"


def _ancestor(category: Category, f: int, generations: int) -> int:
    for _ in range(generations):
        f = int(category.parent[f])
    return f


def _infinity_failures(result: InfiniteCategory) -> Iterator[str]:
    rules = [(spell(rule.left), spell(rule.right)) for rule in result.rules]

    def normal(word: str) -> str:
        while True:
            for left, right in rules:
                if left in word:
                    word = word.replace(left, right, 1)
                    break
            else:
                return word

    if not result.loop:
        yield "the loop is empty"
        return
    walk = result.prefix + result.loop
    objects = _objects(result.presentation, result.dom, walk)
    if objects is None or objects[len(result.prefix)] != objects[-1]:
        yield "the loop is not one"
    longest = max((len(left) for left, _ in rules), default=0)
    # Whatever part of prefix + loop * n a left side could be is a part of this.
    turns = longest // len(result.loop) + 2
    long = spell(result.prefix + result.loop * turns)
    if normal(long) != long:
        yield "the powers of the loop are reducible"
    for i, j, shared in overlaps([left for left, _ in rules]):
        begin, end = rules[i][0][:-shared], rules[j][0][shared:]
        if normal(rules[i][1] + end) != normal(begin + rules[j][1]):
            yield f"rules {i} and {j} overlap in {shared} letters and do not join"
    for i, (inner, small) in enumerate(rules):
        for j, (outer, right) in enumerate(rules):
            place = outer.find(inner) if i != j else -1
            while place >= 0:
                if normal(outer[:place] + small + outer[place + len(inner) :]) != normal(right):
                    yield f"rule {i} rewrites inside the left side of rule {j} and they do not join"
                place = outer.find(inner, place + 1)
    for index, (one, two) in enumerate(result.presentation.relations):
        if normal(spell(one.word)) != normal(spell(two.word)):
            yield f"relation {index} does not hold"
