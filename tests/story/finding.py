"""What a run found of claims and cross-checks about models, in the cells of a table.

Source: the report of ``formal check --output json`` (``formal/report/schema/report.schema.json``).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any

from tests.story.number import between, exact, outward, percent, rounded
from tests.story.statement import Item, Statement

Json = Mapping[str, Any]

_SIGNS = {"<=": "≤", "<": "<", "=": "="}
_NEGATED = {"<=": ">", "<": "≥", "=": "≠"}
_MIRRORED = {"≤": "≥", "<": ">", "=": "=", ">": "<", "≥": "≤", "≠": "≠"}
_SIGN = re.compile(r" (<=|>=|<|>|=) ")
_BOUND = re.compile(r"(<=|>=|<|>|=) ([0-9]+(?:[/.][0-9]+)?)$")
_MOST = 12
"""How many values are listed one by one."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, by script and name, as JSON values; what is not there is told by nothing."""

    claims: Mapping[tuple[str, str], Json]

    def row(self, statement: Statement, task: int, seed: int | None) -> Json | None:
        """The row of a cross-check on one task and one seed."""
        claim = self.claims.get((statement.script, statement.name))
        if claim is None:
            return None
        models: list[int | None] = list(statement.seeds) or [seed]
        rows: list[Json] = claim["crosscheck"]["rows"]
        return rows[task * len(models) + models.index(seed)] if seed in models else None


NOTHING = Report({})


def read_report(text: str) -> Report:
    """What a run found in ``proofs/models``.

    Args:
        text: the output of ``formal check --output json``.
    """
    found: dict[tuple[str, str], Json] = {}
    for file in json.loads(text)["files"]:
        parts = PurePosixPath(file["file"]).with_suffix("").parts
        if "models" in parts:
            script = "/".join(parts[parts.index("models") + 1 :])
            found |= {(script, claim["name"]): claim for claim in file["claims"]}
    return Report(found)


# --- claims ---------------------------------------------------------------------------------------


def claims_cell(statements: Iterable[Statement], report: Report) -> str:
    """The verdicts on some claims, and the values that they rest on."""
    found = [(each, report.claims[key]) for each in statements if (key := (each.script, each.name)) in report.claims]
    counts = Counter(_verdict(each, claim) for each, claim in found)
    words = _counted(counts, len(found))
    sides = [[_side(each) for each in claim["explanation"]["comparisons"]] for _, claim in found]
    values = [value for side in sides for value, _ in side if value]
    is_one_each = len(found) > 1 and all(len(side) == 1 for side in sides)
    is_mixed = len(found) > 1 and not is_one_each and len(set(values)) > 1
    told = "" if is_mixed else _listed(values, all_of_them=is_one_each)
    return f"{words}{'' if not told else ' ' if len(found) == 1 else ': '}{told}"


def _counted(counts: Mapping[str, int], total: int) -> str:
    """How often each word; how often is not said where there is a single one."""
    return ", ".join(word if total == 1 else f"{count} {word}" for word, count in counts.items())


def _verdict(statement: Statement, claim: Json) -> str:
    outcome = str(claim["outcome"])
    return outcome if outcome == statement.before else f"**{outcome}**"


def claims_asked(statements: Iterable[Statement], report: Report) -> str:
    """What the values are held against: the bounds of the claims as they would be true, one by one if they differ."""
    bounds: list[str] = []
    for each in statements:
        claim = report.claims.get((each.script, each.name))
        if claim is not None:
            is_proved = claim["outcome"] == "proved"
            bounds += [_asked(comparison, is_proved=is_proved) for comparison in claim["explanation"]["comparisons"]]
    distinct = list(dict.fromkeys(bounds))
    if len(distinct) <= 3:
        return ", ".join(distinct)
    signs = {bound.partition(" ")[0] for bound in bounds}
    numbers = [bound.partition(" ")[2] for bound in bounds]
    return f"{signs.pop()} {', '.join(numbers)}" if len(signs) == 1 and len(bounds) <= _MOST else ""


def _side(comparison: Json) -> tuple[str, bool]:
    """The value that is compared, or both, and whether it is on the left."""
    left, right = comparison["left"], comparison["right"]
    if _is_written_out(left):
        return _told(right), False
    if _is_written_out(right):
        return _told(left), True
    return f"{_told(left)} against {_told(right)}", True


def _asked(comparison: Json, *, is_proved: bool) -> str:
    """The bound, with the sign that has to hold for the claim to be true."""
    left, right, within = comparison["left"], comparison["right"], comparison["within"]
    signs = _SIGNS if comparison["holds"] in (None, is_proved) else _NEGATED
    sign = signs[comparison["order"]]
    near = "" if within is None else f" ± {_told(within)}"
    if _is_written_out(left):
        return f"{_MIRRORED[sign]} {_told(left)}{near}"
    if _is_written_out(right):
        return f"{sign} {_told(right)}{near}"
    return f"{sign} the other{near}"


def _is_written_out(told: Json) -> bool:
    """Whether it is a number that the script has, and no quantity."""
    return re.fullmatch(r"-?[0-9]+([./][0-9]+)?", told["name"]) is not None


