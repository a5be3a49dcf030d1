"""Explanations of verdicts: the witness or the counter-example that the evidence holds, as a person would say it.

Evidence for a formula is followed down to its decisive part: the instance of a universal statement that fails, the
witness of an existential one, the two sides of an equation. Where it leaves the choice to the kernel, the formula is
evaluated again, within a budget, to find an instance to show.

Source: game semantics of first-order logic (Hintikka), a play of which is what is told here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import assert_never

from formal.certificate.evidence import Evaluate, Evidence, Forest, Isomorphism, Known, Search, Value
from formal.core.budget import Budget, BudgetExceeded
from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.core.presentation import InfiniteCategory
from formal.decide.representable import universal_elements
from formal.draw.failure import Route, draw_failure
from formal.draw.name import arrow_name, clipped, counted, listed
from formal.draw.text import draw_text
from formal.explain.candidate import Crowded, Failure, Identified, Missed, Orbits, failure, failures, identified, orbits
from formal.explain.evaluate import (
    Assignment,
    Unknown,
    cardinality,
    category_of,
    number,
    truth,
    values,
)
from formal.explain.invariant import category_difference, equivalence_difference, set_functor_difference
from formal.explain.phrase import (
    arrow_with_ends,
    binder,
    binding,
    element_name,
    element_place,
    is_element,
    is_object,
    set_term,
    statement,
    structure_name,
    term,
    term_value,
    value_name,
)
from formal.explain.reproduce import reproduce
from formal.logic.formula import (
    And,
    ArrowConstant,
    Arrows,
    Composite,
    Connected,
    CoproductOfRepresentables,
    Covered,
    Elements,
    Equal,
    Equinumerous,
    Equivalent,
    Finite,
    Formula,
    Iff,
    Implies,
    Instances,
    Isomorphic,
    Named,
    Not,
    Objects,
    Or,
    Quantified,
    Quantifier,
    Term,
    Truth,
    Universal,
    Variable,
)
from formal.verdict.result import Explanation, Line

_EVALUATIONS = 20_000
_LINES = 12
_CANDIDATES = 4
_DEPTH = 40
_SUMMARY = 480
_CANDIDATE = 320
_DRAWN_ELEMENTS = 12
_SOURCES = 50

_GLOSS = {
    ("full", False): "an arrow is not hit",
    ("faithful", False): "two arrows have one image",
    ("essentially_surjective", False): "an object is not hit, up to isomorphism",
    ("mono", False): "two arrows become equal",
    ("epi", False): "two arrows become equal",
    ("thin", False): "two parallel arrows differ",
    ("groupoid", False): "an arrow has no inverse",
    ("skeletal", False): "two objects are isomorphic",
    ("natural", False): "a square does not commute",
} | {
    (limit, False): "a cone does not factor in exactly one way"
    for limit in ("product", "equalizer", "pullback", "limit", "right_kan")
} | {
    (colimit, False): "a cocone does not factor in exactly one way"
    for colimit in ("coproduct", "coequalizer", "pushout", "colimit", "left_kan")
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A formula under an assignment, its truth value, and the evidence for that."""

    formula: Formula
    value: bool
    evidence: Evidence
    given: Assignment


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case holds.

    Args:
        clause: part of a sentence; empty when there is nothing to add.
        lines: details, from depth 0.
        drawing: a diagram, or empty.
    """

    clause: str
    lines: tuple[Line, ...] = ()
    drawing: str = ""


def explain(formula: Formula, value: bool, evidence: Evidence, names: Mapping[str, str] | None = None) -> Explanation:
    """Say why a closed formula is true, or false.

    Args:
        formula: closed.
        value: its truth value, decided and certified elsewhere.
        evidence: for that value.
        names: for expressions that build structures, such as ``poset(a < b)``, the names these are declared under.
    Returns:
        A summary, at most 12 lines, the diagram that fails if there is one, and for small structures a script that
        reproduces the finding.
    """
    reason = tell(Case(formula, value, evidence, {}), Budget(_EVALUATIONS))
    if isinstance(formula, Named):
        summary = reason.clause
    else:
        summary = _joined("it holds" if value else "it fails", reason.clause)
    lines = reason.lines
    if len(lines) > _LINES:
        lines = (*lines[: _LINES - 1], Line(0, f"and {len(lines) - _LINES + 1} more"))
    called = _called(names or {})
    return Explanation(
        clipped(called(summary), _SUMMARY),
        tuple(Line(line.depth, called(line.text)) for line in lines),
        called(reason.drawing),
        reproduce(formula, value, names or {}),
    )


def _called(names: Mapping[str, str]) -> Callable[[str], str]:
    """Write declared names in place of the expressions that build structures."""
    if not names:
        return lambda text: text
    longest = sorted(names, key=lambda text: (-len(text), text))
    pattern = re.compile("|".join(map(re.escape, longest)))
    return lambda text: pattern.sub(lambda match: names[match.group()], text)


def tell(case: Case, budget: Budget, depth: int = 0) -> Reason:
    """Follow the evidence for one case; an empty reason where the budget does not reach."""
    if depth > _DEPTH:
        return Reason("")
    try:
        return _tell(case, budget, depth)
    except (BudgetExceeded, Unknown):
        return Reason("")


def _tell(case: Case, budget: Budget, depth: int) -> Reason:
    formula, value, given = case.formula, case.value, case.given
    match formula:
        case Truth(_, reason):
            return Reason(reason)
        case Named():
            return _named(formula, case, budget, depth)
        case Not(body):
            evidence = _evidence(case.evidence, 0)
            return tell(Case(body, not value, evidence, given), budget, depth + 1)
        case And(parts) | Or(parts):
            return _connective(parts, isinstance(formula, And), case, budget, depth)
        case Implies(premise, conclusion):
            return _implication(premise, conclusion, case, budget, depth)
        case Iff(left, right):
            return _equivalence(left, right, case, budget)
        case Equal(left, right):
            return _equation(left, right, value, given)
        case Equinumerous(left, right):
            sizes = [f"`{set_term(side, given)}` has {_size(cardinality(side, given))}" for side in (left, right)]
            return Reason(" and ".join(sizes))
        case Quantified():
            return _quantified(formula, case, budget, depth)
        case Instances():
            return _instances(formula, case, budget, depth)
        case Universal(functor, element):
            return _universal(functor, number(element, given), value)
        case Covered(functor, count):
            return _covered(functor, count, value)
        case CoproductOfRepresentables(functor, count):
            return _coproduct(functor, count, value, case.evidence)
        case Connected(category):
            return _connected(category, value)
        case Isomorphic(left, right) | Equivalent(left, right):
            return _isomorphic(left, right, value, case.evidence, equivalent=isinstance(formula, Equivalent))
        case Finite(presented):
            return _finite(presented)
        case _:
            assert_never(formula)


def _size(count: int) -> str:
    return "no element" if count == 0 else counted(count, "element")


def _joined(head: str, tail: str) -> str:
    if not head or not tail:
        return head or tail
    return f"{head} {tail}" if tail.startswith("for ") else f"{head}: {tail}"


# --- following the evidence -----------------------------------------------------------------------


def _evidence(evidence: Evidence, part: Value) -> Evidence:
    """The evidence for one part; the kernel's own evaluation where none is given."""
    match evidence:
        case Known(parts, rest):
            found = next((support for key, _, support in parts if key == part), None)
            return found if found is not None else rest[1] if rest is not None else Evaluate()
        case Search(_, (_, support)):
            return support
        case _:
            return Evaluate()


