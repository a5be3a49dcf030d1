"""``formal model``: look into relation bundles, compare, verify and make them."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.terminal import put, say, screen_of
from formal.text.escape import clip, json_text, terminal, width
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from fractions import Fraction

    from formal.bundle.difference import ArrayDifference, Difference
    from formal.bundle.law import Laws
    from formal.bundle.model import Array, Bundle
    from formal.bundle.precedence import Precedence
    from formal.bundle.score import Score
    from formal.quantale import Number, Quantale

_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
_MOST_LISTED = 20
_LONGEST = 80


def _output(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "-o",
        "--output",
        type=click.Choice(["full", "json"]),
        default="full",
        show_default=True,
        help="How it is written.",
    )(command)


@click.group(short_help="Inspect, compare, verify and import models' relations.")
def model() -> None:
    """Look into the relation bundles of trained models, compare and verify them, or make one of an array.

    \b
    Examples:
      formal model inspect encoder.safetensors
      formal model inspect encoder.safetensors --svg relation.svg
      formal model diff before.safetensors after.safetensors
      formal model verify encoder.safetensors
      formal model import embeddings.npy --kernel angular --out encoder.safetensors
    """


# --- inspect --------------------------------------------------------------------------------------


@model.command(short_help="What a bundle holds, and whether its relation is a category.")
@click.argument("file", type=_FILE)
@click.option("--array", default="relation", show_default=True, metavar="NAME", help="Which array to look at.")
@click.option("--move", metavar="LABEL", help="Which move, of an array with three axes.  [default: the first]")
@click.option(
    "--threshold", metavar="NUMBER", help="From where on x counts as related to y.  [default: the manifest's]"
)
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT", help="Write the heat map there.")
@_output
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
        _write(svg, svg_heat(doubles(shown), rows, columns, title=f"{bundle.name}: {_title(array, shown)}"))
    if output == "json":
        _put_json(_inspected(bundle, laws, reading))
        return int(ExitCode.AS_EXPECTED)
    screen = screen_of(sys.stdout, "auto")
    lines = [*_summary(bundle), *_arrays(bundle)]
    lines.append("")
    if laws is not None:
        lines += _laws_text(laws, _quantale_of(bundle))
    elif shown is not None and bundle.axes[shown.axes[0]] != bundle.axes[shown.axes[1]]:
        lines += _field("category", "none: rows and columns are different objects, so it is a profunctor")
    if reading is not None:
        lines += _field("at threshold", reading["text"])
    if shown is not None:
        rows, columns = (bundle.axes[axis] for axis in shown.axes)
        title = f"{_title(array, shown)}: {len(rows)} rows ({shown.axes[0]}), {len(columns)} columns ({shown.axes[1]})"
        lines += [*([""] if lines[-1] else []), *_wrapped(title, screen.columns)]
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
    yield from _field("digest", bundle.digest)
    kind = f"{bundle.kind} {bundle.monoid}".strip()
    yield from _field("base", f"{kind}: {bundle.reads}" if bundle.reads else kind)
    family = str(bundle.training.get("family", ""))
    for name, text in (
        ("model", clip(family)),
        ("seeds", _listed(list(map(str, bundle.seeds)))),
        ("threshold", "" if bundle.threshold is None else f"{bundle.threshold}, fixed before the data"),
        ("status", bundle.status),
        ("claims", _listed(bundle.claims)),
    ):
        if text:
            yield from _field(name, text)
    if bundle.measurements:
        yield from _field("measured", _agreements(bundle))


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
    for name, shown in list(zip(sorted(bundle.arrays), names, strict=True))[: 2 * _MOST_LISTED]:
        array = bundle.arrays[name]
        axes = " x ".join(f"{size} {axis}" for size, axis in zip(array.values.shape, array.axes, strict=True)) or "1"
        stored = array.values.dtype.name
        yield f"  {shown}{' ' * (widest - width(shown))}  {terminal(clip(f'{stored}  {axes}  ({array.role})', 70))}"
    if len(names) > 2 * _MOST_LISTED:
        yield f"  and {len(names) - 2 * _MOST_LISTED} more"


def _laws_text(laws: Laws, quantale: Quantale | None) -> Iterator[str]:
    word = "" if quantale is None else quantale.value
    if not laws.identities and not laws.violated and laws.triple is None:
        verdict = "holds up to the rounding of doubles"
        if laws.rate is not None:
            verdict = f"no violation found; the rate is at most {laws.rate:.3g} with 95 % confidence"
    else:
        verdict = "fails"
    yield from _field("category", f"over {word}, {laws.objects} objects: {verdict}")
    if laws.identity is not None:
        label, lack = laws.identity
        yield from _field(
            "identities", f"{laws.identities} of {laws.objects} objects lack some, `{label}` most: {_number(lack)}"
        )
    if laws.violated:
        share = 100 * laws.violated / laws.tested
        rate = "" if laws.rate is None else f"; the rate is at most {laws.rate:.3g} with 95 % confidence"
        yield from _field(
            "composition", f"fails for {laws.violated} of {laws.tested} {laws.counts} ({share:.2g} %){rate}"
        )
    if laws.triple is not None:
        x, y, z = laws.triple
        yield from _field("defect", f"{_number(laws.defect)} from `{x}` by `{y}` to `{z}`")


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


# --- diff -----------------------------------------------------------------------------------------


@model.command(short_help="What differs between two bundles.")
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
@_output
def diff(first: Path, second: Path, output: str) -> int:
    """Compare two bundles: axes, arrays entry by entry, and what their manifests say.

    Entries are compared where both have the same labels. The greatest difference is exact.

    \b
    Exit status: 0 nothing differs, 1 something does, 2 one of them is no bundle.
    """
    from formal.bundle.difference import difference
    from formal.bundle.read import read_bundle

    found = difference(read_bundle(first), read_bundle(second))
    if output == "json":
        _put_json(_differing(found))
    elif found.is_empty:
        put("the bundles are the same\n")
    else:
        put("".join(f"{line}\n" for line in _difference_text(found)))
    return int(ExitCode.AS_EXPECTED if found.is_empty else ExitCode.NOT_AS_EXPECTED)


def _difference_text(found: Difference) -> Iterator[str]:
    for axis in found.axes:
        only = [
            f"{len(labels)} labels in the {which} only, such as {', '.join(f'`{label[:20]}`' for label in labels[:3])}"
            for which, labels in (("first", axis.only_first), ("second", axis.only_second))
            if labels
        ]
        yield from _entry(f"axis {axis.axis}", "; ".join(only) or "the same labels in another order")
    for array in found.arrays:
        yield from _entry(f"array {array.array}", "; ".join(filter(None, [array.what, _entries_text(array)])))
    for entry in found.manifest[:_MOST_LISTED]:
        one, other = ("nothing" if text is None else clip(text, 60) for text in (entry.first, entry.second))
        yield from _entry(f"manifest {entry.key}", f"{one} -> {other}")
    if len(found.manifest) > _MOST_LISTED:
        yield f"and {len(found.manifest) - _MOST_LISTED} more differences of the manifests"


def _entries_text(array: ArrayDifference) -> str:
    if array.greatest is None or array.values is None:
        return ""
    where = ", ".join(label[:20] or '""' for label in array.where)
    one, other = map(_number, array.values)
    return (
        f"{array.entries} of {array.compared} entries differ, at most by {_number(array.greatest)} "
        f"at [{where}]: {one} -> {other}"
    )


def _differing(found: Difference) -> dict[str, Any]:
    return {
        "same": found.is_empty,
        "axes": [
            {"axis": axis.axis, "only_first": list(axis.only_first), "only_second": list(axis.only_second)}
            for axis in found.axes
        ],
        "arrays": [
            {
                "array": array.array,
                "what": array.what,
                "entries": array.entries,
                "compared": array.compared,
                "greatest": None if array.greatest is None else str(array.greatest),
                "where": list(array.where),
                "values": None if array.values is None else [str(value) for value in array.values],
            }
            for array in found.arrays
        ],
        "manifest": [{"key": entry.key, "first": entry.first, "second": entry.second} for entry in found.manifest],
    }


# --- verify ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What became of a claim in the scripts beside a bundle."""

    file: str
    name: str
    outcome: str
    as_expected: bool