def _told(told: Json) -> str:
    ends = (None if told[end] is None else told[end]["exact"] for end in ("lower", "upper"))
    lower, upper = map(exact, ends)
    return between(lower, upper)


def _listed(values: list[str], *, all_of_them: bool) -> str:
    """Some values: all, if they are few, else the least and the greatest."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) <= 1 or (all_of_them and len(values) <= _MOST):
        return ", ".join(distinct if len(distinct) == 1 else values)
    numbers = sorted((number, value) for value in distinct if (number := _number(value)) is not None)
    if len(numbers) == len(distinct) > 3:
        return f"{numbers[0][1]} to {numbers[-1][1]}"
    return "; ".join(distinct) if len(distinct) <= 3 else ""


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.removeprefix("≈ "))
    except ValueError:
        return None


# --- cross-checks ---------------------------------------------------------------------------------


def rows_cell(rows: Iterable[tuple[Statement, Json | None]]) -> str:
    """The findings of some rows of cross-checks."""
    found = [(each, row) for each, row in rows if row is not None]
    counts = Counter(_marked(str(row["outcome"]), each, row) for each, row in found)
    return _counted(counts, len(found))


def item_cell(statement: Statement, row: Json | None, number: int) -> str:
    """What was found of one line of a cross-check."""
    found = _item(row, statement.items[number])
    if row is None or found is None:
        return ""
    return " ".join(filter(None, [_marked(_agreement(found, row), statement, row), _value(found)]))


def item_asked(rows: Iterable[tuple[Statement, Json | None]], number: int) -> str:
    """What was predicted, and what the intervals rest on."""
    items = [found for each, row in rows if (found := _item(row, each.items[number])) is not None]
    bounds = list(dict.fromkeys(bound for found in items if (bound := _predicted(found))))
    return "; ".join([*([", ".join(bounds)] if 0 < len(bounds) <= 3 else []), *_samples(items)])


def _item(row: Json | None, item: Item) -> Json | None:
    items: list[Json] = [] if row is None else row["items"]
    return next((each for each in items if _place(each) == item.place), None)


def _place(item: Json) -> tuple[int, int]:
    return item["location"]["line"], item["location"]["column"]


def _agreement(item: Json, row: Json) -> str:
    """Of a premise whether it holds; of the rest whether it agrees, where that can be compared."""
    outcome = str(item["outcome"])
    if item["role"] == "premise":
        return {"proved": "holds", "refuted": "fails"}.get(outcome, outcome)
    if row["outcome"] == "not comparable":
        return "not comparable"
    return {"proved": "agrees", "refuted": "disagrees"}.get(outcome, outcome)


def _marked(word: str, statement: Statement, row: Json) -> str:
    """Marked where it is not what was expected before the run.

    Where agreement was, what agrees is not to blame; where a discrepancy was, it is of the rows taken together.
    """
    if row["outcome"] == statement.before:
        return word
    is_as_expected = word in ("agrees", "holds") if statement.before == "agrees" else statement.pin is None
    return word if is_as_expected else f"**{word}**"


def _value(item: Json) -> str:
    score = item["measured"]
    if score is None:
        values = [_told(value) for value in item["values"]]
        return " against ".join(values) if _compares_two(item) else _listed(values, all_of_them=False)
    value, lower, upper = (None if score[key] is None else exact(score[key]["exact"]) for key in _SCORE)
    assert value is not None
    return rounded(value) if lower is None or upper is None else f"{rounded(value)} {outward(lower, upper)}"


_SCORE = ("value", "lower", "upper")


def _predicted(item: Json) -> str:
    ends = [_told(end) for end in item["predicted"]]
    if ends:
        return f"= {ends[0]}" if ends[0] == ends[1] else f"[{', '.join(ends)}]"
    if _compares_two(item):
        return f"{_WRITTEN[_SIGN.findall(item['statement'])[0]]} the other"
    bound = _BOUND.search(item["statement"])
    return "" if bound is None else f"{_WRITTEN[bound[1]]} {rounded(Fraction(bound[2]))}"


def _compares_two(item: Json) -> bool:
    """Whether it is a comparison of two quantities."""
    return len(item["values"]) == 2 and len(_SIGN.findall(item["statement"])) == 1 and not item["predicted"]


_WRITTEN = {**_SIGNS, ">=": "≥", ">": ">"}


def _samples(items: Iterable[Json]) -> Iterator[str]:
    """With what confidence the intervals speak of the population, and by how many independent trials."""
    scores = [item["measured"] for item in items if item["measured"] is not None]
    scores = [score for score in scores if score["confidence"] is not None]
    if scores:
        confidence = sorted({Fraction(score["confidence"]["exact"]) for score in scores})
        trials = sorted({int(score["independent"]) for score in scores})
        many = str(trials[0]) if len(trials) == 1 else f"{trials[0]} to {trials[-1]}"
        chosen = max(int(score["candidates"]) for score in scores)
        best = f", best of {chosen}" if chosen > 1 else ""
        yield f"{' and '.join(map(percent, confidence))}, {many} trials{best}"
