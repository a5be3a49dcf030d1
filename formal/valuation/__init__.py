"""Truth of claims about relations over a quantale, by exact arithmetic, with evidence that makes it short to check."""

from formal.valuation.decide import Decision, decide
from formal.valuation.enclosure import HasParameter
from formal.valuation.limit import Limits
from formal.valuation.parts import parameters

__all__ = ["Decision", "HasParameter", "Limits", "decide", "parameters"]
