"""The audit of a theorem: can its hypotheses hold, is each needed, does the goal say something, what else is true.

Every answer rests on a proof or on a counter-model that the caller's services have checked; what they cannot settle is
``undecided`` and no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from formal.audit import opposite as opposites
from formal.audit.accept import accepted
from formal.audit.result import Answer, Audit, Fails, Finding, Holds, Question, Row, Settle, Settled, Undecided
from formal.audit.same import conjuncts, key
from formal.audit.symbol import symbols_in
from formal.audit.variant import (
    Assumption,
    Said,
    again,
    assumptions,
    bare,
    contradiction,
    degenerate,
    expected_refuted,
    goal_said,
    question_of,
    said_by,
    shows,
    somewhere_degenerate,
    spoken,
    unjustified,
    unspoken,
    with_goal,
    with_hypothesis,
    without,
    without_given,
)
from formal.logic.theory import Formula
from formal.refute.result import CounterModel
from formal.statement.model import Obligation, Origin, Statement
from formal.statement.show import show_formula
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection, Severity, Span

Read = Callable[[ast.TheoremDecl], Statement]
"""Elaborates a theorem of the same script; raises ``Rejection`` where something is wrong with it."""


FINDING = (Question.SATISFIABLE, Question.NEEDED, Question.TAUTOLOGY, Question.CIRCULAR, Question.USED)
"""The questions whose answers may be findings; the others inform."""


def audit(
    statement: Statement,
    settle: Settle,
    read: Read,
    *,
    refutation: CounterModel | None = None,
    questions: Collection[Question] = tuple(Question),
) -> Audit:
    """Ask questions about a theorem.

    Args:
        settle: proves or refutes obligations of statements like this one; what it answers was checked.
        read: elaborates theorems that stand where this one stands.
        refutation: the counter-model, of a theorem that is refuted; then nothing is asked that presupposes its truth.
        questions: which to ask.
    """
    asked = _Questions(statement, settle, read)
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


def heading(statement: Statement, row: Row) -> str:
    """What the script of a row shows, in a sentence."""
    name, subject = statement.name, row.subject
    match row.question:
        case Question.SATISFIABLE if row.answer is Answer.YES:
            return f"The hypotheses of {name} hold here, and this is not degenerate: only that is what the goal denies."
        case Question.SATISFIABLE:
            return f"The hypotheses of {name} hold here."
        case Question.NEEDED:
            return f"{name} without `{subject}`: all else that is assumed holds here, and the goal fails."
        case Question.TAUTOLOGY:
            return f"{name} without its hypotheses: the goal fails here."
        case Question.CONVERSE:
            return f"The converse of {name}: the goal holds here, and what it should imply fails."
        case Question.USED:
            return f"{name} without `{subject}`: all that is assumed holds here, and the goal fails."
        case Question.OPPOSITE:
            return f"{name} in the opposite categories: the hypotheses hold here, and the goal, turned round, fails."
        case _:
            return f"A counter-model of {name}."


def _smallest(statement: Statement, model: CounterModel) -> Row:
    answer = Answer.YES if model.smallest else Answer.UNDECIDED
    evidence = f"size {model.size}" + ("; every smaller size was searched" if model.smallest else "")
    return Row(Question.SMALLEST, "", answer, evidence, statement.node.name.span)


# --- the questions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Questions:
    """The questions about one statement."""

    statement: Statement
    settle: Settle
    read: Read

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
        found = self._follows(statement, somewhere_degenerate(statement))
        if not isinstance(found, Fails) and len(statement.categories) > 1:
            found = self._follows(statement, degenerate(statement))
        if isinstance(found, Fails):
            return Row(*subject, Answer.YES, _model_text("a model", found), self.span, found.script)
        plain = self._follows(statement, contradiction())
        match plain, found:
            case Holds(), _:
                return Row(*subject, Answer.CONTRADICTORY, _proof_text(plain), self.span)
            case Undecided(reason), _:
                return Row(*subject, Answer.UNDECIDED, reason, self.span)
            case Fails(), Holds():
                evidence = f"proved that every model is degenerate, {_proof_text(found)}"
                return Row(*subject, Answer.DEGENERATE, evidence, self.span, plain.script)
            case Fails(), Undecided(reason):
                evidence = f"a degenerate model was found; {reason}"
                return Row(*subject, Answer.UNDECIDED, evidence, self.span, plain.script)

    def _follows(self, statement: Statement, goal: Said) -> Settled:
        """Whether something follows from the hypotheses that no author would write; rarely does it."""
        return self.settle(*with_goal(expected_refuted(statement), "degenerate", goal.formula, spoken(goal.text)))

    def needed(self) -> Iterator[Row]:
        """Does the theorem hold without a hypothesis?"""
        for assumption in assumptions(self.statement):
            found = self._goals(without(self.statement, assumption.names))
            answer = {Answer.YES: Answer.REDUNDANT, Answer.NO: Answer.NEEDED}.get(found.answer, found.answer)
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
        if _obstacle(start, goals[0].formula, self.statement):
            return
        said = goal_said(self.statement, goals[0])
        start = expected_refuted(with_hypothesis(start, "conclusion", goals[0].formula, said, goals[0].span))
        answers: list[Answer] = []
        for assumption in assumed:
            found = self._implied(start, assumption, goals[0].formula)
            answers.append(found.answer)
            yield found.row(Question.CONVERSE, assumption.subject, found.answer, assumption.span)
        if len(answers) > 1:
            is_open = not {Answer.UNDECIDED, Answer.NOT_APPLICABLE}.isdisjoint(answers)
            together = Answer.NO if Answer.NO in answers else Answer.UNDECIDED if is_open else Answer.YES
            yield Row(Question.CONVERSE, "", together, "all hypotheses together", self.span)

    def _implied(self, start: Statement, assumption: Assumption, goal: Formula) -> _Told:
        """Does the goal, which is assumed by now, imply a hypothesis?"""
        if assumption.is_isomorphism:
            return self._invertible(start, assumption.subject)
        if _is_among(assumption.formula, goal):
            return _Told(Answer.YES, "the goal says it")
        if obstacle := _obstacle(start, assumption.formula, self.statement):
            return _Told(Answer.NOT_APPLICABLE, f"it is about {obstacle}")
        said = said_by(self.statement, assumption)
        return _told(self.settle(*with_goal(start, assumption.subject, assumption.formula, said)))

    def _invertible(self, start: Statement, name: str) -> _Told:
        """Is something that was given as an isomorphism one, whatever its inverse may be?"""
        try:
            stated = unjustified(self.read(question_of(start, name)))
        except Rejection:
            return _Told(Answer.NOT_APPLICABLE, "something else cannot be said without it")
        goal = again(stated, stated.obligations[-1])
        if obstacle := _obstacle(stated, goal.formula, self.statement):
            return _Told(Answer.NOT_APPLICABLE, f"it is about {obstacle}")
        return _told(self.settle(stated, replace(goal, name=name)))

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
            found = _told(self.settle(*self._turned(f"{goal.name}, opposite", turned)))
            yield found.row(*subject, found.answer, goal.span)

    def _turned(self, name: str, goal: Formula) -> tuple[Statement, Obligation]:
        """The statement with a goal that no author has written: in words if they say the same, without words if not."""
        stated = with_goal(self.statement, name, goal, spoken(show_formula(goal, unfold=True)))
        try:
            is_said = key(self.read(stated[0].node).obligations[-1].formula) == key(goal)
        except Rejection:
            is_said = False
        return stated if is_said else with_goal(self.statement, name, goal, unspoken(name))

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
        """Is something declared that nothing mentions, and that need not be there?

        What is obtained says by being there what can be used of it. That an arrow or an element is given says that
        there is one, so it is asked whether the goals hold without it.
        """
        clauses = self.statement.node.clauses
        obtained = {name.text for c in clauses if isinstance(c, ast.ObtainClause) for name in c.names}
        kinds = {given.name: given.kind for given in self.statement.givens}
        for name in self.statement.unused:
            if name.text in obtained:
                continue
            if kinds.get(name.text, "") not in _PERHAPS_NONE:
                yield Row(Question.USED, name.text, Answer.NO, "nothing mentions it", name.span)
                continue
            found = self._goals(without_given(self.statement, name.text))
            answer = {Answer.YES: Answer.NO, Answer.NO: Answer.YES}.get(found.answer, found.answer)
            evidence = f"nothing mentions it; without it, {found.evidence}"
            yield Row(Question.USED, name.text, answer, evidence, name.span, found.script)

    def _goals(self, statement: Statement) -> _Told:
        """All goals of the statement under other hypotheses: proved if each is, refuted if one is."""
        told: list[_Told] = []
        statement = expected_refuted(statement)
        for goal in shows(self.statement):
            if obstacle := _obstacle(statement, goal.formula, self.statement):
                told.append(_Told(Answer.NOT_APPLICABLE, f"the theorem is about {obstacle}"))
                continue
            told.append(_told(self.settle(statement, again(statement, goal))))
            if told[-1].answer is Answer.NO:
                return told[-1]
        undecided = [each for each in told if each.answer is not Answer.YES]
        return undecided[0] if undecided else told[-1] if told else _Told(Answer.UNDECIDED, "there is no goal")


_PERHAPS_NONE = frozenset({"object", "arrow", "element", "functor", "transformation", "family"})
"""Kinds of things of which there may be none."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Whether something holds."""

    answer: Answer
    evidence: str
    script: str = ""

    def row(self, question: Question, subject: str, answer: Answer, span: Span) -> Row:
        """The answer to a question."""
        return Row(question, subject, answer, self.evidence, span, self.script)


