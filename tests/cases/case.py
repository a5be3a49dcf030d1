"""Cases: scripts whose path says what must happen to them, `tests/cases/STAGE/{ok,err}/NAME.cat`.

A marker `# error[code]` or `# warning[code]` names a diagnostic whose primary label begins on the marker's line;
several of them on a line stand for several diagnostics, and there may be no others.
`NAME.expected` is the whole output.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from formal.elaborate.module import Loader
from formal.report.diagnostic import render_plain
from formal.statement.elaborate import elaborate
from formal.syntax.parser import parse
from formal.text import Diagnostic, Rejection, Source
from formal.verify.options import Options
from formal.verify.run import check_text

FOLDER = Path(__file__).parent
_MARKER = re.compile(r"(?:error|warning)\[[a-z-]+\]")
_MARKERS = re.compile(rf"#\s*({_MARKER.pattern}(?:\s+{_MARKER.pattern})*)\s*$")


def _read(path: Path) -> tuple[Diagnostic, ...]:
    try:
        parse(Source(path.name, path.read_text(encoding="utf-8", errors="surrogatepass")))
    except Rejection as rejection:
        return rejection.diagnostics
    return ()


def _elaborate(path: Path) -> tuple[Diagnostic, ...]:
    return Loader(path.parent.parent).load(path).diagnostics


def _state(path: Path) -> tuple[Diagnostic, ...]:
    script = Loader(path.parent.parent).load(path)
    found = list(script.diagnostics)
    for theorem in script.theorems:
        try:
            elaborate(theorem, script.module, path.name)
        except Rejection as rejection:
            found += rejection.diagnostics
    return tuple(found)


def _verify(path: Path) -> tuple[Diagnostic, ...]:
    root = path.parent.parent
    name = path.relative_to(root).as_posix()
    return check_text(path.read_text(encoding="utf-8"), Options(cache=False), name=name, root=root).diagnostics


STAGES: dict[str, Callable[[Path], tuple[Diagnostic, ...]]] = {
    "syntax": _read,
    "elaborate": _elaborate,
    "statement": _state,
    "verify": _verify,
}
"""What each stage says of a script."""


def cases(outcome: str) -> list[Path]:
    """All scripts that must come out so: `ok` or `err`."""
    return [path for stage in STAGES for path in sorted((FOLDER / stage / outcome).glob("*.cat"))]


def run(path: Path) -> tuple[Diagnostic, ...]:
    """What the stage that the path names says of the script."""
    return STAGES[path.parent.parent.name](path)


def marked(path: Path) -> Counter[tuple[int, str]]:
    """The lines and codes that the script marks."""
    lines = path.read_text(encoding="utf-8", errors="surrogatepass").split("\n")
    return Counter(
        (number, marker)
        for number, line in enumerate(lines, start=1)
        if (found := _MARKERS.search(line))
        for marker in _MARKER.findall(found.group(1))
    )


def reported(diagnostics: Iterable[Diagnostic]) -> Counter[tuple[int, str]]:
    """The lines and codes of the diagnostics; line 0 for one without a place."""
    return Counter(
        (
            span.source.position(span.start)[0] if (span := diagnostic.primary and diagnostic.primary.span) else 0,
            f"{diagnostic.severity}[{diagnostic.code}]",
        )
        for diagnostic in diagnostics
    )


def output(diagnostics: Iterable[Diagnostic]) -> str:
    """All diagnostics as a person reads them."""
    return "\n".join(f"{render_plain(diagnostic)}\n" for diagnostic in diagnostics)


def promote() -> None:
    """Write what is said now as what is expected."""
    for path in cases("err"):
        path.with_suffix(".expected").write_text(output(run(path)), encoding="utf-8")


if __name__ == "__main__":
    promote()
