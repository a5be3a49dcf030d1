"""Claims with a parameter: the exact set of numbers for which they hold, a union of intervals with algebraic ends."""

from formal.solve.solution import Piece, Solution, Status
from formal.solve.solve import NotOneParameter, solve

__all__ = ["NotOneParameter", "Piece", "Solution", "Status", "solve"]
