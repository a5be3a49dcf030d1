"""Proof scripts that reproduce a finding by themselves: the structures as tables, then the claim.

The author's words are kept where every name in them is declared here; else the claim is written out from its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import assert_never

from formal.core.category import Category
from formal.core.functor import Functor, FunctorTransformation, SetFunctor, Transformation
from formal.core.presentation import InfiniteCategory, Path, Presentation
from formal.draw.relation import is_order, power_text, relations
from formal.explain.phrase import authored
from formal.logic.formula import (
    Action,
    And,
    Apply,
    ArrowConstant,
    ArrowImage,
    ArrowOfElement,
    Arrows,
    Cod,
    Component,
    Composite,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Dom,
    ElementConstant,
    ElementOfArrow,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Fibre,
    Finite,
    FiniteSet,
    Formula,
    FunctorComposite,
    Functors,
    FunctorTerm,
    FunctorTransformations,
    Hom,
    Identity,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    ObjectConstant,
    ObjectImage,
    Objects,
    Or,
    Quantified,
    Quantifier,
    SetTerm,
    Term,
    Transformations,
    Truth,
    Universal,
    Variable,
)

_ARROWS = 12
_ELEMENTS = 24
_EQUATIONS = 24
_LENGTH = 4_000
_WIDTH = 100
_NODES = 2_000
_DEPTH = 60

_NAME = re.compile(r"[A-Za-zͰ-Ͽ_][A-Za-zͰ-Ͽ_0-9']*\Z")
_TOKEN = re.compile(r"[A-Za-zͰ-Ͽ_][A-Za-zͰ-Ͽ_0-9']*|\"[^\"]*\"")
_KEYWORDS = """and arrow arrows as assume category claim copresheaf coweight define element equations exists expect
    false family forall from functor given have iff implies import in isomorphism let model monoid not object objects
    obtain on or over parameter poset presheaf relation show theorem to transformation true weight within"""
_FUNCTIONS = """y hom id dom cod op chain discrete codiscrete cyclic symmetric dihedral free subcategory slice coslice
    elements comma karoubi action presheaves yoneda constant empty restrict lan ran extension"""
_ARGUMENTS = """by at of along count id terminal products equalizers pullbacks limits initial coproducts coequalizers
    pushouts colimits"""

_CONSTRUCTED = re.compile(r"(chain|cyclic|symmetric|dihedral)\(\d+\)", re.ASCII)

_PREDICATES = """mono epi iso split_mono split_epi idempotent terminal initial isomorphic retract product coproduct
    equalizer coequalizer pullback pushout has thin groupoid connected skeletal finite equivalent full faithful
    fully_faithful essentially_surjective equivalence adjoint has_left_adjoint has_right_adjoint preserves
    representable corepresentable representables prompts universal natural equinumerous"""

_WIDEST = 140
_KNOWN = frozenset(_PREDICATES.split())
_RESERVED = frozenset(_KEYWORDS.split())
_BUILT_IN = frozenset(_FUNCTIONS.split())
_WORDS = frozenset(_ARGUMENTS.split())

Structure = Category | InfiniteCategory | Functor | SetFunctor | Transformation


class Unwritable(Exception):
    """Too large for a script to be helpful, or without a notation."""


def reproduce(formula: Formula, value: bool, names: Mapping[str, str] | None = None) -> str:
    """A script of the structures that a formula speaks of, and the claim with the outcome that it has.

    Args:
        names: for expressions that build structures the names these are declared under.
    Returns:
        The script, or nothing when a category has more than 12 arrows, a set-valued functor more than 24 elements,
        or something has no notation.
    """
    try:
        writer = _Writer(names or {})
        for structure in _structures(formula):
            writer.declare(structure)
        expectation = "" if value else " expect refuted"
        claim = f"claim finding: {writer.claim(formula)}{expectation}"
    except Unwritable:
        return ""
    script = "\n".join([*writer.blocks, claim]) + "\n"
    fits = len(script) <= _LENGTH and max(map(len, script.split("\n"))) <= _WIDEST
    return script if fits else ""


def _structures(formula: Formula) -> list[Structure]:
    """The structures in a formula, those first that others are built on; each once."""
    found: dict[int, Structure] = {}
    todo: list[object] = [formula]
    nodes = 0
    while todo:
        nodes += 1
        if nodes > _NODES:
            raise Unwritable
        match todo.pop():
            case Category() | InfiniteCategory() as category:
                found[id(category)] = category
            case Functor() as functor:
                found[id(functor)] = functor
                todo += [functor.cod, functor.dom]
            case SetFunctor() as functor:
                found[id(functor)] = functor
                todo.append(functor.category)
            case Transformation() as transformation:
                found[id(transformation)] = transformation
                todo += [transformation.cod, transformation.dom]
            case FunctorTransformation():
                raise Unwritable
            case Named(body=body):
                todo.append(body)
            case tuple() as items:
                todo += reversed(items)
            case node if is_dataclass(node) and not isinstance(node, type):
                todo += [getattr(node, field.name) for field in reversed(fields(node))]
            case _:
                pass
    kinds = (Category, InfiniteCategory), (Functor,), (SetFunctor,), (Transformation,)
    return [structure for kind in kinds for structure in found.values() if isinstance(structure, kind)]


class _Writer:
    """Names for structures and what is in them, and their declarations.

    Names stay as they are where a script can have them; two things never get the same one.
    """

    def __init__(self, declared: Mapping[str, str]) -> None:
        self.declared = declared
        self.blocks: list[str] = []
        self.names: dict[int, str] = {}
        self.generators: dict[int, tuple[str, ...]] = {}
        self.owners: dict[str, int] = {}
        self.vocabulary: set[str] = set()
        self.taken: set[str] = set(_RESERVED | _BUILT_IN)

    def called(self, structure: Structure) -> str:
        """The name of a structure: the one that it is declared under, else the one it was built with."""
        name = structure.presentation.name if isinstance(structure, InfiniteCategory) else structure.name
        return self.declared.get(name, name)

    def fresh(self, wanted: str, fallback: str) -> str:
        """A name that nothing else has, and a script can have."""
        name = wanted if _NAME.match(wanted) else "_".join(re.findall(r"[A-Za-z0-9]+", wanted))[:24].strip("_")
        if not _NAME.match(name) or name in _RESERVED | _BUILT_IN:
            name = fallback
        base, suffix = name, 1
        while name in self.taken:
            suffix += 1
            name = f"{base}_{suffix}"
        self.taken.add(name)
        if name == wanted:
            self.vocabulary.add(name)
        return name

    # --- declarations -----------------------------------------------------------------------------

    def declare(self, structure: Structure) -> None:
        """Name a structure whose parts are declared, and declare it."""
        match structure:
            case Category():
                self._category(structure, structure.arrow_count)
            case InfiniteCategory(presentation=presentation):
                self._presented(structure, presentation)
            case Functor():
                self._functor(structure)
            case SetFunctor():
                self._set_functor(structure)
            case Transformation():
                self._transformation(structure)
            case _:
                assert_never(structure)

    def _category(self, category: Category, arrows: int) -> None:
        if arrows > _ARROWS or category.object_count > _ARROWS:
            raise Unwritable
        anonymous = _CONSTRUCTED.fullmatch(category.name) and category.name not in self.declared
        if anonymous and self.taken.isdisjoint(g.name for g in category.generators):
            self._constructed(category)
            return
        if is_order(category):
            self._order(category)
            return
        generators = tuple((g.name, g.dom, g.cod) for g in category.generators)
        equations = relations(category)
        self._presented(category, Presentation(category.name, category.objects, generators, equations))

    def _constructed(self, category: Category) -> None:
        """A category that its name constructs, such as ``chain(2)``."""
        self.names[id(category)] = category.name
        self._objects(category, category.objects)
        self.generators[id(category)] = tuple(g.name for g in category.generators)
        self.taken.update(g.name for g in category.generators)
        self.vocabulary.update(_TOKEN.findall(category.name))

    def _order(self, category: Category) -> None:
        """A partial order, by its covering relations."""
        objects = [label_text(label) for label in category.objects]
        pairs = [f"{objects[g.dom]} < {objects[g.cod]}" for g in category.generators]
        ends = {end for g in category.generators for end in (g.dom, g.cod)}
        pairs += [label for x, label in enumerate(objects) if x not in ends]
        name = self.names[id(category)] = self.fresh(self.called(category), "P")
        self._objects(category, category.objects)
        self.generators[id(category)] = tuple(f"({objects[g.dom]} -> {objects[g.cod]})" for g in category.generators)
        self.blocks.append(f"category {name} = poset({', '.join(pairs)})")

    def _objects(self, key: Category | InfiniteCategory, labels: tuple[str, ...]) -> None:
        for label in labels:
            self.owners[label] = -1 if label in self.owners else id(key)
            self.vocabulary.add(label_text(label))
        # A generator must not be mistaken for an object, nor for a generator of another category.
        self.taken.update(labels)

    def _presented(self, key: Category | InfiniteCategory, presentation: Presentation) -> None:
        if len(presentation.generators) > _ARROWS or len(presentation.relations) > _EQUATIONS:
            raise Unwritable
        name = self.names[id(key)] = self.fresh(self.called(key), "C")
        objects = [label_text(label) for label in presentation.objects]
        self._objects(key, presentation.objects)
        generators = tuple(self.fresh(g, "f") for g, _, _ in presentation.generators)
        self.generators[id(key)] = generators
        ends = [f"{objects[dom]} -> {objects[cod]}" for _, dom, cod in presentation.generators]
        arrows = [f"{generator}: {where}" for generator, where in zip(generators, ends, strict=True)]
        equations = [
            f"{_path(left, generators, objects)} = {_path(right, generators, objects)}"
            for left, right in presentation.relations
        ]
        clauses = [("objects", objects), ("arrows", arrows), ("equations", equations)]
        self.blocks.append(_block(f"category {name}", [(word, items) for word, items in clauses if items]))

    def _functor(self, functor: Functor) -> None:
        dom, cod = functor.dom, functor.cod
        entries = [
            f"{label_text(dom.objects[x])} |-> {label_text(cod.objects[y])}" for x, y in enumerate(functor.objects)
        ]
        names = self.generators[id(dom)]
        entries += [f"{names[g]} |-> {self._arrow(cod, f)}" for g, f in enumerate(functor.generators)]
        name = self.names[id(functor)] = self.fresh(self.called(functor), "F")
        head = f"functor {name}: {self.names[id(dom)]} -> {self.names[id(cod)]}"
        self.blocks.append(_block(head, [("", entries)]))

    def _set_functor(self, functor: SetFunctor) -> None:
        if functor.size > _ELEMENTS:
            raise Unwritable
        category = functor.category
        kind = "presheaf" if functor.contravariant else "copresheaf"
        name = self.names[id(functor)] = self.fresh(self.called(functor), "T" if functor.contravariant else "F")
        head = f"{kind} {name} on {self.names[id(category)]}"
        if functor.arrows:
            f = functor.arrows[0]
            p = label_text(category.objects[category.target(f) if functor.contravariant else category.source(f)])
            self.blocks.append(f"{head} = {f'y({p})' if functor.contravariant else f'hom({p}, -)'}")
            return
        entries = [
            f"{label_text(x)} |-> {{{', '.join(map(label_text, labels))}}}"
            for x, labels in zip(category.objects, functor.elements, strict=True)
        ]
        for index, generator in enumerate(self.generators[id(category)]):
            source, target = functor.ends(index)
            images = [functor.elements[target][t] for t in functor.action[index]]
            if images:
                entries.append(f"{generator} |-> {_map(functor.elements[source], images)}")
        self.blocks.append(_block(head, [("", entries)]))

    def _transformation(self, transformation: Transformation) -> None:
        dom, cod = transformation.dom, transformation.cod
        if dom.arrows or cod.arrows:
            raise Unwritable
        entries = []
        for x, label in enumerate(dom.category.objects):
            images = [cod.labels[transformation.images[s]] for s in dom.at(x)]
            if images:
                entries.append(f"{label_text(label)} |-> {_map(dom.elements[x], images)}")
        kind = "family" if next(transformation.failures(), None) is not None else "transformation"
        name = self.names[id(transformation)] = self.fresh(self.called(transformation), "phi")
        head = f"{kind} {name}: {self.names[id(dom)]} => {self.names[id(cod)]}"
        self.blocks.append(_block(head, [("", entries)]))

    def _arrow(self, category: Category, f: int) -> str:
        """An arrow as a path; unambiguous because generators of different categories have different names."""
        objects = [label_text(label) for label in category.objects]
        path = Path(category.source(f), category.word(f))
        if path.word and is_order(category):
            return f"({self._object(category, path.dom)} -> {self._object(category, category.target(f))})"
        if not path.word:
            return f"id({self._object(category, path.dom)})"
        return _path(path, self.generators[id(category)], objects)

    def _object(self, category: Category, x: int) -> str:
        label = category.objects[x]
        text = label_text(label)
        if self.owners[label] == id(category) and label not in self.names.values():
            return text
        name = self.names[id(category)]
        if not _NAME.match(name):
            raise Unwritable
        return f"{name}::{text}"

    # --- the claim --------------------------------------------------------------------------------

    def claim(self, formula: Formula) -> str:
        """A closed formula in the author's words, or written out."""
        if isinstance(formula, Named):
            text = authored(formula)
            word, words = text.partition("(")[0], set(_TOKEN.findall(text)) - _WORDS
            # Without an argument whose name is declared, the words could be about anything.
            if word in _KNOWN and words - {word} and words - {word} <= self.vocabulary:
                return text
        return self._formula(formula, {}, 0)

    def _formula(self, formula: Formula, names: dict[Variable, str], depth: int) -> str:
        if depth > _DEPTH:
            raise Unwritable

        def inner(part: Formula) -> str:
            text = self._formula(part, names, depth + 1)
            simple = re.fullmatch(r"[\w']+(\([^()]*\))?", text)
            return text if simple else f"({text})"

        def of(part: Term) -> str:
            return self._term(part, names)

        match formula:
            case Truth(value):
                return str(value).lower()
            case Named(body=body):
                return self._formula(body, names, depth + 1)
            case Not(body):
                return f"not {inner(body)}"
            case And(parts):
                return " and ".join(map(inner, parts)) or "true"
            case Or(parts):
                return " or ".join(map(inner, parts)) or "false"
            case Implies(left, right):
                return f"{inner(left)} implies {inner(right)}"
            case Iff(left, right):
                return f"{inner(left)} iff {inner(right)}"
            case Equal(first, second):
                return f"{self._placed(first, names)} = {self._placed(second, names)}"
            case Equinumerous(first_set, second_set):
                return f"equinumerous({self._set(first_set, names)}, {self._set(second_set, names)})"
            case Quantified(quantifier, variable, body):
                binder, extended = self._binder(variable, names)
                return f"{quantifier} {binder}. {self._formula(body, extended, depth + 1)}"
            case Instances(Quantifier.FORALL, _, _, parts):
                return self._formula(And(parts), names, depth + 1)
            case Instances(Quantifier.EXISTS, _, _, parts):
                return self._formula(Or(parts), names, depth + 1)
            case Instances():
                raise Unwritable
            case Universal(functor, element):
                return f"universal({self.names[id(functor)]}, at: {of(element)})"
            case Covered(functor, count):
                return f"prompts({self.names[id(functor)]}, count: {count})"
            case CoproductOfRepresentables(functor, 1):
                word = "representable" if functor.contravariant else "corepresentable"
                return f"{word}({self.names[id(functor)]})"
            case CoproductOfRepresentables(functor, count):
                return f"representables({self.names[id(functor)]}, count: {count})"
            case Connected(category):
                return f"connected({self.names[id(category)]})"
            case Isomorphic(one, other):
                return f"isomorphic({self.names[id(one)]}, {self.names[id(other)]})"
            case Equivalent(one, other):
                return f"equivalent({self.names[id(one)]}, {self.names[id(other)]})"
            case Finite(presented):
                return f"finite({self.names[id(presented)]})"
            case _:
                assert_never(formula)

    def _placed(self, of: Term, names: dict[Variable, str]) -> str:
        """A side of an equation; an element by the identity's action, which tells what it is an element of."""
        if isinstance(of, ElementConstant):
            functor = of.functor
            at = self._object(functor.category, functor.base[of.value])
            return f"{self.names[id(functor)]}(id({at}))({label_text(functor.labels[of.value])})"
        return self._term(of, names)

    def _binder(self, variable: Variable, names: dict[Variable, str]) -> tuple[str, dict[Variable, str]]:
        name = variable.name if _NAME.match(variable.name) else "v"
        while name in self.taken or name in names.values() or name in self.owners:
            name += "'"
        extended = {**names, variable: name}
        match variable.range:
            case Objects(category):
                return f"{name} in {self.names[id(category)]}", extended
            case Arrows(category, None, None):
                over = self.names[id(category)]
                x, y = (end + "'" * (end == name) for end in ("X", "Y"))
                while {x, y} & {*self.taken, *self.owners, *extended.values()}:
                    x, y = x + "'", y + "'"
                return f"{x} in {over}, {y} in {over}, {name}: {x} -> {y}", extended
            case Arrows(_, dom, cod):
                if dom is None or cod is None:
                    raise Unwritable
                return f"{name}: {self._term(dom, names)} -> {self._term(cod, names)}", extended
            case Elements(functor, at):
                return f"{name} in {self.names[id(functor)]}({self._term(at, names)})", extended
            case Transformations(source, target):
                return f"{name}: {self.names[id(source)]} => {self.names[id(target)]}", extended
            case Functors(source, target):
                return f"functor {name}: {self.names[id(source)]} -> {self.names[id(target)]}", extended
            case FunctorTransformations(first, second):
                return f"{name}: {self._functor_term(first, names)} => {self._functor_term(second, names)}", extended
            case over:
                assert_never(over)

    def _functor_term(self, functor: FunctorTerm, names: dict[Variable, str]) -> str:
        match functor:
            case Functor():
                return self.names[id(functor)]
            case Variable():
                return names[functor]
            case FunctorComposite(first, second):
                return f"{self._functor_term(first, names)} >> {self._functor_term(second, names)}"
            case _:
                assert_never(functor)

    def _set(self, of: SetTerm, names: dict[Variable, str]) -> str:
        match of:
            case Fibre(functor, at):
                return f"{self.names[id(functor)]}({self._term(at, names)})"
            case Hom(_, dom, cod):
                return f"hom({self._term(dom, names)}, {self._term(cod, names)})"
            case FiniteSet(labels):
                return f"{{{', '.join(map(label_text, labels))}}}"
            case _:
                assert_never(of)

    def _term(self, of: Term, names: dict[Variable, str], depth: int = 0) -> str:
        if depth > _DEPTH:
            raise Unwritable

        def inner(part: Term) -> str:
            return self._term(part, names, depth + 1)

        match of:
            case Variable():
                return names[of]
            case ObjectConstant(category, value):
                return self._object(category, value)
            case ArrowConstant(category, value):
                return self._arrow(category, value)
            case ElementConstant(functor, value):
                return label_text(functor.labels[value])
            case Dom(arrow):
                return f"dom({inner(arrow)})"
            case Cod(arrow):
                return f"cod({inner(arrow)})"
            case Identity(_, at):
                return f"id({inner(at)})"
            case Composite(_, first, second):
                return f"{inner(first)} >> {inner(second)}"
            case ObjectImage(applied, argument) | ArrowImage(applied, argument):
                name = self._functor_term(applied, names)
                head = f"({name})" if isinstance(applied, FunctorComposite) else name
                return f"{head}({inner(argument)})"
            case Component(transformation, at):
                if isinstance(transformation, Variable):
                    return f"{names[transformation]}({inner(at)})"
                raise Unwritable
            case Apply(family, element):
                name = names[family] if isinstance(family, Variable) else self.names[id(family)]
                return f"{name}({inner(element)})"
            case ArrowOfElement(_, element):
                return inner(element)
            case ElementOfArrow(_, arrow):
                return inner(arrow)
            case Action(functor, arrow, element):
                return f"{self.names[id(functor)]}({inner(arrow)})({inner(element)})"
            case _:
                assert_never(of)


