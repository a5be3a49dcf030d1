"""Formulas, terms and values in words: in the notation of scripts, with what the bound variables stand for.

Nothing is escaped here; whoever prints it does, for the sink it goes to.
"""

from __future__ import annotations

import re
from typing import assert_never

from formal.certificate.evidence import Value
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.draw.name import arrow_name, clipped, listed
from formal.elaborate.value import ArrowOf, ElementOf, FunctorOf, FunctorTransformationOf, ObjectOf, TransformationOf
from formal.explain.evaluate import Assignment, category_of, ends_of, number, set_functor_of
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
    Range,
    SetTerm,
    Term,
    Transformations,
    Truth,
    Universal,
    Variable,
)

_SET = 60
_DEPTH = 12


# --- values ---------------------------------------------------------------------------------------


def arrow_with_ends(category: Category, f: int) -> str:
    """``f: X -> Y``; the name alone where it tells the ends."""
    name = arrow_name(category, f)
    if f < category.object_count or "->" in name:
        return name
    return f"{name}: {ends(category, f)}"


def ends(category: Category, f: int) -> str:
    """``X -> Y``."""
    return f"{category.objects[category.source(f)]} -> {category.objects[category.target(f)]}"


def applied_name(functor: SetFunctor) -> str:
    """The name of a functor as it stands before an argument: ``T``, ``(S + T)``."""
    return f"({functor.name})" if re.search(r" [+*] ", functor.name) else functor.name


def set_name(functor: SetFunctor, x: int) -> str:
    """``T(X)``, ``(S + T)(X)``."""
    return f"{applied_name(functor)}({functor.category.objects[x]})"


def element_name(functor: SetFunctor, t: int) -> str:
    """The label of a numbered element."""
    return clipped(functor.labels[t])


def element_place(functor: SetFunctor, t: int) -> str:
    """```dog` in `Label(a)```."""
    return f"`{element_name(functor, t)}` in `{set_name(functor, functor.base[t])}`"


def value_name(over: Range, value: Value) -> str:
    """What a variable stands for, by name."""
    match over, value:
        case Objects(category), int():
            return category.objects[value]
        case Arrows(category), int():
            return arrow_name(category, value)
        case Elements(functor), int():
            return element_name(functor, value)
        case Transformations(dom, cod), tuple():
            images = (image for image in value if isinstance(image, int))
            pairs = [f"{dom.labels[s]} |-> {cod.labels[t]}" for s, t in enumerate(images)]
            return f"{{{listed(pairs)}}}"
        case Functors(dom, cod), (tuple() as objects, tuple() as generators):
            pairs = [f"{dom.objects[x]} |-> {cod.objects[y]}" for x, y in enumerate(objects)]
            pairs += [f"{dom.generators[g].name} |-> {arrow_name(cod, f)}" for g, f in enumerate(generators)]
            return f"{{{listed(pairs)}}}"
        case FunctorTransformations(first, _), tuple():
            source, target = ends_of(first)
            arrows = (f for f in value if isinstance(f, int))
            pairs = [f"{x} |-> {arrow_name(target, f)}" for x, f in zip(source.objects, arrows, strict=True)]
            return f"{{{listed(pairs)}}}"
        case _:
            return str(value)


def binding(variable: Variable, value: Value) -> str:
    """``f = `placed_by: Order -> Customer```."""
    match variable.range, value:
        case Arrows(category), int():
            return f"{variable.name} = `{arrow_with_ends(category, value)}`"
        case Elements(functor), int():
            return f"{variable.name} = {element_place(functor, value)}"
        case over, _:
            return f"{variable.name} = `{value_name(over, value)}`"


# --- terms ----------------------------------------------------------------------------------------


