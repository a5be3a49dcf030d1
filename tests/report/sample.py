"""Results as a run would give them, for the formats to show."""

from __future__ import annotations

from dataclasses import replace

from formal.text import Code, Diagnostic, Label, Severity, Source, Span
from formal.verdict.result import ClaimResult, Explanation, FileResult, Line, Outcome, Trouble

SOURCE = Source(
    "proofs/square.cat",
    """category Square = poset(a < b < d, a < c < d)
presheaf Label on Square {
  a |-> {cat, dog}, b |-> {tom}, c |-> {rex}, d |-> {},
  (a -> b) |-> {tom |-> cat}, (a -> c) |-> {rex |-> dog}
}
## Both ways around the square are the same.
claim commutes: (a -> b) >> (b -> d) = (a -> c) >> (c -> d)
claim no_single_prompt: representable(Label) expect refuted
claim everything_is_rex: forall X in Square. exists t in Label(X). t = t
claim slow: has(Square, limits)
claim strange: thin(Square)
""",
)


def span(word: str, source: Source = SOURCE) -> Span:
    start = source.text.index(word)
    return Span(source, start, start + len(word))


def claim(name: str, **changes: object) -> ClaimResult:
    result = ClaimResult(
        name=name,
        file=SOURCE.name,
        span=span(name) if name in SOURCE.text else Span(SOURCE, 0, 8),
        doc="",
        statement="a = a",
        expected=Outcome.PROVED,
        outcome=Outcome.PROVED,
        certified=True,
        claim_digest="c" * 64,
        certificate_digest="d" * 64,
        resources=(("nodes", 12),),
        seconds=0.0025,
    )
    return replace(result, **changes)  # type: ignore[arg-type]


COMMUTES = claim(
    "commutes",
    doc="Both ways around the square are the same.",
    statement="(a -> b) >> (b -> d) = (a -> c) >> (c -> d)",
    explanation=Explanation("both sides are the arrow `a <= d`"),
)
NO_SINGLE_PROMPT = claim(
    "no_single_prompt",
    statement="representable(Label)",
    expected=Outcome.REFUTED,
    outcome=Outcome.REFUTED,
    explanation=Explanation(
        "no element of Label generates it",
        (Line(0, "u = tom in Label(b): misses `rex` in Label(c)"), Line(1, "no arrow c -> b"), Line(0, "u = rex …")),
        "a ──▶ b\n│     │\n▼     ▼\nc ──▶ d",
        "category Square = poset(a < b < d, a < c < d)\nclaim again: thin(Square)",
    ),
)
WRONG = claim(
    "everything_is_rex",
    statement="forall X in Square. exists t in Label(X). t = t",
    outcome=Outcome.REFUTED,
    explanation=Explanation("fails at X = d: Label(d) has no element", (Line(0, "X = d"),)),
)
SLOW = claim(
    "slow", outcome=Outcome.UNKNOWN, engine="smt", reason="the solver's memory limit was reached", certified=False
)
STRANGE = claim("strange", trouble=Trouble.KERNEL_REJECTED, reason="step 3: not a functor", certified=False)
BARE = claim("thin", certified=False, engine="smt", cached=True)
ERROR = Diagnostic(
    Code.NO_SUCH_ELEMENT,
    "`rex` is not an element of `Label(b)`",
    Label(span("rex |->"), "expected one of `tom`"),
    (Label(span("{tom}"), "declared here"),),
    help=("write `tom`",),
    notes=("Label(b) = {tom}",),
)
WARNING = Diagnostic(Code.CONFUSABLE_NAME, "`а` looks like `a`", Label(span("d |->"), ""), severity=Severity.WARNING)
UNREADABLE = Diagnostic(Code.UNREADABLE_FILE, "`gone.cat` cannot be read", None)

GOOD = FileResult(SOURCE.name, (), (COMMUTES, NO_SINGLE_PROMPT))
MIXED = FileResult(SOURCE.name, (WARNING,), (COMMUTES, NO_SINGLE_PROMPT, WRONG, SLOW, STRANGE, BARE))
BROKEN = FileResult("proofs/broken.cat", (ERROR, UNREADABLE), ())
CRASHED = FileResult("proofs/crash.cat", crashed="the process that checked this file died (exit status -9)")
FILES = (GOOD, MIXED, BROKEN, CRASHED)

HOSTILE = (
    "[bold]PROVED[/] \x1b[2J\x1b]0;x\x07 \u202eevil\u2066 ::error::x %0A::error::y\n"
    "::error file=z::forged\r##[error]q <b>&\"' | `a` ]]> --> @name #1 \ud800 \ufffe \x00"
)


def hostile_file() -> FileResult:
    source = Source(HOSTILE, HOSTILE)
    where = Span(source, 0, len(HOSTILE))
    found = ClaimResult(
        name=HOSTILE,
        file=HOSTILE,
        span=where,
        doc=HOSTILE,
        statement=HOSTILE,
        expected=Outcome.PROVED,
        outcome=Outcome.REFUTED,
        reason=HOSTILE,
        engine=HOSTILE,
        solver=HOSTILE,
        explanation=Explanation(HOSTILE, (Line(0, HOSTILE), Line(3, HOSTILE)), HOSTILE, HOSTILE),
    )
    trouble = Diagnostic(Code.SYNTAX, HOSTILE, Label(where, HOSTILE), (Label(where, HOSTILE),), (HOSTILE,), (HOSTILE,))
    return FileResult(HOSTILE, (trouble,), (found, replace(found, outcome=Outcome.UNKNOWN)), HOSTILE)
