"""All functors between finite categories, all transformations between functors, isomorphisms and equivalences.

Every search is by backtracking over few choices: a functor is determined by the images of objects and generators.

Source: Mac Lane, Categories for the Working Mathematician, I.3, I.4, IV.4 (equivalences and skeletons).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from formal.core.budget import Budget, BudgetExceeded
from formal.core.build import build_category
from formal.core.category import Category
from formal.core.functor import Functor
from formal.core.set_search import set_isomorphism, transformations

__all__ = [
    "Budget",
    "BudgetExceeded",
    "equivalence",
    "functor_transformations",
    "functors",
    "isomorphism",
    "set_isomorphism",
    "skeleton",
    "split_monomorphisms",
    "transformations",
]


def functors(dom: Category, cod: Category, *, limit: int) -> Iterator[Functor]:
    """Yield every functor from one category to another.

    Args:
        limit: the most images of objects and arrows to be tried.
    Yields:
        functors named ``F1``, ``F2``, … in an order that depends on the categories alone.
    Raises:
        BudgetExceeded: more than ``limit`` images were tried.
    """
    search = _FunctorSearch(dom, cod, Budget(limit))
    everywhere = range(cod.object_count)
    for number, (objects, generators) in enumerate(search.solutions(lambda _: everywhere, lambda _g, _a: True), 1):
        yield Functor(f"F{number}", dom, cod, objects, generators)


def isomorphism(left: Category, right: Category, *, limit: int) -> Functor | None:
    """Find a functor that is bijective on objects and on arrows.

    Args:
        limit: the most images of objects and arrows to be tried.
    Returns:
        An isomorphism, or None when the categories are not isomorphic.
    Raises:
        BudgetExceeded: more than ``limit`` images were tried.
    """
    if (left.object_count, left.arrow_count) != (right.object_count, right.arrow_count):
        return None
    left_colours, right_colours = _object_colours(left, right)
    if Counter(left_colours) != Counter(right_colours):
        return None
    budget = Budget(limit)
    shapes: dict[object, int] = {}
    left_shape = _shape(left, left_colours, shapes, budget)
    right_shape = _shape(right, right_colours, shapes, budget)
    search = _FunctorSearch(left, right, budget, injective=True)

    def objects(x: int) -> Iterable[int]:
        return (y for y, colour in enumerate(right_colours) if colour == left_colours[x])

    def fits(generator: int, arrow: int) -> bool:
        return left_shape(left.generators[generator].arrow) == right_shape(arrow)

    for object_images, generator_images in search.solutions(objects, fits):
        return Functor("isomorphism", left, right, object_images, generator_images)
    return None


def equivalence(left: Category, right: Category, *, limit: int) -> Functor | None:
    """Find a functor that is full, faithful and essentially surjective.

    Two categories are equivalent when their skeletons are isomorphic.

    Args:
        limit: the most images of objects and arrows to be tried.
    Returns:
        An equivalence, or None when the categories are not equivalent.
    Raises:
        BudgetExceeded: more than ``limit`` images were tried.
    Source: Mac Lane, IV.4, Theorem 1 and the remarks on skeletons.
    """
    left_classes, right_classes = _isomorphism_classes(left), _isomorphism_classes(right)
    left_objects, right_objects = sorted(set(left_classes)), sorted(set(right_classes))
    if len(left_objects) != len(right_objects):
        return None
    small_left, left_arrows = _full_subcategory(left, left_objects)
    small_right, right_arrows = _full_subcategory(right, right_objects)
    between = isomorphism(small_left, small_right, limit=limit)
    if between is None:
        return None
    image = {f: right_arrows[between.arrows[number]] for number, f in enumerate(left_arrows)}
    into = _isomorphisms_to(left, left_classes)
    back = [next(g for g in left.hom(left.target(f), x) if left.compose(f, g) == x) for x, f in enumerate(into)]
    generators = tuple(image[left.compose(left.compose(back[g.dom], g.arrow), into[g.cod])] for g in left.generators)
    objects = tuple(image[representative] for representative in left_classes)
    return Functor("equivalence", left, right, objects, generators)


def skeleton(category: Category) -> tuple[int, ...]:
    """The first object of every isomorphism class, in increasing order."""
    return tuple(sorted(set(_isomorphism_classes(category))))


def split_monomorphisms(category: Category) -> frozenset[int]:
    """The arrows f with ``f >> g`` an identity for some g: those from which the right action leads back to one."""
    predecessors: list[list[int]] = [[] for _ in range(category.arrow_count)]
    for f in range(category.arrow_count):
        for generator in category.leaving[category.target(f)]:
            predecessors[category.step(f, generator)].append(f)
    found = list(range(category.object_count))
    seen = set(found)
    for f in found:
        for before in predecessors[f]:
            if before not in seen:
                seen.add(before)
                found.append(before)
    return frozenset(seen)


def functor_transformations(dom: Functor, cod: Functor, *, limit: int) -> Iterator[tuple[int, ...]]:
    """Yield every natural transformation between two functors, as its components.

    Args:
        dom: F, from a category with p objects.
        cod: G, with the same domain and codomain.
        limit: the most components to be tried.
    Yields:
        tuples of p arrows ``F(X) -> G(X)`` of the common codomain.
    Raises:
        BudgetExceeded: more than ``limit`` components were tried.
    """
    source, target = dom.dom, dom.cod
    budget = Budget(limit)
    order = _connected_order(source)
    place = {x: position for position, x in enumerate(order)}
    squares: list[list[int]] = [[] for _ in order]
    for index, g in enumerate(source.generators):
        squares[max(place[g.dom], place[g.cod])].append(index)
    components = [-1] * len(order)
    words = _Words(target)

    def natural(index: int) -> bool:
        g = source.generators[index]
        return words.compose(dom.generators[index], components[g.cod]) == words.compose(
            components[g.dom], cod.generators[index]
        )

    if not order:
        yield ()
        return
    choices = [iter(target.hom(dom.objects[order[0]], cod.objects[order[0]]))]
    while choices:
        level = len(choices) - 1
        component = next(choices[-1], None)
        if component is None:
            choices.pop()
            continue
        budget.spend()
        components[order[level]] = component
        if not all(natural(index) for index in squares[level]):
            continue
        if level + 1 == len(order):
            yield tuple(components)
        else:
            x = order[level + 1]
            choices.append(iter(target.hom(dom.objects[x], cod.objects[x])))


class _Words:
    """Composition with the words of arrows kept."""

    def __init__(self, category: Category) -> None:
        self.category = category
        self.words: dict[int, tuple[int, ...]] = {}

    def compose(self, f: int, g: int) -> int:
        """``f >> g``."""
        word = self.words.get(g)
        if word is None:
            word = self.words[g] = self.category.word(g)
        return self.category.trace(f, word)


class _FunctorSearch:
    """Backtracking over the images of objects and generators; the images of all arrows follow at once.

    At each level one object or one generator gets its image. An arrow's image is known at the level of the last
    generator of its word, and each step ``f >> g`` of the table is an equation checked as soon as its sides are.

    Args:
        injective: whether different objects, and different arrows, must have different images.
    """

    def __init__(self, dom: Category, cod: Category, budget: Budget, *, injective: bool = False) -> None:
        self.dom = dom
        self.cod = cod
        self.budget = budget
        self.injective = injective
        self.levels = _levels(dom)
        level_of_object = {index: level for level, (is_object, index) in enumerate(self.levels) if is_object}
        level_of_generator = {index: level for level, (is_object, index) in enumerate(self.levels) if not is_object}
        known = [level_of_object[x] for x in range(dom.object_count)]
        self.arrows: list[list[int]] = [[] for _ in self.levels]
        self.equations: list[list[tuple[int, int, int]]] = [[] for _ in self.levels]
        for f in range(dom.object_count, dom.arrow_count):
            parent, last = int(dom.parent[f]), int(dom.last[f])
            known.append(max(known[parent], level_of_generator[last]))
            self.arrows[known[f]].append(f)
        for f in range(dom.arrow_count):
            for g in dom.leaving[dom.target(f)]:
                fg = dom.step(f, g)
                if int(dom.parent[fg]) != f or int(dom.last[fg]) != g:
                    self.equations[max(known[f], level_of_generator[g], known[fg])].append((f, g, fg))

    def solutions(
        self, objects: Callable[[int], Iterable[int]], fits: Callable[[int, int], bool]
    ) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        """Yield the images of objects and of generators.

        Args:
            objects: for each object the possible images.
            fits: whether a generator may be sent to an arrow.
        """
        dom, cod, levels = self.dom, self.cod, self.levels
        words = _Words(cod)
        images = [-1] * dom.arrow_count
        generators = [-1] * len(dom.generators)
        taken: set[int] = set()
        trails: list[list[int]] = []

        def candidates(level: int) -> Iterator[int]:
            is_object, index = levels[level]
            if is_object:
                return iter(objects(index))
            g = dom.generators[index]
            hom = cod.hom(images[g.dom], images[g.cod])
            return (arrow for arrow in hom if fits(index, arrow))

        def assign(f: int, image: int, trail: list[int]) -> bool:
            if self.injective:
                if image in taken:
                    return False
                taken.add(image)
            images[f] = image
            trail.append(f)
            return True

        def extend(level: int, choice: int) -> list[int] | None:
            self.budget.spend()
            trail: list[int] = []
            is_object, index = levels[level]
            fine = True
            if is_object:
                fine = assign(index, choice, trail)
            else:
                generators[index] = choice
                for f in self.arrows[level]:
                    self.budget.spend()
                    image = words.compose(images[int(dom.parent[f])], generators[int(dom.last[f])])
                    if not (fine := assign(f, image, trail)):
                        break
                fine = fine and all(
                    words.compose(images[f], generators[g]) == images[fg] for f, g, fg in self.equations[level]
                )
            if fine:
                return trail
            take_back(trail)
            return None

        def take_back(trail: list[int]) -> None:
            for f in trail:
                taken.discard(images[f])
                images[f] = -1

        if not levels:
            yield (), ()
            return
        choices = [candidates(0)]
        while choices:
            choice = next(choices[-1], None)
            if choice is None:
                choices.pop()
                if trails:
                    take_back(trails.pop())
                continue
            done = extend(len(trails), choice)
            if done is None:
                continue
            trails.append(done)
            if len(trails) < len(levels):
                choices.append(candidates(len(trails)))
            else:
                yield tuple(images[: dom.object_count]), tuple(generators)
                take_back(trails.pop())


def _connected_order(category: Category) -> list[int]:
    """All objects, each but the first of its connected component next to an earlier one."""
    neighbours: list[list[int]] = [[] for _ in category.objects]
    for g in category.generators:
        neighbours[g.dom].append(g.cod)
        neighbours[g.cod].append(g.dom)
    seen: set[int] = set()
    order: list[int] = []
    for start in range(category.object_count):
        if start in seen:
            continue
        seen.add(start)
        order.append(start)
        # The list grows while it is read: breadth first from the start.
        for x in _tail(order):
            for y in sorted(neighbours[x]):
                if y not in seen:
                    seen.add(y)
                    order.append(y)
    return order


def _tail(values: list[int]) -> Iterator[int]:
    """The last value, and all that are appended later."""
    position = len(values) - 1
    while position < len(values):
        yield values[position]
        position += 1


def _levels(category: Category) -> list[tuple[bool, int]]:
    """Objects (True, x) and generators (False, g), each generator as soon as both its ends are there.

    Among the generators at the same ends those come first that are not composites of others.
    """
    touching: list[list[int]] = [[] for _ in category.objects]
    for index, g in enumerate(category.generators):
        touching[g.dom].append(index)
        if g.cod != g.dom:
            touching[g.cod].append(index)
    placed: set[int] = set()
    levels: list[tuple[bool, int]] = []
    for x in _connected_order(category):
        placed.add(x)
        levels.append((True, x))
        ready = [
            index
            for index in touching[x]
            if category.generators[index].dom in placed and category.generators[index].cod in placed
        ]
        ready.sort(key=lambda index: (category.word(category.generators[index].arrow) != (index,), index))
        levels.extend((False, index) for index in ready)
    return levels


def _object_colours(left: Category, right: Category) -> tuple[list[int], list[int]]:
    """Colours of the objects of both, refined by the numbers of arrows to and from objects of each colour.

    An isomorphism sends every object to one of the same colour.
    """
    colours = [[0] * left.object_count, [0] * right.object_count]
    homs = [_hom_sizes(left), _hom_sizes(right)]
    count = 1
    while True:
        numbers: dict[object, int] = {}
        for side, old in enumerate(colours):
            signatures = [
                (old[x], tuple(sorted((y == x, old[y], to, back) for y, to, back in row)))
                for x, row in enumerate(homs[side])
            ]
            colours[side] = [numbers.setdefault(signature, len(numbers)) for signature in signatures]
        if len(numbers) == count:
            return colours[0], colours[1]
        count = len(numbers)


def _hom_sizes(category: Category) -> list[list[tuple[int, int, int]]]:
    """For each object x the triples (y, number of arrows x -> y, number of arrows y -> x), not both 0."""
    size: Counter[tuple[int, int]] = Counter(zip(category.dom.tolist(), category.cod.tolist(), strict=True))
    rows: list[list[tuple[int, int, int]]] = [[] for _ in category.objects]
    for (x, y), count in sorted(size.items()):
        rows[x].append((y, count, size.get((y, x), 0)))
        if (y, x) not in size:
            rows[y].append((x, 0, count))
    return rows


def _shape(
    category: Category, colours: Sequence[int], numbers: dict[object, int], budget: Budget
) -> Callable[[int], int]:
    """A function from arrows to numbers that isomorphisms preserve.

    It counts the arrows ``f >> h`` by the colour of their end, and for an endomorphism its different powers.
    """
    words = _Words(category)
    known: dict[int, int] = {}

    def shape(f: int) -> int:
        if f in known:
            return known[f]
        reached = [f]
        seen = {f}
        for arrow in reached:
            for generator in category.leaving[category.target(arrow)]:
                after = category.step(arrow, generator)
                if after not in seen:
                    seen.add(after)
                    reached.append(after)
        budget.spend(len(reached))
        ends = Counter(colours[category.target(arrow)] for arrow in reached)
        powers: list[int] = []
        if category.source(f) == category.target(f):
            first: dict[int, int] = {}
            power = f
            while power not in first:
                first[power] = len(first)
                power = words.compose(power, f)
            powers = [len(first), first[power]]
        signature = (colours[category.source(f)], tuple(sorted(ends.items())), tuple(powers))
        known[f] = numbers.setdefault(signature, len(numbers))
        return known[f]

    return shape


def _isomorphism_classes(category: Category) -> list[int]:
    """For each object the first one isomorphic to it.

    In a finite category X and Y are isomorphic as soon as each is a retract of the other: a split monomorphism from
    X to itself is invertible.
    """
    sections = {(category.source(f), category.target(f)) for f in split_monomorphisms(category)}
    classes = list(range(category.object_count))
    for x, y in sorted(sections):
        if x < y and (y, x) in sections and classes[y] == y:
            classes[y] = classes[x]
    return classes


def _isomorphisms_to(category: Category, classes: Sequence[int]) -> list[int]:
    """For each object an isomorphism to the first one of its class; the identity where it is the first itself."""
    result = list(range(category.object_count))
    for f in sorted(split_monomorphisms(category)):
        x, y = category.source(f), category.target(f)
        if x != y and classes[x] == y and result[x] == x:
            result[x] = f
    return result


def _full_subcategory(category: Category, objects: Sequence[int]) -> tuple[Category, list[int]]:
    """The full subcategory on some objects, by few generators, and for each of its arrows that of the category.

    Arrows are taken as generators in increasing order, each one that the earlier ones do not generate.
    """
    if len(objects) == category.object_count:
        return category, list(range(category.arrow_count))
    words = _Words(category)
    place = {x: position for position, x in enumerate(objects)}
    wanted = [f for f in range(category.arrow_count) if category.source(f) in place and category.target(f) in place]
    position = {f: index for index, f in enumerate(wanted)}
    chosen: list[int] = []
    leaving: dict[int, list[int]] = {x: [] for x in objects}
    reached = list(objects)
    seen = set(reached)
    for f in wanted:
        if f in seen:
            continue
        chosen.append(f)
        leaving[category.source(f)].append(f)
        todo = [(arrow, f) for arrow in reached if category.target(arrow) == category.source(f)]
        for arrow, generator in todo:
            after = words.compose(arrow, generator)
            if after not in seen:
                seen.add(after)
                reached.append(after)
                todo.extend((after, following) for following in leaving[category.target(after)])
    labels = category.arrow_labels
    result, number = build_category(
        category.name,
        [category.objects[x] for x in objects],
        [(place[category.source(f)], place[category.target(f)]) for f in wanted],
        lambda f, g: position[words.compose(wanted[f], wanted[g])],
        [position[x] for x in objects],
        [(labels[f], position[f]) for f in chosen],
        [labels[f] for f in wanted],
    )
    arrows = [0] * len(wanted)
    for f, new in zip(wanted, number, strict=True):
        arrows[new] = f
    return result, arrows