def _told(settled: Settled) -> _Told:
    match settled:
        case Holds():
            return _Told(Answer.YES, _proof_text(settled))
        case Fails(script=script):
            return _Told(Answer.NO, _model_text("a counter-model", settled), script)
        case Undecided(reason=reason):
            return _Told(Answer.UNDECIDED, reason)


def _obstacle(statement: Statement, goal: Formula, original: Statement) -> str:
    """What a goal is about that has no meaning in a statement with fewer hypotheses; empty when there is no such thing.

    That is what was constructed or obtained by what is missing, and the inverse of what need not be invertible.
    """
    names = {function.name for function in statement.functions()}
    inverses = {f.name: given.name for given in original.givens for f in given.functions if f.name not in names}
    for formula in (goal, *(hypothesis.formula for hypothesis in statement.hypotheses)):
        for name in sorted(symbols_in(formula) & inverses.keys()):
            return f"the inverse of `{inverses[name]}`"
    kept = {hypothesis.name for hypothesis in statement.hypotheses}
    lost = [h for h in original.hypotheses if h.name not in kept and h.origin in (Origin.OBTAINED, Origin.LET)]
    undetermined = {name for hypothesis in lost for name in symbols_in(hypothesis.formula)}
    mentioned = symbols_in(goal)
    for thing in original.constructed:
        if any(function.name in undetermined & mentioned for function in thing.functions):
            return f"`{thing.name}`, which rests on it"
    return ""


def _is_among(formula: Formula, whole: Formula) -> bool:
    """Whether all parts of a formula are parts of another, letter by letter."""
    return {key(part) for part in conjuncts(formula)} <= {key(part) for part in conjuncts(whole)}


def _proof_text(proof: Holds) -> str:
    return f"a proof of {proof.instances} instance{'' if proof.instances == 1 else 's'}"


def _model_text(what: str, found: Fails) -> str:
    doubt = f", not replayed: {found.doubt}" if found.doubt else ""
    return f"{what} of {size_text(found.model)}{doubt}"


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
