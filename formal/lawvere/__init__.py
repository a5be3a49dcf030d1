"""The kernel for claims about relations over a quantale: bytes in, accepted or rejected. Standard library only."""

from formal.lawvere.check import Accepted, check
from formal.lawvere.reading import Limits, Rejected

__all__ = ["Accepted", "Limits", "Rejected", "check"]