@model.command(short_help="Digests, scores from raw predictions, and claims.")
@click.argument("file", type=_FILE)
@click.option(
    "--claims", "script", type=_FILE, metavar="FILE", help="The script that judges it.  [default: claims.cat]"
)
@click.option("--no-claims", is_flag=True, help="Check no claims; compare with --claims only.")
@_output
def verify(file: Path, script: Path | None, no_claims: bool, output: str) -> int:
    """Verify a bundle: its digests, its scores recomputed from raw predictions, and the claims that judge it.

    Claims are those of `claims.cat`, and of the script that has the bundle's name, in its folder. The bundle of a
    trained model carries digests of the claims from before its run; a claim of `claims.cat` about the model that is
    newer is refused.

    \b
    Exit status:
      0 all is as stated
      1 a claim is refuted, not as expected, or not stated any more
      2 the file is no sound bundle: it is damaged, its scores disagree with its
        raw predictions, or a claim is newer than the run
      3 a claim could not be decided
    """
    from formal.bundle.read import read_bundle
    from formal.bundle.score import measurements, scores

    bundle = read_bundle(file)
    stated = measurements(bundle)
    recomputed = scores(bundle)
    judging = script if script is not None or no_claims else _beside(file)
    compared = None if judging is None else _precedence(bundle, file, judging)
    code, claims = (ExitCode.AS_EXPECTED, ()) if no_claims else _claims(file, judging)
    if compared is not None and (compared.changed or compared.new) and code is not ExitCode.INTERNAL:
        code = ExitCode.BAD_INPUT
    elif compared is not None and compared.dropped and code is ExitCode.AS_EXPECTED:
        code = ExitCode.NOT_AS_EXPECTED
    if output == "json":
        _put_json(
            {
                "file": bundle.file,
                "digest": bundle.digest,
                "arrays": len(bundle.arrays),
                "status": bundle.status,
                "scores": [
                    {
                        "array": score.array,
                        "truth": score.truth,
                        "split": score.split,
                        "item": score.item,
                        "count": score.count,
                        "correct": score.correct,
                        **{name: str(value) for name, value in score.values.items()},
                    }
                    for score in recomputed
                ],
                "measurements": [
                    {
                        "name": found.name,
                        "stated": found.stated,
                        "recomputed": None if found.recomputed is None else str(found.recomputed),
                        "agreement": str(found.agreement),
                        "reason": found.reason,
                    }
                    for found in stated
                ],
                "precedence": None if compared is None else {"file": str(judging), **asdict(compared)},
                "claims": [
                    {"file": c.file, "name": c.name, "outcome": c.outcome, "as_expected": c.as_expected} for c in claims
                ],
                "exit": int(code),
            }
        )
        return int(code)
    lines = [terminal(f"{bundle.name}: {bundle.file}")]
    lines += _field("digests", f"the manifest and {len(bundle.arrays)} arrays are as digested: {bundle.digest[:16]}")
    if bundle.status:
        lines += _field("status", bundle.status)
    for score in recomputed[:_MOST_LISTED]:
        lines += _field("score", _score_text(score))
    if len(recomputed) > _MOST_LISTED:
        lines += _field("", f"and {len(recomputed) - _MOST_LISTED} more scores")
    for found in stated[: 2 * _MOST_LISTED]:
        reason = f": {found.reason}" if found.reason else f" with {found.recomputed}"
        lines += _field("stated", f"{found.name} = {clip(found.stated, 40)} {found.agreement}{reason}")
    if not stated:
        lines += _field("stated", "the manifest states no measurements")
    lines += _precedence_text(bundle, judging, compared)
    for name in dict.fromkeys(claim.file for claim in claims):
        lines += _claims_text(name, [claim for claim in claims if claim.file == name])
    if not claims and not no_claims:
        lines += _field("claims", "there is no script beside the bundle")
    put("".join(f"{line}\n" for line in lines))
    return int(code)


