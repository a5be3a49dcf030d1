"""Relation bundles: what a trained model says about its inputs, read as categories, presheaves and matrices."""

from formal.bundle.matrix import features, matrix, vector
from formal.bundle.model import Array, Bundle, BundleLimits, Scale
from formal.bundle.read import bundle_from_bytes, read_bundle
from formal.bundle.score import Agreement, Measurement, Score, measurements, predictions, scores, scores_of, selected
from formal.bundle.torsor import TorsorReading, task_presheaf, torsor_category
from formal.bundle.write import Content, bundle_bytes, rewrite, write_bundle

__all__ = [
    "Agreement",
    "Array",
    "Bundle",
    "BundleLimits",
    "Content",
    "Measurement",
    "Scale",
    "Score",
    "TorsorReading",
    "bundle_bytes",
    "bundle_from_bytes",
    "features",
    "matrix",
    "measurements",
    "predictions",
    "read_bundle",
    "rewrite",
    "scores",
    "scores_of",
    "selected",
    "task_presheaf",
    "torsor_category",
    "vector",
    "write_bundle",
]
