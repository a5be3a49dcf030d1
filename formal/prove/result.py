"""What an attempt to prove an obligation gives."""

from __future__ import annotations

from dataclasses import dataclass

from formal.logic.theory import Axiom, Formula, Function


@dataclass(frozen=True, slots=True)
class Sequent:
    """A first-order obligation: from the axioms follows the goal. No second-order formula occurs.

    Args:
        theorem, obligation: names, for reports.
        categories: names.
        set_functors: name, category, whether contravariant.
        functions: given, constructed and Skolem symbols; identities, composition and actions are understood.
        axioms: named; the laws of categories and set-valued functors are understood.
        lost: what was left out, in words, because it is second-order: the sequent is the stronger for it.
    """

    theorem: str
    obligation: str
    categories: tuple[str, ...]
    set_functors: tuple[tuple[str, str, bool], ...]
    functions: tuple[Function, ...]
    axioms: tuple[Axiom, ...]
    goal: Formula
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instance:
    """An axiom of the Skolem form with terms, in the kernel's notation, for its explicit variables."""

    axiom: str
    terms: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One configuration's try.

    Args:
        configuration: prover, encoding, triggers, seed: ``z3 ends, triggers, seed 1``.
        answer: ``proved``, ``unknown``, ``killed``, ``crashed``.
        resources: resource units used, deterministic.
    """

    configuration: str
    answer: str
    resources: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The obligation holds.

    Args:
        configuration: the one that proved it.
        instances: minimised; empty when a prover gave no proof and none was found.
        claim, certificate: the bytes that the kernel accepted; ``certificate`` is empty without instances.
    """

    configuration: str
    instances: tuple[Instance, ...]
    claim: bytes
    certificate: bytes
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class NotProved:
    """No configuration proved it within its resources."""

    claim: bytes
    attempts: tuple[Attempt, ...]
    reason: str

    @property
    def is_interrupted(self) -> bool:
        """Whether an attempt came to no end of its own, so that another time there may be a proof."""
        return any(attempt.answer in ("killed", "crashed") for attempt in self.attempts)