def _score_text(score: Score) -> str:
    where = "".join([f"[{score.item}]" if score.item is not None else "", f"@{score.split}" if score.split else ""])
    name = f"{score.array}{where}"
    if score.correct is not None and score.count:
        guess = _decimal(score.values["majority"])
        return (
            f"{name}: {score.correct} of {score.count} right ({_decimal(score.values['accuracy'])}; guessing {guess})"
        )
    values = ", ".join(f"{measure} {_decimal(value)}" for measure, value in score.values.items())
    return f"{name}: {values or 'nothing to compare'}"


def _claims_text(script: str, claims: Sequence[_Claimed]) -> Iterator[str]:
    """How many claims of a script are as expected, and which are not."""
    fine = [claim for claim in claims if claim.as_expected]
    outcomes = ", ".join(
        f"{sum(claim.outcome == word for claim in fine)} {word}" for word in sorted({claim.outcome for claim in fine})
    )
    yield from _field("claims", f"{script}: {len(fine)} of {len(claims)} as expected{f' ({outcomes})' if fine else ''}")
    for claim in claims:
        if not claim.as_expected:
            yield from _field("", f"{claim.name} is {claim.outcome}, which is not as expected")


def _beside(file: Path) -> Path | None:
    """The script that judges a bundle, when it is in its folder."""
    path = file.parent / "claims.cat"
    return path if path.is_file() else None


