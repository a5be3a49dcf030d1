"""Arrays as a user has them, made float64 without a change of any number; labels; scripts that write a matrix out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle.entry import QUANTALES
from formal.enriched.formula import Given
from formal.enriched.table import Table, table_of_floats
from formal.quantale import INFINITY, Quantale
from formal.text import Code, Diagnostic, Rejection

Floats = NDArray[np.float64]
MOST_WRITTEN = 4096
"""Entries that a script lists; more belong in a bundle."""

KINDS = {
    Quantale.BOOLEAN: "bool",
    Quantale.PRODUCT: "product",
    Quantale.GODEL: "min",
    Quantale.LUKASIEWICZ: "lukasiewicz",
    Quantale.LAWVERE: "lawvere",
}
"""How a bundle's manifest calls a quantale."""


def rejected(message: str, *help_: str, code: Code = Code.WRONG_ARGUMENTS) -> Rejection:
    """The user's data is wrong."""
    return Rejection([Diagnostic(code, message, None, help=help_)])


def quantale_of(base: str | Quantale) -> Quantale:
    """A quantale by its word: ``product``, ``min`` or ``godel``, ``lukasiewicz``, ``lawvere``, ``bool``.

    Raises:
        Rejection: ``wrong-arguments``.
    """
    if isinstance(base, Quantale):
        return base
    if base not in QUANTALES:
        raise rejected(f"there is no base `{base}`", f"there are {', '.join(f'`{word}`' for word in QUANTALES)}")
    return QUANTALES[base]


def as_numbers(values: Any) -> Any:
    """What a PyTorch or JAX array holds, as a numpy array; everything else as it is."""
    for step in ("detach", "cpu", "numpy"):
        method = getattr(values, step, None)
        if callable(method) and not isinstance(values, np.ndarray):
            values = method()
    return values


def matrix_of(values: Any, quantale: Quantale, what: str) -> Floats:
    """A matrix of values of a quantale as float64; no number is changed.

    Args:
        values: shape (n, m): numpy, nested lists, tensors; floats of at most 64 bits, integers, truth values.
        what: how messages call it.
    Raises:
        Rejection: ``wrong-arguments`` with the place of the first entry that is none.
    """
    try:
        given = np.asarray(as_numbers(values))
        found = np.array(given, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise rejected(f"{what} is no array of numbers: {error}") from None
    if given.dtype.kind == "f" and given.dtype.itemsize > 8:
        raise rejected(f"{what} has entries of {given.dtype.itemsize * 8} bits, which float64 does not hold")
    if found.ndim != 2:
        raise rejected(f"{what} has the shape {found.shape}; a matrix has two axes")
    wrong = np.isnan(found)
    match quantale:
        case Quantale.LAWVERE:
            wrong |= ~(found >= 0)
            words = "no distance: distances are at least 0"
        case Quantale.BOOLEAN:
            wrong |= (found != 0) & (found != 1)
            words = "neither 0 nor 1"
        case _:
            wrong |= ~((found >= 0) & (found <= 1))
            words = "no degree: degrees are between 0 and 1"
    if wrong.any():
        row, column = np.argwhere(wrong)[0].tolist()
        count = int(wrong.sum())
        more = f"; so are {count - 1} more" if count > 1 else ""
        raise rejected(f"entry [{row}, {column}] of {what} is {found[row, column]}, {words}{more}")
    found.setflags(write=False)
    return found


def labels_of(labels: Iterable[Any] | None, count: int, what: str) -> tuple[str, ...]:
    """Labels as texts, all different; the numbers from 0 when left out.

    Raises:
        Rejection: ``wrong-arguments`` when there are not as many as rows; ``duplicate-name``.
    """
    if labels is None:
        return tuple(map(str, range(count)))
    found = tuple(str(label) for label in labels)
    if len(found) != count:
        raise rejected(f"there are {len(found)} labels for {count} {what}")
    seen: set[str] = set()
    for label in found:
        if label in seen:
            raise rejected(f"the label `{label[:40]}` occurs twice", code=Code.DUPLICATE_NAME)
        seen.add(label)
    return found


def table_of(values: Floats) -> Table:
    """The exact numbers that floats are, shape (n, m); infinite distances too."""
    infinite = np.isinf(values)
    if not infinite.any():
        return table_of_floats(values)
    table = table_of_floats(np.where(infinite, 0.0, values))
    lower = table.lower.copy()
    lower[infinite] = INFINITY
    return Table(lower, lower, table.denominator)


class Weights(Mapping[str, Given]):
    """Tasks by name, each as a weight: a matrix with one column, ready for ``formal.ask``."""

    def __init__(self, quantale: Quantale, labels: tuple[str, ...], values: Mapping[str, Floats]) -> None:
        self._quantale, self._labels, self.values_by_name = quantale, labels, dict(values)

    def __getitem__(self, name: str) -> Given:
        if name not in self.values_by_name:
            raise KeyError(name)
        column = self.values_by_name[name].reshape(-1, 1)
        return Given(name, self._quantale, self._labels, ("*",), table_of(column))

    def __iter__(self) -> Any:
        return iter(self.values_by_name)

    def __len__(self) -> int:
        return len(self.values_by_name)

    def __repr__(self) -> str:
        return f"<{len(self)} tasks: {', '.join(list(self)[:8])}>"


def weights_of(tasks: Mapping[str, Any] | None, quantale: Quantale, labels: tuple[str, ...]) -> Weights:
    """Tasks given as one number an object: truth values, or values of the quantale.

    In the quantale of Lawvere yes is the distance 0 and no is oo, when truth values are given.

    Raises:
        Rejection: ``wrong-arguments``.
    """
    found: dict[str, Floats] = {}
    for name, task in (tasks or {}).items():
        values = np.asarray(as_numbers(task))
        if values.shape != (len(labels),):
            raise rejected(f"the task `{name}` has the shape {values.shape}; there are {len(labels)} objects")
        if values.dtype == bool and quantale is Quantale.LAWVERE:
            values = np.where(values, 0.0, np.inf)
        found[name] = matrix_of(values.reshape(-1, 1), quantale, f"the task `{name}`").ravel()
    return Weights(quantale, labels, found)


def quoted(label: str) -> str:
    """A label as a script writes it."""
    return '"' + label.replace("\\", "\\\\").replace('"', '\\"') + '"'


def number_of(value: float) -> str:
    """A float as the rational number that it is: ``0.5`` or ``p/q``."""
    if value == float("inf"):
        return "infinity"
    if value == int(value):
        return str(int(value))
    numerator, denominator = value.as_integer_ratio()
    return f"{numerator}/{denominator}"


def written(values: Floats, rows: Sequence[str], columns: Sequence[str]) -> str:
    """All entries of a matrix as a script lists them."""
    return ",\n".join(
        f"  {quoted(rows[i])} -> {quoted(columns[j])} = {number_of(float(values[i, j]))}"
        for i in range(len(rows))
        for j in range(len(columns))
    )
