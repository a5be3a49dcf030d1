"""Deciding a closed formula with Z3: an answer rests on a model that is re-evaluated here.

Asked is first whether the formula can be true; when not, whether it can be false. Either way the answer is *sat* with
a model, and the model satisfies every clause. Only where the opposite cannot be written down within the limits does
the solver's *unsat* stand alone; then it must also find the clauses without their root satisfiable, as they are by
construction, so that a solver that always says *unsat* is found out.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.certificate.evidence import Evidence
from formal.logic.formula import Formula
from formal.smt.child import Reason, Reply, Solver, Status
from formal.smt.encode import encode
from formal.smt.limit import SolverLimits
from formal.smt.problem import Exhausted, Model, Problem
from formal.smt.witness import Witness, evidence, witnesses

__all__ = ["Answer", "Reason", "Solver", "SolverLimits", "Witness", "decide_by_smt", "evidence_from"]


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What Z3 found out about a closed formula.

    Args:
        value: its truth value; None when it is not known.
        reason: for an unknown value, why; ``detail`` in words.
        witnesses: values chosen for the outermost existential block of a true formula, or refuting the outermost
            universal block of a false one.
        by_model: the value rests on a model that was re-evaluated; False: on the solver's word that there is none.
        resources: Z3's resource units, all questions together; deterministic.
        solver: name and version.
        clause_count: of all questions together.
        problem, model: what was asked, and its model; for ``evidence_from``.
    """

    value: bool | None
    reason: Reason | None = None
    detail: str = ""
    witnesses: tuple[Witness, ...] = ()
    by_model: bool = False
    resources: int = 0
    solver: str = ""
    clause_count: int = 0
    problem: Problem | None = None
    model: Model = b""


def decide_by_smt(formula: Formula, limits: SolverLimits | None = None, *, solver: Solver | None = None) -> Answer:
    """Decide a closed formula with Z3 in a child process.

    Args:
        limits: the defaults when left out.
        solver: a running one to be used again; else one is started and stopped.
    """
    limits = SolverLimits() if limits is None else limits
    if solver is not None:
        return _Inquiry(formula, limits, solver).answer()
    with Solver() as own:
        return _Inquiry(formula, limits, own).answer()


def evidence_from(answer: Answer, formula: Formula) -> Evidence | None:
    """Evidence for the answer's value, read off its model; what the model does not spell out is left to evaluation.

    Returns:
        None when there is no model.
    """
    if answer.value is None or answer.problem is None:
        return None
    return evidence(formula, answer.value, answer.problem, answer.model)


class _Inquiry:
    """The questions that one formula takes."""

    def __init__(self, formula: Formula, limits: SolverLimits, solver: Solver) -> None:
        self.formula = formula
        self.limits = limits
        self.solver = solver
        self.resources = 0
        self.clause_count = 0
        self.version = ""

    def answer(self) -> Answer:
        refuted: dict[bool, Problem] = {}
        failures: list[Answer] = []
        for value in (True, False):
            try:
                problem = encode(self.formula, limits=self.limits, sign=value)
            except Exhausted as exhausted:
                failures.append(self._unknown(Reason.BUDGET, str(exhausted)))
                continue
            reply = self._ask(problem)
            match reply.status:
                case Status.SAT if problem.satisfied_by(reply.model):
                    return self._found(value, problem, reply.model)
                case Status.SAT:
                    return self._unknown(Reason.GARBAGE, "the model does not satisfy the clauses")
                case Status.UNSAT:
                    refuted[value] = problem
                case Status.UNKNOWN:
                    failure = self._unknown(reply.reason or Reason.INCOMPLETE, reply.detail)
                    if reply.reason not in (Reason.RESOURCE, Reason.MEMORY):
                        return failure
                    failures.append(failure)
        if len(refuted) == 2:
            return self._unknown(Reason.GARBAGE, "the formula and its negation are both found unsatisfiable")
        for value, problem in refuted.items():
            control = self._ask(problem, with_root=False)
            if control.status is Status.SAT and problem.satisfied_by(control.model, with_root=False):
                return self._found(not value)
            return self._unknown(Reason.GARBAGE, "clauses that are satisfiable by construction are not found so")
        return failures[0]

    def _ask(self, problem: Problem, *, with_root: bool = True) -> Reply:
        reply = self.solver.ask(problem.dimacs(with_root=with_root), problem.variable_count, self.limits)
        self.resources += reply.resources
        self.clause_count += problem.clause_count
        self.version = reply.solver or self.version
        return reply

    def _found(self, value: bool, problem: Problem | None = None, model: Model = b"") -> Answer:
        return Answer(
            value,
            witnesses=() if problem is None else witnesses(self.formula, value, problem, model),
            by_model=problem is not None,
            resources=self.resources,
            solver=self.version,
            clause_count=self.clause_count,
            problem=problem,
            model=model,
        )

    def _unknown(self, reason: Reason, detail: str) -> Answer:
        return Answer(
            None,
            reason=reason,
            detail=detail,
            resources=self.resources,
            solver=self.version,
            clause_count=self.clause_count,
        )