def label_text(label: str) -> str:
    """A label as a script writes it: a name, an integer, ``*``, or in quotes.

    Raises:
        Unwritable: it has a character that quotes cannot hold.
    """
    if (_NAME.match(label) and label not in _RESERVED) or re.fullmatch(r"\d+", label, re.ASCII) or label == "*":
        return label
    if not label.isprintable() or '"' in label or "\\" in label or len(label) > _WIDTH:
        raise Unwritable
    return f'"{label}"'


def _path(path: Path, generators: tuple[str, ...], objects: list[str]) -> str:
    return power_text(path.word, generators) if path.word else f"id({objects[path.dom]})"


def _map(sources: Iterable[str], images: Iterable[str]) -> str:
    pairs = (f"{label_text(s)} |-> {label_text(t)}" for s, t in zip(sources, images, strict=True))
    return f"{{{', '.join(pairs)}}}"


def _block(head: str, clauses: list[tuple[str, list[str]]]) -> str:
    """A declaration on one line, or with a line for every clause or entry."""
    inside = " ".join(f"{word} {', '.join(items)}".strip() for word, items in clauses)
    short = f"{head} {{ {inside} }}" if inside else f"{head} {{ }}"
    if len(short) <= _WIDTH:
        return short
    lines = []
    for word, items in clauses:
        if word:
            lines.append(f"  {word} {', '.join(items)}")
        else:
            lines += [f"  {item}{',' if index < len(items) - 1 else ''}" for index, item in enumerate(items)]
    return "\n".join([f"{head} {{", *lines, "}"])
