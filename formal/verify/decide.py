"""One claim: decided by a route, written down with its evidence, re-checked by the kernel.

No route is trusted. An answer becomes an outcome only when the kernel has accepted a certificate for it; an answer of
Z3 for which no certificate could be built is shown as such and is not a proof.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from formal.certificate.evidence import Evidence
from formal.certificate.write import write_certificate, write_claim
from formal.decide.decision import Decision, Exhausted, Limits, decide
from formal.elaborate.module import Claim
from formal.explain.explain import explain
from formal.kernel import Rejected, check
from formal.logic.formula import Formula
from formal.smt.child import Solver
from formal.store.cache import Cache
from formal.verdict.result import ClaimResult, Explanation, Outcome, Trouble
from formal.verify.options import Options
from formal.verify.remember import Kernel, certified, recalled, remember


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route says, before the kernel has seen it.

    Args:
        value: true, false, or None when it is not known.
        evidence: why; None when the route gives none.
        reason: for None, why it is not known.
        fault: the route did not merely give up, it broke.
        resources: deterministic measures of the work.
        solver: the solver's version, if one was asked.
    """

    engine: str
    value: bool | None
    evidence: Evidence | None
    reason: str = ""
    resources: tuple[tuple[str, int], ...] = ()
    solver: str = ""
    fault: bool = False


def decide_claim(
    claim: Claim,
    file: str,
    options: Options,
    *,
    names: Mapping[str, str],
    cache: Cache | None = None,
    solver: Solver | None = None,
) -> ClaimResult:
    """The verdict on one claim.

    Args:
        cache: verdicts remembered; None remembers none.
        solver: a running one to be used again.
        names: what the script calls a constructed structure, by the expression that it is known by.
    """
    started = time.perf_counter()
    blank = ClaimResult(
        claim.name,
        file,
        claim.span,
        claim.doc,
        claim.statement,
        Outcome(claim.expected),
        Outcome.UNKNOWN,
    )
    written = write_claim(claim.formula)
    blank = replace(blank, claim=written, claim_digest=sha256(written).hexdigest())
    key = options.cache_key(blank.claim_digest, names)
    result = recalled(blank, key, cache, Kernel(check, Rejected))
    if result is None:
        result = _conclude(blank, claim.formula, _answers(claim.formula, options, solver), options, names)
        remember(result, key, cache)
    return replace(result, seconds=time.perf_counter() - started)


# --- the routes -----------------------------------------------------------------------------------


def _answers(formula: Formula, options: Options, solver: Solver | None) -> tuple[Answer, ...]:
    """What the chosen routes say. ``auto`` asks Z3 only where the direct route gives up."""
    match options.engine:
        case "direct":
            return (_direct(formula, options),)
        case "smt":
            return (_smt(formula, options, solver),)
        case "both":
            return _direct(formula, options), _smt(formula, options, solver)
        case _:
            direct = _direct(formula, options)
            return (direct,) if direct.value is not None else (direct, _smt(formula, options, solver))


def _direct(formula: Formula, options: Options) -> Answer:
    try:
        decision: Decision = decide(formula, limits=Limits(steps=options.steps))
    except Exhausted as exhausted:
        return Answer("direct", None, None, str(exhausted))
    return Answer("direct", decision.value, decision.evidence, resources=(("steps", decision.steps),))


def _smt(formula: Formula, options: Options, solver: Solver | None) -> Answer:
    from formal.smt.solve import Reason, decide_by_smt, evidence_from

    answer = decide_by_smt(formula, options.solver_limits(), solver=solver)
    evidence = evidence_from(answer, formula) if answer.value is not None else None
    resources = (("rlimit", answer.resources), ("clauses", answer.clause_count))
    reason = "" if answer.reason is None else f"{answer.reason}: {answer.detail}"
    fault = answer.reason in (Reason.CRASHED, Reason.GARBAGE)
    return Answer("smt", answer.value, evidence, reason, resources, answer.solver, fault)


# --- the verdict ----------------------------------------------------------------------------------


def _conclude(
    blank: ClaimResult, formula: Formula, answers: tuple[Answer, ...], options: Options, names: Mapping[str, str]
) -> ClaimResult:
    """Compare the routes, and have the kernel check the first certificate that one of them gives.

    Where Z3 was asked alone and its answer comes without a certificate, the direct route is asked for one. A solver
    that crashes, or answers what cannot be, is trouble whatever the script expects and whatever another route says.
    """
    known = [answer for answer in answers if answer.value is not None]
    result = replace(
        blank,
        engine="+".join(answer.engine for answer in (known or answers)),
        resources=tuple(item for answer in answers for item in answer.resources),
        solver=next((answer.solver for answer in answers if answer.solver), ""),
    )
    broken = [f"{answer.engine}: {answer.reason}" for answer in answers if answer.fault]
    if broken:
        return replace(result, trouble=Trouble.CRASHED, reason="; ".join(broken))
    if not known:
        reasons = dict.fromkeys(f"{answer.engine}: {answer.reason}" for answer in answers)
        return replace(result, outcome=Outcome.UNKNOWN, reason="; ".join(reasons))
    if len({answer.value for answer in known}) > 1:
        says = ", ".join(f"{answer.engine} says {'true' if answer.value else 'false'}" for answer in known)
        return replace(result, trouble=Trouble.ENGINES_DISAGREE, reason=f"the engines disagree: {says}")
    value = bool(known[0].value)
    beyond = ""
    for answer in known:
        if answer.evidence is None:
            continue
        certificate = write_certificate(blank.claim, value, answer.evidence, formula)
        try:
            accepted = check(blank.claim, certificate)
        except Rejected as rejection:
            if rejection.rule == "limit":
                beyond = f": {rejection.reason}"
                continue
            reason = f"the kernel rejects the certificate of the {answer.engine} route: {rejection}"
            return replace(result, trouble=Trouble.KERNEL_REJECTED, reason=reason)
        explanation = explain(formula, value, answer.evidence, names)
        return replace(certified(result, certificate, accepted), explanation=explanation)
    if not any(answer.engine == "direct" for answer in answers):
        return _conclude(blank, formula, (*answers, _direct(formula, options)), options, names)
    return replace(
        result,
        outcome=Outcome.UNKNOWN,
        reason=f"{result.engine} decided {'true' if value else 'false'}, no certificate{beyond}",
        explanation=Explanation("decided, no certificate"),
    )
