"""Proofs of first-order obligations.

Configurations are tried one after another, first each with few resources, then case by case, then with many resources.
Where one says ``unsatisfiable``, the instances of axioms that it used are collected, a least set of them is sought that
has no model, and the kernel checks it; only then is there a proof. The result depends on the obligation and the limits
alone: resources are counted by the solver, not by a clock, and with several processes the first configuration of the
portfolio that proves it is reported, as with one. Only an attempt that a process does not survive, or that takes
``seconds``, is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from types import TracebackType

from formal import herbrand
from formal.certificate.theorem import write_herbrand_certificate, write_theorem_claim
from formal.herbrand.problem import Problem
from formal.prove.case import Case, cases_of, combined
from formal.prove.child import MEMORY, SECONDS, Child, Job, Reply, Status
from formal.prove.configuration import PORTFOLIO, Configuration
from formal.prove.encode import Encoded, decode, encode
from formal.prove.ground import Instantiation, refute, well_sorted
from formal.prove.result import Attempt, Instance, NotProved, Proof, Sequent
from formal.prove.term import IllSorted
from formal.prove.universe import Universe, instances_over, universe_of
from formal.text import Bug

Stop = Callable[[], bool]


MOST_CASES = 8
"""How many cases are worth distinguishing."""


@dataclass(frozen=True, slots=True)
class ProveLimits:
    """How much may be spent on one obligation.

    Args:
        short, long: resource units of a configuration's first and second attempt; 0: no such attempt.
        total: resource units after which no further attempt begins.
        cases: the most cases that a goal is divided into, when the first attempts fail; 1: it is left as it is.
        jobs: how many processes work at a time.
        seed: of the solver's random choices.
        trust_solver: whether ``unsatisfiable`` is enough where no instances are found that the kernel accepts.
        configurations: names of those to try, in this order; None for the portfolio.
        memory: MiB for a process.
        seconds: after so long a process that does not answer is killed: a safety net, not a budget.
    """

    short: int = 200_000
    long: int = 1_000_000
    total: int = 40_000_000
    cases: int = 1
    jobs: int = 1
    seed: int = 0
    trust_solver: bool = False
    configurations: tuple[str, ...] | None = None
    memory: int = MEMORY
    seconds: float = SECONDS

    @classmethod
    def within(
        cls, total: int, *, seed: int = 0, trust_solver: bool = False, memory: int = MEMORY, seconds: float = SECONDS
    ) -> ProveLimits:
        """Limits in the usual proportions, goals being divided.

        Args:
            total: resource units after which no further attempt begins.
        """
        short, long = max(1, total // 200), max(1, total // 40)
        return cls(short, long, total, MOST_CASES, seed=seed, trust_solver=trust_solver, memory=memory, seconds=seconds)


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
        account = _Account(limits.total)
        trusted = ""
        pending = list(_chosen(limits))
        for resources, dividing in ((limits.short, limits.cases > 1), (limits.long, False)):
            if not resources:
                continue
            results = self._round(question, pending, resources, limits, account, cancelled)
            account.charge([result.attempt for result in results])
            for result in results:
                if result.certificate:
                    return _proof(question, result.attempt.configuration, result, account)
                if result.unsatisfiable and not trusted:
                    trusted = result.attempt.configuration
            if dividing:
                by_cases = self._by_cases(question, limits, account, cancelled)
                if by_cases is not None:
                    return _proof(question, by_cases.attempt.configuration, by_cases, account)
            if cancelled.is_set():
                return NotProved(question.claim, tuple(account.attempts), "cancelled")
            # More resources are of no use to one that ended by itself.
            pending = [c for c, result in zip(pending, results, strict=False) if result.exhausted and not c.once]
        if trusted and limits.trust_solver:
            return Proof(trusted, (), question.claim, b"", tuple(account.attempts))
        return NotProved(question.claim, tuple(account.attempts), _reason(account, trusted))

    def _by_cases(
        self, question: _Question, limits: ProveLimits, account: _Account, cancelled: threading.Event
    ) -> _Result | None:
        """Refute the cases of the negated goal one by one, and put their instances together; None where that fails."""
        if account.is_spent or cancelled.is_set():
            return None
        problems = cases_of(question.claim, limits.cases)
        if len(problems) == 1:
            return None
        configurations = _chosen(limits)[:_SOON]
        refuted: list[Case] = []
        used: list[str] = []
        for number, problem in enumerate(problems, start=1):
            case = replace(
                question,
                problem=problem,
                introduced=question.introduced & problem.functions.keys(),
                universe=universe_of(problem, limit=_TERMS),
                suffix=f", case {number} of {len(problems)}",
            )
            results = self._round(case, configurations, limits.short, limits, account, cancelled)
            account.charge([result.attempt for result in results])
            found = next((result for result in results if result.least is not None), None)
            if found is None or found.least is None:
                return None
            refuted.append(Case(problem, found.least))
            used.append(found.attempt.configuration.removesuffix(case.suffix))
        name = f"{', '.join(dict.fromkeys(used))}, by cases"
        instances = combined(question.problem, refuted)
        result = _certify(self._children[0], question, name, instances, 0, 100 * limits.short, limits, cancelled.is_set)
        account.charge([result.attempt])
        return result if result.certificate else None

    def _round(
        self,
        question: _Question,
        configurations: Sequence[Configuration],
        resources: int,
        limits: ProveLimits,
        account: _Account,
        cancelled: threading.Event,
    ) -> list[_Result]:
        """One attempt by each configuration, up to the first that succeeds, or until the account is spent."""
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
                    known = [result.attempt for result in results[:number] if result is not None]
                if number is None or number > winner or cancelled.is_set() or account.is_spent_after(known):
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
                    if result.least is not None:
                        winner = min(winner, number)

        if jobs == 1:
            work(self._children[0])
        else:
            with ThreadPoolExecutor(jobs) as pool:
                for future in [pool.submit(work, child) for child in self._children[:jobs]]:
                    future.result()
        # What several processes did beyond what one would have done does not count.
        done: list[_Result] = []
        for result in results[: winner + 1]:
            if result is None or account.is_spent_after([earlier.attempt for earlier in done]):
                break
            done.append(result)
        return done


@dataclass(slots=True)
class _Account:
    """Attempts, and the resource units that may be spent on them."""

    total: int
    attempts: list[Attempt] = field(default_factory=list)

    def charge(self, attempts: Iterable[Attempt]) -> None:
        """Add attempts."""
        self.attempts += attempts

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left for another attempt."""
        return self.is_spent_after(())

    def is_spent_after(self, attempts: Iterable[Attempt]) -> bool:
        """Whether nothing will be left after some attempts."""
        return sum(attempt.resources for attempt in (*self.attempts, *attempts)) >= self.total