def _precedence(bundle: Bundle, file: Path, script: Path) -> Precedence | None:
    """The claims of a script against those from before the run; None when the bundle carries none.

    A claim that speaks of other models only is not held against this one.
    """
    from formal.bundle.precedence import carried, precedence
    from formal.syntax.wording import read_wordings

    if not carried(bundle):
        return None
    said = read_wordings(script)
    elsewhere = {each.name.text for each in said if file.name not in {Path(path).name for path in each.bundles}}
    found = precedence(bundle, {each.name.text: each.digest for each in said})
    return replace(found, new=tuple(name for name in found.new if name not in elsewhere))


def _precedence_text(bundle: Bundle, script: Path | None, found: Precedence | None) -> Iterator[str]:
    """How many claims were there before the run, and which were not or are no more."""
    from formal.bundle.precedence import carried

    count = len(carried(bundle))
    if not count:
        yield from _field("precedence", "the manifest carries no claims from before a run")
    elif found is None:
        yield from _field("precedence", f"{count} claims from before the run, and no script to compare with")
    else:
        yield from _field("precedence", f"{len(found.older)} of {count} claims from before the run are in {script}")
        for words, names in (
            ("say something else than before the run", found.changed),
            ("newer than the run", found.new),
            ("not stated any more", found.dropped),
        ):
            if names:
                yield from _field("", f"{words}: {_listed([f'`{name}`' for name in names])}")


def _claims(file: Path, judging: Path | None) -> tuple[ExitCode, tuple[_Claimed, ...]]:
    """Check the scripts that belong to a bundle: diagnostics go to standard error."""
    scripts = [path for path in (file.with_suffix(".cat"), judging) if path is not None and path.is_file()]
    if not scripts:
        return ExitCode.AS_EXPECTED, ()
    from formal.report.diagnostic import render_plain
    from formal.verdict.result import exit_code
    from formal.verify.options import Options
    from formal.verify.run import Target, run

    files = run([Target(path) for path in scripts], Options(cache=False))
    for result in files:
        for diagnostic in result.diagnostics:
            say(f"{render_plain(diagnostic)}\n")
        if result.crashed:
            say(f"{result.file}: {result.crashed}")
    found = tuple(
        _Claimed(result.file, claim.name, str(claim.outcome.value), claim.as_expected)
        for result in files
        for claim in result.claims
    )
    return exit_code(files), found


# --- import ---------------------------------------------------------------------------------------


@model.command("import", short_help="Make a bundle of an array: .npy, .npz or .csv.")
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
@click.option("--labels", type=_FILE, metavar="FILE", help="A text with a label a line, for the rows.")
@click.option("--columns", type=_FILE, metavar="FILE", help="A text with a label a line, for the columns.")
@click.option("--classes", type=_FILE, metavar="FILE", help="The class of each row: makes a task of each class.")
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


# --- text -----------------------------------------------------------------------------------------

_NAME = 16


def _field(name: str, text: str) -> Iterator[str]:
    """``  name          text``, wrapped."""
    columns = screen_of(sys.stdout, "auto").columns
    head, *tail = textwrap.wrap(terminal(text), columns - _NAME, break_on_hyphens=False) or [""]
    yield f"  {name:<{_NAME - 2}}{head}"
    yield from (f"{'':{_NAME}}{line}" for line in tail)


def _entry(name: str, text: str) -> Iterator[str]:
    """A name, and below it what there is to say."""
    columns = screen_of(sys.stdout, "auto").columns
    yield clip(terminal(name), columns)
    yield from (f"  {line}" for line in textwrap.wrap(terminal(text), columns - 2, break_on_hyphens=False))


def _listed(names: Sequence[str]) -> str:
    """Some names, and how many more there are."""
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(clip(name, _LONGEST) for name in names[:_MOST_LISTED]) + more


def _wrapped(text: str, columns: int) -> list[str]:
    return textwrap.wrap(terminal(text), columns) or [""]


def _number(value: Number) -> str:
    """A number to read: exact where that is short, else in decimals."""
    if value == float("inf"):
        return "infinity"
    if isinstance(value, float) or len(str(value)) <= 9:
        return str(value)
    return f"about {float(value):.6g}"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.6g}"


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise click.UsageError(f"`{path}` cannot be written: {error.strerror or error}") from None
    say(f"written to {path}")


def _put_json(value: dict[str, Any]) -> None:
    put(json_text(json.dumps(value, indent=2)) + "\n")
