"""Large relation matrices: composition, closure and representability on arrays, compiled, in blocks, on all cores.

Matrices here are numpy arrays of floats or bits, too large for Python integers. Results are exact all the same: an
array operation proposes, within a proven bound on its rounding, and rational arithmetic decides what it proposed.

Compiled code needs numba (``pip install 'formal[fast]'``); without it the same results come from numpy, slower.
"""

from formal.bulk.boolean import Packed, compose_packed, pack, unpack
from formal.bulk.compose import Defect, closure, composite, defect
from formal.bulk.nearest import Nearest, nearest_columns
from formal.bulk.sample import RateBound, rate_bound, sampled_violations
from formal.bulk.source import ArraySource, KernelSource, Source

__all__ = [
    "ArraySource",
    "Defect",
    "KernelSource",
    "Nearest",
    "Packed",
    "RateBound",
    "Source",
    "closure",
    "compose_packed",
    "composite",
    "defect",
    "nearest_columns",
    "pack",
    "rate_bound",
    "sampled_violations",
    "unpack",
]
