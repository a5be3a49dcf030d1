"""The child process that asks cvc5; it answers the same questions in the same form as ``z3_worker``, but ground ones.

The instances that it gives are those of cvc5's own proof. Options are cvc5's; resource units are too.
"""

from __future__ import annotations

import json
import re
from typing import Any

import cvc5

from formal.process.serve import serve

OPTIONS = {
    "produce-proofs": "true",
    "print-inst-full": "false",
    "dag-thresh": "0",
    "miniscope-quant": "off",
    "var-elim-quant": "false",
}
"""Quantifiers are left as they are, so that instances are of them by name, and printed as trees."""
_TOKEN = re.compile(r"\(|\)|[^\s()]+")


def solve(header: dict[str, Any], text: bytes) -> tuple[dict[str, Any], bytes]:
    """The answer to one job: its header and its body."""
    solver = cvc5.Solver(cvc5.TermManager())
    status, reason, body = "unknown", "", b""
    try:
        options = {**OPTIONS, "rlimit": str(header["resources"])}
        options |= {name: str(value).lower() for name, value in header["options"].items()}
        for name, value in options.items():
            solver.setOption(name, value)
        binders = _read_problem(solver, text.decode("ascii"))
        result = solver.checkSat()
        if result.isUnsat():
            status = "unsat"
            listed = solver.getInstantiations()
            found = instances(listed.decode() if isinstance(listed, bytes) else listed, binders)
            body = json.dumps(found, separators=(",", ":")).encode()
        elif result.isSat():
            status = "sat"
        else:
            reason = str(result.getUnknownExplanation())
    except RuntimeError as error:
        status, reason, body = "unknown", str(error), b""
    return {"status": status, "reason": reason, "resources": 0, "size": len(body)}, body


def _read_problem(solver: Any, text: str) -> dict[str, list[str]]:
    """Assert what a text says; the variables of its quantifiers, by their names."""
    parser = cvc5.InputParser(solver)
    parser.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, f"(set-logic UF)\n{text}", "problem")
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        command.invoke(solver, symbols)
    quantified = re.compile(r"\(forall \(((?:\(\w+ \w+\) ?)+)\).*? :qid (\w+)")
    return {qid: re.findall(r"\((\w+) \w+\)", bound) for bound, qid in quantified.findall(text)}


def instances(listed: str, binders: dict[str, list[str]]) -> list[list[Any]]:
    """The instantiations that cvc5 prints as ``[terms, instances]``; see ``z3_worker``.

    Args:
        listed: ``(instantiations NAME (TERM …) …) …``.
        binders: the variables of the quantifiers, in order.
    """
    terms: list[list[Any]] = []
    numbers: dict[str, int] = {}
    found: list[list[Any]] = []
    stack: list[list[Any]] = [[]]

    def number(term: list[Any]) -> int:
        key = json.dumps(term)
        if key not in numbers:
            numbers[key] = len(terms)
            terms.append(term)
        return numbers[key]

    for token in _TOKEN.findall(listed):
        if token == "(":
            stack.append([])
            continue
        if token != ")":
            # At depth 2 stand the words of an entry; a name below is a constant, or the head of an application.
            is_word = len(stack) <= 2 or (len(stack) > 3 and not stack[-1])
            stack[-1].append(token if is_word else number([token]))
            continue
        closed = stack.pop()
        if len(stack) == 1 and closed[:1] == ["instantiations"]:
            name, *tuples = closed[1:]
            found += [[name, dict(zip(binders[name], each, strict=True))] for each in tuples if name in binders]
        elif len(stack) == 2:
            stack[-1].append(closed)
        elif len(stack) > 2:
            stack[-1].append(number(closed))
    return [terms, found]


if __name__ == "__main__":
    serve(f"cvc5 {cvc5.__version__}", solve)