def _told(evidence: Evidence, part: Value) -> bool | None:
    """The truth value that the evidence gives to one part."""
    match evidence:
        case Known(parts, rest):
            found = next((value for key, value, _ in parts if key == part), None)
            return found if found is not None else rest[0] if rest is not None else None
        case Search(_, (value, _)):
            return value
        case _:
            return None


def _truth(part: Formula, key: Value, case: Case, budget: Budget, given: Assignment) -> bool:
    told = _told(case.evidence, key)
    return told if told is not None else truth(part, given, budget)


def _values(variable: Variable, case: Case, budget: Budget) -> Iterator[Value]:
    """The values of a variable: first those that the evidence names."""
    named: list[Value] = []
    if isinstance(case.evidence, Known):
        named = [key for key, _, _ in case.evidence.parts]
        yield from named
        if case.evidence.rest is None:
            return
    known = set(named)
    for value in values(variable.range, case.given, budget):
        if value not in known:
            yield value


def _instance(formula: Quantified, value: Value, truth_value: bool, case: Case) -> Case:
    given = {**case.given, formula.variable: value}
    return Case(formula.body, truth_value, _evidence(case.evidence, value), given)


def _chosen(formula: Quantified, wanted: bool, case: Case, budget: Budget) -> Iterator[tuple[Value, Case]]:
    """The instances with the wanted truth value, those named by the evidence first."""
    for value in _values(formula.variable, case, budget):
        given = {**case.given, formula.variable: value}
        if _truth(formula.body, value, case, budget, given) == wanted:
            yield value, _instance(formula, value, wanted, case)


