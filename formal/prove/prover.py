"""Proofs of first-order obligations.

Configurations are tried one after another, first each with few resources, then with many. Where one says
``unsatisfiable``, the instances of axioms that it used are collected, a least set of them is sought that has no model,
and the kernel checks it; only then is there a proof. The result depends on the obligation and the limits alone: with
several processes the first configuration of the portfolio that proves it is reported, as with one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from types import TracebackType

from formal import herbrand
from formal.certificate.theorem import write_herbrand_certificate, write_theorem_claim
from formal.herbrand.problem import Problem
from formal.prove.child import Child, Job, Reply, Status
from formal.prove.configuration import PORTFOLIO, Configuration
from formal.prove.encode import Encoded, decode, encode
from formal.prove.ground import Instantiation, refute, well_sorted
from formal.prove.result import Attempt, Instance, NotProved, Proof, Sequent
from formal.prove.term import IllSorted
from formal.prove.universe import Universe, instances_over, universe_of
from formal.text import Bug

Stop = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class ProveLimits:
    """How much may be spent on one obligation.

    Args:
        short, long: resource units of a configuration's first and second attempt; 0: no such attempt.
        jobs: how many processes work at a time.
        seed: of the solver's random choices.
        trust_solver: whether ``unsatisfiable`` is enough where no instances are found that the kernel accepts.
        configurations: names of those to try, in this order; None for the portfolio.
        memory: MiB for a process.
    """

    short: int = 200_000
    long: int = 1_000_000
    jobs: int = 1
    seed: int = 0
    trust_solver: bool = False
    configurations: tuple[str, ...] | None = None
    memory: int = 2048


class Prover:
    """Proves obligations; its processes are started when they are needed, and live until ``close``.

    ``prove`` is called by one thread at a time; ``cancel`` by any.
    """

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._lock = threading.Lock()
        self._cancelled: threading.Event | None = None

    def __enter__(self) -> Prover:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill the processes."""
        children, self._children = self._children, []
        for child in children:
            child.close()

    def cancel(self) -> None:
        """Make the running ``prove`` return soon, without a proof unless it has one; nothing happens if none runs."""
        with self._lock:
            if self._cancelled is not None:
                self._cancelled.set()

    def prove(
        self, sequent: Sequent, limits: ProveLimits = ProveLimits(), cancelled: threading.Event | None = None
    ) -> Proof | NotProved:
        """Attempt to prove an obligation.

        Args:
            cancelled: when it is set, perhaps already before the call, the attempt ends; ``cancel`` sets it too.
        Returns:
            A proof whose certificate the kernel has accepted; with ``trust_solver`` perhaps one without certificate.
        """
        event = threading.Event() if cancelled is None else cancelled
        with self._lock:
            self._cancelled = event
        try:
            return self._prove(_question(sequent), limits, event)
        finally:
            with self._lock:
                self._cancelled = None

    def _prove(self, question: _Question, limits: ProveLimits, cancelled: threading.Event) -> Proof | NotProved:
        chosen = _chosen(limits)
        attempts: list[Attempt] = []
        trusted = ""
        pending = list(chosen)
        for resources in (limits.short, limits.long):
            if not resources:
                continue
            results = self._round(question, pending, resources, limits, cancelled)
            attempts += [result.attempt for result in results]
            for result in results:
                if result.certificate:
                    name = result.attempt.configuration
                    return Proof(name, result.instances, question.claim, result.certificate, tuple(attempts))
                if result.unsatisfiable and not trusted:
                    trusted = result.attempt.configuration
            if cancelled.is_set():
                return NotProved(question.claim, tuple(attempts), "cancelled")
            # More resources are of no use to one that ended by itself.
            pending = [c for c, result in zip(pending, results, strict=True) if result.exhausted]
        if trusted and limits.trust_solver:
            return Proof(trusted, (), question.claim, b"", tuple(attempts))
        return NotProved(question.claim, tuple(attempts), _reason(attempts, trusted))

    def _round(
        self,
        question: _Question,
        configurations: list[Configuration],
        resources: int,
        limits: ProveLimits,
        cancelled: threading.Event,
    ) -> list[_Result]:
        """One attempt by each configuration, up to the first that proves it."""
        jobs = max(1, min(limits.jobs, len(configurations)))
        while len(self._children) < jobs:
            self._children.append(Child())
        results: list[_Result | None] = [None] * len(configurations)
        lock = threading.Lock()
        queue = iter(range(len(configurations)))
        winner = len(configurations)

        def pointless(number: int) -> bool:
            return cancelled.is_set() or winner < number

        def work(child: Child) -> None:
            nonlocal winner
            while True:
                with lock:
                    number = next(queue, None)
                if number is None or number > winner or cancelled.is_set():
                    return
                result = _attempt(
                    child,
                    question,
                    configurations[number],
                    configurations[number].budget(resources),
                    limits,
                    partial(pointless, number),
                )
                with lock:
                    results[number] = result
                    if result.certificate:
                        winner = min(winner, number)

        if jobs == 1:
            work(self._children[0])
        else:
            with ThreadPoolExecutor(jobs) as pool:
                for future in [pool.submit(work, child) for child in self._children[:jobs]]:
                    future.result()
        return [result for result in results[: winner + 1] if result is not None]


@dataclass(frozen=True, slots=True)
class _Question:
    """An obligation, its Skolem form, and terms over it."""

    claim: bytes
    problem: Problem
    introduced: frozenset[str]
    universe: Universe


