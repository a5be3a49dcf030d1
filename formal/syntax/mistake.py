"""From the place where the parser stops to a sentence that helps: the only reader of Lark's errors."""

from __future__ import annotations

from collections.abc import Sequence, Set
from difflib import get_close_matches

from formal.syntax.keyword import CHECKS, CLAUSES, DECLARATIONS
from formal.syntax.limit import describe_character
from formal.syntax.spelling import spell
from formal.syntax.word import CLOSING, END, OPENING, UNRECOGNISED, Word
from formal.text import Code, Diagnostic, Label, Span

_RESERVED = frozenset(["AND", "OR", "NOT", "IMPLIES", "IFF", "FORALL", "EXISTS", "EXISTS_UNIQUE", "IN"])
_COMPARISONS = frozenset({"EQUAL", "NOT_EQUAL", "AT_MOST", "AT_LEAST", "LESS", "GREATER"})
_CONNECTIVES = frozenset({"AND", "OR", "IMPLIES", "IFF"})
_TERM_OPERATORS = frozenset({"THEN", "AFTER", "PLUS", "MINUS", "STAR", "SLASH", "CARET", "SCOPE", "LPAR"})
_OPERAND_WORDS = frozenset(
    ["NAME", "INTEGER", "STRING", "STAR", "RATIONAL", "MINUS", "LPAR", "LBRACE", "LBRACKET", "POSET", "MONOID"]
)
_FORMULA_WORDS = frozenset({"NOT", "FORALL", "EXISTS", "EXISTS_UNIQUE"})
_PARAMETERS = frozenset(
    ["CATEGORY", "OBJECT", "ARROW_WORD", "ELEMENT", "FUNCTOR", "PRESHEAF", "COPRESHEAF", "TRANSFORMATION", "FAMILY"]
)
_UNIVERSAL = frozenset(
    [
        *("ADJUNCTION", "LIMIT", "COLIMIT"),
        *("LEFT_KAN", "RIGHT_KAN", "POINTWISE_LEFT_KAN", "POINTWISE_RIGHT_KAN"),
    ]
)
_ROLES = frozenset(["UNIT", "COUNIT", "TRANSPOSE", "INVERSE", "CONE", "COCONE"])
_BEFORE_NAME = DECLARATIONS | _UNIVERSAL | _ROLES | {"LET", "OBTAIN", "ISOMORPHISM"}
_ARROWS = frozenset({"ARROW", "DOUBLE_ARROW", "MAPSTO"})
_CLOSER = {"LPAR": "RPAR", "LBRACE": "RBRACE", "LBRACKET": "RBRACKET"}

_BLOCKS = (("a theorem", CLAUSES), ("a cross-check", CHECKS))

_AFTER_NAME = {
    "CLAIM": "`:` and a formula after the claim's name",
    "CATEGORY": "`{` or `=` after the category's name",
    "FUNCTOR": "`:` with domain and codomain, or `=`, after the functor's name",
    "PRESHEAF": "`on` and a category after the presheaf's name",
    "COPRESHEAF": "`on` and a category after the copresheaf's name",
    "TRANSFORMATION": "`:` with domain and codomain, or `=`, after the transformation's name",
    "FAMILY": "`:` with domain and codomain, or `=`, after the family's name",
    "DEFINE": "`(` and the parameters after the definition's name",
    "THEOREM": "`{` and the clauses after the theorem's name",
    "LET": "`:=` and a value, or `:` with domain and codomain, after the name",
    "MODEL": "`from` and a quoted file name after the model's name",
    "RELATION": "`on` and the objects, or `=`, after the relation's name",
    "PROFUNCTOR": "`from` and `to` with the objects, or `=`, after the profunctor's name",
    "WEIGHT": "`on` and a relation after the weight's name",
    "COWEIGHT": "`on` and a relation after the coweight's name",
    "PARAMETER": "`in` and an interval such as `[0, 1]` after the parameter's name",
    "CROSSCHECK": "`{` and the clauses, or `for` or `over` and a variable, after the cross-check's name",
}
_AFTER_WORD = {
    "IMPORT": "a quoted file name after `import`",
    "FROM": "a quoted file name after `from`",
    "EXPECT": "`proved`, `refuted` or `unknown` after `expect`",
    "ACCEPT": "a finding such as `redundant(NAME)` after `accept`",
    "CARET": "a whole number after `^`",
    "BY": "the name of a theorem, or words in quotes, after `by`",
    "BECAUSE": "a reason in quotes after `because`",
    "DISAGREES": "`because` and a reason in quotes after `disagrees`",
    "NOT_COMPARABLE": "`because` and a reason in quotes after `not_comparable`",
}
_INSTEAD = {
    ";": "statements need no terminators",
    "&": "conjunction is written `and`",
    "|": "disjunction is written `or`",
    "!": "negation is written `not`",
    "~": "negation is written `not`",
    "×": "products are written `*`",
    "'": 'labels are quoted like this: `"label"`',
}