# --- connectives ----------------------------------------------------------------------------------


def _named(formula: Named, case: Case, budget: Budget, depth: int) -> Reason:
    inner = tell(replace(case, formula=formula.body, evidence=_evidence(case.evidence, 0)), budget, depth + 1)
    if depth and not formula.arguments:
        return inner
    text = statement(formula, case.given, depth)
    head = f"`{text}` {'holds' if case.value else 'fails'}"
    gloss = _GLOSS.get((formula.predicate, case.value), "")
    return replace(inner, clause=_joined(f"{head} ({gloss})" if gloss else head, inner.clause))


def _connective(parts: tuple[Formula, ...], conjunction: bool, case: Case, budget: Budget, depth: int) -> Reason:
    """A false conjunction and a true disjunction have one decisive part; else all parts count."""
    given = case.given
    if case.value != conjunction:
        for index, part in enumerate(parts):
            if _truth(part, index, case, budget, given) == case.value:
                inner = tell(Case(part, case.value, _evidence(case.evidence, index), given), budget, depth + 1)
                if isinstance(part, Named | Quantified):
                    return inner
                verb = "holds" if case.value else "fails"
                return replace(inner, clause=_joined(f"`{statement(part, given)}` {verb}", inner.clause))
        return Reason("")
    lines: list[Line] = []
    for index, part in enumerate(parts):
        if len(lines) >= _CANDIDATES:
            lines.append(Line(0, f"and {len(parts) - index} more"))
            break
        clause = tell(Case(part, case.value, _evidence(case.evidence, index), given), budget, depth + 1).clause
        if not isinstance(part, Named) or not part.arguments:
            text = statement(part, given, depth=1)
            clause = _joined(f"`{text}` {'holds' if case.value else 'fails'}", clause)
        lines.append(Line(0, clause))
    if len(parts) == 1:
        return Reason(lines[0].text)
    count = {0: "no", 2: "both"}.get(len(parts), f"all {len(parts)}")
    return Reason(f"{count} {'parts hold' if conjunction else 'alternatives fail'}", tuple(lines))


def _implication(premise: Formula, conclusion: Formula, case: Case, budget: Budget, depth: int) -> Reason:
    given = case.given
    if not case.value:
        inner = tell(Case(conclusion, False, _evidence(case.evidence, 1), given), budget, depth + 1)
        return replace(inner, clause=f"`{statement(premise, given)}` holds, but {_denied(conclusion, inner, given)}")
    if _truth(premise, 0, case, budget, given):
        return tell(Case(conclusion, True, _evidence(case.evidence, 1), given), budget, depth + 1)
    inner = tell(Case(premise, False, _evidence(case.evidence, 0), given), budget, depth + 1)
    return replace(inner, clause=_joined("the premise fails", inner.clause))