def term(of: Term, given: Assignment, depth: int = 0) -> str:
    """A term as in a script; variables with a value are shown by its name."""
    if depth > _DEPTH:
        return "…"

    def inner(part: Term) -> str:
        return term(part, given, depth + 1)

    match of:
        case Variable():
            return value_name(of.range, given[of]) if of in given else of.name
        case ObjectConstant(category, value):
            return category.objects[value]
        case ArrowConstant(category, value):
            return arrow_name(category, value)
        case ElementConstant(functor, value):
            return element_name(functor, value)
        case Dom(Variable() as arrow) | Cod(Variable() as arrow) if arrow in given:
            return category_of(arrow).objects[number(of, given)]
        case Dom(arrow):
            return f"dom({inner(arrow)})"
        case Cod(arrow):
            return f"cod({inner(arrow)})"
        case ObjectImage(functor, at):
            return f"{functor_name(functor)}({inner(at)})"
        case Identity(_, at):
            return f"id({inner(at)})"
        case Composite(_, first, second):
            return f"{inner(first)} >> {inner(second)}"
        case ArrowImage(functor, arrow):
            return f"{functor_name(functor)}({inner(arrow)})"
        case Component(transformation, at) | Apply(transformation, at):
            return f"{transformation.name}({inner(at)})"
        case ArrowOfElement(_, element):
            return inner(element)
        case ElementOfArrow(_, arrow):
            return inner(arrow)
        case Action(functor, arrow, element):
            return f"{applied_name(functor)}({inner(arrow)})({inner(element)})"
        case _:
            assert_never(of)


def functor_name(functor: FunctorTerm) -> str:
    """``F``, ``F >> G``."""
    match functor:
        case Functor() | Variable():
            return functor.name
        case FunctorComposite(first, second):
            return f"({functor_name(first)} >> {functor_name(second)})"
        case _:
            assert_never(functor)


def is_object(of: Term) -> bool:
    """Whether a term stands for an object."""
    match of:
        case ObjectConstant() | Dom() | Cod() | ObjectImage() | Variable(range=Objects()):
            return True
        case _:
            return False


def is_element(of: Term) -> bool:
    """Whether a term stands for an element."""
    match of:
        case ElementConstant() | ElementOfArrow() | Action() | Apply() | Variable(range=Elements()):
            return True
        case _:
            return False


def term_value(of: Term, given: Assignment) -> str:
    """The object, arrow or element that a term stands for, by name."""
    value = number(of, given)
    if is_element(of):
        return element_name(set_functor_of(of), value)
    category = category_of(of)
    return category.objects[value] if is_object(of) else arrow_name(category, value)


# --- formulas -------------------------------------------------------------------------------------


def set_term(of: SetTerm, given: Assignment) -> str:
    """``T(X)``, ``hom(X, Y)``, ``{a, b}``."""
    match of:
        case Fibre(functor, at):
            return f"{applied_name(functor)}({term(at, given)})"
        case Hom(_, dom, cod):
            return f"hom({term(dom, given)}, {term(cod, given)})"
        case FiniteSet(labels, name):
            return name or clipped(f"{{{listed(list(labels))}}}", _SET)
        case _:
            assert_never(of)


def binder(variable: Variable, given: Assignment) -> str:
    """``X in C``, ``f: X -> Y``, ``t in T(X)``, ``phi: S => T``."""
    match variable.range:
        case Objects(category):
            return f"{variable.name} in {category.name}"
        case Arrows(category, dom, cod):
            if dom is None and cod is None:
                return f"arrow {variable.name} in {category.name}"
            sides = ["_" if end is None else term(end, given) for end in (dom, cod)]
            return f"{variable.name}: {sides[0]} -> {sides[1]}"
        case Elements(functor, at):
            return f"{variable.name} in {applied_name(functor)}({term(at, given)})"
        case Transformations(source, target):
            return f"{variable.name}: {source.name} => {target.name}"
        case Functors(source, target):
            return f"functor {variable.name}: {source.name} -> {target.name}"
        case FunctorTransformations(source, target):
            return f"{variable.name}: {functor_name(source)} => {functor_name(target)}"
        case over:
            assert_never(over)


