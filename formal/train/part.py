"""Many runs in parts that can be started again: which are finished, and all others one after another.

A part is one seed of one experiment. It is finished when its record is there, was made by the same code from the same
claims, and each bundle that it names is as it was written. Each part has a process of its own, so that none can take
the others with it. Known without loading what trains.
"""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

INTERRUPTED = 130
"""Exit status of a command that was interrupted from the keyboard."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a command that was asked to end."""


@dataclass(frozen=True, slots=True)
class Part:
    """One seed of one experiment.

    Args:
        name: of the experiment.
        device: ``cpu``, ``cuda``, ``cuda:1``.
        scale: ``cpu`` or ``gpu``.
        folder: where its bundles are put.
        claims: the script that judges them; it need not be there.
    """

    name: str
    seed: int
    device: str
    scale: str
    folder: Path
    claims: Path

    @property
    def record(self) -> Path:
        """The file that says that the part is finished."""
        return self.folder / ".formal" / "train" / f"{self.name}-{self.scale}-seed{self.seed}.json"


class State(Enum):
    """What came of a part."""

    DONE = "done"
    BEFORE = "was done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A part, what came of it, the seconds that it took, and the files that it wrote."""

    part: Part
    state: State
    seconds: float = 0.0
    bundles: tuple[str, ...] = ()


def write_record(part: Part, bundles: Iterable[Path], seconds: float) -> None:
    """Say that a part is finished, once all its bundles are written."""
    record = {**_identity(part), "seconds": round(seconds, 1), "bundles": {p.name: _sha256(p) for p in bundles}}
    part.record.parent.mkdir(parents=True, exist_ok=True)
    unfinished = part.record.with_suffix(".tmp")
    unfinished.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.replace(part.record)


def read_record(part: Part) -> Mapping[str, Any] | None:
    """The record of a part that is finished; None when it has to run (again)."""
    try:
        record = json.loads(part.record.read_bytes())
        bundles = record["bundles"]
        same = all(record[key] == value for key, value in _identity(part).items())
        whole = all(_sha256(part.folder / Path(name).name) == digest for name, digest in bundles.items())
        seconds = float(record["seconds"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return {"seconds": seconds, "bundles": tuple(bundles)} if same and whole and bundles else None


def run_parts(
    parts: Iterable[Part], command: Sequence[str] = (sys.executable, "-P", "-m", "formal", "train")
) -> Iterator[Outcome]:
    """Run the parts that are not finished, in order, each in a process of its own; one that fails ends only itself.

    Args:
        command: what is started with the name and options of a part; it writes the record.
    Raises:
        KeyboardInterrupt: a part was interrupted; those before it stay finished.
    """
    for part in parts:
        record = read_record(part)
        if record is not None:
            yield Outcome(part, State.BEFORE, **record)
            continue
        options = ("--device", part.device, "--scale", part.scale, "--seed", str(part.seed), "--out", str(part.folder))
        status = subprocess.run([*command, part.name, *options], check=False).returncode
        if status == INTERRUPTED:
            raise KeyboardInterrupt
        record = read_record(part) if status == 0 else None
        yield Outcome(part, State.FAILED) if record is None else Outcome(part, State.DONE, **record)


@contextmanager
def ending_parts() -> Iterator[None]:
    """Within, a request to end (SIGTERM) ends the part that is running too, which else would train on unseen.

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
    width = max((len(each.part.name) for each in outcomes), default=0)
    lines = [
        f"{each.part.name:<{width}}  seed {each.part.seed}  {each.part.scale}  {each.state.value:<8}"
        + (
            f"  {each.seconds:7.1f} s  {len(each.bundles)} bundle{'s'[: len(each.bundles) != 1]}"
            if each.bundles
            else ""
        )
        for each in outcomes
    ]
    failed = sum(each.state is State.FAILED for each in outcomes)
    total = sum(each.seconds for each in outcomes if each.state is State.DONE)
    lines.append(f"{len(outcomes) - failed} of {len(outcomes)} parts are done; {total:.1f} s of training")
    return "".join(f"{line.rstrip()}\n" for line in lines)


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
