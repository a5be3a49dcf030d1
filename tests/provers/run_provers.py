"""Run other provers on the obligations of scripts, beside ours: ``python -m tests.provers.run_provers FILE.cat …``.

Every obligation is exported as SMT-LIB and TPTP. What is expected to be proved is given to our provers, to cvc5 (by
default, and with ``enum-inst``) and to E; what is expected to be refuted to our model search, and to cvc5's where the
exported text says all of it. Times are in seconds, from the start of a process to its end; of our own provers, whose
processes live on, from question to answer.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from formal.certificate.theorem import write_theorem_claim
from formal.elaborate.module import Loader
from formal.prove.export import to_smtlib, to_tptp
from formal.prove.external import External, ExternalLimits, available, command, read_status
from formal.prove.first_order import first_order
from formal.prove.prover import Prover
from formal.prove.result import Proof
from formal.refute.limit import SearchLimits
from formal.refute.refuter import Refuter
from formal.refute.result import CounterModel
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.text import Source

Run = Callable[[], bool]
"""Whether an obligation is solved: proved, or refuted if that is expected."""


def obligations(paths: list[Path]) -> Iterator[tuple[Statement, Obligation, bool]]:
    """The obligations of scripts, and whether they are expected to be refuted."""
    for path in paths:
        source = Source(str(path), path.read_text(encoding="utf-8"))
        script = Loader(path.parent).elaborate(source)
        for diagnostic in script.diagnostics:
            raise SystemExit(f"{path}: {diagnostic.message}")
        for node in script.theorems:
            statement = elaborate(node, script.module, str(path))
            is_false = node.expect is not None and node.expect.text == "refuted"
            chosen = statement.obligations[-1:] if is_false else statement.obligations
            yield from ((statement, obligation, is_false) for obligation in chosen)


def runs(
    statement: Statement,
    obligation: Obligation,
    is_false: bool,
    folder: Path,
    seconds: float,
    prover: Prover,
    refuter: Refuter,
) -> Iterator[tuple[str, Run]]:
    """What there is to run, by name; the exported obligation is left in the folder."""
    sequent = first_order(statement, obligation)
    claim = write_theorem_claim(sequent)
    stem = "".join(c if c.isalnum() else "_" for c in f"{statement.name}__{obligation.name}")
    smt, tptp = folder / f"{stem}.smt2", folder / f"{stem}.p"
    smt.write_text(to_smtlib(claim), encoding="ascii")
    tptp.write_text(to_tptp(claim), encoding="ascii")

    def says(words: list[str], answer: str) -> bool:
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.stdout.split()[-1:] == [answer]

    def by_e() -> bool:
        words = command(External.E, tptp, ExternalLimits(seconds=seconds))
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=seconds + 1, check=False)
        except subprocess.TimeoutExpired:
            return False
        return read_status(External.E, done.stdout).answer == "proved"

    program = [sys.executable, "-m", "tests.provers.cvc5_program", str(smt)]
    if is_false:
        yield "ours", lambda: isinstance(refuter.search(statement, obligation, SearchLimits()), CounterModel)
        if External.CVC5 in available() and not sequent.lost:
            yield "cvc5 finite-model-find", lambda: says([*program, "finite-model-find=true"], "sat")
        return
    yield "ours", lambda: isinstance(prover.prove(sequent), Proof)
    if External.CVC5 in available():
        yield "cvc5", lambda: says(program, "unsat")
        yield "cvc5 enum-inst", lambda: says([*program, "enum-inst=true"], "unsat")
    if External.E in available():
        yield "E", by_e


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("exported"), help="where obligations are written")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each prover and obligation")
    parser.add_argument("--every", type=int, default=1, help="only every n-th obligation")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    results: dict[tuple[bool, str], list[float | None]] = {}
    with Prover() as prover, Refuter() as refuter:
        for number, (statement, obligation, is_false) in enumerate(obligations(options.files)):
            if number % options.every:
                continue
            cells = []
            for name, run in runs(statement, obligation, is_false, options.folder, options.seconds, prover, refuter):
                started = time.perf_counter()
                is_solved = run()
                taken = time.perf_counter() - started if is_solved else None
                results.setdefault((is_false, name), []).append(taken)
                cells.append(f"{name} {taken:.2f}" if taken is not None else f"{name} –")
            print(f"{statement.name}, {obligation.name}: {'; '.join(cells)}", flush=True)
    for is_false in (False, True):
        print("\nRefuted" if is_false else "\nProved")
        for (group, name), times in results.items():
            if group is is_false:
                solved = [t for t in times if t is not None]
                median = f"{statistics.median(solved):.2f}" if solved else "–"
                print(f"  {name}: {len(solved)} of {len(times)}, median {median}, together {sum(solved):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