def _denied(formula: Formula, reason: Reason, given: Assignment) -> str:
    """Why a formula fails, or that it does."""
    return reason.clause or f"`{statement(formula, given)}` fails"


def _equivalence(left: Formula, right: Formula, case: Case, budget: Budget) -> Reason:
    first = _truth(left, 0, case, budget, case.given)
    sides = [f"`{clipped(statement(side, case.given), 80)}`" for side in (left, right)]
    second = first == case.value
    verbs = ["holds" if side else "fails" for side in (first, second)]
    link = "and" if case.value else "but"
    return Reason(f"{sides[0]} {verbs[0]} {link} {sides[1]} {verbs[1]}")


# --- equations ------------------------------------------------------------------------------------


def _equation(left: Term, right: Term, value: bool, given: Assignment) -> Reason:
    texts = [term(side, given) for side in (left, right)]
    names = [term_value(side, given) for side in (left, right)]
    computed = [text if text == name else f"{text} = {name}" for text, name in zip(texts, names, strict=True)]
    if value:
        return Reason(f"both sides are `{names[0]}`")
    if texts == names:
        kind = "objects" if is_object(left) else "elements" if is_element(left) else "arrows"
        clause = f"`{names[0]}` and `{names[1]}` are different {kind}"
    else:
        clause = f"`{computed[0]}`, but `{computed[1]}`"
    if is_object(left) or is_element(left):
        return Reason(clause)
    routes = [_route(side, given) for side in (left, right)]
    if texts == names and all(len(route.steps) < 2 for route in routes):
        return Reason(clause)
    lines = tuple(
        Line(0, f"{which} path `{text}`" + ("" if text == name else f" is `{name}`"))
        for which, text, name in zip(("left", "right"), texts, names, strict=True)
    )
    return Reason(clause, lines, draw_failure(*routes))


def _route(of: Term, given: Assignment) -> Route:
    """The arrows that a term is composed of, one step each; normal forms as paths of generators."""
    factors: list[Term] = []
    todo: list[Term] = [of]
    while todo:
        match todo.pop():
            case Composite(_, first, second):
                todo += [second, first]
            case factor:
                factors.append(factor)
    category = category_of(of)
    start = category.source(number(of, given))
    steps: list[tuple[str, str]] = []
    for factor in factors:
        f = number(factor, given)
        word = category.word(f)
        if isinstance(factor, ArrowConstant | Variable) and category.labels is None and len(word) <= _CANDIDATES:
            path = (category.generators[generator] for generator in word)
            steps.extend((generator.name, category.objects[generator.cod]) for generator in path)
        else:
            steps.append((term(factor, given), category.objects[category.target(f)]))
    return Route(category.objects[start], tuple(steps))


# --- quantifiers ----------------------------------------------------------------------------------


def _quantified(formula: Quantified, case: Case, budget: Budget, depth: int) -> Reason:
    match formula.quantifier, case.value:
        case Quantifier.FORALL, False:
            return _decisive_instance(False, case, budget, depth)
        case Quantifier.EXISTS, True:
            return _decisive_instance(True, case, budget, depth)
        case Quantifier.FORALL, True:
            return Reason(_everywhere(formula, case, budget))
        case Quantifier.EXISTS, False:
            return _nowhere(formula, case, budget, depth)
        case Quantifier.EXISTS_UNIQUE, True:
            value, _ = next(_chosen(formula, True, case, budget))
            return Reason(f"{binding(formula.variable, value)} is the only one")
        case Quantifier.EXISTS_UNIQUE, False:
            found = [value for value, _ in islice(_chosen(formula, True, case, budget), 2)]
            if len(found) < 2:
                return _nowhere(formula, case, budget, depth)
            both = " and ".join(binding(formula.variable, value) for value in found)
            if isinstance(formula.body, Truth):
                return Reason(f"not unique: {both}")
            return Reason(f"not unique: both {both} satisfy `{statement(formula.body, case.given)}`")
        case _:
            return Reason("")