def diagnose(words: Sequence[Word], first: int, index: int, accepted: Set[str]) -> Diagnostic:
    """What is wrong with a word that the parser has no place for.

    Args:
        words: all words of the text.
        first: where the parse began.
        index: the word that does not fit.
        accepted: the terminals that would fit there.
    """
    word = words[index]
    before = words[index - 1] if index > first else None
    opener = _open_bracket(words[first:index])
    if word.type == UNRECOGNISED:
        return _foreign(words, index)
    if word.type in CLOSING and opener is None:
        return _error(f"`{word.text}` closes nothing", word.span)
    if opener is not None and (word.type in CLOSING or word.type == END or word.type in DECLARATIONS):
        closer = _CLOSER[opener.type]
        if word.type != closer:
            here = _place(word, before)
            return _error(f"expected {_wanted(accepted, closer)}, found {_describe(word)}", here, opened=opener)
    if opener is not None and opener.type == "LPAR" and word.type in CLAUSES:
        return _error(f"expected {_wanted(accepted, 'RPAR')}, found {_describe(word)}", word.span, opened=opener)
    if word.type in _COMPARISONS:
        if before is not None and before.type == "EQUAL" and before.end == word.start:
            return _error("equality is written `=`", before.span.to(word.span))
        if "AND" in accepted:
            return _error(
                "the result of a comparison cannot be compared again",
                word.span,
                help="join two comparisons with `and`, or put one into parentheses",
            )
    if word.text == "within" and "AND" in accepted:
        return _error("`within` belongs to an equation", word.span, help="write `a = b within e`, or `a <= e`")
    if word.type in ("THEN", "AFTER") and accepted & {"THEN", "AFTER"}:
        return _error(
            "`>>` and `∘` read in opposite directions",
            word.span,
            help="use one of them throughout, or parentheses",
        )
    if word.type == "CARET" and before is not None and before.type == "INTEGER":
        return _error("a power cannot be raised again", word.span, help="put the first power into parentheses")
    if word.type in _RESERVED and "NAME" in accepted and not accepted & _FORMULA_WORDS:
        return _error(f"expected a name, found the reserved word `{word.text}`", word.span)
    if "IMPORT" in accepted and (before is None or before.type == "RBRACE") and word.type == "NAME":
        where = [name for name, known in _BLOCKS if word.text in map(spell, known)]
        meant = f"clauses stand within the braces of {where[0]}" if where else _similar(word, DECLARATIONS)
        return _error(f"expected a declaration, found {_describe(word)}", word.span, help=meant)
    for _, clauses in _BLOCKS:
        if accepted >= clauses and word.type == "NAME" and "NAME" not in accepted:
            slot = _slot(words, first, index, accepted)
            return _error(f"expected {slot}, found {_describe(word)}", word.span, help=_similar(word, clauses))
    return _error(f"expected {_slot(words, first, index, accepted)}, found {_describe(word)}", _place(word, before))


def _error(message: str, span: Span, *, help: str = "", opened: Word | None = None) -> Diagnostic:  # noqa: A002
    secondary = () if opened is None else (Label(opened.span, f"this `{opened.text}` is not closed"),)
    return Diagnostic(Code.SYNTAX, message, Label(span), secondary, (help,) if help else ())


def _place(word: Word, before: Word | None) -> Span:
    """The word; the end of the last word where the text ends, as that is where something is missing."""
    if word.type != END:
        return word.span
    return Span(word.source, before.end, before.end) if before is not None else Span(word.source, 0, 0)


def _open_bracket(words: Sequence[Word]) -> Word | None:
    """The innermost bracket that is still open."""
    opened: list[Word] = []
    for word in words:
        if word.type in OPENING:
            opened.append(word)
        elif word.type in CLOSING and opened:
            opened.pop()
    return opened[-1] if opened else None


