"""Claims decided by Z3: formulas as clauses, a child process that solves them, models that are re-evaluated here."""
