"""Diagnostics as a person reads them: the text concerned, marked, with what there is to say beside the marks.

The layout is computed once, as rows of styled pieces; plain text and colours are two views of it. Marks are ``^``
under the primary span and ``-`` under the others. A span of several lines is bracketed in a margin on the left.

Source: the layout of rustc's diagnostics (rustc-dev-guide, "Errors and lints").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from formal.text import Diagnostic, Label, Severity, Source
from formal.text.escape import COMMAND_BRACKET, character_width, clip, terminal, terminal_lines, visible

if TYPE_CHECKING:
    from rich.text import Text

COLUMNS = 100
"""The widest piece of a source line that is shown."""
_TAB = 4
_LEAST_CONTEXT = 24
_MOST_BRACKETS = 4

Piece = tuple[str, str]
"""A text and the role it plays: the name of a style."""
Row = list[Piece]


def render_plain(diagnostic: Diagnostic) -> str:
    """The diagnostic as plain text of several lines, no line break at the end."""
    return "\n".join("".join(text for text, _ in row).rstrip() for row in layout(diagnostic))


_COLOURS = {
    "error": "bold red",
    "warning": "bold yellow",
    "primary-error": "bold red",
    "primary-warning": "bold yellow",
    "secondary": "bold blue",
    "gutter": "bold blue",
    "message": "bold",
    "help": "bold cyan",
    "note": "bold",
}


def render_rich(diagnostic: Diagnostic) -> Text:
    """The diagnostic in colours; texts are appended as they are, never read as mark-up."""
    from rich.text import Text

    result = Text(no_wrap=True, overflow="ignore")
    for number, row in enumerate(layout(diagnostic)):
        if number:
            result.append("\n")
        for text, role in row:
            result.append(text, _COLOURS.get(role))
    return result


def layout(diagnostic: Diagnostic) -> Iterator[Row]:
    """The rows of a diagnostic."""
    severity = diagnostic.severity
    yield [(f"{severity}[{diagnostic.code}]", str(severity)), (f": {_one_line(diagnostic.message)}", "message")]
    snippets = list(_snippets(diagnostic))
    number_width = max((len(str(mark.last_line)) for snippet in snippets for mark in snippet.marks), default=1)
    gutter = " " * (number_width + 2)
    for index, snippet in enumerate(snippets):
        line, column = snippet.source.position(snippet.first_offset)
        arrow = "-->" if index == 0 and diagnostic.primary is not None else ":::"
        yield [(f"{gutter[:-1]}{arrow} ", "gutter"), (f"{terminal(clip(snippet.source.name))}:{line}:{column}", "")]
        yield [(f"{gutter}|", "gutter")]
        yield from snippet.rows(number_width)
    for word, texts in (("help", diagnostic.help), ("note", diagnostic.notes)):
        for text in texts:
            head, *tail = terminal_lines(clip(text, 4000))
            yield [(f"{gutter}= ", "gutter"), (f"{word}: ", word), (head, "")]
            for line_text in tail:
                yield [(f"{gutter}  {' ' * (len(word) + 2)}", ""), (line_text, "")]


def _one_line(text: str) -> str:
    return terminal(clip(text))


@dataclass(frozen=True, slots=True)
class _Mark:
    """A label by lines and character columns, both ends included, columns from 0."""

    first_line: int
    first: int
    last_line: int
    last: int
    message: str
    role: str

    @property
    def glyph(self) -> str:
        return "-" if self.role == "secondary" else "^"


def _mark(label: Label, role: str) -> _Mark:
    source = label.span.source
    end = max(label.span.start, label.span.end - 1)
    first_line, first = source.position(label.span.start)
    last_line, last = source.position(end)
    return _Mark(first_line, first - 1, last_line, last - 1, _one_line(label.message), role)


def _snippets(diagnostic: Diagnostic) -> Iterator[_Snippet]:
    """One snippet a source, the primary label's first, the others as they come."""
    labels: list[tuple[Label, str]] = []
    if diagnostic.primary is not None:
        role = "primary-warning" if diagnostic.severity is Severity.WARNING else "primary-error"
        labels.append((diagnostic.primary, role))
    labels += ((label, "secondary") for label in diagnostic.secondary)
    groups: list[tuple[Source, int, list[_Mark]]] = []
    for label, role in labels:
        source = label.span.source
        for other, _, marks in groups:
            if other is source:
                marks.append(_mark(label, role))
                break
        else:
            groups.append((source, label.span.start, [_mark(label, role)]))
    for source, offset, marks in groups:
        yield _Snippet(source, offset, tuple(marks))


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of a source line that is shown.

    Args:
        text: what is printed.
        begin, columns: cell at which each shown character starts, for characters from ``begin`` on; one entry more.
    """

    text: str
    begin: int
    columns: tuple[int, ...]

    def cells(self, first: int, last: int) -> tuple[int, int]:
        """The half-open range of cells that characters ``first`` to ``last`` take, at least one cell."""
        left = self._cell(first)
        return left, max(left + 1, self._cell(last + 1))

    def _cell(self, character: int) -> int:
        return self.columns[max(0, min(character - self.begin, len(self.columns) - 1))]


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """What each character is printed as, and how many cells that takes."""
    column = 0
    brackets = {match.start(1) for match in COMMAND_BRACKET.finditer(text)} if "##" in text else ()
    for position, character in enumerate(text):
        shown = " " * (_TAB - column % _TAB) if character == "\t" else visible(character)
        if position in brackets:
            shown = f"\\{shown}"
        cells = len(shown) if len(shown) != 1 else character_width(shown)
        column += cells
        yield shown, cells


def _window(line: str, focus: tuple[int, int]) -> _Window:
    """At most ``COLUMNS`` cells of a line, around the characters ``focus``; ``...`` stands for the rest."""
    begin, end = 0, len(line)
    if end > COLUMNS:
        slack = max(_LEAST_CONTEXT, COLUMNS - (focus[1] - focus[0] + 1)) // 2
        begin = max(0, min(focus[0] - slack, len(line) - COLUMNS))
        end = min(len(line), begin + COLUMNS)
    shown: list[str] = []
    left_out = begin > 0
    column = 3 if left_out else 0
    room = COLUMNS + column
    columns = [column]
    for piece, cells in _pieces(line[begin:end]):
        if column + cells > room:
            end = begin + len(shown)
            break
        shown.append(piece)
        column += cells
        columns.append(column)
    text = "".join(shown)
    return _Window(f"{'...' if left_out else ''}{text}{'...' if end < len(line) else ''}", begin, tuple(columns))


@dataclass(frozen=True, slots=True)
class _Snippet:
    """The marked lines of one source."""

    source: Source
    first_offset: int
    marks: tuple[_Mark, ...]

    def rows(self, number_width: int) -> Iterator[Row]:
        """The lines with their marks."""
        brackets = [mark for mark in self.marks if mark.first_line < mark.last_line][:_MOST_BRACKETS]
        shown = sorted({line for mark in self.marks for line in (mark.first_line, mark.last_line)})
        blank = " " * (number_width + 2)
        previous = shown[0]
        for line in shown:
            if line == previous + 2:
                yield from self._line(line - 1, number_width, brackets)
            elif line > previous + 2:
                yield [("...".ljust(number_width + 4), "gutter"), *_margin(brackets, previous + 1)]
            previous = line
            yield from self._line(line, number_width, brackets)
            for row in self._marks_below(line, brackets):
                yield [(f"{blank}| ", "gutter"), *row]

    def _line(self, line: int, number_width: int, brackets: list[_Mark]) -> Iterator[Row]:
        yield [
            (f" {line:>{number_width}} | ", "gutter"),
            *_margin([b if b.first_line < line else None for b in brackets], line),
            (self._view(line).text, ""),
        ]

    def _ranges(self, line: int) -> list[tuple[int, int]]:
        """The characters marked on a line, the primary's first."""
        result: list[tuple[int, int]] = []
        for mark in self.marks:
            if mark.first_line == mark.last_line == line:
                result.append((mark.first, mark.last))
            elif mark.first_line == line:
                result.append((mark.first, mark.first))
            elif mark.last_line == line:
                result.append((mark.last, mark.last))
        return result

    def _view(self, line: int) -> _Window:
        ranges = self._ranges(line)
        if not ranges:
            return _window(self.source.line(line), (0, 0))
        whole = (min(first for first, _ in ranges), max(last for _, last in ranges))
        focus = whole if whole[1] - whole[0] < COLUMNS - _LEAST_CONTEXT else ranges[0]
        return _window(self.source.line(line), focus)

    def _marks_below(self, line: int, brackets: list[_Mark]) -> Iterator[Row]:
        view = self._view(line)
        flat = [mark for mark in self.marks if mark not in brackets and line == mark.first_line]
        margin = _margin([b if b.first_line < line else None for b in brackets], line)
        for row in _flat_marks(view, flat):
            yield [*margin, *row]
        for index, bracket in enumerate(brackets):
            starts, ends = bracket.first_line == line, bracket.last_line == line
            if not (starts or ends):
                continue
            left, _ = view.cells(*((bracket.first,) * 2 if starts else (bracket.last,) * 2))
            before = _margin([b if b.last_line > line else None for b in brackets[:index]], line)
            rule = " " if starts else "|"
            reach = 2 * (len(brackets) - index) - 1 + left
            message = f" {bracket.message}" if ends and bracket.message else ""
            yield [*before, (f"{rule}{'_' * reach}{bracket.glyph}{message}", bracket.role)]


