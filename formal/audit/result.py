"""What an audit of a theorem or a claim finds: a table of questions and answers, and diagnostics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from formal.refute.result import CounterModel
from formal.statement.model import Obligation, Statement
from formal.text import Diagnostic, Span


class Question(StrEnum):
    """What is asked of a statement."""

    SATISFIABLE = "hypotheses satisfiable"
    NEEDED = "hypothesis needed"
    TAUTOLOGY = "goal valid without hypotheses"
    CONVERSE = "goal implies hypothesis"
    OPPOSITE = "goal holds in the opposite categories"
    USED = "used"
    CIRCULAR = "goal is a hypothesis"
    SMALLEST = "counter-model smallest"


class Answer(StrEnum):
    """What is known."""

    YES = "yes"
    NO = "no"
    NEEDED = "needed"
    REDUNDANT = "redundant"
    DEGENERATE = "only degenerate"
    CONTRADICTORY = "contradictory"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Holds:
    """There is a proof.

    Args:
        instances: of laws and hypotheses, in its certificate.
    """

    instances: int


@dataclass(frozen=True, slots=True)
class Fails:
    """There is a counter-model, evaluated again by plain enumeration.

    Args:
        script: declares it, claims what is assumed, and claims what fails; decided and certified like any other script.
            Empty where the counter-model was not replayed.
        doubt: why it was not replayed, in words.
    """

    model: CounterModel
    script: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither a proof nor a counter-model.

    Args:
        reason: why, in words; how far the search for a counter-model went, where there was one.
    """

    reason: str


Settled = Holds | Fails | Undecided
Settle = Callable[[Statement, Obligation], Settled]
"""Proves an obligation of a statement, or finds a counter-model; both were checked by whoever passes this in.

What the statement expects says what to try first. The clauses of the statement say the same as its hypotheses."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, and what is known.

    Args:
        subject: what it is about: the name of a hypothesis, of a goal, of something declared; empty for all of it.
        evidence: in words: the size of a model, the number of instances of a proof, how far a search went.
        span: the clause in question.
        script: where the answer rests on a model, a script that declares it and was replayed; empty otherwise.
    """

    question: Question
    subject: str
    answer: Answer
    evidence: str
    span: Span
    script: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a statement.

    Args:
        subject: as in ``accept redundant(SUBJECT)``.
        accepted: the author's reason, where a clause accepts it; None where nothing does.
    """

    diagnostic: Diagnostic
    subject: str
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of one theorem or claim.

    Args:
        rows: in the order of the questions.
        findings: those that a clause of the author's accepts, too.
    """

    name: str
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings that nothing accepts."""
        return tuple(finding.diagnostic for finding in self.findings if finding.accepted is None)
