"""Claims with a parameter: the exact set of numbers for which they hold, a union of intervals with algebraic ends."""

from formal.solve.decomposition import NotOneParameter, solve
from formal.solve.solution import Piece, Solution, Status
from formal.solve.substitute import OutsideQuantale, OutsideRange, substitute

__all__ = [
    "NotOneParameter",
    "OutsideQuantale",
    "OutsideRange",
    "Piece",
    "Solution",
    "Status",
    "solve",
    "substitute",
]
