"""What a run found: outcomes of claims, files, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from formal.text import Diagnostic, Severity, Span


class Outcome(StrEnum):
    """What is known of a claim. Only ``PROVED`` and ``REFUTED`` are decided."""

    PROVED = "proved"
    REFUTED = "refuted"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """What must never turn green, whatever was expected."""

    KERNEL_REJECTED = "kernel-rejected"
    ENGINES_DISAGREE = "engines-disagree"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: indentation depth, and text (not yet escaped for any sink)."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the outcome holds, for a person.

    Args:
        summary: one sentence, such as ``no element of Label generates it: b misses dog``.
        lines: the witness or the counter-example, step by step.
        drawing: a picture in plain text of the diagram or the category involved; may be empty.
        script: a proof script that reproduces the finding by itself; may be empty.
    """

    summary: str
    lines: tuple[Line, ...] = ()
    drawing: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One certificate of several that a verdict rests on.

    Args:
        name: of the obligation, or of the claim about the counter-model.
        verdict: what the kernel reads in it: ``proved`` or ``refuted``.
        claim, certificate: the bytes; digests are sha256, in hexadecimal.
    """

    name: str
    verdict: str
    claim: bytes
    certificate: bytes
    claim_digest: str
    certificate_digest: str


@dataclass(frozen=True, slots=True)
class ObligationResult:
    """The verdict on one obligation of a theorem.

    Args:
        name: unique in the theorem.
        purpose: ``show``, ``have``, ``naturality``, …
        statement: what has to be proved, in the user's notation.
        engine: the configuration that proved it, or ``search``.
        instances: how many instances of laws and hypotheses the proof has.
    """

    name: str
    purpose: str
    span: Span
    statement: str
    outcome: Outcome
    reason: str = ""
    trouble: Trouble | None = None
    engine: str = ""
    certified: bool = False
    instances: int = 0
    resources: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    cached: bool = False


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One question that an audit asks of a statement, and what is known.

    Args:
        question: in words, such as ``hypothesis needed``.
        subject: what it is about, such as the name of a hypothesis; empty for all of it.
        answer: in a word or two.
        evidence: the size of a model, the number of instances of a proof, how far a search went.
        span: the clause in question.
        script: declares the model that the answer rests on, and was replayed; empty where there is none.
    """

    question: str
    subject: str
    answer: str
    evidence: str
    span: Span
    script: str = ""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The verdict on one claim or theorem.

    Args:
        name: the claim's name; ``file`` the script's path as shown.
        span: of the claim's name in the source.
        doc: its doc comment.
        statement: the formula as the author wrote it, on one line.
        expected: the outcome that the script expects.
        outcome: what was found.
        reason: for an undecided outcome, why (time, memory, budget); for a trouble, what happened.
        engine: who decided: ``direct``, ``smt``, ``direct+smt``.
        certified: the kernel accepted the certificate; False is shown as "decided, no certificate".
        claim, certificate: what the kernel read; empty when there is none.
        claim_digest, certificate_digest: sha256 of these, in hexadecimal.
        resources: solver resource units and the like, deterministic.
        seconds: wall time of deciding and re-checking.
        cached: the verdict came from the cache, its certificate re-checked now.
        imported: the claim stands in an imported file.
        obligations: for a theorem, the verdicts on what it consists of, in source order; empty for a claim.
        parts: for a theorem, the certificates that its verdict rests on, in place of ``claim`` and ``certificate``.
        audit: what an audit found, when there was one.
    """

    name: str
    file: str
    span: Span
    doc: str
    statement: str
    expected: Outcome
    outcome: Outcome
    reason: str = ""
    trouble: Trouble | None = None
    engine: str = "direct"
    certified: bool = False
    claim: bytes = b""
    certificate: bytes = b""
    claim_digest: str = ""
    certificate_digest: str = ""
    explanation: Explanation = field(default_factory=lambda: Explanation(""))
    resources: tuple[tuple[str, int], ...] = ()
    solver: str = ""
    seconds: float = 0.0
    cached: bool = False
    imported: bool = False
    obligations: tuple[ObligationResult, ...] = ()
    parts: tuple[Part, ...] = ()
    audit: tuple[AuditRow, ...] = ()

    @property
    def is_theorem(self) -> bool:
        """Whether it is the verdict on a theorem."""
        return bool(self.obligations)

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is what the script expects, with no trouble."""
        if self.trouble is not None:
            return False
        if self.expected is Outcome.UNKNOWN:
            return self.outcome in (Outcome.UNKNOWN, Outcome.BOUNDED)
        return self.outcome is self.expected


@dataclass(frozen=True, slots=True)
class FileResult:
    """One script: what is wrong with it, and the verdicts on its claims, in source order.

    Args:
        crashed: what happened when the process that checked the file died; empty otherwise.
        findings: what an audit says of statements that are in order as far as the language goes.
        dropped: how many of its claims and theorems could not be decided because something is wrong with them.
    """

    file: str
    diagnostics: tuple[Diagnostic, ...] = ()
    claims: tuple[ClaimResult, ...] = ()
    crashed: str = ""
    findings: tuple[Diagnostic, ...] = ()
    dropped: int = 0

    @property
    def messages(self) -> tuple[Diagnostic, ...]:
        """All that there is to say beside the verdicts."""
        return self.diagnostics + self.findings


class ExitCode(IntEnum):
    """What the process answers."""

    AS_EXPECTED = 0
    NOT_AS_EXPECTED = 1
    BAD_INPUT = 2
    INCONCLUSIVE = 3
    INTERNAL = 4
    NOTHING_SELECTED = 5
    INTERRUPTED = 130


_WORST_FIRST = (
    ExitCode.INTERNAL,
    ExitCode.BAD_INPUT,
    ExitCode.NOT_AS_EXPECTED,
    ExitCode.INCONCLUSIVE,
    ExitCode.NOTHING_SELECTED,
    ExitCode.AS_EXPECTED,
)


def exit_code(files: Iterable[FileResult]) -> ExitCode:
    """The worst of all findings, in the order 4, 2, 1, 3, 5, 0."""
    codes: set[ExitCode] = set()
    selected = False
    for file in files:
        if file.crashed:
            selected = True
            codes.add(ExitCode.INTERNAL)
        if any(d.severity is Severity.ERROR for d in file.diagnostics):
            codes.add(ExitCode.BAD_INPUT)
        if any(d.severity is Severity.ERROR for d in file.findings):
            codes.add(ExitCode.NOT_AS_EXPECTED)
        for claim in file.claims:
            selected = True
            if claim.trouble is not None:
                codes.add(ExitCode.INTERNAL)
            elif claim.as_expected:
                codes.add(ExitCode.AS_EXPECTED)
            elif claim.outcome in (Outcome.UNKNOWN, Outcome.BOUNDED):
                codes.add(ExitCode.INCONCLUSIVE)
            else:
                codes.add(ExitCode.NOT_AS_EXPECTED)
    if not selected:
        codes.add(ExitCode.NOTHING_SELECTED)
    return next(code for code in _WORST_FIRST if code in codes)
