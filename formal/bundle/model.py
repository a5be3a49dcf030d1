"""A relation bundle as data: labelled axes, arrays over them, and the exact numbers that stored integers stand for."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NUMBER = r"\d{1,18}(?:\.\d{1,18})?"
_TOKEN = re.compile(rf"\s*(?:(?P<number>{_NUMBER})|(?P<variable>q)|(?P<operator>[-+*/]))\s*")
_RATIONAL = re.compile(rf"[-+]?{_NUMBER}(?:/\d{{1,18}})?")


@dataclass(frozen=True, slots=True)
class BundleLimits:
    """What a bundle may take, checked on the header before any array is touched.

    Args:
        file_bytes: of the whole file.
        header_bytes: of its header.
        tensors: how many arrays.
    """

    file_bytes: int = 64 * 2**20
    header_bytes: int = 2**20
    tensors: int = 64


def exact(text: str) -> Fraction:
    """A rational number written as ``0.96`` or ``24/25``.

    Raises:
        ValueError: the text is none, or has more than 18 digits in a row.

    >>> exact("0.96")
    Fraction(24, 25)
    """
    if not _RATIONAL.fullmatch(text):
        raise ValueError(f"`{text[:40]}` is no rational number")
    try:
        return Fraction(text) if "/" not in text else Fraction(text.split("/")[0]) / int(text.split("/")[1])
    except ZeroDivisionError as error:
        raise ValueError(f"`{text[:40]}` divides by zero") from error


@dataclass(frozen=True, slots=True)
class Scale:
    """The exact affine map ``slope * q + offset`` from stored values to what they mean."""

    slope: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    @classmethod
    def parse(cls, text: str) -> Scale:
        """Read sums of products and quotients of numbers and at most one ``q`` each; nothing is evaluated as code.

        Raises:
            ValueError: the text is no affine expression in q.

        >>> Scale.parse("2*q/65535 - 1")
        Scale(slope=Fraction(2, 65535), offset=Fraction(-1, 1))
        """
        if len(text) > 200:
            raise ValueError("the scale is too long")
        coefficients = [Fraction(0), Fraction(0)]
        term, degree, operator, expects_value = Fraction(1), 0, "+", True
        position = 0
        while position < len(text):
            token = _TOKEN.match(text, position)
            if token is None:
                raise ValueError(f"`{text}` is no sum of products of numbers and `q`")
            position = token.end()
            sign = token["operator"]
            if sign is None:
                if not expects_value:
                    raise ValueError(f"`{text}` lacks an operator")
                if token["variable"]:
                    degree += 1
                    if operator == "/" or degree > 1:
                        raise ValueError(f"`{text}` is not affine in `q`")
                else:
                    number = Fraction(token["number"])
                    if operator == "/" and not number:
                        raise ValueError(f"`{text}` divides by zero")
                    term = term / number if operator == "/" else term * number
                expects_value = False
            elif expects_value:
                if sign not in "+-" or operator in "*/":
                    raise ValueError(f"`{text}` lacks a value")
                term = -term if sign == "-" else term
            else:
                operator, expects_value = sign, True
                if sign in "+-":
                    coefficients[degree] += term
                    term, degree = Fraction(-1 if sign == "-" else 1), 0
        if expects_value:
            raise ValueError(f"`{text}` lacks a value")
        coefficients[degree] += term
        return cls(coefficients[1], coefficients[0])

    def at_least(self, values: NDArray[Any], threshold: Fraction) -> NDArray[np.bool_]:
        """Where the meaning of stored values reaches a threshold; exact, for integers as for floats.

        Args:
            values: any shape.
        """
        if not self.slope:
            return np.full(values.shape, self.offset >= threshold)
        bound = (threshold - self.offset) / self.slope
        if values.dtype.kind == "f":
            nearest = float(bound)
            if self.slope > 0:
                return np.asarray(values.astype(np.float64) >= _beyond(nearest, bound, math.inf))
            return np.asarray(values.astype(np.float64) <= _beyond(nearest, bound, -math.inf))
        # Comparing in int64 is exact: a bound outside it is put at its edge, and stored values have at most 32 bits.
        edge = 2**62
        if self.slope > 0:
            return np.asarray(values.astype(np.int64) >= max(-edge, min(edge, math.ceil(bound))))
        return np.asarray(values.astype(np.int64) <= max(-edge, min(edge, math.floor(bound))))

    def at_most(self, values: NDArray[Any], threshold: Fraction) -> NDArray[np.bool_]:
        """Where the meaning of stored values does not exceed a threshold; exact. Any shape."""
        return Scale(-self.slope, -self.offset).at_least(values, -threshold)


def _beyond(nearest: float, bound: Fraction, direction: float) -> float:
    """The float closest to a bound that is not before it."""
    before = Fraction(nearest) < bound if direction > 0 else Fraction(nearest) > bound
    return math.nextafter(nearest, direction) if before else nearest


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """An array of a bundle.

    Args:
        axes: the names of its axes, one a dimension.
        role: ``relation``, ``task``, ``label``, ``ideal``, ``prediction``, ``embedding``, ``split`` …
        values: as stored.
        scale: what stored values mean.
        names: what the stored numbers 0, 1, ... are called, say ``train`` and ``test``; empty when they are not.
    """

    name: str
    axes: tuple[str, ...]
    role: str
    values: NDArray[Any]
    scale: Scale
    names: tuple[str, ...] = ()

    def called(self, code: int) -> str:
        """The name of a stored number; its digits when it has none."""
        return self.names[code] if 0 <= code < len(self.names) else str(code)


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """What a trained model says about its inputs; digests verified.

    Args:
        name: from the manifest.
        file: how reports call the file.
        kind: of the base of enrichment, such as ``graded-monoid``; ``monoid`` such as ``Z/4``; ``reads`` says what
            an entry of the relation means.
        axes: for each axis its labels, all different.
        arrays: by name.
        threshold: fixed before the data was seen; None when the manifest has none.
        digest: sha256 of the canonical manifest without its digest.
        manifest: all that the file says of itself; its ``measurements`` agree with the raw predictions.
    """

    name: str
    file: str
    kind: str
    monoid: str
    reads: str
    axes: Mapping[str, tuple[str, ...]]
    arrays: Mapping[str, Array]
    threshold: Fraction | None
    digest: str
    manifest: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def measurements(self) -> Mapping[str, Any]:
        """Scores and other measured values, as the manifest states them; ``formal.bundle.score`` recomputes scores."""
        return self._section("measurements")

    @property
    def provenance(self) -> Mapping[str, Any]:
        """Which code, command, device and versions made the bundle."""
        return self._section("provenance")

    @property
    def training(self) -> Mapping[str, Any]:
        """The model: its family, its configuration, how it was trained."""
        return self._section("model")

    @property
    def claims(self) -> tuple[str, ...]:
        """What was claimed before the run: names of claims, or of the scripts that hold them."""
        stated = self.manifest.get("claims", ())
        return tuple(map(str, stated)) if isinstance(stated, Mapping | list | tuple) else (str(stated),)

    @property
    def seeds(self) -> tuple[int, ...]:
        """All seeds that the manifest lists, failing ones too: of itself, of the provenance, of the training."""
        train = self.training.get("train")
        places = [self.manifest, self.provenance, self.training, train if isinstance(train, Mapping) else {}]
        stated = [place[key] for place in places for key in ("seeds", "seed") if key in place]
        listed = [seed for entry in stated for seed in (entry if isinstance(entry, list | tuple) else [entry])]
        return tuple(dict.fromkeys(seed for seed in listed if type(seed) is int))

    @property
    def status(self) -> str:
        """What became of the cross-check: ``discrepancy`` when it failed; empty when the manifest does not say."""
        return str(self.manifest.get("status", ""))[:200]

    def _section(self, key: str) -> Mapping[str, Any]:
        section = self.manifest.get(key)
        return section if isinstance(section, Mapping) else MappingProxyType({})
