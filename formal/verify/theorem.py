"""One theorem: every obligation proved with a certificate, or refuted by a counter-model that is replayed as claims.

A proof counts when ``herbrand`` has accepted its certificate. A counter-model counts when the script that declares it
is elaborated, decided and certified like any other script, every hypothesis proved and the goal refuted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from formal.certificate.theorem import write_theorem_claim
from formal.herbrand import Rejected, check
from formal.instance.explain import explain_refutation
from formal.instance.replay import Check, Confirmed, Contradicted, Unconfirmed, replay
from formal.instance.script import Inexpressible, script_of
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits
from formal.prove.result import NotProved, Proof, Sequent
from formal.refute.limit import SearchLimits
from formal.refute.result import CounterModel, Searched
from formal.refute.stored import decode_model, encode_model
from formal.statement.model import Obligation, Statement
from formal.statement.show import show_formula
from formal.store.cache import Cache, Stored, cache_key
from formal.syntax import ast
from formal.verdict.result import (
    ClaimResult,
    Explanation,
    Line,
    ObligationResult,
    Outcome,
    Part,
    Trouble,
)
from formal.verify.engines import Engines
from formal.verify.options import Options
from formal.verify.race import Runner, race
from formal.verify.remember import Kernel

_HEAD_START_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Setting:
    """What theorems are decided with.

    Args:
        check: replays counter-models: decides a script given as a text by the direct route.
        declarations: definitions that statements may use and that do not stand in their own files.
        cache: proofs and counter-models remembered; they are re-checked and replayed all the same.
        proving, searching: limits; None for those of the options.
        head_start: seconds that the expected one of proof and refutation has before the other is attempted.
    """

    options: Options
    engines: Engines
    check: Check
    declarations: tuple[ast.Declaration, ...] = ()
    cache: Cache | None = None
    proving: ProveLimits | None = None
    searching: SearchLimits | None = None
    head_start: float = _HEAD_START_SECONDS


@dataclass(frozen=True, slots=True)
class Refutation:
    """A counter-model that was replayed.

    Args:
        script: declares it, and claims the hypotheses and the goal.
        claims: the results on these claims.
    """

    model: CounterModel
    script: str
    claims: tuple[ClaimResult, ...]


@dataclass(frozen=True, slots=True)
class NotReplayed:
    """A counter-model that was evaluated again by plain enumeration only: no refutation."""

    model: CounterModel
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """The verdict on an obligation with what it rests on."""

    result: ObligationResult
    proof: Proof | None = None
    refutation: Refutation | None = None
    not_replayed: NotReplayed | None = None


def decide_theorem(statement: Statement, setting: Setting) -> tuple[ClaimResult, Refutation | None]:
    """The verdict on a theorem: that of its obligations, in order, up to one that is refuted."""
    started = time.perf_counter()
    found: list[Found] = []
    for obligation in statement.obligations:
        found.append(decide_obligation(statement, obligation, setting))
        if found[-1].result.outcome is Outcome.REFUTED:
            break
    result = replace(_together(statement, found), seconds=time.perf_counter() - started)
    return result, found[-1].refutation


def refute_theorem(statement: Statement, setting: Setting) -> tuple[ClaimResult, Refutation | None]:
    """Only look for counter-models; a theorem without one is bounded at best."""
    started = time.perf_counter()
    found: list[Found] = []
    for obligation in statement.obligations:
        model = setting.engines.refuter.search(statement, obligation, setting.options.search_limits())
        found.append(_conclude(statement, obligation, _blank(obligation), None, model, setting))
        if found[-1].refutation is not None:
            break
    result = replace(_together(statement, found), seconds=time.perf_counter() - started)
    return result, found[-1].refutation


def prove_theorem(statement: Statement, setting: Setting) -> Iterator[tuple[Obligation, Proof | None]]:
    """Only look for proofs, obligation by obligation; None where there is none with a certificate."""
    for obligation in statement.obligations:
        proof = setting.engines.prover.prove(first_order(statement, obligation), setting.options.prove_limits())
        yield obligation, proof if isinstance(proof, Proof) and proof.certificate else None


# --- one obligation -------------------------------------------------------------------------------


def decide_obligation(statement: Statement, obligation: Obligation, setting: Setting) -> Found:
    """Race proof and refutation; whichever is expected has a head start."""
    started = time.perf_counter()
    blank = _blank(obligation)
    remembered = _Memory(statement, obligation, setting)
    sequent = first_order(statement, obligation)
    found = remembered.recall(blank, sequent)
    if found is not None:
        return replace(found, result=replace(found.result, cached=True, seconds=time.perf_counter() - started))
    options = setting.options
    proving, searching = setting.proving or options.prove_limits(), setting.searching or options.search_limits()
    proof, model = race_within(statement, obligation, sequent, proving, searching, setting.engines, setting.head_start)
    if options.provers and isinstance(proof, NotProved) and not isinstance(model, CounterModel):
        proof = _ask_others(sequent, proof, options)
    found = _re_checked(_conclude(statement, obligation, blank, proof, model, setting), sequent)
    remembered.keep(found)
    return replace(found, result=replace(found.result, seconds=time.perf_counter() - started))


def _ask_others(sequent: Sequent, ours: NotProved, options: Options) -> Proof | NotProved:
    """What other provers, where they are installed, make of something that Z3 does not prove."""
    from formal.prove.external import ExternalLimits, available, prove_externally

    attempts, reasons = ours.attempts, [ours.reason]
    for prover in available():
        other = prove_externally(sequent, prover, ExternalLimits(trust=options.trust_solver))
        attempts += other.attempts
        if isinstance(other, Proof):
            return replace(other, configuration=f"{other.configuration}, not by Z3", attempts=attempts)
        reasons.append(other.reason)
    return NotProved(ours.claim, attempts, "; ".join(reasons))


def race_within(
    statement: Statement,
    obligation: Obligation,
    sequent: Sequent,
    proving: ProveLimits,
    searching: SearchLimits,
    engines: Engines,
    head_start: float = _HEAD_START_SECONDS,
) -> tuple[Proof | NotProved | None, CounterModel | Searched | None]:
    """Race the provers and the model search; None for the one that was stopped."""
    stopped = threading.Event()
    prover: Runner[Proof | NotProved] = Runner(
        lambda: engines.prover.prove(sequent, proving, stopped),
        stopped.set,
        lambda result: isinstance(result, Proof),
    )
    refuter: Runner[CounterModel | Searched] = Runner(
        lambda: engines.refuter.search(statement, obligation, searching),
        engines.refuter.cancel,
        lambda result: isinstance(result, CounterModel),
    )
    if expected(statement) is Outcome.REFUTED:
        return race(refuter, prover, head_start)[::-1]
    return race(prover, refuter, head_start)


def _blank(obligation: Obligation) -> ObligationResult:
    statement = show_formula(obligation.formula)
    return ObligationResult(obligation.name, obligation.purpose.value, obligation.span, statement, Outcome.UNKNOWN)


class _Memory:
    """What a cache knows of an obligation. Nothing of it is believed: certificates are re-checked, models replayed."""

    def __init__(self, statement: Statement, obligation: Obligation, setting: Setting) -> None:
        self._statement = statement
        self._obligation = obligation
        self._setting = setting
        hypotheses = [f"{h.name}: {show_formula(h.formula)}" for h in statement.available(obligation)]
        parts = [statement.node.span.text, *hypotheses, obligation.name, show_formula(obligation.formula)]
        digest = sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
        self._key = cache_key(digest, "theorem", str(setting.options.seed))

    def recall(self, blank: ObligationResult, sequent: Sequent) -> Found | None:
        """The verdict, re-checked; None when there is none that passes."""
        cache = self._setting.cache
        stored = cache.get(self._key) if cache is not None else None
        if stored is None:
            return None
        if stored.verdict == Outcome.PROVED:
            claim = write_theorem_claim(sequent)
            accepted = Kernel(check, Rejected).accepted(claim, stored.certificate)
            if accepted is None:
                return None
            proof = Proof(stored.engine, (), claim, stored.certificate, ())
            result = replace(_proved(blank, proof), instances=accepted.instances, resources=stored.resources)
            return Found(result, proof=proof)
        model = decode_model(stored.certificate)
        if model is None:
            return None
        found = _refuted(self._statement, self._obligation, blank, model, self._setting)
        return found if found.result.outcome is Outcome.REFUTED else None

    def keep(self, found: Found) -> None:
        """Remember a certified verdict."""
        cache = self._setting.cache
        if cache is None or not found.result.certified:
            return
        if found.proof is not None:
            content = found.proof.certificate
        elif found.refutation is not None:
            content = encode_model(found.refutation.model)
        else:
            return
        result = found.result
        cache.put(self._key, Stored(result.outcome.value, content, engine=result.engine, resources=result.resources))


def _conclude(
    statement: Statement,
    obligation: Obligation,
    blank: ObligationResult,
    proof: Proof | NotProved | None,
    model: CounterModel | Searched | None,
    setting: Setting,
) -> Found:
    """What the two routes say together. Two definite answers that contradict each other are our fault."""
    if isinstance(model, CounterModel):
        found = _refuted(statement, obligation, blank, model, setting)
        if isinstance(proof, Proof) and found.result.outcome is Outcome.REFUTED:
            reason = f"{proof.configuration} proves what has a counter-model"
            return Found(
                replace(found.result, outcome=Outcome.UNKNOWN, trouble=Trouble.ENGINES_DISAGREE, reason=reason)
            )
        if not isinstance(proof, Proof) or found.result.trouble is not None:
            return found
    if isinstance(proof, Proof):
        return Found(_proved(blank, proof), proof=proof)
    reasons = [proof.reason] if proof is not None else []
    if isinstance(model, Searched):
        words = f"no counter-model with {sizes(model)}"
        resources = (("search", model.resources),)
        if model.size < 0:
            return Found(replace(blank, reason="; ".join([*reasons, model.reason])))
        reason = "; ".join([words, *([model.reason] if model.exhausted else []), *reasons])
        if isinstance(proof, NotProved) and proof.is_interrupted:
            return Found(replace(blank, reason=reason))
        return Found(replace(blank, outcome=Outcome.BOUNDED, engine="search", reason=reason, resources=resources))
    return Found(replace(blank, reason="; ".join(reasons)))


def _re_checked(found: Found, sequent: Sequent) -> Found:
    """A proof counts when the kernel accepts it here, for the claim that is written here."""
    proof = found.proof
    if proof is None or not proof.certificate:
        return found
    claim = write_theorem_claim(sequent)
    try:
        check(claim, proof.certificate)
    except Rejected as rejection:
        reason = f"the kernel rejects the certificate of {proof.configuration}: {rejection}"
        return Found(
            replace(
                found.result,
                outcome=Outcome.UNKNOWN,
                certified=False,
                trouble=Trouble.KERNEL_REJECTED,
                reason=reason,
            )
        )
    return replace(found, proof=replace(proof, claim=claim))


def _proved(blank: ObligationResult, proof: Proof) -> ObligationResult:
    used = tuple((attempt.configuration, attempt.resources) for attempt in proof.attempts if attempt.resources)
    return replace(
        blank,
        outcome=Outcome.PROVED,
        engine=proof.configuration,
        certified=bool(proof.certificate),
        instances=len(proof.instances),
        resources=used,
    )


def _refuted(
    statement: Statement, obligation: Obligation, blank: ObligationResult, model: CounterModel, setting: Setting
) -> Found:
    """A counter-model, replayed: only then is it a refutation."""
    blank = replace(blank, engine="search", resources=(("search", model.resources),))
    try:
        script = script_of(statement, obligation, model, declarations=setting.declarations)
    except Inexpressible as what:
        return _not_replayed(blank, model, f"{what} cannot be said in claims")
    match replay(script, setting.check):
        case Confirmed(claims=claims):
            result = replace(blank, outcome=Outcome.REFUTED, certified=True)
            return Found(result, refutation=Refutation(model, script, claims))
        case Unconfirmed(reason=reason):
            return _not_replayed(blank, model, reason)
        case Contradicted(reason=reason):
            return Found(replace(blank, trouble=Trouble.ENGINES_DISAGREE, reason=reason))


def _not_replayed(blank: ObligationResult, model: CounterModel, reason: str) -> Found:
    words = f"a counter-model of size {model.size} was found, not replayed: {reason}"
    return Found(replace(blank, reason=words), not_replayed=NotReplayed(model, reason))


def sizes(searched: Searched) -> str:
    """``<= 3 objects and <= 9 arrows``."""
    bounds = [f"≤ {searched.objects} objects", f"≤ {searched.arrows} arrows"]
    if searched.elements:
        bounds.append(f"≤ {searched.elements} elements")
    return f"{', '.join(bounds[:-1])} and {bounds[-1]}, of total size ≤ {searched.size}"


# --- all of them ----------------------------------------------------------------------------------


def expected(statement: Statement) -> Outcome:
    """The verdict that the script expects."""
    return Outcome(statement.node.expect.text) if statement.node.expect is not None else Outcome.PROVED


def _together(statement: Statement, found: list[Found]) -> ClaimResult:
    node = statement.node
    results = tuple(each.result for each in found)
    trouble = next((result for result in results if result.trouble is not None), None)
    refuted = next((each for each in found if each.result.outcome is Outcome.REFUTED), None)
    outcome = _worst([result.outcome for result in results])
    undecided = [r for r in results if r.outcome in (Outcome.UNKNOWN, Outcome.BOUNDED)]
    statement_text = " ".join(node.span.text.split())
    blank = ClaimResult(
        node.name.text,
        statement.file,
        node.name.span,
        node.doc,
        statement_text,
        expected(statement),
        outcome,
        engine="proof",
        certified=all(result.certified for result in results),
        obligations=results,
        resources=_resources(results),
    )
    if trouble is not None:
        return replace(blank, trouble=trouble.trouble, reason=f"{trouble.name}: {trouble.reason}")
    if refuted is not None and refuted.refutation is not None:
        refutation = refuted.refutation
        obligation = statement.obligations[len(found) - 1]
        return replace(
            blank,
            engine="search",
            certified=refuted.result.certified,
            explanation=explain_refutation(
                statement, obligation, refutation.model, refutation.script, refutation.claims
            ),
            parts=tuple(_claim_part(claim) for claim in refutation.claims),
        )
    parts = tuple(_proof_part(each) for each in found if each.proof is not None and each.proof.certificate)
    if undecided:
        reason = "; ".join(f"{result.name}: {result.reason}" for result in undecided)
        return replace(blank, certified=False, reason=reason, parts=parts)
    return replace(blank, parts=parts, explanation=_explain_proof(results))


def _worst(outcomes: list[Outcome]) -> Outcome:
    for outcome in (Outcome.REFUTED, Outcome.UNKNOWN, Outcome.BOUNDED):
        if outcome in outcomes:
            return outcome
    return Outcome.PROVED


def _resources(results: tuple[ObligationResult, ...]) -> tuple[tuple[str, int], ...]:
    total = {"instances": sum(result.instances for result in results)}
    for result in results:
        for name, amount in result.resources:
            kind = "search" if name == "search" else "rlimit"
            total[kind] = total.get(kind, 0) + amount
    return tuple(sorted((name, amount) for name, amount in total.items() if amount))


def _explain_proof(results: tuple[ObligationResult, ...]) -> Explanation:
    many = f"{len(results)} obligations" if len(results) > 1 else "1 obligation"
    instances = sum(result.instances for result in results)
    lines = tuple(Line(0, f"{r.name}: {r.instances} instances, found by {r.engine}") for r in results)
    noun = "instance" if instances == 1 else "instances"
    return Explanation(f"{many}, {instances} {noun} of laws and hypotheses", lines)


def _proof_part(found: Found) -> Part:
    assert found.proof is not None
    return _part(found.result.name, "proved", found.proof.claim, found.proof.certificate)


def _claim_part(claim: ClaimResult) -> Part:
    return _part(f"counter-model {claim.name}", claim.outcome.value, claim.claim, claim.certificate)


def _part(name: str, verdict: str, claim: bytes, certificate: bytes) -> Part:
    return Part(
        name.replace(":", ""),
        verdict,
        claim,
        certificate,
        sha256(claim).hexdigest(),
        sha256(certificate).hexdigest(),
    )
