"""From a source to its syntax tree, or to every syntax error in it.

Lark's LALR(1) tables drive the parse. Which words are keywords is decided word by word, from the parser's state
(see the head of the grammar). After an error the parse goes on at the next line that begins a declaration, or, in a
theorem or cross-check, a clause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, cast

from formal.syntax import ast
from formal.syntax.confusable import confusable_names
from formal.syntax.keyword import CLAUSES_OF, begins_clause, begins_declaration, is_keyword, may_begin_clause
from formal.syntax.limit import (
    MAX_DEPTH,
    MAX_DIAGNOSTICS,
    file_too_large,
    forbidden_characters,
    names_too_long,
    nesting_too_deep,
)
from formal.syntax.mistake import diagnose
from formal.syntax.tree import levels
from formal.syntax.word import Word, documentation, split
from formal.text import Diagnostic, Rejection, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Reading:
    """A text without errors: the syntax tree, the words, each with its terminal, and the comments between them."""

    tree: Any
    words: list[Word]
    comments: tuple[ast.Comment, ...]


def parse(source: Source) -> ast.Script:
    """Read a script.

    Returns:
        its syntax tree; a ``##`` comment above a declaration is the declaration's ``doc``.
    Raises:
        Rejection: with all errors of the text, at most ``MAX_DIAGNOSTICS``, in the order of the text.
    """
    reading = read(source, "script")
    docs = documentation(reading.comments, source)
    declarations = cast("tuple[ast.Declaration, ...]", reading.tree)
    return ast.Script(source, tuple(_documented(node, docs) for node in declarations), reading.comments)


def parse_expression(source: Source) -> ast.Expr:
    """Read a text that is one term or one formula; raises as ``parse`` does."""
    return cast(ast.Expr, read(source, "expression").tree)


def read(source: Source, start: str) -> Reading:
    """Read a text by one of the start symbols of the grammar; raises as ``parse`` does."""
    from formal.syntax.grammar import vocabulary

    _reject(file_too_large(source))
    words, comments = split(source, vocabulary())
    _reject(names_too_long(words))
    forbidden = list(islice(forbidden_characters(source), MAX_DIAGNOSTICS))
    tree, errors = _run(words, start)
    errors = [error for error in errors if not any(_overlap(error, other) for other in forbidden)]
    found = [*forbidden, *islice(chain(confusable_names(words), errors), MAX_DIAGNOSTICS)]
    _reject(sorted(found, key=_place))
    _reject(_too_deep(tree))
    return Reading(tree, words, comments)


def _reject(diagnostics: Iterable[Diagnostic]) -> None:
    found = tuple(islice(diagnostics, MAX_DIAGNOSTICS))
    if found:
        raise Rejection(found)


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.primary.span.start if diagnostic.primary else 0


def _overlap(left: Diagnostic, right: Diagnostic) -> bool:
    if left.primary is None or right.primary is None:
        return False
    return left.primary.span.start < right.primary.span.end and right.primary.span.start < left.primary.span.end


def _run(words: list[Word], start: str) -> tuple[Any, list[Diagnostic]]:
    """The tree, or the errors met: one for each stretch between the error before and the next declaration or clause."""
    from formal.syntax.grammar import vocabulary

    keywords = vocabulary().keywords
    errors: list[Diagnostic] = []
    first = 0
    while True:
        tree, index, accepted = _feed(words, first, start, keywords)
        if index is None:
            return (None if errors else tree), errors
        errors.append(diagnose(words, first, index, accepted))
        header = _open_block(words, first, index)
        clauses = CLAUSES_OF[header[0].type] if header else frozenset()
        first = max(index, first + 1)
        last = len(words) - 1
        while first < last and not (
            begins_declaration(words, first, keywords) or (header and may_begin_clause(words, first, keywords, clauses))
        ):
            first += 1
        if first >= last or start != "script" or len(errors) == MAX_DIAGNOSTICS:
            return None, errors
        if header and not begins_declaration(words, first, keywords):
            words = [*header, *words[first:]]
            first = 0


def _open_block(words: list[Word], first: int, index: int) -> list[Word]:
    """The words ``theorem NAME {`` that a word lies behind, if their brace is still open there; else nothing.

    For a cross-check there is more between its name and its brace.
    """
    depth = most = 0
    opening = index
    for place in range(index - 1, first - 1, -1):
        kind = words[place].type
        depth += (kind == "LBRACE") - (kind == "RBRACE")
        if depth > most:
            most, opening = depth, place
        if kind in CLAUSES_OF:
            return words[place : opening + 1] if depth > 0 else []
    return []


def _feed(
    words: list[Word], first: int, start: str, keywords: dict[str, str]
) -> tuple[Any, int | None, frozenset[str]]:
    """Give the words from the first on to the parser, each with its terminal.

    Returns:
        the tree; or the index of the word that does not fit, and the terminals that would have fitted there.
    """
    from lark import UnexpectedToken

    from formal.syntax.grammar import lark

    parser: Any = lark().parse_interactive("", start=start)
    has_place_for = partial(_has_place_for, parser)
    tree: Any = None
    clauses: frozenset[str] = frozenset()  # of the theorem or cross-check that the words belong to
    depth = 0  # of braces, in its block
    for index in range(first, len(words)):
        word = words[index]
        is_spelled = word.type == "NAME" and word.text in keywords
        if is_spelled and (
            is_keyword(words, index, keywords, has_place_for)
            or begins_declaration(words, index, keywords)
            or (depth and begins_clause(words, index, keywords, clauses))
        ):
            word.type = keywords[word.text]
        if word.type in CLAUSES_OF:
            clauses, depth = CLAUSES_OF[word.type], 0
        elif depth or (clauses and word.type == "LBRACE" and words[index - 1].type != "IN"):
            depth += (word.type == "LBRACE") - (word.type == "RBRACE")
            clauses = clauses if depth else frozenset()
        try:
            tree = parser.feed_token(word)
        except UnexpectedToken:
            return None, index, frozenset(parser.accepts())
    return tree, None, frozenset()


def _has_place_for(parser: Any, terminal: str) -> bool:
    """Whether the parser, perhaps after reductions, shifts a terminal.

    The entry of a state alone does not tell: reductions are also entered for what may follow in other places.
    """
    table = parser.parser_state.parse_conf.states
    stack = parser.parser_state.state_stack
    height = len(stack)  # what reductions leave of the stack; it may be long, so it is not copied
    pushed: list[int] = []
    while (action := table[pushed[-1] if pushed else stack[height - 1]].get(terminal)) is not None:
        _, target = action
        if isinstance(target, int):
            return True
        popped = len(target.expansion)
        height -= max(0, popped - len(pushed))
        del pushed[max(0, len(pushed) - popped) :]
        _, state = table[pushed[-1] if pushed else stack[height - 1]][target.origin.name]
        pushed.append(state)
    return False


def _too_deep(tree: Any) -> Iterator[Diagnostic]:
    """The outermost part of each declaration that lies too deep."""
    for node in tree if isinstance(tree, tuple) else (tree,):
        span: Span = node.span
        if span.end - span.start > MAX_DEPTH:
            yield from (nesting_too_deep(part) for part in islice(_deep(node), 1))


def _deep(node: Any) -> Iterator[Span]:
    return (span for span, level in levels(node) if level > MAX_DEPTH)


def _documented(node: ast.Declaration, docs: dict[int, str]) -> ast.Declaration:
    """The declaration with the comment above it, if it is the first thing on its line."""
    if not docs or isinstance(node, ast.ImportDecl):
        return node
    source = node.span.source
    line, column = source.position(node.span.start)
    if line not in docs or source.line(line)[: column - 1].strip():
        return node
    return replace(node, doc=docs[line])
