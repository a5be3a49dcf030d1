"""Claims that are newer than the runs of the models that they speak of: they are refused.

A script judges a model when it states one of the claims that the model's bundle carries, as it carries it. Of such a
script no claim that speaks of the model may be new. In no script may the name of a carried claim stand for something
else. So a script of second thoughts is free in all but the names of the claims from before the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from formal.bundle.precedence import carried, precedence
from formal.elaborate.scope import Model, Module
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection, Source


def newer_claims(module: Module, tree: ast.Script, imported: Iterable[Source]) -> Mapping[str, Diagnostic]:
    """The claims of a script that are newer than a run, by name in source order; costs nothing without trained models.

    Args:
        imported: the texts of all scripts that it imports, directly or not.
    """
    models = [
        (name, meaning.bundle)
        for name, (_, meaning) in module.meanings.items()
        if isinstance(meaning, Model) and carried(meaning.bundle)
    ]
    if not models:
        return {}
    from formal.syntax.wording import wordings

    said = wordings(tree, _trees(imported))
    stated = {each.name.text: each.digest for each in said}
    changed: dict[str, list[str]] = {}
    new: dict[str, list[str]] = {}
    for model, bundle in models:
        found = precedence(bundle, stated)
        for name in found.changed:
            changed.setdefault(name, []).append(bundle.file)
        speaking = {each.name.text for each in said if model in each.mentions} if found.older else set()
        for name in found.new:
            if name in speaking:
                new.setdefault(name, []).append(bundle.file)
    return {
        each.name.text: _changed(each.name, changed[each.name.text])
        if each.name.text in changed
        else _new(each.name, new[each.name.text])
        for each in said
        if each.name.text in changed or each.name.text in new
    }


def _trees(sources: Iterable[Source]) -> Iterator[ast.Script]:
    from formal.syntax.parser import parse

    for source in sources:
        with suppress(Rejection):  # The import of what is no script has been refused.
            yield parse(source)


def _changed(name: ast.Name, files: list[str]) -> Diagnostic:
    return Diagnostic(
        Code.NEWER_THAN_RUN,
        f"`{name.text}` says something else than before the run of {_listed(files)}",
        Label(name.span, "changed since, or something that it speaks of is"),
        help=("train again; or put it into a script of its own, under another name",),
    )


def _new(name: ast.Name, files: list[str]) -> Diagnostic:
    return Diagnostic(
        Code.NEWER_THAN_RUN,
        f"`{name.text}` is newer than the run of {_listed(files)}",
        Label(name.span, "not among the claims that the run has read"),
        help=("train again, or put it into a script of its own",),
    )


def _listed(files: list[str]) -> str:
    distinct = list(dict.fromkeys(files))
    more = len(distinct) - 1
    return f"`{distinct[0]}`" + (f" and of {more} more bundle{'s'[: more != 1]}" if more else "")
