"""The page that tells what becomes of the statements of *On the Power of Foundation Models*, row by row.

A table of rows names the theorems and claims that carry each statement; what they say and what is expected of them is
read from the scripts, what a run found from its report. So a page is determined by the scripts but for the last column
of the verdicts, and for the audits.

    formal audit proofs/power_of_foundation_models --output json | python -m tests.story.page
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
from tests.story.script import cell, code, expected, extent, judged, read_script, words

FOLDER = Path(__file__).parents[2] / "proofs" / "power_of_foundation_models"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A theorem or a claim that carries a statement.

    Args:
        script: the name of the script, without ``.cat``.
        doc: what it says, on one line; of a claim without words its formula.
        verdict: what the script expects.
        lines: the first and the last line of the declaration.
        accepted: findings of an audit that the script accepts, with the reasons.
        unnamed: the assumptions that have no names, in order.
    """

    script: str
    name: str
    kind: str
    doc: str
    verdict: str
    lines: tuple[int, int] = (0, 0)
    accepted: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


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
    for declaration in judged(read_script(path)):
        if isinstance(declaration, ast.TheoremDecl | ast.ClaimDecl):
            kind = "theorem" if isinstance(declaration, ast.TheoremDecl) else "claim"
            doc, verdict, place = words(declaration), expected(declaration), extent(declaration.span)
            accepted, unnamed = tuple(_accepted(declaration)), tuple(_unnamed(declaration))
            yield Carrier(path.stem, declaration.name.text, kind, doc, verdict, place, accepted, unnamed)


def _accepted(declaration: ast.TheoremDecl | ast.ClaimDecl) -> Iterator[str]:
    if isinstance(declaration, ast.TheoremDecl):
        for clause in declaration.clauses:
            if isinstance(clause, ast.AcceptClause):
                subject = f"({clause.subject.text})" if clause.subject is not None else ""
                yield f"accepted: {clause.finding.text}{subject}, “{clause.reason.text}”"


def _unnamed(declaration: ast.TheoremDecl | ast.ClaimDecl) -> Iterator[str]:
    if isinstance(declaration, ast.TheoremDecl):
        for clause in declaration.clauses:
            if isinstance(clause, ast.AssumeClause) and clause.name is None:
                yield code(clause.formula.span)


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
                words += f": {cell(claim['explanation']['summary'].removeprefix('refuted: '))}"
            found[Path(claim["file"]).stem, claim["name"]] = words
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an audit, and its answer: about all of a theorem, or about one hypothesis or goal of it."""

    question: str
    subject: str
    answer: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found.

    Args:
        verdicts: by script and name.
        audits: of theorems, by script and name.
        findings: by script, with the line.
    """

    verdicts: Mapping[tuple[str, str], str]
    audits: Mapping[tuple[str, str], tuple[Asked, ...]]
    findings: Mapping[str, tuple[tuple[int, str], ...]]


NOTHING = Report({}, {}, {})


def read_audit(text: str) -> Report:
    """All that a run found.

    Args:
        text: the output of ``formal audit --output json``.
    """
    audits: dict[tuple[str, str], tuple[Asked, ...]] = {}
    findings: dict[str, tuple[tuple[int, str], ...]] = {}
    for file in json.loads(text)["files"]:
        script = Path(file["file"]).stem
        primaries = [(d["primary"], d["code"]) for d in file["diagnostics"]]
        findings[script] = tuple((p["location"]["line"], code) for p, code in primaries if p is not None)
        for claim in file["claims"]:
            if claim["kind"] == "theorem" and claim["audit"]:
                audits[script, claim["name"]] = tuple(
                    Asked(row["question"], row["subject"], row["answer"], row["evidence"]) for row in claim["audit"]
                )
    return Report(read_report(text), audits, findings)


def render(sections: Sequence[Section], carriers: Sequence[Carrier], report: Report) -> str:
    """The page, in Markdown; what only a run says is empty where it says nothing."""
    return "\n".join([*_HEAD, *(line for section in sections for line in _section(section, carriers, report)), ""])


_HEAD = (
    "# *On the Power of Foundation Models*, row by row",
    "",
    "Each row is a reading of a statement of Yuan's paper, in words of ours: statements are given as they are commonly",
    "reported, none is a quotation. A row is carried by theorems, about every category, functor and presheaf, and by",
    "claims about examples. *Expected* is what the script says of them; *found* comes from a run. A refuted theorem is",
    "shown with the size of the counter-model that was found, by search alone.",
    "",
    "Below the verdicts stands what an audit says of each theorem:",
    "",
    "- *satisfiable*: the size of a structure in which its hypotheses hold, and which is not only empty or discrete;",
    "- *needed*: the hypotheses that cannot be left out, each because there is a counter-model without it;",
    "- *says something*: the goal fails when all hypotheses are left out;",
    "- *converse*: which of the hypotheses the goal implies;",
    "- *opposite*: whether the goal also holds with all arrows turned round, under the same hypotheses;",
    "- *findings*: what the audit objects to, and what the script accepts with a reason.",
    "",
    "Where nothing is asked there is a dash: of a refuted theorem all but the first presupposes that it holds, and",
    "a theorem with several goals has no converse. *Undecided* is what was settled neither by a proof nor by",
    "a counter-model; *not applicable* is what has no meaning, such as the opposite of a statement about presheaves,",
    "or leaving out a hypothesis that something in the goal was obtained from.",
    "",
    "Written by `python -m tests.story.page` from [`story.toml`](story.toml) and the report of `formal audit`.",
)


