"""The kernel: re-checks a claim from its certificate, both bytes. Standard library only; see README.md."""

from formal.kernel.check import Accepted, check
from formal.kernel.reading import Limits, Rejected

__all__ = ["Accepted", "Limits", "Rejected", "check"]
