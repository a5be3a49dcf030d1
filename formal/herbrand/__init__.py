"""The kernel for theorems: re-checks that instances of axioms refute the negation of a goal, with no solver.

It imports nothing but the standard library. See README.md.
"""

from formal.herbrand.check import Accepted, check, ground_formula, refutes, refuting_instances
from formal.herbrand.reading import Limits, Rejected
from formal.herbrand.skolem import read

__all__ = ["Accepted", "Limits", "Rejected", "check", "ground_formula", "read", "refutes", "refuting_instances"]