@dataclass(frozen=True, slots=True)
class _Result:
    """What comes of one attempt.

    Args:
        unsatisfiable: whether the solver says so.
        exhausted: whether the attempt ended because the resources did.
    """

    attempt: Attempt
    instances: tuple[Instance, ...] = ()
    certificate: bytes = b""
    unsatisfiable: bool = False
    exhausted: bool = False


_TERMS = 100
"""How many closed terms the solver can be made to know."""


def _question(sequent: Sequent) -> _Question:
    claim = write_theorem_claim(sequent)
    problem = herbrand.read(claim)
    declared = {function.name for function in sequent.functions}
    structure = {f"{head}.{name}" for head, names in _structure(sequent) for name in names}
    introduced = frozenset(problem.functions) - declared - structure
    return _Question(claim, problem, introduced, universe_of(problem, limit=_TERMS))


def _structure(sequent: Sequent) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "id", sequent.categories
    yield "comp", sequent.categories
    yield "act", tuple(name for name, _, _ in sequent.set_functors)


def _chosen(limits: ProveLimits) -> list[Configuration]:
    if limits.configurations is None:
        return list(PORTFOLIO)
    known = {configuration.name: configuration for configuration in PORTFOLIO}
    if unknown := [name for name in limits.configurations if name not in known]:
        raise Bug(f"no such configuration: {unknown[0]}")
    return [known[name] for name in limits.configurations]


def _attempt(
    child: Child, question: _Question, configuration: Configuration, resources: int, limits: ProveLimits, stop: Stop
) -> _Result:
    """One configuration's attempt: solve, collect instances, minimise, let the kernel check."""
    if configuration.encoding is None:
        universe = universe_of(question.problem, limit=configuration.terms)
        found = instances_over(universe, question.problem, limit=configuration.instances)
        return _certify(child, question, configuration, found, 0, resources, stop, unsatisfiable=False)
    encoded = encode(
        question.universe,
        question.problem,
        question.introduced,
        configuration.encoding,
        configuration.triggers,
        configuration.terms,
    )
    options = {**dict(configuration.options), "smt.random_seed": limits.seed}
    reply = child.ask(Job("quantified", encoded.text, options, resources, memory=limits.memory), stop)
    if reply.status is not Status.UNSAT:
        return _failure(configuration, reply, resources)
    found = _instantiations(encoded, reply)
    return _certify(child, question, configuration, found, reply.resources, resources, stop, unsatisfiable=True)


def _instantiations(encoded: Encoded, reply: Reply) -> list[Instantiation]:
    """The typed instances that the solver's log amounts to; what cannot be read is left out."""
    try:
        table, entries = reply.body
        terms: list[object] = []
        for head, *parts in table:
            terms.append((head, *(terms[part] for part in parts)))
        logged = [(name, {variable: terms[n] for variable, n in values.items()}) for name, values in entries]
    except (TypeError, ValueError, IndexError, AttributeError):
        return []
    found: dict[Instantiation, None] = {}
    for name, values in logged:
        try:
            instance = decode(encoded, name, values)
        except IllSorted:
            continue
        if instance is not None:
            found[instance] = None
    return list(found)


def _certify(
    child: Child,
    question: _Question,
    configuration: Configuration,
    found: list[Instantiation],
    used: int,
    resources: int,
    stop: Stop,
    *,
    unsatisfiable: bool,
) -> _Result:
    typing = question.universe.typing
    instances = well_sorted(question.problem, typing, found)
    least, reply = refute(child, question.problem, typing, instances, resources, stop)
    used += reply.resources
    if least is None:
        if reply.status in (Status.KILLED, Status.CRASHED):
            return _failure(configuration, reply, resources)
        detail = "its instances do not refute the negated goal" if unsatisfiable else ""
        attempt = Attempt(configuration.name, "unknown", used, detail)
        return _Result(attempt, unsatisfiable=unsatisfiable, exhausted=reply.resources >= resources)
    certificate = write_herbrand_certificate(question.claim, least)
    try:
        herbrand.check(question.claim, certificate)
    except herbrand.Rejected as rejected:
        detail = f"the kernel does not accept its instances: {rejected}"
        return _Result(Attempt(configuration.name, "unknown", used, detail), unsatisfiable=unsatisfiable)
    proof = tuple(Instance(name, terms) for name, terms in least)
    return _Result(Attempt(configuration.name, "proved", used), proof, certificate, unsatisfiable=True)


def _failure(configuration: Configuration, reply: Reply, resources: int) -> _Result:
    answers = {Status.KILLED: "killed", Status.CRASHED: "crashed"}
    attempt = Attempt(configuration.name, answers.get(reply.status, "unknown"), reply.resources, reply.detail)
    return _Result(attempt, exhausted=reply.status is Status.UNKNOWN and reply.resources >= resources)


def _reason(attempts: list[Attempt], trusted: str) -> str:
    if trusted:
        return f"{trusted} says that it is proved, without instances that the kernel accepts"
    if attempts and all(attempt.answer in ("killed", "crashed") for attempt in attempts):
        return f"no prover works: {attempts[0].detail}"
    tried = len({attempt.configuration for attempt in attempts})
    return f"{tried} configurations did not prove it within their resources"


def statistics(prover: Prover, sequent: Sequent, configuration: str, *, seed: int, resources: int = 200_000) -> Attempt:
    """What one configuration makes of an obligation with one seed."""
    limits = ProveLimits(short=resources, long=0, seed=seed, configurations=(configuration,))
    return prover.prove(sequent, limits).attempts[0]
