"""The page that tells what becomes of the statements of *On the Power of Foundation Models*, row by row.

A table of rows names the theorems and claims that carry each statement; what they say and what is expected of them is
read from the scripts, what a run found from its report. So a page is determined by the scripts but for the last column.

    formal check proofs/power_of_foundation_models --output json | python -m tests.story.page
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from formal.syntax import ast
from formal.syntax.parser import parse
from formal.text import Source

FOLDER = Path(__file__).parents[2] / "proofs" / "power_of_foundation_models"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A theorem or a claim that carries a statement.

    Args:
        script: the name of the script, without ``.cat``.
        doc: what it says, on one line; may be empty.
        verdict: what the script expects.
    """

    script: str
    name: str
    kind: str
    doc: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Row:
    """A statement of the paper.

    Args:
        says: the reading that is checked.
        finding: what is the matter with it; empty for what is proved as it stands.
        lost: what the formal statement does not say.
        refused: the code of the diagnostic with which it is refused before it can be checked.
        example: a script that is refused.
        check: patterns ``SCRIPT:NAME`` of its carriers.
    """

    id: str
    says: str
    finding: str
    lost: str
    refused: str
    example: str
    check: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A theorem of the paper, as commonly stated, and the rows about it."""

    title: str
    says: str
    rows: tuple[Row, ...]


class UnknownCarrier(Exception):
    """A row names what no script has."""


def read_sections(path: Path) -> tuple[Section, ...]:
    """The table of rows."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Section(section["title"], section["says"], tuple(_row(row) for row in section["row"]))
        for section in table["section"]
    )


def _row(row: Mapping[str, object]) -> Row:
    check = row.get("check", [])
    assert isinstance(check, list)
    words = {key: str(row.get(key, "")) for key in ("id", "says", "finding", "lost", "refused", "example")}
    return Row(**words, check=tuple(check))


def read_carriers(folder: Path) -> tuple[Carrier, ...]:
    """All theorems and claims of the scripts in a folder, in the order of names and lines."""
    return tuple(carrier for path in sorted(folder.glob("*.cat")) for carrier in _carriers(path))


def _carriers(path: Path) -> Iterator[Carrier]:
    script = parse(Source(path.name, path.read_text(encoding="utf-8")))
    for declaration in script.declarations:
        if isinstance(declaration, ast.TheoremDecl | ast.ClaimDecl):
            kind = "theorem" if isinstance(declaration, ast.TheoremDecl) else "claim"
            verdict = declaration.expect.text if declaration.expect is not None else "proved"
            yield Carrier(path.stem, declaration.name.text, kind, " ".join(declaration.doc.split()), verdict)


def carriers_of(row: Row, carriers: Sequence[Carrier]) -> tuple[Carrier, ...]:
    """The theorems and claims that a row names.

    Raises:
        UnknownCarrier: a pattern fits none.
    """
    found: list[Carrier] = []
    for pattern in row.check:
        fitting = [c for c in carriers if fnmatchcase(f"{c.script}:{c.name}", pattern)]
        if not fitting:
            raise UnknownCarrier(f"{row.id}: {pattern}")
        found += fitting
    return tuple(found)


def read_report(text: str) -> dict[tuple[str, str], str]:
    """What a run found, by script and name: the outcome and, of theorems, how it was reached.

    Args:
        text: the output of ``formal check --output json``.
    """
    found: dict[tuple[str, str], str] = {}
    for file in json.loads(text)["files"]:
        for claim in file["claims"]:
            words = claim["outcome"] if claim["outcome"] == claim["expected"] else f"**{claim['outcome']}**"
            if claim["kind"] == "theorem" and claim["explanation"]["summary"]:
                words += f": {_cell(claim['explanation']['summary'].removeprefix('refuted: '))}"
            found[Path(claim["file"]).stem, claim["name"]] = words
    return found


def render(sections: Sequence[Section], carriers: Sequence[Carrier], found: Mapping[tuple[str, str], str]) -> str:
    """The page, in Markdown; the last column is empty where a run says nothing."""
    return "\n".join([*_HEAD, *(line for section in sections for line in _section(section, carriers, found)), ""])


_HEAD = (
    "# *On the Power of Foundation Models*, row by row",
    "",
    "Each row is a reading of a statement of Yuan's paper, in words of ours: statements are given as they are commonly",
    "reported, none is a quotation. A row is carried by theorems, about every category, functor and presheaf, and by",
    "claims about examples. *Expected* is what the script says of them; *found* comes from a run. A refuted theorem is",
    "shown with the size of the counter-model that was found, by search alone.",
    "",
    "Written by `python -m tests.story.page` from [`story.toml`](story.toml) and a report.",
)


def _section(section: Section, carriers: Sequence[Carrier], found: Mapping[tuple[str, str], str]) -> Iterator[str]:
    yield from ("", f"## {section.title}", "", section.says)
    for row in section.rows:
        yield from ("", f"### {row.id}", "", f"*{row.says}*")
        if row.finding:
            yield from ("", row.finding)
        if row.lost:
            yield from ("", f"Weaker than the paper's statement: {row.lost}")
        if row.refused:
            yield from ("", f"Not well-formed: this is refused with `{row.refused}`.")
            yield from ("", f"```cat error[{row.refused}]", *row.example.strip().splitlines(), "```")
        named = carriers_of(row, carriers)
        if named:
            yield from ("", "| | says | expected | found |", "|---|---|---|---|")
        for carrier in named:
            link = f"[`{carrier.name}`]({carrier.script}.cat)"
            words = found.get((carrier.script, carrier.name), "")
            yield f"| {link} | {_cell(carrier.doc)} | {carrier.verdict} | {words} |"


def _cell(text: str) -> str:
    """Text inside a table: bars and what Markdown would read as emphasis are escaped."""
    return re.sub(r"([|*_`\\<>])", r"\\\1", text)


def without_findings(page: str) -> str:
    """A page without the last column of its tables: what the scripts and the rows determine."""
    return re.sub(r"(?m)^(\| \[.*?\| (?:proved|refuted|unknown) \|).*$", r"\1", page)


def write_page(report: str) -> None:
    """Write the page for the output of ``formal check --output json``."""
    page = render(read_sections(FOLDER / "story.toml"), read_carriers(FOLDER), read_report(report))
    (FOLDER / "STORY.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_page(sys.stdin.read())