def _decisive_instance(wanted: bool, case: Case, budget: Budget, depth: int) -> Reason:
    """The instance on which a false universal or a true existential statement rests, through nested ones."""
    quantifier = Quantifier.EXISTS if wanted else Quantifier.FORALL
    bound: list[tuple[Variable, Value]] = []
    inner = case
    while isinstance(inner.formula, Quantified) and inner.formula.quantifier is quantifier:
        found = next(_chosen(inner.formula, wanted, inner, budget), None)
        if found is None:
            return Reason("")
        bound.append((inner.formula.variable, found[0]))
        inner = found[1]
    reason = tell(inner, budget, depth + 1)
    where = ", ".join(binding(variable, value) for variable, value in bound if not _is_implied(variable, bound))
    if wanted:
        return replace(reason, clause=_joined(f"witness {where}", reason.clause))
    denied = _denied(inner.formula, reason, inner.given)
    return replace(reason, clause=f"at {where}, {denied}")


def _is_implied(variable: Variable, bound: list[tuple[Variable, Value]]) -> bool:
    """Whether a later variable shows this one's value: an object as an end of an arrow, or below an element."""
    if not isinstance(variable.range, Objects):
        return False
    for later, _ in bound:
        match later.range:
            case Arrows(_, dom, cod) if variable in (dom, cod):
                return True
            case Elements(_, at) if at is variable:
                return True
            case _:
                pass
    return False


def _everywhere(formula: Quantified, case: Case, budget: Budget) -> str:
    """How many instances a true universal statement has, with those of the universal statements right below."""
    count = _count(formula.variable, case, budget)
    variable = binder(formula.variable, case.given)
    if count == 0:
        return f"there is no `{variable}`, so nothing is left to check"
    names = [f"`{variable}`"]
    body = formula.body
    while isinstance(body, Quantified) and body.quantifier is Quantifier.FORALL:
        names.append(f"`{binder(body.variable, case.given)}`")
        body = body.body
    quantity = "for every" if len(names) > 1 else "for the only" if count == 1 else f"for all {count}"
    return f"{quantity} {', '.join(names)}"


def _count(variable: Variable, case: Case, budget: Budget) -> int:
    count = 0
    for _ in values(variable.range, case.given, budget):
        budget.spend()
        count += 1
    return count


def _nowhere(formula: Quantified, case: Case, budget: Budget, depth: int) -> Reason:
    """Why nothing satisfies an existential statement: the range is empty, or what is wrong with each candidate."""
    binders, body = [binder(formula.variable, case.given)], formula.body
    unique = formula.quantifier is Quantifier.EXISTS_UNIQUE
    while not unique and isinstance(body, Quantified) and body.quantifier is Quantifier.EXISTS:
        binders.append(binder(body.variable, case.given))
        body = body.body
    if isinstance(body, Truth) and body.value:
        return Reason(f"there is no `{', '.join(binders)}`")
    clause = f"no {', '.join(f'`{text}`' for text in binders)} satisfies `{statement(body, case.given)}`"
    searched: tuple[Line, ...] = ()
    if isinstance(case.evidence, Search):
        searched = (Line(0, f"an exhaustive search of {counted(case.evidence.nodes, 'node')} finds none"),)
    try:
        candidates = list(islice(_values(formula.variable, case, budget), _CANDIDATES + 1))
    except (BudgetExceeded, Unknown):
        return Reason(clause, searched)
    if not candidates:
        return Reason(f"there is no `{binders[0]}`")
    lines: list[Line] = []
    first: Reason | None = None
    for value in candidates[:_CANDIDATES]:
        reason = tell(_instance(formula, value, False, case), budget, depth + 1)
        first = first or reason
        if reason.clause:
            lines.append(Line(0, f"{binding(formula.variable, value)}: {clipped(reason.clause, _CANDIDATE)}"))
    if len(candidates) == 1 and first is not None and first.clause:
        only = f"the only `{binders[0]}` is `{value_name(formula.variable.range, candidates[0])}`"
        return replace(first, clause=f"{only}: {first.clause}")
    if len(candidates) > _CANDIDATES and lines and not searched:
        lines.append(Line(0, f"and {_count(formula.variable, case, budget) - _CANDIDATES} more"))
    return Reason(clause, (*lines, *searched))


