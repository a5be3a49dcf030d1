"""The child process: problems in, answers out; the one place where provers load Z3.

A job is one line of JSON, ``{"job", "size", "kind", "options", "resources", "memory", "check", "count"}``, then
``size`` bytes
of SMT-LIB. An answer is one line of JSON, ``{"job", "status", "reason", "size", "resources", "solver"}``, then ``size``
bytes of JSON. Each job has a context of its own. The process ends with its input.

- ``quantified``: is the problem unsatisfiable? The body: ``[terms, instances]``, where a term is a list of a function's
  name and the numbers of earlier terms, and an instance a quantifier's name and an object from variables to terms.
- ``ground``: the problem declares Boolean constants ``n0``, ``n1``, … that imply one formula each; which of them are
  unsatisfiable together? The body: a list of numbers such that none can be left out, later ones being tried first.
  Each check after the first has ``check`` resource units, and leaves the formula in where that is not enough; when as
  many as ``resources`` are spent on such checks, the rest is left in, too.
"""

from __future__ import annotations

import contextlib
import json
from typing import Any

import z3

from formal.process.serve import serve

_MOST_INSTANCES = 50_000


def solve(header: dict[str, Any], text: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one job: its header and its body."""
    context = z3.Context()
    solver = z3.SimpleSolver(ctx=context)
    status, reason, body = "unknown", "", b""
    try:
        solver.set("rlimit", header["resources"])
        solver.set("max_memory", header["memory"])
        for name, value in header["options"].items():
            solver.set(name, value)
        if header["kind"] == "ground":
            status, found = _ground(solver, text, header)
        else:
            status, found = _quantified(solver, text)
        if status == "unknown":
            reason = solver.reason_unknown()
        if found is not None:
            body = json.dumps(found, separators=(",", ":")).encode()
    except z3.Z3Exception as exception:
        status, reason, body = "unknown", str(exception), b""
    return {"status": status, "reason": reason, "resources": _resources(solver), "size": len(body)}, body


def _quantified(solver: Any, text: bytes) -> tuple[str, object]:
    instantiations: list[Any] = []

    def log(proof: Any, dependencies: Any, literals: Any) -> None:
        if len(instantiations) < _MOST_INSTANCES and z3.is_app(proof) and proof.decl().name() == "inst":
            instantiations.append(proof)

    z3.OnClause(solver, log)
    solver.from_string(text)
    status = str(solver.check())
    return status, _instances(instantiations) if status == "unsat" else None


def _instances(instantiations: list[Any]) -> list[list[Any]]:
    terms: list[list[Any]] = []
    numbers: dict[int, int] = {}

    def number(expression: Any) -> int:
        stack = [expression]
        while stack:
            top = stack[-1]
            if top.get_id() in numbers:
                stack.pop()
                continue
            missing = [child for child in top.children() if child.get_id() not in numbers]
            if missing:
                stack.extend(missing)
                continue
            numbers[top.get_id()] = len(terms)
            terms.append([top.decl().name(), *(numbers[child.get_id()] for child in top.children())])
        return numbers[expression.get_id()]

    found: dict[str, list[Any]] = {}
    for proof in instantiations:
        quantifier = proof.arg(0)
        binding = next((part for part in proof.children() if z3.is_app(part) and part.decl().name() == "bind"), None)
        if binding is None or not z3.is_quantifier(quantifier):
            continue
        values = {quantifier.var_name(i): number(child) for i, child in enumerate(binding.children())}
        entry = [quantifier.qid(), values]
        found[json.dumps(entry)] = entry
    return [terms, list(found.values())]


def _ground(solver: Any, text: bytes, header: dict[str, Any]) -> tuple[str, object]:
    solver.from_string(text)
    names = [z3.Bool(f"n{number}", solver.ctx) for number in range(header["count"])]
    status = str(solver.check(*names))
    if status != "unsat":
        return status, None

    def core() -> list[int]:
        return sorted(int(str(name)[1:]) for name in solver.unsat_core())

    needed = core()
    most = _resources(solver) + header["resources"]
    solver.set("rlimit", header["check"])
    for candidate in reversed(needed[:]):
        if _resources(solver) > most:
            break
        if candidate in needed and solver.check(*(names[n] for n in needed if n != candidate)) == z3.unsat:
            needed = core()
    return status, needed


def _resources(solver: Any) -> int:
    with contextlib.suppress(z3.Z3Exception):
        statistics = solver.statistics()
        if "rlimit count" in statistics.keys():  # noqa: SIM118
            return int(statistics.get_key_value("rlimit count"))
    return 0


if __name__ == "__main__":
    serve(f"z3 {z3.get_version_string()}", solve)
