"""Where the lines of a declaration break, and what stands between its words on one line.

A declaration stays on one line when it fits and no comment stands inside, but the clauses of a theorem or cross-check
have lines of their own. Otherwise the loosest structure breaks first: the block into clauses or entries, the claim
after its colon, the formula after its quantifier or at its loosest operator, the last brackets at their commas; then
what is still too long breaks in the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from formal.syntax.keyword import CLAUSES_OF
from formal.syntax.word import CLOSING, OPENING

WIDTH = 100
"""The longest line, where breaking helps."""
INDENT = 2

_OPERANDS = frozenset({"NAME", "INTEGER", "STRING", "RATIONAL", "RPAR", "RBRACE", "RBRACKET"})
_QUANTIFIERS = frozenset({"FORALL", "EXISTS", "EXISTS_UNIQUE", "THE"})
_TIGHT_LEFT = frozenset({"COMMA", "DOT", "COLON", "CARET", "SCOPE", "RPAR", "RBRACKET"})
_TIGHT_RIGHT = frozenset({"CARET", "SCOPE", "LPAR", "LBRACKET"})
_CLAUSES = frozenset({"OBJECTS", "ARROWS", "EQUATIONS"})
_MARGINS = {"THEOREM": INDENT + len("assume "), "CROSSCHECK": INDENT + len("premise ")}
"""Where the clauses of a block go on behind their keywords."""
_LOOSEST_FIRST: tuple[frozenset[str], ...] = (
    frozenset({"IFF"}),
    frozenset({"IMPLIES"}),
    frozenset({"OR"}),
    frozenset({"AND"}),
    frozenset({"EQUAL", "NOT_EQUAL", "AT_MOST", "AT_LEAST", "LESS", "GREATER", "WITHIN"}),
    frozenset({"MAPSTO"}),
    frozenset({"PLUS", "MINUS"}),
    frozenset({"STAR", "SLASH"}),
    frozenset({"THEN", "AFTER"}),
)
_CONNECTIVES = frozenset({"IFF", "IMPLIES", "OR", "AND"})
_NAMED = ("ASSUME", "HAVE", "SHOW", "PREMISE", "IDEAL", "OWN", "PREDICT")
"""The clauses that may have a name and a colon."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it is going to be written, and the comments that belong to it.

    Args:
        above: comments on lines of their own before it; an empty text is an empty line.
        behind: the comment at the end of its line, or nothing.
    """

    type: str
    text: str
    above: tuple[str, ...] = ()
    behind: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """The tokens from ``start`` to before ``end``, the first at ``column``, further lines from ``indent`` on."""

    start: int
    end: int
    column: int
    indent: int


@dataclass(slots=True)
class Layout:
    """The lines of one declaration.

    Args:
        tokens: its words, without commas at the ends of lists.
    """

    tokens: Sequence[Token]
    breaks: dict[int, int] = field(default_factory=dict)
    """The tokens that begin a line, each with its column."""
    _operand: list[bool] = field(init=False)
    _gaps: list[str] = field(init=False)
    _partner: dict[int, int] = field(init=False)
    _blocks: set[int] = field(init=False)
    _offsets: list[int] = field(init=False)
    _comments: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._operand = self._operands()
        self._pair_brackets()
        self._gaps = ["", *(self._gap(index) for index in range(1, len(self.tokens)))]
        widths = (len(gap) + len(token.text) for gap, token in zip(self._gaps, self.tokens, strict=True))
        self._offsets = [0, *accumulate(widths)]
        # how many of the gaps up to a token hold a comment
        held = [
            bool(index and (token.above or self.tokens[index - 1].behind)) for index, token in enumerate(self.tokens)
        ]
        self._comments = [0, *accumulate(held)]

    def lines(self) -> list[str]:
        """The text, line by line."""
        self._break_declaration()
        result: list[str] = [*self.tokens[0].above, self.tokens[0].text]
        for index in range(1, len(self.tokens)):
            token, before = self.tokens[index], self.tokens[index - 1]
            if index not in self.breaks and (token.above or before.behind):
                self.breaks[index] = 2 * INDENT  # a comment where no line breaks by itself
            if index in self.breaks:
                if before.behind:
                    result[-1] += f"  {before.behind}"
                column = self.breaks[index]
                margin = column + INDENT if token.type in CLOSING else column
                result += [" " * margin + text if text else "" for text in token.above]
                result.append(" " * column + token.text)
            else:
                result[-1] += self._gaps[index] + token.text
        if self.tokens[-1].behind:
            result[-1] += f"  {self.tokens[-1].behind}"
        return result

    # --- on one line ---

    def _operands(self) -> list[bool]:
        """Which tokens end an operand; ``*`` does where it is a label."""
        result: list[bool] = []
        for token in self.tokens:
            is_label = token.type == "STAR" and not (result and result[-1])
            result.append(token.type in _OPERANDS or is_label)
        return result

    def _pair_brackets(self) -> None:
        """Opening brackets with their closing ones; a brace is a block after a complete term, else a set or map."""
        self._partner, self._blocks = {}, set()
        opened: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.type in OPENING:
                opened.append(index)
                if token.type == "LBRACE" and (self._operand[index - 1] or self.tokens[index - 1].type == "MONOID"):
                    self._blocks.add(index)
            elif token.type in CLOSING:
                start = opened.pop()
                self._partner[start] = index
                if start in self._blocks:
                    self._blocks.add(index)

    def _gap(self, index: int) -> str:
        """What stands between a token and the one before it on the same line."""
        before, token = self.tokens[index - 1], self.tokens[index]
        if token.type in _TIGHT_LEFT or before.type in _TIGHT_RIGHT:
            return ""
        if before.type == "LBRACE" and token.type == "RBRACE":
            return ""
        if token.type == "LPAR" and (self._operand[index - 1] or before.type == "POSET"):
            return ""
        if (before.type == "LBRACE" and index - 1 not in self._blocks) or (
            token.type == "RBRACE" and index not in self._blocks
        ):
            return ""
        if before.type == "MINUS" and not (index > 1 and self._operand[index - 2]):
            return ""
        if self._is_in_fraction(index):
            return ""
        return "" if before.text == "¬" else " "

    def _is_in_fraction(self, index: int) -> bool:
        """Whether the gap before a token is one in `1/2`: a fraction of integers that is no part of a longer one."""
        slash = index if self.tokens[index].type == "SLASH" else index - 1
        if slash + 1 >= len(self.tokens) or self.tokens[slash].type != "SLASH":
            return False
        around = [self.tokens[place].type if place < len(self.tokens) else "" for place in range(slash - 2, slash + 3)]
        return around[1] == around[3] == "INTEGER" and around[0] not in ("SLASH", "CARET") and around[4] != "CARET"

    def _width(self, start: int, end: int) -> int:
        return self._offsets[end] - self._offsets[start] - len(self._gaps[start])

    def _is_flat(self, piece: _Piece) -> bool:
        """Whether the piece stays on its line: it fits, and no comment divides it."""
        if self._comments[piece.end] > self._comments[piece.start + 1]:
            return False
        return piece.column + self._width(piece.start, piece.end) <= WIDTH

    # --- breaking ---

    def _break_declaration(self) -> None:
        last = len(self.tokens)
        kind = self.tokens[0].type
        if kind not in _MARGINS and self._is_flat(_Piece(0, last, 0, 0)):
            return
        pending: list[_Piece] = []
        if kind in _MARGINS:
            self._clauses(kind, pending)
        elif kind == "CLAIM":
            expect = self._last_at_top("EXPECT")
            end = last if expect is None else expect
            if expect is not None:
                self.breaks[expect] = INDENT
            self._body(self._first_at_top("COLON") + 1, end, pending)
        elif kind == "DEFINE":
            body = self._first_at_top("DEFINED_AS") + 1
            pending.append(_Piece(0, body, 0, 0))
            self._body(body, last, pending)
        elif last - 1 in self._blocks and (opening := self._opening(last - 1)) and self._first_at_top("EQUAL") < 0:
            pending.append(_Piece(0, opening + 1, 0, 0))
            self._block(opening, last - 1, pending)
        elif (equals := self._first_at_top("EQUAL")) >= 0:
            pending.append(_Piece(0, equals + 1, 0, 0))
            self._value(equals + 1, last, pending)
        while pending:
            piece = pending.pop()
            if not self._is_flat(piece):
                self._break(piece, pending)

    def _opening(self, closing: int) -> int:
        return next(start for start, end in self._partner.items() if end == closing)

    def _top(self, start: int, end: int) -> list[int]:
        """The tokens of a range that lie within no brackets of it; of brackets only the opening ones."""
        result: list[int] = []
        index = start
        while index < end:
            result.append(index)
            index = self._partner.get(index, index) + 1
        return result

    def _first_at_top(self, kind: str) -> int:
        return next((index for index in self._top(0, len(self.tokens)) if self.tokens[index].type == kind), -1)

    def _last_at_top(self, kind: str) -> int | None:
        return next((i for i in reversed(self._top(0, len(self.tokens))) if self.tokens[i].type == kind), None)

    def _line(self, start: int, end: int, indent: int, pending: list[_Piece]) -> None:
        """Begin a line with a piece."""
        self.breaks[start] = indent
        pending.append(_Piece(start, end, indent, indent))

    def _body(self, start: int, end: int, pending: list[_Piece]) -> None:
        self._line(start, end, INDENT, pending)

    def _value(self, start: int, end: int, pending: list[_Piece]) -> None:
        """What follows ``=``: on the same line if it is a name with brackets behind it, else on the next."""
        column = self._width(0, start) + 1
        top = self._top(start, end)
        hugs = len(top) == 2 and self.tokens[top[1]].type in OPENING and self._partner[top[1]] == end - 1
        if hugs and not self.tokens[start].above and not self.tokens[start - 1].behind:
            pending.append(_Piece(start, end, column, 0))
        else:
            self._line(start, end, INDENT, pending)

    def _block(self, opening: int, closing: int, pending: list[_Piece]) -> None:
        """Clauses, their keywords padded to one width, or entries: each on a line of its own."""
        self.breaks[closing] = 0
        clauses = [index for index in self._top(opening + 1, closing) if self.tokens[index].type in _CLAUSES]
        if not clauses:
            self._items(opening + 1, closing, INDENT, pending)
            return
        margin = INDENT + max(len(self.tokens[clause].text) for clause in clauses) + 1
        for clause, end in zip(clauses, [*clauses[1:], closing], strict=True):
            self.breaks[clause] = INDENT
            padding = margin - INDENT - len(self.tokens[clause].text)
            self._gaps[clause + 1] = " " * padding
            if self._is_flat(_Piece(clause + 1, end, margin, margin)) and not self._divided(clause + 1):
                continue
            if self.tokens[clause].type in ("OBJECTS", "ARROWS"):
                self._fill(clause + 1, end, margin)
            else:
                self._items(clause + 1, end, margin, pending, begin=self._divided(clause + 1))

    def _clauses(self, kind: str, pending: list[_Piece]) -> None:
        """Each clause on a line of its own, the keywords padded to one width; what is expected on the last line."""
        margin = _MARGINS[kind]
        opening = next(index for index in self._top(0, len(self.tokens)) if index in self._blocks)
        closing = self._partner[opening]
        clauses = [index for index in self._top(opening + 1, closing) if self.tokens[index].type in CLAUSES_OF[kind]]
        if not self._is_flat(_Piece(0, opening + 1, 0, 0)):
            self.breaks |= {i: 2 * INDENT for i in self._top(0, opening) if self.tokens[i].type in ("FOR", "OVER")}
        if clauses or self._divided(closing):
            self.breaks[closing] = 0
        if closing + 1 < len(self.tokens):
            self.breaks[closing + 1] = 0
        for clause, end in pairwise([*clauses, closing]):
            self.breaks[clause] = INDENT
            first = clause + 1
            self._gaps[first] = " " * (margin - INDENT - len(self.tokens[clause].text))
            if self._divided(first):
                self.breaks[first] = margin
            if not self._is_flat(_Piece(first, end, margin, margin)):
                self._clause(self.tokens[clause].type, first, end, margin, pending)

    def _clause(self, kind: str, first: int, end: int, margin: int, pending: list[_Piece]) -> None:
        """Break a clause, its keyword aside: what is given into lines, the rest behind its ``:=``, name or ``in``."""
        if kind in ("PREDICT", "MEASURE") and (within := self._within(first, end)):
            pending.append(_Piece(first, within, margin, margin + INDENT))
            self.breaks[within] = margin + INDENT
            pending.append(_Piece(within, end, margin + INDENT, margin + INDENT))
            return
        separators = {"LET": "DEFINED_AS"} | dict.fromkeys(_NAMED, "COLON")
        if kind == "GIVEN":
            self._fill(first, end, margin)
            return
        separator = separators.get(kind)
        value = next((i + 1 for i in self._top(first, end) if self.tokens[i].type == separator), first)
        if kind != "LET" and value != first + 2:  # no name; the colon is one of a quantifier's variables
            pending.append(_Piece(first, end, margin, margin))
            return
        pending.append(_Piece(first, value, margin, margin))
        self._line(value, end, margin + INDENT, pending)

    def _within(self, first: int, end: int) -> int:
        """The ``in`` before the range of what is predicted; 0 where there is none, but a quantifier's perhaps."""
        top = self._top(first, end)
        if any(self.tokens[index].type in _QUANTIFIERS for index in top):
            return 0
        return next((index for index in top if self.tokens[index].type == "IN"), 0)

    def _divided(self, index: int) -> bool:
        """Whether a comment stands before a token."""
        return bool(self.tokens[index].above or self.tokens[index - 1].behind)

    def _items(self, start: int, end: int, indent: int, pending: list[_Piece], *, begin: bool = True) -> None:
        """Each item of a list, its comma with it, on a line of its own; the first only if it is to begin one."""
        for first, last in self._split(start, end, frozenset({"COMMA"})):
            if first > start or begin:
                self.breaks[first] = indent
            pending.append(_Piece(first, last, indent, indent + INDENT))

    def _fill(self, start: int, end: int, indent: int) -> None:
        """As many items on a line as fit; the first stays where it is unless a comment is in the way."""
        column = indent
        for first, last in self._split(start, end, frozenset({"COMMA"})):
            width = self._width(first, last)
            if self._divided(first) or (first > start and column + 1 + width > WIDTH):
                self.breaks[first] = column = indent
            elif first > start:
                column += 1
            column += width

    def _split(self, start: int, end: int, separators: frozenset[str]) -> list[tuple[int, int]]:
        """The range divided after each separator at its top."""
        result: list[tuple[int, int]] = []
        first = start
        for index in self._top(start, end):
            if self.tokens[index].type in separators:
                result.append((first, index + 1))
                first = index + 1
        if first < end:
            result.append((first, end))
        return result

    def _break(self, piece: _Piece, pending: list[_Piece]) -> None:
        """Break an expression, or the head of a declaration, at its loosest place."""
        start, end, indent = piece.start, piece.end, piece.indent
        top = self._top(start, end)
        if self.tokens[start].type in _QUANTIFIERS:
            body = next((index + 1 for index in top if self.tokens[index].type == "DOT"), end)
            if body < end:
                pending.append(_Piece(start, body, piece.column, indent + 2 * INDENT))
                self._line(body, end, indent + INDENT, pending)
            elif len(self._split(start, end, frozenset({"COMMA"}))) > 1:
                self._items(start, end, indent, pending, begin=False)
            else:
                self._at_commas(piece, top, pending)
            return
        quantifier = next((place for place, index in enumerate(top) if self.tokens[index].type in _QUANTIFIERS), None)
        reachable = top[:quantifier]
        operators = [index for index in reachable if index + 1 < end and self._is_operator(index)]
        for kinds in _LOOSEST_FIRST:
            if found := [index for index in operators if self.tokens[index].type in kinds]:
                self._at_operators(piece, found, pending)
                return
        if quantifier is not None:  # `not forall …`
            column = piece.column + self._width(start, top[quantifier]) + 1
            pending.append(_Piece(top[quantifier], end, column, indent))
            return
        self._at_commas(piece, top, pending)

    def _is_operator(self, index: int) -> bool:
        """A sign, one that stands between two operands: no label `*`, no placeholder, no sign of a number."""
        if self.tokens[index].type == "MINUS":
            return self._operand[index - 1]
        return self.tokens[index].type != "STAR" or not self._operand[index]

    def _at_operators(self, piece: _Piece, operators: list[int], pending: list[_Piece]) -> None:
        """A line for each operand, the operator at its end."""
        indent = piece.indent
        first, column = piece.start, piece.column
        further = indent if self.tokens[operators[0]].type in _CONNECTIVES else indent + INDENT
        for end in [*(operator + 1 for operator in operators), piece.end]:
            if first > piece.start:
                self.breaks[first] = column = further
            pending.append(_Piece(first, end, column, further if first > piece.start else indent))
            first = end

    def _at_commas(self, piece: _Piece, top: list[int], pending: list[_Piece]) -> None:
        """A line for each item within the last brackets that hold any; without brackets, for each item."""
        brackets = [index for index in top if index + 1 < self._partner.get(index, 0) < piece.end]
        if not brackets:
            for first, _ in self._split(piece.start, piece.end, frozenset({"COMMA"}))[1:]:
                self.breaks[first] = piece.indent
            return
        opening = brackets[-1]
        closing = self._partner[opening]
        self.breaks[closing] = piece.indent
        inner = piece.indent + INDENT
        if self.tokens[opening].type == "LBRACE" and opening not in self._blocks:
            self.breaks[opening + 1] = inner
            self._fill(opening + 1, closing, inner)
        else:
            self._items(opening + 1, closing, inner, pending)
