"""What the scripts about models state, which bundles that is about, and what was expected of it before the runs.

A claim that the bundles of trained models carry was stated before their runs (``formal.bundle.precedence``). Only its
expectation may change afterwards: it is then *pinned*, by a comment above it or behind it, or by a reason, that begins
with that word. So what is pinned was expected to come out the other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formal.bundle.precedence import carried
from formal.bundle.read import read_bundle
from formal.syntax import ast
from formal.syntax.wording import read_wordings
from formal.text import Span
from tests.story.script import Judged, cell, expected, judged, read_script

_PINNED = re.compile(r"#?\s*pinned(?: after the run)?(?:, which refuted it)?[:,]?\s*")


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What a bundle's manifest says of how it was made.

    Args:
        folder: of ``proofs/models``.
        name: of the bundle.
        trained: ``yes``, ``yes, elsewhere`` when no command is told, or ``no``.
        versions: of PyTorch and Python.
        losses: the last ones, by stage, as the manifest has them.
        claims: digests of what was stated before the run, by name.
    """

    folder: str
    name: str
    seeds: tuple[int, ...]
    trained: str
    device: str
    scale: str
    versions: str
    losses: tuple[tuple[str, str], ...]
    claims: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a cross-check.

    Args:
        words: its name, or what is measured, in Markdown; empty when it is neither named nor a score.
        place: line and column.
        shared: it is the same for all tasks.
    """

    role: str
    words: str
    place: tuple[int, int]
    shared: bool


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A claim or a cross-check.

    Args:
        script: below ``proofs/models``, without ``.cat``, such as ``rotation/claims``.
        expected: by the script, now.
        pin: why something else is expected than before the run; None when it is not pinned.
        line: of the declaration.
        bundles: which it speaks of.
        older: those of the bundles that were trained carry it: it is from before their runs.
        tasks: what the variables after ``for`` stand for, a text for each combination.
        seeds: for each model after ``over`` the seed of its bundle; where there is none, for each task, if tasks are
            about bundles of different seeds.
        items: of a cross-check, without the ideal and the own verdict.
    """

    script: str
    name: str
    kind: str
    expected: str
    pin: str | None
    line: int
    bundles: tuple[Trained, ...]
    older: bool
    tasks: tuple[str, ...] = ()
    seeds: tuple[int, ...] = ()
    items: tuple[Item, ...] = ()

    @property
    def before(self) -> str:
        """What was expected before the run."""
        if self.pin is None:
            return self.expected
        usual, other = ("agrees", "disagrees") if self.kind == "crosscheck" else ("proved", "refuted")
        return other if self.expected == usual else usual

    @property
    def folder(self) -> str:
        """Its folder; empty for a script that lies beside the folders."""
        return self.script.rpartition("/")[0]


def read_trained(root: Path) -> dict[tuple[str, str], Trained]:
    """All bundles in the folders of a folder, by folder and file."""
    paths = sorted(root.glob("*/*.safetensors"))
    return {(path.parent.name, path.name): _trained(path) for path in paths}


def _trained(path: Path) -> Trained:
    bundle = read_bundle(path)
    made, training = bundle.provenance, bundle.training.get("train")
    train: Mapping[str, Any] = training if isinstance(training, Mapping) else {}
    versions = [f"{name} {made[key]}" for name, key in (("PyTorch", "torch"), ("Python", "python")) if key in made]
    losses = train.get("losses", {})
    return Trained(
        path.parent.name,
        bundle.name,
        bundle.seeds,
        "no" if "torch" not in made else "yes" if "command" in made else "yes, elsewhere",
        str(made.get("device", "")),
        str(train.get("scale", "")),
        ", ".join(versions),
        tuple((stage, str(values[-1])) for stage, values in sorted(losses.items()) if values),
        carried(bundle),
    )


def read_statements(root: Path, trained: Mapping[tuple[str, str], Trained]) -> tuple[Statement, ...]:
    """All claims and cross-checks of the scripts in a folder and its folders, in the order of names and lines."""
    paths = sorted(root.rglob("*.cat"), key=lambda path: (path.parent.name, path.name != "claims.cat", path.name))
    return tuple(statement for path in paths for statement in _statements(root, path, trained))


@dataclass(frozen=True, slots=True)
class _Script:
    """A script with what its names stand for.

    Args:
        models: the bundles, by the names of models.
        texts: of all declarations, by their names.
    """

    name: str
    tree: ast.Script
    models: Mapping[str, Trained]
    texts: Mapping[str, str]

    def bundles(self, name: str) -> tuple[Trained, ...]:
        """The bundles that a declaration speaks of, directly or not."""
        found = {name: None}
        for each in (queue := [name]):
            words = dict.fromkeys(_WORD.findall(self.texts.get(each, "")))
            new = [word for word in words if word in self.texts and word not in found]
            found |= dict.fromkeys(new)
            queue += new
        return tuple(bundle for model, bundle in self.models.items() if model in found)


