"""Relation bundles: what a trained model says about its inputs, read as categories, presheaves and matrices."""

from formal.bundle.choose import read_as
from formal.bundle.delooping import delooping_category
from formal.bundle.matrix import features, matrix, vector
from formal.bundle.model import Array, Bundle, BundleLimits, Scale
from formal.bundle.preorder import preorder_category
from formal.bundle.read import bundle_from_bytes, read_bundle
from formal.bundle.reading import CategoryReading, Reading, task_presheaf
from formal.bundle.score import Agreement, Measurement, Score, measurements, predictions, scores, scores_of, selected
from formal.bundle.torsor import torsor_category
from formal.bundle.write import Content, bundle_bytes, rewrite, write_bundle

__all__ = [
    "Agreement",
    "Array",
    "Bundle",
    "BundleLimits",
    "CategoryReading",
    "Content",
    "Measurement",
    "Reading",
    "Scale",
    "Score",
    "bundle_bytes",
    "bundle_from_bytes",
    "delooping_category",
    "features",
    "matrix",
    "measurements",
    "predictions",
    "preorder_category",
    "read_as",
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
