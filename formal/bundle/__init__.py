"""Relation bundles: what a trained model says about its inputs, read as categories and presheaves."""

from formal.bundle.matrix import features, matrix, vector
from formal.bundle.model import Array, Bundle, BundleLimits, Scale
from formal.bundle.read import read_bundle
from formal.bundle.torsor import TorsorReading, task_presheaf, torsor_category

__all__ = [
    "Array",
    "Bundle",
    "BundleLimits",
    "Scale",
    "TorsorReading",
    "features",
    "matrix",
    "read_bundle",
    "task_presheaf",
    "torsor_category",
    "vector",
]