def _instances(formula: Instances, case: Case, budget: Budget, depth: int) -> Reason:
    """The same for a quantifier that elaboration has already expanded."""

    def instance(index: int, value: bool) -> Reason:
        part = Case(formula.parts[index], value, _evidence(case.evidence, index), case.given)
        return tell(part, budget, depth + 1)

    def label(index: int) -> str:
        return f"{formula.name} = `{clipped(formula.labels[index])}`"

    if not formula.parts:
        return Reason(f"`{formula.name}` has no value at all")
    existential = formula.quantifier is not Quantifier.FORALL
    if case.value != existential and formula.quantifier is not Quantifier.EXISTS_UNIQUE:
        if not existential:
            return Reason(f"for all {len(formula.parts)} values of `{formula.name}`")
        shown = range(min(len(formula.parts), _CANDIDATES))
        lines = [Line(0, _joined(label(index), instance(index, False).clause)) for index in shown]
        if len(formula.parts) > _CANDIDATES:
            lines.append(Line(0, f"and {len(formula.parts) - _CANDIDATES} more"))
        return Reason(f"no value of `{formula.name}` satisfies it", tuple(lines))
    found = (i for i, p in enumerate(formula.parts) if _truth(p, i, case, budget, case.given) == existential)
    index = next(found, None)
    if formula.quantifier is Quantifier.EXISTS_UNIQUE and not case.value:
        second = None if index is None else next(found, None)
        if index is None or second is None:
            return Reason(f"no value of `{formula.name}` satisfies it")
        return Reason(f"not unique, {label(index)} and {label(second)} both satisfy it")
    if index is None:
        return Reason("")
    reason = instance(index, existential)
    head = f"witness {label(index)}" if existential else f"at {label(index)}"
    return replace(reason, clause=_joined(head, _denied_clause(reason, existential)))


def _denied_clause(reason: Reason, value: bool) -> str:
    return reason.clause or ("" if value else "it fails")


# --- representability -----------------------------------------------------------------------------


def _pair(functor: SetFunctor, u: int) -> str:
    """``(P, u)``: an object and an element over it."""
    return f"`({functor.category.objects[functor.base[u]]}, {element_name(functor, u)})`"


def _shown(functor: SetFunctor) -> str:
    """The table of a small set-valued functor."""
    if functor.size > _DRAWN_ELEMENTS:
        return ""
    drawing = draw_text(functor)
    return drawing if drawing.count("\n") <= _DRAWN_ELEMENTS else ""


def _universal(functor: SetFunctor, u: int, value: bool) -> Reason:
    if value:
        return Reason(f"{_pair(functor, u)} is universal: every element comes from it along exactly one arrow")
    wrong = failure(functor, u, orbits(functor).generated(u))
    return Reason(_wrong(functor, wrong), drawing=_shown(functor)) if wrong is not None else Reason("")


def _wrong(functor: SetFunctor, wrong: Failure) -> str:
    match wrong:
        case Missed(root, element):
            return f"{_pair(functor, root)} misses {element_place(functor, element)}"
        case Identified(root, first, second, image):
            category = functor.category
            arrows = f"`{arrow_with_ends(category, first)}` and `{arrow_with_ends(category, second)}`"
            return f"{_pair(functor, root)} identifies {arrows}: both send it to {element_place(functor, image)}"
        case Crowded(root, x, arrow_count, element_count):
            base = functor.category.objects
            ends = (base[x], base[functor.base[root]])[:: 1 if functor.contravariant else -1]
            arrows = f"{counted(arrow_count, 'arrow')} `{' -> '.join(ends)}`"
            return f"{_pair(functor, root)} identifies some of the {arrows}: they send it to {_size(element_count)}"
        case _:
            assert_never(wrong)


