"""The command line as a process of its own, with bounds on its memory and time that end it."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
"""Of this package, so that the process finds it wherever it runs."""


@dataclass(frozen=True)
class Ended:
    """How it ended."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        return json.loads(self.out)

    def codes(self) -> dict[str, list[str]]:
        """The diagnostics' codes, by file."""
        return {file["file"]: [d["code"] for d in file["diagnostics"]] for file in self.report["files"]}

    def outcomes(self) -> dict[str, str]:
        """The claims' outcomes, or troubles, by name."""
        claims = (claim for file in self.report["files"] for claim in file["claims"])
        return {claim["name"]: claim["trouble"] or claim["outcome"] for claim in claims}


def formal(
    *arguments: str | Path,
    folder: Path,
    seconds: float = 60,
    mebibytes: int = 2048,
    environment: dict[str, str] | None = None,
) -> Ended:
    """Run ``formal`` in a folder; it must end by itself, without a traceback."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (mebibytes * 2**20,) * 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    path = os.pathsep.join(filter(None, [(environment or {}).get("PYTHONPATH"), str(PROJECT)]))
    ended = subprocess.run(
        [sys.executable, "-m", "formal", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **(environment or {}), "PYTHONPATH": path},
        capture_output=True,
        timeout=seconds,
        preexec_fn=limit,
        check=False,
    )
    out, err = ended.stdout.decode(), ended.stderr.decode()
    assert "Traceback" not in err, err
    return Ended(ended.returncode, out, err)