def _section(section: Section, carriers: Sequence[Carrier], report: Report) -> Iterator[str]:
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
            words = report.verdicts.get((carrier.script, carrier.name), "")
            yield f"| {_link(carrier)} | {carrier.doc} | {carrier.verdict} | {words} |"
        theorems = [carrier for carrier in named if carrier.kind == "theorem"]
        if theorems:
            yield from ("", _AUDIT, "|---|---|---|---|---|---|---|")
        for carrier in theorems:
            yield f"| {_link(carrier)} | {' | '.join(_audit(carrier, report))} |"


_AUDIT = "| audit | satisfiable | needed | says something | converse | opposite | findings |"
_OPEN = "–"


def _link(carrier: Carrier) -> str:
    return f"[`{carrier.name}`]({carrier.script}.cat)"


def _audit(carrier: Carrier, report: Report) -> Iterator[str]:
    """The cells of a theorem in the table of audits; nothing of it is known where a run says nothing."""
    asked = report.audits.get((carrier.script, carrier.name), ())
    if not asked:
        yield from [""] * 6
        return

    def about(question: str) -> list[Asked]:
        return [each for each in asked if each.question == question]

    yield ", ".join(_satisfiable(each) for each in about("hypotheses satisfiable"))
    is_refuted = bool(about("counter-model smallest"))
    nothing = _OPEN if is_refuted else "no hypotheses"
    needed = about("hypothesis needed")
    yield _grouped(needed, carrier, {"needed": "", "redundant": "not: "}) or nothing
    alone = about("goal valid without hypotheses") or (needed if len(needed) == 1 else [])
    yield ", ".join(_VALID.get(each.answer, each.answer) for each in alone) or nothing
    converse = [each for each in about("goal implies hypothesis") if each.subject]
    yield _grouped(converse, carrier, {"yes": "implies ", "no": "not "}) or (_OPEN if is_refuted or needed else nothing)
    yield _opposite(about("goal holds in the opposite categories"))
    first, last = carrier.lines
    found = [f"**{code}**" for line, code in report.findings.get(carrier.script, ()) if first <= line <= last]
    yield "; ".join([*found, *map(cell, carrier.accepted)]) or "none"


_VALID = {"no": "yes", "needed": "yes", "yes": "**no**", "redundant": "**no**"}
"""The goal says something where it is not valid without hypotheses; of a single hypothesis it is enough to ask that."""


def _satisfiable(asked: Asked) -> str:
    return asked.evidence.removeprefix("a model of ") if asked.answer == "yes" else asked.answer


def _grouped(asked: Sequence[Asked], carrier: Carrier, words: Mapping[str, str]) -> str:
    """The hypotheses by what is known of them."""
    groups: dict[str, list[str]] = {}
    for each in asked:
        groups.setdefault(words.get(each.answer, f"{each.answer}: "), []).append(_hypothesis(each.subject, carrier))
    first = [word for word in words.values() if word in groups]
    ordered = [*first, *(word for word in groups if word not in first)]
    return "; ".join(f"{word}{', '.join(groups[word])}" for word in ordered)


def _hypothesis(name: str, carrier: Carrier) -> str:
    """Its name; what it says where it has none and that is short."""
    number = name.removeprefix("assume ")
    if number == name or not number.isdecimal():
        return f"`{name}`"
    said = carrier.unnamed[int(number) - 1] if int(number) <= len(carrier.unnamed) else ""
    return said if 0 < len(said) <= _SHORT else f"assumption {number}"


_SHORT = 40


def _opposite(asked: Sequence[Asked]) -> str:
    """One answer for all goals where it is the same."""
    answers = list(dict.fromkeys(each.answer for each in asked))
    if len(answers) <= 1:
        return "".join(answers) or _OPEN
    return "; ".join(f"{each.answer}: `{each.subject}`" for each in asked)


def without_findings(page: str) -> str:
    """A page without what only a run says: what the scripts and the rows determine."""
    page = re.sub(r"(?m)^(\| \[.*?\| (?:proved|refuted|unknown) \|).*$", r"\1", page)
    lines: list[str] = []
    is_audit = False
    for line in page.split("\n"):
        is_audit = line == _AUDIT or (is_audit and line.startswith("|"))
        lines.append(line.split(" | ")[0] if is_audit and line.startswith("| [") else line)
    return "\n".join(lines)


def write_page(report: str) -> None:
    """Write the page for the output of ``formal audit --output json``."""
    page = render(read_sections(FOLDER / "story.toml"), read_carriers(FOLDER), read_audit(report))
    (FOLDER / "STORY.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_page(sys.stdin.read())
