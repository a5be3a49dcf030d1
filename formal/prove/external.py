"""Provers that need not be there: cvc5, E and Vampire, to confirm a proof or to add one.

What cvc5 proves has a certificate: the instances of its proof are minimised, and checked by the kernel. E and Vampire
are given the exported obligation and are not asked for a proof; what they say counts only where they are trusted.

cvc5 is limited in its own resource units, which are deterministic; E and Vampire in processor time, which is not.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import assert_never

from formal import herbrand
from formal.certificate.theorem import write_herbrand_certificate, write_theorem_claim
from formal.herbrand.problem import Problem
from formal.prove.child import Child, Job, Reply, Status
from formal.prove.encode import Encoded, Encoding, Triggers, decode, encode
from formal.prove.export import to_tptp
from formal.prove.ground import Instantiation, refute, well_sorted
from formal.prove.result import Attempt, Instance, NotProved, Proof, Sequent
from formal.prove.term import IllSorted
from formal.prove.universe import universe_of

Stop = Callable[[], bool]


class External(StrEnum):
    """A prover, or a configuration of one."""

    CVC5 = "cvc5"
    CVC5_ENUMERATION = "cvc5 enum-inst"
    E = "E"
    VAMPIRE = "Vampire"


PROGRAMS = {External.E: "eprover", External.VAMPIRE: "vampire"}
OPTIONS: dict[External, dict[str, bool | int]] = {External.CVC5: {}, External.CVC5_ENUMERATION: {"enum-inst": True}}


@dataclass(frozen=True, slots=True)
class ExternalLimits:
    """What may be spent on one obligation.

    Args:
        resources: cvc5's resource units.
        seconds: processor time of E and Vampire; every prover is killed after a few times as long.
        memory: MiB.
        trust: whether the answer is enough where there are no instances that the kernel accepts.
    """

    resources: int = 3_000_000
    seconds: float = 10
    memory: int = 2048
    trust: bool = False


def available() -> tuple[External, ...]:
    """The provers that are there."""
    return tuple(prover for prover in External if _is_there(prover))


def _is_there(prover: External) -> bool:
    if prover in PROGRAMS:
        return shutil.which(PROGRAMS[prover]) is not None
    return find_spec("cvc5") is not None


def never() -> bool:
    """Nobody asks to stop."""
    return False


DEFAULT = ExternalLimits()


def prove_externally(
    sequent: Sequent, prover: External, limits: ExternalLimits = DEFAULT, stop: Stop = never
) -> Proof | NotProved:
    """Ask one prover.

    Args:
        stop: asked now and then; cvc5 is killed when it says so.
    Returns:
        The proof names the prover. Without a certificate only if the prover is trusted.
    """
    claim = write_theorem_claim(sequent)
    if not _is_there(prover):
        return NotProved(claim, (), f"{prover} is not installed")
    match prover:
        case External.CVC5 | External.CVC5_ENUMERATION:
            attempt, instances = _ask_cvc5(claim, sequent, prover, limits, stop)
        case External.E | External.VAMPIRE:
            attempt, instances = _ask_program(claim, prover, limits), ()
        case _:
            assert_never(prover)
    if instances:
        certificate = write_herbrand_certificate(claim, instances)
        try:
            herbrand.check(claim, certificate)
        except herbrand.Rejected as rejected:
            return NotProved(claim, (attempt,), f"the kernel does not accept the instances of {prover}: {rejected}")
        proof = tuple(Instance(name, terms) for name, terms in instances)
        return Proof(attempt.configuration, proof, claim, certificate, (attempt,))
    if attempt.answer == "proved" and limits.trust:
        return Proof(attempt.configuration, (), claim, b"", (attempt,))
    if attempt.answer == "proved":
        return NotProved(claim, (attempt,), f"{prover} says that it is proved, and gives no instances")
    return NotProved(claim, (attempt,), f"{prover} did not prove it: {attempt.detail or attempt.answer}")


# --- cvc5 ------------------------------------------------------------------------------------------

_TERMS = 60
"""How many closed terms cvc5 is made to know."""


def _ask_cvc5(
    claim: bytes, sequent: Sequent, prover: External, limits: ExternalLimits, stop: Stop
) -> tuple[Attempt, tuple[Instantiation, ...]]:
    """Its answer; and instances that refute the negated goal, of which none can be left out."""
    problem = herbrand.read(claim)
    universe = universe_of(problem, limit=_TERMS)
    introduced = frozenset(problem.functions) - _declared(sequent)
    encoded = encode(universe, problem, introduced, Encoding.HOM, Triggers.AUTOMATIC, _TERMS)
    kill_after = 3.0 * limits.seconds
    job = Job("quantified", encoded.text, OPTIONS[prover], limits.resources, seconds=kill_after, memory=limits.memory)
    with Child([sys.executable, "-P", "-m", "formal.prove.cvc5_worker"]) as child:
        reply = child.ask(job, stop)
    if reply.status is not Status.UNSAT:
        answer = str(reply.status) if reply.status in (Status.KILLED, Status.CRASHED) else "unknown"
        return Attempt(str(prover), answer, detail=reply.detail), ()
    with Child() as child:
        least = _least(child, problem, encoded, reply, stop)
    detail = "" if least else "its instances do not refute the negated goal"
    return Attempt(str(prover), "proved", detail=detail), least


def _least(child: Child, problem: Problem, encoded: Encoded, reply: Reply, stop: Stop) -> tuple[Instantiation, ...]:
    found: dict[Instantiation, None] = {}
    terms: list[object] = []
    table, entries = reply.body
    for head, *parts in table:
        terms.append((head, *(terms[part] for part in parts)))
    for name, values in entries:
        try:
            instance = decode(encoded, name, {variable: terms[n] for variable, n in values.items()})
        except IllSorted:
            continue
        if instance is not None:
            found[instance] = None
    instances = well_sorted(problem, encoded.typing, list(found))
    least, _ = refute(child, problem, encoded.typing, instances, 20_000_000, stop)
    return tuple(least or ())


def _declared(sequent: Sequent) -> frozenset[str]:
    structure = [f"{head}.{name}" for head in ("id", "comp") for name in sequent.categories]
    actions = [f"act.{name}" for name, _, _ in sequent.set_functors]
    return frozenset([*structure, *actions, *(function.name for function in sequent.functions)])


# --- programs --------------------------------------------------------------------------------------


def _ask_program(claim: bytes, prover: External, limits: ExternalLimits) -> Attempt:
    """The answer of a program that reads TPTP and prints an SZS status."""
    with tempfile.TemporaryDirectory() as folder:
        problem = Path(folder) / "obligation.p"
        problem.write_text(to_tptp(claim), encoding="ascii")
        process = subprocess.Popen(
            command(prover, problem, limits),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=3.0 * limits.seconds)
        except subprocess.TimeoutExpired:
            return Attempt(str(prover), "killed", detail=f"no answer after {3 * limits.seconds} seconds")
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
    return read_status(prover, output.decode("utf-8", "replace"))


def command(prover: External, problem: Path, limits: ExternalLimits) -> list[str]:
    """How a program is called."""
    program, seconds, memory = PROGRAMS[prover], max(1, round(limits.seconds)), limits.memory
    if prover is External.E:
        return [program, "--auto", "--silent", f"--cpu-limit={seconds}", f"--memory-limit={memory}", str(problem)]
    return [program, "--mode", "casc", "-t", str(seconds), "-m", str(memory), str(problem)]


def read_status(prover: External, output: str) -> Attempt:
    """What the SZS status in a program's output says.

    Source: Sutcliffe, The SZS ontologies for automated reasoning software (2008).
    """
    statuses = re.findall(r"^[#%] SZS status (\w+)", output, re.MULTILINE)
    if not statuses:
        return Attempt(str(prover), "crashed", detail="it gives no status")
    if "Theorem" in statuses or "ContradictoryAxioms" in statuses:
        return Attempt(str(prover), "proved")
    return Attempt(str(prover), "unknown", detail=statuses[-1])
