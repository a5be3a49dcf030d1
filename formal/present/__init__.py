"""From a presentation to the finite category it presents, or to the reason why there is none."""

from formal.present.enumerate import enumerate_category
from formal.present.limit import Limits
from formal.present.proof import proof_failures

__all__ = ["Limits", "enumerate_category", "proof_failures"]