def _margin(brackets: Iterable[_Mark | None], line: int) -> Row:
    """Two cells a bracket: a bar where the bracket is open."""
    return [
        ("| ", bracket.role) if bracket is not None and bracket.first_line <= line <= bracket.last_line else ("  ", "")
        for bracket in brackets
    ]


def _flat_marks(view: _Window, marks: list[_Mark]) -> Iterator[Row]:
    """The row of marks under a line, then the messages that did not fit beside them, rightmost first."""
    if not marks:
        return
    placed = [(*view.cells(mark.first, mark.last), mark) for mark in marks]
    end = max(right for _, right, _ in placed)
    cells: list[Piece] = [(" ", "")] * end
    for left, right, mark in reversed(placed):
        cells[left:right] = [(mark.glyph, mark.role)] * (right - left)
    speaking = sorted((p for p in placed if p[2].message), key=lambda p: p[0])
    row = _joined(cells)
    if speaking and speaking[-1][1] == end and all(left <= speaking[-1][0] for left, _, _ in placed):
        _, _, mark = speaking.pop()
        row.append((f" {mark.message}", mark.role))
    yield row
    bars: list[Piece] = [(" ", "")] * end
    for left, _, mark in speaking:
        bars[left] = ("|", mark.role)
    if speaking:
        yield _joined(bars)
    for left, _, mark in reversed(speaking):
        yield [*_joined(bars[:left]), (mark.message, mark.role)]


def _joined(cells: list[Piece]) -> Row:
    """Neighbouring pieces of one role made one."""
    result: Row = []
    for text, role in cells:
        if result and result[-1][1] == role:
            result[-1] = (result[-1][0] + text, role)
        else:
            result.append((text, role))
    return result