@dataclass(frozen=True, slots=True)
class _Question:
    """An obligation, its Skolem form or that of one of its cases, and terms over it.

    Args:
        suffix: what is said of a case beside the name of the configuration; empty for the whole.
    """

    claim: bytes
    problem: Problem
    introduced: frozenset[str]
    universe: Universe
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class _Result:
    """What comes of one attempt.

    Args:
        least: instances that have no model.
        certificate: made of them, and accepted by the kernel; empty where there is none, or for a case.
        unsatisfiable: whether the solver says so.
        exhausted: whether the attempt ended because the resources did.
    """

    attempt: Attempt
    least: list[Instantiation] | None = None
    certificate: bytes = b""
    unsatisfiable: bool = False
    exhausted: bool = False


_TERMS = 100
"""How many closed terms the solver can be made to know."""
_SOON = 10
"""How many configurations a case is given to: where none of the first does, the others would not make up for it."""


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
    name = configuration.name + question.suffix
    if configuration.encoding is None:
        universe = universe_of(question.problem, limit=configuration.terms)
        found = instances_over(universe, question.problem, limit=configuration.instances)
        return _certify(child, question, name, found, 0, resources, limits, stop)
    encoded = encode(
        question.universe,
        question.problem,
        question.introduced,
        configuration.encoding,
        configuration.triggers,
        configuration.terms,
    )
    options = {**dict(configuration.options), "smt.random_seed": limits.seed}
    job = Job("quantified", encoded.text, options, resources, memory=limits.memory, seconds=limits.seconds)
    reply = child.ask(job, stop)
    if reply.status is not Status.UNSAT:
        return _failure(name, reply, resources)
    found = _instantiations(encoded, reply)
    result = _certify(child, question, name, found, reply.resources, resources, limits, stop)
    return replace(result, unsatisfiable=True)


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
    name: str,
    found: list[Instantiation],
    used: int,
    resources: int,
    limits: ProveLimits,
    stop: Stop,
) -> _Result:
    """The least of some instances that have no model; those of the whole obligation are shown to the kernel."""
    problem, typing = question.problem, question.universe.typing
    instances = well_sorted(problem, typing, found)
    least, reply = refute(
        child, problem, typing, instances, resources, stop, memory=limits.memory, seconds=limits.seconds
    )
    used += reply.resources
    if least is None:
        if reply.status in (Status.KILLED, Status.CRASHED):
            return _failure(name, reply, resources)
        attempt = Attempt(name, "unknown", used, "its instances do not refute the negated goal")
        return _Result(attempt, exhausted=reply.resources >= resources)
    if question.suffix:
        return _Result(Attempt(name, "proved", used), least)
    certificate = write_herbrand_certificate(question.claim, least)
    try:
        herbrand.check(question.claim, certificate)
    except herbrand.Rejected as rejected:
        detail = f"the kernel does not accept its instances: {rejected}"
        return _Result(Attempt(name, "unknown", used, detail), unsatisfiable=True)
    return _Result(Attempt(name, "proved", used), least, certificate, unsatisfiable=True)


def _failure(name: str, reply: Reply, resources: int) -> _Result:
    answers = {Status.KILLED: "killed", Status.CRASHED: "crashed"}
    attempt = Attempt(name, answers.get(reply.status, "unknown"), reply.resources, reply.detail)
    return _Result(attempt, exhausted=reply.status is Status.UNKNOWN and reply.resources >= resources)


def _proof(question: _Question, name: str, result: _Result, account: _Account) -> Proof:
    instances = tuple(Instance(axiom, terms) for axiom, terms in result.least or ())
    return Proof(name, instances, question.claim, result.certificate, tuple(account.attempts))


def _reason(account: _Account, trusted: str) -> str:
    attempts = account.attempts
    if trusted:
        return f"{trusted} says that it is proved, without instances that the kernel accepts"
    if attempts and all(attempt.answer in ("killed", "crashed") for attempt in attempts):
        return f"no prover works: {attempts[0].detail}"
    if account.is_spent:
        return f"the budget of {account.total} resource units is spent"
    tried = len({attempt.configuration for attempt in attempts})
    return f"{tried} configurations did not prove it within their resources"


def statistics(prover: Prover, sequent: Sequent, configuration: str, *, seed: int, resources: int = 200_000) -> Attempt:
    """What one configuration makes of an obligation with one seed."""
    limits = ProveLimits(short=resources, long=0, cases=1, seed=seed, configurations=(configuration,))
    return prover.prove(sequent, limits).attempts[0]
