"""The child process: problems in, answers out; the one place where Z3 is loaded.

A job is one line of JSON, ``{"job", "size", "resources", "memory", "seed"}``, then ``size`` bytes of DIMACS; or with
``"logic"`` beside these, of SMT-LIB, and then no model is wanted. An answer is one line of JSON,
``{"job", "status", "reason", "size", "resources", "solver"}``, then ``size`` bytes: for ``sat`` the model, one byte a
variable from 0, 0 or 1. Each job has a context of its own. The process ends with its input.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

import z3

from formal.process.serve import serve

_VARIABLE = re.compile(r"define-fun k!(\d+) \(\) Bool\s+true\)")


def solve(header: dict[str, Any], text: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one job: its header and the model."""
    context = z3.Context()
    solver = z3.SolverFor(header.get("logic", "QF_FD"), ctx=context)
    solver.set("rlimit", header["resources"])
    solver.set("max_memory", header["memory"])
    solver.set("random_seed", header["seed"])
    status, reason, model = "unknown", "", b""
    try:
        solver.from_string(text)
        status = str(solver.check())
        if status == "sat" and "logic" not in header:
            model = _model(solver, context, int(text.split(maxsplit=3)[2]))
        elif status == "unknown":
            reason = solver.reason_unknown()
    except z3.Z3Exception as exception:
        status, reason = "unknown", str(exception)
    return {"status": status, "reason": reason, "resources": _resources(solver), "size": len(model)}, model


def _model(solver: Any, context: Any, variables: int) -> bytes:
    values = bytearray(variables + 1)
    text = z3.Z3_model_to_string(context.ref(), solver.model().model)
    for match in _VARIABLE.finditer(text):
        values[int(match[1])] = 1
    return bytes(values)


def _resources(solver: Any) -> int:
    with contextlib.suppress(z3.Z3Exception):
        statistics = solver.statistics()
        if "rlimit count" in statistics.keys():  # noqa: SIM118
            return int(statistics.get_key_value("rlimit count"))
    return 0


if __name__ == "__main__":
    serve(f"z3 {z3.get_version_string()}", solve)
