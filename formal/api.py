"""The Python interface: check scripts and texts, build categories and presheaves, ask questions of them.

>>> import formal
>>> shop = formal.category(
...     "Shop", objects=["Order", "Customer"], arrows={"placed_by": ("Order", "Customer")}
... )
>>> today = formal.copresheaf(
...     "Today",
...     shop,
...     sets={"Order": ["o1", "o2"], "Customer": ["ada"]},
...     maps={"placed_by": {"o1": "ada", "o2": "ada"}},
... )
>>> answer = formal.ask("corepresentable(Today)", Today=today)
>>> answer.outcome
'refuted'
>>> formal.ask("prompt_number(Today, is: 2)", Today=today).proved
True

A whole script works as well, and what it declares can be used further:

>>> report = formal.check("category C { objects a, b arrows f: a -> b }  claim m: mono(f)")
>>> report.ok, report["m"].outcome
(True, 'proved')
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formal.adapter import Profunctor, Relations, capture
from formal.construct import group, order
from formal.core.build import TooLarge
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.draw.name import counted
from formal.elaborate.asked import elaborate_relation_formula
from formal.elaborate.module import Loader, Script, Structure, elaborate_formula, find_root
from formal.elaborate.value import FunctorOf, TransformationOf
from formal.enriched.formula import Given
from formal.report.diagnostic import render_plain
from formal.text import Code, Diagnostic, Rejection, Severity, Source
from formal.verdict.result import ClaimResult, FileResult, Outcome
from formal.verify.decide import decide_claim
from formal.verify.enriched import decide_relation_claim
from formal.verify.options import Options
from formal.verify.run import Target, check_text_and_imports, run

# --- results --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The verdict on one claim.

    Args:
        claim: everything that the run found out about it.
    """

    claim: ClaimResult

    @property
    def outcome(self) -> str:
        """``proved``, ``refuted``, ``bounded`` or ``unknown``; ``agrees``, ``disagrees`` or ``not comparable``."""
        return self.claim.outcome.value

    @property
    def proved(self) -> bool:
        """Whether the kernel accepted a proof; False when refuted and when not known."""
        return self.claim.outcome is Outcome.PROVED and self.claim.certified

    @property
    def refuted(self) -> bool:
        """Whether the kernel accepted a refutation; False when proved and when not known."""
        return self.claim.outcome is Outcome.REFUTED and self.claim.certified

    @property
    def certificate(self) -> bytes:
        """What the kernel read beside the claim; empty when there is none."""
        return self.claim.certificate

    def __repr__(self) -> str:
        return f"<{self.claim.outcome}: {self.claim.statement}>"

    def __str__(self) -> str:
        lines = [f"{self.claim.outcome}: {self.claim.statement}"]
        lines += [self.claim.explanation.summary] if self.claim.explanation.summary else []
        lines += ["  " * (line.depth + 1) + line.text for line in self.claim.explanation.lines]
        lines += [self.claim.reason] if self.claim.reason else []
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head, *rest = str(self).split("\n")
        mark = {"proved": "✓", "refuted": "✗", "agrees": "✓", "disagrees": "✗"}.get(self.outcome, "?")
        body = "".join(f"<br>{escape(line).replace('  ', '&emsp;')}" for line in rest)
        return f"<div><b>{mark} {escape(head)}</b>{body}</div>"


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The verdicts on the claims of some scripts; a mapping from the names of the claims."""

    files: tuple[FileResult, ...]

    @property
    def ok(self) -> bool:
        """Whether every claim is as expected, and no script has errors or could not be worked on; warnings may be."""
        wrong = any(file.crashed for file in self.files) or any(d.severity is Severity.ERROR for d in self.diagnostics)
        return not wrong and all(result.claim.as_expected for result in self)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All that is wrong with the scripts, warnings included."""
        return tuple(diagnostic for file in self.files for diagnostic in file.diagnostics)

    def __iter__(self) -> Iterator[Result]:
        return (Result(claim) for file in self.files for claim in file.claims)

    def __len__(self) -> int:
        return sum(len(file.claims) for file in self.files)

    def __getitem__(self, name: str) -> Result:
        for result in self:
            if result.claim.name == name:
                return result
        raise KeyError(name)

    def __repr__(self) -> str:
        state = "as expected" if self.ok else "not as expected"
        return f"<{counted(len(self), 'claim')} in {counted(len(self.files), 'script')}, {state}>"

    def __str__(self) -> str:
        parts = [render_plain(diagnostic) for diagnostic in self.diagnostics]
        parts += [f"{file.file}: {file.crashed}" for file in self.files if file.crashed]
        return "\n".join([*parts, *(f"{result.claim.name}: {result}" for result in self)])

    def _repr_html_(self) -> str:
        problems = "".join(f"<pre>{escape(render_plain(d))}</pre>" for d in self.diagnostics)
        problems += "".join(
            f"<pre>{escape(f'{file.file}: {file.crashed}')}</pre>" for file in self.files if file.crashed
        )
        rows = "".join(
            f"<tr><td>{escape(r.claim.name)}</td><td>{escape(r.outcome)}</td>"
            f"<td>{escape(r.claim.explanation.summary)}</td></tr>"
            for r in self
        )
        return f"{problems}<table><tr><th>claim</th><th>verdict</th><th>because</th></tr>{rows}</table>"


