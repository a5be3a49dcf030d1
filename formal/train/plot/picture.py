"""A picture: of which bundles it is, which numbers of theirs are drawn, and how.

Numbers and drawing are apart: the numbers need no matplotlib, are tested without it, and their digest tells whether a
picture that was drawn elsewhere is still of these bundles.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle import Bundle, read_bundle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Models = Mapping[str, tuple[Bundle, ...]]
"""The bundles of all seeds, 0, 1, ..., by their names without the seed."""

Numbers = Mapping[str, NDArray[Any]]
"""What is drawn, by name: finite numbers, truth values and texts."""

PLOT, HEAT_MAP = "plot.svg", "heatmap.svg"
_DECIMALS = 9
"""Of numbers in a digest: far more than is seen, and fewer than differ between machines."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a folder of ``proofs/models``.

    Args:
        folder: its name there.
        file: the name of the picture in it, ``plot.svg`` or ``heatmap.svg`` as a rule.
        title: what it shows, for readers that do not see.
        bundles: the names of the bundles that it is of, without their seeds.
        numbers: what is drawn of them; without matplotlib.
        draw: the figure, from these numbers alone.
    """

    folder: str
    file: str
    title: str
    bundles: tuple[str, ...]
    numbers: Callable[[Models], Numbers]
    draw: Callable[[Numbers], Figure]

    def path(self, root: Path) -> Path:
        """Where it is when ``root`` is ``proofs/models``."""
        return root / self.folder / self.file

    def is_drawable(self, root: Path) -> bool:
        """Whether there is a bundle of each name."""
        return all(any(_files(root / self.folder, name)) for name in self.bundles)

    def models(self, root: Path) -> Models:
        """The bundles, in the order of their names.

        Raises:
            Rejection: a bundle is damaged.
        """
        return {name: tuple(map(read_bundle, _files(root / self.folder, name))) for name in self.bundles}


def _files(folder: Path, name: str) -> Iterator[Path]:
    """The bundle of each seed; of a bundle without seeds the one."""
    alone = folder / f"{name}.safetensors"
    if alone.is_file():
        return iter((alone,))
    return takewhile(Path.is_file, (folder / f"{name}-seed{seed}.safetensors" for seed in count()))


def stamp(models: Models, numbers: Numbers) -> str:
    """What a picture says of its origin: a digest of the numbers drawn, and those of the bundles that they are of."""
    sources = [f"{bundle.name} sha256:{bundle.digest}" for bundles in models.values() for bundle in bundles]
    return "; ".join([f"numbers sha256:{digest(numbers)}", *sources])


def digest(numbers: Numbers) -> str:
    """sha256 of numbers to nine decimals, in the order of their names.

    Raises:
        ValueError: one is not finite, or too large for nine decimals.

    >>> digest({"a": np.array([0.1 + 0.2])}) == digest({"a": np.array([0.3])})
    True
    """
    total = hashlib.sha256()
    for name in sorted(numbers):
        kind, data = _canonical(name, numbers[name])
        total.update(json.dumps([name, kind, list(numbers[name].shape), len(data)]).encode() + b"\n" + data)
    return total.hexdigest()


def _canonical(name: str, values: NDArray[Any]) -> tuple[str, bytes]:
    """The same bytes on every machine."""
    match values.dtype.kind:
        case "U":
            return "text", json.dumps(values.ravel().tolist()).encode()
        case "b" | "i" | "u":
            return "whole", values.astype("<i8").tobytes()
        case "f":
            scaled = values.astype(np.float64) * 10**_DECIMALS
            if not (np.abs(scaled) < 2.0**62).all():
                raise ValueError(f"`{name}` has a number that is not finite, or too large")
            return "decimal", np.rint(scaled).astype("<i8").tobytes()
        case _:
            raise ValueError(f"`{name}` has entries of type {values.dtype}")