def _foreign(words: Sequence[Word], index: int) -> Diagnostic:
    """Characters that begin no word of the language, up to the next blank or word."""
    word = words[index]
    end = word.end
    for following in words[index + 1 :]:
        if following.type != UNRECOGNISED or following.start != end:
            break
        end = following.end
    span = Span(word.source, word.start, end)
    if word.text == '"':
        return _error("the quoted label does not end on its line", span)
    shown = f"`{word.text}`" if word.text.isascii() else describe_character(word.text)
    return _error(f"{shown} is no part of the language", span, help=_INSTEAD.get(word.text, ""))


def _describe(word: Word) -> str:
    return "the end of the text" if word.type == END else f"`{word.text}`"


def _similar(word: Word, keywords: Set[str]) -> str:
    """A keyword that may have been meant."""
    close = get_close_matches(word.text, sorted(spell(keyword) for keyword in keywords), n=1)
    return f"did you mean `{close[0]}`?" if close else ""


def _slot(words: Sequence[Word], first: int, index: int, accepted: Set[str]) -> str:
    """What is missing, said by its role where the words before tell it."""
    before = words[index - 1].type if index > first else ""
    earlier = words[index - 2].type if index > first + 1 else ""
    if before == "FROM" and "NAME" in accepted:
        return "the name of a hypothesis, or `universal(…)`, after `from`"
    if before == "EXPECT" and "AGREES" in accepted:
        return "`agrees`, `disagrees because` or `not_comparable because` after `expect`"
    if before in _AFTER_WORD:
        return _AFTER_WORD[before]
    if before in _BEFORE_NAME and "NAME" in accepted:
        return f"a name after `{words[index - 1].text}`"
    if before == "NAME" and earlier in _AFTER_NAME and "COMMA" not in accepted:
        return _AFTER_NAME[earlier]
    if accepted == {"COLON"} and earlier == "COMMA" and words[index].type in ("COMMA", "RPAR"):
        return "`:` and a value, as arguments without a keyword come first"
    if words[index].type in _ARROWS and accepted & _ARROWS:
        return _summary(accepted & _ARROWS)
    if "DOT" in accepted:
        return "`.` and a formula after the quantifier's variables"
    return _summary(accepted)


def _wanted(accepted: Set[str], closer: str) -> str:
    """The bracket that closes where it fits, else what has to come first."""
    return f"`{spell(closer)}`" if closer in accepted else _summary(accepted)


def _summary(accepted: Set[str]) -> str:
    """What fits, in a few words: kinds of phrases instead of the words they begin with."""
    rest = set(accepted)
    phrases: list[str] = []
    if {"OBJECT", "ELEMENT"} <= rest:
        phrases.append(f"{'something given' if rest & _UNIVERSAL else 'a parameter'} such as `object X in C`")
        rest -= _PARAMETERS | _UNIVERSAL | _ROLES | {"ISOMORPHISM"}
    elif rest >= DECLARATIONS:
        phrases.append("the next declaration" if "AND" in rest or "THEN" in rest else "a declaration")
        rest -= DECLARATIONS
    for _, clauses in _BLOCKS:
        if rest >= clauses:
            phrases.append("the next clause")
            rest -= clauses
    if "NAME" in rest:
        phrases.insert(0, _operand(rest))
        rest -= _OPERAND_WORDS | _FORMULA_WORDS | {"IN"}
    elif "AND" in rest or rest & _TERM_OPERATORS - {"LPAR"}:
        phrases.insert(0, "an operator")
        rest -= _TERM_OPERATORS | _CONNECTIVES
        if "AND" in accepted:
            rest -= _COMPARISONS | {"WITHIN"}
    rest.discard(END)
    parts = [*sorted(_spelled(terminal) for terminal in rest), *phrases]
    return " or ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _operand(accepted: Set[str]) -> str:
    """What a name may begin here."""
    if "MINUS" in accepted and "RPAR" in accepted:
        return "an argument"
    if "RATIONAL" in accepted:
        return "a formula" if "FORALL" in accepted else "a term"
    if "STAR" in accepted:
        return "an element"
    return "an object" if "INTEGER" in accepted else "a name"


def _spelled(terminal: str) -> str:
    names = {"INTEGER": "a whole number", "STRING": "a quoted label", "RATIONAL": "a number"}
    return names.get(terminal) or f"`{spell(terminal)}`"
