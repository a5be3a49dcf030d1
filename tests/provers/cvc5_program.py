"""cvc5 as a program that prints its answers: ``python -m tests.provers.cvc5_program FILE [NAME=VALUE …]``."""

from __future__ import annotations

import sys

import cvc5


def main(file: str, *options: str) -> None:
    solver = cvc5.Solver(cvc5.TermManager())
    for option in options:
        solver.setOption(*option.split("=", 1))
    parser = cvc5.InputParser(solver)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, file)
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        sys.stdout.write(command.invoke(solver, symbols))


if __name__ == "__main__":
    main(*sys.argv[1:])
