"""Quantales: the values of relations between the inputs of a model, and their exact arithmetic."""

from formal.quantale.box import Box
from formal.quantale.quantale import INFINITY, Number, Quantale

__all__ = ["INFINITY", "Box", "Number", "Quantale"]