# --- checking -------------------------------------------------------------------------------------


def check(text: str, options: Options | None = None, *, root: Path | str | None = None) -> Report:
    """Check a script given as a text, and what it imports.

    Args:
        options: how to decide; nothing is cached when left out.
        root: what imports are relative to, and cannot leave; the current folder when left out.
    Raises:
        ValueError: the text is the path of a script.
    """
    if "\n" not in text and text.strip().endswith(".cat"):
        raise ValueError(f"this is a path, not a script: write formal.check_file({text.strip()!r})")
    return Report(check_text_and_imports(text, options, root=None if root is None else Path(root)))


def check_file(path: Path | str, options: Options | None = None) -> Report:
    """Check a script, and what it imports; nothing is cached unless the options say so."""
    return Report(run([Target(Path(path))], options or Options(cache=False)))


@dataclass(frozen=True, slots=True, repr=False)
class Library:
    """What a script declares, by name."""

    script: Script

    def __repr__(self) -> str:
        return f"<{self.script.source.name}: {', '.join(self)}>"

    def __getitem__(self, name: str) -> Structure:
        meaning = self.script.module.meanings[name][1]
        match meaning:
            case Category() | SetFunctor():
                return meaning
            case FunctorOf(term=Functor() as functor):
                return functor
            case TransformationOf(term=Transformation() as transformation):
                return transformation
            case _:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        for name in self.script.module.meanings:
            try:
                self[name]
            except KeyError:
                continue
            yield name


def load(path: Path | str) -> Library:
    """Read a script for what it and its imports declare; warnings are passed over.

    Raises:
        Rejection: something is wrong with it, or with an import.
    """
    return _library(Loader(find_root(Path(path))).load(Path(path)))


def _library(script: Script) -> Library:
    scripts = [script]
    for known in scripts:
        scripts += [imported for imported in known.imports if imported not in scripts]
    errors = [d for each in scripts for d in each.diagnostics if d.severity is Severity.ERROR]
    if errors:
        raise Rejection(errors)
    return Library(script)


def ask(
    formula: str, options: Options | None = None, /, **structures: Structure | Relations | Profunctor | Given
) -> Result:
    """Decide a formula of the language about structures at hand.

    Args:
        formula: such as ``representable(T)``.
        structures: what its names stand for; objects and arrows of their categories are known too. Either finite
            categories and what lives on them, or relations, profunctors and their tasks.
    Raises:
        Rejection: something is wrong with the formula.
    """
    matrices = {
        name: structure if isinstance(structure, Given) else structure.relation
        for name, structure in structures.items()
        if isinstance(structure, Relations | Profunctor | Given)
    }
    if matrices:
        if len(matrices) < len(structures):
            message = "a formula is about finite categories, or about relations with degrees, not both"
            raise Rejection([Diagnostic(Code.WRONG_KIND, message, None)])
        asked = elaborate_relation_formula(formula, matrices)
        return Result(decide_relation_claim(asked, "<formula>", options or Options(cache=False)))
    finite = {name: s for name, s in structures.items() if not isinstance(s, Relations | Profunctor | Given)}
    claim = elaborate_formula(formula, finite)
    return Result(decide_claim(claim, "<formula>", options or Options(cache=False), names={}))


# --- building -------------------------------------------------------------------------------------


def _declare(text: str, name: str, **structures: Structure) -> Structure:
    """What a declaration, written out, declares."""
    return _library(Loader(Path.cwd()).elaborate(Source(f"<{name}>", text), structures=structures))[name]


def _quoted(label: str) -> str:
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


