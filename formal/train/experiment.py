"""An experiment: configurations by scale, and a run that turns one of them and a seed into contents of bundles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from formal.bundle.write import Content
from formal.train.catalogue import claims_of
from formal.train.trainer import Run

Configuration = TypeVar("Configuration")


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What becomes a bundle, but for what the exporter knows itself: seed, losses, versions, claims, scores.

    Args:
        name: of the bundle, without its seed.
        kind, reads, monoid: the base of enrichment.
        axes: for each axis its labels; ``axis_names`` what these are.
        arrays: by name.
        family: of the model, in words.
        kernel: its id and parameters, all fixed before the data.
        data: what the model was trained on, in words.
        found: what was measured, in the order of a table: a few words, and a number or text.
    """

    name: str
    kind: str
    reads: str
    axes: Mapping[str, Sequence[str]]
    arrays: Mapping[str, Content]
    family: str
    kernel: Mapping[str, Any]
    data: Mapping[str, Any]
    monoid: str = ""
    axis_names: Mapping[str, str] = field(default_factory=dict)
    found: tuple[tuple[str, float | str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Experiment(Generic[Configuration]):
    """A training with its exports.

    Args:
        name: as the command calls it.
        title: what is trained, in a few words.
        paper: the statements that it bears on.
        scales: the configuration for ``cpu`` and for ``gpu``: frozen dataclasses of numbers and texts.
        run: trains at one scale from one seed.
    """

    name: str
    title: str
    paper: str
    scales: Mapping[str, Configuration]
    run: Callable[[Configuration, Run], tuple[Contents, ...]]

    @property
    def claims(self) -> str:
        """The script that judges the bundles, from the root of the project."""
        return claims_of(self.name)
