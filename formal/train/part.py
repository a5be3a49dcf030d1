"""Many runs in parts that can be started again: which are finished, and all others, some of them at the same time.

A part is one seed of one experiment. It is finished when its record is there, was made by the same code from the same
claims, and each bundle that it names is as it was written. Each part has a process of its own, so that none can take
the others with it, and so that several small models share a device. Known without loading what trains.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import IO, Any

INTERRUPTED = 130
"""Exit status of a command that was interrupted from the keyboard."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that was asked to end."""
_PATIENCE = 10.0
"""Seconds in which a part has to end when it is asked to; then it is killed."""
_GLANCE = 0.05
"""Seconds between two looks at the parts that are running."""


@dataclass(frozen=True, slots=True)
class Part:
    """One seed of one experiment.

    Args:
        name: of the experiment.
        device: ``cpu``, ``cuda``, ``cuda:1``.
        scale: ``cpu`` or ``gpu``.
        folder: where its bundles are put.
        claims: the script that judges them; it need not be there.
        steps: how many steps of each stage are tried, writing nothing; None for a run.
    """

    name: str
    seed: int
    device: str
    scale: str
    folder: Path
    claims: Path
    steps: int | None = None

    @property
    def record(self) -> Path:
        """The file that says that the part is finished."""
        return self.folder / ".formal" / "train" / f"{self.name}-{self.scale}-seed{self.seed}.json"


