"""From a model's arrays to relations: embeddings, similarities, log-probabilities, distances, activations."""

from formal.adapter.capture import capture
from formal.adapter.profunctor import Profunctor
from formal.adapter.relations import Relations

__all__ = ["Profunctor", "Relations", "capture"]
