"""What a run found: outcomes of claims, files, and the exit code that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from fractions import Fraction

from formal.text import Diagnostic, Severity, Span


class Outcome(StrEnum):
    """What is known of a claim, of which only ``PROVED`` and ``REFUTED`` are decided, or what a cross-check found."""

    PROVED = "proved"
    REFUTED = "refuted"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"
    AGREES = "agrees"
    DISAGREES = "disagrees"
    NOT_COMPARABLE = "not comparable"


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
class Told:
    """A quantity with its value.

    Args:
        name: as the author wrote it.
        value: in words, such as ``about 0.39709``.
        lower, upper: what it lies between, exactly; None where it is infinite.
    """

    name: str
    value: str
    lower: Fraction | None
    upper: Fraction | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison that an outcome rests on: ``left order right``.

    Args:
        order: ``<=``, ``<`` or ``=``.
        within: how far two quantities may be apart; None unless the order is ``=`` up to something.
        holds: None when that is open.
    """

    left: Told
    order: str
    right: Told
    within: Told | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why the outcome holds, for a person.

    Args:
        summary: one sentence, such as ``no element of Label generates it: b misses dog``.
        lines: the witness or the counter-example, step by step.
        drawing: a picture in plain text of the diagram or the category involved; may be empty.
        script: a proof script that reproduces the finding by itself; may be empty.
        comparisons: those that decide; empty when there are none, or too many to be told.
    """

    summary: str
    lines: tuple[Line, ...] = ()
    drawing: str = ""
    script: str = ""
    comparisons: tuple[Comparison, ...] = ()


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


class Role(StrEnum):
    """What an item of a cross-check is there for; the value is the word that the script begins it with."""

    PREMISE = "premise"
    """a statement about the model that has to hold for the theorem to say anything"""
    IDEAL = "ideal"
    """a statement about the relation that the model should have learnt"""
    OWN = "own"
    """the same statement about the relation that it has"""
    PREDICT = "predict"
    """what follows for an exact quantity"""
    MEASURE = "measure"
    """what follows for a score, recomputed from raw predictions"""


class Ground(StrEnum):
    """What an item of a cross-check says about the model."""

    THEOREM = "theorem"
    """nothing: mathematics, which cannot fail on data; agreement tests the pipeline only"""
    MEASURED = "measured"
    """what was measured, or computed from what was measured"""
    PREMISE = "premise"
    """what carries the content: it could be false of a model, and the rest depends on it"""


@dataclass(frozen=True, slots=True)
class MeasuredRate:
    """A score recomputed from raw predictions, with what it says of the population.

    Args:
        score: which, such as ``prompt.pred.nearest_of_5.accuracy@verify``.
        correct, count: of the objects compared; ``correct`` is None where a score is no share of objects.
        value: exact.
        lower, upper: what the population's rate lies between with the confidence; None when nobody speaks of it.
        confidence: of each interval for itself, a correction for the choice among candidates included; None as above.
        independent: how many independent trials there are.
        candidates: how many items the one was chosen from on the same objects; 1 when none was.
    """

    score: str
    correct: int | None
    count: int
    value: Fraction
    lower: Fraction | None = None
    upper: Fraction | None = None
    confidence: Fraction | None = None
    independent: int = 0
    candidates: int = 1


@dataclass(frozen=True, slots=True)
class CrossCheckItem:
    """One line of a cross-check: a formula that was decided.

    Args:
        statement: as the author wrote it, on one line.
        outcome: ``proved``, ``refuted`` or ``unknown``: of the formula; ``not comparable`` when there is none because
            nothing was measured.
        reason: why, where it is undecided or there is something to say.
        values: quantities that it speaks of.
        predicted: the least and the greatest value that is predicted of the first of these, or of the score; or
            nothing.
        measured: the score that it speaks of.
    """

    role: Role
    ground: Ground
    statement: str
    span: Span
    outcome: Outcome
    reason: str = ""
    trouble: Trouble | None = None
    certified: bool = False
    values: tuple[Told, ...] = ()
    predicted: tuple[Told, ...] = ()
    measured: MeasuredRate | None = None


@dataclass(frozen=True, slots=True)
class CrossCheckRow:
    """A cross-check of one task, on one model.

    Args:
        subject: what variables stand for: ``T = Half, m = seed0``; empty without variables.
        seed: the model that it is about, when there are several.
        items: in the order of the script.
        outcome: ``agrees``, ``disagrees`` or ``not comparable``.
        reason: in one sentence.
        undecided: it is not comparable because something is unknown.
    """

    subject: str
    seed: str
    items: tuple[CrossCheckItem, ...]
    outcome: Outcome
    reason: str
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class CrossCheckResult:
    """What a cross-check found.

    Args:
        theorem: what licenses it; empty when nothing is named, and then no part of it is a theorem.
        pin: why another finding than agreement is expected; empty when agreement is.
        rows: one for each task and model.
        seeds: how the verdicts of several seeds agree, and whether there are enough of them: a sentence.
    """

    theorem: str
    pin: str
    rows: tuple[CrossCheckRow, ...]
    seeds: str = ""

    @property
    def undecided(self) -> bool:
        """Whether a row is not comparable because something is unknown."""
        return any(row.undecided for row in self.rows)


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """The verdict on one claim or theorem, or what a cross-check found.

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
        crosscheck: for a cross-check, what it consists of; its certificates are in ``parts``.
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
    crosscheck: CrossCheckResult | None = None

    @property
    def is_theorem(self) -> bool:
        """Whether it is the verdict on a theorem."""
        return bool(self.obligations)

    @property
    def has_parts(self) -> bool:
        """Whether it rests on several certificates, those in ``parts``, and has none of its own."""
        return self.is_theorem or self.crosscheck is not None

    @property
    def is_inconclusive(self) -> bool:
        """Whether nothing was found out, as against something else than what was expected."""
        if self.crosscheck is not None:
            return self.crosscheck.undecided
        return self.outcome in (Outcome.UNKNOWN, Outcome.BOUNDED)

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is what the script expects, with no trouble; of a cross-check, that of every row."""
        if self.trouble is not None:
            return False
        if self.crosscheck is not None:
            rows = self.crosscheck.rows
            return bool(rows) and all(row.outcome is self.expected for row in rows) and not self.crosscheck.undecided
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
            elif claim.is_inconclusive:
                codes.add(ExitCode.INCONCLUSIVE)
            else:
                codes.add(ExitCode.NOT_AS_EXPECTED)
    if not selected:
        codes.add(ExitCode.NOTHING_SELECTED)
    return next(code for code in _WORST_FIRST if code in codes)