def statement(formula: Formula, given: Assignment, depth: int = 0) -> str:
    """A formula on one line; variables with a value are shown by its name."""
    if depth > _DEPTH:
        return "…"

    def inner(part: Formula) -> str:
        text = statement(part, given, depth + 1)
        loose = isinstance(part, And | Or | Implies | Iff | Quantified | Instances)
        return f"({text})" if loose else text

    match formula:
        case Truth(value, reason):
            return reason or str(value).lower()
        case Named(arguments=(), body=body) if depth:
            return statement(body, given, depth)
        case Named():
            return application(formula, given) if depth or given else clipped(authored(formula))
        case Not(Equal(left, right)):
            return f"{term(left, given)} != {term(right, given)}"
        case Not(body):
            return f"not {inner(body)}"
        case And(parts) | Or(parts):
            word = "and" if isinstance(formula, And) else "or"
            return clipped(f" {word} ".join(map(inner, parts))) or str(word == "and").lower()
        case Implies(premise, conclusion):
            return f"{inner(premise)} implies {inner(conclusion)}"
        case Iff(left, right):
            return f"{inner(left)} iff {inner(right)}"
        case Equal(left, right):
            return f"{term(left, given)} = {term(right, given)}"
        case Equinumerous(left, right):
            return f"equinumerous({set_term(left, given)}, {set_term(right, given)})"
        case Quantified(quantifier, variable, body):
            return f"{quantifier} {binder(variable, given)}. {statement(body, given, depth + 1)}"
        case Instances(quantifier, name, labels, parts):
            example = f". {statement(parts[0], given, depth + 1)}" if parts else ""
            return f"{quantifier} {name} in {{{listed(list(labels))}}}{example}"
        case Universal(functor, element):
            return f"universal({functor.name}, at: {term(element, given)})"
        case Covered(functor, count):
            return f"prompts({functor.name}, count: {count})"
        case CoproductOfRepresentables(functor, count):
            return f"representables({functor.name}, count: {count})"
        case Connected(category):
            return f"connected({category.name})"
        case Isomorphic(left, right):
            return f"isomorphic({left.name}, {right.name})"
        case Equivalent(left, right):
            return f"equivalent({left.name}, {right.name})"
        case Finite(presented):
            return f"finite({structure_name(presented)})"
        case _:
            assert_never(formula)


def structure_name(structure: Category | InfiniteCategory) -> str:
    """The name of a category that may have infinitely many arrows."""
    return structure.name if isinstance(structure, Category) else structure.presentation.name


def shape_name(predicate: str) -> str:
    """The shape in a predicate's name: ``limits`` in ``has_limits``; what exists is meant in any case."""
    return predicate.partition("_")[2].removesuffix("_that_exist")


def authored(formula: Named) -> str:
    """A predicate applied as the author wrote it: the shape of ``has`` and ``preserves`` is part of the predicate."""
    word, predicate = formula.text.partition("(")[0], formula.predicate
    if word in ("has", "preserves") and predicate.startswith(f"{word}_") and "," not in formula.text:
        return f"{formula.text[:-1]}, {shape_name(predicate)})"
    return formula.text


def application(formula: Named, given: Assignment) -> str:
    """A predicate applied, its arguments by their names and values; the author's text where these do not tell.

    Inside the unfolding of a definition the text speaks of that definition's parameters, so it comes last.
    """
    shown = [argument_name(argument, given) for argument in formula.arguments]
    names = [name for name in shown if name is not None]
    if not names or len(names) < len(shown):
        return clipped(formula.text)
    word, predicate = formula.text.partition("(")[0], formula.predicate
    if word in ("has", "preserves") and predicate.startswith(f"{word}_"):
        return clipped(f"{word}({', '.join(names)}, {shape_name(predicate)})")
    keywords = _KEYWORDS.get(predicate, ())
    first = len(names) - len(keywords) if len(names) > len(keywords) else 1
    for position, keyword in enumerate(keywords, first):
        if position < len(names):
            names[position] = f"{keyword}: {names[position]}"
    return clipped(f"{predicate}({', '.join(names)})")


_KEYWORDS = {
    "retract": ("of",),
    "representable": ("by", "at"),
    "corepresentable": ("by", "at"),
    "left_kan": ("along", "of"),
    "right_kan": ("along", "of"),
}


def argument_name(argument: object, given: Assignment) -> str | None:
    """An argument of a predicate by name, or None when it is of no known kind."""
    match argument:
        case Category() | SetFunctor():
            return clipped(argument.name)
        case ObjectOf() | ArrowOf() | ElementOf():
            return term(argument.term, given)
        case FunctorOf():
            return functor_name(argument.term)
        case TransformationOf() | FunctorTransformationOf():
            return argument.term.name
        case _:
            return None