def category(
    name: str,
    *,
    objects: Iterable[str],
    arrows: Mapping[str, tuple[str, str]] | None = None,
    equations: Iterable[str] = (),
) -> Category:
    """A category by generators and equations.

    Args:
        arrows: for each generating arrow its two ends.
        equations: such as ``f >> g = h``.
    Raises:
        Rejection: it is not well formed, or infinite.
    """
    parts = ["objects " + ", ".join(map(_quoted, objects))]
    listed = [f"{arrow}: {_quoted(dom)} -> {_quoted(cod)}" for arrow, (dom, cod) in (arrows or {}).items()]
    if listed:
        parts.append("arrows " + ", ".join(listed))
    sides = list(equations)
    if sides:
        parts.append("equations " + ", ".join(sides))
    result = _declare(f"category {name} {{ {' '.join(parts)} }}", name)
    assert isinstance(result, Category)
    return result


def _square(table: ArrayLike, labels: Sequence[str] | None) -> tuple[NDArray[np.int64], list[str]]:
    """A matrix with a label for each row; the numbers from 0 when labels are left out.

    Raises:
        Rejection: the matrix is not square, or the labels are not as many, or not all different.
    """
    try:
        matrix = np.asarray(table, dtype=np.int64)
    except (TypeError, ValueError, OverflowError) as error:
        raise Rejection(
            [Diagnostic(Code.WRONG_ARGUMENTS, f"the table is no matrix of numbers: {error}", None)]
        ) from None
    if matrix.size == 0:
        matrix = matrix.reshape(0, 0)
    names = [str(i) for i in range(len(matrix))] if labels is None else list(labels)
    if matrix.shape != (len(names), len(names)):
        message = f"the table has the shape {matrix.shape}, not {len(names)} rows and {len(names)} columns"
        raise Rejection([Diagnostic(Code.WRONG_ARGUMENTS, message, None)])
    if len(set(names)) < len(names):
        raise Rejection([Diagnostic(Code.DUPLICATE_NAME, "two rows have one label", None)])
    return matrix, names


def poset(order_relation: ArrayLike, labels: Sequence[str] | None = None) -> Category:
    """The poset of a Boolean matrix, shape (n, n): an arrow from i to j where entry [i, j] holds, closed.

    Raises:
        Rejection: no square matrix, too large, or the relation runs in a circle.
    """
    matrix, names = _square(order_relation, labels)
    pairs = [(int(i), int(j)) for i, j in np.argwhere(matrix) if i != j]
    try:
        return order.poset(names, pairs)
    except order.CyclicOrder as error:
        shown = " < ".join(names[x] for x in (*error.cycle, error.cycle[0]))
        raise Rejection([Diagnostic(Code.CYCLIC_ORDER, f"the order runs in a circle: {shown}", None)]) from None
    except TooLarge as error:
        raise Rejection([Diagnostic(Code.BUDGET_EXCEEDED, f"the poset is too large: {error}", None)]) from None


def monoid(table: ArrayLike, labels: Sequence[str] | None = None) -> Category:
    """The one-object category of a table, shape (n, n) of numbers: entry [i, j] is i followed by j.

    Raises:
        Rejection: no square table of its own numbers, too large, no identity, or not associative.
    """
    rows, names = _square(table, labels)
    if rows.size and not 0 <= rows.min() <= rows.max() < len(names):
        raise Rejection([Diagnostic(Code.NOT_A_MONOID, f"an entry is not one of 0 to {len(names) - 1}", None)])
    try:
        return group.monoid_from_table(names, rows.tolist())
    except group.NotAMonoid as error:
        raise Rejection([Diagnostic(Code.NOT_A_MONOID, str(error), None)]) from None
    except TooLarge as error:
        raise Rejection([Diagnostic(Code.BUDGET_EXCEEDED, f"the monoid is too large: {error}", None)]) from None


def presheaf(
    name: str, base: Category, *, sets: Mapping[str, Iterable[str]], maps: Mapping[str, Mapping[str, str]] | None = None
) -> SetFunctor:
    """A contravariant set-valued functor by its sets, and for each generator ``f: X -> Y`` a map from T(Y) to T(X).

    Raises:
        Rejection: a value is missing or not in the set, or an equation breaks.
    """
    return _set_functor("presheaf", name, base, sets, maps or {})


def copresheaf(
    name: str, base: Category, *, sets: Mapping[str, Iterable[str]], maps: Mapping[str, Mapping[str, str]] | None = None
) -> SetFunctor:
    """A covariant set-valued functor by its sets, and for each generator ``f: X -> Y`` a map from F(X) to F(Y).

    Raises:
        Rejection: a value is missing or not in the set, or an equation breaks.
    """
    return _set_functor("copresheaf", name, base, sets, maps or {})


