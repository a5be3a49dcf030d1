"""Names that look like other names: letters of ASCII and of Greek that are drawn alike.

Two names are confusable when their skeletons are equal; a name is confusing by itself when it mixes Latin letters
with Greek ones that look Latin, such as the omicron in ``lοss``. Letters that mathematicians tell apart (α and a,
ρ and p) are not held to be alike.

Source: Unicode Technical Standard 39, "Unicode Security Mechanisms", sections 4 and 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from formal.syntax.word import Word
from formal.text import Code, Diagnostic, Label, Span

_LATIN_TWIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧνου", "ABEZHIKMNOPTYXvou", strict=True))
_GREEK_TWIN = dict(zip("ϑϕϖϰϱϵ", "θφπκρε", strict=True))
_SKELETON = str.maketrans(_LATIN_TWIN | _GREEK_TWIN)
_LOOKS_LATIN = re.compile(f"[{''.join(_LATIN_TWIN)}]")
_LATIN = re.compile("[A-Za-z]")


def skeleton(name: str) -> str:
    """The name with every letter replaced by the one that stands for all its look-alikes."""
    return name.translate(_SKELETON)


def _impostor(word: Word) -> Span | None:
    """The first Greek letter that looks Latin next to Latin letters; ``_`` and digits separate letters."""
    if word.text.isascii():
        return None
    for part in re.finditer(r"[^\W\d_]+", word.text):
        letter = _LOOKS_LATIN.search(part.group())
        if letter and _LATIN.search(part.group()):
            start = word.start + part.start() + letter.start()
            return Span(word.source, start, start + 1)
    return None


def confusable_names(words: Iterable[Word]) -> Iterator[Diagnostic]:
    """One diagnostic for every name that looks like an earlier one, and for every name that mixes alphabets."""
    first: dict[str, Word] = {}
    seen: set[str] = set()
    for word in words:
        if word.type != "NAME" or word.text in seen:
            continue
        seen.add(word.text)
        impostor = _impostor(word)
        if impostor is not None:
            yield Diagnostic(
                Code.CONFUSABLE_NAME,
                f"`{word.text}` mixes Latin letters with a Greek one that looks Latin",
                Label(word.span),
                (Label(impostor, f"Greek, drawn like the Latin `{_LATIN_TWIN[impostor.text]}`"),),
            )
            continue
        other = first.setdefault(skeleton(word.text), word)
        if other is not word:
            yield Diagnostic(
                Code.CONFUSABLE_NAME,
                f"`{word.text}` looks like another name but has different letters",
                Label(word.span),
                (Label(other.span, "the other name"),),
                help=("spell both with the same letters, or rename one",),
            )
