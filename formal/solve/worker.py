"""The child process: problems of real arithmetic in, answers out; the one place of this folder where Z3 is loaded.

A job is one line of JSON, ``{"job", "size", "resources", "memory"}``, then ``size`` bytes of SMT-LIB. An answer is one
line of JSON, ``{"job", "status", "reason", "size", "resources", "solver"}``, with ``size`` 0. Each job has a context of
its own. The process ends with its input.
"""

from __future__ import annotations

import contextlib
from typing import Any

import z3

from formal.process.serve import serve


def solve(header: dict[str, Any], text: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one job."""
    context = z3.Context()
    solver = z3.SolverFor("QF_NRA", ctx=context)
    status, reason, used = "unknown", "", 0
    try:
        solver.set("rlimit", header["resources"])
        solver.set("max_memory", header["memory"])
        solver.from_string(text)
        status = str(solver.check())
        if status == "unknown":
            reason = solver.reason_unknown()
        with contextlib.suppress(z3.Z3Exception):
            used = int(solver.statistics().get_key_value("rlimit count"))
    except z3.Z3Exception as exception:
        status, reason = "unknown", str(exception)
    return {"status": status, "reason": reason[:200], "resources": used, "size": 0}, b""


if __name__ == "__main__":
    serve(f"z3 {z3.get_version_string()}", solve)