def _covered(functor: SetFunctor, count: int, value: bool) -> Reason:
    found = orbits(functor)
    roots = listed([_pair(functor, source[0]) for source in found.sources])
    needed = len(found.sources)
    if value:
        verb = "generates" if needed == 1 else "generate"
        return Reason(f"{roots} {verb} `{functor.name}`" if needed else f"`{functor.name}` has no element")
    if needed == 1:
        return Reason(f"`{functor.name}` has an element, {roots}")
    return Reason(f"it takes {needed} elements: {roots}, no two from a common one", drawing=_shown(functor))


def _coproduct(functor: SetFunctor, count: int, value: bool, evidence: Evidence) -> Reason:
    word = "represented" if functor.contravariant else "corepresented"
    if value and count == 1:
        universal = [u for _, u in universal_elements(functor)]
        if not universal:
            return Reason("")
        u, others = universal[0], universal[1:]
        clause = f"`{functor.name}` is {word} by `{functor.category.objects[functor.base[u]]}`"
        clause += f" at `{element_name(functor, u)}`"
        if not others:
            return Reason(f"{clause}, its only universal element")
        more = listed([_pair(functor, other) for other in others])
        return Reason(clause, (Line(0, f"{counted(len(others), 'other universal element')}: {more}"),))
    found = orbits(functor)
    if value:
        roots = evidence.roots if isinstance(evidence, Forest) else tuple(source[0] for source in found.sources)
        if not roots:
            return Reason(f"`{functor.name}` has no element")
        return Reason(f"universal elements of the summands: {listed([_pair(functor, u) for u in roots])}")
    if not functor.size:
        return Reason(f"`{functor.name}` has no element")
    return _not_a_coproduct(found, count)


def _not_a_coproduct(found: Orbits, count: int) -> Reason:
    """Why a non-empty T is no coproduct of ``count`` representables; for a count of 1, not representable."""
    functor, needed = found.functor, len(found.sources)
    prompt_number = f"prompt number {needed}"
    if count != 1 and needed < count:
        return Reason(f"{counted(needed, 'element')} generate all of `{functor.name}` ({prompt_number})")
    wrong = list(islice(failures(found), _LINES))
    if count == 1 or needed > count:
        lines = tuple(Line(0, _wrong(functor, item)) for _, item in wrong[: _LINES - 1]) if len(wrong) > 1 else ()
        lines += (Line(0, f"and {needed - len(lines)} more"),) if lines and needed > len(lines) else ()
        if needed == 1:
            clause = f"`{functor.name}` is generated by one element ({prompt_number}), but freely by none"
            return Reason(_joined(clause, _wrong(functor, wrong[0][1]) if wrong else ""), lines, _shown(functor))
        u, t = _pair(functor, found.sources[0][0]), _pair(functor, found.sources[1][0])
        clause = f"no element generates `{functor.name}`, it takes {needed} ({prompt_number})"
        if count != 1:
            clause = f"`{functor.name}` takes {counted(needed, 'element')} to generate ({prompt_number})"
        return Reason(f"{clause}: {u} and {t} come from no common element", lines, _shown(functor))
    for source in found.sources[:_SOURCES]:
        clash = next(_clashes(found, source), None)
        if clash is not None:
            return Reason(_wrong(functor, clash), drawing=_shown(functor))
    return Reason(_overlap(found), drawing=_shown(functor))


def _clashes(found: Orbits, source: tuple[int, ...]) -> Iterator[Failure]:
    """For a source that no element generates freely, what the first one identifies."""
    wrong = [identified(found.functor, u, found.generated(u)) for u in source[:_SOURCES]]
    if all(item is not None for item in wrong):
        yield from (item for item in wrong if item is not None)


