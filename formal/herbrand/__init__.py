"""The kernel for theorems: re-checks that instances of axioms refute the negation of a goal, with no solver.

It imports nothing but the standard library.
"""