def _set_functor(
    kind: str, name: str, base: Category, sets: Mapping[str, Iterable[str]], maps: Mapping[str, Mapping[str, str]]
) -> SetFunctor:
    entries = [f"{_quoted(at)} |-> {{{', '.join(map(_quoted, labels))}}}" for at, labels in sets.items()]
    entries += [
        f"{_quoted(arrow)} |-> {{{', '.join(f'{_quoted(s)} |-> {_quoted(t)}' for s, t in table.items())}}}"
        for arrow, table in maps.items()
    ]
    result = _declare(f"{kind} {name} on Base {{ {', '.join(entries)} }}", name, Base=base)
    assert isinstance(result, SetFunctor)
    return result


def set_functor_from_arrays(
    name: str, base: Category, *, sizes: ArrayLike, actions: Sequence[ArrayLike], contravariant: bool = True
) -> SetFunctor:
    """A set-valued functor by numbers alone, for large ones.

    Args:
        sizes: shape (p,), how many elements over each object.
        actions: for each generator f: X -> Y a table, shape (size of its source set,), of positions in its target
            set: from T(Y) to T(X) for a presheaf, from T(X) to T(Y) for a copresheaf.
    Raises:
        Rejection: a table has the wrong shape or leaves the set, or an equation breaks. Where comparing all tables
            takes more than 10^7 steps, the equations are left to the kernel, which checks them with each claim.
    """
    counts = [int(size) for size in np.asarray(sizes, dtype=np.int64).tolist()]
    tables = [np.asarray(action, dtype=np.int64) for action in actions]
    problems: list[Diagnostic] = []
    if len(counts) != base.object_count or len(tables) != len(base.generators) or min(counts, default=0) < 0:
        message = f"`{base.name}` has {base.object_count} objects and {len(base.generators)} generating arrows"
        raise Rejection([Diagnostic(Code.MISSING_VALUE, message, None)])
    for generator, table in zip(base.generators, tables, strict=True):
        source, target = (generator.cod, generator.dom) if contravariant else (generator.dom, generator.cod)
        fits = table.shape == (counts[source],) and (not table.size or 0 <= table.min() <= table.max() < counts[target])
        if not fits:
            message = f"the table of `{generator.name}` is no map from {counts[source]} to {counts[target]} elements"
            problems.append(Diagnostic(Code.NO_SUCH_ELEMENT, message, None))
    if problems:
        raise Rejection(problems)
    labels = tuple(tuple(map(str, range(count))) for count in counts)
    result = SetFunctor(name, base, contravariant, labels, tuple(tuple(table.tolist()) for table in tables))
    broken = _broken_equation(result, tables)
    if broken is not None:
        composite = f"{base.arrow_labels[broken[0]]} >> {base.generators[broken[1]].name}"
        message = f"`{name}` does not respect the composite `{composite}`"
        raise Rejection([Diagnostic(Code.NOT_FUNCTORIAL, message, None)])
    return result


_MOST_STEPS = 10**7


def _broken_equation(functor: SetFunctor, tables: Sequence[NDArray[np.int64]]) -> tuple[int, int] | None:
    """An arrow f and a generator g with T(f >> g) other than T(f) and T(g) give; None when that is too much work."""
    base = functor.category
    sizes = [len(labels) for labels in functor.elements]
    steps = 0
    for f in range(base.arrow_count):
        for g in base.leaving[base.target(f)]:
            steps += 1 + sizes[base.generators[g].cod if functor.contravariant else base.source(f)]
            if steps > _MOST_STEPS:
                return None

    def follow(first: NDArray[np.int64], g: int) -> NDArray[np.int64]:
        return first[tables[g]] if functor.contravariant else tables[g][first]

    maps: list[NDArray[np.int64]] = []
    for f in range(base.arrow_count):
        last = int(base.last[f])
        maps.append(np.arange(sizes[f]) if last < 0 else follow(maps[int(base.parent[f])], last))
    for f in range(base.arrow_count):
        for g in base.leaving[base.target(f)]:
            if not np.array_equal(follow(maps[f], g), maps[base.step(f, g)]):
                return f, g
    return None


__all__ = [
    "Library",
    "Options",
    "Profunctor",
    "Relations",
    "Report",
    "Result",
    "ask",
    "capture",
    "category",
    "check",
    "check_file",
    "copresheaf",
    "load",
    "monoid",
    "poset",
    "presheaf",
    "set_functor_from_arrays",
]
