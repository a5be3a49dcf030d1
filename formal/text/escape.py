"""Escapes: text from users, made harmless for the sink it goes to.

Labels, names and comments of a script are data. In a terminal they must not move the cursor or reverse the text,
in HTML, Markdown and XML they must not become mark-up, in a log they must not become a command. Each sink has one
function here and no other place in the package escapes for it. All of them are total: any ``str`` is accepted.

Sources: Unicode Technical Report 36 (security considerations), section 3; Boucher, Anderson 2021 (Trojan Source);
XML 1.0 (fifth edition), production 2; CommonMark 0.31, section 2.4; GitHub, workflow commands.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape as _escape_html

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\ufe0f\u180b\u180c\u180d\u180f") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


def _is_unseen(character: str) -> bool:
    if " " <= character <= "~":
        return False
    return unicodedata.category(character) in _UNSEEN or character in _BLANK


def _name(character: str) -> str:
    code = ord(character)
    if character in _SHORT:
        return _SHORT[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def visible(text: str) -> str:
    """The text on one line, with a name such as ``\\x1b`` or ``\\u{202e}`` for each character that cannot be seen.

    These are control, formatting, bidirectional, unassigned and private characters, line breaks, lone surrogates,
    variation selectors and blanks that are not spaces. What is left prints from left to right as it stands, or is a
    letter of a right-to-left script. Nothing else is changed, so ordinary text is its own image.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_name(c) if _is_unseen(c) else c for c in text)


COMMAND_BRACKET = re.compile(r"(?<=##)\w*(\[)")
"""Where ``##[error]``, ``##vso[`` and the like begin: build services obey them anywhere in a line of a log."""


def terminal(text: str) -> str:
    """One line for a terminal or a log: visible, and not a command to a build service that reads the log.

    Services obey lines that begin with ``::``, blanks before it ignored, and ``##word[`` anywhere.
    """
    return inert(visible(text))


def inert(line: str) -> str:
    """A visible line with a backslash where it could be taken for a command; twice is the same as once."""
    if "##" in line:
        line = COMMAND_BRACKET.sub(lambda match: f"{match.group()[:-1]}\\[", line)
    return f"\\{line}" if line.lstrip().startswith("::") else line


def terminal_lines(text: str) -> list[str]:
    """Each line of a picture or a script for a terminal; a tab is four blanks."""
    return [terminal(line.replace("\t", "    ")) for line in text.split("\n")]


def terminal_block(text: str) -> str:
    """``terminal_lines``, joined again."""
    return "\n".join(terminal_lines(text))


def width(text: str) -> int:
    """How many terminal cells a visible text takes: 2 for wide characters, 0 for combining marks.

    Source: Unicode Standard Annex 11 (East Asian width).
    """
    if text.isascii():
        return len(text)
    return sum(map(character_width, text))


def character_width(character: str) -> int:
    """0, 1 or 2 terminal cells."""
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def clip(text: str, limit: int = 400) -> str:
    """The text, or its beginning and end with ``...`` between when it has more than ``limit`` characters."""
    if len(text) <= limit:
        return text
    tail = limit // 4
    return f"{text[: limit - tail - 3]}...{text[-tail:]}"


def json_text(document: str) -> str:
    """A JSON document with the second of two ``#`` in a string written as an escape: the same values, no command."""
    return document.replace("##", "#\\u0023")


def html(text: str) -> str:
    """For HTML text and quoted attributes."""
    return _escape_html(visible(text), quote=True)


_MARKDOWN = str.maketrans(
    {character: f"\\{character}" for character in "\\`*_{}[]()+-.!|~$^=:/"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "@": "@<!-- -->", "#": "\\#<!-- -->"}
)


def markdown(text: str) -> str:
    """For Markdown text and table cells: shown as it stands, never mark-up, a link, a mention or a table's border.

    The empty comments keep ``@name`` and ``#1`` apart, which some services make links of after they have read the page.
    """
    return visible(text).translate(_MARKDOWN)


def markdown_code(text: str) -> str:
    """A code span of one line, safe in a table cell: every special character is an HTML entity inside ``<code>``."""
    special = "\\`*_{}[]()#+-.!|~$^=:@/&<>\"'"
    return f"<code>{''.join(f'&#{ord(c)};' if c in special else c for c in visible(text))}</code>"


def markdown_block(text: str, language: str = "") -> str:
    """A fenced code block whose fence is longer than every run of backquotes in the text."""
    body = terminal_block(text)
    longest = run = 0
    for character in body:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def xml(text: str) -> str:
    """For an XML writer, which escapes mark-up itself: what is left is legal in XML 1.0; line breaks and tabs stay."""
    return "\n".join("\t".join(map(visible, inert(line).split("\t"))) for line in text.split("\n"))


def workflow_message(text: str) -> str:
    """For the message of a workflow command (``::error …::MESSAGE``)."""
    return terminal_block(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """For a property of a workflow command (``::error file=PROPERTY::…``)."""
    return workflow_message(text).replace(":", "%3A").replace(",", "%2C")
