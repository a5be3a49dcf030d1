"""The report for a person at a terminal: diagnostics with their text, verdicts with their reasons.

A claim that is proved as expected takes a line, an expected refutation says its reason; an unexpected or undecided one
shows its statement, the witness or counter-example step by step, the picture, and the script that reproduces it; so
does every claim on a screen that asks for it. All that users wrote is appended as data, with terminal escapes; no
mark-up is ever read from it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from formal.report.diagnostic import render_rich
from formal.report.screen import Screen
from formal.report.verdict import (
    Standing,
    is_decided,
    phrase,
    route,
    standing,
    tally,
    why,
)
from formal.text.escape import character_width, clip, inert, terminal, terminal_lines, width
from formal.verdict.result import ClaimResult, FileResult, Outcome

_MARKS = {
    Standing.EXPECTED: ("✓", "+"),
    Standing.UNEXPECTED: ("✗", "x"),
    Standing.INCONCLUSIVE: ("?", "?"),
    Standing.TROUBLE: ("!", "!"),
}
_COLOURS = {
    Standing.EXPECTED: "green",
    Standing.UNEXPECTED: "bold red",
    Standing.INCONCLUSIVE: "bold yellow",
    Standing.TROUBLE: "bold white on red",
}
_OUR_FAULT = "This is a fault of formal, not of the script: please report it."
_LONGEST_NAME = 28
_MOST_LINES = 60
_RECAP_FROM = 8


def show(text: Text, screen: Screen) -> str:
    """A text with or without ANSI colours, with no blanks at the ends of lines."""
    if not screen.color:
        return "\n".join(line.rstrip() for line in text.plain.split("\n"))
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=max(screen.columns, 20),
        force_terminal=True,
        color_system="standard",
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(text, soft_wrap=True, end="")
    return stream.getvalue()


def full_file(file: FileResult, screen: Screen) -> str:
    """One file: a heading, its diagnostics, its claims."""
    page = Text(no_wrap=True, overflow="ignore")
    page.append(f"{terminal(file.file)}\n", "bold")
    for diagnostic in file.messages:
        page.append("\n")
        page.append_text(render_rich(diagnostic))
        page.append("\n")
    if file.messages and file.claims:
        page.append("\n")
    names = [min(width(terminal(claim.name)), _LONGEST_NAME) for claim in file.claims]
    was_long = False
    for index, claim in enumerate(file.claims):
        entry = _claim(claim, max(names), screen)
        is_long = entry.plain.count("\n") > 2 and (screen.at_length or standing(claim) is not Standing.EXPECTED)
        if index and (is_long or was_long):
            page.append("\n")
        page.append_text(entry)
        was_long = is_long
    if file.crashed:
        page.append("  ")
        page.append(_MARKS[Standing.TROUBLE][0], _COLOURS[Standing.TROUBLE])
        page.append(f" {terminal(clip(file.crashed))}\n", "bold")
        _paragraph(page, _OUR_FAULT, screen, "")
    elif not file.claims and not file.messages:
        page.append("  no claims\n", "dim")
    return show(page, screen)


def full_end(files: Sequence[FileResult], screen: Screen) -> str:
    """The summary line; before it the claims that need attention, when there were many claims."""
    numbers = tally(files)
    page = Text(no_wrap=True, overflow="ignore")
    claims = [claim for file in files for claim in file.claims]
    attention = [claim for claim in claims if standing(claim) is not Standing.EXPECTED]
    if attention and len(claims) >= _RECAP_FROM:
        page.append("needs attention\n", "bold")
        for claim in attention:
            page.append("  ")
            page.append(_mark(claim, screen), _COLOURS[standing(claim)])
            page.append(f" {terminal(str(claim.span))} {terminal(clip(claim.name, 60))}: {phrase(claim)}\n")
        page.append("\n")
    mark = _MARKS[Standing.EXPECTED if numbers.all_well else Standing.UNEXPECTED][0 if screen.unicode else 1]
    line = Text(f"{mark} {numbers.sentence()}", "bold green" if numbers.all_well else "bold red")
    for piece in _wrapped(line.plain, screen.columns, "", "  "):
        page.append(f"{piece}\n", line.style)
    return show(page, screen)


def _mark(claim: ClaimResult, screen: Screen) -> str:
    return _MARKS[standing(claim)][0 if screen.unicode else 1]


def _claim(claim: ClaimResult, name_width: int, screen: Screen) -> Text:
    how = standing(claim)
    entry = Text()
    name = terminal(clip(claim.name, 60))
    entry.append("  ")
    entry.append(_mark(claim, screen), _COLOURS[how])
    entry.append(f" {name}{' ' * max(0, name_width - width(name))}", "" if how is Standing.EXPECTED else "bold")
    entry.append("  ")
    entry.append(phrase(claim), _COLOURS[how])
    ground = [*route(claim), *([f"{claim.seconds:.1f} s"] if claim.seconds >= 0.1 else [])]
    tail = Text(terminal(clip(", ".join(ground))), "dim")
    if is_decided(claim) and not claim.certified:
        tail.stylize("yellow")
    room = screen.columns - width(entry.plain) - width(tail.plain)
    entry.append(" " * room if room >= 2 else "\n      ")
    entry.append_text(tail)
    entry.append("\n")
    at_length = how is not Standing.EXPECTED or screen.at_length
    is_proof = how is Standing.EXPECTED and claim.outcome is Outcome.PROVED
    if claim.doc and at_length:
        _paragraph(entry, " ".join(claim.doc.split()), screen, "italic")
    if at_length and claim.statement and not is_proof and claim.crosscheck is None:
        _paragraph(entry, claim.statement, screen, "cyan")
    reason = why(claim)
    if reason and (at_length or claim.outcome is not Outcome.PROVED):
        _paragraph(entry, reason, screen, "" if how is Standing.EXPECTED else "bold")
    if how is Standing.TROUBLE:
        _paragraph(entry, _OUR_FAULT, screen, "")
    if at_length and not claim.audit:
        _details(entry, claim, screen, with_script=not is_proof)
    if claim.audit:
        _audit(entry, claim, screen)
    return entry


def _audit(entry: Text, claim: ClaimResult, screen: Screen) -> None:
    """The table of an audit: question, subject, answer; below each row the evidence."""
    labels = [
        terminal(clip(f"{row.question}: {row.subject}" if row.subject else row.question, 60)) for row in claim.audit
    ]
    widest = max(map(width, labels))
    for label, row in zip(labels, claim.audit, strict=True):
        entry.append(f"    {label}{' ' * (widest - width(label))}  ")
        entry.append(f"{row.answer}\n", "bold")
        _paragraph(entry, row.evidence, screen, "dim", "      ")


def _paragraph(entry: Text, text: str, screen: Screen, style: str, indent: str = "    ") -> None:
    for line in _wrapped(terminal(clip(text.strip(), 2000)), screen.columns, indent, f"{indent}  "):
        entry.append(f"{line}\n", style)


def _details(entry: Text, claim: ClaimResult, screen: Screen, *, with_script: bool) -> None:
    explanation = claim.explanation
    for line in explanation.lines[:_MOST_LINES]:
        indent = "  " * (3 + min(line.depth, 8))
        for piece in _wrapped(terminal(clip(line.text, 1000)), screen.columns, indent, f"{indent}  "):
            entry.append(f"{piece}\n")
    if len(explanation.lines) > _MOST_LINES:
        entry.append(f"      ({len(explanation.lines) - _MOST_LINES} more lines in --output json)\n", "dim")
    if explanation.drawing.strip():
        entry.append("\n")
        for row in terminal_lines(explanation.drawing.strip("\n")):
            entry.append(f"      {row}\n")
    if with_script and explanation.script.strip():
        entry.append("\n    this script reproduces it:\n", "dim")
        bar = "│" if screen.unicode else "|"
        for row in terminal_lines(explanation.script.strip("\n")):
            entry.append(f"    {bar} ", "dim")
            entry.append(f"{row}\n")


def _wrapped(text: str, columns: int, first: str, rest: str) -> list[str]:
    """The words of a visible text on lines of at most so many cells; a word that is longer is broken."""
    lines: list[str] = []
    indent, line, used = first, "", 0
    for word in text.split(" "):
        size = width(word)
        room = max(20, columns) - len(indent)
        if line and used + 1 + size > room:
            lines.append(indent + line)
            indent, line, used = rest, "", 0
            room = max(20, columns) - len(indent)
        if line or (used == 0 and not word and not lines):
            line, used = f"{line} {word}", used + 1 + size
            continue
        while size > room:
            head = _prefix(word, room)
            lines.append(indent + head)
            word = word[len(head) :]
            size = width(word)
            indent = rest
            room = max(20, columns) - len(indent)
        line, used = word, size
    if line or not lines:
        lines.append(indent + line)
    return [inert(line) for line in lines]


def _prefix(word: str, room: int) -> str:
    used = 0
    for index, character in enumerate(word):
        used += character_width(character)
        if used > room:
            return word[:index]
    return word
