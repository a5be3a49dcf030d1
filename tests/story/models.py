"""The page on trained models: for each published result what is claimed, what was expected, and what was found.

A table names the claims and cross-checks that speak of each result; what they say and what is expected of them is read
from the scripts, seeds and devices from the manifests of the bundles, and what was found from the report of a run. No
number is written by hand, and no claim is lost: what no result names stands at the end.

    formal check proofs/models --output json --output-file report.json
    python -m tests.story.models report.json            # writes the page; with --check compares it

Without the report the page is determined but for the cells of some columns, so tests compare all the rest.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.story.finding import (
    NOTHING,
    Report,
    claims_asked,
    claims_cell,
    item_asked,
    item_cell,
    read_report,
    rows_cell,
)
from tests.story.material import (
    FOLDER,
    Material,
    bundles_of,
    every_check,
    read_material,
    statements_of,
    unplaced_checks,
)
from tests.story.result import STATUS, Check, Named, Row, rows
from tests.story.script import cell
from tests.story.statement import Statement, Trained


def render(material: Material, report: Report = NOTHING) -> str:
    """The page, in Markdown; what only a run says is empty where it says nothing."""
    parts = (_opening(material), _overview(material), _legend(material), _refuted(material), _results(material, report))
    rest = (_further(material, report), _bundles(material))
    return "\n".join([line for part in (*parts, *rest) for line in part] + [""])


# --- what comes first -----------------------------------------------------------------------------


def _opening(material: Material) -> Iterator[str]:
    yield from ("# Models and what is claimed about them", "", *material.table.opening.split("\n"))
    yield from ("", "| folder | what it is | trained |", "|---|---|---|")
    for folder, says in _folders(material).items():
        made = dict.fromkeys(each.trained for each in material.trained if each.folder == folder)
        yield f"| [`{folder}`]({folder}) | {says} | {', '.join(made)} |"
    yield from ("", *material.table.after_folders.split("\n"))


def _folders(material: Material) -> dict[str, str]:
    """The folders in the order of the table, then what is in none of its lines, by the heading of its README."""
    found = sorted({each.folder for each in material.trained})
    listed = {name: says for name, says in material.table.folders.items() if name in found}
    return {**listed, **{name: _heading(name) for name in found if name not in listed}}


def _heading(folder: str) -> str:
    path = FOLDER / folder / "README.md"
    return path.read_text(encoding="utf-8").split("\n", 1)[0].lstrip("# ") if path.exists() else ""


def _overview(material: Material) -> Iterator[str]:
    yield from ("", "## What became of each result", "", _statuses())
    yield from ("", "| published result | by | status | found | claims and cross-checks | seeds | device |")
    yield "|---|---|---|---|---|---|---|"
    for result in material.results:
        bundles = bundles_of(statements_of(result, material))
        cells = (
            f"[{result.title}](#{_anchor(result.title)})",
            result.by,
            result.status,
            result.short,
            _count(statements_of(result, material)),
            _seeds(bundles),
            _joined(each.device for each in bundles),
        )
        yield f"| {' | '.join(cells)} |"
    every = material.statements
    pinned = [each for each in every if each.pin is not None]
    yield from ("", f"In all there are {_kinds(every)}. {_expected(every, pinned)} {_trained_on(material)}")


def _statuses() -> str:
    return f"Status: {'; '.join(f'**{letter}** {words}' for letter, words in STATUS.items())}."


def _expected(every: Sequence[Statement], pinned: Sequence[Statement]) -> str:
    older = [each for each in every if each.older]
    return (
        f"{len(older)} of them were stated before the runs that they judge, as the digests in the bundles show. "
        f"{_kinds(pinned)} came out otherwise than expected before the run, and are pinned."
    )


def _trained_on(material: Material) -> str:
    pairs = ((each.device, each.scale) for each in material.trained)
    devices, scales = (_joined(words) for words in zip(*pairs, strict=True))
    return f"All training was on {devices}, at the scale {scales}."


def _kinds(statements: Sequence[Statement]) -> str:
    claims = sum(each.kind == "claim" for each in statements)
    return f"{claims} claims and {len(statements) - claims} cross-checks"


def _count(statements: Sequence[Statement]) -> str:
    """How many came out as expected, with those that did not in bold."""
    pinned = sum(each.pin is not None for each in statements)
    if not pinned:
        return f"{len(statements)}, all as expected"
    return f"{len(statements)}, of which **{pinned} otherwise than expected**"


def _legend(material: Material) -> Iterator[str]:
    yield from ("", "## How to read the tables")
    yield from ("", *material.table.legend.split("\n"))


# --- what was refuted -----------------------------------------------------------------------------


def _refuted(material: Material) -> Iterator[str]:
    yield from ("", "## Expectations that were refuted", "", *material.table.refuted.split("\n"))
    groups = [group for group in _groups(material) if any(each.statement.pin is not None for each in group.named)]
    for folder in dict.fromkeys(group.folder for group in groups):
        every = [each for each in material.statements if each.folder == folder]
        pinned = sum(each.pin is not None for each in every)
        lines = ["", "| expected | by seed | why not |", "|---|---|---|"]
        lines += [
            f"| {group.says}: {_before(group.named)} | {_places(group.named)} | {_reasons(group)} |"
            for group in groups
            if group.folder == folder
        ]
        yield from _folded(f"<b>{folder}</b>: {pinned} of {len(every)} claims and cross-checks", lines)


@dataclass(frozen=True, slots=True)
class _Group:
    """The statements of a check with the same words."""

    says: str
    check: Check
    named: tuple[Named, ...]

    @property
    def folder(self) -> str:
        return self.named[0].statement.folder


def _groups(material: Material) -> Iterator[_Group]:
    for check in every_check(material):
        whole = dict.fromkeys((row.says, row.named) for row in rows(check, material.statements) if row.is_whole)
        yield from (_Group(says, check, group) for says, group in whole)


def _before(group: Iterable[Named]) -> str:
    return _joined(each.statement.before for each in group)


def _places(group: Iterable[Named]) -> str:
    """Where what was pinned stands, by seed."""
    found: dict[str, list[Statement]] = {}
    for each in group:
        if each.statement.pin is not None:
            seeds = each.statement.seeds or ((each.seed,) if each.seed is not None else ())
            found.setdefault(", ".join(map(str, seeds)) or "–", []).append(each.statement)
    return "; ".join(
        f"[{seeds}]({_link(there[0])})" + (f" ({len(there)})" if len(there) > 1 else "")
        for seeds, there in found.items()
    )


def _reasons(group: _Group) -> str:
    """The reasons of pins, each once; numbers that differ by claim stand before a semicolon, and in the table below."""
    pins = [each.statement.pin for each in group.named if each.statement.pin is not None]
    reasons = dict.fromkeys(re.sub(r"^\d+; ", "", pin) or group.check.why for pin in pins)
    return "; ".join(cell(reason.rstrip(".")) for reason in reasons if reason)


# --- results --------------------------------------------------------------------------------------


def _results(material: Material, report: Report) -> Iterator[str]:
    for number, result in enumerate(material.results, 1):
        yield from ("", f"## {result.title}", "")
        yield f"<sub>{number} of {len(material.results)} · {result.paper}</sub>"
        premise = f" *{result.premise}*" if result.premise else ""
        seeds = _told_seeds(bundles_of(statements_of(result, material)))
        yield from ("", f"**Claim.** {result.claim}")
        yield from ("", f"**Status.** {result.status}: {STATUS[result.status]}.{premise}")
        if result.finding:
            yield from ("", f"**Found.** {result.finding}")
        yield from ("", f"**Seeds.** {seeds} {result.fewer}".rstrip())
        lines = [row for check in result.checks for row in rows(check, material.statements)]
        yield from _tables([row for row in lines if not row.check.detail], material, report)
        yield from _folded("More of it", _tables([row for row in lines if row.check.detail], material, report))


def _folded(summary: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    if told:
        yield from ("", f"<details><summary>{summary}</summary>", *told, "", "</details>")


def _tables(lines: Sequence[Row], material: Material, report: Report) -> Iterator[str]:
    """One table for what has seeds, one for what has none."""
    with_seeds = [row for row in lines if row.seeds]
    seeds = tuple(sorted({seed for row in with_seeds for seed in row.seeds}))
    yield from _table(with_seeds, seeds, material, report)
    yield from _table([row for row in lines if not row.seeds], (), material, report)


def _table(lines: Sequence[Row], seeds: Sequence[int], material: Material, report: Report) -> Iterator[str]:
    if not lines:
        return
    columns = [f"seed {seed}" for seed in seeds] or ["found"]
    yield from (
        "",
        f"| | status | asked | expected | {' | '.join(columns)} |",
        f"|---|---|---|---|{'---|' * len(columns)}",
    )
    for row in lines:
        cells = [_found(row, seed, report) for seed in (seeds or (None,))]
        says = f"[{row.says}]({_link(row.named[0].statement)})" if row.is_whole else row.says
        late = " †" if row.is_whole and _is_late(row, material) else ""
        before = _before(row.named) if row.is_whole else ""
        yield f"| {says}{late} | {row.status} | {_asked(row, report)} | {before} | {' | '.join(cells)} |"


def _link(statement: Statement) -> str:
    return f"{statement.script}.cat#L{statement.line}"


def _is_late(row: Row, material: Material) -> bool:
    """Whether it was written after the runs of the models that it speaks of."""
    return any(
        not each.statement.older
        and any(bundle.claims for bundle in each.statement.bundles)
        and each.statement.script not in material.table.before
        for each in row.named
    )


def _found(row: Row, seed: int | None, report: Report) -> str:
    statements = row.of(seed)
    if row.is_claims:
        return claims_cell(statements, report)
    found = [(each, report.row(each, task, seed)) for each in statements for task in row.tasks]
    if row.item is None:
        return rows_cell(found)
    return " ".join(item_cell(each, line, row.item) for each, line in found)


def _asked(row: Row, report: Report) -> str:
    if row.is_claims:
        bounds = (claims_asked(row.of(seed), report) for seed in (row.seeds or (None,)))
        distinct = list(dict.fromkeys(bounds))
        return " or ".join(one for one in distinct if not any(one != other and one in other for other in distinct))
    if row.item is None:
        return ""
    pairs = [(each, seed) for each in row.named for seed in (each.statement.seeds or (each.seed,))]
    found = [(each.statement, report.row(each.statement, task, seed)) for each, seed in pairs for task in row.tasks]
    return item_asked(found, row.item)


# --- bundles --------------------------------------------------------------------------------------


def _seeds(bundles: Iterable[Trained]) -> str:
    return ", ".join(map(str, sorted({seed for each in bundles if each.trained != "no" for seed in each.seeds})))


def _joined(words: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, words)))


def _told_seeds(bundles: Sequence[Trained]) -> str:
    """Of which folders, seeds and devices the bundles are."""
    if not bundles:
        return "None."
    groups: dict[tuple[str, str, str], list[Trained]] = {}
    for each in bundles:
        groups.setdefault((each.folder, each.device, each.scale), []).append(each)
    return "; ".join(_told_group(*key, each) for key, each in groups.items()) + "."


def _told_group(folder: str, device: str, scale: str, bundles: Sequence[Trained]) -> str:
    where = f"[`{folder}`]({folder})"
    if all(each.trained == "no" for each in bundles):
        return f"{where}: nothing trained"
    on = f" on {device}" if device else ""
    size = f", scale {scale}" if scale else ""
    return f"{where}: {_seeds(bundles)}{on}{size}"


def _bundles(material: Material) -> Iterator[str]:
    yield from ("", "## Bundles", "", "As their manifests say; losses are the last ones of each stage of training.")
    yield from ("", "<details><summary>All bundles</summary>", "")
    yield from ("| bundles | seed | device | scale | with | losses |", "|---|---|---|---|---|---|")
    groups: dict[tuple[object, ...], list[Trained]] = {}
    for each in material.trained:
        key = (each.folder, each.seeds, each.device, each.scale, each.versions, each.losses)
        groups.setdefault(key, []).append(each)
    for there in groups.values():
        first = there[0]
        names = ", ".join(f"`{each.name}`" for each in there)
        losses = ", ".join(f"{stage} {value}" for stage, value in first.losses)
        seeds = ", ".join(map(str, first.seeds))
        yield f"| {names} | {seeds} | {first.device} | {first.scale} | {first.versions} | {losses} |"
    yield from ("", "</details>")


# --- what no result names -------------------------------------------------------------------------


def _further(material: Material, report: Report) -> Iterator[str]:
    checks = list(unplaced_checks(material))
    if not checks:
        return
    yield from ("", "## Further claims", "", "Those that none of the results above names.")
    for script in dict.fromkeys(check.script for check in checks):
        lines = [row for check in checks if check.script == script for row in rows(check, material.statements)]
        yield from ("", f"### `{script}`")
        yield from _tables(lines, material, report)


# --- the page and its file ------------------------------------------------------------------------


def _anchor(title: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


_FINDINGS = re.compile(r"asked|found|seed \d+")


def cells_of(line: str) -> list[str]:
    """The cells of a line of a table; empty for what is none."""
    return [text.strip() for text in re.split(r"(?<!\\)\|", line)[1:-1]] if line.startswith("| ") else []


def without_findings(page: str) -> str:
    """A page without what only a run says: the cells in the columns of the findings are empty."""
    lines: list[str] = []
    hidden: set[int] = set()
    for line in page.split("\n"):
        cells = cells_of(line)
        if not cells:
            hidden = hidden if line.startswith("|---") else set()
            lines.append(line)
            continue
        if cells[1:3] == ["status", "asked"]:
            hidden = {place for place, text in enumerate(cells) if _FINDINGS.fullmatch(text)}
        elif hidden:
            cells = ["" if place in hidden else text for place, text in enumerate(cells)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def difference(committed: str, found: str) -> str:
    """How two pages differ, and what is to be done; empty when they do not."""
    if committed == found:
        return ""
    old, new = committed.splitlines(), found.splitlines()
    return "\n".join([*difflib.unified_diff(old, new, "as committed", "as found", lineterm="", n=0), _HOW])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page for a report, or compare it."""
    parser = argparse.ArgumentParser(description="The page on trained models, from the report of formal check.")
    parser.add_argument("report", type=Path, help="the output of formal check --output json")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is another one")
    options = parser.parse_args(arguments)
    path = FOLDER / "README.md"
    page = render(read_material(), read_report(options.report.read_text(encoding="utf-8")))
    if not options.check:
        path.write_text(page, encoding="utf-8")
        return 0
    wrong = difference(path.read_text(encoding="utf-8"), page)
    sys.stderr.write(wrong)
    return 1 if wrong else 0


_HOW = """
proofs/models/README.md is not what the scripts, the bundles and the run say. Write it again:

    formal check proofs/models --output json --output-file report.json
    python -m tests.story.models report.json

A claim that no result names is listed at the end of the page; to place it, add it to proofs/models/results.toml.
"""

if __name__ == "__main__":
    sys.exit(main())