class State(Enum):
    """What came of a part."""

    DONE = "done"
    BEFORE = "was done"
    TRIED = "tried"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part took.

    Args:
        seconds: in all.
        pace: steps a second, while it trained.
        memory: the most bytes that it used: of the GPU, or of the process on a CPU; 0 where that is not known.
    """

    seconds: float = 0.0
    pace: float = 0.0
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """A part, what came of it, what it took, the files that it wrote, and what it printed beside others."""

    part: Part
    state: State
    cost: Cost = Cost()
    bundles: tuple[str, ...] = ()
    printed: str = field(default="", compare=False)


def write_record(part: Part, bundles: Iterable[Path], cost: Cost) -> None:
    """Say that a part is finished, once all its bundles are written."""
    rounded = {name: round(value, 1) for name, value in asdict(cost).items()}
    record = {**_identity(part), "cost": rounded, "bundles": {path.name: _sha256(path) for path in bundles}}
    part.record.parent.mkdir(parents=True, exist_ok=True)
    unfinished = part.record.with_suffix(".tmp")
    unfinished.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(part.record)


def read_record(part: Part) -> tuple[Cost, tuple[str, ...]] | None:
    """What a finished part took, and its bundles; None when it has to run (again)."""
    try:
        record = json.loads(part.record.read_bytes())
        bundles = record["bundles"]
        same = all(record[key] == value for key, value in _identity(part).items())
        whole = all(_sha256(part.folder / Path(name).name) == digest for name, digest in bundles.items())
        cost = Cost(float(record["cost"]["seconds"]), float(record["cost"]["pace"]), int(record["cost"]["memory"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return (cost, tuple(bundles)) if same and whole and bundles else None


def run_parts(
    parts: Iterable[Part], command: Sequence[str] = (sys.executable, "-P", "-m", "formal", "train"), *, jobs: int = 1
) -> Generator[Outcome, None, None]:
    """Run the parts that are not finished, each in a process of its own; one that fails ends only itself.

    Args:
        command: what is started with the name and options of a part; it writes the record.
        jobs: how many run at the same time. What they print is kept apart when it is more than one.
    Returns:
        their outcomes in the order of the parts, each as soon as those before it are known. Whoever asks for no more
        of them, or is interrupted, ends all that are running.
    Raises:
        KeyboardInterrupt: a part was interrupted; those that are finished stay so.
    """
    waiting = list(enumerate(parts))
    count = len(waiting)
    running: dict[int, _Running] = {}
    done: dict[int, Outcome] = {}
    try:
        for index in range(count):
            while index not in done:
                while waiting and len(running) < jobs and index not in done:
                    number, part = waiting.pop(0)
                    record = read_record(part) if part.steps is None else None
                    if record is None:
                        running[number] = _Running.start(part, command, is_alone=jobs == 1)
                    else:
                        done[number] = Outcome(part, State.BEFORE, *record)
                for number in [number for number, each in running.items() if each.process.poll() is not None]:
                    done[number] = running.pop(number).outcome()
                if index not in done:
                    time.sleep(_GLANCE)
            yield done.pop(index)
    finally:
        _end(running.values())


@dataclass(frozen=True, slots=True, eq=False)
class _Running:
    """A part that is running, and the file that it prints to; None when it prints where we do."""

    part: Part
    process: subprocess.Popen[bytes]
    printed: IO[bytes] | None
    begun: float

    @classmethod
    def start(cls, part: Part, command: Sequence[str], *, is_alone: bool) -> _Running:
        steps = () if part.steps is None else ("--steps", str(part.steps))
        options = (*steps, "--device", part.device, "--scale", part.scale, "--seed", str(part.seed))
        options += ("--out", str(part.folder))
        printed = None if is_alone else tempfile.TemporaryFile()  # noqa: SIM115
        process = subprocess.Popen([*command, part.name, *options], stdout=printed, stderr=printed)
        return cls(part, process, printed, time.monotonic())

    def outcome(self) -> Outcome:
        """What came of it, once it has ended.

        Raises:
            KeyboardInterrupt: it was interrupted.
        """
        if self.process.returncode == INTERRUPTED:
            raise KeyboardInterrupt
        text = ""
        if self.printed is not None:
            self.printed.seek(0)
            text = self.printed.read().decode(errors="replace")
            self.printed.close()
        if self.part.steps is not None and self.process.returncode == 0:
            return Outcome(self.part, State.TRIED, Cost(time.monotonic() - self.begun), printed=text)
        record = read_record(self.part) if self.process.returncode == 0 else None
        if record is None:
            return Outcome(self.part, State.FAILED, printed=text)
        return Outcome(self.part, State.DONE, *record, printed=text)


def _end(running: Collection[_Running]) -> None:
    """End parts: ask all of them, and kill those that do not."""
    last = time.monotonic() + _PATIENCE
    for each in running:
        each.process.terminate()
    for each in running:
        try:
            each.process.wait(max(0.0, last - time.monotonic()))
        except subprocess.TimeoutExpired:
            each.process.kill()
            each.process.wait()
        if each.printed is not None:
            each.printed.close()


@contextmanager
def ending_parts() -> Iterator[None]:
    """Within, a request to end (SIGTERM) ends the parts that are running too, which else would train on unseen.

    Raises:
        SystemExit: with ``TERMINATED``, at the request.
    """

    def end(*_: object) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def table(outcomes: Sequence[Outcome]) -> str:
    """A line for each part, and how many of them failed."""
    width = max(len(name) for name in ("experiment", *(each.part.name for each in outcomes)))
    lines = [f"{'experiment':<{width}}  seed  scale  state     seconds  steps/s    MiB  bundles"]
    for each in outcomes:
        cost = each.cost
        line = f"{each.part.name:<{width}}  {each.part.seed:>4}  {each.part.scale:>5}  {each.state.value:<8}"
        if each.bundles:
            memory = f"{cost.memory / 2**20:.0f}" if cost.memory else "-"
            line += f"  {cost.seconds:7.1f}  {cost.pace:7.1f}  {memory:>5}  {len(each.bundles):>7}"
        elif each.state is State.TRIED:
            line += f"  {cost.seconds:7.1f}"
        lines.append(line.rstrip())
    failed = sum(each.state is State.FAILED for each in outcomes)
    total = sum(each.cost.seconds for each in outcomes if each.state is State.DONE)
    lines.append(f"{len(outcomes) - failed} of {len(outcomes)} parts are done; {total:.1f} s of training")
    return "".join(f"{line}\n" for line in lines)


def _identity(part: Part) -> dict[str, Any]:
    """What a record has to agree with."""
    return {
        "experiment": part.name,
        "seed": part.seed,
        "scale": part.scale,
        "device": part.device,
        "claims": _sha256(part.claims) if part.claims.is_file() else "",
        "code": _code(),
    }


def _code() -> str:
    """A digest of the modules of this folder: of the configurations too, which are written there."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
