"""Random presentations: whatever comes out is what naive closure says, and is proved."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from formal.core.category import Category
from formal.core.presentation import InfiniteCategory, Path, Presentation, Word
from formal.present import Limits, enumerate_category, proof_failures

LIMITS = Limits(arrows=400, rules=300, steps=60_000)


def paths(presentation: Presentation, dom: int, length: int) -> list[Word]:
    """All paths from an object with at most that many generators."""
    found: list[tuple[Word, int]] = [((), dom)]
    for word, end in found:
        if len(word) < length:
            found.extend(((*word, g), y) for g, (_, x, y) in enumerate(presentation.generators) if x == end)
    return [word for word, _ in found]


def end(presentation: Presentation, dom: int, word: Word) -> int:
    return presentation.generators[word[-1]][2] if word else dom


@st.composite
def presentations(draw: st.DrawFn) -> Presentation:
    objects = draw(st.integers(1, 3))
    ends = draw(st.lists(st.tuples(st.integers(0, objects - 1), st.integers(0, objects - 1)), max_size=4))
    free = Presentation(
        "P", tuple(map(str, range(objects))), tuple((f"g{i}", x, y) for i, (x, y) in enumerate(ends)), ()
    )
    relations = []
    for _ in range(draw(st.integers(0, 5))):
        dom = draw(st.integers(0, objects - 1))
        choices = paths(free, dom, 3)
        left = draw(st.sampled_from(choices))
        parallel = [word for word in choices if end(free, dom, word) == end(free, dom, left)]
        relations.append((Path(dom, left), Path(dom, draw(st.sampled_from(parallel)))))
    return replace(free, relations=tuple(relations))


def closure(presentation: Presentation, dom: int, length: int) -> dict[Word, Word]:
    """For each path of at most that length the least one found equal by rewriting within that length."""
    words = set(paths(presentation, dom, length))
    least: dict[Word, Word] = {}
    for start in sorted(words, key=lambda word: (len(word), word)):
        if start in least:
            continue
        queue = [start]
        least[start] = start
        for word in queue:
            for (left, right), place in product(presentation.relations, range(len(word) + 1)):
                if end(presentation, dom, word[:place]) != left.dom:
                    continue
                for old, new in ((left.word, right.word), (right.word, left.word)):
                    if word[place : place + len(old)] == old:
                        other = word[:place] + new + word[place + len(old) :]
                        if other in words and other not in least:
                            least[other] = start
                            queue.append(other)
    return least


@settings(max_examples=150, deadline=None)
@given(presentations())
def test_finite_categories_are_proved(presentation: Presentation) -> None:
    category = enumerate_category(presentation, limits=LIMITS)
    if not isinstance(category, Category):
        return
    assert list(proof_failures(category)) == []
    if category.arrow_count <= 40:
        assert list(category.failures()) == []


@settings(max_examples=150, deadline=None)
@given(presentations())
def test_infinite_categories_are_proved(presentation: Presentation) -> None:
    result = enumerate_category(presentation, limits=LIMITS)
    if isinstance(result, InfiniteCategory):
        assert list(proof_failures(result)) == []


@settings(max_examples=60, deadline=None)
@given(presentations())
def test_agrees_with_naive_closure(presentation: Presentation) -> None:
    category = enumerate_category(presentation, limits=LIMITS)
    if not isinstance(category, Category):
        return
    for dom in range(category.object_count):
        least = closure(presentation, dom, 4)
        for word, smallest in least.items():
            assert category.trace(dom, word) == category.trace(dom, smallest)
            # An arrow's word is the least of all paths that are equal to it.
            normal = category.word(category.trace(dom, word))
            assert (len(normal), normal) <= (len(smallest), smallest)


@settings(max_examples=60, deadline=None)
@given(presentations(), st.randoms(use_true_random=False))
def test_order_of_relations_does_not_matter(presentation: Presentation, random: object) -> None:
    shuffled = list(presentation.relations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    swapped = tuple((right, left) for left, right in shuffled)
    first = enumerate_category(presentation, limits=LIMITS)
    second = enumerate_category(replace(presentation, relations=swapped), limits=LIMITS)
    if isinstance(first, Category) and isinstance(second, Category):
        # Shortlex normal forms depend on the congruence alone.
        assert first.steps.tolist() == second.steps.tolist()
        assert first.parent.tolist() == second.parent.tolist()
    else:
        assert not (isinstance(first, Category) and isinstance(second, InfiniteCategory))
        assert not (isinstance(first, InfiniteCategory) and isinstance(second, Category))


@settings(max_examples=40, deadline=None)
@given(presentations(), st.data())
def test_a_changed_table_is_not_proved(presentation: Presentation, data: st.DataObject) -> None:
    category = enumerate_category(presentation, limits=LIMITS)
    if not isinstance(category, Category) or not len(category.steps) or category.arrow_count < 2:
        return
    place = data.draw(st.integers(0, len(category.steps) - 1))
    steps = category.steps.copy()
    steps[place] = data.draw(st.integers(0, category.arrow_count - 1))
    if steps[place] != category.steps[place]:
        assert next(proof_failures(replace(category, steps=steps)), None) is not None


@settings(max_examples=40, deadline=None)
@given(presentations(), st.data())
def test_a_missing_rule_is_noticed(presentation: Presentation, data: st.DataObject) -> None:
    category = enumerate_category(presentation, limits=LIMITS)
    if not isinstance(category, Category) or not category.rules:
        return
    place = data.draw(st.integers(0, len(category.rules) - 1))
    rules = category.rules[:place] + category.rules[place + 1 :]
    assert next(proof_failures(replace(category, rules=rules)), None) is not None
