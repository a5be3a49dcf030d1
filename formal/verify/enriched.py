"""One claim about relations: decided by exact arithmetic, written down with its evidence, re-checked by the kernel.

As for claims about finite categories, an answer becomes an outcome only when the kernel has accepted a certificate.
"""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import replace
from hashlib import sha256

from formal.certificate.enriched import PRECISION, Verdict, write_enriched_certificate, write_enriched_claim
from formal.elaborate.enriched import RelationClaim
from formal.explain.enriched import explain_enriched
from formal.lawvere import Rejected, check
from formal.smt.child import Solver
from formal.store.cache import Cache
from formal.valuation import Decision, Limits, decide, parameters
from formal.valuation.parts import occurring
from formal.verdict.result import ClaimResult, Explanation, Outcome, Trouble
from formal.verify.options import Options
from formal.verify.remember import Kernel, certified, recalled, remember

MOST_BITS = 4096
"""To which the kernel encloses symbolic numbers."""


def decide_relation_claim(
    claim: RelationClaim,
    file: str,
    options: Options,
    *,
    cache: Cache | None = None,
    solver: Solver | None = None,
    written: bytes | None = None,
) -> ClaimResult:
    """The verdict on one claim about relations.

    Args:
        cache: verdicts remembered; None remembers none.
        solver: a running one to be used again.
        written: the formula, where it is written down already.
    """
    started = time.perf_counter()
    written = write_enriched_claim(claim.formula) if written is None else written
    blank = ClaimResult(
        claim.name,
        file,
        claim.span,
        claim.doc,
        claim.statement,
        Outcome(claim.expected),
        Outcome.UNKNOWN,
        claim=written,
        claim_digest=sha256(written).hexdigest(),
    )
    key = options.cache_key(blank.claim_digest, _names_by_place(claim))
    result = recalled(blank, key, cache, Kernel(check, Rejected))
    if result is None:
        result = _decided(blank, claim, options, solver)
        remember(result, key, cache)
    return replace(result, seconds=time.perf_counter() - started)


def _decided(blank: ClaimResult, claim: RelationClaim, options: Options, solver: Solver | None) -> ClaimResult:
    # The budget of the other route counts larger steps; only one that a user has chosen is meant for both.
    limits = Limits() if options.steps == Options().steps else Limits(steps=options.steps)
    if parameters(claim.formula):
        return _for_all(blank, claim, limits)
    decision = decide(claim.formula, limits)
    result = replace(blank, resources=(("steps", decision.steps),))
    explanation = explain_enriched(claim.formula, decision, named(claim))
    if decision.truth is None:
        return replace(result, reason=f"{explanation.summary}: {decision.reason}", explanation=explanation)
    verdict: Verdict = "proved" if decision.truth else "refuted"
    certificate = write_enriched_certificate(
        blank.claim, verdict, decision.evidence, precision=min(MOST_BITS, max(PRECISION, 2 * decision.bits))
    )
    result = _re_checked(replace(result, explanation=explanation), certificate)
    return _asked(result, claim, decision, options, solver) if options.engine in ("smt", "both") else result


def _for_all(blank: ClaimResult, claim: RelationClaim, limits: Limits) -> ClaimResult:
    """The verdict on a claim with a parameter: it is meant for all numbers of its range."""
    from formal.explain.solution import explain_solution
    from formal.solve import solve

    solution = solve(claim.formula, limits)
    explanation = explain_solution(solution)
    result = replace(blank, resources=(("steps", solution.steps),), explanation=explanation)
    if solution.truth is None:
        return replace(result, reason=f"{explanation.summary}: {solution.reason}")
    verdict: Verdict = "proved" if solution.truth else "refuted"
    certificate = write_enriched_certificate(
        blank.claim, verdict, solution.evidence, precision=solution.precision, cells=solution.decomposition
    )
    return _re_checked(result, certificate)


def _re_checked(result: ClaimResult, certificate: bytes) -> ClaimResult:
    """An answer counts when the kernel accepts its certificate for the claim that is written here."""
    try:
        accepted = check(result.claim, certificate)
    except Rejected as rejection:
        nothing = Explanation("")
        if rejection.rule == "limit":
            reason = f"decided, no certificate: {rejection.reason}"
            return replace(result, reason=reason, explanation=nothing)
        reason = f"the kernel rejects the certificate of the direct route: {rejection}"
        return replace(result, trouble=Trouble.KERNEL_REJECTED, reason=reason, explanation=nothing)
    return certified(result, certificate, accepted)


def _asked(
    result: ClaimResult, claim: RelationClaim, decision: Decision, options: Options, solver: Solver | None
) -> ClaimResult:
    """The result after Z3 was asked about the support of its certificate, where there is something to ask.

    As of claims about finite categories, a solver that crashes, or answers what cannot be, is trouble.
    """
    from formal.valuation.smt import Answer, ask, questions

    asked = questions(claim.formula, decision)
    if not asked or not result.certified:
        return result
    with Solver() if solver is None else nullcontext(solver) as process:
        answers = [
            ask(
                question,
                process,
                resources=options.rlimit,
                memory=options.memory_mb,
                seed=options.seed,
                seconds=options.timeout_seconds,
            )
            for question in asked
        ]
    if Answer.BROKEN in answers:
        reason = "smt: the solver crashes, or answers what cannot be"
        return replace(result, outcome=Outcome.UNKNOWN, certified=False, trouble=Trouble.CRASHED, reason=reason)
    if Answer.CONTRADICTED in answers:
        reason = "the engines disagree: Z3 finds that the certificate's support does not show what it should"
        return replace(
            result, outcome=Outcome.UNKNOWN, certified=False, trouble=Trouble.ENGINES_DISAGREE, reason=reason
        )
    return replace(result, engine="direct+smt") if Answer.CONFIRMED in answers else result


def named(claim: RelationClaim) -> dict[int, str]:
    """What the script calls matrices that are computed, by their identity."""
    return {id(matrix): name for matrix, name in claim.names}


def _names_by_place(claim: RelationClaim) -> dict[str, str]:
    """The names of the matrices that are computed, by where they stand among the parts of the formula."""
    names = named(claim)
    return {str(n): names[id(part)] for n, part in enumerate(occurring(claim.formula)) if id(part) in names}
