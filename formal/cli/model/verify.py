"""``formal model verify``: digests, scores from raw predictions, and the claims that judge a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.model.layout import (
    FILE,
    MOST_LISTED,
    decimal,
    field,
    listed,
    output_option,
    put_json,
)
from formal.cli.terminal import put, say
from formal.text.escape import clip, terminal
from formal.verdict.result import ExitCode

if TYPE_CHECKING:
    from formal.bundle.model import Bundle
    from formal.bundle.precedence import Precedence
    from formal.bundle.score import Measurement, Score


@dataclass(frozen=True, slots=True)
class _Claimed:
    """What became of a claim in the scripts beside a bundle."""

    file: str
    name: str
    outcome: str
    as_expected: bool


@click.command(short_help="Digests, scores from raw predictions, and claims.")
@click.argument("file", type=FILE)
@click.option("--claims", "script", type=FILE, metavar="FILE", help="The script that judges it.  [default: claims.cat]")
@click.option("--no-claims", is_flag=True, help="Check no claims; compare with --claims only.")
@output_option
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
        put_json(
            {
                "file": bundle.file,
                "digest": bundle.digest,
                "arrays": len(bundle.arrays),
                "status": bundle.status,
                "scores": list(map(_score_record, recomputed)),
                "measurements": list(map(_measurement_record, stated)),
                "precedence": None if compared is None else {"file": str(judging), **asdict(compared)},
                "claims": list(map(asdict, claims)),
                "exit": int(code),
            }
        )
        return int(code)
    lines = [terminal(f"{bundle.name}: {bundle.file}")]
    lines += field("digests", f"the manifest and {len(bundle.arrays)} arrays are as digested: {bundle.digest[:16]}")
    if bundle.status:
        lines += field("status", bundle.status)
    lines += _scores_text(recomputed)
    lines += _measurements_text(stated)
    lines += _precedence_text(bundle, judging, compared)
    for name in dict.fromkeys(claim.file for claim in claims):
        lines += _claims_text(name, [claim for claim in claims if claim.file == name])
    if not claims and not no_claims:
        lines += field("claims", "there is no script beside the bundle")
    put("".join(f"{line}\n" for line in lines))
    return int(code)


def _score_record(score: Score) -> dict[str, Any]:
    return {
        "array": score.array,
        "truth": score.truth,
        "split": score.split,
        "item": score.item,
        "count": score.count,
        "correct": score.correct,
        **{name: str(value) for name, value in score.values.items()},
    }


def _measurement_record(found: Measurement) -> dict[str, Any]:
    return {
        "name": found.name,
        "stated": found.stated,
        "recomputed": None if found.recomputed is None else str(found.recomputed),
        "agreement": str(found.agreement),
        "reason": found.reason,
    }


def _scores_text(scores: Sequence[Score]) -> Iterator[str]:
    for score in scores[:MOST_LISTED]:
        yield from field("score", _score_text(score))
    if len(scores) > MOST_LISTED:
        yield from field("", f"and {len(scores) - MOST_LISTED} more scores")


def _measurements_text(stated: Sequence[Measurement]) -> Iterator[str]:
    for found in stated[: 2 * MOST_LISTED]:
        reason = f": {found.reason}" if found.reason else f" with {found.recomputed}"
        yield from field("stated", f"{found.name} = {clip(found.stated, 40)} {found.agreement}{reason}")
    if not stated:
        yield from field("stated", "the manifest states no measurements")


def _score_text(score: Score) -> str:
    where = "".join([f"[{score.item}]" if score.item is not None else "", f"@{score.split}" if score.split else ""])
    name = f"{score.array}{where}"
    if score.correct is not None and score.count:
        guess = decimal(score.values["majority"])
        return f"{name}: {score.correct} of {score.count} right ({decimal(score.values['accuracy'])}; guessing {guess})"
    values = ", ".join(f"{measure} {decimal(value)}" for measure, value in score.values.items())
    return f"{name}: {values or 'nothing to compare'}"


def _claims_text(script: str, claims: Sequence[_Claimed]) -> Iterator[str]:
    """How many claims of a script are as expected, and which are not."""
    fine = [claim for claim in claims if claim.as_expected]
    outcomes = ", ".join(
        f"{sum(claim.outcome == word for claim in fine)} {word}" for word in sorted({claim.outcome for claim in fine})
    )
    yield from field("claims", f"{script}: {len(fine)} of {len(claims)} as expected{f' ({outcomes})' if fine else ''}")
    for claim in claims:
        if not claim.as_expected:
            yield from field("", f"{claim.name} is {claim.outcome}, which is not as expected")


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
        yield from field("precedence", "the manifest carries no claims from before a run")
    elif found is None:
        yield from field("precedence", f"{count} claims from before the run, and no script to compare with")
    else:
        yield from field("precedence", f"{len(found.older)} of {count} claims from before the run are in {script}")
        for words, names in (
            ("say something else than before the run", found.changed),
            ("newer than the run", found.new),
            ("not stated any more", found.dropped),
        ):
            if names:
                yield from field("", f"{words}: {listed([f'`{name}`' for name in names])}")


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
