"""One claim about relations: decided by exact arithmetic, written down with its evidence, re-checked by the kernel.

As for claims about finite categories, an answer becomes an outcome only when the kernel has accepted a certificate.
"""

from __future__ import annotations

import time
from dataclasses import replace
from hashlib import sha256

from formal.certificate.enriched import PRECISION, Verdict, write_enriched_certificate, write_enriched_claim
from formal.elaborate.enriched import RelationClaim
from formal.explain.enriched import explain_enriched
from formal.lawvere import Rejected, check
from formal.store.cache import Cache, Stored
from formal.valuation import Decision, Limits, decide, parameters
from formal.verdict.result import ClaimResult, Outcome, Trouble
from formal.verify.options import Options

MOST_BITS = 4096
"""To which the kernel encloses symbolic numbers."""


def decide_relation_claim(
    claim: RelationClaim, file: str, options: Options, *, cache: Cache | None = None
) -> ClaimResult:
    """The verdict on one claim about relations.

    Args:
        cache: verdicts remembered; None remembers none.
    """
    started = time.perf_counter()
    written = write_enriched_claim(claim.formula)
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
    key = options.cache_key(blank.claim_digest, {str(index): name for index, (_, name) in enumerate(claim.names)})
    result = _recall(blank, key, cache)
    if result is None:
        result = _decided(blank, claim, options)
        if cache is not None and result.certified:
            cache.put(key, _stored(result))
    return replace(result, seconds=time.perf_counter() - started)


def _decided(blank: ClaimResult, claim: RelationClaim, options: Options) -> ClaimResult:
    open_ = parameters(claim.formula)
    if open_:
        names = " and ".join(f"`{unknown.name}`" for unknown in open_)
        reason = f"it depends on {names}: `formal solve {blank.file}::{claim.name}` answers for which numbers it holds"
        return replace(blank, reason=reason)
    # The budget of the other route counts larger steps; only one that a user has chosen is meant for both.
    limits = Limits() if options.steps == Options().steps else Limits(steps=options.steps)
    return _conclude(blank, claim, decide(claim.formula, limits))


def _conclude(blank: ClaimResult, claim: RelationClaim, decision: Decision) -> ClaimResult:
    result = replace(blank, resources=(("steps", decision.steps),))
    if decision.truth is None:
        explanation = explain_enriched(claim.formula, decision, dict_of(claim))
        reason = f"{explanation.summary}: {decision.reason}"
        return replace(result, reason=reason, explanation=explanation)
    verdict: Verdict = "proved" if decision.truth else "refuted"
    precision = min(MOST_BITS, max(PRECISION, 2 * decision.bits))
    certificate = write_enriched_certificate(blank.claim, verdict, decision.evidence, precision=precision)
    try:
        accepted = check(blank.claim, certificate)
    except Rejected as rejection:
        if rejection.rule == "limit":
            reason = f"direct decided {str(decision.truth).lower()}, no certificate: {rejection.reason}"
            return replace(result, reason=reason)
        reason = f"the kernel rejects the certificate of the direct route: {rejection}"
        return replace(result, trouble=Trouble.KERNEL_REJECTED, reason=reason)
    return replace(
        result,
        outcome=Outcome(accepted.verdict),
        certified=True,
        certificate=certificate,
        certificate_digest=sha256(certificate).hexdigest(),
        reason="; ".join(accepted.trusted),
        explanation=explain_enriched(claim.formula, decision, dict_of(claim)),
    )


def dict_of(claim: RelationClaim) -> dict[int, str]:
    """What the script calls matrices that are computed, by their identity."""
    return {id(matrix): name for matrix, name in claim.names}


# --- the cache ------------------------------------------------------------------------------------


def _recall(blank: ClaimResult, key: str, cache: Cache | None) -> ClaimResult | None:
    """A verdict from the cache, its certificate re-checked now; None when there is none that passes."""
    stored = cache.get(key) if cache is not None else None
    if stored is None:
        return None
    try:
        accepted = check(blank.claim, stored.certificate)
    except Rejected:
        return None
    return replace(
        blank,
        outcome=Outcome(accepted.verdict),
        certified=True,
        certificate=stored.certificate,
        certificate_digest=sha256(stored.certificate).hexdigest(),
        engine=stored.engine,
        resources=stored.resources,
        reason="; ".join(accepted.trusted),
        explanation=stored.explanation,
        cached=True,
    )


def _stored(result: ClaimResult) -> Stored:
    return Stored(
        verdict=result.outcome.value,
        certificate=result.certificate,
        engine=result.engine,
        resources=result.resources,
        explanation=result.explanation,
    )
