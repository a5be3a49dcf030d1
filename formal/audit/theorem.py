"""The audit of a theorem: can its hypotheses hold, is each needed, does the goal say something, what else is true.

Every answer rests on a proof or on a counter-model that the caller's services have checked; what they cannot settle is
``undecided`` and no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from formal.audit import opposite as opposites
from formal.audit.accept import accepted
from formal.audit.result import Answer, Audit, Finding, Question, Row, Settle, Settled, Undecided
from formal.audit.same import conjuncts, key
from formal.audit.symbol import symbols_in
from formal.audit.variant import (
    again,
    assumptions,
    bare,
    degenerate,
    shows,
    somewhere_degenerate,
    with_goal,
    with_hypothesis,
    without,
)
from formal.logic.theory import Formula, Truth
from formal.prove.result import NotProved, Proof
from formal.refute.result import CounterModel, Searched
from formal.statement.model import Obligation, Origin, Statement
from formal.text import Code, Diagnostic, Label, Severity, Span

Prove = Callable[[Statement, Obligation], Proof | NotProved]
Search = Callable[[Statement, Obligation], CounterModel | Searched]


def one_after_the_other(prove: Prove, search: Search) -> Settle:
    """Looks for a counter-model, then for a proof."""

    def settle(statement: Statement, obligation: Obligation) -> Settled:
        searched = search(statement, obligation)
        if isinstance(searched, CounterModel):
            return searched
        proof = prove(statement, obligation)
        return proof if isinstance(proof, Proof) else Undecided(f"{searched.reason}; {proof.reason}", searched)

    return settle


FINDING = (Question.SATISFIABLE, Question.NEEDED, Question.TAUTOLOGY, Question.CIRCULAR, Question.USED)
"""The questions whose answers may be findings; the others inform."""


def audit(
    statement: Statement,
    settle: Settle,
    *,
    refutation: CounterModel | None = None,
    questions: Collection[Question] = tuple(Question),
) -> Audit:
    """Ask questions about a theorem.

    Args:
        settle: proves or refutes obligations of statements like this one; what it answers was checked.
        refutation: the counter-model, of a theorem that is refuted; then nothing is asked that presupposes its truth.
        questions: which to ask.
    """
    asked = _Questions(statement, settle)
    answers: dict[Question, Callable[[], Iterator[Row]]] = {
        Question.SATISFIABLE: asked.satisfiable,
        Question.NEEDED: asked.needed,
        Question.TAUTOLOGY: asked.tautology,
        Question.CONVERSE: asked.converse,
        Question.OPPOSITE: asked.opposite,
        Question.CIRCULAR: asked.circular,
        Question.USED: asked.unused,
    }
    if refutation is not None:
        answers = {question: answers[question] for question in (Question.SATISFIABLE, Question.CIRCULAR, Question.USED)}
        answers[Question.SMALLEST] = lambda: iter((_smallest(statement, refutation),))
    rows = [row for question, answer in answers.items() if question in questions for row in answer()]
    findings = tuple(_findings(statement, rows))
    return Audit(statement.name, tuple(rows), accepted(statement.node, rows, findings))


def _smallest(statement: Statement, model: CounterModel) -> Row:
    answer = Answer.YES if model.smallest else Answer.UNDECIDED
    evidence = f"size {model.size}" + ("; every smaller size was searched" if model.smallest else "")
    return Row(Question.SMALLEST, "", answer, evidence, statement.node.name.span, model=model)


# --- the questions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Questions:
    """The questions about one statement."""

    statement: Statement
    settle: Settle

    @property
    def span(self) -> Span:
        return self.statement.node.name.span

    def satisfiable(self) -> Iterator[Row]:
        """Is there a model of the hypotheses, not only empty or discrete categories, nor empty set-valued functors?"""
        yield self._satisfiable()

    def _satisfiable(self) -> Row:
        statement = replace(
            self.statement,
            hypotheses=tuple(
                h for h in self.statement.hypotheses if h.origin in (Origin.LAW, Origin.GIVEN, Origin.ASSUMED)
            ),
        )
        subject = Question.SATISFIABLE, ""
        found = self.settle(statement, with_goal(statement, "degenerate", somewhere_degenerate(statement), self.span))
        if not isinstance(found, CounterModel) and len(statement.categories) > 1:
            found = self.settle(statement, with_goal(statement, "degenerate", degenerate(statement), self.span))
        if isinstance(found, CounterModel):
            return Row(*subject, Answer.YES, f"a model of {size_text(found)}", self.span, model=found)
        plain = self.settle(statement, with_goal(statement, "contradiction", Truth(False), self.span))
        if isinstance(plain, Proof):
            return Row(*subject, Answer.CONTRADICTORY, _proof_text(plain), self.span, proof=plain)
        if isinstance(plain, Undecided):
            return Row(*subject, Answer.UNDECIDED, plain.reason, self.span)
        if isinstance(found, Proof):
            evidence = f"proved that every model is degenerate, {_proof_text(found)}"
            return Row(*subject, Answer.DEGENERATE, evidence, self.span, proof=found, model=plain)
        return Row(*subject, Answer.UNDECIDED, f"a degenerate model was found; {found.reason}", self.span, model=plain)

    def needed(self) -> Iterator[Row]:
        """Does the theorem hold without a hypothesis?"""
        for assumption in assumptions(self.statement):
            found = self._goals(without(self.statement, assumption.names))
            answer = {Answer.YES: Answer.REDUNDANT, Answer.NO: Answer.NEEDED}.get(found.answer, Answer.UNDECIDED)
            yield found.row(Question.NEEDED, assumption.subject, answer, assumption.span)

    def tautology(self) -> Iterator[Row]:
        """Does the goal hold without any hypotheses?"""
        if len(assumptions(self.statement)) > 1:
            found = self._goals(bare(self.statement))
            yield found.row(Question.TAUTOLOGY, "", found.answer, self.span)

    def converse(self) -> Iterator[Row]:
        """Does the goal imply the hypotheses?"""
        goals, assumed = shows(self.statement), assumptions(self.statement)
        if len(goals) != 1 or not assumed:
            return
        start = bare(self.statement)
        if not _is_about(start, goals[0].formula, self.statement):
            return
        start = with_hypothesis(start, "goal", goals[0].formula, goals[0].span)
        answers: list[Answer] = []
        for assumption in assumed:
            if _is_among(assumption.formula, goals[0].formula):
                found = _Told(Answer.YES, "the goal says it")
            else:
                obligation = with_goal(start, assumption.subject, assumption.formula, assumption.span)
                found = _told(self.settle(start, obligation))
            answers.append(found.answer)
            yield found.row(Question.CONVERSE, assumption.subject, found.answer, assumption.span)
        if len(answers) > 1:
            together = next((a for a in (Answer.NO, Answer.UNDECIDED) if a in answers), Answer.YES)
            yield Row(Question.CONVERSE, "", together, "all hypotheses together", self.span)

    def opposite(self) -> Iterator[Row]:
        """Does the goal hold in the opposite categories, under the hypotheses as they stand?"""
        for goal in shows(self.statement):
            subject = Question.OPPOSITE, goal.name
            try:
                turned = opposites.opposite(goal.formula)
            except opposites.NotApplicable as reason:
                yield Row(*subject, Answer.NOT_APPLICABLE, str(reason), goal.span)
                continue
            if key(turned) == key(goal.formula):
                yield Row(*subject, Answer.YES, "it says the same there", goal.span)
                continue
            obligation = replace(goal, name=f"{goal.name}, opposite", formula=turned)
            found = _told(self.settle(self.statement, obligation))
            yield found.row(*subject, found.answer, goal.span)

    def circular(self) -> Iterator[Row]:
        """Is the goal among the hypotheses, letter by letter?"""
        known = {
            key(part): assumption
            for assumption in assumptions(self.statement)
            for part in conjuncts(assumption.formula)
        }
        goals = shows(self.statement)
        for goal in goals:
            parts = conjuncts(goal.formula)
            same = [known[key(part)] for part in parts if key(part) in known]
            if parts and len(same) == len(parts):
                names = ", ".join(dict.fromkeys(f"`{assumption.subject}`" for assumption in same))
                yield Row(Question.CIRCULAR, goal.name, Answer.YES, f"it is {names}", goal.span)

    def unused(self) -> Iterator[Row]:
        """Is something declared that nothing mentions?"""
        for name in self.statement.unused:
            yield Row(Question.USED, name.text, Answer.NO, "nothing mentions it", name.span)

    def _goals(self, statement: Statement) -> _Told:
        """All goals of the statement under other hypotheses: proved if each is, refuted if one is."""
        told: list[_Told] = []
        for goal in shows(self.statement):
            if not _is_about(statement, goal.formula, self.statement):
                told.append(_Told(Answer.UNDECIDED, "the goal is about what is obtained from it"))
                continue
            told.append(_told(self.settle(statement, again(statement, goal))))
            if told[-1].answer is Answer.NO:
                return told[-1]
        undecided = [each for each in told if each.answer is Answer.UNDECIDED]
        return undecided[0] if undecided else told[-1] if told else _Told(Answer.UNDECIDED, "there is no goal")


@dataclass(frozen=True, slots=True)
class _Told:
    """Whether something holds."""

    answer: Answer
    evidence: str
    proof: Proof | None = None
    model: CounterModel | None = None

    def row(self, question: Question, subject: str, answer: Answer, span: Span) -> Row:
        """The answer to a question."""
        return Row(question, subject, answer, self.evidence, span, self.proof, self.model)


def _told(settled: Settled) -> _Told:
    match settled:
        case Proof():
            return _Told(Answer.YES, _proof_text(settled), proof=settled)
        case CounterModel():
            return _Told(Answer.NO, f"a counter-model of {size_text(settled)}", model=settled)
        case Undecided(reason=reason):
            return _Told(Answer.UNDECIDED, reason)


def _is_about(statement: Statement, goal: Formula, original: Statement) -> bool:
    """Whether every symbol of a goal still has the hypotheses that determine it."""
    kept = {hypothesis.name for hypothesis in statement.hypotheses}
    lost = [h for h in original.hypotheses if h.name not in kept and h.origin in (Origin.OBTAINED, Origin.LET)]
    if not lost:
        return True
    symbols = symbols_in(goal)
    made = {f.name for thing in original.constructed for f in thing.functions}
    undetermined = made & {name for hypothesis in lost for name in symbols_in(hypothesis.formula)}
    return symbols.isdisjoint(undetermined)


def _is_among(formula: Formula, whole: Formula) -> bool:
    """Whether all parts of a formula are parts of another, letter by letter."""
    return {key(part) for part in conjuncts(formula)} <= {key(part) for part in conjuncts(whole)}


def _proof_text(proof: Proof) -> str:
    count = len(proof.instances)
    return f"a proof of {count} instances" if count != 1 else "a proof of 1 instance"


def size_text(model: CounterModel) -> str:
    """``2 objects, 4 arrows, 3 elements``, identities included."""
    sizes = [
        (sum(category.objects for category in model.categories.values()), "object"),
        (sum(len(category.dom) for category in model.categories.values()), "arrow"),
    ]
    if model.set_functors:
        sizes.append((sum(len(functor.at) for functor in model.set_functors.values()), "element"))
    return ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in sizes)


# --- findings -------------------------------------------------------------------------------------


def _findings(statement: Statement, rows: Sequence[Row]) -> Iterator[Finding]:
    valid = any(row.question is Question.TAUTOLOGY and row.answer is Answer.YES for row in rows)
    for row in rows:
        match row.question, row.answer:
            case Question.SATISFIABLE, (Answer.CONTRADICTORY | Answer.DEGENERATE) as answer:
                yield _vacuous(statement, row, answer)
            case Question.NEEDED, Answer.REDUNDANT if not valid:
                yield _finding(
                    Code.REDUNDANT,
                    row,
                    f"`{statement.name}` holds without `{row.subject}`",
                    "not needed",
                    "leave it out, or state the theorem for which it is needed",
                )
            case Question.TAUTOLOGY, Answer.YES:
                yield _finding(
                    Code.TAUTOLOGY,
                    row,
                    f"the goal of `{statement.name}` holds without its hypotheses",
                    "this needs none of them",
                    "leave them out, or state what they are for",
                )
            case Question.CIRCULAR, Answer.YES:
                yield _finding(
                    Code.CIRCULAR, row, "the goal is among the hypotheses", row.evidence, "state what follows from it"
                )
            case Question.USED, Answer.NO:
                yield _finding(
                    Code.UNUSED, row, f"nothing mentions `{row.subject}`", "declared here", "leave it out, or use it"
                )
            case _:
                pass


def _vacuous(statement: Statement, row: Row, answer: Answer) -> Finding:
    if answer is Answer.CONTRADICTORY:
        message = f"the hypotheses of `{statement.name}` contradict each other"
        return _finding(Code.VACUOUS, row, message, "this holds of nothing", "correct the hypotheses")
    message = f"the hypotheses of `{statement.name}` hold only of empty or discrete structures"
    return _finding(Code.VACUOUS, row, message, "this says little", "correct the hypotheses")


def _finding(code: Code, row: Row, message: str, label: str, help_text: str) -> Finding:
    diagnostic = Diagnostic(
        code, message, Label(row.span, label), help=(help_text,), notes=(row.evidence,), severity=Severity.ERROR
    )
    return Finding(diagnostic, row.subject)
