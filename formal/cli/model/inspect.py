"""``formal model inspect``: what a bundle holds, a heat map, and whether its relation is a category."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.model.layout import (
    FILE,
    MOST_LISTED,
    field,
    listed,
    number,
    output_option,
    put_json,
    wrapped,
    write_text,
)
from formal.cli.terminal import put, screen_of
from formal.text.escape import clip, terminal, width
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from fractions import Fraction

    from formal.bundle.law import Laws
    from formal.bundle.model import Array, Bundle
    from formal.quantale import Quantale


@click.command(short_help="What a bundle holds, and whether its relation is a category.")
@click.argument("file", type=FILE)
@click.option("--array", default="relation", show_default=True, metavar="NAME", help="Which array to look at.")
@click.option("--move", metavar="LABEL", help="Which move, of an array with three axes.  [default: the first]")
@click.option(
    "--threshold", metavar="NUMBER", help="From where on x counts as related to y.  [default: the manifest's]"
)
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT", help="Write the heat map there.")
@output_option
def inspect(file: Path, array: str, move: str | None, threshold: str | None, svg: Path | None, output: str) -> int:
    """Summarise a bundle: its arrays, the axioms of a category on its relation, and a heat map.

    \b
    Examples:
      formal model inspect encoder.safetensors
      formal model inspect encoder.safetensors --array relation.ideal --svg ideal.svg
      formal model inspect rotations.safetensors --move 1 --threshold 24/25
    """
    from formal.bundle.heat import svg_heat, text_heat
    from formal.bundle.law import doubles
    from formal.bundle.read import read_bundle

    bundle = read_bundle(file)
    chosen = _threshold(threshold, bundle)
    shown = _shown(bundle, array, move)
    laws = _laws(bundle, shown) if shown is not None else None
    reading = _reading(bundle, chosen) if array == "relation" else None
    if svg is not None:
        if shown is None:
            raise click.UsageError(f"`{array}` is no matrix: it cannot be drawn")
        rows, columns = (bundle.axes[axis] for axis in shown.axes)
        write_text(svg, svg_heat(doubles(shown), rows, columns, title=f"{bundle.name}: {_title(array, shown)}"))
    if output == "json":
        put_json(_inspected(bundle, laws, reading))
        return int(ExitCode.AS_EXPECTED)
    screen = screen_of(sys.stdout, "auto")
    lines = [*_summary(bundle), *_arrays(bundle)]
    lines.append("")
    if laws is not None:
        lines += _laws_text(laws, _quantale_of(bundle))
    elif shown is not None and bundle.axes[shown.axes[0]] != bundle.axes[shown.axes[1]]:
        lines += field("category", "none: rows and columns are different objects, so it is a profunctor")
    if reading is not None:
        lines += field("at threshold", reading["text"])
    if shown is not None:
        rows, columns = (bundle.axes[axis] for axis in shown.axes)
        title = f"{_title(array, shown)}: {len(rows)} rows ({shown.axes[0]}), {len(columns)} columns ({shown.axes[1]})"
        lines += [*([""] if lines[-1] else []), *wrapped(title, screen.columns)]
        lines += text_heat(doubles(shown), rows, columns, wide=screen.columns, unicode=screen.unicode)
    put("".join(f"{line}\n" for line in lines))
    return int(ExitCode.AS_EXPECTED)


def _threshold(text: str | None, bundle: Bundle) -> Fraction | None:
    from formal.bundle.model import exact

    if text is None:
        return bundle.threshold
    try:
        return exact(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--threshold") from None


def _shown(bundle: Bundle, name: str, move: str | None) -> Array | None:
    """The matrix to draw and to look at; None when the array is none.

    Raises:
        Rejection: there is no such array or move.
    """
    from formal.bundle.matrix import listed, unknown
    from formal.bundle.model import Array

    found = bundle.arrays.get(name)
    if found is None:
        if name == "relation" and move is None:
            return None
        raise unknown(bundle, "array", name, sorted(bundle.arrays), None)
    if len(found.axes) == 2:
        if move is not None:
            raise click.UsageError(f"`{name}` has no moves: its axes are {listed(found.axes)}")
        return found
    if len(found.axes) != 3:
        return None
    moves = bundle.axes[found.axes[2]]
    if move is not None and move not in moves:
        raise unknown(bundle, "move", move, moves, None)
    index = 0 if move is None else moves.index(move)
    if not moves:
        return None
    return Array(f"{name}, move {moves[index]}", found.axes[:2], found.role, found.values[:, :, index], found.scale)


def _title(name: str, array: Array) -> str:
    return terminal(array.name if array.name.startswith(name) else name)


def _quantale_of(bundle: Bundle) -> Quantale | None:
    from formal.bundle.entry import QUANTALES

    return QUANTALES.get(bundle.kind)


def _laws(bundle: Bundle, array: Array) -> Laws | None:
    """The axioms, for a relation between the objects of one list with values in a quantale."""
    from formal.bundle.law import laws

    quantale = _quantale_of(bundle)
    rows, columns = (bundle.axes[axis] for axis in array.axes)
    is_relation = array.role in ("relation", "ideal") and rows == columns and len(rows) > 0
    return laws(bundle, array, quantale) if quantale is not None and is_relation else None


def _reading(bundle: Bundle, threshold: Fraction | None) -> dict[str, Any] | None:
    """How the relation composes at a threshold; None where it has none, or there is too much to look at."""
    from formal.bundle.choose import read_as
    from formal.text import Rejection

    if threshold is None:
        return None
    try:
        found = read_as(bundle, threshold)
    except Rejection:
        return None
    text = (
        f"{found.threshold}: {found.found} {'moves' if found.positions > 1 else 'relations'}, "
        f"{len(found.missing_identities)} identities missing, composition violated for {found.violated} of "
        f"{found.tested} composable pairs, {found.composites} added by closing"
    )
    return {
        "threshold": str(found.threshold),
        "reading": str(found.reading),
        "found": found.found,
        "missing_identities": list(found.missing_identities),
        "violated": found.violated,
        "tested": found.tested,
        "added": found.composites,
        "text": text,
    }


def _summary(bundle: Bundle) -> Iterator[str]:
    yield terminal(f"{bundle.name}: {bundle.file}")
    yield from field("digest", bundle.digest)
    kind = f"{bundle.kind} {bundle.monoid}".strip()
    yield from field("base", f"{kind}: {bundle.reads}" if bundle.reads else kind)
    family = str(bundle.training.get("family", ""))
    for name, text in (
        ("model", clip(family)),
        ("seeds", listed(list(map(str, bundle.seeds)))),
        ("threshold", "" if bundle.threshold is None else f"{bundle.threshold}, fixed before the data"),
        ("status", bundle.status),
        ("claims", listed(bundle.claims)),
    ):
        if text:
            yield from field(name, text)
    if bundle.measurements:
        yield from field("measured", _agreements(bundle))


def _agreements(bundle: Bundle) -> str:
    from collections import Counter

    from formal.bundle.score import measurements

    count = Counter(str(found.agreement) for found in measurements(bundle))
    words = {"agrees": "agree with the raw predictions", "not comparable": "cannot be compared with raw predictions"}
    return ", ".join(f"{number} {words.get(what, what)}" for what, number in sorted(count.items()))


def _arrays(bundle: Bundle) -> Iterator[str]:
    yield ""
    names = [clip(terminal(name), 36) for name in sorted(bundle.arrays)]
    widest = max(map(width, names), default=0)
    for name, shown in list(zip(sorted(bundle.arrays), names, strict=True))[: 2 * MOST_LISTED]:
        array = bundle.arrays[name]
        axes = " x ".join(f"{size} {axis}" for size, axis in zip(array.values.shape, array.axes, strict=True)) or "1"
        stored = array.values.dtype.name
        yield f"  {shown}{' ' * (widest - width(shown))}  {terminal(clip(f'{stored}  {axes}  ({array.role})', 70))}"
    if len(names) > 2 * MOST_LISTED:
        yield f"  and {len(names) - 2 * MOST_LISTED} more"


def _laws_text(laws: Laws, quantale: Quantale | None) -> Iterator[str]:
    word = "" if quantale is None else quantale.value
    if not laws.identities and not laws.violated and laws.triple is None:
        verdict = "holds up to the rounding of doubles"
        if laws.rate is not None:
            verdict = f"no violation found; the rate is at most {laws.rate:.3g} with 95 % confidence"
    else:
        verdict = "fails"
    yield from field("category", f"over {word}, {laws.objects} objects: {verdict}")
    if laws.identity is not None:
        label, lack = laws.identity
        yield from field(
            "identities", f"{laws.identities} of {laws.objects} objects lack some, `{label}` most: {number(lack)}"
        )
    if laws.violated:
        share = 100 * laws.violated / laws.tested
        rate = "" if laws.rate is None else f"; the rate is at most {laws.rate:.3g} with 95 % confidence"
        yield from field(
            "composition", f"fails for {laws.violated} of {laws.tested} {laws.counts} ({share:.2g} %){rate}"
        )
    if laws.triple is not None:
        x, y, z = laws.triple
        yield from field("defect", f"{number(laws.defect)} from `{x}` by `{y}` to `{z}`")


def _inspected(bundle: Bundle, laws: Laws | None, reading: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "file": bundle.file,
        "name": bundle.name,
        "digest": bundle.digest,
        "base": {"kind": bundle.kind, "monoid": bundle.monoid, "reads": bundle.reads},
        "axes": {axis: len(labels) for axis, labels in sorted(bundle.axes.items())},
        "arrays": {
            name: {
                "role": array.role,
                "dtype": array.values.dtype.name,
                "shape": list(array.values.shape),
                "axes": list(array.axes),
            }
            for name, array in sorted(bundle.arrays.items())
        },
        "seeds": list(bundle.seeds),
        "status": bundle.status,
        "threshold": None if bundle.threshold is None else str(bundle.threshold),
        "laws": None
        if laws is None
        else {
            "objects": laws.objects,
            "identities_lacking": laws.identities,
            "identity_defect": "0" if laws.identity is None else str(laws.identity[1]),
            "composition_defect": str(laws.defect),
            "triple": None if laws.triple is None else list(laws.triple),
            "violated": laws.violated,
            "tested": laws.tested,
            "counts": laws.counts,
            "rate_at_most": laws.rate,
        },
        "thresholded": None if reading is None else {key: value for key, value in reading.items() if key != "text"},
    }