_WORD = re.compile(r"[^\W\d]\w*")


def _statements(root: Path, path: Path, trained: Mapping[tuple[str, str], Trained]) -> Iterator[Statement]:
    tree = read_script(path)
    declared = [each for each in tree.declarations if isinstance(each, ast.ModelDecl)]
    files = {each.name.text: (path.parent.name, each.path.text) for each in declared}
    if not set(files.values()) <= set(trained):
        return  # Claims come before the run: there is nothing to be told of them yet.
    named = ((getattr(each, "name", None), each.span.text) for each in tree.declarations)
    texts = {name.text: text for name, text in named if isinstance(name, ast.Name)}
    name = path.relative_to(root).with_suffix("").as_posix()
    script = _Script(name, tree, {model: trained[file] for model, file in files.items()}, texts)
    digests = {each.name.text: each.digest for each in read_wordings(path)}
    for declaration in judged(tree):
        yield _statement(script, declaration, digests[declaration.name.text])


def _statement(script: _Script, declaration: Judged, digest: str) -> Statement:
    name = declaration.name.text
    bundles = script.bundles(name)
    runs = [bundle for bundle in bundles if bundle.claims]
    older = bool(runs) and all(bundle.claims.get(name) == digest for bundle in runs)
    finding, pin = expected(declaration), _pin(script.tree, declaration)
    line = declaration.name.span.source.position(declaration.name.span.start)[0]
    if not isinstance(declaration, ast.CrossCheckDecl):
        return Statement(script.name, name, "claim", finding, pin, line, bundles, older)
    tasks, items = _tasks(declaration.tasks), tuple(_items(declaration))
    if declaration.models is not None:
        seeds = tuple(script.models[model].seeds[0] for model in _elements(declaration.models.range))
    else:
        seeds = _seeds_of_tasks(tasks, script)
        tasks = ("",) if seeds else tasks
    return Statement(script.name, name, "crosscheck", finding, pin, line, bundles, older, tasks, seeds, items)


def _seeds_of_tasks(tasks: Sequence[str], script: _Script) -> tuple[int, ...]:
    """The seeds of the bundles that tasks are about, if each is about one of its own; else nothing."""
    seeds = [{seed for bundle in script.bundles(task) for seed in bundle.seeds} for task in tasks]
    single = [seed for each in seeds if len(each) == 1 for seed in each]
    return tuple(single) if len(set(single)) == len(tasks) else ()


def _elements(node: ast.Expr) -> tuple[str, ...]:
    assert isinstance(node, ast.SetLiteral)
    return tuple(element.text for element in node.elements)


def _tasks(binders: Sequence[ast.Membership]) -> tuple[str, ...]:
    """What is checked for each combination of tasks, the last variable changing fastest."""
    found = [""]
    for binder in binders:
        for _ in binder.names:
            found = [f"{one}, {other}".removeprefix(", ") for one in found for other in _elements(binder.range)]
    return tuple(found)


def _items(check: ast.CrossCheckDecl) -> Iterator[Item]:
    variables = {name.text for binder in check.tasks for name in binder.names}
    for clause in check.clauses:
        if isinstance(clause, ast.CheckClause) and clause.kind in ("premise", "predict", "measure"):
            words = _score(clause.body.span) if clause.name is None else clause.name.text
            shared = variables.isdisjoint(re.findall(r"\w+", clause.span.text))
            yield Item(clause.kind, words, clause.span.source.position(clause.span.start), shared)


_SCORE = re.compile(r'(\w+)\(\w+, "([^"]*)"(.*)\)')


def _score(span: Span) -> str:
    """What is measured, such as ``accuracy of `x.pred.y`, split: "verify"``; empty for what is no score."""
    match = _SCORE.fullmatch(" ".join(span.text.split()))
    return "" if match is None else f"{match[1]} of `{match[2]}`{cell(match[3].replace(', of: population', ''))}"


def _pin(script: ast.Script, declaration: Judged) -> str | None:
    """The reason of a pin; empty when none is told."""
    expect = declaration.expect
    if isinstance(expect, ast.Finding) and expect.because is not None and _PINNED.match(expect.because.text):
        return _PINNED.sub("", expect.because.text, count=1)
    source, span = declaration.span.source, declaration.span
    first, last = source.position(span.start)[0], source.position(span.end)[0]
    written = source.text.split("\n")
    above = first - 1
    while above > 0 and written[above - 1].startswith("#"):
        above -= 1
    near = [each for each in script.comments if above < source.position(each.span.start)[0] <= last]
    texts = [each.text for each in near if not each.text.startswith("##")]
    start = next((place for place, text in enumerate(texts) if _PINNED.match(text)), None)
    if start is None:
        return None
    return _PINNED.sub("", " ".join(text.removeprefix("#").strip() for text in texts[start:]), count=1)
