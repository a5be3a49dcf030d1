"""The published results that models are held against: which claims and cross-checks speak of each.

A check is a line of a table, or a few. It names statements of one script by patterns: ``{seed}`` stands for the number
of a seed, ``{each}`` for words that make a line of their own, ``*`` for what is taken together in one cell.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.story.statement import Statement

STATUS = {
    "E": "exact",
    "C": "conditional on a measured premise",
    "A": "analogy",
    "P": "a premise, measured",
    "M": "measured",
}
"""What can be said of a statement about trained models."""

PART = "↳"
"""What the lines of a cross-check begin with."""

_GROUND = {"premise": "P", "measure": "M"}


@dataclass(frozen=True, slots=True)
class Check:
    """Claims or cross-checks of one script that say the same of different seeds.

    Args:
        script: as in ``Statement``.
        names: patterns.
        says: what is said, in Markdown.
        status: a key of ``STATUS``; of lines of cross-checks only the default.
        why: the reason of pins that tell none.
        detail: whether it stands in the part of the section that is folded.
    """

    script: str
    names: tuple[str, ...]
    says: str
    status: str
    why: str = ""
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A published result.

    Args:
        by: whose it is, in a word or two.
        paper: where it is published.
        claim: what it says formally.
        premise: what it is conditional on; empty when on nothing.
        short: what became of it, in a few words.
        finding: the same in a sentence or two.
        fewer: why there are fewer than three seeds; empty when there are three.
    """

    id: str
    title: str
    by: str
    paper: str
    claim: str
    status: str
    premise: str
    short: str
    finding: str
    fewer: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The data of the page.

    Args:
        folders: what each is, in words.
        before: scripts that were committed before the runs, although bundles do not carry them.
        opening, after_folders, legend, refuted: in Markdown.
    """

    opening: str
    after_folders: str
    legend: str
    refuted: str
    folders: Mapping[str, str]
    before: frozenset[str]
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A statement that a check names; the seed in its name, or None."""

    statement: Statement
    each: str
    seed: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table.

    Args:
        named: the statements in it.
        item: of a cross-check, the number of the line that it is about; None for all of it, and for claims.
        tasks: the numbers of the tasks that it is about.
    """

    says: str
    status: str
    check: Check
    named: tuple[Named, ...]
    item: int | None = None
    tasks: tuple[int, ...] = (0,)

    @property
    def is_claims(self) -> bool:
        """Whether it is about claims, and not about cross-checks."""
        return all(each.statement.kind == "claim" for each in self.named)

    @property
    def is_whole(self) -> bool:
        """Whether it is no part of the cross-check of another line."""
        return not self.says.startswith(PART)

    @property
    def seeds(self) -> tuple[int, ...]:
        """Of which seeds it tells."""
        found = {seed for each in self.named for seed in (each.statement.seeds or _known(each.seed))}
        return tuple(sorted(found))

    def of(self, seed: int | None) -> tuple[Statement, ...]:
        """The statements about a seed; all where no seeds are told apart."""
        return tuple(each.statement for each in self.named if seed in (each.statement.seeds or (each.seed,)))


class NamesNothing(Exception):
    """A pattern fits no statement."""


def _known(seed: int | None) -> tuple[int, ...]:
    return () if seed is None else (seed,)


def read_table(path: Path) -> Table:
    """The data of the page."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    folders = {folder["name"]: folder["says"] for folder in table["folder"]}
    opening, after_folders, legend, refuted = (table[key].strip() for key in _TEXTS)
    results = tuple(map(_result, table["result"]))
    return Table(opening, after_folders, legend, refuted, folders, frozenset(table["before"]), results)


def _result(data: Mapping[str, Any]) -> Result:
    words = {key: str(data.get(key, "")) for key in _WORDS}
    return Result(**words, checks=tuple(_check(check, words["status"]) for check in data.get("check", ())))


_TEXTS = ("opening", "after_folders", "legend", "refuted")
_WORDS = ("id", "title", "by", "paper", "claim", "status", "premise", "short", "finding", "fewer")


def _check(data: Mapping[str, Any], status: str) -> Check:
    names = data["name"] if isinstance(data["name"], list) else [data["name"]]
    given = {"status": status, **{key: data[key] for key in ("status", "why", "detail") if key in data}}
    return Check(data["script"], tuple(names), data["says"], **given)


# --- lines ----------------------------------------------------------------------------------------


def named(check: Check, statements: Sequence[Statement]) -> tuple[Named, ...]:
    """The statements that a check names.

    Raises:
        NamesNothing: a pattern fits none.
    """
    found: list[Named] = []
    for name in check.names:
        pattern = _pattern(name)
        fitting = [(each, m) for each in statements if each.script == check.script and (m := pattern.match(each.name))]
        if not fitting:
            raise NamesNothing(f"{check.script}: {name}")
        groups = ((each, match.groupdict()) for each, match in fitting)
        found += [Named(each, group.get("each") or "", _seed(group.get("seed"))) for each, group in groups]
    return tuple(found)


def _pattern(name: str) -> re.Pattern[str]:
    parts = (_SPECIAL.get(part, re.escape(part)) for part in re.split(r"(\{seed\}|\{each\}|\*)", name))
    return re.compile(f"{''.join(parts)}$")


_SPECIAL = {"{seed}": r"(?P<seed>\d+)", "{each}": r"(?P<each>[^\W_]+?(?:_[^\W\d_]+)*)", "*": ".*?"}


def _seed(text: str | None) -> int | None:
    return None if text is None else int(text)


def rows(check: Check, statements: Sequence[Statement]) -> Iterator[Row]:
    """The lines of a check: one for each word that ``{each}`` stands for, and the items of cross-checks below it."""
    groups: dict[str, list[Named]] = {}
    for one in named(check, statements):
        groups.setdefault(one.each, []).append(one)
    for each, group in sorted(groups.items(), key=_as_number):
        says = check.says.replace("{each}", each.replace("_", " "))
        row = Row(says, check.status, check, tuple(group))
        yield from (row,) if row.is_claims else _crosscheck(row)


def _as_number(group: tuple[str, object]) -> int:
    """Numbers in their order; words as they stand."""
    return int(group[0]) if group[0].isdecimal() else 0


def _crosscheck(row: Row) -> Iterator[Row]:
    """All of a cross-check, then its lines, for each task; a single line tells all of it."""
    first = row.named[0].statement
    tasks = tuple(range(len(first.tasks)))
    is_one = len(first.items) == len(tasks) == 1
    if not is_one:
        yield replace(row, tasks=tasks)
    for number, item in enumerate(first.items):
        for task in tasks[:1] if item.shared else tasks:
            about = "" if item.shared or not first.tasks[task] else f"`{first.tasks[task]}`"
            words = ", ".join(filter(None, [item.words or item.role, about]))
            says = row.says if is_one else f"{PART} {words}"
            status = row.status if is_one else _GROUND.get(item.role, row.status)
            yield replace(row, says=says, status=status, item=number, tasks=(task,))
