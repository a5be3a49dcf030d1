"""``formal show``: a drawing of a declared category, functor, set-valued functor or transformation."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from formal.cli.discover import scripts_with
from formal.cli.option import in_script
from formal.cli.terminal import put, say
from formal.report.diagnostic import render_plain
from formal.report.verdict import is_error
from formal.text.escape import terminal_block

if TYPE_CHECKING:
    from formal.core.category import Category
    from formal.core.functor import Functor, SetFunctor, Transformation
    from formal.elaborate.module import Script

    Drawable = Category | Functor | SetFunctor | Transformation


@click.command(short_help="Draw a declared category, functor or presheaf.")
@click.argument("name")
@in_script("declares")
@click.option(
    "--format",
    type=click.Choice(["text", "dot", "mermaid", "tikz", "quiver", "svg"]),
    default="text",
    show_default=True,
    help="tikz is a tikz-cd diagram, quiver a link to the editor of that name.",
)
def show(name: str, file: str | None, format: str) -> int:  # noqa: A002
    """Draw the category, functor, presheaf, copresheaf or transformation called NAME.

    \b
    Examples:
      formal show Square
      formal show Label --in proofs/label.cat --format mermaid
      formal show Square --format svg > square.svg
    """
    from formal.draw.draw import draw

    picture = draw(_drawable(name, _script(name, file)), format)
    put(f"{terminal_block(picture.rstrip(chr(10)))}\n" if format == "text" else f"{picture.rstrip(chr(10))}\n")
    return 0


def _script(name: str, file: str | None) -> Script:
    """The script named, or the only one that declares the name."""
    from formal.elaborate.module import Loader, find_root

    if file is not None:
        path = Path(file)
        return Loader(find_root(path)).load(path)
    word = re.compile(rf"(?<![\w']){re.escape(name)}(?![\w'])")
    loaders: dict[Path, Loader] = {}
    declaring = []
    for path in scripts_with(word):
        root = find_root(path)
        script = loaders.setdefault(root, Loader(root)).load(path)
        span = script.module.span_of(name)
        if span is not None and span.source.name == script.source.name:
            declaring.append((path, script))
    if not declaring:
        raise click.UsageError(f"no script here declares `{name}`; --in FILE says which script to look in")
    if len(declaring) > 1:
        places = ", ".join(str(path) for path, _ in declaring)
        raise click.UsageError(f"several scripts declare `{name}`: {places}; --in FILE says which one is meant")
    return declaring[0][1]


def _drawable(name: str, script: Script) -> Drawable:
    """What the name means, when that can be drawn."""
    from formal.core.category import Category
    from formal.core.functor import Functor, SetFunctor, Transformation
    from formal.core.presentation import InfiniteCategory
    from formal.elaborate.scope import Poisoned
    from formal.elaborate.value import FunctorOf, TransformationOf

    known = script.module.meanings.get(name)
    match None if known is None else known[1]:
        case Category() | SetFunctor() as value:
            return value
        case FunctorOf(term=Functor() as functor):
            return functor
        case TransformationOf(term=Transformation() as transformation):
            return transformation
        case InfiniteCategory():
            raise click.UsageError(f"`{name}` is an infinite category, which has no finite drawing")
        case Poisoned():
            problem = f"`{name}` has errors and cannot be drawn"
        case None:
            close = get_close_matches(name, list(script.module.meanings), n=1)
            hint = f"; did you mean `{close[0]}`?" if close else ""
            problem = f"`{script.source.name}` does not declare `{name}`{hint}"
        case _:
            raise click.UsageError(f"`{name}` is no category, functor, presheaf, copresheaf or transformation")
    for diagnostic in filter(is_error, script.diagnostics):
        say(f"{render_plain(diagnostic)}\n")
    raise click.UsageError(problem)
