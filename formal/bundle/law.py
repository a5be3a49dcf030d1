"""Whether a relation is a category: which identities it lacks, where composites exceed it, and how often.

A matrix R over a quantale is a category when the unit is at most R(x, x) and R(x, y) (x) R(y, z) at most R(x, z).

Source: Lawvere 1973, Metric spaces, generalized logic, and closed categories.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.model import Array, Bundle
from formal.quantale import INFINITY, Number, Quantale

MOST_OBJECTS = 2000
"""For a look at all composites; beyond it disjoint triples are sampled."""
_MOST_COUNTED = 400
"""Objects for which triples are counted one by one."""


@dataclass(frozen=True, slots=True)
class Laws:
    """What a relation lacks to be a category.

    Args:
        objects: n.
        identities: how many objects have R(x, x) other than the unit.
        identity: the object that lacks most, and how much, exactly; None when none does.
        defect: by how much R(x, y) (x) R(y, z) exceeds R(x, z) at the worst triple: exact there; 0 where all excess is
            within the rounding of doubles.
        triple: its labels.
        violated: triples (or pairs (x, z), see ``counts``) with an excess beyond rounding, of how many.
        counts: ``triples``, ``pairs``, or ``sampled triples``.
        rate: for samples, the bound on the rate of violations at 95 % confidence.
    """

    objects: int
    identities: int
    identity: tuple[str, Number] | None
    defect: Number
    triple: tuple[str, str, str] | None
    violated: int
    tested: int
    counts: str
    rate: float | None = None


def laws(bundle: Bundle, array: Array, quantale: Quantale) -> Laws:
    """Look at the axioms of a category, composites in doubles, what is reported of them exactly.

    Args:
        array: shape (n, n), with values in the carrier.
    """
    from formal.bulk.semiring import rounding

    labels = bundle.axes[array.axes[0]]
    values = doubles(array)
    unit, sign = quantale.unit, -1 if quantale is Quantale.LAWVERE else 1
    lack = np.array([quantale.excess(unit, exact_entry(array, x, x)) for x in range(len(labels))], dtype=object)
    worst = int(lack.argmax()) if len(lack) else 0
    identity = (labels[worst], lack[worst]) if len(lack) and lack[worst] else None
    missing = int(np.count_nonzero(lack))
    finite = values[np.isfinite(values)]
    slack = 2 * rounding(quantale, float(finite.max(initial=1.0))) + (0.0 if array.scale.slope == 1 else 2.0**-50)
    if len(labels) > MOST_OBJECTS:
        return _sampled(len(labels), values, quantale, slack, missing, identity)
    twice = _composite(values, quantale)
    with np.errstate(invalid="ignore"):
        excess = np.nan_to_num(sign * (twice - values), nan=0.0, posinf=np.inf)
    defect, triple = _worst(array, values, excess, quantale, slack)
    if len(labels) <= _MOST_COUNTED:
        counts, tested = "triples", len(labels) ** 3
        violated = _count(values, quantale, slack)
    else:
        counts, tested, violated = "pairs", len(labels) ** 2, int((excess > slack).sum())
    named = None if triple is None else (labels[triple[0]], labels[triple[1]], labels[triple[2]])
    return Laws(len(labels), missing, identity, defect, named, violated, tested, counts)


def doubles(array: Array) -> NDArray[np.float64]:
    """What stored numbers mean, in float64; exact when they have no scale. Any shape."""
    values = array.values.astype(np.float64)
    if array.scale.slope == 1 and array.scale.offset == 0:
        return values
    return np.asarray(values * float(array.scale.slope) + float(array.scale.offset))


def exact_entry(array: Array, *where: int) -> Number:
    """What a stored number means, exactly."""
    stored = array.values[where].item()
    if isinstance(stored, float) and not np.isfinite(stored):
        return INFINITY
    return array.scale.slope * Fraction(stored) + array.scale.offset


def _legs(values: NDArray[np.float64], y: int, quantale: Quantale) -> NDArray[np.float64]:
    from formal.bulk.semiring import tensor

    return tensor(quantale, values[:, y, None], values[None, y])


def _composite(values: NDArray[np.float64], quantale: Quantale) -> NDArray[np.float64]:
    """``join over y``; small matrices without compiling anything."""
    if len(values) > _MOST_COUNTED:
        from formal.bulk.compose import composite

        return np.asarray(composite(values, values, quantale))
    join: Any = np.minimum if quantale is Quantale.LAWVERE else np.maximum
    found = np.full(values.shape, float(quantale.bottom))
    for y in range(len(values)):
        join(found, _legs(values, y, quantale), out=found)
    return found


def _count(values: NDArray[np.float64], quantale: Quantale, slack: float) -> int:
    sign = -1 if quantale is Quantale.LAWVERE else 1
    count = 0
    with np.errstate(invalid="ignore"):
        for y in range(len(values)):
            count += int((sign * (_legs(values, y, quantale) - values) > slack).sum())
    return count


def _worst(
    array: Array, values: NDArray[np.float64], excess: NDArray[np.float64], quantale: Quantale, slack: float
) -> tuple[Number, tuple[int, int, int] | None]:
    if not excess.size or excess.max() <= slack:
        return 0, None
    x, z = (int(i) for i in np.unravel_index(int(excess.argmax()), excess.shape))
    from formal.bulk.semiring import tensor

    legs = tensor(quantale, values[x], values[:, z])
    y = int(legs.argmin() if quantale is Quantale.LAWVERE else legs.argmax())
    whole = quantale.tensor(exact_entry(array, x, y), exact_entry(array, y, z))
    return quantale.excess(whole, exact_entry(array, x, z)), (x, y, z)


def _sampled(
    objects: int,
    values: NDArray[np.float64],
    quantale: Quantale,
    slack: float,
    missing: int,
    identity: tuple[str, Number] | None,
) -> Laws:
    from formal.bulk.sample import sampled_violations
    from formal.bulk.source import ArraySource

    found = sampled_violations(ArraySource(values), quantale, within=slack)
    return Laws(objects, missing, identity, 0, None, found.violations, found.trials, "sampled triples", found.upper)
