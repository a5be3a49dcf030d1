"""``formal model import``: a bundle of an array."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.model.layout import (
    FILE,
)
from formal.cli.terminal import say
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    pass


@click.command("import", short_help="Make a bundle of an array: .npy, .npz or .csv.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="FILE", help="The bundle."
)
@click.option("--array", "key", metavar="NAME", help="Which array of an .npz.")
@click.option("--kernel", type=click.Choice(["angular", "cosine", "rbf", "laplace"]), help="FILE is an embedding.")
@click.option("--scale", type=float, default=1.0, show_default=True, help="Of the kernel, in the units of distances.")
@click.option(
    "--base",
    type=click.Choice(["product", "min", "lukasiewicz", "lawvere", "bool"]),
    default="product",
    show_default=True,
    help="Where the entries have their values.",
)
@click.option("--labels", type=FILE, metavar="FILE", help="A text with a label a line, for the rows.")
@click.option("--columns", type=FILE, metavar="FILE", help="A text with a label a line, for the columns.")
@click.option("--classes", type=FILE, metavar="FILE", help="The class of each row: makes a task of each class.")
@click.option("--name", metavar="NAME", help="Of the bundle.  [default: that of the file]")
def import_(
    file: Path,
    out: Path,
    key: str | None,
    kernel: str | None,
    scale: float,
    base: str,
    labels: Path | None,
    columns: Path | None,
    classes: Path | None,
    name: str | None,
) -> int:
    """Make a relation bundle of an array: FILE is .npy, .npz or .csv. Pickles (.pt, .pkl) are refused.

    A square array is a relation between its rows, a rectangular one a profunctor. With `--kernel` the array is an
    embedding, one row an object, and the relation is the nearness of rows.

    \b
    Examples:
      formal model import similarity.csv --out m.safetensors
      formal model import embedding.npy --kernel angular --classes y.npy --out m.safetensors
      formal model import distances.npz --array D --base lawvere --out m.safetensors
    """
    from formal.bundle.foreign import read_foreign, read_labels
    from formal.bundle.write import Content, write_bundle
    from formal.text import Code, Diagnostic, Rejection

    if kernel is not None and (base != "product" or columns is not None):
        raise click.UsageError("a kernel gives degrees between rows: leave out --base and --columns")
    found = read_foreign(file, key=key)
    if found.values.ndim != 2:
        message = f"`{file}`: the array has the shape {found.values.shape}; a matrix has two axes"
        raise Rejection([Diagnostic(Code.BAD_BUNDLE, message, None)])
    rows = read_labels(labels) if labels is not None else found.rows
    tasks = {} if classes is None else _tasks(classes, len(found.values))
    stem = out.stem if name is None else name
    if kernel is not None:
        digest = _import_embedding(found, rows, kernel, scale, tasks, out, stem)
    else:
        height, breadth = found.values.shape
        named = read_labels(columns) if columns is not None else found.columns
        is_square = height == breadth and (rows is None or named is None or rows == named)
        down = rows or (named if is_square else None) or tuple(map(str, range(height)))
        across = named or tuple(map(str, range(breadth)))
        axes = {"objects": down} if is_square else {"rows": down, "columns": across}
        used = ("objects", "objects") if is_square else ("rows", "columns")
        contents = {"relation": Content(found.values, used, "relation", scale=found.scale)}
        contents |= {task: Content(values, used[:1], role) for task, (values, role) in tasks.items()}
        digest = write_bundle(out, stem, kind=base, axes=axes, arrays=contents)
    say(f"written to {out}: {digest[:16]}")
    return int(ExitCode.AS_EXPECTED)


def _import_embedding(
    found: Any, rows: Sequence[str] | None, kernel: str, scale: float, tasks: dict[str, Any], out: Path, name: str
) -> str:
    from formal.adapter import Relations
    from formal.bundle.law import doubles
    from formal.bundle.model import Array, Scale

    points = Array("embedding", (), "embedding", found.values, Scale.parse(found.scale or "q"))
    made = Relations.from_embeddings(doubles(points), kernel, labels=rows, scale=scale)  # type: ignore[arg-type]
    extra = {task: values for task, (values, role) in tasks.items() if role == "task"}
    return made.with_tasks(**{task.removeprefix("task."): values for task, values in extra.items()}).save(
        out, name=name
    )


def _tasks(path: Path, count: int) -> dict[str, tuple[Any, str]]:
    """The classes of rows as the array ``label`` and one task a class."""
    import numpy as np

    from formal.bundle.foreign import read_foreign, read_labels
    from formal.text import Code, Diagnostic, Rejection

    if path.suffix.lower() == ".npy":
        words = [str(value) for value in read_foreign(path).values.ravel().tolist()]
    else:
        words = list(read_labels(path))
    if len(words) != count:
        message = f"`{path}` has {len(words)} classes for {count} rows"
        raise Rejection([Diagnostic(Code.BAD_BUNDLE, message, None)])
    kinds = sorted(set(words))
    if len(kinds) > 50:
        message = f"`{path}` has {len(kinds)} different classes; at most 50 become tasks"
        raise Rejection([Diagnostic(Code.BAD_BUNDLE, message, None)])
    codes = np.array([kinds.index(word) for word in words], dtype=np.int32)
    return {
        "label": (codes, "label"),
        **{f"task.{kind}": ((codes == code).astype(np.uint8), "task") for code, kind in enumerate(kinds)},
    }