def _overlap(found: Orbits) -> str:
    """Two sources that generate a common element."""
    owner: dict[int, int] = {}
    for source in found.sources[:_SOURCES]:
        for t in sorted(found.generated(source[0])):
            if t in owner:
                pair = f"{_pair(found.functor, owner[t])} and {_pair(found.functor, source[0])}"
                return f"{pair} both generate {element_place(found.functor, t)}"
            owner[t] = source[0]
    return ""


# --- categories -----------------------------------------------------------------------------------


def _connected(category: Category, value: bool) -> Reason:
    if not category.object_count:
        return Reason("it has no object")
    parts = _components(category)
    if value:
        return Reason("" if category.object_count == 1 else f"zigzags join all {category.object_count} objects")
    names = [[category.objects[x] for x in part] for part in parts]
    clause = f"no zigzag of arrows joins `{names[0][0]}` and `{names[1][0]}`"
    lines = [Line(0, f"part {i}: {listed(part)}") for i, part in enumerate(names[:_CANDIDATES], 1)]
    if len(names) > _CANDIDATES:
        lines.append(Line(0, f"and {len(names) - _CANDIDATES} more parts"))
    return Reason(clause, tuple(lines))


def _components(category: Category) -> list[list[int]]:
    """The objects joined by zigzags of generators, by the first object of each part."""
    neighbours: list[list[int]] = [[] for _ in category.objects]
    for g in category.generators:
        neighbours[g.dom].append(g.cod)
        neighbours[g.cod].append(g.dom)
    seen = [False] * category.object_count
    parts: list[list[int]] = []
    for start in range(category.object_count):
        if seen[start]:
            continue
        seen[start] = True
        part = [start]
        for x in part:
            for y in neighbours[x]:
                if not seen[y]:
                    seen[y] = True
                    part.append(y)
        parts.append(sorted(part))
    return parts


def _isomorphic(
    left: SetFunctor | Category, right: SetFunctor | Category, value: bool, evidence: Evidence, *, equivalent: bool
) -> Reason:
    match left, right:
        case SetFunctor(), SetFunctor():
            if not value:
                return Reason(set_functor_difference(left, right) or "no family of bijections is natural")
            images = evidence.value if isinstance(evidence, Isomorphism) else ()
            if not isinstance(images, tuple):
                return Reason("")
            pairs = [
                f"{left.labels[s]} |-> {right.labels[t]} over {left.category.objects[left.base[s]]}"
                for s, t in enumerate(images)
                if isinstance(t, int)
            ]
            return Reason(f"an isomorphism is `{listed(pairs)}`" if pairs else "")
        case Category(), Category():
            if value:
                return Reason(_functor_clause(left, right, evidence))
            if equivalent:
                difference, word = equivalence_difference(left, right), "is an equivalence"
            else:
                difference, word = category_difference(left, right), "has an inverse"
            return Reason(difference or f"no functor from `{left.name}` to `{right.name}` {word}")
        case _:
            return Reason("")


def _functor_clause(left: Category, right: Category, evidence: Evidence) -> str:
    match getattr(evidence, "value", None):
        case (tuple() as objects, tuple() as generators):
            pairs = [f"{left.objects[x]} |-> {right.objects[y]}" for x, y in enumerate(objects)]
            pairs += [f"{left.generators[g].name} |-> {arrow_name(right, f)}" for g, f in enumerate(generators)]
            return f"the functor `{listed(pairs)}`" if pairs else ""
        case _:
            return ""


def _finite(presented: Category | InfiniteCategory) -> Reason:
    if isinstance(presented, Category):
        return Reason(f"`{presented.name}` has {counted(presented.arrow_count, 'arrow')}")
    presentation = presented.presentation
    names = [name for name, _, _ in presentation.generators]
    loop = (
        names[presented.loop[0]] if len(presented.loop) == 1 else f"({' >> '.join(names[g] for g in presented.loop)})"
    )
    prefix = "".join(f"{names[g]} >> " for g in presented.prefix)
    powers = f"the arrows `{prefix}{loop}^n` of `{structure_name(presented)}`"
    return Reason(f"{powers}, n = 1, 2, 3, …, are all different")
